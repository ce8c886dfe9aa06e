//! Pictures of the canvas, written for a person to look at.

use super::{Desk, FloorState, preset};
use crate::plan::ObjectId;
use crate::ui::raster::{Shot, snapshot};
use crate::ui::state::{Freshness, Overlay, Tool};
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, vec2};

/// Draws a few frames with events between them and returns the last as a picture.
pub fn shoot(
    desk: &mut Desk,
    size: [u32; 2],
    scale: f32,
    events: &[Vec<Event>],
) -> image::RgbaImage {
    desk.floor = FloorState::default();
    let shot = Shot { size, scale, dark: desk.ui_state.dark, events: events.to_vec() };
    snapshot(&shot, |ui| desk.ui(ui))
}

fn save(image: &image::RgbaImage, name: &str) {
    let folder = std::env::temp_dir().join("tokenmill-canvas");
    std::fs::create_dir_all(&folder).unwrap();
    image.save(folder.join(name)).unwrap();
}

fn button(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    }
}

#[test]
#[ignore = "writes pictures to look at"]
fn overlays_in_both_themes() {
    let mut desk = Desk::new(preset());
    desk.solve();
    desk.ui_state.selection = [ObjectId(desk.history.present().floor.racks[3].id.0)].into();
    for dark in [true, false] {
        desk.ui_state.dark = dark;
        let word = if dark { "dark" } else { "light" };
        for overlay in
            [Overlay::Plan, Overlay::Inlet, Overlay::Air, Overlay::Feeds, Overlay::Liquid]
        {
            desk.ui_state.overlay = overlay;
            let image = shoot(&mut desk, [1280, 800], 1.0, &[]);
            save(&image, &format!("{overlay:?}-{word}.png"));
        }
        desk.ui_state.overlay = Overlay::Inlet;
        save(&shoot(&mut desk, [2560, 1440], 2.0, &[]), &format!("large-{word}.png"));
    }
}

#[test]
#[ignore = "writes pictures to look at"]
fn gestures() {
    let mut desk = Desk::new(preset());
    desk.solve();
    desk.ui_state.overlay = Overlay::Inlet;
    shoot(&mut desk, [1280, 800], 1.0, &[]);
    let camera = *desk.floor.camera().unwrap();
    let rack = desk.history.present().floor.racks[5].clone();
    let (x, y) = rack.footprint().centre();
    let at = camera.screen_from_floor(x, y);
    let hover = vec![vec![Event::PointerMoved(at)]];
    save(&shoot(&mut desk, [1280, 800], 1.0, &hover), "hover.png");
    let to = at + vec2(30.0, 24.0);
    let drag = vec![
        vec![Event::PointerMoved(at)],
        vec![button(at, true)],
        vec![Event::PointerMoved(at + vec2(12.0, 0.0))],
        vec![Event::PointerMoved(to)],
        vec![Event::PointerMoved(to)],
    ];
    save(&shoot(&mut desk, [1280, 800], 1.0, &drag), "drag.png");
    desk.history.abort();
    desk.freshness = Freshness::Updating;
    desk.ui_state.dark = false;
    let mut placed = rack;
    placed.name = "R-NEW".into();
    desk.ui_state.tool = Tool::Place(Box::new(crate::plan::Object::Rack(placed)));
    save(&shoot(&mut desk, [1280, 800], 1.0, &[vec![Event::PointerMoved(to)]]), "place.png");
}

#[test]
#[ignore = "writes pictures to look at"]
fn boxes() {
    let text = include_str!("../../../../presets/enterprise-1mw.plan.ron");
    let mut desk = Desk::new(crate::format::from_text(text).unwrap().plan);
    desk.solve();
    desk.ui_state.overlay = Overlay::Air;
    desk.ui_state.show_arrows = true;
    save(&shoot(&mut desk, [1280, 800], 1.0, &[]), "arrows.png");
    desk.ui_state.show_arrows = false;
    desk.ui_state.overlay = Overlay::Plan;
    desk.ui_state.selection =
        desk.history.present().floor.racks.iter().take(2).map(|r| r.id).collect();
    let middle = eframe::egui::pos2(500.0, 400.0);
    let typed = vec![
        vec![Event::PointerMoved(middle)],
        vec![key(Key::M)],
        vec![Event::Text("2*600".into())],
        vec![key(Key::Tab)],
        vec![Event::Text("1.2x".into())],
    ];
    save(&shoot(&mut desk, [1280, 800], 1.0, &typed), "typed.png");
    desk.history.abort();
    desk.ui_state.dark = false;
    let array = vec![vec![Event::PointerMoved(middle)], vec![key(Key::A)], Vec::new(), Vec::new()];
    save(&shoot(&mut desk, [1280, 800], 1.0, &array), "array.png");
}

const fn key(key: Key) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }
}
