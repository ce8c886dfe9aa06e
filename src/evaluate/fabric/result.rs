//! What the fabric stage finds out.

use crate::evaluate::finding::Finding;
use crate::plan::ObjectId;
use serde::Serialize;

/// Switches per tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SwitchCounts {
    /// Switches that nodes plug into.
    pub leaf: u32,
    /// Switches that join leaves.
    pub spine: u32,
    /// Switches that join spines; 0 in two tiers.
    pub core: u32,
    /// Nodes whose NICs share a leaf (of their rail), at most.
    pub nodes_per_group: u32,
    /// Groups of nodes that share a set of leaves (scalable units).
    pub groups: u32,
    /// Uplinks of one leaf in use, at the NIC rate.
    pub uplinks_per_leaf: u32,
    /// Uplinks of one spine in use, at the NIC rate; 0 in two tiers.
    pub uplinks_per_spine: u32,
    /// Lanes into which each uplink is broken out so that every leaf reaches every spine.
    pub breakout: u32,
}

impl SwitchCounts {
    /// All switches.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.leaf + self.spine + self.core
    }
}

/// Which stage of the tree a link belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Node to leaf.
    NodeLeaf,
    /// Leaf to spine.
    LeafSpine,
    /// Spine to core.
    SpineCore,
}

/// Links of one tier.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TierLinks {
    /// The tier.
    pub tier: Tier,
    /// Links at the NIC rate, appliance links included.
    pub links: u64,
    /// Sum of routed lengths \[m\]; appliance links are not routed.
    pub total_length_m: f64,
    /// Longest routed length \[m\].
    pub longest_m: f64,
    /// Downlink over uplink rate at the top of this tier; 1 is non-blocking, 0 where nothing is above.
    pub oversubscription: f64,
}

/// All links of one tier between two racks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LinkRun {
    /// The tier.
    pub tier: Tier,
    /// Lower end.
    pub from: ObjectId,
    /// Upper end.
    pub to: ObjectId,
    /// Number of links.
    pub links: u64,
    /// Routed length of each \[m\].
    pub length_m: f64,
    /// Index into [`FabricResult::media`]; `None` where no medium reaches.
    pub medium: Option<usize>,
}

/// How much of a medium is used.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MediumUse {
    /// Catalogue key.
    pub key: String,
    /// Name for the bill of materials.
    pub name: String,
    /// Links on this medium.
    pub links: u64,
    /// Pluggable modules at switch ends.
    pub switch_modules: u64,
    /// Pluggable modules at NIC ends.
    pub nic_modules: u64,
    /// Cables (assembled cables, or fibre jumpers of one link each).
    pub cables: u64,
    /// Sum of the routed lengths of all cables \[m\].
    pub cable_length_m: f64,
    /// Whether cables come with fixed ends; else they are fibre between modules.
    pub assembled: bool,
    /// Power of all modules or cables \[W\].
    pub power_w: f64,
    /// Cables by stock length, ascending.
    pub skus: Vec<CableSku>,
}

/// Cables of one stock length.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CableSku {
    /// Stock length \[m\].
    pub length_m: f64,
    /// Number of cables.
    pub cables: u64,
}

/// Switches and power in one network rack.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NetworkRackLoad {
    /// The rack.
    pub rack: ObjectId,
    /// Leaves in it.
    pub leaves: u32,
    /// Spines in it.
    pub spines: u32,
    /// Cores in it.
    pub cores: u32,
    /// Rack units taken by the switches.
    pub used_u: u32,
    /// Typical power of switches plus their modules \[W\].
    pub typical_w: f64,
    /// Largest power of switches, modules included \[W\].
    pub max_w: f64,
}

/// Module power at the NIC end, in one rack.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct EndpointRackLoad {
    /// The rack.
    pub rack: ObjectId,
    /// Power of the modules and active cables plugged into its NICs \[W\].
    pub module_w: f64,
}

/// Share of the NIC rate left to collectives, large messages.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CollectiveBandwidth {
    /// Between nodes of one group, on one rail: the leaf only.
    pub local: f64,
    /// Between groups, through the spine (and core).
    pub cross: f64,
    /// Share of ring all-reduce hops that leave a group.
    pub all_reduce_cross_share: f64,
    /// All-reduce over all nodes, share of the NIC rate.
    pub all_reduce: f64,
    /// All-to-all over all nodes, share of the NIC rate.
    pub all_to_all: f64,
}

/// The fabric, solved.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FabricResult {
    /// NIC ports on the fabric.
    pub endpoints: u64,
    /// Most NIC ports that this switch model can join in this topology.
    pub max_endpoints: u64,
    /// Switches per tier.
    pub counts: SwitchCounts,
    /// Links per tier, from the nodes upwards.
    pub tiers: Vec<TierLinks>,
    /// Links by pair of racks, sorted by tier and ends.
    pub runs: Vec<LinkRun>,
    /// Media in use.
    pub media: Vec<MediumUse>,
    /// Switches and power per network rack, sorted by rack.
    pub network_racks: Vec<NetworkRackLoad>,
    /// Module power per endpoint rack, sorted by rack.
    pub endpoint_racks: Vec<EndpointRackLoad>,
    /// Typical power of switches and all modules \[W\].
    pub typical_w: f64,
    /// Largest power of switches and all modules \[W\].
    pub max_w: f64,
    /// One-way bandwidth between two halves of the nodes \[byte/s\].
    pub bisection_byte_s: f64,
    /// Bisection over that of a non-blocking fabric, at most 1.
    pub bisection_share: f64,
    /// Largest oversubscription from node to top of the tree.
    pub oversubscription: f64,
    /// What collectives get.
    pub collectives: CollectiveBandwidth,
    /// Design problems.
    pub findings: Vec<Finding>,
}
