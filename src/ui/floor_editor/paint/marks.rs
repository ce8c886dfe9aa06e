//! What the pointer is doing: selection, hover, conflicts, ghosts, guides, marquee.

use super::Scene;
use super::brush::{Brush, mix};
use super::label::chip;
use crate::plan::clearance::{Conflict, Gravity, conflicts_of};
use crate::plan::snap::Guide;
use crate::plan::{Object, ObjectId, RectMm};
use crate::ui::floor_editor::gesture::Gesture;
use crate::ui::floor_editor::place::Candidate;
use crate::ui::floor_editor::state::FloorState;
use crate::ui::state::{Selection, Tool};
use eframe::egui::{Color32, Painter, Pos2, Rect, vec2};

/// Draws all marks.
pub fn paint(painter: &Painter, scene: &Scene<'_>, state: &FloorState) {
    let mut brush = Brush::new(painter);
    let dragged = match &state.gesture {
        Gesture::Move(drag) => drag.moving(),
        _ => Selection::new(),
    };
    standing_conflicts(&mut brush, scene, state, &dragged);
    selection(&mut brush, scene, state);
    brush.finish(painter);
    match &state.gesture {
        Gesture::Move(drag) => {
            ghosts(painter, scene, &drag.ghosts);
            guides(painter, scene, drag.guides());
            let found = conflicts_of(scene.input.plan, &dragged);
            conflicts(painter, scene, &found);
        }
        Gesture::Marquee(from) => {
            if let Some(to) = state.pointer {
                marquee(painter, scene, scene.camera.screen_from_point(*from), to);
            }
        }
        Gesture::Idle | Gesture::Pan => {}
    }
    if scene.input.ui_state.tool == Tool::Measure || !state.measure.is_empty() {
        state.measure.paint(painter, &scene.camera, scene.input.theme, state.pointer);
    }
}

/// Red edges around what can not stand where it is, at all times.
fn standing_conflicts(
    brush: &mut Brush,
    scene: &Scene<'_>,
    state: &FloorState,
    dragged: &Selection,
) {
    let bad = scene.input.theme.bad;
    for conflict in &state.cache.conflicts {
        let is_dragged =
            dragged.contains(&conflict.a) || conflict.b.is_some_and(|b| dragged.contains(&b));
        if conflict.gravity == Gravity::Impossible && !is_dragged {
            let r = brush.snap_rect(scene.camera.screen_rect(&conflict.area));
            brush.hatch(r.intersect(scene.camera.view), 5.0, 1.0, bad);
            brush.frame(r, 1.5, bad);
        }
    }
}

fn selection(brush: &mut Brush, scene: &Scene<'_>, state: &FloorState) {
    let theme = scene.input.theme;
    for (id, area) in &state.cache.objects {
        let chosen = scene.input.ui_state.selection.contains(id);
        let fed = scene.input.ui_state.fed.objects.contains(id);
        if !(chosen || fed || state.hover == Some(*id)) || !area.overlaps(&scene.visible) {
            continue;
        }
        let r = brush.snap_rect(scene.camera.screen_rect(area));
        if chosen {
            brush.frame(r.expand(2.0), 2.0, theme.accent);
        } else if fed {
            brush.dashed_frame(r.expand(1.0), [4.0, 3.0], 1.5, theme.accent);
        } else {
            brush.frame(r.expand(1.0), 1.0, mix(theme.floor, theme.accent, 0.6));
        }
    }
}

fn ghosts(painter: &Painter, scene: &Scene<'_>, ghosts: &[RectMm]) {
    let mut brush = Brush::new(painter);
    let ink = mix(scene.input.theme.floor, scene.input.theme.muted, 0.8);
    for area in ghosts.iter().filter(|a| a.overlaps(&scene.visible)) {
        let r = brush.snap_rect(scene.camera.screen_rect(area));
        brush.dashed_frame(r, [3.0, 3.0], 1.0, ink);
    }
    brush.finish(painter);
}

