//! Where streamlines begin: at what supplies air and behind what heats it.

use super::field::{PointM, sample};
use crate::evaluate::air::AirField;
use crate::plan::{CoolingUnit, Facing, Floor, Rack, RectMm};

/// Distance before a face at which a path begins, m: half a fine cell, so that the point is in air.
const BEFORE_FACE_M: f32 = 0.12;
/// Air that leaves a face slower than this does not count as blown, m/s.
const BLOWN_M_S: f32 = 0.03;
/// Places across a unit's face, points per metre.
const PER_METRE: f32 = 1.4;
/// Places up a face, as shares of its height.
const UNIT_HEIGHTS: [f32; 3] = [0.2, 0.5, 0.8];
/// Places up the rear of a rack, as shares of its height.
const RACK_HEIGHTS: [f32; 2] = [0.45, 0.85];
/// Height above a perforated tile at which a path begins, m.
const ABOVE_TILE_M: f32 = 0.2;

/// Seeds at supplies: fronts of units and perforated tiles, where the field says that they blow;
/// evenly thinned to about `wanted`.
#[must_use]
pub fn supply_seeds(floor: &Floor, field: &AirField, wanted: usize) -> Vec<PointM> {
    let units = floor.units.iter().flat_map(unit_points).filter(|(p, n)| blows(field, *p, *n));
    let tiles = floor.tiles.iter().map(|t| (above(&t.footprint()), [0.0, 0.0, 1.0]));
    let tiles = tiles.filter(|(p, n)| blows(field, *p, *n));
    thinned(&units.chain(tiles).map(|(p, _)| p).collect::<Vec<_>>(), wanted)
}

/// Seeds behind racks that blow; evenly thinned to about `wanted`.
#[must_use]
pub fn exhaust_seeds(floor: &Floor, field: &AirField, wanted: usize) -> Vec<PointM> {
    let racks = floor.racks.iter().flat_map(rack_points).filter(|(p, n)| blows(field, *p, *n));
    thinned(&racks.map(|(p, _)| p).collect::<Vec<_>>(), wanted)
}

type Jet = (PointM, [f32; 3]);

fn blows(field: &AirField, p: PointM, n: [f32; 3]) -> bool {
    let along = |v: [f32; 3]| v[0] * n[0] + v[1] * n[1] + v[2] * n[2];
    sample(field, p).is_some_and(|s| along(s.velocity_m_s) > BLOWN_M_S)
}

fn unit_points(unit: &CoolingUnit) -> Vec<Jet> {
    let width_m = unit.size_mm.width as f32 * 1e-3;
    let across = ((width_m * PER_METRE).round() as usize).max(1);
    let height_m = unit.size_mm.height as f32 * 1e-3;
    let shares = (0..across).map(|i| (i as f32 + 0.5) / across as f32);
    let grid = shares.flat_map(|s| UNIT_HEIGHTS.map(|h| (s, h)));
    grid.map(|(s, h)| before(&unit.footprint(), unit.facing, s, h * height_m)).collect()
}

fn rack_points(rack: &Rack) -> Vec<Jet> {
    let height_m = rack.size_mm.height as f32 * 1e-3;
    let rear = rack.facing.opposite();
    RACK_HEIGHTS.map(|h| before(&rack.footprint(), rear, 0.5, h * height_m)).into()
}

/// A point before the face of a footprint that looks some way.
fn before(area: &RectMm, facing: Facing, share: f32, z_m: f32) -> Jet {
    let m = |mm: i32| mm as f32 * 1e-3;
    let (lo, hi) = ([m(area.min.x), m(area.min.y)], [m(area.max.x), m(area.max.y)]);
    let mix = |a: usize, s: f32| lo[a] + s * (hi[a] - lo[a]);
    let (dx, dy) = facing.direction();
    let n = [dx as f32, dy as f32, 0.0];
    let at = |a: usize, d: f32| {
        if d > 0.0 {
            hi[a] + BEFORE_FACE_M
        } else if d < 0.0 {
            lo[a] - BEFORE_FACE_M
        } else {
            mix(a, share)
        }
    };
    ([at(0, n[0]), at(1, n[1]), z_m], n)
}

fn above(area: &RectMm) -> PointM {
    let (x, y) = area.centre();
    [(x * 1e-3) as f32, (y * 1e-3) as f32, ABOVE_TILE_M]
}

/// About `wanted` of the points, evenly over their order.
fn thinned(points: &[PointM], wanted: usize) -> Vec<PointM> {
    let keep = wanted.min(points.len());
    (0..keep).map(|i| points[i * points.len() / keep]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::air::Grid;
    use crate::plan::{ObjectId, PointMm, Tile};

    fn rising(speed: f32) -> AirField {
        let grid = Grid::new([6.0, 6.0, 3.0], 0.5);
        let zero = vec![0.0; grid.cells()];
        let up = vec![speed; grid.cells()];
        AirField {
            grid,
            t_k: vec![295.0; grid.cells()],
            velocity_m_s: [zero.clone(), zero, up],
            solid: vec![false; grid.cells()],
        }
    }

    fn floor(tiles: u32) -> Floor {
        let tile = |i: u32| Tile {
            id: ObjectId(i),
            at: PointMm::new(600 * i as i32, 0),
            size_mm: 600,
            open_pct: 25.0,
            locked: false,
        };
        Floor { tiles: (0..tiles).map(tile).collect(), ..Floor::default() }
    }

    #[test]
    fn only_tiles_that_blow_are_seeds_and_no_more_than_wanted() {
        assert_eq!(supply_seeds(&floor(8), &rising(0.5), 100).len(), 8);
        assert_eq!(supply_seeds(&floor(8), &rising(0.5), 3).len(), 3);
        assert!(supply_seeds(&floor(8), &rising(-0.5), 100).is_empty());
        assert!(supply_seeds(&Floor::default(), &rising(0.5), 100).is_empty());
    }

    #[test]
    fn points_stand_before_the_face_that_looks_their_way() {
        let area = RectMm::at(PointMm::new(1000, 2000), 600, 1200);
        let (p, n) = before(&area, Facing::South, 0.5, 1.0);
        assert_eq!(n, [0.0, -1.0, 0.0]);
        assert!((p[0] - 1.3).abs() < 1e-6 && (p[1] - 1.88).abs() < 1e-6);
        let (p, _) = before(&area, Facing::East, 0.25, 1.0);
        assert!((p[0] - 1.72).abs() < 1e-6 && (p[1] - 2.3).abs() < 1e-6);
    }
}
