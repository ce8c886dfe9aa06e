//! The economics case of a plan: its counted quantities at catalogue prices, on the financial
//! terms of the catalogue's planning assumptions, which the plan may override.

use super::Band;
use super::case::{
    AssetLives, Carbon, EconomicsCase, Energy, Financing, Production, Sampling, Water,
};
use super::lines;
use super::market;
use super::quantities::{Operation, Quantities};
use super::terms::{ClassRates, NamedSource, SourceNote};
use crate::evaluate::snapshot::{ResolveError, Snapshot};
use crate::plan::CapitalMethod;

/// Spread of the evaluated facility power below and above its value: load and climate are
/// modelled, weather years and controls are not; assumption.
const FACILITY_POWER_SPREAD: (f64, f64) = (0.05, 0.10);
/// Smallest share of hours that is priced; below it a cost per hour means nothing.
const SMALLEST_SHARE: f64 = 0.01;
/// Kilograms in a tonne.
const KG_PER_T: f64 = 1e3;

/// Reads planning assumptions and keeps who says so, by the input that they become.
pub(super) struct Terms<'a> {
    pub snapshot: &'a Snapshot,
    pub sources: Vec<NamedSource>,
}

impl Terms<'_> {
    /// The assumption `id`, which becomes the input of this name.
    pub fn input(&mut self, name: &str, id: &str) -> Result<Band, ResolveError> {
        let band = self.snapshot.assumption(id)?;
        if let Some(note) = note(self.snapshot, id) {
            self.source(name, note);
        }
        Ok(band)
    }

    /// The base of the assumption `id`, for terms that are chosen rather than uncertain.
    pub fn chosen(&self, id: &str) -> Result<f64, ResolveError> {
        Ok(self.snapshot.assumption(id)?.base)
    }

    /// Whether the plan sets the assumption itself.
    pub fn is_set(&self, id: &str) -> bool {
        self.snapshot.plan.finance.assumptions.contains_key(id)
    }

    pub fn source(&mut self, name: &str, note: SourceNote) {
        self.sources.push(NamedSource { input: name.to_owned(), note });
    }

    /// Notes that an input comes from another stage.
    pub fn evaluated(&mut self, name: &str, stage: &str) {
        let note = SourceNote {
            source: format!("found by the {stage} stage from this plan"),
            date: String::new(),
            badge: "evaluated".to_owned(),
            assumption: None,
        };
        self.source(name, note);
    }
}

fn note(snapshot: &Snapshot, id: &str) -> Option<SourceNote> {
    let entry = snapshot.catalog.assumptions.find(id)?;
    let own = snapshot.plan.finance.assumptions.contains_key(id);
    let (source, badge) = if own {
        ("set in this plan".to_owned(), "this plan")
    } else {
        (entry.provenance.source.clone(), entry.provenance.badge())
    };
    Some(SourceNote {
        source,
        date: if own { String::new() } else { entry.provenance.date.clone() },
        badge: badge.to_owned(),
        assumption: Some(id.to_owned()),
    })
}

/// Builds the case of a plan from what the other stages counted and found.
///
/// # Errors
/// A planning assumption that the catalogue lacks.
pub fn from_plan(
    snapshot: &Snapshot,
    quantities: &Quantities,
    operation: &Operation,
) -> Result<EconomicsCase, ResolveError> {
    let mut t = Terms { snapshot, sources: Vec::new() };
    let energy = energy(&mut t, operation)?;
    let water = Water {
        wue_l_kwh: operation.wue_l_kwh,
        price_usd_m3: t.input("Water price", "water_usd_m3")?,
    };
    let carbon = carbon(&mut t, quantities)?;
    let financing = match snapshot.plan.finance.method {
        CapitalMethod::Annuity => Financing::Annuity { wacc: t.input("Cost of capital", "wacc")? },
        CapitalMethod::StraightLine => Financing::StraightLine,
    };
    let class_rates = class_rates(&mut t)?;
    let lives = lives(&mut t)?;
    let production = production(&mut t, quantities, operation)?;
    let investment = Some(market::investment(&mut t)?);
    let colocation = market::colocation(&mut t, quantities)?;
    Ok(EconomicsCase {
        capex: lines::capex(snapshot, quantities),
        opex: lines::opex(snapshot, quantities),
        energy,
        water,
        carbon,
        financing,
        class_rates,
        lives,
        production,
        investment,
        colocation,
        sources: t.sources,
        sampling: Sampling::default(),
    })
}

