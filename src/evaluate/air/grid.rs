//! The Cartesian grid and how arbitrary positions snap to it.
//!
//! Cells are near the target size and divide the room exactly. An edge snaps to the nearest grid
//! plane, each coordinate on its own, so that two things that touch in the plan touch on the grid;
//! anything thinner than a cell keeps one.

use super::case::Box3;
use serde::Serialize;
use std::ops::Range;

/// Pulls positions that lie half-way between planes, up to rounding of their sums, to the same
/// plane; in cells.
const TIE_BIAS: f64 = 1e-6;

/// A uniform grid over the room.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize)]
pub struct Grid {
    /// Cells along x, y and z.
    pub n: [usize; 3],
    /// Cell size along x, y and z in m.
    pub h_m: [f64; 3],
}

impl Grid {
    /// Divides `room_m` into cells close to `dx_m`.
    #[must_use]
    pub fn new(room_m: [f64; 3], dx_m: f64) -> Self {
        let n = room_m.map(|l| ((l / dx_m).round() as usize).max(1));
        let h_m = [0, 1, 2].map(|a| room_m[a] / n[a] as f64);
        Self { n, h_m }
    }

    /// All cells, solid ones too.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.n[0] * self.n[1] * self.n[2]
    }

    /// Index of a cell.
    #[must_use]
    pub fn index(&self, c: [usize; 3]) -> usize {
        c[0] + self.n[0] * (c[1] + self.n[1] * c[2])
    }

    /// Position of a cell from its index.
    #[must_use]
    pub fn cell(&self, index: usize) -> [usize; 3] {
        let [nx, ny, _] = self.n;
        [index % nx, index / nx % ny, index / (nx * ny)]
    }

    /// Volume of a cell in m³.
    #[must_use]
    pub fn cell_volume_m3(&self) -> f64 {
        self.h_m.iter().product()
    }

    /// Nearest grid plane along `axis`, 0 to n, for a position in m; clamped to the room.
    #[must_use]
    pub fn plane(&self, axis: usize, x_m: f64) -> usize {
        let cells = (x_m / self.h_m[axis] + 0.5 + TIE_BIAS).floor();
        cells.clamp(0.0, self.n[axis] as f64) as usize
    }

    /// Cells along `axis` between two positions in m: at least one, inside the room.
    #[must_use]
    pub fn span(&self, axis: usize, lo_m: f64, hi_m: f64) -> Range<usize> {
        let (lo, hi) = (self.plane(axis, lo_m), self.plane(axis, hi_m));
        if hi > lo {
            return lo..hi;
        }
        let middle = (0.5 * (lo_m + hi_m) / self.h_m[axis]).floor().max(0.0) as usize;
        let cell = middle.min(self.n[axis] - 1);
        cell..cell + 1
    }

    /// Cells of a box, or `None` when it has no part inside the room.
    #[must_use]
    pub fn span_of(&self, b: &Box3) -> Option<[Range<usize>; 3]> {
        let inside = (0..3).all(|a| {
            let length = self.h_m[a] * self.n[a] as f64;
            b.max_m[a] > TIE_BIAS && b.min_m[a] < length - TIE_BIAS
        });
        inside.then(|| [0, 1, 2].map(|a| self.span(a, b.min_m[a], b.max_m[a])))
    }

    /// The cell that holds a point in m, or `None` outside the room.
    #[must_use]
    pub fn cell_at(&self, p_m: [f64; 3]) -> Option<[usize; 3]> {
        let mut c = [0; 3];
        for a in 0..3 {
            let x = p_m[a] / self.h_m[a];
            if !(0.0..=self.n[a] as f64).contains(&x) {
                return None;
            }
            c[a] = (x as usize).min(self.n[a] - 1);
        }
        Some(c)
    }
}

/// Indices of the cells of a block of spans, x fastest.
pub(super) fn block(grid: &Grid, spans: &[Range<usize>; 3]) -> Vec<usize> {
    let [xs, ys, zs] = spans;
    let mut cells = Vec::with_capacity(xs.len() * ys.len() * zs.len());
    for k in zs.clone() {
        for j in ys.clone() {
            cells.extend(xs.clone().map(|i| grid.index([i, j, k])));
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_things_touch_on_the_grid_at_any_offset() {
        let grid = Grid::new([40.0, 25.0, 4.0], 0.3);
        for offset_mm in 0..600 {
            let x0 = 3.0 + f64::from(offset_mm) * 1e-3;
            for r in 0..10 {
                let left = grid.span(0, x0 + 0.6 * f64::from(r), x0 + 0.6 * f64::from(r + 1));
                let next = grid.span(0, x0 + 0.6 * f64::from(r + 1), x0 + 0.6 * f64::from(r + 2));
                assert!(!left.is_empty());
                assert_eq!(left.end, next.start);
            }
        }
    }

    #[test]
    fn thin_and_outside_boxes() {
        let grid = Grid::new([6.0, 6.0, 3.0], 0.3);
        assert_eq!(grid.span(0, 1.0, 1.01), 3..4);
        assert_eq!(grid.span(0, 5.95, 6.0).len(), 1);
        let outside = Box3 { min_m: [7.0, 0.0, 0.0], max_m: [8.0, 1.0, 1.0] };
        assert_eq!(grid.span_of(&outside), None);
        assert_eq!(grid.cell_at([6.0, 0.0, 3.0]), Some([19, 0, 9]));
        assert_eq!(grid.cell_at([6.1, 0.0, 0.0]), None);
    }
}
