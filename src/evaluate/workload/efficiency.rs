//! What kernels reach of the speed of light, per class of operation and precision.
//!
//! The constants describe classes of operation, never a pair of device and model. They were read
//! off public kernel timings (TensorRT-LLM 1.3 kernels on Hopper and Blackwell, as published with
//! aiconfigurator-core 0.12, Apache-2.0); fits to fewer figures are said to be so.

use super::device::{Device, Precision};
use crate::numerics::interpolate::clamped_linear;

/// Exponent of the p-norm that joins arithmetic and memory time near the ridge of the roofline.
const ROOFLINE_NORM: f64 = 4.0;

/// Share of the dense peak that large matrix products (4,096 rows and more) reach on a part of
/// [`GEMM_PEAK_REF_FLOP_S`]: H100 BF16 measures 0.80.
const GEMM_EFFICIENCY_REF: f64 = 0.80;
/// Peak at which [`GEMM_EFFICIENCY_REF`] holds, FLOP/s.
const GEMM_PEAK_REF_FLOP_S: f64 = 989e12;
/// The faster the tensor cores, the harder they are to feed: share ∝ peak^-0.35. One exponent
/// gives H100 FP8 0.63, B200 BF16 0.60, FP8 0.47, FP4 0.37 where 0.55-0.60, 0.66, 0.48-0.58 and
/// 0.36-0.37 are measured. Valid from 300 TFLOP/s to 10 PFLOP/s; an extrapolation above.
const GEMM_PEAK_EXPONENT: f64 = 0.35;
/// Bounds of the law above outside its range, as shares of the peak (assumption).
const GEMM_EFFICIENCY_BOUNDS: (f64, f64) = (0.2, 0.80);
/// Rows of a matrix product at which half of the efficiency of large ones is reached once
/// arithmetic binds: measured 0.74 of 0.80 at 1,024 rows on H100 BF16, 0.52 of 0.58 on B200 FP8.
const GEMM_HALF_ROWS: f64 = 96.0;

/// Share of memory bandwidth that matrix products reach while they stream weights: measured
/// 0.82-0.86 after taking the launch time off, for weights of 4,096 × 4,096 and more.
pub const GEMM_BANDWIDTH: f64 = 0.83;
/// Launch and tail of a matrix product, s. Measured 2-4 µs in BF16 with graphs.
const GEMM_LAUNCH_S: f64 = 3e-6;
/// Added where activations are quantised on the fly, s: measured 4-6 µs more for block-scaled FP8
/// and FP4, less where engines fuse it into the norm before.
const QUANTISE_LAUNCH_S: f64 = 3e-6;

/// Share of memory bandwidth that decode attention reaches on long caches: measured 0.87-0.90
/// above 1 GB.
pub const DECODE_ATTENTION_BANDWIDTH: f64 = 0.85;
/// Fixed time of decode attention (cache append, split and reduce), s: measured 10-25 µs; with it
/// the bandwidth above gives the measured 0.26-0.43 at 10-100 MB and 0.65-0.76 at 0.1-1 GB.
pub const DECODE_ATTENTION_LAUNCH_S: f64 = 10e-6;
/// Share of the BF16 peak that latent (MLA) decode attention reaches when 128 heads make it
/// arithmetic-bound: measured 0.4-0.65.
pub const LATENT_DECODE_COMPUTE: f64 = 0.5;

/// Share of the BF16 peak of causal prefill attention against log10 of its FLOPs: measured
/// 0.18-0.28 at 0.01-0.1 TFLOP, 0.36-0.48 at 0.1-1, 0.50-0.56 at 1-10, 0.48-0.63 above.
const PREFILL_ATTENTION: [(f64, f64); 4] = [(10.5, 0.23), (11.5, 0.42), (12.5, 0.53), (13.5, 0.56)];
/// Fixed time of prefill attention, s.
pub const PREFILL_ATTENTION_LAUNCH_S: f64 = 15e-6;

