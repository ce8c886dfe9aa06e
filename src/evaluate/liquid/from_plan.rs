//! The coolant loops of a plan: racks grouped on CDUs, CDUs counted for the design heat, flows from
//! the catalogue, heat from the operating point. Every generated loop can be overridden by name
//! (`TCS-1`): `count` of CDUs, `rating` of one CDU in kW, `length_m` of TCS pipe.

use super::case::{
    CduGroup, CduRated, Coolant, FacilityWater, FlowNeed, LiquidCase, RackBranch, TcsLoop,
};
use super::coolant::Properties;
use super::grouping::{Group, design_liquid_w, groups};
use super::loop_state::flow_need;
use super::piping::{WAY_TO_PLANT_M, pipe_lengths};
use crate::catalog::{CoolingKind, CoolingSpec, Entry, FlowPoint};
use crate::evaluate::finding::{Finding, Severity, Subject};
use crate::evaluate::loads::RackLoad;
use crate::evaluate::snapshot::{RackFacts, ResolveError, Snapshot};
use crate::plan::{self, ElementOverride, ObjectId};
use crate::units::{Kelvin, ZERO_CELSIUS_K};
use std::collections::BTreeMap;

/// Cubic metres a second in a litre a minute.
const M3_S_PER_L_MIN: f64 = 1.0 / 60_000.0;
/// Watts in a kilowatt.
const W_PER_KW: f64 = 1e3;
/// Pascals in a bar.
const PA_PER_BAR: f64 = 1e5;
/// Pascals in a kilopascal.
const PA_PER_KPA: f64 = 1e3;
/// Heat above a whole number of CDUs that does not ask for one more, relative: rounding of sums.
const COUNT_SLACK: f64 = 1e-9;

/// The case of a plan, what it takes to build, and what had to be assumed.
#[derive(Clone, Debug, Default)]
pub struct LiquidOfPlan {
    /// The case.
    pub case: LiquidCase,
    /// CDUs, one line per loop.
    pub cdus: Vec<CduQuantity>,
    /// Technology cooling loop pipe, m.
    pub tcs_pipe_m: f64,
    /// Facility water pipe from the CDUs to the plant, m.
    pub fws_pipe_m: f64,
    /// Heat to liquid with every rack at design power, W.
    pub design_heat_w: f64,
    /// Problems seen on the way.
    pub findings: Vec<Finding>,
}

/// CDUs of one loop.
#[derive(Clone, Debug, PartialEq)]
pub struct CduQuantity {
    /// Loop.
    pub loop_name: String,
    /// Catalogue key.
    pub key: String,
    /// Name for the bill of materials.
    pub name: String,
    /// CDUs, spares included.
    pub count: u32,
    /// Rated heat of one, kW.
    pub rated_kw: f64,
    /// Whether they stand on the floor plan.
    pub drawn: bool,
}

/// Planning assumptions of the loops.
struct Rules {
    approach_k: f64,
    pump_w_per_kw: f64,
    rise_k: f64,
    drop_pa: f64,
    flow_l_min_per_kw: f64,
}

/// Builds the loops. `facility_supply` is the facility water that the plant really makes, the set
/// point of the plan if `None`.
pub fn from_plan(
    s: &Snapshot,
    loads: &[RackLoad],
    facility_supply: Option<Kelvin>,
) -> Result<LiquidOfPlan, ResolveError> {
    let rules = Rules {
        approach_k: s.assumption("cdu_approach_k")?.base,
        pump_w_per_kw: s.assumption("cdu_pump_w_per_kw")?.base,
        rise_k: s.assumption("tcs_rise_k")?.base,
        drop_pa: s.assumption("tcs_loop_drop_kpa")?.base * PA_PER_KPA,
        flow_l_min_per_kw: s.assumption("coolant_flow_l_min_per_kw")?.base,
    };
    let heat: BTreeMap<ObjectId, f64> =
        loads.iter().map(|l| (l.id, l.liquid_heat.to_w())).collect();
    let mut built = LiquidOfPlan::default();
    for group in groups(s, capacity_w(&s.cdu)?) {
        if !group.racks.is_empty() {
            add_loop(s, &rules, &heat, facility_supply, &group, &mut built)?;
        }
    }
    if !built.cdus.is_empty() {
        built.fws_pipe_m += 2.0 * WAY_TO_PLANT_M;
    }
    Ok(built)
}

