//! A horizontal slice of the air field as an image, one pixel per cell, north up.

use super::overlay::Scale;
use crate::evaluate::air::Slice;
use crate::units::ZERO_CELSIUS_K;

/// How often free cells spill into the blocked ones beside them: hides the seam between a drawn
/// rack and its cells on the grid. What is still blocked stays transparent.
const SPILL: usize = 3;

/// An image; four bytes per pixel, straight alpha, rows from north to south.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RgbaImage {
    /// Pixels east–west.
    pub width: usize,
    /// Pixels north–south.
    pub height: usize,
    /// Red, green, blue, alpha.
    pub rgba: Vec<u8>,
}

/// Paints a slice of the air with a temperature scale.
#[must_use]
pub fn air_image(slice: &Slice, scale: &Scale) -> RgbaImage {
    let [nx, ny] = slice.n;
    let t_k = spilled(slice);
    let mut rgba = Vec::with_capacity(nx * ny * 4);
    for j in (0..ny).rev() {
        for i in 0..nx {
            let (colour, alpha) = match t_k[i + nx * j] {
                Some(t) => (scale.colour(f64::from(t) - ZERO_CELSIUS_K), 255),
                None => ([0; 3], 0),
            };
            rgba.extend(colour);
            rgba.push(alpha);
        }
    }
    RgbaImage { width: nx, height: ny, rgba }
}

/// Temperatures with the blocked cells next to free ones filled from their neighbours' mean.
fn spilled(slice: &Slice) -> Vec<Option<f32>> {
    let [nx, ny] = slice.n;
    let mut t_k: Vec<Option<f32>> =
        slice.t_k.iter().zip(&slice.solid).map(|(t, solid)| (!solid).then_some(*t)).collect();
    for _ in 0..SPILL {
        let before = t_k.clone();
        for at in (0..nx * ny).filter(|at| before[*at].is_none()) {
            let (i, j) = (at % nx, at / nx);
            let beside = [
                (i > 0).then(|| at - 1),
                (i + 1 < nx).then_some(at + 1),
                (j > 0).then(|| at - nx),
                (j + 1 < ny).then_some(at + nx),
            ];
            let near: Vec<f32> = beside.into_iter().flatten().filter_map(|n| before[n]).collect();
            if !near.is_empty() {
                t_k[at] = Some(near.iter().sum::<f32>() / near.len() as f32);
            }
        }
    }
    t_k
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::colormap::Colormap;

    #[test]
    fn north_is_up_and_deep_solids_stay_clear() {
        let (nx, ny) = (9, 9);
        let mut solid = vec![true; nx * ny];
        let mut t_k = vec![300.0_f32; nx * ny];
        solid[nx * (ny - 1)] = false;
        t_k[nx * (ny - 1)] = 315.15;
        let slice = Slice {
            n: [nx, ny],
            h_m: [0.3, 0.3],
            z_m: 1.0,
            t_k,
            velocity_m_s: [vec![0.0; nx * ny], vec![0.0; nx * ny]],
            solid,
        };
        let scale = Scale {
            map: Colormap::Inferno,
            min: 16.0,
            max: 42.0,
            limit: None,
            unit: "°C",
            label: "",
        };
        let image = air_image(&slice, &scale);
        assert_eq!(image.rgba[..3], Colormap::Inferno.at(1.0));
        assert_eq!(image.rgba[4 * SPILL + 3], 255);
        assert_eq!(image.rgba[4 * (SPILL + 1) + 3], 0);
    }
}
