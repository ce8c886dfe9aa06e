//! One line per rack, joined from every stage.

use super::finding::{Finding, Severity, Subject};
use super::power::case::Current;
use super::result::{RackFeed, RackSummary};
use super::snapshot::{RackFacts, RackKind, Snapshot};
use super::space::floor_load_kpa;
use super::stages::{Chain, Turn};
use crate::catalog::SystemForm;
use crate::plan::ObjectId;
use crate::units::{CubicMetresPerSec, Kelvin};
use std::collections::BTreeMap;

/// Lookups by rack, made once.
struct Index<'a> {
    air: BTreeMap<ObjectId, &'a super::air::RackAir>,
    coolant: BTreeMap<ObjectId, (&'a str, &'a super::liquid::RackResult)>,
    feeds: BTreeMap<ObjectId, &'a super::power::result::LoadResult>,
    phases: BTreeMap<ObjectId, &'static str>,
    /// Busway loading in the worst outage over its continuous limit, by element name.
    loading: BTreeMap<&'a str, f64>,
    /// Output per GPU in use and share of GPUs in use, by system.
    output: BTreeMap<&'a str, (Option<f64>, f64)>,
    worst: BTreeMap<ObjectId, Severity>,
}

impl<'a> Index<'a> {
    fn new(turn: &'a Turn, chain: &'a Chain, findings: &[Finding]) -> Self {
        let mut worst = BTreeMap::new();
        for finding in findings {
            if let Subject::Object(id) = finding.subject {
                let seen = worst.entry(id).or_insert(finding.severity);
                *seen = (*seen).max(finding.severity);
            }
        }
        Self {
            air: turn.air.racks.iter().filter_map(|r| Some((r.object?, r))).collect(),
            coolant: turn
                .liquid
                .loops
                .iter()
                .flat_map(|l| l.racks.iter().map(move |r| (r.id, (l.name.as_str(), r))))
                .collect(),
            feeds: chain.result.loads.iter().filter_map(|l| Some((l.object?, l))).collect(),
            phases: phases(chain),
            loading: chain
                .result
                .elements
                .iter()
                .map(|e| (e.name.as_str(), e.worst_of_limit()))
                .collect(),
            output: turn
                .workload
                .groups
                .iter()
                .map(|g| {
                    let used = f64::from(g.gpus_used);
                    let share = used / f64::from(g.gpus.max(1));
                    let per_gpu = g.tokens_per_s.map(|t| t.base / used.max(1.0));
                    (g.system.as_str(), (per_gpu, share))
                })
                .collect(),
            worst,
        }
    }
}

/// All racks, by identity.
#[must_use]
pub fn racks(
    snapshot: &Snapshot,
    turn: &Turn,
    chain: &Chain,
    findings: &[Finding],
) -> Vec<RackSummary> {
    let index = Index::new(turn, chain, findings);
    snapshot.racks.iter().zip(&turn.loads).map(|(rack, load)| line(rack, load, &index)).collect()
}

