//! The hall in three dimensions in the window.

mod palette;

pub use palette::palette;
