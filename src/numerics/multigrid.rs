//! Multigrid preconditioner for a [`BoxLaplacian`] with internal walls.
//!
//! Coarsening. Cells of each 2×2×2 block that are joined by strong faces inside the block become
//! one coarse node; cells on both sides of a wall never do, so a thin containment wall stays a wall
//! on every level. Coarse levels are therefore graphs, not boxes. The conductance between two
//! nodes is the sum over their faces, halved where the faces are strong because the distance
//! doubled; weak faces (leaky walls) keep theirs, because their resistance is in the wall.
//!
//! Smoothing is by a fixed Chebyshev polynomial in D⁻¹A, the same before and after the coarse
//! correction, so one V-cycle is a symmetric operator and may precondition conjugate gradients.
//!
//! References: Notay 2010 (aggregation), Adams et al. 2003 (polynomial smoothers),
//! McAdams, Sifakis, Teran 2010 (multigrid-preconditioned conjugate gradients on voxel domains).

use super::laplacian::BoxLaplacian;

/// A face joins two cells strongly when its conductance reaches this share of the smaller of the
/// cells' largest ones. Walls leak a few percent at most; grid anisotropy stays far above.
const STRONG: f64 = 0.25;
/// Coarsening ends at this many nodes,
const COARSEST_NODES: usize = 48;
/// or when a level keeps more than this share of the nodes of the finer one.
const STALL: f64 = 0.9;
/// Symmetric Gauss–Seidel sweeps on the coarsest level.
const COARSEST_SWEEPS: usize = 12;
/// Interval of eigenvalues of D⁻¹A that the smoother damps: the upper bound 2 holds for every
/// graph Laplacian; the lower end is what the coarse level cannot see.
const SMOOTHED: [f64; 2] = [0.45, 2.0];
/// Degree of the smoothing polynomial.
const SMOOTHING_STEPS: usize = 2;
/// Marks a cell without neighbours, which belongs to no node.
const NONE: u32 = u32::MAX;

/// A graph Laplacian in compressed rows.
#[derive(Clone, Debug, Default)]
struct Graph {
    row: Vec<u32>,
    col: Vec<u32>,
    g: Vec<f64>,
    diag: Vec<f64>,
    inverse: Vec<f64>,
    /// Block position of each node, for the next coarsening.
    block: Vec<[u32; 3]>,
}

/// The hierarchy.
#[derive(Clone, Debug)]
pub struct Multigrid {
    fine: BoxLaplacian,
    fine_inverse: Vec<f64>,
    /// Node of the next coarser level, per cell or node, from the finest level on.
    parent: Vec<Vec<u32>>,
    levels: Vec<Graph>,
    scratch: Vec<Scratch>,
}

#[derive(Clone, Debug, Default)]
struct Scratch {
    x: Vec<f64>,
    b: Vec<f64>,
    r: Vec<f64>,
    p: Vec<f64>,
}

impl Scratch {
    fn new(n: usize) -> Self {
        let zeros = || vec![0.0; n];
        Self { x: zeros(), b: zeros(), r: zeros(), p: zeros() }
    }
}

impl Multigrid {
    /// Builds the hierarchy of `fine`.
    #[must_use]
    pub fn new(fine: BoxLaplacian) -> Self {
        let fine_inverse = reciprocals(fine.diagonal());
        let mut scratch = vec![Scratch::new(fine.padded_len())];
        let mut parent = Vec::new();
        let mut levels: Vec<Graph> = Vec::new();
        let (first_parent, first) = coarsen(&FineView(&fine));
        parent.push(first_parent);
        levels.push(first);
        while let Some(last) = levels.last().filter(|l| l.len() > COARSEST_NODES) {
            let (p, next) = coarsen(last);
            if next.len() as f64 > STALL * last.len() as f64 {
                break;
            }
            parent.push(p);
            levels.push(next);
        }
        scratch.extend(levels.iter().map(|l| Scratch::new(l.len())));
        Self { fine, fine_inverse, parent, levels, scratch }
    }

    /// The operator that this hierarchy preconditions.
    #[must_use]
    pub fn operator(&self) -> &BoxLaplacian {
        &self.fine
    }

