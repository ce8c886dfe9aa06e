//! A data hall on two sides, made of as many blocks as wanted: transformer, UPS and busways per
//! side and block, racks on both.

use super::{CaseError, Speed, median_of};
use crate::evaluate::clock::Clock;
use crate::evaluate::power::case::{FeedRule, LossCurve};
use crate::evaluate::power::grid::{
    Branch, Converter, Grid, GridLoad, GridSolver, Source, Switching,
};
use crate::numerics::complex::Complex;

/// Blocks of the hall that is timed: 964 buses, 400 racks.
const BLOCKS: usize = 10;
/// Busways of a block and side, and racks on each.
const BUSWAYS: usize = 4;
const TAPS: usize = 10;
/// Medium and low voltage, V.
const VOLTS: [f64; 2] = [34_500.0, 415.0];
/// Racks, W, in turn along a busway.
const RACKS_W: [f64; 5] = [132e3, 40e3, 40e3, 72e3, 40e3];
/// Solves whose median is told.
const REPEATS: usize = 200;

struct Builder {
    grid: Grid,
}

impl Builder {
    fn bus(&mut self) -> usize {
        self.grid.buses += 1;
        self.grid.buses - 1
    }

    /// A cable to a new bus; impedance in Ω.
    fn cable(&mut self, f: usize, volts: f64, r_ohm: f64, x_ohm: f64) -> usize {
        let t = self.bus();
        let z = Complex::new(r_ohm, x_ohm).scale(1.0 / (volts * volts));
        let half_shunt = Complex::ZERO;
        self.grid.branches.push(Branch { f, t, z, half_shunt, ratio: 1.0, open: false });
        t
    }

    /// A transformer of 2.5 MVA, 5.75 %, to a new bus.
    fn transformer(&mut self, f: usize) -> usize {
        let t = self.bus();
        let z = Complex::new(0.007, 0.0571).scale(1.0 / 2.5e6);
        let half_shunt = Complex::new(1_875.0, 4_600.0);
        self.grid.branches.push(Branch { f, t, z, half_shunt, ratio: 1.0, open: false });
        t
    }

    fn ups(&mut self, input: usize) -> usize {
        let output = self.bus();
        let loss = vec![(0.0, 0.006), (0.25, 0.0104), (0.5, 0.0155), (0.75, 0.0232), (1.0, 0.0352)];
        let (v_out_pu, tan_phi, rated_w) = (1.0, 0.1425, 2.25e6);
        let loss = LossCurve(loss);
        self.grid.converters.push(Converter { input, output, v_out_pu, tan_phi, rated_w, loss });
        output
    }
}

/// The hall, and the loss of each intake, transformer, UPS and first busway of the first blocks.
fn hall() -> (Grid, Vec<Switching>) {
    let mut b = Builder { grid: Grid::default() };
    let mut outages = Vec::new();
    let mut taps = vec![Vec::new(); BLOCKS];
    for side in 0..2 {
        let utility = b.bus();
        b.grid.sources.push(Source { bus: utility, v_pu: 1.0, weight: 1.0, standby: false });
        let mut ring = b.cable(utility, VOLTS[0], 0.024, 0.044);
        outages.push(Switching { sources_out: vec![side], ..Switching::default() });
        for (block, taps) in taps.iter_mut().enumerate() {
            ring = b.cable(ring, VOLTS[0], 0.005, 0.0047);
            let low = b.transformer(ring);
            let transformer = b.grid.branches.len() - 1;
            outages.push(Switching { branches_out: vec![transformer], ..Switching::default() });
            let input = b.cable(low, VOLTS[1], 8.25e-5, 1.2e-4);
            let output = b.ups(input);
            let ups = b.grid.converters.len() - 1;
            outages.push(Switching { converters_out: vec![ups], ..Switching::default() });
            for busway in 0..BUSWAYS {
                if busway == 0 && block < 3 {
                    let feeder = b.grid.branches.len();
                    let branches_out = vec![feeder];
                    outages.push(Switching { branches_out, ..Switching::default() });
                }
                let length_m = 18.0 + 6.0 * busway as f64;
                let mut at = b.cable(output, VOLTS[1], 2.05e-5 * length_m, 2.5e-5 * length_m);
                for _ in 0..TAPS {
                    at = b.cable(at, VOLTS[1], 2.72e-5, 1.44e-5);
                    taps.push(at);
                }
            }
        }
    }
    for taps in &taps {
        let (left, right) = taps.split_at(BUSWAYS * TAPS);
        for (k, feeds) in left.iter().zip(right).enumerate() {
            let p_w = RACKS_W[k % RACKS_W.len()];
            let (s, rule) = (Complex::new(p_w, 0.15 * p_w), FeedRule::Share);
            b.grid.loads.push(GridLoad { s, feeds: vec![*feeds.0, *feeds.1], rule });
        }
    }
    (b.grid, outages)
}

/// Re-solves of the hall, and all of its outages, on one thread.
///
/// # Errors
/// A state that is not solved.
pub fn power_hall(clock: &Clock, told: &mut dyn FnMut(&Speed)) -> Result<Vec<Speed>, CaseError> {
    let (grid, outages) = hall();
    let mut base = GridSolver::new(&grid);
    let mut flows = Vec::new();
    base.switch(&grid, &Switching::default()).map_err(CaseError::solver)?;
    let (_, seconds) = median_of(REPEATS, clock, || {
        base.solve(&grid).map_err(|c| CaseError::solver(format!("{c:?}")))?;
        base.branches(&grid, &mut flows);
        Ok(())
    })?;
    let row = |what: String, seconds, note: &str| Speed {
        what,
        threads: 1,
        cells: None,
        steps: None,
        seconds,
        repeats: REPEATS,
        note: note.to_owned(),
    };
    let size = format!("hall of {} racks, {} buses", grid.loads.len(), grid.buses);
    let again = row(format!("{size}: one state"), seconds, "from rest, all flows read");
    told(&again);
    let mut solver = base.clone();
    let (_, seconds) = median_of(REPEATS, clock, || {
        for outage in &outages {
            solver.switch(&grid, outage).map_err(CaseError::solver)?;
            solver.solve_like(&grid, &base).map_err(|c| CaseError::solver(format!("{c:?}")))?;
            solver.branches(&grid, &mut flows);
        }
        Ok(())
    })?;
    let what = format!("{size}: {} outages", outages.len());
    let all = row(what, seconds, "each from the base state, all flows read");
    told(&all);
    Ok(vec![again, all])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hall_is_as_large_as_said_and_survives_every_outage() {
        let (grid, outages) = hall();
        assert_eq!((grid.buses, grid.loads.len(), outages.len()), (964, 400, 48));
        let mut solver = GridSolver::new(&grid);
        for outage in &outages {
            solver.switch(&grid, outage).unwrap();
            solver.solve(&grid).unwrap();
            assert!((0..grid.loads.len()).all(|l| solver.served(l)));
        }
    }
}
