//! Moving the camera: drag orbits, with Shift or the middle button it pans, the wheel zooms to the
//! pointer, keys frame and turn.

use super::state::View3dState;
use super::{frame_selection, state::Wish};
use crate::ui::floor_editor::FloorInput;
use crate::ui::state::{Action, Selection};
use eframe::egui::{
    Event, EventFilter, Key, Modifiers, MouseWheelUnit, PointerButton, Response, Ui, Vec2,
};

/// Turn of a drag over one point, rad.
const TURN: f32 = 0.0065;
/// Turn of an arrow key, rad.
const KEY_TURN: f32 = 0.13;
/// Zoom of one notch of the wheel.
const NOTCH: f32 = 1.15;
/// Zoom of one press of plus.
const KEY_ZOOM: f32 = 1.25;
/// How long after the last wheel event the camera counts as moving, s.
const SETTLE_S: f64 = 0.18;

/// Reads drag, wheel and pinch; whether the camera is moving.
pub fn pointer(ui: &Ui, response: &Response, state: &mut View3dState) -> bool {
    if response.is_pointer_button_down_on() || response.clicked() {
        response.request_focus();
    }
    let size = [response.rect.width(), response.rect.height()];
    let by = response.drag_delta();
    let pan = ui.input(|i| i.modifiers.shift)
        || response.dragged_by(PointerButton::Middle)
        || response.dragged_by(PointerButton::Secondary);
    let Some(camera) = &mut state.camera else { return false };
    let mut moved = false;
    if response.dragged() && by != Vec2::ZERO {
        if pan {
            camera.pan([by.x, by.y], size);
        } else {
            camera.orbit(by.x * TURN, by.y * TURN);
        }
        moved = true;
    }
    if let Some((at, factor)) = wheel(ui, response) {
        camera.zoom_about([at.x, at.y], factor, size);
        moved = true;
    }
    let now_s = ui.input(|i| i.time);
    if moved {
        state.moved = true;
        state.moving_until_s = now_s + SETTLE_S;
    }
    let moving = response.dragged() || now_s < state.moving_until_s;
    if moving {
        ui.ctx().request_repaint_after_secs(SETTLE_S as f32 + 0.01);
    }
    moving
}

/// Where and by how much the wheel or a pinch zooms.
fn wheel(ui: &Ui, response: &Response) -> Option<(Vec2, f32)> {
    let at = response.hover_pos().filter(|_| response.contains_pointer())? - response.rect.min;
    let factor =
        ui.input(|i| {
            let notches: f32 =
                i.events
                    .iter()
                    .map(|event| match event {
                        Event::MouseWheel {
                            unit: MouseWheelUnit::Point, delta, modifiers, ..
                        } if !modifiers.command => delta.y / 60.0,
                        Event::MouseWheel { delta, modifiers, .. } if !modifiers.command => delta.y,
                        _ => 0.0,
                    })
                    .sum();
            i.zoom_delta() * NOTCH.powf(notches)
        });
    ((factor - 1.0).abs() > 1e-4).then_some((at, factor))
}

/// Reads the keyboard, unless someone else has it.
pub fn keyboard(
    ui: &Ui,
    response: &Response,
    input: &FloorInput<'_>,
    state: &mut View3dState,
    actions: &mut Vec<Action>,
) {
    if response.has_focus() {
        let filter = EventFilter {
            tab: false,
            horizontal_arrows: true,
            vertical_arrows: true,
            escape: true,
        };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
    }
    let focused = ui.memory(|m| m.focused());
    let behind = !ui.memory(|m| m.allows_interaction(ui.layer_id()));
    if focused.is_some_and(|id| id != response.id) || behind || ui.ctx().any_popup_open() {
        return;
    }
    let pressed = |modifiers: Modifiers, key: Key| ui.input_mut(|i| i.consume_key(modifiers, key));
    if pressed(Modifiers::SHIFT, Key::F) {
        frame_selection(input, state, response.rect);
    }
    if pressed(Modifiers::NONE, Key::F) {
        state.moved = false;
    }
    if pressed(Modifiers::NONE, Key::Escape) {
        if input.ui_state.what_if.is_active() {
            actions.push(Action::Restore);
        } else if !input.ui_state.selection.is_empty() {
            actions.push(Action::Select(Selection::new()));
        }
    }
    let turns = [
        (Key::ArrowLeft, [-KEY_TURN, 0.0]),
        (Key::ArrowRight, [KEY_TURN, 0.0]),
        (Key::ArrowUp, [0.0, KEY_TURN]),
        (Key::ArrowDown, [0.0, -KEY_TURN]),
    ];
    let size = [response.rect.width(), response.rect.height()];
    for (key, [yaw, pitch]) in turns {
        if pressed(Modifiers::NONE, key)
            && let Some(camera) = &mut state.camera
        {
            camera.orbit(yaw, pitch);
            if !state.moved {
                state.look_again(Wish::All);
            }
        }
    }
    let zooms = [(Key::Plus, KEY_ZOOM), (Key::Equals, KEY_ZOOM), (Key::Minus, 1.0 / KEY_ZOOM)];
    for (key, factor) in zooms {
        if pressed(Modifiers::COMMAND, key)
            && let Some(camera) = &mut state.camera
        {
            camera.zoom_about([size[0] / 2.0, size[1] / 2.0], factor, size);
            state.moved = true;
        }
    }
}
