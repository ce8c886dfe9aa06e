//! From a costed layout to what a person reads.

use super::super::serving_types::WorkloadLimit;
use super::super::split::TimeSplit;
use super::laws::ATTENTION_BACKWARD;
use super::layer::product_backward;
use super::layout::TrainingLayout;
use super::memory::OPTIMISER_BYTES;
use super::step::{StepCost, micro_batches};
use super::types::{Recompute, TrainingBasis, TrainingCase, TrainingResult};

/// Low and high multiple of the computed tokens/s between which 80 % of measured dense runs lie
/// when their device or their model was left out of the fit.
pub const TRAINING_ERROR_LOW_HIGH: (f64, f64) = (0.84, 1.30);
/// The same for mixtures of experts.
pub const EXPERT_ERROR_LOW_HIGH: (f64, f64) = (0.70, 1.30);
/// The same where class or kind of model was never measured. Assumption, wider than the above: the
/// one vendor with a single class, left out whole, was missed by a fifth.
pub const EXTRAPOLATED_ERROR_LOW_HIGH: (f64, f64) = (0.70, 1.45);

/// A layout and what it costs.
pub(super) struct Chosen {
    pub layout: TrainingLayout,
    pub recompute: Recompute,
    pub cost: StepCost,
    pub fits: bool,
}

fn batch_tokens(case: &TrainingCase) -> f64 {
    f64::from(case.global_batch) * case.sequence_tokens
}

/// The answer for `chosen`.
pub(super) fn finish(case: &TrainingCase, chosen: &Chosen) -> TrainingResult {
    let Chosen { layout, recompute, cost, fits } = chosen;
    let step_s = cost.time.total();
    let rate = batch_tokens(case) / step_s;
    let used = f64::from(layout.gpus());
    let peak = case.device.rated_flop_s(case.precision);
    let (useful, done) = step_flops(case, *recompute);
    let limit = cost.time.largest();
    let basis = basis(case);
    TrainingResult {
        layout: *layout,
        recompute: *recompute,
        gpus_idle: case.gpus - layout.gpus(),
        step_s,
        total_tok_s: rate,
        gpu_tok_s: rate / used,
        mfu: useful / (step_s * peak * used),
        hfu: done / (step_s * peak * used),
        peak_flop_s: peak,
        model_flop_s: useful / (step_s * used),
        hardware_flop_s: done / (step_s * used),
        split: cost.time,
        memory_bytes: cost.memory.total(),
        memory: cost.memory,
        fits: *fits,
        checkpoint_bytes: case.model.params().total() * OPTIMISER_BYTES,
        fabric_byte_s: cost.nic_bytes / step_s,
        storage_read_byte_s: read_need_byte_s(case, &cost.time),
        power_fraction: cost.time.power_fraction(case.device.clock_factor),
        limit,
        basis,
        band: band(case, basis),
        explanation: explain(case, chosen, limit),
    }
}

/// FLOPs of a step: useful to the model, and computed with recomputation. Attention that is not
/// fused computes all pairs of a sequence, and tables of its time count them as useful.
fn step_flops(case: &TrainingCase, recompute: Recompute) -> (f64, f64) {
    let count = case.model.params();
    let fused = case.options.software.fused_attention;
    let pairs = if fused { 1.0 } else { 2.0 };
    let sequences = f64::from(case.global_batch);
    let attention = pairs * case.model.prefill_attention_flops(case.sequence_tokens) * sequences;
    let product = 2.0 * batch_tokens(case) * count.active();
    let layers = 2.0 * batch_tokens(case) * (count.active() - count.head_active);
    let passes = 1.0 + product_backward(case.options.method);
    // Backward of attention is counted as two forwards, as published tables do.
    let useful = passes * product + 3.0 * attention;
    let scores_again = if fused { (ATTENTION_BACKWARD - 2.0) * attention } else { 0.0 };
    let again = match recompute {
        Recompute::Full => layers + attention,
        Recompute::Selective if !fused => attention,
        Recompute::Selective | Recompute::None => 0.0,
    };
    (useful, useful + scores_again + again)
}

/// Storage read that the job would draw if storage did not hold it back: the need, not what a
/// starved job is left with.
fn read_need_byte_s(case: &TrainingCase, time: &TimeSplit) -> f64 {
    let unstalled_s = time.total() - time.storage;
    if unstalled_s > 0.0 {
        batch_tokens(case) / unstalled_s * case.read_bytes_per_token
    } else {
        0.0
    }
}

/// Whether the class of device and the kind of model were among the fitted points.
fn basis(case: &TrainingCase) -> TrainingBasis {
    let usual = case.model.linear.is_none() && case.model.sparse.is_none();
    if case.options.class.is_measured() && usual {
        TrainingBasis::SameClass
    } else {
        TrainingBasis::Extrapolated
    }
}

fn band(case: &TrainingCase, basis: TrainingBasis) -> (f64, f64) {
    match (basis, case.model.moe) {
        (TrainingBasis::Extrapolated, _) => EXTRAPOLATED_ERROR_LOW_HIGH,
        (TrainingBasis::SameClass, Some(_)) => EXPERT_ERROR_LOW_HIGH,
        (TrainingBasis::SameClass, None) => TRAINING_ERROR_LOW_HIGH,
    }
}

fn explain(case: &TrainingCase, chosen: &Chosen, limit: WorkloadLimit) -> String {
    const PERCENT: f64 = 100.0;
    let share = chosen.cost.time.shares().part(limit) * PERCENT;
    let again = match chosen.recompute {
        Recompute::Full => ", layers recomputed to fit in memory",
        Recompute::Selective => ", norms and activations recomputed to fit in memory",
        Recompute::None => "",
    };
    format!(
        "{} on {} {}, {:.0} micro-batches a step{again}; {share:.0} % of the step goes to {}",
        chosen.layout.label(),
        chosen.layout.gpus(),
        case.device.name,
        micro_batches(case, chosen.layout),
        limit.label(),
    )
}
