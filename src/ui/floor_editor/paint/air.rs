//! The air field under the racks: one texture, uploaded only when results, height or theme change.

use super::Scene;
use super::brush::Brush;
use crate::evaluate::air::{AirField, AirResult, Slice};
use crate::render::air_image::air_image;
use eframe::egui::{
    Color32, ColorImage, Painter, Rect, TextureHandle, TextureOptions, Vec2, pos2, vec2,
};
use std::sync::Arc;

/// Arrows are at least this far apart, points.
const ARROW_SPACING: f32 = 28.0;
/// Speed of the longest arrow, m/s: a fast underfloor-supplied cold aisle.
const ARROW_FULL_M_S: f32 = 2.0;

/// The uploaded slice.
#[derive(Default)]
pub struct AirTexture {
    source: Option<(Arc<AirResult>, Option<Arc<AirField>>, i64)>,
    slice: Option<Slice>,
    texture: Option<TextureHandle>,
}

impl AirTexture {
    /// Draws the slice over the hall.
    pub fn paint(&mut self, painter: &Painter, scene: &Scene<'_>) {
        let Some(results) = scene.input.shown_results() else { return };
        let Some(scale) = scene.overlay.scale(results) else { return };
        let height_m = scene.input.ui_state.slice_height_m;
        let key = (height_m * 100.0).round() as i64;
        let played = scene.input.ui_state.played.as_ref().map(|p| &p.field);
        let same = self.source.as_ref().is_some_and(|(air, field, at)| {
            let as_played = field.as_ref().map(Arc::as_ptr) == played.map(Arc::as_ptr);
            Arc::ptr_eq(air, &results.air) && as_played && *at == key
        });
        if !same {
            let field = played.map_or(&results.air.field, AsRef::as_ref);
            self.slice = field.slice(height_m);
            if let Some(slice) = &self.slice {
                let image = air_image(slice, &scale);
                let size = [image.width, image.height];
                let image = ColorImage::from_rgba_unmultiplied(size, &image.rgba);
                match &mut self.texture {
                    Some(texture) => texture.set(image, TextureOptions::LINEAR),
                    None => {
                        let texture =
                            painter.ctx().load_texture("air", image, TextureOptions::LINEAR);
                        self.texture = Some(texture);
                    }
                }
            }
            self.source = Some((Arc::clone(&results.air), played.cloned(), key));
        }
        let (Some(texture), Some(slice)) = (&self.texture, &self.slice) else { return };
        let hall = scene.camera.screen_rect(&scene.input.plan.hall_area());
        let opacity = if scene.input.theme.dark { 0.82 } else { 0.72 } * scene.input.strength();
        let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        painter.image(texture.id(), hall, uv, Color32::WHITE.gamma_multiply(opacity));
        if scene.input.ui_state.show_arrows {
            arrows(painter, scene, slice, hall);
        }
    }

    /// Height of the drawn layer's centre, m.
    pub fn layer_m(&self) -> Option<f64> {
        self.slice.as_ref().map(|s| s.z_m)
    }
}

/// Arrows of the horizontal flow, thinned to the zoom.
fn arrows(painter: &Painter, scene: &Scene<'_>, slice: &Slice, hall: Rect) {
    let [nx, ny] = slice.n;
    let cell = vec2(hall.width() / nx as f32, hall.height() / ny as f32);
    let skip = ((ARROW_SPACING / cell.x).ceil() as usize).max(1);
    let mut brush = Brush::new(painter);
    let ink = Color32::WHITE.gamma_multiply(0.6);
    for j in (skip / 2..ny).step_by(skip) {
        for i in (skip / 2..nx).step_by(skip) {
            let at = i + nx * j;
            let v = Vec2::new(slice.velocity_m_s[0][at], -slice.velocity_m_s[1][at]);
            let centre = pos2(
                hall.left() + (i as f32 + 0.5) * cell.x,
                hall.bottom() - (j as f32 + 0.5) * cell.y,
            );
            if slice.solid[at] || v.length() < 0.02 || !scene.camera.view.contains(centre) {
                continue;
            }
            let length = (v.length() / ARROW_FULL_M_S).sqrt().min(1.0) * ARROW_SPACING * 0.8;
            let along = v.normalized() * length;
            brush.arrow(centre, along, ink);
        }
    }
    brush.finish(painter);
}
