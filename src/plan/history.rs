//! Undo and redo: a stack of whole plans that share their untouched sections, one labelled entry
//! per gesture. Nothing is recorded for a gesture that changed nothing.

use super::Plan;

/// One step back: the plan before, and what was done to it.
#[derive(Clone, Debug)]
struct Step {
    label: String,
    plan: Plan,
}

/// The present plan with its past and future.
#[derive(Clone, Debug)]
pub struct History {
    present: Plan,
    past: Vec<Step>,
    future: Vec<Step>,
    gesture: Option<Plan>,
}

impl History {
    /// A document without a past.
    #[must_use]
    pub const fn new(plan: Plan) -> Self {
        Self { present: plan, past: Vec::new(), future: Vec::new(), gesture: None }
    }

    /// The plan as it is now.
    #[must_use]
    pub const fn present(&self) -> &Plan {
        &self.present
    }

    /// The plan before the running gesture, if one is running.
    #[must_use]
    pub const fn before_gesture(&self) -> Option<&Plan> {
        self.gesture.as_ref()
    }

    /// Starts a gesture: what follows until `commit` is one step.
    pub fn begin(&mut self) {
        if self.gesture.is_none() {
            self.gesture = Some(self.present.clone());
        }
    }

    /// Shows a plan while a gesture runs, without recording it.
    pub fn preview(&mut self, plan: Plan) {
        self.begin();
        self.present = plan;
    }

    /// Ends the gesture as one step; records nothing if nothing changed.
    pub fn commit(&mut self, label: impl Into<String>) -> bool {
        let Some(before) = self.gesture.take() else { return false };
        if before == self.present {
            return false;
        }
        self.past.push(Step { label: label.into(), plan: before });
        self.future.clear();
        true
    }

    /// Ends the gesture and puts everything back.
    pub fn abort(&mut self) {
        if let Some(before) = self.gesture.take() {
            self.present = before;
        }
    }

    /// Records a change that is not a gesture.
    pub fn record(&mut self, label: impl Into<String>, plan: Plan) -> bool {
        self.abort();
        self.begin();
        self.present = plan;
        self.commit(label)
    }

    /// One step back; what was undone.
    pub fn undo(&mut self) -> Option<String> {
        self.abort();
        let step = self.past.pop()?;
        let undone = std::mem::replace(&mut self.present, step.plan);
        self.future.push(Step { label: step.label.clone(), plan: undone });
        Some(step.label)
    }

    /// One step forward; what was redone.
    pub fn redo(&mut self) -> Option<String> {
        self.abort();
        let step = self.future.pop()?;
        let before = std::mem::replace(&mut self.present, step.plan);
        self.past.push(Step { label: step.label.clone(), plan: before });
        Some(step.label)
    }

    /// Labels of the steps that can be undone, oldest first.
    pub fn past_labels(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.past.iter().map(|s| s.label.as_str())
    }

    /// Labels of the steps that can be redone, next first.
    pub fn future_labels(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.future.iter().rev().map(|s| s.label.as_str())
    }

    /// Goes to the state after `steps` recorded steps: undoes or redoes as often as needed.
    pub fn jump(&mut self, steps: usize) {
        while self.past.len() > steps && self.undo().is_some() {}
        while self.past.len() < steps && self.redo().is_some() {}
    }
}
