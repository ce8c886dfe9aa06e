//! The self-contained input of the liquid stage: technology cooling loops (TCS) from racks to
//! CDUs, and the facility water (FWS) that the CDUs reject to. SI throughout; temperatures in
//! kelvin, volume flows in cubic metres per second.

use crate::plan::ObjectId;
use serde::{Deserialize, Serialize};

/// Everything that the liquid stage needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiquidCase {
    /// The technology cooling loops; independent of each other on the hydraulic side.
    pub loops: Vec<TcsLoop>,
}

/// One technology cooling loop: racks in parallel, fed by a group of equal CDUs in parallel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TcsLoop {
    /// Name by which findings speak of the loop (`TCS-1`).
    pub name: String,
    /// Fluid in the loop.
    pub coolant: Coolant,
    /// Supply temperature that the CDUs are set to hold, K.
    pub supply_set_k: f64,
    /// Racks on the loop.
    pub racks: Vec<RackBranch>,
    /// The CDUs that feed it.
    pub cdus: CduGroup,
    /// Facility water at the CDUs.
    pub facility: FacilityWater,
    /// Pressure drop of headers and branch pipes at the required flow of the loop, Pa, without the
    /// racks themselves.
    pub distribution_drop_pa: f64,
}

/// Fluids with a property table (see `coolant.rs`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Coolant {
    /// Plain treated water.
    Water,
    /// Propylene glycol in water, 25 % by volume, inhibited: the usual TCS fill.
    #[default]
    Pg25,
}

/// The liquid side of one rack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RackBranch {
    /// The rack on the floor.
    pub id: ObjectId,
    /// Heat given to the liquid, W (not the part that goes to the air).
    pub heat_w: f64,
    /// How much flow the rack asks for.
    pub flow_need: FlowNeed,
    /// Highest coolant supply temperature that the maker allows, K.
    pub max_supply_k: Option<f64>,
    /// Highest coolant temperature leaving the rack, K.
    pub max_outlet_k: Option<f64>,
    /// Pressure drop across the rack as (flow m³/s, drop Pa), ascending in flow; empty if unknown.
    #[serde(default)]
    pub drop_curve: Vec<(f64, f64)>,
    /// Who published flow and limits.
    #[serde(default)]
    pub source: String,
}

/// How much flow a rack asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FlowNeed {
    /// The maker's table of flow against supply temperature, published for `rated_heat_w`. The need
    /// scales with heat, which keeps the published temperature rise at each supply temperature.
    Curve {
        /// (supply temperature K, flow m³/s), ascending in temperature.
        points: Vec<(f64, f64)>,
        /// Heat to liquid that the table was published for, W.
        rated_heat_w: f64,
    },
    /// A rule of thumb, flow per heat, m³/(s·W); 1.5 L/min per kW is 2.5e-8.
    PerHeat {
        /// Flow per heat, m³/(s·W).
        m3_s_per_w: f64,
    },
}

/// A group of equal CDUs in parallel; all of them run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CduGroup {
    /// Catalogue name of the model.
    pub model: String,
    /// Installed CDUs.
    pub count: u32,
    /// How many of them the design counts as spare (N+1 is 1).
    pub spare: u32,
    /// Rated point of one CDU.
    pub rated: CduRated,
}

/// Rated point of one CDU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CduRated {
    /// Heat moved at the rated point, W.
    pub heat_w: f64,
    /// TCS supply minus FWS supply at the rated point, K.
    pub approach_k: f64,
    /// TCS flow at the rated point, m³/s; also the most that its pumps deliver.
    pub tcs_flow_m3_s: f64,
    /// FWS flow at the rated point, m³/s.
    pub fws_flow_m3_s: f64,
    /// Electrical power of pumps and controls at rated TCS flow and head, W.
    pub pump_w: f64,
    /// Head left for piping and racks at rated TCS flow, Pa.
    pub head_pa: f64,
    /// Fluid of the TCS side at the rated point.
    pub coolant: Coolant,
    /// Who published the point.
    #[serde(default)]
    pub source: String,
}

/// Facility water as offered to each CDU of a loop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacilityWater {
    /// Fluid of the facility loop.
    pub coolant: Coolant,
    /// Supply temperature, K.
    pub supply_k: f64,
    /// Most flow that one CDU can draw, m³/s; its control valve throttles below that.
    pub max_flow_per_cdu_m3_s: f64,
}
