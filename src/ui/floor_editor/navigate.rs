//! Moving the view: wheel and pinch zoom to the cursor, two fingers pan.

use super::state::FloorState;
use eframe::egui::{MouseWheelUnit, Response, Ui, Vec2};

/// Zoom of one notch of the wheel.
const NOTCH: f64 = 1.2;
/// Points of a trackpad's scroll that pan by one point.
const PAN: f32 = 1.0;

/// Reads wheel, trackpad and pinch over the canvas.
pub fn navigate(ui: &Ui, response: &Response, state: &mut FloorState) {
    if !response.contains_pointer() {
        return;
    }
    let Some(pointer) = ui.ctx().pointer_latest_pos() else { return };
    let Some(camera) = &mut state.camera else { return };
    let (pinch, notches, scroll) = ui.input(|i| {
        let mut notches = 0.0_f64;
        let mut scroll = Vec2::ZERO;
        for event in &i.events {
            if let eframe::egui::Event::MouseWheel { unit, delta, modifiers, .. } = event {
                match unit {
                    // A wheel zooms; a trackpad reports points and pans.
                    _ if modifiers.command => {}
                    MouseWheelUnit::Line | MouseWheelUnit::Page => notches += f64::from(delta.y),
                    MouseWheelUnit::Point => scroll += *delta,
                }
            }
        }
        (f64::from(i.zoom_delta()), notches, scroll)
    });
    let factor = pinch * NOTCH.powf(notches);
    if (factor - 1.0).abs() > 1e-4 {
        camera.zoom_about(pointer, factor);
        state.moved = true;
    }
    if scroll != Vec2::ZERO {
        camera.pan(scroll * PAN);
        state.moved = true;
    }
}
