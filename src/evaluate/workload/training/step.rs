//! One optimiser step of a layout: time, memory, traffic.
//!
//! With m micro-batches, p stages of v interleaved chunks, d data-parallel replicas:
//!
//! - (1) T = (m + (p − 1)/v) t_stage + exposed gradient exchange + optimiser + storage
//! - (2) t_stage = layers of the fullest stage × t_layer + head, where layers do not divide the
//!   ends hold one less; t_layer joins kernels and their launch
//! - (3) gradients: reduce-scatter, and all-gather of weights, over d; what one micro-batch does
//!   not hide is exposed, and a fitted share in any case. Fully sharded weights are gathered for
//!   each pass of each micro-batch.
//! - (4) MFU = (6 N_active + 3 attention FLOPs per token) × tokens / (T n P)
//!
//! References: Narayanan et al. 2021 (arXiv 2104.04473), Korthikanti et al. 2022 (arXiv
//! 2205.05198), Rajbhandari et al. 2020 (ZeRO, arXiv 1910.02054).

use super::super::split::TimeSplit;
use super::comm::{Exchange, Wires};
use super::laws::{ELEMENTWISE_BANDWIDTH, TrainingLaws};
use super::layer::{self, LayerCost};
use super::layout::{Sharding, TrainingLayout};
use super::memory::{adapter_params, local_params, memory};
use super::types::{Recompute, TrainingCase, TrainingMemory, TrainingMethod};

/// Bytes moved per parameter by the optimiser: FP32 master, two moments read and written, gradient
/// read, BF16 copy written.
const OPTIMISER_TRAFFIC: f64 = 28.0;
/// Share of the step that can hide gathers of fully sharded weights (assumption).
const SHARDED_HIDES: f64 = 0.7;
/// Bytes of a gradient on the wire.
const GRADIENT_BYTES: f64 = 2.0;

/// What a step of one layout takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepCost {
    /// Time, s, by what bounds it.
    pub time: TimeSplit,
    /// Memory needed per accelerator.
    pub memory: TrainingMemory,
    /// Bytes through each NIC in a step.
    pub nic_bytes: f64,
}

/// Micro-batches of a step (m).
#[must_use]
pub fn micro_batches(case: &TrainingCase, layout: TrainingLayout) -> f64 {
    let sequences = f64::from(layout.data) * f64::from(layout.micro_batch);
    (f64::from(case.global_batch) / sequences).ceil().max(1.0)
}

/// Costs a step of `layout`, equations (1) to (3).
#[must_use]
pub fn step(
    case: &TrainingCase,
    laws: &TrainingLaws,
    layout: TrainingLayout,
    recompute: Recompute,
) -> StepCost {
    let wires = Wires::of(case, laws);
    let cost = layer::layer(case, laws, layout, recompute);
    let sends = stage_sends(case, laws, layout, &wires);
    let one = stage(case, layout, &cost) + sends.split();
    let m = micro_batches(case, layout);
    let bubble = f64::from(layout.pipeline - 1) / f64::from(layout.interleave) * one.total();
    let (gradients, hides) = gradient_exchange(case, layout, &wires, m);
    let hidden_by = match hides {
        Hides::OneMicroBatch => one.total(),
        Hides::Step => SHARDED_HIDES * (m * one.total() + bubble),
    };
    let longest = gradients.total_s();
    let exposed = (longest - hidden_by).max(0.0) + laws.gradient_exposed * longest.min(hidden_by);
    let share = exposed / longest.max(f64::MIN_POSITIVE);
    let mut time = one * m + gradients.exposed(share).split();
    time.bubble += bubble;
    time.memory += optimiser_s(case, layout);
    time.storage = storage_stall_s(case, time.total());
    let layers = f64::from(case.model.layers) / f64::from(layout.pipeline);
    StepCost {
        time,
        memory: memory(case, layout, recompute),
        nic_bytes: (cost.nic_bytes * layers + sends.nic_bytes) * m + gradients.nic_bytes,
    }
}

