//! The building: floor with soft shadows and a grid, walls behind, columns, tiles, ramps.

use super::boxes::{body, edges, foot, upright, wall};
use crate::plan::{Facing, Obstacle, ObstacleKind, Plan, RectMm};
use crate::render::scene::camera::Bounds;
use crate::render::scene::look::Palette;
use crate::render::scene::mesh::{NOTHING, Part, Triangle, lit, mix, with_alpha};

/// Distance of the points at which shadows are worked out, m.
const SHADOW_STEP_M: f32 = 0.2;
/// Most such points along a side.
const SHADOW_POINTS: usize = 220;
/// How far shadows reach from what casts them, m.
const SHADOW_REACH_M: f32 = 0.6;
/// Share of shadow under the edge of something wide.
const SHADOW_DEPTH: f32 = 0.85;
/// Thickness of the slab's rim, m.
const SLAB_M: f32 = 0.25;
/// Thin and strong lines of the grid, m.
const GRID_M: [f32; 2] = [1.0, 5.0];
/// Most thin lines of the grid along a side.
const GRID_LINES: f32 = 120.0;

/// The room that is drawn, m, with the plenum above its ceiling.
#[must_use]
pub fn room(plan: &Plan) -> Bounds {
    let hall = &plan.hall;
    let height_mm = hall.height_mm.saturating_add(hall.ceiling_plenum_mm);
    let size = [hall.size_x_mm, hall.size_y_mm, height_mm];
    [[0.0; 3], size.map(|mm| (mm as f32 * 1e-3).max(0.1))]
}

/// Everything that does not depend on results.
#[must_use]
pub fn shell(plan: &Plan, palette: &Palette) -> Part {
    let room = room(plan);
    let mut part = Part::default();
    floor(&mut part, plan, &room, palette);
    grid(&mut part, &room, palette);
    walls(&mut part, &room, palette);
    if plan.hall.ceiling_plenum_mm > 0 {
        let ceiling_m = plan.hall.height_mm as f32 * 1e-3;
        let ceiling = [[0.0, 0.0, ceiling_m], [room[1][0], room[1][1], ceiling_m]];
        foot(&mut part, &ceiling, with_alpha(palette.edge, 90), 1.0);
    }
    for tile in &plan.floor.tiles {
        perforated(&mut part, &tile.footprint(), tile.id.0 + 1, palette);
    }
    for obstacle in &plan.floor.obstacles {
        built(&mut part, obstacle, room[1][2], palette);
    }
    part
}

/// The floor as a mesh, darker beside what stands on it; below it the slab's rim.
fn floor(part: &mut Part, plan: &Plan, [_, hi]: &Bounds, palette: &Palette) {
    let n = [0, 1].map(|a| ((hi[a] / SHADOW_STEP_M) as usize).clamp(2, SHADOW_POINTS) + 1);
    let step = [0, 1].map(|a| hi[a] / (n[a] - 1) as f32);
    let shadow = shadows(plan, n, step);
    for j in 0..n[1] {
        for i in 0..n[0] {
            let dark = SHADOW_DEPTH * shadow[i + n[0] * j];
            let colour = with_alpha(mix(palette.floor, palette.shadow, dark), 255);
            part.solid.vertex([i as f32 * step[0], j as f32 * step[1], 0.0], colour);
        }
    }
    for j in 0..n[1] - 1 {
        for i in 0..n[0] - 1 {
            let at = |i: usize, j: usize| (i + n[0] * j) as u32;
            let (a, b, c, d) = (at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1));
            for corners in [[a, b, c], [a, c, d]] {
                part.solid.triangles.push(Triangle { corners, id: NOTHING });
            }
        }
    }
    let slab = [[0.0, 0.0, -SLAB_M], [hi[0], hi[1], 0.0]];
    for facing in Facing::ALL {
        wall(&slab, facing).plain(&mut part.solid, mix(palette.floor, palette.wall, 0.5), 255, 0);
    }
}

/// Share of shadow at the floor's points: the covered area around each, box-filtered thrice.
fn shadows(plan: &Plan, n: [usize; 2], step: [f32; 2]) -> Vec<f32> {
    let mut cover = vec![0.0_f32; n[0] * n[1]];
    let standing = plan.floor.racks.iter().map(|r| r.footprint());
    let standing = standing.chain(plan.floor.units.iter().map(|u| u.footprint()));
    let solid = plan.floor.obstacles.iter().filter(|o| o.kind.blocks_air()).map(|o| o.area);
    for area in standing.chain(solid) {
        let place = |mm: i32, a: usize| (mm as f32 * 1e-3 / step[a]).round().max(0.0) as usize;
        for j in place(area.min.y, 1)..=place(area.max.y, 1).min(n[1] - 1) {
            for i in place(area.min.x, 0)..=place(area.max.x, 0).min(n[0] - 1) {
                cover[i + n[0] * j] = 1.0;
            }
        }
    }
    for _ in 0..3 {
        for (axis, step_m) in step.into_iter().enumerate() {
            let reach = ((SHADOW_REACH_M / 3.0 / step_m).round() as usize).max(1);
            cover = averaged(&cover, n, axis, reach);
        }
    }
    cover
}

