//! The four parameters of equation (1) before correction, by damped least squares in log time.
//!
//! Unknowns: logarithms of c₀, c₁, `e_c`, `e_s`. Residual: ln t − ln measured, with weights
//! 1/(1 + (r/0.1)²)^½ so that outliers pull like |r|. Derivatives are exact. Damping grows until a
//! step helps and shrinks afterwards (Levenberg and Marquardt).

use super::super::law::Base;
use super::samples::Sample;
use crate::numerics::cholesky;

/// Residual, in log time, beyond which a timing pulls with constant force.
const ROBUST: f64 = 0.1;
/// Bounds of the logarithms: c₀ 2 ns - 7 ms, c₁ 0.1 ps - 1 ms, shares 0.02 - 1.
const LOW: [f64; 4] = [-20.0, -30.0, -3.9, -3.9];
const HIGH: [f64; 4] = [-5.0, -7.0, 0.0, 0.0];
/// Where the search starts: 5 µs, 0.1 µs, shares 0.6 and 0.7.
const START: [f64; 4] = [-12.2, -16.1, -0.51, -0.36];
const MOST_STEPS: usize = 200;
/// Relative gain of a step below which the search ends.
const GAIN: f64 = 1e-10;

fn base(p: &[f64; 4]) -> Base {
    Base {
        overhead_s: p[0].exp(),
        step_s: p[1].exp(),
        compute_share: p[2].exp(),
        stream_share: p[3].exp(),
    }
}

/// Parameters that bring (1) closest to `samples`.
pub(super) fn fit(samples: &[&Sample]) -> Base {
    let mut at = START;
    let mut cost = cost_of(samples, &at);
    let mut damping = 1e-3;
    for _ in 0..MOST_STEPS {
        let (matrix, slope) = normal_equations(samples, &at);
        let Some((next, lower)) = improve(samples, &at, cost, &matrix, &slope, &mut damping) else {
            break;
        };
        let gain = (cost - lower) / cost.max(f64::MIN_POSITIVE);
        (at, cost) = (next, lower);
        if gain < GAIN {
            break;
        }
    }
    base(&at)
}

/// What `samples` say nothing about, taken from `other` laws of the class: the other generation's,
/// or none. Without either a step takes no time and a share is 1.
pub(super) fn complete(base: Base, samples: &[&Sample], other: Option<(Base, &[&Sample])>) -> Base {
    let told =
        |samples: &[&Sample], part: fn(&Sample) -> f64| samples.iter().any(|s| part(s) > 0.0);
    let pick = |part: fn(&Sample) -> f64, value: fn(&Base) -> f64, neutral: f64| {
        let theirs = other.filter(|(_, samples)| told(samples, part));
        let fallback = theirs.map_or(neutral, |(base, _)| value(&base));
        if told(samples, part) { value(&base) } else { fallback }
    };
    Base {
        overhead_s: base.overhead_s,
        step_s: pick(|s| s.work.steps, |b| b.step_s, 0.0),
        compute_share: pick(|s| s.work.compute_s, |b| b.compute_share, 1.0),
        stream_share: pick(|s| s.work.stream_s, |b| b.stream_share, 1.0),
    }
}

/// A step that lowers the cost, if any damping gives one.
fn improve(
    samples: &[&Sample],
    at: &[f64; 4],
    cost: f64,
    matrix: &[f64; 16],
    slope: &[f64; 4],
    damping: &mut f64,
) -> Option<([f64; 4], f64)> {
    while *damping < 1e12 {
        let mut damped = matrix.to_vec();
        for i in 0..4 {
            damped[i * 5] += *damping * (matrix[i * 5] + 1e-9);
        }
        let step = cholesky::solve(damped, slope)?;
        let mut next = *at;
        for i in 0..4 {
            next[i] = (at[i] - step[i]).clamp(LOW[i], HIGH[i]);
        }
        let lower = cost_of(samples, &next);
        if lower < cost {
            *damping = (*damping * 0.2).max(1e-12);
            return Some((next, lower));
        }
        *damping *= 5.0;
    }
    None
}

fn cost_of(samples: &[&Sample], p: &[f64; 4]) -> f64 {
    let base = base(p);
    let cost = |s: &&Sample| {
        let r = (residual(&base, s)) / ROBUST;
        (1.0 + r * r).sqrt() - 1.0
    };
    samples.iter().map(cost).sum()
}

/// ln of (1) without correction, less ln of the time measured.
pub(super) fn residual(base: &Base, sample: &Sample) -> f64 {
    let t = base.at(&sample.work);
    (t.fixed_s + t.roofline_s).max(1e-12).ln() - sample.log_s
}

fn normal_equations(samples: &[&Sample], p: &[f64; 4]) -> ([f64; 16], [f64; 4]) {
    let base = base(p);
    let (mut matrix, mut slope) = ([0.0; 16], [0.0; 4]);
    for sample in samples {
        let t = base.at(&sample.work);
        let total = (t.fixed_s + t.roofline_s).max(1e-12);
        let r = total.ln() - sample.log_s;
        let weight = 1.0 / (1.0 + (r / ROBUST).powi(2)).sqrt();
        let q = t.roofline_s.max(1e-15);
        let share = |part: f64| -(part / q).powi(4) * q / total;
        let row = [
            base.overhead_s / total,
            base.step_s * sample.work.steps / total,
            share(t.compute_s),
            share(t.stream_s),
        ];
        for i in 0..4 {
            slope[i] += weight * row[i] * r;
            for j in 0..4 {
                matrix[i * 4 + j] += weight * row[i] * row[j];
            }
        }
    }
    (matrix, slope)
}
