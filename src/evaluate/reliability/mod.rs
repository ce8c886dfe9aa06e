//! Reliability: how much of the time a job that can fail does useful work.
//!
//! Unknowns: goodput η. A job of n accelerators computes for τ, writes a checkpoint for δ, and
//! after a failure restarts in R and repeats what was lost. Failures are memoryless with mean
//! time M between them:
//!
//! - (1) M = M_gpu / n
//! - (2) η = τ / (M e^{R/M} (e^{(τ+δ)/M} − 1))
//! - (3) τ_Young = √(2 δ M); Daly's higher order below δ = 2 M, M above
//!
//! `fleet` adds rates by part, failures that take a domain with them, and spares. Validity:
//! independent failures of constant rate. References: J. T. Daly, Future Generation Computer Systems 22
//! (2006) 303-312; J. W. Young, CACM 17 (1974) 530.

pub mod availability;
pub mod fleet;
pub mod goodput;

pub use availability::{ServingAvailability, serving_availability};
pub use fleet::{Checkpointing, FleetCase, FleetResult, evaluate_fleet};
pub use goodput::{Goodput, GoodputCase, ReliabilityError, evaluate, optimum_interval_s};