/// Means over `reach` points to both sides along one axis.
fn averaged(values: &[f32], n: [usize; 2], axis: usize, reach: usize) -> Vec<f32> {
    let mut out = vec![0.0; values.len()];
    let (length, stride) = if axis == 0 { (n[0], 1) } else { (n[1], n[0]) };
    for line in 0..values.len() / length {
        let start = if axis == 0 { line * n[0] } else { line };
        for i in 0..length {
            let (from, to) = (i.saturating_sub(reach), (i + reach).min(length - 1));
            let sum: f32 = (from..=to).map(|m| values[start + m * stride]).sum();
            out[start + i * stride] = sum / (2 * reach + 1) as f32;
        }
    }
    out
}

fn grid(part: &mut Part, [_, hi]: &Bounds, palette: &Palette) {
    for a in 0..2 {
        let b = 1 - a;
        let thin = if hi[a] / GRID_M[0] > GRID_LINES { GRID_M[1] } else { GRID_M[0] };
        for i in 1..(hi[a] / thin) as usize + 1 {
            let x = i as f32 * thin;
            if x >= hi[a] {
                break;
            }
            let strong = (x / GRID_M[1]).fract() < 1e-3;
            let (mut from, mut to) = ([0.0, 0.0, 0.002], [0.0, 0.0, 0.002]);
            (from[a], to[a], to[b]) = (x, x, hi[b]);
            let alpha = if strong { 230 } else { 110 };
            part.line(from, to, with_alpha(palette.grid, alpha), 1.0);
        }
    }
}

/// Walls that look inward: those between the camera and the hall are seen through.
fn walls(part: &mut Part, room: &Bounds, palette: &Palette) {
    for facing in Facing::ALL {
        let outside = wall(room, facing);
        let light = match facing {
            Facing::North | Facing::East => 1.0,
            Facing::South | Facing::West => 0.94,
        };
        let low = with_alpha(lit(mix(palette.wall, palette.shadow, 0.25), light), 255);
        let high = with_alpha(lit(palette.wall, light), 255);
        let p = |x, y| outside.point(x, y, 0.0);
        let corners = [p(1.0, 0.0), p(0.0, 0.0), p(0.0, 1.0), p(1.0, 1.0)];
        part.solid.quad(corners, [low, low, high, high], NOTHING);
    }
    let rim = with_alpha(palette.edge, 150);
    edges(part, room, rim, 1.0);
    foot(part, room, with_alpha(palette.edge, 255), 1.5);
}

/// A tile with slots.
fn perforated(part: &mut Part, area: &RectMm, id: u32, palette: &Palette) {
    let [lo, hi] = upright(area, 0.0, 0.006);
    let ground = with_alpha(mix(palette.floor, palette.cooling, 0.35), 255);
    part.solid.patch(
        [lo[0] + 0.02, lo[1] + 0.02, hi[2]],
        [hi[0] - lo[0] - 0.04, 0.0, 0.0],
        [0.0, hi[1] - lo[1] - 0.04, 0.0],
        ground,
        id,
    );
    let ink = with_alpha(mix(palette.floor, palette.cooling, 0.8), 200);
    for slot in 1..4 {
        let y = lo[1] + (hi[1] - lo[1]) * slot as f32 / 4.0;
        part.line([lo[0] + 0.08, y, 0.01], [hi[0] - 0.08, y, 0.01], ink, 1.0);
    }
}

fn built(part: &mut Part, obstacle: &Obstacle, height_m: f32, palette: &Palette) {
    let id = obstacle.id.0 + 1;
    match obstacle.kind {
        ObstacleKind::Column | ObstacleKind::Wall => {
            let bounds = upright(&obstacle.area, 0.0, height_m);
            body(&mut part.solid, &bounds, mix(palette.wall, palette.muted, 0.35), id);
            edges(part, &bounds, with_alpha(palette.edge, 255), 1.0);
        }
        ObstacleKind::Ramp | ObstacleKind::Door | ObstacleKind::KeepOut => {
            let bounds = upright(&obstacle.area, 0.0, 0.005);
            let [lo, hi] = bounds;
            let strength = if obstacle.kind == ObstacleKind::KeepOut { 0.22 } else { 0.14 };
            let ink =
                if obstacle.kind == ObstacleKind::KeepOut { palette.warn } else { palette.muted };
            let (u, v) = ([hi[0] - lo[0], 0.0, 0.0], [0.0, hi[1] - lo[1], 0.0]);
            let ground = with_alpha(mix(palette.floor, ink, strength), 255);
            part.solid.patch([lo[0], lo[1], hi[2]], u, v, ground, id);
            foot(part, &bounds, with_alpha(ink, 200), 1.0);
        }
    }
}
