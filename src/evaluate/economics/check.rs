//! Refuses numbers that no plan has, before anything is priced.

use super::Band;
use super::case::{EconomicsCase, EconomicsError, Financing, OpexBasis};
use super::terms::{Investment, Revenue};

/// Largest sum taken seriously \[USD\]; a thousand times the largest campus announced.
const MAX_USD: f64 = 1.0e15;

pub(super) fn check(case: &EconomicsCase) -> Result<(), EconomicsError> {
    for line in &case.capex {
        number(&line.item, line.quantity, MAX_USD)?;
        if let Some(price) = line.unit_price_usd {
            band(&line.item, price, 0.0, MAX_USD, "0 or more")?;
        }
    }
    for line in &case.opex {
        match line.basis {
            OpexBasis::PerYear(usd) => band(&line.item, usd, 0.0, MAX_USD, "0 or more")?,
            OpexBasis::ShareOfCapex { share, .. } => {
                band(&line.item, share, 0.0, 1.0, "0 to 1 per year")?;
            }
        }
    }
    energy(case)?;
    for (field, life) in [
        ("lives.it", case.lives.it),
        ("lives.network", case.lives.network),
        ("lives.plant", case.lives.plant),
        ("lives.building", case.lives.building),
    ] {
        band(field, life, 0.5, 100.0, "0.5 to 100 years")?;
    }
    if let Financing::Annuity { wacc } = case.financing {
        band("wacc", wacc, 0.0, 1.0, "0 to 1 per year")?;
    }
    let made = &case.production;
    rates(case)?;
    terms(case)?;
    band("sold_share", made.sold_share, 0.01, 1.0, "0.01 to 1")?;
    band("availability", made.availability, 0.01, 1.0, "0.01 to 1")?;
    if let Some(tokens) = made.tokens_per_s {
        band(
            "tokens_per_s",
            tokens,
            1e-6,
            1e15,
            "above 0; leave it out for a plan without tokens",
        )?;
    }
    range("sampling.samples", f64::from(case.sampling.samples), 1.0, 1e6, "1 to 1,000,000")
}

fn energy(case: &EconomicsCase) -> Result<(), EconomicsError> {
    let e = &case.energy;
    band("facility_at_load_kw", e.facility_at_load_kw, 0.0, 1e9, "0 to 1e9 kW")?;
    range("idle_power_share", e.idle_power_share, 0.0, 1.0, "0 to 1")?;
    number("peak_kw", e.peak_kw, 1e9)?;
    range("it_share", e.it_share, 0.0, 1.0, "0 to 1")?;
    band("price_usd_kwh", e.price_usd_kwh, 0.0, 100.0, "0 to 100 USD/kWh")?;
    band("demand_usd_kw_month", e.demand_usd_kw_month, 0.0, 1e4, "0 to 10,000 USD/kW")?;
    number("wue_l_kwh", case.water.wue_l_kwh, 1e3)?;
    band("price_usd_m3", case.water.price_usd_m3, 0.0, 1e4, "0 to 10,000 USD/m³")?;
    tariff(case)?;
    band("grid_g_kwh", case.carbon.grid_g_kwh, 0.0, 1e4, "0 to 10,000 g/kWh")?;
    if let Some(t) = case.carbon.embodied_t {
        band("embodied_t", t, 0.0, 1e12, "0 to 1e12 t")?;
    }
    band("price_usd_t", case.carbon.price_usd_t, 0.0, 1e6, "0 to 1,000,000 USD/t")
}

fn tariff(case: &EconomicsCase) -> Result<(), EconomicsError> {
    let t = &case.energy.tariff;
    for period in &t.periods {
        range("tariff.days_share", period.days_share, 0.0, 1.0, "0 to 1")?;
        range("tariff.from_h", f64::from(period.from_h), 0.0, 23.0, "0 to 23")?;
        range("tariff.hours", f64::from(period.hours), 0.0, 24.0, "0 to 24")?;
        range("tariff.factor", period.factor, 0.0, 100.0, "0 to 100")?;
    }
    let hours = t.load_shape.len() as f64;
    if hours > 0.0 {
        range("tariff.load_shape", hours, 24.0, 24.0, "24 hours, or none")?;
        for share in &t.load_shape {
            range("tariff.load_shape", *share, 0.0, 24.0, "0 to 24")?;
        }
        let mean = t.load_shape.iter().sum::<f64>() / hours;
        range("tariff.load_shape", mean, 1.0 - 1e-6, 1.0 + 1e-6, "1 in the mean of the day")?;
    }
    Ok(())
}

