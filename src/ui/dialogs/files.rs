//! Dialogs about files: unsaved changes, a typed path, recovery, export, problems.

use super::{Next, main_button, modal, side_button};
use crate::session::journal::Recoverable;
use crate::ui::app::Ask;
use crate::ui::theme::Theme;
use crate::ui::widgets::small;
use eframe::egui::{self, Key, Label, TextEdit};
use std::path::{Path, PathBuf};

/// Answer to the question about unsaved changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsavedAnswer {
    /// Save first.
    Save,
    /// Give them up.
    Discard,
    /// Go back to the plan.
    Stay,
}

/// Asks what to do with unsaved changes.
pub fn unsaved_ui(ctx: &egui::Context, name: &str, next: &Next) -> Option<UnsavedAnswer> {
    let what = match next {
        Next::Quit => "before leaving",
        Next::AskOpen | Next::Open(_) => "before opening another plan",
        Next::Preset(_) => "before starting a new plan",
    };
    let (open, answer) = modal(ctx, "Unsaved changes", 420.0, |ui| {
        ui.label(format!("Save the changes to {name} {what}?"));
        ui.add_space(12.0);
        let mut answer = None;
        ui.horizontal(|ui| {
            for (button, choice) in [
                (main_button(ui, "Save"), UnsavedAnswer::Save),
                (side_button(ui, "Discard"), UnsavedAnswer::Discard),
                (side_button(ui, "Cancel"), UnsavedAnswer::Stay),
            ] {
                if button.clicked() {
                    answer = Some(choice);
                }
            }
        });
        answer
    });
    if open { answer } else { Some(UnsavedAnswer::Stay) }
}

/// A path that is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathField {
    /// Why.
    pub ask: Ask,
    text: String,
    fresh: bool,
}

impl PathField {
    /// Starts with a path.
    #[must_use]
    pub fn new(ask: Ask, start: &Path) -> Self {
        Self { ask, text: start.display().to_string(), fresh: true }
    }
}

/// Asks for a path; the path once it is complete, and whether the dialog stays open.
pub fn path_ui(ctx: &egui::Context, field: &mut PathField) -> (bool, Option<PathBuf>) {
    let title = match field.ask {
        Ask::Open => "Open a plan file",
        Ask::SaveAs => "Save the plan as",
        Ask::Cases => "Open a folder of validation cases",
        Ask::Measured => "Open a table of measured points",
    };
    let verb = if field.ask == Ask::SaveAs { "Save" } else { "Open" };
    let (open, (done, given_up)) = modal(ctx, title, 560.0, |ui| {
        let theme = Theme::of(ui.ctx());
        ui.label(small("The desktop shows no file dialog here: type or paste a path.", &theme));
        let example = match field.ask {
            Ask::Cases => "/folder",
            Ask::Measured => "/folder/points.csv",
            Ask::Open | Ask::SaveAs => "/folder/name.plan.ron",
        };
        let edit =
            TextEdit::singleline(&mut field.text).hint_text(example).desired_width(f32::INFINITY);
        let response = ui.add(edit).accessible_name("Path");
        if field.fresh {
            response.request_focus();
            field.fresh = false;
        }
        let entered = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        let words = small(hint(field), &theme);
        ui.label(words);
        ui.add_space(8.0);
        let mut answer = (entered, false);
        ui.horizontal(|ui| {
            answer.0 |= main_button(ui, verb).clicked();
            answer.1 = side_button(ui, "Cancel").clicked();
        });
        answer
    });
    let typed = field.text.trim();
    let path = (done && !typed.is_empty()).then(|| PathBuf::from(typed));
    (open && !given_up && path.is_none(), path)
}

