//! The output of the plant stage.

use super::case::MONTHS;
use crate::evaluate::finding::Finding;
use serde::Serialize;

/// What the plant does on the design day and through the year.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PlantResult {
    /// One per loop of the case, in its order.
    pub loops: Vec<PlantLoopResult>,
    /// Mechanical power of all loops on their design day, W.
    pub design_power: PowerSplit,
    /// Mechanical power of all loops, mean over the year, W.
    pub annual_mean_power: PowerSplit,
    /// Make-up water of all loops, m³ a year.
    pub makeup_m3_year: f64,
    /// How well the synthetic year matches what it was built from.
    pub climate: ClimateFit,
    /// Problems found.
    pub findings: Vec<Finding>,
}

/// Mechanical power by kind, W.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct PowerSplit {
    /// Dry cooler, tower and free-cooling fans, W.
    pub fan_w: f64,
    /// Pumps of facility and tower water, W.
    pub pump_w: f64,
    /// Chillers, W; condenser fans included where air-cooled.
    pub compressor_w: f64,
}

impl PowerSplit {
    /// All of it, W.
    #[must_use]
    pub fn total_w(&self) -> f64 {
        self.fan_w + self.pump_w + self.compressor_w
    }
}

/// One loop.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlantLoopResult {
    /// Name of the loop.
    pub name: String,
    /// Heat of the loop, W.
    pub heat_w: f64,
    /// The design day: 0.4 % dry bulb for air-cooled plant, 0.4 % wet bulb for towers.
    pub design: PlantPoint,
    /// The design day with one unit of each kind out of service; `None` if none is left.
    pub design_one_out: Option<PlantPoint>,
    /// Heat that the plant could reject on the design day at the set point with every unit
    /// running, W.
    pub design_capacity_w: f64,
    /// The same with one unit of each kind out, W.
    pub design_capacity_one_out_w: f64,
    /// The months, January first.
    pub months: [MonthResult; MONTHS],
    /// Mean power over the year, W.
    pub annual_mean_power: PowerSplit,
    /// Make-up water, m³ a year.
    pub makeup_m3_year: f64,
    /// Hours a year without any compressor.
    pub free_cooling_hours: f64,
    /// Hours a year in which a compressor only trims.
    pub partial_free_cooling_hours: f64,
    /// Hours a year in which the set point is missed by more than the tolerance.
    pub hours_above_set_point: f64,
    /// Warmest supply in the synthetic year, K.
    pub warmest_supply_k: f64,
    /// Smallest difference between supply and the air that cools it (wet bulb for towers), K.
    pub worst_approach_k: f64,
}

/// The plant of a loop under one weather condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct PlantPoint {
    /// Dry bulb, K.
    pub dry_bulb_k: f64,
    /// Wet bulb, K.
    pub wet_bulb_k: f64,
    /// Supply temperature reached, K.
    pub supply_k: f64,
    /// Return temperature, K.
    pub return_k: f64,
    /// Power by kind, W.
    pub power: PowerSplit,
    /// Heat given to the outdoors, W: load plus all mechanical work.
    pub rejected_w: f64,
    /// Share of the load that a compressor carried, 0..1.
    pub compressor_share: f64,
    /// Fan speed over full speed.
    pub fan_speed: f64,
    /// Water evaporated, kg/s.
    pub evaporated_kg_s: f64,
    /// Make-up: evaporated, blown down and drifted, kg/s.
    pub makeup_kg_s: f64,
}

/// One month of a loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct MonthResult {
    /// Hours in the month.
    pub hours: f64,
    /// Heat of the loop, kWh.
    pub heat_kwh: f64,
    /// Fan energy, kWh.
    pub fan_kwh: f64,
    /// Pump energy, kWh.
    pub pump_kwh: f64,
    /// Compressor energy, kWh.
    pub compressor_kwh: f64,
    /// Heat given to the outdoors, kWh.
    pub rejected_kwh: f64,
    /// Make-up water, m³.
    pub makeup_m3: f64,
    /// Evaporated water, m³.
    pub evaporated_m3: f64,
    /// Hours without any compressor.
    pub free_cooling_hours: f64,
    /// Hours in which the set point is missed by more than the tolerance.
    pub hours_above_set_point: f64,
    /// Mean supply temperature, K.
    pub mean_supply_k: f64,
}

/// Spread found by fitting the synthetic year to the design values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ClimateFit {
    /// Standard deviation of dry bulb within a month, K.
    pub dry_bulb_spread_k: f64,
    /// Standard deviation of dew point within a month, K.
    pub dew_point_spread_k: f64,
    /// Hours a year with a dry bulb below 18 °C: comparable with published hour counts.
    pub hours_below_18c: f64,
}
