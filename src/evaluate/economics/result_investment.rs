//! What the investment and its alternatives find out.

use super::headline::Headline;
use serde::Serialize;

/// One year of the cash flow, at base values; year 0 is the start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CashYear {
    /// The year; money falls at its end.
    pub year: u32,
    /// Share of the capacity that is live, mean of the year, 0–1.
    pub live_share: f64,
    /// Sales \[USD\].
    pub revenue_usd: f64,
    /// Running cost \[USD\].
    pub running_usd: f64,
    /// Capital spent \[USD\].
    pub capital_usd: f64,
    /// Worth of what is left at the end of its life \[USD\].
    pub residual_usd: f64,
    /// Tax \[USD\].
    pub tax_usd: f64,
    /// Sum of the year \[USD\].
    pub net_usd: f64,
    /// Sum since the start \[USD\].
    pub cumulative_usd: f64,
    /// 10 % of samples of the year's sum lie below \[USD\].
    pub net_p10_usd: f64,
    /// 90 % of samples of the year's sum lie below \[USD\].
    pub net_p90_usd: f64,
    /// 10 % of samples of the sum since the start lie below \[USD\].
    pub cumulative_p10_usd: f64,
    /// 90 % of samples of the sum since the start lie below \[USD\].
    pub cumulative_p90_usd: f64,
}

/// The factory as an investment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InvestmentResult {
    /// What is sold, in words.
    pub revenue_basis: String,
    /// Sales of a full year at the prices of the start \[USD\].
    pub full_year_revenue_usd: f64,
    /// The cash flow, year 0 first.
    pub years: Vec<CashYear>,
    /// Net present value \[USD\].
    pub npv_usd: f64,
    /// All internal rates of return, ascending: none, one or several \[1/year\].
    pub internal_rates: Vec<f64>,
    /// Modified internal rate of return at the cost of capital \[1/year\].
    pub modified_rate: Option<f64>,
    /// Payback \[years\]; `None` if never.
    pub payback_years: Option<f64>,
    /// Discounted payback \[years\]; `None` if never.
    pub discounted_payback_years: Option<f64>,
    /// Utilisation at which the net present value is 0; above 1 no utilisation is enough, `None`
    /// where more sales only lose more.
    pub break_even_utilisation: Option<f64>,
    /// Sales price at which the net present value is 0, over the assumed one.
    pub break_even_price_level: Option<f64>,
    /// Share of samples with a net present value above 0, 0–1.
    pub gains_share: f64,
}

/// The rented hall beside the built one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ColocationResult {
    /// Rent of a year \[USD\].
    pub rent_usd_year: f64,
    /// Cost of a year \[USD\].
    pub annual_usd: f64,
    /// Capital that is not spent on power, cooling and building \[USD\].
    pub capital_saved_usd: f64,
    /// Share of samples in which renting the hall costs less per year, 0–1.
    pub cheaper_share: f64,
}

/// A headline that moves with an input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Dependence {
    /// The headline.
    pub headline: Headline,
    /// Percent that it changes when the input rises by 1 %; `None` where the headline is 0 or
    /// does not exist.
    pub elasticity: Option<f64>,
}
