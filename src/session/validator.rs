//! Running validation cases in the background: own threads, progress, cancel. Outcomes are kept per
//! case until the case is run again; a case that was not run here has none.

use crate::cases::{Case, Outcome, run, shipped};
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// Revision for which the worker works; any other value cancels it.
const WANTED: u64 = 1;

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CasesProgress {
    /// Cases finished.
    pub done: usize,
    /// Cases in this run.
    pub total: usize,
    /// The case being solved, by its place in the list.
    pub current: Option<usize>,
}

/// What the worker tells.
enum Told {
    Started(usize),
    Finished(usize, Box<Outcome>),
    Ended,
}

struct Run {
    told: Receiver<Told>,
    wanted: Arc<AtomicU64>,
    worker: Option<JoinHandle<()>>,
    progress: CasesProgress,
}

/// A list of cases with what running them here gave.
pub struct Validator {
    cases: Vec<Case>,
    outcomes: Vec<Option<Outcome>>,
    run: Option<Run>,
}

impl Default for Validator {
    fn default() -> Self {
        Self::of(shipped())
    }
}

impl Validator {
    /// A list that was not run yet.
    #[must_use]
    pub fn of(cases: Vec<Case>) -> Self {
        let outcomes = cases.iter().map(|_| None).collect();
        Self { cases, outcomes, run: None }
    }

    /// The cases.
    #[must_use]
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// What a case gave when it was last run here.
    #[must_use]
    pub fn outcome(&self, place: usize) -> Option<&Outcome> {
        self.outcomes.get(place)?.as_ref()
    }

    /// Every outcome so far, in the order of the list.
    pub fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().flatten()
    }

    /// How far the run is; none when nothing runs.
    #[must_use]
    pub fn progress(&self) -> Option<CasesProgress> {
        self.run.as_ref().map(|r| r.progress)
    }

    /// Runs cases, by their places, on `threads`; does nothing while something runs. `wake` is
    /// called after every news.
    pub fn start(
        &mut self,
        places: Vec<usize>,
        threads: usize,
        clock: Clock,
        wake: impl Fn() + Send + Sync + 'static,
    ) {
        if self.run.is_some() {
            return;
        }
        let list: Vec<(usize, Case)> =
            places.into_iter().filter_map(|i| Some((i, self.cases.get(i)?.clone()))).collect();
        let wanted = Arc::new(AtomicU64::new(WANTED));
        let cancel = CancelToken::new(Arc::clone(&wanted), WANTED);
        let (sender, told) = channel();
        let progress = CasesProgress { done: 0, total: list.len(), current: None };
        let worker = std::thread::Builder::new().name("validation".into()).spawn(move || {
            // Without a pool of its own (the system refused threads) it works on the common one.
            match rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build() {
                Ok(pool) => pool.install(|| work(&list, &clock, &cancel, &sender, &wake)),
                Err(_) => work(&list, &clock, &cancel, &sender, &wake),
            }
            let _ = sender.send(Told::Ended);
            wake();
        });
        self.run = worker.ok().map(|w| Run { told, wanted, worker: Some(w), progress });
    }

    /// Asks the run to stop; what was finished stays.
    pub fn stop(&self) {
        if let Some(run) = &self.run {
            run.wanted.store(WANTED + 1, Ordering::Relaxed);
        }
    }

    /// Takes in news.
    pub fn poll(&mut self) {
        let Some(run) = &mut self.run else { return };
        let mut ended = false;
        while let Ok(told) = run.told.try_recv() {
            match told {
                Told::Started(place) => run.progress.current = Some(place),
                Told::Finished(place, outcome) => {
                    run.progress.done += 1;
                    self.outcomes[place] = Some(*outcome);
                }
                Told::Ended => ended = true,
            }
        }
        if ended {
            self.run = None;
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.wanted.store(WANTED + 1, Ordering::Relaxed);
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

fn work(
    list: &[(usize, Case)],
    clock: &Clock,
    cancel: &CancelToken,
    sender: &Sender<Told>,
    wake: &(impl Fn() + Sync),
) {
    for (place, case) in list {
        // Nobody listens any more once the window is gone; cancelling ends the loop then.
        let _ = sender.send(Told::Started(*place));
        wake();
        let Ok(outcome) = run(case, clock, cancel) else { return };
        let _ = sender.send(Told::Finished(*place, Box::new(outcome)));
        wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{Answer, CaseError, Quantity, Topic, Verdict};

    fn finish(validator: &mut Validator) {
        while validator.progress().is_some() {
            std::thread::yield_now();
            validator.poll();
        }
    }

    fn quick(id: &str) -> Case {
        let quantities = vec![Quantity::difference("q", "", 1.0, 1.0).within(0.1)];
        Case::new(id, Topic::Air, "t", "s", move |_| {
            let quantities = quantities.clone();
            Ok(Answer { quantities, picture: None, settled: true, notes: vec![] })
        })
    }

    #[test]
    fn only_what_was_run_here_has_an_outcome() {
        let mut v = Validator::of(vec![quick("a"), quick("b")]);
        assert_eq!(v.outcomes().count(), 0);
        v.start(vec![1, 9], 1, Clock::still(), || {});
        finish(&mut v);
        assert!(v.outcome(0).is_none());
        assert_eq!(v.outcome(1).unwrap().verdict, Verdict::Passed);
    }

    #[test]
    fn a_run_stops_when_asked_and_can_be_started_again() {
        let endless = Case::new("e", Topic::Air, "t", "s", |cancel: &CancelToken| {
            loop {
                cancel.check().map_err(CaseError::Cancelled)?;
                std::thread::yield_now();
            }
        });
        let mut v = Validator::of(vec![endless, quick("b")]);
        v.start(vec![0, 1], 1, Clock::still(), || {});
        v.stop();
        finish(&mut v);
        assert_eq!(v.outcomes().count(), 0);
        v.start(vec![1], 1, Clock::still(), || {});
        finish(&mut v);
        assert_eq!(v.outcomes().count(), 1);
    }
}
