//! Tests of the power stage: hand-computed networks, failures, bad data, random trees, and an
//! outside solution of a whole data-centre network.

mod bad_data;
mod failover;
mod flow;
mod random;
mod timing;

use super::case::{
    ContinuousLimit, Current, Element, ElementKind, Feed, FeedRule, Intent, Load, LoadKind,
    LossCurve, Model, PowerCase, Rating, Scenario,
};
use super::error::PowerError;
use super::result::PowerResult;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::finding::Severity;

fn solve(case: &PowerCase) -> PowerResult {
    super::solve(case, &CancelToken::never()).unwrap()
}

fn fails(case: &PowerCase) -> PowerError {
    super::solve(case, &CancelToken::never()).unwrap_err()
}

fn element(name: &str, kind: ElementKind, parent: Option<usize>, model: Model) -> Element {
    Element {
        name: name.to_owned(),
        kind,
        feed: String::new(),
        parent,
        backup: None,
        current: Current::Ac,
        v_nominal_v: 415.0,
        module_rating: Rating::default(),
        modules: 1,
        spare_modules: 0,
        limit: ContinuousLimit::default(),
        model,
        nameplate: Default::default(),
    }
}

fn source(name: &str) -> Element {
    element(name, ElementKind::Utility, None, Model::Source { v_pu: 1.0 })
}

fn line(name: &str, parent: usize, r_ohm: f64, x_ohm: f64) -> Element {
    let model = Model::Series { r_ohm, x_ohm, shunt_var: 0.0 };
    element(name, ElementKind::Busway, Some(parent), model)
}

/// UPS of `modules` modules of `module_w` with a loss of 1 % of rating at no load and 4 % at full.
fn ups(name: &str, parent: usize, module_w: f64, modules: u32, spare: u32) -> Element {
    let model = Model::Converter {
        v_out_pu: 1.0,
        input_power_factor: 0.99,
        loss: LossCurve(vec![(0.0, 0.01), (1.0, 0.04)]),
    };
    Element {
        module_rating: Rating { p_w: Some(module_w), ..Rating::default() },
        modules,
        spare_modules: spare,
        ..element(name, ElementKind::Ups, Some(parent), model)
    }
}

fn feed(element: usize) -> Feed {
    Feed { element, share: 1.0, tap: 1.0 }
}

fn rack(name: &str, p_w: f64, feeds: &[usize]) -> Load {
    Load {
        name: name.to_owned(),
        kind: LoadKind::Rack,
        object: None,
        p_w,
        power_factor: 1.0,
        feeds: feeds.iter().copied().map(feed).collect(),
        rule: FeedRule::Share,
    }
}

fn case(elements: Vec<Element>, loads: Vec<Load>) -> PowerCase {
    PowerCase { name: "test".to_owned(), elements, loads, ..PowerCase::default() }
}

/// Sources deliver what the loads and the losses take.
fn assert_closes(result: &PowerResult) {
    for s in &result.scenarios {
        let demand_w = result.totals.demand_w;
        let gap = s.source_w - (demand_w - s.lost_w) - s.loss_w;
        assert!(gap.abs() <= 1e-10 * s.source_w.max(1.0), "{}: {gap} W", s.name);
    }
    let by_kind: f64 = result.totals.loss_by_kind_w.iter().map(|(_, w)| w).sum();
    assert!((by_kind - result.totals.loss_w).abs() <= 1e-9 * by_kind.max(1.0));
}

fn rules(result: &PowerResult) -> Vec<&'static str> {
    result.findings.iter().map(|f| f.rule).collect()
}
