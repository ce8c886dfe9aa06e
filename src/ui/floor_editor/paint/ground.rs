//! The ground: background, adaptive grid, hall, rulers, scale bar.

use super::Scene;
use super::brush::{Brush, mix};
use crate::ui::theme::{Theme, caption};
use eframe::egui::{Align2, Painter, Pos2, Rect, pos2, vec2};

/// Breadth of the rulers, points.
pub const RULER: f32 = 18.0;
/// Grid lines are at least this far apart, points.
const MIN_GRID: f32 = 14.0;
/// Ruler numbers are at least this far apart, points.
const MIN_LABEL: f32 = 64.0;
/// Steps of grid and ruler, mm; 600 is the floor tile.
const GRID_MM: [f64; 8] = [1.0, 10.0, 100.0, 600.0, 1200.0, 6000.0, 12_000.0, 60_000.0];
const RULER_MM: [f64; 13] = [
    10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0, 20_000.0, 50_000.0,
    100_000.0,
];

/// Background, grid and hall.
pub fn paint(painter: &Painter, scene: &Scene<'_>) {
    let theme = scene.input.theme;
    let view = scene.camera.view;
    let mut brush = Brush::new(painter);
    brush.rect(view, theme.panel);
    let hall = brush.snap_rect(scene.camera.screen_rect(&scene.input.plan.hall_area()));
    brush.rect(hall.intersect(view), theme.floor);
    grid(&mut brush, scene, theme);
    brush.frame(hall.expand(2.0), 2.0, mix(theme.floor, theme.muted, 0.8));
    brush.finish(painter);
}

fn grid(brush: &mut Brush, scene: &Scene<'_>, theme: &Theme) {
    let camera = &scene.camera;
    let step = GRID_MM.into_iter().find(|s| camera.points(*s) >= MIN_GRID);
    let Some(step) = step else { return };
    let view = camera.view;
    let px = 1.0 / brush.pixels_per_point();
    let faint = mix(theme.panel, theme.grid, if theme.dark { 0.9 } else { 1.0 });
    for x in steps(scene.visible.min.x, scene.visible.max.x, step) {
        let at = brush.snap(camera.screen_from_floor(x, 0.0).x);
        brush.rect(Rect::from_min_max(pos2(at, view.top()), pos2(at + px, view.bottom())), faint);
    }
    for y in steps(scene.visible.min.y, scene.visible.max.y, step) {
        let at = brush.snap(camera.screen_from_floor(0.0, y).y);
        brush.rect(Rect::from_min_max(pos2(view.left(), at), pos2(view.right(), at + px)), faint);
    }
}

/// Multiples of a step inside a range.
fn steps(from: i32, to: i32, step: f64) -> impl Iterator<Item = f64> {
    let (first, last) =
        ((f64::from(from) / step).ceil() as i64, (f64::from(to) / step).floor() as i64);
    (first..=last.min(first + 4000)).map(move |i| i as f64 * step)
}

