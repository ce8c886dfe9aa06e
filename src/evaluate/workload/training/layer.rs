//! What one micro-batch costs in one layer: arithmetic, traffic, exchange, launches.

use super::super::arch::{Attention, ModelArch};
use super::super::device::Precision;
use super::super::split::TimeSplit;
use super::comm::{Exchange, Wires};
use super::laws::{ATTENTION_BACKWARD, ELEMENTWISE_BANDWIDTH, HOST_NORM, TrainingLaws};
use super::layout::TrainingLayout;
use super::types::{Recompute, TrainingCase, TrainingMethod};

/// Bytes of an activation value.
const ACTIVATION_BYTES: f64 = 2.0;
/// Share of the element-wise traffic that only sequence parallelism divides (norms, residuals).
const REPLICATED_ELEMENTWISE: f64 = 0.5;
/// Traffic of backward over forward of element-wise kernels: values and their gradients.
const ELEMENTWISE_BACKWARD: f64 = 2.0;
/// The same with a frozen base.
const FROZEN_ELEMENTWISE_BACKWARD: f64 = 1.6;
/// Share of routed bytes that skips the fabric since a token goes once to each domain
/// (assumption: node-limited routing as in DeepSeek-V3).
const SPARED_BY_DOMAIN: f64 = 0.4;
/// Bytes per logit moved by the loss: written, read, gradient written and read in 32 bits.
const LOSS_BYTES: f64 = 16.0;

/// Mean layer of the model, for one micro-batch on one accelerator.
#[derive(Clone, Copy, Debug)]
pub struct LayerCost {
    /// Forward, backward and recomputed, s.
    pub time: TimeSplit,
    /// Head and loss on the last stage, s.
    pub head: TimeSplit,
    /// Bytes through each NIC.
    pub nic_bytes: f64,
}

/// Parts of a forward pass of the mean layer.
struct Forward {
    products_s: f64,
    attention_s: f64,
    scores_s: f64,
    elementwise_s: f64,
    tensor: Exchange,
    context: Exchange,
    experts: Exchange,
}

/// Tokens of a micro-batch on one accelerator of a context-parallel group.
#[must_use]
pub fn local_tokens(case: &TrainingCase, layout: TrainingLayout) -> f64 {
    case.sequence_tokens * f64::from(layout.micro_batch) / f64::from(layout.context)
}

/// Passes over the products in backward: gradients of inputs, and of weights where they learn.
#[must_use]
pub const fn product_backward(method: TrainingMethod) -> f64 {
    match method {
        TrainingMethod::Full => 2.0,
        TrainingMethod::Lora { .. } => 1.0,
    }
}

/// Costs the mean layer of `case` under `layout`.
#[must_use]
pub fn layer(
    case: &TrainingCase,
    laws: &TrainingLaws,
    layout: TrainingLayout,
    recompute: Recompute,
) -> LayerCost {
    let f = forward(case, laws, layout);
    let frozen = case.options.method != TrainingMethod::Full;
    let fused = case.options.software.fused_attention;
    let again = if recompute == Recompute::Full { 1.0 } else { 0.0 };
    let core_again = if recompute == Recompute::Selective && !fused { 1.0 } else { again };
    let passes = 1.0 + product_backward(case.options.method) + again;
    let attention_back = if fused { ATTENTION_BACKWARD } else { 2.0 };
    let small = if frozen { FROZEN_ELEMENTWISE_BACKWARD } else { ELEMENTWISE_BACKWARD };
    let selective = recompute == Recompute::Selective && fused;
    let redone = if selective { 0.5 } else { again };
    let exchange = f.tensor.times(2.0 + again);
    let exchange = exchange.plus(&f.context.times(3.0 + again));
    let exchange = exchange.plus(&f.experts.times(2.0 + again));
    let kernels = TimeSplit {
        compute: f.products_s * passes + f.attention_s * (1.0 + attention_back + core_again),
        memory: f.scores_s * (3.0 + core_again) + f.elementwise_s * (1.0 + small + redone),
        ..exchange.split()
    };
    let host = host_s(case, laws);
    let total = kernels.total();
    let joined = (total.powf(HOST_NORM) + host.powf(HOST_NORM)).powf(1.0 / HOST_NORM);
    LayerCost {
        time: TimeSplit { overhead: (joined - total).max(0.0), ..kernels },
        head: head(case, laws, layout),
        nic_bytes: exchange.nic_bytes,
    }
}

