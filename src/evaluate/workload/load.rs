//! Requests over a day: open arrivals with a diurnal shape on the chosen layout.
//!
//! Unknown: requests in flight B per replica at every hour. With arrivals λ per replica
//!
//! - (1) λ(h) = λ̄ (1 + (p − 1) cos(2π (h − h_peak) / 24)), p peak over mean
//! - (2) Little: B = λ (TTFT(B) + S_out TPOT(B)), solved by halving; no B where λ exceeds what the
//!   replica can take
//! - (3) replicas needed: the fewest for which the peak hour keeps the service level, its time to
//!   first token at the 99th percentile
//!
//! Validity: hours are steady states; requests spread evenly over replicas.

use super::serving::LayoutModel;
use super::serving_types::{ServingCase, ServingPoint, ServingResult, Sla};
use serde::{Deserialize, Serialize};

/// Peak over mean of a served day: 278 of 226.75 nodes at DeepSeek (open-infra-index, 2025-03).
pub const PEAK_OVER_MEAN: f64 = 1.23;
/// Hour of the peak (assumption: afternoon of the users' time zone).
const PEAK_HOUR: f64 = 15.0;
/// Hours of a day.
const HOURS: u8 = 24;
/// Halvings of (2).
const HALVINGS: usize = 40;

/// One hour of the day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hour {
    /// Requests per second over all replicas.
    pub requests_s: f64,
    /// Requests over what the replicas take within the service level.
    pub utilisation: f64,
    /// Requests in flight per replica; `None` where more come than can be taken.
    pub in_flight: Option<f64>,
    /// Median time to first token, s.
    pub ttft_s: Option<f64>,
    /// Time to first token that 99 % of requests keep, s.
    pub ttft_p99_s: Option<f64>,
    /// Time per output token, s.
    pub tpot_s: Option<f64>,
}

/// A day of load on a deployment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayOfLoad {
    /// Hours from midnight.
    pub hours: Vec<Hour>,
    /// Replicas that keep the service level at the peak; `None` where one replica alone misses it
    /// with a single request.
    pub replicas_needed: Option<u32>,
}

/// The day of `result` when `mean_share` of its capacity is asked for on average.
#[must_use]
pub fn day(
    case: &ServingCase,
    result: &ServingResult,
    mean_share: f64,
    peak_over_mean: f64,
) -> DayOfLoad {
    let model = LayoutModel::new(case, result.point.layout);
    let replicas = f64::from(result.replicas.max(1));
    let most = result.point.replica_tok_s / case.output_tokens;
    let hours: Vec<Hour> = (0..HOURS)
        .map(|hour| {
            let angle = std::f64::consts::TAU * (f64::from(hour) - PEAK_HOUR) / f64::from(HOURS);
            let rate = most * mean_share * (1.0 + (peak_over_mean - 1.0) * angle.cos());
            let point = in_steady_state(case, &model, rate);
            Hour {
                requests_s: rate * replicas,
                utilisation: rate / most,
                in_flight: point.map(|p| p.batch),
                ttft_s: point.map(|p| p.ttft_s),
                ttft_p99_s: point.map(|p| p.ttft_p99_s),
                tpot_s: point.map(|p| p.tpot_s),
            }
        })
        .collect();
    let peak = hours.iter().map(|h| h.requests_s).fold(0.0, f64::max);
    DayOfLoad { replicas_needed: needed(case, &model, peak), hours }
}

/// Equation (2) at `rate` requests per second on one replica.
fn in_steady_state(case: &ServingCase, model: &LayoutModel, rate: f64) -> Option<ServingPoint> {
    let residence =
        |p: &ServingPoint| p.batch / (p.replica_tok_s / case.output_tokens).max(f64::MIN_POSITIVE);
    let spare = |p: &ServingPoint| p.batch - rate * residence(p);
    let most = model.memory().sequences.max(1.0);
    if spare(&model.at(most)) < 0.0 {
        return None;
    }
    let (mut low, mut high) = (0.0, most);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if spare(&model.at(middle)) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(model.at(high))
}

/// Equation (3) for `peak` requests per second in all.
fn needed(case: &ServingCase, model: &LayoutModel, peak: f64) -> Option<u32> {
    let keeps =
        |rate: f64| in_steady_state(case, model, rate).is_some_and(|p| within(case.sla, &p));
    let one = model.at(1.0);
    if !within(case.sla, &one) {
        return None;
    }
    let (mut low, mut high) =
        (0.0, model.at(model.memory().sequences.max(1.0)).replica_tok_s / case.output_tokens);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if keeps(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low > 0.0).then(|| (peak / low).ceil().clamp(1.0, f64::from(u32::MAX)) as u32)
}

fn within(sla: Sla, point: &ServingPoint) -> bool {
    sla.ttft_s.is_none_or(|limit| point.ttft_p99_s <= limit)
        && sla.tpot_s.is_none_or(|limit| point.tpot_s <= limit)
}

#[cfg(test)]
mod tests {
    use super::super::device::Precision;
    use super::super::reference::{h100, llama_70b};
    use super::super::search::solve_serving;
    use super::super::serving_types::{ServingMode, ServingPrecision, Software};
    use super::*;

    fn case() -> ServingCase {
        ServingCase {
            device: h100(),
            model: llama_70b(),
            precision: ServingPrecision::usual(Precision::Fp8),
            gpus: 64,
            input_tokens: 1024.0,
            output_tokens: 512.0,
            cached_prompt_fraction: 0.0,
            sla: Sla { ttft_s: Some(2.0), tpot_s: Some(0.05) },
            layout: None,
            batch: None,
            fabric_factor: 1.0,
            software: Software::default(),
            equal_lengths: false,
            mode: ServingMode::Aggregated,
        }
    }

    #[test]
    fn a_lighter_day_answers_sooner_and_needs_fewer_replicas() {
        let case = case();
        let result = solve_serving(&case).unwrap();
        let light = day(&case, &result, 0.3, PEAK_OVER_MEAN);
        let heavy = day(&case, &result, 0.7, PEAK_OVER_MEAN);
        for (l, h) in light.hours.iter().zip(&heavy.hours) {
            assert!(l.ttft_p99_s.unwrap() <= h.ttft_p99_s.unwrap());
            assert!(l.tpot_s.unwrap() <= h.tpot_s.unwrap());
        }
        assert!(light.replicas_needed.unwrap() < heavy.replicas_needed.unwrap());
    }

    #[test]
    fn the_mean_of_the_day_is_what_was_asked_and_the_peak_is_in_the_afternoon() {
        let case = case();
        let result = solve_serving(&case).unwrap();
        let d = day(&case, &result, 0.5, 1.4);
        let mean = d.hours.iter().map(|h| h.utilisation).sum::<f64>() / 24.0;
        assert!((mean - 0.5).abs() < 1e-12);
        assert!((d.hours[15].utilisation - 0.7).abs() < 1e-12);
    }

    #[test]
    fn little_holds_at_every_hour_and_too_much_is_not_taken() {
        let case = case();
        let result = solve_serving(&case).unwrap();
        let d = day(&case, &result, 0.5, PEAK_OVER_MEAN);
        for h in &d.hours {
            let stay = h.ttft_s.unwrap() + case.output_tokens * h.tpot_s.unwrap();
            let rate = h.requests_s / f64::from(result.replicas);
            assert!((h.in_flight.unwrap() / (rate * stay) - 1.0).abs() < 1e-6);
        }
        assert!(day(&case, &result, 50.0, 1.0).hours[0].in_flight.is_none());
    }
}
