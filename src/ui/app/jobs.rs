//! Work that must not hold up the window: dialogs of the system, reading and writing files.

use crate::catalog::Catalog;
use crate::plan::Plan;
use eframe::egui;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Why a file dialog is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// To open a plan.
    Open,
    /// To save the plan.
    SaveAs,
    /// For a folder of validation cases.
    Cases,
    /// For a table of measured points.
    Measured,
}

/// What a job brought.
pub enum Finished {
    /// A file dialog was closed.
    Picked {
        /// Why it was shown.
        ask: Ask,
        /// What was picked; none was cancelled, or no dialog could be shown.
        path: Option<PathBuf>,
        /// How long it was shown, s.
        seconds: f64,
    },
    /// A plan was read.
    Opened {
        /// From where.
        path: PathBuf,
        /// The plan with its catalogue, or why not.
        plan: Result<Box<(Plan, Arc<Catalog>)>, String>,
        /// Whether it is a recovery copy, and of which file.
        recovered: Option<Option<PathBuf>>,
    },
    /// The plan was written.
    Saved {
        /// Where.
        path: PathBuf,
        /// As it was written.
        plan: Box<Plan>,
        /// Why not.
        problem: Option<String>,
    },
    /// A folder of validation cases was read.
    Cases(Result<Vec<crate::cases::Case>, String>),
    /// A table of measured points was read.
    Measured(Result<String, String>),
    /// Something was exported.
    Exported(Result<PathBuf, String>),
    /// The recovery copy was written.
    Journalled(Result<(), String>),
}

/// Running jobs and what they bring.
pub struct Jobs {
    ctx: egui::Context,
    sender: Sender<Finished>,
    receiver: Receiver<Finished>,
    running: usize,
}

impl Jobs {
    /// No jobs yet.
    #[must_use]
    pub fn new(ctx: egui::Context) -> Self {
        let (sender, receiver) = channel();
        Self { ctx, sender, receiver, running: 0 }
    }

    /// Runs something on its own thread.
    pub fn start(&mut self, job: impl FnOnce() -> Finished + Send + 'static) {
        let (sender, ctx) = (self.sender.clone(), self.ctx.clone());
        let started = std::thread::Builder::new().name("job".into()).spawn(move || {
            // The window may have been closed meanwhile; then nobody waits for the answer.
            let _ = sender.send(job());
            ctx.request_repaint();
        });
        self.running += usize::from(started.is_ok());
    }

    /// Reports a job that runs elsewhere.
    pub fn reporter(&self) -> impl FnOnce(Finished) + Send + 'static {
        let (sender, ctx) = (self.sender.clone(), self.ctx.clone());
        move |finished| {
            let _ = sender.send(finished);
            ctx.request_repaint();
        }
    }

    /// Wakes the window from another thread.
    pub fn waker(&self) -> impl Fn() + Send + Sync + 'static + use<> {
        let ctx = self.ctx.clone();
        move || ctx.request_repaint()
    }

    /// The next finished job.
    pub fn poll(&mut self) -> Option<Finished> {
        let finished = self.receiver.try_recv().ok()?;
        self.running = self.running.saturating_sub(1);
        Some(finished)
    }

    /// Whether something runs.
    #[must_use]
    pub const fn busy(&self) -> bool {
        self.running > 0
    }
}
