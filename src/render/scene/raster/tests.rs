//! The rasteriser on scenes whose picture is known.

use super::super::camera::{Bounds, OrbitCamera, Preset};
use super::super::mesh::{Part, Rgba, Scene};
use super::*;
use std::sync::Arc;

const RED: Rgba = [255, 0, 0, 255];
const GREEN: Rgba = [0, 255, 0, 255];
const SIZE: [u32; 2] = [200, 160];
const PLAIN: Quality = Quality { samples: 1, line_scale: 1.0 };

fn scene(parts: Vec<Part>) -> Scene {
    let bounds: Bounds = [[-2.0, -2.0, 0.0], [2.0, 2.0, 1.0]];
    Scene { parts: parts.into_iter().map(Arc::new).collect(), bounds, background: [[0; 3]; 2] }
}

fn from_above(scene: &Scene) -> OrbitCamera {
    OrbitCamera::framing(&scene.bounds, Preset::Top, SIZE.map(|v| v as f32))
}

/// A level square, seen from above.
fn square(part: &mut Part, half: f32, z: f32, colour: Rgba, id: u32) {
    let side = 2.0 * half;
    let mesh = if colour[3] == 255 { &mut part.solid } else { &mut part.clear };
    mesh.patch([-half, -half, z], [side, 0.0, 0.0], [0.0, side, 0.0], colour, id);
}

fn middle(frame: &Frame) -> [u8; 3] {
    let at = (frame.height / 2 * frame.width + frame.width / 2) * 4;
    [frame.rgba[at], frame.rgba[at + 1], frame.rgba[at + 2]]
}

#[test]
fn the_nearer_face_wins_in_any_order() {
    for swapped in [false, true] {
        let mut part = Part::default();
        let (first, second) = if swapped { (1.0, 0.0) } else { (0.0, 1.0) };
        for z in [first, second] {
            square(&mut part, 1.0, z, if z > 0.5 { RED } else { GREEN }, 1 + u32::from(z > 0.5));
        }
        let scene = scene(vec![part]);
        let frame = draw(&scene, &from_above(&scene), SIZE, PLAIN);
        assert_eq!(middle(&frame), [255, 0, 0]);
        assert_eq!(frame.object_at(100, 80), Some(1));
        assert_eq!(frame.object_at(0, 0), None);
        assert_eq!(frame.object_at(9999, 0), None);
    }
}

#[test]
fn faces_that_look_away_are_not_seen() {
    let mut part = Part::default();
    part.solid.patch([-1.0, -1.0, 0.5], [0.0, 2.0, 0.0], [2.0, 0.0, 0.0], RED, 1);
    let scene = scene(vec![part]);
    assert_eq!(middle(&draw(&scene, &from_above(&scene), SIZE, PLAIN)), [0, 0, 0]);
}

#[test]
fn translucent_layers_blend_from_far_to_near_whatever_their_order() {
    for order in [[0.2, 0.8], [0.8, 0.2]] {
        let mut part = Part::default();
        square(&mut part, 1.5, 0.0, [255, 255, 255, 255], 0);
        for z in order {
            let half = if z > 0.5 { [255, 0, 0, 128] } else { [0, 0, 255, 128] };
            square(&mut part, 1.0, z, half, 0);
        }
        let scene = scene(vec![part]);
        let [r, _, b] = middle(&draw(&scene, &from_above(&scene), SIZE, PLAIN));
        assert!(r > 185 && b > 120 && b < 135, "{r} {b}");
    }
}

