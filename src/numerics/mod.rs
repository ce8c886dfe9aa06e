//! Numerical building blocks that know no domain.

pub mod bracket;
pub mod exchanger;
pub mod interpolate;
pub mod normal;
pub mod sums;
