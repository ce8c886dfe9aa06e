//! Passive dyes on a frozen flow: where air comes from and where it goes.
//!
//! # Unknowns
//! Concentration `x` of one dye per cell, 0 to 1; several dyes (lanes) at once.
//!
//! # Equations
//! With `q` the flux through a face, `D g` its mixing and `a_c` what machines take from cell c:
//! ```text
//! (1)  (Σ_out q + Σ D g + a_c) x_c − Σ_in (q + D g) x_n = b_c          forward
//! ```
//! Forward, `b` is what a machine gives to the room and `x` is its share of the air. Backward, all
//! fluxes turn round, `a` is what machines give and `b` what one machine takes: then `x` is the
//! chance that air in a cell is next taken by that machine. By conservation of mass, (1) backward
//! is the transpose of (1) forward, so both tell the same shares; `Σ b = Σ a x` makes them sum to 1.
//!
//! # Method
//! Cells are numbered downstream. With (1) divided by its diagonal, `I − L − U`, L the part from
//! cells upstream in that order: one sweep applies `(I − L)⁻¹`, and the preconditioned operator
//! `I − (I − L)⁻¹ U` costs no more than (1) itself. BiCGSTAB on it, per lane.
//!
//! # Stopping
//! Preconditioned residual below [`STOP`] of the right-hand side in each lane. Each batch of lanes
//! is worked by one thread in a fixed order: bit-equal for any number of threads.
//!
//! # References
//! van der Vorst 1992 (BiCGSTAB); Eisenstat 1981 (cheap preconditioned operator).

use super::balance::Balanced;
use super::error::AirError;
use super::flow::Flow;
use super::room::Stream;
use super::transport::upstream_first;
use crate::evaluate::cancel::CancelToken;
use rayon::prelude::*;

/// Dyes that are carried together: one wide vector register of f64.
const LANES: usize = 4;
/// Residual over right-hand side, in the measure of a dye's own cells.
const STOP: f64 = 1e-8;
/// A residual above this means that the shares cannot be believed.
const FAILED: f64 = 1e-5;
/// Most iterations of a batch.
const MAX_ITERATIONS: usize = 600;
/// Most memory that all batches under way may take together, in bytes.
const WORK_BYTES: usize = 1 << 30;
/// Vectors of a batch under way.
const VECTORS: usize = 7;
/// Marks a cell that no air passes.
const NONE: u32 = u32::MAX;

type Lane = [f64; LANES];

/// The operator of (1) on the cells that air passes, in downstream order.
#[derive(Clone, Debug)]
pub(super) struct Network {
    /// Place of each cell of the room in the order.
    place: Vec<u32>,
    /// Where a row's entries start, and where those of U do; one more row at the end.
    rows: Vec<[u32; 2]>,
    /// Neighbour and share of (1) over the row's diagonal.
    entries: Vec<(u32, f64)>,
    /// One over the diagonal.
    inverse: Vec<f64>,
}

/// One dye in the room.
pub(super) struct Dye<'a> {
    network: &'a Network,
    x: &'a [Lane],
    lane: usize,
}

impl Dye<'_> {
    /// Concentration in a cell; 0 where no air passes.
    pub fn at(&self, cell: usize) -> f64 {
        match self.network.place[cell] {
            NONE => 0.0,
            p => self.x[p as usize][self.lane],
        }
    }

    /// Flow-weighted mean over the cells of a machine.
    pub fn mean(&self, stream: &Stream) -> f64 {
        stream.mean(|c| self.at(c)).unwrap_or(0.0)
    }

    /// Dye that a machine's air carries in m³/s.
    pub fn carried(&self, stream: &Stream) -> f64 {
        stream.cells.iter().map(|(c, q)| q * self.at(*c)).sum()
    }
}

/// The flow with all fluxes turned round.
pub(super) fn backward(flow: &Flow) -> Flow {
    let mut turned = flow.clone();
    turned.scale(-1.0);
    turned
}

