//! ASHRAE thermal classes: inlet limits, their derating for altitude, and where a rack stands.

use super::case::InletLimits;
use crate::catalog::{AirClass, DERATED_FROM_M};
use crate::units::ZERO_CELSIUS_K;
use serde::Serialize;

/// Who set the limits of every class.
const SOURCE: &str = "ASHRAE TC 9.9 Thermal Guidelines, 5th edition (2021)";

/// Kelvin by which the highest allowable inlet of a class falls at an elevation.
#[must_use]
pub fn derating_k(class: AirClass, elevation_m: f64) -> f64 {
    (elevation_m - DERATED_FROM_M).max(0.0) / class.derating_m_per_k()
}

impl InletLimits {
    /// The limits of a class at an elevation above sea level. The recommended range stays below
    /// the derated allowable one.
    #[must_use]
    pub fn of_class(class: AirClass, elevation_m: f64) -> Self {
        let (allowable, recommended) = (class.allowable_c(), class.recommended_c());
        let allowable_max_k = allowable.1 + ZERO_CELSIUS_K - derating_k(class, elevation_m);
        Self {
            allowable_min_k: allowable.0 + ZERO_CELSIUS_K,
            recommended_min_k: recommended.0 + ZERO_CELSIUS_K,
            recommended_max_k: (recommended.1 + ZERO_CELSIUS_K).min(allowable_max_k),
            allowable_max_k,
            class: format!("ASHRAE {}", class.label()),
            source: SOURCE.into(),
            recommended_source: SOURCE.into(),
        }
    }

    /// Where an inlet temperature stands.
    #[must_use]
    pub fn standing(&self, t_k: f64) -> Standing {
        if t_k > self.allowable_max_k {
            Standing::TooHot
        } else if t_k < self.allowable_min_k {
            Standing::TooCold
        } else if t_k > self.recommended_max_k {
            Standing::Warm
        } else if t_k < self.recommended_min_k {
            Standing::Cool
        } else {
            Standing::Recommended
        }
    }
}

/// Where a rack's inlet stands against its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Below allowable.
    TooCold,
    /// Allowable, below recommended.
    Cool,
    /// Within the recommended range.
    Recommended,
    /// Allowable, above recommended.
    Warm,
    /// Above allowable.
    TooHot,
}

impl Standing {
    /// Whether the equipment may run.
    #[must_use]
    pub const fn is_allowable(self) -> bool {
        matches!(self, Self::Cool | Self::Recommended | Self::Warm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn altitude_lowers_the_highest_inlet_by_class() {
        // Mexico City, 2240 m: 1340 m above the knee.
        let at = |class| InletLimits::of_class(class, 2240.0).allowable_max_k - ZERO_CELSIUS_K;
        assert!((at(AirClass::A1) - (32.0 - 1340.0 / 300.0)).abs() < 1e-9);
        assert!((at(AirClass::A2) - (35.0 - 1340.0 / 300.0)).abs() < 1e-9);
        assert!((at(AirClass::A3) - (40.0 - 1340.0 / 175.0)).abs() < 1e-9);
        assert!((at(AirClass::A4) - (45.0 - 1340.0 / 125.0)).abs() < 1e-9);
        assert_eq!(InletLimits::of_class(AirClass::A1, 900.0).allowable_max_k, 305.15);
        let high = InletLimits::of_class(AirClass::H1, 3050.0);
        assert!(high.recommended_max_k <= high.allowable_max_k);
    }

    #[test]
    fn class_a1_is_the_default_of_case_files() {
        assert_eq!(InletLimits::of_class(AirClass::A1, 0.0), InletLimits::ashrae_a1());
    }

    #[test]
    fn a_temperature_stands_where_the_table_says() {
        let h1 = InletLimits::of_class(AirClass::H1, 0.0);
        let at = |c: f64| h1.standing(c + ZERO_CELSIUS_K);
        assert_eq!(at(4.0), Standing::TooCold);
        assert_eq!(at(10.0), Standing::Cool);
        assert_eq!(at(20.0), Standing::Recommended);
        assert_eq!(at(24.0), Standing::Warm);
        assert_eq!(at(26.0), Standing::TooHot);
        assert!(at(24.0).is_allowable() && !at(26.0).is_allowable());
    }
}
