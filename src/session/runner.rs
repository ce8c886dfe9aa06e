//! The worker that evaluates plans. Latest wins: a one-place mailbox, a new request replaces the
//! waiting one and cancels the running one; a draft is published first, the settled answer after, then the fine one.

use crate::catalog::Catalog;
use crate::evaluate::cancel::{CancelToken, Cancelled};
use crate::evaluate::clock::Clock;
use crate::evaluate::result::{Quality, Results};
use crate::evaluate::{EvaluateError, Evaluator};
use crate::plan::Plan;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// What the worker reports.
#[derive(Clone, Debug)]
pub enum Update {
    /// An answer: draft, settled or fine.
    Ready(Arc<Results>),
    /// The plan can not be evaluated.
    Failed {
        /// Revision asked for.
        revision: u64,
        /// Why.
        error: EvaluateError,
    },
}

struct Request {
    plan: Plan,
    catalog: Arc<Catalog>,
    revision: u64,
    until: Quality,
}

#[derive(Default)]
struct Mailbox {
    request: Option<Request>,
    closed: bool,
}

struct Shared {
    mailbox: Mutex<Mailbox>,
    filled: Condvar,
    newest: Arc<AtomicU64>,
}

impl Shared {
    /// The mailbox, even after a panic elsewhere: its content is replaced as a whole.
    fn lock(&self) -> MutexGuard<'_, Mailbox> {
        self.mailbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A handle on the worker.
pub struct Runner {
    shared: Arc<Shared>,
    updates: Receiver<Update>,
    worker: Option<JoinHandle<()>>,
}

impl Runner {
    /// Starts a worker with its own pool of `threads`; `wake` is called after every update.
    #[must_use]
    pub fn start(threads: usize, clock: Clock, wake: impl Fn() + Send + 'static) -> Self {
        let shared = Arc::new(Shared {
            mailbox: Mutex::default(),
            filled: Condvar::new(),
            newest: Arc::new(AtomicU64::new(0)),
        });
        let (sender, updates) = channel();
        let for_worker = Arc::clone(&shared);
        let worker = std::thread::Builder::new()
            .name("solver".into())
            .spawn(move || work(&for_worker, threads, &clock, &sender, &wake))
            .ok();
        Self { shared, updates, worker }
    }

    /// Asks for an answer; drops a waiting request and cancels the running one.
    pub fn request(&self, plan: Plan, catalog: Arc<Catalog>, revision: u64, until: Quality) {
        self.shared.newest.store(revision, Ordering::Relaxed);
        self.shared.lock().request = Some(Request { plan, catalog, revision, until });
        self.shared.filled.notify_one();
    }

    /// The next report, if one is waiting.
    #[must_use]
    pub fn poll(&self) -> Option<Update> {
        self.updates.try_recv().ok()
    }

    /// Waits for the next report; `None` if the worker is gone.
    #[must_use]
    pub fn wait(&self) -> Option<Update> {
        self.updates.recv().ok()
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.shared.newest.store(u64::MAX, Ordering::Relaxed);
        self.shared.lock().closed = true;
        self.shared.filled.notify_one();
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

fn next_request(shared: &Shared) -> Option<Request> {
    let mut mailbox = shared.lock();
    loop {
        if mailbox.closed {
            return None;
        }
        if let Some(request) = mailbox.request.take() {
            return Some(request);
        }
        mailbox = shared.filled.wait(mailbox).unwrap_or_else(PoisonError::into_inner);
    }
}

fn work(
    shared: &Shared,
    threads: usize,
    clock: &Clock,
    sender: &Sender<Update>,
    wake: &(impl Fn() + Send),
) {
    let mut evaluator = Evaluator::new(threads, clock.clone());
    while let Some(request) = next_request(shared) {
        let cancel = CancelToken::new(Arc::clone(&shared.newest), request.revision);
        for quality in [Quality::Draft, Quality::Settled, Quality::Fine] {
            if quality > request.until {
                break;
            }
            let answer = evaluator.evaluate(
                &request.plan,
                &request.catalog,
                request.revision,
                quality,
                &cancel,
            );
            let update = match answer {
                Ok(results) => Update::Ready(Arc::new(results)),
                Err(EvaluateError::Cancelled(Cancelled)) => break,
                Err(error) => Update::Failed { revision: request.revision, error },
            };
            let failed = matches!(update, Update::Failed { .. });
            if sender.send(update).is_err() {
                return;
            }
            wake();
            if failed {
                break;
            }
        }
    }
}
