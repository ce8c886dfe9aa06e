//! The normal state and every outage, examined in parallel and summed up in a fixed order.

use super::case::{LoadKind, PowerCase};
use super::elements::{binding_rating, va_per_ampere};
use super::network::Network;
use super::result::ScenarioSummary;
use super::state::{Solver, State, Trip};
use crate::evaluate::cancel::{CancelToken, Cancelled};
use rayon::prelude::*;

/// Name of the state without any outage.
pub(super) const NORMAL: &str = "normal";

/// States that one task solves at least: one takes tens of microseconds, about what it costs to
/// hand a task to another thread.
const STATES_PER_TASK: usize = 16;

/// An outage to examine.
pub(super) struct Outage {
    pub name: String,
    pub out: Vec<usize>,
    /// The element, if this is the loss of a single one.
    pub single: Option<usize>,
    pub must_survive: bool,
}

/// What is kept of an examined outage.
pub(super) struct Digest {
    /// Loading of each element as a fraction of its nameplate.
    pub loading: Vec<f64>,
    /// Current of each feed, A.
    pub feed_a: Vec<f64>,
    /// Loads without power.
    pub lost: Vec<usize>,
    pub trips: Vec<Trip>,
    pub summary: ScenarioSummary,
}

/// The outages of a case: the named ones, then (if asked for) each element that carries load in
/// the normal state.
pub(super) fn outages(case: &PowerCase, normal: &State) -> Vec<Outage> {
    let mut list: Vec<Outage> = case
        .scenarios
        .iter()
        .map(|s| Outage {
            name: s.name.clone(),
            out: s.out.clone(),
            single: None,
            must_survive: s.must_survive,
        })
        .collect();
    if case.every_single_outage {
        let carries = |i: &usize| normal.flow[*i].live && normal.flow[*i].p_out_w > 0.0;
        list.extend((0..case.elements.len()).filter(carries).map(|i| Outage {
            name: format!("{} out", case.elements[i].name),
            out: vec![i],
            single: Some(i),
            must_survive: false,
        }));
    }
    list
}

/// Examines every outage on the current rayon pool; answers are in the order of `outages`, so they
/// do not depend on the number of threads.
pub(super) fn examine(
    net: &Network,
    outages: &[Outage],
    cancel: &CancelToken,
) -> Result<Vec<Digest>, Cancelled> {
    outages
        .par_iter()
        .with_min_len(STATES_PER_TASK)
        .map_init(Solver::default, |solver, outage| {
            cancel.check()?;
            Ok(digest(net, solver.solve(net, &outage.out), &outage.name))
        })
        .collect()
}

/// Sums up one state.
pub(super) fn digest(net: &Network, state: &State, name: &str) -> Digest {
    let case = net.case;
    let loading: Vec<f64> = case
        .elements
        .iter()
        .zip(&state.flow)
        .map(|(element, flow)| binding_rating(element, flow).0)
        .collect();
    let lost: Vec<usize> = (0..case.loads.len()).filter(|&i| !state.served[i]).collect();
    let racks_lost = lost.iter().filter(|&&i| case.loads[i].kind == LoadKind::Rack).count();
    let worst = worst_against_limit(case, &loading);
    let summary = ScenarioSummary {
        name: name.to_owned(),
        racks_lost,
        other_loads_lost: lost.len() - racks_lost,
        lost_w: lost.iter().map(|&i| case.loads[i].p_w).sum(),
        source_w: state.source.re,
        loss_w: state.flow.iter().map(|f| f.loss_w).sum(),
        worst_element: worst.map(|i| case.elements[i].name.clone()),
        worst_loading: worst.map_or(0.0, |i| loading[i]),
        tripped: state.trips.iter().map(|t| case.elements[t.element].name.clone()).collect(),
    };
    let trips = state.trips.clone();
    Digest { loading, feed_a: feed_currents(net, state), lost, trips, summary }
}

/// The element closest to (or furthest beyond) its continuous limit; the first of equals.
fn worst_against_limit(case: &PowerCase, loading: &[f64]) -> Option<usize> {
    let of_limit = |i: usize| loading[i] / case.elements[i].limit.fraction;
    let mut worst = None;
    for i in 0..loading.len() {
        if of_limit(i) > worst.map_or(0.0, of_limit) {
            worst = Some(i);
        }
    }
    worst
}

/// Current of every feed, A.
fn feed_currents(net: &Network, state: &State) -> Vec<f64> {
    let mut currents = Vec::with_capacity(state.feed_w.len());
    for load in &net.case.loads {
        for feed in &load.feeds {
            let k = currents.len();
            currents.push(feed_current(net, state, feed.element, k, load.power_factor));
        }
    }
    currents
}

fn feed_current(net: &Network, state: &State, element: usize, k: usize, power_factor: f64) -> f64 {
    let v_pu = state.v[net.feed_bus[k]].abs();
    if !state.feed_live[k] || v_pu == 0.0 {
        return 0.0;
    }
    let element = &net.case.elements[element];
    let power_factor = match element.current {
        super::case::Current::Ac => power_factor,
        super::case::Current::Dc => 1.0,
    };
    state.feed_w[k] / (power_factor * v_pu * va_per_ampere(element))
}
