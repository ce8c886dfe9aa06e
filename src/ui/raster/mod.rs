//! A software painter for egui's output: the real window as a picture, without display, GPU or
//! driver. Screenshots, golden images and reports use it.
//!
//! Same rules as the GPU back end: triangles in order, pixel centres, colours premultiplied and
//! blended as they are stored (gamma space), textures modulated by vertex colour.

mod snapshot;
mod textures;
mod triangle;

pub use snapshot::{Shot, snapshot};
pub use textures::TextureStore;

use eframe::egui::epaint::{ClippedPrimitive, Primitive};
use eframe::egui::{Color32, Context, FullOutput, Rect};
use rayon::prelude::*;
use textures::Texture;
use triangle::{Corner, Target, fill};

/// Rows that one task paints.
const BAND: usize = 32;

/// Renders a frame to an image of `size` pixels over a background. Takes the texture changes out
/// of the output.
#[must_use]
pub fn render(
    ctx: &Context,
    output: &mut FullOutput,
    size: [u32; 2],
    background: Color32,
    textures: &mut TextureStore,
) -> image::RgbaImage {
    textures.apply(&mut output.textures_delta);
    let scale = output.pixels_per_point;
    let primitives = ctx.tessellate(std::mem::take(&mut output.shapes), scale);
    let image = paint(&primitives, scale, size, background, textures);
    textures.free();
    image
}

/// Paints tessellated primitives.
#[must_use]
pub fn paint(
    primitives: &[ClippedPrimitive],
    pixels_per_point: f32,
    size: [u32; 2],
    background: Color32,
    textures: &TextureStore,
) -> image::RgbaImage {
    let width = size[0] as usize;
    let jobs: Vec<Job<'_>> =
        primitives.iter().filter_map(|p| Job::new(p, pixels_per_point, size, textures)).collect();
    let mut pixels = vec![background; width * size[1] as usize];
    pixels.par_chunks_mut((width * BAND).max(1)).enumerate().for_each(|(band, rows)| {
        let top = band * BAND;
        for job in &jobs {
            job.paint(rows, width, top);
        }
    });
    let bytes = pixels.iter().flat_map(|c| [c.r(), c.g(), c.b(), 255]).collect();
    image::RgbaImage::from_raw(size[0], size[1], bytes).unwrap_or_default()
}

/// One mesh in pixels.
struct Job<'a> {
    corners: Vec<Corner>,
    indices: &'a [u32],
    texture: Option<&'a Texture>,
    /// Clip in pixels: left, top, right, bottom.
    clip: [usize; 4],
}

impl<'a> Job<'a> {
    fn new(
        primitive: &'a ClippedPrimitive,
        scale: f32,
        size: [u32; 2],
        textures: &'a TextureStore,
    ) -> Option<Self> {
        let Primitive::Mesh(mesh) = &primitive.primitive else { return None };
        let clip = clip_pixels(primitive.clip_rect, scale, size);
        if clip[0] >= clip[2] || clip[1] >= clip[3] {
            return None;
        }
        let corners = mesh
            .vertices
            .iter()
            .map(|v| Corner {
                x: v.pos.x * scale,
                y: v.pos.y * scale,
                u: v.uv.x,
                v: v.uv.y,
                colour: v.color,
            })
            .collect();
        Some(Self { corners, indices: &mesh.indices, texture: textures.get(mesh.texture_id), clip })
    }

    /// Paints the part inside a band of rows that starts at `top`.
    fn paint(&self, rows: &mut [Color32], width: usize, top: usize) {
        let bottom = top + rows.len() / width.max(1);
        let (from, to) = (self.clip[1].max(top), self.clip[3].min(bottom));
        if from >= to {
            return;
        }
        let columns = self.clip[0]..self.clip[2];
        let mut target = Target { pixels: rows, width, top, rows: from..to, columns };
        for triple in self.indices.chunks_exact(3) {
            let corner = |i: usize| self.corners.get(triple[i] as usize).copied();
            let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) else { continue };
            fill([a, b, c], self.texture, &mut target);
        }
    }
}

fn clip_pixels(clip: Rect, scale: f32, size: [u32; 2]) -> [usize; 4] {
    let edge = |v: f32, most: u32| (v * scale).round().clamp(0.0, most as f32) as usize;
    [
        edge(clip.min.x, size[0]),
        edge(clip.min.y, size[1]),
        edge(clip.max.x, size[0]),
        edge(clip.max.y, size[1]),
    ]
}

#[cfg(test)]
mod tests;
