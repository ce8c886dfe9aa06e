//! Liquid: coolant loops from the racks to the CDUs.
//!
//! [`solve`] takes a self-contained [`LiquidCase`] and finds, for each loop with all CDUs running
//! and with one out, flows, temperatures, pump power and the facility water drawn. First-order: the
//! pipe network is one pressure drop and racks are balanced; a network solver can replace
//! `loop_state.rs` behind the same types.

mod case;
mod check;
mod coolant;
mod exchanger;
mod findings;
#[cfg(test)]
mod fixture;
mod from_plan;
mod grouping;
mod loop_state;
mod piping;
mod result;
mod solve;
#[cfg(test)]
mod tests;

pub use case::{
    CduGroup, CduRated, Coolant, FacilityWater, FlowNeed, LiquidCase, RackBranch, TcsLoop,
};
pub use check::LiquidError;
pub use coolant::Properties;
pub use from_plan::{CduQuantity, LiquidOfPlan, from_plan};
pub use result::{LiquidResult, LoopResult, LoopState, RackResult};
pub use solve::solve;
