//! Ride-through: how long the racks last when cooling fails.
//!
//! # Question
//! Units fail, all fans stop, or the chillers do. Racks keep running. When does each rack's intake
//! pass its recommended and its allowable limit, and which trip first?
//!
//! # Equations
//! Momentum and temperature of the air as in the parent module's solver, in true time, with what
//! failed standing still. Beside the air, heat is stored in
//! ```text
//! servers  C dT_s/dt = P − ρ cp V ε (T_s − T_in),   T_out = T_in + ε (T_s − T_in)
//! water    C_w dT_w/dt = Σ heat of coils,           heat = ρ cp V min(T_ret − T_set, ε_c (T_ret − T_w))
//! slab     ρ_s c_s dT/dt = k d²T/dz²,               flux = h (T_air − T_surface)     (on request)
//! ```
//! with ε = 1 − exp(−hA/(ρ cp V)) of the servers and ε_c the effectiveness at which a unit's rated
//! capacity just holds its set point.
//!
//! # Method
//! From the settled state. Each step takes the machines exactly over its length at the temperatures
//! before it, then the air: the mouths' heat arrives in their cells, and what the sweeps of the air
//! left undone is closed over the room, so that air and masses together keep all heat.
//!
//! # Validity
//! First order in time; halving the step moves times to a limit by less than 5 % (tested). Server
//! and coil masses are assumptions where the catalogue has no weight: times scale with them.
//! Server fans keep their flow; they would speed up in truth. Rear doors stop with the chillers.
//! Not modelled: radiation, walls, rack steel, generators that restart the plant, fans that coast.
//!
//! # References
//! Pardey, Demetriou, Erden, VanGilder, Khalifa, Schmidt 2015 (ASHRAE Trans. 121: compact server
//! model); Khankari 2011 (rate of rise between air alone and all mass); Alkharabsheh et al. 2014
//! (servers dominate the stored heat); RAFSINE project (server mass and conductance).

mod event;
mod machines;
mod march;
mod mass;
mod plan;
mod result;
#[cfg(test)]
mod tests;

pub use event::{Event, RideOptions, RideThroughCase};
pub use mass::{ASSUMED_IT_KG, IT_CONDUCTANCE_W_K_KG, IT_CP_J_KGK};
pub use plan::{PlanEvent, question_of_plan, ride_through_of_plan};
pub use result::{HeatBook, Picture, RackRide, RideEffort, RideThrough};

use super::error::AirError;
use super::result::AirState;
use super::solve::solve;
use crate::evaluate::cancel::{CancelToken, Cancelled};

/// Hears of each step how much of the march is done, 0 to 1; `false` cancels it.
pub type RideWatcher<'w> = dyn FnMut(f64) -> bool + 'w;

/// Answers a question, from the settled state of the same hall and cell size when one is at hand.
pub fn ride_through(
    question: &RideThroughCase,
    settled: Option<&AirState>,
    cancel: &CancelToken,
    watch: &mut RideWatcher,
) -> Result<RideThrough, AirError> {
    question.case.check()?;
    question.options.check()?;
    if !watch(0.0) {
        return Err(Cancelled.into());
    }
    let solved;
    let state = match settled {
        Some(state) => state,
        None => {
            solved = solve(&question.case, None, cancel)?.1;
            &solved
        }
    };
    let grid = super::grid::Grid::new(question.case.room_m, question.case.dx_m);
    let start = state.grids.iter().find(|g| g.grid == grid).ok_or(AirError::BadName {
        field: "settled".into(),
        problem: "the settled state belongs to another room or cell size".into(),
    })?;
    march::march(question, start, cancel, watch)
}
