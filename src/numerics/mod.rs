//! Numerical building blocks that know no domain.

pub mod complex;
pub mod band;
pub mod interpolate;
pub mod sampling;
pub mod sums;
