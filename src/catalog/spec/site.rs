//! Sites, standards and planning assumptions.

use serde::{Deserialize, Serialize};

/// A site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteSpec {
    /// ISO 3166 country code, three letters.
    pub country: String,
    /// Latitude, degrees north.
    pub latitude_deg: f64,
    /// Longitude, degrees east.
    pub longitude_deg: f64,
    /// Elevation above sea level, m.
    pub elevation_m: f64,
    /// Annual mean dry bulb, °C.
    pub annual_mean_db_c: f64,
    /// Dry bulb exceeded 0.4 % of the hours, °C.
    pub design_db_c: f64,
    /// Mean wet bulb at that dry bulb, °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design_mcwb_c: Option<f64>,
    /// Wet bulb exceeded 0.4 % of the hours, °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design_wb_c: Option<f64>,
    /// Monthly mean dry bulb, January first, °C.
    pub db_mean_c: [f64; 12],
    /// Monthly mean dew point, January first, °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dp_mean_c: Option<[f64; 12]>,
    /// Hours of the year below 18 °C dry bulb.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_below_18c: Option<f64>,
    /// Grid carbon, g CO₂e per kWh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid_carbon_g_kwh: Option<f64>,
    /// Mean wholesale electricity price, US dollars per kWh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wholesale_usd_kwh: Option<f64>,
    /// Industrial electricity price, US dollars per kWh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub industrial_usd_kwh: Option<f64>,
    /// Water stress class in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub water_stress: String,
}

/// A limit or rule of a standard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardSpec {
    /// Topic (`air-envelope`, `clearance` …).
    pub topic: String,
    /// What the value is.
    pub item: String,
    /// The value as printed.
    pub value: String,
    /// Its low end or single value as a number, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Its high end as a number, where it is a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// To what it applies.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub applies_to: String,
}

/// A planning assumption with its band.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssumptionSpec {
    /// Planning value in `unit`.
    pub value: f64,
    /// Low end (P10) in `unit`.
    pub low: f64,
    /// High end (P90) in `unit`.
    pub high: f64,
    /// Unit.
    pub unit: String,
    /// What the evaluation uses it for.
    pub meaning: String,
}