fn host_s(case: &TrainingCase, laws: &TrainingLaws) -> f64 {
    match case.model.moe {
        Some(_) => laws.expert_host_s * laws.expert_pace(&case.options),
        None => laws.dense_host_s,
    }
}

fn forward(case: &TrainingCase, laws: &TrainingLaws, layout: TrainingLayout) -> Forward {
    let m = &case.model;
    let layers = f64::from(m.layers);
    let (t, q) = (f64::from(layout.tensor), local_tokens(case, layout));
    let wires = Wires::of(case, laws);
    let experts = expert_share_of_layers(m);
    let pairs = if case.options.software.fused_attention { 1.0 } else { 2.0 };
    let attention_flops =
        pairs * m.prefill_attention_flops(case.sequence_tokens) * f64::from(layout.micro_batch)
            / (layers * t * f64::from(layout.context));
    let (routed_s, rows_s) = routed(case, laws, layout, q);
    Forward {
        products_s: products(case, laws, layout, q) + experts * routed_s,
        attention_s: attention_flops / laws.attention_flop_s(&case.device, &case.options),
        scores_s: scores_s(case, laws, layout, q),
        elementwise_s: elementwise_s(case, laws, layout, q) + experts * rows_s,
        tensor: tensor_exchange(case, laws, layout, &wires),
        context: context_exchange(case, laws, layout, &wires),
        experts: expert_exchange(case, laws, layout, &wires).times(experts),
    }
}

/// Share of the layers that have experts.
fn expert_share_of_layers(m: &ModelArch) -> f64 {
    m.moe.map_or(0.0, |e| f64::from(e.layers) / f64::from(m.layers))
}

/// Plain products: attention's, the dense feed-forward's, shared experts'.
fn products(case: &TrainingCase, laws: &TrainingLaws, layout: TrainingLayout, q: f64) -> f64 {
    /// Matrices among which the attention's parameters divide: queries, keys, values, output.
    const ATTENTION_MATRICES: f64 = 4.0;
    let m = &case.model;
    let count = m.params();
    let (t, h, layers) = (f64::from(layout.tensor), f64::from(m.hidden), f64::from(m.layers));
    let rate = laws.gemm_flop_s(&case.device, case.precision, &case.options);
    let time = |params: f64, columns: f64| {
        2.0 * q * params / t / (rate * laws.size_share(q, h, columns / t))
    };
    let attention = count.attention / layers;
    let mut all = time(attention, attention / (ATTENTION_MATRICES * h));
    let dense_layers = 1.0 - expert_share_of_layers(m);
    if dense_layers > 0.0 && m.ffn > 0 {
        let ffn = f64::from(m.ffn);
        all += dense_layers * time(m.ffn_params(ffn), ffn);
    }
    if let Some(e) = m.moe {
        let width = f64::from(e.shared_experts) * f64::from(e.expert_ffn);
        let router = h * f64::from(e.experts);
        let columns = width.max(f64::from(e.expert_ffn));
        all += (1.0 - dense_layers) * time(m.ffn_params(width) + router, columns);
    }
    all
}

/// Routed experts of a layer that has them: their products, and the rows they move.
fn routed(case: &TrainingCase, laws: &TrainingLaws, layout: TrainingLayout, q: f64) -> (f64, f64) {
    /// Times that a row of an expert's width crosses memory.
    const WIDE_PASSES: f64 = 4.0;
    let Some(e) = case.model.moe else { return (0.0, 0.0) };
    let (t, h) = (f64::from(layout.tensor), f64::from(case.model.hidden));
    let (k, width) = (f64::from(e.experts_per_token), f64::from(e.expert_ffn));
    let pace = laws.expert_pace(&case.options).powf(laws.expert_pace_exponent);
    let rows = q * k * f64::from(layout.expert) / f64::from(e.experts);
    let rate = laws.gemm_flop_s(&case.device, case.precision, &case.options) * laws.expert_share;
    let flops = 2.0 * q * k * case.model.ffn_params(width) / t;
    let products = pace * flops / (rate * laws.size_share(rows, h, width));
    let bytes = q / t * k * (laws.row_passes * h + WIDE_PASSES * width) * ACTIVATION_BYTES;
    (products, pace * bytes / (case.device.memory_byte_s * ELEMENTWISE_BANDWIDTH))
}

