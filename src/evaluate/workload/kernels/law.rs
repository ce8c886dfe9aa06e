//! The law of a class: launch, serial steps and a roofline, times a smooth correction by size.
//!
//! ```text
//! t = (c₀ + c₁ s + ‖C/e_c, S/e_s‖₄) · exp(Σ over pairs (a, b): bilinear table at (x_a, x_b))   (1)
//! ```
//! C and S are the roofline times of arithmetic and of what streams (memory or links), s counts
//! serial steps, x are log₂ sizes. The tables were drawn toward 0 when they were fitted and are
//! clamped outside their knots: beyond the sizes that were timed, (1) is a roofline again.

use super::architecture::Architecture;
use super::class::{Class, Grid, MOST_AXES};
use super::format::Format;
use super::time::KernelTime;
use super::work::{Streams, Work};
use serde::{Deserialize, Serialize};

/// Fitted parameters of (1) for one class, format and generation, as the asset holds them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Class of operation.
    pub class: Class,
    /// Number format.
    pub format: Format,
    /// Generation of the devices that were timed.
    pub architecture: Architecture,
    /// Devices that were timed.
    pub systems: Vec<String>,
    /// Timings that went into the fit.
    pub timings: usize,
    /// Error on shapes left out of the fit, as a fraction: median.
    pub error_median: f64,
    /// Error on shapes left out of the fit, as a fraction: 9 of 10 are below.
    pub error_p90: f64,
    /// c₀: launch and tail, µs.
    pub overhead_us: f64,
    /// c₁: time of one serial step, µs.
    pub step_us: f64,
    /// `e_c`: share of peak arithmetic reached (of scale-up links in expert exchanges).
    pub compute_share: f64,
    /// `e_s`: share of the streaming bandwidth reached.
    pub stream_share: f64,
    /// Logarithms of the corrections: per pair of the class, rows over its first size.
    pub corrections: Vec<Vec<Vec<f64>>>,
}

/// The four parameters of (1) before correction, s.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Base {
    pub overhead_s: f64,
    pub step_s: f64,
    pub compute_share: f64,
    pub stream_share: f64,
}

/// Time of (1) before correction: fixed part, roofline part, and whether arithmetic binds.
#[derive(Clone, Copy, Debug)]
pub(super) struct BaseTime {
    pub fixed_s: f64,
    pub compute_s: f64,
    pub stream_s: f64,
    pub roofline_s: f64,
}

impl Base {
    /// The base of (1) at `work`.
    pub fn at(&self, work: &Work) -> BaseTime {
        let compute_s = work.compute_s / self.compute_share;
        let stream_s = work.stream_s / self.stream_share;
        BaseTime {
            fixed_s: self.overhead_s + self.step_s * work.steps,
            compute_s,
            stream_s,
            roofline_s: four_norm(compute_s, stream_s),
        }
    }
}

/// ‖a, b‖₄ of non-negative numbers.
fn four_norm(a: f64, b: f64) -> f64 {
    let (long, short) = (a.max(b), a.min(b));
    if long <= 0.0 {
        return 0.0;
    }
    let ratio = short / long;
    let square = ratio * ratio;
    long * (1.0 + square * square).sqrt().sqrt()
}

/// A law made ready: tables flattened, knots at hand.
#[derive(Clone, Debug)]
pub(super) struct Compiled {
    pub base: Base,
    axes: Vec<Vec<f64>>,
    tables: Vec<Table>,
}

#[derive(Clone, Debug)]
struct Table {
    axes: (usize, usize),
    columns: usize,
    values: Vec<f64>,
}

impl Compiled {
    /// `law` with its grid; `None` where the tables do not match the knots.
    pub fn new(law: &Law, grid: &Grid) -> Option<Self> {
        let axes: Vec<Vec<f64>> = grid.axes.iter().map(|a| a.knots.clone()).collect();
        let sorted = |k: &Vec<f64>| k.len() >= 2 && k.windows(2).all(|w| w[0] < w[1]);
        if axes.len() > MOST_AXES || !axes.iter().all(sorted) {
            return None;
        }
        let mut tables = Vec::new();
        for (&(a, b), rows) in grid.pairs.iter().zip(&law.corrections) {
            let (count, columns) = (axes.get(a)?.len(), axes.get(b)?.len());
            let values: Vec<f64> = rows.iter().flatten().copied().collect();
            if rows.len() != count || values.len() != count * columns {
                return None;
            }
            tables.push(Table { axes: (a, b), columns, values });
        }
        let base = Base {
            overhead_s: law.overhead_us * 1e-6,
            step_s: law.step_us * 1e-6,
            compute_share: law.compute_share,
            stream_share: law.stream_share,
        };
        let usable = base.compute_share > 0.0 && base.stream_share > 0.0 && base.overhead_s >= 0.0;
        (usable && tables.len() == grid.pairs.len()).then_some(Self { base, axes, tables })
    }

    /// Σ of the tables of (1) at `sizes`.
    fn correction(&self, sizes: &[f64; MOST_AXES]) -> f64 {
        let mut places = [(0usize, 0.0f64); MOST_AXES];
        for ((place, knots), &x) in places.iter_mut().zip(&self.axes).zip(sizes) {
            *place = locate(knots, x);
        }
        let mut sum = 0.0;
        for table in &self.tables {
            let ((i, u), (j, v)) = (places[table.axes.0], places[table.axes.1]);
            let at = i * table.columns + j;
            let top = table.values[at] * (1.0 - v) + table.values[at + 1] * v;
            let below = at + table.columns;
            let bottom = table.values[below] * (1.0 - v) + table.values[below + 1] * v;
            sum += top * (1.0 - u) + bottom * u;
        }
        sum
    }

    /// Equation (1) at `work`.
    pub fn time(&self, work: &Work) -> KernelTime {
        let base = self.base.at(work);
        let factor = self.correction(&work.sizes).exp();
        let roofline_s = base.roofline_s * factor;
        let mut time = KernelTime { overhead_s: base.fixed_s * factor, ..KernelTime::default() };
        match work.streams {
            Streams::Links => time.link_s = roofline_s,
            Streams::Memory if base.compute_s > base.stream_s => time.compute_s = roofline_s,
            Streams::Memory => time.memory_s = roofline_s,
        }
        time
    }
}

/// Interval of `knots` (two or more, ascending) in which `x` lies and how far in, clamped.
pub(super) fn locate(knots: &[f64], x: f64) -> (usize, f64) {
    let last = knots.len() - 2;
    let mut i = 0;
    while i < last && x > knots[i + 1] {
        i += 1;
    }
    let share = (x - knots[i]) / (knots[i + 1] - knots[i]);
    (i, if share > 0.0 { share.min(1.0) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_clamped_and_numbers_that_are_none_stand_at_the_start() {
        let knots = [0.0, 1.0, 3.0];
        assert_eq!(locate(&knots, -5.0), (0, 0.0));
        assert_eq!(locate(&knots, 2.0), (1, 0.5));
        assert_eq!(locate(&knots, 9.0), (1, 1.0));
        assert_eq!(locate(&knots, f64::NAN), (0, 0.0));
    }

    #[test]
    fn the_norm_is_the_larger_part_away_from_the_ridge() {
        assert!((four_norm(1.0, 0.1) - 1.0).abs() < 1e-4);
        assert!((four_norm(1.0, 1.0) - 2f64.powf(0.25)).abs() < 1e-12);
        assert_eq!(four_norm(0.0, 0.0), 0.0);
    }
}
