//! The legend: colours, numbers, the limit as a tick, what is shown, and how far to trust it.

use super::Scene;
use super::brush::Brush;
use super::ground::plate;
use super::racks::hatch_ink;
use crate::render::overlay::{Overlay, Scale};
use crate::ui::theme::{Theme, caption, semibold};
use eframe::egui::{Align2, Color32, FontId, Painter, Pos2, Rect, pos2, vec2};

/// Size of the colour bar, points.
const BAR: [f32; 2] = [260.0, 9.0];

/// Draws the legend in the lower left corner.
pub fn paint(painter: &Painter, scene: &Scene<'_>, layer_m: Option<f64>) {
    let theme = scene.input.theme;
    let Some(results) = scene.input.shown_results() else {
        if scene.overlay != Overlay::Plan {
            empty(painter, scene);
        }
        return;
    };
    let Some(scale) = scene.overlay.scale(results) else { return };
    let left_bottom = scene.camera.view.left_bottom() + vec2(36.0, -52.0);
    let bar = Rect::from_min_size(left_bottom + vec2(0.0, 10.0), vec2(BAR[0], BAR[1]));
    let mut brush = Brush::new(painter);
    plate(
        &mut brush,
        Rect::from_min_max(bar.min - vec2(12.0, 28.0), bar.max + vec2(44.0, 26.0)),
        theme,
    );
    colours(&mut brush, &scale, bar);
    brush.finish(painter);
    painter.text(
        bar.left_top() - vec2(0.0, 14.0),
        Align2::LEFT_CENTER,
        title(scene, &scale, layer_m),
        caption(),
        theme.text,
    );
    numbers(painter, scene, &scale, bar);
    if scene.overlay.shows_air()
        && let Some(played) = &scene.input.ui_state.played
    {
        let at = bar.right_bottom() + vec2(60.0, -32.0);
        note(painter, at, &played.words, theme.warn, theme);
    }
}

fn title(scene: &Scene<'_>, scale: &Scale, layer_m: Option<f64>) -> String {
    match (scene.overlay, layer_m) {
        (Overlay::Air, Some(z)) => format!("Air at {z:.1} m, °C"),
        (Overlay::Inlet, Some(z)) => format!("Rack inlet over air at {z:.1} m, °C"),
        (Overlay::Feeds, _) if scene.input.ui_state.what_if.outage().is_some() => {
            "Busway loading in this outage, % of the continuous limit".to_owned()
        }
        (Overlay::Amps, _) if scene.input.ui_state.what_if.outage().is_some() => {
            "Current of the feed that carries most in this outage, A".to_owned()
        }
        _ => scale.label.to_owned(),
    }
}

fn colours(brush: &mut Brush, scale: &Scale, bar: Rect) {
    let table = scale.map.table();
    let step = bar.width() / table.len() as f32;
    for (i, [r, g, b]) in table.iter().enumerate() {
        let x = bar.left() + i as f32 * step;
        let strip = Rect::from_min_max(pos2(x, bar.top()), pos2(x + step, bar.bottom()));
        brush.rect(strip, Color32::from_rgb(*r, *g, *b));
    }
}

fn numbers(painter: &Painter, scene: &Scene<'_>, scale: &Scale, bar: Rect) {
    let theme = scene.input.theme;
    // Coolant must reach the mark, everything else must stay below it.
    let (word, past) =
        if scene.overlay == Overlay::Liquid { ("need", -0.1) } else { ("limit", 0.1) };
    let font = FontId::proportional(10.0);
    let place = |v: f64| bar.left() + scale.place(v) as f32 * bar.width();
    let limit_x = scale.limit.map(place);
    for tick in scale.ticks(6) {
        let x = place(tick);
        if limit_x.is_none_or(|l| (l - x).abs() > 22.0) {
            painter.text(
                pos2(x, bar.bottom() + 9.0),
                Align2::CENTER_CENTER,
                number(tick),
                font.clone(),
                theme.muted,
            );
        }
    }
    let Some(limit) = scale.limit else { return };
    let x = place(limit);
    let mut brush = Brush::new(painter);
    brush.rect(
        Rect::from_min_max(pos2(x - 2.0, bar.top() - 4.0), pos2(x + 2.0, bar.bottom() + 4.0)),
        theme.panel,
    );
    brush.rect(
        Rect::from_min_max(pos2(x - 1.0, bar.top() - 4.0), pos2(x + 1.0, bar.bottom() + 4.0)),
        theme.text,
    );
    let sample = Rect::from_min_size(pos2(bar.right() + 10.0, bar.top() - 2.0), vec2(22.0, 13.0));
    let [r, g, b] = scale.colour(limit + past * (scale.max - scale.min));
    let fill = Color32::from_rgb(r, g, b);
    brush.rect(sample, fill);
    brush.hatch(sample, 6.0, 1.3, hatch_ink(fill, theme));
    brush.finish(painter);
    let text = format!("{word} {}", number(limit));
    painter.text(
        pos2(x, bar.bottom() + 10.0),
        Align2::CENTER_CENTER,
        text,
        semibold(10.0),
        theme.text,
    );
}

/// A legend number: no more digits than it needs.
pub fn number(value: f64) -> String {
    if value.abs() >= 1e4 {
        crate::ui::floor_editor::state::thousands(value.round() as i32)
    } else if (value - value.round()).abs() < 0.05 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

fn note(painter: &Painter, at: Pos2, text: &str, ink: Color32, theme: &Theme) {
    let galley = painter.layout_no_wrap(text.to_owned(), caption(), ink);
    let r = Rect::from_min_size(at - vec2(0.0, galley.size().y / 2.0), galley.size())
        .expand2(vec2(6.0, 3.0));
    let mut brush = Brush::new(painter);
    plate(&mut brush, r, theme);
    brush.finish(painter);
    painter.galley(r.min + vec2(6.0, 3.0), galley, ink);
}

/// Nothing computed yet: say so where the legend will be.
fn empty(painter: &Painter, scene: &Scene<'_>) {
    let theme = scene.input.theme;
    let at = scene.camera.view.left_bottom() + vec2(36.0, -40.0);
    note(painter, at, "No results yet: the first evaluation is running", theme.muted, theme);
}
