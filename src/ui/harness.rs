//! The real window without a display: frames are run by hand, the output is painted in software.
//! The `screenshot` verb and the tests use it.

use super::app::{Options, TokenmillApp};
use super::raster::{TextureStore, render};
use super::screens::Tab;
use super::theme::Theme;
use eframe::egui::{self, Context, Event, FullOutput, Pos2, RawInput, Rect, Vec2, ViewportId};
use std::time::Duration;

/// Time between two frames as the window sees it, s.
const STEP_S: f64 = 0.1;
/// Longest wait for the document to settle.
const PATIENCE: Duration = Duration::from_secs(120);
/// Frames run after something has changed: panels and animations settle within them.
const SETTLING: usize = 4;

/// The window, run by hand.
pub struct WindowHarness {
    ctx: Context,
    app: TokenmillApp,
    textures: TextureStore,
    size: [u32; 2],
    scale: f32,
    time_s: f64,
}

impl WindowHarness {
    /// A window of `size` pixels at `scale` pixels per point.
    #[must_use]
    pub fn new(options: Options, size: [u32; 2], scale: f32) -> Self {
        let ctx = Context::default();
        ctx.set_pixels_per_point(scale);
        let app = TokenmillApp::new(&ctx, options, None);
        let textures = TextureStore::default();
        Self { ctx, app, textures, size, scale, time_s: 0.0 }
    }

    /// The window's state.
    pub const fn app(&mut self) -> &mut TokenmillApp {
        &mut self.app
    }

    /// The context.
    #[must_use]
    pub const fn context(&self) -> &Context {
        &self.ctx
    }

    /// Runs one frame with events.
    pub fn frame(&mut self, events: Vec<Event>) -> FullOutput {
        self.time_s += STEP_S;
        let extent = Vec2::new(self.size[0] as f32, self.size[1] as f32) / self.scale;
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, extent)),
            time: Some(self.time_s),
            focused: true,
            events,
            ..RawInput::default()
        };
        let viewport = input.viewports.entry(ViewportId::ROOT).or_default();
        viewport.native_pixels_per_point = Some(self.scale);
        let app = &mut self.app;
        self.ctx.run_ui(input, |ui| app.frame_ui(ui))
    }

    /// Runs frames whose pictures nobody wants.
    pub fn skip(&mut self, frames: usize) {
        for _ in 0..frames {
            let mut output = self.frame(Vec::new());
            self.textures.apply(&mut output.textures_delta);
            self.textures.free();
        }
    }

    /// Runs frames until the document is settled or has failed.
    pub fn settle(&mut self) {
        self.skip(1);
        let pause = Duration::from_millis(10);
        let mut waited = Duration::ZERO;
        while !self.app.is_at_rest() && waited < PATIENCE {
            std::thread::sleep(pause);
            waited += pause;
            self.skip(1);
        }
        self.skip(SETTLING);
    }

    /// A click of the primary button.
    pub fn click(&mut self, pos: Pos2) {
        let button = |pressed| Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        for event in [Event::PointerMoved(pos), button(true), button(false)] {
            let mut output = self.frame(vec![event]);
            self.textures.apply(&mut output.textures_delta);
            self.textures.free();
        }
        self.skip(SETTLING);
    }

    /// Opens a tab.
    pub fn open_tab(&mut self, tab: Tab) {
        self.app.open_tab(tab);
        self.skip(SETTLING);
    }

    /// The window as a picture.
    #[must_use]
    pub fn picture(&mut self) -> image::RgbaImage {
        let background = Theme::of(&self.ctx).window;
        let mut output = self.frame(Vec::new());
        render(&self.ctx, &mut output, self.size, background, &mut self.textures)
    }
}
