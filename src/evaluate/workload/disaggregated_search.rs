//! The choice of a disaggregated deployment: layouts of both sides, requests per decode worker and
//! numbers of workers.
//!
//! Both sides are chosen on their own: a decode worker holds the most requests that keep the time
//! per token, which gives its rate r_d; a prefill worker takes the most prompts that keep the time
//! to first token, r_p. A unit of y decode workers needs x = ⌈y r_d / r_p⌉ prefill workers; the
//! pair and y that give most tokens/s on all accelerators win, the smaller unit on ties.

use super::disaggregated::{MOST_WORKERS, Pools, new_tokens};
use super::prefill_worker::PrefillWorker;
use super::search::{Choice, largest_within, most_batch, sla_ratio};
use super::serving::LayoutModel;
use super::serving_types::{ServingCase, ServingPoint, WorkloadLimit};

/// Fillings of a decode worker that are tried below the fullest, down to a quarter: requests that
/// decode longer start in larger clumps, so that a fuller worker may need more prefill workers than
/// it is worth.
const FILLINGS: i32 = 20;
/// Requests of a filling over those of the next lower one; powers of it, so that another service
/// level tries the same fillings.
const FULLER: f64 = 1.07;

/// A decode worker with as many requests as it may hold.
struct Decoder<'a> {
    model: &'a LayoutModel<'a>,
    requests: f64,
    tpot_s: f64,
    step_s: f64,
    capped_by: WorkloadLimit,
}

impl<'a> Decoder<'a> {
    fn holding(model: &'a LayoutModel<'a>, requests: f64, capped_by: WorkloadLimit) -> Self {
        let (step, tpot_s) = model.decode_only(requests);
        Self { model, requests, tpot_s, step_s: step.time.total(), capped_by }
    }

    /// With the most requests that the service level allows; one when none is.
    fn fullest(case: &ServingCase, model: &'a LayoutModel<'a>) -> Self {
        let most = most_batch(case, model);
        let limit = case.sla.tpot_s.unwrap_or(f64::INFINITY);
        let within = |n: f64| model.decode_only(n).1 <= limit;
        if within(most) {
            let full = model.memory().sequences <= most;
            let cap = if full { WorkloadLimit::MemoryCapacity } else { WorkloadLimit::Overhead };
            return Self::holding(model, most, cap);
        }
        Self::holding(model, largest_within(1.0, most, within), WorkloadLimit::Sla)
    }

    /// Requests/s that it finishes.
    fn rate(&self, case: &ServingCase) -> f64 {
        self.requests / (case.output_tokens * self.tpot_s)
    }
}

/// A layout to prefill with.
struct Prefiller<'a> {
    model: &'a LayoutModel<'a>,
    worker: PrefillWorker,
}

/// Workers of a unit, what each decode worker holds, and the requests/s of all units.
#[derive(Clone, Copy)]
struct Unit {
    prefill: u32,
    decode: u32,
    requests: f64,
    rate: f64,
}

