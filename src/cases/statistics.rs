//! Means, quantiles and rank correlation of compared numbers.

/// Mean; 0 of none.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// Largest |value|; NaN if one is NaN, so that a gate on it fails.
#[must_use]
pub fn worst(values: &[f64]) -> f64 {
    values
        .iter()
        .fold(0.0, |w: f64, v| if v.is_nan() || w.is_nan() { f64::NAN } else { w.max(v.abs()) })
}

/// Mean of |value|.
#[must_use]
pub fn mean_abs(values: &[f64]) -> f64 {
    mean(&values.iter().map(|v| v.abs()).collect::<Vec<_>>())
}

/// Quantile by rank, `p` from 0 to 1; 0 of none.
#[must_use]
pub fn quantile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * p) as usize).copied().unwrap_or(0.0)
}

/// Spearman's rank correlation with mean ranks for ties; `None` when one side does not vary.
#[must_use]
pub fn rank_correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let (a, b) = (ranks(a), ranks(b));
    let (mean_a, mean_b) = (mean(&a), mean(&b));
    let sum = |f: &dyn Fn(f64, f64) -> f64| {
        a.iter().zip(&b).map(|(x, y)| f(x - mean_a, y - mean_b)).sum::<f64>()
    };
    let spread = sum(&|x, _| x * x) * sum(&|_, y| y * y);
    (spread > 0.0).then(|| sum(&|x, y| x * y) / spread.sqrt())
}

fn ranks(values: &[f64]) -> Vec<f64> {
    values
        .iter()
        .map(|v| {
            let below = values.iter().filter(|w| *w < v).count() as f64;
            let equal = values.iter().filter(|w| *w == v).count() as f64;
            below + (equal - 1.0) / 2.0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_ignore_scale_and_share_ties() {
        let rho = |a: &[f64], b: &[f64]| rank_correlation(a, b);
        assert!((rho(&[1.0, 2.0, 9.0], &[10.0, 11.0, 12.0]).unwrap() - 1.0).abs() < 1e-12);
        assert!((rho(&[1.0, 2.0, 9.0], &[3.0, 2.0, 1.0]).unwrap() + 1.0).abs() < 1e-12);
        // Textbook value with one tie: ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3.
        let tied = rho(&[1.0, 2.0, 2.0, 3.0], &[1.0, 2.0, 3.0, 4.0]).unwrap();
        assert!((tied - 0.948_683_298).abs() < 1e-8, "{tied}");
        assert_eq!(rho(&[1.0, 1.0], &[1.0, 2.0]), None);
    }

    #[test]
    fn the_worst_is_absolute_and_keeps_nan() {
        assert_eq!(worst(&[-3.0, 2.0]), 3.0);
        assert!(worst(&[1.0, f64::NAN, 2.0]).is_nan());
        assert_eq!((quantile(&[3.0, 1.0, 2.0], 0.5), mean_abs(&[-1.0, 3.0])), (2.0, 2.0));
    }
}
