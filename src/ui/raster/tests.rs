//! The painter against what is known of simple frames.

use super::*;
use eframe::egui::{Mesh, RawInput, Sense, Shape, TextureId, pos2, vec2};

fn frame(size: [u32; 2], mut ui: impl FnMut(&mut eframe::egui::Ui)) -> image::RgbaImage {
    let ctx = Context::default();
    crate::ui::theme::install_fonts(&ctx);
    let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(size[0] as f32, size[1] as f32));
    let input = || RawInput { screen_rect: Some(screen), ..RawInput::default() };
    let mut textures = TextureStore::default();
    let mut first = ctx.run_ui(input(), |u| ui(u));
    textures.apply(&mut first.textures_delta);
    let mut output = ctx.run_ui(input(), |u| ui(u));
    render(&ctx, &mut output, size, Color32::BLACK, &mut textures)
}

#[test]
fn a_rectangle_fills_exactly_its_pixels() {
    let image = frame([40, 30], |ui| {
        let r = Rect::from_min_max(pos2(10.0, 5.0), pos2(20.0, 15.0));
        ui.painter().add(Shape::mesh({
            let mut mesh = Mesh::default();
            mesh.add_colored_rect(r, Color32::from_rgba_premultiplied(100, 50, 0, 128));
            mesh
        }));
    });
    let lit = image.enumerate_pixels().filter(|(_, _, p)| p.0 != [0, 0, 0, 255]);
    assert!(lit.clone().all(|(x, y, p)| {
        (10..20).contains(&x) && (5..15).contains(&y) && p.0 == [100, 50, 0, 255]
    }));
    assert_eq!(lit.count(), 100);
}

#[test]
fn a_fan_of_triangles_paints_every_pixel_once() {
    // Additive-like check: half-transparent triangles that share edges must not overlap.
    let centre = pos2(51.3, 48.7);
    let mut mesh = Mesh::with_texture(TextureId::default());
    let tint = Color32::from_rgba_premultiplied(64, 64, 64, 64);
    mesh.colored_vertex(centre, tint);
    let n = 17;
    for i in 0..n {
        let angle = i as f32 / n as f32 * std::f32::consts::TAU;
        mesh.colored_vertex(centre + vec2(angle.cos(), angle.sin()) * 40.0, tint);
    }
    for i in 0..n {
        mesh.add_triangle(0, 1 + i, 1 + (i + 1) % n);
    }
    let image = frame([100, 100], |ui| {
        ui.painter().add(Shape::mesh(mesh.clone()));
    });
    assert!(image.pixels().all(|p| p.0[0] == 0 || p.0[0] == 64));
    assert!((40..60).all(|x| image.get_pixel(x, 50).0[0] == 64));
}

#[test]
fn text_and_widgets_leave_ink() {
    let image = frame([200, 60], |ui| {
        ui.label("Tokenmill");
        ui.allocate_response(vec2(10.0, 10.0), Sense::click());
    });
    assert!(image.pixels().filter(|p| p.0[0] > 100).count() > 50);
}
