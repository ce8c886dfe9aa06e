//! What an accelerator of a training job must hold.
//!
//! Per parameter of a stage: weights 2 bytes, gradients 2, optimiser 12 (master copy and two
//! moments in 32 bits), each divided over the replicas as the sharding says. Activations follow
//! Korthikanti et al. 2022 (arXiv 2205.05198) with the widths spelt out: per token and layer
//!
//! - (1) outside the tensor-parallel region 10 h, divided by t only with sequence parallelism
//! - (2) inside 2 (q + 2 kv + q) + 2 × (2, gated 3) f, divided by t
//! - (3) 5 a s more where attention is unfused and not recomputed
//!
//! times the layers in flight of the first stage, L (1 + (p−1)/(p v)) when v > 1.

use super::super::arch::{Attention, ModelArch};
use super::super::device::Precision;
use super::layer::{heads, local_tokens};
use super::layout::{Sharding, TrainingLayout};
use super::types::{Recompute, TrainingCase, TrainingMemory, TrainingMethod};

/// Bytes per parameter of weights, and as many of gradients, in BF16.
const BF16_BYTES: f64 = 2.0;
/// Bytes per parameter of optimiser state.
pub const OPTIMISER_BYTES: f64 = 12.0;
/// Runtime and collective buffers, bytes (as for serving).
pub const RUNTIME_BYTES: f64 = 4.2e9;
/// Share of memory that a job may fill (fragmentation; assumption).
pub const USABLE_MEMORY: f64 = 0.95;
/// Bytes per logit: BF16 and a 32-bit gradient.
const LOGIT_BYTES: f64 = 6.0;
/// Bytes per hidden value kept outside the tensor-parallel region, of Korthikanti's 34.
const OUTER_BYTES: f64 = 10.0;
/// The same without dropout, whose masks take 2.
const OUTER_WITHOUT_DROPOUT_BYTES: f64 = 8.0;
/// The same when norms are recomputed: the residual and its sum after attention.
const OUTER_SELECTIVE_BYTES: f64 = 4.0;
/// Bytes per score of unfused attention: softmax output, dropout mask and dropped scores.
const SCORE_BYTES: f64 = 5.0;

/// Parameters on one accelerator of a stage: (dense, experts).
#[must_use]
pub fn local_params(model: &ModelArch, layout: TrainingLayout) -> (f64, f64) {
    let (t, p) = (f64::from(layout.tensor), f64::from(layout.pipeline));
    let count = model.params();
    let dense = (count.total() - count.routed_experts) / (t * p);
    (dense, count.routed_experts / (f64::from(layout.expert.max(1)) * p))
}

/// Parameters of low-rank adapters on every plain product of the model.
#[must_use]
pub fn adapter_params(model: &ModelArch, rank: u32) -> f64 {
    /// Adapted products of a layer (queries, keys, values and output), each with two factors.
    const FACTORS: f64 = 8.0;
    FACTORS * f64::from(rank) * f64::from(model.hidden) * f64::from(model.layers)
}

/// Memory of the fullest accelerator.
#[must_use]
pub fn memory(case: &TrainingCase, layout: TrainingLayout, recompute: Recompute) -> TrainingMemory {
    let (dense, experts) = local_params(&case.model, layout);
    let replicas = f64::from(layout.data) * f64::from(layout.context);
    let expert_replicas =
        (replicas * f64::from(layout.tensor) / f64::from(layout.expert.max(1))).max(1.0);
    let divided = |least: Sharding| {
        let (d, e) =
            if layout.sharding >= least { (replicas, expert_replicas) } else { (1.0, 1.0) };
        dense / d + experts / e
    };
    let (activations, logits) = activations(case, layout, recompute);
    let mut sum = TrainingMemory {
        weights: divided(Sharding::Parameters) * BF16_BYTES,
        gradients: divided(Sharding::Gradients) * BF16_BYTES,
        optimiser: divided(Sharding::Optimiser) * OPTIMISER_BYTES,
        activations,
        logits,
        runtime: RUNTIME_BYTES,
    };
    if let TrainingMethod::Lora { rank } = case.options.method {
        let adapters =
            adapter_params(&case.model, rank) / f64::from(layout.tensor * layout.pipeline);
        sum.weights =
            divided(Sharding::Parameters) * case.precision.bytes().max(1.0) + adapters * BF16_BYTES;
        sum.gradients = adapters * BF16_BYTES;
        sum.optimiser = adapters * OPTIMISER_BYTES;
    }
    sum
}

