//! The choice of parallelism and batch: every layout that the machine allows, the largest batch
//! that memory and the SLA allow, and of those the one with most tokens/s on all accelerators.
//!
//! TPOT and TTFT rise with the batch, so the largest batch within the SLA is found by bisection.
//! Order of search and ties are fixed: fewer accelerators per replica win, then narrower tensors.

use super::disaggregated_search;
use super::error::{WorkloadError, in_range, positive, speculation};
use super::laws::ServingLaws;
use super::links::Links;
use super::search_answer::finish;
use super::serving::LayoutModel;
use super::serving_types::{
    ServingCase, ServingLayout, ServingMode, ServingPoint, ServingResult, Sla, WorkloadLimit,
};

/// Most sequences that an engine keeps in flight per attention group (usual largest setting of
/// graph-captured batch sizes; assumption).
const ENGINE_BATCH: f64 = 1024.0;
/// Widest tensor-parallel group tried. Wider ones are dominated by their all-reduces.
const WIDEST_TENSOR: u32 = 16;
/// Most accelerators of one replica of experts across the fabric (published wide expert-parallel
/// deployments use 32 to 320 on 8-way systems).
const WIDEST_REPLICA: u32 = 72;
/// Deepest pipeline tried for inference.
const DEEPEST_PIPELINE: u32 = 8;
/// Low and high multiple of the computed tokens/s between which 80 % of measured points lie, on
/// models that the laws were not fitted to.
#[must_use]
pub fn serving_error_p10_p90() -> (f64, f64) {
    let band = ServingLaws::shipped().time_per_token.measured;
    (1.0 / band.p90, 1.0 / band.p10)
}

/// Solves a serving case.
///
/// # Errors
/// An unusable input, an impossible layout, or a model that fits in no layout. A missed SLA is no
/// error: the result says so.
pub fn solve_serving(case: &ServingCase) -> Result<ServingResult, WorkloadError> {
    check(case)?;
    let layouts = match case.layout {
        Some(layout) => vec![checked_layout(case, layout)?],
        None => layouts(case),
    };
    let models: Vec<LayoutModel> =
        layouts.into_iter().map(|layout| LayoutModel::new(case, layout)).collect();
    let fitting: Vec<&LayoutModel> = models.iter().filter(|m| most_batch(case, m) >= 1.0).collect();
    if fitting.is_empty() {
        return Err(does_not_fit(case, &models));
    }
    let together = match case.mode {
        ServingMode::Disaggregated => None,
        ServingMode::Aggregated | ServingMode::Either => aggregated(case, &fitting),
    };
    let apart = match case.mode {
        ServingMode::Aggregated => None,
        ServingMode::Disaggregated | ServingMode::Either => {
            disaggregated_search::choose(case, &fitting)
        }
    };
    let best = match (together, apart) {
        (Some(one), Some(two)) => Some(if two.better_than(&one) { two } else { one }),
        (one, two) => one.or(two),
    };
    best.map(|choice| finish(case, &choice, &fitting)).ok_or_else(|| no_room(case, &fitting))
}

/// The best deployment in which prefill and decode share their accelerators.
fn aggregated(case: &ServingCase, fitting: &[&LayoutModel]) -> Option<Choice> {
    let mut best: Option<Choice> = None;
    for model in fitting {
        let choice = choose_batch(case, model);
        if best.as_ref().is_none_or(|b| choice.better_than(b)) {
            best = Some(choice);
        }
    }
    best
}

/// The model fits a worker, but not one of each kind.
fn no_room(case: &ServingCase, fitting: &[&LayoutModel]) -> WorkloadError {
    let smallest = fitting.iter().map(|m| m.layout().gpus()).min().unwrap_or(1);
    WorkloadError::NoRoomForBoth { needed: smallest.saturating_mul(2), gpus: case.gpus }
}

/// An operating point under consideration.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The point.
    pub(super) point: ServingPoint,
    /// Output tokens/s of all replicas.
    pub(super) total_tok_s: f64,
    /// Worst of TTFT and TPOT over their limits; at most 1 keeps the SLA.
    pub(super) sla_ratio: f64,
    /// Weights of one replica, bytes.
    pub(super) weights: f64,
    /// What keeps the batch from growing.
    pub(super) capped_by: WorkloadLimit,
}

impl Choice {
    pub(super) fn better_than(&self, other: &Self) -> bool {
        match (self.sla_ratio <= 1.0, other.sla_ratio <= 1.0) {
            (true, false) => true,
            (false, true) => false,
            (true, true) => self.total_tok_s > other.total_tok_s,
            (false, false) => self.sla_ratio < other.sla_ratio,
        }
    }
}

pub(super) fn check(case: &ServingCase) -> Result<(), WorkloadError> {
    case.device.check()?;
    case.model.check()?;
    in_range("gpus", f64::from(case.gpus), 1.0, 1e7)?;
    in_range("input_tokens", case.input_tokens, 1.0, 1e8)?;
    in_range("output_tokens", case.output_tokens, 1.0, 1e8)?;
    in_range("cached_prompt_fraction", case.cached_prompt_fraction, 0.0, 0.999)?;
    in_range("fabric_factor", case.fabric_factor, f64::MIN_POSITIVE, 1.0)?;
    positive("sla.ttft_s", case.sla.ttft_s.unwrap_or(1.0))?;
    positive("sla.tpot_s", case.sla.tpot_s.unwrap_or(1.0))?;
    case.software.speculation.map_or(Ok(()), speculation)?;
    in_range("batch", case.batch.unwrap_or(1.0), 1.0, 1e7)
}

