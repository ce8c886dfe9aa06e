//! From solved states to the answer of the stage.

use super::case::{LoadKind, Model};
use super::elements::binding_rating;
use super::findings::{Review, review};
use super::network::Network;
use super::protection;
use super::result::{ElementResult, FeedResult, LoadResult, PowerResult, PowerTotals};
use super::scenario::{Digest, Outage};
use super::state::State;
use std::collections::BTreeMap;

/// Puts the answer together; everything is taken in the order of the case and of the outages.
pub(super) fn summarise(
    net: &Network,
    state: &State,
    normal: &Digest,
    outages: &[Outage],
    digests: &[Digest],
) -> PowerResult {
    let elements: Vec<ElementResult> = (0..net.case.elements.len())
        .map(|i| element_result(net, state, i, normal, outages, digests))
        .collect();
    let loads: Vec<LoadResult> = (0..net.case.loads.len())
        .map(|i| load_result(net, state, i, normal, outages, digests))
        .collect();
    let findings = review(&Review {
        case: net.case,
        elements: &elements,
        loads: &loads,
        normal,
        outages,
        digests,
    });
    let scenarios = std::iter::once(normal).chain(digests).map(|d| d.summary.clone()).collect();
    let mut result = PowerResult {
        elements,
        loads,
        totals: totals(net, state),
        scenarios,
        findings,
        ..PowerResult::default()
    };
    protection::assess(net.case, &mut result);
    result
}

fn element_result(
    net: &Network,
    state: &State,
    i: usize,
    normal: &Digest,
    outages: &[Outage],
    digests: &[Digest],
) -> ElementResult {
    let (element, flow) = (&net.case.elements[i], &state.flow[i]);
    let (loading_normal, capacity, capacity_unit) = binding_rating(element, flow);
    let mut worst = (loading_normal, None);
    for (outage, digest) in outages.iter().zip(digests) {
        if digest.loading[i] > worst.0 * (1.0 + WORSE) {
            worst = (digest.loading[i], Some(outage));
        }
    }
    let idle_generator = matches!(element.model, Model::Source { .. }) && flow.p_out_w <= 0.0;
    debug_assert!(normal.loading[i].to_bits() == loading_normal.to_bits());
    ElementResult {
        name: element.name.clone(),
        kind: element.kind,
        feed: element.feed.clone(),
        live: flow.live && !idle_generator,
        p_in_w: flow.p_in_w,
        p_out_w: flow.p_out_w,
        loss_w: flow.loss_w,
        s_va: flow.s_va,
        i_a: flow.j_va / super::elements::va_per_ampere(element),
        v_pu: flow.v_pu,
        drop_percent: flow.drop_pu * 100.0,
        loading_normal,
        loading_worst: worst.0,
        worst_outage: worst.1.map(|o| o.name.clone()),
        capacity,
        capacity_unit,
        limit_fraction: element.limit.fraction,
        limit_source: element.limit.source.clone(),
    }
}

/// Relative difference below which two loadings count as equal, so that rounding does not decide
/// which outage is named.
const WORSE: f64 = 1e-9;

fn load_result(
    net: &Network,
    state: &State,
    i: usize,
    normal: &Digest,
    outages: &[Outage],
    digests: &[Digest],
) -> LoadResult {
    let load = &net.case.loads[i];
    let first = net.first_feed[i];
    let mut drop_pu = 0.0_f64;
    let mut feeds = Vec::with_capacity(load.feeds.len());
    for (k, feed) in (first..).zip(&load.feeds) {
        let v_pu = state.v[net.feed_bus[k]].abs();
        let flow = &state.flow[feed.element];
        if state.feed_live[k] {
            drop_pu = drop_pu.max(flow.drop_pu + flow.v_pu - v_pu);
        }
        feeds.push(FeedResult {
            element: net.case.elements[feed.element].name.clone(),
            live: state.feed_live[k],
            p_w: state.feed_w[k],
            v_pu,
            i_a: normal.feed_a[k],
            i_worst_a: digests.iter().map(|d| d.feed_a[k]).fold(normal.feed_a[k], f64::max),
        });
    }
    let lost = outages.iter().zip(digests).filter(|(_, d)| d.lost.binary_search(&i).is_ok());
    LoadResult {
        name: load.name.clone(),
        kind: load.kind,
        object: load.object,
        p_w: load.p_w,
        served: state.served[i],
        feeds,
        drop_percent: drop_pu * 100.0,
        lost_in: lost.map(|(o, _)| o.name.clone()).collect(),
    }
}

fn totals(net: &Network, state: &State) -> PowerTotals {
    let served = |kind: Option<LoadKind>| -> f64 {
        let counts =
            |i: &usize| state.served[*i] && kind.is_none_or(|kind| net.case.loads[*i].kind == kind);
        // An empty sum is -0.0; adding 0.0 makes it plain.
        (0..net.case.loads.len()).filter(counts).map(|i| net.case.loads[i].p_w).sum::<f64>() + 0.0
    };
    let mut by_kind = BTreeMap::new();
    for (element, flow) in net.case.elements.iter().zip(&state.flow) {
        *by_kind.entry(element.kind).or_insert(0.0) += flow.loss_w;
    }
    PowerTotals {
        source_w: state.source.re,
        source_var: state.source.im,
        demand_w: net.case.loads.iter().map(|l| l.p_w).sum::<f64>() + 0.0,
        served_w: served(None),
        rack_w: served(Some(LoadKind::Rack)),
        mechanical_w: served(Some(LoadKind::Mechanical)),
        loss_w: state.flow.iter().map(|f| f.loss_w).sum::<f64>() + 0.0,
        loss_by_kind_w: by_kind.into_iter().collect(),
    }
}
