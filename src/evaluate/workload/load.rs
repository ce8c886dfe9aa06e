//! Requests over a day: open arrivals with a diurnal shape on the chosen layout.
//!
//! Unknown: requests in flight B per replica at every hour. With arrivals λ per replica, capacity X*
//! of a replica at the chosen point, which keeps the service level, and s(h) the shape of the day:
//!
//! - (1) λ(h) = u X* s(h), u the mean share of the capacity that is asked for
//! - (2) Little: B = λ (TTFT(B) + S_out TPOT(B)), which is X(B) / S_out = λ; no B where λ exceeds
//!   what the replica can take in at all
//! - (3) replicas needed: the fewest for which the peak hour keeps the service level, its time to
//!   first token at the 99th percentile
//! - (4) sold: the mean of min(u s(h), 1): what an hour asks for beyond the capacity is turned away
//!
//! Validity: hours are steady states; requests spread evenly over replicas; nobody comes back later
//! who was turned away. Times are those with every request admitted.

use super::disaggregated::{Pools, new_tokens};
use super::prefill_worker::PrefillWorker;
use super::search::most_batch;
use super::serving::LayoutModel;
use super::serving_types::{Pool, ServingCase, ServingPoint, ServingResult, Sla};
use crate::evaluate::day;
use crate::numerics::bracket::root_in;
use serde::{Deserialize, Serialize};

/// Peak over mean of a served day: 278 of 226.75 nodes at DeepSeek (open-infra-index, 2025-03).
pub const PEAK_OVER_MEAN: f64 = 1.23;
/// Halvings of the largest load within the service level: a millionth of it.
const HALVINGS: usize = 20;
/// Fewest requests in flight that (2) looks for, over the most: an hour lighter than that answers
/// as fast as this one.
const LIGHTEST: f64 = 1e-9;
/// Exactness of (2), over the most in flight.
const EXACTNESS: f64 = 1e-12;

/// What is asked for over a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Demand {
    /// Mean share of the capacity that is asked for, above 0.
    pub mean_share: f64,
    /// Peak hour over daily mean, 1 to 24.
    pub peak_to_mean: f64,
    /// Hour of the peak, 0 to 23.
    pub peak_hour: f64,
}

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
    /// The busiest of them.
    pub peak_hour: usize,
    /// Mean share of the capacity that is asked for, 0 to 1.
    pub asked_share: f64,
    /// Mean share of the capacity that is sold, at most the one asked for, 0 to 1: (4).
    pub sold_share: f64,
    /// Whether the busiest hour keeps the service level with every request admitted, its time to
    /// first token for 99 % of them.
    pub sla_met_at_peak: bool,
    /// Replicas there are.
    pub replicas: u32,
    /// Replicas that keep the service level at the peak; `None` where one replica alone misses it
    /// with a single request.
    pub replicas_needed: Option<u32>,
}

impl DayOfLoad {
    /// The busiest hour.
    #[must_use]
    pub fn peak(&self) -> Option<&Hour> {
        self.hours.get(self.peak_hour)
    }

    /// Share of the day's requests that is turned away, 0 to 1.
    #[must_use]
    pub fn turned_away(&self) -> f64 {
        if self.asked_share > 0.0 { 1.0 - self.sold_share / self.asked_share } else { 0.0 }
    }
}

/// The day of `result` under `demand`.
#[must_use]
pub fn day(case: &ServingCase, result: &ServingResult, demand: Demand) -> DayOfLoad {
    let Some(pools) = result.point.pools else {
        let model = LayoutModel::new(case, result.point.layout);
        let most = most_batch(case, &model).max(1.0);
        return Replica { case, most, at: |batch| model.at(batch) }.day(result, demand);
    };
    let prefill = LayoutModel::new(case, pools.prefill.layout);
    let decode = LayoutModel::new(case, pools.decode.layout);
    let worker = PrefillWorker::new(&prefill, new_tokens(case));
    let both = Pools::new(case, &prefill, &worker, &decode);
    let count = |pool: Pool| f64::from(pool.workers.unwrap_or(1));
    let (x, y) = (count(pools.prefill), count(pools.decode));
    let most = most_batch(case, &decode).max(1.0);
    Replica { case, most, at: |decoding| both.decoding(decoding, x, y) }.day(result, demand)
}

