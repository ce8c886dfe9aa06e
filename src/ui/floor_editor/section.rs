//! The vertical section: a line on the floor that can be moved, and the air along it by height.

use super::camera::FloorCamera;
use super::input::FloorInput;
use super::paint::brush::Brush;
use super::paint::label;
use crate::evaluate::air::{AirResult, Slice};
use crate::plan::RectMm;
use crate::render::air_image::air_image;
use crate::render::overlay::Overlay;
use crate::render::section::{CutAxis, cut};
use crate::ui::theme::{Theme, caption};
use crate::units::{ZERO_CELSIUS_K, display};
use eframe::egui::{
    self, Align2, Color32, ColorImage, CursorIcon, Id, Painter, Pos2, Rect, Role, Sense, Stroke,
    StrokeKind, TextureHandle, TextureOptions, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// Share of the canvas that the section takes.
const SHARE: f32 = 0.3;
/// Height of the section with its title, points.
const HEIGHTS: [f32; 2] = [110.0, 260.0];
/// Side of the handles at the ends of the line, points.
const HANDLE: f32 = 18.0;
/// Distance of arrows, points.
const ARROW_SPACING: f32 = 26.0;
/// Speed of the longest arrow, m/s; as on the floor.
const ARROW_FULL_M_S: f32 = 2.0;

/// What the section remembers.
#[derive(Default)]
pub struct SectionState {
    /// Whether it is shown.
    pub on: bool,
    /// Which way it runs.
    pub axis: CutAxis,
    /// Where it cuts, mm from the hall's corner; none until first shown.
    at_mm: Option<f64>,
    source: Option<(Arc<AirResult>, CutAxis, i64)>,
    slice: Option<Slice>,
    texture: Option<TextureHandle>,
}

impl SectionState {
    /// Height that the section takes from a canvas, points.
    pub fn height(&self, available: f32) -> f32 {
        if self.on { (SHARE * available).clamp(HEIGHTS[0], HEIGHTS[1]) } else { 0.0 }
    }

    /// Turns the cut by a quarter, through the middle of the hall.
    pub fn turn(&mut self) {
        self.axis = self.axis.turned();
        self.at_mm = None;
    }

    /// Where it cuts, mm from the hall's corner.
    fn at_mm(&self, hall: &RectMm) -> f64 {
        let across =
            f64::from(if self.axis == CutAxis::AlongX { hall.size_y() } else { hall.size_x() });
        self.at_mm.unwrap_or(across / 2.0).clamp(0.0, across)
    }

    /// Brings slice and texture up to date with results and place.
    fn refresh(&mut self, ui: &Ui, input: &FloorInput<'_>) {
        let Some(results) = input.shown_results() else { return };
        let Some(scale) = Overlay::Air.scale(results) else { return };
        let at_mm = self.at_mm(&input.plan.hall_area());
        let key = at_mm.round() as i64;
        let same = self.source.as_ref().is_some_and(|(air, a, at)| {
            Arc::ptr_eq(air, &results.air) && (*a, *at) == (self.axis, key)
        });
        if same {
            return;
        }
        self.slice = cut(&results.air.field, self.axis, at_mm / 1e3);
        if let Some(slice) = &self.slice {
            let image = air_image(slice, &scale);
            let image =
                ColorImage::from_rgba_unmultiplied([image.width, image.height], &image.rgba);
            match &mut self.texture {
                Some(texture) => texture.set(image, TextureOptions::LINEAR),
                None => {
                    let options = TextureOptions::LINEAR;
                    self.texture = Some(ui.ctx().load_texture("air-section", image, options));
                }
            }
        }
        self.source = Some((Arc::clone(&results.air), self.axis, key));
    }
}

/// The line on the floor with its handles; dragging one moves the cut.
pub fn line_ui(ui: &Ui, camera: &FloorCamera, input: &FloorInput<'_>, state: &mut SectionState) {
    if !state.on {
        return;
    }
    let hall = input.plan.hall_area();
    let at = state.at_mm(&hall);
    let (min, size) = (hall.min, (f64::from(hall.size_x()), f64::from(hall.size_y())));
    let (x0, y0) = (f64::from(min.x), f64::from(min.y));
    let ends = match state.axis {
        CutAxis::AlongX => [(x0, y0 + at), (x0 + size.0, y0 + at)],
        CutAxis::AlongY => [(x0 + at, y0), (x0 + at, y0 + size.1)],
    }
    .map(|(x, y)| camera.screen_from_floor(x, y));
    let theme = input.theme;
    let painter = ui.painter_at(camera.view);
    painter.line_segment(ends, Stroke::new(3.0, theme.panel.gamma_multiply(0.7)));
    painter.extend(egui::Shape::dashed_line(&ends, Stroke::new(1.5, theme.accent), 10.0, 4.0));
    for (i, end) in ends.into_iter().enumerate() {
        let inside = camera.view.shrink(HANDLE);
        let handle = Rect::from_center_size(inside.clamp(end), Vec2::splat(HANDLE));
        let response = ui.interact(handle, Id::unique(("section-handle", i)), Sense::drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, "Place of the section"));
        let ink = if response.hovered() || response.dragged() { theme.text } else { theme.accent };
        painter.circle(handle.center(), HANDLE / 2.0 - 2.0, theme.panel, Stroke::new(2.0, ink));
        let name = if i == 0 { "A" } else { "B" };
        painter.text(handle.center(), Align2::CENTER_CENTER, name, caption(), theme.text);
        let cursor = match state.axis {
            CutAxis::AlongX => CursorIcon::ResizeVertical,
            CutAxis::AlongY => CursorIcon::ResizeHorizontal,
        };
        if let Some(pointer) = response.interact_pointer_pos().filter(|_| response.dragged()) {
            let (x, y) = camera.floor_from_screen(pointer);
            state.at_mm = Some(if state.axis == CutAxis::AlongX { y - y0 } else { x - x0 });
        }
        response.on_hover_and_drag_cursor(cursor);
    }
}

