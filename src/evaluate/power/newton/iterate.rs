//! Newton's method on the power balance of the nodes.
//!
//! Unknowns: per node the changes of angle θ and of ln |V|. Equations, with
//! s_ij = V_i conj(Y_ij V_j):
//!   S_i = Σ_j s_ij = P_i + j Q_i, equal to what is injected. (1)
//! Derivatives are products that (1) forms anyway:
//!   ∂S_i/∂θ_j = −j s_ij, ∂S_i/∂ln V_j = s_ij (j ≠ i), (2)
//!   ∂S_i/∂θ_i = j (S_i − s_ii), ∂S_i/∂ln V_i = S_i + s_ii. (3)
//! So mismatch and Jacobian come from one pass over the pairs of nodes, without angles or roots.
//! Slack nodes are no unknowns: their currents are constants at their neighbours. At a PV node the
//! second row is d ln V = 0, which keeps every block 2 × 2.
//!
//! Update: V ← V (1 + d ln V) (1 + j dθ/2) / (1 − j dθ/2): a rotation by 2 atan(dθ/2), exact to third
//! order, that leaves |V| as it is.
//!
//! Each factorisation is used for a second step when the first one gained enough (Shamanskii): the
//! error then falls with its third power at the price of one substitution. The factors at the start
//! voltages depend on the network alone and are kept with it.
//!
//! Stopping: largest mismatch at most [`Iteration::tolerance_pu`].

use super::admittance::{Given, Nodes};
use super::seed::seed;
use crate::numerics::block_lu::{BlockLu, Pattern, Singular};
use crate::numerics::complex::Complex;

/// Mismatch that counts as solved, p.u. of the case's base.
const TOLERANCE_PU: f64 = 1e-11;
/// Rounding of a sum of currents relative to the largest of them.
const ROUNDING: f64 = 32.0 * f64::EPSILON;
/// A factorisation serves a second step if the first left at most this share of the mismatch.
const WORTH_A_SECOND_STEP: f64 = 0.2;
/// Factorisations of the undamped iteration.
const MOST_CYCLES: usize = 15;
/// Mismatch relative to the first at which the undamped iteration is given up.
const HOPELESS: f64 = 1e4;
/// Largest relative change of a voltage in one step.
const MOST_CHANGE: f64 = 0.6;

/// Off-diagonal admittances of a node and a later one.
#[derive(Clone, Copy, Debug)]
struct Mutual {
    /// Pair of the factor.
    at: u32,
    /// Position of the later node.
    later: u32,
    /// Y_ij and Y_ji, p.u.
    y: [Complex; 2],
}

/// How an iteration ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct End {
    pub converged: bool,
    /// Linear solutions.
    pub iterations: usize,
    /// Largest mismatch, p.u.
    pub mismatch_pu: f64,
    /// Position where.
    pub worst: usize,
}

/// All that one network needs to be solved again and again without allocation.
#[derive(Clone, Debug)]
pub(super) struct Iteration {
    pattern: Pattern,
    lu: BlockLu<2>,
    /// Factors at the start voltages.
    start_lu: BlockLu<2>,
    /// First mutual admittance of each position, and the end.
    first: Vec<u32>,
    mutual: Vec<Mutual>,
    /// Pairs that exist only as fill.
    fill: Vec<u32>,
    own: Vec<Complex>,
    /// Current from slack nodes, p.u.
    from_slack: Vec<Complex>,
    /// 1 where the voltage is free, 0 at PV nodes.
    free: Vec<f64>,
    /// Injected at load factor 1, p.u.
    injected: Vec<Complex>,
    /// Largest mismatch that counts as solved, p.u.
    pub tolerance_pu: f64,
    start: Vec<Complex>,
    pub v: Vec<Complex>,
    before: Vec<Complex>,
    step: Vec<[f64; 2]>,
    s: Vec<Complex>,
    rhs: Vec<[f64; 2]>,
    /// Node of each position.
    pub node: Vec<usize>,
    /// Position of each node that is solved for.
    pub position: Vec<Option<usize>>,
}

