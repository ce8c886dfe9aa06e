//! One state of the network: which elements are alive, who serves each load, and the flows.
//!
//! Converters (UPS, rectifier) hold their output voltage, so they cut the network into islands
//! that only pass power upwards: the islands are solved from the loads to the sources in one pass,
//! and the input of each converter is a constant power in the island above,
//! `P_in = P_out + loss(P_out)`, `Q_in = P_in tan φ`.
//!
//! An island whose voltage collapses loses the element with the largest drop (its protection would
//! trip), and the state is solved anew: the loads move to their other feeds or go dead.

use super::case::{Current, FeedRule, Model};
use super::elements::Flow;
use super::network::{Live, NONE, Network};
use super::sweep::{Island, Sweep};
use crate::numerics::complex::Complex;

/// Flows of one state.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// Per element.
    pub flow: Vec<Flow>,
    /// Power at each feed, W; 0 where it is dead or not selected.
    pub feed_w: Vec<f64>,
    /// Whether the element of each feed is alive.
    pub feed_live: Vec<bool>,
    /// Complex voltage of each bus, per unit.
    pub v: Vec<Complex>,
    /// Whether each load is served.
    pub served: Vec<bool>,
    /// Power taken from all sources, W and var.
    pub source: Complex,
    /// Elements tripped by collapse.
    pub trips: Vec<Trip>,
    /// Most sweeps that an island needed.
    pub sweeps: usize,
}

/// An element switched off because the voltage behind it collapsed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Trip {
    /// The element.
    pub element: usize,
    /// Share of the drawn load that its island could carry.
    pub feasible: f64,
}

/// Scratch space, reused from state to state.
#[derive(Default)]
pub(super) struct Solver {
    out: Vec<bool>,
    live: Live,
    /// Island of each element, by index of its root element.
    root: Vec<usize>,
    /// Elements by island, islands nearest to the sources first.
    grouped: Vec<usize>,
    /// First of `grouped` for each island, and one past the last.
    island_start: Vec<usize>,
    island: Island,
    /// Voltage of each element's buses over that of its island's tree, from taps on the way.
    scale: Vec<f64>,
    /// Index in `island` of each bus of the network.
    local: Vec<usize>,
    /// Power drawn at each bus, W and var.
    s: Vec<Complex>,
    state: State,
}

impl Solver {
    /// Solves the state with the given elements out of service.
    pub fn solve(&mut self, net: &Network, out: &[usize]) -> &State {
        self.out.clear();
        self.out.resize(net.case.elements.len(), false);
        for &element in out {
            self.out[element] = true;
        }
        self.state.trips.clear();
        while let Err(trip) = self.attempt(net) {
            self.out[trip.element] = true;
            self.state.trips.push(trip);
        }
        &self.state
    }

    fn attempt(&mut self, net: &Network) -> Result<(), Trip> {
        net.energise(&self.out, &mut self.live);
        self.reset(net);
        self.place_loads(net);
        self.group_islands(net);
        for i in (0..self.island_start.len() - 1).rev() {
            let (from, to) = (self.island_start[i], self.island_start[i + 1]);
            self.solve_island(net, from, to)?;
        }
        self.accumulate_drops(net);
        Ok(())
    }

    fn reset(&mut self, net: &Network) {
        let (elements, buses) = (net.case.elements.len(), net.z.len());
        self.s.clear();
        self.s.resize(buses, Complex::ZERO);
        self.local.resize(buses, 0);
        self.scale.clear();
        self.scale.resize(elements, 1.0);
        let state = &mut self.state;
        state.flow.clear();
        state.flow.resize(elements, Flow::default());
        state.v.clear();
        state.v.resize(buses, Complex::ZERO);
        state.source = Complex::ZERO;
        state.sweeps = 0;
    }