/// The section itself in `area`.
pub fn section_ui(ui: &Ui, area: Rect, input: &FloorInput<'_>, state: &mut SectionState) {
    state.refresh(ui, input);
    let theme = input.theme;
    let painter = ui.painter_at(area);
    painter.rect_filled(area, 0, theme.panel);
    painter.hline(area.x_range(), area.top(), Stroke::new(1.0, theme.hairline));
    let plot = Rect::from_min_max(area.min + vec2(44.0, 24.0), area.max - vec2(16.0, 20.0));
    let (Some(slice), Some(texture)) = (&state.slice, &state.texture) else {
        painter.text(area.center(), Align2::CENTER_CENTER, "No air yet", caption(), theme.muted);
        return;
    };
    let along_m = slice.h_m[0] * slice.n[0] as f64;
    let top_m = slice.h_m[1] * slice.n[1] as f64;
    let place = Place { plot, along_m, top_m };
    painter.rect_filled(plot, 0, theme.raised);
    let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let tint = Color32::WHITE.gamma_multiply(input.strength());
    painter.image(texture.id(), plot, uv, tint);
    racks(&painter, &place, input, state);
    if input.ui_state.show_arrows {
        arrows(&painter, &place, slice);
    }
    axes(&painter, &place, theme);
    painter.rect_stroke(plot, 0, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    let response = ui.interact(plot, Id::unique("air-section"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Vertical section of the air"));
    let where_m = display::fixed(state.at_mm(&input.plan.hall_area()) / 1e3, 1);
    let across = if state.axis == CutAxis::AlongX { "north" } else { "east" };
    let stretch = f64::from(plot.height()) / top_m / (f64::from(plot.width()) / along_m);
    let title = format!(
        "Section A–B at {where_m} m {across} · height drawn {} × the length",
        display::sig(stretch, 2)
    );
    let title_at = area.min + vec2(44.0, 12.0);
    painter.text(title_at, Align2::LEFT_CENTER, title, caption(), theme.text);
    if let Some(words) = response.hover_pos().and_then(|at| reading(&place, slice, at)) {
        let right = pos2(plot.right(), title_at.y);
        painter.text(right, Align2::RIGHT_CENTER, words, caption(), theme.text);
    }
}

/// Metres of the section on the screen.
struct Place {
    plot: Rect,
    along_m: f64,
    top_m: f64,
}

impl Place {
    fn screen(&self, along_m: f64, height_m: f64) -> Pos2 {
        pos2(
            self.plot.left() + (along_m / self.along_m) as f32 * self.plot.width(),
            self.plot.bottom() - (height_m / self.top_m) as f32 * self.plot.height(),
        )
    }
}

/// Temperature and speed under the pointer, in words.
fn reading(place: &Place, slice: &Slice, at: Pos2) -> Option<String> {
    let share = (at - place.plot.left_top()) / place.plot.size();
    let (along, up) = (f64::from(share.x), 1.0 - f64::from(share.y));
    if !((0.0..1.0).contains(&along) && (0.0..1.0).contains(&up)) {
        return None;
    }
    let (i, k) = ((along * slice.n[0] as f64) as usize, (up * slice.n[1] as f64) as usize);
    let cell = i + slice.n[0] * k;
    let here = format!("{:.1} m from A, {:.1} m high", along * place.along_m, up * place.top_m);
    if slice.solid[cell] {
        return Some(format!("{here}: solid"));
    }
    let t_c = f64::from(slice.t_k[cell]) - ZERO_CELSIUS_K;
    let (u, w) = (slice.velocity_m_s[0][cell], slice.velocity_m_s[1][cell]);
    Some(format!("{here}: {t_c:.1} °C · {:.2} m/s along, {w:+.2} m/s up", u.abs()))
}

/// Outlines of racks and units that the plane cuts.
fn racks(painter: &Painter, place: &Place, input: &FloorInput<'_>, state: &SectionState) {
    let hall = input.plan.hall_area();
    let at = state.at_mm(&hall);
    let stroke = Stroke::new(1.0, input.theme.text.gamma_multiply(0.8));
    let floor = &input.plan.floor;
    let racks = floor.racks.iter().map(|r| (r.footprint(), r.size_mm.height, r.name.as_str()));
    let units = floor.units.iter().map(|u| (u.footprint(), u.size_mm.height, u.name.as_str()));
    for (area, height_mm, name) in racks.chain(units) {
        let (across, along) = match state.axis {
            CutAxis::AlongX => (
                [area.min.y - hall.min.y, area.max.y - hall.min.y],
                [area.min.x - hall.min.x, area.max.x - hall.min.x],
            ),
            CutAxis::AlongY => (
                [area.min.x - hall.min.x, area.max.x - hall.min.x],
                [area.min.y - hall.min.y, area.max.y - hall.min.y],
            ),
        };
        if !(f64::from(across[0]) <= at && at < f64::from(across[1])) {
            continue;
        }
        let low = place.screen(f64::from(along[0]) / 1e3, 0.0);
        let high = place.screen(f64::from(along[1]) / 1e3, f64::from(height_mm) / 1e3);
        let body = Rect::from_two_pos(low, high);
        painter.rect_stroke(body, 0, stroke, StrokeKind::Inside);
        if body.width() > 7.0 * name.len() as f32 {
            label::chip(painter, body.center(), name, input.theme.text, input.theme);
        }
    }
}

/// Arrows of the flow in the plane. Their direction is in metres, not stretched with the picture.
fn arrows(painter: &Painter, place: &Place, slice: &Slice) {
    let [n, nz] = slice.n;
    let cell = place.plot.size() / vec2(n as f32, nz as f32);
    let skip = [cell.x, cell.y].map(|c| ((ARROW_SPACING / c).ceil() as usize).max(1));
    let mut brush = Brush::new(painter);
    for k in (skip[1] / 2..nz).step_by(skip[1]) {
        for i in (skip[0] / 2..n).step_by(skip[0]) {
            let at = i + n * k;
            let v = Vec2::new(slice.velocity_m_s[0][at], -slice.velocity_m_s[1][at]);
            if slice.solid[at] || v.length() < 0.02 {
                continue;
            }
            let centre = place.plot.left_bottom()
                + vec2((i as f32 + 0.5) * cell.x, -(k as f32 + 0.5) * cell.y);
            let length = (v.length() / ARROW_FULL_M_S).sqrt().min(1.0) * ARROW_SPACING * 0.8;
            brush.arrow(centre, v.normalized() * length, Color32::WHITE.gamma_multiply(0.6));
        }
    }
    brush.finish(painter);
}

/// Heights at the left, metres along below.
fn axes(painter: &Painter, place: &Place, theme: &Theme) {
    let step = |range_m: f64, points: f32, least: f64| {
        let steps = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
        steps.into_iter().find(|s| s / range_m * f64::from(points) >= least).unwrap_or(range_m)
    };
    let mark = |at: Pos2, align, metres: f64| {
        painter.text(at, align, format!("{metres} m"), caption(), theme.muted);
    };
    let up = step(place.top_m, place.plot.height(), 22.0);
    for i in 0..=(place.top_m / up) as usize {
        let at = place.screen(0.0, i as f64 * up);
        painter.hline(at.x - 4.0..=at.x, at.y, Stroke::new(1.0, theme.muted));
        mark(at - vec2(7.0, 0.0), Align2::RIGHT_CENTER, i as f64 * up);
    }
    let along = step(place.along_m, place.plot.width(), 60.0);
    for i in 0..=(place.along_m / along) as usize {
        let at = place.screen(i as f64 * along, 0.0);
        painter.vline(at.x, at.y..=at.y + 4.0, Stroke::new(1.0, theme.muted));
        mark(at + vec2(0.0, 11.0), Align2::CENTER_CENTER, i as f64 * along);
    }
}
