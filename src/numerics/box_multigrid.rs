//! Conjugate gradients with a geometric multigrid preconditioner for the graph Laplacian of a box
//! of cells with walls inside, in single precision: the pressure correction of a flow solver, which
//! wants one decade per time step and wants it cheaply.
//!
//! Equation of cell c with neighbours n: `Σ_n g_cn (x_c − x_n) = b_c`; a face with g = 0 is a wall.
//!
//! Coarsening joins pairs of cells along each axis, but never across a plane that holds a thin wall
//! between two cells of air: such a plane stays a boundary between coarse cells on every level, so
//! that a containment wall is a wall for all of them. What remains joined around a corner is left
//! to the conjugate gradients. The coarsest level is solved exactly: it holds the pressures of whole
//! aisles, which leaky walls join so weakly that no sweep would find them. Smoothing by a fixed Chebyshev polynomial keeps the cycle symmetric.

use super::banded::{BandedCholesky, SymmetricBand};
use super::lattice::{Lattice, window};

/// Interval of eigenvalues of D⁻¹A that the smoother damps: 2 bounds every graph Laplacian; the
/// lower end is what the next level cannot see.
const SMOOTHED: [f32; 2] = [0.45, 2.0];
/// Coarsening ends where factoring takes no more multiplications than this,
const EASY: usize = 300_000;
/// or, when walls stop it, than this; only beyond are walls merged away.
const BEARABLE: usize = 20_000_000;
/// A face below this share of the most conducting one of its axis is a wall, if a leaky one.
const WEAK: f32 = 0.2;
/// Growth of the residual over its least at which iterations end.
const LOST: f64 = 10.0;
/// An axis shorter than this is not halved.
const SHORTEST_AXIS: usize = 3;

/// Component of a place without neighbours.
const ALONE: u32 = u32::MAX;

/// Component of each place and cells per component.
fn components(level: &Level) -> (Vec<u32>, Vec<f64>) {
    let mut component = vec![ALONE; level.lattice.len()];
    let mut members: Vec<f64> = Vec::new();
    let mut stack = Vec::new();
    for seed in level.lattice.rows().flatten() {
        if component[seed] != ALONE || level.inverse[seed] == 0.0 {
            continue;
        }
        let own = members.len() as u32;
        let mut cells = 0.0;
        component[seed] = own;
        stack.push(seed);
        while let Some(c) = stack.pop() {
            cells += 1.0;
            for (g, s) in level.g.iter().zip(level.lattice.strides()) {
                for (neighbour, joins) in [(c + s, g[c]), (c - s, g[c - s])] {
                    if joins > 0.0 && component[neighbour] == ALONE {
                        component[neighbour] = own;
                        stack.push(neighbour);
                    }
                }
            }
        }
        members.push(cells);
    }
    (component, members)
}

#[derive(Clone, Debug)]
struct Level {
    lattice: Lattice,
    /// Conductance of the face towards +x, +y and +z.
    g: [Vec<f32>; 3],
    /// 1 over the sum of a cell's conductances; 0 for a cell without neighbours.
    inverse: Vec<f32>,
    x: Vec<f32>,
    b: Vec<f32>,
    r: Vec<f32>,
    p: Vec<f32>,
    /// Coarse position of each fine position, per axis; empty on the coarsest level.
    group: [Vec<u32>; 3],
}

/// The solver of one domain.
#[derive(Clone, Debug)]
pub struct BoxMultigrid {
    levels: Vec<Level>,
    coarsest: Coarsest,
    /// Component of each place, [`ALONE`] without neighbours; and cells per component.
    component: Vec<u32>,
    members: Vec<f64>,
    /// Search direction of the conjugate gradients.
    direction: Vec<f32>,
    solution: Vec<f32>,
}

impl BoxMultigrid {
    /// Prepares `g`, the conductances of the faces towards +x, +y and +z of each cell.
    #[must_use]
    pub fn new(lattice: Lattice, g: [Vec<f32>; 3]) -> Self {
        let mut levels = vec![Level::new(lattice, g)];
        while let Some(last) = levels.last_mut() {
            if last.work() <= EASY {
                break;
            }
            let Some(next) = last.coarsen() else { break };
            levels.push(next);
        }
        let coarsest = levels.last().map(Coarsest::new).unwrap_or_default();
        let (component, members) = components(&levels[0]);
        let (direction, solution) = (lattice.zeros(), lattice.zeros());
        Self { levels, coarsest, component, members, direction, solution }
    }

