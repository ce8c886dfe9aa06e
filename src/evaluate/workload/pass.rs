//! One pass of rows through the model on one replica: the operations of a layer, costed.
//!
//! Unknowns: time of a decode step (one row per sequence) and of a prefill (all rows of a prompt),
//! per accelerator. With r rows per attention group, t-way tensor parallel, N = r × groups rows
//! at the experts:
//!
//! - (1) time of an operation = roofline(F / (P η), Q / (W η_m)) + launch
//! - (2) projections and feed-forwards: F = 2 r p / t, Q = p w / t + activations
//! - (3) decode attention: Q = sequences × cached bytes read; F = 2 r width × tokens read
//! - (4) experts: weights read E (1 − (1 − k/E)^N) of E, work N k, each over the t × d ranks
//! - (5) two all-reduces of r h values per layer over t; dispatch and combine over t × d when
//!   attention is data parallel
//!
//! Validity: first order. No overlap of links with arithmetic in inference, no speculation, no
//! layer-level skew beyond a fixed imbalance. References: Pope et al. 2022 (arXiv 2211.05102);
//! DeepSeek-V3 report (arXiv 2412.19437) for expert parallelism.

use super::arch::{Attention, ModelArch};
use super::device::{Device, Precision};
use super::efficiency::{self as eff, OpClass};
use super::links::{Collective, Links};
use super::serving_types::{ServingLayout, ServingPrecision};
use super::split::TimeSplit;

/// Bytes of an activation value (BF16).
const ACTIVATION_BYTES: f64 = 2.0;
/// Bytes of a dispatched activation value: FP8, as DeepEP sends it.
const DISPATCH_BYTES: f64 = 1.0;
/// Element-wise kernels of a layer: two norms with residuals, rotary embedding, gate.
const ELEMENTWISE_KERNELS: f64 = 3.0;
/// Residual-width rows that those kernels read and write.
const ELEMENTWISE_PASSES: f64 = 8.0;
/// FLOPs per token and state value of a chunked linear attention (update, decay and read).
const LINEAR_FLOPS_PER_STATE: f64 = 6.0;

/// Cost of a pass, per accelerator.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PassCost {
    /// Time by what bounds it, s.
    pub time: TimeSplit,
    /// Arithmetic done, FLOP.
    pub flops: f64,
    /// Memory traffic, bytes.
    pub bytes: f64,
    /// Bytes sent through the NIC.
    pub nic_bytes: f64,
}

impl PassCost {
    fn add(&mut self, other: &Self, times: f64) {
        self.time += other.time * times;
        self.flops += other.flops * times;
        self.bytes += other.bytes * times;
        self.nic_bytes += other.nic_bytes * times;
    }

    fn add_collective(&mut self, c: &Collective) {
        self.time += c.time;
        self.nic_bytes += c.nic_bytes;
    }
}

/// A replica ready to be costed: everything that does not depend on the batch.
#[derive(Clone, Debug)]
pub struct Replica<'a> {
    device: &'a Device,
    model: &'a ModelArch,
    precision: ServingPrecision,
    layout: ServingLayout,
    links: Links,
    tensor: f64,
    ranks: f64,
    attention_params: f64,
    linear_params: f64,
}

/// What attention does in a pass, per attention group and layer-mean.
#[derive(Clone, Copy, Debug)]
struct AttentionWork {
    time_full: PassCost,
}

impl<'a> Replica<'a> {
    /// A replica of `model` in `layout` on `device`.
    #[must_use]
    pub fn new(
        device: &'a Device,
        model: &'a ModelArch,
        precision: ServingPrecision,
        layout: ServingLayout,
        fabric_factor: f64,
    ) -> Self {
        Self {
            device,
            model,
            precision,
            layout,
            links: Links::new(device, fabric_factor),
            tensor: f64::from(layout.tensor),
            ranks: f64::from(layout.tensor) * f64::from(layout.data),
            attention_params: model.attention_params(),
            linear_params: model.linear_params(),
        }
    }

