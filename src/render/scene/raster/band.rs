//! One horizontal band of the picture: depth test, lists of translucent layers, averaging samples.

use super::BAND_ROWS;
use super::fill::{Rows, fill};
use super::setup::{Face, Screen};
use crate::render::colormap::Rgb;
use crate::render::scene::mesh::{NOTHING, Rgba, UNCHANGED, mix};

/// A layer over a sample.
#[derive(Clone, Copy)]
struct Layer {
    /// The layer added before it, plus one; 0 is none.
    next: u32,
    near: f32,
    colour: Rgba,
}

/// Buffers that are kept from band to band.
#[derive(Default)]
pub struct Scratch {
    near: Vec<f32>,
    colour: Vec<Rgba>,
    ids: Vec<u32>,
    /// Newest layer of each sample plus one.
    heads: Vec<u32>,
    layers: Vec<Layer>,
    sorted: Vec<(f32, u32)>,
}

/// What a band needs to know.
pub struct Band<'a> {
    /// All faces.
    pub screen: &'a Screen,
    /// Which band, from the top.
    pub at: usize,
    /// Width of the picture, px.
    pub width: usize,
    /// Height of the picture, px.
    pub height: usize,
    /// Samples per pixel in each direction.
    pub samples: usize,
}

impl Band<'_> {
    /// Draws the band into its part of the picture.
    pub fn draw(&self, s: &mut Scratch, background: [Rgb; 2], rgba: &mut [u8], ids: &mut [u32]) {
        let Some(list) = self.screen.bands.get(self.at) else { return };
        let rows = Rows {
            from: self.at * BAND_ROWS * self.samples,
            to: ((self.at + 1) * BAND_ROWS).min(self.height) * self.samples,
            width: self.width * self.samples,
        };
        self.clear(s, rows, background);
        let faces = || list.iter().filter_map(|i| self.screen.faces.get(*i as usize));
        for face in faces().filter(|f| f.solid) {
            hide(s, face, rows);
        }
        for face in faces().filter(|f| !f.solid) {
            lay(s, face, rows);
        }
        blend_all(s);
        self.average(s, rows, rgba, ids);
    }

    fn clear(&self, s: &mut Scratch, rows: Rows, background: [Rgb; 2]) {
        let count = (rows.to - rows.from) * rows.width;
        s.near.clear();
        s.near.resize(count, 0.0);
        s.ids.clear();
        s.ids.resize(count, NOTHING);
        s.heads.clear();
        s.heads.resize(count, 0);
        s.layers.clear();
        s.colour.clear();
        for row in rows.from..rows.to {
            let share = (row as f32 + 0.5) / (self.height * self.samples) as f32;
            let [r, g, b] = mix(background[0], background[1], share);
            s.colour.resize(s.colour.len() + rows.width, [r, g, b, 255]);
        }
    }

    /// Pixels as the mean of their samples.
    fn average(&self, s: &Scratch, rows: Rows, rgba: &mut [u8], ids: &mut [u32]) {
        let n = self.samples;
        let lines = rgba.chunks_exact_mut(self.width * 4).zip(ids.chunks_exact_mut(self.width));
        for (y, (pixels, ids)) in lines.enumerate() {
            let start = y * n * rows.width;
            let first = &s.ids[start..start + rows.width];
            for (id, sampled) in ids.iter_mut().zip(first.iter().step_by(n)) {
                *id = *sampled;
            }
            let block = &s.colour[start..start + n * rows.width];
            match n {
                1 => pixels.copy_from_slice(block.as_flattened()),
                2 => mean_of_four(pixels, block.split_at(rows.width)),
                _ => mean(pixels, block, rows.width, n),
            }
        }
    }
}

/// Pixels from two rows of samples, two by two.
fn mean_of_four(pixels: &mut [u8], (upper, lower): (&[Rgba], &[Rgba])) {
    let pairs = upper.chunks_exact(2).zip(lower.chunks_exact(2));
    for (pixel, (a, b)) in pixels.chunks_exact_mut(4).zip(pairs) {
        for c in 0..4 {
            let sum = [a[0][c], a[1][c], b[0][c], b[1][c]].map(u16::from).iter().sum::<u16>();
            pixel[c] = ((sum + 2) / 4) as u8;
        }
    }
}

/// Pixels from `n` rows of samples, `n` by `n`.
fn mean(pixels: &mut [u8], block: &[Rgba], width: usize, n: usize) {
    let count = (n * n) as u32;
    for (x, pixel) in pixels.chunks_exact_mut(4).enumerate() {
        let mut sum = [count / 2; 4];
        for row in block.chunks_exact(width) {
            for colour in &row[x * n..(x + 1) * n] {
                for c in 0..4 {
                    sum[c] += u32::from(colour[c]);
                }
            }
        }
        pixel.copy_from_slice(&sum.map(|v| (v / count) as u8));
    }
}

/// A face that hides what is behind it.
fn hide(s: &mut Scratch, face: &Face, rows: Rows) {
    let Scratch { near, colour, ids, .. } = s;
    fill(face, rows, |span| {
        let range = span.from..span.to;
        let below = near[range.clone()].iter_mut().zip(&mut colour[range.clone()]);
        let below = below.zip(&mut ids[range]);
        if let Some(flat) = span.flat {
            let mut nearness = span.near;
            for ((near, colour), id) in below {
                if nearness > *near {
                    (*near, *colour) = (nearness, flat);
                    *id = if face.id == UNCHANGED { *id } else { face.id };
                }
                nearness += span.near_step;
            }
            return;
        }
        for (((near, colour), id), (nearness, ink)) in below.zip(span.samples()) {
            if nearness > *near {
                (*near, *colour) = (nearness, ink);
                *id = if face.id == UNCHANGED { *id } else { face.id };
            }
        }
    });
}

/// A face that lets through what is behind it: one layer over each sample that it covers.
fn lay(s: &mut Scratch, face: &Face, rows: Rows) {
    let Scratch { near, heads, layers, .. } = s;
    fill(face, rows, |span| {
        let range = span.from..span.to;
        let below = near[range.clone()].iter().zip(&mut heads[range]);
        for ((near, head), (nearness, colour)) in below.zip(span.samples()) {
            if nearness > *near && colour[3] > 0 {
                layers.push(Layer { next: *head, near: nearness, colour });
                *head = layers.len() as u32;
            }
        }
    });
}

/// Blends the layers of every sample, far to near; equal ones in the order of drawing.
fn blend_all(s: &mut Scratch) {
    let Scratch { colour, heads, layers, sorted, .. } = s;
    if layers.is_empty() {
        return;
    }
    for (head, ground) in heads.iter().zip(colour.iter_mut()) {
        let mut at = *head;
        if at == 0 {
            continue;
        }
        sorted.clear();
        while at > 0 {
            let layer = layers[at as usize - 1];
            sorted.push((layer.near, at));
            at = layer.next;
        }
        sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (_, at) in sorted.iter() {
            *ground = over(layers[*at as usize - 1].colour, *ground);
        }
    }
}

/// One colour over an opaque one.
fn over(top: Rgba, ground: Rgba) -> Rgba {
    let alpha = u32::from(top[3]);
    let one = |c: usize| {
        ((u32::from(top[c]) * alpha + u32::from(ground[c]) * (255 - alpha) + 127) / 255) as u8
    };
    [one(0), one(1), one(2), 255]
}