impl Iteration {
    /// Analyses the network and factors at the start voltages.
    pub fn new(nodes: &Nodes) -> Result<Self, Singular> {
        let n = nodes.given.len();
        let solved = |a: &usize| matches!(nodes.given[*a], Given::Pv(_) | Given::Pq);
        let active: Vec<usize> = (0..n).filter(solved).collect();
        let mut local = vec![None; n];
        for (i, &a) in active.iter().enumerate() {
            local[a] = Some(i);
        }
        let pairs: Vec<(usize, usize)> =
            nodes.mutual.iter().filter_map(|m| Some((local[m.0]?, local[m.1]?))).collect();
        let pattern = Pattern::new(active.len(), &pairs);
        let node: Vec<usize> = pattern.order.iter().map(|i| active[*i]).collect();
        let position = local.iter().map(|i| i.map(|i| pattern.place[i])).collect();
        let count = node.len();
        let seeds = seed(nodes);
        let own: Vec<Complex> = node.iter().map(|a| nodes.own[*a]).collect();
        let largest = own.iter().fold(0.0_f64, |m, y| m.max(y.abs()));
        let lu = BlockLu::new(&pattern);
        let mut iteration = Self {
            start_lu: lu.clone(),
            lu,
            pattern,
            first: Vec::new(),
            mutual: Vec::new(),
            fill: Vec::new(),
            own,
            from_slack: vec![Complex::ZERO; count],
            free: node.iter().map(|a| f64::from(nodes.given[*a] == Given::Pq)).collect(),
            injected: node.iter().map(|a| nodes.injected[*a]).collect(),
            tolerance_pu: TOLERANCE_PU.max(ROUNDING * largest),
            start: node.iter().map(|a| seeds[*a]).collect(),
            v: vec![Complex::ZERO; count],
            before: vec![Complex::ZERO; count],
            step: vec![[0.0; 2]; count],
            s: vec![Complex::ZERO; count],
            rhs: vec![[0.0; 2]; count],
            node,
            position,
        };
        iteration.place_mutual(nodes);
        iteration.v.copy_from_slice(&iteration.start);
        iteration.assemble(1.0);
        std::mem::swap(&mut iteration.lu, &mut iteration.start_lu);
        let factored = iteration.start_lu.factor(&iteration.pattern, &mut iteration.rhs);
        factored.map_err(|e| Singular { node: active[e.node] })?;
        Ok(iteration)
    }

    fn place_mutual(&mut self, nodes: &Nodes) {
        let count = self.node.len();
        let mut rows: Vec<Vec<Mutual>> = vec![Vec::new(); count];
        for &(a, b, ab, ba) in &nodes.mutual {
            match (self.position[a], self.position[b]) {
                (Some(i), Some(j)) => {
                    let (i, j, y) = if i < j { (i, j, [ab, ba]) } else { (j, i, [ba, ab]) };
                    if let Some(at) = self.pattern.pair(i, j) {
                        rows[i].push(Mutual { at: at as u32, later: j as u32, y });
                    }
                }
                (Some(i), None) => self.add_slack(i, ab, nodes.given[b]),
                (None, Some(j)) => self.add_slack(j, ba, nodes.given[a]),
                (None, None) => {}
            }
        }
        self.first.push(0);
        for (i, mut row) in rows.into_iter().enumerate() {
            row.sort_by_key(|m| m.at);
            let mut known = row.iter().map(|m| m.at as usize).peekable();
            for at in self.pattern.pairs_of(i) {
                if known.next_if_eq(&at).is_none() {
                    self.fill.push(at as u32);
                }
            }
            self.mutual.extend(row);
            self.first.push(self.mutual.len() as u32);
        }
    }

    fn add_slack(&mut self, i: usize, y: Complex, given: Given) {
        if let Given::Slack(v) = given {
            self.from_slack[i] += y * v;
        }
    }
    /// Solves from the start voltages at load factor 1.
    pub fn solve(&mut self) -> End {
        self.reset();
        self.undamped(1.0, true)
    }

    /// The start voltages.
    pub fn reset(&mut self) {
        self.v.copy_from_slice(&self.start);
    }

