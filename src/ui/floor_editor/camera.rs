//! The one place where millimetres of the floor become points of the screen and back. North is up:
//! y grows northward on the floor and downward on the screen.

use crate::plan::{PointMm, RectMm};
use eframe::egui::{Pos2, Rect, Vec2, pos2};

/// Points per mm at 100 %: a metre is 50 points.
pub const FULL_SCALE: f64 = 0.05;
/// Zoom range, points per mm: 5 % to 6400 %.
pub const ZOOM_RANGE: [f64; 2] = [0.05 * FULL_SCALE, 64.0 * FULL_SCALE];

/// What part of the floor is in view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FloorCamera {
    /// Floor point in the middle of the view, mm.
    pub centre_mm: (f64, f64),
    /// Points of the screen per mm.
    pub zoom: f64,
    /// Where the view is on the screen, points.
    pub view: Rect,
}

impl FloorCamera {
    /// A camera that shows `area` with a margin.
    #[must_use]
    pub fn fitting(area: &RectMm, view: Rect) -> Self {
        let mut camera = Self { centre_mm: (0.0, 0.0), zoom: FULL_SCALE, view };
        camera.fit(area);
        camera
    }

    /// Shows `area` with a margin for rulers, overlay bar and legend.
    pub fn fit(&mut self, area: &RectMm) {
        let (w, h) = (f64::from(area.size_x()).max(1.0), f64::from(area.size_y()).max(1.0));
        let (view_w, view_h) = (
            f64::from(self.view.width() - 2.0 * MARGIN.x).max(50.0),
            f64::from(self.view.height() - 2.0 * MARGIN.y).max(50.0),
        );
        self.centre_mm = area.centre();
        self.zoom = (view_w / w).min(view_h / h).clamp(ZOOM_RANGE[0], ZOOM_RANGE[1]);
    }

    /// Brings a floor point to the middle without zooming out.
    pub fn centre_on(&mut self, area: &RectMm) {
        self.centre_mm = area.centre();
    }

    /// Screen to floor, mm.
    #[must_use]
    pub fn floor_from_screen(&self, p: Pos2) -> (f64, f64) {
        let middle = self.view.center();
        (
            self.centre_mm.0 + f64::from(p.x - middle.x) / self.zoom,
            self.centre_mm.1 - f64::from(p.y - middle.y) / self.zoom,
        )
    }

    /// Screen to floor, whole mm.
    #[must_use]
    pub fn point_from_screen(&self, p: Pos2) -> PointMm {
        let (x, y) = self.floor_from_screen(p);
        PointMm::new(x.round() as i32, y.round() as i32)
    }

    /// Floor to screen.
    #[must_use]
    pub fn screen_from_floor(&self, x: f64, y: f64) -> Pos2 {
        let middle = self.view.center();
        pos2(
            middle.x + ((x - self.centre_mm.0) * self.zoom) as f32,
            middle.y - ((y - self.centre_mm.1) * self.zoom) as f32,
        )
    }

    /// Floor to screen.
    #[must_use]
    pub fn screen_from_point(&self, p: PointMm) -> Pos2 {
        self.screen_from_floor(f64::from(p.x), f64::from(p.y))
    }

    /// Floor rectangle to screen.
    #[must_use]
    pub fn screen_rect(&self, area: &RectMm) -> Rect {
        Rect::from_two_pos(self.screen_from_point(area.min), self.screen_from_point(area.max))
    }

    /// The part of the floor in view.
    #[must_use]
    pub fn visible(&self) -> RectMm {
        RectMm::spanning(
            self.point_from_screen(self.view.left_bottom()),
            self.point_from_screen(self.view.right_top()),
        )
    }

    /// Length on the floor of some points on the screen, mm.
    #[must_use]
    pub fn mm(&self, points: f32) -> f64 {
        f64::from(points) / self.zoom
    }

    /// Length on the screen of some mm, points.
    #[must_use]
    pub fn points(&self, mm: f64) -> f32 {
        (mm * self.zoom) as f32
    }

    /// Moves the floor by points on the screen.
    pub fn pan(&mut self, by: Vec2) {
        self.centre_mm.0 -= f64::from(by.x) / self.zoom;
        self.centre_mm.1 += f64::from(by.y) / self.zoom;
    }

    /// Zooms by a factor; the floor under `anchor` stays there.
    pub fn zoom_about(&mut self, anchor: Pos2, factor: f64) {
        let before = self.floor_from_screen(anchor);
        self.zoom = (self.zoom * factor).clamp(ZOOM_RANGE[0], ZOOM_RANGE[1]);
        let after = self.floor_from_screen(anchor);
        self.centre_mm.0 += before.0 - after.0;
        self.centre_mm.1 += before.1 - after.1;
    }
}

/// Room left free around a fitted area: overlay bar above, legend and scale bar below, points.
const MARGIN: Vec2 = Vec2::new(48.0, 72.0);

#[cfg(test)]
mod tests {
    use super::*;

    fn camera() -> FloorCamera {
        let view = Rect::from_min_max(pos2(200.0, 100.0), pos2(1200.0, 800.0));
        FloorCamera::fitting(&RectMm::at(PointMm::new(0, 0), 24_000, 12_000), view)
    }

    #[test]
    fn screen_and_floor_undo_each_other_and_north_is_up() {
        let camera = camera();
        let p = camera.screen_from_floor(6000.0, 9000.0);
        let (x, y) = camera.floor_from_screen(p);
        assert!((x - 6000.0).abs() < 0.1 && (y - 9000.0).abs() < 0.1);
        assert!(camera.screen_from_floor(0.0, 1000.0).y < camera.screen_from_floor(0.0, 0.0).y);
    }

    #[test]
    fn the_floor_under_the_cursor_stays_while_zooming_and_zoom_is_bounded() {
        let mut camera = camera();
        let cursor = pos2(300.0, 700.0);
        let before = camera.floor_from_screen(cursor);
        for factor in [1.7, 0.3, 1e9, 1e-12] {
            camera.zoom_about(cursor, factor);
            let after = camera.floor_from_screen(cursor);
            assert!((before.0 - after.0).abs() < 0.5 && (before.1 - after.1).abs() < 0.5);
            assert!(camera.zoom >= ZOOM_RANGE[0] && camera.zoom <= ZOOM_RANGE[1]);
        }
    }
}
