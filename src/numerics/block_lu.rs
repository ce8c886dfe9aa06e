//! Sparse LU of structurally symmetric matrices of small dense blocks, in a fixed elimination order.
//!
//! A = L D U over blocks of N × N, L and U with unit diagonal blocks before scaling: eliminating
//! position k does, for each pair (i, j) of later positions joined to it,
//! A_ij −= (A_ik D_k⁻¹) A_kj. (1)
//!
//! Order, fill and the place where each product of (1) lands are found once per [`Pattern`]; a
//! numeric factorisation then only streams through one list of targets, without searching or
//! allocating. Blocks (k, j) and (j, k) share one [`Pair`], so one target serves both triangles.
//! Pivots are not exchanged across blocks (the matrices of load flow are close to diagonally
//! dominant by blocks); within a diagonal block they are. A block whose inverse does not exist in
//! double precision is an error with its place.
//!
//! References: Duff, Erisman, Reid, "Direct Methods for Sparse Matrices" (2017), chapters 5, 7, 10.

use super::ordering::{Elimination, minimum_degree};

/// A dense block, rows first.
pub type Block<const N: usize> = [[f64; N]; N];

/// Smallest pivot of a diagonal block relative to the largest number in it: below, the inverse has
/// no correct digit. An assumption with room on both sides: healthy networks stay above 1e-8.
const SMALLEST_PIVOT: f64 = 1e-14;

/// A diagonal block without an inverse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the block of node {node} is singular")]
pub struct Singular {
    /// Index in the caller's numbering.
    pub node: usize,
}

/// Order, fill and targets: all that does not depend on numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// Which node of the caller stands at each position.
    pub order: Vec<usize>,
    /// Position of each node of the caller.
    pub place: Vec<usize>,
    /// First pair of each position, and the end.
    start: Vec<usize>,
    /// Later position of each pair.
    other: Vec<u32>,
    /// Pair on which product (p, q) of each position lands, counted from the end of that position's
    /// own pairs.
    targets: Vec<u32>,
}

impl Pattern {
    /// Analyses the pattern of `n` nodes joined by `pairs`.
    #[must_use]
    pub fn new(n: usize, pairs: &[(usize, usize)]) -> Self {
        let Elimination { order, place, joined } = minimum_degree(n, pairs);
        let mut pattern = Self { order, place, start: vec![0], ..Self::default() };
        for list in &joined {
            pattern.other.extend(list.iter().map(|q| *q as u32));
            pattern.start.push(pattern.other.len());
        }
        for (k, list) in joined.iter().enumerate() {
            let end = pattern.start[k + 1];
            for (p, &i) in list.iter().enumerate() {
                let mut at = pattern.start[i];
                for &j in &list[p + 1..] {
                    while pattern.other[at] as usize != j {
                        at += 1;
                    }
                    pattern.targets.push((at - end) as u32);
                }
            }
        }
        pattern
    }

    /// Nodes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether it has no node.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Pairs of the factor, fill included.
    #[must_use]
    pub const fn pairs(&self) -> usize {
        self.other.len()
    }

    /// Products (1) of a factorisation, besides those on the diagonal.
    #[must_use]
    pub const fn products(&self) -> usize {
        self.targets.len()
    }

    /// The pairs of position `k`.
    #[must_use]
    pub fn pairs_of(&self, k: usize) -> std::ops::Range<usize> {
        self.start[k]..self.start[k + 1]
    }

    /// The later position of pair `at`.
    #[must_use]
    pub fn later(&self, at: usize) -> usize {
        self.other[at] as usize
    }

    /// The pair of positions `i` < `j`; `None` if they are not joined in the factor.
    #[must_use]
    pub fn pair(&self, i: usize, j: usize) -> Option<usize> {
        let range = self.pairs_of(i);
        let at = self.other[range.clone()].binary_search(&(j as u32)).ok()?;
        Some(range.start + at)
    }
}

