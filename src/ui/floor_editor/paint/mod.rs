//! Drawing the floor, back to front: ground, air, building, equipment, marks.

pub mod air;
pub mod brush;
pub mod building;
pub mod ground;
pub mod heats;
pub mod label;
pub mod legend;
pub mod marks;
pub mod racks;
pub mod units;

use super::camera::FloorCamera;
use super::input::FloorInput;
use super::state::FloorState;
use crate::plan::RectMm;
use crate::ui::state::Overlay;
use eframe::egui::Painter;

/// What every layer needs.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Plan, results, colours.
    pub input: FloorInput<'a>,
    /// Where things are on the screen.
    pub camera: FloorCamera,
    /// What the floor is coloured by.
    pub overlay: Overlay,
    /// The part of the floor in view.
    pub visible: RectMm,
}

/// Draws everything but the widgets on top.
pub fn paint(painter: &Painter, input: &FloorInput<'_>, state: &mut FloorState) {
    let Some(camera) = state.camera else { return };
    let overlay = input.overlay(state.peek);
    let scene = Scene { input: *input, camera, overlay, visible: camera.visible() };
    ground::paint(painter, &scene);
    if overlay.shows_air() {
        state.air.paint(painter, &scene);
    }
    building::paint_flat(painter, &scene);
    racks::paint(painter, &scene);
    units::paint(painter, &scene);
    building::paint_above(painter, &scene);
    heats::paint(painter, &scene);
    marks::paint(painter, &scene, state);
    ground::paint_rulers(painter, &scene, state.pointer);
}
