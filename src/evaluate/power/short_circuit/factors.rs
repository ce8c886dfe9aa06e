//! Factors of IEC 60909-0:2016.

use super::case::LowVoltageTolerance;

/// Voltages below this are low voltage, V. Exactly 1 kV counts as medium voltage here; the
/// standard draws the line between "up to 1 kV" and "above", and no network is nominally 1 kV.
const LOW_VOLTAGE_V: f64 = 1000.0;

/// Temperature coefficient of the resistance of conductors for the smallest current, 1/K
/// (IEC 60909-0, 7.1.2, for copper and aluminium alike).
const RESISTANCE_PER_K: f64 = 0.004;
/// Temperature at which the resistance of a conductor is stated, °C.
const STATED_C: f64 = 20.0;

/// Frequency over which the direct component is counted, Hz: the formula of the standard with
/// 50 Hz. At 60 Hz the component fades in the same time and so counts less, by 0.3 % of the
/// thermal current at R/X 0.1: 50 Hz is on the safe side, and what the outside program takes.
const THERMAL_HZ: f64 = 50.0;
/// Above this peak factor the direct component is not counted (R/X below 0.01, a network without
/// resistance): the convention of the outside program.
const LARGEST_PEAK_FACTOR: f64 = 1.99;

/// Voltage factors c for the largest and the smallest current at a bus (table 1).
pub(super) fn voltage_factors(v_nominal_v: f64, tolerance: LowVoltageTolerance) -> (f64, f64) {
    if v_nominal_v >= LOW_VOLTAGE_V {
        return (1.1, 1.0);
    }
    match tolerance {
        LowVoltageTolerance::TenPercent => (1.1, 0.9),
        LowVoltageTolerance::SixPercent => (1.05, 0.95),
    }
}

/// Correction K_T of the impedance of a transformer for the largest current (6.3.3), from the
/// voltage factor on its low side and its reactance per unit. The smallest current has none.
pub(super) fn transformer_correction(c_max: f64, x_pu: f64) -> f64 {
    0.95 * c_max / (1.0 + 0.6 * x_pu)
}

/// Correction K_G of the impedance of a generator (6.6.1) whose rated voltage is the nominal one.
pub(super) fn generator_correction(c_max: f64, x_pu: f64, power_factor: f64) -> f64 {
    c_max / (1.0 + x_pu * (1.0 - power_factor * power_factor).max(0.0).sqrt())
}

/// Resistance at a temperature over the resistance at 20 °C (7.1.2).
pub(super) fn hot_resistance(end_c: f64) -> f64 {
    1.0 + RESISTANCE_PER_K * (end_c - STATED_C)
}

/// Peak factor κ (8.1).
pub(super) fn peak_factor(r_over_x: f64) -> f64 {
    1.02 + 0.98 * (-3.0 * r_over_x).exp()
}

/// Heat of the direct component m (annex A), for a fault of a duration, s. That of the alternating
/// component, n, is 1 far from generators.
pub(super) fn direct_heat(peak_factor: f64, duration_s: f64) -> f64 {
    if peak_factor > LARGEST_PEAK_FACTOR {
        return 0.0;
    }
    let decay = (peak_factor - 1.0).ln();
    ((4.0 * THERMAL_HZ * duration_s * decay).exp() - 1.0) / (2.0 * THERMAL_HZ * duration_s * decay)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_at_known_points() {
        assert_eq!(voltage_factors(415.0, LowVoltageTolerance::TenPercent), (1.1, 0.9));
        assert_eq!(voltage_factors(415.0, LowVoltageTolerance::SixPercent), (1.05, 0.95));
        assert_eq!(voltage_factors(34_500.0, LowVoltageTolerance::SixPercent), (1.1, 1.0));
        assert_eq!(peak_factor(0.0), 2.0);
        assert!((hot_resistance(80.0) - 1.24).abs() < 1e-15);
        // A 250 kVA unit with 4 % and 1.05 (IEC TR 60909-4's size): K_T = 0.975.
        assert!((transformer_correction(1.05, 0.038) - 0.975).abs() < 5e-4);
    }

    #[test]
    fn direct_heat_falls_with_time_and_vanishes_without_resistance() {
        let kappa = peak_factor(0.1);
        assert!(direct_heat(kappa, 0.1) > direct_heat(kappa, 1.0));
        assert!(direct_heat(kappa, 1.0) > 0.0);
        assert_eq!(direct_heat(2.0, 1.0), 0.0);
    }
}