/// A deployment that takes requests: its operating point by how full it is, requests in flight of
/// a replica or decoding at a worker.
struct Replica<'a, F> {
    case: &'a ServingCase,
    /// Fullest that it gets.
    most: f64,
    at: F,
}

impl<F: Fn(f64) -> ServingPoint> Replica<'_, F> {
    fn day(&self, result: &ServingResult, demand: Demand) -> DayOfLoad {
        let replicas = f64::from(result.replicas.max(1));
        let capacity = result.point.replica_tok_s / self.case.output_tokens;
        let shape = day::shape(demand.peak_to_mean, demand.peak_hour);
        let mut hours: Vec<Hour> = Vec::with_capacity(day::HOURS);
        for over_mean in shape {
            let utilisation = demand.mean_share * over_mean;
            // The way up is the way down: half of the hours are known from the other half.
            let known = hours.iter().find(|h| h.utilisation == utilisation).copied();
            hours.push(known.unwrap_or_else(|| self.hour(capacity, utilisation, replicas)));
        }
        let mut busiest = 0;
        for (at, hour) in hours.iter().enumerate() {
            if hour.utilisation > hours[busiest].utilisation {
                busiest = at;
            }
        }
        let peak = hours[busiest];
        let excess: f64 = hours.iter().map(|h| (h.utilisation - 1.0).max(0.0)).sum();
        DayOfLoad {
            peak_hour: busiest,
            asked_share: demand.mean_share,
            sold_share: demand.mean_share - excess / hours.len() as f64,
            sla_met_at_peak: kept(self.case.sla, peak.ttft_p99_s, peak.tpot_s),
            replicas: result.replicas,
            replicas_needed: self.needed(peak.requests_s),
            hours,
        }
    }

    fn hour(&self, capacity: f64, utilisation: f64, replicas: f64) -> Hour {
        let rate = capacity * utilisation;
        let point = self.in_steady_state(rate);
        Hour {
            requests_s: rate * replicas,
            utilisation,
            in_flight: point.map(|p| p.batch),
            ttft_s: point.map(|p| p.ttft_s),
            ttft_p99_s: point.map(|p| p.ttft_p99_s),
            tpot_s: point.map(|p| p.tpot_s),
        }
    }

    /// Requests per second that leave at a point.
    fn rate(&self, point: &ServingPoint) -> f64 {
        point.replica_tok_s / self.case.output_tokens
    }

    /// Equation (2) at `rate` requests per second on one replica.
    fn in_steady_state(&self, rate: f64) -> Option<ServingPoint> {
        let spare = |batch: f64| self.rate(&(self.at)(batch)) - rate;
        // At the chosen point itself rounding must not turn anybody away.
        if spare(self.most) < -rate * EXACTNESS {
            return None;
        }
        let exactness = EXACTNESS * self.most;
        let batch = root_in(LIGHTEST * self.most, self.most, exactness, spare);
        Some((self.at)(batch))
    }

    /// Equation (3) for `peak` requests per second in all.
    fn needed(&self, peak: f64) -> Option<u32> {
        let within = |batch: f64| {
            let p = (self.at)(batch);
            kept(self.case.sla, Some(p.ttft_p99_s), Some(p.tpot_s)).then(|| self.rate(&p))
        };
        let mut best = within(1.0)?;
        if let Some(all) = within(self.most) {
            best = all;
        } else {
            let (mut good, mut bad) = (1.0, self.most);
            for _ in 0..HALVINGS {
                let middle = f64::midpoint(good, bad);
                match within(middle) {
                    Some(rate) => (good, best) = (middle, rate),
                    None => bad = middle,
                }
            }
        }
        (best > 0.0).then(|| (peak / best).ceil().clamp(1.0, f64::from(u32::MAX)) as u32)
    }
}

