//! One optimiser step of a layout: time, memory, traffic.
//!
//! With m micro-batches of q tokens, p stages of v interleaved chunks, d data-parallel replicas:
//!
//! - (1) T = (m + (p − 1) / v) (t_f + t_b + t_r) + exposed gradient exchange + optimiser + storage
//! - (2) t_b = 2 t_f for products, 2.5 t_f for attention; t_r = t_f under full recompute
//! - (3) tensor parallel: an all-gather and a reduce-scatter around attention and feed-forward,
//!   forward and backward; experts: dispatch and combine; a share of both is hidden
//! - (4) gradients: reduce-scatter and parameters all-gather over d (optimiser state sharded),
//!   hidden behind one micro-batch and the bubble
//! - (5) memory = 4 N/(t p) + 12 N/(t p d) + activations of the micro-batches in flight
//! - (6) MFU = (6 N_active + 3 attention FLOPs per token) × tokens / (T n P)
//!
//! Validity: first order; even stages, no context parallelism, no expert drop. References:
//! Narayanan et al. 2021 (arXiv 2104.04473), Korthikanti et al. 2022 (arXiv 2205.05198).

use super::super::arch::{Attention, ModelArch};
use super::super::efficiency::{self as eff, OpClass};
use super::super::links::{Collective, Links};
use super::super::split::TimeSplit;
use super::types::{Recompute, TrainingCase, TrainingLayout};

/// Chunks per stage of the interleaved schedule (v); usual setting where layers allow.
const INTERLEAVE: f64 = 2.0;
/// Attention backward over forward: five products instead of two (FlashAttention-2, arXiv
/// 2307.08691).
const ATTENTION_BACKWARD: f64 = 2.5;
/// Backward over forward of matrix products: gradients of inputs and of weights.
const GEMM_BACKWARD: f64 = 2.0;
/// Residual-width values that element-wise kernels of a layer move per token, forward
/// (assumption: norms, residuals, rotary embedding, activation, transposes and casts).
const ELEMENTWISE_PASSES: f64 = 20.0;
/// Share of tensor-parallel exchange that chunked overlap leaves exposed (assumption).
const TENSOR_EXPOSED: f64 = 0.7;
/// Share of the experts' exchange left exposed (assumption; DeepSeek-V3 hides nearly all of it,
/// common stacks little).
const EXPERT_EXPOSED: f64 = 0.8;
/// Share of stage-to-stage sends left exposed by the interleaved schedule (assumption).
const PIPELINE_EXPOSED: f64 = 0.3;
/// Share of the gradient exchange that stays exposed however long the step (first and last
/// bucket; assumption).
const GRADIENT_EXPOSED: f64 = 0.1;
/// Bytes moved per parameter by the optimiser: FP32 master, two moments read and written, gradient
/// read, BF16 copy written.
const OPTIMISER_TRAFFIC: f64 = 28.0;
/// Bytes per parameter of weights and gradients in BF16.
const WEIGHT_AND_GRADIENT_BYTES: f64 = 4.0;
/// Bytes per parameter of optimiser state, sharded over data-parallel replicas.
pub const OPTIMISER_BYTES: f64 = 12.0;
/// Bytes per activation value.
const ACTIVATION_BYTES: f64 = 2.0;
/// Stored bytes per token and residual value of a layer outside its feed-forward; with a plain
/// four-fold feed-forward the sum is Korthikanti's 34.
const STORED_PER_HIDDEN: f64 = 18.0;
/// The same under selective recompute (norms, activation and scores are redone): queries, keys,
/// values and attention output in BF16; the inputs of the two product groups come on top.
const STORED_SELECTIVE: f64 = 5.0;
/// Inputs of product groups kept per layer (before attention, before the feed-forward).
const PRODUCT_INPUTS: f64 = 2.0;
/// Share of memory that a training job may fill (fragmentation and library buffers; assumption).
const USABLE_MEMORY: f64 = 0.90;
/// Runtime and collective buffers, bytes (as for serving).
const RUNTIME_BYTES: f64 = 4.2e9;

