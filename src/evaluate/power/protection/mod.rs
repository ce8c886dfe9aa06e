//! Protection layer of a power chain: short circuits at every element, duty against withstand
//! ratings, arc-flash screening, cable proposals, voltage drop of branches, balance of the phases.
//!
//! Works on a solved case ([`assess`]) and adds findings. Everything is a planning estimate: the
//! utility's short-circuit power, generator reactances and clearing times are assumptions of the
//! catalogue until the plan states them. Direct-current parts are not calculated.

pub mod arc_flash;
mod arc_tables;
pub mod cable;
mod findings;
mod network;
pub mod phases;
#[cfg(test)]
mod tests;
pub mod withstand;

use super::case::{Current, Element, ElementKind, Model, PowerCase};
use super::result::{ElementResult, PowerResult};
use super::short_circuit::{self, BusFault};
use arc_flash::{ArcCase, ArcFlash};
pub use arc_tables::Electrodes;
use cable::CableProposal;
use network::State;
use serde::Serialize;
use withstand::Duty;

/// Clearing time of a case that states none, s: short-time delay of a selective breaker
/// (assumption).
const DEFAULT_CLEARING_S: f64 = 0.2;

/// Short circuits and what follows from them, one entry per element in the order of the case.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FaultResult {
    /// Per element.
    pub elements: Vec<ElementFault>,
    /// Why nothing could be calculated; none if it was.
    pub problem: Option<String>,
    /// Clearing time behind arc flash and cable heating, s.
    pub clearing_s: f64,
}

/// One element under short circuit.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ElementFault {
    /// Fault at its supply terminals with the utility in; none where no AC source reaches or the
    /// source of the path has no stated strength.
    pub head: Option<BusFault>,
    /// Fault at its far end with the utility in.
    pub end: Option<BusFault>,
    /// Smallest current at its far end, utility or generators, A.
    pub ik_min_a: Option<f64>,
    /// Currents against its withstand ratings; none without a current or for what has no such
    /// rating (sources, transformers, converters).
    pub duty: Option<Duty>,
    /// Arc flash in its enclosure, a screening estimate; none where it is no switchgear, or as
    /// `arc_flash_refused` says.
    pub arc_flash: Option<ArcFlash>,
    /// Why there is no estimate for switchgear.
    pub arc_flash_refused: Option<String>,
    /// Conductors that would do for a cable run.
    pub cable: Option<CableProposal>,
}

/// Adds short circuits, and the findings that follow from them, to a solved case.
pub(super) fn assess(case: &PowerCase, result: &mut PowerResult) {
    result.fault = fault(case, &result.elements);
    result.phases = phases::balance(case, &result.loads);
    findings::add(case, result);
}

fn fault(case: &PowerCase, solved: &[ElementResult]) -> FaultResult {
    let clearing_s = case.arc_clearing_s.unwrap_or(DEFAULT_CLEARING_S);
    let states = [State::Utility, State::Generators]
        .map(|state| short_circuit::solve(&network::network(case, state)));
    let [utility, generators] = match states {
        [Ok(utility), Ok(generators)] => [utility, generators],
        [Err(problem), _] | [_, Err(problem)] => {
            let problem = Some(problem.to_string());
            return FaultResult { elements: Vec::new(), problem, clearing_s };
        }
    };
    let element = |(i, e): (usize, &Element)| {
        let end = utility[i];
        let head = e.parent.and_then(|p| utility[p]);
        let smallest = [utility[i], generators[i]].into_iter().flatten().map(|f| f.ik_min_a);
        let estimate =
            end.and_then(|f| arc_case(e, &f, clearing_s)).map(|c| arc_flash::estimate(&c));
        ElementFault {
            head,
            end,
            ik_min_a: smallest.reduce(f64::min),
            duty: head.filter(|_| is_conductor(e)).map(|f| withstand::duty(&e.nameplate, &f)),
            arc_flash: estimate.and_then(Result::ok),
            arc_flash_refused: estimate.and_then(Result::err).map(|why| why.to_string()),
            cable: head
                .filter(|_| e.kind == ElementKind::Cable)
                .zip(solved.get(i))
                .and_then(|(f, r)| cable::propose(e, r, &f, clearing_s)),
        }
    };
    let elements = case.elements.iter().enumerate().map(element).collect();
    FaultResult { elements, problem: None, clearing_s }
}

fn is_conductor(e: &Element) -> bool {
    e.current == Current::Ac && matches!(e.model, Model::Series { .. })
}

/// Enclosures by class of equipment (IEEE 1584-2018, tables 8 and 10): gap, working distance,
/// height, width, depth, mm.
const MEDIUM_15_KV: [f64; 5] = [152.0, 914.4, 1143.0, 762.0, 762.0];
/// Medium voltage up to 5 kV.
const MEDIUM_5_KV: [f64; 5] = [104.0, 914.4, 914.4, 914.4, 914.4];
/// Low-voltage switchgear.
const LOW_SWITCHGEAR: [f64; 5] = [32.0, 609.6, 508.0, 508.0, 508.0];
/// Panelboards deeper than 8 in.
const PANELBOARD: [f64; 5] = [25.0, 457.2, 355.6, 304.8, 250.0];
/// Voltage up to which equipment is of the 5 kV class, V.
const CLASS_5_KV_V: f64 = 5e3;

fn arc_case(e: &Element, fault: &BusFault, clearing_s: f64) -> Option<ArcCase> {
    let class = match e.kind {
        _ if e.current == Current::Dc => return None,
        ElementKind::MvFeeder if e.v_nominal_v > CLASS_5_KV_V => MEDIUM_15_KV,
        ElementKind::MvFeeder => MEDIUM_5_KV,
        ElementKind::Switchboard => LOW_SWITCHGEAR,
        ElementKind::Pdu | ElementKind::Rpp => PANELBOARD,
        _ => return None,
    };
    let [gap_mm, distance_mm, height, width, depth] = class;
    Some(ArcCase {
        v_v: e.v_nominal_v,
        bolted_a: fault.ik_max_a,
        electrodes: Electrodes::Vcb,
        gap_mm,
        distance_mm,
        enclosure_mm: [height, width, depth],
        clearing_s,
    })
}
