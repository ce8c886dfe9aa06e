//! Terms on which the factory buys power, sells its work and is paid for: tariff, market, phases.

use super::Band;
use serde::{Deserialize, Serialize};

/// Hours of a day.
pub const HOURS: usize = 24;

/// Hours and months in which a kilowatt-hour costs another price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TariffPeriod {
    /// Its name on the bill (`on-peak summer`).
    pub name: String,
    /// Share of the year's days in which it holds, 0–1; the seasons are told apart by it.
    pub days_share: f64,
    /// First hour of the day, 0–23.
    pub from_h: u32,
    /// Hours that it lasts, past midnight if need be, 0–24.
    pub hours: u32,
    /// Price in it over the energy price of the case.
    pub factor: f64,
}

/// How price and work vary over the day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tariff {
    /// Periods with a price of their own; all other hours cost the energy price. Where periods
    /// overlap, the differences from it add.
    pub periods: Vec<TariffPeriod>,
    /// Work sold in each hour of the day over its daily mean; an empty list is an even day.
    pub load_shape: Vec<f64>,
}

impl Tariff {
    /// One price, an even day.
    #[must_use]
    pub const fn flat() -> Self {
        Self { periods: Vec::new(), load_shape: Vec::new() }
    }

    /// A day whose busiest hour, `peak_h`, has `peak_to_mean` times the mean.
    #[must_use]
    pub fn day_shape(peak_to_mean: f64, peak_h: f64) -> Vec<f64> {
        crate::evaluate::day::shape(peak_to_mean, peak_h).to_vec()
    }

    /// Mean price factor of power that is drawn evenly, and of power that follows the work.
    #[must_use]
    pub fn factors(&self) -> (f64, f64) {
        let mut even = 1.0;
        let mut with_work = 1.0;
        for period in &self.periods {
            for h in 0..period.hours.min(HOURS as u32) {
                let hour = ((period.from_h + h) as usize) % HOURS;
                let extra = (period.factor - 1.0) * period.days_share / HOURS as f64;
                even += extra;
                with_work += extra * self.load_shape.get(hour).copied().unwrap_or(1.0);
            }
        }
        (even, with_work)
    }
}

/// Input and output of the tokens made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenMix {
    /// Prompt tokens billed, cached ones included, per output token.
    pub input_per_output: f64,
    /// Share of prompt tokens found in a cache, 0 to below 1.
    pub cached_share: f64,
    /// Cost of a cached prompt token over one that is computed, 0–1.
    pub cached_cost_ratio: f64,
    /// Share of GPU time that prefill takes, 0–1.
    pub prefill_share: Band,
}

/// Prices of tokens per million.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenPrices {
    /// Computed prompt tokens \[USD/M\].
    pub input: Band,
    /// Cached prompt tokens \[USD/M\].
    pub cached: Band,
    /// Output tokens \[USD/M\].
    pub output: Band,
    /// Yearly change, −0.3 is 30 % less every year.
    pub change_year: Band,
}

/// Rent of GPUs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RentalPrice {
    /// Price when the first phase opens \[USD per GPU-hour\].
    pub usd_gpu_h: Band,
    /// Yearly change, −0.2 is 20 % less every year.
    pub change_year: Band,
}

/// What is sold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revenue {
    /// GPU-hours.
    Rental(RentalPrice),
    /// Tokens.
    Tokens(TokenPrices),
}

/// A part of the factory and when it opens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// When it is paid and opens, years from the start.
    pub start_years: f64,
    /// Share of the factory, of its capital as of its capacity; all phases add up to 1.
    pub share: f64,
}

/// Tax on profit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tax {
    /// Share of taxable profit, 0 to below 1; a loss saves tax elsewhere in the company.
    pub rate: Band,
    /// Years of straight-line write-off for tax.
    pub write_off_years: f64,
}

/// The factory as an investment over the life of its servers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Investment {
    /// Rate at which money is discounted where the cost has none; otherwise the cost of capital.
    pub discount_rate: Band,
    /// What is sold, and for how much.
    pub revenue: Revenue,
    /// Phases in order of time.
    pub phases: Vec<Phase>,
    /// Years that a phase takes from opening to full sale, rising evenly.
    pub ramp_years: f64,
    /// Worth of servers and storage at the end of their life over their price, 0–1.
    pub residual_it: Band,
    /// Tax on profit; `None` is before tax.
    pub tax: Option<Tax>,
}

/// A hall rented instead of built.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Colocation {
    /// Rent per kilowatt of IT and month, energy apart \[USD\].
    pub usd_kw_month: Band,
    /// IT capacity rented \[kW\].
    pub it_kw: f64,
}

/// Costs of capital by class of asset; `None` shares the common one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClassRates {
    /// Servers and storage \[1/year\].
    pub it: Option<Band>,
    /// Switches, optics, cables \[1/year\].
    pub network: Option<Band>,
    /// Mechanical and electrical plant \[1/year\].
    pub plant: Option<Band>,
    /// Shell and land \[1/year\].
    pub building: Option<Band>,
}

/// Who says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceNote {
    /// The source.
    pub source: String,
    /// Its date.
    pub date: String,
    /// How well the number is founded, in a word: `vendor`, `assumption`, `unverified`,
    /// `this plan`, `evaluated`.
    pub badge: String,
    /// Catalogue id of the planning assumption, which the plan may set to a value of its own.
    pub assumption: Option<String>,
}

/// The source of one input, by the input's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedSource {
    /// Name of the input (`Electricity price`).
    pub input: String,
    /// Who says so.
    pub note: SourceNote,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tariff_weighs_hours_by_the_work_done_in_them() {
        let peak = TariffPeriod {
            name: "on-peak".into(),
            days_share: 1.0,
            from_h: 22,
            hours: 4,
            factor: 2.0,
        };
        let mut tariff = Tariff { periods: vec![peak], load_shape: Vec::new() };
        let (even, work) = tariff.factors();
        assert!((even - (1.0 + 4.0 / 24.0)).abs() < 1e-12 && (work - even).abs() < 1e-12);
        tariff.load_shape = Tariff::day_shape(1.23, 12.0);
        let mean: f64 = tariff.load_shape.iter().sum::<f64>() / 24.0;
        assert!((mean - 1.0).abs() < 1e-12);
        let (same, less) = tariff.factors();
        assert!((same - even).abs() < 1e-12 && less < even, "work is low at midnight");
        assert_eq!(Tariff::flat().factors(), (1.0, 1.0));
    }
}