/// What a step of one layout takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepCost {
    /// Time, s, by what bounds it.
    pub time: TimeSplit,
    /// Memory needed per accelerator, bytes.
    pub memory: f64,
    /// Bytes through each NIC in a step.
    pub nic_bytes: f64,
}

/// Forward pass of one micro-batch on one stage.
#[derive(Clone, Copy, Debug, Default)]
struct Forward {
    products: TimeSplit,
    attention: TimeSplit,
    exchange: Collective,
}

/// Memory that a training job may use on each accelerator, bytes.
#[must_use]
pub fn usable_memory(case: &TrainingCase) -> f64 {
    case.device.memory_bytes * USABLE_MEMORY - RUNTIME_BYTES
}

/// Micro-batches of a step (m).
#[must_use]
pub fn micro_batches(case: &TrainingCase, layout: TrainingLayout) -> f64 {
    let sequences = f64::from(layout.data) * f64::from(layout.micro_batch);
    (f64::from(case.global_batch) / sequences).ceil().max(1.0)
}

/// Costs a step of `layout`, equations (1) to (5).
#[must_use]
pub fn step(case: &TrainingCase, layout: TrainingLayout, recompute: Recompute) -> StepCost {
    let forward = forward(case, layout);
    let again = if recompute == Recompute::Full { 1.0 } else { 0.0 };
    let redone = TimeSplit {
        memory: if recompute == Recompute::Selective { forward.products.memory } else { 0.0 },
        ..TimeSplit::default()
    };
    let one = redone
        + forward.products * (1.0 + GEMM_BACKWARD + again)
        + forward.attention * (1.0 + ATTENTION_BACKWARD + again)
        + forward.exchange.time * (2.0 + again);
    let m = micro_batches(case, layout);
    let p = f64::from(layout.pipeline);
    let interleave = INTERLEAVE.min(f64::from(case.model.layers) / p).max(1.0);
    let bubble = (p - 1.0) / interleave * one.total();
    let gradients = gradient_exchange(case, layout);
    let hidden_by = one.total() + bubble;
    let longest = gradients.time.total();
    let exposed = (longest - hidden_by).max(GRADIENT_EXPOSED * longest);
    let mut time = one * m + gradients.time * (exposed / longest.max(f64::MIN_POSITIVE));
    time.bubble += bubble;
    time.memory += optimiser_s(case, layout);
    time.storage = storage_stall_s(case, time.total());
    StepCost {
        time,
        memory: memory(case, layout, recompute),
        nic_bytes: forward.exchange.nic_bytes * (2.0 + again) * m + gradients.nic_bytes,
    }
}

/// Tokens of a micro-batch.
fn micro_tokens(case: &TrainingCase, layout: TrainingLayout) -> f64 {
    case.sequence_tokens * f64::from(layout.micro_batch)
}

fn forward(case: &TrainingCase, layout: TrainingLayout) -> Forward {
    let m = &case.model;
    let q = micro_tokens(case, layout);
    let (t, p) = (f64::from(layout.tensor), f64::from(layout.pipeline));
    let count = m.params();
    let dense = count.attention + count.dense_ffn + count.head_active;
    let mut products = products(case, OpClass::Gemm, q, 2.0 * q * dense / (t * p));
    if let Some(e) = m.moe {
        let ranks = t * f64::from(layout.data);
        let rows = q / t * ranks * f64::from(e.experts_per_token) / f64::from(e.experts);
        let skew = if layout.expert > 1 { eff::EXPERT_IMBALANCE } else { 1.0 };
        // Grouped products see the rows of all ranks that share an expert.
        let rows = rows * f64::from(layout.expert) / ranks;
        let flops = 2.0 * q * count.routed_active / (t * p) * skew;
        products += self::products(case, OpClass::Experts, rows, flops);
        products.memory += expert_rows_s(case, layout, q);
    }
    let layers = f64::from(m.layers) / p;
    let moved = layers * q * f64::from(m.hidden) * ELEMENTWISE_PASSES * ACTIVATION_BYTES / t;
    products.memory += moved / (case.device.memory_byte_s * eff::ELEMENTWISE_BANDWIDTH);
    Forward { products, attention: attention(case, layout), exchange: exchange(case, layout) }
}

