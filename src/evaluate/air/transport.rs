//! Steady upwind transport on given fluxes: equation (3) as an operator and its preconditioner.

use super::balance::Balanced;
use super::flow::Flow;
use super::room::Stream;
use crate::numerics::krylov::{Outcome, Stop, bicgstab};

/// Air that comes back into the room with `gain` times the (flow-weighted) value it left with.
#[derive(Clone, Debug)]
pub(super) struct Feedback<'a> {
    pub intake: &'a Stream,
    pub outlet: &'a Stream,
    pub gain: f64,
}

/// The operator of (3) without feedback, on padded storage.
#[derive(Clone, Debug)]
pub(super) struct Transport<'a> {
    flow: &'a Flow,
    /// What a cell takes from its neighbour across its own + face, and what it gives to it.
    from_plus: [Vec<f64>; 3],
    to_plus: [Vec<f64>; 3],
    /// Everything that leaves a cell, in m³/s.
    diag: Vec<f64>,
    sweep: Sweep,
}

impl<'a> Transport<'a> {
    /// `absorbed`: streams that take air out of cells at the cells' value. `storage_m3_s`: volume
    /// of a cell over the time step, 0 for the steady state.
    pub fn new(
        flow: &'a Flow,
        balanced: &Balanced,
        absorbed: &[&Stream],
        mixing_m2_s: f64,
        storage_m3_s: f64,
    ) -> Self {
        let lead = flow.faces.lead();
        let mix = |axis: usize, c: usize| mixing_m2_s * flow.faces.face(c, axis);
        let side = |axis: usize, sign: f64| -> Vec<f64> {
            let q = &flow.flux[axis];
            (0..q.len()).map(|c| (sign * q[c]).max(0.0) + mix(axis, c)).collect()
        };
        let from_plus = [0, 1, 2].map(|axis| side(axis, -1.0));
        let to_plus = [0, 1, 2].map(|axis| side(axis, 1.0));
        let mut diag = vec![0.0; flow.faces.padded_len()];
        for (axis, (to, from)) in to_plus.iter().zip(&from_plus).enumerate() {
            let s = flow.faces.stride(axis);
            for c in lead..diag.len() - lead {
                diag[c] += to[c] + from[c - s];
            }
        }
        for stream in absorbed {
            stream.cells.iter().for_each(|(c, q)| diag[c + lead] += q);
        }
        for c in &balanced.order {
            diag[*c as usize + lead] += storage_m3_s;
        }
        let sweep = Sweep::new(flow, balanced, &diag, &from_plus, &to_plus);
        Self { flow, from_plus, to_plus, diag, sweep }
    }

    /// Solves for a padded cell field `x` with sources `b` (value × m³/s).
    pub fn solve(
        &self,
        feedback: &[Feedback],
        b: &[f64],
        x: &mut [f64],
        stop: Stop,
        keep_going: impl Fn() -> bool,
    ) -> Outcome {
        let lead = self.flow.faces.lead();
        let apply = |x: &[f64], y: &mut [f64]| {
            self.apply(x, y);
            for f in feedback {
                let value = f.gain * f.intake.mean(|c| x[c + lead]).unwrap_or(0.0);
                f.outlet.cells.iter().for_each(|(c, q)| y[c + lead] -= q * value);
            }
        };
        bicgstab(apply, |r, z| self.sweep.run(r, z), b, x, stop, keep_going)
    }

    fn apply(&self, x: &[f64], y: &mut [f64]) {
        let faces = &self.flow.faces;
        let s = [0, 1, 2].map(|a| faces.stride(a));
        faces.each_layer(y, |first, y| {
            let n = y.len();
            let x0 = &x[first..first + n];
            let diag = &self.diag[first..first + n];
            for (i, y) in y.iter_mut().enumerate() {
                *y = diag[i] * x0[i];
            }
            for a in 0..3 {
                let plus = &x[first + s[a]..first + s[a] + n];
                let minus = &x[first - s[a]..first - s[a] + n];
                let from = &self.from_plus[a][first..first + n];
                let to = &self.to_plus[a][first - s[a]..first - s[a] + n];
                for (i, y) in y.iter_mut().enumerate() {
                    *y -= from[i] * plus[i] + to[i] * minus[i];
                }
            }
        });
    }
}

