//! Number formats as kernels combine them: what is stored, what is multiplied.

use super::super::device::{Device, Precision};
use serde::{Deserialize, Serialize};

/// What a kernel stores and multiplies in. [`Precision`] says how wide a value is; kernels of one
/// width still differ by scales and by what activations are turned into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Format {
    /// 16-bit throughout.
    Bf16,
    /// 8-bit weights and activations, one scale per tensor.
    Fp8,
    /// 8-bit weights and activations, scales per 128 × 128 block (DeepSeek).
    Fp8Block,
    /// Attention with an 8-bit cache and 16-bit queries.
    Fp8Cache,
    /// 4-bit weights and activations, scales per 16 values (NVFP4).
    Fp4,
    /// 4-bit weights (MXFP4), 16-bit activations and arithmetic.
    Fp4Weights,
    /// 4-bit weights (MXFP4), 8-bit activations and arithmetic.
    Fp4Fp8,
}

/// Bytes per value of MXFP4: 4 bits and one 8-bit scale per 32 values (OCP microscaling v1.0).
const MXFP4_BYTES: f64 = 0.5 + 1.0 / 32.0;

impl Format {
    /// All formats, in the order of their index.
    pub(super) const ALL: [Self; 7] = [
        Self::Bf16,
        Self::Fp8,
        Self::Fp8Block,
        Self::Fp8Cache,
        Self::Fp4,
        Self::Fp4Weights,
        Self::Fp4Fp8,
    ];

    /// Format of attention over a cache of `cache` with 16-bit queries.
    #[must_use]
    pub const fn of_cache(cache: Precision) -> Self {
        match cache {
            Precision::Bf16 => Self::Bf16,
            Precision::Fp8 | Precision::Fp4 => Self::Fp8Cache,
        }
    }

    /// Bytes of one stored weight or cached value, scales included.
    #[must_use]
    pub const fn stored_bytes(self) -> f64 {
        match self {
            Self::Bf16 => 2.0,
            Self::Fp8 | Self::Fp8Block | Self::Fp8Cache => 1.0,
            Self::Fp4 => Precision::Fp4.bytes(),
            Self::Fp4Weights | Self::Fp4Fp8 => MXFP4_BYTES,
        }
    }

    /// Bytes that one activation value moves on its way into a product: read once in 16 bits and,
    /// where it is quantised on the fly, written and read again narrower.
    pub(super) const fn activation_bytes(self) -> f64 {
        match self {
            Self::Bf16 | Self::Fp8Cache | Self::Fp4Weights => 2.0,
            Self::Fp8 | Self::Fp8Block | Self::Fp4 => 2.0 + 2.0 * self.stored_bytes(),
            Self::Fp4Fp8 => 4.0,
        }
    }

    /// What the tensor cores multiply.
    #[must_use]
    pub const fn arithmetic(self) -> Precision {
        match self {
            Self::Bf16 | Self::Fp8Cache | Self::Fp4Weights => Precision::Bf16,
            Self::Fp8 | Self::Fp8Block | Self::Fp4Fp8 => Precision::Fp8,
            Self::Fp4 => Precision::Fp4,
        }
    }

    /// Peak of the format on `device` at its present clock, FLOP/s.
    pub(super) fn flop_s(self, device: &Device) -> f64 {
        device.flop_s(self.arithmetic())
    }

    /// Formats whose law stands in where this one was never timed, nearest first.
    pub(super) const fn stand_ins(self) -> &'static [Self] {
        match self {
            Self::Bf16 => &[Self::Bf16, Self::Fp8, Self::Fp8Block],
            Self::Fp8 => &[Self::Fp8, Self::Fp8Block, Self::Fp8Cache, Self::Bf16],
            Self::Fp8Block => &[Self::Fp8Block, Self::Fp8, Self::Fp8Cache, Self::Bf16],
            Self::Fp8Cache => &[Self::Fp8Cache, Self::Bf16],
            Self::Fp4 => &[Self::Fp4, Self::Fp8Block, Self::Fp8, Self::Fp8Cache, Self::Bf16],
            Self::Fp4Weights => &[Self::Fp4Weights, Self::Bf16],
            Self::Fp4Fp8 => &[Self::Fp4Fp8, Self::Fp8Block, Self::Fp8, Self::Bf16],
        }
    }
}

impl From<Precision> for Format {
    fn from(precision: Precision) -> Self {
        match precision {
            Precision::Bf16 => Self::Bf16,
            Precision::Fp8 => Self::Fp8,
            Precision::Fp4 => Self::Fp4,
        }
    }
}
