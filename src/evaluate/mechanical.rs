//! Fans, pumps and plant as loads of the power chain, and their heat on its way outdoors.
//!
//! Fan power of air units and doors ends in the air that they move and is taken out by the same
//! coil; pump power ends in the coolant. Both are counted once as electric load and once as heat.

use super::EvaluateError;
use super::air::AirResult;
use super::liquid::{LiquidOfPlan, LiquidResult};
use super::loads::RackLoad;
use super::plant::LoopHeat;
use super::power::generate::{ChainDemand, MechanicalDemand};
use super::snapshot::{RackKind, Snapshot};
use super::stages::Turn;
use crate::catalog::{CoolingKind, CoolingSpec};
use crate::units::Watts;

/// Heat of the two facility loops.
#[derive(Clone, Copy, Debug)]
pub struct PlantDemand {
    /// Facility water, from the CDUs.
    pub facility: LoopHeat,
    /// Chilled water, from the air units and rear doors.
    pub chilled: LoopHeat,
}

/// Fans of air units and of active rear doors, one load each.
pub fn fans(snapshot: &Snapshot) -> Result<Vec<MechanicalDemand>, EvaluateError> {
    let mut found = Vec::new();
    for facts in snapshot.units.iter().filter(|u| u.is_air_unit()) {
        let rated_w = fan_w(snapshot, &facts.entry.spec)?;
        // Affinity law: power goes with the cube of the flow.
        let running_w = rated_w * (facts.unit.airflow_pct / 100.0).powi(3);
        let p_w = if facts.unit.failed { 0.0 } else { running_w };
        found.push(MechanicalDemand {
            name: facts.unit.name.clone(),
            object: Some(facts.unit.id),
            sizing_w: rated_w.max(p_w),
            p_w,
        });
    }
    for rack in &snapshot.racks {
        let Some(door) = rack.rear_door.as_ref() else { continue };
        if door.spec.kind == CoolingKind::RdhxActive {
            let p_w = fan_w(snapshot, &door.spec)?;
            let name = format!("Door {}", rack.name);
            found.push(MechanicalDemand { name, object: Some(rack.id), sizing_w: p_w, p_w });
        }
    }
    make_unique(&mut found);
    Ok(found)
}

/// Two units may carry the same label; loads may not.
fn make_unique(loads: &mut [MechanicalDemand]) {
    let mut seen = std::collections::BTreeSet::new();
    for load in loads {
        if !seen.insert(load.name.clone()) {
            let id = load.object.map_or(0, |o| o.0);
            load.name = format!("{} #{id}", load.name);
            seen.insert(load.name.clone());
        }
    }
}

/// Fan power at rating: the entry's, or the planning figure of its kind.
fn fan_w(snapshot: &Snapshot, spec: &CoolingSpec) -> Result<f64, EvaluateError> {
    if let Some(kw) = spec.fan_or_pump_kw {
        return Ok(Watts::kw(kw).to_w());
    }
    let id = match spec.kind {
        CoolingKind::FanWall => "fan_wall_fan_w_per_kw",
        CoolingKind::RdhxActive => "rdhx_fan_w_per_kw",
        _ => "crah_fan_w_per_kw",
    };
    Ok(snapshot.assumption(id)?.base * spec.capacity_kw.unwrap_or(0.0))
}

/// Heat that air units and rear doors take out of the air, W, fans not counted.
#[must_use]
pub fn air_heat_w(snapshot: &Snapshot, loads: &[RackLoad], air: &AirResult) -> f64 {
    let units: f64 = air.units.iter().map(|u| u.heat_w).sum();
    let to_room: f64 = air.racks.iter().map(|r| r.heat_w).sum();
    let from_racks: f64 = loads.iter().map(|l| l.air_heat.to_w()).sum();
    let has_doors = snapshot.racks.iter().any(|r| r.rear_door.is_some());
    let doors = if has_doors { from_racks - to_room - air.balance.heat_unplaced_w } else { 0.0 };
    units + doors.max(0.0)
}

/// What the plant is asked for.
pub fn plant_demand(
    snapshot: &Snapshot,
    parts: &LiquidOfPlan,
    liquid: &LiquidResult,
    air_heat_w: f64,
) -> Result<PlantDemand, EvaluateError> {
    let design_air: f64 = snapshot
        .racks
        .iter()
        .filter(|r| r.kind == RackKind::Compute)
        .map(|r| r.design_power.to_w() * (1.0 - r.liquid_fraction))
        .sum();
    let flow = Some(liquid.facility_flow_m3_s).filter(|f| *f > 0.0);
    let facility = LoopHeat {
        heat: Watts::w(liquid.facility_heat_w),
        design_heat: Watts::w(parts.design_heat_w.max(liquid.facility_heat_w)),
        flow_m3_s: flow,
    };
    let chilled = LoopHeat {
        heat: Watts::w(air_heat_w),
        design_heat: Watts::w(design_air.max(air_heat_w)),
        flow_m3_s: None,
    };
    Ok(PlantDemand { facility, chilled })
}

/// Lighting and the rest of the building, W.
pub fn house_w(snapshot: &Snapshot, loads: &[RackLoad]) -> Result<f64, EvaluateError> {
    let it_w: f64 = loads.iter().map(|l| l.electric.to_w()).sum();
    Ok(it_w * snapshot.assumption("misc_load_fraction")?.base)
}

/// Everything that the power chain carries.
pub fn chain_demand(
    snapshot: &Snapshot,
    turn: &Turn,
    wanted: &[RackLoad],
) -> Result<ChainDemand, EvaluateError> {
    let mut mechanical = fans(snapshot)?;
    let mut add = |name: String, p_w: f64| {
        if p_w > 0.0 {
            mechanical.push(MechanicalDemand { name, object: None, sizing_w: p_w, p_w });
        }
    };
    for cdus in &turn.liquid.loops {
        add(format!("CDU pumps {}", cdus.name), cdus.normal.pump_w);
    }
    for group in &turn.plant.loops {
        add(format!("Plant {}", group.name), group.design.power.total_w());
    }
    add("House loads".into(), house_w(snapshot, &turn.loads)?);
    Ok(ChainDemand::new(snapshot, wanted, mechanical))
}
