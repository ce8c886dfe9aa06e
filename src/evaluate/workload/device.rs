//! The accelerator as the workload model sees it: peaks, bandwidths, and how fast it may clock.

use super::error::{WorkloadError, in_range, positive};
use serde::{Deserialize, Serialize};

/// Number format of weights, activations or cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// 16-bit brain float.
    Bf16,
    /// 8-bit float, per-tensor or 128 × 128 block scales.
    Fp8,
    /// 4-bit float with block scales (NVFP4, MXFP4).
    Fp4,
}

/// Bytes per value of block-scaled FP4: 4 bits and one 8-bit scale per 16 values (NVFP4;
/// OCP microscaling MXFP4 shares one scale over 32 and needs 0.531).
const FP4_BYTES: f64 = 0.5 + 1.0 / 16.0;

impl Precision {
    /// Bytes that one stored value takes, scales included.
    #[must_use]
    pub const fn bytes(self) -> f64 {
        match self {
            Self::Bf16 => 2.0,
            Self::Fp8 => 1.0,
            Self::Fp4 => FP4_BYTES,
        }
    }

    /// Name as planners write it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Bf16 => "BF16",
            Self::Fp8 => "FP8",
            Self::Fp4 => "FP4",
        }
    }
}

/// One accelerator of a system, with the links that belong to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Name for messages.
    pub name: String,
    /// Dense BF16 peak, FLOP/s (never the 2:4-sparse figure).
    pub bf16_flop_s: f64,
    /// Dense FP8 peak, FLOP/s; `None` where the part has no FP8 units.
    pub fp8_flop_s: Option<f64>,
    /// Dense FP4 peak, FLOP/s; `None` where the part has no FP4 units.
    pub fp4_flop_s: Option<f64>,
    /// Accelerator memory, bytes.
    pub memory_bytes: f64,
    /// Accelerator memory bandwidth, bytes/s.
    pub memory_byte_s: f64,
    /// Scale-up (NVLink, xGMI) bandwidth per accelerator in one direction, bytes/s; half the
    /// bidirectional figure of data sheets. 0 where there is none: PCIe is then assumed.
    pub scale_up_byte_s: f64,
    /// Accelerators that share one scale-up domain.
    pub scale_up_domain: u32,
    /// Scale-out network bandwidth per accelerator in one direction, bytes/s.
    pub nic_byte_s: f64,
    /// Clock reached over clock rated, above 0 and at most 1: below 1 when heat or a power cap
    /// throttles. Scales compute; memory and links keep their speed.
    pub clock_factor: f64,
}

impl Device {
    /// Compute rate, FLOP/s, at the present clock for `precision`; parts without units for it
    /// compute in the next wider format that they have.
    #[must_use]
    pub fn flop_s(&self, precision: Precision) -> f64 {
        self.rated_flop_s(precision) * self.clock_factor
    }

    /// Dense peak, FLOP/s, at the rated clock.
    #[must_use]
    pub fn rated_flop_s(&self, precision: Precision) -> f64 {
        let fp8 = self.fp8_flop_s.unwrap_or(self.bf16_flop_s);
        match precision {
            Precision::Bf16 => self.bf16_flop_s,
            Precision::Fp8 => fp8,
            Precision::Fp4 => self.fp4_flop_s.unwrap_or(fp8),
        }
    }

    /// Checks every number against its range.
    ///
    /// # Errors
    /// Names the first field that is not a usable number.
    pub fn check(&self) -> Result<(), WorkloadError> {
        positive("device.bf16_flop_s", self.bf16_flop_s)?;
        positive("device.fp8_flop_s", self.fp8_flop_s.unwrap_or(1.0))?;
        positive("device.fp4_flop_s", self.fp4_flop_s.unwrap_or(1.0))?;
        positive("device.memory_bytes", self.memory_bytes)?;
        positive("device.memory_byte_s", self.memory_byte_s)?;
        in_range("device.scale_up_byte_s", self.scale_up_byte_s, 0.0, f64::MAX)?;
        in_range("device.nic_byte_s", self.nic_byte_s, 0.0, f64::MAX)?;
        in_range("device.scale_up_domain", f64::from(self.scale_up_domain), 1.0, 1e6)?;
        in_range("device.clock_factor", self.clock_factor, f64::MIN_POSITIVE, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference::h100;
    use super::*;

    #[test]
    fn a_part_without_fp4_units_computes_fp4_weights_in_fp8() {
        let d = h100();
        assert_eq!(d.flop_s(Precision::Fp4), d.flop_s(Precision::Fp8));
        assert!(Precision::Fp4.bytes() < Precision::Fp8.bytes());
    }

    #[test]
    fn absurd_numbers_are_named() {
        let bad = Device { clock_factor: f64::NAN, ..h100() };
        assert!(bad.check().unwrap_err().to_string().contains("clock_factor"));
        let bad = Device { memory_byte_s: 0.0, ..h100() };
        assert!(bad.check().unwrap_err().to_string().contains("memory_byte_s"));
    }
}
