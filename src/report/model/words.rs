//! Words for the plan's choices, and names of what findings point at.

use super::Given;
use crate::evaluate::finding::{Severity, Subject};
use crate::plan::{Coolant, FloorBuild, Job};
use crate::units::display;

/// One line: GPUs, model, place.
pub fn subtitle(given: &Given<'_>) -> String {
    let kpi = &given.results.kpi;
    let site = given.catalog.sites.get(&given.plan.site.site);
    let place = site.map_or_else(String::new, |s| format!(" · {}", s.name));
    let gpus = display::count(u64::from(kpi.gpus));
    let contract = display::of(given.plan.power.utility_mw, "MW contract", 3);
    format!("{gpus} GPUs · {contract} · {}{place}", job(given))
}

/// What the factory does.
pub fn job(given: &Given<'_>) -> String {
    let workload = &given.plan.workload;
    let model = given.catalog.models.get(&workload.model);
    let name = model.map_or_else(|| workload.model.to_string(), |m| m.name.clone());
    let verb = match workload.job {
        Job::Serving(_) => "serving",
        Job::Training(_) => "training",
    };
    format!("{verb} {name} in {}", workload.precision.label())
}

/// The word of a severity.
pub const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Info => "Info",
    }
}

/// The name of what a finding points at.
pub fn subject(given: &Given<'_>, subject: &Subject) -> String {
    match subject {
        Subject::Object(id) => given
            .plan
            .floor
            .object(*id)
            .map_or_else(|| format!("object {}", id.0), |object| object.name()),
        Subject::PowerElement(name)
        | Subject::Loop(name)
        | Subject::Fabric(name)
        | Subject::Plan(name) => name.clone(),
    }
}

/// Assumption for the price of electricity where the country has none of its own.
pub const COUNTRY_PRICE: &str = "electricity_usd_kwh";

/// Assumption for the price of electricity in a country.
pub fn country_price(country: &str) -> String {
    format!("{COUNTRY_PRICE}_{}", country.to_lowercase())
}

/// Slab or raised floor.
pub fn floor(build: FloorBuild) -> String {
    match build {
        FloorBuild::Slab => "slab".into(),
        FloorBuild::Raised { plenum_mm } => {
            format!("raised, {} plenum", display::mm(i64::from(plenum_mm)))
        }
    }
}

/// The coolant.
pub const fn coolant(coolant: Coolant) -> &'static str {
    match coolant {
        Coolant::Water => "treated water",
        Coolant::Pg25 => "25 % propylene glycol",
    }
}

/// Abbreviations of the field that a name written for programs has in small letters.
const ABBREVIATIONS: [&str; 4] = ["ups", "pdu", "rpp", "mv"];

/// A count with its noun in the right number.
pub fn counted(n: usize, noun: &str) -> String {
    let ending = if n == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", display::count(n as u64))
}

/// A name written for programs (`mv_feeder`) as words (`MV feeder`).
pub fn spaced(name: &str) -> String {
    let words: Vec<String> = name
        .split('_')
        .map(|w| if ABBREVIATIONS.contains(&w) { w.to_uppercase() } else { w.to_owned() })
        .collect();
    let mut text = words.join(" ");
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    text
}
