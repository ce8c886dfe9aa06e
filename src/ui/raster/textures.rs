//! The textures that egui uploaded: font atlas and images.

use eframe::egui::epaint::textures::{TextureFilter, TexturesDelta};
use eframe::egui::epaint::{ImageData, ImageDelta};
use eframe::egui::{Color32, TextureId};
use std::collections::HashMap;

/// An image to sample.
pub struct Texture {
    size: [usize; 2],
    pixels: Vec<Color32>,
    smooth: bool,
}

impl Texture {
    /// Colour at texture coordinates from 0 to 1, clamped at the edges.
    pub fn sample(&self, u: f32, v: f32) -> Color32 {
        let (x, y) = (u * self.size[0] as f32, v * self.size[1] as f32);
        if !self.smooth {
            return self.texel(x.floor() as isize, y.floor() as isize);
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (x0, y0) = (x.floor(), y.floor());
        let (fx, fy) = (x - x0, y - y0);
        let (x0, y0) = (x0 as isize, y0 as isize);
        // Glyphs lie on pixel centres: most samples need one texel only.
        if fx < 1e-3 && fy < 1e-3 {
            return self.texel(x0, y0);
        }
        let [a, b] = [self.texel(x0, y0), self.texel(x0 + 1, y0)];
        let [c, d] = [self.texel(x0, y0 + 1), self.texel(x0 + 1, y0 + 1)];
        lerp(lerp(a, b, fx), lerp(c, d, fx), fy)
    }

    fn texel(&self, x: isize, y: isize) -> Color32 {
        let x = x.clamp(0, self.size[0] as isize - 1) as usize;
        let y = y.clamp(0, self.size[1] as isize - 1) as usize;
        self.pixels[x + y * self.size[0]]
    }
}

fn lerp(a: Color32, b: Color32, share: f32) -> Color32 {
    let one = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share + 0.5) as u8;
    Color32::from_rgba_premultiplied(
        one(a.r(), b.r()),
        one(a.g(), b.g()),
        one(a.b(), b.b()),
        one(a.a(), b.a()),
    )
}

/// All textures alive.
#[derive(Default)]
pub struct TextureStore {
    textures: HashMap<TextureId, Texture>,
    doomed: Vec<TextureId>,
}

impl TextureStore {
    /// Takes in what a frame uploads; what it frees goes after painting.
    pub fn apply(&mut self, delta: &mut TexturesDelta) {
        for (id, changes) in delta.set.drain() {
            for change in changes {
                self.upload(id, &change);
            }
        }
        self.doomed.extend(delta.free.drain());
    }

    /// Frees what the painted frame no longer needs.
    pub fn free(&mut self) {
        for id in self.doomed.drain(..) {
            self.textures.remove(&id);
        }
    }

    /// The texture, if it was uploaded.
    pub(super) fn get(&self, id: TextureId) -> Option<&Texture> {
        self.textures.get(&id)
    }

    fn upload(&mut self, id: TextureId, change: &ImageDelta) {
        let ImageData::Color(image) = &change.image;
        let smooth = change.options.magnification == TextureFilter::Linear;
        let Some([left, top]) = change.pos else {
            let texture = Texture { size: image.size, pixels: image.pixels.clone(), smooth };
            if !texture.pixels.is_empty() {
                self.textures.insert(id, texture);
            }
            return;
        };
        let Some(texture) = self.textures.get_mut(&id) else { return };
        let [w, h] = image.size;
        if left + w > texture.size[0] || top + h > texture.size[1] {
            return;
        }
        for y in 0..h {
            let start = left + (top + y) * texture.size[0];
            texture.pixels[start..start + w].copy_from_slice(&image.pixels[y * w..(y + 1) * w]);
        }
    }
}
