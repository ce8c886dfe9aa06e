//! Running validation cases, and reading those of the user's own.

use super::TokenmillApp;
use super::jobs::{Ask, Finished};
use crate::cases::{Case, folder};
use crate::session::Validator;
use crate::session::case_files::read_folder;
use crate::ui::screens::Tab;
use std::path::PathBuf;

impl TokenmillApp {
    /// Runs cases in the background, by their places in the list.
    pub(super) fn run_cases(&mut self, places: Vec<usize>) {
        let waker = self.jobs.waker();
        self.validator.start(places, self.threads, self.clock.clone(), waker);
    }

    /// Selects a case by its identifier; whether there is one.
    pub fn select_case(&mut self, id: &str) -> bool {
        let place = self.validator.cases().iter().position(|c| c.id == id);
        place.inspect(|p| self.tabs.validation.select(*p)).is_some()
    }

    /// Asks for a folder of cases.
    pub(super) fn ask_cases(&mut self) {
        self.system_dialog(Ask::Cases);
    }

    /// Reads a folder of cases away from the window's thread.
    pub(super) fn read_cases(&mut self, path: PathBuf) {
        self.jobs.start(move || {
            let texts = read_folder(&path).map_err(|e| e.to_string());
            let cases = texts.and_then(|t| folder::read(&t).map_err(|e| e.to_string()));
            Finished::Cases(cases.map_err(|e| format!("{e} ({})", path.display())))
        });
    }

    /// Shows a list of cases that were not run yet.
    pub(super) fn show_cases(&mut self, cases: Vec<Case>) {
        self.say(format!("{} validation cases", cases.len()));
        self.validator = Validator::of(cases);
        self.tabs.validation.clear();
        self.open_tab(Tab::Validation);
    }
}