    /// Positive for each of the places from `at` on whose cell has a neighbour.
    #[must_use]
    pub fn joined(&self, at: usize, len: usize) -> &[f32] {
        window(&self.levels[0].inverse, at, len)
    }

    /// Cells per level, finest first.
    #[must_use]
    pub fn sizes(&self) -> Vec<usize> {
        self.levels.iter().map(|l| l.lattice.cells()).collect()
    }

    /// Solves from zero until the residual has fallen to `relative` of `b`, at most `iterations`
    /// times. `b` is used up. Returns the solution and the relative residual.
    pub fn solve(&mut self, b: &mut Vec<f32>, relative: f64, iterations: usize) -> (&[f32], f64) {
        let lattice = self.levels[0].lattice;
        self.solution.fill(0.0);
        self.balance(b);
        let start = dot(&lattice, b, b);
        if start <= 0.0 || !start.is_finite() {
            return (&self.solution, 0.0);
        }
        let (mut reached, mut best) = (1.0, 1.0f64);
        let mut rz_before = 0.0;
        for iteration in 0..iterations {
            std::mem::swap(&mut self.levels[0].b, b);
            self.cycle(0);
            std::mem::swap(&mut self.levels[0].b, b);
            let rz = dot(&lattice, b, &self.levels[0].x);
            let keep = if iteration == 0 { 0.0 } else { (rz / rz_before) as f32 };
            rz_before = rz;
            let z = &self.levels[0].x;
            lattice.each_layer(&mut self.direction, |at, d| {
                let z = window(z, at, d.len());
                d.iter_mut().zip(z).for_each(|(d, z)| *d = z + keep * *d);
            });
            std::mem::swap(&mut self.levels[0].x, &mut self.direction);
            self.levels[0].apply();
            std::mem::swap(&mut self.levels[0].x, &mut self.direction);
            let curvature = dot(&lattice, &self.direction, &self.levels[0].r);
            if curvature <= 0.0 || !curvature.is_finite() {
                break;
            }
            let step = (rz / curvature) as f32;
            add(&lattice, &mut self.solution, step, &self.direction);
            add(&lattice, b, -step, &self.levels[0].r);
            reached = (dot(&lattice, b, b) / start).sqrt();
            // Rounding has taken over where it grows again.
            if reached <= relative || reached > LOST * best {
                break;
            }
            best = reached.min(best);
        }
        (&self.solution, reached)
    }

    /// Takes the mean out of `b` in every component: what rounding leaves there has no solution, and
    /// iterations would chase it.
    fn balance(&self, b: &mut [f32]) {
        let mut sums = vec![0.0f64; self.members.len()];
        for (b, k) in b.iter().zip(&self.component).filter(|(_, k)| **k != ALONE) {
            sums[*k as usize] += f64::from(*b);
        }
        let means: Vec<f32> =
            sums.iter().zip(&self.members).map(|(sum, n)| (sum / n) as f32).collect();
        for (b, k) in b.iter_mut().zip(&self.component).filter(|(_, k)| **k != ALONE) {
            *b -= means[*k as usize];
        }
    }

    /// `x` of a level = one V-cycle on its `b`, from zero.
    fn cycle(&mut self, at: usize) {
        let (above, below) = self.levels.split_at_mut(at + 1);
        let level = &mut above[at];
        if below.is_empty() {
            self.coarsest.solve(&level.b, &mut level.x);
            return;
        }
        level.smooth_from_zero();
        level.residual();
        level.restrict_to(&mut below[0]);
        self.cycle(at + 1);
        let (above, below) = self.levels.split_at_mut(at + 1);
        above[at].correct_from(&below[0]);
        above[at].smooth();
    }
}

fn dot(lattice: &Lattice, a: &[f32], b: &[f32]) -> f64 {
    lattice.sum_layers(|r| {
        // Eight partial sums in single precision per row-sized block keep the loop wide; blocks
        // are added in double precision.
        let block = |(a, b): (&[f32], &[f32])| {
            let mut lanes = [0.0f32; 8];
            let (ca, cb) = (a.chunks_exact(8), b.chunks_exact(8));
            let tail: f32 = ca.remainder().iter().zip(cb.remainder()).map(|(a, b)| a * b).sum();
            for (a, b) in ca.zip(cb) {
                (0..8).for_each(|l| lanes[l] += a[l] * b[l]);
            }
            f64::from(lanes.iter().sum::<f32>() + tail)
        };
        a[r.clone()].chunks(256).zip(b[r].chunks(256)).map(block).sum()
    })
}

