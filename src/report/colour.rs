//! The light palette of printed pages; data takes its colours from the colour maps.

use super::model::Tone;

pub use crate::render::colormap::Rgb;

/// Running text.
pub const TEXT: Rgb = [0x18, 0x20, 0x2a];
/// Text of less weight.
pub const MUTED: Rgb = [0x5d, 0x68, 0x76];
/// Thin rules.
pub const HAIRLINE: Rgb = [0xd8, 0xde, 0xe6];
/// Ground of headings and sums.
pub const RAISED: Rgb = [0xf3, 0xf5, 0xf8];
/// Ground of the hall.
pub const FLOOR: Rgb = [0xf7, 0xf9, 0xfb];
/// Paper.
pub const PAPER: Rgb = [0xff, 0xff, 0xff];
/// The one accent.
pub const ACCENT: Rgb = [0x0b, 0x78, 0xd0];
/// Within limits.
pub const OK: Rgb = [0x1a, 0x8f, 0x5a];
/// Little margin, or not known.
pub const WARN: Rgb = [0xa8, 0x6c, 0x00];
/// Past a limit.
pub const BAD: Rgb = [0xc8, 0x38, 0x2c];
/// Cooling equipment on the floor.
pub const COOLING: Rgb = [0x1b, 0x8e, 0x89];

/// Contained cold aisle.
pub const COLD_AISLE: Rgb = [0xdd, 0xec, 0xf8];
/// Contained hot aisle.
pub const HOT_AISLE: Rgb = [0xfa, 0xe3, 0xe0];

/// The colour of a tone.
#[must_use]
pub const fn of_tone(tone: Tone) -> Rgb {
    match tone {
        Tone::Plain => TEXT,
        Tone::Muted => MUTED,
        Tone::Good => OK,
        Tone::Warn => WARN,
        Tone::Bad => BAD,
    }
}

/// Black or white, whichever reads better on a ground.
#[must_use]
pub fn ink_on(ground: Rgb) -> Rgb {
    // Rec. 709 luma; 140 of 255 is where contrast with dark text overtakes that with white.
    let [r, g, b] = ground.map(f64::from);
    if 0.2126 * r + 0.7152 * g + 0.0722 * b > 140.0 { TEXT } else { PAPER }
}