fn capacity_w(cdu: &Entry<CoolingSpec>) -> Result<f64, ResolveError> {
    cdu.spec.capacity_kw.map(|kw| kw * W_PER_KW).ok_or_else(|| ResolveError::Incomplete {
        section: "cooling",
        entry: cdu.id.clone(),
        field: "capacity_kw",
    })
}

fn add_loop(
    s: &Snapshot,
    rules: &Rules,
    heat: &BTreeMap<ObjectId, f64>,
    facility_supply: Option<Kelvin>,
    group: &Group,
    built: &mut LiquidOfPlan,
) -> Result<(), ResolveError> {
    let name = format!("TCS-{}", built.case.loops.len() + 1);
    let own = s.plan.cooling.overrides.get(&name).cloned().unwrap_or_default();
    let model = group.drawn_model.as_deref().and_then(|id| s.catalog.cooling.find(id));
    let entry = model.unwrap_or(&s.cdu);
    if entry.spec.kind == CoolingKind::CduL2a {
        built.findings.push(liquid_to_air(&name, entry));
    }
    let racks: Vec<&RackFacts> = group.racks.iter().filter_map(|id| s.rack(*id)).collect();
    let branches: Vec<RackBranch> =
        racks.iter().map(|r| branch(r, heat.get(&r.id).copied(), rules)).collect();
    let set_k = Kelvin::c(s.plan.cooling.tcs_supply_c).to_k();
    let coolant = match s.plan.cooling.coolant {
        plan::Coolant::Water => Coolant::Water,
        plan::Coolant::Pg25 => Coolant::Pg25,
    };
    let rated = rated(entry, &own, coolant, set_k, &branches, rules)?;
    let design_w: f64 = racks.iter().map(|r| design_liquid_w(r)).sum();
    let (count, spare) = cdu_count(s, group, &own, design_w / rated.heat_w);
    let pipes = pipe_lengths(s, group);
    built.tcs_pipe_m += own.length_m.unwrap_or(pipes.tcs_m);
    built.fws_pipe_m += pipes.fws_m;
    built.design_heat_w += design_w;
    built.cdus.push(CduQuantity {
        loop_name: name.clone(),
        key: entry.id.clone(),
        name: entry.name.clone(),
        count,
        rated_kw: rated.heat_w / W_PER_KW,
        drawn: !group.drawn.is_empty(),
    });
    let facility = FacilityWater {
        coolant: Coolant::Water,
        supply_k: facility_supply
            .map_or(s.plan.cooling.fws_supply_c + ZERO_CELSIUS_K, Kelvin::to_k),
        max_flow_per_cdu_m3_s: rated.fws_flow_m3_s,
    };
    built.case.loops.push(TcsLoop {
        name,
        coolant,
        supply_set_k: set_k,
        racks: branches,
        cdus: CduGroup { model: entry.name.clone(), count, spare, rated },
        facility,
        distribution_drop_pa: rules.drop_pa,
    });
    Ok(())
}

/// Installed CDUs and how many of them are spare.
fn cdu_count(s: &Snapshot, group: &Group, own: &ElementOverride, duty: f64) -> (u32, u32) {
    let needed = (duty - COUNT_SLACK).ceil().max(1.0) as u32;
    let drawn = u32::try_from(group.drawn.len()).unwrap_or(u32::MAX);
    let inside = s.cdu.spec.kind == CoolingKind::CduInrack;
    let spare = if inside && drawn == 0 { 0 } else { s.plan.cooling.spare_cdus };
    let generated = if drawn > 0 { drawn } else { needed.saturating_add(spare) };
    let count = own.count.unwrap_or(generated).max(1);
    (count, spare.min(count - 1))
}

