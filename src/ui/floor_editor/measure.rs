//! Measuring: two clicks, a chain with Shift, Esc clears.

use super::camera::FloorCamera;
use super::paint::brush::Brush;
use super::paint::label::chip;
use crate::plan::PointMm;
use crate::ui::theme::Theme;
use eframe::egui::{Painter, Pos2};

/// Points clicked.
#[derive(Clone, Debug, Default)]
pub struct Measure {
    points: Vec<PointMm>,
    finished: bool,
}

impl Measure {
    /// A click: starts, ends, or with Shift carries on.
    pub fn click(&mut self, at: PointMm, chain: bool) {
        if self.finished && !chain {
            self.clear();
        }
        self.points.push(at);
        self.finished = self.points.len() >= 2 && !chain;
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.points.clear();
        self.finished = false;
    }

    /// Whether nothing is measured.
    pub const fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// Draws the chain, the running end at the cursor, and the lengths.
    pub fn paint(&self, painter: &Painter, camera: &FloorCamera, theme: &Theme, at: Option<Pos2>) {
        let mut points = self.points.clone();
        if !self.finished && !points.is_empty() {
            points.extend(at.map(|p| camera.point_from_screen(p)));
        }
        let mut brush = Brush::new(painter);
        let mut total = 0.0;
        let mut labels = Vec::new();
        for pair in points.windows(2) {
            let (a, b) = (camera.screen_from_point(pair[0]), camera.screen_from_point(pair[1]));
            brush.line(a, b, 1.5, theme.accent);
            let length = distance_mm(pair[0], pair[1]);
            total += length;
            labels.push((a.lerp(b, 0.5), format!("{:.3} m", length / 1000.0)));
        }
        for p in &points {
            let at = camera.screen_from_point(*p);
            brush.rect(
                eframe::egui::Rect::from_center_size(at, eframe::egui::vec2(5.0, 5.0)),
                theme.accent,
            );
        }
        brush.finish(painter);
        for (at, text) in &labels {
            chip(painter, *at, text, theme.text, theme);
        }
        if labels.len() > 1
            && let Some(end) = points.last()
        {
            let at = camera.screen_from_point(*end) + eframe::egui::vec2(0.0, 22.0);
            chip(painter, at, &format!("Σ {:.3} m", total / 1000.0), theme.accent, theme);
        }
    }
}

fn distance_mm(a: PointMm, b: PointMm) -> f64 {
    (f64::from(a.x) - f64::from(b.x)).hypot(f64::from(a.y) - f64::from(b.y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_clicks_are_a_measurement_and_shift_chains() {
        let mut measure = Measure::default();
        let p = |x| PointMm::new(x, 0);
        measure.click(p(0), false);
        assert!(!measure.finished);
        measure.click(p(1000), false);
        assert!(measure.finished);
        measure.click(p(2000), true);
        assert_eq!(measure.points.len(), 3);
        measure.click(p(3000), false);
        assert_eq!(measure.points.len(), 4);
        measure.click(p(9000), false);
        assert_eq!(measure.points.len(), 1);
        assert!((distance_mm(PointMm::new(0, 0), PointMm::new(3000, 4000)) - 5000.0).abs() < 1e-9);
    }
}
