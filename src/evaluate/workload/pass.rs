//! One pass of rows through the model on one replica.
//!
//! Unknowns: time of a decode step (one row per sequence) and of a prefill (all rows of a prompt),
//! per accelerator. With r rows per attention group, t-way tensor parallel, N = r × groups rows
//! at the experts, a layer is:
//!
//! - (1) projections: products of r rows with the weights of one rank; heads divide over t
//! - (2) attention: of r sequences over their caches, or causal over r new tokens
//! - (3) feed-forward, or router and experts: N rows of which each visits k experts
//! - (4) two all-reduces of r h values over t; where attention is data parallel, dispatch and
//!   combine over t × d ranks take the place of the second
//! - (5) element-wise kernels between them
//!
//! Times of kernels are those of the `kernels` laws, scaled by the `laws` of operation classes
//! inside engines.
//!
//! Validity: no overlap of links with arithmetic, experts as skewed as power-law routing of
//! exponent 1.2, no skew from layer to layer. References: Pope et al. 2022 (arXiv 2211.05102);
//! DeepSeek-V3 report (arXiv 2412.19437) for expert parallelism.

use super::arch::{Attention, ModelArch};
use super::device::{Device, Precision};
use super::kernels::{ExpertShape, Format, KernelTime, Kernels};
use super::laws::ClassLaw;
use super::links::Links;
use super::operation::{Operation, PassCost, overlapped};
use super::serving_types::{ServingLayout, ServingPrecision};

/// Bytes of an activation value (BF16).
pub(super) const ACTIVATION_BYTES: f64 = 2.0;
/// Rows from which isolated timings of products are those of arithmetic.
const TIMED_ROWS: f64 = 1024.0;
/// Shortest time that a kernel takes inside a captured graph, s.
const SHORTEST_LAUNCH_S: f64 = 1e-6;

/// A replica ready to be costed: everything that does not depend on the batch.
#[derive(Clone, Debug)]
pub struct Replica<'a> {
    pub(super) kernels: &'static Kernels,
    pub(super) laws: ClassLaw,
    pub(super) device: &'a Device,
    pub(super) model: &'a ModelArch,
    pub(super) precision: ServingPrecision,
    pub(super) layout: ServingLayout,
    pub(super) links: Links,
    /// Tensor-parallel width.
    pub(super) tensor: f64,
    /// Accelerators that share a layer's experts.
    pub(super) ranks: f64,
}

/// Rows that go through a pass, per attention group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    /// Rows of one group.
    pub group: f64,
    /// Sequences of one group.
    pub sequences: f64,
    /// Rows of all groups, as the experts see them.
    pub everywhere: f64,
    /// Rows of which the next token is wanted.
    pub head: f64,
    /// What attention does.
    pub work: AttentionWork,
}

impl Rows {
    /// Rows of one sequence.
    pub(super) fn each(&self) -> f64 {
        self.group / self.sequences
    }
}

/// What attention does in a pass.
#[derive(Clone, Copy, Debug)]
pub(super) enum AttentionWork {
    /// One new token per sequence over `context` cached ones.
    Decode {
        /// Cached tokens.
        context: f64,
    },
    /// The rows are new tokens of one prompt per sequence, each after `cached` known ones.
    Prefill {
        /// Known tokens.
        cached: f64,
    },
}

impl<'a> Replica<'a> {
    /// A replica of `model` in `layout` on `device`, its kernels scaled by `laws`.
    #[must_use]
    pub fn new(
        device: &'a Device,
        model: &'a ModelArch,
        precision: ServingPrecision,
        layout: ServingLayout,
        fabric_factor: f64,
        laws: ClassLaw,
    ) -> Self {
        Self {
            kernels: Kernels::shipped(),
            laws,
            device,
            model,
            precision,
            layout,
            links: Links::new(device, fabric_factor),
            tensor: f64::from(layout.tensor),
            ranks: f64::from(layout.tensor) * f64::from(layout.data),
        }
    }

    /// One decode step of `batch` sequences over the replica, each with `context` tokens, of which
    /// `rows_each` are computed (more than one when drafts are verified).
    #[must_use]
    pub fn decode(&self, batch: f64, context: f64, rows_each: f64) -> PassCost {
        let sequences = (batch / f64::from(self.layout.data)).max(1.0);
        let group = sequences * rows_each;
        let everywhere = batch.max(1.0) * rows_each;
        let work = AttentionWork::Decode { context };
        self.pass(Rows { group, sequences, everywhere, head: group, work })
    }

