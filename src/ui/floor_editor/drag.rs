//! Moving and copying a selection: where it was, where it is pulled, where it settles.

use super::camera::FloorCamera;
use super::input::FloorInput;
use super::numeric::Entry;
use super::state::FloorState;
use crate::plan::array::Names;
use crate::plan::snap::{Guide, SnapRules, Snapped, snap};
use crate::plan::{Edit, Object, ObjectId, Plan, RectMm};
use crate::ui::state::{Action, Selection, UiState};

/// Reach of snapping, points on the screen.
pub const SNAP_REACH: f32 = 8.0;

/// A running move.
pub struct MoveDrag {
    /// What moves; empty where copies are made.
    pub ids: Selection,
    /// Copies to add instead of moving, unmoved.
    copies: Option<Vec<Object>>,
    /// First identity that the copies will get.
    first_copy: u32,
    /// Area around the originals.
    origin: RectMm,
    /// Where the originals were.
    pub ghosts: Vec<RectMm>,
    /// What to snap to.
    others: Vec<RectMm>,
    /// Floor point that was grabbed and where it is now, mm; none if the move is typed.
    grabbed: Option<[(f64, f64); 2]>,
    quarters: i32,
    sent: (i32, i32, i32),
    previewed: bool,
    /// How it settled.
    pub snapped: Snapped,
}

impl MoveDrag {
    /// Prepares a move of the unlocked part of a selection; none if nothing of it may move.
    pub fn new(
        plan: &Plan,
        state: &FloorState,
        camera: &FloorCamera,
        selection: &Selection,
        copy: bool,
    ) -> Option<Self> {
        let objects: Vec<Object> =
            plan.floor.objects().filter(|o| selection.contains(&o.id())).collect();
        let moving: Vec<Object> = objects.into_iter().filter(|o| copy || !o.locked()).collect();
        let origin = moving.iter().map(Object::footprint).reduce(|a, b| a.union(&b))?;
        let ids: Selection = moving.iter().map(Object::id).collect();
        let near = camera.visible();
        let others = state
            .cache
            .in_area(&near)
            .into_iter()
            .map(|n| state.cache.objects[n])
            .filter(|(id, _)| copy || !ids.contains(id))
            .map(|(_, area)| area)
            .chain([plan.hall_area()])
            .collect();
        let ghosts = moving.iter().map(Object::footprint).collect();
        let copies = copy.then(|| renamed(plan, moving));
        Some(Self {
            ids: if copy { Selection::new() } else { ids },
            copies,
            first_copy: plan.next_id,
            origin,
            ghosts,
            others,
            grabbed: None,
            quarters: 0,
            sent: (0, 0, 0),
            previewed: false,
            snapped: Snapped::default(),
        })
    }

    /// Takes hold at a floor point.
    pub const fn grab(&mut self, at: (f64, f64)) {
        self.grabbed = Some([at, at]);
    }

    /// Pulls what was taken hold of to a floor point.
    pub const fn pull(&mut self, to: (f64, f64)) {
        if let Some([_, now]) = &mut self.grabbed {
            *now = to;
        }
    }

    /// Whether the move is typed, not dragged.
    pub const fn is_typed(&self) -> bool {
        self.grabbed.is_none()
    }

    /// Turns what is moved.
    pub const fn turn(&mut self, quarters: i32) {
        self.quarters += quarters;
    }

    /// Where the middle of the moved objects is now, mm.
    pub fn centre(&self) -> (f64, f64) {
        self.origin.offset(self.sent.0, self.sent.1).centre()
    }

    /// The offset shown now, mm.
    pub const fn offset(&self) -> (i32, i32) {
        (self.sent.0, self.sent.1)
    }

    /// Identities of what moves: the originals, or the copies once they are in the plan.
    pub fn moving(&self) -> Selection {
        match &self.copies {
            None => self.ids.clone(),
            Some(copies) => (self.first_copy..).map(ObjectId).take(copies.len()).collect(),
        }
    }

