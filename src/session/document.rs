//! The open document: the only writer of a plan.

use super::runner::{Runner, Update};
use crate::catalog::Catalog;
use crate::evaluate::EvaluateError;
use crate::evaluate::result::{Quality, Results};
use crate::plan::{Edit, EditError, History, Plan};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A plan with its history, its latest results and its file.
pub struct Document {
    history: History,
    catalog: Arc<Catalog>,
    runner: Runner,
    revision: u64,
    results: Option<Arc<Results>>,
    /// Results of the state before the running (or last) gesture, for delta chips.
    reference: Option<Arc<Results>>,
    failure: Option<EvaluateError>,
    path: Option<PathBuf>,
    /// The plan as its file has it; none for a plan that was never written.
    saved: Option<Plan>,
    /// How far answers are refined when nothing moves.
    finest: Quality,
    /// How far the present revision was asked to be refined.
    wanted: Quality,
}

impl Document {
    /// Opens a plan on a worker and asks for its first answer.
    #[must_use]
    pub fn new(plan: Plan, catalog: Arc<Catalog>, path: Option<PathBuf>, runner: Runner) -> Self {
        let mut document = Self {
            saved: Some(plan.clone()),
            history: History::new(plan),
            catalog,
            runner,
            revision: 0,
            results: None,
            reference: None,
            failure: None,
            path,
            finest: Quality::Settled,
            wanted: Quality::Settled,
        };
        document.changed(Quality::Settled);
        document
    }

    /// Puts another plan into this document: a new file, a preset, a recovered one.
    pub fn replace(&mut self, plan: Plan, catalog: Arc<Catalog>, path: Option<PathBuf>) {
        self.saved = Some(plan.clone());
        self.history = History::new(plan);
        self.catalog = catalog;
        self.path = path;
        self.results = None;
        self.reference = None;
        self.failure = None;
        self.changed(self.finest);
    }

