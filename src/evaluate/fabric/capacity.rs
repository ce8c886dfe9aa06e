//! What the tree carries: oversubscription, bisection, and the share left to collectives.
//!
//! A link gives the NIC efficiency of its rate to large messages. Traffic inside a group stays on
//! one leaf. Traffic between groups meets the uplinks, of which the load balancing makes the share
//! η usable, divided by the oversubscription. With a share x of the bytes crossing,
//!
//! ```text
//! (1) factor = 1 / ((1 − x)/local + x/cross),   cross = min(local, η / oversubscription)
//! ```
//!
//! x = G/n for a ring all-reduce over n nodes in G groups (only the hops from group to group
//! cross) and x = 1 − m/n for an all-to-all with m nodes in a group. First-order: no latency, no
//! change of algorithm with message size, one job at a time.

use super::case::FabricCase;
use super::counts::Counted;
use super::result::{CollectiveBandwidth, SwitchCounts};

/// Rates and ratios of the whole tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Capacity {
    pub leaf_oversubscription: f64,
    pub spine_oversubscription: f64,
    pub oversubscription: f64,
    pub bisection_byte_s: f64,
    pub bisection_share: f64,
    pub collectives: CollectiveBandwidth,
}

pub(super) fn capacity(
    case: &FabricCase,
    counted: &Counted,
    nodes: u32,
    link_gbit_s: f64,
) -> Capacity {
    let counts = &counted.counts;
    let ratio = |down: f64, up: f64| if up > 0.0 { down / up } else { 0.0 };
    let leaf = ratio(f64::from(counted.fullest_leaf), f64::from(counts.uplinks_per_leaf));
    let spine = ratio(counted.leaf_spine as f64, counted.spine_core as f64);
    let endpoints = f64::from(nodes) * f64::from(case.rails);
    let apart = counted.groups_are_apart();
    let oversubscription =
        if apart { f64::from(counted.fullest_leaf) } else { leaf.max(1.0) * spine.max(1.0) };
    // A single group never needs its uplinks: its halves meet on the leaves.
    let uplinks =
        |links: u64| if counts.groups > 1 && links > 0 { links as f64 } else { endpoints };
    let narrowest = if apart {
        0.0
    } else {
        endpoints.min(uplinks(counted.leaf_spine)).min(uplinks(counted.spine_core))
    };
    let byte_s_per_link = link_gbit_s * 1e9 / 8.0;
    Capacity {
        leaf_oversubscription: leaf,
        spine_oversubscription: spine,
        oversubscription,
        bisection_byte_s: narrowest / 2.0 * byte_s_per_link,
        bisection_share: if endpoints > 0.0 { narrowest / endpoints } else { 1.0 },
        collectives: collectives(
            counts,
            nodes,
            case.nic_efficiency,
            if apart { 0.0 } else { case.uplink_efficiency / oversubscription },
        ),
    }
}

fn collectives(
    counts: &SwitchCounts,
    nodes: u32,
    local: f64,
    uplink_share: f64,
) -> CollectiveBandwidth {
    let cross = local.min(uplink_share);
    let n = f64::from(nodes.max(1));
    let (ring_share, all_share) = if counts.groups > 1 {
        let per_group = f64::from(counts.nodes_per_group.min(nodes));
        ((f64::from(counts.groups) / n).min(1.0), 1.0 - per_group / n)
    } else {
        (0.0, 0.0)
    };
    let mix = |x: f64| if x > 0.0 { 1.0 / ((1.0 - x) / local + x / cross) } else { local };
    CollectiveBandwidth {
        local,
        cross,
        all_reduce_cross_share: ring_share,
        all_reduce: mix(ring_share),
        all_to_all: mix(all_share.max(0.0)),
    }
}
