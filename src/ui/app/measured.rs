//! A user's own table of measured points, from a file.

use super::TokenmillApp;
use super::jobs::{Ask, Finished};
use crate::session::files::read_text;
use crate::ui::screens::Tab;
use crate::ui::tabs::WorkloadPage;
use eframe::egui;
use std::path::PathBuf;

impl TokenmillApp {
    /// Asks for a table.
    pub(super) fn ask_measured(&mut self) {
        self.system_dialog(Ask::Measured);
    }

    /// Reads a table away from the window's thread.
    pub(super) fn read_measured(&mut self, path: PathBuf) {
        self.jobs.start(move || Finished::Measured(read_text(&path).map_err(|e| e.to_string())));
    }

    /// Shows a table beside the model.
    pub fn show_measured(&mut self, text: String, ctx: &egui::Context) {
        let catalog = std::sync::Arc::clone(self.document.catalog());
        self.open_tab(Tab::Workload);
        self.tabs.workload.page = WorkloadPage::Measured;
        self.tabs.workload.measured.take(text, catalog, ctx);
    }
}
