//! Moist air: saturation, humidity, wet bulb, dew point, enthalpy, density.
//!
//! Formulas of the ASHRAE Handbook Fundamentals (2017), chapter 1; temperatures inside them in
//! degrees Celsius, humidity ratio in kg water per kg dry air.
//! ```text
//! p_ws  saturation over ice and water (Hyland, Wexler 1983), −100..200 °C             (5), (6)
//! w   = 0.621945 p_w / (p − p_w)                                                      (20)
//! w   = ((2501 − 2.326 t*) w_s* − 1.006 (t − t*)) / (2501 + 1.86 t − 4.186 t*)   t* ≥ 0  (33)
//! w   = ((2830 − 0.24 t*) w_s* − 1.006 (t − t*)) / (2830 + 1.86 t − 2.1 t*)      t* < 0  (35)
//! h   = 1.006 t + w (2501 + 1.86 t)                                       kJ/kg       (30)
//! v   = 0.287042 (t + 273.15) (1 + 1.607858 w) / p                        m³/kg       (26)
//! p   = 101.325 (1 − 2.25577e-5 Z)^5.2559                                 kPa         (3)
//! ```
//! Validity: the formulas neglect the enhancement factor of moist air (0.5 % of humidity).

use crate::numerics::bracket::root_in;
use crate::numerics::interpolate::clamped_linear;
use crate::units::ZERO_CELSIUS_K;

/// Molar mass of water over that of dry air (ASHRAE 2017, equation 20).
const MASS_RATIO: f64 = 0.621_945;
/// Specific heat of dry air, kJ/(kg·K) (equation 30).
const CP_AIR: f64 = 1.006;
/// Specific heat of water vapour, kJ/(kg·K) (equation 30).
const CP_VAPOUR: f64 = 1.86;
/// Enthalpy of evaporation at 0 °C, kJ/kg (equation 30).
const EVAPORATION: f64 = 2501.0;
/// Where saturation changes from ice to water, °C (triple point).
const TRIPLE_C: f64 = 0.01;
/// Coldest and warmest temperature of searches, °C.
const SEARCH_C: (f64, f64) = (-90.0, 90.0);
/// Tolerance of searched temperatures, K.
const TOLERANCE_K: f64 = 1e-9;

/// Air at one condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Air {
    /// Dry bulb, K.
    pub dry_bulb_k: f64,
    /// Wet bulb, K.
    pub wet_bulb_k: f64,
    /// Water per dry air, kg/kg.
    pub humidity_ratio: f64,
}

/// Pressure of the standard atmosphere at a height, Pa (equation 3; −5..11 km).
#[must_use]
pub fn pressure_at_elevation(elevation_m: f64) -> f64 {
    101_325.0 * (1.0 - 2.255_77e-5 * elevation_m).powf(5.255_9)
}

/// Pressure of water vapour at saturation over ice or water, Pa (equations 5 and 6).
#[must_use]
pub fn saturation_pressure(t_c: f64) -> f64 {
    let t = t_c + ZERO_CELSIUS_K;
    let log = if t_c <= TRIPLE_C {
        -5.674_535_9e3 / t
            + 6.392_524_7
            + t * (-9.677_843e-3 + t * (6.221_570_1e-7 + t * (2.074_782_5e-9 - 9.484_024e-13 * t)))
            + 4.163_501_9 * t.ln()
    } else {
        -5.800_220_6e3 / t
            + 1.391_499_3
            + t * (-4.864_023_9e-2 + t * (4.176_476_8e-5 - 1.445_209_3e-8 * t))
            + 6.545_967_3 * t.ln()
    };
    log.exp()
}

/// Humidity ratio of air at a relative humidity from 0 to 1, kg/kg (equation 20).
#[must_use]
pub fn humidity_ratio(t_c: f64, relative: f64, pressure_pa: f64) -> f64 {
    let p = (relative * saturation_pressure(t_c)).min(0.9 * pressure_pa);
    MASS_RATIO * p / (pressure_pa - p)
}

/// Humidity ratio of saturated air at `t_c`, kg/kg (equation 20); capped below boiling.
#[must_use]
pub fn saturated_humidity(t_c: f64, pressure_pa: f64) -> f64 {
    humidity_ratio(t_c, 1.0, pressure_pa)
}