    /// Prefill of one prompt in each attention group: `tokens` new ones after `cached` found ones.
    #[must_use]
    pub fn prefill(&self, tokens: f64, cached: f64) -> PassCost {
        self.prefill_of(f64::from(self.layout.data), tokens, cached)
    }

    /// One pass that prefills `prompts` over the replica, spread over its attention groups; with
    /// fewer prompts than groups the experts see fewer rows.
    #[must_use]
    pub fn prefill_of(&self, prompts: f64, tokens: f64, cached: f64) -> PassCost {
        let sequences = (prompts / f64::from(self.layout.data)).max(1.0);
        let (group, everywhere) = (sequences * tokens, prompts * tokens);
        let work = AttentionWork::Prefill { cached };
        let mut cost = self.pass(Rows { group, sequences, everywhere, head: sequences, work });
        cost.time = cost.time * self.laws.prefill;
        cost.operations = cost.operations * self.laws.prefill;
        cost
    }

    fn pass(&self, rows: Rows) -> PassCost {
        let m = self.model;
        let layers = f64::from(m.layers);
        let linear_layers = m.linear.map_or(0.0, |l| f64::from(l.layers));
        let expert_layers = m.moe.map_or(0.0, |e| f64::from(e.layers));
        let mut sum = PassCost::default();
        self.projections(&mut sum, rows, m.cached_layers());
        self.attention(&mut sum, rows, m.cached_layers());
        self.linear_attention(&mut sum, rows, linear_layers);
        self.feed_forward(&mut sum, rows.group, f64::from(m.ffn), layers - expert_layers);
        self.experts(&mut sum, rows, expert_layers);
        self.elementwise(&mut sum, rows.group, layers);
        self.all_reduces(&mut sum, rows.group, layers);
        let columns = f64::from(m.vocab) / self.tensor;
        self.gemm(
            &mut sum,
            Operation::Head,
            Precision::Bf16,
            rows.head,
            columns,
            self.hidden(),
            1.0,
        );
        self.stage_hops(&mut sum, rows.group);
        sum
    }

    pub(super) fn hidden(&self) -> f64 {
        f64::from(self.model.hidden)
    }

    /// `times` products of `m` × `k` activations with `k` × `n` weights.
    pub(super) fn gemm(
        &self,
        sum: &mut PassCost,
        operation: Operation,
        precision: Precision,
        m: f64,
        n: f64,
        k: f64,
        times: f64,
    ) {
        if n <= 0.0 || k <= 0.0 || times <= 0.0 {
            return;
        }
        let bytes = n * k * precision.bytes() + m * (n + k) * ACTIVATION_BYTES;
        let time = self.product(precision, [m, n, k], bytes);
        sum.kernel(operation, time, times);
        sum.work(2.0 * m * n * k * times, bytes * times);
    }

    /// Time of one product inside an engine. Isolated timings of few rows in 8 and 4 bits are mostly
    /// those of turning activations into that format, which engines fuse into the kernel before:
    /// few rows stream the weights as fast as 16-bit ones do, many run at the timed rate.
    fn product(&self, precision: Precision, [m, n, k]: [f64; 3], bytes: f64) -> KernelTime {
        let many = m.max(TIMED_ROWS);
        let timed = self.kernels.gemm(self.device, self.format(precision), many, n, k);
        let compute_s = (timed.compute_s + timed.memory_s) * (m / many);
        let memory_s = bytes / (self.device.memory_byte_s * self.laws.stream_share);
        let quantise = if precision == Precision::Bf16 { 0.0 } else { self.laws.quantise_us };
        let overhead_s = (self.laws.launch_us + quantise) * 1e-6;
        let both = overlapped(compute_s, memory_s);
        if compute_s > memory_s {
            KernelTime { compute_s: both, overhead_s, ..KernelTime::default() }
        } else {
            KernelTime { memory_s: both, overhead_s, ..KernelTime::default() }
        }
    }

