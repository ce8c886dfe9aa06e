//! Rows of bars: uses of limits, and the tornado of what moves the cost.

use crate::ui::theme::{self, Theme};
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{self, Align2, Color32, Rect, Sense, Stroke, Ui, pos2, vec2};

/// One row of a bar list.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Name on the left.
    pub label: String,
    /// Filled share of the track, 0 to 1.
    pub share: f64,
    /// Figure on the right.
    pub value: String,
    /// Colour of the filled part.
    pub colour: Color32,
    /// Colour of the figure.
    pub ink: Color32,
    /// Explanation on hover.
    pub note: String,
}

/// Height of one row where there is room, points.
const PITCH: f32 = 26.0;

/// Height below which rows are scrolled instead of squeezed, points.
const TIGHTEST: f32 = 17.0;

/// Width of the words behind a bar of the tornado, points.
const NOTE: f32 = 96.0;

/// Width of the figure behind a step of a waterfall, points.
const FIGURE: f32 = 60.0;

/// Share of the width for the names.
const NAMES: f32 = 0.34;

/// Lets `rows` rows of bars and `titles` headings share a height: rows close up before they leave
/// the pane. Must be asked outside of a scroll area, which has no end.
pub fn squeeze(ui: &mut Ui, height: f32, rows: usize, titles: usize) {
    let rest = height - titles as f32 * (theme::ROW + 4.0);
    let pitch = (rest / rows.max(1) as f32).clamp(TIGHTEST, PITCH);
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.spacing_mut().interact_size.y = pitch;
}

fn pitch(ui: &Ui) -> f32 {
    ui.spacing().interact_size.y.clamp(TIGHTEST, PITCH)
}

/// Shows bars one below the other.
pub fn bars_ui(ui: &mut Ui, bars: &[Bar], theme: &Theme) {
    let width = ui.available_width();
    for bar in bars {
        let (rect, response) = ui.allocate_exact_size(vec2(width, pitch(ui)), Sense::hover());
        let words = format!("{}: {}", bar.label, bar.value);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &words));
        let painter = ui.painter_at(rect);
        let names = (width * NAMES).min(170.0);
        let figure = 64.0;
        name(&painter, rect, names, &bar.label, theme);
        let track = Rect::from_min_max(
            pos2(rect.left() + names, rect.center().y - 5.0),
            pos2((rect.right() - figure).max(rect.left() + names + 8.0), rect.center().y + 5.0),
        );
        painter.rect_filled(track, 1.0, theme.track());
        let share = if bar.share.is_finite() { bar.share.clamp(0.0, 1.0) as f32 } else { 0.0 };
        let filled = Rect::from_min_size(track.min, vec2(track.width() * share, track.height()));
        painter.rect_filled(filled, 1.0, bar.colour);
        painter.text(
            pos2(track.right() + 8.0, rect.center().y),
            Align2::LEFT_CENTER,
            &bar.value,
            theme::caption(),
            bar.ink,
        );
        response.on_hover_text(format!("{words}\n{}", bar.note).trim_end());
    }
}

/// A name, cut with a mark where its column ends; hovering tells the rest.
fn name(painter: &egui::Painter, row: Rect, width: f32, text: &str, theme: &Theme) {
    let mut job = LayoutJob::simple_singleline(text.into(), theme::caption(), theme.muted);
    job.wrap = TextWrapping::truncate_at_width(width - 8.0);
    let galley = painter.layout_job(job);
    let at = row.left_center() - vec2(0.0, galley.size().y / 2.0);
    painter.galley(at, galley, theme.muted);
}

/// One row of a waterfall: name, where it starts and ends, value, colour, explanation.
#[derive(Clone, Debug, PartialEq)]
pub struct StepBar {
    /// Name on the left.
    pub label: String,
    /// Sum before.
    pub from: f64,
    /// Sum behind.
    pub to: f64,
    /// Figure beside the bar.
    pub value: String,
    /// Its colour.
    pub colour: Color32,
    /// Explanation on hover.
    pub note: String,
}

/// Shows a waterfall from top to bottom: every step starts where the one above ends.
pub fn waterfall_ui(ui: &mut Ui, steps: &[StepBar], theme: &Theme) {
    let whole = steps.iter().map(|s| s.to).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let width = ui.available_width();
    for step in steps {
        let (rect, response) = ui.allocate_exact_size(vec2(width, pitch(ui)), Sense::hover());
        let words = format!("{}: {}", step.label, step.value);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &words));
        let painter = ui.painter_at(rect);
        let names = (width * NAMES).min(170.0);
        name(&painter, rect, names, &step.label, theme);
        let room = (width - names - FIGURE).max(8.0);
        let x = |v: f64| rect.left() + names + (v / whole).clamp(0.0, 1.0) as f32 * room;
        let (left, right) = (x(step.from), x(step.to).max(x(step.from) + 1.0));
        let line = Stroke::new(1.0, theme.hairline);
        painter.vline(left, egui::Rangef::new(rect.top(), rect.center().y), line);
        painter.vline(right, egui::Rangef::new(rect.center().y, rect.bottom()), line);
        let bar =
            Rect::from_x_y_ranges(left..=right, rect.center().y - 6.0..=rect.center().y + 6.0);
        painter.rect_filled(bar, 1.0, step.colour);
        let at = pos2(right + 6.0, rect.center().y);
        painter.text(at, Align2::LEFT_CENTER, &step.value, theme::caption(), theme.text);
        response.on_hover_text(if step.note.is_empty() { &words } else { &step.note });
    }
}

/// One row of a tornado: name, change at the low and at the high end of the input, words.
pub type Swing = (String, f64, f64, String);

/// Shows a tornado: changes left and right of the base, longest first.
pub fn tornado_ui(ui: &mut Ui, swings: &[Swing], theme: &Theme) {
    let longest =
        swings.iter().map(|(_, a, b, _)| a.abs().max(b.abs())).fold(0.0, f64::max).max(1e-12);
    let width = ui.available_width();
    for (label, low, high, note) in swings {
        let (rect, response) = ui.allocate_exact_size(vec2(width, pitch(ui)), Sense::hover());
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{label}: {note}"))
        });
        let painter = ui.painter_at(rect);
        let names = (width * NAMES).min(170.0);
        name(&painter, rect, names, label, theme);
        let room = ((width - names - NOTE) / 2.0).max(8.0);
        let middle = rect.left() + names + room;
        for (change, colour) in [(low, theme.cooling), (high, theme.bad)] {
            let x = middle + (change / longest) as f32 * room;
            let part = Rect::from_two_pos(
                pos2(middle, rect.center().y - 6.0),
                pos2(x, rect.center().y + 6.0),
            );
            painter.rect_filled(part, 0.0, colour);
        }
        painter.line_segment(
            [pos2(middle, rect.top()), pos2(middle, rect.bottom())],
            Stroke::new(1.0, theme.text),
        );
        let right = middle + (low.max(*high).max(0.0) / longest) as f32 * room;
        painter.text(
            pos2(right + 8.0, rect.center().y),
            Align2::LEFT_CENTER,
            note,
            theme::caption(),
            theme.text,
        );
        response.on_hover_text(format!("{label}: {note}"));
    }
}
