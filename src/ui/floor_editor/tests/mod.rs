//! The canvas as a person uses it: frames without a display.

mod behaviour;
mod pictures;
mod speed;

use super::{FloorInput, FloorState, floor_editor_ui};
use crate::catalog::{Catalog, RackKey, SizeMm, load};
use crate::evaluate::Evaluator;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;
use crate::evaluate::result::{Quality, Results};
use crate::plan::{Contents, Facing, Feeds, Floor, History, ObjectId, Plan, PointMm, Rack};
use crate::ui::state::{Action, Freshness, UiState};
use crate::ui::theme::Theme;
use eframe::egui::Ui;
use std::sync::Arc;

const PRESET: &str = include_str!("../../../../presets/gb300-10mw.plan.ron");

/// A shipped preset.
fn preset() -> Plan {
    crate::format::from_text(PRESET).unwrap().plan
}

/// A rack of 600 by 1200 mm.
fn rack(id: u32, x: i32, y: i32, facing: Facing) -> Rack {
    Rack {
        id: ObjectId(id),
        name: format!("R-{id:02}"),
        frame: RackKey::new("frame"),
        size_mm: SizeMm { width: 600, depth: 1200, height: 2200 },
        at: PointMm::new(x, y),
        facing,
        contents: Contents::Reserved,
        feeds: Feeds::Both,
        rear_door: None,
        phase: 1,
        locked: false,
    }
}

/// The preset's hall with these racks only.
fn plan_with(racks: Vec<Rack>) -> Plan {
    let mut plan = preset();
    plan.next_id = racks.iter().map(|r| r.id.0).max().unwrap_or(0) + 1;
    plan.floor = Arc::new(Floor { racks, ..Floor::default() });
    plan
}

/// What the window does with the canvas, without the window.
struct Desk {
    history: History,
    catalog: Arc<Catalog>,
    results: Option<Arc<Results>>,
    freshness: Freshness,
    ui_state: UiState,
    floor: FloorState,
    said: Vec<String>,
    log: Vec<Action>,
}

impl Desk {
    fn new(plan: Plan) -> Self {
        Self {
            history: History::new(plan),
            catalog: load::shipped().unwrap(),
            results: None,
            freshness: Freshness::Missing,
            ui_state: UiState::default(),
            floor: FloorState::default(),
            said: Vec::new(),
            log: Vec::new(),
        }
    }

    /// Solves the plan, so that overlays have something to show.
    fn solve(&mut self) {
        let mut evaluator = Evaluator::new(2, Clock::still());
        let plan = self.history.present();
        let results =
            evaluator.evaluate(plan, &self.catalog, 1, Quality::Settled, &CancelToken::never());
        self.results = Some(Arc::new(results.unwrap()));
        self.freshness = Freshness::Settled;
    }

    /// One frame; applies what the canvas asks for.
    fn ui(&mut self, ui: &mut Ui) {
        let theme = if self.ui_state.dark { Theme::dark() } else { Theme::light() };
        let plan = self.history.present().clone();
        let input = FloorInput {
            plan: &plan,
            catalog: &self.catalog,
            results: self.results.as_ref(),
            freshness: self.freshness,
            ui_state: &self.ui_state,
            theme: &theme,
        };
        for action in floor_editor_ui(ui, &input, &mut self.floor) {
            self.apply(action);
        }
    }

    fn apply(&mut self, action: Action) {
        self.log.push(action.clone());
        match action {
            Action::Apply(edit) => {
                let plan = edit.apply(self.history.present()).unwrap();
                self.history.record(edit.label(), plan);
            }
            Action::Preview(edit) => {
                let before = self.history.before_gesture().unwrap_or(self.history.present());
                let plan = edit.apply(before).unwrap();
                self.history.preview(plan);
            }
            Action::Commit(label) => {
                self.history.commit(label);
            }
            Action::Abort => self.history.abort(),
            Action::Select(selection) => self.ui_state.selection = selection,
            Action::Use(tool) => self.ui_state.tool = tool,
            Action::Show(overlay) => self.ui_state.overlay = overlay,
            Action::SliceAt(height) => self.ui_state.slice_height_m = height,
            Action::ShowArrows(arrows) => self.ui_state.show_arrows = arrows,
            Action::Say(words) => self.said.push(words),
            Action::Look(main) => self.ui_state.main = main,
            Action::PickDevice(device) => self.ui_state.device = device,
            Action::Fail(name) => self.ui_state.what_if.toggle(name),
            Action::FailAll(title, out) => self.ui_state.what_if.show(title, out),
            Action::Restore => self.ui_state.what_if.restore(),
            Action::ShowLayers(layers) => self.ui_state.layers = layers,
            Action::Reveal(_)
            | Action::Adopt { .. }
            | Action::Jump(_)
            | Action::Follow(_)
            | Action::SelectFed
            | Action::RunCase(_) => {}
        }
    }

    fn rack_at(&self, id: u32) -> PointMm {
        let racks = &self.history.present().floor.racks;
        racks.iter().find(|r| r.id == ObjectId(id)).unwrap().at
    }

    fn past(&self) -> Vec<String> {
        self.history.past_labels().map(str::to_owned).collect()
    }
}
