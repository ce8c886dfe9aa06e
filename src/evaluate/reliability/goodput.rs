//! Goodput of a checkpointed job: equations (1) to (3) of the parent module.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Mean GPU-hours between failures that interrupt a job, hours: 419 interruptions in 54 days on
/// 16,384 H100 (Llama 3 herd of models, arXiv 2407.21783, §3.3.4) is one in 50,700 GPU-hours.
/// Valid for a settled Hopper fleet; published fleets span [`GPU_MTBF_RANGE_H`].
pub const GPU_MTBF_H: f64 = 50_000.0;
/// Range of published mean GPU-hours between interruptions, hours (method survey of public fleet
/// reports; young or liquid-cooled rack-scale fleets lie at the low end).
pub const GPU_MTBF_RANGE_H: (f64, f64) = (20_000.0, 80_000.0);
/// Bytes of a checkpoint per parameter: FP32 master weights and two Adam moments (12), as
/// Megatron-style mixed-precision training saves them; 14 to 16 with a BF16 copy and gradients.
pub const CHECKPOINT_BYTES_PER_PARAM: f64 = 12.0;
/// Time from a failure until the job computes again, s, without reading the checkpoint: detection,
/// rescheduling and start-up. Assumption; reported values run from 3 to 30 minutes.
pub const RESTART_OVERHEAD_S: f64 = 600.0;

/// Why a goodput could not be computed.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error("{field} is {value}, must be finite and {needs}")]
pub struct ReliabilityError {
    /// Field of the case.
    pub field: &'static str,
    /// Value found.
    pub value: f64,
    /// What it must be.
    pub needs: &'static str,
}

/// A job that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GoodputCase {
    /// Accelerators of the job; any failing stops it.
    pub gpus: f64,
    /// Mean GPU-hours between failures, hours.
    pub gpu_mtbf_h: f64,
    /// Time during which a checkpoint stops the job (δ), s. Asynchronous checkpointing leaves
    /// only its blocking residue here.
    pub checkpoint_s: f64,
    /// Time from a failure until the job computes again (R), s.
    pub restart_s: f64,
    /// Computing time between checkpoints (τ), s; `None` takes the optimum.
    pub interval_s: Option<f64>,
}

/// How the time of a job that can fail divides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goodput {
    /// Useful share of the time (η), 0 to 1.
    pub goodput: f64,
    /// Mean time between failures of the job (M), s.
    pub mtbf_s: f64,
    /// Computing time between checkpoints that was used (τ), s.
    pub interval_s: f64,
    /// Young's first-order optimum interval, s.
    pub young_s: f64,
    /// Daly's higher-order optimum interval, s.
    pub daly_s: f64,
    /// Share of the time spent writing checkpoints in failure-free running, 0 to 1.
    pub checkpoint_share: f64,
    /// Share lost to restarts and repeated work, 0 to 1.
    pub failure_share: f64,
}

/// Checkpoint time, s, from its size and the bandwidth that storage gives the job; infinite when
/// there is no bandwidth.
#[must_use]
pub fn checkpoint_time_s(bytes: f64, write_byte_s: f64) -> f64 {
    if bytes <= 0.0 { 0.0 } else { bytes / write_byte_s.max(0.0) }
}

/// Young's optimum interval, equation (3), s.
#[must_use]
pub fn young_interval_s(checkpoint_s: f64, mtbf_s: f64) -> f64 {
    (2.0 * checkpoint_s * mtbf_s).sqrt()
}

/// Daly's higher-order optimum interval, equation (3), s.
#[must_use]
pub fn daly_interval_s(checkpoint_s: f64, mtbf_s: f64) -> f64 {
    let ratio = checkpoint_s / (2.0 * mtbf_s);
    if ratio >= 1.0 {
        return mtbf_s;
    }
    let series = 1.0 + ratio.sqrt() / 3.0 + ratio / 9.0;
    young_interval_s(checkpoint_s, mtbf_s) * series - checkpoint_s
}

/// The interval to use, s: Young's while checkpoints are short against failures, Daly's above
/// δ = M/10, where the two part by more than the flatness of the optimum forgives.
#[must_use]
pub fn optimum_interval_s(checkpoint_s: f64, mtbf_s: f64) -> f64 {
    const YOUNG_BELOW: f64 = 0.1;
    if checkpoint_s > YOUNG_BELOW * mtbf_s {
        daly_interval_s(checkpoint_s, mtbf_s)
    } else {
        young_interval_s(checkpoint_s, mtbf_s)
    }
}

/// Exact goodput of memoryless failures, equation (2).
#[must_use]
pub fn daly_goodput(interval_s: f64, checkpoint_s: f64, restart_s: f64, mtbf_s: f64) -> f64 {
    let cycle = ((interval_s + checkpoint_s) / mtbf_s).exp_m1();
    interval_s / (mtbf_s * (restart_s / mtbf_s).exp() * cycle)
}

/// Evaluates a job.
///
/// # Errors
/// Names the first field that is not a usable number.
pub fn evaluate(case: &GoodputCase) -> Result<Goodput, ReliabilityError> {
    needs(case.gpus >= 1.0, "gpus", case.gpus, "at least 1")?;
    needs(case.gpu_mtbf_h > 0.0, "gpu_mtbf_h", case.gpu_mtbf_h, "above 0")?;
    let mtbf_s = case.gpu_mtbf_h * crate::units::SECONDS_PER_HOUR / case.gpus;
    evaluate_mtbf(mtbf_s, case.checkpoint_s, case.restart_s, case.interval_s)
}