/// Whether an hour keeps the service level; one that takes not everybody in does not.
fn kept(sla: Sla, ttft_p99_s: Option<f64>, tpot_s: Option<f64>) -> bool {
    let within = |limit: Option<f64>, found: Option<f64>| {
        found.is_some_and(|f| limit.is_none_or(|limit| f <= limit))
    };
    within(sla.ttft_s, ttft_p99_s) && within(sla.tpot_s, tpot_s)
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

    fn of(mean_share: f64, peak_to_mean: f64) -> Demand {
        Demand { mean_share, peak_to_mean, peak_hour: 15.0 }
    }

    #[test]
    fn a_lighter_day_answers_sooner_and_needs_fewer_replicas() {
        let case = case();
        let result = solve_serving(&case).unwrap();
        let light = day(&case, &result, of(0.3, PEAK_OVER_MEAN));
        let heavy = day(&case, &result, of(0.7, PEAK_OVER_MEAN));
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
        let d = day(&case, &result, of(0.5, 1.4));
        let mean = d.hours.iter().map(|h| h.utilisation).sum::<f64>() / 24.0;
        assert!((mean - 0.5).abs() < 1e-12);
        assert!((d.hours[15].utilisation - 0.7).abs() < 1e-12);
        assert_eq!((d.peak_hour, d.replicas), (15, result.replicas));
        assert_eq!(d.sold_share, 0.5, "all that is asked for is sold");
        assert_eq!(d.turned_away(), 0.0);
    }

    #[test]
    fn little_holds_at_every_hour_and_too_much_is_not_taken() {
        let case = case();
        let result = solve_serving(&case).unwrap();
        let d = day(&case, &result, of(0.5, PEAK_OVER_MEAN));
        for h in &d.hours {
            let stay = h.ttft_s.unwrap() + case.output_tokens * h.tpot_s.unwrap();
            let rate = h.requests_s / f64::from(result.replicas);
            assert!((h.in_flight.unwrap() / (rate * stay) - 1.0).abs() < 1e-6);
        }
        let crushed = day(&case, &result, of(50.0, 1.0));
        assert!(crushed.hours[0].in_flight.is_none() && !crushed.sla_met_at_peak);
    }

    #[test]
    fn workers_of_their_own_have_a_day_too() {
        let case = ServingCase { mode: ServingMode::Disaggregated, ..case() };
        let result = solve_serving(&case).unwrap();
        let d = day(&case, &result, of(0.6, 1.4));
        for h in &d.hours {
            let stay = h.ttft_s.unwrap() + case.output_tokens * h.tpot_s.unwrap();
            let rate = h.requests_s / f64::from(result.replicas);
            assert!((h.in_flight.unwrap() / (rate * stay) - 1.0).abs() < 1e-6);
        }
        assert!(d.hours[3].ttft_p99_s.unwrap() <= d.hours[15].ttft_p99_s.unwrap());
        assert!(d.sla_met_at_peak && d.replicas_needed.unwrap() <= d.replicas);
        assert!(day(&case, &result, of(5.0, 1.0)).hours[0].in_flight.is_none());
    }

    #[test]
    fn what_exceeds_the_capacity_is_not_sold() {
        let case = case();
        let result = solve_serving(&case).unwrap();
        let d = day(&case, &result, of(0.8, 1.5));
        assert!((d.peak().unwrap().utilisation - 1.2).abs() < 1e-12);
        let sold = d.hours.iter().map(|h| h.utilisation.min(1.0)).sum::<f64>() / 24.0;
        assert!((d.sold_share - sold).abs() < 1e-12 && d.sold_share < 0.8, "{}", d.sold_share);
        assert!(d.turned_away() > 0.0 && d.turned_away() < 0.1);
        assert!(d.replicas_needed.unwrap() > d.replicas, "{:?}", d.replicas_needed);
        assert!(!d.sla_met_at_peak);
    }

    #[test]
    fn the_replicas_needed_keep_the_peak_and_one_fewer_does_not() {
        let case = case();
        let result = solve_serving(&case).unwrap();
        let d = day(&case, &result, of(0.9, 1.5));
        let needed = d.replicas_needed.unwrap();
        let peak = d.peak().unwrap().requests_s;
        let at = |replicas: u32| {
            // The same requests on so many replicas.
            let all = f64::from(result.replicas) * result.point.replica_tok_s / case.output_tokens;
            let share = peak / all * f64::from(result.replicas) / f64::from(replicas);
            day(&case, &result, of(share, 1.0)).sla_met_at_peak
        };
        assert!(at(needed), "{needed} keep it");
        assert!(!at(needed - 1), "{} do not", needed - 1);
    }
}
