//! From what the stages found to the question of the resilience layer: who makes the tokens, what
//! cools whom, what swings, what one more rack would take.

use super::EvaluateError;
use super::headline;
use super::plant;
use super::power::case::LoadKind;
use super::power::resilience::{
    AirUse, CoolingUse, GrowthFacts, ResilienceCase, StandbyFacts, SwingFacts, TokenGroup,
};
use super::reliability::availability::REPLICA_RESTART_S;
use super::snapshot::{RackFacts, RackKind, Snapshot};
use super::space::floor_load_kpa;
use super::stages::{Chain, Fabric, Turn};
use super::workload::WorkloadGroup;
use crate::catalog::{Entry, PowerSpec};
use crate::plan::{Job, ObjectId};
use crate::units::SECONDS_PER_HOUR;
use std::collections::BTreeMap;

/// The question on a hall whose stages are solved.
///
/// # Errors
/// Names the planning assumption that the catalogue lacks.
pub fn case(
    snapshot: &Snapshot,
    fabric: &Fabric,
    turn: &Turn,
    chain: &Chain,
    pairs: bool,
) -> Result<ResilienceCase, EvaluateError> {
    let power = &chain.generated.case;
    let racks = Racks::new(snapshot, chain);
    let mut length_m = vec![0.0; power.elements.len()];
    for run in &chain.generated.busways {
        length_m[run.element] = run.length_m;
    }
    let operation = headline::operation(snapshot, fabric, turn, chain);
    Ok(ResilienceCase {
        power: power.clone(),
        length_m,
        tokens: turn.workload.groups.iter().filter_map(|g| tokens(g, &racks)).collect(),
        network: racks.of_kind(RackKind::Network),
        storage: racks.of_kind(RackKind::Storage),
        cooling: cooling(turn, chain, snapshot, &racks),
        air: air(turn, &racks),
        restart_h: restart_s(snapshot)? / SECONDS_PER_HOUR,
        standby: standby(snapshot)?,
        swing: swing(snapshot, turn, &racks)?,
        growth: growth(snapshot, turn, 1.0 / operation.it_share),
        settings: (*snapshot.plan.power.resilience).clone(),
        pairs,
    })
}

/// Racks of the plan as loads of the chain.
struct Racks<'a> {
    list: Vec<(&'a RackFacts, usize)>,
    load: BTreeMap<ObjectId, usize>,
}

impl<'a> Racks<'a> {
    fn new(snapshot: &'a Snapshot, chain: &Chain) -> Self {
        let loads = chain.generated.case.loads.iter().enumerate();
        let load: BTreeMap<ObjectId, usize> = loads
            .filter(|(_, l)| l.kind == LoadKind::Rack)
            .filter_map(|(i, l)| Some((l.object?, i)))
            .collect();
        let with_load = |r: &'a RackFacts| Some((r, *load.get(&r.id)?));
        Self { list: snapshot.racks.iter().filter_map(with_load).collect(), load }
    }

    fn of_kind(&self, kind: RackKind) -> Vec<usize> {
        self.list.iter().filter(|(r, _)| r.kind == kind).map(|(_, i)| *i).collect()
    }

    fn gpus(&self, id: ObjectId) -> u32 {
        self.list.iter().find(|(r, _)| r.id == id).map_or(0, |(r, _)| r.accelerator_count)
    }
}

fn tokens(group: &WorkloadGroup, racks: &Racks<'_>) -> Option<TokenGroup> {
    let tokens_per_s = group.tokens_per_s?.base;
    let (replica_gpus, replicas, lock_step) = match (&group.serving, &group.training) {
        (Some(s), _) => (s.point.gpus(), s.replicas, false),
        (None, Some(t)) => (t.layout.tensor * t.layout.pipeline, t.layout.data, true),
        (None, None) => return None,
    };
    let of_rack = |id: &ObjectId| Some((*racks.load.get(id)?, racks.gpus(*id)));
    let racks = group.racks.iter().filter_map(of_rack).collect();
    Some(TokenGroup { racks, replica_gpus, replicas, tokens_per_s, lock_step })
}

