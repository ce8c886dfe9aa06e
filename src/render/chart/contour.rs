//! Lines of equal value on a grid: marching squares, cell by cell, joined into lines.

use crate::render::colormap::{Colormap, Rgb};

/// Share of the colour map that is used.
const BRIGHTEST: f64 = 0.8;

/// Values on a grid of places.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Columns, left to right.
    pub xs: Vec<f64>,
    /// Rows, bottom to top.
    pub ys: Vec<f64>,
    /// Values, row by row from the bottom.
    pub values: Vec<f64>,
}

impl Field {
    /// The value of a column and a row.
    #[must_use]
    pub fn at(&self, column: usize, row: usize) -> f64 {
        self.values[row * self.xs.len() + column]
    }

    /// Whether there is a value for every place, and more than one row and column.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let (nx, ny) = (self.xs.len(), self.ys.len());
        nx > 1 && ny > 1 && self.values.len() == nx * ny
    }

    /// Smallest and largest value.
    #[must_use]
    pub fn range(&self) -> Option<(f64, f64)> {
        let finite = self.values.iter().copied().filter(|v| v.is_finite());
        finite.fold(None, |r: Option<(f64, f64)>, v| {
            Some(r.map_or((v, v), |(low, high)| (low.min(v), high.max(v))))
        })
    }

    /// Colour of a value: dark is low, and the brightest end is kept free for lines and words.
    #[must_use]
    pub fn colour(&self, value: f64) -> Rgb {
        let Some((low, high)) = self.range() else { return Colormap::Viridis.at(0.0) };
        // Equal ratios look alike: cost falls with one over the hours sold.
        let place = |v: f64| if low > 0.0 { v.log10() } else { v };
        let share = (place(value) - place(low)) / (place(high) - place(low)).max(f64::MIN_POSITIVE);
        Colormap::Viridis.at(share.clamp(0.0, 1.0) * BRIGHTEST)
    }

    /// Round values inside the range, in even steps of ratio: at least eight to a decade.
    #[must_use]
    pub fn levels(&self) -> Vec<f64> {
        const ROUND: [f64; 10] = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0];
        let Some((low, high)) = self.range().filter(|(low, _)| *low > 0.0) else {
            return Vec::new();
        };
        let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
        (first..=last)
            .flat_map(|power| ROUND.map(|k| k * 10f64.powi(power)))
            .filter(|v| *v > low && *v < high)
            .collect()
    }

    /// The pieces of the line on which the value is `level`.
    #[must_use]
    pub fn contour(&self, level: f64) -> Vec<[[f64; 2]; 2]> {
        if !self.is_whole() {
            return Vec::new();
        }
        let mut pieces = Vec::new();
        for row in 0..self.ys.len() - 1 {
            for column in 0..self.xs.len() - 1 {
                self.cell(column, row, level, &mut pieces);
            }
        }
        pieces
    }

    /// Pieces within one cell: where edges are crossed, joined two by two. In a saddle the pieces
    /// do not cross.
    fn cell(&self, column: usize, row: usize, level: f64, pieces: &mut Vec<[[f64; 2]; 2]>) {
        let corner = |i: usize| {
            let (c, r) = (column + usize::from(i == 1 || i == 2), row + usize::from(i >= 2));
            ([self.xs[c], self.ys[r]], self.at(c, r))
        };
        let crossings: Vec<[f64; 2]> = (0..4)
            .filter_map(|i| {
                let ((a, va), (b, vb)) = (corner(i), corner((i + 1) % 4));
                let crossed = (va < level) != (vb < level) && va.is_finite() && vb.is_finite();
                let t = (level - va) / (vb - va);
                crossed.then(|| [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])])
            })
            .collect();
        for pair in crossings.chunks_exact(2) {
            pieces.push([pair[0], pair[1]]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tilted(n: usize) -> Field {
        let xs: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let values = xs.iter().flat_map(|y| xs.iter().map(move |x| x + 2.0 * y)).collect();
        Field { ys: xs.clone(), xs, values }
    }

    #[test]
    fn the_contour_of_a_plane_is_its_straight_line() {
        let field = tilted(9);
        let pieces = field.contour(7.3);
        assert!(!pieces.is_empty());
        for p in pieces.iter().flatten() {
            assert!((p[0] + 2.0 * p[1] - 7.3).abs() < 1e-12);
        }
        let length: f64 = pieces.iter().map(|[a, b]| (a[0] - b[0]).hypot(a[1] - b[1])).sum();
        // From (7.3, 0) to (0, 3.65).
        assert!((length - 7.3_f64.hypot(3.65)).abs() < 1e-9, "{length}");
    }

    #[test]
    fn levels_are_round_and_inside() {
        let wide =
            Field { xs: vec![0.0, 1.0], ys: vec![0.0, 1.0], values: vec![0.31, 1.0, 2.0, 1.6] };
        let want = [0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.5];
        assert!(wide.levels().iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-12));
        assert_eq!(wide.levels().len(), want.len());
        assert!(wide.contour(50.0).is_empty());
    }
}