/// Activations and logits of the fullest stage, bytes.
fn activations(case: &TrainingCase, layout: TrainingLayout, recompute: Recompute) -> (f64, f64) {
    let q = local_tokens(case, layout);
    let (t, p) = (f64::from(layout.tensor), f64::from(layout.pipeline));
    let kept = q * kept_per_token(case, layout, recompute);
    let sequence = if case.options.software.sequence_parallel { t } else { 1.0 };
    let input = q * f64::from(case.model.hidden) * BF16_BYTES / sequence;
    let stage = f64::from(case.model.layers) / p;
    let extra =
        if layout.interleave > 1 { (p - 1.0) / (p * f64::from(layout.interleave)) } else { 0.0 };
    let micro = super::step::micro_batches(case, layout);
    let flights = (p * (1.0 + extra)).min(micro);
    let held = |flights: f64| match recompute {
        Recompute::Full => stage * flights * input + kept,
        Recompute::None | Recompute::Selective => stage * flights * kept,
    };
    let logits = q * f64::from(case.model.vocab) * LOGIT_BYTES / t;
    let (first, last) = (held(flights), held((1.0 + extra).min(micro)) + logits);
    if layout.pipeline == 1 {
        (first, logits)
    } else if last > first {
        (last - logits, logits)
    } else {
        (first, 0.0)
    }
}

/// Bytes kept per token and layer on one accelerator, by (1) to (3).
fn kept_per_token(case: &TrainingCase, layout: TrainingLayout, recompute: Recompute) -> f64 {
    let m = &case.model;
    let (h, t) = (f64::from(m.hidden), f64::from(layout.tensor));
    let software = case.options.software;
    let cheap = recompute == Recompute::Selective && software.fused_attention;
    let outer = match (software.fused_attention, cheap) {
        (_, true) => OUTER_SELECTIVE_BYTES,
        (true, false) => OUTER_WITHOUT_DROPOUT_BYTES,
        (false, false) => OUTER_BYTES,
    };
    let sequence = if software.sequence_parallel { t } else { 1.0 };
    let frozen = case.options.method != TrainingMethod::Full;
    // A frozen feed-forward needs no input of its last product, and recipes of adapters keep what
    // its activation reads in the products' own format.
    let inner = if frozen { case.precision.bytes().max(1.0) } else { BF16_BYTES };
    let feed_forward = inner * feed_forward_width(m, cheap || frozen);
    let wide = BF16_BYTES * attention_width(m) + feed_forward;
    let scores = if software.fused_attention || recompute == Recompute::Selective {
        0.0
    } else {
        SCORE_BYTES * heads(m) * case.sequence_tokens
    };
    outer * h / sequence + (wide + scores) / t + routed_bytes(case, layout, cheap)
}

/// Values kept of queries, keys, values and attention output.
fn attention_width(m: &ModelArch) -> f64 {
    match m.attention {
        Attention::Gqa { heads, kv_heads, head_dim, .. } => {
            2.0 * f64::from(head_dim) * (f64::from(heads) + f64::from(kv_heads))
        }
        Attention::Mla { heads, nope_dim, rope_dim, v_dim, .. } => {
            2.0 * f64::from(heads) * (f64::from(nope_dim) + f64::from(rope_dim) + f64::from(v_dim))
        }
    }
}

/// Values kept of the dense feed-forward or shared experts, mean over layers.
fn feed_forward_width(m: &ModelArch, cheap: bool) -> f64 {
    let experts = m.moe.map_or(0.0, |e| f64::from(e.layers) / f64::from(m.layers));
    let shared = m.moe.map_or(0.0, |e| f64::from(e.shared_experts) * f64::from(e.expert_ffn));
    copies(m, cheap) * ((1.0 - experts) * f64::from(m.ffn) + experts * shared)
}

/// Values kept per unit of a feed-forward's width.
fn copies(m: &ModelArch, cheap: bool) -> f64 {
    let all = if m.gated { 3.0 } else { 2.0 };
    if cheap { all - 1.0 } else { all }
}

/// Bytes kept of routed rows: their inputs and inner values, balanced over ranks.
fn routed_bytes(case: &TrainingCase, layout: TrainingLayout, cheap: bool) -> f64 {
    let m = &case.model;
    let Some(e) = m.moe else { return 0.0 };
    let rows = f64::from(e.experts_per_token) * f64::from(e.layers) / f64::from(m.layers);
    let inner = copies(m, cheap) * f64::from(e.expert_ffn) * BF16_BYTES;
    let input = if case.precision == Precision::Bf16 { BF16_BYTES } else { 1.0 };
    rows * (input * f64::from(m.hidden) + inner) / f64::from(layout.tensor)
}
