//! The sections of a plan that are not drawn: site, hall, power, cooling, fabric, storage,
//! workload, finance.

use super::resilience::Resilience;
use super::serving::Serving;
use super::training::Training;
use crate::catalog::{CoolingKey, ModelKey, NetworkKey, PowerKey, SiteKey, StorageKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where the hall stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Climate, carbon and price of this place.
    pub site: SiteKey,
    /// Electricity price, US dollars per kWh, where it differs from the site's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electricity_usd_kwh: Option<f64>,
    /// Grid carbon, g CO₂e per kWh, where it differs from the site's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid_carbon_g_kwh: Option<f64>,
    /// Elevation, m, where it differs from the site's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elevation_m: Option<f64>,
}

/// The floor of the hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FloorBuild {
    /// Solid slab: air is supplied into the room.
    Slab,
    /// Raised floor: CRAHs feed the plenum, perforated tiles feed the room.
    Raised {
        /// Clear height of the plenum, mm.
        plenum_mm: u32,
    },
}

/// The room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hall {
    /// Inner size east–west, mm.
    pub size_x_mm: u32,
    /// Inner size north–south, mm.
    pub size_y_mm: u32,
    /// Clear height from (raised) floor to ceiling, mm.
    pub height_mm: u32,
    /// Slab or raised floor.
    pub floor: FloorBuild,
    /// Height of the return plenum above the ceiling, mm; 0 for none.
    pub ceiling_plenum_mm: u32,
    /// Allowed uniform floor load, kPa.
    pub floor_load_kpa: f64,
}

/// How much is redundant, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scheme {
    /// Just enough, one path.
    N,
    /// One spare module on one path.
    NPlus1,
    /// Two full paths.
    TwoN,
    /// Distributed redundant: four systems, any three carry the load.
    FourN3R,
    /// Block redundant: active blocks and one catcher behind static transfer switches.
    BlockRedundant,
}

impl Scheme {
    /// All schemes.
    pub const ALL: [Self; 5] =
        [Self::N, Self::NPlus1, Self::TwoN, Self::FourN3R, Self::BlockRedundant];

    /// Its name in the field.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::N => "N",
            Self::NPlus1 => "N+1",
            Self::TwoN => "2N",
            Self::FourN3R => "4N3R",
            Self::BlockRedundant => "Block redundant",
        }
    }
}

/// What reaches the racks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Distribution {
    /// 415 V three-phase.
    Vac415,
    /// 480 V three-phase.
    Vac480,
    /// 800 V direct current.
    Vdc800,
}

impl Distribution {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Vac415, Self::Vac480, Self::Vdc800];

    /// Nominal voltage, V (line to line for alternating current).
    #[must_use]
    pub const fn volts(self) -> f64 {
        match self {
            Self::Vac415 => 415.0,
            Self::Vac480 => 480.0,
            Self::Vdc800 => 800.0,
        }
    }

    /// Its name in the field.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Vac415 => "415 VAC",
            Self::Vac480 => "480 VAC",
            Self::Vdc800 => "800 VDC",
        }
    }
}

/// What the user changed about one generated element; empty fields keep the generated value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ElementOverride {
    /// Rating, kW (kVA for transformers, A for busways).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<f64>,
    /// Number of parallel modules or units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Length, m.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length_m: Option<f64>,
    /// Off-circuit tap of a transformer: raises its output by so much, %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tap_percent: Option<f64>,
}

/// The power chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Power {
    /// Contracted utility power, MW.
    pub utility_mw: f64,
    /// Utility voltage, kV.
    pub utility_kv: f64,
    /// Redundancy.
    pub scheme: Scheme,
    /// What reaches the racks.
    pub distribution: Distribution,
    /// MV/LV transformer.
    pub transformer: PowerKey,
    /// UPS module (with 800 VDC: the rectifier block).
    pub ups: PowerKey,
    /// Whether UPS run in eco mode.
    #[serde(default)]
    pub ups_eco: bool,
    /// Busway along the rows.
    pub busway: PowerKey,
    /// Standby generator, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generator: Option<PowerKey>,
    /// Overrides of generated elements by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, ElementOverride>,
    /// Standby, load swings, provisioning, failure data.
    #[serde(default, skip_serializing_if = "Resilience::is_default")]
    pub resilience: Box<Resilience>,
}

/// What runs in the technology cooling loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Coolant {
    /// Treated water.
    Water,
    /// 25 % propylene glycol.
    Pg25,
}

/// How heat leaves the building.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PlantKind {
    /// Dry coolers only.
    DryCooler,
    /// Dry coolers with adiabatic assist.
    DryCoolerAdiabatic,
    /// Open cooling towers.
    CoolingTower,
    /// Air-cooled chillers with free cooling.
    ChillerAir,
    /// Water-cooled chillers, towers and a water-side economiser.
    ChillerWater,
}

