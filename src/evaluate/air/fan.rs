//! Fans that give way to pressure: flow where fan curve and resistance meet.

use crate::numerics::bracket::root_in;
use crate::numerics::interpolate::clamped_linear;
use serde::{Deserialize, Serialize};

/// The fans of a rack or a unit and what they blow against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fans {
    /// Fan curve of all fans together: flow in m³/s, rising, and static pressure in Pa, falling.
    pub curve: Vec<(f64, f64)>,
    /// Resistance inside the machine in Pa s²/m⁶.
    pub resistance_pa_s2_m6: f64,
}

impl Fans {
    /// Where the fans' pressure meets the resistance and `external_pa` (discharge above intake), in
    /// m³/s: within the curve, and 0 where even standing fans' pressure is too little.
    #[must_use]
    pub fn flow_m3_s(&self, external_pa: f64) -> f64 {
        let (Some((least, _)), Some((most, _))) = (self.curve.first(), self.curve.last()) else {
            return 0.0;
        };
        let spare = |v: f64| {
            let fan = clamped_linear(&self.curve, v).unwrap_or(0.0);
            fan - self.resistance_pa_s2_m6 * v * v - external_pa
        };
        if spare(*least) <= 0.0 {
            return 0.0;
        }
        root_in(*least, *most, 1e-12 * most, spare)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fans_run_where_their_curve_meets_the_resistance() {
        // p = 100 − 50 V against 50 V²: V² + V − 2 = 0, V = 1.
        let fans = Fans { curve: vec![(0.0, 100.0), (2.0, 0.0)], resistance_pa_s2_m6: 50.0 };
        assert!((fans.flow_m3_s(0.0) - 1.0).abs() < 1e-9);
        // 80 − 50 V = 50 V²: V = (−1 + √(1 + 6.4)) / 2.
        assert!((fans.flow_m3_s(20.0) - 0.5 * (7.4_f64.sqrt() - 1.0)).abs() < 1e-9);
        assert_eq!(fans.flow_m3_s(200.0), 0.0);
        assert_eq!(Fans { curve: Vec::new(), resistance_pa_s2_m6: 1.0 }.flow_m3_s(0.0), 0.0);
    }
}
