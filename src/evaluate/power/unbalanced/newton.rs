//! Newton's method for heavy loads: phase voltages in rectangular coordinates, blocks of 6 × 6.
//!
//! F(V) = Y V + conj(S/V) − I_source = 0 in phases. With I = conj(S)/conj(V) the derivative is
//! dI = c conj(dV), c = −conj(S)/conj(V)², real block [re c, im c; im c, −re c]. (1)
//! Steps are halved until the sum of squares falls; loads grow from nothing if that fails.

use super::admittance::{phases, sequences};
use super::{Drawn, Solved, Three, Unbalanced, WORTHWHILE};
use crate::evaluate::power::newton::NetworkError;
use crate::numerics::block_lu::{Block, BlockLu};
use crate::numerics::complex::Complex;

/// Change of a voltage that ends the iteration, p.u.
const SMALLEST_CHANGE_PU: f64 = 1e-12;
/// Steps of one load factor.
const MOST_STEPS: usize = 30;
/// Step of the load factor at which the limit counts as found.
const LAST_STEP: f64 = 1e-7;
/// |V| over its value without load past every nose.
const LOWEST: f64 = 0.2;

/// A complex 3 × 3 block from its sequence values, as real numbers.
fn phase_block(y: Three) -> Block<6> {
    let mut out = [[0.0; 6]; 6];
    for column in 0..3 {
        let mut unit = [Complex::ZERO; 3];
        unit[column] = Complex::new(1.0, 0.0);
        let components = sequences(unit);
        let image = phases(std::array::from_fn(|k| y[k] * components[k]));
        for (row, v) in image.iter().enumerate() {
            out[2 * row][2 * column] = v.re;
            out[2 * row][2 * column + 1] = -v.im;
            out[2 * row + 1][2 * column] = v.im;
            out[2 * row + 1][2 * column + 1] = v.re;
        }
    }
    out
}

/// (1) of one load.
fn load_block(load: &Drawn, v: &Three, factor: f64) -> Block<6> {
    let mut out = [[0.0; 6]; 6];
    for (p, v) in v.iter().enumerate() {
        let n = 1.0 / v.norm_sqr();
        // 1/conj(V)² = V²/|V|⁴.
        let c = (load.s[p].conj() * *v * *v).scale(-factor * n * n);
        out[2 * p][2 * p] = c.re;
        out[2 * p][2 * p + 1] = c.im;
        out[2 * p + 1][2 * p] = c.im;
        out[2 * p + 1][2 * p + 1] = -c.re;
    }
    out
}

/// Workspace of the method.
struct Work {
    /// The admittances.
    y: BlockLu<6>,
    lu: BlockLu<6>,
    v: Vec<Three>,
    f: Vec<[f64; 6]>,
}

impl Unbalanced {
    /// Newton from no load; then with loads that grow.
    pub(super) fn solve_heavy(&mut self, so_far: usize) -> Result<Solved, NetworkError> {
        let mut work = self.work();
        let mut iterations = so_far;
        let reached = self.newton(&mut work, 1.0, &mut iterations);
        if reached.is_none_or(|_| self.lowest(&work.v).0 < WORTHWHILE) {
            work.v = self.start.iter().map(|v| phases(*v)).collect();
            let (mut factor, mut step) = (0.0, 1.0);
            let mut last = work.v.clone();
            while factor < 1.0 {
                let next = f64::min(factor + step, 1.0);
                let found = self.newton(&mut work, next, &mut iterations).is_some();
                if found && self.lowest(&work.v).0 > LOWEST && self.near(&work.v, &last) {
                    factor = next;
                    last.clone_from(&work.v);
                } else {
                    work.v.clone_from(&last);
                    step *= 0.5;
                }
                if step < LAST_STEP {
                    let (share, bus) = self.lowest(&last);
                    let bus = self.case.buses[bus].id.clone();
                    return Err(NetworkError::Collapse {
                        percent: 100.0 * factor,
                        bus,
                        v_pu: share,
                    });
                }
            }
        }
        for (v, new) in self.v.iter_mut().zip(&work.v) {
            *v = sequences(*new);
        }
        let change_pu = reached.unwrap_or(SMALLEST_CHANGE_PU);
        Ok(Solved { iterations, change_pu })
    }

    fn work(&self) -> Work {
        let mut y = BlockLu::<6>::new(&self.pattern);
        for e in &self.elements {
            let (Some(f), Some(t)) = (self.position[e.f], self.position[e.t]) else { continue };
            for (c, (i, j)) in [(f, f), (f, t), (t, f), (t, t)].into_iter().enumerate() {
                let components = std::array::from_fn(|k| e.y[k][c]);
                y.add(&self.pattern, i, j, &phase_block(components));
            }
        }
        y.add(&self.pattern, self.source_at, self.source_at, &phase_block(self.source_y));
        let v: Vec<Three> = self.start.iter().map(|v| phases(*v)).collect();
        Work { lu: y.clone(), y, f: vec![[0.0; 6]; v.len()], v }
    }

