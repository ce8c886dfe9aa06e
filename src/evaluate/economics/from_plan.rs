//! Prices the quantities of a plan.
//!
//! Every counted item becomes a line at its catalogue price. What is not counted piece by piece
//! (switchgear, power cable, other services, land and shell) is reckoned by the facility's design
//! power at published figures per kilowatt. Running cost beside energy is one published figure per
//! kilowatt of IT. The financial terms are planning assumptions of the catalogue, which the plan
//! may override.

use super::Band;
use super::case::{
    AssetLives, CapexLine, Carbon, EconomicsCase, Energy, Financing, OpexBasis, OpexLine,
    Production, Sampling, Subsystem, Water,
};
use super::prices::{Price, Prices, line};
use super::quantities::{Operation, Quantities, Quantity};
use crate::evaluate::snapshot::{ResolveError, Snapshot};
use crate::plan::CapitalMethod;

/// Spread of the evaluated facility power about its value: part load and climate are modelled,
/// weather years and controls are not; assumption.
const FACILITY_POWER_SPREAD: (f64, f64) = (0.05, 0.10);
/// Spread of electricity prices below and above the planning value (method of this program's
/// uncertainty table: −40 % / +80 %); assumption.
const ENERGY_PRICE_SPREAD: (f64, f64) = (0.40, 0.80);
/// Spread of the sold share below and above: 0.40 and 0.85 about 0.65; assumption.
const SOLD_SHARE_SPREAD: (f64, f64) = (0.385, 0.308);
/// Smallest shares that are priced; below them a cost per hour means nothing.
const SMALLEST_SHARE: f64 = 0.01;

/// Builds the case of a plan from what the other stages counted and found.
pub fn from_plan(
    snapshot: &Snapshot,
    quantities: &Quantities,
    operation: &Operation,
) -> Result<EconomicsCase, ResolveError> {
    let of = |id: &str| snapshot.assumption(id);
    let finance = &snapshot.plan.finance;
    Ok(EconomicsCase {
        capex: capex(snapshot, quantities),
        opex: opex(snapshot, quantities),
        energy: Energy {
            facility_at_load_kw: around(operation.facility_at_load_kw, FACILITY_POWER_SPREAD),
            idle_power_share: of("idle_power_share")?.base,
            peak_kw: operation.facility_peak_kw,
            it_share: operation.it_share.clamp(0.0, 1.0),
            price_usd_kwh: electricity(snapshot)?,
            demand_usd_kw_month: of("demand_charge_usd_kw_month")?,
        },
        water: Water { wue_l_kwh: operation.wue_l_kwh, price_usd_m3: of("water_usd_m3")? },
        carbon: Carbon {
            grid_g_kwh: grid_carbon(snapshot)?,
            embodied_t_year: None,
            price_usd_t: of("carbon_usd_t")?,
        },
        financing: match finance.method {
            CapitalMethod::Annuity => Financing::Annuity { wacc: of("wacc")? },
            CapitalMethod::StraightLine => Financing::StraightLine,
        },
        lives: AssetLives {
            it: of("life_it_years")?,
            network: of("life_network_years")?,
            plant: of("life_plant_years")?,
            building: of("life_building_years")?,
        },
        production: Production {
            gpus: quantities.gpus,
            sold_share: share(around(operation.sold_share, SOLD_SHARE_SPREAD)),
            availability: share(Band::exact(operation.availability)),
            tokens_per_s: operation.tokens_per_s.filter(|t| t.low > 0.0),
        },
        sampling: Sampling::default(),
    })
}

fn around(base: f64, (below, above): (f64, f64)) -> Band {
    Band::around(base, below, above)
}

/// A band of shares, kept within what can be priced.
fn share(band: Band) -> Band {
    let keep = |v: f64| v.clamp(SMALLEST_SHARE, 1.0);
    Band::new(keep(band.low), keep(band.base), keep(band.high))
}

/// The plan's own price, else the site's industrial one, else wholesale plus network charges.
fn electricity(snapshot: &Snapshot) -> Result<Band, ResolveError> {
    let site = &snapshot.site.spec;
    let known = snapshot.plan.site.electricity_usd_kwh.or(site.industrial_usd_kwh);
    if let Some(base) = known {
        return Ok(around(base, ENERGY_PRICE_SPREAD));
    }
    match site.wholesale_usd_kwh {
        Some(wholesale) => {
            Ok(around(wholesale, ENERGY_PRICE_SPREAD) + snapshot.assumption("network_usd_kwh")?)
        }
        None => snapshot.assumption("electricity_usd_kwh"),
    }
}

