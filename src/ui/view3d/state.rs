//! What the 3-D view remembers from frame to frame. None of it is in the plan, none is undoable.

use super::worker::{Answer, Request, Worker};
use crate::catalog::Catalog;
use crate::evaluate::clock::Clock;
use crate::evaluate::result::Results;
use crate::plan::{Floor, Hall, ObjectId};
use crate::render::scene::{Frame, Look, OrbitCamera, Preset, Quality, Same};
use crate::ui::floor_editor::FloorInput;
use eframe::egui::{ColorImage, Context, TextureHandle, TextureOptions, Vec2};
use std::sync::Arc;

/// Time for a picture while the camera moves, s: one frame at 60 Hz.
const FRAME_S: f64 = 1.0 / 60.0;
/// Pictures while moving are made this much coarser or finer at a time.
const STEP: f32 = 1.25;
/// Coarsest picture while moving: points per pixel.
const COARSEST: f32 = 3.0;

/// The view's memory.
#[derive(Default)]
pub struct View3dState {
    pub(super) camera: Option<OrbitCamera>,
    pub(super) hover: Option<ObjectId>,
    /// Until when the camera counts as moving, s of the window's time.
    pub(super) moving_until_s: f64,
    /// Whether the person moved the camera; until then it keeps showing the whole hall.
    pub(super) moved: bool,
    wish: Option<Wish>,
    clock: Option<Clock>,
    worker: Option<Worker>,
    asked: Option<Asked>,
    serial: u64,
    shown: Option<Shown>,
    coarseness: f32,
    spare: Frame,
}

/// A camera move asked for from outside, done when the view's size is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Wish {
    /// The whole hall.
    All,
    /// One object.
    Object(ObjectId),
    /// A preset's direction.
    From(Preset),
}

/// What the last request was for; another one is only made for something else.
#[derive(PartialEq)]
struct Asked {
    floor: Same<Floor>,
    hall: Same<Hall>,
    results: Option<Same<Results>>,
    look: Look,
    camera: OrbitCamera,
    size: [u32; 2],
    samples: u32,
}

/// The picture on the screen.
struct Shown {
    serial: u64,
    frame: Frame,
    texture: TextureHandle,
}

impl View3dState {
    /// A view that measures its own time by this clock.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock: Some(clock), ..Self::default() }
    }

    /// Shows the whole hall at the next frame.
    pub const fn fit(&mut self) {
        self.wish = Some(Wish::All);
    }

    /// Brings an object into view at the next frame.
    pub const fn reveal(&mut self, id: ObjectId) {
        self.wish = Some(Wish::Object(id));
    }

    /// Looks from a preset's side at the next frame.
    pub const fn look_from(&mut self, preset: Preset) {
        self.wish = Some(Wish::From(preset));
    }

    pub(super) const fn look_again(&mut self, wish: Wish) {
        self.wish = Some(wish);
    }

    /// The camera, if a frame was drawn.
    #[must_use]
    pub const fn camera(&mut self) -> Option<&mut OrbitCamera> {
        self.camera.as_mut()
    }

    /// Waits until the last picture asked for is there. For pictures and tests.
    pub fn wait(&mut self, ctx: &Context) {
        while self.asked.is_some() && self.shown.as_ref().is_none_or(|s| s.serial < self.serial) {
            let Some(answer) = self.worker.as_ref().and_then(Worker::wait) else { return };
            self.show(ctx, answer);
        }
    }

    /// Words for the status bar.
    #[must_use]
    pub fn status_line(&self) -> String {
        let Some(camera) = &self.camera else { return String::new() };
        let yaw = camera.yaw.to_degrees().rem_euclid(360.0);
        format!(
            "looking {yaw:.0}° from north, {:.0}° down   ·   {:.1} m away",
            camera.pitch.to_degrees(),
            camera.distance_m
        )
    }

    /// How many pictures were asked for.
    #[cfg(test)]
    pub(super) const fn pictures_asked_for(&self) -> u64 {
        self.serial
    }

    pub(super) const fn take_wish(&mut self) -> Option<Wish> {
        self.wish.take()
    }

    pub(super) fn texture(&self) -> Option<&TextureHandle> {
        self.shown.as_ref().map(|s| &s.texture)
    }

    /// The object drawn at a point of the view, given as shares of its width and height.
    pub(super) fn object_at(&self, share: Vec2) -> Option<ObjectId> {
        let frame = &self.shown.as_ref()?.frame;
        if !(0.0..1.0).contains(&share.x) || !(0.0..1.0).contains(&share.y) {
            return None;
        }
        let x = (share.x * frame.width as f32) as usize;
        let y = (share.y * frame.height as f32) as usize;
        frame.object_at(x, y).map(ObjectId)
    }

    /// Takes in a finished picture and asks for the next one if anything changed.
    pub(super) fn refresh(
        &mut self,
        ctx: &Context,
        input: &FloorInput<'_>,
        catalog: &Arc<Catalog>,
        look: Look,
        size_px: Vec2,
        moving: bool,
    ) {
        if let Some(answer) = self.worker.as_ref().and_then(Worker::poll) {
            self.show(ctx, answer);
        }
        let Some(camera) = self.camera else { return };
        let shrink = if moving { self.coarseness.clamp(1.0, COARSEST) } else { 1.0 };
        let size = [size_px.x, size_px.y].map(|v| ((v / shrink) as u32).max(1));
        let samples = if moving { 1 } else { 2 };
        let results = input.shown_results().and(input.results);
        let wanted = Asked {
            floor: Same(Arc::clone(&input.plan.floor)),
            hall: Same(Arc::clone(&input.plan.hall)),
            results: results.map(|r| Same(Arc::clone(r))),
            look,
            camera,
            size,
            samples,
        };
        if self.asked.as_ref() == Some(&wanted) {
            return;
        }
        self.serial += 1;
        let line_scale = ctx.pixels_per_point() / shrink;
        let request = Request {
            serial: self.serial,
            plan: input.plan.clone(),
            catalog: Arc::clone(catalog),
            results: results.map(Arc::clone),
            look: wanted.look.clone(),
            camera,
            size,
            quality: Quality { samples, line_scale },
            spare: std::mem::take(&mut self.spare),
        };
        let clock = self.clock.get_or_insert_with(Clock::still).clone();
        let waker = ctx.clone();
        let worker = self
            .worker
            .get_or_insert_with(|| Worker::start(clock, move || waker.request_repaint()));
        worker.request(request);
        self.asked = Some(wanted);
    }

    fn show(&mut self, ctx: &Context, answer: Answer) {
        let Answer { serial, frame, image, time_s } = answer;
        self.pace(time_s);
        let mut texture = match self.shown.take() {
            Some(shown) => {
                self.spare = shown.frame;
                shown.texture
            }
            None => ctx.load_texture("hall-3d", ColorImage::default(), TextureOptions::LINEAR),
        };
        texture.set(image, TextureOptions::LINEAR);
        self.shown = Some(Shown { serial, frame, texture });
    }

    /// Makes pictures of a moving camera as coarse as this machine needs them.
    fn pace(&mut self, time_s: f64) {
        let moving = self.asked.as_ref().is_some_and(|a| a.samples == 1);
        if moving && time_s > FRAME_S {
            self.coarseness = (self.coarseness.max(1.0) * STEP).min(COARSEST);
        } else if moving && time_s < 0.4 * FRAME_S {
            self.coarseness = (self.coarseness / STEP).max(1.0);
        }
    }
}