/// What would happen with the typed path.
fn hint(field: &PathField) -> &'static str {
    let path = Path::new(field.text.trim());
    match (field.ask, path.is_file()) {
        (_, _) if field.text.trim().is_empty() => " ",
        (Ask::Cases, _) if path.is_dir() => "a folder",
        (Ask::Cases, _) => "no such folder",
        (Ask::Open | Ask::Measured, true) => "a file",
        (Ask::Open | Ask::Measured, false) => "no such file",
        (Ask::SaveAs, true) => "the file there will be replaced",
        (Ask::SaveAs, false) => "a new file",
    }
}

/// Says what went wrong; whether the dialog stays open.
pub fn problem_ui(ctx: &egui::Context, problem: &str) -> bool {
    let (open, closed) = modal(ctx, "That did not work", 520.0, |ui| {
        ui.add(Label::new(problem).wrap().selectable(true));
        ui.add_space(12.0);
        main_button(ui, "Close").clicked()
    });
    open && !closed
}

/// Offers what a crash left behind: the chosen copy with `true` to recover or `false` to drop.
pub fn recovery_ui(
    ctx: &egui::Context,
    found: &[Recoverable],
) -> (bool, Option<(Recoverable, bool)>) {
    let (open, answer) = modal(ctx, "Recover unsaved work?", 560.0, |ui| {
        ui.label("Tokenmill ended without saving. These plans were kept:");
        ui.add_space(8.0);
        let mut answer = (false, None);
        for copy in found {
            let name = copy
                .origin
                .as_deref()
                .map_or_else(|| "a plan without a file".to_owned(), |p| p.display().to_string());
            ui.horizontal(|ui| {
                if main_button(ui, "Recover").clicked() {
                    answer.1 = Some((copy.clone(), true));
                }
                if side_button(ui, "Drop").clicked() {
                    answer.1 = Some((copy.clone(), false));
                }
                ui.add(Label::new(name).truncate());
            });
        }
        ui.add_space(8.0);
        answer.0 = side_button(ui, "Later").clicked();
        answer
    });
    (open && !answer.0, answer.1)
}

/// What to export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// The design-review pack, into a folder.
    Pack,
    /// Picture of the window.
    Picture,
    /// All results.
    Results,
}

/// Asks what to export and where to; whether the dialog stays open.
pub fn export_ui(ctx: &egui::Context, path: &mut String) -> (bool, Option<(Export, PathBuf)>) {
    let (open, answer) = modal(ctx, "Export", 560.0, |ui| {
        let theme = Theme::of(ui.ctx());
        ui.label(small("Folder of the review pack, or file name without ending", &theme));
        let edit =
            TextEdit::singleline(path).hint_text("/folder/name").desired_width(f32::INFINITY);
        ui.add(edit).accessible_name("Path");
        ui.add_space(8.0);
        let base = PathBuf::from(path.trim());
        let mut chosen = None;
        ui.add_enabled_ui(!path.trim().is_empty(), |ui| {
            ui.horizontal(|ui| {
                if main_button(ui, "Review pack").clicked() {
                    chosen = Some((Export::Pack, base.clone()));
                }
                if side_button(ui, "Results, JSON").clicked() {
                    chosen = Some((Export::Results, base.with_extension("json")));
                }
                if side_button(ui, "Picture, PNG").clicked() {
                    chosen = Some((Export::Picture, base.with_extension("png")));
                }
            });
        });
        chosen
    });
    (open && answer.is_none(), answer)
}

/// Shows how far an export is; whether it goes on.
pub fn exporting_ui(ctx: &egui::Context, progress: &crate::ui::app::ExportProgress) -> bool {
    let (share, what) = progress.read();
    let (open, stopped) = modal(ctx, "Exporting", 420.0, |ui| {
        ui.add(egui::ProgressBar::new(share).desired_height(6.0));
        ui.label(small(what, &Theme::of(ui.ctx())));
        ui.add_space(8.0);
        side_button(ui, "Cancel").clicked()
    });
    let go_on = open && !stopped;
    if !go_on {
        progress.cancel();
    }
    go_on
}
