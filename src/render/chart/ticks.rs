//! Round places along an axis: steps of 1, 2 or 5, factors on logarithmic axes.

use super::Axis;

/// Leading digits of numbers on a logarithmic axis, from sparse to dense.
const DIGITS: [&[f64]; 4] =
    [&[1.0], &[1.0, 3.0], &[1.0, 2.0, 5.0], &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0]];
/// Fewest numbers that a logarithmic axis is read by.
const FEWEST: usize = 3;

impl Axis {
    /// Places of about `most` numbers over a range of places, and the step between them.
    #[must_use]
    pub fn ticks(&self, range: (f64, f64), most: usize) -> (Vec<f64>, f64) {
        if self.log
            && let Some(found) = factors(range, most)
        {
            return found;
        }
        even(range, most)
    }
}

/// Even steps of 1, 2 or 5 times a power of ten.
fn even((low, high): (f64, f64), most: usize) -> (Vec<f64>, f64) {
    if !(high > low && (high - low).is_finite()) {
        return (Vec::new(), 1.0);
    }
    let rough = (high - low) / most.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|k| k * power).find(|s| *s >= rough);
    let step = step.unwrap_or(rough);
    let first = (low / step).ceil() as i64;
    let all = (first..).map(|k| k as f64 * step).take_while(|v| *v <= high).take(2 * most + 2);
    (all.collect(), step)
}

/// Round numbers between two decimal logarithms, the densest set that still fits; `None` where
/// the range is too short for any.
fn factors((low, high): (f64, f64), most: usize) -> Option<(Vec<f64>, f64)> {
    if !(high > low && high - low < 300.0) {
        return None;
    }
    let places = |digits: &[f64]| -> Vec<f64> {
        (low.floor() as i32..=high.ceil() as i32)
            .flat_map(|k| digits.iter().map(move |d| f64::from(k) + d.log10()))
            .filter(|p| (low..=high).contains(p))
            .collect()
    };
    let sets: Vec<Vec<f64>> = DIGITS.iter().map(|digits| places(digits)).collect();
    let chosen = sets.into_iter().rev().find(|s| s.len() <= most.max(FEWEST))?;
    (chosen.len() >= FEWEST).then(|| (chosen, (high - low) / most.max(1) as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_inside() {
        let axis = Axis::default();
        assert_eq!(axis.ticks((0.0, 58.0), 6).0, [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]);
        assert_eq!(axis.ticks((-3.0, 3.0), 6).0, [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]);
        assert_eq!(axis.ticks((20.0, 100.0), 5).1, 20.0);
        assert!(axis.ticks((1.0, 1.0), 5).0.is_empty());
    }

    #[test]
    fn a_logarithmic_axis_carries_round_numbers() {
        let axis = Axis { log: true, ..Axis::default() };
        let numbers = |range, most| -> Vec<String> {
            let (places, step) = axis.ticks(range, most);
            places.into_iter().map(|p| axis.number(p, step)).collect()
        };
        assert_eq!(numbers((0.5, 2.0), 6), ["5.0", "10", "20", "50", "100"]);
        assert_eq!(numbers((0.5, 2.0), 4), ["10", "30", "100"]);
        assert_eq!(numbers((-1.0, 3.0), 5), ["0.10", "1.0", "10", "100", "1\u{2009}000"]);
    }
}
