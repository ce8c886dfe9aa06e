//! The air solver: from rest, after one rack moved, on one and two threads, from 40,000 to a
//! million cells.

use super::hall::{RACKS, hall, one_rack_moved};
use super::{Speed, median_of, pool};
use crate::cases::CaseError;
use crate::evaluate::air::{AirCase, AirError, AirResult, AirState, answer, solve};
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;

/// Modules along x and y: 40,000, 160,000, 360,000 and a million cells.
const SIZES: [(usize, usize); 4] = [(1, 1), (2, 2), (3, 3), (5, 5)];
/// Repeats of a measurement on up to so many cells; larger ones run once.
const REPEATS: usize = 3;
const REPEATED_CELLS: usize = 200_000;
/// Threads that are compared.
const THREADS: [usize; 2] = [1, 2];

/// Runs every measurement; `told` is called after each.
///
/// # Errors
/// A solver that refuses, or a wish to stop.
pub fn air(
    clock: &Clock,
    cancel: &CancelToken,
    mut told: impl FnMut(&Speed),
) -> Result<Vec<Speed>, CaseError> {
    let mut out: Vec<Speed> = Vec::new();
    for (nx, ny) in SIZES {
        let case = hall(nx, ny);
        let mut alone_s = None;
        for threads in THREADS {
            let from_rest = format!("{} racks, from rest", RACKS * nx * ny);
            let (mut speed, state) = timed(&from_rest, &case, None, threads, clock, cancel)?;
            speed.note = scaling(alone_s, speed.seconds);
            alone_s.get_or_insert(speed.seconds);
            told(&speed);
            out.push(speed);
            let moved = one_rack_moved(&case);
            let after = format!("{} racks, after one moved", RACKS * nx * ny);
            let (speed, _) = timed(&after, &moved, Some(&state), threads, clock, cancel)?;
            told(&speed);
            out.push(speed);
        }
    }
    Ok(out)
}

fn scaling(alone_s: Option<f64>, seconds: f64) -> String {
    alone_s.map_or_else(String::new, |one| format!("{:.2} × one thread", one / seconds))
}

fn timed(
    what: &str,
    case: &AirCase,
    start: Option<&AirState>,
    threads: usize,
    clock: &Clock,
    cancel: &CancelToken,
) -> Result<(Speed, AirState), CaseError> {
    let pool = pool(threads)?;
    let volume: f64 = case.room_m.iter().product();
    let repeats = if volume / case.dx_m.powi(3) > REPEATED_CELLS as f64 { 1 } else { REPEATS };
    let run = || pool.install(|| solved(case, start, cancel));
    let ((result, state), seconds) = median_of(repeats, clock, run)?;
    let told = answer(&result, Vec::new(), seconds, seconds);
    let speed = Speed {
        what: what.into(),
        threads,
        cells: Some(told.cells),
        steps: Some(told.steps),
        seconds,
        repeats,
        note: String::new(),
    };
    Ok((speed, state))
}

fn solved(
    case: &AirCase,
    start: Option<&AirState>,
    cancel: &CancelToken,
) -> Result<(AirResult, AirState), CaseError> {
    solve(case, start, cancel).map_err(|error| match error {
        AirError::Cancelled(c) => CaseError::Cancelled(c),
        other => CaseError::solver(other),
    })
}
