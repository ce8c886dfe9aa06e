//! The window as a whole: one document, its views, the commands and files. Views only read; this
//! module alone applies what they ask for.

mod actions;
mod dialogs;
mod export;
mod files;
mod follow;
mod frame;
mod jobs;
mod journal;
mod measured;
mod run;
mod validate;

use super::dialogs::{Dialog, Next};
use super::floor_editor::FloorState;
use super::inspector::InspectorState;
use super::library::LibraryState;
use super::oneline::OneLineState;
use super::pickers::PickerState;
use super::screens::Layout;
use super::state::{Freshness, UiState};
use super::tabs::TabsState;
use super::theme::{self, Theme};
use super::view::View;
use super::view3d::View3dState;
use crate::catalog::Catalog;
use crate::evaluate::clock::Clock;
use crate::evaluate::result::Quality;
use crate::plan::Plan;
use crate::session::{Document, Runner, Validator};
use crate::study::{Outcome, Study};
use eframe::egui;
pub use export::ExportProgress;
pub use jobs::Ask;
use jobs::Jobs;
use std::path::PathBuf;
use std::sync::Arc;

/// What the program's entry hands to the window.
#[derive(Clone)]
pub struct Options {
    /// The plan to show first.
    pub plan: Plan,
    /// The file it came from.
    pub path: Option<PathBuf>,
    /// The catalogue, entries of the plan's file included.
    pub catalog: Arc<Catalog>,
    /// The shipped catalogue with the user's entries, base for plans opened later.
    pub base_catalog: Arc<Catalog>,
    /// Folder of recovery copies; none switches recovery off.
    pub recovery_folder: Option<PathBuf>,
    /// Threads of the solver.
    pub threads: usize,
    /// Time.
    pub clock: Clock,
    /// When the program was started, seconds since 1970; the clock counts from there.
    pub started_unix_s: u64,
    /// Starts in this theme instead of the remembered one.
    pub dark: Option<bool>,
}

/// The window.
pub struct TokenmillApp {
    document: Document,
    base_catalog: Arc<Catalog>,
    clock: Clock,
    started_unix_s: u64,
    threads: usize,
    ui_state: UiState,
    layout: Layout,
    floor: FloorState,
    view3d: View3dState,
    oneline: OneLineState,
    follower: follow::Follower,
    library: LibraryState,
    inspector: InspectorState,
    tabs: TabsState,
    picker: Option<PickerState>,
    dialog: Option<Dialog>,
    study: Option<Study>,
    outcomes: Vec<Outcome>,
    validator: Validator,
    jobs: Jobs,
    journal: journal::Autosave,
    said: String,
    quitting: bool,
    may_leave: bool,
    after_save: Option<Next>,
    applied_theme: Option<bool>,
}

impl TokenmillApp {
    /// Builds the window; fonts and theme go to the context.
    #[must_use]
    pub fn new(
        ctx: &egui::Context,
        options: Options,
        storage: Option<&dyn eframe::Storage>,
    ) -> Self {
        theme::install_fonts(ctx);
        let kept = |key| storage.and_then(|s| eframe::get_value::<String>(s, key));
        let mut ui_state: UiState =
            kept("ui").and_then(|t| ron::from_str(&t).ok()).unwrap_or_default();
        if let Some(dark) = options.dark {
            ui_state.dark = dark;
        }
        let layout = kept("layout").and_then(|t| ron::from_str(&t).ok()).unwrap_or_default();
        let waker = ctx.clone();
        let runner = Runner::start(options.threads, options.clock.clone(), move || {
            waker.request_repaint();
        });
        let journal = journal::Autosave::new(options.recovery_folder);
        let recovered = journal.found();
        let mut app = Self {
            document: Document::new(options.plan, options.catalog, options.path, runner),
            base_catalog: options.base_catalog,
            clock: options.clock.clone(),
            started_unix_s: options.started_unix_s,
            threads: options.threads,
            ui_state,
            layout,
            floor: FloorState::default(),
            view3d: View3dState::new(options.clock),
            oneline: OneLineState::default(),
            follower: follow::Follower::default(),
            library: LibraryState::default(),
            inspector: InspectorState::default(),
            tabs: TabsState::default(),
            picker: None,
            dialog: (!recovered.is_empty()).then_some(Dialog::Recovery(recovered)),
            study: None,
            outcomes: Vec::new(),
            validator: Validator::default(),
            jobs: Jobs::new(ctx.clone()),
            journal,
            said: String::new(),
            quitting: false,
            may_leave: false,
            after_save: None,
            applied_theme: None,
        };
        app.remember_recent();
        app.apply_theme(ctx);
        app
    }