    /// Nodes per level, finest (with padding) first.
    #[must_use]
    pub fn sizes(&self) -> Vec<usize> {
        self.scratch.iter().map(|s| s.x.len()).collect()
    }

    /// `z` = one V-cycle for `A z = r` from zero.
    pub fn v_cycle(&mut self, r: &[f64], z: &mut [f64]) {
        let Self { fine, fine_inverse, parent, levels, scratch } = self;
        let (top, below) = scratch.split_at_mut(1);
        let s = &mut top[0];
        let op = Smoothed::Fine(fine, fine_inverse);
        op.smooth_from_zero(r, z, s);
        fine.residual(r, z, &mut s.r);
        restrict(&parent[0], fine.lead(), &s.r, &mut below[0].b);
        graph_cycle(&parent[1..], levels, below);
        prolong(&parent[0], fine.lead(), &below[0].x, z);
        op.smooth(r, z, s);
    }
}

fn graph_cycle(parent: &[Vec<u32>], levels: &[Graph], scratch: &mut [Scratch]) {
    let graph = &levels[0];
    let Some((s, below)) = scratch.split_first_mut() else { return };
    let b = std::mem::take(&mut s.b);
    let mut x = std::mem::take(&mut s.x);
    if let Some(up) = parent.first() {
        let op = Smoothed::Coarse(graph);
        op.smooth_from_zero(&b, &mut x, s);
        graph.residual(&b, &x, &mut s.r);
        restrict(up, 0, &s.r, &mut below[0].b);
        graph_cycle(&parent[1..], &levels[1..], below);
        prolong(up, 0, &below[0].x, &mut x);
        op.smooth(&b, &mut x, s);
    } else {
        x.fill(0.0);
        (0..COARSEST_SWEEPS).for_each(|_| graph.gauss_seidel(&b, &mut x));
    }
    s.b = b;
    s.x = x;
}

fn restrict(parent: &[u32], lead: usize, fine: &[f64], coarse: &mut [f64]) {
    coarse.fill(0.0);
    for (p, v) in parent.iter().zip(&fine[lead..]) {
        if *p != NONE {
            coarse[*p as usize] += v;
        }
    }
}

fn prolong(parent: &[u32], lead: usize, coarse: &[f64], fine: &mut [f64]) {
    for (p, v) in parent.iter().zip(&mut fine[lead..]) {
        if *p != NONE {
            *v += coarse[*p as usize];
        }
    }
}

fn reciprocals(diag: &[f64]) -> Vec<f64> {
    diag.iter().map(|d| if *d > 0.0 { 1.0 / d } else { 0.0 }).collect()
}

/// An operator with the reciprocals of its diagonal, ready to be smoothed.
enum Smoothed<'a> {
    Fine(&'a BoxLaplacian, &'a [f64]),
    Coarse(&'a Graph),
}

impl Smoothed<'_> {
    fn smooth_from_zero(&self, b: &[f64], x: &mut [f64], s: &mut Scratch) {
        x.fill(0.0);
        s.r.copy_from_slice(b);
        self.chebyshev(b, x, s);
    }

    fn smooth(&self, b: &[f64], x: &mut [f64], s: &mut Scratch) {
        self.residual(b, x, &mut s.r);
        self.chebyshev(b, x, s);
    }

    /// Chebyshev iteration (Saad, Iterative Methods, algorithm 12.1) from the residual in `s.r`.
    fn chebyshev(&self, b: &[f64], x: &mut [f64], s: &mut Scratch) {
        let theta = 0.5 * (SMOOTHED[1] + SMOOTHED[0]);
        let delta = 0.5 * (SMOOTHED[1] - SMOOTHED[0]);
        let mut rho = delta / theta;
        self.step(0.0, 1.0 / theta, x, s);
        for _ in 1..SMOOTHING_STEPS {
            self.residual(b, x, &mut s.r);
            let next = 1.0 / (2.0 * theta / delta - rho);
            self.step(next * rho, 2.0 * next / delta, x, s);
            rho = next;
        }
    }

    /// `p = keep p + gain D⁻¹ r; x += p`.
    fn step(&self, keep: f64, gain: f64, x: &mut [f64], s: &mut Scratch) {
        let Scratch { r, p, .. } = s;
        match self {
            Self::Fine(a, inverse) => {
                a.each_layer(p, |first, p| {
                    let (r, d) = (&r[first..first + p.len()], &inverse[first..first + p.len()]);
                    for c in 0..p.len() {
                        p[c] = keep * p[c] + gain * d[c] * r[c];
                    }
                });
                a.each_layer(x, |first, x| {
                    x.iter_mut().zip(&p[first..]).for_each(|(x, p)| *x += p);
                });
            }
            Self::Coarse(graph) => {
                for c in 0..p.len() {
                    p[c] = keep * p[c] + gain * graph.inverse[c] * r[c];
                    x[c] += p[c];
                }
            }
        }
    }

    fn residual(&self, b: &[f64], x: &[f64], r: &mut [f64]) {
        match self {
            Self::Fine(a, _) => a.residual(b, x, r),
            Self::Coarse(graph) => graph.residual(b, x, r),
        }
    }
}