    /// Splits every load over its live feeds.
    fn place_loads(&mut self, net: &Network) {
        let state = &mut self.state;
        state.feed_w.clear();
        state.feed_live.clear();
        state.served.clear();
        for (i, load) in net.case.loads.iter().enumerate() {
            let is_live = |e: usize| self.live.live[e];
            let first_live = load.feeds.iter().position(|f| is_live(f.element));
            let total: f64 =
                load.feeds.iter().filter(|f| is_live(f.element)).map(|f| f.share).sum();
            state.served.push(first_live.is_some());
            let tan = tan_phi(load.power_factor);
            for (k, feed) in load.feeds.iter().enumerate() {
                let share = match load.rule {
                    _ if !is_live(feed.element) => 0.0,
                    FeedRule::Share => feed.share / total,
                    FeedRule::FirstLive => f64::from(u8::from(first_live == Some(k))),
                };
                let p_w = load.p_w * share;
                let dc = net.case.elements[feed.element].current == Current::Dc;
                let q_var = if dc { 0.0 } else { p_w * tan };
                self.s[net.feed_bus[net.first_feed[i] + k]] += Complex::new(p_w, q_var);
                state.feed_w.push(p_w);
                state.feed_live.push(is_live(feed.element));
            }
        }
    }

    /// Sorts the live elements by island. The order of islands is that of their roots in the tree,
    /// so an island always comes after the one that supplies it.
    fn group_islands(&mut self, net: &Network) {
        self.root.clear();
        self.root.resize(net.case.elements.len(), NONE);
        let mut size = vec![0; net.case.elements.len()];
        for &e in &self.live.order {
            let is_root = matches!(
                net.case.elements[e].model,
                Model::Source { .. } | Model::Converter { .. }
            );
            self.root[e] = if is_root { e } else { self.root[self.live.supply[e]] };
            if !is_root {
                self.scale[e] = self.scale[self.live.supply[e]] * net.boost[e];
            }
            size[self.root[e]] += 1;
        }
        self.island_start.clear();
        let mut next = 0;
        for &e in &self.live.order {
            if self.root[e] == e {
                self.island_start.push(next);
                let count = size[e];
                size[e] = next;
                next += count;
            }
        }
        self.island_start.push(next);
        self.grouped.clear();
        self.grouped.resize(next, NONE);
        for &e in &self.live.order {
            let slot = &mut size[self.root[e]];
            self.grouped[*slot] = e;
            *slot += 1;
        }
    }

    fn solve_island(&mut self, net: &Network, from: usize, to: usize) -> Result<(), Trip> {
        let root = self.grouped[from];
        let v_root_pu = match net.case.elements[root].model {
            Model::Source { v_pu } => v_pu,
            Model::Converter { v_out_pu, .. } => v_out_pu,
            _ => 1.0,
        };
        self.fill_island(net, from, to);
        match self.island.solve(v_root_pu, 1.0) {
            Sweep::Settled(sweeps) => self.state.sweeps = self.state.sweeps.max(sweeps),
            Sweep::Collapsed(bus) => {
                let weakest = self.island.largest_drop_towards(bus);
                let element = self.element_of_local(net, from, to, weakest);
                let feasible = self.island.largest_feasible_factor(v_root_pu);
                return Err(Trip { element, feasible });
            }
        }
        for k in from + 1..to {
            self.read_series(net, self.grouped[k]);
        }
        self.read_root(net, root);
        Ok(())
    }

    fn fill_island(&mut self, net: &Network, from: usize, to: usize) {
        self.island.clear();
        for &e in &self.grouped[from..to] {
            let supply = self.live.supply[e];
            let is_root = self.root[e] == e;
            let mut parent = if is_root { 0 } else { self.local[net.far(supply)] };
            // A tree without ratios: impedances and shunts are carried over to the root's voltage.
            let square = self.scale[e] * self.scale[e];
            let half_shunt = net.half_shunt[e].scale(square);
            if !is_root {
                self.island.buses[parent].shunt += half_shunt;
            }
            for bus in net.bus[e]..net.bus[e + 1] {
                parent = self.island.push(parent, net.z[bus].scale(1.0 / square));
                self.local[bus] = parent;
                self.island.buses[parent].s = self.s[bus];
            }
            self.island.buses[parent].shunt += half_shunt;
        }
    }

