//! From buses and branches to nodes and admittances.
//!
//! Branches without impedance join buses into one node: V_bus = ρ V_node, with ρ the product of the
//! ideal ratios on the way (1 for a closed switch). Currents transform by conj(ρ), so that power is
//! kept: Y_node(A, B) = Σ conj(ρ_i) Y_ij ρ_j. (1)
//! An island is what branches with impedance connect; without a slack bus it is dead.

use super::NetworkError;
use super::case::{Branch, BusBranchCase, BusKind};
use crate::numerics::complex::Complex;

/// Relative difference of two ratios or held voltages that counts as none.
const SAME: f64 = 1e-9;

/// What is given at a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Given {
    /// No source in its island.
    Dead,
    /// This voltage, p.u.
    Slack(Complex),
    /// This magnitude, p.u.
    Pv(f64),
    /// Power only.
    Pq,
}

/// The pi of a branch seen from its ends: currents from voltages, p.u.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TwoPort {
    pub ff: Complex,
    pub ft: Complex,
    pub tf: Complex,
    pub tt: Complex,
}

/// Nodes, admittances and what is given.
#[derive(Clone, Debug)]
pub(super) struct Nodes {
    /// Node and ratio of each bus.
    pub of_bus: Vec<(usize, Complex)>,
    /// A bus of each node, for messages.
    pub bus_of: Vec<usize>,
    /// What is given at each node.
    pub given: Vec<Given>,
    /// Power injected into each node at load factor 1, p.u.; of no meaning at slack nodes.
    pub injected: Vec<Complex>,
    /// Diagonal of the admittance matrix, p.u.
    pub own: Vec<Complex>,
    /// Off-diagonal admittances (A, B, Y_AB, Y_BA) with A < B, one per pair of nodes, p.u.
    pub mutual: Vec<(usize, usize, Complex, Complex)>,
    /// (A, B, gain) of each branch with impedance: V_B ≈ gain V_A without load.
    pub gains: Vec<(usize, usize, Complex)>,
    /// Ends of each branch, indices of buses.
    pub ends: Vec<(usize, usize)>,
    /// The two-port of each branch; `None` if it is open or without impedance.
    pub ports: Vec<Option<TwoPort>>,
    /// Shunts at both ends of each closed branch without impedance, p.u.
    pub end_shunts: Vec<(Complex, Complex)>,
}

/// 1/z.
pub(super) fn inverse(z: Complex) -> Complex {
    z.conj().scale(1.0 / z.norm_sqr())
}

impl Branch {
    fn has_impedance(&self) -> bool {
        self.r != 0.0 || self.x != 0.0
    }

    fn ratio(&self) -> Complex {
        let (sin, cos) = self.shift_deg.to_radians().sin_cos();
        Complex::new(self.tap * cos, self.tap * sin)
    }

    /// I_f = (y + y_s) / tap² V_f − y / conj(ratio) V_t; I_t = −y / ratio V_f + (y + y_s) V_t.
    fn two_port(&self) -> TwoPort {
        let y = inverse(Complex::new(self.r, self.x));
        let tt = y + self.end_shunt();
        let by = inverse(self.ratio());
        let ff = tt.scale(1.0 / (self.tap * self.tap));
        TwoPort { ff, ft: -(y * by.conj()), tf: -(y * by), tt }
    }

    fn end_shunt(&self) -> Complex {
        Complex::new(0.5 * self.g, 0.5 * self.b)
    }
}

