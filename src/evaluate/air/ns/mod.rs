//! Momentum.

mod domain;
mod grids;
mod march;
mod momentum;
mod projection;
mod scalar;
mod simulation;
mod state;
mod steady;
mod supplies;

pub(super) use domain::Domain;
pub(super) use grids::{GridState, on_lattice};
pub(super) use march::{Epoch, Escort, Pace, Stray, march};
pub use march::{Progress, Watcher};
pub(super) use momentum::Fluid;
pub(super) use scalar::Arrivals;
pub(super) use simulation::Simulation;
pub(super) use state::Fields;
pub(super) use steady::Steady;
pub(super) use supplies::Supplies;
