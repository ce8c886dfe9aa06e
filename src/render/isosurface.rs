//! The surface on which a field of cell values has one level, by marching tetrahedra.
//!
//! Each cube between eight cell centres is cut into six tetrahedra around its main diagonal
//! (Kuhn's subdivision); neighbours cut their shared face alike, so the surface has no cracks. Every
//! edge runs from a node to one with no smaller index along any axis: the offset, one bit per axis,
//! and the node name it. A point on an edge is thus found again by its neighbours, and the mesh is
//! watertight wherever it does not leave the field.

use super::field::{PointM, is_whole};
use crate::evaluate::air::{AirField, Grid};

/// Triangles on a level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Surface {
    /// Points, m.
    pub points_m: Vec<PointM>,
    /// Unit vectors from higher to lower values, one per point.
    pub normals: Vec<[f32; 3]>,
    /// Places of the corners, anticlockwise seen from the lower side.
    pub triangles: Vec<[u32; 3]>,
}

/// Corners of the tetrahedra, as bits for x, y, z; all positively oriented.
const TETRAHEDRA: [[usize; 4]; 6] =
    [[0, 1, 3, 7], [0, 5, 1, 7], [0, 3, 2, 7], [0, 2, 6, 7], [0, 4, 5, 7], [0, 6, 4, 7]];

/// Even permutations that bring the corners above the level to the front, by their bits; of three
/// corners above, the one below.
const FRONT: [[usize; 4]; 16] = [
    [0, 1, 2, 3],
    [0, 1, 2, 3],
    [1, 0, 3, 2],
    [0, 1, 2, 3],
    [2, 3, 0, 1],
    [0, 2, 3, 1],
    [1, 2, 0, 3],
    [3, 2, 1, 0],
    [3, 2, 1, 0],
    [0, 3, 1, 2],
    [1, 3, 2, 0],
    [2, 3, 0, 1],
    [2, 3, 0, 1],
    [1, 0, 3, 2],
    [0, 1, 2, 3],
    [0, 1, 2, 3],
];

/// The surface of a temperature in K. Cubes wholly inside solids are left out; at a solid's face
/// the air's values are carried on into it, so that the surface meets the face.
#[must_use]
pub fn isotherm(field: &AirField, t_k: f32) -> Surface {
    if !is_whole(field) || !t_k.is_finite() {
        return Surface::default();
    }
    let values = carried_into_solids(field);
    let solid = |cell: usize| field.solid[cell];
    march(&field.grid, &values, t_k, &solid)
}

/// The surface of a level through values at cell centres.
#[must_use]
pub fn isosurface(grid: &Grid, values: &[f32], level: f32) -> Surface {
    if values.len() != grid.cells() || !level.is_finite() {
        return Surface::default();
    }
    march(grid, values, level, &|_| false)
}

fn march(grid: &Grid, values: &[f32], level: f32, solid: &dyn Fn(usize) -> bool) -> Surface {
    let mut marcher = Marcher {
        grid,
        values,
        level,
        surface: Surface::default(),
        layers: [Vec::new(), Vec::new()],
    };
    let [nx, ny, nz] = grid.n;
    for layer in &mut marcher.layers {
        layer.resize(nx * ny * 8, NEW);
    }
    for k in 0..nz.saturating_sub(1) {
        for j in 0..ny.saturating_sub(1) {
            for i in 0..nx.saturating_sub(1) {
                let nodes = cube(grid, [i, j, k]);
                let above = nodes.iter().filter(|n| values[**n] > level).count();
                if above > 0 && above < 8 && !nodes.iter().all(|n| solid(*n)) {
                    marcher.cube(&nodes, k);
                }
            }
        }
        marcher.layers.swap(0, 1);
        marcher.layers[1].fill(NEW);
    }
    marcher.surface
}

/// A point that was not made yet.
const NEW: u32 = u32::MAX;

/// Cells of a cube, in the order of the bits.
fn cube(grid: &Grid, [i, j, k]: [usize; 3]) -> [usize; 8] {
    std::array::from_fn(|b| grid.index([i + (b & 1), j + (b >> 1 & 1), k + (b >> 2)]))
}

struct Marcher<'a> {
    grid: &'a Grid,
    values: &'a [f32],
    level: f32,
    surface: Surface,
    /// Points on edges that begin in the lower and the upper layer of the cubes at hand.
    layers: [Vec<u32>; 2],
}

