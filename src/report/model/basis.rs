//! Basis of design: what was asked for and under which conditions.

use super::{Block, Given, Section, Table, words};
use crate::catalog::{Entry, SiteSpec};
use crate::plan::{CapitalMethod, Drafts, Job, LoadBalancing, OpticsPolicy};
use crate::units::display::{self, NONE};

type Facts = Vec<(&'static str, String)>;

/// The section.
pub fn section(given: &Given<'_>) -> Section {
    let notes = given.plan.notes.trim();
    let mut blocks: Vec<Block> = Vec::new();
    if !notes.is_empty() {
        blocks.push(Block::Paragraph(notes.to_owned()));
    }
    let tables = [
        Table::facts("site", "Site and climate", site(given)),
        Table::facts("hall", "Hall", hall(given)),
        Table::facts("power_basis", "Power", power(given)),
        Table::facts("cooling_basis", "Cooling", cooling(given)),
        Table::facts("fabric_basis", "Fabric and storage", fabric(given)),
        Table::facts("workload_basis", "Workload", workload(given)),
        Table::facts("finance_basis", "Finance", finance(given)),
    ];
    blocks.extend(tables.map(Block::Table));
    Section { id: "basis", title: "Basis of design", blocks }
}

fn celsius(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |t| display::celsius(t).to_string())
}

fn shown(value: Option<f64>, unit: &str, digits: u32) -> String {
    display::maybe(value, unit, digits).to_string()
}

fn site(given: &Given<'_>) -> Facts {
    let chosen = &given.plan.site;
    let Some(entry) = given.catalog.sites.get(&chosen.site) else {
        return vec![("Site", chosen.site.to_string())];
    };
    let spec = &entry.spec;
    let or_site = |own: Option<f64>, site: Option<f64>| own.or(site);
    vec![
        ("Site", entry.name.clone()),
        ("Elevation", shown(chosen.elevation_m.or(Some(spec.elevation_m)), "m", 3)),
        ("Dry bulb exceeded 0.4 % of the year", celsius(Some(spec.design_db_c))),
        ("Wet bulb exceeded 0.4 % of the year", celsius(spec.design_wb_c)),
        ("Mean dry bulb", celsius(Some(spec.annual_mean_db_c))),
        ("Hours a year below 18 °C", shown(spec.hours_below_18c, "h", 3)),
        ("Electricity", shown(electricity(given, entry), "USD/kWh", 3)),
        (
            "Grid carbon",
            shown(or_site(chosen.grid_carbon_g_kwh, spec.grid_carbon_g_kwh), "g CO₂e/kWh", 3),
        ),
        ("Climate source", entry.provenance.source.clone()),
    ]
}

/// Base price: the plan's own, else the industrial one of the site, else the assumption for its
/// country, as in the economics.
fn electricity(given: &Given<'_>, site: &Entry<SiteSpec>) -> Option<f64> {
    let assumed = |id: &str| given.catalog.assumptions.find(id).map(|e| e.spec.value);
    let own = given.plan.site.electricity_usd_kwh.or(site.spec.industrial_usd_kwh);
    own.or_else(|| assumed(&words::country_price(&site.spec.country)))
        .or_else(|| assumed(words::COUNTRY_PRICE))
}

fn hall(given: &Given<'_>) -> Facts {
    let hall = &given.plan.hall;
    let metres = |mm: u32| display::fixed(f64::from(mm) / 1e3, 1);
    let area = f64::from(hall.size_x_mm) / 1e3 * f64::from(hall.size_y_mm) / 1e3;
    vec![
        ("Inner size", format!("{} × {} m", metres(hall.size_x_mm), metres(hall.size_y_mm))),
        ("Area", display::of(area, "m²", 3).to_string()),
        ("Clear height", format!("{} m", metres(hall.height_mm))),
        ("Floor", words::floor(hall.floor)),
        (
            "Ceiling return plenum",
            match hall.ceiling_plenum_mm {
                0 => "none".into(),
                mm => display::mm(i64::from(mm)).to_string(),
            },
        ),
        ("Allowed uniform floor load", display::of(hall.floor_load_kpa, "kPa", 3).to_string()),
        ("Racks", display::count(given.plan.floor.racks.len() as u64)),
        ("Cooling units on the floor", display::count(given.plan.floor.units.len() as u64)),
    ]
}

fn power(given: &Given<'_>) -> Facts {
    let power = &given.plan.power;
    let table = &given.catalog.power;
    let name = |key| table.get(key).map_or_else(|| key.to_string(), |e| e.name.clone());
    let none = || "none".to_owned();
    vec![
        ("Contract", display::of(power.utility_mw, "MW", 3).to_string()),
        ("Utility voltage", display::of(power.utility_kv, "kV", 3).to_string()),
        ("Redundancy scheme", power.scheme.label().into()),
        ("Distribution to racks", power.distribution.label().into()),
        ("Transformer", name(&power.transformer)),
        ("UPS", format!("{}{}", name(&power.ups), if power.ups_eco { ", eco mode" } else { "" })),
        ("Busway", name(&power.busway)),
        ("Generator", power.generator.as_ref().map_or_else(none, name)),
        ("Changed elements", display::count(power.overrides.len() as u64)),
    ]
}

