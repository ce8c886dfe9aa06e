//! Chips: a change against the state before, a source badge, the severity of a finding.

use super::Ink;
use crate::catalog::Provenance;
use crate::evaluate::finding::Severity;
use crate::ui::theme::{self, Theme};
use eframe::egui::{self, Color32, Ui};

/// A small word on a wash of its colour.
pub fn chip_ui(ui: &mut Ui, text: &str, colour: Color32, theme: &Theme) -> egui::Response {
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::caption(), colour);
    let size = galley.size() + egui::vec2(12.0, 4.0);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, text));
    ui.painter().rect_filled(rect, 8.0, theme.wash(colour));
    ui.painter().galley(rect.min + egui::vec2(6.0, 2.0), galley, colour);
    response
}

/// A change of a headline number; `good` says whether it is an improvement.
pub fn delta_chip_ui(ui: &mut Ui, text: &str, good: Option<bool>, theme: &Theme) {
    let ink = match good {
        Some(true) => Ink::Ok,
        Some(false) => Ink::Bad,
        None => Ink::Muted,
    };
    let mark = match good {
        Some(true) => "better",
        Some(false) => "worse",
        None => "changed",
    };
    chip_ui(ui, text, ink.colour(theme), theme)
        .on_hover_text(format!("{mark} than before the last change"));
}

/// Who says so, and whether anybody read the source.
pub fn badge_ui(ui: &mut Ui, provenance: &Provenance, theme: &Theme) {
    let colour = if provenance.is_unverified() { theme.warn } else { theme.muted };
    chip_ui(ui, provenance.badge(), colour, theme).on_hover_text(format!(
        "{}\n{} · {}",
        provenance.source,
        provenance.date,
        provenance.confidence.label()
    ));
}

/// The mark, the word and the colour of a severity.
#[must_use]
pub const fn severity_mark(severity: Severity) -> (&'static str, &'static str, Ink) {
    match severity {
        Severity::Error => (egui_phosphor::regular::X_CIRCLE, "Error", Ink::Bad),
        Severity::Warning => (egui_phosphor::regular::WARNING, "Warning", Ink::Warn),
        Severity::Info => (egui_phosphor::regular::INFO, "Note", Ink::Muted),
    }
}
