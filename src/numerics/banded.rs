//! Cholesky factors of a symmetric banded matrix that may have free components.

/// A pivot below this share of its diagonal is zero: its unknown is free and kept at 0.
const FREE: f64 = 1e-9;

/// L with L Lᵀ = A, by rows: entry `(i, i − band + j)` at `i (band + 1) + j`.
#[derive(Clone, Debug, Default)]
pub struct BandedCholesky {
    n: usize,
    band: usize,
    rows: Vec<f64>,
    /// 1 over each diagonal entry of L, 0 for a free unknown.
    inverse: Vec<f64>,
}

impl BandedCholesky {
    /// Factors the matrix of `n` unknowns whose lower triangle `entry(row, column)` gives for
    /// columns no further than `band` below the diagonal. The matrix must be positive
    /// semi-definite.
    #[must_use]
    pub fn new(n: usize, band: usize, entry: impl Fn(usize, usize) -> f64) -> Self {
        let width = band + 1;
        let mut rows = vec![0.0; n * width];
        let mut inverse = vec![0.0; n];
        for i in 0..n {
            let first = i.saturating_sub(band);
            for j in first..=i {
                let low = first.max(j.saturating_sub(band));
                let (a, b) = (i * width + band - i, j * width + band - j);
                let done: f64 = (rows[a + low..a + j].iter().zip(&rows[b + low..b + j]))
                    .map(|(x, y)| x * y)
                    .sum();
                let value = entry(i, j);
                if j < i {
                    rows[a + j] = (value - done) * inverse[j];
                } else {
                    let pivot = value - done;
                    let free = pivot <= FREE * value.abs();
                    inverse[i] = if free { 0.0 } else { 1.0 / pivot.sqrt() };
                }
            }
        }
        Self { n, band, rows, inverse }
    }

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
        let factors = BandedCholesky::new(6, 2, chains);
        let mut x = [1.0, 0.0, -1.0, 0.0, 2.0, -2.0];
        factors.solve(&mut x);
        let steps = [x[0] - x[1], x[1] - x[2], x[3] - x[4], x[4] - x[5]];
        for (step, expected) in steps.iter().zip([1.0, 1.0, 0.0, 2.0]) {
            assert!((step - expected).abs() < 1e-12, "{x:?}");
        }
    }

    #[test]
    fn a_definite_matrix_is_solved() {
        let entry = |r: usize, c: usize| if r == c { 4.0 + r as f64 } else { -1.0 };
        let factors = BandedCholesky::new(5, 2, entry);
        let mut x = [1.0, -2.0, 3.0, 0.5, 2.0];
        let b = x;
        factors.solve(&mut x);
        for (i, b) in b.iter().enumerate() {
            let near = (0..5).filter(|j| i.abs_diff(*j) <= 2);
            let sum: f64 = near.map(|j| entry(i.max(j), i.min(j)) * x[j]).sum();
            assert!((sum - b).abs() < 1e-12);
        }
    }
}
