//! The keyboard on the canvas. Nothing is taken while a text field has the focus.

use super::array_popup::ArrayForm;
use super::drag::MoveDrag;
use super::gesture::Gesture;
use super::input::FloorInput;
use super::state::FloorState;
use super::{clipboard, pick};
use crate::plan::arrange::{Side, Spread, align, distribute};
use crate::plan::{Edit, Object, ObjectId};
use crate::ui::state::{Action, Overlay, Selection, Tool};
use eframe::egui::{Event, Key, Modifiers, Response, Ui};

/// Edge of a floor tile, mm: what Shift and an arrow key move by.
const TILE_MM: i32 = 600;
/// Zoom of one press of Ctrl and plus.
const ZOOM_STEP: f64 = 1.25;

/// Reads the keyboard, unless someone else has it.
pub fn keyboard(
    ui: &Ui,
    response: &Response,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    let focused = ui.memory(|m| m.focused());
    let behind = !ui.memory(|m| m.allows_interaction(ui.layer_id()));
    if focused.is_some_and(|id| id != response.id) || state.array.is_some() || behind {
        return;
    }
    let popup = ui.ctx().any_popup_open();
    let mut pressed: Vec<(Key, Modifiers)> = Vec::new();
    let mut texts: Vec<Event> = Vec::new();
    ui.input_mut(|i| {
        i.events.retain(|event| match event {
            // Esc closes an open menu before it reaches the floor.
            Event::Key { key: Key::Escape, .. } if popup => true,
            Event::Key { key, pressed: true, modifiers, .. } if is_ours(*key, *modifiers) => {
                pressed.push((*key, *modifiers));
                false
            }
            Event::Copy | Event::Cut | Event::Paste(_) => {
                texts.push(event.clone());
                false
            }
            _ => true,
        });
        let peeking = i.key_down(Key::Backtick);
        state.peek = state.previous_overlay.filter(|_| peeking);
    });
    for event in texts {
        clipboard_event(ui, &event, input, state, actions);
    }
    for (key, modifiers) in pressed {
        match (modifiers.command, modifiers.alt) {
            (true, _) => with_command(ui, key, modifiers, input, state, actions),
            (false, true) => with_alt(key, input, actions),
            (false, false) => plain(key, modifiers, input, state, actions),
        }
    }
}

/// Whether the canvas has a use for a key.
fn is_ours(key: Key, modifiers: Modifiers) -> bool {
    use Key as K;
    if modifiers.command {
        let arrows = matches!(key, K::ArrowLeft | K::ArrowRight | K::ArrowUp | K::ArrowDown);
        return arrows
            || matches!(key, K::A | K::D | K::C | K::X | K::V | K::Plus | K::Equals | K::Minus);
    }
    if modifiers.alt {
        return matches!(key, K::A | K::D | K::W | K::S | K::H | K::V);
    }
    overlay_of(key).is_some()
        || matches!(
            key,
            K::F | K::R
                | K::A
                | K::L
                | K::D
                | K::M
                | K::Tab
                | K::Escape
                | K::Delete
                | K::Backspace
                | K::ArrowLeft
                | K::ArrowRight
                | K::ArrowUp
                | K::ArrowDown
        )
}

fn overlay_of(key: Key) -> Option<Overlay> {
    const KEYS: [Key; 10] = [
        Key::Num1,
        Key::Num2,
        Key::Num3,
        Key::Num4,
        Key::Num5,
        Key::Num6,
        Key::Num7,
        Key::Num8,
        Key::Num9,
        Key::Num0,
    ];
    KEYS.iter().position(|k| *k == key).map(|at| Overlay::ALL[at])
}