    /// Newton from the present voltages; `at_start` says that they are the start voltages.
    pub fn undamped(&mut self, factor: f64, at_start: bool) -> End {
        let mut end = End { converged: false, iterations: 0, mismatch_pu: f64::NAN, worst: 0 };
        let mut hopeless = f64::INFINITY;
        for cycle in 0..MOST_CYCLES {
            let kept = cycle == 0 && at_start;
            let found = if kept { self.mismatch(factor) } else { self.assemble(factor) };
            (end.mismatch_pu, end.worst) = found;
            end.converged = end.mismatch_pu <= self.tolerance_pu;
            if end.converged || end.mismatch_pu.is_nan() || end.mismatch_pu >= hopeless {
                return end;
            }
            hopeless = hopeless.min(HOPELESS * end.mismatch_pu.max(1.0));
            let step = |s: &mut Self| {
                let lu = if kept { &s.start_lu } else { &s.lu };
                lu.solve(&s.pattern, &mut s.rhs);
            };
            if kept {
                step(self);
            } else {
                if self.lu.factor(&self.pattern, &mut self.rhs).is_err() {
                    return end;
                }
                self.lu.back(&self.pattern, &mut self.rhs);
            }
            self.update(1.0);
            end.iterations += 1;
            let (left, worst) = self.mismatch(factor);
            if left <= self.tolerance_pu {
                return End { converged: true, mismatch_pu: left, worst, ..end };
            }
            if left < WORTH_A_SECOND_STEP * end.mismatch_pu {
                step(self);
                self.update(1.0);
                end.iterations += 1;
            }
        }
        end
    }

    /// Newton from the present voltages, each step shortened until the sum of squares falls.
    pub fn damped(&mut self, factor: f64) -> End {
        const MOST_STEPS: usize = 60;
        const SHORTEST: f64 = 1e-4;
        /// Share of the linear prediction that a step must reach (Armijo).
        const ENOUGH: f64 = 1e-4;
        let mut end = End { converged: false, iterations: 0, mismatch_pu: f64::NAN, worst: 0 };
        for _ in 0..MOST_STEPS {
            (end.mismatch_pu, end.worst) = self.assemble(factor);
            end.converged = end.mismatch_pu <= self.tolerance_pu;
            let merit = self.merit();
            if end.converged
                || !merit.is_finite()
                || self.lu.factor(&self.pattern, &mut self.rhs).is_err()
            {
                return end;
            }
            self.lu.back(&self.pattern, &mut self.rhs);
            self.before.copy_from_slice(&self.v);
            let mut length = 1.0;
            self.step.copy_from_slice(&self.rhs);
            loop {
                self.update(length);
                self.mismatch(factor);
                if self.merit() <= (1.0 - ENOUGH * length) * merit {
                    break;
                }
                length *= 0.5;
                if length < SHORTEST {
                    self.v.copy_from_slice(&self.before);
                    return end;
                }
                self.v.copy_from_slice(&self.before);
                self.rhs.copy_from_slice(&self.step);
            }
            end.iterations += 1;
        }
        end
    }

    fn merit(&self) -> f64 {
        self.rhs.iter().map(|r| r[0] * r[0] + r[1] * r[1]).sum()
    }

    /// Smallest |V| relative to the start, and its position; one where nothing is solved for.
    pub fn lowest(&self) -> (f64, usize) {
        let mut lowest = (1.0, 0);
        for (i, (v, start)) in self.v.iter().zip(&self.start).enumerate() {
            let share = (v.norm_sqr() / start.norm_sqr()).sqrt();
            if share < lowest.0 {
                lowest = (share, i);
            }
        }
        lowest
    }

    /// Mismatch at a load factor into `rhs`; the largest, p.u., and its position.
    fn mismatch(&mut self, factor: f64) -> (f64, usize) {
        self.s.fill(Complex::ZERO);
        for i in 0..self.v.len() {
            let v = self.v[i];
            let mut sum = self.s[i] + v * (self.from_slack[i] + self.own[i] * v).conj();
            for m in &self.mutual[self.first[i] as usize..self.first[i + 1] as usize] {
                let j = m.later as usize;
                let product = v * self.v[j].conj();
                sum += product * m.y[0].conj();
                self.s[j] += product.conj() * m.y[1].conj();
            }
            self.s[i] = sum;
        }
        self.balance(factor)
    }

