//! Plant: heat rejection through the year.
//!
//! [`solve`] takes a self-contained [`PlantCase`]: the climate, the heat of each facility loop and
//! its equipment. It finds power, water and temperatures on the design day and through a synthetic
//! year. First-order: flat load, fitted monthly weather, no part-load curves of chillers; hourly
//! weather and equipment maps can replace `climate.rs` and `chiller.rs` behind the same types.

mod case;
mod check;
mod chiller;
mod climate;
mod dry_cooler;
mod equipment;
mod findings;
#[cfg(test)]
mod fixture;
mod from_plan;
mod prepared;
pub mod psychrometrics;
mod result;
mod solve;
#[cfg(test)]
mod tests;
mod tower;
mod water_chiller;

pub use case::{
    Adiabatic, Chillers, Climate, DryCoolers, FanControl, Fluid, MONTHS, Plant, PlantCase,
    PlantLoop, Pump, Towers, Units,
};
pub use check::PlantError;
pub use from_plan::{CHW, FWS, LoopHeat, PlantOfPlan, PlantQuantity, from_plan};
pub use prepared::pump_w;
pub use result::{ClimateFit, MonthResult, PlantLoopResult, PlantPoint, PlantResult, PowerSplit};
pub use solve::solve;