/// Time until a job computes again, s.
fn restart_s(snapshot: &Snapshot) -> Result<f64, EvaluateError> {
    Ok(match snapshot.plan.workload.job {
        Job::Serving(_) => REPLICA_RESTART_S,
        Job::Training(_) => snapshot.assumption("restart_s")?.base,
    })
}

/// Pumps cool the racks of their loop, plant the racks of its side, doors their rack; air units
/// share the room.
fn cooling(turn: &Turn, chain: &Chain, snapshot: &Snapshot, racks: &Racks<'_>) -> Vec<CoolingUse> {
    let loads = chain.generated.case.loads.iter().enumerate();
    loads
        .filter(|(_, l)| l.kind != LoadKind::Rack)
        .map(|(load, l)| {
            let mut of_load = CoolingUse { load, ..CoolingUse::default() };
            if let Some(name) = l.name.strip_prefix("CDU pumps ") {
                let of_loop = turn.liquid.loops.iter().filter(|c| c.name == name);
                let ids = of_loop.flat_map(|c| c.racks.iter().map(|r| r.id));
                of_load.racks = ids.filter_map(|id| racks.load.get(&id).copied()).collect();
            } else if let Some(name) = l.name.strip_prefix("Plant ") {
                of_load.racks = cooled_by(name, turn, racks);
            } else if let Some(id) = l.object {
                of_load.racks.extend(racks.load.get(&id));
                let unit = snapshot.units.iter().find(|u| u.unit.id == id);
                let running = unit.filter(|u| u.is_air_unit() && !u.unit.failed);
                let kw = running.and_then(|u| u.entry.spec.capacity_kw);
                of_load.air_capacity_w = kw.unwrap_or(0.0) * 1e3;
            }
            of_load
        })
        .collect()
}

/// Loads of the racks that give heat to this plant loop.
fn cooled_by(plant_loop: &str, turn: &Turn, racks: &Racks<'_>) -> Vec<usize> {
    let gives = |l: &&super::loads::RackLoad| {
        let heat = if plant_loop == plant::FWS { l.liquid_heat } else { l.air_heat };
        heat.to_w() > 0.0
    };
    turn.loads.iter().filter(gives).filter_map(|l| racks.load.get(&l.id).copied()).collect()
}

fn air(turn: &Turn, racks: &Racks<'_>) -> AirUse {
    AirUse {
        racks: cooled_by(plant::CHW, turn, racks),
        heat_w: turn.air.units.iter().map(|u| u.heat_w).sum(),
    }
}

fn standby(snapshot: &Snapshot) -> Result<StandbyFacts, EvaluateError> {
    let stated = |entry: &Entry<PowerSpec>, field: &str| {
        let by = entry.provenance_of(field);
        format!(
            "{}: {}{}",
            entry.name,
            by.source,
            if by.is_unverified() { " (unverified)" } else { "" }
        )
    };
    let set = snapshot.generator.as_ref();
    Ok(StandbyFacts {
        battery_min: snapshot.ups.spec.battery_min,
        ageing: snapshot.assumption("battery_ageing_factor")?.base,
        start_s: set.and_then(|g| Some((g.spec.start_s?, stated(g, "start_s")))),
        max_step: set.and_then(|g| {
            Some((g.spec.max_step_load_pct? / 100.0, stated(g, "max_step_load_pct")))
        }),
        eco_efficiency: snapshot.ups.spec.efficiency_eco_pct.map(|pct| pct / 100.0),
        eco: snapshot.plan.power.ups_eco,
    })
}

