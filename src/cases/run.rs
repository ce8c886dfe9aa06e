//! Running cases: one, or all with progress, cancellable, timed by an injected clock.

use super::{Answer, Case, CaseError, Picture, Quantity, Topic};
use crate::evaluate::cancel::{CancelToken, Cancelled};
use crate::evaluate::clock::Clock;
use serde::Serialize;

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every gated quantity is within its tolerance.
    Passed,
    /// At least one gated quantity falls short, or the case could not be solved.
    Failed,
    /// Nothing is gated: shown, never counted as passed.
    Information,
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Passed => "pass",
            Self::Failed => "FAIL",
            Self::Information => "info",
        }
    }
}

/// A case that was run here.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// The case's identifier.
    pub id: String,
    /// What it is about.
    pub topic: Topic,
    /// What was asked.
    pub title: String,
    /// Who made the reference.
    pub source: String,
    /// How it ended.
    pub verdict: Verdict,
    /// Reference and ours; empty when there was no answer.
    pub quantities: Vec<Quantity>,
    /// Ours against the reference.
    pub picture: Option<Picture>,
    /// Whether the solver settled.
    pub settled: bool,
    /// What a reader must know; the problem when there was no answer.
    pub notes: Vec<String>,
    /// Elapsed time, s.
    pub seconds: f64,
}

impl Outcome {
    /// The gated quantity nearest to, or farthest past, its tolerance.
    #[must_use]
    pub fn tightest(&self) -> Option<&Quantity> {
        let share = |q: &Quantity| q.tolerance.map(|t| q.error.abs() / t.max(f64::MIN_POSITIVE));
        let gated = self.quantities.iter().filter(|q| q.tolerance.is_some());
        gated.max_by(|a, b| share(a).unwrap_or(0.0).total_cmp(&share(b).unwrap_or(0.0)))
    }

    /// Gated quantities that pass, and all gated ones.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        let gated = || self.quantities.iter().filter_map(Quantity::passes);
        (gated().filter(|p| *p).count(), gated().count())
    }
}

/// Runs a case. A file or solver that fails is a failed outcome, not an error.
///
/// # Errors
/// Only when someone stopped it.
pub fn run(case: &Case, clock: &Clock, cancel: &CancelToken) -> Result<Outcome, Cancelled> {
    cancel.check()?;
    let start_s = clock.now_s();
    let answer = case.answer(cancel);
    let seconds = clock.now_s() - start_s;
    let answer = match answer {
        Ok(answer) => answer,
        Err(CaseError::Cancelled(c)) => return Err(c),
        Err(problem) => return Ok(unanswered(case, &problem, seconds)),
    };
    Ok(outcome(case, answer, seconds))
}

fn unanswered(case: &Case, problem: &CaseError, seconds: f64) -> Outcome {
    let answer = Answer {
        quantities: Vec::new(),
        picture: None,
        settled: false,
        notes: vec![problem.to_string()],
    };
    Outcome { verdict: Verdict::Failed, ..outcome(case, answer, seconds) }
}

fn outcome(case: &Case, answer: Answer, seconds: f64) -> Outcome {
    let gates: Vec<bool> = answer.quantities.iter().filter_map(Quantity::passes).collect();
    let verdict = match (gates.is_empty(), gates.iter().all(|p| *p)) {
        (true, _) => Verdict::Information,
        (false, true) => Verdict::Passed,
        (false, false) => Verdict::Failed,
    };
    Outcome {
        id: case.id.clone(),
        topic: case.topic,
        title: case.title.clone(),
        source: case.source.clone(),
        verdict,
        quantities: answer.quantities,
        picture: answer.picture,
        settled: answer.settled,
        notes: answer.notes,
        seconds,
    }
}

/// Runs cases one after the other; `done` is told each outcome with its place in the list.
///
/// # Errors
/// When someone stopped it; what was finished has been told.
pub fn run_all(
    cases: &[Case],
    clock: &Clock,
    cancel: &CancelToken,
    mut done: impl FnMut(usize, &Outcome),
) -> Result<Vec<Outcome>, Cancelled> {
    let mut outcomes = Vec::with_capacity(cases.len());
    for (i, case) in cases.iter().enumerate() {
        let outcome = run(case, clock, cancel)?;
        done(i, &outcome);
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::AtomicU64;

    fn case(quantities: Vec<Quantity>) -> Case {
        Case::new("c", Topic::Air, "t", "s", move |_| {
            Ok(Answer {
                quantities: quantities.clone(),
                picture: None,
                settled: true,
                notes: vec![],
            })
        })
    }

    fn verdict(quantities: Vec<Quantity>) -> Verdict {
        run(&case(quantities), &Clock::still(), &CancelToken::never()).unwrap().verdict
    }

    #[test]
    fn one_gate_that_falls_short_fails_the_case_and_information_never_passes_it() {
        let q = |ours| Quantity::difference("q", "", 1.0, ours);
        assert_eq!(verdict(vec![q(1.0)]), Verdict::Information);
        assert_eq!(verdict(vec![q(9.0), q(1.1).within(0.2)]), Verdict::Passed);
        assert_eq!(verdict(vec![q(1.0).within(0.2), q(1.3).within(0.2)]), Verdict::Failed);
    }

    #[test]
    fn a_broken_case_is_a_failed_outcome_that_says_why() {
        let case = Case::new("c", Topic::Air, "t", "s", |_| Err(CaseError::file("a.json", "no x")));
        let outcome = run(&case, &Clock::still(), &CancelToken::never()).unwrap();
        assert_eq!(
            (outcome.verdict, outcome.notes),
            (Verdict::Failed, vec!["a.json: no x".into()])
        );
    }

    #[test]
    fn a_stopped_run_says_so_and_tells_nothing() {
        let stopped = CancelToken::new(Arc::new(AtomicU64::new(2)), 1);
        let cases = [case(vec![])];
        let end = run_all(&cases, &Clock::still(), &stopped, |_, _| panic!("told"));
        assert_eq!(end, Err(Cancelled));
    }
}