fn add(lattice: &Lattice, y: &mut [f32], factor: f32, x: &[f32]) {
    lattice.each_layer(y, |at, y| {
        let x = window(x, at, y.len());
        y.iter_mut().zip(x).for_each(|(y, x)| *y += factor * x);
    });
}

impl Level {
    fn new(lattice: Lattice, g: [Vec<f32>; 3]) -> Self {
        let mut inverse = lattice.zeros();
        for c in lattice.rows().flatten() {
            let sum: f32 = (0..3).map(|a| g[a][c] + g[a][c - lattice.stride(a)]).sum();
            inverse[c] = if sum > 0.0 { 1.0 / sum } else { 0.0 };
        }
        let zeros = || lattice.zeros();
        let group = [Vec::new(), Vec::new(), Vec::new()];
        Self { x: zeros(), b: zeros(), r: zeros(), p: zeros(), lattice, g, inverse, group }
    }

    /// `r = b − A x`.
    fn residual(&mut self) {
        let Self { lattice, g, x, b, r, .. } = self;
        lattice.each_layer(r, |at, r| {
            let b = window(b, at, r.len());
            let stencil = Stencil::new(lattice, g, x, at, r.len());
            (0..r.len()).for_each(|c| r[c] = b[c] + stencil.inflow(c));
        });
    }

    /// `r = A x`.
    fn apply(&mut self) {
        let Self { lattice, g, x, r, .. } = self;
        lattice.each_layer(r, |at, r| {
            let stencil = Stencil::new(lattice, g, x, at, r.len());
            (0..r.len()).for_each(|c| r[c] = -stencil.inflow(c));
        });
    }

    /// Two steps of Chebyshev iteration (Saad, Iterative Methods, algorithm 12.1) from zero.
    fn smooth_from_zero(&mut self) {
        let [gain, keep, next] = chebyshev();
        let Self { lattice, inverse, x, b, p, .. } = self;
        lattice.each_layer_of_two(p, x, |at, p, x| {
            let (d, b) = (window(inverse, at, p.len()), window(b, at, p.len()));
            for c in 0..p.len() {
                p[c] = gain * d[c] * b[c];
                x[c] = p[c];
            }
        });
        self.residual();
        self.step(keep, next);
    }

    fn smooth(&mut self) {
        let [gain, keep, next] = chebyshev();
        self.residual();
        self.step(0.0, gain);
        self.residual();
        self.step(keep, next);
    }

    /// `p = keep p + gain D⁻¹ r; x += p`.
    fn step(&mut self, keep: f32, gain: f32) {
        let Self { lattice, inverse, x, r, p, .. } = self;
        lattice.each_layer_of_two(p, x, |at, p, x| {
            let (d, r) = (window(inverse, at, p.len()), window(r, at, p.len()));
            for c in 0..p.len() {
                p[c] = keep * p[c] + gain * d[c] * r[c];
                x[c] += p[c];
            }
        });
    }

    fn restrict_to(&self, coarse: &mut Self) {
        coarse.b.fill(0.0);
        for (k, up) in self.group[2].iter().enumerate() {
            for (j, across) in self.group[1].iter().enumerate() {
                let to = coarse.lattice.place([0, *across as usize, *up as usize]);
                let row = &self.r[self.lattice.row(j, k)];
                let gates = &self.inverse[self.lattice.row(j, k)];
                for ((i, r), open) in self.group[0].iter().zip(row).zip(gates) {
                    // A cell without neighbours has a residual that nothing can mend.
                    coarse.b[to + *i as usize] += if *open > 0.0 { *r } else { 0.0 };
                }
            }
        }
    }

    fn correct_from(&mut self, coarse: &Self) {
        for (k, up) in self.group[2].iter().enumerate() {
            for (j, across) in self.group[1].iter().enumerate() {
                let from = coarse.lattice.place([0, *across as usize, *up as usize]);
                let row = self.lattice.row(j, k);
                for (i, x) in self.group[0].iter().zip(&mut self.x[row]) {
                    *x += coarse.x[from + *i as usize];
                }
            }
        }
    }

