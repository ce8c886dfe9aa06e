//! Fan-cooled coils: dry coolers and the free-cooling coils of chillers.
//!
//! ```text
//! G(x) = n ε(NTU(x), c(x)) C_min(x)      heat per kelvin of (fluid in − air in), W/K           (1)
//! UA(x) = UA_0 x^m                       x: air flow over rated; UA_0 from the rated point      (2)
//! P(x) = n P_0 x³                        fan law for a fixed system curve                       (3)
//! ```
//! Cross-flow, both sides unmixed. With constant fluid flow, G depends on fan speed alone, so that
//! it is tabulated once and looked up for every hour.
//! Validity: first-order. The coil was rated at sea level: thin air at height costs capacity. The
//! density change with weather is neglected (±8 % of air mass), so is frost.

use super::case::{DryCoolers, FanControl, Fluid};
use super::psychrometrics::dry_air_density;
use crate::numerics::exchanger::{crossflow_effectiveness, crossflow_ntu};
use crate::numerics::interpolate::clamped_linear;

/// Specific heat of dry air, J/(kg·K) (ASHRAE Fundamentals 2017).
const CP_AIR: f64 = 1006.0;
/// Temperature of standard air, °C, at which fans are rated (AMCA: 1.2 kg/m³ at 20 °C).
const STANDARD_AIR_C: f64 = 20.0;
/// Pressure of standard air, Pa.
const STANDARD_PRESSURE: f64 = 101_325.0;
/// Intervals of the table of G.
const STEPS: usize = 48;

/// Running coils at a fixed fluid flow.
#[derive(Clone, Debug)]
pub struct DryBank {
    /// (G W/K, air flow over rated), ascending.
    table: Vec<(f64, f64)>,
    control: FanControl,
    fan_full_w: f64,
    /// Dry air at full speed through all running units, kg/s.
    air_full_kg_s: f64,
}

/// How hard the fans work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FanDuty {
    /// Mean air flow over full air flow.
    pub speed: f64,
    /// Fan power, W.
    pub fan_w: f64,
}

impl DryBank {
    /// `running` units sharing `flow_m3_s` of `fluid` at the pressure of the site. `None` if the
    /// rated point is one that no coil can have.
    pub fn new(
        c: &DryCoolers,
        running: u32,
        flow_m3_s: f64,
        fluid: &Fluid,
        pressure_pa: f64,
    ) -> Option<Self> {
        let n = f64::from(running);
        let rate = |flow: f64| flow * fluid.density_kg_m3 * fluid.cp_j_kg_k;
        let air_kg_s = |p: f64| c.air_flow_m3_s * dry_air_density(STANDARD_AIR_C, 0.0, p);
        let ua = rated_ua(c, rate(c.rated_flow_m3_s), CP_AIR * air_kg_s(STANDARD_PRESSURE))?;
        let fluid_rate = rate(flow_m3_s / n);
        let air_full = air_kg_s(pressure_pa);
        let point = |i: usize| {
            let x = i as f64 / STEPS as f64;
            (n * conductance(c, ua, fluid_rate, CP_AIR * air_full * x, x), x)
        };
        Some(Self {
            table: (0..=STEPS).map(point).collect(),
            control: c.control,
            fan_full_w: n * c.fan_w,
            air_full_kg_s: n * air_full,
        })
    }

    /// Most heat per kelvin of inlet difference, W/K.
    pub fn full_g(&self) -> f64 {
        self.table.last().map_or(0.0, |p| p.0)
    }

    /// Fans at full speed.
    pub fn full(&self) -> FanDuty {
        FanDuty { speed: 1.0, fan_w: self.fan_full_w }
    }

    /// Dry air through all running units at full speed, kg/s.
    pub fn air_full_kg_s(&self) -> f64 {
        self.air_full_kg_s
    }

    /// Fans for `g` W/K; `None` if full speed is not enough.
    pub fn fans(&self, g: f64) -> Option<FanDuty> {
        if g > self.full_g() {
            return None;
        }
        let (speed, power) = match self.control {
            FanControl::Variable { min_speed } => self.variable(g, min_speed),
            FanControl::TwoSpeed { low_flow, low_power } => self.two_speed(g, low_flow, low_power),
        };
        Some(FanDuty { speed, fan_w: power * self.fan_full_w })
    }

