//! Racks as nodes of the accessibility tree, in halls small enough for that to help.

use super::input::FloorInput;
use super::state::FloorState;
use eframe::egui::{Response, Role, Sense, Ui, WidgetInfo};

/// Most racks exposed one by one.
const MAX_NODES: usize = 300;

/// Exposes each rack in view by name.
pub fn expose(ui: &Ui, canvas: &Response, input: &FloorInput<'_>, state: &FloorState) {
    let Some(camera) = state.camera else { return };
    if input.plan.floor.racks.len() >= MAX_NODES {
        return;
    }
    for rack in &input.plan.floor.racks {
        let r = camera.screen_rect(&rack.footprint()).intersect(canvas.rect);
        if !r.is_positive() {
            continue;
        }
        let response = ui.interact(r, canvas.id.with(rack.id.0), Sense::empty());
        let chosen = input.ui_state.selection.contains(&rack.id);
        response.widget_info(|| {
            WidgetInfo::selected(Role::GraphicsObject, true, chosen, format!("rack {}", rack.name))
        });
    }
}
