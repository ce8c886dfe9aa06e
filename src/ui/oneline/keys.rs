//! The keyboard on the diagram: arrows go from component to component, Shift and Enter fails.

use super::pressed;
use super::state::OneLineState;
use crate::evaluate::result::Results;
use crate::ui::state::{Action, Selection};
use crate::ui::view::View;
use eframe::egui::{EventFilter, Key, Modifiers, Response, Ui};

/// Zoom of one press of plus.
const KEY_ZOOM: f32 = 1.25;

/// Reads the keyboard, unless someone else has it.
pub fn keyboard(
    ui: &Ui,
    response: &Response,
    view: &View<'_>,
    results: &Results,
    state: &mut OneLineState,
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
    let down = |modifiers: Modifiers, key: Key| ui.input_mut(|i| i.consume_key(modifiers, key));
    if down(Modifiers::SHIFT, Key::F)
        && let Some(name) = view.device
    {
        state.reveal(name);
    }
    if down(Modifiers::NONE, Key::F) {
        state.fit();
    }
    if down(Modifiers::NONE, Key::Escape) {
        actions.push(step_out(view));
    }
    if down(Modifiers::SHIFT, Key::Enter)
        && let Some(name) = view.device
    {
        actions.push(pressed(name, true));
    }
    for key in [Key::ArrowUp, Key::ArrowDown, Key::ArrowLeft, Key::ArrowRight] {
        if down(Modifiers::NONE, key)
            && let Some(name) = neighbour(view, results, state, key)
        {
            actions.push(pressed(&name, false));
        }
    }
    let zooms = [(Key::Plus, KEY_ZOOM), (Key::Equals, KEY_ZOOM), (Key::Minus, 1.0 / KEY_ZOOM)];
    for (key, factor) in zooms {
        if down(Modifiers::COMMAND, key)
            && let Some(camera) = &mut state.camera
        {
            camera.zoom_about(state.pointer.unwrap_or(camera.view.center()), factor);
            state.moved = true;
        }
    }
}

/// Esc: what failed is restored first, then the selection goes.
fn step_out(view: &View<'_>) -> Action {
    if view.what_if.is_active() {
        Action::Restore
    } else if view.device.is_some() {
        Action::PickDevice(None)
    } else {
        Action::Select(Selection::new())
    }
}

/// The component that an arrow leads to: supply, first fed, next and last beside it.
fn neighbour(view: &View<'_>, results: &Results, state: &OneLineState, key: Key) -> Option<String> {
    let case = &results.power_case;
    let name_of = |i: usize| case.elements.get(i).map(|e| e.name.clone());
    let here = view.device.and_then(|n| case.elements.iter().position(|e| e.name == n));
    let Some(here) = here else { return state.tree.roots.first().copied().and_then(name_of) };
    let parent = case.elements[here].parent;
    let beside = parent.map_or(&state.tree.roots, |p| &state.tree.children[p]);
    let at = beside.iter().position(|i| *i == here);
    let next = match key {
        Key::ArrowUp => parent,
        Key::ArrowDown => state.tree.children[here].first().copied(),
        Key::ArrowRight => at.and_then(|k| beside.get(k + 1)).copied(),
        _ => at.and_then(|k| k.checked_sub(1)).and_then(|k| beside.get(k)).copied(),
    };
    next.and_then(name_of)
}