#[test]
fn crossing_sheets_are_each_in_front_on_their_side() {
    let mut part = Part::default();
    let across = |part: &mut Part, rise: f32, colour: Rgba| {
        let (lo, hi) = (0.5 - rise, 0.5 + rise);
        let corners = [[-1.0, -1.0, lo], [1.0, -1.0, hi], [1.0, 1.0, hi], [-1.0, 1.0, lo]];
        part.clear.quad(corners, [colour; 4], 0);
    };
    across(&mut part, 0.4, [255, 0, 0, 200]);
    across(&mut part, -0.4, [0, 0, 255, 200]);
    let scene = scene(vec![part]);
    let frame = draw(&scene, &from_above(&scene), SIZE, PLAIN);
    let at = |x: usize| {
        let i = (80 * frame.width + x) * 4;
        (frame.rgba[i], frame.rgba[i + 2])
    };
    let ((r1, b1), (r2, b2)) = (at(80), at(120));
    assert!(b1 > r1 && r2 > b2, "{:?} {:?}", at(80), at(120));
}

#[test]
fn a_fan_of_slivers_covers_every_sample_exactly_once() {
    let mut part = Part::default();
    let count = 37;
    let rim = |i: usize| {
        let angle = i as f32 / count as f32 * std::f32::consts::TAU;
        [1.3 * angle.cos(), 1.1 * angle.sin(), 0.5]
    };
    let centre = part.clear.vertex([0.123, -0.077, 0.5], [255, 255, 255, 100]);
    let ring: Vec<u32> =
        (0..count).map(|i| part.clear.vertex(rim(i), [255, 255, 255, 100])).collect();
    for i in 0..count {
        let corners = [centre, ring[i], ring[(i + 1) % count]];
        part.clear.triangles.push(super::super::mesh::Triangle { corners, id: 0 });
    }
    let scene = scene(vec![part]);
    let frame = draw(&scene, &from_above(&scene), SIZE, PLAIN);
    let values: std::collections::BTreeSet<u8> = frame.rgba.chunks_exact(4).map(|p| p[0]).collect();
    assert_eq!(values.into_iter().collect::<Vec<_>>(), [0, 100]);
}

/// Many things of every kind, some behind the camera.
fn busy() -> Scene {
    let mut part = Part::default();
    for i in 0..400_u32 {
        let f = |n: u32| (i.wrapping_mul(2_654_435_761).rotate_left(n) % 1000) as f32 / 250.0 - 2.0;
        let colour = [(i % 256) as u8, (i * 7 % 256) as u8, 90, if i % 3 == 0 { 255 } else { 90 }];
        square(&mut part, 0.2, f(3).abs(), colour, i);
        part.line([f(1), f(5), f(9)], [f(2), f(7), 30.0], colour, 2.0);
    }
    scene(vec![part])
}

#[test]
fn one_and_two_threads_give_the_same_bits() {
    let scene = busy();
    let camera = OrbitCamera::framing(&scene.bounds, Preset::Iso, SIZE.map(|v| v as f32));
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let fine = Quality { samples: 2, line_scale: 1.0 };
        pool.install(|| draw(&scene, &camera, SIZE, fine))
    };
    assert_eq!(with(1), with(2));
}

#[test]
fn absurd_input_gives_a_picture_all_the_same() {
    let mut broken = Part::default();
    square(&mut broken, f32::NAN, 0.0, RED, 1);
    square(&mut broken, 1e30, 0.5, RED, 1);
    broken.line([0.0; 3], [0.0; 3], RED, 1.0);
    broken.line([f32::INFINITY; 3], [0.0; 3], RED, f32::NAN);
    let broken = scene(vec![broken]);
    let camera = from_above(&broken);
    assert_eq!(draw(&broken, &camera, [0, 0], PLAIN).rgba.len(), 4);
    let inside = OrbitCamera { distance_m: 0.0, target_m: [0.0, 0.0, 0.2], ..camera };
    let lost = OrbitCamera { target_m: [f32::NAN; 3], ..camera };
    for camera in [camera, inside, lost] {
        assert_eq!(draw(&broken, &camera, SIZE, PLAIN).rgba.len(), 200 * 160 * 4);
    }
    assert_eq!(middle(&draw(&Scene::default(), &camera, SIZE, PLAIN)), [0, 0, 0]);
}
