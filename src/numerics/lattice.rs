//! Flat storage of a box of cells with room for stencils that look two cells far.
//!
//! Cell (i, j, k) lies at `first() + i + stride(1) j + stride(2) k`. Rows and layers are followed
//! by two unused places and the box by two unused layers on both sides, so a stencil may read two
//! cells beyond any boundary without a branch; what it finds there belongs to nobody and must be
//! multiplied by a face that is shut. Faces share the storage: place c holds the face between cell
//! c and its neighbour in the positive direction.

use rayon::prelude::*;
use std::ops::Range;

/// Unused places after each row and each layer, and unused layers before and after the box.
const MARGIN: usize = 2;

/// Below this many places a kernel runs on the calling thread; a fork costs more than it gains.
const PARALLEL_PLACES: usize = 12_288;

/// The layout of a box of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Lattice {
    n: [usize; 3],
}

impl Lattice {
    /// A box of `n` cells along each axis.
    #[must_use]
    pub const fn new(n: [usize; 3]) -> Self {
        Self { n }
    }

    /// Cells along each axis.
    #[must_use]
    pub const fn n(&self) -> [usize; 3] {
        self.n
    }

    /// Cells in the box.
    #[must_use]
    pub const fn cells(&self) -> usize {
        self.n[0] * self.n[1] * self.n[2]
    }

    /// Distance in memory between neighbours along `axis`.
    #[must_use]
    pub const fn stride(&self, axis: usize) -> usize {
        let row = self.n[0] + MARGIN;
        match axis {
            0 => 1,
            1 => row,
            _ => row * (self.n[1] + MARGIN),
        }
    }

    /// All three strides.
    #[must_use]
    pub const fn strides(&self) -> [usize; 3] {
        [self.stride(0), self.stride(1), self.stride(2)]
    }

    /// Length of an array.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.stride(2) * (self.n[2] + 2 * MARGIN)
    }

    /// Whether there are no cells.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.cells() == 0
    }

    /// Place of cell (0, 0, 0).
    #[must_use]
    pub const fn first(&self) -> usize {
        MARGIN * self.stride(2)
    }

    /// Place of a cell.
    #[must_use]
    pub const fn place(&self, c: [usize; 3]) -> usize {
        self.first() + c[0] + self.stride(1) * c[1] + self.stride(2) * c[2]
    }

    /// An array of zeros.
    #[must_use]
    pub fn zeros(&self) -> Vec<f32> {
        vec![0.0; self.len()]
    }

    /// Places of row (j, k).
    #[must_use]
    pub const fn row(&self, j: usize, k: usize) -> Range<usize> {
        let start = self.place([0, j, k]);
        start..start + self.n[0]
    }

    /// Rows (j, k) in storage order.
    pub fn rows(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let lattice = *self;
        (0..self.n[2]).flat_map(move |k| (0..lattice.n[1]).map(move |j| lattice.row(j, k)))
    }

    /// From the first to the last place of a layer's cells, the margins between rows included.
    const fn layer_span(&self) -> usize {
        self.stride(1) * (self.n[1] - 1) + self.n[0]
    }

    /// Runs `f(first place, layer)` on the cells of each layer of `out`, the margins between rows
    /// included; in parallel when the box is large.
    pub fn each_layer(&self, out: &mut [f32], f: impl Fn(usize, &mut [f32]) + Sync) {
        let (layer, span) = (self.stride(2), self.layer_span());
        let (first, last) = (MARGIN, MARGIN + self.n[2]);
        let run = |(k, chunk): (usize, &mut [f32])| {
            if k >= first && k < last {
                f(k * layer, &mut chunk[..span]);
            }
        };
        if self.len() < PARALLEL_PLACES {
            out.chunks_mut(layer).enumerate().for_each(run);
        } else {
            out.par_chunks_mut(layer).enumerate().for_each(run);
        }
    }

    /// The same over two arrays at once.
    pub fn each_layer_of_two(
        &self,
        a: &mut [f32],
        b: &mut [f32],
        f: impl Fn(usize, &mut [f32], &mut [f32]) + Sync,
    ) {
        let (layer, span) = (self.stride(2), self.layer_span());
        let (first, last) = (MARGIN, MARGIN + self.n[2]);
        let run = |(k, (a, b)): (usize, (&mut [f32], &mut [f32]))| {
            if k >= first && k < last {
                f(k * layer, &mut a[..span], &mut b[..span]);
            }
        };
        if self.len() < PARALLEL_PLACES {
            a.chunks_mut(layer).zip(b.chunks_mut(layer)).enumerate().for_each(run);
        } else {
            a.par_chunks_mut(layer).zip(b.par_chunks_mut(layer)).enumerate().for_each(run);
        }
    }

    /// Sum over layers of `f(first place, places)`, added in the order of the layers: bit-equal for
    /// any number of threads. `f` sees the margins between rows.
    pub fn sum_layers(&self, f: impl Fn(Range<usize>) -> f64 + Sync) -> f64 {
        let (layer, span) = (self.stride(2), self.layer_span());
        let of = |k: usize| f((k + MARGIN) * layer..(k + MARGIN) * layer + span);
        if self.len() < PARALLEL_PLACES {
            return (0..self.n[2]).map(of).sum();
        }
        let sums: Vec<f64> = (0..self.n[2]).into_par_iter().map(of).collect();
        sums.iter().sum()
    }
}

/// The `len` values from `at`.
#[inline(always)]
#[must_use]
pub fn window(values: &[f32], at: usize, len: usize) -> &[f32] {
    &values[at..at + len]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_their_own_places_and_two_neighbours_in_reach() {
        let lattice = Lattice::new([4, 3, 5]);
        let mut seen = vec![0; lattice.len()];
        for row in lattice.rows() {
            row.for_each(|c| seen[c] += 1);
        }
        assert_eq!(seen.iter().sum::<i32>() as usize, lattice.cells());
        assert!(seen.iter().all(|s| *s <= 1));
        let reach = 2 * lattice.stride(2);
        assert!(lattice.place([0; 3]) >= reach);
        assert!(lattice.place([3, 2, 4]) + reach < lattice.len());
        // Two steps off a row's end are places of nobody.
        assert!((1..=2).all(|d| seen[lattice.place([3, 1, 1]) + d] == 0));
        assert!((1..=2).all(|d| seen[lattice.place([0, 1, 1]) - d] == 0));
    }

    #[test]
    fn layer_sums_are_bit_equal_for_any_number_of_threads() {
        let lattice = Lattice::new([40, 30, 20]);
        let values: Vec<f32> = (0..lattice.len()).map(|i| 1.0 / (1.0 + i as f32)).collect();
        let sum = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| lattice.sum_layers(|r| values[r].iter().map(|v| f64::from(*v)).sum()))
        };
        assert_eq!(sum(1).to_bits(), sum(3).to_bits());
    }
}
