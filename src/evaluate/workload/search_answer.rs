//! The chosen operating point in numbers and words, and the front of the others.

use super::search::{Choice, SERVING_ERROR_P10_P90, most_batch};
use super::serving::LayoutModel;
use super::serving_types::{ServingCase, ServingPoint, ServingResult, WorkloadLimit};

/// The answer to `case` at `choice`.
pub(super) fn finish(
    case: &ServingCase,
    choice: &Choice,
    fitting: &[&LayoutModel],
) -> ServingResult {
    let point = choice.point;
    let replicas = case.gpus / point.layout.gpus();
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
        gpus_idle: case.gpus - replicas * point.layout.gpus(),
        total_tok_s: total,
        total_input_tok_s: total / case.output_tokens * uncached,
        band_tok_s: (total * SERVING_ERROR_P10_P90.0, total * SERVING_ERROR_P10_P90.1),
        sla_met,
        limit,
        time_limit,
        explanation: explain(case, choice, limit, time_limit, replicas),
        replica_weight_bytes: choice.weights,
        pareto: pareto(case, fitting),
    }
}

fn explain(
    case: &ServingCase,
    choice: &Choice,
    limit: WorkloadLimit,
    time_limit: WorkloadLimit,
    replicas: u32,
) -> String {
    const PERCENT: f64 = 100.0;
    let p = &choice.point;
    let share = p.split.shares().part(time_limit) * PERCENT;
    let why = match limit {
        WorkloadLimit::Sla if choice.sla_ratio > 1.0 => {
            format!("misses the service level by a factor of {:.2}", choice.sla_ratio)
        }
        WorkloadLimit::Sla => "a larger batch would miss the service level".to_owned(),
        WorkloadLimit::MemoryCapacity => {
            format!("memory holds no more than {:.0} requests", p.batch_fits)
        }
        other => format!("limited by {}", other.label()),
    };
    format!(
        "{} × {} ({} each), {:.0} requests in flight per replica; {why}; \
         {share:.0} % of the time goes to {} on {}",
        replicas,
        p.layout.label(),
        if p.layout.gpus() == 1 {
            "1 accelerator".to_owned()
        } else {
            format!("{} accelerators", p.layout.gpus())
        },
        p.batch,
        time_limit.label(),
        case.device.name,
    )
}

/// Non-dominated points of all layouts over doubling batches, slowest user first.
fn pareto(case: &ServingCase, fitting: &[&LayoutModel]) -> Vec<ServingPoint> {
    let mut points: Vec<ServingPoint> = Vec::new();
    for model in fitting {
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
