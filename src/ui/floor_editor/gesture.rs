//! The pointer's state machine: click, marquee, drag, pan. A drag previews edits and commits once.

use super::camera::FloorCamera;
use super::drag::MoveDrag;
use super::input::FloorInput;
use super::paint::Scene;
use super::paint::building::busway_at;
use super::state::FloorState;
use super::{pick, place};
use crate::plan::{ObjectId, PointMm};
use crate::ui::state::{Action, Selection, Tool};
use eframe::egui::{Key, Modifiers, PointerButton, Pos2, Response, Ui};

/// What the pointer is in the middle of.
#[derive(Default)]
pub enum Gesture {
    /// Nothing.
    #[default]
    Idle,
    /// Moving the view.
    Pan,
    /// Spanning a selection from this corner.
    Marquee(PointMm),
    /// Moving or copying objects.
    Move(Box<MoveDrag>),
}

/// Reads the pointer; selects, starts, updates and ends gestures.
pub fn pointer(
    ui: &Ui,
    response: &Response,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    let Some(camera) = state.camera else { return };
    let (modifiers, space, origin) =
        ui.input(|i| (i.modifiers, i.key_down(Key::Space), i.pointer.press_origin()));
    state.pointer = ui.ctx().pointer_latest_pos().filter(|p| camera.view.contains(*p));
    let over = response.contains_pointer() && state.pointer.is_some();
    state.hover = state
        .pointer
        .filter(|_| over && matches!(state.gesture, Gesture::Idle))
        .and_then(|p| pick::under(&state.cache, &camera, &input.plan.floor, p).first().copied());

    if response.drag_started_by(PointerButton::Middle)
        || (space && response.drag_started_by(PointerButton::Primary))
    {
        state.gesture = Gesture::Pan;
    } else if response.drag_started_by(PointerButton::Primary)
        && input.ui_state.tool == Tool::Select
        && let Some(origin) = origin
    {
        start(origin, modifiers, &camera, input, state, actions);
    }
    run(response, modifiers, &camera, input, state, actions);
    click(response, modifiers, &camera, input, state, actions);
}

/// Starts a drag on an object or a marquee beside them.
fn start(
    origin: Pos2,
    modifiers: Modifiers,
    camera: &FloorCamera,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    let floor = &input.plan.floor;
    let selection = &input.ui_state.selection;
    let is_area = |id: &ObjectId| {
        floor.containments.iter().any(|o| o.id == *id)
            || floor.obstacles.iter().any(|o| o.id == *id && !o.kind.blocks_air())
    };
    // Areas are moved only when selected, so that a marquee can start inside an aisle.
    let hit = pick::under(&state.cache, camera, floor, origin)
        .into_iter()
        .find(|id| selection.contains(id) || !is_area(id));
    let Some(hit) = hit else {
        state.gesture = Gesture::Marquee(camera.point_from_screen(origin));
        return;
    };
    let moving = if selection.contains(&hit) {
        selection.clone()
    } else {
        let one = Selection::from([hit]);
        let chosen = pick::combined(selection, one, modifiers.shift, false);
        actions.push(Action::Select(chosen.clone()));
        chosen
    };
    match MoveDrag::new(input.plan, state, camera, &moving, modifiers.alt) {
        Some(mut drag) => {
            drag.grab(camera.floor_from_screen(origin));
            state.gesture = Gesture::Move(Box::new(drag));
        }
        None => actions.push(Action::Say("Locked: press L to unlock it first".into())),
    }
}

/// Carries a running gesture on, or ends it.
fn run(
    response: &Response,
    modifiers: Modifiers,
    camera: &FloorCamera,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    let pointer = response.interact_pointer_pos();
    match std::mem::take(&mut state.gesture) {
        Gesture::Idle => {}
        Gesture::Pan => {
            if let Some(camera) = &mut state.camera {
                camera.pan(response.drag_delta());
                state.moved = true;
            }
            if !response.drag_stopped() {
                state.gesture = Gesture::Pan;
            }
        }
        Gesture::Marquee(from) => {
            let to = pointer.map(|p| camera.point_from_screen(p));
            if !response.drag_stopped() {
                state.gesture = Gesture::Marquee(from);
            } else if let Some(to) = to {
                let hits = pick::in_marquee(&state.cache, from, to);
                let before = &input.ui_state.selection;
                let chosen = pick::combined(before, hits, modifiers.shift, modifiers.command);
                actions.push(Action::Select(chosen));
            }
        }
        Gesture::Move(mut drag) => {
            if let Some(p) = pointer.filter(|_| !drag.is_typed()) {
                drag.pull(camera.floor_from_screen(p));
            }
            let free = modifiers.command && !drag.is_typed();
            drag.update(camera, input, state.entry.as_ref(), free, actions);
            state.snap_words = drag.words();
            if response.drag_stopped() && !drag.is_typed() {
                state.entry = None;
                drag.commit(input.plan, actions);
            } else {
                state.gesture = Gesture::Move(drag);
            }
        }
    }
}

/// A click selects, measures or places.
fn click(
    response: &Response,
    modifiers: Modifiers,
    camera: &FloorCamera,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    let Some(at) = response.interact_pointer_pos() else { return };
    if let Tool::Place(object) = &input.ui_state.tool {
        if response.clicked() || response.drag_stopped_by(PointerButton::Primary) {
            place::put(object, at, modifiers, camera, input, state, actions);
        }
        return;
    }
    if !response.clicked() || !matches!(state.gesture, Gesture::Idle) {
        return;
    }
    if input.ui_state.tool == Tool::Measure {
        state.measure.click(camera.point_from_screen(at), modifiers.shift);
        return;
    }
    if modifiers.shift {
        let overlay = input.overlay(state.peek);
        let scene = Scene { input: *input, camera: *camera, overlay, visible: camera.visible() };
        if let Some(name) = busway_at(&scene, at) {
            actions.push(Action::Fail(name.to_owned()));
            return;
        }
    }
    let hits = pick::under(&state.cache, camera, &input.plan.floor, at);
    let row = hits.first().and_then(|id| pick::row_of(&input.plan.floor, *id));
    let chosen = match row {
        Some(row) if response.double_clicked() => row,
        _ => hits.first().copied().into_iter().collect(),
    };
    let before = &input.ui_state.selection;
    let after = pick::combined(before, chosen, modifiers.shift, modifiers.command);
    if after != *before {
        actions.push(Action::Select(after));
    }
}