impl Nodes {
    /// Reads a checked case.
    ///
    /// # Errors
    /// A branch at an unknown bus, sources shorted by branches without impedance.
    pub fn new(case: &BusBranchCase) -> Result<Self, NetworkError> {
        let index = case.index()?;
        let end = |branch: &Branch, bus: &str| {
            index.get(bus).copied().ok_or_else(|| NetworkError::UnknownBus {
                owner: format!("branch {}", branch.id),
                bus: bus.to_owned(),
            })
        };
        let ends = case
            .branches
            .iter()
            .map(|b| Ok((end(b, &b.f)?, end(b, &b.t)?)))
            .collect::<Result<Vec<_>, _>>()?;
        let (of_bus, bus_of) = joined(case, &ends)?;
        let n = bus_of.len();
        let mut nodes = Self {
            of_bus,
            bus_of,
            given: vec![Given::Pq; n],
            injected: vec![Complex::ZERO; n],
            own: vec![Complex::ZERO; n],
            mutual: Vec::new(),
            gains: Vec::new(),
            ends,
            ports: Vec::new(),
            end_shunts: vec![(Complex::ZERO, Complex::ZERO); case.branches.len()],
        };
        nodes.buses(case)?;
        nodes.branches(case);
        nodes.kill_dead_islands();
        Ok(nodes)
    }

    /// Powers, shunts and held voltages.
    fn buses(&mut self, case: &BusBranchCase) -> Result<(), NetworkError> {
        let per_mva = 1.0 / case.base_mva;
        for (bus, &(node, ratio)) in case.buses.iter().zip(&self.of_bus) {
            let shunt = Complex::new(bus.gs_mw, bus.bs_mvar).scale(per_mva);
            self.own[node] += shunt.scale(ratio.norm_sqr());
            let power = Complex::new(bus.p_gen_mw - bus.p_load_mw, -bus.q_load_mvar);
            self.injected[node] += power.scale(per_mva);
            let held = bus.v_set_pu.unwrap_or(1.0);
            let asked = match bus.kind {
                BusKind::Pq => continue,
                BusKind::Pv => Given::Pv(held / ratio.abs()),
                BusKind::Slack => {
                    let (sin, cos) = bus.va_set_deg.to_radians().sin_cos();
                    Given::Slack(Complex::new(held * cos, held * sin) * inverse(ratio))
                }
            };
            self.given[node] = agreed(self.given[node], asked).map_err(|detail| {
                let id = &case.buses[self.bus_of[node]].id;
                let branch = case
                    .branches
                    .iter()
                    .zip(&self.ends)
                    .find(|(b, (f, _))| !b.has_impedance() && self.of_bus[*f].0 == node)
                    .map_or_else(|| format!("at bus {id}"), |(b, _)| b.id.clone());
                NetworkError::Shorted { branch, detail }
            })?;
        }
        Ok(())
    }

    fn branches(&mut self, case: &BusBranchCase) {
        let mut mutual = Vec::new();
        for (k, (branch, &(f, t))) in case.branches.iter().zip(&self.ends).enumerate() {
            let ((a, ra), (b, rb)) = (self.of_bus[f], self.of_bus[t]);
            if !branch.closed || !branch.has_impedance() {
                self.ports.push(None);
                if branch.closed {
                    let at_t = branch.end_shunt();
                    let at_f = at_t.scale(1.0 / (branch.tap * branch.tap));
                    self.own[a] += at_f.scale(ra.norm_sqr()) + at_t.scale(rb.norm_sqr());
                    self.end_shunts[k] = (at_f, at_t);
                }
                continue;
            }
            let port = branch.two_port();
            self.gains.push((a, b, ra * inverse(branch.ratio() * rb)));
            let (ab, ba) = (ra.conj() * port.ft * rb, rb.conj() * port.tf * ra);
            self.own[a] += port.ff.scale(ra.norm_sqr());
            self.own[b] += port.tt.scale(rb.norm_sqr());
            match a.cmp(&b) {
                std::cmp::Ordering::Less => mutual.push((a, b, ab, ba)),
                std::cmp::Ordering::Greater => mutual.push((b, a, ba, ab)),
                std::cmp::Ordering::Equal => self.own[a] += ab + ba,
            }
            self.ports.push(Some(port));
        }
        mutual.sort_by_key(|m| (m.0, m.1));
        mutual.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            if same {
                kept.2 += next.2;
                kept.3 += next.3;
            }
            same
        });
        self.mutual = mutual;
    }

    /// Neighbours of each node over branches with impedance.
    pub fn neighbours(&self) -> Vec<Vec<usize>> {
        let mut lists = vec![Vec::new(); self.own.len()];
        for &(a, b, ..) in &self.mutual {
            lists[a].push(b);
            lists[b].push(a);
        }
        lists
    }

    fn kill_dead_islands(&mut self) {
        let neighbours = self.neighbours();
        let is_source = |g: &Given| matches!(g, Given::Slack(_));
        let mut live: Vec<bool> = self.given.iter().map(is_source).collect();
        let mut waiting: Vec<usize> = (0..live.len()).filter(|i| live[*i]).collect();
        while let Some(a) = waiting.pop() {
            for &b in &neighbours[a] {
                if !std::mem::replace(&mut live[b], true) {
                    waiting.push(b);
                }
            }
        }
        for (given, live) in self.given.iter_mut().zip(live) {
            if !live {
                *given = Given::Dead;
            }
        }
    }
}

