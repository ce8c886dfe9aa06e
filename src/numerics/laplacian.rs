//! Graph Laplacian of a box grid: one symmetric conductance per face between neighbour cells.
//!
//! Equation of cell c with neighbours n: `(A x)_c = Σ_n g_cn (x_c − x_n)`. A conductance of 0 is a
//! wall; nothing else marks solids or walls. Vectors carry one grid layer of zeros before and after
//! the cells, so that no kernel needs a branch: the faces that would wrap around have g = 0.

use rayon::prelude::*;

/// Below this many cells a kernel runs on the calling thread; a fork costs more than it gains.
const PARALLEL_CELLS: usize = 16_384;

/// The operator, in padded storage.
#[derive(Clone, Debug, Default)]
pub struct BoxLaplacian {
    n: [usize; 3],
    /// Conductance of the face towards +x, +y and +z of each cell.
    g: [Vec<f64>; 3],
    diag: Vec<f64>,
}

impl BoxLaplacian {
    /// An operator without any open face on `n` cells.
    #[must_use]
    pub fn closed(n: [usize; 3]) -> Self {
        let len = (n[2] + 2) * n[0] * n[1];
        let zeros = || vec![0.0; len];
        Self { n, g: [zeros(), zeros(), zeros()], diag: zeros() }
    }

    /// Sets the conductance between a cell and its neighbour in the positive direction of `axis`.
    /// A face on the box's boundary stays shut.
    pub fn set_face(&mut self, cell: [usize; 3], axis: usize, conductance: f64) {
        if cell[axis] + 1 < self.n[axis] {
            let c = self.padded(cell);
            let d = c + self.stride(axis);
            let change = conductance - self.g[axis][c];
            self.g[axis][c] = conductance;
            self.diag[c] += change;
            self.diag[d] += change;
        }
    }

    /// Recomputes the diagonal from the faces, free of the rounding of many changes.
    pub fn refresh_diagonal(&mut self) {
        let lead = self.lead();
        for c in lead..self.diag.len() - lead {
            self.diag[c] = (0..3).map(|a| self.g[a][c] + self.g[a][c - self.stride(a)]).sum();
        }
    }

    /// Cells along each axis.
    #[must_use]
    pub fn n(&self) -> [usize; 3] {
        self.n
    }

    /// Length of a padded vector.
    #[must_use]
    pub fn padded_len(&self) -> usize {
        self.diag.len()
    }

    /// Padding before the first cell: one layer.
    #[must_use]
    pub fn lead(&self) -> usize {
        self.n[0] * self.n[1]
    }

    /// Distance in memory between neighbours along `axis`.
    #[must_use]
    pub fn stride(&self, axis: usize) -> usize {
        [1, self.n[0], self.lead()][axis]
    }

    /// Padded index of a cell.
    #[must_use]
    pub fn padded(&self, c: [usize; 3]) -> usize {
        self.lead() + c[0] + self.n[0] * (c[1] + self.n[1] * c[2])
    }

    /// Conductance of the face in the positive direction of `axis` at a padded index.
    #[must_use]
    pub fn face(&self, padded: usize, axis: usize) -> f64 {
        self.g[axis][padded]
    }

    /// Sum of a cell's conductances, padded; 0 marks a cell without neighbours.
    #[must_use]
    pub fn diagonal(&self) -> &[f64] {
        &self.diag
    }

    /// `y = A x` on padded vectors.
    pub fn apply(&self, x: &[f64], y: &mut [f64]) {
        self.each_layer(y, |rows, y| {
            let o = Offsets::new(self, x, rows);
            for (c, y) in y.iter_mut().enumerate() {
                *y = o.diag[c] * o.x[c] - o.neighbours(c);
            }
        });
    }

    /// `r = b − A x` on padded vectors.
    pub fn residual(&self, b: &[f64], x: &[f64], r: &mut [f64]) {
        self.each_layer(r, |rows, r| {
            let o = Offsets::new(self, x, rows);
            let b = &b[rows..rows + r.len()];
            for (c, r) in r.iter_mut().enumerate() {
                *r = b[c] - o.diag[c] * o.x[c] + o.neighbours(c);
            }
        });
    }

    /// Runs `f(first padded index, layer)` on each layer of cells of `y`, in parallel when the
    /// grid is large.
    pub fn each_layer(&self, y: &mut [f64], f: impl Fn(usize, &mut [f64]) + Sync) {
        let lead = self.lead();
        let last = self.n[2] + 1;
        let run = |(k, layer): (usize, &mut [f64])| {
            if k > 0 && k < last {
                f(k * lead, layer);
            }
        };
        if self.diag.len() < PARALLEL_CELLS {
            y.chunks_mut(lead).enumerate().for_each(run);
        } else {
            y.par_chunks_mut(lead).enumerate().for_each(run);
        }
    }
}

/// The seven shifted views of one layer, all of the same length so that bounds checks fold away.
struct Offsets<'a> {
    x: &'a [f64],
    diag: &'a [f64],
    x_minus: [&'a [f64]; 3],
    x_plus: [&'a [f64]; 3],
    g_minus: [&'a [f64]; 3],
    g_plus: [&'a [f64]; 3],
}

impl<'a> Offsets<'a> {
    fn new(a: &'a BoxLaplacian, x: &'a [f64], first: usize) -> Self {
        let len = a.lead();
        let at = |v: &'a [f64], from: usize| &v[from..from + len];
        let s = [0, 1, 2].map(|axis| a.stride(axis));
        Self {
            x: at(x, first),
            diag: at(&a.diag, first),
            x_minus: [0, 1, 2].map(|i| at(x, first - s[i])),
            x_plus: [0, 1, 2].map(|i| at(x, first + s[i])),
            g_minus: [0, 1, 2].map(|i| at(&a.g[i], first - s[i])),
            g_plus: [0, 1, 2].map(|i| at(&a.g[i], first)),
        }
    }

    #[inline(always)]
    fn neighbours(&self, c: usize) -> f64 {
        self.g_minus[0][c] * self.x_minus[0][c]
            + self.g_plus[0][c] * self.x_plus[0][c]
            + self.g_minus[1][c] * self.x_minus[1][c]
            + self.g_plus[1][c] * self.x_plus[1][c]
            + self.g_minus[2][c] * self.x_minus[2][c]
            + self.g_plus[2][c] * self.x_plus[2][c]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quadratic_has_a_constant_laplacian_and_constants_have_none() {
        let n = [5, 4, 3];
        let mut a = BoxLaplacian::closed(n);
        let mut x = vec![0.0; a.padded_len()];
        for k in 0..n[2] {
            for j in 0..n[1] {
                for i in 0..n[0] {
                    (0..3).for_each(|axis| a.set_face([i, j, k], axis, 1.0));
                    x[a.padded([i, j, k])] = (i * i) as f64 + 3.0;
                }
            }
        }
        a.refresh_diagonal();
        let mut y = vec![0.0; a.padded_len()];
        a.apply(&x, &mut y);
        assert!((y[a.padded([2, 1, 1])] + 2.0).abs() < 1e-12);
        let ones = vec![1.0; a.padded_len()];
        a.apply(&ones, &mut y);
        assert!(y.iter().all(|v| v.abs() < 1e-12));
    }
}
