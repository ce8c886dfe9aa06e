//! What is drawn: coloured triangles and lines in the room.

use super::camera::Bounds;
use super::vector::{Vec3, add};
use crate::render::colormap::Rgb;
use std::sync::Arc;

/// Red, green, blue and opacity.
pub type Rgba = [u8; 4];

/// No object: nothing to pick.
pub const NOTHING: u32 = 0;
/// Leaves the object seen before: lines, which only mark what they lie on.
pub const UNCHANGED: u32 = u32::MAX;

/// A corner of triangles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vertex {
    /// Place, m.
    pub at: Vec3,
    /// Colour, light included.
    pub colour: Rgba,
}

/// Three corners, anticlockwise seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Triangle {
    /// Places in the list of vertices.
    pub corners: [u32; 3],
    /// The object's number plus one; [`NOTHING`] for what can not be picked.
    pub id: u32,
}

/// Triangles that share vertices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mesh {
    /// Corners.
    pub vertices: Vec<Vertex>,
    /// Faces.
    pub triangles: Vec<Triangle>,
}

/// A straight line of constant width on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// From and to, m.
    pub ends: [Vec3; 2],
    /// Colours of the ends.
    pub colours: [Rgba; 2],
    /// Width, px of a picture of ordinary density.
    pub width_px: f32,
}

/// Things that change together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Faces that hide what is behind them; seen from their outside only.
    pub solid: Mesh,
    /// Faces that let through what is behind them; seen from both sides.
    pub clear: Mesh,
    /// Lines; those that are not fully opaque let through as well.
    pub lines: Vec<Line>,
}

/// A picture's content.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// Parts, in the order of drawing where depths are equal.
    pub parts: Vec<Arc<Part>>,
    /// What there is to frame, m.
    pub bounds: Bounds,
    /// Colour at the top and at the bottom of the picture.
    pub background: [Rgb; 2],
}

/// Adds opacity to a colour.
#[must_use]
pub const fn with_alpha([r, g, b]: Rgb, alpha: u8) -> Rgba {
    [r, g, b, alpha]
}

/// `share` of the way between two colours.
#[must_use]
pub fn mix(from: Rgb, to: Rgb, share: f32) -> Rgb {
    [0, 1, 2].map(|c| {
        let (a, b) = (f32::from(from[c]), f32::from(to[c]));
        (a + (b - a) * share).round().clamp(0.0, 255.0) as u8
    })
}

/// A colour with its light scaled.
#[must_use]
pub fn lit(colour: Rgb, light: f32) -> Rgb {
    colour.map(|c| (f32::from(c) * light).round().clamp(0.0, 255.0) as u8)
}

impl Mesh {
    /// Adds a vertex; its place in the list.
    pub fn vertex(&mut self, at: Vec3, colour: Rgba) -> u32 {
        self.vertices.push(Vertex { at, colour });
        (self.vertices.len() - 1) as u32
    }

    /// Adds a quadrilateral, corners anticlockwise seen from outside.
    pub fn quad(&mut self, corners: [Vec3; 4], colours: [Rgba; 4], id: u32) {
        let first = self.vertices.len() as u32;
        for (at, colour) in corners.into_iter().zip(colours) {
            self.vertex(at, colour);
        }
        for [a, b, c] in [[0, 1, 2], [0, 2, 3]] {
            self.triangles.push(Triangle { corners: [first + a, first + b, first + c], id });
        }
    }

    /// Adds a parallelogram from a corner and its two sides; outside is where their cross product
    /// points.
    pub fn patch(&mut self, corner: Vec3, u: Vec3, v: Vec3, colour: Rgba, id: u32) {
        let far = add(add(corner, u), v);
        self.quad([corner, add(corner, u), far, add(corner, v)], [colour; 4], id);
    }
}

impl Part {
    /// Adds a line of one colour.
    pub fn line(&mut self, from: Vec3, to: Vec3, colour: Rgba, width_px: f32) {
        self.lines.push(Line { ends: [from, to], colours: [colour; 2], width_px });
    }
}
