//! What the fabric stage needs to know: where the endpoints are, and what may be bought.

use crate::plan::ObjectId;
use serde::{Deserialize, Serialize};

/// A rack with accelerator nodes in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndpointRack {
    /// The rack on the floor.
    pub rack: ObjectId,
    /// Centre of the rack on the floor, x and y \[m\].
    pub position_m: [f64; 2],
    /// Height of the rack \[m\].
    pub height_m: f64,
    /// Nodes (servers or compute trays) in the rack, each with one NIC per rail.
    pub nodes: u32,
}

/// A rack that takes switches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkRack {
    /// The rack on the floor.
    pub rack: ObjectId,
    /// Centre of the rack on the floor, x and y \[m\].
    pub position_m: [f64; 2],
    /// Height of the rack \[m\].
    pub height_m: f64,
    /// Rack units left for switches of this fabric.
    pub free_u: u32,
}

/// How leaves, spines and cores are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topology {
    /// NIC r of every node of a group goes to leaf r of the group; all leaves share the spines.
    /// A third tier is added when two tiers have too few ports.
    RailOptimised,
    /// All NICs of a node go to one leaf. A third tier is added when two have too few ports.
    LeafSpine,
    /// Leaf, spine and core even where two tiers would do.
    ThreeTier,
    /// Rails are never joined: cross-rail traffic hops through the scale-up link (NVLink) of a node.
    RailOnly,
}

/// Which kinds of media may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpticsPolicy {
    /// Copper where it reaches, optics elsewhere.
    CopperFirst,
    /// Optics on every link.
    OpticsOnly,
}

/// A switch model; the same model serves every tier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SwitchModel {
    /// Name for the bill of materials.
    pub name: String,
    /// Ports at `port_gbit_s`.
    pub ports: u32,
    /// Rate of one port \[Gbit/s\].
    pub port_gbit_s: f64,
    /// Into how many lanes of equal rate one port may be broken out (1, 2 or 4).
    pub max_breakout: u32,
    /// Rate of one module cage \[Gbit/s\]: twice the port rate where two ports share a twin-port
    /// cage.
    pub cage_gbit_s: f64,
    /// Height \[U\].
    pub rack_units: u32,
    /// Typical power without optical modules \[W\].
    pub typical_w: Option<f64>,
    /// Largest power, optical modules included \[W\].
    pub max_w: Option<f64>,
}

/// What a link is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediumKind {
    /// Passive copper (DAC).
    PassiveCopper,
    /// Linear or retimed copper (ACC, LACC, AEC).
    ActiveCopper,
    /// Active optical cable: modules fixed to the fibre.
    ActiveOptical,
    /// Pluggable modules at both ends of a fibre.
    Optic,
}

impl MediumKind {
    /// Whether both ends come with the cable, so that it is bought as one piece.
    #[must_use]
    pub fn is_assembled(self) -> bool {
        self != Self::Optic
    }
    /// Whether it conducts by copper.
    #[must_use]
    pub fn is_copper(self) -> bool {
        matches!(self, Self::PassiveCopper | Self::ActiveCopper)
    }
}

/// A medium that may be bought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Medium {
    /// Catalogue key.
    pub key: String,
    /// Name for the bill of materials.
    pub name: String,
    /// What it is.
    pub kind: MediumKind,
    /// Lane format (`SR`, `DR`, `FR`); the modules at both ends of a fibre must agree in it.
    pub interface: String,
    /// Rate of one module or cable \[Gbit/s\]; a twin-port module carries two links of half of it.
    pub module_gbit_s: f64,
    /// Longest routed length \[m\].
    pub reach_m: f64,
    /// Power of one module (optic) or of both ends of one cable (assembled) \[W\].
    pub power_w: f64,
    /// Price of one module or cable, used to rank media \[USD\]; unpriced media come last.
    pub price_usd: Option<f64>,
}

/// How cables run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteRules {
    /// Height of the cable trays above the floor \[m\].
    pub tray_height_m: f64,
    /// Extra length for dressing and service, as a share of the routed length.
    pub slack_fraction: f64,
}

/// Numbers of switches set by hand; empty fields keep the counted ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CountOverrides {
    /// Leaves.
    pub leaf: Option<u32>,
    /// Spines.
    pub spine: Option<u32>,
    /// Cores.
    pub core: Option<u32>,
}

/// One fabric (compute, storage or in-band), self-contained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FabricCase {
    /// Racks with nodes; their order does not matter.
    pub endpoints: Vec<EndpointRack>,
    /// Racks for switches; their order does not matter.
    pub network_racks: Vec<NetworkRack>,
    /// NIC ports of one node on this fabric, one per rail.
    pub rails: u32,
    /// Rate of one NIC port \[Gbit/s\].
    pub nic_gbit_s: f64,
    /// Whether two NIC ports of a node share one twin-port module.
    pub nic_twin_port: bool,
    /// Links to management appliances that also take leaf ports (4 for a UFM pair).
    pub appliance_links: u32,
    /// The switch of every tier.
    pub switch: SwitchModel,
    /// Numbers of switches set by hand.
    #[serde(default)]
    pub overrides: CountOverrides,
    /// How tiers are joined.
    pub topology: Topology,
    /// Wanted ratio of downlink to uplink rate of a leaf; 1 is non-blocking.
    pub leaf_oversubscription: f64,
    /// Wanted ratio of downlink to uplink rate of a spine in three tiers; 1 is non-blocking.
    pub spine_oversubscription: f64,
    /// Largest end-to-end oversubscription that the plan allows.
    pub oversubscription_limit: f64,
    /// Share of the rate of parallel uplinks that the spreading of flows makes usable, 0–1
    /// (0.60 hashing, 0.95 adaptive routing).
    pub uplink_efficiency: f64,
    /// Share of the NIC rate that large messages reach, 0–1.
    pub nic_efficiency: f64,
    /// Which media are allowed.
    pub optics_policy: OpticsPolicy,
    /// Media to choose from.
    pub media: Vec<Medium>,
    /// How cables run.
    pub route: RouteRules,
}

impl FabricCase {
    /// Nodes on the fabric.
    #[must_use]
    pub fn nodes(&self) -> u32 {
        self.endpoints.iter().map(|e| e.nodes).fold(0, u32::saturating_add)
    }
}

/// A case that can not be solved.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FabricError {
    /// A number outside its sensible range.
    #[error("fabric: `{field}` is {value}, but must be {must}")]
    BadInput {
        /// Name of the field.
        field: String,
        /// What was given.
        value: f64,
        /// What is allowed.
        must: &'static str,
    },
}
