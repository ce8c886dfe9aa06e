//! The hall in three dimensions in the window: orbit, pick, layers. The same selection as the plan;
//! it changes nothing itself.

mod compass;
mod layers;
mod legend;
mod navigate;
mod palette;
mod state;
mod switch;
mod tags;
mod tooltip;
mod worker;

pub use palette::palette;
pub use state::View3dState;
pub use switch::switch_ui;

use crate::catalog::Catalog;
use crate::plan::ObjectId;
use crate::render::scene::content::room;
use crate::render::scene::{Bounds, Look, OrbitCamera, Preset};
use crate::ui::floor_editor::{FloorInput, overlay_bar};
use crate::ui::state::{Action, Selection};
use eframe::egui::{Color32, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use state::Wish;
use std::sync::Arc;

/// Room for the bars at the left, top, right and bottom of a framed picture, points.
const SPARE: [f32; 4] = [16.0, 96.0, 16.0, 20.0];

/// Shows the view in all the space left; what the person asked for.
pub fn view3d_ui(
    ui: &mut Ui,
    input: &FloorInput<'_>,
    catalog: &Arc<Catalog>,
    state: &mut View3dState,
) -> Vec<Action> {
    let mut actions = Vec::new();
    let response = ui.allocate_response(ui.available_size(), Sense::click_and_drag());
    let name = format!("Hall in 3-D, {} objects", input.plan.floor.len());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, name.as_str()));
    let view = response.rect;
    if !(view.width() > 1.0 && view.height() > 1.0) {
        return actions;
    }
    place_camera(input, state, view);
    navigate::keyboard(ui, &response, input, state, &mut actions);
    let moving = navigate::pointer(ui, &response, state);
    let size_px = view.size() * ui.ctx().pixels_per_point();
    state.refresh(ui.ctx(), input, catalog, look(input), size_px, moving);
    paint(ui, view, input, state);
    tags::paint(ui, view, input, state);
    pick(ui, &response, input, state, moving, &mut actions);

    legend::paint(ui, view, input);
    compass::compass_ui(ui, view, input.theme, state);
    let start = view.min + vec2(30.0, 30.0);
    let end = overlay_bar::segments(ui, start, input.ui_state.overlay, input.theme, &mut actions);
    overlay_bar::state_chip(ui, end, input);
    layers::layers_ui(ui, start + vec2(0.0, 36.0), input, &mut actions);
    actions
}

/// What is shown and in which colours.
fn look(input: &FloorInput<'_>) -> Look {
    let mut layers = input.ui_state.layers;
    layers.slice_m = layers.slice_m.map(|_| input.ui_state.slice_height_m);
    Look {
        layers,
        overlay: input.ui_state.overlay,
        palette: palette(input.theme),
        selection: input.ui_state.selection.clone(),
    }
}

/// Settles the camera for this frame's view.
fn place_camera(input: &FloorInput<'_>, state: &mut View3dState, view: Rect) {
    let size = [view.width(), view.height()];
    let hall = room(input.plan);
    let mut camera = state.camera.unwrap_or_else(|| OrbitCamera::framing(&hall, Preset::Iso, size));
    match state.take_wish() {
        Some(Wish::All) => state.moved = false,
        Some(Wish::From(preset)) => {
            camera.look(preset);
            state.moved = false;
        }
        Some(Wish::Object(id)) => {
            if let Some(bounds) = around(input, |o| o == id) {
                camera.frame_within(&bounds, size, SPARE);
                state.moved = true;
            }
        }
        None => {}
    }
    if !state.moved {
        camera.frame_within(&hall, size, SPARE);
    }
    state.camera = Some(camera);
}

/// The box around some objects, with room to see what they breathe.
fn around(input: &FloorInput<'_>, wanted: impl Fn(ObjectId) -> bool) -> Option<Bounds> {
    /// Space around the objects, m.
    const SPACE_M: f32 = 2.2;
    let areas = input.plan.floor.footprints().filter(|(id, _)| wanted(*id)).map(|(_, area)| area);
    let area = areas.reduce(|a, b| a.union(&b))?;
    let m = |mm: i32| mm as f32 * 1e-3;
    Some([
        [m(area.min.x) - SPACE_M, m(area.min.y) - SPACE_M, 0.0],
        [m(area.max.x) + SPACE_M, m(area.max.y) + SPACE_M, 2.4],
    ])
}

/// Looks at the selection, or at the hall without one.
fn frame_selection(input: &FloorInput<'_>, state: &mut View3dState, view: Rect) {
    let chosen = around(input, |id| input.ui_state.selection.contains(&id));
    state.moved = chosen.is_some();
    if let (Some(camera), Some(bounds)) = (&mut state.camera, chosen) {
        camera.frame_within(&bounds, [view.width(), view.height()], SPARE);
    }
}

fn paint(ui: &Ui, view: Rect, input: &FloorInput<'_>, state: &View3dState) {
    let painter = ui.painter_at(view);
    painter.rect_filled(view, 0, input.theme.window);
    if let Some(texture) = state.texture() {
        let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        painter.image(texture.id(), view, uv, Color32::WHITE);
    }
}

/// Hover and click find what is drawn under the pointer.
fn pick(
    ui: &Ui,
    response: &Response,
    input: &FloorInput<'_>,
    state: &mut View3dState,
    moving: bool,
    actions: &mut Vec<Action>,
) {
    let view = response.rect;
    let pointer = response.hover_pos();
    let under = |p: eframe::egui::Pos2| state.object_at((p - view.min) / view.size());
    let hover = pointer.filter(|_| !moving).and_then(under);
    if response.clicked() {
        let add = ui.input(|i| i.modifiers.shift || i.modifiers.command);
        let hit = response.interact_pointer_pos().and_then(under);
        let mut selection = if add { input.ui_state.selection.clone() } else { Selection::new() };
        if let Some(id) = hit
            && !selection.remove(&id)
        {
            selection.insert(id);
        }
        actions.push(Action::Select(selection));
    }
    if response.double_clicked()
        && let Some(id) = hover
    {
        state.reveal(id);
    }
    state.hover = hover;
    if let (Some(id), Some(at)) = (hover, pointer) {
        tooltip::show(ui, view, at, input, id);
    }
}

#[cfg(test)]
mod tests;
