//! Applying what the views ask for.

use super::TokenmillApp;
use crate::format::limits;
use crate::plan::{Edit, Object, ObjectId};
use crate::ui::library::name_new;
use crate::ui::state::{Action, MainView, Selection, Tool};

impl TokenmillApp {
    /// Applies one action.
    pub fn act(&mut self, action: Action) {
        let preview = matches!(action, Action::Preview(_));
        match action {
            Action::Apply(edit) => self.apply(edit),
            Action::Preview(edit) => {
                if let Err(error) = self.document.preview(&edit) {
                    self.say(error.to_string());
                }
            }
            Action::Commit(label) => self.document.commit(label),
            Action::Abort => self.document.abort(),
            Action::Select(selection) => self.select(selection),
            Action::Reveal(id) => self.reveal(id),
            Action::Adopt { label, plan } => self.document.adopt(label, *plan),
            Action::Jump(steps) => self.document.jump(steps),
            Action::Use(tool) => {
                // Placing and measuring happen on the plan.
                if tool != Tool::Select {
                    self.ui_state.main = MainView::Plan;
                }
                self.ui_state.tool = tool;
            }
            Action::Show(overlay) => self.ui_state.overlay = overlay,
            Action::SliceAt(height_m) => self.ui_state.slice_height_m = height_m,
            Action::Look(main) => self.ui_state.main = main,
            Action::PickDevice(name) => self.pick_device(name),
            Action::SelectFed => {
                let fed = self.ui_state.fed.objects.clone();
                self.select(fed);
            }
            Action::Fail(name) => self.ui_state.what_if.toggle(name),
            Action::FailAll(title, out) => self.ui_state.what_if.show(title, out),
            Action::Restore => self.ui_state.what_if.restore(),
            Action::ShowLayers(layers) => self.ui_state.layers = layers,
            Action::ShowArrows(on) => self.ui_state.show_arrows = on,
            Action::Follow(on) => self.ui_state.follow = on,
            Action::RunCase(place) => self.run_cases(vec![place]),
            Action::Say(words) => self.say(words),
        }
        if !preview {
            self.drop_lost_selection();
        }
    }

    /// Words for the status bar.
    pub(super) fn say(&mut self, words: impl Into<String>) {
        self.said = words.into();
    }

    fn apply(&mut self, edit: Edit) {
        let edit = self.with_names(edit);
        // Values outside the limits of a plan file would make a plan that can not be reopened.
        let problem = match edit.apply(self.document.plan()) {
            Ok(plan) => limits::problems(&plan).into_iter().next(),
            Err(error) => Some(error.to_string()),
        };
        match problem {
            Some(problem) => self.say(problem),
            None => {
                self.say(edit.label());
                if let Err(error) = self.document.apply(&edit) {
                    self.say(error.to_string());
                }
            }
        }
    }

    /// New objects get names that the plan does not have yet.
    fn with_names(&self, edit: Edit) -> Edit {
        let Edit::Add(mut objects) = edit else { return edit };
        let taken: std::collections::BTreeSet<String> =
            self.document.plan().floor.objects().map(|o: Object| o.name()).collect();
        name_new(&mut objects, |name| taken.contains(name));
        Edit::Add(objects)
    }

    /// A device and objects of the floor are not selected together: the inspector shows one.
    fn pick_device(&mut self, name: Option<String>) {
        if name.is_some() {
            self.ui_state.selection.clear();
        }
        self.ui_state.device = name;
    }

    pub(super) fn select(&mut self, selection: Selection) {
        if !selection.is_empty() {
            self.ui_state.device = None;
        }
        self.ui_state.selection = selection;
    }

    fn reveal(&mut self, id: ObjectId) {
        self.ui_state.tool = Tool::Select;
        self.select(Selection::from([id]));
        self.floor.reveal(self.document.plan(), id);
        if self.ui_state.main == MainView::Orbit {
            self.view3d.reveal(id);
        }
    }

    /// Objects that an edit or undo took away are no longer selected.
    fn drop_lost_selection(&mut self) {
        if self.ui_state.selection.is_empty() {
            return;
        }
        let floor = &self.document.plan().floor;
        let there: std::collections::BTreeSet<ObjectId> =
            floor.footprints().map(|(id, _)| id).collect();
        self.ui_state.selection.retain(|id| there.contains(id));
    }
}
