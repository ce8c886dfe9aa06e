//! One mesh for thousands of simple shapes: rectangles, lines, dashes, hatches. What egui would
//! tessellate shape by shape is written straight as triangles.

use eframe::egui::emath::Rot2;
use eframe::egui::{Color32, Mesh, Painter, Pos2, Rect, Shape, Vec2, pos2, vec2};

/// Width of the soft edge of slanted lines, points.
const FEATHER: f32 = 0.7;

/// Collects triangles.
pub struct Brush {
    mesh: Mesh,
    pixels_per_point: f32,
}

impl Brush {
    /// An empty brush for a painter's screen.
    pub fn new(painter: &Painter) -> Self {
        Self { mesh: Mesh::default(), pixels_per_point: painter.pixels_per_point() }
    }

    /// Reserves room for about `n` rectangles.
    pub fn reserve(&mut self, n: usize) {
        self.mesh.reserve_triangles(2 * n);
        self.mesh.reserve_vertices(4 * n);
    }

    /// Physical pixels of a point.
    pub const fn pixels_per_point(&self) -> f32 {
        self.pixels_per_point
    }

    /// A coordinate on the nearest pixel edge.
    pub fn snap(&self, v: f32) -> f32 {
        (v * self.pixels_per_point).round() / self.pixels_per_point
    }

    /// A rectangle on pixel edges.
    pub fn snap_rect(&self, r: Rect) -> Rect {
        Rect::from_min_max(
            pos2(self.snap(r.min.x), self.snap(r.min.y)),
            pos2(self.snap(r.max.x), self.snap(r.max.y)),
        )
    }

    /// An arrow about its middle.
    pub fn arrow(&mut self, centre: Pos2, along: Vec2, ink: Color32) {
        let (tail, head) = (centre - along / 2.0, centre + along / 2.0);
        self.line(tail, head, 1.2, ink);
        for turn in [2.6_f32, -2.6] {
            let barb = Rot2::from_angle(turn) * along.normalized() * 4.0;
            self.line(head, head + barb, 1.2, ink);
        }
    }

    /// A filled rectangle.
    pub fn rect(&mut self, r: Rect, colour: Color32) {
        if r.is_positive() && colour != Color32::TRANSPARENT {
            self.mesh.add_colored_rect(r, colour);
        }
    }

    /// A filled rectangle on pixel edges, at least one pixel thick.
    pub fn bar(&mut self, r: Rect, colour: Color32) {
        let px = 1.0 / self.pixels_per_point;
        let snapped = self.snap_rect(r);
        let size = snapped.size().max(vec2(px, px));
        self.rect(Rect::from_min_size(snapped.min, size), colour);
    }

    /// The edge of a rectangle, drawn inside it.
    pub fn frame(&mut self, r: Rect, width: f32, colour: Color32) {
        let w = width.min(r.width() / 2.0).min(r.height() / 2.0);
        self.rect(Rect::from_min_max(r.min, pos2(r.max.x, r.min.y + w)), colour);
        self.rect(Rect::from_min_max(pos2(r.min.x, r.max.y - w), r.max), colour);
        let (top, bottom) = (r.min.y + w, r.max.y - w);
        self.rect(Rect::from_min_max(pos2(r.min.x, top), pos2(r.min.x + w, bottom)), colour);
        self.rect(Rect::from_min_max(pos2(r.max.x - w, top), pos2(r.max.x, bottom)), colour);
    }

    /// A line with soft edges.
    pub fn line(&mut self, a: Pos2, b: Pos2, width: f32, colour: Color32) {
        let along = b - a;
        if along.length_sq() < 1e-6 {
            return;
        }
        let across = vec2(-along.y, along.x) / along.length();
        if along.x.abs() < 0.01 || along.y.abs() < 0.01 {
            let half = across.abs() * width / 2.0;
            self.rect(Rect::from_two_pos(a, b).expand2(half), colour);
            return;
        }
        let core = (width / 2.0 - FEATHER / 2.0).max(0.0);
        let first = self.mesh.vertices.len() as u32;
        for (offset, tint) in [
            (-core - FEATHER, Color32::TRANSPARENT),
            (-core, colour),
            (core, colour),
            (core + FEATHER, Color32::TRANSPARENT),
        ] {
            self.mesh.colored_vertex(a + across * offset, tint);
            self.mesh.colored_vertex(b + across * offset, tint);
        }
        for strip in 0..3 {
            let v = first + 2 * strip;
            self.mesh.add_triangle(v, v + 1, v + 2);
            self.mesh.add_triangle(v + 1, v + 2, v + 3);
        }
    }

    /// A dashed line.
    pub fn dashes(&mut self, a: Pos2, b: Pos2, dash: [f32; 2], width: f32, colour: Color32) {
        let along = b - a;
        let length = along.length();
        if !(length > 0.0 && length < 1e5) {
            return;
        }
        let step = along / length;
        let mut at = 0.0;
        while at < length {
            self.line(a + step * at, a + step * (at + dash[0]).min(length), width, colour);
            at += dash[0] + dash[1];
        }
    }

    /// A dashed rectangle.
    pub fn dashed_frame(&mut self, r: Rect, dash: [f32; 2], width: f32, colour: Color32) {
        let corners = [r.left_top(), r.right_top(), r.right_bottom(), r.left_bottom()];
        for i in 0..4 {
            self.dashes(corners[i], corners[(i + 1) % 4], dash, width, colour);
        }
    }

    /// Slanted lines over a rectangle, in step with those of its neighbours.
    pub fn hatch(&mut self, r: Rect, spacing: f32, width: f32, colour: Color32) {
        let (from, to) = (r.min.x + r.min.y, r.max.x + r.max.y);
        if !(r.is_positive() && to - from < 1e5) {
            return;
        }
        let mut c = (from / spacing).ceil() * spacing;
        while c < to {
            let left = (c - r.max.y).max(r.min.x);
            let right = (c - r.min.y).min(r.max.x);
            self.line(pos2(left, c - left), pos2(right, c - right), width, colour);
            c += spacing;
        }
    }

    /// A cross over a rectangle.
    pub fn cross(&mut self, r: Rect, width: f32, colour: Color32) {
        self.line(r.left_top(), r.right_bottom(), width, colour);
        self.line(r.right_top(), r.left_bottom(), width, colour);
    }

    /// Hands everything to the painter as one shape.
    pub fn finish(self, painter: &Painter) {
        if !self.mesh.is_empty() {
            painter.add(Shape::mesh(self.mesh));
        }
    }
}

/// `share` of the way from one colour to another, opaque.
pub fn mix(from: Color32, to: Color32, share: f32) -> Color32 {
    let one = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share).round() as u8;
    Color32::from_rgb(one(from.r(), to.r()), one(from.g(), to.g()), one(from.b(), to.b()))
}
