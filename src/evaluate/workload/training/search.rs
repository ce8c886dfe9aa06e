//! The choice of training layout: every division of the accelerators that fits in memory, the
//! fastest of them. Ties go to the narrower tensor, then the shallower pipeline.

use super::super::error::{WorkloadError, in_range};
use super::answer::{self, Chosen};
use super::laws::TrainingLaws;
use super::layout::{Sharding, TrainingLayout};
use super::memory::{USABLE_MEMORY, memory};
use super::step::step;
use super::types::{Recompute, TrainingCase, TrainingMethod, TrainingResult};

/// Widest tensor-parallel group tried for training.
const WIDEST_TENSOR: u32 = 16;
/// Deepest pipeline tried.
const DEEPEST_PIPELINE: u32 = 64;
/// Widest context parallelism tried.
const WIDEST_CONTEXT: u32 = 16;
/// Fewest tokens of a sequence left to an accelerator by context parallelism.
const FEWEST_LOCAL_TOKENS: f64 = 1024.0;
/// Widest expert parallelism tried.
const WIDEST_EXPERT: u32 = 64;
/// Largest micro-batch tried, sequences.
const LARGEST_MICRO_BATCH: u32 = 4;
/// Most chunks per stage tried.
const MOST_CHUNKS: u32 = 8;

/// Solves a training case with the fitted laws.
///
/// # Errors
/// An unusable input, an impossible layout, or a model that fits in no layout.
pub fn solve_training(case: &TrainingCase) -> Result<TrainingResult, WorkloadError> {
    solve_training_with(case, TrainingLaws::shipped())
}

/// Solves a training case with given laws.
///
/// # Errors
/// As [`solve_training`].
pub fn solve_training_with(
    case: &TrainingCase,
    laws: &TrainingLaws,
) -> Result<TrainingResult, WorkloadError> {
    check(case)?;
    let candidates = match case.layout {
        Some(layout) => vec![layout.checked(case)?],
        None => layouts(case),
    };
    let room = case.device.memory_bytes * USABLE_MEMORY;
    let mut best: Option<Chosen> = None;
    let mut least = (f64::INFINITY, None);
    for layout in candidates {
        let Some(recompute) = lightest_that_fits(case, layout, room, &mut least) else { continue };
        let cost = step(case, laws, layout, recompute);
        let total = cost.time.total();
        if best.as_ref().is_none_or(|b| total < b.cost.time.total()) {
            best = Some(Chosen { layout, recompute, cost, fits: true });
        }
    }
    best.map(|chosen| answer::finish(case, &chosen)).ok_or_else(|| does_not_fit(case, room, least))
}

/// The stated layout of a case, costed whether or not it fits; policies that are not stated are
/// the lightest that fit, or none where none does.
///
/// # Errors
/// An unusable input, or a layout that is impossible or absent.
pub fn cost_training(
    case: &TrainingCase,
    laws: &TrainingLaws,
) -> Result<TrainingResult, WorkloadError> {
    check(case)?;
    let Some(layout) = case.layout else { return solve_training_with(case, laws) };
    let layout = layout.checked(case)?;
    let room = case.device.memory_bytes * USABLE_MEMORY;
    let fitting = lightest_that_fits(case, layout, room, &mut (f64::INFINITY, None));
    let recompute = fitting.or(case.recompute).unwrap_or(Recompute::None);
    let cost = step(case, laws, layout, recompute);
    Ok(answer::finish(case, &Chosen { layout, recompute, cost, fits: fitting.is_some() }))
}

fn check(case: &TrainingCase) -> Result<(), WorkloadError> {
    /// Dates between which a stack can lie, years.
    const YEARS: (f64, f64) = (2017.0, 2100.0);
    case.device.check()?;
    case.model.check()?;
    let software = case.options.software;
    in_range("gpus", f64::from(case.gpus), 1.0, 1e7)?;
    in_range("sequence_tokens", case.sequence_tokens, 1.0, 1e8)?;
    in_range("global_batch", f64::from(case.global_batch), 1.0, 1e9)?;
    in_range("fabric_factor", case.fabric_factor, f64::MIN_POSITIVE, 1.0)?;
    in_range("storage_read_byte_s", case.storage_read_byte_s.unwrap_or(1.0), 1.0, 1e18)?;
    in_range("read_bytes_per_token", case.read_bytes_per_token, 0.0, 1e9)?;
    in_range("options.software.year", software.year, YEARS.0, YEARS.1)?;
    in_range("options.software.tensor_exposed", software.tensor_exposed.unwrap_or(0.0), 0.0, 1.0)
}

