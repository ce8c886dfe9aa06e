//! Whole evaluations of plans, stage by stage.

use super::Speed;
use crate::cases::CaseError;
use crate::cases::statistics::quantile;
use crate::catalog::Catalog;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;
use crate::evaluate::result::{Quality, Results};
use crate::evaluate::{EvaluateError, Evaluator};
use crate::plan::Plan;
use std::sync::Arc;

/// A plan to evaluate.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Its name in the table.
    pub name: String,
    /// The plan.
    pub plan: Plan,
    /// The catalogue that it is resolved with.
    pub catalog: Arc<Catalog>,
}

/// Evaluations that a median is of.
const REPEATS: usize = 3;

/// Evaluates each plan from nothing; `told` is called after each measurement.
///
/// # Errors
/// A plan that can not be evaluated, or a wish to stop.
pub fn evaluate(
    plans: &[Planned],
    threads: usize,
    clock: &Clock,
    cancel: &CancelToken,
    mut told: impl FnMut(&Speed),
) -> Result<Vec<Speed>, CaseError> {
    let mut out = Vec::new();
    for planned in plans {
        let mut runs: Vec<Results> = Vec::new();
        let mut whole_s = Vec::new();
        for _ in 0..REPEATS {
            // A new evaluator each time: nothing is remembered from the run before.
            let mut evaluator = Evaluator::new(threads, clock.clone());
            let start_s = clock.now_s();
            let (plan, catalog) = (&planned.plan, &planned.catalog);
            let results = evaluator.evaluate(plan, catalog, 1, Quality::Settled, cancel);
            whole_s.push(clock.now_s() - start_s);
            runs.push(results.map_err(fault)?);
        }
        let speed = |what: String, seconds: f64| Speed {
            what,
            threads,
            cells: None,
            steps: None,
            seconds,
            repeats: REPEATS,
            note: String::new(),
        };
        let all = speed(format!("{}, all stages", planned.name), quantile(&whole_s, 0.5));
        told(&all);
        out.push(all);
        for (i, stage) in runs[0].timings.iter().enumerate() {
            let of_runs = |r: &Results| r.timings.get(i).map_or(0.0, |t| t.time.to_s());
            let seconds = quantile(&runs.iter().map(of_runs).collect::<Vec<_>>(), 0.5);
            let stage = speed(format!("{}, {}", planned.name, stage.stage), seconds);
            told(&stage);
            out.push(stage);
        }
    }
    Ok(out)
}

fn fault(error: EvaluateError) -> CaseError {
    match error {
        EvaluateError::Cancelled(c) => CaseError::Cancelled(c),
        other => CaseError::solver(other),
    }
}
