//! Numerical building blocks that know no domain.

pub mod band;
pub mod complex;
pub mod interpolate;
pub mod partition;
pub mod sums;
