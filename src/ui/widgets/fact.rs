//! A fact: label left, value right; headings, callouts and empty states.

use super::text::{shown, small, strong};
use super::{Ink, chip_ui};
use crate::ui::theme::{self, Theme};
use crate::units::display::Shown;
use eframe::egui::{self, Align, Frame, Label, Layout, Margin, Response, RichText, Ui};

/// A line with a muted label on the left and a value on the right.
pub fn fact_ui(ui: &mut Ui, label: &str, value: &Shown, ink: Ink, theme: &Theme) -> Response {
    let row = ui.horizontal(|ui| {
        ui.set_min_height(theme::ROW);
        ui.label(RichText::new(label).color(theme.muted));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add(Label::new(shown(value, theme::BODY, ink.colour(theme), theme)).truncate());
        });
    });
    row.response
}

/// A heading inside a panel; on a second line what does not fit on one.
pub fn section_title_ui(ui: &mut Ui, title: &str, note: &str, theme: &Theme) {
    ui.horizontal_wrapped(|ui| {
        ui.label(strong(title));
        ui.label(small(note, theme));
    });
}

/// A message on a wash of its colour with a bar at the left; returns the response of its link.
pub fn callout_ui(
    ui: &mut Ui,
    title: &str,
    text: &str,
    link: Option<&str>,
    ink: Ink,
    theme: &Theme,
) -> bool {
    let colour = ink.colour(theme);
    let mut followed = false;
    let shown = Frame::new()
        .fill(theme.wash(colour))
        .corner_radius(theme::RADIUS)
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(strong(title));
            if !text.is_empty() {
                ui.add(Label::new(RichText::new(text).font(theme::body())).wrap());
            }
            if let Some(link) = link {
                followed = ui.link(link).clicked();
            }
        });
    let rect = shown.response.rect;
    let bar = egui::Rect::from_min_size(rect.min, egui::vec2(3.0, rect.height()));
    ui.painter().rect_filled(bar, 1.5, colour);
    followed
}

/// A floating panel in the middle of the window, behind which everything else waits.
pub fn floating(ctx: &egui::Context, name: &str) -> egui::Modal {
    let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(16));
    egui::Modal::new(egui::Id::unique(("floating", name))).frame(frame)
}

/// What an empty panel says: what would be here, and how to get it.
pub fn empty_ui(ui: &mut Ui, title: &str, advice: &str, theme: &Theme) {
    ui.add_space(16.0);
    ui.vertical_centered(|ui| {
        ui.label(strong(title));
        ui.add(Label::new(small(advice, theme)).wrap());
    });
}

/// A badge beside a heading.
#[allow(dead_code, reason = "used by panels that show counts")]
pub fn count_ui(ui: &mut Ui, n: usize, theme: &Theme) {
    chip_ui(ui, &n.to_string(), theme.muted, theme);
}
