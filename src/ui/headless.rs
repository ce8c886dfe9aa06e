//! The real window without a display: the same application, fed with frames until its document is
//! settled, painted by the software rasteriser. For `tokenmill screenshot` and tests.

use super::app::{Options, TokenmillApp};
use super::commands::Command;
use super::raster::{self, TextureStore};
use super::theme::Theme;
use eframe::egui::{self, FullOutput, Pos2, RawInput, Rect, Vec2};
use image::RgbaImage;

/// Frames after the answer is in: layout, fades and textures come to rest.
const RESTING_FRAMES: usize = 12;
/// Time that one frame stands for, s.
const FRAME_S: f64 = 1.0 / 30.0;

/// Pause between looks at work that is not finished.
const POLL: std::time::Duration = std::time::Duration::from_millis(20);

/// The window in memory.
pub struct Headless {
    ctx: egui::Context,
    app: TokenmillApp,
    textures: TextureStore,
    size: Vec2,
    pixels_per_point: f32,
    time_s: f64,
}

impl Headless {
    /// A window of `size` points, width and height.
    #[must_use]
    pub fn new(options: Options, size: (f32, f32), pixels_per_point: f32) -> Self {
        let size = Vec2::from(size);
        let ctx = egui::Context::default();
        let app = TokenmillApp::new(&ctx, options, None);
        let textures = TextureStore::default();
        Self { ctx, app, textures, size, pixels_per_point, time_s: 0.0 }
    }

    /// The application, to open tabs or select before the picture is taken.
    pub const fn app(&mut self) -> &mut TokenmillApp {
        &mut self.app
    }

    /// The context.
    #[must_use]
    pub const fn context(&self) -> &egui::Context {
        &self.ctx
    }

    /// Runs frames whose pictures nobody wants.
    pub fn skip(&mut self, frames: usize) {
        for _ in 0..frames {
            let mut output = self.frame(Vec::new());
            self.textures.apply(&mut output.textures_delta);
            self.textures.free();
        }
    }

    /// Runs a command and lets its consequences come to rest.
    pub fn command(&mut self, command: Command) {
        let ctx = self.ctx.clone();
        self.app.run(command, &ctx);
        self.skip(RESTING_FRAMES);
    }

    /// One frame with these events.
    pub fn frame(&mut self, events: Vec<egui::Event>) -> FullOutput {
        self.time_s += FRAME_S;
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size)),
            time: Some(self.time_s),
            events,
            focused: true,
            ..RawInput::default()
        };
        if let Some(viewport) = input.viewports.get_mut(&input.viewport_id) {
            viewport.native_pixels_per_point = Some(self.pixels_per_point);
        }
        self.ctx.run_ui(input, |ui| self.app.frame_ui(ui))
    }

    /// Runs frames until the plan as drawn is solved, and the picture has come to rest.
    pub fn settle(&mut self) {
        self.app.wait();
        self.skip(RESTING_FRAMES);
        self.app.wait_for_picture(&self.ctx);
        self.skip(1);
    }

    /// Runs frames until nothing is being worked out any more: no study, no validation, no job.
    pub fn finish(&mut self) {
        loop {
            while !self.app.is_at_rest() {
                std::thread::sleep(POLL);
                self.skip(1);
            }
            self.skip(RESTING_FRAMES);
            // What is finished may be what something else waited for.
            if self.app.is_at_rest() {
                return;
            }
        }
    }

    /// The picture.
    pub fn picture(&mut self) -> RgbaImage {
        let mut output = self.frame(Vec::new());
        let scale = self.pixels_per_point;
        let size = [(self.size.x * scale) as u32, (self.size.y * scale) as u32];
        let background = Theme::of(&self.ctx).window;
        raster::render(&self.ctx, &mut output, size, background, &mut self.textures)
    }
}
