//! Numerical building blocks that know no domain.

pub mod band;
pub mod interpolate;
pub mod sums;