/// What holds at a node of several buses; the voltages that contradict each other otherwise.
fn agreed(a: Given, b: Given) -> Result<Given, String> {
    let differ = |x: f64, y: f64| (x - y).abs() > SAME * y;
    match (a, b) {
        (Given::Slack(x), Given::Slack(y)) if (x - y).abs() > SAME * y.abs() => Err(format!(
            "{:.6} p.u. at {:.4}° and {:.6} p.u. at {:.4}°",
            x.abs(),
            x.im.atan2(x.re).to_degrees(),
            y.abs(),
            y.im.atan2(y.re).to_degrees()
        )),
        (Given::Slack(x), Given::Pv(y)) | (Given::Pv(y), Given::Slack(x)) if differ(x.abs(), y) => {
            Err(format!("{:.6} and {y:.6} p.u.", x.abs()))
        }
        (Given::Pv(x), Given::Pv(y)) if differ(x, y) => Err(format!("{x:.6} and {y:.6} p.u.")),
        (Given::Slack(x), _) | (_, Given::Slack(x)) => Ok(Given::Slack(x)),
        (Given::Pv(x), _) | (_, Given::Pv(x)) => Ok(Given::Pv(x)),
        _ => Ok(Given::Pq),
    }
}

type Joined = (Vec<(usize, Complex)>, Vec<usize>);

/// Node and ratio of each bus; a bus of each node.
fn joined(case: &BusBranchCase, ends: &[(usize, usize)]) -> Result<Joined, NetworkError> {
    let n = case.buses.len();
    let mut wires = vec![Vec::new(); n];
    for (k, (branch, &(f, t))) in case.branches.iter().zip(ends).enumerate() {
        if branch.closed && !branch.has_impedance() {
            let ratio = branch.ratio();
            wires[f].push((t, inverse(ratio), k));
            wires[t].push((f, ratio, k));
        }
    }
    let mut of_bus: Vec<Option<(usize, Complex)>> = vec![None; n];
    let mut bus_of = Vec::new();
    for first in 0..n {
        if of_bus[first].is_some() {
            continue;
        }
        let node = bus_of.len();
        bus_of.push(first);
        of_bus[first] = Some((node, Complex::new(1.0, 0.0)));
        let mut waiting = vec![(first, Complex::new(1.0, 0.0))];
        while let Some((at, ratio)) = waiting.pop() {
            for &(next, by, k) in &wires[at] {
                let here = ratio * by;
                match of_bus[next] {
                    None => {
                        of_bus[next] = Some((node, here));
                        waiting.push((next, here));
                    }
                    Some((_, known)) if (known - here).abs() > SAME * known.abs() => {
                        let branch = case.branches[k].id.clone();
                        let detail = "ideal ratios around a loop do not cancel".to_owned();
                        return Err(NetworkError::Shorted { branch, detail });
                    }
                    Some(_) => {}
                }
            }
        }
    }
    Ok((of_bus.into_iter().flatten().collect(), bus_of))
}
