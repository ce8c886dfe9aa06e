//! Symmetric positive definite band matrices, by Cholesky.
//!
//! `A = L Lᵀ` in place, row by row; work n b², memory n (b + 1) for bandwidth b. Right for grids
//! that are much longer than wide or small in all, where a direct answer beats an iteration.
//! Reference: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed., 4.3.5.

/// A symmetric band matrix; only the lower half is kept.
#[derive(Clone, Debug)]
pub struct SymmetricBand {
    n: usize,
    band: usize,
    /// Row i holds columns i − band ..= i.
    rows: Vec<f64>,
}

impl SymmetricBand {
    /// A zero matrix of `n` rows whose entries are at most `band` off the diagonal.
    #[must_use]
    pub fn zeros(n: usize, band: usize) -> Self {
        Self { n, band, rows: vec![0.0; n * (band + 1)] }
    }

    /// Adds to an entry of the lower half. Entries outside the band are ignored.
    pub fn add(&mut self, row: usize, column: usize, value: f64) {
        let (row, column) = (row.max(column), row.min(column));
        if row < self.n && row - column <= self.band {
            self.rows[row * (self.band + 1) + self.band + column - row] += value;
        }
    }

    /// Solves `A x = b`, overwriting `b`. `false` when the matrix is not positive definite.
    #[must_use]
    pub fn solve(mut self, b: &mut [f64]) -> bool {
        let (n, w) = (self.n, self.band + 1);
        for i in 0..n {
            let (done, rest) = self.rows.split_at_mut(i * w);
            let row = &mut rest[..w];
            for j in i.saturating_sub(self.band)..i {
                // Columns that rows i and j share, up to j.
                let first = i.saturating_sub(self.band).max(j.saturating_sub(self.band));
                let at = |r: usize, c: usize| self.band + c - r;
                let other = &done[j * w..(j + 1) * w];
                let shared = j - first;
                let mine = &row[at(i, first)..at(i, first) + shared];
                let theirs = &other[at(j, first)..at(j, first) + shared];
                let value = (row[at(i, j)] - dot(mine, theirs)) / other[self.band];
                row[at(i, j)] = value;
            }
            let pivot = row[self.band] - dot(&row[..self.band], &row[..self.band]);
            if pivot.is_nan() || pivot <= 0.0 {
                return false;
            }
            row[self.band] = pivot.sqrt();
        }
        self.substitute(b);
        true
    }

    fn substitute(&self, b: &mut [f64]) {
        let w = self.band + 1;
        for i in 0..self.n {
            let row = &self.rows[i * w..(i + 1) * w];
            let first = i.saturating_sub(self.band);
            let known = dot(&row[self.band + first - i..self.band], &b[first..i]);
            b[i] = (b[i] - known) / row[self.band];
        }
        for i in (0..self.n).rev() {
            let row = &self.rows[i * w..(i + 1) * w];
            b[i] /= row[self.band];
            let (value, first) = (b[i], i.saturating_sub(self.band));
            let entries = &row[self.band + first - i..self.band];
            b[first..i].iter_mut().zip(entries).for_each(|(b, l)| *b -= l * value);
        }
    }
}

/// Independent partial sums, so that the compiler may use vector instructions.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    let mut lanes = [0.0; LANES];
    let (ca, cb) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let tail: f64 = ca.remainder().iter().zip(cb.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in ca.zip(cb) {
        for l in 0..LANES {
            lanes[l] += x[l] * y[l];
        }
    }
    lanes.iter().sum::<f64>() + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_small_grid_to_rounding_and_refuses_an_indefinite_matrix() {
        let (nx, ny) = (7, 5);
        let n = nx * ny;
        let mut full = vec![vec![0.0; n]; n];
        let mut band = SymmetricBand::zeros(n, nx);
        let mut put = |r: usize, c: usize, v: f64| {
            band.add(r, c, v);
            full[r][c] += v;
            if r != c {
                full[c][r] += v;
            }
        };
        for i in 0..n {
            put(i, i, 4.3 + 0.01 * i as f64);
            if i % nx + 1 < nx {
                put(i + 1, i, -1.0);
            }
            if i + nx < n {
                put(i + nx, i, -0.7);
            }
        }
        let exact: Vec<f64> = (0..n).map(|i| (i as f64 * 0.7).sin()).collect();
        let mut b: Vec<f64> = full.iter().map(|row| dot(row, &exact)).collect();
        assert!(band.solve(&mut b));
        assert!(b.iter().zip(&exact).all(|(x, e)| (x - e).abs() < 1e-13));
        let mut bad = SymmetricBand::zeros(2, 1);
        bad.add(0, 0, 1.0);
        bad.add(1, 0, 2.0);
        bad.add(1, 1, 1.0);
        assert!(!bad.solve(&mut [1.0, 1.0]));
    }
}
