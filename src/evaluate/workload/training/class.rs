//! Architecture classes: what a device that is known only by its datasheet inherits.

use serde::{Deserialize, Serialize};

/// Family of accelerators that share kernels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArchClass {
    /// NVIDIA A100 and kin.
    Ampere,
    /// NVIDIA H100, H200, H800, H20.
    Hopper,
    /// NVIDIA B200, GB200 and, with the same kernels, B300 and GB300.
    Blackwell,
    /// NVIDIA Rubin.
    Rubin,
    /// AMD MI300X, MI325X.
    Cdna3,
    /// AMD MI350X, MI355X.
    Cdna4,
    /// Anything else: settled kernels of the common kind are assumed.
    #[default]
    Other,
}

impl ArchClass {
    /// The class of an architecture as catalogues name it.
    #[must_use]
    pub fn of(architecture: &str) -> Self {
        let has = |word: &str| architecture.to_lowercase().contains(word);
        let classes = [
            ("ampere", Self::Ampere),
            ("hopper", Self::Hopper),
            ("blackwell", Self::Blackwell),
            ("rubin", Self::Rubin),
            ("cdna3", Self::Cdna3),
            ("cdna4", Self::Cdna4),
            ("cdna5", Self::Cdna4),
        ];
        classes.into_iter().find_map(|(word, class)| has(word).then_some(class)).unwrap_or_default()
    }

    /// Year in which the first part of the class could be bought: kernels mature from there
    /// (public launch dates, to a quarter).
    #[must_use]
    pub const fn launch_year(self) -> f64 {
        match self {
            Self::Ampere => 2020.5,
            Self::Hopper => 2022.9,
            Self::Blackwell => 2024.9,
            Self::Rubin => 2026.7,
            Self::Cdna3 => 2023.9,
            Self::Cdna4 => 2025.4,
            Self::Other => 0.0,
        }
    }

    /// Whether the class is AMD's.
    #[must_use]
    pub const fn is_cdna(self) -> bool {
        matches!(self, Self::Cdna3 | Self::Cdna4)
    }

    /// Whether training runs on it were among those that the laws were fitted to.
    #[must_use]
    pub const fn is_measured(self) -> bool {
        matches!(self, Self::Ampere | Self::Hopper | Self::Blackwell | Self::Cdna3)
    }
}