    /// Number format of kernels for weights in `precision`. Expert models and latent attention are
    /// published in FP8 with a scale per 128 × 128 block, dense ones with a scale per tensor.
    pub(super) fn format(&self, precision: Precision) -> Format {
        let latent = matches!(self.model.attention, Attention::Mla { .. });
        match precision {
            Precision::Fp8 if latent || self.model.moe.is_some() => Format::Fp8Block,
            other => other.into(),
        }
    }

    /// Time of the routed experts of one layer. 4-bit experts beside 16-bit layers are MXFP4
    /// (gpt-oss), multiplied in 8 bits where there are 4-bit units. Where there are none, 4-bit
    /// weights are widened on the way: the kernel timed for that is one engine's fall-back, so
    /// 8-bit kernels stand in, with the bytes of 4 bits and the arithmetic of 16.
    pub(super) fn grouped(&self, shape: &ExpertShape) -> KernelTime {
        let (d, precision) = (self.device, self.precision.experts);
        let mixed = self.precision.dense == Precision::Bf16;
        let mut time = match precision {
            Precision::Fp4 if d.fp4_flop_s.is_none() => {
                let wide = self.kernels.experts(d, Format::Fp8Block, shape);
                let narrow = Format::Fp4Weights.stored_bytes() / Format::Fp8Block.stored_bytes();
                let slower = d.flop_s(Precision::Fp8) / d.flop_s(Precision::Bf16);
                KernelTime {
                    memory_s: wide.memory_s * narrow,
                    compute_s: wide.compute_s * slower,
                    ..wide
                }
            }
            Precision::Fp4 if mixed => self.kernels.experts(d, Format::Fp4Fp8, shape),
            other => self.kernels.experts(d, self.format(other), shape),
        };
        time.overhead_s = (time.overhead_s - self.laws.experts_fused_us * 1e-6)
            .max(SHORTEST_LAUNCH_S.min(time.overhead_s));
        time * self.laws.experts
    }

    /// A timed kernel as it runs inside an engine's captured graph.
    pub(super) fn inside(&self, time: KernelTime, scale: f64) -> KernelTime {
        let launch = time.overhead_s - self.laws.hidden_launch_us * 1e-6;
        KernelTime { overhead_s: launch.max(SHORTEST_LAUNCH_S.min(time.overhead_s)), ..time }
            * scale
    }

    fn elementwise(&self, sum: &mut PassCost, rows: f64, layers: f64) {
        /// Share of memory bandwidth of element-wise kernels (assumption; copies reach 0.85-0.9).
        const BANDWIDTH: f64 = 0.75;
        /// Residual-width rows that the kernels of a layer read and write.
        const PASSES: f64 = 8.0;
        /// Kernels of a layer: two norms with residuals, rotary embedding, activation.
        const PLAIN: f64 = 3.0;
        /// More where attention is latent: norms of both compressed streams, cache write.
        const LATENT: f64 = 3.0;
        /// More where there are experts: router's top k, shared experts' sum.
        const ROUTED: f64 = 2.0;
        let latent = matches!(self.model.attention, Attention::Mla { .. });
        let kernels = PLAIN
            + if latent { LATENT } else { 0.0 }
            + if self.model.moe.is_some() { ROUTED } else { 0.0 };
        let bytes = rows * self.hidden() * PASSES * ACTIVATION_BYTES;
        let time = KernelTime {
            memory_s: bytes / (self.device.memory_byte_s * BANDWIDTH),
            overhead_s: kernels * self.laws.elementwise_us * 1e-6,
            ..KernelTime::default()
        };
        sum.kernel(Operation::Elementwise, time, layers);
        sum.work(0.0, bytes * layers);
    }

    /// The hops between pipeline stages. A stage holds 1/p of the layers: work and traffic per
    /// accelerator divide, time does not.
    fn stage_hops(&self, sum: &mut PassCost, rows: f64) {
        let hops = f64::from(self.layout.pipeline.saturating_sub(1));
        if hops <= 0.0 {
            return;
        }
        let bytes = rows * self.hidden() * ACTIVATION_BYTES / self.tensor;
        let wide = self.layout.gpus() > self.device.scale_up_domain;
        sum.collective(Operation::Exchange, &self.links.send(bytes, wide), hops);
        sum.flops /= hops + 1.0;
        sum.bytes /= hops + 1.0;
        sum.nic_bytes /= hops + 1.0;
    }
}
