//! The numeric box: type `1200 Tab 0 Enter` while dragging, or after `M`.

use super::gesture::Gesture;
use super::input::FloorInput;
use super::state::FloorState;
use crate::plan::length::{LengthError, parse_length_mm};
use crate::ui::state::Action;
use crate::ui::theme::{body, caption};
use eframe::egui::{
    Align2, Event, Id, Key, Painter, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    vec2,
};

/// What has been typed, eastward and northward.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    fields: [String; 2],
    active: usize,
}

impl Entry {
    /// The length typed for an axis, mm; none while empty or unfinished.
    pub fn value(&self, axis: usize) -> Option<i32> {
        parse_length_mm(&self.fields[axis]).ok()
    }

    /// What is wrong with an axis; empty is not wrong.
    fn error(&self, axis: usize) -> Option<LengthError> {
        parse_length_mm(&self.fields[axis]).err().filter(|e| *e != LengthError::Empty)
    }
}

/// What the box wants after reading the keyboard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Open,
    Done,
}

/// Reads typed lengths while something is moved; Enter ends the move.
pub fn keyboard(
    ui: &Ui,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    if !matches!(state.gesture, Gesture::Move(_)) {
        state.entry = None;
        return;
    }
    let mut outcome = Outcome::Open;
    ui.input_mut(|i| {
        i.events.retain(|event| read(event, &mut state.entry, &mut outcome));
    });
    if outcome == Outcome::Done
        && let Gesture::Move(mut drag) = std::mem::take(&mut state.gesture)
    {
        if let Some(camera) = &state.camera {
            drag.update(camera, input, state.entry.as_ref(), true, actions);
        }
        drag.commit(input.plan, actions);
        state.entry = None;
    }
}

/// Takes one event; false if it was for the box.
fn read(event: &Event, entry: &mut Option<Entry>, outcome: &mut Outcome) -> bool {
    match event {
        Event::Text(text) if entry.is_some() || starts_number(text) => {
            let entry = entry.get_or_insert_default();
            entry.fields[entry.active].push_str(text);
            false
        }
        Event::Key { key, pressed: true, .. } => match (key, entry.as_mut()) {
            (Key::Enter, Some(entry)) => {
                if entry.error(0).is_none() && entry.error(1).is_none() {
                    *outcome = Outcome::Done;
                }
                false
            }
            (Key::Tab, Some(entry)) => {
                entry.active = 1 - entry.active;
                false
            }
            (Key::Backspace, Some(entry)) => {
                entry.fields[entry.active].pop();
                false
            }
            // What arrives as text must not also act as a shortcut.
            (key, Some(_)) => matches!(key, Key::Escape),
            (key, None) => !is_digit(*key),
        },
        _ => true,
    }
}

fn starts_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || "+-−.(".contains(c))
}

const fn is_digit(key: Key) -> bool {
    matches!(
        key,
        Key::Num0
            | Key::Num1
            | Key::Num2
            | Key::Num3
            | Key::Num4
            | Key::Num5
            | Key::Num6
            | Key::Num7
            | Key::Num8
            | Key::Num9
            | Key::Minus
    )
}

/// Draws the box beside the cursor.
pub fn show(ui: &Ui, painter: &Painter, at: Pos2, input: &FloorInput<'_>, state: &FloorState) {
    let Gesture::Move(drag) = &state.gesture else { return };
    let typed = state.entry.clone().unwrap_or_default();
    let (dx, dy) = drag.offset();
    let theme = input.theme;
    let size = vec2(196.0, if state.entry.is_some() { 48.0 } else { 28.0 });
    let room = painter.clip_rect();
    let corner = Pos2::new(
        (at.x + 20.0).min(room.max.x - size.x - 4.0),
        (at.y + 20.0).min(room.max.y - size.y - 4.0),
    );
    let frame = Rect::from_min_size(corner, size);
    painter.rect(frame, 6, theme.raised, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    for (axis, (word, shown)) in [("Δx", dx), ("Δy", dy)].into_iter().enumerate() {
        let x = corner.x + 8.0 + axis as f32 * 94.0;
        let field = &typed.fields[axis];
        let active = state.entry.is_some() && typed.active == axis;
        painter.text(
            Pos2::new(x, corner.y + 14.0),
            Align2::LEFT_CENTER,
            word,
            caption(),
            theme.muted,
        );
        let text = if field.is_empty() { super::state::thousands(shown) } else { field.clone() };
        let ink = match (typed.error(axis), field.is_empty()) {
            (Some(_), _) => theme.bad,
            (None, true) if state.entry.is_some() => theme.muted,
            (None, _) => theme.text,
        };
        let value = Pos2::new(x + 18.0, corner.y + 14.0);
        let drawn = painter.text(value, Align2::LEFT_CENTER, text, body(), ink);
        if active {
            let line = drawn.right() + 1.0;
            painter.vline(line, drawn.y_range(), Stroke::new(1.5, theme.accent));
        }
    }
    if state.entry.is_some() {
        let hint = [0, 1].into_iter().find_map(|a| typed.error(a));
        let hint = hint.map_or("Tab next · Enter places · Esc drops".into(), |e| e.to_string());
        let below = Pos2::new(corner.x + 8.0, corner.y + 36.0);
        painter.text(below, Align2::LEFT_CENTER, hint, caption(), theme.muted);
    }
    let response = ui.interact(frame, Id::unique("floor-numeric"), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::TextInput, true, "Move by");
        info.current_text_value = Some(format!("{}, {}", typed.fields[0], typed.fields[1]));
        info
    });
}
