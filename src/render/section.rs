//! A vertical cut through the air field, in the form of a layer so that it is painted like one.

use crate::evaluate::air::{AirField, Slice};

/// Which way a cut runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CutAxis {
    /// East–west, at a constant y.
    #[default]
    AlongX,
    /// North–south, at a constant x.
    AlongY,
}

impl CutAxis {
    /// Number of the axis that the cut runs along.
    #[must_use]
    pub const fn along(self) -> usize {
        match self {
            Self::AlongX => 0,
            Self::AlongY => 1,
        }
    }

    /// The other way.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::AlongX => Self::AlongY,
            Self::AlongY => Self::AlongX,
        }
    }
}

/// Cuts the field at `at_m`, clamped to the room: cells along the cut and upward, velocity along
/// and upward in m/s, and as `z_m` where the cut's cells have their centre across it. `None` for an
/// empty field.
#[must_use]
pub fn cut(field: &AirField, axis: CutAxis, at_m: f64) -> Option<Slice> {
    let [nx, ny, nz] = field.grid.n;
    if field.t_k.is_empty() || !at_m.is_finite() {
        return None;
    }
    let (along, across) = (axis.along(), 1 - axis.along());
    let h = field.grid.h_m;
    let layer = ((at_m / h[across]).floor().max(0.0) as usize).min(field.grid.n[across] - 1);
    let n = field.grid.n[along];
    let cell = |a: usize, k: usize| match axis {
        CutAxis::AlongX => a + nx * (layer + ny * k),
        CutAxis::AlongY => layer + nx * (a + ny * k),
    };
    let cells: Vec<usize> = (0..nz).flat_map(|k| (0..n).map(move |a| cell(a, k))).collect();
    let of = |values: &[f32]| cells.iter().map(|c| values[*c]).collect::<Vec<f32>>();
    Some(Slice {
        n: [n, nz],
        h_m: [h[along], h[2]],
        z_m: (layer as f64 + 0.5) * h[across],
        t_k: of(&field.t_k),
        velocity_m_s: [of(&field.velocity_m_s[along]), of(&field.velocity_m_s[2])],
        solid: cells.iter().map(|c| field.solid[*c]).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::air::Grid;

    #[test]
    fn a_cut_holds_the_cells_of_its_plane() {
        let grid = Grid { n: [3, 2, 4], h_m: [0.5, 0.25, 1.0] };
        let numbers: Vec<f32> = (0..24).map(|c| c as f32).collect();
        let shifted = |by: f32| numbers.iter().map(|v| v + by).collect::<Vec<f32>>();
        let field = AirField {
            grid,
            t_k: numbers.clone(),
            velocity_m_s: [shifted(100.0), shifted(200.0), shifted(300.0)],
            solid: vec![false; 24],
        };
        let x = cut(&field, CutAxis::AlongX, 0.3).unwrap();
        assert_eq!((x.n, x.h_m, x.z_m), ([3, 4], [0.5, 1.0], 0.375));
        assert_eq!(x.t_k[..6], [3.0, 4.0, 5.0, 9.0, 10.0, 11.0]);
        assert_eq!((x.velocity_m_s[0][0], x.velocity_m_s[1][0]), (103.0, 303.0));
        let y = cut(&field, CutAxis::AlongY, 99.0).unwrap();
        assert_eq!((y.n, y.z_m), ([2, 4], 1.25));
        assert_eq!(y.t_k[..4], [2.0, 5.0, 8.0, 11.0]);
        assert_eq!((y.velocity_m_s[0][1], y.velocity_m_s[1][1]), (205.0, 305.0));
        assert!(cut(&AirField::default(), CutAxis::AlongX, 0.0).is_none());
    }
}
