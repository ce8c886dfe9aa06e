//! A picture of any part of the window, as the command line and the export take it.

use super::{TextureStore, render};
use crate::ui::theme::{Theme, install_fonts};
use eframe::egui::{Context, Event, RawInput, Rect, Ui, pos2, vec2};

/// Frames before the picture: layout needs two to settle, fades one more.
const SETTLE_FRAMES: usize = 3;
/// Time between frames, s: longer than any fade.
const FRAME_S: f64 = 0.25;

/// What picture to take.
#[derive(Clone, Debug)]
pub struct Shot {
    /// Pixels across and down.
    pub size: [u32; 2],
    /// Pixels of a point.
    pub scale: f32,
    /// Dark theme.
    pub dark: bool,
    /// What a person does before the picture, frame by frame.
    pub events: Vec<Vec<Event>>,
}

/// Runs some frames and paints the last one.
pub fn snapshot(shot: &Shot, mut ui: impl FnMut(&mut Ui)) -> image::RgbaImage {
    let ctx = Context::default();
    install_fonts(&ctx);
    let theme = if shot.dark { Theme::dark() } else { Theme::light() };
    theme.apply(&ctx);
    let extent = vec2(shot.size[0] as f32, shot.size[1] as f32) / shot.scale;
    let mut textures = TextureStore::default();
    let quiet = vec![Vec::new(); SETTLE_FRAMES];
    let mut time = 0.0;
    let mut input = |events: Vec<Event>| {
        time += FRAME_S;
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), extent)),
            time: Some(time),
            events,
            ..RawInput::default()
        };
        if let Some(viewport) = input.viewports.get_mut(&input.viewport_id) {
            viewport.native_pixels_per_point = Some(shot.scale);
        }
        input
    };
    for events in quiet.iter().chain(&shot.events) {
        let mut output = ctx.run_ui(input(events.clone()), |u| ui(u));
        textures.apply(&mut output.textures_delta);
        textures.free();
    }
    let mut output = ctx.run_ui(input(Vec::new()), |u| ui(u));
    render(&ctx, &mut output, shot.size, theme.window, &mut textures)
}
