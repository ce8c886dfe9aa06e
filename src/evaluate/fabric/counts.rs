//! How many switches of each tier, and how many links between them.
//!
//! Symbols: k ports of a switch at the NIC rate, d of them down and u up (d/u is the wanted
//! oversubscription), N nodes, R rails, G groups (scalable units), L leaves, S spines, C cores,
//! b lanes into which an uplink is broken out.
//!
//! ```text
//! (1) G = ceil(N / d)                    rail-optimised: L = R·G;  else L = ceil(N·R / d)
//! (2) u' = smallest divisor of u that is ≥ (fullest leaf's downlinks)·u/d
//! (3) S = smallest divisor of u'·b that is ≥ ceil(L·u' / k)
//! (4) two tiers hold while L ≤ k·b; else S = ceil(L·u' / d_s), C = ceil(S·u_s / k)
//! ```
//!
//! (3) is what reproduces the published tables: every leaf spreads its uplinks evenly over all
//! spines. A plain ceil(L·u/k) gives 12 spines for three H100 units where the table has 16.
//! Spectrum-X tables stay in two tiers beyond k leaves by breaking ports out (b = 2 at 128
//! leaves); NDR InfiniBand (b = 1) adds a core.
//!
//! Validity: folded-Clos trees of one switch model. In three tiers the spread of uplinks over pods
//! is taken as even. References: NVIDIA DGX SuperPOD reference architectures for H100, B200 and
//! B300 (table by scalable units).

use super::case::{CountOverrides, Topology};
use super::result::SwitchCounts;
use serde::{Deserialize, Serialize};

/// What decides the counts; also the input columns of a published table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountInput {
    /// Nodes on the fabric.
    pub nodes: u32,
    /// NIC ports per node, one per rail.
    pub rails: u32,
    /// Rate of one NIC port \[Gbit/s\].
    pub nic_gbit_s: f64,
    /// Ports of a switch.
    pub switch_ports: u32,
    /// Rate of one port \[Gbit/s\].
    pub port_gbit_s: f64,
    /// Into how many lanes a port may be broken out.
    pub max_breakout: u32,
    /// Links to management appliances.
    pub appliance_links: u32,
    /// How tiers are joined.
    pub topology: Topology,
    /// Wanted oversubscription of a leaf.
    pub leaf_oversubscription: f64,
    /// Wanted oversubscription of a spine in three tiers.
    pub spine_oversubscription: f64,
}

/// Counts and what bounds them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Counted {
    /// Switches per tier.
    pub counts: SwitchCounts,
    /// Links node to leaf, appliance links included.
    pub node_leaf: u64,
    /// Links leaf to spine, at the NIC rate.
    pub leaf_spine: u64,
    /// Links spine to core, at the NIC rate.
    pub spine_core: u64,
    /// NIC ports on the fullest leaf.
    pub fullest_leaf: u32,
    /// Most NIC ports that the model can join.
    pub max_endpoints: u64,
    /// Whether the ports suffice.
    pub fits: bool,
}

/// Ports of one switch at the NIC rate: k, d and u.
#[derive(Clone, Copy, Debug)]
struct Radix {
    /// All ports.
    all: u32,
    /// Down ports.
    down: u32,
    /// Up ports.
    up: u32,
    /// Lanes of a port already used to match the NIC rate.
    split: u32,
}

impl Radix {
    fn of(input: &CountInput, oversubscription: f64) -> Self {
        let lanes = (input.port_gbit_s / input.nic_gbit_s).floor().clamp(1.0, 8.0) as u32;
        let split = largest_power_of_two(lanes.min(input.max_breakout));
        let all = input.switch_ports * split;
        let up = ((f64::from(all) / (1.0 + oversubscription)).floor() as u32).max(1);
        let down = ((f64::from(up) * oversubscription).floor() as u32).clamp(1, (all - up).max(1));
        Self { all, down, up, split }
    }
}

fn largest_power_of_two(n: u32) -> u32 {
    1 << n.max(1).ilog2()
}

/// Smallest divisor of `n` that is at least `at_least`.
fn divisor_at_least(n: u32, at_least: u32) -> Option<u32> {
    (at_least.max(1)..=n).find(|&d| n.is_multiple_of(d))
}

fn ceil_div(a: u64, b: u32) -> u32 {
    a.div_ceil(u64::from(b.max(1))).min(u64::from(u32::MAX)) as u32
}

/// Nodes of a group and leaves that serve it, equation (1).
fn grouping(input: &CountInput, radix: Radix) -> (u32, u32) {
    match input.topology {
        Topology::RailOptimised | Topology::RailOnly => (radix.down, input.rails),
        Topology::LeafSpine | Topology::ThreeTier => {
            ((radix.down / input.rails).max(1), input.rails.div_ceil(radix.down))
        }
    }
}