/// Blocks (k, j) and (j, k) of positions k < j.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair<const N: usize> {
    /// Block (k, j).
    pub upper: Block<N>,
    /// Block (j, k); after factorisation times the inverse of diagonal block k.
    pub lower: Block<N>,
}

impl<const N: usize> Pair<N> {
    /// Both blocks zero.
    pub const ZERO: Self = Self { upper: [[0.0; N]; N], lower: [[0.0; N]; N] };
}

/// The numbers: first of the matrix, after [`BlockLu::factor`] of its factors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BlockLu<const N: usize> {
    /// Diagonal blocks by position; after factorisation their inverses.
    pub diagonal: Vec<Block<N>>,
    /// Pairs of blocks in the order of the pattern.
    pub pairs: Vec<Pair<N>>,
}

impl<const N: usize> BlockLu<N> {
    /// A zero matrix.
    #[must_use]
    pub fn new(pattern: &Pattern) -> Self {
        Self {
            diagonal: vec![[[0.0; N]; N]; pattern.len()],
            pairs: vec![Pair::ZERO; pattern.pairs()],
        }
    }

    /// Makes it a zero matrix again.
    pub fn clear(&mut self) {
        self.diagonal.fill([[0.0; N]; N]);
        self.pairs.fill(Pair::ZERO);
    }

    /// Adds to the block at row `i`, column `j` (positions); ignored outside the pattern.
    pub fn add(&mut self, pattern: &Pattern, i: usize, j: usize, value: &Block<N>) {
        let block = match i.cmp(&j) {
            std::cmp::Ordering::Equal => Some(&mut self.diagonal[i]),
            std::cmp::Ordering::Less => pattern.pair(i, j).map(|at| &mut self.pairs[at].upper),
            std::cmp::Ordering::Greater => pattern.pair(j, i).map(|at| &mut self.pairs[at].lower),
        };
        let Some(block) = block else { return };
        for (row, add) in block.iter_mut().zip(value) {
            for (x, a) in row.iter_mut().zip(add) {
                *x += a;
            }
        }
    }

    /// Factors in place, (1), and eliminates forward in `rhs` (by position) on the way.
    ///
    /// # Errors
    /// A diagonal block without an inverse.
    pub fn factor(&mut self, pattern: &Pattern, rhs: &mut [[f64; N]]) -> Result<(), Singular> {
        let mut targets = pattern.targets.as_slice();
        for k in 0..pattern.len() {
            let range = pattern.pairs_of(k);
            let (head, tail) = self.pairs.split_at_mut(range.end);
            let row = &mut head[range.start..];
            let others = &pattern.other[range];
            let inverse =
                inverted(&self.diagonal[k]).ok_or_else(|| Singular { node: pattern.order[k] })?;
            self.diagonal[k] = inverse;
            let y = rhs[k];
            for (pair, &i) in row.iter_mut().zip(others) {
                pair.lower = times(&pair.lower, &inverse);
                take_product(&mut self.diagonal[i as usize], &pair.lower, &pair.upper);
                take_image(&mut rhs[i as usize], &pair.lower, &y);
            }
            for (p, a) in row.iter().enumerate() {
                let later = &row[p + 1..];
                let (mine, rest) = targets.split_at(later.len());
                targets = rest;
                for (b, &at) in later.iter().zip(mine) {
                    let target = &mut tail[at as usize];
                    take_product(&mut target.upper, &a.lower, &b.upper);
                    take_product(&mut target.lower, &b.lower, &a.upper);
                }
            }
        }
        Ok(())
    }

    /// Eliminates forward in `rhs` with factors that exist.
    pub fn forward(&self, pattern: &Pattern, rhs: &mut [[f64; N]]) {
        for k in 0..pattern.len() {
            let range = pattern.pairs_of(k);
            let y = rhs[k];
            for (pair, &i) in self.pairs[range.clone()].iter().zip(&pattern.other[range]) {
                take_image(&mut rhs[i as usize], &pair.lower, &y);
            }
        }
    }

