//! A gauge: label, value of limit, a bar with a tick at the limit. Past the limit it is red and
//! says so in words.

use super::Ink;
use super::text::shown;
use crate::ui::theme::{self, Theme};
use crate::units::display::Shown;
use eframe::egui::{self, Color32, Rect, RichText, Sense, Ui, vec2};

/// What a gauge shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauge<'a> {
    /// What is measured.
    pub label: &'a str,
    /// The figure, the limit included in words where it has one.
    pub value: Shown,
    /// Parts of the bar, each a share of the full scale with its colour.
    pub parts: Vec<(f64, Color32)>,
    /// Where the limit is on the scale, 0 to 1.
    pub limit: Option<f64>,
    /// Status.
    pub ink: Ink,
}

/// Height of the bar, points.
const BAR: f32 = 5.0;

/// Shows a gauge over the whole width.
pub fn gauge_ui(ui: &mut Ui, gauge: &Gauge<'_>, theme: &Theme) -> egui::Response {
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, 36.0), Sense::hover());
    let words = format!("{}: {}", gauge.label, gauge.value);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &words));
    let mut line = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(Rect::from_min_size(rect.min, vec2(width, 22.0)))
            .layout(egui::Layout::left_to_right(egui::Align::Center)),
    );
    line.label(RichText::new(gauge.label).color(theme.muted));
    line.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        ui.label(shown(&gauge.value, theme::BODY, gauge.ink.colour(theme), theme));
    });
    let bar = Rect::from_min_size(rect.left_bottom() - vec2(0.0, 10.0), vec2(width, BAR));
    paint_bar(ui.painter(), bar, gauge, theme);
    response
}

fn paint_bar(painter: &egui::Painter, bar: Rect, gauge: &Gauge<'_>, theme: &Theme) {
    painter.rect_filled(bar, BAR / 2.0, theme.track());
    let mut left = bar.left();
    for (share, colour) in &gauge.parts {
        let share = if share.is_finite() { share.clamp(0.0, 1.0) as f32 } else { 0.0 };
        let right = (left + share * bar.width()).min(bar.right());
        if right > left {
            let part =
                Rect::from_min_max(egui::pos2(left, bar.top()), egui::pos2(right, bar.bottom()));
            painter.rect_filled(part, BAR / 2.0, *colour);
        }
        left = right;
    }
    if let Some(limit) = gauge.limit {
        let x = bar.left() + limit.clamp(0.0, 1.0) as f32 * bar.width();
        painter.line_segment(
            [egui::pos2(x, bar.top() - 3.0), egui::pos2(x, bar.bottom() + 3.0)],
            egui::Stroke::new(1.5, theme.text),
        );
    }
}
