//! From scene and camera to a picture: a rasteriser on the processor.
//!
//! Triangles and lines become triangles on the screen ([`setup`]), sorted into horizontal bands.
//! Each band is filled on its own ([`band`]), bands in parallel: first what hides, with a depth
//! buffer, then what lets through, as a list per sample that is blended from far to near. So the
//! order of translucent faces is right even where they cross, and the picture is the same for any
//! number of threads.
//!
//! Depth is nearness, 1 over the distance along the view, which is linear on the screen.

mod band;
mod fill;
mod setup;

use super::camera::{Lens, OrbitCamera};
use super::mesh::Scene;
use band::{Band, Scratch};
use rayon::prelude::*;
use setup::Screen;
use std::cell::RefCell;

/// Rows of a band in the finished picture.
const BAND_ROWS: usize = 8;
/// Widest and highest picture, px.
const LARGEST_PX: u32 = 8192;

/// How a picture is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// Samples per pixel along each direction: 2 at rest, 1 while moving.
    pub samples: u32,
    /// Width of lines as a factor: pixels per point.
    pub line_scale: f32,
}

/// A finished picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Width, px.
    pub width: usize,
    /// Height, px.
    pub height: usize,
    /// Red, green, blue, 255 per pixel, from the upper left, row by row.
    pub rgba: Vec<u8>,
    /// What is seen at each pixel: an object's number plus one, or 0.
    pub ids: Vec<u32>,
}

impl Frame {
    /// The object seen at a pixel.
    #[must_use]
    pub fn object_at(&self, x: usize, y: usize) -> Option<u32> {
        let inside = x < self.width && y < self.height;
        let id = inside.then(|| self.ids.get(y * self.width + x)).flatten()?;
        id.checked_sub(1)
    }
}

thread_local! {
    /// Buffers of a band: kept from picture to picture, since fresh memory is dear.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Draws a scene.
#[must_use]
pub fn draw(scene: &Scene, camera: &OrbitCamera, size: [u32; 2], quality: Quality) -> Frame {
    let mut frame = Frame::default();
    draw_into(&mut frame, scene, camera, size, quality);
    frame
}

/// Draws a scene over an older picture, whose memory is used again.
pub fn draw_into(
    frame: &mut Frame,
    scene: &Scene,
    camera: &OrbitCamera,
    size: [u32; 2],
    quality: Quality,
) {
    let [width, height] = size.map(|v| v.clamp(1, LARGEST_PX) as usize);
    let samples = quality.samples.clamp(1, 4) as usize;
    let sampled = [(width * samples) as f32, (height * samples) as f32];
    let lens = Lens::new(camera, sampled);
    let line_scale = quality.line_scale.max(0.1) * samples as f32;
    let screen = Screen::new(scene, &lens, sampled, BAND_ROWS * samples, line_scale);
    (frame.width, frame.height) = (width, height);
    frame.rgba.resize(width * height * 4, 0);
    frame.ids.resize(width * height, 0);
    let rows = frame.rgba.par_chunks_mut(width * BAND_ROWS * 4);
    let ids = frame.ids.par_chunks_mut(width * BAND_ROWS);
    rows.zip(ids).enumerate().for_each(|(at, (rgba, ids))| {
        let band = Band { screen: &screen, at, width, height, samples };
        SCRATCH.with_borrow_mut(|scratch| band.draw(scratch, scene.background, rgba, ids));
    });
}

#[cfg(test)]
mod tests;
