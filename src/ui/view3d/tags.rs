//! Names over the selected objects.

use super::state::View3dState;
use crate::plan::Object;
use crate::render::scene::Lens;
use crate::ui::floor_editor::FloorInput;
use crate::ui::theme::semibold;
use eframe::egui::{Align2, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

/// Most names at once: more would cover what they name.
const MOST: usize = 12;
/// Distance of a name above its object, points.
const ABOVE: f32 = 14.0;

/// Draws the names.
pub fn paint(ui: &Ui, view: Rect, input: &FloorInput<'_>, state: &View3dState) {
    let selection = &input.ui_state.selection;
    let Some(camera) = &state.camera else { return };
    if selection.is_empty() || selection.len() > MOST {
        return;
    }
    let lens = Lens::new(camera, [view.width(), view.height()]);
    let (painter, theme) = (ui.painter_at(view), input.theme);
    for object in selection.iter().filter_map(|id| input.plan.floor.object(*id)) {
        let (x, y) = object.footprint().centre();
        let Some(p) = lens.project([x, y, top_mm(&object)].map(|mm| (mm * 1e-3) as f32)) else {
            continue;
        };
        let at = view.min + vec2(p[0], p[1] - ABOVE);
        let galley = painter.layout_no_wrap(object.name(), semibold(11.0), theme.text);
        let plate = Align2::CENTER_BOTTOM.anchor_size(at, galley.size() + vec2(12.0, 4.0));
        painter.line_segment([plate.center_bottom(), pos2(at.x, at.y + ABOVE)], line(theme.accent));
        painter.rect(plate, 5, theme.panel, line(theme.accent), StrokeKind::Inside);
        painter.galley(plate.min + vec2(6.0, 2.0), galley, theme.text);
    }
}

const fn line(ink: eframe::egui::Color32) -> Stroke {
    Stroke { width: 1.0, color: ink }
}

fn top_mm(object: &Object) -> f64 {
    match object {
        Object::Rack(rack) => f64::from(rack.size_mm.height),
        Object::Unit(unit) => f64::from(unit.size_mm.height),
        Object::Containment(c) => f64::from(c.height_mm),
        Object::Tile(_) | Object::Obstacle(_) => 0.0,
    }
}
