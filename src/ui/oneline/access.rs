//! Components as nodes of the accessibility tree: those in view, as far as that helps.

use super::reading::Reading;
use super::state::OneLineState;
use crate::evaluate::result::Results;
use crate::ui::view::View;
use eframe::egui::{Response, Role, Sense, Ui, WidgetInfo};

/// Most components exposed one by one.
const MAX_NODES: usize = 600;

/// Exposes each component in view: name, loading, state.
pub fn expose(
    ui: &Ui,
    canvas: &Response,
    view: &View<'_>,
    results: &Results,
    state: &OneLineState,
) {
    let Some(camera) = state.camera else { return };
    let mut left = MAX_NODES;
    for (i, node) in state.line.nodes.iter().enumerate() {
        let r = camera.rect(&node.area).intersect(canvas.rect);
        if left == 0 || !r.is_positive() {
            continue;
        }
        left -= 1;
        let Some(reading) = Reading::of(view, results, i) else { continue };
        let response = ui.interact(r, canvas.id.with(("component", i)), Sense::empty());
        let chosen = view.device == Some(reading.normal.name.as_str());
        response.widget_info(|| {
            let words = format!("component {}", reading.words());
            WidgetInfo::selected(Role::GraphicsObject, true, chosen, words)
        });
    }
}