impl Network {
    /// `taken`: streams that take air out of the room; for a backward flow, those that give it.
    pub fn new(flow: &Flow, balanced: &Balanced, taken: &[&Stream], mixing_m2_s: f64) -> Self {
        let lead = flow.faces.lead();
        let stride = [0, 1, 2].map(|a| flow.faces.stride(a));
        // What the cell on the + side gives, and what this cell gives to it.
        let plus = |a: usize, c: usize, sign: f64| {
            let g = flow.faces.face(c, a);
            if g > 0.0 { (sign * flow.flux[a][c]).max(0.0) + mixing_m2_s * g } else { 0.0 }
        };
        let mut diag = vec![0.0; flow.faces.padded_len()];
        for c in lead..diag.len() - lead {
            diag[c] = (0..3).map(|a| plus(a, c, 1.0) + plus(a, c - stride[a], -1.0)).sum::<f64>();
        }
        for stream in taken {
            stream.cells.iter().for_each(|(c, q)| diag[c + lead] += q);
        }
        let order = upstream_first(flow, balanced, &diag);
        let mut place = vec![NONE; diag.len()];
        order.iter().enumerate().for_each(|(p, c)| place[*c as usize] = p as u32);
        let mut out = Self {
            place: Vec::new(),
            rows: Vec::with_capacity(order.len() + 1),
            entries: Vec::with_capacity(6 * order.len()),
            inverse: Vec::with_capacity(order.len()),
        };
        for (p, &c) in order.iter().enumerate() {
            let c = c as usize;
            let inverse = 1.0 / diag[c];
            let neighbours = (0..3).flat_map(|a| {
                let s = stride[a];
                [(c - s, plus(a, c - s, 1.0)), (c + s, plus(a, c, -1.0))]
            });
            let entry = |(n, q): (usize, f64)| (place[n], q * inverse);
            let row: Vec<_> = neighbours.filter(|(_, q)| *q > 0.0).map(entry).collect();
            let known = row.iter().filter(|(n, _)| *n != NONE);
            let start = out.entries.len() as u32;
            out.entries.extend(known.clone().filter(|(n, _)| *n < p as u32));
            let upper = out.entries.len() as u32;
            out.entries.extend(known.filter(|(n, _)| *n > p as u32));
            out.rows.push([start, upper]);
            out.inverse.push(inverse);
        }
        out.rows.push([out.entries.len() as u32; 2]);
        out.place = place[lead..place.len() - lead].to_vec();
        out
    }

    /// Solves (1) for one dye per stream and hands each to `read`. Answers in the streams' order.
    pub fn each<R: Send>(
        &self,
        dyed: &[&Stream],
        cancel: &CancelToken,
        read: impl Fn(usize, &Dye) -> R + Sync,
    ) -> Result<Vec<R>, AirError> {
        let batch_bytes = VECTORS * size_of::<Lane>() * self.inverse.len().max(1);
        let at_once = LANES * (WORK_BYTES / batch_bytes).max(1);
        let mut out = Vec::with_capacity(dyed.len());
        for (turn, some) in dyed.chunks(at_once).enumerate() {
            let batch = |(i, streams): (usize, &[&Stream])| {
                let x = self.solve(streams, cancel)?;
                let first = turn * at_once + i * LANES;
                let lane = |lane| read(first + lane, &Dye { network: self, x: &x, lane });
                Ok((0..streams.len()).map(lane).collect::<Vec<R>>())
            };
            let answers: Result<Vec<_>, AirError> =
                some.par_chunks(LANES).enumerate().map(batch).collect();
            out.extend(answers?.into_iter().flatten());
        }
        Ok(out)
    }

    fn solve(&self, streams: &[&Stream], cancel: &CancelToken) -> Result<Vec<Lane>, AirError> {
        let n = self.inverse.len();
        let mut b = vec![[0.0; LANES]; n];
        for (lane, stream) in streams.iter().enumerate() {
            for (c, q) in &stream.cells {
                if self.place[*c] != NONE {
                    let p = self.place[*c] as usize;
                    b[p][lane] += q * self.inverse[p];
                }
            }
        }
        self.sweep(&mut b);
        let mut x = b.clone();
        let scale = dot(&b, &b).map(f64::sqrt);
        let mut work = Work::new(n);
        let mut iterations = 0;
        loop {
            cancel.check()?;
            self.apply(&x, &mut work.r);
            zip(&mut work.r, &b, |r, b| b - r);
            let residual = worst(&dot(&work.r, &work.r), &scale);
            if residual <= STOP {
                return Ok(x);
            }
            if iterations >= MAX_ITERATIONS || residual.is_nan() {
                if residual <= FAILED {
                    return Ok(x);
                }
                return Err(AirError::NotConverged { what: "the dyes", iterations, residual });
            }
            work.restart();
            let mut going = true;
            while going && iterations < MAX_ITERATIONS {
                cancel.check()?;
                iterations += 1;
                going = work.step(self, &scale, &mut x);
            }
        }
    }

    /// `y = (I − L)⁻¹ y`.
    fn sweep(&self, y: &mut [Lane]) {
        for p in 0..self.inverse.len() {
            let [start, upper] = self.rows[p];
            let mut sum = y[p];
            for (n, k) in &self.entries[start as usize..upper as usize] {
                add(&mut sum, *k, &y[*n as usize]);
            }
            y[p] = sum;
        }
    }

