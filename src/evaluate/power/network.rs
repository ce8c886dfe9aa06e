//! A power case made ready for solving: per-unit impedances, one bus for every tap-off, and for a
//! given outage the tree that is alive.
//!
//! Per unit here means: voltages over the nominal voltage of their place, powers in W and var, so
//! "currents" are volt-amperes at nominal voltage and transformer ratios vanish. An impedance in
//! Ω becomes `z / v_nominal²`; √3 cancels for three-phase, and direct current needs no other form.

use super::case::{Current, Element, Feed, Model, PowerCase};
use crate::numerics::complex::Complex;

/// No element.
pub(super) const NONE: usize = usize::MAX;

/// A case with everything precomputed that does not depend on the outage.
pub(super) struct Network<'a> {
    pub case: &'a PowerCase,
    /// First bus of each element, and one past the last: element `e` owns `bus[e]..bus[e + 1]`.
    /// The last of them is its far end.
    pub bus: Vec<usize>,
    /// Impedance of the segment that ends at each bus, per unit.
    pub z: Vec<Complex>,
    /// Half of the shunt of each element at nominal voltage, W and var.
    pub half_shunt: Vec<Complex>,
    /// Voltage of each element's output over that of its supply at no load, both per unit.
    pub boost: Vec<f64>,
    /// Bus of each feed, all loads one after another.
    pub feed_bus: Vec<usize>,
    /// First feed of each load, and one past the last.
    pub first_feed: Vec<usize>,
    /// Elements by distance from their source, in which transfers are tried.
    by_depth: Vec<usize>,
    children: Vec<Vec<usize>>,
}

/// What is alive in one outage.
#[derive(Default)]
pub(super) struct Live {
    /// Actual supply of each element; [`NONE`] for sources and dead elements.
    pub supply: Vec<usize>,
    /// Whether each element is energised.
    pub live: Vec<bool>,
    /// Live elements, supplies before those they supply.
    pub order: Vec<usize>,
}

impl<'a> Network<'a> {
    /// Prepares a case that has passed validation.
    pub fn new(case: &'a PowerCase) -> Self {
        let taps = taps_by_element(case);
        let mut bus = vec![0];
        let mut z = Vec::new();
        for (element, taps) in case.elements.iter().zip(&taps) {
            let whole = impedance_pu(element);
            let mut from = 0.0;
            for &to in taps {
                z.push(whole.scale(to - from));
                from = to;
            }
            bus.push(z.len());
        }
        let mut first_feed = vec![0];
        let mut feed_bus = Vec::new();
        for load in &case.loads {
            feed_bus.extend(load.feeds.iter().map(|f| bus[f.element] + tap_rank(&taps, f)));
            first_feed.push(feed_bus.len());
        }
        let boost = case.elements.iter().map(boost).collect();
        let half_shunt = case.elements.iter().map(|e| shunt(e).scale(0.5)).collect();
        let mut children = vec![Vec::new(); case.elements.len()];
        for (i, e) in case.elements.iter().enumerate() {
            if let Some(parent) = e.parent {
                children[parent].push(i);
            }
        }
        let mut network = Self {
            case,
            bus,
            z,
            half_shunt,
            boost,
            feed_bus,
            first_feed,
            by_depth: Vec::new(),
            children,
        };
        let mut all = Live::default();
        network.energise(&vec![false; case.elements.len()], &mut all);
        network.by_depth = all.order;
        network
    }

    /// Bus at the far end of an element.
    pub fn far(&self, element: usize) -> usize {
        self.bus[element + 1] - 1
    }

    /// Finds what is alive with the elements marked in `out` out of service. Every element is
    /// first supplied by its parent; then dead ones are transferred to a live backup, nearest to
    /// the sources first, until nothing changes.
    pub fn energise(&self, out: &[bool], live: &mut Live) {
        let n = self.case.elements.len();
        live.supply.clear();
        live.supply.resize(n, NONE);
        live.live.clear();
        live.live.resize(n, false);
        live.order.clear();
        for (i, e) in self.case.elements.iter().enumerate() {
            if matches!(e.model, Model::Source { .. }) && !out[i] {
                live.live[i] = true;
                live.order.push(i);
            }
        }
        self.spread(out, live, 0);
        while let Some((element, backup)) = self.next_transfer(out, live) {
            live.live[element] = true;
            live.supply[element] = backup;
            let from = live.order.len();
            live.order.push(element);
            self.spread(out, live, from);
        }
    }

    /// Energises everything below the elements of `order[from..]`.
    fn spread(&self, out: &[bool], live: &mut Live, from: usize) {
        let mut next = from;
        while let Some(&parent) = live.order.get(next) {
            for &child in &self.children[parent] {
                if !out[child] && !live.live[child] {
                    live.live[child] = true;
                    live.supply[child] = parent;
                    live.order.push(child);
                }
            }
            next += 1;
        }
    }

    fn next_transfer(&self, out: &[bool], live: &Live) -> Option<(usize, usize)> {
        self.by_depth.iter().find_map(|&i| {
            let backup = self.case.elements[i].backup?;
            (!live.live[i] && !out[i] && live.live[backup]).then_some((i, backup))
        })
    }
}

/// Ends of the segments of each element, as fractions of its length: every distinct tap and 1.
fn taps_by_element(case: &PowerCase) -> Vec<Vec<f64>> {
    let mut taps = vec![vec![1.0]; case.elements.len()];
    for feed in case.loads.iter().flat_map(|l| &l.feeds) {
        taps[feed.element].push(feed.tap);
    }
    for list in &mut taps {
        list.sort_by(f64::total_cmp);
        list.dedup();
    }
    taps
}

fn tap_rank(taps: &[Vec<f64>], feed: &Feed) -> usize {
    taps[feed.element].partition_point(|&t| t < feed.tap)
}

/// Series impedance of all parallel runs together, per unit on 1 VA.
fn impedance_pu(e: &Element) -> Complex {
    let parallel = f64::from(e.modules);
    match e.model {
        Model::Source { .. } | Model::Converter { .. } => Complex::ZERO,
        Model::Series { r_ohm, x_ohm, .. } => {
            let x_ohm = if e.current == Current::Dc { 0.0 } else { x_ohm };
            Complex::new(r_ohm, x_ohm).scale(1.0 / (e.v_nominal_v * e.v_nominal_v * parallel))
        }
        Model::Transformer { base_va, r_pu, x_pu, .. } => {
            Complex::new(r_pu, x_pu).scale(1.0 / (base_va * parallel))
        }
    }
}

/// By how much a tap raises the voltage.
fn boost(e: &Element) -> f64 {
    match e.model {
        Model::Transformer { tap_percent, .. } => 1.0 + tap_percent / 100.0,
        _ => 1.0,
    }
}

/// Power of the shunt of all parallel runs together at nominal voltage, W and var.
fn shunt(e: &Element) -> Complex {
    let parallel = f64::from(e.modules);
    match e.model {
        Model::Source { .. } | Model::Converter { .. } => Complex::ZERO,
        Model::Series { shunt_var, .. } => Complex::new(0.0, shunt_var * parallel),
        Model::Transformer { no_load_w, magnetising_var, .. } => {
            Complex::new(no_load_w, magnetising_var).scale(parallel)
        }
    }
}