impl Marcher<'_> {
    fn cube(&mut self, nodes: &[usize; 8], k: usize) {
        for corners in TETRAHEDRA {
            let bit = |c: usize| usize::from(self.values[nodes[corners[c]]] > self.level) << c;
            let above: usize = (0..4).map(bit).sum();
            if above == 0 || above == 15 {
                continue;
            }
            let [a, b, c, d] = FRONT[above].map(|c| corners[c]);
            let mut point = |p: usize, q: usize| self.point(nodes, p, q, k);
            match above.count_ones() {
                1 => {
                    let t = [point(a, b), point(a, c), point(a, d)];
                    self.surface.triangles.push(t);
                }
                3 => {
                    let t = [point(a, b), point(a, d), point(a, c)];
                    self.surface.triangles.push(t);
                }
                _ => {
                    let q = [point(a, c), point(a, d), point(b, d), point(b, c)];
                    self.surface.triangles.push([q[0], q[1], q[2]]);
                    self.surface.triangles.push([q[0], q[2], q[3]]);
                }
            }
        }
    }

    /// The point on the edge between two corners of a cube; made when first asked for.
    fn point(&mut self, nodes: &[usize; 8], p: usize, q: usize, k: usize) -> u32 {
        // Corners of one tetrahedron: the bits of one contain those of the other.
        let (low, high) = (p & q, p | q);
        let (from, to) = (nodes[low], nodes[high]);
        let [i, j, layer] = self.grid.cell(from);
        let slot = (i + self.grid.n[0] * j) * 8 + (high ^ low);
        let known = self.layers[layer - k][slot];
        if known != NEW {
            return known;
        }
        let (a, b) = (self.values[from], self.values[to]);
        let share = ((self.level - a) / (b - a)).clamp(0.0, 1.0);
        let (pa, pb) = (self.centre(from), self.centre(to));
        let (ga, gb) = (self.gradient(from), self.gradient(to));
        let between = |x: PointM, y: PointM| [0, 1, 2].map(|c| x[c] + share * (y[c] - x[c]));
        let made = self.surface.points_m.len() as u32;
        self.surface.points_m.push(between(pa, pb));
        self.surface.normals.push(downhill(between(ga, gb)));
        self.layers[layer - k][slot] = made;
        made
    }

    fn centre(&self, cell: usize) -> PointM {
        let c = self.grid.cell(cell);
        [0, 1, 2].map(|a| ((c[a] as f64 + 0.5) * self.grid.h_m[a]) as f32)
    }

    /// Central differences, one-sided at the field's ends.
    fn gradient(&self, cell: usize) -> [f32; 3] {
        let c = self.grid.cell(cell);
        [0, 1, 2].map(|a| {
            let (mut low, mut high) = (c, c);
            low[a] = c[a].saturating_sub(1);
            high[a] = (c[a] + 1).min(self.grid.n[a] - 1);
            let reach = (high[a] - low[a]) as f32 * self.grid.h_m[a] as f32;
            let rise = self.values[self.grid.index(high)] - self.values[self.grid.index(low)];
            if reach > 0.0 { rise / reach } else { 0.0 }
        })
    }
}

fn downhill(gradient: [f32; 3]) -> [f32; 3] {
    let length = gradient.iter().map(|g| g * g).sum::<f32>().sqrt();
    if length > 0.0 { gradient.map(|g| -g / length) } else { [0.0, 0.0, 1.0] }
}

/// How far values are carried into solids, m: half the depth of a rack.
const CARRY_M: f64 = 0.6;

/// Temperatures with solids filled from the free cells beside them, step by step; what is deeper
/// takes the coldest value.
#[must_use]
pub fn carried_into_solids(field: &AirField) -> Vec<f32> {
    let grid = &field.grid;
    let mut values = field.t_k.clone();
    let free = |c: usize| !field.solid[c] && field.t_k[c].is_finite();
    let mut known: Vec<bool> = (0..grid.cells()).map(free).collect();
    let coldest = (0..grid.cells()).filter(|c| known[*c]).map(|c| values[c]);
    let coldest = coldest.reduce(f32::min).unwrap_or(0.0);
    let smallest = grid.h_m.iter().copied().fold(f64::INFINITY, f64::min);
    let mut open: Vec<usize> = (0..grid.cells()).filter(|c| !known[*c]).collect();
    for _ in 0..(CARRY_M / smallest).ceil().min(64.0) as usize {
        let found: Vec<(usize, f32)> = open
            .iter()
            .filter_map(|cell| {
                let near = neighbours(grid, *cell).into_iter().flatten().filter(|n| known[*n]);
                let (count, sum) = near.fold((0, 0.0), |(n, s), c| (n + 1, s + values[c]));
                (count > 0).then(|| (*cell, sum / count as f32))
            })
            .collect();
        if found.is_empty() {
            break;
        }
        for (cell, value) in found {
            (values[cell], known[cell]) = (value, true);
        }
        open.retain(|c| !known[*c]);
    }
    for cell in open {
        values[cell] = coldest;
    }
    values
}

