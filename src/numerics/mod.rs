//! Numerical building blocks that know no domain.

pub mod interpolate;
pub mod krylov;
pub mod laplacian;
pub mod multigrid;
pub mod sums;
