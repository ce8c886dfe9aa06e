//! What the economics stage finds out.

use super::headline::{Headline, HeadlineSpread};
use super::result_investment::{ColocationResult, InvestmentResult};
use super::{Band, CapexLine, Subsystem};
use crate::evaluate::finding::Finding;
use serde::Serialize;

/// Capital of one subsystem.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CapexTotal {
    /// The subsystem.
    pub subsystem: Subsystem,
    /// Sum of its priced lines \[USD\].
    pub usd: Band,
    /// Lines without a price.
    pub unpriced_lines: u32,
}

/// A line that no source prices.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnpricedItem {
    /// The subsystem.
    pub subsystem: Subsystem,
    /// What it is.
    pub item: String,
    /// How much of it, in `unit`.
    pub quantity: f64,
    /// What is counted.
    pub unit: String,
}

/// A capital line with its total; the bill of materials.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BilledLine {
    /// The line as given.
    pub line: CapexLine,
    /// Quantity times unit price \[USD\]; `None` where there is no price.
    pub total_usd: Option<Band>,
}

/// A part of the yearly cost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostPart {
    /// Capital recovery or write-off of a subsystem.
    Capital(Subsystem),
    /// A running cost, by its name.
    Opex(String),
    /// Electricity by the kilowatt-hour.
    Energy,
    /// Charge on the peak demand.
    Demand,
    /// Water.
    Water,
    /// Price of emissions.
    Carbon,
}

/// One step of the cost waterfall; steps add up to the total.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WaterfallStep {
    /// The part.
    pub part: CostPart,
    /// Cost per year \[USD\].
    pub usd_year: f64,
    /// Cost per sold GPU-hour \[USD\]; `None` without GPUs.
    pub usd_gpu_h: Option<f64>,
}

/// Spread of a result over the samples, with the headline value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Percentiles {
    /// Every input at its base: the headline.
    pub base: f64,
    /// 10 % of samples lie below.
    pub p10: f64,
    /// Half of the samples lie below.
    pub p50: f64,
    /// 90 % of samples lie below.
    pub p90: f64,
}

/// What one input alone does to the cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TornadoBar {
    /// The input.
    pub input: String,
    /// Its values.
    pub values: Band,
    /// Cost with the input at its low value.
    pub at_low: f64,
    /// Cost with the input at its high value.
    pub at_high: f64,
}

impl TornadoBar {
    /// Length of the bar.
    #[must_use]
    pub fn swing(&self) -> f64 {
        (self.at_high - self.at_low).abs()
    }
}

/// The plan, priced.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EconomicsResult {
    /// Capital by subsystem, in the order of [`Subsystem::ALL`].
    pub capex: Vec<CapexTotal>,
    /// All priced capital \[USD\].
    pub capex_usd: Band,
    /// Capital lines with their totals, sorted by subsystem and item.
    pub bill: Vec<BilledLine>,
    /// Capital per installed GPU \[USD\]; `None` without GPUs.
    pub capex_per_gpu_usd: Option<f64>,
    /// Lines without a price; costs below leave them out and are too low by their price.
    pub unpriced: Vec<UnpricedItem>,
    /// Cost per year at base values \[USD\].
    pub annual_usd: f64,
    /// GPU-hours sold per year at base values.
    pub gpu_h_year: f64,
    /// Cost per sold GPU-hour \[USD\]; `None` without GPUs.
    pub usd_per_gpu_h: Option<Percentiles>,
    /// Cost per million tokens, input and output blended as in `tokens_per_s` \[USD\].
    pub usd_per_mtok: Option<Percentiles>,
    /// Tokens per joule of facility energy while working.
    pub tokens_per_j: Option<f64>,
    /// Tokens per joule of facility energy over the year, idle hours included.
    pub tokens_per_j_year: Option<f64>,
    /// Tokens per year at base values.
    pub tokens_year: Option<f64>,
    /// Average facility power \[kW\].
    pub average_kw: f64,
    /// Electricity per year \[kWh\].
    pub energy_kwh_year: f64,
    /// Water per year \[m³\].
    pub water_m3_year: f64,
    /// Emissions of operation per year, location based \[t CO₂e\].
    pub operational_t_year: f64,
    /// Emissions per million tokens, embodied ones included where known \[g CO₂e\].
    pub carbon_g_per_mtok: Option<f64>,
    /// Where a GPU-hour's cost comes from, in the order of [`CostPart`].
    pub waterfall: Vec<WaterfallStep>,
    /// Effect of each input on $/M tokens (or $/GPU-hour without tokens), longest bar first.
    pub tornado: Vec<TornadoBar>,
    /// Every headline that the case has, with its band.
    pub headlines: Vec<HeadlineSpread>,
    /// The factory as an investment; `None` without terms or without anything to sell.
    pub investment: Option<InvestmentResult>,
    /// The hall rented instead; `None` without terms.
    pub colocation: Option<ColocationResult>,
    /// Emissions embodied in the servers, per year of their life \[t CO₂e\].
    pub embodied_t_year: f64,
    /// Mean factor of the tariff on the energy price for even power and for the work's power.
    pub tariff_factors: (f64, f64),
    /// Things to know about the figures.
    pub findings: Vec<Finding>,
}

impl EconomicsResult {
    /// The band of a headline; `None` where the case lacks it.
    #[must_use]
    pub fn headline(&self, headline: Headline) -> Option<&HeadlineSpread> {
        self.headlines.iter().find(|h| h.headline == headline)
    }
}