/// Permutation and intermediate rows of the experts, which cross memory.
fn expert_rows_s(case: &TrainingCase, layout: TrainingLayout, q: f64) -> f64 {
    let Some(e) = case.model.moe else { return 0.0 };
    let (t, p) = (f64::from(layout.tensor), f64::from(layout.pipeline));
    let values =
        eff::EXPERT_ROW_PASSES * f64::from(case.model.hidden) + 3.0 * f64::from(e.expert_ffn);
    let rows = q * f64::from(e.experts_per_token) * f64::from(e.layers) / (t * p);
    let bandwidth = case.device.memory_byte_s * eff::ELEMENTWISE_BANDWIDTH;
    rows * values * ACTIVATION_BYTES / bandwidth
}

fn products(case: &TrainingCase, class: OpClass, rows: f64, flops: f64) -> TimeSplit {
    let share = eff::compute_efficiency(&case.device, class, case.precision, rows);
    let compute = flops / (case.device.flop_s(case.precision) * share);
    TimeSplit { compute, ..TimeSplit::default() }
}

fn attention(case: &TrainingCase, layout: TrainingLayout) -> TimeSplit {
    let m = &case.model;
    let sequences = f64::from(layout.micro_batch);
    let flops = m.prefill_attention_flops(case.sequence_tokens) * sequences
        / (f64::from(layout.tensor) * f64::from(layout.pipeline));
    let launch = flops * f64::from(layout.pipeline) / m.cached_layers().max(1.0);
    let share = eff::prefill_attention_efficiency(launch);
    let compute = flops / (case.device.flop_s(super::super::device::Precision::Bf16) * share);
    TimeSplit { compute, ..TimeSplit::default() }
}

/// Exposed exchange of one forward pass of a micro-batch on one stage, by (3).
fn exchange(case: &TrainingCase, layout: TrainingLayout) -> Collective {
    let m = &case.model;
    let (t, p) = (f64::from(layout.tensor), f64::from(layout.pipeline));
    let links = Links::new(&case.device, case.fabric_factor);
    let bytes = micro_tokens(case, layout) * f64::from(m.hidden) * ACTIVATION_BYTES;
    let layers = f64::from(m.layers) / p;
    let mut tensor = links.gather_or_scatter(bytes, t).scaled(4.0 * layers * TENSOR_EXPOSED);
    if layout.pipeline > 1 {
        let far = layout.gpus() > case.device.scale_up_domain;
        let chunks = INTERLEAVE.min(layers).max(1.0);
        tensor = tensor.plus(&links.send(bytes / t, far).scaled(chunks * PIPELINE_EXPOSED));
    }
    let Some(e) = m.moe else { return tensor };
    let copies = bytes / t * f64::from(e.experts_per_token);
    let moves = 2.0 * f64::from(e.layers) / p * EXPERT_EXPOSED;
    let experts = links.all_to_all(copies, f64::from(layout.expert)).scaled(moves);
    tensor.plus(&experts)
}

/// Parameters on one accelerator: (dense, experts).
fn local_params(model: &ModelArch, layout: TrainingLayout) -> (f64, f64) {
    let (t, p) = (f64::from(layout.tensor), f64::from(layout.pipeline));
    let count = model.params();
    let dense = (count.total() - count.routed_experts) / (t * p);
    (dense, count.routed_experts / (f64::from(layout.expert.max(1)) * p))
}

