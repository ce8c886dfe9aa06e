//! Bands on one axis: how far apart two uncertain figures are.

use crate::ui::theme::{self, Theme};
use eframe::egui::{self, Align2, Color32, Rangef, Rect, Sense, Stroke, Ui, pos2, vec2};

/// One uncertain figure.
#[derive(Clone, Debug, PartialEq)]
pub struct BandRow {
    /// Whose it is.
    pub name: String,
    /// 10 % of worlds lie below.
    pub p10: f64,
    /// Every input at its base.
    pub base: f64,
    /// 90 % of worlds lie below.
    pub p90: f64,
    /// Colour of the band.
    pub colour: Color32,
}

/// Height of a row, points.
const PITCH: f32 = 44.0;
/// Room for figures beside the ends, points.
const SIDES: f32 = 64.0;

/// Shows the bands below each other; where they overlap the ground is washed.
pub fn bands_ui(ui: &mut Ui, rows: &[BandRow], text: impl Fn(f64) -> String, theme: &Theme) {
    let ends = || rows.iter().flat_map(|r| [r.p10, r.base, r.p90]).filter(|v| v.is_finite());
    let (low, high) = (ends().fold(f64::INFINITY, f64::min), ends().fold(f64::MIN, f64::max));
    if low >= high {
        return;
    }
    let size = vec2(ui.available_width(), PITCH * rows.len() as f32 + 8.0);
    let (area, _) = ui.allocate_exact_size(size, Sense::hover());
    let painter = ui.painter_at(area);
    let room = (area.width() - 2.0 * SIDES).max(20.0);
    let x = |v: f64| area.left() + SIDES + ((v - low) / (high - low)) as f32 * room;
    let common = (
        rows.iter().map(|r| r.p10).fold(f64::MIN, f64::max),
        rows.iter().map(|r| r.p90).fold(f64::INFINITY, f64::min),
    );
    if rows.len() > 1 && common.0 < common.1 {
        let wash = Rect::from_x_y_ranges(x(common.0)..=x(common.1), area.y_range());
        painter.rect_filled(wash, 2.0, theme.track());
    }
    for (i, row) in rows.iter().enumerate() {
        let top = area.top() + PITCH * i as f32;
        let rect = Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), PITCH));
        let name = pos2(rect.left() + SIDES, top + 4.0);
        painter.text(name, Align2::LEFT_TOP, &row.name, theme::caption(), theme.muted);
        let y = top + 28.0;
        let band = Rect::from_x_y_ranges(x(row.p10)..=x(row.p90), y - 5.0..=y + 5.0);
        painter.rect_filled(band, 2.0, row.colour);
        let tick = Rangef::new(y - 9.0, y + 9.0);
        painter.vline(x(row.base), tick, Stroke::new(2.0, theme.text));
        for (at, value, anchor) in [
            (x(row.p10) - 6.0, row.p10, Align2::RIGHT_CENTER),
            (x(row.p90) + 6.0, row.p90, Align2::LEFT_CENTER),
        ] {
            painter.text(pos2(at, y), anchor, text(value), theme::caption(), theme.text);
        }
        let words = format!(
            "{}: {}, P10 {}, P90 {}",
            row.name,
            text(row.base),
            text(row.p10),
            text(row.p90)
        );
        let response = ui.interact(rect, ui.scope_id().with(("band", i)), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &words));
        response.on_hover_text(words);
    }
}
