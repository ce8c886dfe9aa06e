//! Air and liquid cooling equipment and heat rejection.

use crate::catalog::entry::{PriceRange, SizeMm};
use serde::{Deserialize, Serialize};

/// Kind of cooling equipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoolingKind {
    /// Coolant distribution unit, liquid to liquid, on the floor.
    CduL2l,
    /// CDU inside a rack.
    CduInrack,
    /// CDU that rejects to room air.
    CduL2a,
    /// Rear-door heat exchanger with fans.
    RdhxActive,
    /// Rear-door heat exchanger without fans.
    RdhxPassive,
    /// Perimeter unit with chilled water.
    Crah,
    /// Fan wall.
    FanWall,
    /// Unit between racks.
    InRow,
    /// Water-cooled chiller.
    ChillerWc,
    /// Air-cooled chiller.
    ChillerAc,
    /// Dry cooler.
    DryCooler,
    /// Cooling tower.
    CoolingTower,
    /// Single-phase immersion tank.
    #[serde(rename = "immersion_1p")]
    Immersion1p,
    /// Two-phase immersion tank.
    #[serde(rename = "immersion_2p")]
    Immersion2p,
}

/// A piece of cooling equipment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoolingSpec {
    /// What it is.
    pub kind: CoolingKind,
    /// Rated heat, kW.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_kw: Option<f64>,
    /// Airflow, m³/h.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub airflow_m3_h: Option<f64>,
    /// Fan or pump power at rating, kW.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fan_or_pump_kw: Option<f64>,
    /// Coefficient of performance at rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cop: Option<f64>,
    /// Water or coolant flow at rating, L/min.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub water_flow_l_min: Option<f64>,
    /// Pressure drop or external head at rating, bar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pressure_bar: Option<f64>,
    /// Approach at rating, K.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approach_k: Option<f64>,
    /// Supply temperature at rating, °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supply_c: Option<f64>,
    /// Return temperature at rating, °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_c: Option<f64>,
    /// Outer size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_mm: Option<SizeMm>,
    /// Mass, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg: Option<f64>,
    /// Price per kW of rated heat, US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_usd_per_kw: Option<PriceRange>,
}