    /// (3), cycling at the least speed.
    fn variable(&self, g: f64, min_speed: f64) -> (f64, f64) {
        let x = clamped_linear(&self.table, g).unwrap_or(1.0);
        if x >= min_speed {
            return (x, x.powi(3));
        }
        let share = g / self.g_at(min_speed);
        (share * min_speed, share * min_speed.powi(3))
    }

    /// Cycles between off, low and high.
    fn two_speed(&self, g: f64, low_flow: f64, low_power: f64) -> (f64, f64) {
        let (low, full) = (self.g_at(low_flow), self.full_g());
        if g <= low {
            let share = g / low;
            return (share * low_flow, share * low_power);
        }
        let share = (g - low) / (full - low);
        (low_flow + share * (1.0 - low_flow), low_power + share * (1.0 - low_power))
    }

    fn g_at(&self, x: f64) -> f64 {
        let at = (x * STEPS as f64).clamp(0.0, STEPS as f64);
        let left = (at as usize).min(STEPS - 1);
        let (a, b) = (self.table[left].0, self.table[left + 1].0);
        a + (b - a) * (at - left as f64)
    }
}

/// (2) at full air flow, from the rated point.
fn rated_ua(c: &DryCoolers, fluid_rate: f64, air_rate: f64) -> Option<f64> {
    let least = fluid_rate.min(air_rate);
    let inlet_difference_k = c.rated_approach_k + c.rated_heat_w / fluid_rate;
    let effectiveness = c.rated_heat_w / (least * inlet_difference_k);
    let ratio = least / fluid_rate.max(air_rate);
    let ntu = crossflow_ntu(effectiveness, ratio);
    let reached = crossflow_effectiveness(ntu, ratio);
    (effectiveness < 1.0 && (reached - effectiveness).abs() < 1e-6).then_some(ntu * least)
}

/// ε C_min of one unit at air flow `x`.
fn conductance(c: &DryCoolers, ua_full: f64, fluid_rate: f64, air_rate: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let least = fluid_rate.min(air_rate);
    let ua = ua_full * x.powf(c.ua_air_exponent);
    crossflow_effectiveness(ua / least, least / fluid_rate.max(air_rate)) * least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::plant::fixture::{WATER, coolers};

    fn bank(running: u32, pressure_pa: f64) -> DryBank {
        let c = coolers(running, 0);
        DryBank::new(&c, running, f64::from(running) * c.rated_flow_m3_s, &WATER, pressure_pa)
            .unwrap()
    }

    #[test]
    fn the_rated_point_comes_back_and_height_costs_capacity() {
        let c = coolers(1, 0);
        let rise = c.rated_heat_w / (c.rated_flow_m3_s * WATER.density_kg_m3 * WATER.cp_j_kg_k);
        let rated = c.rated_heat_w / (c.rated_approach_k + rise);
        assert!((bank(1, STANDARD_PRESSURE).full_g() / rated - 1.0).abs() < 1e-9);
        assert!(bank(1, 83_000.0).full_g() < 0.95 * rated);
        assert!((bank(3, STANDARD_PRESSURE).full_g() / rated - 3.0).abs() < 1e-9);
    }

    #[test]
    fn fan_power_falls_with_the_cube_of_speed() {
        let b = bank(2, STANDARD_PRESSURE);
        let duty = b.fans(0.8 * b.full_g()).unwrap();
        assert!((duty.fan_w / b.full().fan_w - duty.speed.powi(3)).abs() < 1e-12);
        assert!(duty.speed < 0.8 && duty.speed > 0.4);
        assert!(b.fans(1.01 * b.full_g()).is_none());
        assert!(b.fans(0.01 * b.full_g()).unwrap().fan_w < 0.01 * b.full().fan_w);
    }

    #[test]
    fn two_speed_fans_cost_more_than_variable_ones_at_part_load() {
        let mut c = coolers(1, 0);
        let variable = DryBank::new(&c, 1, c.rated_flow_m3_s, &WATER, STANDARD_PRESSURE).unwrap();
        c.control = FanControl::TwoSpeed { low_flow: 0.5, low_power: 0.16 };
        let stepped = DryBank::new(&c, 1, c.rated_flow_m3_s, &WATER, STANDARD_PRESSURE).unwrap();
        let g = 0.8 * variable.full_g();
        assert!(stepped.fans(g).unwrap().fan_w > variable.fans(g).unwrap().fan_w);
        assert_eq!(stepped.fans(0.0).unwrap().fan_w, 0.0);
    }
}
