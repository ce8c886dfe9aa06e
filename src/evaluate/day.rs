//! The shape of a day of demand, the same for the service level and for the price of energy.

use crate::numerics::bracket::root_in;

/// Hours of a day.
pub const HOURS: usize = 24;
/// Steepest day that is told from one whose requests all come in one hour.
const STEEPEST: f64 = 4_000.0;

/// Demand of each hour over the mean of the day: 1 in the mean, `peak_to_mean` at `peak_h`.
///
/// - (1) up to twice the mean, 1 + (p − 1) cos θ
/// - (2) above, where a cosine would go below zero at night, exp(κ (cos θ − 1)) over its mean, with
///   κ such that the peak is p
///
/// θ counts from the peak, once around in a day. A p outside 1 to 24 is taken as the nearer end:
/// the mean of 24 hours holds a twenty-fourth of any of them.
#[must_use]
pub fn shape(peak_to_mean: f64, peak_h: f64) -> [f64; HOURS] {
    let peak_to_mean = if peak_to_mean > 1.0 { peak_to_mean.min(HOURS as f64) } else { 1.0 };
    let peak = (peak_h.max(0.0).round() as usize) % HOURS;
    let by_distance = if peak_to_mean <= 2.0 {
        std::array::from_fn(|d| 1.0 + (peak_to_mean - 1.0) * turned(d))
    } else {
        let kappa = root_in(0.0, STEEPEST, 1e-12, |k| 1.0 / mean(&steep(k)) - peak_to_mean);
        let raw = steep(kappa);
        raw.map(|v| v / mean(&raw))
    };
    std::array::from_fn(|h| by_distance[distance(h, peak)])
}

/// Hours between two hours, the shorter way around.
fn distance(a: usize, b: usize) -> usize {
    let apart = a.abs_diff(b);
    apart.min(HOURS - apart)
}

/// cos θ, `hours` from the peak. Hours equally far from it get the same bits.
fn turned(hours: usize) -> f64 {
    (std::f64::consts::TAU * distance(hours, 0) as f64 / HOURS as f64).cos()
}

fn steep(kappa: f64) -> [f64; HOURS] {
    std::array::from_fn(|d| (kappa * (turned(d) - 1.0)).exp())
}

fn mean(hours: &[f64; HOURS]) -> f64 {
    hours.iter().sum::<f64>() / HOURS as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_one_and_the_peak_is_what_was_asked() {
        for asked in [1.0, 1.23, 2.0, 2.01, 3.5, 10.0, 20.0] {
            let day = shape(asked, 15.0);
            assert!((mean(&day) - 1.0).abs() < 1e-12, "{asked}: {}", mean(&day));
            assert!((day[15] - asked).abs() < 1e-8, "{asked}: {}", day[15]);
            assert!(day.iter().all(|v| *v >= 0.0 && *v <= day[15]), "{asked}: {day:?}");
        }
    }

    #[test]
    fn hours_as_far_from_the_peak_are_alike_and_absurd_peaks_are_held() {
        let day = shape(1.7, 22.0);
        assert_eq!(day[20].to_bits(), day[0].to_bits());
        assert_eq!(shape(0.2, 3.0), [1.0; HOURS]);
        assert_eq!(shape(f64::NAN, 3.0), [1.0; HOURS]);
        assert!((shape(90.0, 3.0)[3] - 24.0).abs() < 1e-6);
    }
}