    /// Words for the status bar.
    pub fn words(&self) -> String {
        match (self.snapped.x, self.snapped.y) {
            (None, None) => "free".into(),
            (x, y) => {
                let word = |s: Option<crate::plan::snap::SnapKind>| s.map_or("free", |k| k.label());
                if x == y {
                    format!("snap {}", word(x))
                } else {
                    format!("snap {} · {}", word(x), word(y))
                }
            }
        }
    }

    /// Guides to draw.
    pub fn guides(&self) -> &[Guide] {
        &self.snapped.guides
    }

    /// Settles and previews.
    pub fn update(
        &mut self,
        camera: &FloorCamera,
        input: &FloorInput<'_>,
        entry: Option<&Entry>,
        free: bool,
        actions: &mut Vec<Action>,
    ) {
        let (mut dx, mut dy) = self.grabbed.map_or((0, 0), |[from, to]| {
            ((to.0 - from.0).round() as i32, (to.1 - from.1).round() as i32)
        });
        self.snapped = Snapped::default();
        if !free && !self.is_typed() {
            let rules = snap_rules(input.ui_state, camera);
            self.snapped = snap(&self.origin.offset(dx, dy), &self.others, rules);
            (dx, dy) = (dx + self.snapped.dx, dy + self.snapped.dy);
        }
        if let Some(entry) = entry {
            dx = entry.value(0).unwrap_or(dx);
            dy = entry.value(1).unwrap_or(dy);
            self.snapped = Snapped::default();
        }
        let wanted = (dx, dy, self.quarters.rem_euclid(4));
        if wanted != self.sent || (self.copies.is_some() && !self.previewed) {
            self.sent = wanted;
            self.previewed = true;
            actions.push(Action::Preview(self.edit()));
        }
    }

    fn edit(&self) -> Edit {
        let (dx, dy, quarters) = self.sent;
        if let Some(copies) = &self.copies {
            let mut moved = copies.clone();
            let centre = (
                i64::from(self.origin.min.x) + i64::from(self.origin.max.x),
                i64::from(self.origin.min.y) + i64::from(self.origin.max.y),
            );
            for copy in &mut moved {
                copy.turn_about(centre, quarters);
                copy.translate(dx, dy);
            }
            return Edit::Add(moved);
        }
        let ids: Vec<ObjectId> = self.ids.iter().copied().collect();
        let shift = Edit::Move { ids: ids.clone(), dx, dy };
        if quarters == 0 {
            return shift;
        }
        let label = shift.label();
        Edit::Batch { label, edits: vec![Edit::Turn { ids, quarters }, shift] }
    }

    /// Ends the gesture as one step of the history.
    pub fn commit(&self, plan: &Plan, actions: &mut Vec<Action>) {
        if !self.previewed {
            return;
        }
        let moving = self.moving();
        let verb = if self.copies.is_some() { "Copy" } else { "Move" };
        let racks = plan.floor.racks.iter().filter(|r| moving.contains(&r.id)).count();
        let word = if racks == moving.len() { "rack" } else { "object" };
        let plural = if moving.len() == 1 { "" } else { "s" };
        actions.push(Action::Commit(format!("{verb} {} {word}{plural}", moving.len())));
        if self.copies.is_some() {
            actions.push(Action::Select(moving));
        }
    }
}

/// How the window's settings snap at a zoom.
pub fn snap_rules(ui_state: &UiState, camera: &FloorCamera) -> SnapRules {
    SnapRules {
        grid_mm: if ui_state.snap_grid { ui_state.grid_mm as i32 } else { 0 },
        objects: ui_state.snap_objects,
        reach_mm: camera.mm(SNAP_REACH) as i32,
    }
}

/// Copies with free labels, unlocked.
pub fn renamed(plan: &Plan, objects: Vec<Object>) -> Vec<Object> {
    let mut names = Names::of(&plan.floor);
    objects
        .into_iter()
        .map(|mut object| {
            object.set_locked(false);
            names.rename(&mut object);
            object
        })
        .collect()
}
