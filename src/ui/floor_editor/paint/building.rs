//! Parts of the building, perforated tiles, containment, busways.

use super::Scene;
use super::brush::{Brush, mix};
use crate::plan::{Aisle, Obstacle, ObstacleKind};
use crate::render::overlay::Overlay;
use eframe::egui::{Align2, Painter, Rect, Stroke, pos2, vec2};
use std::f32::consts::FRAC_PI_2;

/// What lies on or in the floor: tiles, obstacles, containment's area.
pub fn paint_flat(painter: &Painter, scene: &Scene<'_>) {
    let theme = scene.input.theme;
    let mut brush = Brush::new(painter);
    for tile in &scene.input.plan.floor.tiles {
        let area = tile.footprint();
        if area.overlaps(&scene.visible) {
            perforated(&mut brush, scene, scene.camera.screen_rect(&area));
        }
    }
    if !scene.overlay.shows_air() {
        for containment in &scene.input.plan.floor.containments {
            let colour = if containment.aisle == Aisle::Hot { theme.warn } else { theme.accent };
            let r = brush.snap_rect(scene.camera.screen_rect(&containment.area));
            let wash = if theme.dark { 0.07 } else { 0.09 };
            brush.rect(r, mix(theme.floor, colour, wash));
        }
    }
    let mut doors = Vec::new();
    for obstacle in &scene.input.plan.floor.obstacles {
        if obstacle.area.overlaps(&scene.visible) || obstacle.kind == ObstacleKind::Door {
            let r = brush.snap_rect(scene.camera.screen_rect(&obstacle.area));
            solid(&mut brush, scene, obstacle, r);
            if obstacle.kind == ObstacleKind::Door {
                doors.push((r, obstacle));
            }
        }
    }
    brush.finish(painter);
    for (r, door) in doors {
        swing(painter, scene, r, door);
    }
}

/// A tile with slots.
fn perforated(brush: &mut Brush, scene: &Scene<'_>, r: Rect) {
    let theme = scene.input.theme;
    let r = brush.snap_rect(r);
    brush.frame(r, 1.0, mix(theme.floor, theme.cooling, 0.45));
    if r.width() > 10.0 {
        let ink = mix(theme.floor, theme.cooling, 0.35);
        for slot in 1..4 {
            let y = r.top() + r.height() * slot as f32 / 4.0;
            let line = Rect::from_min_max(pos2(r.left() + 3.0, y), pos2(r.right() - 3.0, y + 1.0));
            brush.rect(line, ink);
        }
    }
}

fn solid(brush: &mut Brush, scene: &Scene<'_>, obstacle: &Obstacle, r: Rect) {
    let theme = scene.input.theme;
    let line = mix(theme.floor, theme.muted, 0.8);
    match obstacle.kind {
        ObstacleKind::Column | ObstacleKind::Wall => {
            brush.rect(r, mix(theme.floor, theme.muted, 0.45));
            brush.frame(r, 1.0, line);
            if obstacle.kind == ObstacleKind::Column && r.width() > 6.0 {
                brush.cross(r, 1.0, line);
            }
        }
        ObstacleKind::Door => {}
        ObstacleKind::Ramp => {
            brush.frame(r, 1.0, line);
            for i in 1..6 {
                let share = i as f32 / 6.0;
                let (a, b) = if r.width() > r.height() {
                    let x = r.left() + r.width() * share;
                    (pos2(x, r.top()), pos2(x, r.bottom()))
                } else {
                    let y = r.top() + r.height() * share;
                    (pos2(r.left(), y), pos2(r.right(), y))
                };
                brush.line(a, b, 1.0, mix(theme.floor, theme.muted, 0.4));
            }
        }
        ObstacleKind::KeepOut => {
            brush.hatch(r, 9.0, 1.0, mix(theme.floor, theme.warn, 0.35));
            brush.dashed_frame(r, [6.0, 4.0], 1.0, mix(theme.floor, theme.warn, 0.7));
        }
    }
}