fn scores_s(case: &TrainingCase, laws: &TrainingLaws, layout: TrainingLayout, q: f64) -> f64 {
    if case.options.software.fused_attention {
        return 0.0;
    }
    let values = q * case.sequence_tokens * heads(&case.model) / f64::from(layout.tensor);
    let bandwidth = case.device.memory_byte_s * ELEMENTWISE_BANDWIDTH;
    values * ACTIVATION_BYTES * laws.score_passes / bandwidth
}

/// Query heads.
#[must_use]
pub fn heads(m: &ModelArch) -> f64 {
    match m.attention {
        Attention::Gqa { heads, .. } | Attention::Mla { heads, .. } => f64::from(heads),
    }
}

fn elementwise_s(case: &TrainingCase, laws: &TrainingLaws, layout: TrainingLayout, q: f64) -> f64 {
    let m = &case.model;
    let t = f64::from(layout.tensor);
    let divided = if case.options.software.sequence_parallel {
        1.0 / t
    } else {
        (1.0 - REPLICATED_ELEMENTWISE) / t + REPLICATED_ELEMENTWISE
    };
    let narrow = laws.elementwise_passes * q * f64::from(m.hidden) * divided;
    let share = expert_share_of_layers(m);
    let shared = m.moe.map_or(0.0, |e| f64::from(e.shared_experts) * f64::from(e.expert_ffn));
    let width = (1.0 - share) * f64::from(m.ffn) + share * shared;
    let wide = q * width * if m.gated { 4.0 } else { 3.0 } / t;
    let bandwidth = case.device.memory_byte_s * ELEMENTWISE_BANDWIDTH;
    (narrow + wide) * ACTIVATION_BYTES / bandwidth
}

/// Two gathers and two scatters of the residual around attention and feed-forward.
fn tensor_exchange(
    case: &TrainingCase,
    laws: &TrainingLaws,
    layout: TrainingLayout,
    wires: &Wires,
) -> Exchange {
    let bytes = local_tokens(case, layout) * f64::from(case.model.hidden) * ACTIVATION_BYTES;
    let exposed = case.options.software.tensor_exposed.unwrap_or(laws.tensor_exposed);
    wires.gather(bytes, f64::from(layout.tensor), 1.0).times(4.0).exposed(exposed)
}

/// Keys and values of the rest of the sequence.
fn context_exchange(
    case: &TrainingCase,
    laws: &TrainingLaws,
    layout: TrainingLayout,
    wires: &Wires,
) -> Exchange {
    if layout.context <= 1 {
        return Exchange::default();
    }
    let (t, c) = (f64::from(layout.tensor), f64::from(layout.context));
    let width = case.model.cache_values_per_token_layer(t);
    let bytes = local_tokens(case, layout) * (c - 1.0) * width * ACTIVATION_BYTES;
    // A ring: whoever of it crosses the fabric holds up the rest.
    let far = if t * c > wires.domain { f64::INFINITY } else { 1.0 };
    wires.send(bytes, far).exposed(laws.context_exposed)
}

/// Dispatch and combine.
fn expert_exchange(
    case: &TrainingCase,
    laws: &TrainingLaws,
    layout: TrainingLayout,
    wires: &Wires,
) -> Exchange {
    let Some(e) = case.model.moe else { return Exchange::default() };
    let copies =
        local_tokens(case, layout) / f64::from(layout.tensor) * f64::from(e.experts_per_token);
    let bytes = copies * f64::from(case.model.hidden) * ACTIVATION_BYTES;
    let pace = laws.expert_pace(&case.options).powf(laws.expert_pace_exponent);
    let one = wires.all_to_all(bytes, f64::from(layout.expert), SPARED_BY_DOMAIN);
    one.times(2.0).exposed(laws.expert_exposed * pace)
}

fn head(case: &TrainingCase, laws: &TrainingLaws, layout: TrainingLayout) -> TimeSplit {
    let m = &case.model;
    let (t, q) = (f64::from(layout.tensor), local_tokens(case, layout));
    let (h, vocab) = (f64::from(m.hidden), f64::from(m.vocab));
    let rate = laws.gemm_flop_s(&case.device, Precision::Bf16, &case.options);
    let passes = 1.0 + product_backward(case.options.method);
    let flops = 2.0 * q * vocab * h / t * passes;
    let bandwidth = case.device.memory_byte_s * ELEMENTWISE_BANDWIDTH;
    TimeSplit {
        compute: flops / (rate * laws.size_share(q, h, vocab / t)),
        memory: q * vocab * LOSS_BYTES / t / bandwidth,
        ..TimeSplit::default()
    }
}
