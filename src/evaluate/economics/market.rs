//! Tariff, market and phases of a plan, from planning assumptions.
//!
//! Tokens are sold where somebody prices the tokens of this model (the catalogue, or the plan);
//! otherwise the GPUs are rented out, at the price of their kind.

use super::from_plan::Terms;
use super::quantities::{Operation, Quantities};
use super::terms::{
    Colocation, Investment, Phase, RentalPrice, Revenue, Tariff, TariffPeriod, Tax, TokenMix,
    TokenPrices,
};
use crate::evaluate::snapshot::ResolveError;
use crate::numerics::band::Band;
use crate::plan::Job;

/// Months in a year.
const MONTHS_PER_YEAR: f64 = 12.0;
/// Hours of a day.
const HOURS_PER_DAY: f64 = 24.0;
/// Largest share of a prompt that is not computed: its end is new in every request.
const MOST_CACHED: f64 = 0.99;
/// Most phases of a plan.
const MOST_PHASES: f64 = 12.0;

/// Time of use, and the day that the workload's peak hour shapes.
pub(super) fn tariff(t: &Terms) -> Result<Tariff, ResolveError> {
    let hour = |id: &str| t.chosen(id).map(|h| h.clamp(0.0, HOURS_PER_DAY) as u32);
    let factor = t.chosen("tou_peak_factor")?;
    let peak = TariffPeriod {
        name: "on-peak".to_owned(),
        days_share: t.chosen("tou_peak_days_share")?,
        from_h: hour("tou_peak_from_h")?.min(HOURS_PER_DAY as u32 - 1),
        hours: hour("tou_peak_hours")?,
        factor,
    };
    let load_shape = match &t.snapshot.plan.workload.job {
        Job::Serving(job) => Tariff::day_shape(job.peak_to_mean, t.chosen("load_peak_hour")?),
        Job::Training(_) => Vec::new(),
    };
    let periods = if factor == 1.0 { Vec::new() } else { vec![peak] };
    Ok(Tariff { periods, load_shape })
}

/// Input beside output, where the workload tells them apart.
pub(super) fn mix(t: &mut Terms, operation: &Operation) -> Result<Option<TokenMix>, ResolveError> {
    let output = operation.tokens_per_s.filter(|b| b.base > 0.0);
    let (Some(prompts), Some(output)) = (operation.prompts, output) else {
        return Ok(None);
    };
    t.evaluated("Prefill share of GPU time", "workload");
    let cached_share = prompts.cached_share.clamp(0.0, MOST_CACHED);
    Ok(Some(TokenMix {
        input_per_output: prompts.computed_tok_s / output.base / (1.0 - cached_share),
        cached_share,
        cached_cost_ratio: t.chosen("cached_token_cost_ratio")?,
        prefill_share: prompts.prefill_share,
    }))
}

pub(super) fn investment(t: &mut Terms) -> Result<Investment, ResolveError> {
    let revenue = revenue(t)?;
    let rate = t.chosen("tax_rate")?;
    let tax = Tax { rate: Band::exact(rate), write_off_years: t.chosen("tax_write_off_years")? };
    Ok(Investment {
        discount_rate: t.input("Cost of capital", "wacc")?,
        revenue,
        phases: phases(t)?,
        ramp_years: t.chosen("ramp_months")?.max(0.0) / MONTHS_PER_YEAR,
        residual_it: t.input("Residual value of servers", "residual_it_share")?,
        tax: (rate > 0.0).then_some(tax),
    })
}

/// Equal phases at equal distances.
fn phases(t: &Terms) -> Result<Vec<Phase>, ResolveError> {
    let count = t.chosen("build_phases")?.round().clamp(1.0, MOST_PHASES);
    let gap = t.chosen("phase_gap_months")?.max(0.0) / MONTHS_PER_YEAR;
    let phase = |i: u32| Phase { start_years: f64::from(i) * gap, share: 1.0 / count };
    Ok((0..count as u32).map(phase).collect())
}

fn revenue(t: &mut Terms) -> Result<Revenue, ResolveError> {
    match token_prices(t)? {
        Some(prices) => Ok(Revenue::Tokens(prices)),
        None => rental(t).map(Revenue::Rental),
    }
}

fn rental(t: &mut Terms) -> Result<RentalPrice, ResolveError> {
    const NAME: &str = "Rental price";
    let racks = t.snapshot.racks.iter();
    let kind = racks.filter_map(|r| r.accelerator.as_ref()).map(|a| a.id.clone()).min();
    let of_kind = kind.map(|id| format!("rental_usd_gpu_h_{id}"));
    let of_kind = of_kind.filter(|id| t.snapshot.catalog.assumptions.find(id).is_some());
    let id = match of_kind {
        Some(id) if !t.is_set("rental_usd_gpu_h") => id,
        _ => "rental_usd_gpu_h".to_owned(),
    };
    Ok(RentalPrice {
        usd_gpu_h: t.input(NAME, &id)?,
        change_year: t.input("Rental price path", "rental_price_change_year")?,
    })
}

/// Prices of this model's tokens: the plan's own, else the catalogue's for the model.
fn token_prices(t: &mut Terms) -> Result<Option<TokenPrices>, ResolveError> {
    if !matches!(t.snapshot.plan.workload.job, Job::Serving(_)) {
        return Ok(None);
    }
    let model = t.snapshot.model.id.clone();
    let mut price = |name: &str, kind: &str| {
        let general = format!("token_{kind}_usd_m");
        let of_model = format!("{general}_{model}");
        if t.is_set(&general) {
            t.input(name, &general).map(Some)
        } else if t.snapshot.catalog.assumptions.find(&of_model).is_some() {
            t.input(name, &of_model).map(Some)
        } else {
            Ok(None)
        }
    };
    let output = price("Price of output tokens", "output")?;
    let input = price("Price of input tokens", "input")?;
    let cached = price("Price of cached tokens", "cached")?;
    let Some(output) = output else { return Ok(None) };
    Ok(Some(TokenPrices {
        input: input.unwrap_or_default(),
        cached: cached.or(input).unwrap_or_default(),
        output,
        change_year: t.input("Token price path", "token_price_change_year")?,
    }))
}

pub(super) fn colocation(
    t: &mut Terms,
    quantities: &Quantities,
) -> Result<Option<Colocation>, ResolveError> {
    let usd_kw_month = t.input("Colocation rent", "colo_usd_kw_month")?;
    let it_kw = quantities.it_capacity_kw;
    Ok((it_kw > 0.0).then_some(Colocation { usd_kw_month, it_kw }))
}