    /// Substitutes back: `rhs` becomes the solution.
    pub fn back(&self, pattern: &Pattern, rhs: &mut [[f64; N]]) {
        for k in (0..pattern.len()).rev() {
            let range = pattern.pairs_of(k);
            let mut y = rhs[k];
            for (pair, &j) in self.pairs[range.clone()].iter().zip(&pattern.other[range]) {
                take_image(&mut y, &pair.upper, &rhs[j as usize]);
            }
            let mut x = [0.0; N];
            for (x, row) in x.iter_mut().zip(&self.diagonal[k]) {
                *x = row.iter().zip(&y).map(|(d, y)| d * y).sum();
            }
            rhs[k] = x;
        }
    }

    /// Solves with factors that exist.
    pub fn solve(&self, pattern: &Pattern, rhs: &mut [[f64; N]]) {
        self.forward(pattern, rhs);
        self.back(pattern, rhs);
    }
}

/// `c −= a · b`.
#[inline(always)]
fn take_product<const N: usize>(c: &mut Block<N>, a: &Block<N>, b: &Block<N>) {
    for (c, a) in c.iter_mut().zip(a) {
        for (a, b) in a.iter().zip(b) {
            for (c, b) in c.iter_mut().zip(b) {
                *c -= a * b;
            }
        }
    }
}

/// `y −= a · x`.
#[inline(always)]
fn take_image<const N: usize>(y: &mut [f64; N], a: &Block<N>, x: &[f64; N]) {
    for (y, row) in y.iter_mut().zip(a) {
        for (a, x) in row.iter().zip(x) {
            *y -= a * x;
        }
    }
}

/// `a · b`.
#[inline(always)]
fn times<const N: usize>(a: &Block<N>, b: &Block<N>) -> Block<N> {
    let mut c = [[0.0; N]; N];
    for (c, a) in c.iter_mut().zip(a) {
        for (a, b) in a.iter().zip(b) {
            for (c, b) in c.iter_mut().zip(b) {
                *c += a * b;
            }
        }
    }
    c
}

/// The inverse by Gauss–Jordan with row exchanges; `None` below [`SMALLEST_PIVOT`].
#[inline(always)]
fn inverted<const N: usize>(a: &Block<N>) -> Option<Block<N>> {
    if N == 2 {
        return inverted_2(a);
    }
    let scale = a.iter().flatten().fold(0.0_f64, |m, v| m.max(v.abs()));
    let (mut a, mut inverse) = (*a, [[0.0; N]; N]);
    for (i, row) in inverse.iter_mut().enumerate() {
        row[i] = 1.0;
    }
    for k in 0..N {
        let best = (k..N).max_by(|i, j| a[*i][k].abs().total_cmp(&a[*j][k].abs()))?;
        let pivot = a[best][k];
        let sound = pivot.is_finite() && pivot.abs() > SMALLEST_PIVOT * scale;
        if !sound {
            return None;
        }
        a.swap(k, best);
        inverse.swap(k, best);
        for c in 0..N {
            a[k][c] /= pivot;
            inverse[k][c] /= pivot;
        }
        let (row, unit) = (a[k], inverse[k]);
        for i in (0..N).filter(|i| *i != k) {
            let by = a[i][k];
            for c in 0..N {
                a[i][c] -= by * row[c];
                inverse[i][c] -= by * unit[c];
            }
        }
    }
    Some(inverse)
}

