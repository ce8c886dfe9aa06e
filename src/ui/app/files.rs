//! Opening, saving, recent files, the guard for unsaved changes, files dropped on the window.

use super::TokenmillApp;
use super::jobs::{Ask, Finished};
use crate::plan::Plan;
use crate::session::files;
use crate::session::journal::{Recoverable, discard};
use crate::ui::dialogs::{Dialog, Next, PathField};
use crate::ui::state::Selection;
use eframe::egui;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Ending of plan files.
const ENDING: &str = "plan.ron";
/// Recent files kept.
const RECENT: usize = 8;
/// A system dialog that is gone sooner than this was never shown, s: no portal answers.
const NEVER_SHOWN_S: f64 = 0.6;

impl TokenmillApp {
    /// Asks for a file to open, once unsaved changes are dealt with.
    pub(super) fn ask_open(&mut self) {
        self.guard(Next::AskOpen);
    }

    /// Opens a file, once unsaved changes are dealt with.
    pub(super) fn open_guarded(&mut self, path: PathBuf) {
        self.guard(Next::Open(path));
    }

    /// Goes on at once, or asks what to do with unsaved changes.
    pub(super) fn guard(&mut self, next: Next) {
        if self.document.is_unsaved() {
            self.dialog = Some(Dialog::Unsaved(next));
        } else {
            self.go_on(next);
        }
    }

    /// What follows when unsaved changes are dealt with.
    pub(super) fn go_on(&mut self, next: Next) {
        match next {
            Next::AskOpen => self.system_dialog(Ask::Open),
            Next::Open(path) => self.open(path, None),
            Next::Preset(id) => self.open_preset(&id),
            Next::Quit => self.quitting = true,
        }
    }

    fn open(&mut self, path: PathBuf, recovered: Option<Option<PathBuf>>) {
        let base = Arc::clone(&self.base_catalog);
        self.jobs.start(move || {
            let plan = files::open(&path)
                .map(|o| Box::new((o.plan, Arc::new(base.overlaid(&o.embedded)))))
                .map_err(|e| e.to_string());
            Finished::Opened { path, plan, recovered }
        });
    }

    fn open_preset(&mut self, id: &str) {
        let Some(preset) = crate::session::presets::preset(id) else { return };
        match crate::format::from_text(preset.text) {
            Ok(opened) => {
                let catalog = Arc::new(self.base_catalog.overlaid(&opened.embedded));
                self.show_plan(opened.plan, catalog, None);
            }
            Err(error) => self.dialog = Some(Dialog::Problem(error.to_string())),
        }
    }

    fn show_plan(
        &mut self,
        plan: Plan,
        catalog: Arc<crate::catalog::Catalog>,
        path: Option<PathBuf>,
    ) {
        self.say(format!("Opened {}", plan.name));
        self.document.replace(plan, catalog, path);
        self.select(Selection::new());
        self.study = None;
        self.outcomes.clear();
        self.journal.clear();
        self.floor.fit();
        self.view3d.fit();
        self.remember_recent();
    }

    /// Saves to the plan's file, or asks where.
    pub(super) fn save(&mut self) {
        match self.document.path().map(Path::to_owned) {
            Some(path) => self.save_to(path),
            None => self.ask_save_as(),
        }
    }

    pub(super) fn ask_save_as(&mut self) {
        self.system_dialog(Ask::SaveAs);
    }

    fn save_to(&mut self, path: PathBuf) {
        let plan = Box::new(self.document.plan().clone());
        let catalog = Arc::clone(self.document.catalog());
        self.jobs.start(move || {
            let problem = files::save(&path, &plan, &catalog).err().map(|e| e.to_string());
            Finished::Saved { path, plan, problem }
        });
    }

    /// A dialog of the system on its own thread.
    pub(super) fn system_dialog(&mut self, ask: Ask) {
        let name = format!("{}.{ENDING}", file_name(&self.document.plan().name));
        let folder = self.document.path().and_then(Path::parent).map(Path::to_owned);
        let clock = self.clock.clone();
        self.jobs.start(move || {
            let start = clock.now_s();
            let mut dialog = rfd::FileDialog::new().add_filter("Tokenmill plan", &["ron"]);
            if let Some(folder) = folder {
                dialog = dialog.set_directory(folder);
            }
            let path = match ask {
                Ask::Open => dialog.pick_file(),
                Ask::SaveAs => dialog.set_file_name(name).save_file(),
                Ask::Cases => rfd::FileDialog::new().pick_folder(),
                Ask::Measured => {
                    rfd::FileDialog::new().add_filter("Table", &["csv", "tsv", "txt"]).pick_file()
                }
            };
            Finished::Picked { ask, path, seconds: clock.now_s() - start }
        });
    }

    /// Takes in what jobs brought.
    pub(super) fn take_finished_jobs(&mut self, ctx: &egui::Context) {
        while let Some(finished) = self.jobs.poll() {
            match finished {
                Finished::Picked { ask, path, seconds } => self.picked(ask, path, seconds),
                Finished::Opened { path, plan, recovered } => self.opened(path, plan, recovered),
                Finished::Saved { path, plan, problem } => self.saved(path, *plan, problem, ctx),
                Finished::Cases(Ok(cases)) => self.show_cases(cases),
                Finished::Measured(Ok(text)) => self.show_measured(text, ctx),
                Finished::Exported(Ok(path)) => self.say(format!("Written: {}", path.display())),
                Finished::Cases(Err(problem))
                | Finished::Measured(Err(problem))
                | Finished::Exported(Err(problem)) => {
                    self.dialog = Some(Dialog::Problem(problem));
                }
                Finished::Journalled(answer) => {
                    let now = self.clock.now_s();
                    self.journal.written(answer, now);
                }
            }
        }
    }