/// Counts switches and links. Inputs are taken as already checked: positive and bounded.
#[must_use]
pub fn count_switches(input: &CountInput) -> Counted {
    let radix = Radix::of(input, input.leaf_oversubscription);
    let (group_nodes, leaves_per_group) = grouping(input, radix);
    let appliance_slots = input.appliance_links.div_ceil(input.rails);
    let slots = input.nodes + appliance_slots;
    let groups = slots.div_ceil(group_nodes);
    let fullest = slots.min(group_nodes) * input.rails / leaves_per_group;
    let wanted = (u64::from(fullest) * u64::from(radix.up)).div_ceil(u64::from(radix.down)) as u32;
    let uplinks = divisor_at_least(radix.up, wanted).unwrap_or(radix.up);
    let planes = if input.topology == Topology::RailOnly { input.rails } else { 1 };
    let leaves = groups * leaves_per_group;
    let tree = join_leaves(input, radix, leaves / planes, uplinks);
    Counted {
        counts: SwitchCounts {
            leaf: leaves,
            spine: tree.spine * planes,
            core: tree.core * planes,
            nodes_per_group: group_nodes,
            groups,
            uplinks_per_leaf: if tree.spine == 0 { 0 } else { uplinks },
            uplinks_per_spine: tree.uplinks_per_spine,
            breakout: tree.breakout,
        },
        node_leaf: u64::from(input.nodes) * u64::from(input.rails)
            + u64::from(input.appliance_links),
        leaf_spine: if tree.spine == 0 { 0 } else { u64::from(leaves) * u64::from(uplinks) },
        spine_core: u64::from(tree.spine * planes) * u64::from(tree.uplinks_per_spine),
        fullest_leaf: fullest,
        max_endpoints: max_endpoints(input, radix) * u64::from(planes),
        fits: tree.fits,
    }
}

impl Counted {
    /// Whether nothing joins the groups.
    #[must_use]
    pub fn groups_are_apart(&self) -> bool {
        self.counts.groups > 1 && self.leaf_spine == 0
    }

    /// The same tree with numbers of switches set by hand. Fewer spines or cores than counted cut
    /// the uplinks to the ports that are left; fewer leaves than counted leave NICs unconnected.
    #[must_use]
    pub fn with_overrides(mut self, input: &CountInput, by_hand: CountOverrides) -> Self {
        let radix = Radix::of(input, input.leaf_oversubscription);
        if let Some(leaf) = by_hand.leaf {
            self.fits &= leaf >= self.counts.leaf;
            self.counts.leaf = leaf;
        }
        if let Some(spine) = by_hand.spine {
            self.counts.spine = spine;
        }
        if let Some(core) = by_hand.core {
            self.counts.core = core;
        }
        let counts = &mut self.counts;
        let share = |ports: u32, among: u32| ports.saturating_mul(radix.all) / among.max(1);
        if by_hand.spine.is_some() {
            let left = share(counts.spine, counts.leaf);
            counts.uplinks_per_leaf = counts.uplinks_per_leaf.min(left);
        }
        if by_hand.core.is_some() {
            let left = share(counts.core, counts.spine);
            counts.uplinks_per_spine = counts.uplinks_per_spine.min(left);
        }
        let links = |switches: u32, up: u32| u64::from(switches) * u64::from(up);
        self.leaf_spine = links(counts.leaf, counts.uplinks_per_leaf);
        self.spine_core = links(counts.spine, counts.uplinks_per_spine);
        self
    }
}

/// What stands above the leaves of one plane.
struct Tree {
    spine: u32,
    core: u32,
    uplinks_per_spine: u32,
    breakout: u32,
    fits: bool,
}

fn join_leaves(input: &CountInput, radix: Radix, leaves: u32, uplinks: u32) -> Tree {
    let bare = Tree { spine: 0, core: 0, uplinks_per_spine: 0, breakout: 1, fits: true };
    if leaves <= 1 {
        return bare;
    }
    if input.topology != Topology::ThreeTier
        && let Some((spine, breakout)) = two_tiers(input, radix, leaves, uplinks)
    {
        return Tree { spine, breakout, ..bare };
    }
    let upper = Radix::of(input, input.spine_oversubscription);
    let spine = ceil_div(u64::from(leaves) * u64::from(uplinks), upper.down);
    let core = ceil_div(u64::from(spine) * u64::from(upper.up), upper.all);
    let fits = leaves.div_ceil(upper.down) <= upper.all;
    Tree { spine, core, uplinks_per_spine: upper.up, breakout: 1, fits }
}

