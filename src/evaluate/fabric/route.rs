//! How long the cables are: from the device up to the tray, along the trays, down again.
//!
//! Trays are taken to run above every row and aisle, so that the horizontal part is the Manhattan
//! distance between rack centres. Devices sit at half the height of their rack, the mean over a
//! full rack. Links are aggregated by pair of racks; links of one leaf rack spread over the spine
//! racks in proportion to the spines there, which is exact in two tiers (every leaf meets every
//! spine) and the mean over pods in three.

use super::case::{FabricCase, RouteRules};
use super::counts::Counted;
use super::placement::Placement;
use super::result::Tier;
use std::collections::BTreeMap;

/// Links of one tier between two racks, by index into the placement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Run {
    pub tier: Tier,
    /// Endpoint index for [`Tier::NodeLeaf`], else network-rack index.
    pub from: usize,
    /// Network-rack index.
    pub to: usize,
    pub links: u64,
    pub length_m: f64,
}

/// All runs, sorted by tier and ends. Empty where there is no network rack.
pub(super) fn runs(case: &FabricCase, counted: &Counted, placed: &Placement) -> Vec<Run> {
    let mut links: BTreeMap<(Tier, usize, usize), u64> = BTreeMap::new();
    let rails = u64::from(case.rails);
    for (group, leaves) in placed.groups.iter().zip(&placed.leaf_rack) {
        for share in group {
            let ports = apportion(u64::from(share.nodes) * rails, &vec![1; leaves.len()]);
            for (&leaf, n) in leaves.iter().zip(ports) {
                *links.entry((Tier::NodeLeaf, share.endpoint, leaf)).or_default() += n;
            }
        }
    }
    let leaf_up = u64::from(counted.counts.uplinks_per_leaf);
    let spine_up = u64::from(counted.counts.uplinks_per_spine);
    spread(&mut links, Tier::LeafSpine, &placed.leaves(), &placed.spines, leaf_up);
    spread(&mut links, Tier::SpineCore, &placed.spines, &placed.cores, spine_up);
    links
        .into_iter()
        .filter(|&(_, n)| n > 0)
        .map(|((tier, from, to), links)| {
            let length_m = length(case.route, placed, tier, from, to);
            Run { tier, from, to, links, length_m }
        })
        .collect()
}

fn spread(
    links: &mut BTreeMap<(Tier, usize, usize), u64>,
    tier: Tier,
    lower: &[u32],
    upper: &[u32],
    uplinks: u64,
) {
    for (from, &n) in lower.iter().enumerate() {
        for (to, share) in apportion(u64::from(n) * uplinks, upper).into_iter().enumerate() {
            *links.entry((tier, from, to)).or_default() += share;
        }
    }
}

/// Splits `total` in proportion to `weights` into whole numbers that add up to it; nothing where
/// all weights are 0.
fn apportion(total: u64, weights: &[u32]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|&w| u128::from(w)).sum();
    let mut before = 0_u128;
    weights
        .iter()
        .map(|&w| {
            let start = (u128::from(total) * before).checked_div(sum).unwrap_or(0);
            before += u128::from(w);
            let end = (u128::from(total) * before).checked_div(sum).unwrap_or(0);
            (end - start) as u64
        })
        .collect()
}

fn length(route: RouteRules, placed: &Placement, tier: Tier, from: usize, to: usize) -> f64 {
    let upper = placed.network[to];
    let (rack, at, height) = match tier {
        Tier::NodeLeaf => {
            let e = placed.endpoints[from];
            (e.rack, e.position_m, e.height_m)
        }
        Tier::LeafSpine | Tier::SpineCore => {
            let n = placed.network[from];
            (n.rack, n.position_m, n.height_m)
        }
    };
    let with_slack = |m: f64| m * (1.0 + route.slack_fraction);
    if rack == upper.rack {
        return with_slack(height / 2.0);
    }
    let drop = |h: f64| (route.tray_height_m - h / 2.0).max(0.0);
    let along = (at[0] - upper.position_m[0]).abs() + (at[1] - upper.position_m[1]).abs();
    with_slack(drop(height) + along + drop(upper.height_m))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn apportioning_keeps_the_total_and_the_proportion() {
        assert_eq!(apportion(10, &[1, 1, 3]), [2, 2, 6]);
        assert_eq!(apportion(7, &[0, 0]), [0, 0]);
        assert_eq!(apportion(7, &[0, 5]), [0, 7]);
    }

    proptest! {
        #[test]
        fn apportioning_never_loses_a_link(
            total in 0_u64..1_000_000,
            weights in prop::collection::vec(0_u32..500, 1..20),
        ) {
            let parts = apportion(total, &weights);
            let want = if weights.iter().all(|&w| w == 0) { 0 } else { total };
            prop_assert_eq!(parts.iter().sum::<u64>(), want);
        }
    }
}