fn plain(
    key: Key,
    modifiers: Modifiers,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    let selection = &input.ui_state.selection;
    match key {
        Key::F => fit(modifiers.shift, input, state),
        Key::R => rotate(if modifiers.shift { -1 } else { 1 }, input, state, actions),
        Key::A => {
            let at = state.pointer.or(state.camera.map(|c| c.view.center()));
            state.array = at.and_then(|at| ArrayForm::new(input, at));
        }
        Key::L => lock(input, actions),
        Key::D => {
            state.measure.clear();
            let measuring = input.ui_state.tool == Tool::Measure;
            actions.push(Action::Use(if measuring { Tool::Select } else { Tool::Measure }));
        }
        Key::M => {
            if let (Some(camera), Gesture::Idle) = (state.camera, &state.gesture) {
                let drag = MoveDrag::new(input.plan, state, &camera, selection, false);
                state.gesture = drag.map_or(Gesture::Idle, |d| Gesture::Move(Box::new(d)));
                state.entry = matches!(state.gesture, Gesture::Move(_)).then(Default::default);
            }
        }
        Key::Tab => {
            let hits = state
                .camera
                .zip(state.pointer)
                .map(|(camera, p)| pick::under(&state.cache, &camera, &input.plan.floor, p));
            if let Some(next) = hits.and_then(|h| pick::next_under(&h, selection)) {
                actions.push(Action::Select(Selection::from([next])));
            }
        }
        Key::Escape => escape(input, state, actions),
        Key::Delete | Key::Backspace => delete(input, actions),
        Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp | Key::ArrowDown => {
            let step = if modifiers.shift { TILE_MM } else { input.ui_state.grid_mm as i32 };
            nudge(key, step, input, actions);
        }
        _ => actions.extend(overlay_of(key).map(Action::Show)),
    }
}

fn with_command(
    ui: &Ui,
    key: Key,
    modifiers: Modifiers,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    match key {
        Key::A => {
            let all = state.cache.objects.iter().map(|(id, _)| *id).collect();
            actions.push(Action::Select(all));
        }
        Key::D => duplicate(input, actions),
        Key::C => clipboard_event(ui, &Event::Copy, input, state, actions),
        Key::X => clipboard_event(ui, &Event::Cut, input, state, actions),
        Key::V => clipboard::paste(None, modifiers.shift, input, state, actions),
        Key::Plus | Key::Equals | Key::Minus => {
            let factor = if key == Key::Minus { 1.0 / ZOOM_STEP } else { ZOOM_STEP };
            if let Some(camera) = &mut state.camera {
                camera.zoom_about(state.pointer.unwrap_or(camera.view.center()), factor);
                state.moved = true;
            }
        }
        _ => nudge(key, 1, input, actions),
    }
}

fn with_alt(key: Key, input: &FloorInput<'_>, actions: &mut Vec<Action>) {
    let ids = unlocked(input);
    let floor = &input.plan.floor;
    let edit = match key {
        Key::A => align(floor, &ids, Side::West),
        Key::D => align(floor, &ids, Side::East),
        Key::W => align(floor, &ids, Side::North),
        Key::S => align(floor, &ids, Side::South),
        Key::H => distribute(floor, &ids, Spread::Horizontal),
        Key::V => distribute(floor, &ids, Spread::Vertical),
        _ => None,
    };
    actions.extend(edit.map(Action::Apply));
}

fn clipboard_event(
    ui: &Ui,
    event: &Event,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    match event {
        Event::Paste(text) => clipboard::paste(Some(text), false, input, state, actions),
        Event::Copy | Event::Cut => {
            let Some(text) = clipboard::copy(input, state) else { return };
            ui.ctx().copy_text(text);
            if *event == Event::Cut {
                delete(input, actions);
            }
        }
        _ => {}
    }
}

/// Shows the hall, or with Shift the selection.
fn fit(selection_only: bool, input: &FloorInput<'_>, state: &mut FloorState) {
    let chosen = &input.ui_state.selection;
    let around = state
        .cache
        .objects
        .iter()
        .filter(|(id, _)| chosen.contains(id))
        .map(|(_, area)| *area)
        .reduce(|a, b| a.union(&b));
    let area = around.filter(|_| selection_only);
    state.moved = area.is_some();
    if let Some(camera) = &mut state.camera {
        camera.fit(&area.unwrap_or_else(|| input.plan.hall_area()));
    }
}

