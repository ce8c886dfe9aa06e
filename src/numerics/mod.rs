//! Numerical building blocks that know no domain.

pub mod band;
pub mod banded;
pub mod block_lu;
pub mod box_multigrid;
pub mod bracket;
pub mod cholesky;
pub mod complex;
pub mod driving_point;
pub mod exchanger;
pub mod interpolate;
pub mod krylov;
pub mod laplacian;
pub mod lattice;
pub mod least_squares;
pub mod multigrid;
pub mod normal;
pub mod ordering;
pub mod partition;
pub mod reach;
pub mod sampling;
pub mod sums;