    /// One decode step of `batch` sequences over the replica, each with `context` tokens.
    #[must_use]
    pub fn decode(&self, batch: f64, context: f64) -> PassCost {
        let rows = (batch / f64::from(self.layout.data)).max(1.0);
        self.pass(rows, batch, rows, self.decode_attention(rows, context), self.linear_decode(rows))
    }

    /// Prefill of one prompt in each attention group: `tokens` new ones after `cached` found ones.
    #[must_use]
    pub fn prefill(&self, tokens: f64, cached: f64) -> PassCost {
        let everywhere = tokens * f64::from(self.layout.data);
        let attention = self.prefill_attention(tokens, cached);
        self.pass(tokens, everywhere, 1.0, attention, self.linear_prefill(tokens))
    }

    fn pass(
        &self,
        rows: f64,
        expert_rows: f64,
        head_rows: f64,
        attention: AttentionWork,
        linear: PassCost,
    ) -> PassCost {
        let m = self.model;
        let mut sum = PassCost::default();
        sum.add(&attention.time_full, m.cached_layers());
        sum.add(&self.projections(rows, self.attention_params), m.cached_layers());
        if let Some(l) = m.linear {
            sum.add(&self.projections(rows, self.linear_params), f64::from(l.layers));
            sum.add(&linear, f64::from(l.layers));
        }
        let layers = f64::from(m.layers);
        let moe_layers = m.moe.map_or(0.0, |e| f64::from(e.layers));
        sum.add(&self.dense_ffn(rows, f64::from(m.ffn)), layers - moe_layers);
        if moe_layers > 0.0 {
            sum.add(&self.expert_layer(rows, expert_rows), moe_layers);
        }
        sum.add(&self.elementwise(rows), layers);
        sum.add(&self.all_reduce(rows), layers);
        sum.add(&self.head(head_rows), 1.0);
        self.add_stage_hops(&mut sum, rows);
        sum
    }

    fn op(&self, class: OpClass, prec: Precision, rows: f64, flops: f64, bytes: f64) -> PassCost {
        let peak = self.device.flop_s(prec);
        let compute_s = flops / (peak * eff::compute_efficiency(self.device, class, prec, rows));
        let share = match class {
            OpClass::Gemm => eff::GEMM_BANDWIDTH,
            OpClass::Experts => eff::EXPERT_BANDWIDTH,
        };
        self.bounded(compute_s, bytes / (self.device.memory_byte_s * share), flops, bytes)
    }

    fn bounded(&self, compute_s: f64, memory_s: f64, flops: f64, bytes: f64) -> PassCost {
        let total = eff::roofline_s(compute_s, memory_s);
        let mut time = TimeSplit::default();
        if compute_s > memory_s {
            time.compute = total;
        } else {
            time.memory = total;
        }
        PassCost { time, flops, bytes, nic_bytes: 0.0 }
    }

    /// Dense matrix products of `params` parameters in `launches` kernels, by (2).
    fn gemm(&self, rows: f64, params: f64, launches: f64, values_per_row: f64) -> PassCost {
        let prec = self.precision.dense;
        let local = params / self.tensor;
        let flops = 2.0 * rows * local;
        let bytes = local * prec.bytes() + rows * values_per_row * ACTIVATION_BYTES;
        let mut cost = self.op(OpClass::Gemm, prec, rows, flops, bytes);
        cost.time.overhead += launches * eff::gemm_launch_s(prec);
        cost
    }

    fn projections(&self, rows: f64, params: f64) -> PassCost {
        let h = f64::from(self.model.hidden);
        let launches = match self.model.attention {
            Attention::Gqa { .. } => 2.0,
            Attention::Mla { .. } => 4.0,
        };
        self.gemm(rows, params, launches, 2.0 * h + params / h / self.tensor)
    }