/// Humidity ratio at a dry and a wet bulb, kg/kg (equations 33 and 35).
#[must_use]
pub fn humidity_from_wet_bulb(t_c: f64, wet_c: f64, pressure_pa: f64) -> f64 {
    let ws = saturated_humidity(wet_c, pressure_pa);
    let w = if wet_c >= 0.0 {
        ((EVAPORATION - 2.326 * wet_c) * ws - CP_AIR * (t_c - wet_c))
            / (EVAPORATION + CP_VAPOUR * t_c - 4.186 * wet_c)
    } else {
        ((2830.0 - 0.24 * wet_c) * ws - CP_AIR * (t_c - wet_c))
            / (2830.0 + CP_VAPOUR * t_c - 2.1 * wet_c)
    };
    w.max(0.0)
}

/// Dry bulb at which air of humidity `w` has the wet bulb `wet_c` ≥ 0 °C: (33) solved for t, °C.
#[must_use]
pub fn dry_bulb_from_wet_bulb(w: f64, wet_c: f64, pressure_pa: f64) -> f64 {
    let ws = saturated_humidity(wet_c, pressure_pa);
    ((EVAPORATION - 2.326 * wet_c) * ws + CP_AIR * wet_c - w * (EVAPORATION - 4.186 * wet_c))
        / (CP_AIR + CP_VAPOUR * w)
}

/// Wet bulb of air, °C: the root of (33) where it has one, else of (35). The two do not join at
/// 0 °C; a wick above freezing is taken as wet, not iced.
#[must_use]
pub fn wet_bulb(t_c: f64, w: f64, pressure_pa: f64) -> f64 {
    let (lo, hi) = wet_bulb_range(t_c, dew_point(w, pressure_pa), w, pressure_pa);
    root_in(lo, hi, TOLERANCE_K, |wet| humidity_from_wet_bulb(t_c, wet, pressure_pa) - w)
}

/// Range in which the wet bulb lies, °C: between dew point and dry bulb, on one side of 0 °C.
fn wet_bulb_range(t_c: f64, dew_c: f64, w: f64, pressure_pa: f64) -> (f64, f64) {
    let lo = dew_c.min(t_c);
    if t_c < 0.0 || lo >= 0.0 {
        (lo, t_c)
    } else if humidity_from_wet_bulb(t_c, 0.0, pressure_pa) <= w {
        (0.0, t_c)
    } else {
        (lo, JUST_BELOW_ZERO_C)
    }
}

/// Warmest iced wet bulb, °C.
const JUST_BELOW_ZERO_C: f64 = -1e-9;

/// Dew point of air of humidity ratio `w`, °C.
#[must_use]
pub fn dew_point(w: f64, pressure_pa: f64) -> f64 {
    let log = (pressure_pa * w / (MASS_RATIO + w)).max(f64::MIN_POSITIVE).ln();
    root_in(SEARCH_C.0, SEARCH_C.1, TOLERANCE_K, |t| saturation_pressure(t).ln() - log)
}

/// Enthalpy of moist air per dry air, J/kg (equation 30).
#[must_use]
pub fn enthalpy_j_kg(t_c: f64, w: f64) -> f64 {
    1e3 * (CP_AIR * t_c + w * (EVAPORATION + CP_VAPOUR * t_c))
}

/// Mass of dry air per volume of moist air, kg/m³ (equation 26).
#[must_use]
pub fn dry_air_density(t_c: f64, w: f64, pressure_pa: f64) -> f64 {
    pressure_pa / (287.042 * (t_c + ZERO_CELSIUS_K) * (1.0 + 1.607_858 * w))
}

/// Saturated air against enthalpy, tabulated once for a pressure: makes wet bulbs and tower exhaust
/// cheap in an hourly loop.
#[derive(Clone, Debug)]
pub struct SaturationTable {
    pressure_pa: f64,
    /// (enthalpy J/kg, temperature °C), ascending.
    temperature: Vec<(f64, f64)>,
    /// (humidity ratio, temperature °C), ascending.
    dew_point: Vec<(f64, f64)>,
}

/// Range of the table, °C, and its step, K: interpolation error below 0.01 K.
const TABLE_C: (i32, i32) = (-60, 75);

