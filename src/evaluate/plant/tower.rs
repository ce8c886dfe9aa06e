//! Open cooling towers.
//!
//! ```text
//! approach(LG, range, T_wb) = Σ c_ijm LGⁱ rangeʲ T_wbᵐ,  i, j, m = 0..2        YorkCalc      (1)
//! LG = LG_0 (water flow / rated) / x        x: air flow over full                           (2)
//! LG_0 such that (1) gives the rated approach at the rated wet bulb and range               (3)
//! P = n P_0 x³                                                                              (4)
//! h_out = h_in + q / m_air,  exhaust saturated,  evaporated = m_air (w_out − w_in)          (5)
//! ```
//! Method: for a given weather (1) is a parabola in LG; x by a bracketed root.
//! Validity: wet bulb −34.4..26.7 °C, range 1.1..22.2 K, approach 1.1..40 K, LG ≤ 8; inputs outside
//! are clamped as EnergyPlus does. Pressure does not enter (1). Basin heating and free convection
//! with the fan off are neglected.
//! References: York International correlation as published with EnergyPlus and Modelica Buildings.

use super::case::Towers;
use super::psychrometrics::{
    Air, SaturationTable, dry_air_density, enthalpy_j_kg, saturated_humidity,
};
use crate::numerics::bracket::root_in;
use crate::units::ZERO_CELSIUS_K;

/// Coefficients of (1); index 9 i + 3 j + m.
const YORK: [f64; 27] = [
    -0.359_741_205,
    -0.055_053_608,
    0.002_385_043_2,
    0.173_926_877,
    -0.024_847_376_4,
    0.000_484_302_24,
    -0.005_589_849_456,
    0.000_577_007_971_2,
    -1.342_427_256e-5,
    2.847_658_011_111_11,
    -0.121_765_149,
    0.001_459_924_2,
    1.680_428_651,
    -0.016_692_078_6,
    -0.000_719_053_2,
    -0.025_485_194_448,
    4.874_916_96e-5,
    2.719_234_152e-5,
    -0.065_376_625_555_555_6,
    -0.002_278_167,
    0.000_250_025_4,
    -0.091_056_545_8,
    0.003_181_763_16,
    3.862_177_2e-5,
    -0.003_428_538_235_2,
    8.565_899_04e-6,
    -1.516_821_552e-6,
];
/// Wet bulbs for which (1) holds, °C.
const WET_BULB_C: (f64, f64) = (-34.4, 26.7);
/// Ranges for which (1) holds, K.
const RANGE_K: (f64, f64) = (1.1, 22.2);
/// Approaches for which (1) holds, K.
const APPROACH_K: (f64, f64) = (1.1, 40.0);
/// Water over air, relative to rated, for which (1) holds.
const LIQUID_GAS: (f64, f64) = (0.05, 8.0);
/// Tolerance of the fan speed.
const SPEED_TOLERANCE: f64 = 1e-9;

/// (1) as a parabola in LG for one range and wet bulb.
fn parabola(range_k: f64, wet_c: f64) -> [f64; 3] {
    let r = range_k.clamp(RANGE_K.0, RANGE_K.1);
    let t = wet_c.clamp(WET_BULB_C.0, WET_BULB_C.1);
    let line = |k: usize| YORK[k] + t * (YORK[k + 1] + t * YORK[k + 2]);
    std::array::from_fn(|i| line(9 * i) + r * (line(9 * i + 3) + r * line(9 * i + 6)))
}

/// Approach of the correlation, K, at a range, an entering wet bulb and a ratio of water to air by
/// mass; clamped to where it holds.
#[must_use]
pub fn york_approach_k(range_k: f64, wet_bulb_c: f64, liquid_gas: f64) -> f64 {
    let [a, b, c] = parabola(range_k, wet_bulb_c);
    a + liquid_gas * (b + liquid_gas * c)
}

/// Whether the correlation holds at this wet bulb, °C.
#[must_use]
pub fn york_covers(wet_bulb_c: f64) -> bool {
    (WET_BULB_C.0..=WET_BULB_C.1).contains(&wet_bulb_c)
}

/// Running cells at a fixed water flow.
#[derive(Clone, Debug)]
pub struct TowerBank {
    liquid_gas_full: f64,
    min_speed: f64,
    fan_full_w: f64,
    air_full_m3_s: f64,
    /// Heat per kelvin of the water through all cells, W/K.
    water_rate_w_k: f64,
    water_kg_s: f64,
    cycles: f64,
    drift_fraction: f64,
}

/// A tower at work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TowerDuty {
    /// Fan speed over full.
    pub speed: f64,
    /// Fan power, W.
    pub fan_w: f64,
    /// Water leaving, K.
    pub leaving_k: f64,
}

/// Water used, kg/s.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WaterUse {
    /// Evaporated.
    pub evaporated: f64,
    /// Evaporated, drifted and blown down.
    pub makeup: f64,
}

/// Make-up of a sump: blow-down keeps `cycles` of concentration, drift is part of it.
pub fn water_use(evaporated: f64, drift: f64, cycles: f64) -> WaterUse {
    let blowdown = (evaporated / (cycles - 1.0) - drift).max(0.0);
    WaterUse { evaporated, makeup: evaporated + drift + blowdown }
}

