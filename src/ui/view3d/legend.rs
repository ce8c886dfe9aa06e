//! The legend: colours of racks and of air, numbers with units, the limit, and how far to trust
//! the air.

use crate::evaluate::result::Results;
use crate::render::overlay::{Overlay, Scale};
use crate::render::scene::content::temperature_scale;
use crate::ui::floor_editor::FloorInput;
use crate::ui::state::Freshness;
use crate::ui::theme::{Theme, caption, semibold};
use eframe::egui::{Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, Shape, Ui, pos2, vec2};

/// Size of the colour bar, points.
const BAR: [f32; 2] = [230.0, 9.0];
/// Height of one legend, points.
const HEIGHT: f32 = 62.0;

/// Width of one legend, points.
const WIDTH: f32 = BAR[0] + 56.0;
/// Views narrower than this have two legends one above the other, points.
const SIDE_BY_SIDE: f32 = 2.0 * WIDTH + 320.0;

/// Draws the legends in the lower left corner.
pub fn paint(ui: &Ui, view: Rect, input: &FloorInput<'_>) {
    let painter = ui.painter_at(view);
    let theme = input.theme;
    let foot = view.left_bottom() + vec2(24.0, -16.0);
    let Some(results) = input.shown_results() else {
        let text = "No results yet: the first evaluation is running";
        note(&painter, foot - vec2(0.0, 14.0), text, theme.muted, theme);
        return;
    };
    let mut at = foot - vec2(0.0, HEIGHT);
    let scales = scales(input, results);
    let step = if view.width() >= SIDE_BY_SIDE {
        vec2(WIDTH + 8.0, 0.0)
    } else {
        vec2(0.0, -HEIGHT - 8.0)
    };
    let mut top = at.y + HEIGHT;
    for (title, scale) in scales {
        one(&painter, at, &title, &scale, theme);
        top = at.y;
        at += step;
    }
    let (words, ink) = trust(input, results);
    note(&painter, pos2(foot.x + 7.0, top - 16.0), &words, ink, theme);
}

/// How the air was found and how far its answer can be trusted.
fn trust(input: &FloorInput<'_>, results: &Results) -> (String, Color32) {
    let theme = input.theme;
    let model = results.air.model;
    let error = model.intake_error_k();
    let cell_m = results.air.field.grid.h_m.iter().copied().fold(0.0, f64::max);
    let (word, ink) = match (model.is_preview(), input.freshness) {
        (true, _) => ("preview", theme.warn),
        (false, Freshness::Draft) => ("solving, coarse picture", theme.warn),
        (false, _) => ("solved", theme.muted),
    };
    let text = format!(
        "{word} on {cell_m:.2} m cells · rack inlets ±{:.2} K mean, ±{:.1} K worst",
        error.mean_k, error.worst_k
    );
    (text, ink)
}

/// What has to be explained: the overlay of the racks, and the air if it has other colours.
fn scales(input: &FloorInput<'_>, results: &Results) -> Vec<(String, Scale)> {
    let overlay = input.ui_state.overlay;
    let layers = &input.ui_state.layers;
    let air_shown = layers.slice_m.is_some() || layers.section.is_some() || layers.streamlines;
    let mut out = Vec::new();
    if let Some(scale) = overlay.scale(results).filter(|_| layers.equipment) {
        let title = match (overlay.shows_air(), air_shown) {
            (true, true) => "Rack intake and exhaust, air, °C".to_owned(),
            (true, false) => "Rack intake at the front, exhaust at the rear, °C".to_owned(),
            _ => scale.label.to_owned(),
        };
        out.push((title, scale));
    }
    let explained = overlay.shows_air() && !out.is_empty();
    if air_shown
        && !explained
        && let Some(scale) = temperature_scale(results)
    {
        out.push(("Air, °C".to_owned(), scale));
    }
    if overlay == Overlay::Liquid {
        // Coolant must reach its mark; the word is in the title.
        for (_, scale) in &mut out {
            scale.limit = scale.limit.filter(|_| scale.unit == "°C");
        }
    }
    out
}

fn one(painter: &Painter, at: Pos2, title: &str, scale: &Scale, theme: &Theme) {
    let plate = Rect::from_min_size(at, vec2(WIDTH, HEIGHT));
    painter.rect_filled(plate, 6, theme.panel.gamma_multiply(0.86));
    let ink = theme.text;
    painter.text(at + vec2(12.0, 14.0), Align2::LEFT_CENTER, title, caption(), ink);
    let bar = Rect::from_min_size(at + vec2(12.0, 26.0), vec2(BAR[0], BAR[1]));
    painter.add(colours(scale, bar));
    let small = FontId::proportional(10.0);
    let place = |v: f64| bar.left() + scale.place(v) as f32 * bar.width();
    let limit_x = scale.limit.map(place);
    for tick in scale.ticks(6) {
        let x = place(tick);
        if limit_x.is_none_or(|l| (l - x).abs() > 22.0) {
            let text = crate::ui::floor_editor::legend_number(tick);
            let below = pos2(x, bar.bottom() + 10.0);
            painter.text(below, Align2::CENTER_CENTER, text, small.clone(), theme.muted);
        }
    }
    let unit = pos2(bar.right() + 9.0, bar.center().y);
    painter.text(unit, Align2::LEFT_CENTER, scale.unit, small, theme.muted);
    let Some(limit) = scale.limit else { return };
    let x = place(limit);
    let mark = |half: f32| {
        Rect::from_min_max(pos2(x - half, bar.top() - 4.0), pos2(x + half, bar.bottom() + 4.0))
    };
    painter.rect_filled(mark(2.0), 0, theme.panel);
    painter.rect_filled(mark(1.0), 0, theme.text);
    let text = format!("limit {}", crate::ui::floor_editor::legend_number(limit));
    let below = pos2(x, bar.bottom() + 11.0);
    painter.text(below, Align2::CENTER_CENTER, text, semibold(10.0), theme.text);
}

/// The colour bar as one mesh.
fn colours(scale: &Scale, bar: Rect) -> Shape {
    let mut mesh = Mesh::default();
    let table = scale.map.table();
    let step = bar.width() / table.len() as f32;
    for (i, [r, g, b]) in table.iter().enumerate() {
        let x = bar.left() + i as f32 * step;
        let strip = Rect::from_min_max(pos2(x, bar.top()), pos2(x + step, bar.bottom()));
        mesh.add_colored_rect(strip, Color32::from_rgb(*r, *g, *b));
    }
    Shape::mesh(mesh)
}

fn note(painter: &Painter, at: Pos2, text: &str, ink: Color32, theme: &Theme) {
    let galley = painter.layout_no_wrap(text.to_owned(), caption(), ink);
    let middle = at - vec2(0.0, galley.size().y / 2.0);
    let r = Rect::from_min_size(middle, galley.size()).expand2(vec2(7.0, 4.0));
    painter.rect_filled(r, 6, theme.panel.gamma_multiply(0.86));
    painter.galley(middle, galley, ink);
}