impl SaturationTable {
    /// The table at a pressure.
    #[must_use]
    pub fn new(pressure_pa: f64) -> Self {
        let saturated = |t: i32| (saturated_humidity(f64::from(t), pressure_pa), f64::from(t));
        let dew_point: Vec<_> = (TABLE_C.0..=TABLE_C.1).map(saturated).collect();
        let temperature = dew_point.iter().map(|&(w, t_c)| (enthalpy_j_kg(t_c, w), t_c)).collect();
        Self { pressure_pa, temperature, dew_point }
    }

    /// Pressure of the table, Pa.
    #[must_use]
    pub fn pressure_pa(&self) -> f64 {
        self.pressure_pa
    }

    /// Temperature of saturated air with this enthalpy, °C.
    #[must_use]
    pub fn temperature_at(&self, enthalpy_j_kg: f64) -> f64 {
        clamped_linear(&self.temperature, enthalpy_j_kg).unwrap_or(0.0)
    }

    /// Dew point of air of humidity ratio `w`, °C; between −60 and 75 °C.
    #[must_use]
    pub fn dew_point(&self, w: f64) -> f64 {
        clamped_linear(&self.dew_point, w).unwrap_or(0.0)
    }

    /// Air from dry bulb and dew point; the dew point is capped at the dry bulb.
    #[must_use]
    pub fn air(&self, dry_bulb_k: f64, dew_point_k: f64) -> Air {
        let t_c = dry_bulb_k - ZERO_CELSIUS_K;
        let dew_c = (dew_point_k - ZERO_CELSIUS_K).min(t_c);
        let humidity_ratio = saturated_humidity(dew_c, self.pressure_pa);
        let wet_c = self.wet_bulb(t_c, dew_c, humidity_ratio);
        Air { dry_bulb_k, wet_bulb_k: wet_c + ZERO_CELSIUS_K, humidity_ratio }
    }

    /// Wet bulb, °C: starts at saturation of the same enthalpy and takes two secant steps of (33).
    fn wet_bulb(&self, t_c: f64, dew_c: f64, w: f64) -> f64 {
        let residual = |wet: f64| humidity_from_wet_bulb(t_c, wet, self.pressure_pa) - w;
        let (lo, hi) = wet_bulb_range(t_c, dew_c, w, self.pressure_pa);
        let mut old = self.temperature_at(enthalpy_j_kg(t_c, w)).clamp(lo, hi);
        let mut wet = if old - SECANT_START_K > lo { old - SECANT_START_K } else { hi };
        let mut old_residual = residual(old);
        for _ in 0..2 {
            let r = residual(wet);
            if (r - old_residual).abs() < f64::MIN_POSITIVE {
                break;
            }
            let next = wet - r * (wet - old) / (r - old_residual);
            (old, old_residual) = (wet, r);
            wet = next.clamp(lo, hi);
        }
        wet
    }
}

/// First step of the wet-bulb search, K: the usual distance between lines of constant wet bulb and
/// of constant enthalpy.
const SECANT_START_K: f64 = 0.1;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn golden_colorado_has_the_pressure_of_its_height() {
        assert!((pressure_at_elevation(1829.0) - 81_190.0).abs() < 100.0);
        assert!((pressure_at_elevation(0.0) - 101_325.0).abs() < 1e-9);
    }

    #[test]
    fn a_wet_bulb_gives_its_dry_bulb_back() {
        let w = humidity_from_wet_bulb(31.0, 22.0, 98_000.0);
        assert!((dry_bulb_from_wet_bulb(w, 22.0, 98_000.0) - 31.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn the_table_agrees_with_the_exact_search(
            t in -35.0..48.0f64, depression in 0.0..40.0f64, p in 70_000.0..102_000.0f64,
        ) {
            let table = SaturationTable::new(p);
            let dew = (t - depression).max(-55.0);
            let air = table.air(t + ZERO_CELSIUS_K, dew + ZERO_CELSIUS_K);
            let exact = wet_bulb(t, air.humidity_ratio, p);
            prop_assert!((air.wet_bulb_k - ZERO_CELSIUS_K - exact).abs() < 0.02);
            prop_assert!(air.wet_bulb_k <= air.dry_bulb_k + 1e-9);
        }
    }
}