/// Rulers in m along the top and left edge, and a mark at the cursor.
pub fn paint_rulers(painter: &Painter, scene: &Scene<'_>, pointer: Option<Pos2>) {
    let theme = scene.input.theme;
    let camera = &scene.camera;
    let view = camera.view;
    let mut brush = Brush::new(painter);
    let top = Rect::from_min_max(view.min, pos2(view.right(), view.top() + RULER));
    let left = Rect::from_min_max(view.min, pos2(view.left() + RULER, view.bottom()));
    for strip in [top, left] {
        brush.rect(strip, theme.panel);
    }
    brush.rect(
        Rect::from_min_max(top.left_bottom(), top.right_bottom() + vec2(0.0, 1.0)),
        theme.hairline,
    );
    brush.rect(
        Rect::from_min_max(left.right_top(), left.right_bottom() + vec2(1.0, 0.0)),
        theme.hairline,
    );
    let step = RULER_MM.into_iter().find(|s| camera.points(*s) >= MIN_LABEL).unwrap_or(1e5);
    let mut labels = Vec::new();
    for x in steps(scene.visible.min.x, scene.visible.max.x, step / 5.0) {
        let at = brush.snap(camera.screen_from_floor(x, 0.0).x);
        let long = is_multiple(x, step);
        tick(
            &mut brush,
            Rect::from_min_max(
                pos2(at, top.bottom() - tick_length(long)),
                pos2(at + 1.0, top.bottom()),
            ),
            theme,
        );
        if long && at > left.right() {
            labels.push((pos2(at + 3.0, top.top() + 1.0), true, x));
        }
    }
    for y in steps(scene.visible.min.y, scene.visible.max.y, step / 5.0) {
        let at = brush.snap(camera.screen_from_floor(0.0, y).y);
        let long = is_multiple(y, step);
        tick(
            &mut brush,
            Rect::from_min_max(
                pos2(left.right() - tick_length(long), at),
                pos2(left.right(), at + 1.0),
            ),
            theme,
        );
        if long && at > top.bottom() + 24.0 {
            labels.push((pos2(left.left() + 1.0, at - 3.0), false, y));
        }
    }
    if let Some(p) = pointer {
        let accent = theme.accent;
        brush.rect(Rect::from_min_max(pos2(p.x, top.top()), pos2(p.x + 1.0, top.bottom())), accent);
        brush.rect(
            Rect::from_min_max(pos2(left.left(), p.y), pos2(left.right(), p.y + 1.0)),
            accent,
        );
    }
    brush.rect(Rect::from_min_size(view.min, vec2(RULER, RULER)), theme.panel);
    brush.finish(painter);
    let small = eframe::egui::FontId::proportional(9.0);
    for (at, upright, mm) in labels {
        let galley = painter.layout_no_wrap(metres(mm, step), small.clone(), theme.muted);
        let shape = eframe::egui::epaint::TextShape::new(at, galley, theme.muted);
        painter.add(if upright { shape } else { shape.with_angle(-std::f32::consts::FRAC_PI_2) });
    }
    painter.text(view.min + vec2(5.0, 3.0), Align2::LEFT_TOP, "m", small, theme.muted);
}

const fn tick_length(long: bool) -> f32 {
    if long { RULER } else { 4.0 }
}

fn tick(brush: &mut Brush, r: Rect, theme: &Theme) {
    brush.rect(r, mix(theme.panel, theme.muted, 0.35));
}

fn is_multiple(value: f64, step: f64) -> bool {
    ((value / step).round() * step - value).abs() < 1e-6 * step
}

fn metres(mm: f64, step: f64) -> String {
    let decimals = if step >= 1000.0 {
        0
    } else if step >= 100.0 {
        1
    } else {
        2
    };
    format!("{:.decimals$}", mm / 1000.0).replace('-', "−")
}

/// A bar of round length in the lower right corner.
pub fn paint_scale_bar(painter: &Painter, scene: &Scene<'_>) {
    let theme = scene.input.theme;
    let camera = &scene.camera;
    let lengths = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
    let length = lengths.into_iter().find(|m| camera.points(m * 1000.0) >= 90.0).unwrap_or(200.0);
    let width = camera.points(length * 1000.0);
    let end = camera.view.right_bottom() - vec2(24.0, 36.0);
    let start = end - vec2(width, 0.0);
    let mut brush = Brush::new(painter);
    plate(&mut brush, Rect::from_min_max(start - vec2(10.0, 10.0), end + vec2(10.0, 24.0)), theme);
    brush.line(start, end, 1.0, theme.muted);
    for at in [start, end] {
        brush.line(at - vec2(0.0, 4.0), at + vec2(0.0, 4.0), 1.0, theme.muted);
    }
    brush.finish(painter);
    let text = if length < 1.0 { format!("{length:.1} m") } else { format!("{length:.0} m") };
    let middle = start.lerp(end, 0.5) + vec2(0.0, 13.0);
    painter.text(middle, Align2::CENTER_CENTER, text, caption(), theme.muted);
}

/// A quiet plate behind legend and scale bar, so that they stay readable over the drawing.
pub fn plate(brush: &mut Brush, r: Rect, theme: &Theme) {
    brush.rect(r, theme.panel.gamma_multiply(0.88));
}