impl Graph {
    fn len(&self) -> usize {
        self.diag.len()
    }

    fn edges(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.row[i] as usize..self.row[i + 1] as usize;
        self.col[range.clone()].iter().zip(&self.g[range]).map(|(c, g)| (*c as usize, *g))
    }

    fn residual(&self, b: &[f64], x: &[f64], r: &mut [f64]) {
        for i in 0..self.len() {
            let flow: f64 = self.edges(i).map(|(j, g)| g * x[j]).sum();
            r[i] = b[i] - self.diag[i] * x[i] + flow;
        }
    }

    fn gauss_seidel(&self, b: &[f64], x: &mut [f64]) {
        for i in (0..self.len()).chain((0..self.len()).rev()) {
            let flow: f64 = self.edges(i).map(|(j, g)| g * x[j]).sum();
            x[i] = (b[i] + flow) * self.inverse[i];
        }
    }
}

/// What coarsening needs to know of a level.
trait Level {
    fn len(&self) -> usize;
    fn block(&self, i: usize) -> [u32; 3];
    fn each_edge(&self, i: usize, f: impl FnMut(usize, f64));
}

impl Level for Graph {
    fn len(&self) -> usize {
        self.diag.len()
    }
    fn block(&self, i: usize) -> [u32; 3] {
        self.block[i]
    }
    fn each_edge(&self, i: usize, mut f: impl FnMut(usize, f64)) {
        self.edges(i).for_each(|(j, g)| f(j, g));
    }
}

struct FineView<'a>(&'a BoxLaplacian);

impl Level for FineView<'_> {
    fn len(&self) -> usize {
        self.0.padded_len() - 2 * self.0.lead()
    }
    fn block(&self, i: usize) -> [u32; 3] {
        let [nx, ny, _] = self.0.n();
        [(i % nx) as u32, (i / nx % ny) as u32, (i / (nx * ny)) as u32]
    }
    fn each_edge(&self, i: usize, mut f: impl FnMut(usize, f64)) {
        let c = i + self.0.lead();
        for axis in 0..3 {
            let s = self.0.stride(axis);
            let (minus, plus) = (self.0.face(c - s, axis), self.0.face(c, axis));
            if minus > 0.0 {
                f(i - s, minus);
            }
            if plus > 0.0 {
                f(i + s, plus);
            }
        }
    }
}