    fn dense_ffn(&self, rows: f64, ffn: f64) -> PassCost {
        let h = f64::from(self.model.hidden);
        self.gemm(rows, self.model.ffn_params(ffn), 2.0, 2.0 * h + 3.0 * ffn / self.tensor)
    }

    /// Router, shared experts and routed experts of one layer with their exchange, by (4), (5).
    fn expert_layer(&self, rows: f64, expert_rows: f64) -> PassCost {
        let Some(e) = self.model.moe else { return PassCost::default() };
        let (h, f) = (f64::from(self.model.hidden), f64::from(e.expert_ffn));
        let (k, experts) = (f64::from(e.experts_per_token), f64::from(e.experts));
        let one = self.model.ffn_params(f);
        let draws = expert_rows * eff::EXPERT_DRAWS_PER_TOKEN;
        let touched = (experts * (1.0 - (1.0 - k / experts).powf(draws))).max(k.min(experts));
        let skew = if self.layout.expert > 1 { eff::EXPERT_IMBALANCE } else { 1.0 };
        let prec = self.precision.experts;
        let flops = 2.0 * expert_rows * k * one / self.ranks * skew;
        let width = f64::from(self.layout.expert.max(1));
        let routed_rows = expert_rows * k / width * skew;
        let slice = f * width / self.ranks;
        let rows_bytes = routed_rows * (eff::EXPERT_ROW_PASSES * h + 3.0 * slice);
        let weights = (touched * skew).min(experts) * one / self.ranks * prec.bytes();
        let bytes = weights + rows_bytes * ACTIVATION_BYTES;
        let rows_per_expert = expert_rows * k / touched.max(1.0);
        let mut cost = self.op(OpClass::Experts, prec, rows_per_expert, flops, bytes);
        cost.time.overhead += eff::EXPERT_LAUNCH_S;
        if e.shared_experts > 0 {
            cost.add(&self.dense_ffn(rows, f * f64::from(e.shared_experts)), 1.0);
        }
        if self.layout.data > 1 {
            self.add_exchange(&mut cost, rows, k);
        }
        cost
    }

    fn add_exchange(&self, cost: &mut PassCost, rows: f64, k: f64) {
        let h = f64::from(self.model.hidden);
        let copies = rows / self.tensor * k.min(self.ranks) * h;
        cost.add_collective(&self.links.all_to_all(copies * DISPATCH_BYTES, self.ranks));
        cost.add_collective(&self.links.all_to_all(copies * ACTIVATION_BYTES, self.ranks));
    }

    fn elementwise(&self, rows: f64) -> PassCost {
        let bytes = rows * f64::from(self.model.hidden) * ELEMENTWISE_PASSES * ACTIVATION_BYTES;
        let bandwidth = self.device.memory_byte_s * eff::ELEMENTWISE_BANDWIDTH;
        let mut cost = self.bounded(0.0, bytes / bandwidth, 0.0, bytes);
        cost.time.overhead += ELEMENTWISE_KERNELS * eff::ELEMENTWISE_LAUNCH_S;
        cost
    }

    /// The all-reduces of one layer, by (5): one after attention, one after the feed-forward
    /// unless the experts' exchange takes its place.
    fn all_reduce(&self, rows: f64) -> PassCost {
        let bytes = rows * f64::from(self.model.hidden) * ACTIVATION_BYTES;
        let one = self.links.all_reduce(bytes, self.tensor);
        let mut cost = PassCost::default();
        cost.add_collective(&one);
        if self.layout.data == 1 || self.model.moe.is_none() {
            cost.add_collective(&one);
        }
        cost
    }

    fn head(&self, rows: f64) -> PassCost {
        let params = f64::from(self.model.vocab) * f64::from(self.model.hidden) / self.tensor;
        let bytes = params * Precision::Bf16.bytes();
        self.op(OpClass::Gemm, Precision::Bf16, rows, 2.0 * rows * params, bytes)
    }