fn cooling(given: &Given<'_>) -> Facts {
    let cooling = &given.plan.cooling;
    let cdu = given.catalog.cooling.get(&cooling.cdu);
    let spares = |n: u32| if n == 0 { "N".to_owned() } else { format!("N+{n}") };
    vec![
        ("Supply air", celsius(Some(cooling.air_supply_c))),
        ("Chilled water to air units", celsius(Some(cooling.chilled_water_c))),
        ("Coolant of the technology loop", words::coolant(cooling.coolant).into()),
        ("Technology loop supply", celsius(Some(cooling.tcs_supply_c))),
        ("Facility water supply", celsius(Some(cooling.fws_supply_c))),
        ("CDU", cdu.map_or_else(|| cooling.cdu.to_string(), |e| e.name.clone())),
        ("CDU redundancy", spares(cooling.spare_cdus)),
        ("Plant for liquid heat", cooling.liquid_plant.label().into()),
        ("Plant for air heat", cooling.air_plant.label().into()),
        ("Plant redundancy", spares(cooling.spare_plant_units)),
    ]
}

fn fabric(given: &Given<'_>) -> Facts {
    let (fabric, storage) = (&given.plan.fabric, &given.plan.storage);
    let switch = given.catalog.network.get(&fabric.switch);
    let appliance = given.catalog.storage.get(&storage.appliance);
    let appliance = appliance.map_or_else(|| storage.appliance.to_string(), |e| e.name.clone());
    vec![
        ("Topology", fabric.topology.label().into()),
        ("Switch", switch.map_or_else(|| fabric.switch.to_string(), |e| e.name.clone())),
        (
            "Oversubscription at the leaf",
            format!("{} : 1", display::sig(fabric.oversubscription, 2)),
        ),
        (
            "Media",
            match fabric.optics {
                OpticsPolicy::CopperFirst => "cheapest that reaches".into(),
                OpticsPolicy::OpticsOnly => "optics everywhere".into(),
            },
        ),
        (
            "Spreading of flows",
            match fabric.load_balancing {
                LoadBalancing::Ecmp => "hash per flow".into(),
                LoadBalancing::Adaptive => "adaptive".into(),
            },
        ),
        ("Storage", format!("{} × {appliance}", storage.count)),
    ]
}

fn workload(given: &Given<'_>) -> Facts {
    let mut facts = vec![("Job", words::job(given))];
    match &given.plan.workload.job {
        Job::Serving(job) => facts.extend([
            ("Mean prompt", format!("{} tokens", display::count(u64::from(job.input_tokens)))),
            ("Mean answer", format!("{} tokens", display::count(u64::from(job.output_tokens)))),
            ("Allowed time to first token", display::of(job.ttft_ms, "ms", 3).to_string()),
            ("Allowed time per output token", display::of(job.tpot_ms, "ms", 3).to_string()),
            ("Prompt found in a prefix cache", display::percent(job.cached_prompt_pct).to_string()),
            ("Serving engine", job.engine.label().into()),
            ("Deployment", job.deployment.label().into()),
            ("Speculative decoding", drafts(job.drafts)),
            ("Peak hour over daily mean", display::sig(job.peak_to_mean, 3)),
            ("Share of capacity asked for", display::percent(job.sold_pct).to_string()),
            ("Share of capacity sold", display::percent(given.results.kpi.sold_pct).to_string()),
        ]),
        Job::Training(job) => facts.extend([
            ("Sequence", format!("{} tokens", display::count(u64::from(job.sequence_tokens)))),
            ("Tokens per step", display::count(job.batch_tokens)),
            ("Weights trained", weights_trained(job.adapter_rank)),
            ("Tokens to train", job.tokens.map_or_else(|| "open".into(), tokens)),
            ("Scheduled share of the year", display::percent(job.scheduled_pct).to_string()),
        ]),
    }
    facts
}

fn tokens(count: f64) -> String {
    display::si(count, "tokens", 3).to_string()
}

fn weights_trained(adapter_rank: Option<u32>) -> String {
    adapter_rank.map_or_else(|| "all".into(), |rank| format!("adapters of rank {rank} (LoRA)"))
}

fn drafts(drafts: Option<Drafts>) -> String {
    drafts.map_or_else(
        || "none".into(),
        |d| {
            let accepted = display::sig(d.accepted, 3);
            format!("{} drafted per step, {accepted} accepted", d.drafted)
        },
    )
}

fn finance(given: &Given<'_>) -> Facts {
    let finance = &given.plan.finance;
    let method = match finance.method {
        CapitalMethod::Annuity => "annuity at the cost of capital",
        CapitalMethod::StraightLine => "straight-line depreciation, no cost of capital",
    };
    vec![
        ("Capital recovery", method.into()),
        (
            "Planning assumptions changed in this plan",
            display::count(finance.assumptions.len() as u64),
        ),
    ]
}
