//! Load flow of a DC network behind one source: busway rows of 800 V, ±400 V, 54 V, as trees or
//! rings, with constant-power converters.
//!
//! Equations: Σ_j G_ij V_j + P_i / V_i = 0 at every bus but the source. (1)
//! There are many solutions; the one that networks run at has the highest voltages. Newton's method
//! from the source voltage falls to it monotonically, since the derivative G − diag(P/V²) stays an
//! M-matrix on the way; a pivot that is not positive therefore proves that no solution exists.
//!
//! Closed form (with R = G⁻¹ and V₀ the source): a solution exists if max_i Σ_j R_ij P_j ≤ V₀²/4
//! (2), and none if some R_ii P_i > V₀²/4 (3). For a single load both are its exact limit V₀²/4R, with
//! V = (V₀ + √(V₀² − 4RP))/2. The largest common factor on all loads is bisected between them.
//! (2): Bolognani, Zampieri, "On the existence and linear approximation of the power flow solution in
//! power distribution networks", IEEE Trans. Power Systems 31 (2016), for DC.

pub mod case;
#[cfg(test)]
mod tests;

pub use case::RowCase;

use super::newton::NetworkError;
use crate::numerics::block_lu::{BlockLu, Pattern};
use crate::numerics::reach::{both, reached};

/// Change of a voltage that ends the iteration, relative.
const SMALLEST_CHANGE: f64 = 1e-14;
/// Newton steps; each at least halves the distance, even at the limit.
const MOST_STEPS: usize = 80;
/// Relative width at which the bisection of the limit ends.
const LIMIT_WIDTH: f64 = 1e-12;
/// W per kW, V per kV.
const KILO: f64 = 1e3;

/// A row that is ready to be solved. Position by position of the elimination order.
#[derive(Clone, Debug)]
pub struct Row {
    case: RowCase,
    pattern: Pattern,
    /// Position of each bus; none at the stiff source and at dead buses.
    position: Vec<Option<usize>>,
    /// Ends of each segment, indices of buses; the last is the source's own resistance, if any.
    segments: Vec<(usize, usize, f64)>,
    /// The stiff source: a bus, or one behind the last.
    stiff: usize,
    /// Buses with supply.
    live: Vec<bool>,
    g: BlockLu<1>,
    lu: BlockLu<1>,
    /// Current from the stiff source into each position at its voltage, A.
    from_source: Vec<f64>,
    /// Power drawn, W.
    p_w: Vec<f64>,
    v: Vec<f64>,
    rhs: Vec<[f64; 1]>,
}

/// What is told of a solution. Lists are in the order of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// Voltage of each bus, pole to pole, V; zero at dead buses.
    pub v_v: Vec<f64>,
    /// Current of each segment, positive from f to t, A.
    pub i_a: Vec<f64>,
    /// Power lost in segments and in the source's resistance, W.
    pub loss_w: f64,
    /// Power behind the source's resistance, W.
    pub source_w: f64,
    /// Buses without supply.
    pub dead: Vec<usize>,
}

impl Row {
    /// Checks the case and analyses its pattern.
    ///
    /// # Errors
    /// Bad data, by owner and field.
    pub fn new(case: RowCase) -> Result<Self, NetworkError> {
        let index = case.check()?;
        let at = |bus: &str| index[bus];
        let mut segments: Vec<(usize, usize, f64)> =
            case.segments.iter().map(|s| (at(&s.f), at(&s.t), 1.0 / s.r_loop_ohm)).collect();
        let (mut buses, mut stiff) = (case.buses.len(), at(&case.source.bus));
        if case.source.r_out_ohm > 0.0 {
            segments.push((buses, stiff, 1.0 / case.source.r_out_ohm));
            (stiff, buses) = (buses, buses + 1);
        }
        let live = reached(buses, both(segments.iter().map(|&(f, t, _)| (f, t))), [stiff]);
        let active: Vec<usize> = (0..buses).filter(|i| live[*i] && *i != stiff).collect();
        let mut local = vec![None; buses];
        for (i, &bus) in active.iter().enumerate() {
            local[bus] = Some(i);
        }
        let pairs: Vec<(usize, usize)> =
            segments.iter().filter_map(|(f, t, _)| Some((local[*f]?, local[*t]?))).collect();
        let pattern = Pattern::new(active.len(), &pairs);
        let position: Vec<Option<usize>> =
            local.iter().map(|i| i.map(|i| pattern.place[i])).collect();
        let v0 = case.source.v_set_kv * KILO;
        let (mut p_w, mut from_source) = (vec![0.0; active.len()], vec![0.0; active.len()]);
        for load in &case.loads {
            if let Some(i) = position[at(&load.bus)] {
                p_w[i] += load.p_kw * KILO;
            }
        }
        let mut g = BlockLu::new(&pattern);
        for &(f, t, y) in &segments {
            for (a, b) in [(f, t), (t, f)] {
                let Some(i) = position[a] else { continue };
                g.add(&pattern, i, i, &[[y]]);
                match position[b] {
                    Some(j) => g.add(&pattern, i, j, &[[-y]]),
                    None => from_source[i] += y * v0,
                }
            }
        }
        let (v, rhs) = (vec![v0; active.len()], vec![[0.0]; active.len()]);
        let lu = g.clone();
        Ok(Self { case, pattern, position, segments, stiff, live, g, lu, from_source, p_w, v, rhs })
    }

    /// The case.
    #[must_use]
    pub const fn case(&self) -> &RowCase {
        &self.case
    }

    fn v0(&self) -> f64 {
        self.case.source.v_set_kv * KILO
    }