    fn element_of_local(&self, net: &Network, from: usize, to: usize, local: usize) -> usize {
        let owns =
            |&&e: &&usize| self.local[net.bus[e]] <= local && local <= self.local[net.far(e)];
        self.grouped[from..to].iter().find(owns).copied().unwrap_or(self.grouped[from])
    }

    /// Flows of a cable, busway or transformer from the solved island.
    fn read_series(&mut self, net: &Network, e: usize) {
        let (first, last) = (net.bus[e], net.far(e));
        let supply_bus = net.far(self.live.supply[e]);
        let (scale, scale_in) = (self.scale[e], self.scale[self.live.supply[e]]);
        let half = net.half_shunt[e].scale(scale * scale);
        let v_in = self.island.v[self.local[supply_bus]];
        let v_out = self.island.v[self.local[last]];
        let j_in = self.island.j[self.local[first]] + half.conj() * v_in;
        let j_out = self.island.j[self.local[last]] - half.conj() * v_out;
        let mut loss_w = half.re * (v_in.norm_sqr() + v_out.norm_sqr());
        for bus in first..=last {
            let k = self.local[bus];
            loss_w += self.island.buses[k].z.re * self.island.j[k].norm_sqr();
            self.state.v[bus] = self.island.v[k].scale(scale);
        }
        let s_in = v_in * j_in.conj();
        self.state.flow[e] = Flow {
            live: true,
            p_in_w: s_in.re,
            p_out_w: s_in.re - loss_w,
            loss_w,
            s_va: s_in.abs(),
            j_va: (j_in.abs() / scale_in).max(j_out.abs() / scale),
            v_pu: v_out.abs() * scale,
            drop_pu: 0.0,
        };
    }

    /// Flows of a source or converter; a converter loads the island above it.
    fn read_root(&mut self, net: &Network, e: usize) {
        for bus in net.bus[e]..net.bus[e + 1] {
            self.state.v[bus] = self.island.v[self.local[bus]];
        }
        let s_out = self.island.root_power();
        let element = &net.case.elements[e];
        let mut loss_w = 0.0;
        if let Model::Converter { input_power_factor, loss, .. } = &element.model {
            let rated_w =
                element.module_rating.p_w.unwrap_or(f64::INFINITY) * f64::from(element.modules);
            loss_w = loss.at(s_out.re / rated_w) * rated_w;
            let supply = self.live.supply[e];
            let p_in_w = s_out.re + loss_w;
            let dc = net.case.elements[supply].current == Current::Dc;
            let q_in_var = if dc { 0.0 } else { p_in_w * tan_phi(*input_power_factor) };
            self.s[net.far(supply)] += Complex::new(p_in_w, q_in_var);
        } else {
            self.state.source += s_out;
        }
        self.state.flow[e] = Flow {
            live: true,
            p_in_w: s_out.re + loss_w,
            p_out_w: s_out.re,
            loss_w,
            s_va: s_out.abs(),
            j_va: self.island.j.first().map_or(0.0, |j| j.abs()),
            v_pu: self.island.v.first().map_or(0.0, |v| v.abs()),
            drop_pu: 0.0,
        };
    }

    /// Drop from the last regulated point (source, converter) or transformer to each far end.
    fn accumulate_drops(&mut self, net: &Network) {
        for &e in &self.live.order {
            if matches!(net.case.elements[e].model, Model::Series { .. }) {
                let supply = self.state.flow[self.live.supply[e]];
                let here = &mut self.state.flow[e];
                here.drop_pu = supply.drop_pu + supply.v_pu - here.v_pu;
            }
        }
    }
}

/// Reactive over active power at a lagging power factor.
fn tan_phi(power_factor: f64) -> f64 {
    ((1.0 - power_factor * power_factor) / (power_factor * power_factor)).max(0.0).sqrt()
}
