//! Driving-point impedances of a network of admittances: the diagonal of the inverse of a nodal
//! matrix, without forming the inverse.
//!
//! Nodes are eliminated one after another, fewest neighbours first. Eliminating a node turns its
//! star of branches into a mesh between its neighbours (star–mesh transformation), so that only
//! branches and ties to ground exist and nothing is ever subtracted: with passive branches every
//! intermediate number keeps its full relative accuracy, however short a branch is beside its
//! neighbours. Going back, `z_ki = Σ f_kj z_ji` and `z_kk = 1/y_k + Σ f_ki z_ki` need only the
//! entries where branches were (the sparse inverse of Takahashi). A tree costs no fill at all, and
//! the sums become those of the impedances along the path.
//!
//! `L` networks of one shape (another temperature, another frequency) are solved in one pass.

use crate::numerics::complex::Complex;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A branch between two nodes, by its admittance in each of the `L` networks.
#[derive(Clone, Copy, Debug)]
struct Branch<const L: usize> {
    to: usize,
    y: [Complex; L],
}

/// A network to be reduced.
#[derive(Clone, Debug)]
pub struct Network<const L: usize> {
    ground: Vec<[Complex; L]>,
    branches: Vec<Vec<Branch<L>>>,
}

/// One eliminated node: its admittance and the branches that it had then, as shares of it.
struct Step<const L: usize> {
    node: usize,
    y: [Complex; L],
    shares: Vec<Branch<L>>,
}

impl<const L: usize> Network<L> {
    /// `nodes` nodes without any branch.
    #[must_use]
    pub fn new(nodes: usize) -> Self {
        Self { ground: vec![[Complex::ZERO; L]; nodes], branches: vec![Vec::new(); nodes] }
    }

    /// Adds an admittance from a node to ground.
    pub fn add_ground(&mut self, node: usize, y: [Complex; L]) {
        accumulate(&mut self.ground[node], y);
    }

    /// Adds an admittance between two nodes; parallel ones add up, one from a node to itself does
    /// nothing.
    pub fn add_branch(&mut self, a: usize, b: usize, y: [Complex; L]) {
        if a != b {
            self.add_half(a, b, y);
            self.add_half(b, a, y);
        }
    }

    fn add_half(&mut self, from: usize, to: usize, y: [Complex; L]) {
        match self.branches[from].iter_mut().find(|b| b.to == to) {
            Some(branch) => accumulate(&mut branch.y, y),
            None => self.branches[from].push(Branch { to, y }),
        }
    }

    /// Impedance between each node and ground. Not finite where nothing leads to ground.
    #[must_use]
    pub fn impedances(mut self) -> Vec<[Complex; L]> {
        let nodes = self.ground.len();
        let mut steps = Vec::with_capacity(nodes);
        let mut at = vec![0; nodes];
        let mut queue: BinaryHeap<_> =
            self.branches.iter().enumerate().map(|(k, b)| Reverse((b.len(), k))).collect();
        let mut done = vec![false; nodes];
        while let Some(Reverse((degree, node))) = queue.pop() {
            if done[node] || degree != self.branches[node].len() {
                continue;
            }
            done[node] = true;
            at[node] = steps.len();
            let step = self.eliminate(node);
            for share in &step.shares {
                queue.push(Reverse((self.branches[share.to].len(), share.to)));
            }
            steps.push(step);
        }
        back(&steps, &at)
    }

    fn eliminate(&mut self, node: usize) -> Step<L> {
        let mut shares = std::mem::take(&mut self.branches[node]);
        let mut y = self.ground[node];
        for branch in &shares {
            accumulate(&mut y, branch.y);
        }
        let inverse = y.map(Complex::reciprocal);
        for branch in &mut shares {
            let to = &mut self.branches[branch.to];
            if let Some(place) = to.iter().position(|b| b.to == node) {
                to.swap_remove(place);
            }
            branch.y = product(branch.y, inverse);
            let leak = product(branch.y, self.ground[node]);
            accumulate(&mut self.ground[branch.to], leak);
        }
        for (i, a) in shares.iter().enumerate() {
            for b in &shares[i + 1..] {
                let between = product(product(a.y, b.y), y);
                self.add_branch(a.to, b.to, between);
            }
        }
        Step { node, y, shares }
    }
}

