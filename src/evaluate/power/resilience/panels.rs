//! Panel schedules: what each board, busway and panel feeds, circuit by circuit.
//!
//! Loads are balanced, so each line of a circuit carries the same current; the phase on which a
//! single-phase supply hangs is not part of the plan. Proposed breakers are the smallest standard
//! rating whose continuous share carries the worst current.

use super::case::ResilienceCase;
use crate::evaluate::power::case::{
    Current, Element, ElementKind, LoadKind, Model, NEC_CONTINUOUS_FRACTION,
};
use crate::evaluate::power::result::{ElementResult, PowerResult};
use serde::Serialize;

/// Standard ratings of overcurrent devices, A: NFPA 70 (NEC) 240.6(A) from 100 A, as recalled.
const RATINGS_A: [f64; 24] = [
    100.0, 125.0, 150.0, 175.0, 200.0, 225.0, 250.0, 300.0, 350.0, 400.0, 450.0, 500.0, 600.0,
    700.0, 800.0, 1000.0, 1200.0, 1600.0, 2000.0, 2500.0, 3000.0, 4000.0, 5000.0, 6000.0,
];

/// A board, busway or panel with its circuits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Panel {
    /// Name of the element.
    pub name: String,
    /// Class.
    pub kind: ElementKind,
    /// Side or block.
    pub feed: String,
    /// Element that supplies it; `None` where there is none.
    pub supply: Option<String>,
    /// Element that it transfers to, if any.
    pub alternate: Option<String>,
    /// Nominal voltage, V.
    pub volts: f64,
    /// Rating of all runs or sections together, A; `None` where it is not given in amperes.
    pub rated_a: Option<f64>,
    /// Share of the rating that may be used continuously.
    pub limit_fraction: f64,
    /// Power through it in the normal state, kW.
    pub load_kw: f64,
    /// Current per line in the normal state, A.
    pub amps: f64,
    /// Loading in the normal state against the continuous limit, percent.
    pub normal_pct: f64,
    /// The same in the worst examined outage, percent.
    pub worst_pct: f64,
    /// What it feeds.
    pub circuits: Vec<Circuit>,
}

/// One outgoing circuit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Circuit {
    /// Rack, fan, pump, or element of the chain.
    pub name: String,
    /// Whether it only takes power from here after a transfer.
    pub alternate: bool,
    /// Power in the normal state, kW.
    pub load_kw: f64,
    /// Current per line (AC) or pole (DC) in the normal state, A.
    pub amps: f64,
    /// The same in the worst examined outage, A; `None` where the load flow does not keep it.
    pub worst_amps: Option<f64>,
    /// Proposed breaker, A; `None` where the current is not known or above the largest standard
    /// rating.
    pub breaker_a: Option<f64>,
}

const KINDS: [ElementKind; 5] = [
    ElementKind::MvFeeder,
    ElementKind::Switchboard,
    ElementKind::Pdu,
    ElementKind::Rpp,
    ElementKind::Busway,
];

/// Every panel, in the order of the case.
#[must_use]
pub fn panels(case: &ResilienceCase, normal: &PowerResult) -> Vec<Panel> {
    let elements = &case.power.elements;
    let of_kind = (0..elements.len()).filter(|&i| KINDS.contains(&elements[i].kind));
    of_kind.map(|at| panel(case, normal, at)).collect()
}

fn panel(case: &ResilienceCase, normal: &PowerResult, at: usize) -> Panel {
    let elements = &case.power.elements;
    let (e, r) = (&elements[at], &normal.elements[at]);
    let name = |i: usize| elements[i].name.clone();
    let mut circuits: Vec<Circuit> = elements
        .iter()
        .zip(&normal.elements)
        .filter(|(child, _)| child.parent == Some(at) || child.backup == Some(at))
        .map(|(child, flow)| branch(e, child, flow, child.parent == Some(at)))
        .collect();
    circuits.extend(loads(case, normal, at));
    Panel {
        name: e.name.clone(),
        kind: e.kind,
        feed: e.feed.clone(),
        supply: e.parent.map(name),
        alternate: e.backup.map(name),
        volts: e.v_nominal_v,
        rated_a: e.module_rating.i_a.map(|a| a * f64::from(e.modules)),
        limit_fraction: r.limit_fraction,
        load_kw: r.p_out_w / 1e3,
        amps: r.i_a,
        normal_pct: r.normal_of_limit() * 100.0,
        worst_pct: r.worst_of_limit() * 100.0,
        circuits,
    }
}

fn branch(panel: &Element, child: &Element, flow: &ElementResult, usual: bool) -> Circuit {
    let per_ampere = match panel.current {
        Current::Ac => 3.0_f64.sqrt() * panel.v_nominal_v,
        Current::Dc => panel.v_nominal_v,
    };
    let va = match child.model {
        Model::Converter { input_power_factor, .. } => flow.p_in_w / input_power_factor,
        _ => flow.s_va,
    };
    let normal = if usual { va / per_ampere } else { 0.0 };
    let ratio =
        if flow.loading_normal > 0.0 { flow.loading_worst / flow.loading_normal } else { 1.0 };
    let worst_amps = (usual && va > 0.0).then_some(normal * ratio);
    Circuit {
        name: child.name.clone(),
        alternate: !usual,
        load_kw: if usual { flow.p_in_w / 1e3 } else { 0.0 },
        amps: normal,
        worst_amps,
        breaker_a: worst_amps.and_then(breaker),
    }
}

fn loads(case: &ResilienceCase, normal: &PowerResult, at: usize) -> Vec<Circuit> {
    let mut list = Vec::new();
    for (load, result) in case.power.loads.iter().zip(&normal.loads) {
        for (k, feed) in load.feeds.iter().zip(&result.feeds).filter(|(f, _)| f.element == at) {
            let first = load.feeds.first().is_some_and(|f| f.element == k.element);
            list.push(Circuit {
                name: load.name.clone(),
                alternate: load.kind != LoadKind::Rack && !first,
                load_kw: feed.p_w / 1e3,
                amps: feed.i_a,
                worst_amps: Some(feed.i_worst_a),
                breaker_a: breaker(feed.i_worst_a),
            });
        }
    }
    list
}

/// Smallest standard rating whose continuous share carries the current; none for no current.
fn breaker(worst_a: f64) -> Option<f64> {
    let needed = worst_a / NEC_CONTINUOUS_FRACTION;
    RATINGS_A.into_iter().find(|a| worst_a > 0.0 && *a >= needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breakers_leave_a_fifth_for_continuous_load() {
        assert_eq!(breaker(200.0), Some(250.0));
        assert_eq!(breaker(200.1), Some(300.0));
        assert_eq!((breaker(0.0), breaker(9e3)), (None, None));
    }
}
