//! The one-line diagram: the power chain from utility to racks, with loads, loadings and what is
//! live. A click selects a component, Shift and a click takes it for failed.

mod access;
mod camera;
mod keys;
mod labels;
mod legend;
mod paint;
mod pick;
mod reading;
mod state;
mod strip;
mod symbols;
mod toolbar;

pub(in crate::ui) use reading::{Reading, loading_ink};
pub use state::OneLineState;
pub use strip::outage_strip_ui;

use super::state::Action;
use super::view::{Asks, View};
use super::widgets::empty_ui;
use eframe::egui::{Role, Sense, Ui, WidgetInfo};

/// Shows the diagram in all the space left.
pub fn oneline_ui(ui: &mut Ui, view: &View<'_>, state: &mut OneLineState, asks: &mut Asks) {
    let Some(results) = view.results else {
        return empty_ui(ui, "Solving…", "the diagram is drawn from the solved chain", &view.theme);
    };
    state.refresh(&results.power_case);
    let response = ui.allocate_response(ui.available_size(), Sense::click_and_drag());
    let name = format!("One-line diagram, {} components", results.power_case.elements.len());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, name.as_str()));
    if !(response.rect.width() > 1.0 && response.rect.height() > 1.0) {
        return;
    }
    state.place_camera(response.rect, view.device);
    pick::pointer(ui, &response, results, state, &mut asks.actions);
    keys::keyboard(ui, &response, view, results, state, &mut asks.actions);
    paint::paint(&ui.painter_at(response.rect), view, results, state);
    access::expose(ui, &response, view, results, state);
    // The strip of an outage stands in the place of the legend.
    if !view.what_if.is_active() {
        legend::legend_ui(ui, response.rect, &view.theme);
    }
    toolbar::toolbar_ui(ui, response.rect, view, results, state, asks);
    pick::tooltip(ui, view, results, state);
}

/// A click on a component: selects it, or with Shift fails it.
fn pressed(name: &str, fail: bool) -> Action {
    if fail { Action::Fail(name.to_owned()) } else { Action::PickDevice(Some(name.to_owned())) }
}

#[cfg(test)]
mod tests;
