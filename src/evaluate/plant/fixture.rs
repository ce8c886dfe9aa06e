//! Climates and equipment for the tests of the plant.

use super::case::{Chillers, Climate, DryCoolers, FanControl, Fluid, Pump, Towers, Units};
use serde::Deserialize;

pub const WATER: Fluid = Fluid { density_kg_m3: 997.0, cp_j_kg_k: 4181.0 };

#[derive(Deserialize)]
struct Sites {
    sites: Vec<Site>,
}

#[derive(Deserialize)]
pub struct Site {
    pub id: String,
    elevation_m: f64,
    dry_bulb_mean_c: [f64; 12],
    dew_point_mean_c: [f64; 12],
    design_dry_bulb_c: f64,
    design_coincident_wet_bulb_c: Option<f64>,
    design_wet_bulb_c: f64,
    hours_below_18c: Option<f64>,
    pub tower_27c_overhead: Option<f64>,
    pub tower_27c_makeup_l_kwh: Option<f64>,
    pub dry_33c_overhead: Option<f64>,
    pub dry_33c_hours_above: Option<f64>,
}

impl Site {
    pub fn climate(&self) -> Climate {
        let k = |t_c: f64| t_c + 273.15;
        Climate {
            elevation_m: self.elevation_m,
            dry_bulb_mean_k: self.dry_bulb_mean_c.map(k),
            dew_point_mean_k: self.dew_point_mean_c.map(k),
            design_dry_bulb_k: k(self.design_dry_bulb_c),
            design_coincident_wet_bulb_k: self.design_coincident_wet_bulb_c.map(k),
            design_wet_bulb_k: k(self.design_wet_bulb_c),
        }
    }
}

fn read(text: &str) -> Vec<Site> {
    serde_json::from_str::<Sites>(text).unwrap().sites
}

/// Sites with their counted hours below 18 °C.
pub fn sites() -> Vec<(String, Climate, f64)> {
    read(include_str!("../../../tests/cases/plant/sites.json"))
        .into_iter()
        .map(|s| (s.id.clone(), s.climate(), s.hours_below_18c.unwrap()))
        .collect()
}

/// Sites with annual results of EnergyPlus.
pub fn energyplus_sites() -> Vec<Site> {
    read(include_str!("../../../tests/cases/plant/energyplus_annual.json"))
}

pub fn golden() -> Climate {
    energyplus_sites()[0].climate()
}

pub fn ashburn() -> Climate {
    sites().swap_remove(0).1
}

pub fn coolers(count: u32, spare: u32) -> DryCoolers {
    DryCoolers {
        units: Units { count, spare },
        rated_heat_w: 1e6,
        rated_flow_m3_s: 0.025,
        rated_approach_k: 8.0,
        air_flow_m3_s: 92.0,
        fan_w: 18_000.0,
        control: FanControl::Variable { min_speed: 0.2 },
        ua_air_exponent: 0.5,
    }
}

pub fn towers(count: u32, spare: u32) -> Towers {
    Towers {
        units: Units { count, spare },
        rated_flow_m3_s: 0.042_935,
        air_flow_m3_s: 49.375,
        fan_w: 10_500.0,
        rated_wet_bulb_k: 298.75,
        rated_approach_k: 3.9,
        rated_range_k: 5.6,
        min_speed: 0.2,
        pump: None,
        cycles_of_concentration: 4.0,
        drift_fraction: 5e-5,
    }
}

pub fn chillers(count: u32, spare: u32) -> Chillers {
    Chillers {
        units: Units { count, spare },
        rated_heat_w: 1e6,
        rated_cop: 3.2,
        rated_lift_k: 15.0,
        cop_slope_per_k: 0.03,
        capacity_slope_per_k: 0.01,
        min_lift_k: 5.0,
    }
}

/// A pump of 200 kPa at 70 % wire to water.
pub fn pump(flow_m3_s: f64) -> Pump {
    Pump { flow_m3_s, head_pa: 200_000.0, wire_to_water: 0.7 }
}