/// One Gauss–Seidel pass in the direction of the flow. Where the air does not turn in circles this
/// solves advection exactly; eddies, mixing against the flow and feedback are left to iterate.
#[derive(Clone, Debug)]
struct Sweep {
    /// Cells, upstream first.
    order: Vec<u32>,
    /// Entries of each cell of `order` in `upstream`.
    start: Vec<u32>,
    /// Neighbours swept before, and what the cell takes from them over all that leaves it.
    upstream: Vec<(u32, f64)>,
    inverse: Vec<f64>,
}

impl Sweep {
    fn new(
        flow: &Flow,
        balanced: &Balanced,
        diag: &[f64],
        from_plus: &[Vec<f64>; 3],
        to_plus: &[Vec<f64>; 3],
    ) -> Self {
        let order = upstream_first(flow, balanced, diag);
        let mut rank = vec![u32::MAX; diag.len()];
        order.iter().enumerate().for_each(|(p, c)| rank[*c as usize] = p as u32);
        let mut start = Vec::with_capacity(order.len() + 1);
        let mut upstream = Vec::with_capacity(4 * order.len());
        start.push(0);
        for (p, &c) in order.iter().enumerate() {
            let c = c as usize;
            for axis in 0..3 {
                let s = flow.faces.stride(axis);
                let (minus, plus) = (to_plus[axis][c - s], from_plus[axis][c]);
                if minus > 0.0 && rank[c - s] < p as u32 {
                    upstream.push(((c - s) as u32, minus / diag[c]));
                }
                if plus > 0.0 && rank[c + s] < p as u32 {
                    upstream.push(((c + s) as u32, plus / diag[c]));
                }
            }
            start.push(upstream.len() as u32);
        }
        let inverse = diag.iter().map(|d| if *d > 0.0 { 1.0 / d } else { 0.0 }).collect();
        Self { order, start, upstream, inverse }
    }

    fn run(&self, r: &[f64], z: &mut [f64]) {
        z.fill(0.0);
        for (p, &c) in self.order.iter().enumerate() {
            let c = c as usize;
            let entries = &self.upstream[self.start[p] as usize..self.start[p + 1] as usize];
            let carried: f64 = entries.iter().map(|(u, k)| k * z[*u as usize]).sum();
            z[c] = r[c] * self.inverse[c] + carried;
        }
    }
}

/// A share of what leaves a cell that is too small to order the sweep by.
const FAINT: f64 = 1e-6;

/// Padded cells such that air comes from cells earlier in the list, but for eddies: a depth-first
/// walk against the flow that lists a cell after all that it is fed from.
pub(super) fn upstream_first(flow: &Flow, balanced: &Balanced, diag: &[f64]) -> Vec<u32> {
    let lead = flow.faces.lead();
    let mut seen = vec![false; diag.len()];
    let mut order = Vec::with_capacity(balanced.order.len());
    let mut stack: Vec<(u32, u8)> = Vec::new();
    for &seed in &balanced.order {
        let seed = seed as usize + lead;
        if seen[seed] || diag[seed] <= 0.0 {
            continue;
        }
        seen[seed] = true;
        stack.push((seed as u32, 0));
        while let Some((c, next)) = stack.pop() {
            if next == 6 {
                order.push(c);
                continue;
            }
            stack.push((c, next + 1));
            let c = c as usize;
            let s = flow.faces.stride(usize::from(next / 2));
            let q = &flow.flux[usize::from(next / 2)];
            let (from, inflow) = if next % 2 == 0 { (c - s, q[c - s]) } else { (c + s, -q[c]) };
            if inflow > FAINT * diag[c] && !seen[from] {
                seen[from] = true;
                stack.push((from as u32, 0));
            }
        }
    }
    order
}
