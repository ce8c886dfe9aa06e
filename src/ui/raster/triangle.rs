//! One triangle, row by row. Two triangles that share an edge neither leave a gap nor paint a
//! pixel twice: the edge's crossing with a row is computed the same way from both sides, and a
//! pixel belongs to the span that its centre falls into.

use super::textures::Texture;
use eframe::egui::Color32;
use std::ops::Range;

/// A corner in pixels.
#[derive(Clone, Copy)]
pub struct Corner {
    pub x: f32,
    pub y: f32,
    pub u: f32,
    pub v: f32,
    pub colour: Color32,
}

/// A band of rows with a clip, to paint on.
pub struct Target<'a> {
    pub pixels: &'a mut [Color32],
    /// Pixels in a row.
    pub width: usize,
    /// The band's first row.
    pub top: usize,
    /// Rows to paint.
    pub rows: Range<usize>,
    /// Columns to paint.
    pub columns: Range<usize>,
}

/// Paints the rows of a triangle that lie in `rows`.
pub fn fill(mut t: [Corner; 3], texture: Option<&Texture>, target: &mut Target<'_>) {
    t.sort_by(|a, b| a.y.total_cmp(&b.y));
    let [a, b, c] = t;
    if !(a.y.is_finite() && c.y.is_finite() && c.y > a.y) {
        return;
    }
    let first = first_centre(a.y).max(target.rows.start as f32) as usize;
    let last = first_centre(c.y).min(target.rows.end as f32).max(0.0) as usize;
    if first >= last {
        return;
    }
    let Some(ink) = Ink::new(t, texture) else { return };
    for y in first..last {
        let at = y as f32 + 0.5;
        let long = crossing(a, c, at);
        let short = if at < b.y { crossing(a, b, at) } else { crossing(b, c, at) };
        let (from, to) = if long < short { (long, short) } else { (short, long) };
        let from = first_centre(from).max(target.columns.start as f32) as usize;
        let to = first_centre(to).min(target.columns.end as f32).max(0.0) as usize;
        if from < to {
            let row = (y - target.top) * target.width;
            ink.span(&mut target.pixels[row + from..row + to], from as f32 + 0.5, at);
        }
    }
}

/// Index of the first pixel whose centre is not before `v`.
fn first_centre(v: f32) -> f32 {
    (v - 0.5).ceil()
}

/// Where an edge crosses a row; the same from both triangles that share it.
fn crossing(a: Corner, b: Corner, y: f32) -> f32 {
    let (a, b) = if (a.y, a.x) <= (b.y, b.x) { (a, b) } else { (b, a) };
    let height = b.y - a.y;
    if height <= 0.0 { a.x } else { a.x + (b.x - a.x) * ((y - a.y) / height) }
}

/// How a triangle's colour varies over the picture.
struct Ink<'a> {
    flat: Option<Color32>,
    texture: Option<&'a Texture>,
    /// Red, green, blue, alpha, u, v: value at the origin, slope along x, slope along y.
    planes: [[f32; 3]; 6],
}

impl<'a> Ink<'a> {
    fn new(t: [Corner; 3], texture: Option<&'a Texture>) -> Option<Self> {
        let [a, b, c] = t;
        let area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
        if area.abs() < 1e-9 || !area.is_finite() {
            return None;
        }
        let one_colour = a.colour == b.colour && b.colour == c.colour;
        let one_texel = (a.u, a.v) == (b.u, b.v) && (b.u, b.v) == (c.u, c.v);
        let flat = (one_colour && one_texel).then(|| shade(a.colour, texture, a.u, a.v));
        if flat.is_some_and(|c| c == Color32::TRANSPARENT) {
            return None;
        }
        let plane = |of: fn(&Corner) -> f32| {
            let (p, q, r) = (of(&a), of(&b), of(&c));
            let dx = ((q - p) * (c.y - a.y) - (r - p) * (b.y - a.y)) / area;
            let dy = ((r - p) * (b.x - a.x) - (q - p) * (c.x - a.x)) / area;
            [p - dx * a.x - dy * a.y, dx, dy]
        };
        let planes = [
            plane(|c| f32::from(c.colour.r())),
            plane(|c| f32::from(c.colour.g())),
            plane(|c| f32::from(c.colour.b())),
            plane(|c| f32::from(c.colour.a())),
            plane(|c| c.u),
            plane(|c| c.v),
        ];
        Some(Self { flat, texture: texture.filter(|_| !one_texel), planes })
    }

    fn span(&self, pixels: &mut [Color32], x: f32, y: f32) {
        match self.flat {
            Some(colour) if colour.a() == 255 => pixels.fill(colour),
            Some(colour) => pixels.iter_mut().for_each(|p| *p = over(*p, colour)),
            None => self.varied(pixels, x, y),
        }
    }

    fn varied(&self, pixels: &mut [Color32], x: f32, y: f32) {
        let mut now = self.planes.map(|[start, dx, dy]| start + dx * x + dy * y);
        for pixel in pixels {
            let byte = |v: f32| (v + 0.5).clamp(0.0, 255.0) as u8;
            let colour = Color32::from_rgba_premultiplied(
                byte(now[0]),
                byte(now[1]),
                byte(now[2]),
                byte(now[3]),
            );
            *pixel = over(*pixel, shade(colour, self.texture, now[4], now[5]));
            for (value, plane) in now.iter_mut().zip(&self.planes) {
                *value += plane[1];
            }
        }
    }
}

/// Vertex colour times texture.
fn shade(colour: Color32, texture: Option<&Texture>, u: f32, v: f32) -> Color32 {
    let Some(texture) = texture else { return colour };
    let texel = texture.sample(u, v);
    if texel == Color32::WHITE {
        return colour;
    }
    let times = |a: u8, b: u8| ((u32::from(a) * u32::from(b) + 127) / 255) as u8;
    Color32::from_rgba_premultiplied(
        times(colour.r(), texel.r()),
        times(colour.g(), texel.g()),
        times(colour.b(), texel.b()),
        times(colour.a(), texel.a()),
    )
}

/// A premultiplied colour over an opaque one.
fn over(below: Color32, above: Color32) -> Color32 {
    let rest = 255 - u32::from(above.a());
    if rest == 255 && above == Color32::TRANSPARENT {
        return below;
    }
    let one = |b: u8, a: u8| (u32::from(a) + (u32::from(b) * rest + 127) / 255).min(255) as u8;
    Color32::from_rgba_premultiplied(
        one(below.r(), above.r()),
        one(below.g(), above.g()),
        one(below.b(), above.b()),
        255,
    )
}
