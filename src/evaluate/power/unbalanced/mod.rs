//! Load flow of a three-phase network with unbalanced loads.
//!
//! Unknowns: voltages of all buses. Equations: Y V = I_source − conj(S / V), loads of constant power
//! from phase to earthed neutral. (1)
//! Lines, transformers and the source are symmetric, so Y is three separate matrices in symmetrical
//! components, factored once; loads are evaluated in phases.
//!
//! Method: the fixed point of (1), V ← Y⁻¹(I(V)), whose error falls by about the voltage drop in
//! per unit each time. Where it is slow (heavy load) Newton's method on (1) in rectangular
//! coordinates takes over (`newton`): the derivative of a load's current, −conj(S)/conj(V)² · conj(dV),
//! adds to the diagonal blocks only.
//!
//! Stopping: largest change of a voltage below [`SMALLEST_CHANGE_PU`] of nominal.
//! Not modelled: magnetising currents, impedance between neutral and earth, delta loads.
//! Reference: Arrillaga, Watson, "Computer Modelling of Electrical Power Systems" (2001), ch. 3, 4.

mod admittance;
pub mod case;
mod newton;
#[cfg(test)]
mod tests;

pub use case::UnbalancedCase;

use super::newton::NetworkError;
use crate::numerics::block_lu::{Block, BlockLu, Pattern};
use crate::numerics::complex::Complex;
use crate::numerics::reach::{both, reached};
use admittance::{Element, KILO, MEGA, elements, phases, sequences, source};

/// Change of a voltage that ends the iteration, p.u.
const SMALLEST_CHANGE_PU: f64 = 1e-13;
/// Fixed-point steps before Newton takes over.
const MOST_STEPS: usize = 40;
/// Factor by which each step must shrink the change for the fixed point to go on.
const WORTHWHILE: f64 = 0.5;

/// Voltages of a bus in components 0, 1, 2 or in phases a, b, c, V.
type Three = [Complex; 3];

/// A load at a position: power drawn from each phase, W and var.
#[derive(Clone, Copy, Debug)]
struct Drawn {
    at: usize,
    s: Three,
}

/// A network that is ready to be solved.
#[derive(Clone, Debug)]
pub struct Unbalanced {
    case: UnbalancedCase,
    pattern: Pattern,
    /// Position of each bus; none without supply.
    position: Vec<Option<usize>>,
    elements: Vec<Element>,
    /// Factors of components 0, 1, 2.
    lu: [BlockLu<2>; 3],
    source_at: usize,
    source_y: Three,
    source_v: f64,
    loads: Vec<Drawn>,
    /// Nominal voltage, phase to earth, by position, V.
    nominal_v: Vec<f64>,
    /// Components by position.
    v: Vec<Three>,
    /// Voltages without load.
    start: Vec<Three>,
    rhs: [Vec<[f64; 2]>; 3],
}

/// How a solution was reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Solved {
    /// Steps of the fixed point and of Newton.
    pub iterations: usize,
    /// Last change of a voltage, p.u.
    pub change_pu: f64,
}

/// What is told of a solution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// Phase voltages of each bus, p.u. of its nominal; zero at dead buses.
    pub v: Vec<[Complex; 3]>,
    /// Power of the source into the network, by phase, W and var.
    pub source_va: [Complex; 3],
    /// Power lost in lines and transformers, W.
    pub loss_w: f64,
    /// Buses without supply.
    pub dead: Vec<usize>,
}

fn block(y: Complex) -> Block<2> {
    [[y.re, -y.im], [y.im, y.re]]
}

