//! Accelerators, servers, rack-scale systems and rack frames.

use crate::catalog::entry::{PriceRange, SizeMm};
use crate::catalog::key::{AcceleratorKey, RackKey};
use serde::{Deserialize, Serialize};

/// A GPU or other accelerator package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceleratorSpec {
    /// Architecture class (`Hopper`, `Blackwell`, `CDNA4` …), which efficiencies attach to.
    pub arch: String,
    /// Package form.
    pub form: String,
    /// Thermal design power, W.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tdp_w: Option<f64>,
    /// Measured draw of the idle package, W.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_w: Option<f64>,
    /// Dense BF16 peak, TFLOP/s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bf16_dense_tflops: Option<f64>,
    /// Dense FP8 peak, TFLOP/s; `None` where the part has no FP8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fp8_dense_tflops: Option<f64>,
    /// Dense FP4 peak, TFLOP/s; `None` where the part has no FP4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fp4_dense_tflops: Option<f64>,
    /// Memory, GiB; data sheets write GB for it.
    pub memory_gbyte: f64,
    /// Memory type.
    pub memory_type: String,
    /// Memory bandwidth, 1e12 bytes/s.
    pub memory_tbyte_s: f64,
    /// Scale-up (NVLink, Infinity Fabric …) bandwidth, both directions together, GB/s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_up_gbyte_s_bidir: Option<f64>,
    /// Accelerators in one scale-up domain.
    pub scale_up_domain: u32,
    /// Scale-out network rate per accelerator, Gbit/s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nic_gbit_s: Option<f64>,
    /// Price of one package, US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_usd: Option<PriceRange>,
    /// When it was or will be launched.
    pub launch: String,
    /// Air inlet above which the system throttles or shuts down, °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_air_inlet_c: Option<f64>,
    /// Coolant supply above which cold plates no longer hold the rating, °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_liquid_supply_c: Option<f64>,
    /// How it may be cooled.
    pub cooling: String,
}

/// What a system is, physically: never confuse a GPU, a tray, a server and a rack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemForm {
    /// A chassis of some U that goes into a rack frame.
    Server,
    /// A tray of a rack-scale system; not placed on its own.
    Tray,
    /// A whole rack.
    Rack,
    /// Several racks sold as one; a reference, not placed.
    Pod,
}

/// Coolant flow that a system needs at one supply temperature.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowPoint {
    /// Coolant supply temperature, °C.
    pub supply_c: f64,
    /// Required flow, L/min.
    pub flow_l_min: f64,
    /// Pressure drop at that flow, kPa.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop_kpa: Option<f64>,
}

/// ASHRAE class of air-cooled equipment (TC 9.9 Thermal Guidelines, 5th edition, 2021).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AirClass {
    /// Enterprise servers and storage.
    A1,
    /// Volume servers.
    A2,
    /// Volume servers with a wider range.
    A3,
    /// Volume servers with the widest range.
    A4,
    /// High-density air-cooled equipment.
    H1,
}

impl AirClass {
    /// The class as it is written.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::A1 => "A1",
            Self::A2 => "A2",
            Self::A3 => "A3",
            Self::A4 => "A4",
            Self::H1 => "H1",
        }
    }

    /// Recommended dry bulb at the inlet, °C, lowest and highest.
    #[must_use]
    pub const fn recommended_c(self) -> (f64, f64) {
        match self {
            Self::H1 => (18.0, 22.0),
            _ => (18.0, 27.0),
        }
    }

    /// Allowable dry bulb at the inlet at sea level, °C, lowest and highest. H1's lower end was not
    /// checked against the printed guideline.
    #[must_use]
    pub const fn allowable_c(self) -> (f64, f64) {
        match self {
            Self::A1 => (15.0, 32.0),
            Self::A2 => (10.0, 35.0),
            Self::A3 => (5.0, 40.0),
            Self::A4 => (5.0, 45.0),
            Self::H1 => (5.0, 25.0),
        }
    }

    /// Elevation above [`DERATED_FROM_M`] that costs 1 K of the highest allowable inlet, m. From
    /// memory of the guideline; H1's is an assumption, as A1's.
    #[must_use]
    pub const fn derating_m_per_k(self) -> f64 {
        match self {
            Self::A1 | Self::A2 | Self::H1 => 300.0,
            Self::A3 => 175.0,
            Self::A4 => 125.0,
        }
    }
}

/// Elevation from which the highest allowable inlet falls, m (ASHRAE TC 9.9, 2021).
pub const DERATED_FROM_M: f64 = 900.0;

/// A server or a rack-scale system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemSpec {
    /// Server, tray, rack or pod.
    pub form: SystemForm,
    /// The accelerator inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accelerator: Option<AcceleratorKey>,
    /// Accelerators in one system.
    pub accelerator_count: u32,
    /// Height in rack units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rack_units: Option<u32>,
    /// Sustained draw under real load, W.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typical_power_w: Option<f64>,
    /// Maximum sustained draw that feeds and cooling are designed for, W.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design_power_w: Option<f64>,
    /// Short peak, W.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_power_w: Option<f64>,
    /// Mass, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg: Option<f64>,
    /// Outer size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_mm: Option<SizeMm>,
    /// Airflow at design power, m³/h.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub airflow_m3_h: Option<f64>,
    /// ASHRAE class that the maker names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub air_class: Option<AirClass>,
    /// Allowed air inlet, °C, low end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inlet_min_c: Option<f64>,
    /// Allowed air inlet, °C, high end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inlet_max_c: Option<f64>,
    /// Share of the heat that goes to liquid, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liquid_heat_fraction: Option<f64>,
    /// Required coolant flow against supply temperature, rising temperatures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub liquid_flow: Vec<FlowPoint>,
    /// Highest coolant supply, °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liquid_supply_max_c: Option<f64>,
    /// Power supplies in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub psu: String,
    /// Scale-out network ports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nic_count: Option<u32>,
    /// Rate of each scale-out port, Gbit/s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nic_gbit_s: Option<f64>,
    /// Network in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub nic: String,
    /// Rack frame that it comes in or is usually put into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<RackKey>,
    /// Price of one system, US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_usd: Option<PriceRange>,
}

impl SystemSpec {
    /// What is missing before a rack with this system could be evaluated; empty if nothing.
    #[must_use]
    pub fn missing_for_placing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if matches!(self.form, SystemForm::Tray | SystemForm::Pod) {
            missing.push("a form that can be placed (server or rack)");
        }
        if self.accelerator.is_none() {
            missing.push("accelerator");
        }
        if self.design_power_w.is_none() {
            missing.push("design_power_w");
        }
        if self.form == SystemForm::Server && self.rack_units.is_none() {
            missing.push("rack_units");
        }
        if self.form == SystemForm::Rack && self.size_mm.is_none() {
            missing.push("size_mm");
        }
        missing
    }
}

/// A rack frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RackSpec {
    /// Standard that it follows.
    pub standard: String,
    /// Outer size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_mm: Option<SizeMm>,
    /// Usable units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<u32>,
    /// `U` or `OU`.
    pub unit_kind: String,
    /// Empty mass, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tare_kg: Option<f64>,
    /// Allowed load standing still, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub static_load_kg: Option<f64>,
    /// Allowed load while rolled, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dynamic_load_kg: Option<f64>,
    /// Bus bar rating, A.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub busbar_a: Option<f64>,
    /// Bus bar voltage, V DC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub busbar_vdc: Option<f64>,
    /// Power that a planner should not exceed, kW.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_kw: Option<f64>,
    /// Price, US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_usd: Option<PriceRange>,
}