    fn add_stage_hops(&self, sum: &mut PassCost, rows: f64) {
        let hops = f64::from(self.layout.pipeline.saturating_sub(1));
        let bytes = rows * f64::from(self.model.hidden) * ACTIVATION_BYTES / self.tensor;
        let wide = self.layout.gpus() > self.device.scale_up_domain;
        for _ in 0..self.layout.pipeline.saturating_sub(1) {
            sum.add_collective(&self.links.send(bytes, wide));
        }
        // A stage holds 1/p of the layers: work and traffic per accelerator divide, time does not.
        let stages = hops + 1.0;
        sum.flops /= stages;
        sum.bytes /= stages;
        sum.nic_bytes /= stages;
    }

    /// Mean decode attention of a cached layer, by (3).
    fn decode_attention(&self, sequences: f64, context: f64) -> AttentionWork {
        let m = self.model;
        let layers = m.cached_layers().max(1.0);
        let read = m.attended_token_layers(context) / layers;
        let index = m.sparse.map_or(0.0, |s| f64::from(s.dim));
        let values = (m.cache_values_per_token_layer(self.tensor) - index) * read
            + index * m.cached_token_layers(context) / layers;
        let bytes = sequences * values * self.precision.kv_cache.bytes();
        let flops = 2.0 * sequences * m.attention_width(true) * read / self.tensor;
        let peak = self.device.flop_s(Precision::Bf16) * eff::LATENT_DECODE_COMPUTE;
        let memory_s = bytes / (self.device.memory_byte_s * eff::DECODE_ATTENTION_BANDWIDTH);
        let mut time_full = self.bounded(flops / peak, memory_s, flops, bytes);
        time_full.time.overhead += eff::DECODE_ATTENTION_LAUNCH_S;
        AttentionWork { time_full }
    }

    fn prefill_attention(&self, tokens: f64, cached: f64) -> AttentionWork {
        let m = self.model;
        let layers = m.cached_layers().max(1.0);
        let all = m.prefill_attention_flops(tokens + cached) - m.prefill_attention_flops(cached);
        let flops = all / layers / self.tensor;
        let values = m.cache_values_per_token_layer(self.tensor) * (2.0 * tokens + cached);
        let bytes = values * self.precision.kv_cache.bytes();
        let share = eff::prefill_attention_efficiency(flops);
        let compute_s = flops / (self.device.flop_s(Precision::Bf16) * share);
        let memory_s = bytes / (self.device.memory_byte_s * eff::ELEMENTWISE_BANDWIDTH);
        let mut time_full = self.bounded(compute_s, memory_s, flops, bytes);
        time_full.time.overhead += eff::PREFILL_ATTENTION_LAUNCH_S;
        AttentionWork { time_full }
    }

    /// State update of one linear layer for one token of each sequence: the state is read and
    /// written.
    fn linear_decode(&self, sequences: f64) -> PassCost {
        let layers = self.model.linear.map_or(1.0, |l| f64::from(l.layers).max(1.0));
        let state = self.model.state_bytes() / layers / self.tensor;
        let bytes = 2.0 * sequences * state;
        let bandwidth = self.device.memory_byte_s * eff::ELEMENTWISE_BANDWIDTH;
        let mut cost = self.bounded(0.0, bytes / bandwidth, 0.0, bytes);
        cost.time.overhead += eff::DECODE_ATTENTION_LAUNCH_S;
        cost
    }

    fn linear_prefill(&self, tokens: f64) -> PassCost {
        let Some(l) = self.model.linear else { return PassCost::default() };
        let state = f64::from(l.value_heads) * f64::from(l.key_dim) * f64::from(l.value_dim);
        let flops = LINEAR_FLOPS_PER_STATE * tokens * state / self.tensor;
        let share = eff::prefill_attention_efficiency(flops);
        let compute_s = flops / (self.device.flop_s(Precision::Bf16) * share);
        let mut cost = self.bounded(compute_s, 0.0, flops, 0.0);
        cost.time.overhead += eff::PREFILL_ATTENTION_LAUNCH_S;
        cost
    }
}
