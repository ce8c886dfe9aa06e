//! The floor canvas: draws the hall with its overlays and turns pointer and keyboard into actions.
//! It changes nothing itself.

mod access;
mod array_popup;
mod camera;
mod clipboard;
mod drag;
mod gesture;
mod input;
mod keys;
mod measure;
mod navigate;
mod numeric;
pub(in crate::ui) mod overlay_bar;
mod paint;
mod pick;
mod picture;
mod place;
mod section;
mod state;
mod tooltip;

pub use camera::FloorCamera;
pub use input::FloorInput;
pub(in crate::ui) use paint::brush::{Brush, mix};
pub(in crate::ui) use paint::legend::number as legend_number;
pub use picture::floor_picture;
pub use state::FloorState;
pub(in crate::ui) use tooltip::draw as tooltip_card;

use crate::plan::Object;
use crate::ui::state::{Action, Tool};
use eframe::egui::{
    Context, CursorIcon, EventFilter, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2,
};
use gesture::Gesture;
use paint::Scene;

/// Shows the canvas in all the space left; what the person asked for.
pub fn floor_editor_ui(ui: &mut Ui, input: &FloorInput<'_>, state: &mut FloorState) -> Vec<Action> {
    let mut actions = Vec::new();
    let whole = ui.available_rect_before_wrap();
    let with_section = overlays_air(input, state);
    let below = if with_section { state.section.height(whole.height()) } else { 0.0 };
    let size = whole.size() - eframe::egui::vec2(0.0, below);
    let response = ui.allocate_response(size, Sense::click_and_drag());
    let name = format!("Floor canvas, {} objects", input.plan.floor.len());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, name.as_str()));
    let view = response.rect;
    if !(view.width() > 1.0 && view.height() > 1.0) {
        return actions;
    }
    if state.camera.is_none() {
        // Ctrl and plus zooms the floor, not the whole window.
        ui.ctx().options_mut(|o| o.zoom_with_keyboard = false);
    }
    state.place_camera(view, &input.plan.hall_area());
    state.cache.refresh(input.plan, matches!(state.gesture, Gesture::Move(_)));
    remember_overlay(input, state);
    hold_focus(ui, &response);

    navigate::navigate(ui, &response, state);
    numeric::keyboard(ui, input, state, &mut actions);
    keys::keyboard(ui, &response, input, state, &mut actions);
    gesture::pointer(ui, &response, input, state, &mut actions);
    drop_from_library(&response, input, state, &mut actions);

    draw(ui, &response, input, state);
    access::expose(ui, &response, input, state);
    if let Some(camera) = state.camera.filter(|_| with_section) {
        section::line_ui(ui, &camera, input, &mut state.section);
    }
    overlay_bar::show(ui, input, state, &mut actions);
    if below > 0.0 {
        let area = Rect::from_min_max(pos2(whole.left(), whole.bottom() - below), whole.max);
        section::section_ui(ui, area, input, &mut state.section);
    }
    array_popup::show(ui.ctx(), input, state, &mut actions);
    cursor(ui.ctx(), &response, input, state);
    actions
}

/// Whether the overlay shows air and so may have a section.
fn overlays_air(input: &FloorInput<'_>, state: &FloorState) -> bool {
    input.overlay(state.peek).shows_air()
}

/// Draws the floor and what floats over it without being a widget.
fn draw(ui: &Ui, response: &Response, input: &FloorInput<'_>, state: &mut FloorState) {
    let painter = ui.painter_at(response.rect);
    paint::paint(&painter, input, state);
    let Some(camera) = state.camera else { return };
    let overlay = input.overlay(state.peek);
    let scene = Scene { input: *input, camera, overlay, visible: camera.visible() };
    let layer = if overlay.shows_air() { state.air.layer_m() } else { None };
    paint::legend::paint(&painter, &scene, layer);
    paint::ground::paint_scale_bar(&painter, &scene);
    let held = response.dnd_hover_payload::<Object>();
    let placing = match (&input.ui_state.tool, held.as_deref()) {
        (_, Some(object)) => Some(object),
        (Tool::Place(object), None) => Some(&**object),
        _ => None,
    };
    if let (Some(object), Some(at)) = (placing, state.pointer) {
        let free = ui.input(|i| i.modifiers.command);
        let candidate = place::candidate(object, at, free, &camera, input, state);
        paint::marks::candidate(&painter, &scene, &candidate);
    } else if let Some(at) = state.pointer {
        numeric::show(ui, &painter, at, input, state);
        tooltip::show(&painter, &scene, state);
    } else if let Gesture::Move(drag) = &state.gesture {
        let (x, y) = drag.centre();
        numeric::show(ui, &painter, camera.screen_from_floor(x, y), input, state);
    }
}

/// An object dragged here from the library.
fn drop_from_library(
    response: &Response,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    let Some(object) = response.dnd_release_payload::<Object>() else { return };
    let (Some(camera), Some(at)) = (state.camera, state.pointer) else { return };
    let modifiers = response.ctx.input(|i| i.modifiers);
    place::put(&object, at, modifiers, &camera, input, state, actions);
}

/// Keys belong to the canvas once it was pressed; Tab and arrows then do not move the focus.
fn hold_focus(ui: &Ui, response: &Response) {
    if response.is_pointer_button_down_on() || response.clicked() {
        response.request_focus();
    }
    if response.has_focus() {
        let filter =
            EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
    }
}

/// The overlay before this one, for peeking.
fn remember_overlay(input: &FloorInput<'_>, state: &mut FloorState) {
    let now = input.ui_state.overlay;
    if state.last_overlay != Some(now) {
        state.previous_overlay = state.last_overlay;
        state.last_overlay = Some(now);
    }
}

fn cursor(ctx: &Context, response: &Response, input: &FloorInput<'_>, state: &FloorState) {
    if !response.contains_pointer() {
        return;
    }
    let icon = match (&state.gesture, &input.ui_state.tool) {
        (Gesture::Pan, _) => CursorIcon::Grabbing,
        (Gesture::Move(_), _) => CursorIcon::Move,
        (Gesture::Marquee(_), _) | (_, Tool::Measure | Tool::Place(_)) => CursorIcon::Crosshair,
        (Gesture::Idle, Tool::Select) => return,
    };
    ctx.set_cursor_icon(icon);
}

#[cfg(test)]
mod tests;
