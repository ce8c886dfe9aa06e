//! Generations of accelerators: which laws a device follows and how far it stands from what was
//! timed.

use super::super::device::Device;
use serde::{Deserialize, Serialize};

/// Generation whose kernels were timed. Every device follows one of them through its own peaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Architecture {
    /// NVIDIA Hopper (sm90): warp-group matrix units fed from shared memory.
    Hopper,
    /// NVIDIA Blackwell (sm100, sm103): tensor memory, 4-bit units.
    Blackwell,
}

/// Words in the names of devices of a generation.
const HOPPER: [&str; 5] = ["h100", "h200", "h800", "h20", "gh200"];
const BLACKWELL: [&str; 5] = ["b100", "b200", "b300", "gb200", "gb300"];

impl Architecture {
    /// Both, in the order of their index.
    pub(super) const ALL: [Self; 2] = [Self::Hopper, Self::Blackwell];

    /// The generation whose laws `device` follows: parts with 4-bit units resemble Blackwell, all
    /// others Hopper (first for Ampere, Ada and CDNA 3 as well, whose kernels were not timed).
    #[must_use]
    pub fn of(device: &Device) -> Self {
        if device.fp4_flop_s.is_some() { Self::Blackwell } else { Self::Hopper }
    }

    /// The other one.
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Hopper => Self::Blackwell,
            Self::Blackwell => Self::Hopper,
        }
    }

    /// Whether `device` is of this generation by its name.
    #[must_use]
    pub fn names(self, device: &Device) -> bool {
        let words: &[&str] = match self {
            Self::Hopper => &HOPPER,
            Self::Blackwell => &BLACKWELL,
        };
        words_of(&device.name).any(|word| words.contains(&word.as_str()))
    }
}

/// Words of a name in lower case: `H100 SXM5` has `h100` and `sxm5`.
pub(super) fn words_of(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
}

/// How well a predicted time is founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Basis {
    /// Kernels of this class and format were timed on this device.
    Measured,
    /// Timed on another device of the generation.
    SameClass,
    /// Inherited from another generation or format through peaks and bandwidths.
    Extrapolated,
}
