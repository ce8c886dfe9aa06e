//! The economics case of a plan: its counted quantities at catalogue prices, on the financial
//! terms of the catalogue's planning assumptions, which the plan may override.

use super::Band;
use super::case::{
    AssetLives, Carbon, EconomicsCase, Energy, Financing, Production, Sampling, Water,
};
use super::lines;
use super::quantities::{Operation, Quantities};
use crate::evaluate::snapshot::{ResolveError, Snapshot};
use crate::plan::CapitalMethod;

/// Spread of the evaluated facility power below and above its value: load and climate are
/// modelled, weather years and controls are not; assumption.
const FACILITY_POWER_SPREAD: (f64, f64) = (0.05, 0.10);
/// Smallest share of hours that is priced; below it a cost per hour means nothing.
const SMALLEST_SHARE: f64 = 0.01;
/// Kilograms in a tonne.
const KG_PER_T: f64 = 1e3;

/// Builds the case of a plan from what the other stages counted and found.
pub fn from_plan(
    snapshot: &Snapshot,
    quantities: &Quantities,
    operation: &Operation,
) -> Result<EconomicsCase, ResolveError> {
    let of = |id: &str| snapshot.assumption(id);
    let (below, above) = FACILITY_POWER_SPREAD;
    Ok(EconomicsCase {
        capex: lines::capex(snapshot, quantities),
        opex: lines::opex(snapshot, quantities),
        energy: Energy {
            facility_at_load_kw: Band::around(operation.facility_at_load_kw, below, above),
            idle_power_share: of("idle_power_share")?.base,
            peak_kw: operation.facility_peak_kw,
            it_share: operation.it_share.clamp(0.0, 1.0),
            price_usd_kwh: electricity(snapshot)?,
            demand_usd_kw_month: of("demand_charge_usd_kw_month")?,
        },
        water: Water { wue_l_kwh: operation.wue_l_kwh, price_usd_m3: of("water_usd_m3")? },
        carbon: carbon(snapshot, quantities)?,
        financing: match snapshot.plan.finance.method {
            CapitalMethod::Annuity => Financing::Annuity { wacc: of("wacc")? },
            CapitalMethod::StraightLine => Financing::StraightLine,
        },
        lives: lives(snapshot)?,
        production: production(snapshot, quantities, operation)?,
        sampling: Sampling::default(),
    })
}

fn lives(snapshot: &Snapshot) -> Result<AssetLives, ResolveError> {
    Ok(AssetLives {
        it: snapshot.assumption("life_it_years")?,
        network: snapshot.assumption("life_network_years")?,
        plant: snapshot.assumption("life_plant_years")?,
        building: snapshot.assumption("life_building_years")?,
    })
}

fn production(
    snapshot: &Snapshot,
    quantities: &Quantities,
    operation: &Operation,
) -> Result<Production, ResolveError> {
    let utilisation = snapshot.assumption("utilisation")?;
    let sold = utilisation * (operation.sold_share / utilisation.base);
    let available = snapshot.assumption("availability")? * operation.goodput;
    Ok(Production {
        gpus: quantities.gpus,
        sold_share: share(sold),
        availability: share(available),
        tokens_per_s: operation.tokens_per_s.filter(|t| t.low > 0.0),
    })
}

/// A band of shares, kept within what can be priced.
fn share(band: Band) -> Band {
    let keep = |v: f64| v.clamp(SMALLEST_SHARE, 1.0);
    Band::new(keep(band.low), keep(band.base), keep(band.high))
}

/// The plan's own price, else the industrial one of the site, else that of its country.
fn electricity(snapshot: &Snapshot) -> Result<Band, ResolveError> {
    let site = &snapshot.site.spec;
    let spread = snapshot.assumption("price_band_electricity")?;
    if let Some(base) = snapshot.plan.site.electricity_usd_kwh.or(site.industrial_usd_kwh) {
        return Ok(spread * base);
    }
    let of_country = format!("electricity_usd_kwh_{}", site.country.to_lowercase());
    snapshot.assumption(&of_country).or_else(|_| snapshot.assumption("electricity_usd_kwh"))
}

fn carbon(snapshot: &Snapshot, quantities: &Quantities) -> Result<Carbon, ResolveError> {
    let of = |id: &str| snapshot.assumption(id);
    let known = snapshot.plan.site.grid_carbon_g_kwh.or(snapshot.site.spec.grid_carbon_g_kwh);
    let years = of("life_it_years")?.base;
    let boards_kg = of("embodied_kgco2e_per_gpu")?.base * f64::from(quantities.gpus);
    Ok(Carbon {
        grid_g_kwh: match known {
            Some(grid) => grid,
            None => of("grid_carbon_g_kwh")?.base,
        },
        embodied_t_year: (years > 0.0).then(|| boards_kg / KG_PER_T / years),
        price_usd_t: of("carbon_usd_t")?,
    })
}
