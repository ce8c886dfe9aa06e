//! Plant: heat rejection through the year.
//!
//! [`solve`] takes a self-contained [`PlantCase`]: the climate, the heat of each facility loop and
//! its equipment. It finds power, water and temperatures on the design day and through a synthetic
//! year. First-order: flat load, fitted monthly weather, no part-load curves of chillers; hourly
//! weather and equipment maps can replace `climate.rs` and `chiller.rs` behind the same types.
//!
//! Accuracy, against EnergyPlus 25.2 over 8,760 h in five climates (`tests::years_are_near_energyplus`
//! prints it), from monthly means alone: tower fan and pump energy −3..0 %, make-up water +2..+4 %,
//! dry-cooler fan and pump energy −13..−2 % (fans alone −27..−6 %: a single coil exponent stands
//! in for its two rated speeds), hours above the set point −10..+30 % and +60 h where they are few.
//! Chillers have not been validated.

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
pub use tower::{york_approach_k, york_covers};
