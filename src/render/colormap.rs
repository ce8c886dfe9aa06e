//! Colour maps: inferno for temperature, viridis for load, a blue–brown diverging map for
//! differences. Perceptually ordered, readable in grey and with every common colour blindness.
//!
//! Each map is a handful of anchors, interpolated in OKLab (B. Ottosson, 2020) so that equal steps
//! of the value look like equal steps of lightness. The sequential anchors sample matplotlib's
//! `inferno` and `viridis` (van der Walt and Smith 2015, CC0); the diverging anchors follow the
//! design rule of F. Crameri's `vik` (2018): two hues, lightness falling evenly from a light
//! centre.

use std::sync::LazyLock;

/// 24-bit colour.
pub type Rgb = [u8; 3];

/// A colour map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colormap {
    /// Black over purple and orange to yellow: temperature.
    Inferno,
    /// Violet over teal to yellow: load.
    Viridis,
    /// Blue over white to brown: differences.
    Diverging,
}

const INFERNO: [Rgb; 9] = [
    [0, 0, 4],
    [31, 12, 72],
    [85, 15, 109],
    [136, 34, 106],
    [186, 54, 85],
    [227, 89, 51],
    [249, 140, 10],
    [249, 201, 50],
    [252, 255, 164],
];
const VIRIDIS: [Rgb; 9] = [
    [68, 1, 84],
    [71, 44, 122],
    [59, 81, 139],
    [44, 113, 142],
    [33, 144, 141],
    [39, 173, 129],
    [92, 200, 99],
    [170, 220, 50],
    [253, 231, 37],
];
const DIVERGING: [Rgb; 7] = [
    [0, 32, 96],
    [35, 96, 155],
    [134, 177, 206],
    [238, 236, 233],
    [206, 165, 132],
    [143, 84, 41],
    [75, 17, 4],
];

/// Colours per map.
const STEPS: usize = 256;

static TABLES: LazyLock<[[Rgb; STEPS]; 3]> =
    LazyLock::new(|| [table(&INFERNO), table(&VIRIDIS), table(&DIVERGING)]);

impl Colormap {
    /// The colour at a place from 0 to 1; beyond the ends, the end's.
    #[must_use]
    pub fn at(self, place: f64) -> Rgb {
        let index =
            if place.is_finite() { place.clamp(0.0, 1.0) * (STEPS - 1) as f64 } else { 0.0 };
        self.table()[index.round() as usize]
    }

    /// All colours, low to high.
    #[must_use]
    pub fn table(self) -> &'static [Rgb; STEPS] {
        &TABLES[match self {
            Self::Inferno => 0,
            Self::Viridis => 1,
            Self::Diverging => 2,
        }]
    }
}

fn table(anchors: &[Rgb]) -> [Rgb; STEPS] {
    let lab: Vec<[f64; 3]> = anchors.iter().map(|c| oklab(*c)).collect();
    std::array::from_fn(|i| {
        let place = i as f64 / (STEPS - 1) as f64 * (lab.len() - 1) as f64;
        let low = (place as usize).min(lab.len() - 2);
        let share = place - low as f64;
        rgb(std::array::from_fn(|c| lab[low][c] + (lab[low + 1][c] - lab[low][c]) * share))
    })
}

/// sRGB to linear light (IEC 61966-2-1).
fn linear(value: u8) -> f64 {
    let v = f64::from(value) / 255.0;
    if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
}

/// Linear light to sRGB (IEC 61966-2-1).
fn encoded(v: f64) -> u8 {
    let v = v.clamp(0.0, 1.0);
    let v = if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
    (v * 255.0).round() as u8
}

/// OKLab of a colour; matrices from Ottosson's definition.
fn oklab(c: Rgb) -> [f64; 3] {
    let [r, g, b] = c.map(linear);
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

fn rgb([l, a, b]: [f64; 3]) -> Rgb {
    let l_ = (l + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m_ = (l - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s_ = (l - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        encoded(4.076_741_662_1 * l_ - 3.307_711_591_3 * m_ + 0.230_969_929_2 * s_),
        encoded(-1.268_438_004_6 * l_ + 2.609_757_401_1 * m_ - 0.341_319_396_5 * s_),
        encoded(-0.004_196_086_3 * l_ - 0.703_418_614_7 * m_ + 1.707_614_701_0 * s_),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lightness(map: Colormap) -> Vec<f64> {
        map.table().iter().map(|c| oklab(*c)[0]).collect()
    }

    #[test]
    fn sequential_maps_only_get_lighter_and_evenly() {
        for map in [Colormap::Inferno, Colormap::Viridis] {
            let l = lightness(map);
            // 8-bit rounding makes the darkest steps stutter by less than half a percent.
            assert!(l.windows(2).all(|w| w[1] > w[0] - 0.005), "{map:?}");
            let eighths: Vec<f64> = (0..8).map(|i| l[(i + 1) * 255 / 8] - l[i * 255 / 8]).collect();
            assert!(eighths.iter().all(|d| *d > 0.03), "{map:?} {eighths:?}");
        }
    }

    #[test]
    fn the_diverging_map_is_light_in_the_middle_and_even_on_both_sides() {
        let l = lightness(Colormap::Diverging);
        assert!(l[..128].windows(2).all(|w| w[1] > w[0] - 0.005));
        assert!(l[128..].windows(2).all(|w| w[1] < w[0] + 0.005));
        for i in 0..128 {
            assert!((l[i] - l[255 - i]).abs() < 0.08, "{i}: {} {}", l[i], l[255 - i]);
        }
    }

    #[test]
    fn ends_and_anchors_are_met() {
        assert_eq!(Colormap::Inferno.at(f64::NAN), [0, 0, 4]);
        assert_eq!(Colormap::Inferno.at(-1.0), [0, 0, 4]);
        assert_eq!(Colormap::Viridis.at(2.0), [253, 231, 37]);
        assert_eq!(rgb(oklab([12, 200, 99])), [12, 200, 99]);
    }
}