/// The slowest stage, by (2).
fn stage(case: &TrainingCase, layout: TrainingLayout, cost: &LayerCost) -> TimeSplit {
    let layers = f64::from(case.model.layers) / f64::from(layout.pipeline);
    if layers.fract() == 0.0 {
        return cost.time * layers + cost.head;
    }
    let full = cost.time * layers.ceil();
    let last = cost.time * (layers.ceil() - 1.0) + cost.head;
    if last.total() > full.total() { last } else { full }
}

/// Sends between stages for one micro-batch, forward and backward.
fn stage_sends(
    case: &TrainingCase,
    laws: &TrainingLaws,
    layout: TrainingLayout,
    wires: &Wires,
) -> Exchange {
    if layout.pipeline <= 1 {
        return Exchange::default();
    }
    let h = f64::from(case.model.hidden);
    let bytes = layer::local_tokens(case, layout) * h * 2.0 / f64::from(layout.tensor);
    // The domain holds whole stages next to each other only if all of a replica fits in it.
    let replica = f64::from(layout.replica_gpus());
    let one = wires.send(bytes, replica);
    one.times(2.0 * f64::from(layout.interleave)).exposed(laws.pipeline_exposed)
}

/// What can hide an exchange.
enum Hides {
    OneMicroBatch,
    Step,
}

/// Gradients and weights over the replicas, by (3).
fn gradient_exchange(
    case: &TrainingCase,
    layout: TrainingLayout,
    wires: &Wires,
    m: f64,
) -> (Exchange, Hides) {
    let frozen = matches!(case.options.method, TrainingMethod::Lora { .. });
    let (dense, experts) = local_params(&case.model, layout);
    let weight_bytes = case.precision.bytes().max(1.0);
    let replicas = f64::from(layout.data) * f64::from(layout.context);
    let stride = f64::from(layout.tensor);
    if layout.sharding == Sharding::Parameters {
        let learnt = if frozen { 0.0 } else { GRADIENT_BYTES };
        let bytes = (dense + experts) * (2.0 * weight_bytes + learnt);
        return (wires.gather(bytes, replicas, stride).times(m), Hides::Step);
    }
    if let TrainingMethod::Lora { rank } = case.options.method {
        let adapters =
            adapter_params(&case.model, rank) / f64::from(layout.tensor * layout.pipeline);
        return (wires.gather(adapters * 4.0, replicas, stride), Hides::OneMicroBatch);
    }
    let bytes = GRADIENT_BYTES + weight_bytes;
    let mut sum = wires.gather(dense * bytes, replicas, stride);
    if experts > 0.0 {
        let e = f64::from(layout.expert.max(1));
        let ranks = (replicas * f64::from(layout.tensor) / e).max(1.0);
        sum = sum.plus(&wires.gather(experts * bytes, ranks, e));
    }
    (sum, Hides::OneMicroBatch)
}

fn optimiser_s(case: &TrainingCase, layout: TrainingLayout) -> f64 {
    let params = match case.options.method {
        TrainingMethod::Lora { rank } => adapter_params(&case.model, rank),
        TrainingMethod::Full => case.model.params().total(),
    };
    let over = match layout.sharding {
        Sharding::None => layout.tensor * layout.pipeline,
        _ => layout.gpus(),
    };
    let bandwidth = case.device.memory_byte_s * ELEMENTWISE_BANDWIDTH;
    params / f64::from(over) * OPTIMISER_TRAFFIC / bandwidth
}

/// Time by which the storage's reads outlast the step.
fn storage_stall_s(case: &TrainingCase, step_s: f64) -> f64 {
    let bytes = f64::from(case.global_batch) * case.sequence_tokens * case.read_bytes_per_token;
    match case.storage_read_byte_s {
        Some(rate) if bytes > 0.0 => (bytes / rate.max(f64::MIN_POSITIVE) - step_s).max(0.0),
        _ => 0.0,
    }
}
