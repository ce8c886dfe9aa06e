//! Compensation of rings and parallel sources over the spanning tree of an island.
//!
//! Every link carries a current `J`, drawn from its from-end and delivered at its to-end. It is
//! right when the voltage between the ends is the drop over the link: `e = w_f u_f − w_t u_t − z J`
//! vanishes, where `u` are tree voltages and `w` their scale at the link. By the tree's impedances,
//! `∂e/∂J = −M` with `M_cd = z_c δ_cd + Σ ± w_c w_d Z(path common to both)`, so `J += M⁻¹ e` after
//! each sweep. Shunts and loads are not in `M`: they only slow the settling down.
//!
//! Reference: Shirmohammadi et al., IEEE Trans. Power Systems 3(2), 1988 (breakpoint matrix).

use super::super::radial::Bus;
use super::topology::{Island, Link, Topology};
use super::{Grid, solver::held_pu};
use crate::numerics::complex::Complex;

/// A link made ready: its ends as places of the island.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closing {
    /// Ends with the weight of their tree voltage; the from-end of a held voltage is none.
    pub from: Option<(usize, f64)>,
    pub to: (usize, f64),
    pub z: Complex,
    /// Held voltage in place of the from-end, per unit.
    pub emf: f64,
}

/// Links of one island and the inverse of their matrix.
#[derive(Clone, Debug, Default)]
pub(super) struct Rings {
    pub closings: Vec<Closing>,
    inverse: Vec<Complex>,
    mismatch: Vec<Complex>,
    /// Current of each link, VA at nominal voltage.
    pub current: Vec<Complex>,
}

impl Rings {
    /// For an island whose tree is `buses`.
    pub fn new(grid: &Grid, topology: &Topology, island: &Island, buses: &[Bus]) -> Self {
        let [from, to] = island.links.map(|l| l as usize);
        let closings: Vec<Closing> = topology.links[from..to]
            .iter()
            .map(|(_, link)| closing(grid, topology, island, *link))
            .collect();
        let n = closings.len();
        let mut matrix = vec![Complex::ZERO; n * n];
        for (c, one) in closings.iter().enumerate() {
            for (d, other) in closings.iter().enumerate().skip(c) {
                let own = if c == d { one.z } else { Complex::ZERO };
                let m = own + mutual(buses, one, other);
                (matrix[c * n + d], matrix[d * n + c]) = (m, m);
            }
        }
        let zero = vec![Complex::ZERO; n];
        Self { inverse: invert(matrix, n), closings, mismatch: zero.clone(), current: zero }
    }

    /// Adds the currents of the links to what each place draws.
    pub fn draw(&self, j: &mut [Complex]) {
        for (closing, current) in self.closings.iter().zip(&self.current) {
            if let Some((place, weight)) = closing.from {
                j[place] += current.scale(weight);
            }
            let (place, weight) = closing.to;
            j[place] += current.scale(-weight);
        }
    }

    /// Corrects the currents by the voltages at hand. Returns the largest mismatch, per unit.
    pub fn correct(&mut self, v: &[Complex]) -> f64 {
        let n = self.closings.len();
        let mut worst = 0.0_f64;
        for ((e, closing), current) in
            self.mismatch.iter_mut().zip(&self.closings).zip(&self.current)
        {
            let from = closing.from.map_or(Complex::new(closing.emf, 0.0), |(p, w)| v[p].scale(w));
            *e = from - v[closing.to.0].scale(closing.to.1) - closing.z * *current;
        }
        for c in 0..n {
            let row = &self.inverse[c * n..(c + 1) * n];
            let step = row.iter().zip(&self.mismatch).fold(Complex::ZERO, |a, (m, e)| a + *m * *e);
            // A ring without any impedance has no current of its own.
            if step != Complex::ZERO {
                worst = worst.max(self.mismatch[c].norm_sqr());
                self.current[c] += step;
            }
        }
        worst.sqrt()
    }
}

fn closing(grid: &Grid, topology: &Topology, island: &Island, link: Link) -> Closing {
    let local = |place: u32| (place - island.start) as usize;
    match link {
        Link::Branch(b) => {
            let branch = &grid.branches[b as usize];
            let end = |bus: usize, by: f64| {
                let place = topology.place[bus];
                (local(place), topology.scale[place as usize] / by)
            };
            let (from, to) = (end(branch.f, branch.ratio), end(branch.t, 1.0));
            Closing { from: Some(from), to, z: branch.z, emf: 0.0 }
        }
        Link::Held(root, place) => Closing {
            from: None,
            to: (local(place), topology.scale[place as usize]),
            z: Complex::ZERO,
            emf: held_pu(grid, root),
        },
    }
}

/// Sum over the ends of two links of their weights times the impedance that their ways to the root
/// have in common.
fn mutual(buses: &[Bus], one: &Closing, other: &Closing) -> Complex {
    let ends = |c: &Closing| {
        let (place, weight) = c.to;
        [c.from, Some((place, -weight))]
    };
    let mut sum = Complex::ZERO;
    for (a, wa) in ends(one).into_iter().flatten() {
        for (b, wb) in ends(other).into_iter().flatten() {
            sum += common_impedance(buses, a, b).scale(wa * wb);
        }
    }
    sum
}

fn common_impedance(buses: &[Bus], mut a: usize, mut b: usize) -> Complex {
    // Places rise away from the root, so the higher one steps back until both meet.
    while a != b {
        if a > b {
            a = buses[a].up as usize;
        } else {
            b = buses[b].up as usize;
        }
    }
    let mut sum = Complex::ZERO;
    while a != 0 {
        sum += buses[a].z;
        a = buses[a].up as usize;
    }
    sum
}

/// Inverse by Gauss–Jordan with partial pivoting; rows of links without impedance become zero.
fn invert(mut m: Vec<Complex>, n: usize) -> Vec<Complex> {
    let mut inverse = vec![Complex::ZERO; n * n];
    (0..n).for_each(|i| inverse[i * n + i] = Complex::new(1.0, 0.0));
    let largest = m.iter().map(|x| x.norm_sqr()).fold(0.0, f64::max);
    let mut used = vec![false; n];
    let mut pivot_row = vec![None; n];
    for column in 0..n {
        let size = |r: &usize| m[r * n + column].norm_sqr();
        let found = (0..n).filter(|r| !used[*r]).max_by(|a, b| size(a).total_cmp(&size(b)));
        let Some(p) = found.filter(|r| size(r) > NO_IMPEDANCE * largest) else { continue };
        used[p] = true;
        pivot_row[column] = Some(p);
        let by = reciprocal(m[p * n + column]);
        for k in 0..n {
            m[p * n + k] = m[p * n + k] * by;
            inverse[p * n + k] = inverse[p * n + k] * by;
        }
        for row in (0..n).filter(|r| *r != p) {
            let factor = m[row * n + column];
            for k in 0..n {
                m[row * n + k] = m[row * n + k] - factor * m[p * n + k];
                inverse[row * n + k] = inverse[row * n + k] - factor * inverse[p * n + k];
            }
        }
    }
    let mut sorted = vec![Complex::ZERO; n * n];
    for (column, row) in pivot_row.iter().enumerate() {
        if let Some(row) = row {
            sorted[column * n..(column + 1) * n].copy_from_slice(&inverse[row * n..(row + 1) * n]);
        }
    }
    sorted
}

/// Square of a pivot over that of the largest entry below which a ring has no impedance.
const NO_IMPEDANCE: f64 = 1e-28;

fn reciprocal(z: Complex) -> Complex {
    let n = z.norm_sqr();
    Complex::new(z.re / n, -z.im / n)
}
