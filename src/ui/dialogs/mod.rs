//! What floats over the window: gallery, guard, path field, recovery, export, palette, help.

mod about;
mod explain;
mod files;
mod gallery;
mod palette;
mod shortcuts;
mod swap;

pub use about::about_ui;
pub use explain::{Answer as Explanation, Jump, Taken, explain_ui};
pub use files::{
    Export, PathField, UnsavedAnswer, export_ui, exporting_ui, path_ui, problem_ui, recovery_ui,
    unsaved_ui,
};
pub use gallery::{Gallery, gallery_ui};
pub use palette::{Palette, PaletteChoice, palette_ui};
pub use shortcuts::shortcuts_ui;
pub use swap::{Swap, swap_ui};

use super::theme;
use super::widgets::floating;
use crate::session::journal::Recoverable;
use eframe::egui::{self, Button, RichText, Ui};
use std::path::PathBuf;

/// An open dialog.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// Presets to start from.
    Gallery(Gallery),
    /// What to do with unsaved changes before going on.
    Unsaved(Next),
    /// A path, where the system shows no dialog of its own.
    Path(PathField),
    /// Something went wrong.
    Problem(String),
    /// What a crash left behind.
    Recovery(Vec<Recoverable>),
    /// What to export; the path typed so far.
    Export(String),
    /// A running export.
    Exporting(std::sync::Arc<crate::ui::app::ExportProgress>),
    /// 800 VDC against what the plan distributes now.
    Swap(std::sync::Arc<Swap>),
    /// A number taken apart.
    Explain(std::sync::Arc<Taken>),
    /// Finding things by name.
    Palette(Palette),
    /// Keys.
    Shortcuts,
    /// What is modelled.
    About,
}

/// What was asked for when unsaved changes came between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask for a file to open.
    AskOpen,
    /// Open this file.
    Open(PathBuf),
    /// Start from this preset.
    Preset(String),
    /// Leave.
    Quit,
}

/// A dialog in the middle of the window; whether it stays open, and its content's answer.
fn modal<T>(
    ctx: &egui::Context,
    name: &str,
    width: f32,
    content: impl FnOnce(&mut Ui) -> T,
) -> (bool, T) {
    let room = ctx.content_rect().width() - 64.0;
    let modal = floating(ctx, name).show(ctx, |ui| {
        ui.set_width(width.min(room));
        ui.label(RichText::new(name).font(theme::semibold(16.0)));
        ui.add_space(8.0);
        content(ui)
    });
    (!modal.should_close(), modal.inner)
}

/// The button that a dialog is about.
fn main_button(ui: &mut Ui, text: &str) -> egui::Response {
    let theme = theme::Theme::of(ui.ctx());
    let words = RichText::new(text).font(theme::semibold(theme::BODY)).color(theme.panel);
    ui.add(Button::new(words).fill(theme.accent).min_size(egui::vec2(84.0, theme::TOUCH)))
}

/// Another button of a dialog.
fn side_button(ui: &mut Ui, text: &str) -> egui::Response {
    ui.add(Button::new(text).min_size(egui::vec2(72.0, theme::TOUCH)))
}