fn rotate(
    quarters: i32,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    if let Gesture::Move(drag) = &mut state.gesture {
        drag.turn(quarters);
    } else if matches!(input.ui_state.tool, Tool::Place(_)) {
        state.place_quarters += quarters;
    } else {
        let ids = unlocked(input);
        if !ids.is_empty() {
            actions.push(Action::Apply(Edit::Turn { ids, quarters }));
        }
    }
}

/// One step out: gesture, measurement, tool, selection.
fn escape(input: &FloorInput<'_>, state: &mut FloorState, actions: &mut Vec<Action>) {
    if !matches!(state.gesture, Gesture::Idle) {
        if matches!(state.gesture, Gesture::Move(_)) {
            actions.push(Action::Abort);
        }
        state.gesture = Gesture::Idle;
        state.entry = None;
    } else if !state.measure.is_empty() {
        state.measure.clear();
    } else if input.ui_state.tool != Tool::Select {
        state.place_quarters = 0;
        actions.push(Action::Use(Tool::Select));
    } else if input.ui_state.what_if.is_active() {
        actions.push(Action::Restore);
    } else if !input.ui_state.selection.is_empty() {
        actions.push(Action::Select(Selection::new()));
    } else if input.ui_state.device.is_some() {
        actions.push(Action::PickDevice(None));
    }
}

fn chosen(input: &FloorInput<'_>) -> Vec<Object> {
    let selection = &input.ui_state.selection;
    input.plan.floor.objects().filter(|o| selection.contains(&o.id())).collect()
}

fn unlocked(input: &FloorInput<'_>) -> Vec<ObjectId> {
    chosen(input).iter().filter(|o| !o.locked()).map(Object::id).collect()
}

fn delete(input: &FloorInput<'_>, actions: &mut Vec<Action>) {
    let ids = unlocked(input);
    if ids.is_empty() {
        if !input.ui_state.selection.is_empty() {
            actions.push(Action::Say("Locked: press L to unlock it first".into()));
        }
        return;
    }
    let left = input.ui_state.selection.iter().filter(|id| !ids.contains(id)).copied().collect();
    actions.push(Action::Apply(Edit::Remove(ids)));
    actions.push(Action::Select(left));
}

fn nudge(key: Key, step: i32, input: &FloorInput<'_>, actions: &mut Vec<Action>) {
    let (dx, dy) = match key {
        Key::ArrowLeft => (-step, 0),
        Key::ArrowRight => (step, 0),
        Key::ArrowUp => (0, step),
        Key::ArrowDown => (0, -step),
        _ => return,
    };
    let ids = unlocked(input);
    if !ids.is_empty() {
        actions.push(Action::Apply(Edit::Move { ids, dx, dy }));
    }
}

/// Locks the selection, or unlocks it if all of it is locked.
fn lock(input: &FloorInput<'_>, actions: &mut Vec<Action>) {
    let mut objects = chosen(input);
    if objects.is_empty() {
        return;
    }
    let lock = !objects.iter().all(Object::locked);
    for object in &mut objects {
        object.set_locked(lock);
    }
    let label = format!("{} {} objects", if lock { "Lock" } else { "Unlock" }, objects.len());
    actions.push(Action::Apply(Edit::Batch { label, edits: vec![Edit::Replace(objects)] }));
}

/// Copies the selection to the east of itself.
fn duplicate(input: &FloorInput<'_>, actions: &mut Vec<Action>) {
    let mut objects = super::drag::renamed(input.plan, chosen(input));
    let Some(around) = objects.iter().map(Object::footprint).reduce(|a, b| a.union(&b)) else {
        return;
    };
    for object in &mut objects {
        object.translate(around.size_x(), 0);
    }
    let ids: Selection = (input.plan.next_id..).map(ObjectId).take(objects.len()).collect();
    let label = format!("Duplicate {} objects", objects.len());
    actions.push(Action::Apply(Edit::Batch { label, edits: vec![Edit::Add(objects)] }));
    actions.push(Action::Select(ids));
}
