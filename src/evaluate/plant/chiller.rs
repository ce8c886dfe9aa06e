//! Chillers, first-order: coefficient of performance and capacity as straight lines of lift.
//!
//! ```text
//! lift = condenser entering (air or water) − chilled water leaving, not below the least lift
//! COP  = COP_0 (1 + a (lift_0 − lift)),   capacity = n Q_0 (1 + b (lift_0 − lift))         (1)
//! ```
//! Validity: within about 20 K of the rated lift; COP is kept between a fifth and three times the
//! rated one. Part load is not modelled (centrifugal machines gain, screws lose some).

use super::case::Chillers;

/// COP is kept between these multiples of the rated one.
const COP_BOUNDS: (f64, f64) = (0.2, 3.0);
/// Capacity does not fall below this share of the rated one.
const CAPACITY_FLOOR: f64 = 0.2;

/// Running machines.
#[derive(Clone, Debug)]
pub struct ChillerBank<'a> {
    case: &'a Chillers,
    rated_w: f64,
}

impl<'a> ChillerBank<'a> {
    pub fn new(case: &'a Chillers, running: u32) -> Self {
        Self { case, rated_w: f64::from(running) * case.rated_heat_w }
    }

    fn below_rated_k(&self, lift_k: f64) -> f64 {
        self.case.rated_lift_k - lift_k.max(self.case.min_lift_k)
    }

    /// Coefficient of performance at a lift, (1).
    pub fn cop(&self, lift_k: f64) -> f64 {
        let factor = 1.0 + self.case.cop_slope_per_k * self.below_rated_k(lift_k);
        self.case.rated_cop * factor.clamp(COP_BOUNDS.0, COP_BOUNDS.1)
    }

    /// Capacity of all running machines at a lift, W, (1).
    pub fn capacity_w(&self, lift_k: f64) -> f64 {
        let factor = 1.0 + self.case.capacity_slope_per_k * self.below_rated_k(lift_k);
        self.rated_w * factor.max(CAPACITY_FLOOR)
    }

    /// How much warmer the chilled water gets for the capacity to reach `heat_w`, K: capacity
    /// grows as the lift shrinks.
    pub fn overrun_k(&self, heat_w: f64, lift_k: f64) -> f64 {
        let short = heat_w - self.capacity_w(lift_k);
        if short <= 0.0 { 0.0 } else { short / (self.rated_w * self.case.capacity_slope_per_k) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::plant::fixture::chillers;

    #[test]
    fn less_lift_means_more_cop_and_capacity_down_to_the_least_lift() {
        let c = chillers(2, 0);
        let b = ChillerBank::new(&c, 2);
        assert!((b.cop(c.rated_lift_k) - c.rated_cop).abs() < 1e-12);
        assert!((b.capacity_w(c.rated_lift_k) - 2.0 * c.rated_heat_w).abs() < 1e-6);
        assert!(b.cop(5.0) > b.cop(10.0));
        assert!((b.cop(c.min_lift_k) - b.cop(c.min_lift_k - 30.0)).abs() < 1e-12);
        assert!(b.overrun_k(2.1 * c.rated_heat_w, c.rated_lift_k) > 0.0);
        assert_eq!(b.overrun_k(c.rated_heat_w, c.rated_lift_k), 0.0);
    }
}
