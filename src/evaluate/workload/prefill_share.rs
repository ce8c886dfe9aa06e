//! Share of GPU time that prompts take, by which cost is divided between input and output.
//!
//! A replica of p stages with b requests in flight per attention group prefills b prompts in the
//! time in which its requests write S_out tokens each, 1 + a of them a step. Per mean step:
//!
//! - (1) φ = k t_pre / (t_dec + k t_pre), k = b (1 + a) / (S_out p)
//!
//! Where prompts have workers of their own, φ is their share of the accelerators, busy or not.
//!
//! Validity: work, not waiting: overlap of prefills with decode steps shortens both alike.

use super::serving_types::{Disaggregated, Pool, ServingCase, ServingPoint};
use crate::numerics::band::Band;

/// Time of a prefill may be so much off either way: the stated validity of the time to first token.
const PREFILL_ERROR: f64 = 0.3;
/// Shares nearer to none and all than this are not told apart from them.
const EDGE: f64 = 1e-3;

/// Equation (1) at the chosen point, 0 to 1.
#[must_use]
pub fn prefill_share(case: &ServingCase, point: &ServingPoint) -> f64 {
    if let Some(pools) = point.pools {
        let prefill = Disaggregated { decode: Pool { workers: Some(0), ..pools.decode }, ..pools };
        return f64::from(prefill.gpus()) / f64::from(pools.gpus().max(1));
    }
    let held = point.batch.min(point.batch_fits.max(1.0));
    let group = (held / f64::from(point.layout.data)).max(1.0);
    let per_step = 1.0 + case.software.speculation.map_or(0.0, |s| s.accepted);
    let stages = f64::from(point.layout.pipeline);
    let prompts = group * per_step / (case.output_tokens * stages);
    let prefill = point.prefill_split.total() * prompts;
    let all = point.decode_split.total() + prefill;
    if all > 0.0 { prefill / all } else { 0.0 }
}

/// The share with the error of the time of a prefill.
#[must_use]
pub fn with_error(share: f64) -> Band {
    let at = |times: f64| (share * times / (1.0 - share + share * times)).clamp(EDGE, 1.0 - EDGE);
    Band::new(at(1.0 - PREFILL_ERROR), at(1.0), at(1.0 + PREFILL_ERROR))
}

#[cfg(test)]
mod tests {
    use super::super::device::Precision;
    use super::super::reference::{h100, llama_70b};
    use super::super::search::solve_serving;
    use super::super::serving_types::{ServingMode, ServingPrecision, Sla, Software};
    use super::*;

    fn case(input_tokens: f64, cached: f64) -> ServingCase {
        ServingCase {
            device: h100(),
            model: llama_70b(),
            precision: ServingPrecision::usual(Precision::Fp8),
            gpus: 8,
            input_tokens,
            output_tokens: 512.0,
            cached_prompt_fraction: cached,
            sla: Sla::default(),
            layout: None,
            batch: Some(32.0),
            fabric_factor: 1.0,
            software: Software::default(),
            equal_lengths: false,
            mode: ServingMode::Aggregated,
        }
    }

    fn share(input_tokens: f64, cached: f64) -> f64 {
        let case = case(input_tokens, cached);
        prefill_share(&case, &solve_serving(&case).unwrap().point)
    }

    #[test]
    fn longer_prompts_take_more_and_cached_ones_less() {
        let [short, long, cached] = [share(256.0, 0.0), share(4096.0, 0.0), share(4096.0, 0.8)];
        assert!(short > 0.0 && short < cached && cached < long && long < 1.0);
    }

    #[test]
    fn it_is_the_share_of_the_mean_step() {
        // The split of the mean step is decode and prefill together: its compute part is what both
        // bring in.
        let case = case(2048.0, 0.0);
        let point = solve_serving(&case).unwrap().point;
        let share = prefill_share(&case, &point);
        let of = |s: &super::super::split::TimeSplit| s.shares().compute;
        let mixed = share * of(&point.prefill_split) + (1.0 - share) * of(&point.decode_split);
        assert!((mixed - of(&point.split)).abs() < 1e-9, "{mixed} {}", of(&point.split));
    }

    #[test]
    fn workers_of_their_own_are_counted() {
        let apart = ServingCase {
            mode: ServingMode::Disaggregated,
            batch: None,
            sla: Sla { ttft_s: Some(3.0), tpot_s: Some(0.04) },
            ..case(4096.0, 0.0)
        };
        let point = solve_serving(&apart).unwrap().point;
        let pools = point.pools.unwrap();
        let side = |p: Pool| f64::from(p.layout.gpus() * p.workers.unwrap());
        let share = prefill_share(&apart, &point);
        let expected = side(pools.prefill) / (side(pools.prefill) + side(pools.decode));
        assert!((share - expected).abs() < 1e-12 && share > 0.0 && share < 1.0, "{share}");
    }

    #[test]
    fn the_band_holds_the_share_and_stays_inside() {
        for share in [0.0, 0.2, 0.9, 1.0] {
            let band = with_error(share);
            assert!(band.low <= band.base && band.base <= band.high);
            assert!(band.low > 0.0 && band.high < 1.0);
        }
        assert!((with_error(0.5).high - 1.3 / 2.3).abs() < 1e-12);
    }
}
