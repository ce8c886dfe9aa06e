//! Parallel UPS modules of which some sleep at low load.
//!
//! k of n modules are awake, as few as stay below [`SHEDDING_LOAD`] of their rating and one more
//! where the design has a spare. Of rated power x the system then loses
//! (1) k/n · loss(x n / k), so its curve falls in steps where a module wakes.
//! Quasi-static: the time in which a module wakes and the hysteresis of the control are left out.

use super::case::LossCurve;

/// Load at which one more module wakes, fraction of the rating of those awake. Assumption.
pub const SHEDDING_LOAD: f64 = 0.8;
/// Distance between the two ends of a step in the curve, fraction of rating.
const STEP: f64 = 1e-9;

/// Modules awake at a load of so many modules' rating.
#[must_use]
pub fn awake(load_modules: f64, installed: u32, spare: u32) -> u32 {
    let least = (load_modules / SHEDDING_LOAD - 1e-6).ceil().max(1.0);
    let wanted = if least < f64::from(installed) { least as u32 } else { installed };
    (wanted + spare.min(1)).min(installed)
}

/// The loss curve of `installed` modules of which some sleep.
#[must_use]
pub fn shed(curve: &LossCurve, installed: u32, spare: u32) -> LossCurve {
    let n = f64::from(installed.max(1));
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut from = 0.0;
    for carrying in 1..installed.saturating_sub(spare.min(1)) {
        let (k, to) = (carrying + spare.min(1), SHEDDING_LOAD * f64::from(carrying) / n);
        section(curve, f64::from(k) / n, (from, to), &mut points);
        from = to;
    }
    let last = curve.0.last().map_or(1.0, |p| p.0.max(1.0));
    section(curve, 1.0, (from, last), &mut points);
    LossCurve(points)
}

/// The part of a curve in which a share `on` of the modules is awake.
fn section(curve: &LossCurve, on: f64, (from, to): (f64, f64), points: &mut Vec<(f64, f64)>) {
    let start = if points.is_empty() { from } else { from + STEP };
    let inside = curve.0.iter().map(|p| p.0 * on).filter(|x| *x > start + STEP && *x < to - STEP);
    for x in std::iter::once(start).chain(inside).chain([to]) {
        points.push((x, on * curve.at(x / on)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve() -> LossCurve {
        LossCurve(vec![(0.0, 0.006), (0.25, 0.0104), (0.5, 0.0155), (1.0, 0.0352)])
    }

    #[test]
    fn sleeping_modules_save_their_no_load_loss_and_none_sleeps_at_full_load() {
        let shed = shed(&curve(), 4, 0);
        assert!((shed.at(0.0) - 0.25 * 0.006).abs() < 1e-12);
        // 0.3 of four modules: two of them at 0.6.
        assert!((shed.at(0.3) - 0.5 * curve().at(0.6)).abs() < 1e-9);
        for x in [0.7, 0.9, 1.0, 1.2] {
            assert!((shed.at(x) - curve().at(x)).abs() < 1e-9, "{x}");
        }
        assert!(shed.0.windows(2).all(|w| w[0].0 < w[1].0), "{shed:?}");
    }

    #[test]
    fn a_spare_module_stays_awake_and_one_module_never_sleeps() {
        assert_eq!((awake(0.5, 4, 1), awake(0.5, 4, 0), awake(3.9, 4, 1)), (2, 1, 4));
        assert_eq!(shed(&curve(), 1, 0).at(0.4), curve().at(0.4));
        let pair = shed(&curve(), 2, 1);
        assert!((pair.at(0.3) - curve().at(0.3)).abs() < 1e-12);
    }
}