impl Unbalanced {
    /// Checks the case and factors its admittances.
    ///
    /// # Errors
    /// Bad data, by owner and field.
    pub fn new(case: UnbalancedCase) -> Result<Self, NetworkError> {
        let index = case.check()?;
        let elements = elements(&case, &index);
        let source_bus = index[case.source_bus.bus.as_str()];
        let live =
            reached(case.buses.len(), both(elements.iter().map(|e| (e.f, e.t))), [source_bus]);
        let active: Vec<usize> = (0..live.len()).filter(|i| live[*i]).collect();
        let mut local = vec![None; live.len()];
        for (i, &bus) in active.iter().enumerate() {
            local[bus] = Some(i);
        }
        let pairs: Vec<(usize, usize)> =
            elements.iter().filter_map(|e| Some((local[e.f]?, local[e.t]?))).collect();
        let pattern = Pattern::new(active.len(), &pairs);
        let position: Vec<Option<usize>> =
            local.iter().map(|i| i.map(|i| pattern.place[i])).collect();
        let nominal = |i: &usize| case.buses[active[*i]].vn_kv * KILO / 3.0_f64.sqrt();
        let nominal_v = pattern.order.iter().map(nominal).collect();
        let (source_y, source_v) = source(&case, case.buses[source_bus].vn_kv);
        let loads = drawn(&case, &index, &position);
        let (n, lu) = (active.len(), BlockLu::new(&pattern));
        let mut made = Self {
            source_at: position[source_bus].unwrap_or(0),
            lu: [lu.clone(), lu.clone(), lu],
            rhs: std::array::from_fn(|_| vec![[0.0; 2]; n]),
            v: vec![[Complex::ZERO; 3]; n],
            start: vec![[Complex::ZERO; 3]; n],
            case,
            pattern,
            position,
            elements,
            source_y,
            source_v,
            loads,
            nominal_v,
        };
        made.factor()?;
        made.inject(0.0);
        made.substitute();
        made.start.clone_from(&made.v);
        Ok(made)
    }

    /// The case.
    #[must_use]
    pub const fn case(&self) -> &UnbalancedCase {
        &self.case
    }

    fn factor(&mut self) -> Result<(), NetworkError> {
        for k in 0..3 {
            let (lu, pattern) = (&mut self.lu[k], &self.pattern);
            for e in &self.elements {
                let (Some(f), Some(t)) = (self.position[e.f], self.position[e.t]) else { continue };
                let places = [(f, f), (f, t), (t, f), (t, t)];
                for ((i, j), y) in places.into_iter().zip(e.y[k]) {
                    lu.add(pattern, i, j, &block(y));
                }
            }
            lu.add(pattern, self.source_at, self.source_at, &block(self.source_y[k]));
            lu.factor(pattern, &mut self.rhs[k]).map_err(|singular| {
                let at = pattern.place[singular.node];
                let bus = self.position.iter().position(|p| *p == Some(at)).unwrap_or(0);
                NetworkError::Undetermined { bus: self.case.buses[bus].id.clone() }
            })?;
        }
        Ok(())
    }

    /// Currents of source and loads, times `factor`, at the present voltages, in components.
    fn inject(&mut self, factor: f64) {
        for rhs in &mut self.rhs {
            rhs.fill([0.0; 2]);
        }
        let from_source = self.source_y[1].scale(self.source_v);
        self.rhs[1][self.source_at] = [from_source.re, from_source.im];
        if factor == 0.0 {
            return;
        }
        for load in &self.loads {
            let v = phases(self.v[load.at]);
            let drawn = std::array::from_fn(|p| load.s[p].over_conj(v[p]).scale(factor));
            for (rhs, i) in self.rhs.iter_mut().zip(sequences(drawn)) {
                rhs[load.at][0] -= i.re;
                rhs[load.at][1] -= i.im;
            }
        }
    }

    /// New voltages from the currents; the largest change, p.u.
    fn substitute(&mut self) -> f64 {
        for (lu, rhs) in self.lu.iter().zip(&mut self.rhs) {
            lu.solve(&self.pattern, rhs);
        }
        let mut largest = 0.0_f64;
        for (i, v) in self.v.iter_mut().enumerate() {
            let new: Three =
                std::array::from_fn(|k| Complex::new(self.rhs[k][i][0], self.rhs[k][i][1]));
            let by = 1.0 / self.nominal_v[i];
            let change: f64 =
                new.iter().zip(v.iter()).map(|(a, b)| (*a - *b).norm_sqr()).sum::<f64>();
            let change = change.sqrt() * by;
            if change > largest || change.is_nan() {
                largest = change;
            }
            *v = new;
        }
        largest
    }

