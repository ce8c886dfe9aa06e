//! Filling one triangle on the screen, row by row.
//!
//! A sample belongs to a triangle when its centre lies between the left and the right edge, left
//! included. Where an edge meets a row is worked out from its ends in a fixed order, so that
//! two triangles that share an edge get the same number: no gaps, no sample twice.

use super::setup::{Corner, Face};

/// One attribute as a plane over the screen.
#[derive(Clone, Copy, Default)]
struct Plane {
    at_corner: f32,
    dx: f32,
    dy: f32,
}

impl Plane {
    fn at(&self, dx: f32, dy: f32) -> f32 {
        self.at_corner + dx * self.dx + dy * self.dy
    }
}

/// Where an edge crosses a row.
fn crossing(p: &Corner, q: &Corner, y: f64) -> f64 {
    let (px, py) = (f64::from(p.x), f64::from(p.y));
    px + (y - py) * ((f64::from(q.x) - px) / (f64::from(q.y) - py))
}

/// The first sample whose centre is not before a position.
fn first_sample(x: f64) -> i64 {
    (x - 0.5).ceil() as i64
}

/// Rows of samples: the first and the one after the last, and samples per row.
#[derive(Clone, Copy)]
pub struct Rows {
    /// First row.
    pub from: usize,
    /// Row after the last.
    pub to: usize,
    /// Samples per row.
    pub width: usize,
}

/// Neighbouring samples of a row that a triangle covers.
pub struct Span {
    /// Place of the first in the rows.
    pub from: usize,
    /// Place after the last.
    pub to: usize,
    /// Nearness at the first.
    pub near: f32,
    /// Its change from sample to sample.
    pub near_step: f32,
    /// The colour, where it is the same everywhere.
    pub flat: Option<[u8; 4]>,
    colour: [f32; 4],
    colour_step: [f32; 4],
}

impl Span {
    /// Nearness and colour of each sample.
    pub fn samples(&self) -> impl Iterator<Item = (f32, [u8; 4])> {
        let (mut near, mut colour) = (self.near, self.colour);
        (self.from..self.to).map(move |_| {
            let at = (near, self.flat.unwrap_or_else(|| colour.map(|v| (v + 0.5) as u8)));
            near += self.near_step;
            for (v, step) in colour.iter_mut().zip(&self.colour_step) {
                *v += step;
            }
            at
        })
    }
}

/// Calls `put` with each row's span.
pub fn fill(face: &Face, rows: Rows, mut put: impl FnMut(&Span)) {
    let [a, b, c] = &face.corners;
    let first = first_sample(f64::from(a.y)).max(rows.from as i64);
    let last = first_sample(f64::from(c.y)).min(rows.to as i64);
    if first >= last {
        return;
    }
    let shading = Shading::of(face);
    for row in first..last {
        let y = row as f64 + 0.5;
        let long = crossing(a, c, y);
        let short = if y < f64::from(b.y) { crossing(a, b, y) } else { crossing(b, c, y) };
        let from = first_sample(long.min(short)).max(0);
        let to = first_sample(long.max(short)).min(rows.width as i64);
        if from >= to {
            continue;
        }
        let start = (row as usize - rows.from) * rows.width;
        let (dx, dy) = (from as f32 + 0.5 - a.x, y as f32 - a.y);
        put(&Span {
            from: start + from as usize,
            to: start + to as usize,
            near: shading.near.at(dx, dy),
            near_step: shading.near.dx,
            flat: shading.flat,
            colour: shading.colour.map(|plane| plane.at(dx, dy)),
            colour_step: shading.colour.map(|plane| plane.dx),
        });
    }
}

/// Nearness and colour over the triangle.
struct Shading {
    near: Plane,
    colour: [Plane; 4],
    flat: Option<[u8; 4]>,
}

impl Shading {
    fn of(face: &Face) -> Self {
        let [a, b, c] = &face.corners;
        let (bx, by) = (f64::from(b.x) - f64::from(a.x), f64::from(b.y) - f64::from(a.y));
        let (cx, cy) = (f64::from(c.x) - f64::from(a.x), f64::from(c.y) - f64::from(a.y));
        let over = 1.0 / (bx * cy - cx * by);
        let plane = |fa: f32, fb: f32, fc: f32| {
            let (b, c) = (f64::from(fb) - f64::from(fa), f64::from(fc) - f64::from(fa));
            let (dx, dy) = ((b * cy - c * by) * over, (c * bx - b * cx) * over);
            let sane = |v: f64| if v.is_finite() { v as f32 } else { 0.0 };
            Plane { at_corner: fa, dx: sane(dx), dy: sane(dy) }
        };
        let near = plane(a.near, b.near, c.near);
        if a.colour == b.colour && a.colour == c.colour {
            return Self { near, colour: [Plane::default(); 4], flat: Some(a.colour) };
        }
        let channel = |i: usize| plane(a.colour[i].into(), b.colour[i].into(), c.colour[i].into());
        Self { near, colour: [0, 1, 2, 3].map(channel), flat: None }
    }
}