fn neighbours(grid: &Grid, cell: usize) -> [Option<usize>; 6] {
    let c = grid.cell(cell);
    std::array::from_fn(|side| {
        let (a, up) = (side / 2, side % 2 == 1);
        let mut n = c;
        n[a] = if up { c[a] + 1 } else { c[a].checked_sub(1)? };
        (n[a] < grid.n[a]).then(|| grid.index(n))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn ball(n: usize, radius: f32) -> Surface {
        let grid = Grid::new([2.0, 2.0, 2.0], 2.0 / n as f64);
        let value = |cell: usize| {
            let c = grid.cell(cell);
            let d2: f64 = (0..3).map(|a| ((c[a] as f64 + 0.5) * grid.h_m[a] - 1.0).powi(2)).sum();
            radius - d2.sqrt() as f32
        };
        let values: Vec<f32> = (0..grid.cells()).map(value).collect();
        isosurface(&grid, &values, 0.0)
    }

    fn area_and_volume(s: &Surface) -> (f32, f32) {
        let sub = |a: PointM, b: PointM| [0, 1, 2].map(|i| a[i] - b[i]);
        let cross = |a: PointM, b: PointM| {
            [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
        };
        let dot = |a: PointM, b: PointM| (0..3).map(|i| a[i] * b[i]).sum::<f32>();
        let mut sums = (0.0, 0.0);
        for t in &s.triangles {
            let [a, b, c] = t.map(|i| sub(s.points_m[i as usize], [1.0; 3]));
            let n = cross(sub(b, a), sub(c, a));
            sums.0 += 0.5 * dot(n, n).sqrt();
            sums.1 += dot(a, cross(b, c)) / 6.0;
        }
        sums
    }

    #[test]
    fn a_ball_is_closed_and_has_its_area_volume_and_normals() {
        let s = ball(40, 0.7);
        let mut edges: BTreeMap<(u32, u32), i32> = BTreeMap::new();
        for t in &s.triangles {
            for side in 0..3 {
                let (a, b) = (t[side], t[(side + 1) % 3]);
                *edges.entry((a.min(b), a.max(b))).or_default() += if a < b { 1 } else { -1 };
            }
        }
        assert!(edges.values().all(|balance| *balance == 0), "every edge has one face per side");
        let euler = s.points_m.len() as i64 - edges.len() as i64 + s.triangles.len() as i64;
        assert_eq!(euler, 2);
        let (area, volume) = area_and_volume(&s);
        let pi = std::f32::consts::PI;
        assert!((area / (4.0 * pi * 0.49) - 1.0).abs() < 0.02, "{area}");
        assert!((volume / (4.0 / 3.0 * pi * 0.343) - 1.0).abs() < 0.02, "{volume}: outward");
        for (p, n) in s.points_m.iter().zip(&s.normals) {
            let out: f32 = (0..3).map(|i| (p[i] - 1.0) * n[i]).sum::<f32>() / 0.7;
            assert!(out > 0.97, "{out}");
        }
    }

    #[test]
    fn the_error_of_the_area_falls_with_the_square_of_the_cell() {
        let exact = 4.0 * std::f32::consts::PI * 0.49;
        let error = |n| (area_and_volume(&ball(n, 0.7)).0 / exact - 1.0).abs();
        assert!(error(16) / error(32) > 3.0, "{} {}", error(16), error(32));
    }

    #[test]
    fn levels_on_nodes_and_outside_are_safe() {
        let grid = Grid::new([1.0, 1.0, 1.0], 0.25);
        let steps: Vec<f32> = (0..64).map(|c| grid.cell(c)[2] as f32).collect();
        let on_nodes = isosurface(&grid, &steps, 1.0);
        assert!((area_and_volume(&on_nodes).0 - 0.5625).abs() < 1e-5);
        assert!(on_nodes.points_m.iter().all(|p| (p[2] - 0.375).abs() < 1e-6));
        assert!(isosurface(&grid, &steps, 9.0).triangles.is_empty());
        assert!(isosurface(&grid, &steps, f32::NAN).triangles.is_empty());
        assert!(isosurface(&grid, &steps[..9], 1.0).triangles.is_empty());
        let thin = Grid::new([1.0, 1.0, 0.2], 0.25);
        assert!(isosurface(&thin, &[1.0; 16], 0.5).triangles.is_empty());
        assert!(isotherm(&AirField::default(), 300.0).triangles.is_empty());
    }

    #[test]
    fn solids_take_the_value_of_the_air_beside_them() {
        let grid = Grid::new([4.0, 1.0, 1.0], 0.25);
        let solid: Vec<bool> = (0..grid.cells()).map(|c| grid.cell(c)[0] >= 4).collect();
        let t = |c: usize| if solid[c] { 500.0 } else { 290.0 };
        let t_k: Vec<f32> = (0..grid.cells()).map(t).collect();
        let zero = vec![0.0; grid.cells()];
        let velocity_m_s = [zero.clone(), zero.clone(), zero];
        let field = AirField { grid, t_k, velocity_m_s, solid };
        assert!(carried_into_solids(&field).iter().all(|t| (*t - 290.0).abs() < 1e-3));
        assert!(isotherm(&field, 300.0).triangles.is_empty());
    }
}