/// Groups the nodes of a level and returns each node's group and the graph of groups.
fn coarsen(level: &impl Level) -> (Vec<u32>, Graph) {
    let strongest: Vec<f64> = (0..level.len())
        .map(|i| {
            let mut top: f64 = 0.0;
            level.each_edge(i, |_, g| top = top.max(g));
            top
        })
        .collect();
    let strong = |i: usize, j: usize, g: f64| g >= STRONG * strongest[i].min(strongest[j]);
    let (parent, members) = aggregate(level, &strongest, &strong);
    let mut graph = Graph { row: vec![0], ..Graph::default() };
    let mut near: Vec<(u32, f64)> = Vec::new();
    for (group, nodes) in members.iter().enumerate() {
        near.clear();
        for &i in nodes {
            level.each_edge(i as usize, |j, g| {
                let other = parent[j];
                if other as usize != group {
                    let g = if strong(i as usize, j, g) { 0.5 * g } else { g };
                    match near.iter_mut().find(|(o, _)| *o == other) {
                        Some((_, sum)) => *sum += g,
                        None => near.push((other, g)),
                    }
                }
            });
        }
        near.sort_unstable_by_key(|(o, _)| *o);
        graph.diag.push(near.iter().map(|(_, g)| g).sum());
        graph.col.extend(near.iter().map(|(o, _)| *o));
        graph.g.extend(near.iter().map(|(_, g)| *g));
        graph.row.push(graph.col.len() as u32);
        graph.block.push(level.block(nodes[0] as usize).map(|b| b / 2));
    }
    graph.inverse = reciprocals(&graph.diag);
    (parent, graph)
}

/// Flood fill inside each 2×2×2 block along strong edges.
fn aggregate(
    level: &impl Level,
    strongest: &[f64],
    strong: &impl Fn(usize, usize, f64) -> bool,
) -> (Vec<u32>, Vec<Vec<u32>>) {
    let mut parent = vec![NONE; level.len()];
    let mut members: Vec<Vec<u32>> = Vec::new();
    let mut stack = Vec::new();
    for seed in 0..level.len() {
        if parent[seed] != NONE || strongest[seed] == 0.0 {
            continue;
        }
        let group = members.len() as u32;
        let block = level.block(seed).map(|b| b / 2);
        let mut nodes = Vec::with_capacity(8);
        parent[seed] = group;
        stack.push(seed);
        while let Some(i) = stack.pop() {
            nodes.push(i as u32);
            level.each_edge(i, |j, g| {
                let same = level.block(j).map(|b| b / 2) == block;
                if parent[j] == NONE && same && strong(i, j, g) {
                    parent[j] = group;
                    stack.push(j);
                }
            });
        }
        members.push(nodes);
    }
    (parent, members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::krylov::{Stop, conjugate_gradient};

    /// A box with a wall across the middle that leaves one cell open, and long walls on odd planes.
    fn walled(n: [usize; 3]) -> BoxLaplacian {
        let mut a = BoxLaplacian::closed(n);
        for k in 0..n[2] {
            for j in 0..n[1] {
                for i in 0..n[0] {
                    a.set_face([i, j, k], 0, if i == n[0] / 2 && j > 0 { 0.0 } else { 1.0 });
                    a.set_face([i, j, k], 1, if j % 8 == 2 && i % 16 > 3 { 0.0 } else { 1.0 });
                    a.set_face([i, j, k], 2, 1.0);
                }
            }
        }
        a.refresh_diagonal();
        a
    }

    #[test]
    fn few_iterations_despite_thin_walls_and_about_the_same_on_a_finer_grid() {
        let iterations = |n: [usize; 3]| {
            let a = walled(n);
            let mut mg = Multigrid::new(a.clone());
            let mut b = vec![0.0; a.padded_len()];
            b[a.padded([0, n[1] - 1, 0])] = 1.0;
            b[a.padded([n[0] - 1, n[1] - 1, n[2] - 1])] = -1.0;
            let mut x = vec![0.0; b.len()];
            let stop = Stop { relative: 1e-8, iterations: 100 };
            let apply = |v: &[f64], y: &mut [f64]| a.apply(v, y);
            let end = conjugate_gradient(apply, |r, z| mg.v_cycle(r, z), &b, &mut x, stop, || true);
            assert!(end.converged, "{end:?} {:?}", mg.sizes());
            end.iterations
        };
        let (small, large) = (iterations([24, 24, 12]), iterations([48, 48, 24]));
        assert!(small < 30 && large < 40, "{small} {large}");
    }

    #[test]
    fn a_wall_is_never_merged_away() {
        let a = walled([16, 16, 4]);
        let mg = Multigrid::new(a.clone());
        for j in 2..16 {
            let left = a.padded([8, j, 0]) - a.lead();
            assert_ne!(mg.parent[0][left], mg.parent[0][left + 1]);
        }
    }
}