/// The best deployment of `case` over `fitting` layouts; `None` when no pair of workers finds
/// room.
pub(super) fn choose(case: &ServingCase, fitting: &[&LayoutModel<'_>]) -> Option<Choice> {
    let prefills = prefill_layouts(case, fitting);
    let mut best: Option<Choice> = None;
    let mut fastest = 0.0;
    for model in fitting {
        let fullest = Decoder::fullest(case, model);
        for requests in fillings(fullest.requests) {
            let full = requests >= fullest.requests;
            let cap = if full { fullest.capped_by } else { WorkloadLimit::Sla };
            let decoder = Decoder::holding(model, requests, cap);
            let Some((pools, unit)) = matched(case, &prefills, &decoder) else { continue };
            if unit.rate < fastest {
                continue;
            }
            let choice = choice_of(case, &pools, &decoder, unit);
            if choice.sla_ratio <= 1.0 {
                fastest = unit.rate;
            }
            if best.as_ref().is_none_or(|b| choice.better_than(b)) {
                best = Some(choice);
            }
        }
    }
    best
}

/// Whole numbers of requests from `fullest` down.
fn fillings(fullest: f64) -> impl Iterator<Item = f64> {
    let top = (fullest.ln() / FULLER.ln()).floor();
    let lower = (0..FILLINGS).map(move |step| FULLER.powf(top - f64::from(step)).floor());
    std::iter::once(fullest).chain(lower.filter(move |n| *n >= 1.0 && *n < fullest))
}

/// Points of all decode layouts over doubling requests, each with its best prefill side.
pub(super) fn points(case: &ServingCase, fitting: &[&LayoutModel<'_>]) -> Vec<ServingPoint> {
    let prefills = prefill_layouts(case, fitting);
    let mut found = Vec::new();
    for model in fitting {
        let most = most_batch(case, model);
        let mut requests = 1.0;
        while requests < most {
            requests = f64::min(requests * 2.0, most);
            let decoder = Decoder::holding(model, requests, WorkloadLimit::Overhead);
            if let Some((pools, unit)) = matched(case, &prefills, &decoder) {
                found.push(pools.decoding(unit.requests, unit.prefill.into(), unit.decode.into()));
            }
        }
    }
    found
}

/// Layouts worth prefilling with: none of the others is both sooner done with one prompt and
/// faster per accelerator. Pipelines only where the model fits no other way: how unequal prompts
/// fill their stages is not modelled.
fn prefill_layouts<'a>(case: &ServingCase, fitting: &[&'a LayoutModel<'a>]) -> Vec<Prefiller<'a>> {
    let flat = fitting.iter().any(|m| m.layout().pipeline == 1);
    let mut ranked: Vec<(f64, f64, Prefiller<'_>)> = fitting
        .iter()
        .filter(|m| !flat || m.layout().pipeline == 1)
        .map(|m| {
            let worker = PrefillWorker::new(m, new_tokens(case));
            let each = worker.most / f64::from(m.layout().gpus());
            (m.prefill_pass_s(1.0), each, Prefiller { model: m, worker })
        })
        .collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
    let mut fastest = 0.0;
    ranked.retain(|(_, rate, _)| {
        let better = *rate > fastest;
        fastest = f64::max(fastest, *rate);
        better
    });
    ranked.into_iter().map(|(_, _, p)| p).collect()
}

/// The prefill side and numbers of workers that serve `decoder` best.
fn matched<'a>(
    case: &'a ServingCase,
    prefills: &'a [Prefiller<'a>],
    decoder: &Decoder<'a>,
) -> Option<(Pools<'a>, Unit)> {
    let mut best: Option<(Pools<'a>, Unit)> = None;
    for prefill in prefills {
        let pools = Pools::new(case, prefill.model, &prefill.worker, decoder.model);
        let rate = pools.worker_rate(case.sla.ttft_s, decoder.tpot_s, decoder.step_s);
        let Some(unit) = unit(case, prefill.model, decoder, rate) else { continue };
        if best.as_ref().is_none_or(|(_, b)| unit.rate > b.rate) {
            best = Some((pools, unit));
        }
    }
    best
}

/// The numbers of workers that give most requests/s on all accelerators. Where the time to first
/// token can not be kept (`prefill_rate` 0), one of each with one request: the nearest miss.
fn unit(
    case: &ServingCase,
    prefill: &LayoutModel<'_>,
    decoder: &Decoder<'_>,
    prefill_rate: f64,
) -> Option<Unit> {
    let (g_p, g_d) = (prefill.layout().gpus(), decoder.model.layout().gpus());
    let room = case.gpus.checked_sub(g_d)? / g_p;
    if room == 0 {
        return None;
    }
    if prefill_rate <= 0.0 {
        return Some(Unit { prefill: 1, decode: 1, requests: 1.0, rate: 0.0 });
    }
    let (rate, requests) = (decoder.rate(case), decoder.requests);
    let mut best: Option<Unit> = None;
    for decode in 1..=MOST_WORKERS {
        let needed = (f64::from(decode) * rate / prefill_rate).ceil().max(1.0);
        if needed > f64::from(room.min(MOST_WORKERS)) {
            break;
        }
        let prefill = needed as u32;
        let replicas = case.gpus / (prefill * g_p + decode * g_d);
        if replicas == 0 {
            break;
        }
        let rate = f64::from(replicas) * f64::from(decode) * rate;
        if best.is_none_or(|b| rate > b.rate) {
            best = Some(Unit { prefill, decode, requests, rate });
        }
    }
    best.or_else(|| starved(case, decoder, room.min(MOST_WORKERS), prefill_rate))
}

/// One decode worker that all the prefill workers there is room for do not fill: it holds as many
/// requests as they feed.
fn starved(
    case: &ServingCase,
    decoder: &Decoder<'_>,
    prefill: u32,
    prefill_rate: f64,
) -> Option<Unit> {
    let fed = f64::from(prefill) * prefill_rate;
    let at = |requests: f64| Decoder::holding(decoder.model, requests, decoder.capped_by);
    let requests = largest_within(1.0, decoder.requests, |n| at(n).rate(case) <= fed);
    let rate = at(requests).rate(case);
    (rate <= fed).then_some(Unit { prefill, decode: 1, requests, rate })
}

fn choice_of(case: &ServingCase, pools: &Pools<'_>, decoder: &Decoder<'_>, unit: Unit) -> Choice {
    let point = pools.decoding(unit.requests, unit.prefill.into(), unit.decode.into());
    let replicas = f64::from(case.gpus / point.gpus());
    Choice {
        total_tok_s: point.replica_tok_s * replicas,
        sla_ratio: sla_ratio(case.sla, &point),
        weights: pools.weight_bytes(unit.prefill.into(), unit.decode.into()),
        capped_by: decoder.capped_by,
        point,
    }
}

#[cfg(test)]
mod tests {
    use super::super::device::Precision;
    use super::super::error::WorkloadError;
    use super::super::reference::{deepseek_v3, gb200, llama_70b};
    use super::super::search::solve_serving;
    use super::super::search_tests::serving;
    use super::super::serving_types::{
        ServingCase, ServingMode, ServingPrecision, ServingResult, Sla,
    };

    fn asked(mode: ServingMode, gpus: u32, ttft_s: f64, tpot_s: f64) -> ServingCase {
        ServingCase {
            device: gb200(),
            model: deepseek_v3(),
            precision: ServingPrecision::usual(Precision::Fp4),
            gpus,
            input_tokens: 4096.0,
            output_tokens: 1024.0,
            sla: Sla { ttft_s: Some(ttft_s), tpot_s: Some(tpot_s) },
            mode,
            ..serving()
        }
    }

    fn solved(mode: ServingMode, gpus: u32, ttft_s: f64, tpot_s: f64) -> ServingResult {
        solve_serving(&asked(mode, gpus, ttft_s, tpot_s)).unwrap()
    }

    #[test]
    fn a_disaggregated_hall_keeps_the_service_level_and_feeds_its_decoders() {
        for (ttft_s, tpot_s) in [(2.0, 0.05), (1.0, 0.025), (0.5, 0.015)] {
            let r = solved(ServingMode::Disaggregated, 72, ttft_s, tpot_s);
            assert!(r.sla_met, "{}", r.explanation);
            assert!(r.point.ttft_s <= ttft_s && r.point.tpot_s <= tpot_s);
            assert!(r.point.kv_fits && r.point.power_fraction <= 1.0);
            let pools = r.point.pools.unwrap();
            assert_eq!(pools.gpus() * r.replicas + r.gpus_idle, 72);
            // What comes out of the decoders came through the prefills: Little over the whole loop.
            let cycle = r.point.ttft_s + 1024.0 * r.point.tpot_s;
            let rate = r.point.replica_tok_s / 1024.0;
            assert!((r.point.batch / (rate * cycle) - 1.0).abs() < 1e-6, "{}", r.explanation);
        }
    }

    #[test]
    fn the_better_of_both_is_no_worse_than_either() {
        for (gpus, ttft_s, tpot_s) in [(72, 2.0, 0.05), (72, 0.5, 0.015), (16, 1.0, 0.02)] {
            let of = |mode| solved(mode, gpus, ttft_s, tpot_s).total_tok_s;
            let best = of(ServingMode::Aggregated).max(of(ServingMode::Disaggregated));
            assert!((of(ServingMode::Either) / best - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_tighter_time_per_token_never_gives_more_tokens() {
        let rate = |tpot_s| solved(ServingMode::Disaggregated, 72, 2.0, tpot_s).total_tok_s;
        let rates: Vec<f64> = [0.01, 0.015, 0.02, 0.03, 0.05].map(rate).to_vec();
        // Whole workers and steps of filling leave a little to chance.
        assert!(rates.windows(2).all(|w| w[0] <= w[1] * 1.02), "{rates:?}");
    }

    #[test]
    fn the_front_of_both_modes_is_not_dominated() {
        let r = solved(ServingMode::Either, 72, 2.0, 0.05);
        assert!(r.pareto.iter().any(|p| p.pools.is_some()));
        for pair in r.pareto.windows(2) {
            assert!(pair[0].user_tok_s <= pair[1].user_tok_s);
            assert!(pair[0].gpu_tok_s > pair[1].gpu_tok_s);
        }
    }

    #[test]
    fn one_accelerator_has_no_room_for_both_sides() {
        let case = ServingCase { gpus: 2, mode: ServingMode::Disaggregated, ..serving() };
        let llama = ServingCase { model: llama_70b(), ..case };
        assert_eq!(
            solve_serving(&llama).unwrap_err(),
            WorkloadError::NoRoomForBoth { needed: 4, gpus: 2 }
        );
    }

    #[test]
    fn a_service_level_that_nothing_meets_names_the_nearest_deployment() {
        let r = solved(ServingMode::Disaggregated, 72, 0.05, 0.001);
        assert!(!r.sla_met && r.total_tok_s > 0.0);
        assert!(r.explanation.contains("no layout meets 1.000 ms TPOT"), "{}", r.explanation);
    }
}
