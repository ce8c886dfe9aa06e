//! What is told of a solution: voltages, flows of every branch, generation, losses.

use super::admittance::Given;
use super::{BusKind, Newton};
use crate::numerics::complex::Complex;

/// A solved network. Lists are in the order of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// Voltage of each bus, p.u.; zero at dead buses.
    pub v: Vec<Complex>,
    /// Power into each branch at its from end, p.u.
    pub from: Vec<Complex>,
    /// Power into each branch at its to end, p.u.
    pub to: Vec<Complex>,
    /// Generation at each bus, p.u.: given at PQ buses, reactive found at PV, all found at slack.
    pub generated: Vec<Complex>,
    /// Buses without supply.
    pub dead: Vec<usize>,
    /// Power that is lost in branches, p.u.
    pub loss: Complex,
}

impl Flow {
    /// Magnitude of each voltage, p.u.
    pub fn vm_pu(&self) -> impl Iterator<Item = f64> + '_ {
        self.v.iter().map(|v| v.abs())
    }

    /// Angle of each voltage, degrees from −180 to 180.
    pub fn va_deg(&self) -> impl Iterator<Item = f64> + '_ {
        self.v.iter().map(|v| v.im.atan2(v.re).to_degrees())
    }
}

impl Newton {
    /// Voltages and flows of the state found last.
    #[must_use]
    pub fn flow(&self) -> Flow {
        let mut flow = Flow { v: self.bus_voltages(), ..Flow::default() };
        for (k, port) in self.nodes.ports.iter().enumerate() {
            let (f, t) = self.nodes.ends[k];
            let (vf, vt) = (flow.v[f], flow.v[t]);
            let (at_f, at_t) = self.nodes.end_shunts[k];
            let (i_f, i_t) = port.map_or_else(
                || (at_f * vf, at_t * vt),
                |p| (p.ff * vf + p.ft * vt, p.tf * vf + p.tt * vt),
            );
            flow.from.push(vf * i_f.conj());
            flow.to.push(vt * i_t.conj());
        }
        let dead = |i: &usize| self.nodes.given[self.nodes.of_bus[*i].0] == Given::Dead;
        flow.dead = (0..self.case.buses.len()).filter(dead).collect();
        self.generation(&mut flow);
        let both = flow.from.iter().zip(&flow.to);
        flow.loss = both.fold(Complex::ZERO, |sum, (f, t)| sum + *f + *t);
        flow
    }

    fn bus_voltages(&self) -> Vec<Complex> {
        let of = |&(node, ratio): &(usize, Complex)| match self.iteration.position[node] {
            Some(at) => self.iteration.v[at] * ratio,
            None => match self.nodes.given[node] {
                Given::Slack(v) => v * ratio,
                _ => Complex::ZERO,
            },
        };
        self.nodes.of_bus.iter().map(of).collect()
    }

    /// Generation that closes each bus, and flows of branches without impedance.
    fn generation(&self, flow: &mut Flow) {
        let case = &self.case;
        // What leaves each bus into branches, shunt and load, less what is generated as given.
        let mut wanting: Vec<Complex> = Vec::with_capacity(case.buses.len());
        let alive = |i: usize| self.nodes.given[self.nodes.of_bus[i].0] != Given::Dead;
        for (i, bus) in case.buses.iter().enumerate() {
            let shunt = Complex::new(bus.gs_mw, -bus.bs_mvar).scale(flow.v[i].norm_sqr());
            let load = Complex::new(bus.p_load_mw, bus.q_load_mvar);
            let given = if bus.kind == BusKind::Slack || !alive(i) { 0.0 } else { bus.p_gen_mw };
            let given = Complex::new(given, 0.0);
            flow.generated.push(given.scale(1.0 / case.base_mva));
            let load = if alive(i) { load } else { Complex::ZERO };
            wanting.push((shunt + load - given).scale(1.0 / case.base_mva));
        }
        for (k, &(f, t)) in self.nodes.ends.iter().enumerate() {
            wanting[f] += flow.from[k];
            wanting[t] += flow.to[k];
        }
        self.share_generation(flow, &mut wanting);
        self.tree_flows(flow, &mut wanting);
    }

    /// What a node wants is generated at its slack buses, else (reactive) at its PV buses, in equal
    /// shares.
    fn share_generation(&self, flow: &mut Flow, wanting: &mut [Complex]) {
        let n = self.nodes.given.len();
        let (mut wants, mut slacks, mut pvs) =
            (vec![Complex::ZERO; n], vec![0_usize; n], vec![0_usize; n]);
        for (i, bus) in self.case.buses.iter().enumerate() {
            let node = self.nodes.of_bus[i].0;
            wants[node] += wanting[i];
            slacks[node] += usize::from(bus.kind == BusKind::Slack);
            pvs[node] += usize::from(bus.kind == BusKind::Pv);
        }
        for (i, bus) in self.case.buses.iter().enumerate() {
            let node = self.nodes.of_bus[i].0;
            let share = match bus.kind {
                BusKind::Slack => wants[node].scale(1.0 / slacks[node] as f64),
                BusKind::Pv if slacks[node] == 0 && self.nodes.given[node] != Given::Dead => {
                    Complex::new(0.0, wants[node].im / pvs[node] as f64)
                }
                _ => continue,
            };
            flow.generated[i] += share;
            wanting[i] = wanting[i] - share;
        }
    }

    /// Branches without impedance carry what the buses behind them want, summed along a tree;
    /// further ones that close a loop carry nothing but their own shunts.
    fn tree_flows(&self, flow: &mut Flow, wanting: &mut [Complex]) {
        let n = self.case.buses.len();
        let mut wires = vec![Vec::new(); n];
        for (k, branch) in self.case.branches.iter().enumerate() {
            if branch.closed && self.nodes.ports[k].is_none() {
                let (f, t) = self.nodes.ends[k];
                wires[f].push((t, k));
                wires[t].push((f, k));
            }
        }
        let mut seen = vec![false; n];
        for root in 0..n {
            if std::mem::replace(&mut seen[root], true) || wires[root].is_empty() {
                continue;
            }
            let mut tree = Vec::new();
            let mut waiting = vec![root];
            while let Some(at) = waiting.pop() {
                for &(next, k) in &wires[at] {
                    if !std::mem::replace(&mut seen[next], true) {
                        tree.push((at, next, k));
                        waiting.push(next);
                    }
                }
            }
            for &(near, far, k) in tree.iter().rev() {
                let power = wanting[far];
                wanting[near] += power;
                let (near_end, far_end) = if self.nodes.ends[k].0 == near {
                    (&mut flow.from[k], &mut flow.to[k])
                } else {
                    (&mut flow.to[k], &mut flow.from[k])
                };
                *near_end += power;
                *far_end = *far_end - power;
            }
        }
    }
}
