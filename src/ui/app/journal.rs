//! The recovery copy: written a moment after the last edit, away from the window's thread.

use super::TokenmillApp;
use super::jobs::Finished;
use crate::plan::Plan;
use crate::session::journal::{Journal, Recoverable, recoverable};
use crate::units::display;
use std::path::PathBuf;
use std::sync::Arc;

/// Time between two copies, s.
const PAUSE_S: f64 = 5.0;

/// When which state was copied.
pub struct Autosave {
    folder: Option<PathBuf>,
    journal: Option<Arc<Journal>>,
    copied: Option<Plan>,
    writing: bool,
    last_s: Option<f64>,
    problem: Option<String>,
}

impl Autosave {
    /// Claims a place in the folder.
    #[must_use]
    pub fn new(folder: Option<PathBuf>) -> Self {
        let claimed = folder.as_deref().map(Journal::claim);
        let (journal, problem) = match claimed {
            Some(Ok(journal)) => (Some(Arc::new(journal)), None),
            Some(Err(error)) => (None, Some(error.to_string())),
            None => (None, None),
        };
        Self { folder, journal, copied: None, writing: false, last_s: None, problem }
    }

    /// What a crash left behind.
    #[must_use]
    pub fn found(&self) -> Vec<Recoverable> {
        self.folder.as_deref().map(recoverable).unwrap_or_default()
    }

    /// Words for the status bar.
    #[must_use]
    pub fn words(&self, now_s: f64) -> String {
        match (&self.problem, self.last_s) {
            (Some(problem), _) => format!("no recovery copy: {problem}"),
            (None, Some(last)) => {
                format!("recovery copy {} s ago", display::fixed((now_s - last).max(0.0), 0))
            }
            (None, None) => String::new(),
        }
    }

    /// Takes in the answer of a writing job.
    pub fn written(&mut self, answer: Result<(), String>, now_s: f64) {
        self.writing = false;
        match answer {
            Ok(()) => (self.last_s, self.problem) = (Some(now_s), None),
            Err(problem) => self.problem = Some(problem),
        }
    }

    /// The plan was saved, or its changes were given up.
    pub fn clear(&mut self) {
        if let Some(journal) = &self.journal {
            journal.clear();
        }
        (self.copied, self.last_s) = (None, None);
    }
}

impl TokenmillApp {
    /// Starts writing a copy where one is due.
    pub(super) fn autosave(&mut self) {
        let now = self.clock.now_s();
        let due = self.journal.last_s.is_none_or(|last| now - last >= PAUSE_S);
        let Some(journal) = self.journal.journal.clone() else { return };
        let in_gesture = self.document.history().before_gesture().is_some();
        if !due || self.journal.writing || in_gesture || !self.document.is_unsaved() {
            return;
        }
        let plan = self.document.plan().clone();
        if self.journal.copied.as_ref() == Some(&plan) {
            return;
        }
        self.journal.writing = true;
        self.journal.copied = Some(plan.clone());
        let catalog = Arc::clone(self.document.catalog());
        let origin = self.document.path().map(ToOwned::to_owned);
        self.jobs.start(move || {
            let answer = journal.write(&plan, &catalog, origin.as_deref());
            Finished::Journalled(answer.map_err(|e| e.to_string()))
        });
    }
}
