//! The stage itself: count, place, route, choose media, add up.

use super::capacity::{Capacity, capacity};
use super::case::{FabricCase, FabricError, SwitchModel};
use super::check::check;
use super::counts::{CountInput, Counted, count_switches};
use super::findings::findings;
use super::media::{Bill, bill};
use super::placement::{Placement, place};
use super::result::{EndpointRackLoad, FabricResult, LinkRun, NetworkRackLoad, Tier, TierLinks};
use super::route::{Run, runs};

/// Solves one fabric. Lists may come in any order: the answer is the same to the last bit.
pub fn solve(case: &FabricCase) -> Result<FabricResult, FabricError> {
    check(case)?;
    let nodes = case.nodes();
    let counted = count(case, nodes);
    let placed = place(case, &counted.counts);
    let link_gbit_s = case.nic_gbit_s.min(case.switch.port_gbit_s);
    let runs = runs(case, &counted, &placed);
    let bill = bill(case, link_gbit_s, &placed, &runs);
    let capacity = capacity(case, &counted, nodes, link_gbit_s);
    let findings = findings(case, &counted, &placed, (&runs, &bill, &capacity));
    let network_racks = network_loads(&case.switch, &placed, &bill);
    let endpoint_racks = endpoint_loads(&placed, &bill);
    let nic_w: f64 = bill.endpoint_w.iter().sum();
    let switches = f64::from(counted.counts.total());
    let typical_w = typical_w(&case.switch, switches, bill.network_w.iter().sum()) + nic_w;
    Ok(FabricResult {
        endpoints: u64::from(nodes) * u64::from(case.rails),
        max_endpoints: counted.max_endpoints,
        counts: counted.counts,
        tiers: tiers(&counted, &capacity, &runs),
        max_w: typical_w.max(switches * case.switch.max_w.unwrap_or(0.0) + nic_w),
        typical_w,
        runs: link_runs(&placed, &runs, &bill),
        media: bill.used,
        network_racks,
        endpoint_racks,
        bisection_byte_s: capacity.bisection_byte_s,
        bisection_share: capacity.bisection_share,
        oversubscription: capacity.oversubscription,
        collectives: capacity.collectives,
        findings,
    })
}

pub(super) fn count(case: &FabricCase, nodes: u32) -> Counted {
    if nodes == 0 {
        return Counted { fits: true, ..Counted::default() };
    }
    let input = CountInput {
        nodes,
        rails: case.rails,
        nic_gbit_s: case.nic_gbit_s,
        switch_ports: case.switch.ports,
        port_gbit_s: case.switch.port_gbit_s,
        max_breakout: case.switch.max_breakout,
        appliance_links: case.appliance_links,
        topology: case.topology,
        leaf_oversubscription: case.leaf_oversubscription,
        spine_oversubscription: case.spine_oversubscription,
    };
    count_switches(&input).with_overrides(&input, case.overrides)
}

/// Typical power of `switches` with `modules_w` in their cages \[W\]. Typical figures leave modules
/// out; the largest one, which stands in where no typical one is known, includes them.
fn typical_w(switch: &SwitchModel, switches: f64, modules_w: f64) -> f64 {
    match (switch.typical_w, switch.max_w) {
        (Some(bare), _) => switches * bare + modules_w,
        (None, Some(full)) => (switches * full).max(modules_w),
        (None, None) => modules_w,
    }
}

fn tiers(counted: &Counted, capacity: &Capacity, runs: &[Run]) -> Vec<TierLinks> {
    [
        (Tier::NodeLeaf, counted.node_leaf, capacity.leaf_oversubscription),
        (Tier::LeafSpine, counted.leaf_spine, capacity.spine_oversubscription),
        (Tier::SpineCore, counted.spine_core, 0.0),
    ]
    .into_iter()
    .filter(|&(_, links, _)| links > 0)
    .map(|(tier, links, oversubscription)| {
        let of_tier = || runs.iter().filter(move |r| r.tier == tier);
        TierLinks {
            tier,
            links,
            total_length_m: of_tier().map(|r| r.links as f64 * r.length_m).sum(),
            longest_m: of_tier().map(|r| r.length_m).fold(0.0, f64::max),
            oversubscription,
        }
    })
    .collect()
}

fn link_runs(placed: &Placement, runs: &[Run], bill: &Bill) -> Vec<LinkRun> {
    let mut out: Vec<LinkRun> = runs
        .iter()
        .zip(&bill.choice)
        .map(|(run, choice)| LinkRun {
            tier: run.tier,
            from: match run.tier {
                Tier::NodeLeaf => placed.endpoints[run.from].rack,
                Tier::LeafSpine | Tier::SpineCore => placed.network[run.from].rack,
            },
            to: placed.network[run.to].rack,
            links: run.links,
            length_m: run.length_m,
            medium: choice.map(|c| c.upper),
        })
        .collect();
    out.sort_by_key(|r| (r.tier, r.from, r.to));
    out
}

fn network_loads(switch: &SwitchModel, placed: &Placement, bill: &Bill) -> Vec<NetworkRackLoad> {
    let leaves = placed.leaves();
    (0..placed.network.len())
        .map(|i| {
            let switches = f64::from(leaves[i] + placed.spines[i] + placed.cores[i]);
            let typical_w = typical_w(switch, switches, bill.network_w[i]);
            NetworkRackLoad {
                rack: placed.network[i].rack,
                leaves: leaves[i],
                spines: placed.spines[i],
                cores: placed.cores[i],
                used_u: placed.used_u[i],
                typical_w,
                max_w: typical_w.max(switches * switch.max_w.unwrap_or(0.0)),
            }
        })
        .collect()
}

fn endpoint_loads(placed: &Placement, bill: &Bill) -> Vec<EndpointRackLoad> {
    let mut loads: Vec<EndpointRackLoad> = placed
        .endpoints
        .iter()
        .zip(&bill.endpoint_w)
        .map(|(e, &module_w)| EndpointRackLoad { rack: e.rack, module_w })
        .collect();
    loads.sort_by_key(|l| l.rack);
    loads
}
