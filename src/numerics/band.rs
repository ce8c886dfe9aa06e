//! A number that is not known exactly: low, base and high.

use serde::{Deserialize, Serialize};
use std::ops::{Add, Mul};

/// Lowest, most likely and highest value; read as a triangular distribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Lowest plausible value.
    pub low: f64,
    /// Most likely value, used for the headline figure.
    pub base: f64,
    /// Highest plausible value.
    pub high: f64,
}

impl Band {
    /// A band from its three values.
    #[must_use]
    pub const fn new(low: f64, base: f64, high: f64) -> Self {
        Self { low, base, high }
    }

    /// A value known exactly.
    #[must_use]
    pub const fn exact(value: f64) -> Self {
        Self { low: value, base: value, high: value }
    }

    /// `base` with shares below and above it: `around(10.0, 0.2, 0.5)` is 8–10–15.
    #[must_use]
    pub fn around(base: f64, below: f64, above: f64) -> Self {
        Self { low: base * (1.0 - below), base, high: base * (1.0 + above) }
    }

    /// Whether the three values are finite and in order.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        self.low.is_finite()
            && self.high.is_finite()
            && self.low <= self.base
            && self.base <= self.high
    }

    /// Whether low and high differ.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        self.low < self.high
    }

    /// Quantile of the triangular distribution with mode `base`, `p` in 0–1.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        let width = self.high - self.low;
        if width <= 0.0 {
            return self.base;
        }
        let left = (self.base - self.low) / width;
        let p = p.clamp(0.0, 1.0);
        if p < left {
            self.low + (p * width * (self.base - self.low)).sqrt()
        } else {
            self.high - ((1.0 - p) * width * (self.high - self.base)).sqrt()
        }
    }
}

impl Add for Band {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self { low: self.low + o.low, base: self.base + o.base, high: self.high + o.high }
    }
}

impl Mul<f64> for Band {
    type Output = Self;
    /// Scales by a factor that is not negative.
    fn mul(self, k: f64) -> Self {
        Self { low: self.low * k, base: self.base * k, high: self.high * k }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_triangle_match_its_distribution_function() {
        let band = Band::new(1.0, 2.0, 5.0);
        assert_eq!(band.quantile(0.0), 1.0);
        assert_eq!(band.quantile(1.0), 5.0);
        assert!((band.quantile(0.25) - 2.0).abs() < 1e-12);
        let x = band.quantile(0.7);
        let below = 1.0 - (5.0 - x).powi(2) / (4.0 * 3.0);
        assert!((below - 0.7).abs() < 1e-12);
        assert_eq!(Band::exact(3.0).quantile(0.3), 3.0);
    }
}