fn rates(case: &EconomicsCase) -> Result<(), EconomicsError> {
    let r = &case.class_rates;
    for (field, rate) in [
        ("class_rates.it", r.it),
        ("class_rates.network", r.network),
        ("class_rates.plant", r.plant),
        ("class_rates.building", r.building),
    ] {
        if let Some(rate) = rate {
            band(field, rate, 0.0, 1.0, "0 to 1 per year")?;
        }
    }
    Ok(())
}

fn terms(case: &EconomicsCase) -> Result<(), EconomicsError> {
    if let Some(mix) = &case.production.mix {
        range("mix.input_per_output", mix.input_per_output, 0.0, 1e9, "0 or more")?;
        range("mix.cached_share", mix.cached_share, 0.0, 0.999, "0 to 0.999")?;
        range("mix.cached_cost_ratio", mix.cached_cost_ratio, 0.0, 1.0, "0 to 1")?;
        band("mix.prefill_share", mix.prefill_share, 0.0, 1.0, "0 to 1")?;
    }
    if let Some(colo) = &case.colocation {
        band("colocation.usd_kw_month", colo.usd_kw_month, 0.0, 1e5, "0 to 100,000 USD/kW")?;
        number("colocation.it_kw", colo.it_kw, 1e9)?;
    }
    case.investment.as_ref().map_or(Ok(()), investment)
}

fn investment(i: &Investment) -> Result<(), EconomicsError> {
    const PATH: &str = "above −1 to 1 per year";
    band("investment.discount_rate", i.discount_rate, 0.0, 1.0, "0 to 1 per year")?;
    let usd = |field: &str, price: Band| band(field, price, 0.0, 1e9, "0 or more");
    match &i.revenue {
        Revenue::Rental(r) => {
            usd("revenue.usd_gpu_h", r.usd_gpu_h)?;
            band("revenue.change_year", r.change_year, -0.95, 1.0, PATH)?;
        }
        Revenue::Tokens(p) => {
            usd("revenue.input", p.input)?;
            usd("revenue.cached", p.cached)?;
            usd("revenue.output", p.output)?;
            band("revenue.change_year", p.change_year, -0.95, 1.0, PATH)?;
        }
    }
    for phase in &i.phases {
        range("phases.start_years", phase.start_years, 0.0, 20.0, "0 to 20 years")?;
        range("phases.share", phase.share, 0.0, 1.0, "0 to 1")?;
    }
    let all: f64 = i.phases.iter().map(|p| p.share).sum();
    range("phases.share", all, 1.0 - 1e-6, 1.0 + 1e-6, "1 in sum over the phases")?;
    range("ramp_years", i.ramp_years, 0.0, 20.0, "0 to 20 years")?;
    band("residual_it", i.residual_it, 0.0, 1.0, "0 to 1")?;
    if let Some(tax) = &i.tax {
        band("tax.rate", tax.rate, 0.0, 0.9, "0 to 0.9")?;
        range("tax.write_off_years", tax.write_off_years, 0.5, 100.0, "0.5 to 100 years")?;
    }
    Ok(())
}

fn number(field: &str, value: f64, high: f64) -> Result<(), EconomicsError> {
    range(field, value, 0.0, high, "finite and not negative")
}

fn range(
    field: &str,
    value: f64,
    low: f64,
    high: f64,
    must: &'static str,
) -> Result<(), EconomicsError> {
    if value.is_finite() && value >= low && value <= high {
        Ok(())
    } else {
        Err(EconomicsError::BadInput { field: field.to_owned(), value, must })
    }
}

fn band(
    field: &str,
    b: Band,
    low: f64,
    high: f64,
    must: &'static str,
) -> Result<(), EconomicsError> {
    if !b.is_ordered() {
        let field = field.to_owned();
        return Err(EconomicsError::BadBand { field, low: b.low, base: b.base, high: b.high });
    }
    range(field, b.low, low, high, must)?;
    range(field, b.high, low, high, must)
}