/// Arithmetic of grouped expert products against plain ones of the same shape: ragged groups.
/// Read off timings of 16,384 tokens with skewed routing after activations' traffic.
const EXPERT_COMPUTE: f64 = 0.6;
/// Rows per expert at which half of that is reached (assumption: grouped kernels use small tiles).
const EXPERT_HALF_ROWS: f64 = 32.0;
/// Share of memory bandwidth that grouped products reach on expert weights: measured 0.60-0.75
/// at 64 tokens.
pub const EXPERT_BANDWIDTH: f64 = 0.70;
/// Independent draws of experts that a token is worth: skewed routing revisits the popular ones.
/// Kernel timings with power-law routing of exponent 1.2 take 0.78 of balanced ones at 64 tokens
/// of 8 in 256, and as much at 256 tokens.
pub const EXPERT_DRAWS_PER_TOKEN: f64 = 0.56;
/// Routing, permutation, two grouped products and the weighted sum, s: measured 25-33 µs.
pub const EXPERT_LAUNCH_S: f64 = 18e-6;
/// Times that a routed activation row of the residual's width crosses memory (permute in, read,
/// write, weighted sum).
pub const EXPERT_ROW_PASSES: f64 = 4.0;
/// Load of the busiest rank over the mean when whole experts are divided over ranks: power-law
/// routing of exponent 1.2 with redundant experts. Assumption within published 1.1-1.5.
pub const EXPERT_IMBALANCE: f64 = 1.25;

/// Share of memory bandwidth of norms, activations and other element-wise kernels (assumption;
/// copy kernels reach 0.85-0.9).
pub const ELEMENTWISE_BANDWIDTH: f64 = 0.75;
/// Launch of one element-wise kernel, s.
pub const ELEMENTWISE_LAUNCH_S: f64 = 2e-6;

/// Which kernel family computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpClass {
    /// Plain matrix product.
    Gemm,
    /// Grouped matrix product over experts.
    Experts,
}

/// Share of the dense peak that `class` reaches with `rows` rows in `precision`.
#[must_use]
pub fn compute_efficiency(device: &Device, class: OpClass, precision: Precision, rows: f64) -> f64 {
    let peak = device.rated_flop_s(precision);
    let law = GEMM_EFFICIENCY_REF * (GEMM_PEAK_REF_FLOP_S / peak).powf(GEMM_PEAK_EXPONENT);
    let large = law.clamp(GEMM_EFFICIENCY_BOUNDS.0, GEMM_EFFICIENCY_BOUNDS.1);
    match class {
        OpClass::Gemm => large * rows / (rows + GEMM_HALF_ROWS),
        OpClass::Experts => large * EXPERT_COMPUTE * rows / (rows + EXPERT_HALF_ROWS),
    }
}

/// Fixed time of one matrix product, s.
#[must_use]
pub const fn gemm_launch_s(precision: Precision) -> f64 {
    match precision {
        Precision::Bf16 => GEMM_LAUNCH_S,
        Precision::Fp8 | Precision::Fp4 => GEMM_LAUNCH_S + QUANTISE_LAUNCH_S,
    }
}

/// Share of the BF16 peak of a prefill attention of `flops` in one launch.
#[must_use]
pub fn prefill_attention_efficiency(flops: f64) -> f64 {
    let (_, last) = PREFILL_ATTENTION[PREFILL_ATTENTION.len() - 1];
    clamped_linear(&PREFILL_ATTENTION, flops.max(1.0).log10()).unwrap_or(last)
}

/// Time of work that takes `compute_s` of arithmetic and `memory_s` of traffic, overlapped.
#[must_use]
pub fn roofline_s(compute_s: f64, memory_s: f64) -> f64 {
    let (long, short) = (compute_s.max(memory_s), compute_s.min(memory_s));
    if long <= 0.0 {
        return 0.0;
    }
    let ratio = short / long;
    long * (1.0 + ratio.powi(4)).powf(1.0 / ROOFLINE_NORM)
}

#[cfg(test)]
mod tests {
    use super::super::reference::{b200, h100};
    use super::*;

    #[test]
    fn large_products_reach_what_is_measured() {
        let rows = 8192.0;
        for (device, precision, low, high) in [
            (h100(), Precision::Bf16, 0.76, 0.84),
            (h100(), Precision::Fp8, 0.55, 0.65),
            (b200(), Precision::Bf16, 0.57, 0.68),
            (b200(), Precision::Fp8, 0.45, 0.58),
            (b200(), Precision::Fp4, 0.34, 0.39),
        ] {
            let e = compute_efficiency(&device, OpClass::Gemm, precision, rows);
            assert!(e > low && e < high, "{} {precision:?}: {e}", device.name);
        }
    }

    #[test]
    fn the_roofline_is_the_larger_time_away_from_the_ridge() {
        assert!((roofline_s(1.0, 0.1) - 1.0).abs() < 1e-3);
        assert!((roofline_s(1.0, 1.0) - 2f64.powf(0.25)).abs() < 1e-12);
        assert_eq!(roofline_s(0.0, 0.0), 0.0);
    }
}