    fn picked(&mut self, ask: Ask, path: Option<PathBuf>, seconds: f64) {
        match (path, ask) {
            (Some(path), _) => self.use_path(ask, path),
            (None, _) if seconds < NEVER_SHOWN_S => {
                let start = self.suggested_path(ask);
                self.dialog = Some(Dialog::Path(PathField::new(ask, &start)));
            }
            (None, _) => {}
        }
    }

    fn suggested_path(&self, ask: Ask) -> PathBuf {
        match (ask, self.document.path()) {
            (Ask::Cases | Ask::Measured, _) => PathBuf::new(),
            (Ask::SaveAs, None) => {
                PathBuf::from(format!("{}.{ENDING}", file_name(&self.document.plan().name)))
            }
            (_, path) => path.map(Path::to_owned).unwrap_or_default(),
        }
    }

    /// A path that was picked or typed.
    pub(super) fn use_path(&mut self, ask: Ask, path: PathBuf) {
        match ask {
            Ask::Open => self.open(path, None),
            Ask::SaveAs => self.save_to(with_ending(path)),
            Ask::Cases => self.read_cases(path),
            Ask::Measured => self.read_measured(path),
        }
    }

    fn opened(
        &mut self,
        path: PathBuf,
        plan: Result<Box<(Plan, Arc<crate::catalog::Catalog>)>, String>,
        recovered: Option<Option<PathBuf>>,
    ) {
        let (plan, catalog) = match plan {
            Ok(both) => *both,
            Err(problem) => {
                self.dialog = Some(Dialog::Problem(problem));
                return;
            }
        };
        match recovered {
            None => self.show_plan(plan, catalog, Some(path)),
            Some(origin) => {
                self.show_plan(plan, catalog, origin.clone());
                self.document.mark_unsaved();
                discard(&Recoverable { copy: path, origin });
                self.say("Recovered; save it to keep it");
            }
        }
    }

    fn saved(&mut self, path: PathBuf, plan: Plan, problem: Option<String>, ctx: &egui::Context) {
        if let Some(problem) = problem {
            self.after_save = None;
            self.dialog = Some(Dialog::Problem(problem));
            return;
        }
        self.say(format!("Saved {}", path.display()));
        self.document.mark_saved_as(path, plan);
        self.journal.clear();
        self.remember_recent();
        if let Some(next) = self.after_save.take() {
            self.go_on(next);
        }
        ctx.request_repaint();
    }

    /// Puts the open file first in the list of recent ones.
    pub(super) fn remember_recent(&mut self) {
        let Some(path) = self.document.path().map(Path::to_owned) else { return };
        self.ui_state.recent.retain(|p| *p != path);
        self.ui_state.recent.insert(0, path);
        self.ui_state.recent.truncate(RECENT);
    }

    /// Recovers or drops what a crash left behind.
    pub(super) fn recover(&mut self, found: &Recoverable) {
        self.open(found.copy.clone(), Some(found.origin.clone()));
    }

    /// A plan file dropped on the window.
    pub(super) fn dropped_files(&mut self, ctx: &egui::Context) {
        let dropped = ctx.input(|i| i.raw.dropped_files.first().map(|f| f.path().to_owned()));
        if let Some(path) = dropped {
            self.open_guarded(path);
        }
    }

    /// Asks before the window closes with unsaved changes.
    pub(super) fn close_guard(&mut self, ctx: &egui::Context) {
        if self.quitting {
            if !self.jobs.busy() {
                self.journal.clear();
                self.quitting = false;
                self.leave(ctx);
            }
            return;
        }
        let wanted = ctx.input(|i| i.viewport().close_requested());
        if wanted && !self.may_leave && self.document.is_unsaved() {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.dialog = Some(Dialog::Unsaved(Next::Quit));
        }
    }

    fn leave(&mut self, ctx: &egui::Context) {
        self.may_leave = true;
        ctx.send_viewport_cmd(egui::ViewportCommand::Close);
    }
}

/// A title as a file name: letters and digits, the rest as hyphens.
fn file_name(title: &str) -> String {
    let plain: String =
        title.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let parts: Vec<&str> = plain.split('-').filter(|p| !p.is_empty()).take(6).collect();
    if parts.is_empty() { "plan".into() } else { parts.join("-") }
}

fn with_ending(path: PathBuf) -> PathBuf {
    if path.extension().is_some() {
        return path;
    }
    let mut name = path.into_os_string();
    name.push(format!(".{ENDING}"));
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_file_names() {
        assert_eq!(file_name("GB300 10 MW (draft)"), "gb300-10-mw-draft");
        assert_eq!(file_name("///"), "plan");
        assert_eq!(with_ending("a/b".into()), PathBuf::from("a/b.plan.ron"));
        assert_eq!(with_ending("a/b.ron".into()), PathBuf::from("a/b.ron"));
    }
}