    /// Solves from the source voltage; the number of Newton steps.
    ///
    /// # Errors
    /// Collapse, with the load that can be carried.
    pub fn solve(&mut self) -> Result<usize, NetworkError> {
        if let Some(steps) = self.newton(1.0) {
            return Ok(steps);
        }
        let (factor, lowest) = self.margin();
        let (bus, v_v) = lowest.unwrap_or((0, 0.0));
        Err(NetworkError::Collapse {
            percent: 100.0 * factor.unwrap_or(0.0),
            bus: self.case.buses[bus].clone(),
            v_pu: v_v / (self.case.v_nominal_kv * KILO),
        })
    }

    /// The largest common factor on all loads, and the bus of lowest voltage there, V.
    #[must_use]
    pub fn margin(&mut self) -> (Option<f64>, Option<(usize, f64)>) {
        let factor = self.max_load_factor();
        if self.newton(factor.unwrap_or(0.0)).is_none() {
            return (factor, None);
        }
        let v_v = |bus: usize| Some((bus, self.v[self.position[bus]?]));
        let lowest = (0..self.case.buses.len())
            .filter_map(v_v)
            .min_by(|a: &(usize, f64), b| a.1.total_cmp(&b.1));
        (factor, lowest)
    }

    /// Newton at a load factor; `None` if there is no solution.
    fn newton(&mut self, factor: f64) -> Option<usize> {
        let v0 = self.v0();
        self.v.fill(v0);
        let mut last = f64::INFINITY;
        for step in 1..=MOST_STEPS {
            self.residual(factor);
            self.lu.diagonal.copy_from_slice(&self.g.diagonal);
            self.lu.pairs.copy_from_slice(&self.g.pairs);
            for (i, d) in self.lu.diagonal.iter_mut().enumerate() {
                d[0][0] -= factor * self.p_w[i] / (self.v[i] * self.v[i]);
            }
            self.lu.factor(&self.pattern, &mut self.rhs).ok()?;
            if self.lu.diagonal.iter().any(|d| d[0][0] <= 0.0 || d[0][0].is_nan()) {
                return None;
            }
            self.lu.back(&self.pattern, &mut self.rhs);
            let mut change = 0.0_f64;
            for (v, by) in self.v.iter_mut().zip(&self.rhs) {
                *v += by[0];
                change = change.max(by[0].abs() / v0);
                if *v <= 0.0 || v.is_nan() {
                    return None;
                }
            }
            // At the level of rounding the change no longer falls.
            const ROUNDING: f64 = 1e-12;
            if change <= SMALLEST_CHANGE || (change < ROUNDING && change >= 0.5 * last) {
                return Some(step);
            }
            last = change;
        }
        None
    }

    /// The current that (1) lacks at each position.
    fn residual(&mut self, factor: f64) {
        for (i, rhs) in self.rhs.iter_mut().enumerate() {
            let v = self.v[i];
            rhs[0] = self.from_source[i] - self.g.diagonal[i][0][0] * v - factor * self.p_w[i] / v;
        }
        for i in 0..self.v.len() {
            for at in self.pattern.pairs_of(i) {
                let (j, pair) = (self.pattern.later(at), &self.g.pairs[at]);
                self.rhs[i][0] -= pair.upper[0][0] * self.v[j];
                self.rhs[j][0] -= pair.lower[0][0] * self.v[i];
            }
        }
    }

    /// The largest common factor on all loads that has a solution; `None` if nothing is drawn or
    /// power is fed back, so that (2) and (3) say nothing.
    #[must_use]
    pub fn max_load_factor(&mut self) -> Option<f64> {
        if self.p_w.iter().any(|p| *p < 0.0) || self.p_w.iter().all(|p| *p == 0.0) {
            return None;
        }
        let quarter = 0.25 * self.v0() * self.v0();
        self.lu.clone_from(&self.g);
        self.rhs.fill([0.0]);
        self.lu.factor(&self.pattern, &mut self.rhs).ok()?;
        let mut x: Vec<[f64; 1]> = self.p_w.iter().map(|p| [*p]).collect();
        self.lu.solve(&self.pattern, &mut x);
        let mut low = quarter / x.iter().fold(0.0, |m, x| f64::max(m, x[0]));
        let mut high = f64::INFINITY;
        for i in (0..self.p_w.len()).filter(|i| self.p_w[*i] > 0.0) {
            x.fill([0.0]);
            x[i] = [self.p_w[i]];
            self.lu.solve(&self.pattern, &mut x);
            high = high.min(quarter / x[i][0]);
        }
        while high - low > LIMIT_WIDTH * high {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if self.newton(middle).is_some() { low = middle } else { high = middle }
        }
        Some(low)
    }

    /// Voltages and currents of the state found last.
    #[must_use]
    pub fn flow(&self) -> Flow {
        let volts = |bus: usize| match self.position[bus] {
            Some(i) => self.v[i],
            None if self.live[bus] => self.v0(),
            None => 0.0,
        };
        let mut flow = Flow::default();
        for &(f, t, y) in &self.segments {
            let i = y * (volts(f) - volts(t));
            flow.loss_w += i * i / y;
            if f == self.stiff {
                flow.source_w += self.v0() * i;
            } else if t == self.stiff {
                flow.source_w -= self.v0() * i;
            }
            flow.i_a.push(i);
        }
        flow.i_a.truncate(self.case.segments.len());
        flow.v_v = (0..self.case.buses.len()).map(volts).collect();
        flow.dead = (0..self.case.buses.len()).filter(|i| !self.live[*i]).collect();
        // Loads at a stiff source bus draw from it directly.
        if self.stiff < self.case.buses.len() {
            let here = &self.case.buses[self.stiff];
            let drawn = self.case.loads.iter().filter(|l| l.bus == *here);
            flow.source_w += drawn.map(|l| l.p_kw * KILO).sum::<f64>();
        }
        flow
    }
}