/// From the shares of each step to the impedances, last step first.
fn back<const L: usize>(steps: &[Step<L>], at: &[usize]) -> Vec<[Complex; L]> {
    let mut own = vec![[Complex::ZERO; L]; steps.len()];
    let mut between: Vec<Vec<[Complex; L]>> = vec![Vec::new(); steps.len()];
    for (k, step) in steps.iter().enumerate().rev() {
        let mutual = |i: usize, j: usize| -> [Complex; L] {
            if i == j {
                return own[i];
            }
            // Two neighbours of one node are neighbours once it is gone; the one that goes first
            // holds the entry.
            let (first, last) = if at[i] < at[j] { (i, j) } else { (j, i) };
            let place = steps[at[first]].shares.iter().position(|b| b.to == last);
            place.map_or([Complex::ZERO; L], |p| between[at[first]][p])
        };
        let column: Vec<[Complex; L]> = step
            .shares
            .iter()
            .map(|i| {
                let mut z = [Complex::ZERO; L];
                for j in &step.shares {
                    accumulate(&mut z, product(j.y, mutual(j.to, i.to)));
                }
                z
            })
            .collect();
        let mut z = step.y.map(Complex::reciprocal);
        for (share, z_ki) in step.shares.iter().zip(&column) {
            accumulate(&mut z, product(share.y, *z_ki));
        }
        own[step.node] = z;
        between[k] = column;
    }
    own
}

fn accumulate<const L: usize>(sum: &mut [Complex; L], y: [Complex; L]) {
    for (s, y) in sum.iter_mut().zip(y) {
        *s += y;
    }
}

fn product<const L: usize>(a: [Complex; L], b: [Complex; L]) -> [Complex; L] {
    std::array::from_fn(|l| a[l] * b[l])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn real(y: f64) -> [Complex; 1] {
        [Complex::new(y, 0.0)]
    }

    #[test]
    fn a_path_adds_up_its_impedances() {
        let mut net = Network::new(4);
        net.add_ground(0, real(1.0 / 2.0));
        for (k, z) in [(0, 1e-9), (1, 3.0), (2, 0.5)] {
            net.add_branch(k, k + 1, real(1.0 / z));
        }
        let z = net.impedances();
        let expected = [2.0, 2.0 + 1e-9, 5.0 + 1e-9, 5.5 + 1e-9];
        for (z, expected) in z.iter().zip(expected) {
            assert!((z[0].re - expected).abs() < 1e-15 * expected * 4.0);
        }
    }

    #[test]
    fn the_corners_of_a_cube_agree_with_its_known_resistances() {
        // A cube of 1 Ω resistors: 5/6, 3/4 and 7/12 Ω between opposite, face and edge corners.
        let mut net = Network::new(8);
        net.add_ground(0, real(10.0));
        for a in 0..8_usize {
            for bit in [1, 2, 4] {
                if a & bit == 0 {
                    net.add_branch(a, a | bit, real(1.0));
                }
            }
        }
        let z = net.impedances();
        for (corner, r) in [(7, 5.0 / 6.0), (3, 0.75), (1, 7.0 / 12.0)] {
            assert!((z[corner][0].re - 0.1 - r).abs() < 1e-14, "{corner}");
        }
    }

    #[test]
    fn nodes_without_ground_have_no_finite_impedance() {
        let mut net = Network::new(2);
        net.add_branch(0, 1, real(1.0));
        assert!(net.impedances().iter().all(|z| !z[0].re.is_finite()));
    }
}
