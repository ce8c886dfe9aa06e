//! Switches, network cards, cables, optics and storage.

use crate::catalog::entry::PriceRange;
use serde::{Deserialize, Serialize};

/// Kind of network part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkKind {
    /// InfiniBand switch.
    SwitchIb,
    /// Ethernet switch.
    SwitchEth,
    /// Management switch.
    SwitchMgmt,
    /// Scale-up switch inside a rack-scale system.
    SwitchScaleup,
    /// Management appliance.
    Appliance,
    /// Network card.
    Nic,
    /// Passive copper cable.
    CableDac,
    /// Linear active copper cable.
    CableAcc,
    /// Retimed active electrical cable.
    CableAec,
    /// Active optical cable.
    CableAoc,
    /// Pluggable or co-packaged optic, one end.
    Optic,
}

/// A switch, network card, cable or optic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkSpec {
    /// What it is.
    pub kind: NetworkKind,
    /// Switch chip.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub asic: String,
    /// Ports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ports: Option<u32>,
    /// Rate of one port, Gbit/s per direction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port_gbit_s: Option<f64>,
    /// Height in rack units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rack_units: Option<u32>,
    /// Typical draw, W; for cables both ends together, for optics one end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typical_power_w: Option<f64>,
    /// Maximum draw, W.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_power_w: Option<f64>,
    /// Mass, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg: Option<f64>,
    /// Depth, mm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth_mm: Option<f64>,
    /// Airflow direction or liquid, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub airflow: String,
    /// Longest link, m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach_m: Option<f64>,
    /// Port-to-port latency, ns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ns: Option<f64>,
    /// Whether it is cooled by liquid.
    #[serde(default)]
    pub liquid_cooled: bool,
    /// Price, US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_usd: Option<PriceRange>,
}

/// A storage appliance or building block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageSpec {
    /// Architecture in words.
    pub kind: String,
    /// Sustained read, GB/s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_gbyte_s: Option<f64>,
    /// Sustained write, GB/s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write_gbyte_s: Option<f64>,
    /// Usable capacity, PB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usable_pbyte: Option<f64>,
    /// Raw capacity, PB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_pbyte: Option<f64>,
    /// Height in rack units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rack_units: Option<u32>,
    /// Typical draw, W.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typical_power_w: Option<f64>,
    /// Maximum draw, W.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_power_w: Option<f64>,
    /// Mass, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg: Option<f64>,
    /// Front-end network in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub network: String,
    /// Price, US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_usd: Option<PriceRange>,
}