fn grid_carbon(snapshot: &Snapshot) -> Result<f64, ResolveError> {
    let known = snapshot.plan.site.grid_carbon_g_kwh.or(snapshot.site.spec.grid_carbon_g_kwh);
    known.map_or_else(|| Ok(snapshot.assumption("grid_carbon_g_kwh")?.base), Ok)
}

fn opex(snapshot: &Snapshot, quantities: &Quantities) -> Vec<OpexLine> {
    let price = Prices { snapshot }.assumed("opex_usd_kw_year");
    let line = |usd: Band| OpexLine {
        item: "Staff, maintenance and services".to_owned(),
        basis: OpexBasis::PerYear(usd * quantities.it_capacity_kw),
        source: price.source.clone(),
        date: price.date.clone(),
    };
    price.usd.map(line).into_iter().collect()
}

fn capex(snapshot: &Snapshot, q: &Quantities) -> Vec<CapexLine> {
    let p = Prices { snapshot };
    let mut lines = Vec::new();
    let mut add = |to: Subsystem, list: &[Quantity], unit: &str, price: &dyn Fn(&str) -> Price| {
        let bought = list.iter().filter(|item| item.amount > 0.0);
        lines.extend(bought.map(|item| line(to, item, unit, price(&item.key))));
    };
    add(Subsystem::Compute, &q.systems, "system", &|k| p.system(k));
    add(Subsystem::Compute, &q.racks, "rack", &|k| p.rack(k));
    add(Subsystem::Network, &q.switches, "switch", &|k| p.network(k));
    add(Subsystem::Network, &q.optics, "module", &|k| p.network(k));
    add(Subsystem::Network, &q.cables, "cable", &|k| p.cable(k));
    add(Subsystem::Storage, &q.storage, "appliance", &|k| p.storage(k));
    let power = Subsystem::Power;
    add(power, &q.transformers_kva, "kVA", &|k| p.power(k, "price_transformer_usd_kva"));
    add(power, &q.ups_kw, "kW", &|k| p.power(k, "price_ups_usd_kw"));
    add(power, &q.generators_kw, "kW", &|k| p.power(k, "price_generator_usd_kw"));
    add(power, &q.pdus_kva, "kVA", &|k| p.power(k, "price_pdu_usd_kva"));
    add(power, &q.busway_m, "m", &|_| p.assumed("price_busway_usd_m"));
    add(power, &q.rack_power_kw, "kW", &|k| p.power(k, "price_rack_power_usd_kw"));
    let cooling = Subsystem::Cooling;
    add(cooling, &q.cdus_kw, "kW", &|k| p.cooling(k, "price_cdu_usd_kw"));
    add(cooling, &q.air_coolers_kw, "kW", &|k| p.cooling(k, "price_air_cooler_usd_kw"));
    add(cooling, &q.plant_kw, "kW", &|k| p.cooling(k, "price_plant_usd_kw"));
    for (subsystem, item) in &q.extra {
        add(*subsystem, std::slice::from_ref(item), "piece", &|k| p.assumed(k));
    }
    for (to, name, amount, unit, id) in by_rating(q) {
        let item = Quantity { key: id.to_owned(), name: name.to_owned(), amount };
        add(to, &[item], unit, &|k| p.assumed(k));
    }
    lines
}

/// What is reckoned by a rating: subsystem, name, amount, unit and assumption.
fn by_rating(q: &Quantities) -> [(Subsystem, &'static str, f64, &'static str, &'static str); 6] {
    let (power, cooling, building) = (Subsystem::Power, Subsystem::Cooling, Subsystem::Building);
    [
        (power, "Switchgear", q.switchgear_kw, "kW", "price_switchgear_usd_kw"),
        (power, "Power cable", q.facility_kw, "kW", "price_power_cable_usd_kw"),
        (cooling, "Piping", q.piping_m, "m", "price_piping_usd_m"),
        (building, "Fire, controls, fit-out", q.facility_kw, "kW", "price_services_usd_kw"),
        (building, "Land and shell", q.facility_kw, "kW", "price_shell_usd_kw"),
        (building, "White space", q.hall_m2, "m²", "price_white_space_usd_m2"),
    ]
}
