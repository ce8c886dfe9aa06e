//! The one place where diagram points become points of the screen and back.

use crate::render::oneline::{Area, Point};
use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};

/// Zoom range, points of the screen per diagram point.
const ZOOM_RANGE: [f32; 2] = [0.02, 4.0];
/// Largest zoom that fitting chooses.
const FIT_MOST: f32 = 1.25;
/// Room left free around a fitted diagram: left, top, right, bottom, points.
const SPARE: [f32; 4] = [16.0, 92.0, 16.0, 60.0];

/// What part of the diagram is in view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Diagram point in the middle of the view.
    pub centre: Point,
    /// Points of the screen per diagram point.
    pub zoom: f32,
    /// Where the view is on the screen, points.
    pub view: Rect,
}

impl Camera {
    /// A camera on a view that shows nothing particular yet.
    pub const fn new(view: Rect) -> Self {
        Self { centre: [0.0; 2], zoom: 1.0, view }
    }

    /// Shows an area, with room for the bars.
    pub fn fit(&mut self, area: &Area) {
        let (w, h) = (area.max[0] - area.min[0], area.max[1] - area.min[1]);
        let room = vec2(
            (self.view.width() - SPARE[0] - SPARE[2]).max(50.0),
            (self.view.height() - SPARE[1] - SPARE[3]).max(50.0),
        );
        let zoom = (room.x / w.max(1.0)).min(room.y / h.max(1.0));
        self.zoom = zoom.clamp(ZOOM_RANGE[0], FIT_MOST);
        let off = vec2(SPARE[2] - SPARE[0], SPARE[3] - SPARE[1]) / 2.0 / self.zoom;
        self.centre = [
            f32::midpoint(area.min[0], area.max[0]) + off.x,
            f32::midpoint(area.min[1], area.max[1]) + off.y,
        ];
    }

    /// Diagram to screen.
    pub fn screen(&self, [x, y]: Point) -> Pos2 {
        let middle = self.view.center();
        pos2(
            middle.x + (x - self.centre[0]) * self.zoom,
            middle.y + (y - self.centre[1]) * self.zoom,
        )
    }

    /// Screen to diagram.
    pub fn diagram(&self, p: Pos2) -> Point {
        let from = (p - self.view.center()) / self.zoom;
        [self.centre[0] + from.x, self.centre[1] + from.y]
    }

    /// An area on the screen.
    pub fn rect(&self, area: &Area) -> Rect {
        Rect::from_min_max(self.screen(area.min), self.screen(area.max))
    }

    /// The part of the diagram in view.
    pub fn visible(&self) -> Area {
        Area { min: self.diagram(self.view.min), max: self.diagram(self.view.max) }
    }

    /// Moves the diagram by points on the screen.
    pub fn pan(&mut self, by: Vec2) {
        self.centre = [self.centre[0] - by.x / self.zoom, self.centre[1] - by.y / self.zoom];
    }

    /// Zooms by a factor; what is under `anchor` stays there.
    pub fn zoom_about(&mut self, anchor: Pos2, factor: f32) {
        let before = self.diagram(anchor);
        self.zoom = (self.zoom * factor).clamp(ZOOM_RANGE[0], ZOOM_RANGE[1]);
        let after = self.diagram(anchor);
        self.centre =
            [self.centre[0] + before[0] - after[0], self.centre[1] + before[1] - after[1]];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_the_pointer_stays_while_zooming_and_zoom_is_bounded() {
        let view = Rect::from_min_max(pos2(250.0, 100.0), pos2(1250.0, 700.0));
        let mut camera = Camera::new(view);
        camera.fit(&Area { min: [0.0; 2], max: [6000.0, 1500.0] });
        let pointer = pos2(400.0, 650.0);
        let before = camera.diagram(pointer);
        for factor in [1.7, 0.4, 2.2] {
            camera.zoom_about(pointer, factor);
            let after = camera.diagram(pointer);
            assert!((before[0] - after[0]).abs() < 0.5 && (before[1] - after[1]).abs() < 0.5);
        }
        for factor in [1e9, 1e-12] {
            camera.zoom_about(pointer, factor);
            assert!((ZOOM_RANGE[0]..=ZOOM_RANGE[1]).contains(&camera.zoom));
        }
    }

    #[test]
    fn a_fitted_diagram_lies_inside_its_view() {
        let view = Rect::from_min_max(pos2(250.0, 100.0), pos2(1250.0, 700.0));
        let mut camera = Camera::new(view);
        let all = Area { min: [0.0; 2], max: [9000.0, 700.0] };
        camera.fit(&all);
        assert!(view.contains_rect(camera.rect(&all)));
    }
}