    /// The same, and the Jacobian (2), (3) into `lu`.
    fn assemble(&mut self, factor: f64) -> (f64, usize) {
        self.s.fill(Complex::ZERO);
        for &at in &self.fill {
            self.lu.pairs[at as usize] = crate::numerics::block_lu::Pair::ZERO;
        }
        for i in 0..self.v.len() {
            let v = self.v[i];
            let free = self.free[i];
            let mut sum = self.s[i] + v * self.from_slack[i].conj();
            for m in &self.mutual[self.first[i] as usize..self.first[i + 1] as usize] {
                let j = m.later as usize;
                let product = v * self.v[j].conj();
                let (ij, ji) = (product * m.y[0].conj(), product.conj() * m.y[1].conj());
                sum += ij;
                self.s[j] += ji;
                let pair = &mut self.lu.pairs[m.at as usize];
                let there = self.free[j];
                pair.upper = [[ij.im, ij.re], [-ij.re * free, ij.im * free]];
                pair.lower = [[ji.im, ji.re], [-ji.re * there, ji.im * there]];
            }
            let ii = self.own[i].conj().scale(v.norm_sqr());
            // The sum so far lacks s_ii, as (3) wants it for the angle.
            let whole = sum + ii;
            self.s[i] = whole;
            // A PV node's second row is d ln V = 0.
            self.lu.diagonal[i] = [
                [-sum.im, whole.re + ii.re],
                [sum.re * free, (whole.im + ii.im) * free + (1.0 - free)],
            ];
        }
        self.balance(factor)
    }

    /// Injected minus calculated.
    fn balance(&mut self, factor: f64) -> (f64, usize) {
        let (mut largest, mut worst, mut sum) = (0.0_f64, 0, 0.0);
        for (i, rhs) in self.rhs.iter_mut().enumerate() {
            let missing = self.injected[i].scale(factor) - self.s[i];
            *rhs = [missing.re, missing.im * self.free[i]];
            let size = rhs[0].abs().max(rhs[1].abs());
            sum += rhs[0] + rhs[1];
            if size > largest {
                (largest, worst) = (size, i);
            }
        }
        // A comparison passes over NaN; a sum does not.
        (if sum.is_nan() { f64::NAN } else { largest }, worst)
    }

    /// Moves the voltages by `length` times the step in `rhs`.
    fn update(&mut self, length: f64) {
        for (v, step) in self.v.iter_mut().zip(&self.rhs) {
            let (half, change) = (0.5 * length * step[0], length * step[1]);
            let size = 1.0 + change.clamp(-MOST_CHANGE, MOST_CHANGE);
            let square = half * half;
            let by = size / (1.0 + square);
            *v = *v * Complex::new((1.0 - square) * by, 2.0 * half * by);
        }
    }

    /// Largest change of |V| since `last`, share of the start voltage.
    pub fn jump(&self, last: &[Complex]) -> f64 {
        let change = |((v, old), start): ((&Complex, &Complex), &Complex)| {
            (v.abs() - old.abs()).abs() / start.abs()
        };
        self.v.iter().zip(last).zip(&self.start).map(change).fold(0.0, f64::max)
    }

    /// Sign of the Jacobian's determinant at the present voltages.
    pub fn determinant_is_positive(&mut self, factor: f64) -> bool {
        self.assemble(factor);
        if self.lu.factor(&self.pattern, &mut self.rhs).is_err() {
            return false;
        }
        positive(&self.lu)
    }

    /// The same at the start voltages.
    pub fn start_is_positive(&self) -> bool {
        positive(&self.start_lu)
    }
}

/// Sign of the determinant of factors: their diagonal holds inverses, whose determinants have the
/// signs of the blocks'.
fn positive(lu: &BlockLu<2>) -> bool {
    let negative = |d: &&[[f64; 2]; 2]| d[0][0] * d[1][1] < d[0][1] * d[1][0];
    lu.diagonal.iter().filter(negative).count() % 2 == 0
}