/// A door: its leaf and the quarter circle it swings through, hinged at the hall's nearer wall.
fn swing(painter: &Painter, scene: &Scene<'_>, r: Rect, door: &Obstacle) {
    let theme = scene.input.theme;
    let stroke = Stroke::new(1.2, theme.muted);
    let hall = scene.input.plan.hall_area();
    let near = [
        ((door.area.min.y - hall.min.y).abs(), r.left_bottom(), vec2(0.0, -1.0), vec2(1.0, 0.0)),
        ((hall.max.y - door.area.max.y).abs(), r.left_top(), vec2(0.0, 1.0), vec2(1.0, 0.0)),
        ((door.area.min.x - hall.min.x).abs(), r.left_top(), vec2(1.0, 0.0), vec2(0.0, 1.0)),
        ((hall.max.x - door.area.max.x).abs(), r.right_top(), vec2(-1.0, 0.0), vec2(0.0, 1.0)),
    ];
    let Some((_, hinge, open, shut)) = near.into_iter().min_by_key(|n| n.0) else { return };
    let radius = r.width().min(r.height());
    let arc = (0..=16)
        .map(|i| {
            let angle = FRAC_PI_2 * i as f32 / 16.0;
            hinge + (open * angle.cos() + shut * angle.sin()) * radius
        })
        .collect();
    painter.line_segment([hinge, hinge + open * radius], Stroke::new(2.0, stroke.color));
    painter.line(arc, Stroke::new(1.0, theme.muted));
}

/// What hangs above the racks: containment panels, busways.
pub fn paint_above(painter: &Painter, scene: &Scene<'_>) {
    let theme = scene.input.theme;
    let mut brush = Brush::new(painter);
    let mut labels = Vec::new();
    for containment in &scene.input.plan.floor.containments {
        if !containment.area.overlaps(&scene.visible) {
            continue;
        }
        let r = brush.snap_rect(scene.camera.screen_rect(&containment.area));
        let ink = mix(theme.floor, theme.text, 0.8);
        brush.dashed_frame(r, [6.0, 3.0], 1.2, ink);
        if !containment.doors {
            continue;
        }
        let along_x = r.width() > r.height();
        for end in [0.0, 1.0] {
            let (a, b) = if along_x {
                let x = r.left() + r.width() * end;
                (pos2(x, r.top()), pos2(x, r.bottom()))
            } else {
                let y = r.top() + r.height() * end;
                (pos2(r.left(), y), pos2(r.right(), y))
            };
            brush.line(a, b, 2.5, ink);
        }
    }
    let fed = &scene.input.ui_state.fed.elements;
    let feeds = matches!(scene.overlay, Overlay::Feeds | Overlay::Amps);
    if let Some(results) = scene.input.shown_results().filter(|_| feeds || !fed.is_empty()) {
        for route in &results.busways {
            let chosen = fed.contains(&route.name);
            if !feeds && !chosen {
                continue;
            }
            let r = brush.snap_rect(scene.camera.screen_rect(&route.area));
            let thin = if r.width() > r.height() {
                Rect::from_center_size(
                    r.center(),
                    vec2(r.width(), (r.height() * 0.3).clamp(1.0, 6.0)),
                )
            } else {
                Rect::from_center_size(
                    r.center(),
                    vec2((r.width() * 0.3).clamp(1.0, 6.0), r.height()),
                )
            };
            let ink = match (chosen, is_dead(scene, &route.name)) {
                (_, true) => theme.bad,
                (true, false) => theme.accent,
                (false, false) if route.feed == "B" => theme.network,
                (false, false) => theme.power,
            };
            brush.bar(thin, ink);
            if r.width().min(r.height()) >= 12.0 {
                labels.push((thin.left_center() - vec2(4.0, 0.0), route.name.as_str(), ink));
            }
        }
    }
    brush.finish(painter);
    for (at, name, ink) in labels {
        painter.text(at, Align2::RIGHT_CENTER, name, eframe::egui::FontId::proportional(9.0), ink);
    }
}

/// Whether a busway is without power because of what is taken for failed.
fn is_dead(scene: &Scene<'_>, name: &str) -> bool {
    let outage = scene.input.ui_state.what_if.outage();
    outage.is_some_and(|o| o.power.elements.iter().any(|e| e.name == name && !e.live))
}

/// The busway that is drawn at a point of the screen, while busways are shown.
pub fn busway_at<'a>(scene: &Scene<'a>, at: eframe::egui::Pos2) -> Option<&'a str> {
    /// Reach around a busway, points.
    const REACH: f32 = 4.0;
    let results = scene.input.results?;
    if !matches!(scene.overlay, Overlay::Feeds | Overlay::Amps) {
        return None;
    }
    let hit = |area| scene.camera.screen_rect(area).expand(REACH).contains(at);
    results.busways.iter().find(|b| hit(&b.area)).map(|b| b.name.as_str())
}
