//! The strip of headline numbers: value, unit, band, change against the state before, status. A
//! click jumps to the worst offender or opens the explanation.

mod outage;
mod tiles;

use super::theme::{self, Theme};
use super::view::{Asks, View};
use super::widgets::{Ink, shown};
use crate::units::display::Shown;
use eframe::egui::{self, Align2, Rect, Sense, Stroke, Ui, pos2, vec2};
pub use tiles::{Target, Tile, tiles};

/// Height of the strip, points.
pub const HEIGHT: f32 = 66.0;
/// Smallest width of a tile, points.
const NARROWEST: f32 = 112.0;

/// Shows the strip over the whole width.
pub fn kpi_strip_ui(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let failed = view.results.and_then(|results| outage::tiles(results, view.what_if));
    let tiles = failed.unwrap_or_else(|| tiles(view));
    let area = Rect::from_min_size(ui.max_rect().min, vec2(ui.max_rect().width(), HEIGHT));
    let fitting = ((area.width() / NARROWEST).floor() as usize).clamp(1, tiles.len());
    let width = area.width() / fitting as f32;
    ui.set_opacity(view.result_opacity());
    for (i, tile) in tiles.iter().take(fitting).enumerate() {
        let left = area.left() + width * i as f32;
        let rect = Rect::from_min_size(pos2(left, area.top()), vec2(width, HEIGHT));
        if tile_ui(ui, rect, tile, &view.theme) {
            match &tile.target {
                Target::Object(id) => asks.reveal(*id),
                Target::Command(command) => asks.run(*command),
            }
        }
        if i > 0 {
            let line = Stroke::new(1.0, view.theme.hairline);
            ui.painter().vline(left, rect.y_range(), line);
        }
    }
    ui.allocate_rect(area, Sense::hover());
}

/// One tile; whether it was clicked.
fn tile_ui(ui: &Ui, rect: Rect, tile: &Tile, theme: &Theme) -> bool {
    let response = ui.interact(rect, ui.scope_id().with(tile.label), Sense::click());
    let words = format!("{}: {}", tile.label, tile.value);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &words));
    let painter = ui.painter_at(rect);
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 0.0, theme.raised);
    }
    let inner = rect.shrink2(vec2(12.0, 8.0));
    let chip = tile.delta.as_ref().map_or(0.0, |d| {
        let ink = theme.muted;
        painter.layout_no_wrap(d.text.clone(), theme::caption(), ink).size().x + 16.0
    });
    let mut words =
        egui::text::LayoutJob::simple_singleline(tile.label.into(), theme::caption(), theme.muted);
    words.wrap = egui::text::TextWrapping::truncate_at_width((inner.width() - chip).max(24.0));
    let label = painter.layout_job(words);
    painter.galley(inner.min, label, theme.muted);
    let mark = match tile.ink {
        Ink::Warn => Some(egui_phosphor::regular::WARNING),
        Ink::Bad => Some(egui_phosphor::regular::X_CIRCLE),
        _ => None,
    };
    let colour = tile.ink.colour(theme);
    let room = inner.width() - if mark.is_some() { 18.0 } else { 0.0 };
    let whole = painter.layout_job(shown(&tile.value, theme::HEADLINE, colour, theme));
    // A unit that has no room beside its figure has a line of its own.
    let below = whole.size().x > room && tile.band.is_none() && !tile.value.unit.is_empty();
    let figure = if below {
        let bare = Shown { number: tile.value.number.clone(), unit: String::new() };
        painter.layout_job(shown(&bare, theme::HEADLINE, colour, theme))
    } else {
        let mut job = shown(&tile.value, theme::HEADLINE, colour, theme);
        job.wrap = egui::text::TextWrapping::truncate_at_width(room.max(40.0));
        painter.layout_job(job)
    };
    let at = pos2(inner.left(), inner.top() + if below { 12.0 } else { 16.0 });
    let end = at.x + figure.size().x;
    painter.galley(at, figure, theme.text);
    if below {
        caption(&painter, pos2(inner.left(), inner.top() + 37.0), &tile.value.unit, inner, theme);
    }
    if let Some(mark) = mark {
        painter.text(
            pos2((end + 6.0).min(inner.right() - 8.0), at.y + 6.0),
            Align2::LEFT_TOP,
            mark,
            theme::body(),
            tile.ink.colour(theme),
        );
    }
    if let Some(delta) = &tile.delta {
        delta_chip(&painter, inner, delta, theme);
    }
    if let Some(band) = tile.band {
        band_bar(&painter, inner, band, theme);
    }
    response.on_hover_text(&tile.explanation).clicked()
}

/// Muted words cut where the tile ends.
fn caption(painter: &egui::Painter, at: egui::Pos2, words: &str, inner: Rect, theme: &Theme) {
    let mut job =
        egui::text::LayoutJob::simple_singleline(words.into(), theme::caption(), theme.muted);
    job.wrap = egui::text::TextWrapping::truncate_at_width(inner.width());
    painter.galley(at, painter.layout_job(job), theme.muted);
}

/// A chip in the upper right corner.
fn delta_chip(painter: &egui::Painter, inner: Rect, delta: &tiles::Delta, theme: &Theme) {
    let ink = match delta.good {
        Some(true) => theme.ok,
        Some(false) => theme.bad,
        None => theme.muted,
    };
    let galley = painter.layout_no_wrap(delta.text.clone(), theme::caption(), ink);
    let size = galley.size() + vec2(12.0, 3.0);
    let chip = Rect::from_min_size(pos2(inner.right() - size.x, inner.top() - 2.0), size);
    painter.rect_filled(chip, 8.0, theme.wash(ink));
    painter.galley(chip.min + vec2(6.0, 1.5), galley, ink);
}

/// The band from low to high with the base as a tick; the scale is 0 to 1.5 times the high end.
fn band_bar(painter: &egui::Painter, inner: Rect, band: tiles::BandBar, theme: &Theme) {
    let scale = band.high * 1.25;
    if !(scale.is_finite() && scale > 0.0) {
        return;
    }
    let x = |v: f64| inner.left() + (v / scale) as f32 * inner.width();
    let y = inner.bottom() - 2.0;
    let line = |a: f32, b: f32, w: f32, c| {
        painter.line_segment([pos2(a, y), pos2(b, y)], Stroke::new(w, c));
    };
    line(inner.left(), inner.right(), 2.0, theme.track());
    line(x(band.low), x(band.high), 3.0, theme.accent);
    let tick = x(band.base);
    painter.vline(tick, egui::Rangef::new(y - 4.0, y + 4.0), Stroke::new(2.0, theme.text));
}
