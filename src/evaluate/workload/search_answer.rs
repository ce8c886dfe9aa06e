//! The chosen operating point in numbers and words, and the front of the others.

use super::disaggregated_search;
use super::search::{Choice, most_batch};
use super::serving::LayoutModel;
use super::serving_types::{ServingCase, ServingMode, ServingPoint, ServingResult, WorkloadLimit};

/// The answer to `case` at `choice`.
pub(super) fn finish(
    case: &ServingCase,
    choice: &Choice,
    fitting: &[&LayoutModel],
) -> ServingResult {
    let point = choice.point;
    let replicas = case.gpus / point.gpus();
    let total = choice.total_tok_s;
    let uncached = case.input_tokens * (1.0 - case.cached_prompt_fraction);
    let time_limit = point.split.largest();
    let sla_met = choice.sla_ratio <= 1.0;
    let limit = match choice.capped_by {
        WorkloadLimit::Overhead => time_limit,
        _ if !sla_met => WorkloadLimit::Sla,
        capped => capped,
    };
    ServingResult {
        point,
        replicas,
        gpus_idle: case.gpus - replicas * point.gpus(),
        total_tok_s: total,
        total_input_tok_s: total / case.output_tokens * uncached,
        band_tok_s: rate_band(&point, total),
        sla_met,
        limit,
        time_limit,
        explanation: explain(case, choice, limit, replicas),
        replica_weight_bytes: choice.weights,
        pareto: pareto(case, fitting),
    }
}

/// Tokens/s at the ends of the band of the time per token: slower tokens are fewer.
pub(super) fn rate_band(point: &ServingPoint, tok_s: f64) -> (f64, f64) {
    let (fast, slow) = point.tpot_p10_p90_s;
    (tok_s * point.tpot_s / slow, tok_s * point.tpot_s / fast)
}

/// One sentence: layout, batch, what keeps it from more, and which operation takes the time.
fn explain(case: &ServingCase, choice: &Choice, limit: WorkloadLimit, replicas: u32) -> String {
    const PERCENT: f64 = 100.0;
    let p = &choice.point;
    let why = match limit {
        WorkloadLimit::Sla if choice.sla_ratio > 1.0 => missed(case, choice),
        WorkloadLimit::Sla => "a larger batch would miss the service level".to_owned(),
        WorkloadLimit::MemoryCapacity => {
            format!("memory holds no more than {:.0} requests", p.batch_fits)
        }
        other => format!("limited by {}", other.label()),
    };
    let (operation, share) = p.decode_operations.largest();
    let bound = p.decode_split.largest();
    let each = match p.gpus() {
        1 => "1 accelerator".to_owned(),
        n => format!("{n} accelerators"),
    };
    let unit = match (p.pools, replicas) {
        (Some(pools), 1) => pools.label(),
        (Some(pools), n) => format!("{n} × ({})", pools.label()),
        (None, n) => format!("{n} × {}", p.layout.label()),
    };
    format!(
        "{unit} ({each} each), {:.0} requests in flight per replica; {why}; {:.0} % of a \
         decode step on {} goes to {}, most of the step is bound by {}",
        p.batch,
        share * PERCENT,
        case.device.name,
        operation.label(),
        bound.label(),
    )
}

/// What was asked, and the nearest that any layout comes.
fn missed(case: &ServingCase, choice: &Choice) -> String {
    const MS: f64 = 1e3;
    let p = &choice.point;
    let miss = |name: &str, limit: Option<f64>, found: f64| {
        limit.filter(|l| found > *l).map(|l| {
            let (asked, best, layout) = (l * MS, found * MS, p.label());
            format!("no layout meets {asked:.3} ms {name}; best is {best:.3} ms with {layout}")
        })
    };
    let tpot = miss("TPOT", case.sla.tpot_s, p.tpot_s);
    let ttft = miss("TTFT", case.sla.ttft_s, p.ttft_s);
    tpot.into_iter().chain(ttft).collect::<Vec<_>>().join(" and ")
}

/// Non-dominated points of all layouts over doubling batches, slowest user first.
fn pareto(case: &ServingCase, fitting: &[&LayoutModel]) -> Vec<ServingPoint> {
    let mut points: Vec<ServingPoint> = Vec::new();
    if case.mode != ServingMode::Aggregated {
        points = disaggregated_search::points(case, fitting);
    }
    let together = case.mode != ServingMode::Disaggregated;
    for model in fitting.iter().filter(|_| together) {
        let most = most_batch(case, model);
        let mut batch = 1.0;
        while batch < most {
            points.push(model.at(batch));
            batch *= 2.0;
        }
        points.push(model.at(most));
    }
    points.sort_by(|a, b| {
        b.user_tok_s.total_cmp(&a.user_tok_s).then(b.gpu_tok_s.total_cmp(&a.gpu_tok_s))
    });
    let mut front: Vec<ServingPoint> = Vec::new();
    for point in points {
        if front.last().is_none_or(|last| point.gpu_tok_s > last.gpu_tok_s) {
            front.push(point);
        }
    }
    front.reverse();
    front
}