    /// Solves from the voltages without load.
    ///
    /// # Errors
    /// Collapse, with the load that can be carried.
    pub fn solve(&mut self) -> Result<Solved, NetworkError> {
        self.v.copy_from_slice(&self.start);
        let mut last = f64::INFINITY;
        for iterations in 1..=MOST_STEPS {
            self.inject(1.0);
            let change_pu = self.substitute();
            // Rounding ends what the tolerance does not.
            const ROUNDING_PU: f64 = 1e-11;
            let settled = change_pu <= SMALLEST_CHANGE_PU
                || (change_pu <= ROUNDING_PU && change_pu >= WORTHWHILE * last);
            if settled {
                return Ok(Solved { iterations, change_pu });
            }
            if change_pu >= WORTHWHILE * last || change_pu.is_nan() {
                return self.solve_heavy(iterations);
            }
            last = change_pu;
        }
        self.solve_heavy(MOST_STEPS)
    }

    /// Voltages and powers of the state found last.
    #[must_use]
    pub fn flow(&self) -> Flow {
        let mut flow = Flow::default();
        for (i, position) in self.position.iter().enumerate() {
            let Some(at) = *position else {
                flow.dead.push(i);
                flow.v.push([Complex::ZERO; 3]);
                continue;
            };
            flow.v.push(phases(self.v[at]).map(|v| v.scale(1.0 / self.nominal_v[at])));
        }
        flow.source_va = self.source_power();
        let mut loss_w = 0.0;
        for e in &self.elements {
            let (Some(f), Some(t)) = (self.position[e.f], self.position[e.t]) else { continue };
            for (k, y) in e.y.iter().enumerate() {
                let (vf, vt) = (self.v[f][k], self.v[t][k]);
                let into =
                    vf * (y[0] * vf + y[1] * vt).conj() + vt * (y[2] * vf + y[3] * vt).conj();
                loss_w += 3.0 * into.re;
            }
        }
        flow.loss_w = loss_w;
        flow
    }

    /// What elements and loads draw at the source's bus: more exact than the voltage across its own
    /// small impedance.
    fn source_power(&self) -> [Complex; 3] {
        let mut drawn = [Complex::ZERO; 3];
        for e in &self.elements {
            let (Some(f), Some(t)) = (self.position[e.f], self.position[e.t]) else { continue };
            for (k, (y, drawn)) in e.y.iter().zip(&mut drawn).enumerate() {
                let (vf, vt) = (self.v[f][k], self.v[t][k]);
                if f == self.source_at {
                    *drawn += y[0] * vf + y[1] * vt;
                } else if t == self.source_at {
                    *drawn += y[2] * vf + y[3] * vt;
                }
            }
        }
        let (v, i) = (phases(self.v[self.source_at]), phases(drawn));
        let mut power: [Complex; 3] = std::array::from_fn(|p| v[p] * i[p].conj());
        for load in self.loads.iter().filter(|l| l.at == self.source_at) {
            power = std::array::from_fn(|p| power[p] + load.s[p]);
        }
        power
    }
}

/// Loads by position, those of one bus together.
fn drawn(case: &UnbalancedCase, index: &case::Index<'_>, position: &[Option<usize>]) -> Vec<Drawn> {
    let mut all: Vec<Drawn> = Vec::new();
    for load in &case.loads {
        let Some(at) = index.get(load.bus.as_str()).and_then(|bus| position[*bus]) else {
            continue;
        };
        let s = std::array::from_fn(|p| Complex::new(load.p_mw[p], load.q_mvar[p]).scale(MEGA));
        all.push(Drawn { at, s });
    }
    all.sort_by_key(|d| d.at);
    all.dedup_by(|next, kept| {
        let same = next.at == kept.at;
        if same {
            kept.s = std::array::from_fn(|p| kept.s[p] + next.s[p]);
        }
        same
    });
    all
}
