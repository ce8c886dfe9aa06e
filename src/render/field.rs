//! Reading the air field between its cells.
//!
//! Values are interpolated linearly between cell centres. Blocked cells hold no air and take no
//! part: the weights of the free cells around a point are scaled up to one, so that air in front
//! of a rack keeps the speed at which it enters.

use crate::evaluate::air::AirField;

/// A point in the room, m: x east, y north, z up.
pub type PointM = [f32; 3];

/// The air around a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Temperature, K.
    pub t_k: f32,
    /// Velocity along x, y and z, m/s.
    pub velocity_m_s: [f32; 3],
}

/// Whether every array of the field fits its grid; a field that does not is drawn as none.
#[must_use]
pub fn is_whole(field: &AirField) -> bool {
    let cells = field.grid.cells();
    cells > 0
        && field.t_k.len() == cells
        && field.solid.len() == cells
        && field.velocity_m_s.iter().all(|v| v.len() == cells)
        && field.grid.h_m.iter().all(|h| h.is_finite() && *h > 0.0)
}

/// The eight cells around a point with their weights, along one axis two.
fn neighbours(x_m: f32, h_m: f64, n: usize) -> [(usize, f32); 2] {
    let place = (f64::from(x_m) / h_m - 0.5).clamp(0.0, (n - 1) as f64);
    let low = (place as usize).min(n.saturating_sub(2));
    let share = (place - low as f64) as f32;
    [(low, 1.0 - share), ((low + 1).min(n - 1), share)]
}

/// The air at a point; none outside the room or inside something solid.
///
/// The field must be whole, see [`is_whole`].
#[must_use]
pub fn sample(field: &AirField, p_m: PointM) -> Option<Sample> {
    let cell = field.grid.cell_at(p_m.map(f64::from))?;
    if field.solid[field.grid.index(cell)] {
        return None;
    }
    let at = [0, 1, 2].map(|a| neighbours(p_m[a], field.grid.h_m[a], field.grid.n[a]));
    let mut sum = [0.0_f32; 5];
    for (k, wz) in at[2] {
        for (j, wy) in at[1] {
            for (i, wx) in at[0] {
                let index = field.grid.index([i, j, k]);
                let weight = wx * wy * wz;
                if weight > 0.0 && !field.solid[index] {
                    sum[0] += weight;
                    sum[1] += weight * field.t_k[index];
                    for (axis, v) in field.velocity_m_s.iter().enumerate() {
                        sum[2 + axis] += weight * v[index];
                    }
                }
            }
        }
    }
    let scale = 1.0 / sum[0];
    let found = Sample { t_k: sum[1] * scale, velocity_m_s: [2, 3, 4].map(|i| sum[i] * scale) };
    let finite = found.t_k.is_finite() && found.velocity_m_s.iter().all(|v| v.is_finite());
    finite.then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::air::Grid;

    fn field(n: [usize; 3]) -> AirField {
        let grid = Grid { n, h_m: [0.5, 0.25, 1.0] };
        let cells = grid.cells();
        let x = |c: usize| (grid.cell(c)[0] as f32 + 0.5) * 0.5;
        AirField {
            grid,
            t_k: (0..cells).map(|c| 290.0 + x(c)).collect(),
            velocity_m_s: [(0..cells).map(x).collect(), vec![1.0; cells], vec![0.0; cells]],
            solid: vec![false; cells],
        }
    }

    #[test]
    fn a_linear_field_is_read_exactly() {
        let field = field([8, 4, 2]);
        let s = sample(&field, [1.37, 0.4, 1.0]).unwrap();
        assert!((s.t_k - 291.37).abs() < 1e-4);
        assert!((s.velocity_m_s[0] - 1.37).abs() < 1e-5);
    }

    #[test]
    fn solids_take_no_part() {
        let mut field = field([8, 4, 1]);
        for c in 0..field.grid.cells() {
            if field.grid.cell(c)[0] >= 4 {
                (field.solid[c], field.t_k[c]) = (true, 0.0);
            }
        }
        assert_eq!(sample(&field, [2.2, 0.5, 0.5]), None);
        let s = sample(&field, [1.99, 0.5, 0.5]).unwrap();
        assert!((s.t_k - 291.75).abs() < 1e-4, "{}", s.t_k);
    }

    #[test]
    fn broken_fields_are_known() {
        assert!(!is_whole(&AirField::default()));
        let mut short = field([2, 2, 2]);
        short.solid.pop();
        assert!(!is_whole(&short));
        assert!(is_whole(&field([1, 1, 1])));
        assert!(sample(&field([1, 1, 1]), [0.1, 0.1, 0.1]).is_some());
        assert_eq!(sample(&field([1, 1, 1]), [f32::NAN, 0.1, 0.1]), None);
    }
}
