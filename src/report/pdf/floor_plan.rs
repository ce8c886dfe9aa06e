//! The hall from above, with its legend and scale bar.

use super::flow::Flow;
use super::font::Fonts;
use super::sheet::{CONTENT_W, MARGIN, Sheet, Style};
use crate::plan::RectMm;
use crate::render::overlay::Scale;
use crate::report::colour::{self, Rgb};
use crate::report::figure::{FloorFigure, Shape};
use crate::units::display;

/// Tallest picture, pt.
const MAX_H: f32 = 560.0;
/// Height taken by legend and scale bar, pt.
const FOOT_H: f32 = 50.0;
/// Steps of the colour bar.
const STEPS: usize = 96;
/// Numbers on the colour bar, about.
const TICKS: usize = 7;
/// Smallest label worth printing, pt.
const LABEL_MIN: f32 = 2.2;
/// Largest label, pt.
const LABEL_MAX: f32 = 6.5;
/// Distance of hatch lines, pt.
const HATCH: f32 = 2.4;

/// From mm on the floor to pt on the page.
struct View {
    hall: RectMm,
    left: f32,
    top: f32,
    scale: f32,
}

impl View {
    fn of(hall: RectMm, top: f32) -> Self {
        let (w, h) = (hall.size_x().max(1) as f32, hall.size_y().max(1) as f32);
        Self { hall, left: MARGIN, top, scale: (CONTENT_W / w).min(MAX_H / h) }
    }

    fn area(&self, r: RectMm) -> [f32; 4] {
        let x = (r.min.x - self.hall.min.x) as f32 * self.scale;
        let y = (self.hall.max.y - r.max.y) as f32 * self.scale;
        let size = [r.size_x() as f32 * self.scale, r.size_y() as f32 * self.scale];
        [self.left + x, self.top + y, size[0], size[1]]
    }
}

/// Draws the picture where the flow stands.
pub fn draw(flow: &mut Flow<'_>, figure: &FloorFigure) {
    let height = View::of(figure.hall, 0.0).area(figure.hall)[3];
    flow.ensure(height + FOOT_H + 60.0);
    flow.caption(&figure.title);
    let view = View::of(figure.hall, flow.y);
    let fonts = flow.fonts;
    let sheet = flow.sheet();
    sheet.fill(view.area(figure.hall), colour::FLOOR);
    for shape in &figure.shapes {
        draw_shape(sheet, fonts, &view, shape);
    }
    sheet.outline(view.area(figure.hall), 1.2, colour::MUTED);
    let foot = view.top + height + 20.0;
    scale_bar(sheet, &view, foot);
    if let Some(legend) = &figure.legend {
        draw_legend(sheet, fonts, legend, foot);
    }
    flow.y = view.top + height + FOOT_H;
    flow.note(&figure.note);
}

fn draw_shape(sheet: &mut Sheet, fonts: &Fonts, view: &View, shape: &Shape) {
    let area = view.area(shape.area);
    let (ground, edge) = shape.fill.colours();
    if let Some(ground) = ground {
        sheet.fill(area, ground);
    }
    sheet.outline(area, 0.3, edge);
    if let Some(front) = shape.front {
        sheet.fill(view.area(front), colour::TEXT);
    }
    let ink = ground.map_or(colour::MUTED, colour::ink_on);
    if shape.over_limit {
        hatch(sheet, area, ink);
    }
    label(sheet, fonts, area, &shape.label, ink);
}

/// Lines from lower left to upper right, cut at the rectangle.
fn hatch(sheet: &mut Sheet, [x, y, w, h]: [f32; 4], ink: Rgb) {
    let count = ((w + h) / HATCH) as usize;
    for i in 1..=count {
        let d = i as f32 * HATCH;
        let from = [x + (d - h).max(0.0), y + d.min(h)];
        let to = [x + d.min(w), y + (d - w).max(0.0)];
        sheet.line([from[0], from[1], to[0], to[1]], 0.4, ink);
    }
}

fn label(sheet: &mut Sheet, fonts: &Fonts, [x, y, w, h]: [f32; 4], text: &str, ink: Rgb) {
    let em = fonts.face(false).width(text, 1.0);
    if text.is_empty() || em <= 0.0 {
        return;
    }
    let size = (w * 0.9 / em).min(h * 0.6).min(LABEL_MAX);
    if size >= LABEL_MIN {
        let at = [x + (w - em * size) / 2.0, y + h / 2.0 + size * 0.36];
        sheet.text(at, Style::regular(size, ink), text);
    }
}

/// A round length that takes about a fifth of the hall.
fn scale_bar(sheet: &mut Sheet, view: &View, y: f32) {
    let rough_m = view.hall.size_x() as f32 / 1e3 / 5.0;
    let length_m =
        [50.0, 20.0, 10.0, 5.0, 2.0, 1.0].into_iter().find(|l| *l <= rough_m).unwrap_or(1.0_f32);
    let width = length_m * 1e3 * view.scale;
    for x in [MARGIN, MARGIN + width] {
        sheet.line([x, y - 3.0, x, y + 3.0], 0.8, colour::TEXT);
    }
    sheet.line([MARGIN, y, MARGIN + width, y], 0.8, colour::TEXT);
    let text = display::of(f64::from(length_m), "m", 1).to_string();
    sheet.text([MARGIN, y + 12.0], Style::regular(7.0, colour::MUTED), text);
}

/// The colour bar at the right margin.
pub(super) fn draw_legend(sheet: &mut Sheet, fonts: &Fonts, legend: &Scale, top: f32) {
    let width = 210.0;
    let left = MARGIN + CONTENT_W - width - 8.0;
    let face = fonts.face(false);
    let title = Style::regular(7.4, colour::TEXT);
    sheet.text([left - face.width(legend.label, 7.4) - 10.0, top + 4.0], title, legend.label);
    let step = width / STEPS as f32;
    for i in 0..STEPS {
        let place = (i as f64 + 0.5) / STEPS as f64;
        // Overlapping strips, lest a viewer shows seams between them.
        let area = [left + i as f32 * step, top - 3.0, step + 0.5, 9.0];
        sheet.fill(area, legend.map.at(place));
    }
    let x_of = |value: f64| left + width * legend.place(value) as f32;
    let small = Style::regular(7.0, colour::MUTED);
    for tick in legend.ticks(TICKS) {
        let text = display::sig(tick, 2);
        let x = x_of(tick);
        sheet.line([x, top + 6.0, x, top + 8.5], 0.5, colour::MUTED);
        sheet.text([x - face.width(&text, 7.0) / 2.0, top + 15.5], small, text);
    }
    if let Some(limit) = legend.limit {
        let text = format!("limit {}", display::sig(limit, 2));
        let x = x_of(limit);
        sheet.line([x, top - 6.0, x, top + 9.0], 1.4, colour::BAD);
        let at = [x - fonts.face(true).width(&text, 7.0) / 2.0, top - 7.5];
        sheet.text(at, Style::bold(7.0, colour::BAD), text);
    }
}