impl TowerBank {
    /// `running` cells sharing `water_kg_s` of a fluid with `cp`; `rated_kg_s` is the rated flow of
    /// one cell.
    pub fn new(t: &Towers, running: u32, water_kg_s: f64, rated_kg_s: f64, cp: f64) -> Self {
        let n = f64::from(running);
        let rated_wet_c = t.rated_wet_bulb_k - ZERO_CELSIUS_K;
        let [a, b, c] = parabola(t.rated_range_k, rated_wet_c);
        let rated = root_in(LIQUID_GAS.0, LIQUID_GAS.1, SPEED_TOLERANCE, |lg| {
            a + lg * (b + lg * c) - t.rated_approach_k // (3)
        });
        Self {
            liquid_gas_full: rated * water_kg_s / (n * rated_kg_s), // (2)
            min_speed: t.min_speed,
            fan_full_w: n * t.fan_w,
            air_full_m3_s: n * t.air_flow_m3_s,
            water_rate_w_k: water_kg_s * cp,
            water_kg_s,
            cycles: t.cycles_of_concentration,
            drift_fraction: t.drift_fraction,
        }
    }

    /// Heat per kelvin of the water, W/K.
    pub fn water_rate_w_k(&self) -> f64 {
        self.water_rate_w_k
    }

    fn approach(&self, [a, b, c]: [f64; 3], speed: f64) -> f64 {
        let lg = (self.liquid_gas_full / speed).clamp(LIQUID_GAS.0, LIQUID_GAS.1);
        (a + lg * (b + lg * c)).clamp(APPROACH_K.0, APPROACH_K.1)
    }

    /// The tower at a given fan speed.
    pub fn at_speed(&self, heat_w: f64, wet_bulb_k: f64, speed: f64) -> TowerDuty {
        let coefficients = self.coefficients(heat_w, wet_bulb_k);
        let leaving_k = wet_bulb_k + self.approach(coefficients, speed);
        TowerDuty { speed, fan_w: self.fan_full_w * speed.powi(3), leaving_k }
    }

    /// The least fan speed whose water leaves at `target_k`; full speed if none does. Colder water
    /// at the least speed is mixed up to the target.
    pub fn cool_to(&self, heat_w: f64, wet_bulb_k: f64, target_k: f64) -> TowerDuty {
        let coefficients = self.coefficients(heat_w, wet_bulb_k);
        let missing = |x: f64| self.approach(coefficients, x) - (target_k - wet_bulb_k);
        if missing(1.0) > 0.0 {
            return self.at_speed(heat_w, wet_bulb_k, 1.0);
        }
        let speed = if missing(self.min_speed) <= 0.0 {
            self.min_speed
        } else {
            root_in(self.min_speed, 1.0, SPEED_TOLERANCE, missing)
        };
        TowerDuty { speed, fan_w: self.fan_full_w * speed.powi(3), leaving_k: target_k }
    }

    fn coefficients(&self, heat_w: f64, wet_bulb_k: f64) -> [f64; 3] {
        parabola(heat_w / self.water_rate_w_k, wet_bulb_k - ZERO_CELSIUS_K)
    }

    /// (5)
    pub fn water(&self, heat_w: f64, air: &Air, speed: f64, table: &SaturationTable) -> WaterUse {
        let t_c = air.dry_bulb_k - ZERO_CELSIUS_K;
        let p = table.pressure_pa();
        let m_air = speed * self.air_full_m3_s * dry_air_density(t_c, air.humidity_ratio, p);
        let h_out = enthalpy_j_kg(t_c, air.humidity_ratio) + heat_w / m_air;
        let w_out = saturated_humidity(table.temperature_at(h_out), p);
        let evaporated = (m_air * (w_out - air.humidity_ratio)).max(0.0);
        water_use(evaporated, self.drift_fraction * self.water_kg_s, self.cycles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::plant::fixture::towers;

    fn bank() -> TowerBank {
        let t = towers(1, 0);
        let flow = t.rated_flow_m3_s * 997.0;
        TowerBank::new(&t, 1, flow, flow, 4180.0)
    }

    #[test]
    fn the_rated_point_comes_back() {
        let (t, b) = (towers(1, 0), bank());
        let duty = b.at_speed(t.rated_range_k * b.water_rate_w_k(), t.rated_wet_bulb_k, 1.0);
        assert!((duty.leaving_k - t.rated_wet_bulb_k - t.rated_approach_k).abs() < 1e-6);
    }

    #[test]
    fn colder_wet_bulbs_slow_the_fan_until_the_least_speed() {
        let b = bank();
        let speed = |wet_c: f64| b.cool_to(1e6, wet_c + ZERO_CELSIUS_K, 300.15).speed;
        assert!(speed(20.0) < 1.0 && speed(10.0) < speed(20.0));
        assert!(speed(-30.0) >= 0.2);
        let hot = b.cool_to(1e6, 300.0, 300.15);
        assert!(hot.speed == 1.0 && hot.leaving_k > 301.0);
    }

    #[test]
    fn evaporation_is_near_the_rule_of_thumb_and_blowdown_follows_the_cycles() {
        let table = SaturationTable::new(101_325.0);
        let air = table.air(298.15, 288.15);
        let duty = bank().cool_to(1e6, air.wet_bulb_k, 300.15);
        let used = bank().water(1e6, &air, duty.speed, &table);
        let litres_per_kwh = used.evaporated * 3600.0 / 1e3;
        assert!((1.0..1.6).contains(&litres_per_kwh), "{litres_per_kwh}");
        assert!((used.makeup / used.evaporated - 4.0 / 3.0).abs() < 1e-9);
    }
}