/// Evaluates a job that fails every `mtbf_s`; see [`GoodputCase`] for the rest.
///
/// # Errors
/// Names the first argument that is not a usable number.
pub fn evaluate_mtbf(
    mtbf_s: f64,
    checkpoint_s: f64,
    restart_s: f64,
    interval_s: Option<f64>,
) -> Result<Goodput, ReliabilityError> {
    needs(mtbf_s > 0.0, "mtbf_s", mtbf_s, "above 0")?;
    needs(checkpoint_s >= 0.0, "checkpoint_s", checkpoint_s, "0 or more")?;
    needs(restart_s >= 0.0, "restart_s", restart_s, "0 or more")?;
    let best = optimum_interval_s(checkpoint_s, mtbf_s).max(mtbf_s * SHORTEST_OVER_MTBF);
    let interval_s = interval_s.unwrap_or(best);
    needs(interval_s > 0.0, "interval_s", interval_s, "above 0")?;
    let goodput = daly_goodput(interval_s, checkpoint_s, restart_s, mtbf_s);
    let checkpoint_share = checkpoint_s / (interval_s + checkpoint_s);
    Ok(Goodput {
        goodput,
        mtbf_s,
        interval_s,
        young_s: young_interval_s(checkpoint_s, mtbf_s),
        daly_s: daly_interval_s(checkpoint_s, mtbf_s),
        checkpoint_share,
        failure_share: (1.0 - goodput - checkpoint_share).max(0.0),
    })
}

/// Free checkpoints would be taken without pause; an interval of this share of M loses nothing
/// that shows (half of it is repeated per failure) and keeps equation (2) away from 0/0.
const SHORTEST_OVER_MTBF: f64 = 1e-6;

fn needs(
    ok: bool,
    field: &'static str,
    value: f64,
    needs: &'static str,
) -> Result<(), ReliabilityError> {
    if ok && value.is_finite() { Ok(()) } else { Err(ReliabilityError { field, value, needs }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VECTORS: &str = include_str!("../../../tests/cases/reliability/goodput.json");

    fn job() -> GoodputCase {
        GoodputCase {
            gpus: 16_384.0,
            gpu_mtbf_h: GPU_MTBF_H,
            checkpoint_s: 30.0,
            restart_s: 600.0,
            interval_s: None,
        }
    }

    #[test]
    fn closed_form_and_intervals_agree_with_the_vectors() {
        let file: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
        let rows = file["goodput"].as_array().unwrap();
        assert_eq!(rows.len(), 22);
        for row in rows {
            let get = |key: &str| row[key].as_f64().unwrap();
            let case = GoodputCase {
                gpus: get("gpus"),
                gpu_mtbf_h: get("gpu_mtbf_h"),
                checkpoint_s: get("checkpoint_h") * 3600.0,
                restart_s: get("restart_h") * 3600.0,
                interval_s: Some(get("tau_used_h") * 3600.0),
            };
            let g = evaluate(&case).unwrap();
            assert!((g.goodput - get("goodput_daly_exact")).abs() < 1e-9);
            assert!((g.goodput - get("goodput_mc")).abs() < 0.004, "Monte-Carlo scatter");
            assert!((g.young_s / 3600.0 - get("tau_young_h")).abs() < 1e-9);
            assert!((g.daly_s / 3600.0 - get("tau_daly_h")).abs() < 1e-9);
        }
    }

    #[test]
    fn the_optimum_beats_its_neighbours() {
        let best = evaluate(&job()).unwrap();
        for factor in [0.5, 2.0] {
            let other = GoodputCase { interval_s: Some(best.interval_s * factor), ..job() };
            assert!(evaluate(&other).unwrap().goodput < best.goodput);
        }
    }

    #[test]
    fn shares_of_the_time_add_to_one() {
        let g = evaluate(&job()).unwrap();
        assert!((g.goodput + g.checkpoint_share + g.failure_share - 1.0).abs() < 1e-9);
    }

    #[test]
    fn without_failures_or_pauses_all_time_is_useful() {
        let ideal = GoodputCase { checkpoint_s: 0.0, restart_s: 0.0, ..job() };
        assert!(evaluate(&ideal).unwrap().goodput > 1.0 - 1e-6);
    }

    #[test]
    fn larger_jobs_lose_more_and_slow_storage_too() {
        let small = evaluate(&GoodputCase { gpus: 1024.0, ..job() }).unwrap();
        let slow = evaluate(&GoodputCase { checkpoint_s: 300.0, ..job() }).unwrap();
        let base = evaluate(&job()).unwrap();
        assert!(small.goodput > base.goodput && base.goodput > slow.goodput);
        assert_eq!(checkpoint_time_s(1e12, 1e11), 10.0);
        assert!(checkpoint_time_s(1.0, 0.0).is_infinite());
    }

    #[test]
    fn unusable_numbers_are_named() {
        let bad = GoodputCase { checkpoint_s: f64::NAN, ..job() };
        assert_eq!(evaluate(&bad).unwrap_err().field, "checkpoint_s");
        let bad = GoodputCase { gpus: 0.0, ..job() };
        assert_eq!(evaluate(&bad).unwrap_err().field, "gpus");
    }
}
