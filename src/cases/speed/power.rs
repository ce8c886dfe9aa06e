//! Load flow of general networks: solved again from the start voltages, pattern reused, one thread;
//! beside the fastest published tool where its time on the same file is known.

use super::{CaseError, Speed, median_of};
use crate::evaluate::clock::Clock;
use crate::evaluate::power::newton::synthetic::mesh;
use crate::evaluate::power::newton::{BusBranchCase, Newton};
use crate::evaluate::power::unbalanced::{Unbalanced, UnbalancedCase};

const CASE9: &str = include_str!("../../../tests/cases/power/case9.json");
const CASE14: &str = include_str!("../../../tests/cases/power/case14.json");
const FEEDER: &str = include_str!("../../../tests/cases/power/ieee_european_lv_off_peak_1440.json");

/// Time of lightsim2grid (KLU, pattern reused, flat start) on the same files, measured on two cores
/// of a shared machine of the same make, µs.
const KLU_US: [f64; 2] = [6.7, 9.1];
/// Time of OpenDSS for a warm solution of the feeder, same machine, µs.
const OPENDSS_US: f64 = 134.6;
/// Buses of made networks, as many as in the large published ones, and the time that the fastest
/// tool takes on those, µs. Other networks: for orientation only.
const SIZES: [(usize, f64); 3] = [(118, 41.0), (1354, 900.0), (2869, 2300.0)];
/// Solves whose median is told.
const REPEATS: usize = 200;

/// Runs every measurement; `told` is called after each.
///
/// # Errors
/// A network that is not solved.
pub fn power(clock: &Clock, told: &mut dyn FnMut(&Speed)) -> Result<Vec<Speed>, CaseError> {
    let mut out = Vec::new();
    for (text, klu_us) in [CASE9, CASE14].into_iter().zip(KLU_US) {
        let case: BusBranchCase = serde_json::from_str(text).map_err(CaseError::solver)?;
        let note = format!("lightsim2grid (KLU) {klu_us} µs");
        out.push(timed(case.name.clone(), case, note, clock, told)?);
    }
    for (n, fastest_us) in SIZES {
        let note = format!("an IEEE or PEGASE network of this size: {fastest_us} µs (KLU)");
        let case = mesh(n, 0);
        out.push(timed(case.name.clone(), case, note, clock, told)?);
    }
    let case: UnbalancedCase = serde_json::from_str(FEEDER).map_err(CaseError::solver)?;
    let mut feeder = Unbalanced::new(case).map_err(CaseError::solver)?;
    let (solved, seconds) =
        median_of(REPEATS, clock, || feeder.solve().map_err(CaseError::solver))?;
    let what = "three-phase feeder of 907 buses".to_owned();
    let note = format!("OpenDSS, warm: {OPENDSS_US} µs");
    let speed = row(what, solved.iterations, seconds, note);
    told(&speed);
    out.push(speed);
    Ok(out)
}

fn timed(
    what: String,
    case: BusBranchCase,
    note: String,
    clock: &Clock,
    told: &mut dyn FnMut(&Speed),
) -> Result<Speed, CaseError> {
    let mut newton = Newton::new(case).map_err(CaseError::solver)?;
    let (solved, seconds) =
        median_of(REPEATS, clock, || newton.solve().map_err(CaseError::solver))?;
    let speed = row(what, solved.iterations, seconds, note);
    told(&speed);
    Ok(speed)
}

fn row(what: String, iterations: usize, seconds: f64, note: String) -> Speed {
    let steps = Some(iterations);
    Speed { what, threads: 1, cells: None, steps, seconds, repeats: REPEATS, note }
}