fn energy(t: &mut Terms, operation: &Operation) -> Result<Energy, ResolveError> {
    let (below, above) = FACILITY_POWER_SPREAD;
    t.evaluated("Facility power", "power and cooling");
    Ok(Energy {
        facility_at_load_kw: Band::around(operation.facility_at_load_kw, below, above),
        idle_power_share: t.chosen("idle_power_share")?,
        peak_kw: operation.facility_peak_kw,
        it_share: operation.it_share.clamp(0.0, 1.0),
        price_usd_kwh: electricity(t)?,
        demand_usd_kw_month: t.input("Demand charge", "demand_charge_usd_kw_month")?,
        tariff: market::tariff(t)?,
    })
}

fn lives(t: &mut Terms) -> Result<AssetLives, ResolveError> {
    Ok(AssetLives {
        it: t.input("Life of servers and storage", "life_it_years")?,
        network: t.input("Life of network", "life_network_years")?,
        plant: t.input("Life of plant", "life_plant_years")?,
        building: t.input("Life of building", "life_building_years")?,
    })
}

/// A class has a rate of its own only where the plan gives it one.
fn class_rates(t: &mut Terms) -> Result<ClassRates, ResolveError> {
    let mut own = |name: &str, id: &str| {
        let name = format!("Cost of capital, {name}");
        if t.is_set(id) { t.input(&name, id).map(Some) } else { Ok(None) }
    };
    Ok(ClassRates {
        it: own("servers and storage", "wacc_it")?,
        network: own("network", "wacc_network")?,
        plant: own("plant", "wacc_plant")?,
        building: own("building", "wacc_building")?,
    })
}

fn production(
    t: &mut Terms,
    quantities: &Quantities,
    operation: &Operation,
) -> Result<Production, ResolveError> {
    let utilisation = t.input("Utilisation", "utilisation")?;
    let sold = utilisation * (operation.sold_share / utilisation.base);
    let available = t.input("Availability", "availability")? * operation.goodput;
    let tokens_per_s = operation.tokens_per_s.filter(|b| b.low > 0.0);
    if tokens_per_s.is_some() {
        t.evaluated("Tokens per second", "workload");
    }
    Ok(Production {
        gpus: quantities.gpus,
        sold_share: share(sold),
        availability: share(available),
        tokens_per_s,
        mix: market::mix(t, operation)?,
    })
}

/// A band of shares, kept within what can be priced.
fn share(band: Band) -> Band {
    let keep = |v: f64| v.clamp(SMALLEST_SHARE, 1.0);
    Band::new(keep(band.low), keep(band.base), keep(band.high))
}

/// The plan's own price, else the industrial one of the site, else that of its country.
fn electricity(t: &mut Terms) -> Result<Band, ResolveError> {
    const NAME: &str = "Electricity price";
    let snapshot = t.snapshot;
    let site = &snapshot.site.spec;
    let spread = snapshot.assumption("price_band_electricity")?;
    if let Some(base) = snapshot.plan.site.electricity_usd_kwh {
        t.source(NAME, of_plan());
        return Ok(spread * base);
    }
    if let Some(base) = site.industrial_usd_kwh {
        t.source(NAME, of_site(snapshot, "industrial_usd_kwh"));
        return Ok(spread * base);
    }
    let of_country = format!("electricity_usd_kwh_{}", site.country.to_lowercase());
    t.input(NAME, &of_country).or_else(|_| t.input(NAME, "electricity_usd_kwh"))
}

fn of_plan() -> SourceNote {
    SourceNote {
        source: "set in this plan".to_owned(),
        date: String::new(),
        badge: "this plan".to_owned(),
        assumption: None,
    }
}

fn of_site(snapshot: &Snapshot, field: &str) -> SourceNote {
    let by = snapshot.site.provenance_of(field);
    SourceNote {
        source: by.source.clone(),
        date: by.date.clone(),
        badge: by.badge().to_owned(),
        assumption: None,
    }
}

fn carbon(t: &mut Terms, quantities: &Quantities) -> Result<Carbon, ResolveError> {
    const GRID: &str = "Grid carbon";
    let snapshot = t.snapshot;
    let spread = snapshot.assumption("grid_carbon_spread")?;
    let grid = if let Some(known) = snapshot.plan.site.grid_carbon_g_kwh {
        t.source(GRID, of_plan());
        spread * known
    } else if let Some(known) = snapshot.site.spec.grid_carbon_g_kwh {
        t.source(GRID, of_site(snapshot, "grid_carbon_g_kwh"));
        spread * known
    } else {
        t.input(GRID, "grid_carbon_g_kwh")?
    };
    let boards = f64::from(quantities.gpus) / KG_PER_T;
    let embodied = t.input("Embodied carbon", "embodied_kgco2e_per_gpu")? * boards;
    Ok(Carbon {
        grid_g_kwh: grid,
        embodied_t: (quantities.gpus > 0).then_some(embodied),
        price_usd_t: t.input("Carbon price", "carbon_usd_t")?,
    })
}
