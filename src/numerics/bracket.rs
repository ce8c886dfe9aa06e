//! Root of a monotone function inside a bracket.
//!
//! Method: regula falsi with the Illinois weight (the stale end's value is halved), which keeps the
//! bracket and converges faster than linearly. Stopping rule: bracket or step below the tolerance,
//! or [`MAX_STEPS`]. Reference: M. Dowell, P. Jarratt, BIT 11 (1971) 168–174.

/// Most evaluations of [`root_in`]; smooth functions need about eight.
const MAX_STEPS: usize = 80;

/// The x in `lo..=hi` where `f` crosses zero, to within `tolerance` in x. If `f` has the same sign
/// at both ends, the end that is nearer to zero: the clamped answer.
pub fn root_in(lo: f64, hi: f64, tolerance: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut a, mut b) = (lo, hi);
    let (mut fa, mut fb) = (f(a), f(b));
    if fa == 0.0 || fb == 0.0 || (fa > 0.0) == (fb > 0.0) {
        return if fa.abs() <= fb.abs() { a } else { b };
    }
    let mut last = f64::INFINITY;
    for _ in 0..MAX_STEPS {
        let x = (a * fb - b * fa) / (fb - fa);
        let fx = f(x);
        if fx == 0.0 || (x - last).abs() < tolerance || (b - a).abs() < tolerance {
            return x;
        }
        last = x;
        if (fx > 0.0) == (fb > 0.0) {
            fa *= 0.5;
        } else {
            (a, fa) = (b, fb);
        }
        (b, fb) = (x, fx);
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_roots_of_rising_and_falling_functions() {
        assert!((root_in(0.0, 2.0, 1e-13, |x| x * x - 2.0) - 2f64.sqrt()).abs() < 1e-12);
        assert!((root_in(0.0, 9.0, 1e-13, |x| (-x).exp() - 0.1) - 10f64.ln()).abs() < 1e-11);
    }

    #[test]
    fn clamps_to_the_end_nearer_to_zero() {
        assert!((root_in(1.0, 3.0, 1e-9, |x| x) - 1.0).abs() < 1e-12);
        assert!((root_in(1.0, 3.0, 1e-9, |x| x - 4.0) - 3.0).abs() < 1e-12);
    }
}
