//! Which limit binds. Facility limits are measured as used over allowed; if none is past its
//! allowance, what limits the output is inside the GPUs, and the workload says what.

use super::result::{Bottleneck, Limit, LimitUse, RackSummary};
use super::snapshot::{RackKind, Snapshot};
use super::stages::{Chain, Turn};
use super::workload::WorkloadLimit;

/// Largest use that is told apart, percent: what is asked of something that is not there.
const MOST_USED_PCT: f64 = 999.0;

/// How much of each facility limit is used; what stops the next rack.
#[derive(Clone, Debug)]
pub struct Headroom(Vec<LimitUse>);

impl Headroom {
    /// The facility limit with the least left, in words.
    #[must_use]
    pub fn tightest(&self) -> String {
        self.0.first().map_or_else(|| "nothing".into(), |u| u.limit.label().to_lowercase())
    }
}

/// Use of every facility limit, most used first.
#[must_use]
pub fn headroom(
    snapshot: &Snapshot,
    turn: &Turn,
    chain: &Chain,
    racks: &[RackSummary],
) -> Headroom {
    let mut uses = vec![
        power(snapshot, chain),
        air(snapshot, turn, racks),
        space(snapshot),
        weight(snapshot, racks),
        storage(turn),
    ];
    uses.extend(liquid(turn));
    uses.sort_by(|a, b| b.used_pct.total_cmp(&a.used_pct));
    Headroom(uses)
}

/// The verdict.
#[must_use]
pub fn verdict(turn: &Turn, headroom: &Headroom) -> Bottleneck {
    let inside = workload_use(turn);
    let tight = headroom.0.first();
    let (binding, reason) = match tight {
        Some(limit) if limit.used_pct > 100.0 => {
            let reason = format!(
                "{} is {:.0} % used ({}): the design does not hold as drawn",
                limit.limit.label(),
                limit.used_pct,
                limit.basis
            );
            (limit.limit, reason)
        }
        _ => {
            let next = tight.map_or_else(String::new, |u| {
                let label = u.limit.label().to_lowercase();
                format!(". Next in the facility: {label} at {:.0} % ({})", u.used_pct, u.basis)
            });
            (inside.limit, format!("{}{next}", turn.workload.explanation))
        }
    };
    let mut uses = headroom.0.clone();
    uses.push(inside);
    uses.sort_by(|a, b| b.used_pct.total_cmp(&a.used_pct));
    Bottleneck { binding, reason, uses }
}

fn used(limit: Limit, share: f64, basis: impl Into<String>) -> LimitUse {
    // Nothing on offer (a share of x/0) is as far past a limit as can be shown.
    let used_pct = if share.is_nan() { 0.0 } else { (share * 100.0).min(MOST_USED_PCT) };
    LimitUse { limit, used_pct, basis: basis.into() }
}

/// Contract, and the most loaded element in its worst outage.
fn power(snapshot: &Snapshot, chain: &Chain) -> LimitUse {
    let contract = chain.result.totals.source_w / (snapshot.plan.power.utility_mw * 1e6);
    let worst = chain
        .result
        .elements
        .iter()
        .max_by(|a, b| a.worst_of_limit().total_cmp(&b.worst_of_limit()));
    match worst {
        Some(e) if e.worst_of_limit() > contract => {
            used(Limit::Power, e.worst_of_limit(), format!("{} in its worst outage", e.name))
        }
        _ => used(Limit::Power, contract, "contracted power"),
    }
}

/// The rack nearest its inlet limit, measured from the supply air; or the most loaded air unit.
fn air(snapshot: &Snapshot, turn: &Turn, racks: &[RackSummary]) -> LimitUse {
    let supply_c = snapshot.plan.cooling.air_supply_c;
    let rack_share = |r: &RackSummary| {
        let (inlet_c, range) = (r.inlet_c?, r.inlet_limit_c - supply_c);
        // With a supply at or above the limit, the rise has no room at all.
        Some(if range > 0.0 { (inlet_c - supply_c).max(0.0) / range } else { f64::INFINITY })
    };
    let hottest =
        racks.iter().filter_map(|r| Some((rack_share(r)?, r))).max_by(|a, b| a.0.total_cmp(&b.0));
    let unit = turn
        .air
        .units
        .iter()
        .filter_map(|u| Some((u.loading?, u)))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match (hottest, unit) {
        (Some((share, rack)), unit) if unit.is_none_or(|(load, _)| share > load) => {
            used(Limit::Air, share, format!("inlet of {}", rack.name))
        }
        (_, Some((load, unit))) => used(Limit::Air, load, format!("capacity of {}", unit.id)),
        _ => used(Limit::Air, 0.0, "no rack in the air"),
    }
}

/// The most loaded CDU group with one CDU out, or the plant on the design day.
fn liquid(turn: &Turn) -> Option<LimitUse> {
    let loops = turn.liquid.loops.iter().map(|l| {
        let state = l.one_cdu_out.unwrap_or(l.normal);
        (state.cdu_loading, format!("CDUs of {}, one out", l.name))
    });
    let plant = turn.plant.loops.iter().filter(|p| p.heat_w > 0.0).map(|p| {
        let share = p.heat_w / p.design_capacity_w;
        (share, format!("plant {} on the design day", p.name))
    });
    let (share, basis) = loops.chain(plant).max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(used(Limit::Liquid, share, basis))
}

fn space(snapshot: &Snapshot) -> LimitUse {
    let all = snapshot.racks.len().max(1) as f64;
    let free = snapshot.racks.iter().filter(|r| r.kind == RackKind::Reserved).count() as f64;
    used(Limit::Space, 1.0 - free / all, "rack positions in use")
}

fn weight(snapshot: &Snapshot, racks: &[RackSummary]) -> LimitUse {
    let heaviest = racks.iter().filter_map(|r| r.floor_kpa).reduce(f64::max).unwrap_or(0.0);
    used(Limit::Weight, heaviest / snapshot.plan.hall.floor_load_kpa, "floor load of a rack")
}

fn storage(turn: &Turn) -> LimitUse {
    let share = turn
        .storage
        .read_supply_byte_s
        .filter(|supply| *supply > 0.0)
        .map_or(0.0, |supply| turn.storage.read_need_byte_s / supply);
    used(Limit::Storage, share, "read bandwidth")
}

/// What binds inside the GPUs, at 100 %: they always run against something.
fn workload_use(turn: &Turn) -> LimitUse {
    let binding = turn.workload.limit;
    let limit = match binding {
        WorkloadLimit::Compute | WorkloadLimit::Overhead | WorkloadLimit::Bubble => Limit::Compute,
        WorkloadLimit::MemoryBandwidth | WorkloadLimit::MemoryCapacity | WorkloadLimit::Sla => {
            Limit::Memory
        }
        WorkloadLimit::ScaleUp | WorkloadLimit::Fabric => Limit::Fabric,
        WorkloadLimit::Storage => Limit::Storage,
    };
    used(limit, 1.0, binding.label())
}
