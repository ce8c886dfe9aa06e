//! Symmetric banded matrices and their Cholesky factors; components that nothing holds are found and
//! kept at 0. Work n b², memory n (b + 1) for bandwidth b: right for grids that are small or much
//! longer than wide, where a direct answer beats an iteration.
//!
//! Reference: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed., 4.3.5.

/// A pivot below this share of its diagonal is zero: its unknown is free and kept at 0.
const FREE: f64 = 1e-9;

/// A symmetric band matrix; only the lower half is kept.
#[derive(Clone, Debug, Default)]
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
    pub fn solve(self, b: &mut [f64]) -> bool {
        let factors = self.factor();
        factors.solve(b);
        factors.inverse.iter().all(|d| *d > 0.0)
    }

    /// Factors the matrix, which must be positive semi-definite.
    #[must_use]
    pub fn factor(mut self) -> BandedCholesky {
        let (n, band, width) = (self.n, self.band, self.band + 1);
        let mut inverse = vec![0.0; n];
        for i in 0..n {
            let (done, rest) = self.rows.split_at_mut(i * width);
            let row = &mut rest[..width];
            for j in i.saturating_sub(band)..i {
                // Columns that rows i and j share, up to j.
                let first = i.saturating_sub(band).max(j.saturating_sub(band));
                let other = &done[j * width..(j + 1) * width];
                let shared = j - first;
                let mine = &row[band + first - i..band + first - i + shared];
                let theirs = &other[band + first - j..band + first - j + shared];
                row[band + j - i] = (row[band + j - i] - dot(mine, theirs)) * inverse[j];
            }
            let pivot = row[band] - dot(&row[..band], &row[..band]);
            let held = pivot > FREE * row[band].abs();
            inverse[i] = if held { 1.0 / pivot.sqrt() } else { 0.0 };
        }
        BandedCholesky { n, band, rows: self.rows, inverse }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// L with L Lᵀ = A, in the rows of A.
#[derive(Clone, Debug, Default)]
pub struct BandedCholesky {
    n: usize,
    band: usize,
    rows: Vec<f64>,
    /// 1 over each diagonal entry of L, 0 for a free unknown.
    inverse: Vec<f64>,
}

impl BandedCholesky {
    /// Work of factoring, in multiplications.
    #[must_use]
    pub const fn work(n: usize, band: usize) -> usize {
        n * band * band
    }

    /// Solves A x = b in place.
    pub fn solve(&self, x: &mut [f64]) {
        let width = self.band + 1;
        for i in 0..self.n {
            let first = i.saturating_sub(self.band);
            let row = &self.rows[i * width + self.band + first - i..i * width + self.band];
            let done: f64 = row.iter().zip(&x[first..i]).map(|(l, x)| l * x).sum();
            x[i] = (x[i] - done) * self.inverse[i];
        }
        for i in (0..self.n).rev() {
            x[i] *= self.inverse[i];
            let (value, first) = (x[i], i.saturating_sub(self.band));
            let row = &self.rows[i * width + self.band + first - i..i * width + self.band];
            row.iter().zip(&mut x[first..i]).for_each(|(l, x)| *x -= l * value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(n: usize, band: usize, entry: impl Fn(usize, usize) -> f64) -> SymmetricBand {
        let mut matrix = SymmetricBand::zeros(n, band);
        for row in 0..n {
            for column in row.saturating_sub(band)..=row {
                matrix.add(row, column, entry(row, column));
            }
        }
        matrix
    }

    /// Two chains of three, not joined to each other.
    fn chains(row: usize, column: usize) -> f64 {
        match (row, column) {
            (r, c) if r == c => [1.0, 2.0, 1.0][r % 3],
            (r, c) if r == c + 1 && r % 3 != 0 => -1.0,
            _ => 0.0,
        }
    }

    #[test]
    fn each_free_component_is_held_somewhere_and_differences_are_exact() {
        let mut x = [1.0, 0.0, -1.0, 0.0, 2.0, -2.0];
        filled(6, 2, chains).factor().solve(&mut x);
        let steps = [x[0] - x[1], x[1] - x[2], x[3] - x[4], x[4] - x[5]];
        for (step, expected) in steps.iter().zip([1.0, 1.0, 0.0, 2.0]) {
            assert!((step - expected).abs() < 1e-12, "{x:?}");
        }
    }

    #[test]
    fn a_definite_matrix_is_solved_and_another_refused() {
        let entry = |r: usize, c: usize| if r == c { 4.0 + r as f64 } else { -1.0 };
        let mut x = [1.0, -2.0, 3.0, 0.5, 2.0];
        let b = x;
        assert!(filled(5, 2, entry).solve(&mut x));
        for (i, b) in b.iter().enumerate() {
            let near = (0..5).filter(|j| i.abs_diff(*j) <= 2);
            let sum: f64 = near.map(|j| entry(i.max(j), i.min(j)) * x[j]).sum();
            assert!((sum - b).abs() < 1e-12);
        }
        assert!(!filled(2, 1, |r, c| if r == c { 1.0 } else { -2.0 }).solve(&mut [1.0, 1.0]));
    }
}
