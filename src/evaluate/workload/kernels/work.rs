//! What a kernel has to do, as times at the speed of light of a device, and its sizes: products.

use super::super::device::Device;
use super::class::MOST_AXES;
use super::format::Format;
use super::time::KernelTime;

/// What limits a kernel beside arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Streams {
    /// Accelerator memory.
    Memory,
    /// Links between accelerators.
    Links,
}

/// Roofline times of one kernel on one device, and the sizes that its efficiency depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    /// Arithmetic at peak, s (expert exchanges: scale-up traffic).
    pub compute_s: f64,
    /// Traffic at peak bandwidth, s.
    pub stream_s: f64,
    /// What streams.
    pub streams: Streams,
    /// Serial steps.
    pub steps: f64,
    /// log₂ of the sizes of the class.
    pub sizes: [f64; MOST_AXES],
}

impl Work {
    /// Time of a kernel that reaches every peak.
    pub fn at_the_speed_of_light(&self) -> KernelTime {
        let time = self.compute_s.max(self.stream_s);
        let mut split = KernelTime::default();
        match self.streams {
            Streams::Links => split.link_s = time,
            Streams::Memory if self.compute_s > self.stream_s => split.compute_s = time,
            Streams::Memory => split.memory_s = time,
        }
        split
    }
}

/// Bytes of an activation, 16-bit.
pub(super) const ACTIVATION: f64 = 2.0;
/// Depth of a product over which its serial steps are counted: one pass of the main loop per
/// step would do as well, the fit finds the time of a step.
const DEPTH_STEP: f64 = 1024.0;
/// Distinct experts that a routed row is worth under power-law routing of exponent 1.2: timings at
/// 64 tokens of 8 in 256 take 0.78 of balanced ones (the tables correct the rest).
const SKEWED_DRAWS: f64 = 0.56;

/// log₂ of a size, counting anything below 2⁻¹⁰ as that.
pub(super) fn log(size: f64) -> f64 {
    size.max(1.0 / 1024.0).log2()
}

/// m × k activations times k × n weights.
pub(super) fn gemm(device: &Device, format: Format, m: f64, n: f64, k: f64) -> Work {
    let bytes =
        n * k * format.stored_bytes() + m * k * format.activation_bytes() + m * n * ACTIVATION;
    Work {
        compute_s: 2.0 * m * n * k / format.flop_s(device),
        stream_s: bytes / device.memory_byte_s,
        streams: Streams::Memory,
        steps: k / DEPTH_STEP,
        sizes: [log(m), log(n), log(k), 0.0, 0.0],
    }
}

/// A layer of experts as one rank sees it.
#[derive(Clone, Copy, Debug)]
pub struct ExpertShape {
    /// Tokens routed over all ranks that share the experts, before each is sent to its experts.
    pub tokens: f64,
    /// Width of the residual stream.
    pub hidden: f64,
    /// Width of one expert on this rank: the whole divided by its tensor parallelism.
    pub inter: f64,
    /// Experts per token.
    pub top_k: f64,
    /// Experts of the layer, over all ranks.
    pub experts: f64,
    /// Ranks over which whole experts are divided.
    pub ranks: f64,
    /// Whether some experts are far more popular than others.
    pub skewed: bool,
}

/// Routing, both grouped products (the first gated) and the weighted sum on one rank.
pub(super) fn experts(device: &Device, format: Format, shape: &ExpertShape) -> Work {
    let ranks = shape.ranks.max(1.0);
    let own = (shape.experts / ranks).max(1.0);
    let rows = shape.tokens * shape.top_k / ranks;
    let weights = 3.0 * shape.hidden * shape.inter;
    let touched = touched_experts(own, rows, shape);
    let row_bytes = 6.0 * shape.hidden + 5.0 * shape.inter;
    let token_bytes = 2.0 * ACTIVATION * shape.hidden;
    let bytes =
        touched * weights * format.stored_bytes() + rows * row_bytes + shape.tokens * token_bytes;
    Work {
        compute_s: 2.0 * rows * weights / format.flop_s(device),
        stream_s: bytes / device.memory_byte_s,
        streams: Streams::Memory,
        steps: 0.0,
        sizes: [log(rows / own), log(own), log(shape.hidden * shape.inter), log(ranks), 0.0],
    }
}

/// Experts of the rank whose weights are read. Balanced timings place rows evenly; skewed ones
/// revisit the popular experts. The busiest rank reads at least the expert that made it so.
fn touched_experts(own: f64, rows: f64, shape: &ExpertShape) -> f64 {
    let routed = (shape.tokens * shape.top_k).min(1.0);
    if shape.skewed {
        let draws = own * -(-rows * SKEWED_DRAWS / own).exp_m1();
        draws.max(rows.min(1.0))
    } else {
        own.min(rows.max(routed))
    }
}
