//! Refuses numbers that no plan has, before anything is priced.

use super::Band;
use super::case::{EconomicsCase, EconomicsError, Financing, OpexBasis};

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
    number("grid_g_kwh", case.carbon.grid_g_kwh, 1e4)?;
    number("embodied_t_year", case.carbon.embodied_t_year.unwrap_or(0.0), 1e12)?;
    band("price_usd_t", case.carbon.price_usd_t, 0.0, 1e6, "0 to 1,000,000 USD/t")
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
