//! The air: horizontal and vertical slices, the surface of the limit temperature, streamlines.

use crate::evaluate::air::{AirField, Baffle};
use crate::plan::Floor;
use crate::render::field::is_whole;
use crate::render::isosurface::{carried_into_solids, isotherm};
use crate::render::overlay::Scale;
use crate::render::scene::look::{Palette, Section};
use crate::render::scene::mesh::{Line, Mesh, NOTHING, Part, Triangle, lit, mix, with_alpha};
use crate::render::scene::vector::{Vec3, dot, unit};
use crate::render::seeds::{exhaust_seeds, supply_seeds};
use crate::render::streamlines::{Streamline, TraceLimits, trace};
use crate::units::ZERO_CELSIUS_K;

/// Opacity of slices.
const SLICE: u8 = 176;
/// Opacity of the line around a slice.
const RIM: u8 = 170;
/// Opacity of the isosurface.
const SURFACE: u8 = 96;
/// Paths from supplies and from exhausts.
const PATHS: [usize; 2] = [170, 150];
/// Length over which a path fades in, and at its end out, points.
const FADE: [usize; 2] = [3, 14];
/// Width of a path, px.
const PATH_PX: f32 = 1.5;
/// How far colours of paths are drawn towards the glow, so that thin lines stand out.
const GLOW: f32 = 0.22;

fn celsius(t_k: f32) -> f64 {
    f64::from(t_k) - ZERO_CELSIUS_K
}

/// The layer of cells that holds a height.
#[must_use]
pub fn horizontal(field: &AirField, height_m: f64, scale: &Scale, palette: &Palette) -> Part {
    plane(field, 2, height_m, scale, palette)
}

/// The sheet of cells at a section's place.
#[must_use]
pub fn vertical(field: &AirField, section: Section, scale: &Scale, palette: &Palette) -> Part {
    let a = section.axis.index();
    let length_m = field.grid.h_m[a] * field.grid.n[a] as f64;
    plane(field, a, section.share.clamp(0.0, 1.0) * length_m, scale, palette)
}

/// One sheet of cells across an axis as coloured quadrilaterals between values at cell corners,
/// each the mean of the air around it. Cells in solids are left out.
fn plane(field: &AirField, axis: usize, at_m: f64, scale: &Scale, palette: &Palette) -> Part {
    let mut part = Part::default();
    if !is_whole(field) || !at_m.is_finite() {
        return part;
    }
    let grid = &field.grid;
    let layer = ((at_m / grid.h_m[axis]).floor().max(0.0) as usize).min(grid.n[axis] - 1);
    let (a, b) = if axis == 2 { (0, 1) } else { (1 - axis, 2) };
    let height = grid.n[axis] as f64 * grid.h_m[axis];
    let place = at_m.clamp(0.01, (height - 0.01).max(0.01)) as f32;
    let cell = |i: usize, j: usize| {
        let mut c = [0; 3];
        (c[axis], c[a], c[b]) = (layer, i, j);
        grid.index(c)
    };
    let values = carried_into_solids(field);
    let open = |i: usize, j: usize| !field.solid[cell(i, j)];
    let (na, nb) = (grid.n[a], grid.n[b]);
    for j in 0..=nb {
        for i in 0..=na {
            let around = [
                (i.wrapping_sub(1), j.wrapping_sub(1)),
                (i, j.wrapping_sub(1)),
                (i.wrapping_sub(1), j),
                (i, j),
            ];
            let near = around.into_iter().filter(|(i, j)| *i < na && *j < nb);
            let free: Vec<f32> = near
                .clone()
                .filter(|(i, j)| open(*i, *j))
                .map(|(i, j)| values[cell(i, j)])
                .collect();
            let t: Vec<f32> = if free.is_empty() {
                near.map(|(i, j)| values[cell(i, j)]).collect()
            } else {
                free
            };
            let mean = t.iter().sum::<f32>() / t.len().max(1) as f32;
            let mut p = [0.0; 3];
            p[axis] = place;
            (p[a], p[b]) = ((i as f64 * grid.h_m[a]) as f32, (j as f64 * grid.h_m[b]) as f32);
            part.clear.vertex(p, with_alpha(scale.colour(celsius(mean)), SLICE));
        }
    }
    for j in 0..nb {
        for i in 0..na {
            if open(i, j) {
                let at = |i: usize, j: usize| (i + (na + 1) * j) as u32;
                two(&mut part.clear, [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)]);
            }
        }
    }
    let corners = [0, na, na + (na + 1) * nb, (na + 1) * nb];
    let rim = corners.map(|i| part.clear.vertices[i].at);
    for i in 0..4 {
        part.line(rim[i], rim[(i + 1) % 4], with_alpha(palette.edge, RIM), 1.2);
    }
    part
}

fn two(mesh: &mut Mesh, [a, b, c, d]: [u32; 4]) {
    for corners in [[a, b, c], [a, c, d]] {
        mesh.triangles.push(Triangle { corners, id: NOTHING });
    }
}

/// The surface of a temperature, smoothly lit.
#[must_use]
pub fn surface(field: &AirField, t_c: f64, palette: &Palette) -> Part {
    let surface = isotherm(field, (t_c + ZERO_CELSIUS_K) as f32);
    let lamp: Vec3 = unit([-0.45, -0.6, 0.66]);
    let mut part = Part::default();
    for (p, n) in surface.points_m.iter().zip(&surface.normals) {
        let light = 0.72 + 0.42 * dot(*n, lamp).max(-0.5);
        let shine = (dot(*n, lamp).max(0.0)).powi(12) * 0.35;
        let colour = mix(lit(palette.bad, light), palette.glow, shine);
        part.clear.vertex(*p, with_alpha(colour, SURFACE));
    }
    let face = |corners: [u32; 3]| Triangle { corners, id: NOTHING };
    part.clear.triangles = surface.triangles.into_iter().map(face).collect();
    part
}

/// Paths from supplies and from behind racks, coloured by temperature.
#[must_use]
pub fn paths(
    floor: &Floor,
    field: &AirField,
    walls: &[Baffle],
    scale: &Scale,
    palette: &Palette,
) -> Part {
    let mut part = Part::default();
    if !is_whole(field) {
        return part;
    }
    let mut seeds = supply_seeds(floor, field, PATHS[0]);
    seeds.extend(exhaust_seeds(floor, field, PATHS[1]));
    for line in trace(field, walls, &seeds, &TraceLimits::default()) {
        path(&mut part, &line, scale, palette);
    }
    part
}

fn path(part: &mut Part, line: &Streamline, scale: &Scale, palette: &Palette) {
    let count = line.points_m.len();
    let colour = |i: usize| {
        let ink = mix(scale.colour(celsius(line.t_k[i])), palette.glow, GLOW);
        let ramp = |n: usize, over: usize| (n as f32 / over as f32).min(1.0);
        let alpha = ramp(i, FADE[0]).min(ramp(count - 1 - i, FADE[1]));
        with_alpha(ink, (225.0 * alpha) as u8)
    };
    for i in 1..count {
        let ends = [line.points_m[i - 1], line.points_m[i]];
        let colours = [colour(i - 1), colour(i)];
        part.lines.push(Line { ends, colours, width_px: PATH_PX });
    }
}
