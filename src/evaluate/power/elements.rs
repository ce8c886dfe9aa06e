//! Behaviour of single elements: loss curves, usable capacity, loading.

use super::case::{Current, Element, LossCurve};

/// Line current of a three-phase circuit is the apparent power over √3 times the voltage between
/// lines; here the factor √3.
pub(super) const SQRT_3: f64 = 1.732_050_807_568_877_2;

impl LossCurve {
    /// From efficiencies at some load fractions and the loss at no load (fraction of rating).
    /// Points at load 0 and efficiencies outside (0, 1] are skipped.
    #[must_use]
    pub fn from_efficiencies(no_load: f64, points: &[(f64, f64)]) -> Self {
        let mut curve = vec![(0.0, no_load)];
        let usable = points.iter().filter(|(x, eta)| *x > 0.0 && *eta > 0.0 && *eta <= 1.0);
        curve.extend(usable.map(|&(x, eta)| (x, x / eta - x)));
        curve.sort_by(|a, b| a.0.total_cmp(&b.0));
        curve.dedup_by(|b, a| a.0 == b.0);
        Self(curve)
    }

    /// Loss at load fraction `x`, both of the rating. Linear between the points and beyond the
    /// last one, where an overloaded converter loses more, never the same.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        match self.0.as_slice() {
            [] => 0.0,
            [only] => only.1,
            points => {
                let right = points.partition_point(|p| p.0 < x).clamp(1, points.len() - 1);
                let (a, b) = (points[right - 1], points[right]);
                (a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0)).max(0.0)
            }
        }
    }
}

/// What flows through an element in one state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Flow {
    pub live: bool,
    /// Active power drawn from the supply, W.
    pub p_in_w: f64,
    /// Active power delivered, W.
    pub p_out_w: f64,
    /// Loss, W.
    pub loss_w: f64,
    /// Apparent power: output of a source or converter, input of anything else, VA.
    pub s_va: f64,
    /// Largest current times nominal voltage (and √3 for AC), VA.
    pub j_va: f64,
    /// Voltage at the far end, per unit.
    pub v_pu: f64,
    /// Drop from the last regulated point or transformer to the far end, per unit.
    pub drop_pu: f64,
}

/// Modules that may carry load.
pub(super) fn usable_modules(e: &Element) -> f64 {
    f64::from(e.modules - e.spare_modules)
}

/// Volt-amperes of one ampere at nominal voltage.
pub(super) fn va_per_ampere(e: &Element) -> f64 {
    match e.current {
        Current::Ac => SQRT_3 * e.v_nominal_v,
        Current::Dc => e.v_nominal_v,
    }
}

/// The rating that binds: load as a fraction of it, the rating itself and its unit.
pub(super) fn binding_rating(e: &Element, flow: &Flow) -> (f64, f64, &'static str) {
    let n = usable_modules(e);
    let candidates = [
        (e.module_rating.p_w, flow.p_out_w, "W"),
        (e.module_rating.s_va, flow.j_va, "VA"),
        (e.module_rating.i_a, flow.j_va / va_per_ampere(e), "A"),
    ];
    let mut worst = (0.0, 0.0, "");
    for (rating, value, unit) in candidates {
        if let Some(rating) = rating {
            let fraction = value / (rating * n);
            if fraction > worst.0 || worst.2.is_empty() {
                worst = (fraction, rating * n, unit);
            }
        }
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_is_interpolated_between_points_and_extrapolated_beyond_the_last() {
        let curve = LossCurve(vec![(0.0, 0.006), (0.5, 0.016), (1.0, 0.036)]);
        assert!((curve.at(0.25) - 0.011).abs() < 1e-15);
        assert!((curve.at(0.75) - 0.026).abs() < 1e-15);
        assert!((curve.at(1.5) - 0.056).abs() < 1e-15);
        assert_eq!(curve.at(0.0), 0.006);
    }

    #[test]
    fn efficiencies_become_losses() {
        let curve = LossCurve::from_efficiencies(0.01, &[(1.0, 0.96), (0.5, 0.97), (0.0, 0.9)]);
        assert_eq!(curve.0.len(), 3);
        assert!((curve.at(0.5) - (0.5 / 0.97 - 0.5)).abs() < 1e-15);
        assert!((curve.at(1.0) - (1.0 / 0.96 - 1.0)).abs() < 1e-15);
        assert_eq!(curve.at(0.0), 0.01);
    }
}