/// The rated point of a CDU; what its entry lacks comes from the planning assumptions.
fn rated(
    entry: &Entry<CoolingSpec>,
    own: &ElementOverride,
    coolant: Coolant,
    set_k: f64,
    racks: &[RackBranch],
    rules: &Rules,
) -> Result<CduRated, ResolveError> {
    let spec = &entry.spec;
    let listed_w = capacity_w(entry)?;
    let heat_w = own.rating.map_or(listed_w, |kw| kw * W_PER_KW);
    let scale = heat_w / listed_w;
    let tcs = Properties::of(coolant, set_k);
    let by_rise = heat_w / (tcs.volumetric_heat() * rules.rise_k);
    let flow = spec.water_flow_l_min.map_or(by_rise, |f| f * M3_S_PER_L_MIN * scale);
    // The usual duty: as much heat per kelvin on both sides.
    let fws = Properties::of(Coolant::Water, set_k);
    let hardest = racks.iter().filter_map(|r| drop_at(r, set_k)).fold(0.0, f64::max);
    Ok(CduRated {
        heat_w,
        approach_k: spec.approach_k.unwrap_or(rules.approach_k),
        tcs_flow_m3_s: flow,
        fws_flow_m3_s: flow * tcs.volumetric_heat() / fws.volumetric_heat(),
        pump_w: spec
            .fan_or_pump_kw
            .map_or(rules.pump_w_per_kw * heat_w / W_PER_KW, |kw| kw * W_PER_KW * scale),
        head_pa: spec.pressure_bar.map_or(rules.drop_pa + hardest, |bar| bar * PA_PER_BAR),
        coolant,
        source: entry.provenance_of("capacity_kw").source.clone(),
    })
}

/// Drop of a rack at its need for a supply temperature, Pa.
fn drop_at(rack: &RackBranch, t_k: f64) -> Option<f64> {
    crate::numerics::interpolate::clamped_linear(&rack.drop_curve, flow_need(rack, t_k))
}

/// The liquid side of a rack.
fn branch(rack: &RackFacts, heat_w: Option<f64>, rules: &Rules) -> RackBranch {
    let count = f64::from(rack.system_count);
    let spec = rack.system.as_ref().map(|s| &s.spec);
    let points = spec.map_or(&[][..], |s| &s.liquid_flow[..]);
    let per_w = rules.flow_l_min_per_kw * M3_S_PER_L_MIN / W_PER_KW;
    let flow_need = if points.is_empty() {
        FlowNeed::PerHeat { m3_s_per_w: per_w }
    } else {
        let flow =
            |p: &FlowPoint| (p.supply_c + ZERO_CELSIUS_K, p.flow_l_min * M3_S_PER_L_MIN * count);
        FlowNeed::Curve {
            points: points.iter().map(flow).collect(),
            rated_heat_w: design_liquid_w(rack),
        }
    };
    let limits = [
        spec.and_then(|s| s.liquid_supply_max_c),
        rack.accelerator.as_ref().and_then(|a| a.spec.max_liquid_supply_c),
    ];
    let lowest = limits.into_iter().flatten().reduce(f64::min);
    RackBranch {
        id: rack.id,
        heat_w: heat_w.unwrap_or(0.0),
        flow_need,
        max_supply_k: lowest.map(|t_c| t_c + ZERO_CELSIUS_K),
        max_outlet_k: None,
        drop_curve: drop_curve(points, count),
        source: rack
            .system
            .as_ref()
            .map_or_else(String::new, |s| s.provenance_of("liquid_flow").source.clone()),
    }
}

/// (flow, drop) of a rack, ascending; empty unless every point states its drop.
fn drop_curve(points: &[FlowPoint], count: f64) -> Vec<(f64, f64)> {
    let pair =
        |p: &FlowPoint| Some((p.flow_l_min * M3_S_PER_L_MIN * count, p.drop_kpa? * PA_PER_KPA));
    let mut curve: Vec<(f64, f64)> =
        points.iter().map(pair).collect::<Option<_>>().unwrap_or_default();
    curve.sort_by(|a, b| a.0.total_cmp(&b.0));
    curve.dedup_by(|a, b| a.0 <= b.0);
    curve
}

fn liquid_to_air(name: &str, entry: &Entry<CoolingSpec>) -> Finding {
    Finding {
        severity: Severity::Warning,
        rule: "liquid.cdu-to-air",
        subject: Subject::Loop(name.to_owned()),
        message: format!(
            "{} gives its heat to room air; {name} is evaluated as if facility water took it",
            entry.name
        ),
        value: None,
        limit: None,
        unit: "",
        source: "Method of the liquid stage".into(),
        advice: "Choose a liquid-to-liquid CDU".into(),
    }
}
