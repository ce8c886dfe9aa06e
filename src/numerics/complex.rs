//! Complex numbers in Cartesian form, as much as phasor arithmetic needs.

use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Complex {
    /// Real part.
    pub re: f64,
    /// Imaginary part.
    pub im: f64,
}

impl Complex {
    /// Zero.
    pub const ZERO: Self = Self { re: 0.0, im: 0.0 };

    /// From its parts.
    #[must_use]
    pub const fn new(re: f64, im: f64) -> Self {
        Self { re, im }
    }

    /// The conjugate.
    #[must_use]
    pub const fn conj(self) -> Self {
        Self::new(self.re, -self.im)
    }

    /// The square of the magnitude.
    #[must_use]
    pub const fn norm_sqr(self) -> f64 {
        self.re * self.re + self.im * self.im
    }

    /// The magnitude.
    #[must_use]
    pub fn abs(self) -> f64 {
        self.re.hypot(self.im)
    }

    /// `self · k`.
    #[must_use]
    pub const fn scale(self, k: f64) -> Self {
        Self::new(self.re * k, self.im * k)
    }

    /// `1 / self`; not finite for zero.
    #[must_use]
    pub const fn reciprocal(self) -> Self {
        let n = self.norm_sqr();
        Self::new(self.re / n, -self.im / n)
    }

    /// `conj(self / other)`, the current that draws power `self` at voltage `other`.
    #[must_use]
    pub const fn over_conj(self, other: Self) -> Self {
        let n = other.norm_sqr();
        Self::new(
            (self.re * other.re + self.im * other.im) / n,
            (self.re * other.im - self.im * other.re) / n,
        )
    }
}

impl Add for Complex {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self::new(self.re + o.re, self.im + o.im)
    }
}

impl AddAssign for Complex {
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}

impl Sub for Complex {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self::new(self.re - o.re, self.im - o.im)
    }
}

impl Neg for Complex {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.re, -self.im)
    }
}

impl Mul for Complex {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        Self::new(self.re * o.re - self.im * o.im, self.re * o.im + self.im * o.re)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_current_of_a_power_at_a_voltage_gives_the_power_back() {
        let (s, v) = (Complex::new(3.0, 1.5), Complex::new(0.98, -0.03));
        let back = v * s.over_conj(v).conj();
        assert!((back - s).abs() < 1e-15);
        assert_eq!(Complex::new(3.0, -4.0).abs(), 5.0);
        assert_eq!((-v + v).abs(), 0.0);
    }
}
