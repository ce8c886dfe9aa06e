//! Running commands.

use super::TokenmillApp;
use crate::evaluate::economics::Headline;
use crate::plan::{Contents, Edit, Object};
use crate::study::{Figure, Study};
use crate::ui::commands::{Command, FloorKey};
use crate::ui::dialogs::{Dialog, Gallery, Palette, Swap, Taken};
use crate::ui::pickers::PickerState;
use crate::ui::state::{Action, MainView, Selection};
use eframe::egui::{self, Event, Key, Modifiers};

impl TokenmillApp {
    /// Does what a command says, if it can be done now.
    pub fn run(&mut self, command: Command, ctx: &egui::Context) {
        if !command.enabled(&self.circumstances()) {
            return;
        }
        match command {
            Command::New => self.dialog = Some(Dialog::Gallery(Gallery::new())),
            Command::Open => self.ask_open(),
            Command::Save => self.save(),
            Command::SaveAs => self.ask_save_as(),
            Command::Export => self.dialog = Some(Dialog::Export(String::new())),
            Command::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            Command::Undo => self.step(crate::session::Document::undo, "Undid"),
            Command::Redo => self.step(crate::session::Document::redo, "Redid"),
            Command::SelectAll => self.select_all(),
            Command::SelectSimilar => self.select_similar(),
            Command::SelectNone => self.select(Selection::new()),
            Command::ToggleLock => self.toggle_lock(),
            Command::Floor(key) => {
                // The view in three dimensions frames; everything else happens on the plan.
                if !matches!(key, FloorKey::ZoomFit | FloorKey::ZoomSelection) {
                    self.ui_state.main = MainView::Plan;
                }
                press(ctx, key);
            }
            Command::Show(overlay) => self.ui_state.overlay = overlay,
            Command::ToggleOrbit => {
                let plan = self.ui_state.main == MainView::Orbit;
                self.ui_state.main = if plan { MainView::Plan } else { MainView::Orbit };
            }
            Command::ToggleOneLine => {
                let plan = self.ui_state.main == MainView::OneLine;
                self.ui_state.main = if plan { MainView::Plan } else { MainView::OneLine };
            }
            Command::Restore => self.ui_state.what_if.restore(),
            Command::ToggleArrows => self.ui_state.show_arrows = !self.ui_state.show_arrows,
            Command::ToggleGridSnap => self.ui_state.snap_grid = !self.ui_state.snap_grid,
            Command::ToggleEdgeSnap => self.ui_state.snap_objects = !self.ui_state.snap_objects,
            Command::ToggleTheme => self.ui_state.dark = !self.ui_state.dark,
            Command::Toggle(pane) => {
                let shown = self.layout.shown(pane);
                *shown = !*shown;
            }
            Command::Tab(tab) => self.open_tab(tab),
            Command::Section(section) => {
                self.select(Selection::new());
                self.ui_state.device = None;
                self.layout.inspector = true;
                self.inspector.open = Some(section);
            }
            Command::Pick(picker) => self.picker = Some(PickerState::open(picker, &self.view())),
            Command::RunTradeoffs => self.run_tradeoffs(ctx),
            Command::StopTradeoffs => {
                if let Some(study) = &self.study {
                    study.cancel();
                }
            }
            Command::RunValidation => {
                self.open_tab(crate::ui::screens::Tab::Validation);
                self.run_cases((0..self.validator.cases().len()).collect());
            }
            Command::StopValidation => self.validator.stop(),
            Command::OpenCases => self.ask_cases(),
            Command::Explain(headline) => self.explain(headline),
            Command::ExplainFigure(figure) => self.explain_figure(figure),
            Command::OpenMeasured => self.ask_measured(),
            Command::ShippedCases => self.show_cases(crate::cases::shipped()),
            Command::CompareVdc800 => {
                let (document, clock) = (&self.document, self.clock.clone());
                let swap = Swap::start(document.plan(), document.catalog(), clock, ctx);
                self.dialog = Some(Dialog::Swap(std::sync::Arc::new(swap)));
            }
            Command::Palette => self.dialog = Some(Dialog::Palette(Palette::default())),
            Command::Shortcuts => self.dialog = Some(Dialog::Shortcuts),
            Command::About => self.dialog = Some(Dialog::About),
        }
    }

    /// Opens the formula tree of a headline; says so where this plan has none.
    fn explain(&mut self, headline: Headline) {
        let case = self.document.results().map(|r| std::sync::Arc::clone(&r.economics_case));
        match case.and_then(|case| Taken::headline(&case, headline)) {
            Some(taken) => self.dialog = Some(Dialog::Explain(std::sync::Arc::new(taken))),
            None => self.say(format!("{}: this plan has none", headline.label())),
        }
    }

