//! Placing from the library: the object follows the cursor, snaps, turns red where it can not
//! stand, and lands on a click or a drop.

use super::camera::FloorCamera;
use super::drag::{renamed, snap_rules};
use super::input::FloorInput;
use super::state::FloorState;
use crate::plan::clearance::{Conflict, Gravity, conflicts_of};
use crate::plan::snap::{Guide, snap};
use crate::plan::{Edit, Object, ObjectId, PointMm, RectMm};
use crate::ui::state::{Action, Selection, Tool};
use eframe::egui::{Modifiers, Pos2};

/// An object at the cursor.
pub struct Candidate {
    /// As it would be added.
    pub object: Object,
    /// Guides to draw.
    pub guides: Vec<Guide>,
    /// What is in its way.
    pub conflicts: Vec<Conflict>,
}

impl Candidate {
    /// Why it can not stand here.
    pub fn refusal(&self) -> Option<&Conflict> {
        self.conflicts.iter().find(|c| c.gravity == Gravity::Impossible)
    }
}

/// The object as it would land at a place of the screen.
pub fn candidate(
    object: &Object,
    at: Pos2,
    free: bool,
    camera: &FloorCamera,
    input: &FloorInput<'_>,
    state: &FloorState,
) -> Candidate {
    let mut object =
        renamed(input.plan, vec![object.clone()]).pop().unwrap_or_else(|| object.clone());
    let area = object.footprint();
    object.turn_about(doubled_centre(&area), state.place_quarters);
    let area = object.footprint();
    let (x, y) = camera.floor_from_screen(at);
    let (cx, cy) = area.centre();
    let (dx, dy) = ((x - cx).round() as i32, (y - cy).round() as i32);
    object.translate(dx, dy);
    let mut guides = Vec::new();
    if !free {
        let mut others: Vec<RectMm> = state
            .cache
            .in_area(&camera.visible())
            .into_iter()
            .map(|n| state.cache.objects[n].1)
            .collect();
        others.push(input.plan.hall_area());
        let snapped = snap(&object.footprint(), &others, snap_rules(input.ui_state, camera));
        object.translate(snapped.dx, snapped.dy);
        guides = snapped.guides;
    }
    let id = ObjectId(input.plan.next_id);
    let conflicts = Edit::Add(vec![object.clone()])
        .apply(input.plan)
        .map(|plan| conflicts_of(&plan, &Selection::from([id])))
        .unwrap_or_default();
    Candidate { object, guides, conflicts }
}

/// Adds the object where it stands, unless it can not stand there. Shift keeps the tool.
pub fn put(
    object: &Object,
    at: Pos2,
    modifiers: Modifiers,
    camera: &FloorCamera,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    let candidate = candidate(object, at, modifiers.command, camera, input, state);
    if let Some(refusal) = candidate.refusal() {
        actions.push(Action::Say(format!("Not placed: {}", refusal.reason)));
        return;
    }
    let id = ObjectId(input.plan.next_id);
    actions.push(Action::Apply(Edit::Add(vec![candidate.object])));
    actions.push(Action::Select(Selection::from([id])));
    if !modifiers.shift && matches!(input.ui_state.tool, Tool::Place(_)) {
        state.place_quarters = 0;
        actions.push(Action::Use(Tool::Select));
    }
}

/// Centre in doubled mm, as turning takes it.
pub fn doubled_centre(area: &RectMm) -> (i64, i64) {
    let PointMm { x: x0, y: y0 } = area.min;
    let PointMm { x: x1, y: y1 } = area.max;
    (i64::from(x0) + i64::from(x1), i64::from(y0) + i64::from(y1))
}
