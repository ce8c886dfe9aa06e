//! Economics: from quantities to dollars per GPU-hour and per million tokens.
//!
//! [`solve`] prices an [`EconomicsCase`]: lines of capital and running cost with low, base and
//! high prices, energy, water, carbon, asset lives and the cost of capital, against the GPU-hours
//! and tokens produced. Items without a price are listed, never counted as nothing.

mod case;
mod cash;
mod check;
mod compare;
mod cost;
mod explain;
pub mod finance;
mod flip;
mod from_plan;
mod graph;
mod headline;
mod inputs;
mod lines;
mod market;
mod model;
mod prices;
mod quantities;
mod result;
mod result_investment;
mod rule;
mod solve;
mod spread;
mod terms;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_questions;

pub use crate::numerics::band::Band;
pub use case::{
    AssetClass, AssetLives, CapexLine, Carbon, EconomicsCase, EconomicsError, Energy, Financing,
    OpexBasis, OpexLine, Production, Sampling, Subsystem, Water,
};
pub use compare::{Comparison, compare};
pub use explain::{Explained, Explanation};
pub use flip::{Flip, Flips, flips};
pub use from_plan::from_plan;
pub use headline::{Headline, HeadlineSpread};
pub use model::Model;
pub use quantities::{Operation, Prompts, Quantities, Quantity};
pub use result::{
    BilledLine, CapexTotal, CostPart, EconomicsResult, Percentiles, TornadoBar, UnpricedItem,
    WaterfallStep,
};
pub use result_investment::{CashYear, ColocationResult, Dependence, InvestmentResult};
pub use rule::Rule;
pub use solve::solve;
pub use terms::{
    ClassRates, Colocation, Investment, NamedSource, Phase, RentalPrice, Revenue, SourceNote,
    Tariff, TariffPeriod, Tax, TokenMix, TokenPrices,
};