    /// The next level, unless no axis can be halved.
    fn coarsen(&mut self) -> Option<Self> {
        let n = self.lattice.n();
        let group = [0, 1, 2].map(|axis| self.pairs(axis, true));
        let size =
            |g: &[Vec<u32>; 3]| [0, 1, 2].map(|a| g[a].last().map_or(0, |l| *l as usize + 1));
        let stalled = size(&group).iter().product::<usize>() * 10 > self.lattice.cells() * 9;
        if stalled && self.work() <= BEARABLE {
            return None;
        }
        let group = if stalled { [0, 1, 2].map(|axis| self.pairs(axis, false)) } else { group };
        let m = size(&group);
        if m == n {
            return None;
        }
        let coarse = Lattice::new(m);
        let mut g = [coarse.zeros(), coarse.zeros(), coarse.zeros()];
        let widths = [0, 1, 2].map(|a| widths(&group[a], m[a]));
        for k in 0..n[2] {
            for j in 0..n[1] {
                for i in 0..n[0] {
                    let (fine, at) = ([i, j, k], self.lattice.place([i, j, k]));
                    let to = [0, 1, 2].map(|a| group[a][fine[a]] as usize);
                    for a in (0..3).filter(|a| fine[*a] + 1 < n[*a]) {
                        if group[a][fine[a] + 1] as usize != to[a] {
                            // Twice as far between centres is half the conductance.
                            let far = 0.5 * (widths[a][to[a]] + widths[a][to[a] + 1]);
                            g[a][coarse.place(to)] += self.g[a][at] / far;
                        }
                    }
                }
            }
        }
        self.group = group;
        Some(Self::new(coarse, g))
    }

    /// Work of factoring this level.
    fn work(&self) -> usize {
        let [x, y, z] = self.lattice.n();
        let longest = x.max(y).max(z).max(1);
        BandedCholesky::work(x * y * z, x * y * z / longest)
    }

    /// Joins neighbours along an axis, two by two; with `heed`, not across thin walls.
    fn pairs(&self, axis: usize, heed: bool) -> Vec<u32> {
        let n = self.lattice.n()[axis];
        if n < SHORTEST_AXIS {
            return (0..n as u32).collect();
        }
        let walls = if heed { self.thin_walls(axis) } else { vec![false; n] };
        let (mut group, mut next, mut i) = (Vec::with_capacity(n), 0, 0);
        while i < n {
            group.push(next);
            if i + 1 < n && !walls[i] {
                group.push(next);
                i += 1;
            }
            next += 1;
            i += 1;
        }
        group
    }

    /// Planes along an axis in which a shut or leaky face lies between two cells of air.
    fn thin_walls(&self, axis: usize) -> Vec<bool> {
        let n = self.lattice.n();
        let stride = self.lattice.stride(axis);
        let weak = WEAK * self.g[axis].iter().copied().fold(0.0, f32::max);
        let mut walls = vec![false; n[axis]];
        for k in 0..n[2] {
            for j in 0..n[1] {
                for i in 0..n[0] {
                    let c = self.lattice.place([i, j, k]);
                    let position = [i, j, k][axis];
                    let air = self.inverse[c] > 0.0 && self.inverse[c + stride] > 0.0;
                    if position + 1 < n[axis] && air && self.g[axis][c] < weak {
                        walls[position] = true;
                    }
                }
            }
        }
        walls
    }
}

/// The coarsest level, factored.
#[derive(Clone, Debug, Default)]
struct Coarsest {
    /// Places in the order of the unknowns: the longest axis last, for the narrowest band.
    places: Vec<usize>,
    factors: BandedCholesky,
    x: Vec<f64>,
}

impl Coarsest {
    fn new(level: &Level) -> Self {
        let n = level.lattice.n();
        let mut axes = [0, 1, 2];
        axes.sort_by_key(|a| n[*a]);
        let [a, b, c] = axes;
        let mut places = Vec::with_capacity(level.lattice.cells());
        for k in 0..n[c] {
            for j in 0..n[b] {
                for i in 0..n[a] {
                    let mut cell = [0; 3];
                    (cell[a], cell[b], cell[c]) = (i, j, k);
                    places.push(level.lattice.place(cell));
                }
            }
        }
        let band = n[a] * n[b];
        let mut matrix = SymmetricBand::zeros(places.len(), band);
        for (row, place) in places.iter().enumerate() {
            for (axis, apart) in axes.into_iter().zip([1, n[a], band]) {
                let g = f64::from(level.g[axis][*place]);
                if g > 0.0 {
                    matrix.add(row, row, g);
                    matrix.add(row + apart, row + apart, g);
                    matrix.add(row + apart, row, -g);
                }
            }
        }
        let factors = matrix.factor();
        Self { x: vec![0.0; places.len()], factors, places }
    }