    /// `y = x − (I − L)⁻¹ U x`.
    fn apply(&self, x: &[Lane], y: &mut [Lane]) {
        for p in 0..self.inverse.len() {
            let [start, upper] = self.rows[p];
            let end = self.rows[p + 1][0];
            let mut sum = [0.0; LANES];
            for (n, k) in &self.entries[start as usize..upper as usize] {
                // The sweep's own value is x − y.
                add(&mut sum, *k, &x[*n as usize]);
                add(&mut sum, -*k, &y[*n as usize]);
            }
            for (n, k) in &self.entries[upper as usize..end as usize] {
                add(&mut sum, *k, &x[*n as usize]);
            }
            for l in 0..LANES {
                y[p][l] = x[p][l] - sum[l];
            }
        }
    }
}

struct Work {
    r: Vec<Lane>,
    shadow: Vec<Lane>,
    p: Vec<Lane>,
    v: Vec<Lane>,
    t: Vec<Lane>,
    rho: Lane,
}

impl Work {
    fn new(n: usize) -> Self {
        let zeros = || vec![[0.0; LANES]; n];
        let (r, shadow, p, v, t) = (zeros(), zeros(), zeros(), zeros(), zeros());
        Self { r, shadow, p, v, t, rho: [0.0; LANES] }
    }

    fn restart(&mut self) {
        self.shadow.copy_from_slice(&self.r);
        self.p.copy_from_slice(&self.r);
        self.rho = dot(&self.r, &self.r);
    }

    /// One iteration; `false` when all lanes have arrived or one has broken down. A lane that has
    /// arrived stands still.
    fn step(&mut self, a: &Network, scale: &Lane, x: &mut [Lane]) -> bool {
        let moving = |r: &Lane, l: usize| r[l].sqrt() > 0.5 * STOP * scale[l];
        let before = dot(&self.r, &self.r);
        a.apply(&self.p, &mut self.v);
        let shadow_v = dot(&self.shadow, &self.v);
        let alpha = lanes(|l| if moving(&before, l) { self.rho[l] / shadow_v[l] } else { 0.0 });
        let alpha = alpha.map(finite);
        add_lanes(&mut self.r, &alpha.map(|a| -a), &self.v);
        add_lanes(x, &alpha, &self.p);
        a.apply(&self.r, &mut self.t);
        let (tt, tr) = (dot(&self.t, &self.t), dot(&self.t, &self.r));
        let omega = lanes(|l| if moving(&before, l) { tr[l] / tt[l] } else { 0.0 }).map(finite);
        add_lanes(x, &omega, &self.r);
        add_lanes(&mut self.r, &omega.map(|w| -w), &self.t);
        let rho = dot(&self.shadow, &self.r);
        let beta = lanes(|l| finite(rho[l] / self.rho[l] * (alpha[l] / omega[l])));
        self.rho = rho;
        for ((p, r), v) in self.p.iter_mut().zip(&self.r).zip(&self.v) {
            for l in 0..LANES {
                p[l] = r[l] + beta[l] * (p[l] - omega[l] * v[l]);
            }
        }
        let after = dot(&self.r, &self.r);
        let arrived = (0..LANES).all(|l| !moving(&after, l));
        let broken = (0..LANES).any(|l| moving(&after, l) && (omega[l] == 0.0 || beta[l] == 0.0));
        !arrived && !broken
    }
}

fn lanes(f: impl Fn(usize) -> f64) -> Lane {
    std::array::from_fn(f)
}

fn finite(x: f64) -> f64 {
    if x.is_finite() { x } else { 0.0 }
}

fn add(sum: &mut Lane, k: f64, x: &Lane) {
    for l in 0..LANES {
        sum[l] += k * x[l];
    }
}

fn add_lanes(y: &mut [Lane], k: &Lane, x: &[Lane]) {
    for (y, x) in y.iter_mut().zip(x) {
        for l in 0..LANES {
            y[l] += k[l] * x[l];
        }
    }
}

fn zip(y: &mut [Lane], x: &[Lane], f: impl Fn(f64, f64) -> f64) {
    for (y, x) in y.iter_mut().zip(x) {
        for l in 0..LANES {
            y[l] = f(y[l], x[l]);
        }
    }
}

fn dot(a: &[Lane], b: &[Lane]) -> Lane {
    let mut sum = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for l in 0..LANES {
            sum[l] += a[l] * b[l];
        }
    }
    sum
}

/// Largest residual over scale; a lane without anything to carry has none.
fn worst(squares: &Lane, scale: &Lane) -> f64 {
    let each = (0..LANES).map(|l| if scale[l] > 0.0 { squares[l].sqrt() / scale[l] } else { 0.0 });
    each.fold(0.0, |a: f64, b| if b.is_nan() { b } else { a.max(b) })
}
