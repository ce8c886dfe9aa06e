//! Racks: filled by the overlay, front edge marked, hatched where past a limit. Thousands of them
//! are one mesh.

use super::Scene;
use super::brush::{Brush, mix};
use super::label::{ink_on, is_bright};
use crate::evaluate::result::RackSummary;
use crate::plan::{Contents, Facing, Rack};
use crate::render::overlay::{Overlay, Scale};
use crate::ui::theme::Theme;
use eframe::egui::{Align2, Color32, FontId, Painter, Rect, pos2};

/// Racks narrower than this on the screen get no name, points.
const MIN_NAME: f32 = 30.0;
/// Racks narrower than this get no edges, points.
const MIN_EDGE: f32 = 6.0;
/// Racks narrower than this get no hatch for being reserved, points.
const MIN_HATCH: f32 = 10.0;

/// Draws every rack in view.
pub fn paint(painter: &Painter, scene: &Scene<'_>) {
    let results = scene.input.shown_results();
    let scale = results.and_then(|r| scene.overlay.scale(r));
    let mut brush = Brush::new(painter);
    brush.reserve(scene.input.plan.floor.racks.len() * 6);
    let mut names = Vec::new();
    for rack in &scene.input.plan.floor.racks {
        let area = rack.footprint();
        if !area.overlaps(&scene.visible) {
            continue;
        }
        let r = brush.snap_rect(scene.camera.screen_rect(&area));
        let summary = results.and_then(|all| all.rack(rack.id));
        let fill = fill(scene, rack, summary, scale.as_ref());
        let outage = scene.input.ui_state.what_if.outage();
        let dark = outage.is_some_and(|o| o.racks_dark.contains(&rack.id));
        let fill =
            if dark { mix(scene.input.theme.floor, scene.input.theme.bad, 0.22) } else { fill };
        one(&mut brush, scene, rack, r, fill);
        if dark {
            brush.hatch(r.shrink(1.0), 8.0, 1.2, scene.input.theme.bad);
        }
        let past = |s: &RackSummary| match (played_c(scene, rack), failed_value(scene, rack)) {
            (Some(inlet_c), _) => inlet_c > s.inlet_limit_c,
            (None, Some(value)) => scene.overlay == Overlay::Feeds && value > 100.0,
            (None, None) => scene.overlay.past_limit(s),
        };
        if !dark && scale.is_some() && summary.is_some_and(past) {
            brush.hatch(r.shrink(1.0), 6.0, 1.3, hatch_ink(fill, scene.input.theme));
        }
        if r.width().min(r.height() * 1.6) >= MIN_NAME {
            names.push((r, rack.name.as_str(), fill));
        }
    }
    brush.finish(painter);
    for (r, name, fill) in names {
        write_name(painter, r, name, fill);
    }
}

fn one(brush: &mut Brush, scene: &Scene<'_>, rack: &Rack, r: Rect, fill: Color32) {
    let theme = scene.input.theme;
    let small = r.width().min(r.height()) < MIN_EDGE;
    let inner = if small { r } else { r.shrink(0.5) };
    brush.rect(inner, fill);
    if small {
        return;
    }
    brush.frame(r, 1.0, mix(theme.floor, fill, 0.25));
    if rack.contents == Contents::Reserved && r.width().min(r.height()) >= MIN_HATCH {
        brush.hatch(inner, 7.0, 1.0, mix(theme.floor, theme.muted, 0.5));
    }
    if rack.phase > 1 && r.width().min(r.height()) >= MIN_NAME {
        brush.dashed_frame(inner.shrink(1.0), [4.0, 3.0], 1.0, theme.muted);
    }
    if rack.rear_door.is_some() {
        brush.rect(
            edge(r, rack.facing.opposite(), (r.height().min(r.width()) * 0.16).clamp(2.0, 8.0)),
            theme.cooling,
        );
    }
    brush.rect(edge(r, rack.facing, 2.0), theme.text);
}

/// A strip along the side of a screen rectangle that looks some way.
pub fn edge(r: Rect, side: Facing, width: f32) -> Rect {
    match side {
        Facing::North => Rect::from_min_max(r.min, pos2(r.max.x, r.min.y + width)),
        Facing::South => Rect::from_min_max(pos2(r.min.x, r.max.y - width), r.max),
        Facing::East => Rect::from_min_max(pos2(r.max.x - width, r.min.y), r.max),
        Facing::West => Rect::from_min_max(r.min, pos2(r.min.x + width, r.max.y)),
    }
}

/// Colour of a rack under the overlay; grey where there is no number.
fn fill(
    scene: &Scene<'_>,
    rack: &Rack,
    summary: Option<&RackSummary>,
    scale: Option<&Scale>,
) -> Color32 {
    let theme = scene.input.theme;
    let Some(scale) = scale.filter(|_| scene.overlay != Overlay::Air) else {
        let share = if scene.overlay == Overlay::Air { 0.18 } else { 0.42 };
        return mix(theme.floor, kind_colour(rack, theme), share);
    };
    let shown = played_c(scene, rack).or(failed_value(scene, rack));
    let value = shown.or(summary.and_then(|s| scene.overlay.rack_value(s)));
    match value {
        Some(value) => {
            let [red, green, blue] = scale.colour(value);
            mix(theme.floor, Color32::from_rgb(red, green, blue), scene.input.strength())
        }
        None => mix(theme.floor, theme.muted, 0.28),
    }
}

/// Inlet of a rack in the state that is played, if one is.
fn played_c(scene: &Scene<'_>, rack: &Rack) -> Option<f64> {
    let played = scene.input.ui_state.played.as_ref()?;
    scene.overlay.shows_air().then(|| played.inlets_c.get(&rack.id).copied()).flatten()
}

/// Loading or current of a rack's feeds without the components that are taken for failed.
fn failed_value(scene: &Scene<'_>, rack: &Rack) -> Option<f64> {
    let outage = scene.input.ui_state.what_if.outage()?;
    match scene.overlay {
        Overlay::Feeds => outage.feed_pct.get(&rack.id).copied(),
        Overlay::Amps => outage.feed_a.get(&rack.id).copied(),
        _ => None,
    }
}

/// Lines that read on a fill: dark on bright ones.
pub fn hatch_ink(fill: Color32, theme: &Theme) -> Color32 {
    if is_bright(fill) { Color32::BLACK.gamma_multiply(0.75) } else { theme.bad }
}

/// Colour of what is inside.
pub const fn kind_colour(rack: &Rack, theme: &Theme) -> Color32 {
    match rack.contents {
        Contents::Compute { .. } => theme.compute,
        Contents::Network | Contents::Storage => theme.network,
        Contents::Reserved => theme.muted,
    }
}

fn write_name(painter: &Painter, r: Rect, name: &str, fill: Color32) {
    let size = (r.width() / (name.chars().count().max(3) as f32 * 0.62)).clamp(8.0, 13.0);
    painter.with_clip_rect(r.intersect(painter.clip_rect())).text(
        r.center(),
        Align2::CENTER_CENTER,
        name,
        FontId::proportional(size),
        ink_on(fill),
    );
}