    fn solve(&mut self, b: &[f32], x: &mut [f32]) {
        self.x.iter_mut().zip(&self.places).for_each(|(x, c)| *x = f64::from(b[*c]));
        self.factors.solve(&mut self.x);
        self.x.iter().zip(&self.places).for_each(|(v, c)| x[*c] = *v as f32);
    }
}

/// Gain of the first step, and what the second keeps and gains.
fn chebyshev() -> [f32; 3] {
    let theta = 0.5 * (SMOOTHED[1] + SMOOTHED[0]);
    let delta = 0.5 * (SMOOTHED[1] - SMOOTHED[0]);
    let rho = delta / theta;
    let next = 1.0 / (2.0 * theta / delta - rho);
    [1.0 / theta, next * rho, 2.0 * next / delta]
}

fn widths(group: &[u32], n: usize) -> Vec<f32> {
    let mut widths = vec![0.0; n];
    group.iter().for_each(|g| widths[*g as usize] += 1.0);
    widths
}

/// Shifted views of one layer, all of the same length so that bounds checks fold away.
struct Stencil<'a> {
    x: &'a [f32],
    next: [&'a [f32]; 3],
    last: [&'a [f32]; 3],
    g_next: [&'a [f32]; 3],
    g_last: [&'a [f32]; 3],
}

impl<'a> Stencil<'a> {
    #[inline(always)]
    fn new(lattice: &Lattice, g: &'a [Vec<f32>; 3], x: &'a [f32], at: usize, len: usize) -> Self {
        let s = lattice.strides();
        Self {
            x: window(x, at, len),
            next: s.map(|s| window(x, at + s, len)),
            last: s.map(|s| window(x, at - s, len)),
            g_next: [0, 1, 2].map(|a| window(&g[a], at, len)),
            g_last: [0, 1, 2].map(|a| window(&g[a], at - s[a], len)),
        }
    }

    /// `Σ g (x_n − x_c)`.
    #[inline(always)]
    fn inflow(&self, c: usize) -> f32 {
        let x = self.x[c];
        self.g_next[0][c] * (self.next[0][c] - x)
            + self.g_last[0][c] * (self.last[0][c] - x)
            + self.g_next[1][c] * (self.next[1][c] - x)
            + self.g_last[1][c] * (self.last[1][c] - x)
            + self.g_next[2][c] * (self.next[2][c] - x)
            + self.g_last[2][c] * (self.last[2][c] - x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A box with a wall across the middle that leaves one row open, and long walls on odd planes.
    fn walled(n: [usize; 3]) -> BoxMultigrid {
        let lattice = Lattice::new(n);
        let mut g = [lattice.zeros(), lattice.zeros(), lattice.zeros()];
        for k in 0..n[2] {
            for j in 0..n[1] {
                for i in 0..n[0] {
                    let (c, at) = ([i, j, k], lattice.place([i, j, k]));
                    for a in (0..3).filter(|a| c[*a] + 1 < n[*a]) {
                        let across = a == 0 && i == n[0] / 2 && j > 0;
                        let along = a == 1 && j % 8 == 2 && i % 16 > 3;
                        g[a][at] = if across || along { 0.0 } else { 1.0 };
                    }
                }
            }
        }
        BoxMultigrid::new(lattice, g)
    }

    fn dipole(n: [usize; 3]) -> Vec<f32> {
        let lattice = Lattice::new(n);
        let mut b = lattice.zeros();
        b[lattice.place([0, n[1] - 1, 0])] = 1.0;
        b[lattice.place([n[0] - 1, n[1] - 1, n[2] - 1])] = -1.0;
        b
    }

    #[test]
    fn thin_walls_do_not_slow_it_down() {
        for n in [[24, 24, 12], [48, 48, 24]] {
            let (_, reached) = walled(n).solve(&mut dipole(n), 1e-4, 20);
            assert!(reached <= 1e-4, "{n:?}: {reached}");
        }
    }

    #[test]
    fn the_solution_satisfies_the_equation_and_does_not_depend_on_threads() {
        let n = [30, 20, 10];
        let solve = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| walled(n).solve(&mut dipole(n), 1e-5, 40).0.to_vec())
        };
        let x = solve(1);
        assert_eq!(x, solve(3));
        let mut mg = walled(n);
        mg.levels[0].x.copy_from_slice(&x);
        mg.levels[0].apply();
        let b = dipole(n);
        let worst = Lattice::new(n)
            .rows()
            .flatten()
            .map(|c| (mg.levels[0].r[c] - b[c]).abs())
            .fold(0.0, f32::max);
        assert!(worst < 1e-4, "{worst}");
    }
}
