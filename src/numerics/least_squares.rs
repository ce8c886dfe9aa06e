//! Robust non-linear least squares with bounds: Levenberg–Marquardt on few parameters.
//!
//! Minimises Σ wᵢ ρ(rᵢ(x)) with Cauchy's ρ(r) = ln(1 + r²/2), which forgets outliers, by reweighted
//! steps (JᵀWJ + λ diag) δ = −JᵀWr, x kept within its bounds. The Jacobian is by differences.
//! References: Levenberg 1944; Marquardt 1963; Triggs et al. 2000 for the reweighting.

use super::cholesky;

/// Where a search may go.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Where it starts.
    pub start: f64,
    /// Least value.
    pub low: f64,
    /// Greatest value.
    pub high: f64,
    /// A change that matters: step of the differences is a hundredth of it.
    pub scale: f64,
}

/// Most steps taken.
const STEPS: usize = 40;
/// Relative gain below which a search ends.
const ENOUGH: f64 = 1e-7;

/// The minimum found from the start: deterministic, no worse than the start.
///
/// `residuals` writes as many values as `weights` has; values that are not numbers count as large.
pub fn minimise(
    parameters: &[Parameter],
    weights: &[f64],
    mut residuals: impl FnMut(&[f64], &mut Vec<f64>),
) -> Vec<f64> {
    let mut x: Vec<f64> = parameters.iter().map(|p| p.start.clamp(p.low, p.high)).collect();
    let mut at = Vec::new();
    let mut evaluate = |x: &[f64], out: &mut Vec<f64>| {
        out.clear();
        residuals(x, out);
        out.iter_mut().filter(|r| !r.is_finite()).for_each(|r| *r = LARGE);
    };
    evaluate(&x, &mut at);
    let mut cost = total(&at, weights);
    let mut damping = 1e-2;
    for _ in 0..STEPS {
        let columns = jacobian(parameters, &x, &at, &mut evaluate);
        let (normal, gradient) = normal_equations(&columns, &at, weights);
        let mut gained = 0.0;
        for _ in 0..8 {
            let Some(step) = step(&normal, &gradient, damping) else {
                damping *= 10.0;
                continue;
            };
            let next: Vec<f64> = x
                .iter()
                .zip(&step)
                .zip(parameters)
                .map(|((x, d), p)| (x - d).clamp(p.low, p.high))
                .collect();
            let mut there = Vec::new();
            evaluate(&next, &mut there);
            let better = total(&there, weights);
            if better < cost {
                gained = (cost - better) / cost;
                (x, at, cost) = (next, there, better);
                damping = (damping * 0.3).max(1e-9);
                break;
            }
            damping *= 5.0;
        }
        if gained < ENOUGH {
            break;
        }
    }
    x
}

/// What a residual that is no number counts as.
const LARGE: f64 = 1e3;

fn total(residuals: &[f64], weights: &[f64]) -> f64 {
    residuals.iter().zip(weights).map(|(r, w)| w * (0.5 * r * r).ln_1p()).sum()
}

fn jacobian(
    parameters: &[Parameter],
    x: &[f64],
    at: &[f64],
    evaluate: &mut impl FnMut(&[f64], &mut Vec<f64>),
) -> Vec<Vec<f64>> {
    let mut there = Vec::new();
    (0..x.len())
        .map(|i| {
            let p = parameters[i];
            let forward = 1e-2 * p.scale;
            let h = if x[i] + forward <= p.high { forward } else { -forward };
            let mut moved = x.to_vec();
            moved[i] += h;
            evaluate(&moved, &mut there);
            there.iter().zip(at).map(|(a, b)| (a - b) / h).collect()
        })
        .collect()
}

fn normal_equations(columns: &[Vec<f64>], at: &[f64], weights: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let n = columns.len();
    let weight: Vec<f64> = at.iter().zip(weights).map(|(r, w)| w / (1.0 + 0.5 * r * r)).collect();
    let dot = |a: &[f64], b: &[f64]| -> f64 {
        a.iter().zip(b).zip(&weight).map(|((a, b), w)| a * b * w).sum()
    };
    let mut normal = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let value = dot(&columns[i], &columns[j]);
            normal[i * n + j] = value;
            normal[j * n + i] = value;
        }
    }
    (normal, columns.iter().map(|c| dot(c, at)).collect())
}

/// The step of (N + λ diag N) δ = gradient; `None` where that is not positive definite.
fn step(normal: &[f64], gradient: &[f64], damping: f64) -> Option<Vec<f64>> {
    let n = gradient.len();
    let mut damped = normal.to_vec();
    for i in 0..n {
        damped[i * n + i] += damping * normal[i * n + i].max(1e-12);
    }
    cholesky::solve(damped, gradient)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free(start: f64) -> Parameter {
        Parameter { start, low: -10.0, high: 10.0, scale: 1.0 }
    }

    #[test]
    fn an_exponential_is_found_although_a_tenth_of_the_points_is_wrong() {
        let points: Vec<(f64, f64)> = (0..50)
            .map(|i| {
                let t = f64::from(i) / 10.0;
                (t, if i % 10 == 3 { 30.0 } else { 2.0 * (-0.7 * t).exp() })
            })
            .collect();
        let weights = vec![1.0; points.len()];
        let x = minimise(&[free(1.0), free(0.1)], &weights, |x, out| {
            out.extend(points.iter().map(|(t, y)| (x[0] * (-x[1] * t).exp() - y) / 0.05));
        });
        assert!((x[0] - 2.0).abs() < 1e-3 && (x[1] - 0.7).abs() < 1e-3, "{x:?}");
    }

    #[test]
    fn bounds_are_kept_and_numbers_that_are_none_do_no_harm() {
        let capped = Parameter { high: 1.5, ..free(0.0) };
        let x = minimise(&[capped], &[1.0, 1.0], |x, out| out.extend([x[0] - 4.0, f64::NAN]));
        assert!((x[0] - 1.5).abs() < 1e-9, "{x:?}");
    }
}
