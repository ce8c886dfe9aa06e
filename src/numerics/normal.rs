//! The standard normal distribution: distribution function and quantiles.
//!
//! Formulas 7.1.26 (error function, absolute error below 1.5e-7) and 26.2.23 (start of the
//! quantile) of M. Abramowitz, I. Stegun, Handbook of Mathematical Functions (1964).

/// Probability that a standard normal variable is above `z`; absolute error below 1e-7.
#[must_use]
pub fn upper_tail(z: f64) -> f64 {
    let x = z.abs() * std::f64::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let poly = t
        * (0.254_829_592
            + t * (-0.284_496_736
                + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    let half = 0.5 * poly * (-x * x).exp();
    if z >= 0.0 { half } else { 1.0 - half }
}

/// The z that a standard normal variable exceeds with probability `p` in 0..1; the ends give ±8.
#[must_use]
pub fn upper_quantile(p: f64) -> f64 {
    if !(p > 0.0 && p < 1.0) {
        return if p >= 1.0 { -FAR } else { FAR };
    }
    let q = p.min(1.0 - p);
    let t = (-2.0 * q.ln()).sqrt();
    let start = t
        - (2.515_517 + t * (0.802_853 + t * 0.010_328))
            / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
    let density = (-0.5 * start * start).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let z = (start + (upper_tail(start) - q) / density).min(FAR);
    if p <= 0.5 { z } else { -z }
}

/// Where the tails are taken to end, in standard deviations.
const FAR: f64 = 8.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_tabulated_values() {
        for (z, tail) in [(0.0, 0.5), (1.0, 0.158_655_25), (1.959_964, 0.025), (3.0, 0.001_349_90)]
        {
            assert!((upper_tail(z) - tail).abs() < 2e-7, "{z}");
            assert!((upper_tail(-z) - (1.0 - tail)).abs() < 2e-7);
            assert!((upper_quantile(tail) - z).abs() < 1e-4, "{z}: {}", upper_quantile(tail));
        }
        assert!(upper_quantile(0.0) > 7.9 && upper_quantile(1.0) < -7.9);
    }
}
