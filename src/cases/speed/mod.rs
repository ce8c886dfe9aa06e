//! How fast the solvers are on this machine: medians of repeats, timed by an injected clock. The
//! same measurements run under `tokenmill bench` and `cargo bench`.

mod air;
mod economics;
mod evaluate;
mod hall;
mod power;
mod power_hall;
mod workload;

pub use air::air;
pub use economics::economics;
pub use evaluate::{Planned, evaluate};
pub use power::power;
pub use power_hall::power_hall;
pub use workload::workload;

use super::CaseError;
use super::statistics::quantile;
use crate::evaluate::clock::Clock;
use serde::Serialize;

/// One measurement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Speed {
    /// What was timed.
    pub what: String,
    /// Solver threads.
    pub threads: usize,
    /// Cells of a grid solver.
    pub cells: Option<usize>,
    /// Steps of an iterative solver.
    pub steps: Option<usize>,
    /// Median elapsed time, s.
    pub seconds: f64,
    /// Runs that the median is of.
    pub repeats: usize,
    /// What the number means beside others; may be empty.
    pub note: String,
}

impl Speed {
    /// Time per cell and step, ns.
    #[must_use]
    pub fn ns_per_cell_step(&self) -> Option<f64> {
        const NANOS_PER_S: f64 = 1e9;
        let work = self.cells? as f64 * self.steps? as f64;
        (work > 0.0).then(|| NANOS_PER_S * self.seconds / work)
    }
}

/// Runs `work` so often; the last answer and the median time, s.
fn median_of<T>(
    repeats: usize,
    clock: &Clock,
    mut work: impl FnMut() -> Result<T, CaseError>,
) -> Result<(T, f64), CaseError> {
    let mut times = Vec::new();
    loop {
        let start_s = clock.now_s();
        let answer = work()?;
        times.push(clock.now_s() - start_s);
        if times.len() >= repeats {
            return Ok((answer, quantile(&times, 0.5)));
        }
    }
}

/// A pool of so many threads.
fn pool(threads: usize) -> Result<rayon::ThreadPool, CaseError> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(CaseError::solver)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn the_median_is_of_all_repeats() {
        // Readings in pairs: runs of 5, 1 and 2 s.
        let readings = Mutex::new(vec![0.0, 5.0, 10.0, 11.0, 20.0, 22.0].into_iter());
        let clock = Clock::new(move || readings.lock().unwrap().next().unwrap());
        let (_, seconds) = median_of(3, &clock, || Ok(())).unwrap();
        assert_eq!(seconds, 2.0);
    }

    #[test]
    fn cost_needs_cells_and_steps() {
        let mut s = Speed {
            what: String::new(),
            threads: 1,
            cells: Some(1000),
            steps: Some(10),
            seconds: 1e-3,
            repeats: 1,
            note: String::new(),
        };
        assert!((s.ns_per_cell_step().unwrap() - 100.0).abs() < 1e-9);
        s.steps = None;
        assert_eq!(s.ns_per_cell_step(), None);
    }
}