fn line(rack: &RackFacts, load: &super::loads::RackLoad, index: &Index<'_>) -> RackSummary {
    let air = index.air.get(&rack.id);
    let coolant = index.coolant.get(&rack.id);
    let output = rack.system.as_ref().and_then(|s| index.output.get(s.id.as_str()));
    let runs = load.clock > 0.0;
    let utilisation = output.filter(|_| runs).map_or(0.0, |o| o.1);
    let feeds = rack_feeds(rack.id, index);
    let drawn_kw = load.electric.to_kw();
    let design_kw = rack.design_power.to_kw().max(drawn_kw);
    let l_min = |m3_s: f64| CubicMetresPerSec::m3_s(m3_s).to_l_min();
    RackSummary {
        id: rack.id,
        name: rack.name.clone(),
        kind: rack.kind,
        contents: contents(rack),
        gpus: rack.accelerator_count,
        electric_kw: drawn_kw,
        design_kw,
        air_kw: load.air_heat.to_kw(),
        liquid_kw: load.liquid_heat.to_kw(),
        airflow_m3_s: load.airflow_m3_s,
        inlet_c: air.map(|a| Kelvin::k(a.server_inlet_k).to_c()),
        // What leaks forward inside the rack warms the hottest servers as much as the mean.
        inlet_max_c: air
            .map(|a| Kelvin::k(a.intake_max_k + a.server_inlet_k - a.intake_mean_k).to_c()),
        inlet_limit_c: rack.inlet_max_c,
        inlet_by_height_c: air
            .map(|a| a.intake_by_height_k.iter().map(|t| Kelvin::k(*t).to_c()).collect())
            .unwrap_or_default(),
        exhaust_c: air.map(|a| Kelvin::k(a.exhaust_k).to_c()),
        recirculation: air.map(|a| a.recirculation),
        coolant_l_min: coolant.map(|(_, c)| l_min(c.flow_m3_s)),
        coolant_required_l_min: coolant.map(|(_, c)| l_min(c.flow_required_m3_s)),
        coolant_supply_c: coolant.map(|(_, c)| Kelvin::k(c.supply_k).to_c()),
        coolant_outlet_c: coolant.map(|(_, c)| Kelvin::k(c.outlet_k).to_c()),
        loop_name: coolant.map(|(name, _)| (*name).to_owned()),
        feed_worst_pct: feeds
            .iter()
            .filter_map(|f| index.loading.get(f.element.as_str()))
            .map(|share| share * 100.0)
            .reduce(f64::max),
        feeds,
        clock: load.clock,
        tok_s: output
            .and_then(|o| o.0)
            .map(|per_gpu| per_gpu * f64::from(rack.accelerator_count) * utilisation),
        utilisation,
        stranded_kw: stranded_kw(rack, design_kw, drawn_kw, utilisation),
        price_usd: price_usd(rack),
        mass_kg: rack.mass_kg,
        floor_kpa: floor_load_kpa(rack),
        worst_finding: index.worst.get(&rack.id).copied(),
    }
}

/// Design power that makes no tokens: held back by heat, or feeding GPUs that no replica uses.
fn stranded_kw(rack: &RackFacts, design_kw: f64, drawn_kw: f64, utilisation: f64) -> f64 {
    if rack.kind != RackKind::Compute {
        return 0.0;
    }
    (design_kw - drawn_kw).max(0.0) + drawn_kw * (1.0 - utilisation)
}

fn rack_feeds(id: ObjectId, index: &Index<'_>) -> Vec<RackFeed> {
    index.feeds.get(&id).map_or_else(Vec::new, |load| {
        load.feeds
            .iter()
            .map(|f| RackFeed {
                element: f.element.clone(),
                amps: f.i_a,
                worst_amps: f.i_worst_a,
                phases: index.phases.get(&id).copied().unwrap_or_default(),
            })
            .collect()
    })
}

/// What each rack is connected to.
fn phases(chain: &Chain) -> BTreeMap<ObjectId, &'static str> {
    let case = &chain.generated.case;
    let direct = |load: &super::power::case::Load| {
        load.feeds.iter().any(|f| case.elements[f.element].current == Current::Dc)
    };
    let loads = case.loads.iter().zip(&chain.result.phases.phase_of_load);
    let words = loads.filter_map(|(load, phases)| {
        Some((load.object?, if direct(load) { "DC" } else { phases.label() }))
    });
    words.collect()
}

fn contents(rack: &RackFacts) -> String {
    match (rack.kind, &rack.system) {
        (RackKind::Compute, Some(system)) if system.spec.form == SystemForm::Rack => {
            system.name.clone()
        }
        (RackKind::Compute, Some(system)) => format!("{} × {}", rack.system_count, system.name),
        (RackKind::Network, _) => "Network".into(),
        (RackKind::Storage, _) => "Storage".into(),
        _ => "Reserved".into(),
    }
}

/// Price of the systems; the frame of a rack-scale system is part of it.
fn price_usd(rack: &RackFacts) -> Option<f64> {
    let system = rack.system.as_ref()?;
    Some(system.spec.price_usd?.base * f64::from(rack.system_count))
}
