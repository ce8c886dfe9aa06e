//! Numerical building blocks that know no domain.

pub mod complex;
pub mod interpolate;
pub mod sums;
