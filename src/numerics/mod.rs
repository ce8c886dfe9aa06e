//! Numerical building blocks that know no domain.

pub mod band;
pub mod complex;
pub mod interpolate;
pub mod sampling;
pub mod sums;
