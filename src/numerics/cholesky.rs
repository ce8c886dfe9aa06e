//! Dense symmetric positive definite systems, small enough to factor whole.

/// Solves A x = b by LLᵀ; `matrix` is A row by row (its lower triangle is read). `None` where A is
/// not positive definite or the sizes do not match.
#[must_use]
pub fn solve(mut matrix: Vec<f64>, right: &[f64]) -> Option<Vec<f64>> {
    let n = right.len();
    if matrix.len() != n * n {
        return None;
    }
    for i in 0..n {
        for j in 0..=i {
            let (above, row) = matrix.split_at(i * n);
            let other = if j < i { &above[j * n..j * n + j] } else { &row[..j] };
            let dot: f64 = row[..j].iter().zip(other).map(|(a, b)| a * b).sum();
            let rest = row[j] - dot;
            let value = if j < i {
                rest / above[j * n + j]
            } else if rest > 0.0 {
                rest.sqrt()
            } else {
                return None;
            };
            matrix[i * n + j] = value;
        }
    }
    let mut x = right.to_vec();
    for i in 0..n {
        let dot: f64 = (0..i).map(|j| matrix[i * n + j] * x[j]).sum();
        x[i] = (x[i] - dot) / matrix[i * n + i];
    }
    for i in (0..n).rev() {
        let dot: f64 = (i + 1..n).map(|j| matrix[j * n + i] * x[j]).sum();
        x[i] = (x[i] - dot) / matrix[i * n + i];
    }
    x.iter().all(|v| v.is_finite()).then_some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_what_it_can_and_refuses_the_rest() {
        let x = solve(vec![4.0, 9.0, 9.0, 2.0, 5.0, 9.0, 1.0, 3.0, 6.0], &[7.0, 10.0, 10.0]);
        assert_eq!(
            x.map(|x| x.iter().map(|v| (v * 1e9).round() / 1e9).collect()),
            Some(vec![1.0; 3])
        );
        assert_eq!(solve(vec![1.0, 2.0, 2.0, 1.0], &[1.0, 1.0]), None);
        assert_eq!(solve(vec![1.0], &[1.0, 1.0]), None);
    }
}