    /// Opens the tree of a figure that no money is in.
    fn explain_figure(&mut self, figure: Figure) {
        let (plan, catalog) = (self.document.plan(), self.document.catalog());
        let results = self.document.results();
        match results.and_then(|r| Taken::figure(figure, plan, catalog, r)) {
            Some(taken) => self.dialog = Some(Dialog::Explain(std::sync::Arc::new(taken))),
            None => self.say(format!("{}: this plan has none", figure.label())),
        }
    }

    /// Closes picker and dialog.
    pub fn close_floating(&mut self) {
        (self.picker, self.dialog) = (None, None);
    }

    /// Shows the facts of a variant, by its place among the outcomes.
    pub fn choose_variant(&mut self, place: usize) {
        self.tabs.tradeoffs.chosen = self.outcomes.get(place).map(|o| o.index);
    }

    fn step(&mut self, go: impl Fn(&mut crate::session::Document) -> Option<String>, verb: &str) {
        if let Some(label) = go(&mut self.document) {
            self.say(format!("{verb}: {label}"));
        }
        self.act(Action::Select(self.ui_state.selection.clone()));
    }

    fn select_all(&mut self) {
        let all = self.document.plan().floor.footprints().map(|(id, _)| id).collect();
        self.select(all);
    }

    fn select_similar(&mut self) {
        let selected = self.view().selected();
        let alike = |object: &Object| {
            selected.iter().any(|s| match (s, object) {
                (Object::Rack(a), Object::Rack(b)) => same_contents(&a.contents, &b.contents),
                (Object::Unit(a), Object::Unit(b)) => a.model == b.model,
                (Object::Obstacle(a), Object::Obstacle(b)) => a.kind == b.kind,
                (Object::Tile(_), Object::Tile(_))
                | (Object::Containment(_), Object::Containment(_)) => true,
                _ => false,
            })
        };
        let floor = &self.document.plan().floor;
        let found = floor.objects().filter(alike).map(|o| o.id()).collect();
        self.select(found);
    }

    fn toggle_lock(&mut self) {
        let mut selected = self.view().selected();
        let lock = selected.iter().any(|o| !o.locked());
        for object in &mut selected {
            object.set_locked(lock);
        }
        let verb = if lock { "Lock" } else { "Unlock" };
        let label = format!("{verb} {} objects", selected.len());
        self.act(Action::Apply(Edit::Batch { label, edits: vec![Edit::Replace(selected)] }));
    }

    fn run_tradeoffs(&mut self, ctx: &egui::Context) {
        self.open_tab(crate::ui::screens::Tab::Tradeoffs);
        let waker = ctx.clone();
        let document = &self.document;
        self.outcomes.clear();
        self.tabs.tradeoffs.chosen = None;
        self.study = Some(Study::start(
            document.plan(),
            document.catalog(),
            self.threads,
            self.clock.clone(),
            move || waker.request_repaint(),
        ));
    }
}

fn same_contents(a: &Contents, b: &Contents) -> bool {
    match (a, b) {
        (Contents::Compute { system: a, .. }, Contents::Compute { system: b, .. }) => a == b,
        (a, b) => a == b,
    }
}

/// Presses a key for the floor, which handles it in this or the next frame.
fn press(ctx: &egui::Context, key: FloorKey) {
    ctx.memory_mut(|m| {
        if let Some(id) = m.focused() {
            m.surrender_focus(id);
        }
    });
    let shortcut = key.shortcut();
    let event = match key {
        FloorKey::Copy => Event::Copy,
        FloorKey::Cut => Event::Cut,
        FloorKey::Paste => Event::Paste(String::new()),
        _ => key_event(shortcut.logical_key, shortcut.modifiers),
    };
    let id = egui::Id::unique("pressed-for-the-floor");
    ctx.data_mut(|d| d.get_temp_mut_or_default::<Vec<Event>>(id).push(event));
    ctx.request_repaint();
}

/// Events pressed through menus since the last frame, to be put before the floor.
pub(super) fn pressed(ctx: &egui::Context) -> Vec<Event> {
    let id = egui::Id::unique("pressed-for-the-floor");
    ctx.data_mut(|d| d.remove_temp::<Vec<Event>>(id)).unwrap_or_default()
}

const fn key_event(key: Key, modifiers: Modifiers) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
}
