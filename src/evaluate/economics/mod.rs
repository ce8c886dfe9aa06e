//! Economics: from quantities to dollars per GPU-hour and per million tokens.
//!
//! [`solve`] prices an [`EconomicsCase`]: lines of capital and running cost with low, base and
//! high prices, energy, water, carbon, asset lives and the cost of capital, against the GPU-hours
//! and tokens produced. Items without a price are listed, never counted as nothing.

mod case;
mod check;
mod cost;
pub mod finance;
mod from_plan;
mod lines;
mod prices;
mod quantities;
mod result;
mod solve;
mod spread;
#[cfg(test)]
mod tests;

pub use crate::numerics::band::Band;
pub use case::{
    AssetClass, AssetLives, CapexLine, Carbon, EconomicsCase, EconomicsError, Energy, Financing,
    OpexBasis, OpexLine, Production, Sampling, Subsystem, Water,
};
pub use from_plan::from_plan;
pub use quantities::{Operation, Quantities, Quantity};
pub use result::{
    BilledLine, CapexTotal, CostPart, EconomicsResult, Percentiles, TornadoBar, UnpricedItem,
    WaterfallStep,
};
pub use solve::solve;