/// Two by two, in closed form.
#[inline(always)]
fn inverted_2<const N: usize>(a: &Block<N>) -> Option<Block<N>> {
    let [p, q, r, s] = [a[0][0], a[0][1], a[1][0], a[1][1]];
    let (ps, qr) = (p * s, q * r);
    let determinant = ps - qr;
    let large = determinant.abs() > SMALLEST_PIVOT * (ps.abs() + qr.abs());
    if !large || !determinant.is_finite() {
        return None;
    }
    let f = 1.0 / determinant;
    let mut inverse = [[0.0; N]; N];
    inverse[0][0] = s * f;
    inverse[0][1] = -q * f;
    inverse[1][0] = -r * f;
    inverse[1][1] = p * f;
    Some(inverse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::sampling::SplitMix64;

    /// Blocks of a random, diagonally dominant matrix and the pattern of a ring with chords.
    fn random<const N: usize>(n: usize) -> (Pattern, BlockLu<N>, Vec<[f64; N]>) {
        let mut pairs: Vec<(usize, usize)> = (0..n).map(|i| (i, (i + 1) % n)).collect();
        pairs.extend((0..n).step_by(3).map(|i| (i, (i * i + 2) % n)));
        let mut random = SplitMix64::new(7);
        let mut uniform = || random.below(1 << 30) as f64 / (1 << 30) as f64 - 0.5;
        let pattern = Pattern::new(n, &pairs);
        let mut a = BlockLu::<N>::new(&pattern);
        let mut block = || std::array::from_fn(|_| std::array::from_fn(|_| uniform()));
        for &(p, q) in pairs.iter().filter(|(p, q)| p != q) {
            let (i, j) = (pattern.place[p], pattern.place[q]);
            a.add(&pattern, i, j, &block());
            a.add(&pattern, j, i, &block());
        }
        for i in 0..n {
            let mut own: Block<N> = block();
            for (k, row) in own.iter_mut().enumerate() {
                row[k] += 6.0 * N as f64;
            }
            a.add(&pattern, i, i, &own);
        }
        let x = (0..n).map(|_| block()[0]).collect();
        (pattern, a, x)
    }

    /// `a · x` before factorisation.
    fn image<const N: usize>(pattern: &Pattern, a: &BlockLu<N>, x: &[[f64; N]]) -> Vec<[f64; N]> {
        let mut y = vec![[0.0; N]; x.len()];
        for i in 0..x.len() {
            take_image(&mut y[i], &a.diagonal[i], &x[i]);
            for at in pattern.pairs_of(i) {
                let j = pattern.later(at);
                take_image(&mut y[i], &a.pairs[at].upper, &x[j]);
                take_image(&mut y[j], &a.pairs[at].lower, &x[i]);
            }
        }
        y.iter().map(|y| y.map(|v| -v)).collect()
    }

    fn solves<const N: usize>(n: usize) {
        let (pattern, a, x) = random::<N>(n);
        let b = image(&pattern, &a, &x);
        let mut lu = a;
        let mut on_the_way = b.clone();
        lu.factor(&pattern, &mut on_the_way).unwrap();
        lu.back(&pattern, &mut on_the_way);
        let mut after = b;
        lu.solve(&pattern, &mut after);
        for ((one, two), x) in on_the_way.iter().zip(&after).zip(&x) {
            assert_eq!(one, two);
            assert!(one.iter().zip(x).all(|(a, b)| (a - b).abs() < 1e-13));
        }
    }

    #[test]
    fn solutions_are_exact_for_every_block_size() {
        solves::<1>(40);
        solves::<2>(60);
        solves::<6>(25);
    }

    #[test]
    fn a_singular_block_is_named_in_the_callers_numbering() {
        // Two nodes whose rows are the same after elimination, and a healthy one.
        let pattern = Pattern::new(3, &[(0, 1)]);
        let mut lu = BlockLu::<1>::new(&pattern);
        for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2)] {
            lu.add(&pattern, pattern.place[i], pattern.place[j], &[[1.0]]);
        }
        let error = lu.factor(&pattern, &mut [[0.0]; 3]).unwrap_err();
        assert!(error.node < 2, "{error}");
        let mut lu = BlockLu::<2>::new(&pattern);
        assert!(lu.factor(&pattern, &mut [[0.0; 2]; 3]).is_err());
        lu.diagonal.fill([[f64::NAN; 2]; 2]);
        assert!(lu.factor(&pattern, &mut [[0.0; 2]; 3]).is_err());
    }
}