    /// The plan as it is now, a running gesture included.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        self.history.present()
    }

    /// The history, for the list of steps.
    #[must_use]
    pub const fn history(&self) -> &History {
        &self.history
    }

    /// The catalogue that this document is resolved with.
    #[must_use]
    pub const fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// The latest results, maybe of an older revision.
    #[must_use]
    pub const fn results(&self) -> Option<&Arc<Results>> {
        self.results.as_ref()
    }

    /// The results before the running or last gesture.
    #[must_use]
    pub const fn reference(&self) -> Option<&Arc<Results>> {
        self.reference.as_ref()
    }

    /// Why the present plan has no results.
    #[must_use]
    pub const fn failure(&self) -> Option<&EvaluateError> {
        self.failure.as_ref()
    }

    /// The present revision; results of an older one are shown dimmed.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Refines every answer from now on beyond the settled one, in the background.
    pub fn refine(&mut self) {
        self.finest = Quality::Fine;
        self.changed(self.finest);
    }

    /// Whether a finer answer for the present revision is under way.
    #[must_use]
    pub fn is_refining(&self) -> bool {
        self.failure.is_none()
            && self
                .results
                .as_ref()
                .is_none_or(|r| r.revision != self.revision || r.quality < self.wanted)
    }

    /// Whether the latest results are settled or finer, and of the present revision.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.results
            .as_ref()
            .is_some_and(|r| r.revision == self.revision && r.quality >= Quality::Settled)
    }

    /// Whether there is something to save.
    #[must_use]
    pub fn is_unsaved(&self) -> bool {
        !self.saved.as_ref().is_some_and(|saved| is_same(saved, self.plan()))
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Notes that the present plan was written to `path`.
    pub fn mark_saved(&mut self, path: PathBuf) {
        self.mark_saved_as(path, self.plan().clone());
    }

    /// Notes that a plan, maybe an earlier state of this one, was written to `path`.
    pub fn mark_saved_as(&mut self, path: PathBuf, plan: Plan) {
        self.saved = Some(plan);
        self.path = Some(path);
    }

    /// Notes that the present plan is in no file: it was recovered.
    pub fn mark_unsaved(&mut self) {
        self.saved = None;
    }

    /// Takes over a whole other state as one step of the history (a trade-off variant).
    pub fn adopt(&mut self, label: impl Into<String>, plan: Plan) {
        self.start_reference();
        if self.history.record(label, plan) {
            self.changed(self.finest);
        }
    }

    /// Applies an edit as one step of the history.
    pub fn apply(&mut self, edit: &Edit) -> Result<(), EditError> {
        let plan = edit.apply(self.plan())?;
        self.start_reference();
        if self.history.record(edit.label(), plan) {
            self.changed(self.finest);
        }
        Ok(())
    }

    /// Shows an edit of the state before the gesture, without recording it: for dragging.
    pub fn preview(&mut self, edit: &Edit) -> Result<(), EditError> {
        let before = self.history.before_gesture().unwrap_or_else(|| self.history.present());
        let plan = edit.apply(before)?;
        if self.history.before_gesture().is_none() {
            self.start_reference();
        }
        if plan != *self.plan() {
            self.history.preview(plan);
            self.changed(Quality::Draft);
        }
        Ok(())
    }

    /// Records the previewed state as one step.
    pub fn commit(&mut self, label: impl Into<String>) {
        if self.history.before_gesture().is_some() {
            self.history.commit(label);
            self.changed(self.finest);
        }
    }

    /// Drops the previewed state.
    pub fn abort(&mut self) {
        if self.history.before_gesture().is_some() {
            self.history.abort();
            self.changed(self.finest);
        }
    }

    /// One step back; what was undone.
    pub fn undo(&mut self) -> Option<String> {
        let label = self.history.undo()?;
        self.start_reference();
        self.changed(self.finest);
        Some(label)
    }

    /// One step forward; what was redone.
    pub fn redo(&mut self) -> Option<String> {
        let label = self.history.redo()?;
        self.start_reference();
        self.changed(self.finest);
        Some(label)
    }

    /// Goes to the state after `steps` recorded steps.
    pub fn jump(&mut self, steps: usize) {
        self.start_reference();
        self.history.jump(steps);
        self.changed(self.finest);
    }

    /// Takes in what the worker reported; whether anything was new.
    pub fn poll(&mut self) -> bool {
        let mut news = false;
        while let Some(update) = self.runner.poll() {
            self.take(update);
            news = true;
        }
        news
    }

    /// Waits until the present revision is settled or has failed. For the command line and tests.
    pub fn wait(&mut self) {
        while !self.is_settled() && self.failure.is_none() {
            let Some(update) = self.runner.wait() else { return };
            self.take(update);
        }
    }

    fn take(&mut self, update: Update) {
        match update {
            Update::Ready(results) => {
                if results.revision == self.revision {
                    self.failure = None;
                }
                self.results = Some(results);
            }
            Update::Failed { revision, error } if revision == self.revision => {
                self.failure = Some(error);
            }
            Update::Failed { .. } => {}
        }
    }

    fn start_reference(&mut self) {
        self.reference.clone_from(&self.results);
    }

    fn changed(&mut self, until: Quality) {
        self.revision += 1;
        self.wanted = until;
        self.failure = None;
        let (plan, catalog) = (self.plan().clone(), Arc::clone(&self.catalog));
        self.runner.request(plan, catalog, self.revision, until);
    }
}

/// Whether two plans are equal; sections that are the same in memory are not compared. The window
/// asks this in every frame.
fn is_same(a: &Plan, b: &Plan) -> bool {
    fn section<T: PartialEq>(a: &Arc<T>, b: &Arc<T>) -> bool {
        Arc::ptr_eq(a, b) || a == b
    }
    a.name == b.name
        && a.notes == b.notes
        && a.next_id == b.next_id
        && section(&a.site, &b.site)
        && section(&a.hall, &b.hall)
        && section(&a.power, &b.power)
        && section(&a.cooling, &b.cooling)
        && section(&a.fabric, &b.fabric)
        && section(&a.storage, &b.storage)
        && section(&a.workload, &b.workload)
        && section(&a.finance, &b.finance)
        && section(&a.floor, &b.floor)
}