    /// Refines answers beyond the settled one from now on.
    pub fn refine(&mut self) {
        self.document.refine();
    }

    /// Waits until the plan as drawn is solved. For pictures and tests; the window never waits.
    pub fn wait(&mut self) {
        self.document.wait();
    }

    /// Waits for the picture of the hall in three dimensions that was asked for last.
    pub fn wait_for_picture(&mut self, ctx: &egui::Context) {
        self.view3d.wait(ctx);
    }

    /// The floor canvas.
    pub const fn floor(&mut self) -> &mut FloorState {
        &mut self.floor
    }

    /// The three-dimensional view.
    pub const fn view3d(&mut self) -> &mut View3dState {
        &mut self.view3d
    }

    /// The one-line diagram.
    pub const fn oneline(&mut self) -> &mut OneLineState {
        &mut self.oneline
    }

    /// What the tabs remember.
    pub const fn tabs(&mut self) -> &mut TabsState {
        &mut self.tabs
    }

    /// The document.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// The validation cases and what running them here gave.
    #[must_use]
    pub const fn validator(&self) -> &Validator {
        &self.validator
    }

    /// What the window remembers.
    #[must_use]
    pub const fn ui_state(&mut self) -> &mut UiState {
        &mut self.ui_state
    }

    /// Which panels and tab are shown.
    #[must_use]
    pub const fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    /// How the results relate to the plan as drawn.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        match self.document.results() {
            None => Freshness::Missing,
            Some(r) if r.revision != self.document.revision() => Freshness::Updating,
            Some(r) if r.quality == Quality::Draft => Freshness::Draft,
            Some(_) if self.document.is_refining() => Freshness::Refining,
            Some(_) => Freshness::Settled,
        }
    }

    /// Whether nothing is being worked out: results are settled or impossible, no study, no job.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        let solved = self.document.is_settled() || self.document.failure().is_some();
        let studying = self.study.as_ref().is_some_and(|s| !s.progress().finished);
        let validating = self.validator.progress().is_some();
        solved && !studying && !validating && !self.jobs.busy() && !self.tabs.is_busy()
    }

    fn apply_theme(&mut self, ctx: &egui::Context) {
        if self.applied_theme != Some(self.ui_state.dark) {
            self.theme().apply(ctx);
            self.applied_theme = Some(self.ui_state.dark);
        }
    }

    const fn theme(&self) -> Theme {
        if self.ui_state.dark { Theme::dark() } else { Theme::light() }
    }

    /// What the views read.
    fn view(&self) -> View<'_> {
        let document = &self.document;
        View {
            plan: document.plan(),
            catalog: document.catalog(),
            results: document.results().map(AsRef::as_ref),
            reference: document.reference().map(AsRef::as_ref),
            failure: document.failure(),
            freshness: self.freshness(),
            history: document.history(),
            selection: &self.ui_state.selection,
            follow: self.ui_state.follow,
            capture: self.ui_state.capture.as_deref(),
            what_if: &self.ui_state.what_if,
            device: self.ui_state.device.as_deref(),
            theme: self.theme(),
        }
    }
}

impl eframe::App for TokenmillApp {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.frame_ui(ui);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        if let Ok(text) = ron::to_string(&self.ui_state) {
            eframe::set_value(storage, "ui", &text);
        }
        if let Ok(text) = ron::to_string(&self.layout) {
            eframe::set_value(storage, "layout", &text);
        }
    }
}

/// Opens the window and stays until it is closed.
pub fn run(options: Options) -> eframe::Result {
    /// Smallest window that shows every panel, points.
    const SMALLEST: [f32; 2] = [960.0, 600.0];
    let viewport = egui::ViewportBuilder::default()
        .with_title("Tokenmill")
        .with_app_id("tokenmill")
        .with_inner_size([1600.0, 1000.0])
        .with_min_inner_size(SMALLEST)
        .with_drag_and_drop(true);
    let native = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    eframe::run_native(
        "tokenmill",
        native,
        Box::new(|cc| {
            let mut app = TokenmillApp::new(&cc.egui_ctx, options, cc.storage);
            app.refine();
            Ok(Box::new(app))
        }),
    )
}