/// Smart guides: alignments as lines, distances with their length.
pub fn guides(painter: &Painter, scene: &Scene<'_>, guides: &[Guide]) {
    let accent = scene.input.theme.accent;
    let mut brush = Brush::new(painter);
    let mut labels = Vec::new();
    for guide in guides {
        match guide {
            Guide::Line { from, to } => {
                let (a, b) =
                    (scene.camera.screen_from_point(*from), scene.camera.screen_from_point(*to));
                brush.dashes(a, b, [5.0, 3.0], 1.0, accent);
            }
            Guide::Distance { from, to, mm } => {
                let (a, b) =
                    (scene.camera.screen_from_point(*from), scene.camera.screen_from_point(*to));
                let long = (b - a).length();
                brush.line(a, b, 1.0, accent);
                let across = (b - a).normalized().rot90() * 4.0;
                brush.line(a - across, a + across, 1.0, accent);
                brush.line(b - across, b + across, 1.0, accent);
                if long > 18.0 {
                    labels.push((a.lerp(b, 0.5), crate::ui::floor_editor::state::thousands(*mm)));
                }
            }
        }
    }
    brush.finish(painter);
    for (at, text) in labels {
        chip(painter, at, &text, accent, scene.input.theme);
    }
}

/// Conflicts of what is moved, with the worst reason beside it.
pub fn conflicts(painter: &Painter, scene: &Scene<'_>, found: &[Conflict]) {
    let theme = scene.input.theme;
    let mut brush = Brush::new(painter);
    for conflict in found {
        let colour = gravity_colour(conflict.gravity, scene);
        let r = brush.snap_rect(scene.camera.screen_rect(&conflict.area));
        brush.rect(r, colour.gamma_multiply(0.18));
        brush.hatch(r.intersect(scene.camera.view), 6.0, 1.0, colour);
        brush.frame(r, 1.0, colour);
    }
    brush.finish(painter);
    let Some(worst) = found.iter().max_by_key(|c| (c.gravity, std::cmp::Reverse(c.a))) else {
        return;
    };
    let r = scene.camera.screen_rect(&worst.area);
    let more = if found.len() > 1 { format!("  +{}", found.len() - 1) } else { String::new() };
    let at = Pos2::new(r.center().x, r.top() - 44.0);
    chip(
        painter,
        at,
        &format!("{}{more}", worst.reason),
        gravity_colour(worst.gravity, scene),
        theme,
    );
}

const fn gravity_colour(gravity: Gravity, scene: &Scene<'_>) -> Color32 {
    match gravity {
        Gravity::Impossible => scene.input.theme.bad,
        Gravity::Tight => scene.input.theme.warn,
    }
}

/// Solid when it encloses, dashed when it crosses.
fn marquee(painter: &Painter, scene: &Scene<'_>, from: Pos2, to: Pos2) {
    let theme = scene.input.theme;
    let r = Rect::from_two_pos(from, to);
    let mut brush = Brush::new(painter);
    if to.x >= from.x {
        brush.rect(r, theme.accent.gamma_multiply(0.12));
        brush.frame(r, 1.0, theme.accent);
    } else {
        brush.rect(r, theme.ok.gamma_multiply(0.12));
        brush.dashed_frame(r, [6.0, 4.0], 1.0, theme.ok);
    }
    brush.finish(painter);
    let word = if to.x >= from.x { "encloses" } else { "crosses" };
    chip(painter, to + vec2(34.0, 16.0), word, theme.muted, theme);
}

/// The object that is about to be placed.
pub fn candidate(painter: &Painter, scene: &Scene<'_>, candidate: &Candidate) {
    let theme = scene.input.theme;
    let mut brush = Brush::new(painter);
    let r = brush.snap_rect(scene.camera.screen_rect(&candidate.object.footprint()));
    let colour = if candidate.refusal().is_some() { theme.bad } else { theme.accent };
    brush.rect(r, colour.gamma_multiply(0.28));
    brush.frame(r, 1.5, colour);
    let facing = match &candidate.object {
        Object::Rack(o) => Some(o.facing),
        Object::Unit(o) => Some(o.facing),
        Object::Tile(_) | Object::Containment(_) | Object::Obstacle(_) => None,
    };
    if let Some(facing) = facing {
        brush.rect(super::racks::edge(r, facing, 3.0), colour);
    }
    brush.finish(painter);
    guides(painter, scene, &candidate.guides);
    conflicts(painter, scene, &candidate.conflicts);
}

/// Where an object is on the screen.
pub fn screen_rect_of(scene: &Scene<'_>, state: &FloorState, id: ObjectId) -> Option<Rect> {
    let found = state.cache.objects.iter().find(|(other, _)| *other == id)?;
    Some(scene.camera.screen_rect(&found.1))
}
