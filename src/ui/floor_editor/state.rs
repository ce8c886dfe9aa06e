//! What the canvas remembers from frame to frame. None of it is in the plan, none is undoable.

use super::array_popup::ArrayForm;
use super::camera::FloorCamera;
use super::gesture::Gesture;
use super::measure::Measure;
use super::numeric::Entry;
use super::paint::air::AirTexture;
use super::section::SectionState;
use crate::plan::clearance::{Conflict, conflicts};
use crate::plan::spatial::SpatialIndex;
use crate::plan::{Floor, Hall, Object, ObjectId, Plan, RectMm};
use crate::ui::state::Overlay;
use eframe::egui::Pos2;
use std::sync::Arc;

/// The canvas's memory.
#[derive(Default)]
pub struct FloorState {
    pub(super) camera: Option<FloorCamera>,
    pub(super) gesture: Gesture,
    pub(super) hover: Option<ObjectId>,
    pub(super) pointer: Option<Pos2>,
    pub(super) measure: Measure,
    pub(super) entry: Option<Entry>,
    pub(super) array: Option<ArrayForm>,
    pub(super) clipboard: Vec<Object>,
    pub(super) place_quarters: i32,
    pub(super) peek: Option<Overlay>,
    pub(super) previous_overlay: Option<Overlay>,
    pub(super) last_overlay: Option<Overlay>,
    pub(super) air: AirTexture,
    pub(super) section: SectionState,
    pub(super) cache: FloorCache,
    pub(super) snap_words: String,
    wish: Option<Wish>,
    /// Whether the person moved the view; until then it keeps showing the whole hall.
    pub(super) moved: bool,
}

/// A camera move asked for from outside, done when the view's size is known.
enum Wish {
    Fit,
    Show(RectMm),
}

impl FloorState {
    /// Shows the whole hall at the next frame.
    pub fn fit(&mut self) {
        self.wish = Some(Wish::Fit);
    }

    /// Brings an object into view at the next frame.
    pub fn reveal(&mut self, plan: &Plan, id: ObjectId) {
        self.wish = plan.floor.object(id).map(|o| Wish::Show(o.footprint()));
    }

    /// The camera, if a frame was drawn.
    #[must_use]
    pub const fn camera(&self) -> Option<&FloorCamera> {
        self.camera.as_ref()
    }

    /// Shows a vertical section of the air through the middle of the hall.
    pub const fn show_section(&mut self) {
        self.section.on = true;
    }

    /// Whether a drag, a typed move or a placement is under way: Esc then belongs to the canvas.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        !matches!(self.gesture, Gesture::Idle) || self.entry.is_some() || self.array.is_some()
    }

    /// Words for the status bar: where the cursor is, what it snaps to.
    #[must_use]
    pub fn status_line(&self) -> String {
        let at = match (self.camera, self.pointer) {
            (Some(camera), Some(pointer)) if camera.view.contains(pointer) => {
                let p = camera.point_from_screen(pointer);
                format!("x {}  y {} mm", thousands(p.x), thousands(p.y))
            }
            _ => "x –  y – mm".into(),
        };
        let zoom = self.camera.map_or(100.0, |c| 100.0 * c.zoom / super::camera::FULL_SCALE);
        let snap = if self.snap_words.is_empty() { "no snap" } else { &self.snap_words };
        format!("{at}   ·   {snap}   ·   {zoom:.0} %")
    }

    /// Settles the camera for this frame's view.
    pub(super) fn place_camera(&mut self, view: eframe::egui::Rect, hall: &RectMm) -> FloorCamera {
        let mut camera = self.camera.unwrap_or_else(|| FloorCamera::fitting(hall, view));
        camera.view = view;
        match self.wish.take() {
            Some(Wish::Fit) => self.moved = false,
            Some(Wish::Show(area)) if !camera.visible().encloses(&area) => {
                camera.centre_on(&area);
                self.moved = true;
            }
            Some(Wish::Show(_)) | None => {}
        }
        if !self.moved {
            camera.fit(hall);
        }
        self.camera = Some(camera);
        camera
    }
}

/// A number with thin spaces between thousands.
pub(super) fn thousands(value: i32) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::new();
    if value < 0 {
        text.push('−');
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(c);
    }
    text
}

/// What is derived from the floor and kept while it does not change.
#[derive(Default)]
pub(super) struct FloorCache {
    floor: Option<Arc<Floor>>,
    hall: Option<Arc<Hall>>,
    /// Identity and area of every object, in drawing order.
    pub objects: Vec<(ObjectId, RectMm)>,
    /// The same, by place.
    pub index: SpatialIndex,
    /// Every conflict.
    pub conflicts: Vec<Conflict>,
}

impl FloorCache {
    /// Brings everything up to date with the plan.
    pub fn refresh(&mut self, plan: &Plan, dragging: bool) {
        let same = self.floor.as_ref().is_some_and(|f| Arc::ptr_eq(f, &plan.floor))
            && self.hall.as_ref().is_some_and(|h| Arc::ptr_eq(h, &plan.hall));
        if same {
            return;
        }
        self.objects = plan.floor.footprints().collect();
        self.index = SpatialIndex::new(self.objects.iter().map(|(_, area)| *area).collect());
        if !dragging || self.floor.is_none() {
            self.conflicts = conflicts(plan);
        }
        self.floor = (!dragging).then(|| Arc::clone(&plan.floor));
        self.hall = Some(Arc::clone(&plan.hall));
    }

    /// Numbers in `objects` of what overlaps an area, in drawing order.
    pub fn in_area(&self, area: &RectMm) -> Vec<usize> {
        self.index.overlapping(area)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(12_600), "12\u{2009}600");
        assert_eq!(thousands(-999), "−999");
        assert_eq!(thousands(0), "0");
    }
}