    /// One load factor from the voltages in `work`; the last change, or `None`.
    fn newton(&self, work: &mut Work, factor: f64, iterations: &mut usize) -> Option<f64> {
        const SHORTEST: f64 = 1e-3;
        for _ in 0..MOST_STEPS {
            *iterations += 1;
            let merit = self.residual(work, factor);
            work.lu.clone_from(&work.y);
            for load in &self.loads {
                let derivative = load_block(load, &work.v[load.at], factor);
                work.lu.add(&self.pattern, load.at, load.at, &derivative);
            }
            work.lu.factor(&self.pattern, &mut work.f).ok()?;
            work.lu.back(&self.pattern, &mut work.f);
            let (before, step) = (work.v.clone(), work.f.clone());
            let mut length = 1.0;
            let change = loop {
                let change = self.moved(work, &before, &step, length);
                if change <= SMALLEST_CHANGE_PU {
                    return Some(change);
                }
                if self.residual(work, factor) < merit {
                    break change;
                }
                length *= 0.5;
                // At the level of rounding the residual no longer falls.
                const ROUNDING_PU: f64 = 1e-10;
                if length < SHORTEST {
                    return (change < ROUNDING_PU).then_some(change);
                }
            };
            if !change.is_finite() {
                return None;
            }
        }
        None
    }

    /// Moves the voltages by −`length` · `step`; the largest change, p.u.
    fn moved(&self, work: &mut Work, before: &[Three], step: &[[f64; 6]], length: f64) -> f64 {
        let mut largest = 0.0_f64;
        for (i, v) in work.v.iter_mut().enumerate() {
            for p in 0..3 {
                let by = Complex::new(step[i][2 * p], step[i][2 * p + 1]).scale(-length);
                v[p] = before[i][p] + by;
                let change = by.abs() / self.nominal_v[i];
                if change > largest || change.is_nan() {
                    largest = change;
                }
            }
        }
        largest
    }

    /// F into `work.f`; the sum of squares.
    fn residual(&self, work: &mut Work, factor: f64) -> f64 {
        let real = |v: &Three| [v[0].re, v[0].im, v[1].re, v[1].im, v[2].re, v[2].im];
        for f in &mut work.f {
            *f = [0.0; 6];
        }
        for i in 0..work.v.len() {
            let v = real(&work.v[i]);
            add_image(&mut work.f[i], &work.y.diagonal[i], &v);
            for at in self.pattern.pairs_of(i) {
                let j = self.pattern.later(at);
                let pair = &work.y.pairs[at];
                add_image(&mut work.f[i], &pair.upper, &real(&work.v[j]));
                add_image(&mut work.f[j], &pair.lower, &v);
            }
        }
        let from_source = self.source_y[1].scale(self.source_v);
        let from_source = phases([Complex::ZERO, from_source, Complex::ZERO]);
        for (f, i) in work.f[self.source_at].iter_mut().zip(real(&from_source)) {
            *f -= i;
        }
        for load in &self.loads {
            for (p, v) in work.v[load.at].iter().enumerate() {
                let i = load.s[p].over_conj(*v).scale(factor);
                work.f[load.at][2 * p] += i.re;
                work.f[load.at][2 * p + 1] += i.im;
            }
        }
        work.f.iter().flatten().map(|f| f * f).sum()
    }

    /// Lowest |V| of a phase over that without load, and its bus.
    fn lowest(&self, v: &[Three]) -> (f64, usize) {
        let mut lowest = (f64::INFINITY, 0);
        for (bus, position) in self.position.iter().enumerate() {
            let Some(at) = *position else { continue };
            let start = phases(self.start[at]);
            for (v, start) in v[at].iter().zip(&start) {
                let share = v.abs() / start.abs();
                if share < lowest.0 {
                    lowest = (share, bus);
                }
            }
        }
        lowest
    }

    /// Whether no voltage jumped to another branch of solutions.
    fn near(&self, v: &[Three], last: &[Three]) -> bool {
        const MOST_JUMP: f64 = 0.3;
        let jump = |i: usize| {
            let of_phase = |p: usize| (v[i][p] - last[i][p]).abs();
            (0..3).map(of_phase).fold(0.0, f64::max) / self.nominal_v[i]
        };
        (0..v.len()).all(|i| jump(i) < MOST_JUMP)
    }
}

fn add_image(y: &mut [f64; 6], a: &Block<6>, x: &[f64; 6]) {
    for (y, row) in y.iter_mut().zip(a) {
        *y += row.iter().zip(x).map(|(a, x)| a * x).sum::<f64>();
    }
}