pub(super) fn checked_layout(
    case: &ServingCase,
    layout: ServingLayout,
) -> Result<ServingLayout, WorkloadError> {
    let ServingLayout { tensor, data, expert, pipeline } = layout;
    let bad = |reason| Err(WorkloadError::BadLayout { layout: layout.label(), reason });
    if [tensor, data, expert, pipeline].contains(&0) {
        return bad("every width must be at least 1");
    }
    let ranks = u64::from(tensor) * u64::from(data);
    if ranks * u64::from(pipeline) > u64::from(case.gpus) {
        return bad("it has more accelerators than there are");
    }
    if ranks % u64::from(expert) != 0 {
        return bad("TP × DP must be a multiple of EP");
    }
    if pipeline > case.model.layers {
        return bad("it has more stages than layers");
    }
    if !Links::new(&case.device, case.fabric_factor).reach(ranks as f64) {
        return bad("it is wider than the scale-up domain and there is no network");
    }
    Ok(layout)
}

/// Powers of two from 1 to `most`.
fn doublings(most: u32) -> impl Iterator<Item = u32> {
    (0..32).map(|bit| 1u32 << bit).take_while(move |n| *n <= most)
}

/// Every layout worth trying, in a fixed order.
fn layouts(case: &ServingCase) -> Vec<ServingLayout> {
    let domain = case.device.scale_up_domain.min(case.gpus);
    let reach = if case.device.nic_byte_s > 0.0 { case.gpus } else { domain };
    let mut found = Vec::new();
    for tensor in doublings(domain.min(WIDEST_TENSOR)) {
        let most = reach.min(WIDEST_REPLICA);
        for pipeline in doublings(DEEPEST_PIPELINE.min(case.model.layers)) {
            if u64::from(tensor) * u64::from(pipeline) > u64::from(most) {
                continue;
            }
            push_expert_layouts(case, tensor, pipeline, most, domain, &mut found);
        }
    }
    found.sort_by_key(|l| (l.gpus(), l.tensor, l.data, l.expert, l.pipeline));
    found
}

fn push_expert_layouts(
    case: &ServingCase,
    tensor: u32,
    pipeline: u32,
    most: u32,
    domain: u32,
    found: &mut Vec<ServingLayout>,
) {
    found.push(ServingLayout { tensor, data: 1, expert: 1, pipeline });
    let Some(moe) = case.model.moe else { return };
    if tensor > 1 && tensor <= moe.experts {
        found.push(ServingLayout { tensor, data: 1, expert: tensor, pipeline });
    }
    if pipeline > 1 {
        return;
    }
    let whole_domain = domain / tensor;
    let widths = doublings(most / tensor).chain([whole_domain]);
    for data in widths.filter(|d| *d > 1 && tensor * d <= moe.experts) {
        let layout = ServingLayout { tensor, data, expert: tensor * data, pipeline };
        if !found.contains(&layout) {
            found.push(layout);
        }
    }
}

/// Most requests in flight that memory, engine and case allow.
pub(super) fn most_batch(case: &ServingCase, model: &LayoutModel) -> f64 {
    let engine = ENGINE_BATCH * f64::from(model.layout().data);
    let fits = model.memory().sequences.min(engine);
    case.batch.map_or(fits, |wanted| wanted.min(fits))
}

pub(super) fn sla_ratio(sla: Sla, point: &ServingPoint) -> f64 {
    let ttft = sla.ttft_s.map_or(0.0, |limit| point.ttft_s / limit);
    let tpot = sla.tpot_s.map_or(0.0, |limit| point.tpot_s / limit);
    ttft.max(tpot)
}

/// The largest batch of `model` within memory and SLA; a single request when none is.
fn choose_batch(case: &ServingCase, model: &LayoutModel) -> Choice {
    let most = most_batch(case, model);
    let within = |batch: f64| sla_ratio(case.sla, &model.at(batch)) <= 1.0;
    let (batch, capped_by) = if case.batch.is_some() || within(most) {
        let full = model.memory().sequences <= most;
        (most, if full { WorkloadLimit::MemoryCapacity } else { WorkloadLimit::Overhead })
    } else {
        (largest_within(1.0, most, within), WorkloadLimit::Sla)
    };
    let point = model.at(batch);
    let replicas = f64::from(case.gpus / model.layout().gpus());
    Choice {
        total_tok_s: point.replica_tok_s * replicas,
        sla_ratio: sla_ratio(case.sla, &point),
        weights: model.memory().weights * f64::from(model.layout().gpus()),
        point,
        capped_by,
    }
}

/// Largest whole number in `low..high` for which `within` holds, `low` if none does; `high` is
/// known to fail.
pub(super) fn largest_within(low: f64, high: f64, within: impl Fn(f64) -> bool) -> f64 {
    let (mut good, mut bad) = (low, high);
    while bad - good > 1.0 {
        let middle = ((good + bad) / 2.0).floor();
        if within(middle) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    good
}

pub(super) fn does_not_fit(case: &ServingCase, models: &[LayoutModel]) -> WorkloadError {
    const GB: f64 = 1e9;
    let needed = |m: &LayoutModel| m.memory().weights + m.memory().working + m.memory().sequence;
    let least = models.iter().min_by(|a, b| needed(a).total_cmp(&needed(b)));
    WorkloadError::DoesNotFit {
        model: case.model.name.clone(),
        device: case.device.name.clone(),
        gpus: least.map_or(0, |m| m.layout().gpus()),
        layout: least.map_or_else(String::new, |m| m.layout().label()),
        needed_gb: least.map_or(f64::INFINITY, |m| needed(m) / GB),
        have_gb: case.device.memory_bytes / GB,
    }
}