impl PlantKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::DryCooler,
        Self::DryCoolerAdiabatic,
        Self::CoolingTower,
        Self::ChillerAir,
        Self::ChillerWater,
    ];

    /// Its name in the field.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::DryCooler => "Dry coolers",
            Self::DryCoolerAdiabatic => "Dry coolers, adiabatic",
            Self::CoolingTower => "Cooling towers",
            Self::ChillerAir => "Air-cooled chillers",
            Self::ChillerWater => "Water-cooled chillers",
        }
    }
}

/// Air, coolant and heat rejection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cooling {
    /// Supply-air set point, °C.
    pub air_supply_c: f64,
    /// Chilled-water supply to the air units, °C.
    pub chilled_water_c: f64,
    /// What runs in the technology cooling loop.
    pub coolant: Coolant,
    /// Technology cooling loop supply set point, °C.
    pub tcs_supply_c: f64,
    /// Facility water supply to the CDUs, °C.
    pub fws_supply_c: f64,
    /// CDU used where none are drawn.
    pub cdu: CoolingKey,
    /// Spare CDUs per loop (0 for N, 1 for N+1).
    pub spare_cdus: u32,
    /// Plant for the liquid-cooled heat.
    pub liquid_plant: PlantKind,
    /// Plant for the air-cooled heat.
    pub air_plant: PlantKind,
    /// Spare plant units (0 for N, 1 for N+1).
    pub spare_plant_units: u32,
    /// Overrides of generated loops and plant groups by name; rating in kW.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, ElementOverride>,
}

/// Shape of the scale-out fabric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Topology {
    /// Leaf r of a unit takes network card r of each node; spines join the rails.
    RailLeafSpine,
    /// Two tiers, a node's cards on one leaf.
    LeafSpine,
    /// Leaf, spine, core.
    ThreeTier,
    /// Rails without spines; cross-rail traffic hops over the scale-up domain.
    RailOnly,
}

impl Topology {
    /// All shapes.
    pub const ALL: [Self; 4] =
        [Self::RailLeafSpine, Self::LeafSpine, Self::ThreeTier, Self::RailOnly];

    /// Its name in the field.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::RailLeafSpine => "Rail-optimised leaf–spine",
            Self::LeafSpine => "Leaf–spine",
            Self::ThreeTier => "Three-tier",
            Self::RailOnly => "Rail-only",
        }
    }
}

/// Which media the links may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OpticsPolicy {
    /// Cheapest medium whose reach covers the routed length.
    CopperFirst,
    /// Optics everywhere.
    OpticsOnly,
}

/// How traffic is spread over equal paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LoadBalancing {
    /// Hash per flow.
    Ecmp,
    /// Adaptive routing or packet spraying.
    Adaptive,
}

/// The scale-out fabric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fabric {
    /// Shape.
    pub topology: Topology,
    /// Switch of all tiers.
    pub switch: NetworkKey,
    /// Downlinks per uplink at the leaf (1 is non-blocking).
    pub oversubscription: f64,
    /// Media.
    pub optics: OpticsPolicy,
    /// Spreading of flows.
    pub load_balancing: LoadBalancing,
    /// Height of the cable trays above the floor, mm.
    pub tray_height_mm: u32,
    /// Overrides of generated counts by tier name (`leaf`, `spine`, `core`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, ElementOverride>,
}

/// Shared storage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// Building block.
    pub appliance: StorageKey,
    /// How many.
    pub count: u32,
}

/// Number format of weights and arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Precision {
    /// 16 bit.
    Bf16,
    /// 8 bit.
    Fp8,
    /// 4 bit weights and arithmetic where the part has it.
    Fp4,
}

impl Precision {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Bf16, Self::Fp8, Self::Fp4];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Bf16 => "BF16",
            Self::Fp8 => "FP8",
            Self::Fp4 => "FP4",
        }
    }

    /// Bytes of one weight.
    #[must_use]
    pub const fn bytes(self) -> f64 {
        match self {
            Self::Bf16 => 2.0,
            Self::Fp8 => 1.0,
            Self::Fp4 => 0.5,
        }
    }
}

/// What the factory does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Job {
    /// Answering requests.
    Serving(Serving),
    /// Training one model on the whole hall.
    Training(Training),
}

/// The workload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// The model.
    pub model: ModelKey,
    /// Number format.
    pub precision: Precision,
    /// Serving or training.
    pub job: Job,
}

/// How capital is turned into yearly cost; never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CapitalMethod {
    /// Annuity at the cost of capital.
    Annuity,
    /// Straight-line depreciation, no cost of capital.
    StraightLine,
}

/// Money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finance {
    /// Annuity or straight line.
    pub method: CapitalMethod,
    /// Values of planning assumptions that differ from the catalogue's, by id (`wacc` …).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub assumptions: BTreeMap<String, f64>,
}
