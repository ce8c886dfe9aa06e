//! From the room to the screen: projection, clipping at the near plane, sorting into bands.

use crate::render::scene::camera::{Lens, NEAR_M};
use crate::render::scene::mesh::{Line, Mesh, Rgba, Scene, Triangle, UNCHANGED, Vertex};
use crate::render::scene::vector::{Vec3, lerp};
use rayon::prelude::*;

/// Lines are this much nearer than they are, as a share of their distance, so that they are not
/// half buried in the faces whose edges they mark.
const LINE_LIFT: f32 = 7e-4;
/// Faces or lines that one task projects.
const CHUNK: usize = 4096;

/// A corner on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corner {
    /// Samples from the left.
    pub x: f32,
    /// Samples from the top.
    pub y: f32,
    /// 1 over the distance along the view, 1/m.
    pub near: f32,
    /// Colour.
    pub colour: Rgba,
}

/// A triangle on the screen, corners from top to bottom, then from left to right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// Corners.
    pub corners: [Corner; 3],
    /// What it belongs to.
    pub id: u32,
    /// Whether it hides what is behind it.
    pub solid: bool,
}

/// Everything on the screen.
pub struct Screen {
    /// Triangles.
    pub faces: Vec<Face>,
    /// Places of the faces that touch each band, in drawing order.
    pub bands: Vec<Vec<u32>>,
}

impl Screen {
    /// Projects a scene; bands have `band_rows` rows of samples.
    pub fn new(
        scene: &Scene,
        lens: &Lens,
        size: [f32; 2],
        band_rows: usize,
        line_scale: f32,
    ) -> Self {
        let mut faces = Vec::new();
        for part in &scene.parts {
            faces.extend(mesh(&part.solid, lens, size, true));
            faces.extend(mesh(&part.clear, lens, size, false));
            faces.extend(lines(&part.lines, lens, size, line_scale));
        }
        let count = (size[1] as usize).div_ceil(band_rows);
        let mut bands = vec![Vec::new(); count];
        for (at, face) in faces.iter().enumerate() {
            let row = |y: f32| (y.clamp(0.0, size[1]) as usize) / band_rows;
            let [top, _, bottom] = &face.corners;
            for band in &mut bands[row(top.y).min(count - 1)..=row(bottom.y).min(count - 1)] {
                band.push(at as u32);
            }
        }
        Self { faces, bands }
    }
}

fn mesh(mesh: &Mesh, lens: &Lens, size: [f32; 2], solid: bool) -> Vec<Face> {
    let seen: Vec<Vec3> = mesh.vertices.par_iter().map(|v| lens.view(v.at)).collect();
    let chunks = mesh.triangles.par_chunks(CHUNK).map(|chunk| {
        let mut out = Vec::with_capacity(chunk.len() / 2);
        for triangle in chunk {
            project(triangle, &mesh.vertices, &seen, lens, |corners| {
                keep(&mut out, corners, triangle.id, solid, solid, size);
            });
        }
        out
    });
    chunks.flatten_iter().collect()
}

/// Clips at the near plane and hands on one or two triangles.
fn project(
    triangle: &Triangle,
    vertices: &[Vertex],
    seen: &[Vec3],
    lens: &Lens,
    mut emit: impl FnMut([Corner; 3]),
) {
    let at = triangle.corners.map(|i| i as usize);
    let corner = |v: Vec3, colour: Rgba| {
        let [x, y, near] = lens.pixel(v);
        Corner { x, y, near, colour }
    };
    if at.iter().all(|i| seen[*i][2] >= NEAR_M) {
        emit(at.map(|i| corner(seen[i], vertices[i].colour)));
        return;
    }
    let mut inside = Vec::with_capacity(4);
    for side in 0..3 {
        let (i, j) = (at[side], at[(side + 1) % 3]);
        let (a, b) = (seen[i][2], seen[j][2]);
        if a >= NEAR_M {
            inside.push(corner(seen[i], vertices[i].colour));
        }
        if (a >= NEAR_M) != (b >= NEAR_M) {
            let share = (NEAR_M - a) / (b - a);
            let colour = blend(vertices[i].colour, vertices[j].colour, share);
            inside.push(corner(lerp(seen[i], seen[j], share), colour));
        }
    }
    for n in 2..inside.len() {
        emit([inside[0], inside[n - 1], inside[n]]);
    }
}