/// Equation (3) with the smallest breakout that fits.
fn two_tiers(input: &CountInput, radix: Radix, leaves: u32, uplinks: u32) -> Option<(u32, u32)> {
    let largest = largest_power_of_two((input.max_breakout / radix.split).max(1));
    let needed = ceil_div(u64::from(leaves) * u64::from(uplinks), radix.all);
    std::iter::successors(Some(1_u32), |b| Some(b * 2))
        .take_while(|&b| b <= largest)
        .filter(|&b| leaves <= radix.all * b)
        .find_map(|b| divisor_at_least(uplinks * b, needed).map(|spine| (spine, b)))
}

/// Three full tiers: k pods of d_s leaves with d nodes each (k³/4 when non-blocking).
fn max_endpoints(input: &CountInput, radix: Radix) -> u64 {
    let upper = Radix::of(input, input.spine_oversubscription);
    u64::from(upper.all) * u64::from(upper.down) * u64::from(radix.down)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(nodes: u32, ports: u32, gbit_s: f64, max_breakout: u32) -> CountInput {
        CountInput {
            nodes,
            rails: 8,
            nic_gbit_s: gbit_s,
            switch_ports: ports,
            port_gbit_s: gbit_s,
            max_breakout,
            appliance_links: 0,
            topology: Topology::RailOptimised,
            leaf_oversubscription: 1.0,
            spine_oversubscription: 1.0,
        }
    }

    #[derive(Deserialize)]
    struct Row {
        family: String,
        nodes: u32,
        nics_per_node: u32,
        switch_ports: u32,
        link_gbps: f64,
        leaf: u32,
        spine: u32,
        core: Option<u32>,
        cables_node_leaf: u64,
        cables_leaf_spine: u64,
        cables_spine_core: Option<u64>,
        appliance_links: u32,
        max_breakout: u32,
    }

    #[test]
    fn every_published_row_is_met_exactly() {
        let text = include_str!("../../../tests/cases/fabric/published_counts.json");
        let file: serde_json::Value = serde_json::from_str(text).unwrap();
        let rows: Vec<Row> = serde_json::from_value(file["rows"].clone()).unwrap();
        assert!(rows.len() >= 8);
        for row in rows {
            let mut input = published(row.nodes, row.switch_ports, row.link_gbps, row.max_breakout);
            input.rails = row.nics_per_node;
            input.appliance_links = row.appliance_links;
            let got = count_switches(&input);
            let what = format!("{} {} nodes: {got:?}", row.family, row.nodes);
            assert_eq!(got.counts.leaf, row.leaf, "{what}");
            assert_eq!(got.counts.spine, row.spine, "{what}");
            assert_eq!(got.counts.core, row.core.unwrap_or(0), "{what}");
            assert_eq!(got.node_leaf, row.cables_node_leaf, "{what}");
            assert_eq!(got.leaf_spine, row.cables_leaf_spine, "{what}");
            assert_eq!(got.spine_core, row.cables_spine_core.unwrap_or(0), "{what}");
            assert!(got.fits, "{what}");
        }
    }

    #[test]
    fn the_odd_published_spine_counts_follow_from_even_spreading() {
        assert_eq!(count_switches(&published(96, 64, 400.0, 1)).counts.spine, 16);
        assert_eq!(count_switches(&published(288, 144, 800.0, 1)).counts.spine, 18);
        assert_eq!(count_switches(&published(576, 144, 800.0, 1)).counts.spine, 36);
    }

    #[test]
    fn largest_trees_hold_the_textbook_number_of_endpoints() {
        let full = count_switches(&published(8192, 64, 400.0, 1));
        assert_eq!(full.max_endpoints, 65_536);
        assert!(full.fits);
        assert!(!count_switches(&published(8193 + 256, 64, 400.0, 1)).fits);
        let two = count_switches(&published(256, 64, 400.0, 1));
        assert_eq!((two.counts.core, two.node_leaf), (0, 2048));
        assert!(count_switches(&published(257, 64, 400.0, 1)).counts.core > 0);
    }

    #[test]
    fn one_leaf_needs_no_spine_and_rail_only_joins_no_rails() {
        let mut small = published(4, 64, 400.0, 1);
        small.topology = Topology::LeafSpine;
        let one = count_switches(&small);
        assert_eq!((one.counts.leaf, one.counts.spine, one.leaf_spine), (1, 0, 0));
        small.topology = Topology::RailOnly;
        let rails = count_switches(&small);
        assert_eq!((rails.counts.leaf, rails.counts.spine), (8, 0));
    }

    #[test]
    fn a_port_twice_as_fast_as_the_nic_serves_two() {
        let mut input = published(64, 64, 400.0, 2);
        input.port_gbit_s = 800.0;
        assert_eq!(count_switches(&input).counts.leaf, 8);
    }
}
