//! What the power stage answers. Every number is finite; what can not be served is named.

use super::case::{ElementKind, LoadKind};
use super::protection::FaultResult;
use super::protection::phases::PhaseBalance;
use crate::evaluate::finding::Finding;
use crate::plan::ObjectId;
use serde::Serialize;

/// Answer of the power stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PowerResult {
    /// One entry per element, in the order of the case.
    pub elements: Vec<ElementResult>,
    /// One entry per load, in the order of the case.
    pub loads: Vec<LoadResult>,
    /// Sums over the normal state.
    pub totals: PowerTotals,
    /// The normal state first, then the named scenarios, then the single outages.
    pub scenarios: Vec<ScenarioSummary>,
    /// Design problems, most severe first.
    pub findings: Vec<Finding>,
    /// Short circuits at every element and what follows from them.
    pub fault: FaultResult,
    /// Loads by phase, and the balance of busways and panels.
    pub phases: PhaseBalance,
}

/// An element in the normal state, and its worst loading over all examined outages.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ElementResult {
    /// Name.
    pub name: String,
    /// Class.
    pub kind: ElementKind,
    /// Side, block or feed letter; empty if it serves all.
    pub feed: String,
    /// Whether it is energised in the normal state.
    pub live: bool,
    /// Active power drawn from its supply, W.
    pub p_in_w: f64,
    /// Active power delivered, W.
    pub p_out_w: f64,
    /// Loss, W.
    pub loss_w: f64,
    /// Apparent power: at the output of a source or converter, at the input of anything else, VA.
    pub s_va: f64,
    /// Largest current in it, at the output voltage: per line (AC) or pole (DC), all runs, A.
    pub i_a: f64,
    /// Voltage at its far end, per unit of nominal.
    pub v_pu: f64,
    /// Voltage drop from the last transformer, converter or source to its far end, % of nominal.
    pub drop_percent: f64,
    /// Load as a fraction of the nameplate of the modules that are not spare; normal state.
    pub loading_normal: f64,
    /// The same, worst over all examined outages (at least `loading_normal`).
    pub loading_worst: f64,
    /// The outage that causes it; `None` if the normal state is the worst.
    pub worst_outage: Option<String>,
    /// The binding nameplate limit of the modules that are not spare, in `capacity_unit`.
    pub capacity: f64,
    /// `W`, `VA` or `A`; empty if the element has no rating.
    pub capacity_unit: &'static str,
    /// Fraction of the nameplate that may be loaded continuously.
    pub limit_fraction: f64,
    /// Who says so.
    pub limit_source: String,
}

impl ElementResult {
    /// Normal loading against the continuous limit (1 = at the limit).
    #[must_use]
    pub fn normal_of_limit(&self) -> f64 {
        self.loading_normal / self.limit_fraction
    }

    /// Worst loading against the continuous limit (1 = at the limit).
    #[must_use]
    pub fn worst_of_limit(&self) -> f64 {
        self.loading_worst / self.limit_fraction
    }
}

/// A load in the normal state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoadResult {
    /// Name.
    pub name: String,
    /// Class.
    pub kind: LoadKind,
    /// The object on the floor, if any.
    pub object: Option<ObjectId>,
    /// Power asked for, W.
    pub p_w: f64,
    /// Whether it is served in the normal state.
    pub served: bool,
    /// Per feed, in the order of the case.
    pub feeds: Vec<FeedResult>,
    /// Largest voltage drop from the last transformer, converter or source to it, % of nominal.
    pub drop_percent: f64,
    /// Names of the scenarios in which it is dead.
    pub lost_in: Vec<String>,
}

/// One connection of a load in the normal state, and its worst current over all outages.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeedResult {
    /// Name of the element that feeds it.
    pub element: String,
    /// Whether that element is energised.
    pub live: bool,
    /// Power drawn here, W.
    pub p_w: f64,
    /// Voltage at the tap, per unit of nominal; 0 if dead.
    pub v_pu: f64,
    /// Current drawn here: per line (AC) or pole (DC), A.
    pub i_a: f64,
    /// Largest current drawn here over all examined outages, A.
    pub i_worst_a: f64,
}

/// Sums over the normal state. `source_w = served_w + loss_w`, to rounding.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PowerTotals {
    /// Power taken from utilities and running generators, W.
    pub source_w: f64,
    /// Reactive power taken from them, var.
    pub source_var: f64,
    /// Power asked for by all loads, W.
    pub demand_w: f64,
    /// Power delivered to all loads, W.
    pub served_w: f64,
    /// Power delivered to racks, W.
    pub rack_w: f64,
    /// Power delivered to mechanical loads, W.
    pub mechanical_w: f64,
    /// Loss of the whole chain, W.
    pub loss_w: f64,
    /// Loss by class of element, in the order of the classes, W.
    pub loss_by_kind_w: Vec<(ElementKind, f64)>,
}

/// One examined state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScenarioSummary {
    /// Name (`normal`, `feed A lost`, `TX-A1 out`).
    pub name: String,
    /// Racks without power.
    pub racks_lost: usize,
    /// Mechanical and house loads without power.
    pub other_loads_lost: usize,
    /// Power of all loads without power, W.
    pub lost_w: f64,
    /// Power taken from the sources, W.
    pub source_w: f64,
    /// Loss of the chain, W.
    pub loss_w: f64,
    /// Element with the highest loading against its continuous limit, if any has a rating.
    pub worst_element: Option<String>,
    /// Its loading as a fraction of the nameplate.
    pub worst_loading: f64,
    /// Elements that were switched off because their voltage collapsed.
    pub tripped: Vec<String>,
}
