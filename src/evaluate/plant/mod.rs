//! Plant: heat rejection through the year.

mod case;
mod result;

pub use case::{
    Adiabatic, Chillers, Climate, DryCoolers, FanControl, Fluid, MONTHS, Plant, PlantCase,
    PlantLoop, Pump, Towers, Units,
};
pub use result::{ClimateFit, MonthResult, PlantLoopResult, PlantPoint, PlantResult, PowerSplit};
