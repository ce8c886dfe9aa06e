//! Pictures of the canvas, written for a person to look at.

use super::{Desk, preset};
use crate::plan::ObjectId;
use crate::ui::raster::{TextureStore, render};
use crate::ui::state::{Freshness, Overlay, Tool};
use crate::ui::theme::{Theme, install_fonts};
use eframe::egui::{Context, Event, Modifiers, PointerButton, Pos2, RawInput, Rect, pos2, vec2};

/// Draws a few frames with events between them and returns the last as a picture.
pub fn shoot(
    desk: &mut Desk,
    size: [u32; 2],
    scale: f32,
    events: &[Vec<Event>],
) -> image::RgbaImage {
    let ctx = Context::default();
    install_fonts(&ctx);
    let theme = if desk.ui_state.dark { Theme::dark() } else { Theme::light() };
    theme.apply(&ctx);
    ctx.set_pixels_per_point(scale);
    let extent = vec2(size[0] as f32, size[1] as f32) / scale;
    let mut textures = TextureStore::default();
    let quiet = vec![Vec::new(), Vec::new()];
    let mut time = 0.0;
    for frame in quiet.iter().chain(events) {
        let mut output = ctx.run_ui(input(extent, &mut time, frame.clone()), |ui| desk.ui(ui));
        textures.apply(&mut output.textures_delta);
    }
    let mut output = ctx.run_ui(input(extent, &mut time, Vec::new()), |ui| desk.ui(ui));
    render(&ctx, &mut output, size, theme.window, &mut textures)
}

fn input(extent: eframe::egui::Vec2, time: &mut f64, events: Vec<Event>) -> RawInput {
    *time += 0.1;
    RawInput {
        screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), extent)),
        time: Some(*time),
        events,
        ..RawInput::default()
    }
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
            desk.floor = Default::default();
            let image = shoot(&mut desk, [1280, 800], 1.0, &[]);
            save(&image, &format!("{overlay:?}-{word}.png"));
        }
        desk.ui_state.overlay = Overlay::Inlet;
        desk.floor = Default::default();
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
    desk.floor = Default::default();
    desk.freshness = Freshness::Updating;
    desk.ui_state.dark = false;
    let mut placed = rack.clone();
    placed.name = "R-NEW".into();
    desk.ui_state.tool = Tool::Place(Box::new(crate::plan::Object::Rack(placed)));
    save(&shoot(&mut desk, [1280, 800], 1.0, &[vec![Event::PointerMoved(to)]]), "place.png");
}