fn blend(a: Rgba, b: Rgba, share: f32) -> Rgba {
    [0, 1, 2, 3].map(|c| (f32::from(a[c]) + (f32::from(b[c]) - f32::from(a[c])) * share) as u8)
}

/// Keeps a triangle that covers a sample and, for closed bodies, that looks at the camera.
fn keep(
    out: &mut Vec<Face>,
    mut corners: [Corner; 3],
    id: u32,
    solid: bool,
    one_sided: bool,
    size: [f32; 2],
) {
    let [a, b, c] = &corners;
    if !corners.iter().all(|p| p.x.is_finite() && p.y.is_finite() && p.near.is_finite()) {
        return;
    }
    let area =
        f64::from(b.x - a.x) * f64::from(c.y - a.y) - f64::from(c.x - a.x) * f64::from(b.y - a.y);
    // Anticlockwise in the room is clockwise on a screen whose y grows downwards.
    if area == 0.0 || one_sided && area > 0.0 {
        return;
    }
    let range = |v: [f32; 3]| {
        (v.iter().copied().fold(f32::MAX, f32::min), v.iter().copied().fold(f32::MIN, f32::max))
    };
    let (left, right) = range([a.x, b.x, c.x]);
    let (top, bottom) = range([a.y, b.y, c.y]);
    let off = right < 0.5 || left > size[0] - 0.5 || bottom < 0.5 || top > size[1] - 0.5;
    let between = |lo: f32, hi: f32| (lo - 0.5).ceil() >= (hi - 0.5).ceil();
    if off || between(left, right) || between(top, bottom) {
        return;
    }
    corners.sort_by(|p, q| p.y.total_cmp(&q.y).then(p.x.total_cmp(&q.x)));
    out.push(Face { corners, id, solid });
}

fn lines(lines: &[Line], lens: &Lens, size: [f32; 2], line_scale: f32) -> Vec<Face> {
    let chunks = lines.par_chunks(CHUNK).map(|chunk| {
        let mut out = Vec::with_capacity(chunk.len() * 2);
        for line in chunk {
            ribbon(line, lens, size, line_scale, &mut out);
        }
        out
    });
    chunks.flatten_iter().collect()
}

/// A line as two triangles of constant width on the screen.
fn ribbon(line: &Line, lens: &Lens, size: [f32; 2], line_scale: f32, out: &mut Vec<Face>) {
    let [mut a, mut b] = line.ends.map(|p| lens.view(p));
    let [mut ca, mut cb] = line.colours;
    if a[2] < NEAR_M && b[2] < NEAR_M {
        return;
    }
    let cut = |a: Vec3, b: Vec3| (NEAR_M - a[2]) / (b[2] - a[2]);
    if a[2] < NEAR_M {
        let share = cut(a, b);
        (a, ca) = (lerp(a, b, share), blend(ca, cb, share));
    } else if b[2] < NEAR_M {
        let share = cut(b, a);
        (b, cb) = (lerp(b, a, share), blend(cb, ca, share));
    }
    let (p, q) = (lens.pixel(a), lens.pixel(b));
    let (dx, dy) = (q[0] - p[0], q[1] - p[1]);
    let length = (dx * dx + dy * dy).sqrt();
    if length.is_nan() || length <= 1e-3 {
        return;
    }
    let half = 0.5 * line.width_px * line_scale / length;
    let (nx, ny) = (-dy * half, dx * half);
    let corner = |p: Vec3, sign: f32, colour: Rgba| Corner {
        x: p[0] + sign * nx,
        y: p[1] + sign * ny,
        near: p[2] * (1.0 + LINE_LIFT),
        colour,
    };
    let four = [corner(p, 1.0, ca), corner(p, -1.0, ca), corner(q, -1.0, cb), corner(q, 1.0, cb)];
    let solid = ca[3] == 255 && cb[3] == 255;
    for [i, j, k] in [[0, 1, 2], [0, 2, 3]] {
        keep(out, [four[i], four[j], four[k]], UNCHANGED, solid, false, size);
    }
}