/// The policy of the case, or the lightest recompute that fits in `room` bytes.
fn lightest_that_fits(
    case: &TrainingCase,
    layout: TrainingLayout,
    room: f64,
    least: &mut (f64, Option<TrainingLayout>),
) -> Option<Recompute> {
    const ALL: [Recompute; 3] = [Recompute::None, Recompute::Selective, Recompute::Full];
    ALL.into_iter().filter(|p| case.recompute.is_none_or(|stated| stated == *p)).find(|policy| {
        let needed = memory(case, layout, *policy).total();
        if needed < least.0 {
            *least = (needed, Some(layout));
        }
        needed <= room
    })
}

fn doublings(most: u32) -> impl Iterator<Item = u32> {
    (0..32).map(|bit| 1u32 << bit).take_while(move |n| *n <= most)
}

/// Depths worth trying: doublings, and divisors of the number of layers.
fn depths(case: &TrainingCase) -> Vec<u32> {
    let layers = case.model.layers;
    let most = DEEPEST_PIPELINE.min(layers);
    (1..=most).filter(|p| p.is_power_of_two() || layers.is_multiple_of(*p)).collect()
}

/// Every layout worth costing.
pub(super) fn layouts(case: &TrainingCase) -> Vec<TrainingLayout> {
    let domain = case.device.scale_up_domain;
    let alone = case.device.nic_byte_s <= 0.0;
    let gpus = if alone { case.gpus.min(domain) } else { case.gpus };
    let mut found = Vec::new();
    let sequences_cut = (case.sequence_tokens / FEWEST_LOCAL_TOKENS).clamp(1.0, 1e6) as u32;
    for tensor in doublings(WIDEST_TENSOR.min(domain).min(gpus)) {
        for pipeline in depths(case) {
            for context in doublings(WIDEST_CONTEXT.min(sequences_cut)) {
                let base = TrainingLayout { tensor, pipeline, context, ..TrainingLayout::SINGLE };
                let replicas = gpus / base.replica_gpus();
                if replicas == 0 {
                    break;
                }
                for micro_batch in doublings(LARGEST_MICRO_BATCH.min(case.global_batch)) {
                    let data = replicas.min(case.global_batch / micro_batch);
                    let one = TrainingLayout { micro_batch, data, ..base };
                    interleavings(case, one, &mut found);
                }
            }
        }
    }
    found
}

/// Adds `base` with every interleaving, sharding and division of experts.
fn interleavings(case: &TrainingCase, base: TrainingLayout, found: &mut Vec<TrainingLayout>) {
    let micro = case.global_batch / base.data.saturating_mul(base.micro_batch).max(1);
    let chunks = (case.model.layers / base.pipeline).min(MOST_CHUNKS);
    // The interleaved schedule needs as many micro-batches as stages.
    let most = if base.pipeline == 1 || micro < base.pipeline { 1 } else { chunks };
    let experts = case.model.moe.map_or(1, |e| e.experts.min(WIDEST_EXPERT));
    let ranks = base.tensor.saturating_mul(base.context).saturating_mul(base.data);
    for interleave in doublings(most) {
        for expert in doublings(experts.min(ranks)) {
            found.push(TrainingLayout { interleave, expert, ..base });
        }
    }
    let small = case.options.method != TrainingMethod::Full;
    if base.pipeline == 1 && base.data > 1 && (base.tensor == 1 || small) && experts == 1 {
        found.push(TrainingLayout { sharding: Sharding::Parameters, ..base });
    }
}

fn does_not_fit(
    case: &TrainingCase,
    room: f64,
    least: (f64, Option<TrainingLayout>),
) -> WorkloadError {
    const GB: f64 = 1e9;
    WorkloadError::DoesNotFit {
        model: case.model.name.clone(),
        device: case.device.name.clone(),
        gpus: least.1.map_or(0, |l| l.gpus()),
        layout: least.1.map_or_else(String::new, |l| l.label()),
        needed_gb: least.0 / GB,
        have_gb: room / GB,
    }
}