fn swing(snapshot: &Snapshot, turn: &Turn, racks: &Racks<'_>) -> Result<SwingFacts, EvaluateError> {
    let compute = || racks.list.iter().filter(|(r, _)| r.kind == RackKind::Compute).map(|(r, _)| r);
    let design_w: f64 = compute().map(|r| r.design_power.to_w()).sum();
    let typical_w: f64 = compute().map(|r| r.typical_power.to_w()).sum();
    let training = matches!(snapshot.plan.workload.job, Job::Training(_));
    let together = if training { "simultaneity_training" } else { "simultaneity_serving" };
    let job = turn.workload.groups.iter().find_map(|g| g.training.as_ref());
    let step = job.filter(|t| t.step_s > 0.0).map(|t| {
        let busy = t.split.compute + t.split.memory;
        (t.step_s, (busy / t.split.total()).clamp(0.0, 1.0))
    });
    Ok(SwingFacts {
        racks: racks.of_kind(RackKind::Compute),
        design_w,
        gpus: compute().map(|r| f64::from(r.accelerator_count)).sum(),
        training,
        step,
        idle_share: snapshot.assumption("idle_power_share")?.base,
        simultaneity: snapshot.assumption(together)?.base,
        typical_share: if design_w > 0.0 { (typical_w / design_w).min(1.0) } else { 1.0 },
        contract_w: snapshot.plan.power.utility_mw * 1e6,
    })
}

/// One more rack like the mean compute rack, and the room for it outside the power chain.
fn growth(snapshot: &Snapshot, turn: &Turn, pue: f64) -> GrowthFacts {
    let compute: Vec<&RackFacts> =
        snapshot.racks.iter().filter(|r| r.kind == RackKind::Compute).collect();
    let count = compute.len().max(1) as f64;
    let rack_w = compute.iter().map(|r| r.design_power.to_w()).sum::<f64>() / count;
    let liquid =
        compute.iter().map(|r| r.liquid_fraction * r.design_power.to_w()).sum::<f64>() / count;
    let heaviest = compute.iter().filter_map(|r| floor_load_kpa(r)).fold(0.0, f64::max);
    GrowthFacts {
        rack_w,
        positions: snapshot.racks.iter().filter(|r| r.kind == RackKind::Reserved).count() as u32,
        cooling_w: cooling_left_w(snapshot, turn, liquid / rack_w.max(1.0)),
        floor_carries: heaviest <= snapshot.plan.hall.floor_load_kpa,
        pue,
    }
}

/// Rack power whose heat the loops, the plant and the air units can still take, with one CDU and
/// one plant unit out, W; the liquid share of a rack decides how much of each it needs.
fn cooling_left_w(snapshot: &Snapshot, turn: &Turn, liquid_share: f64) -> f64 {
    let per = |left_w: f64, share: f64| {
        if share > 1e-6 { left_w.max(0.0) / share } else { f64::INFINITY }
    };
    let plant_left = |name: &str| {
        let plant = turn.plant.loops.iter().find(|p| p.name == name);
        plant.map_or(0.0, |p| p.design_capacity_one_out_w - p.heat_w)
    };
    let cdus: f64 = turn
        .liquid
        .loops
        .iter()
        .map(|l| {
            let running = f64::from(l.cdu_count.saturating_sub(1).max(1));
            (running * l.cdu_rated_w - l.normal.rack_heat_w).max(0.0)
        })
        .sum();
    let capacity: f64 = snapshot
        .units
        .iter()
        .filter(|u| u.is_air_unit() && !u.unit.failed)
        .filter_map(|u| u.entry.spec.capacity_kw)
        .sum();
    let heat: f64 = turn.air.units.iter().map(|u| u.heat_w).sum();
    let air_share = 1.0 - liquid_share;
    [
        per(cdus, liquid_share),
        per(plant_left(plant::FWS), liquid_share),
        per(capacity * 1e3 - heat, air_share),
        per(plant_left(plant::CHW), air_share),
    ]
    .into_iter()
    .fold(f64::INFINITY, f64::min)
    .min(MOST_W)
}

/// What stands for "no limit" in a result, W: every number in it must be finite.
const MOST_W: f64 = 1e12;