/// Gradient reduce-scatter and parameter all-gather over the replicas, by (4).
fn gradient_exchange(case: &TrainingCase, layout: TrainingLayout) -> Collective {
    let links = Links::new(&case.device, case.fabric_factor);
    let (dense, experts) = local_params(&case.model, layout);
    let inside = f64::from(case.device.scale_up_domain) / f64::from(layout.tensor);
    let d = f64::from(layout.data);
    let mut sum = links.all_reduce_over(dense * ACTIVATION_BYTES, d, inside);
    if experts > 0.0 {
        let ranks = d * f64::from(layout.tensor) / f64::from(layout.expert.max(1));
        let near = f64::from(case.device.scale_up_domain) / f64::from(layout.expert.max(1));
        sum = sum.plus(&links.all_reduce_over(experts * ACTIVATION_BYTES, ranks, near));
    }
    sum
}

fn optimiser_s(case: &TrainingCase, layout: TrainingLayout) -> f64 {
    let bandwidth = case.device.memory_byte_s * eff::ELEMENTWISE_BANDWIDTH;
    let all = case.model.params().total() / f64::from(layout.gpus());
    all * OPTIMISER_TRAFFIC / bandwidth
}

/// Time by which the storage's reads outlast the step.
fn storage_stall_s(case: &TrainingCase, step_s: f64) -> f64 {
    let bytes = f64::from(case.global_batch) * case.sequence_tokens * case.read_bytes_per_token;
    match case.storage_read_byte_s {
        Some(rate) if bytes > 0.0 => (bytes / rate.max(f64::MIN_POSITIVE) - step_s).max(0.0),
        _ => 0.0,
    }
}

fn memory(case: &TrainingCase, layout: TrainingLayout, recompute: Recompute) -> f64 {
    let m = &case.model;
    let (t, p) = (f64::from(layout.tensor), f64::from(layout.pipeline));
    let (dense, experts) = local_params(m, layout);
    let states = (dense + experts) * WEIGHT_AND_GRADIENT_BYTES
        + m.params().total() * OPTIMISER_BYTES / f64::from(layout.gpus());
    let q = micro_tokens(case, layout);
    let h = f64::from(m.hidden);
    let kept = q * stored_per_token(case, recompute) / t;
    let inputs = q * h * ACTIVATION_BYTES / t;
    let layers = f64::from(m.layers);
    // The first stage holds p micro-batches in flight, so all layers' worth, and a little more
    // when interleaved.
    let in_flight = layers * (1.0 + (p - 1.0) / (p * INTERLEAVE));
    let activations = match recompute {
        Recompute::Full => in_flight * inputs + kept,
        Recompute::None | Recompute::Selective => in_flight * kept,
    };
    let logits = q * f64::from(m.vocab) * 2.0 * ACTIVATION_BYTES / t;
    states + activations + logits
}

/// Activation bytes kept per token and layer unless whole layers are recomputed.
fn stored_per_token(case: &TrainingCase, recompute: Recompute) -> f64 {
    let m = &case.model;
    let active = match m.moe {
        Some(e) => f64::from(e.expert_ffn) * f64::from(e.experts_per_token + e.shared_experts),
        None => f64::from(m.ffn),
    };
    let wide = match m.attention {
        Attention::Mla { heads, v_dim, .. } => f64::from(heads) * f64::from(v_dim),
        Attention::Gqa { .. } => 0.0,
    };
    let h = f64::from(m.hidden);
    let (layer, ffn_values) = match recompute {
        Recompute::None => (STORED_PER_HIDDEN * h, if m.gated { 3.0 } else { 2.0 }),
        Recompute::Selective | Recompute::Full => {
            let inputs = PRODUCT_INPUTS * case.precision.bytes().max(1.0);
            ((STORED_SELECTIVE + inputs) * h, if m.gated { 2.0 } else { 1.0 })
        }
    };
    layer + ffn_values * ACTIVATION_BYTES * active + 2.0 * wide * ACTIVATION_BYTES
}
