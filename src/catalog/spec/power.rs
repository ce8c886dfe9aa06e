//! Power equipment from the transformer to the server supply.

use crate::catalog::entry::{PriceRange, SizeMm};
use serde::{Deserialize, Serialize};

/// Kind of power equipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PowerKind {
    /// MV/LV or LV/LV transformer.
    Transformer,
    /// Uninterruptible power supply.
    Ups,
    /// Battery cabinet.
    Battery,
    /// Track busway.
    Busway,
    /// Floor PDU with transformer.
    Pdu,
    /// Rack PDU.
    Rpdu,
    /// Remote power panel.
    Rpp,
    /// Standby generator.
    Generator,
    /// Battery energy storage system.
    Bess,
    /// Rectifier shelf in a rack.
    RectifierShelf,
    /// 800 VDC power rack or sidecar.
    #[serde(rename = "vdc_800")]
    Vdc800,
    /// Server power supply.
    Psu,
}

/// Efficiency at a load fraction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EfficiencyPoint {
    /// Load, percent of rating.
    pub load_pct: f64,
    /// Efficiency, percent.
    pub efficiency_pct: f64,
}

/// A piece of power equipment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerSpec {
    /// What it is.
    pub kind: PowerKind,
    /// Rating, kVA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_kva: Option<f64>,
    /// Rating, kW.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_kw: Option<f64>,
    /// Rating, A.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_a: Option<f64>,
    /// Rated voltage, V line to line or DC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voltage_v: Option<f64>,
    /// Short-circuit impedance, percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impedance_pct: Option<f64>,
    /// Rated short-time withstand current for 1 s (Icw), kA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icw_1s_ka: Option<f64>,
    /// Rated peak withstand current (Ipk), kA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipk_ka: Option<f64>,
    /// No-load loss, W.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_load_loss_w: Option<f64>,
    /// Load loss at rating, W.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_loss_w: Option<f64>,
    /// Efficiency points, rising load.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub efficiency: Vec<EfficiencyPoint>,
    /// Efficiency in eco mode, percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub efficiency_eco_pct: Option<f64>,
    /// Battery autonomy at full load, min.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battery_min: Option<f64>,
    /// Stored energy, kWh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy_kwh: Option<f64>,
    /// Start time, s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_s: Option<f64>,
    /// Largest load step, percent of rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_step_load_pct: Option<f64>,
    /// Outer size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_mm: Option<SizeMm>,
    /// Mass, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg: Option<f64>,
    /// Price per kW (kVA for transformers), US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_usd_per_kw: Option<PriceRange>,
}
