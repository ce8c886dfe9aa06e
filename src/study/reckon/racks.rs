//! Power of racks by what stands in them.

use super::Facts;
use super::sheet::{Sheet, evaluated, of_plan};
use crate::evaluate::economics::{Rule, SourceNote};
use crate::evaluate::snapshot::RackKind;
use crate::plan::{Contents, Object, ObjectId};
use std::collections::BTreeMap;

/// Relative difference below which two sums of power are the same.
const SAME: f64 = 1e-9;

/// Racks with the same contents.
#[derive(Clone, Debug, Default)]
struct Alike {
    racks: u32,
    design_w: f64,
    electric_w: f64,
    system: Option<String>,
    servers: u32,
}

fn contents_of(facts: &Facts<'_>, rack: ObjectId) -> Option<(String, u32)> {
    match facts.plan.floor.object(rack)? {
        Object::Rack(rack) => match rack.contents {
            Contents::Compute { system, count } => Some((system.to_string(), count)),
            _ => None,
        },
        _ => None,
    }
}

fn groups(facts: &Facts<'_>) -> BTreeMap<(RackKind, String), Alike> {
    let mut groups: BTreeMap<(RackKind, String), Alike> = BTreeMap::new();
    for rack in facts.results.racks.iter().filter(|r| r.electric_kw > 0.0) {
        let alike = groups.entry((rack.kind, rack.contents.clone())).or_default();
        alike.racks += 1;
        alike.design_w += rack.design_kw * 1e3;
        alike.electric_w += rack.electric_kw * 1e3;
        if alike.system.is_none()
            && let Some((system, servers)) = contents_of(facts, rack.id)
        {
            (alike.system, alike.servers) = (Some(system), servers);
        }
    }
    groups
}

/// Who states the design power of a rack of these.
fn design_source(facts: &Facts<'_>, alike: &Alike) -> SourceNote {
    let entry = alike.system.as_ref().and_then(|s| facts.catalog.systems.find(s));
    let Some(entry) = entry else { return of_plan("design power of the rack") };
    let stated = entry.spec.design_power_w.unwrap_or(0.0) * f64::from(alike.servers);
    let mean = alike.design_w / f64::from(alike.racks);
    if (stated - mean).abs() > SAME * mean {
        return of_plan("design power of single racks");
    }
    let by = entry.provenance_of("design_power_w");
    let servers = match alike.servers {
        1 => String::new(),
        n => format!("{n} × {} W each: ", entry.spec.design_power_w.unwrap_or(0.0)),
    };
    SourceNote {
        source: format!("{servers}{}", by.source),
        date: by.date.clone(),
        badge: by.badge().to_owned(),
        assumption: None,
    }
}

/// Who states the highest intake of a rack.
pub(super) fn limit_source(facts: &Facts<'_>, rack: ObjectId) -> SourceNote {
    let entry = contents_of(facts, rack).and_then(|(s, _)| facts.catalog.systems.find(&s));
    entry.map_or_else(
        || SourceNote {
            source: "planning limit of racks without a data sheet, with the site's altitude".into(),
            date: String::new(),
            badge: "assumption".into(),
            assumption: Some("inlet_max_default_c".into()),
        },
        |entry| {
            let by = entry.provenance_of("air_class");
            SourceNote {
                source: format!("air class of {}: {}", entry.name, by.source),
                date: by.date.clone(),
                badge: by.badge().to_owned(),
                assumption: None,
            }
        },
    )
}

/// One group: racks × design power × what is drawn of it.
fn group(sheet: &mut Sheet, facts: &Facts<'_>, at: usize, name: &str, alike: &Alike) -> usize {
    let n = sheet.leaf(
        (&format!("{name}: racks"), &format!("n{at}"), "racks"),
        f64::from(alike.racks),
        of_plan("racks on the floor"),
    );
    let each = alike.design_w / f64::from(alike.racks);
    let design = sheet.leaf(
        (&format!("{name}: design power"), &format!("d{at}"), "W"),
        each,
        design_source(facts, alike),
    );
    let mut parts = vec![n, design];
    let drawn = alike.electric_w / alike.design_w;
    if (drawn - 1.0).abs() > SAME {
        let note = evaluated("summary", "clocks held back by warm air or coolant");
        parts.push(sheet.leaf(("Drawn of the design power", &format!("c{at}"), ""), drawn, note));
    }
    sheet.rule((name, &format!("P{at}"), "W"), Rule::Product, parts)
}

/// Power of all racks at the design point.
pub(super) fn design(sheet: &mut Sheet, facts: &Facts<'_>) -> usize {
    let mut parts = Vec::new();
    for (at, ((kind, name), alike)) in groups(facts).iter().enumerate() {
        let at = at + 1;
        parts.push(if *kind == RackKind::Compute && alike.design_w > 0.0 {
            group(sheet, facts, at, name, alike)
        } else {
            let note = evaluated("fabric and storage", "typical power of what the racks hold");
            sheet.leaf((name, &format!("P{at}"), "W"), alike.electric_w, note)
        });
    }
    let sum: f64 = parts.iter().map(|p| sheet.nodes[*p].value).sum();
    let served = facts.results.power.totals.rack_w;
    if (served - sum).abs() > SAME * sum {
        let note = evaluated("power", "racks that no feed reaches in the normal state");
        parts.push(sheet.leaf(("Racks without power", "P0", "W"), served - sum, note));
    }
    sheet.rule(("IT power at the design point", "IT", "W"), Rule::Sum, parts)
}

/// Power of the IT while the job runs: systems at the power that their operations draw.
pub(super) fn working(sheet: &mut Sheet, facts: &Facts<'_>) -> usize {
    let results = facts.results;
    let mut parts = Vec::new();
    for (at, ((kind, name), alike)) in groups(facts).iter().enumerate() {
        if *kind != RackKind::Compute || alike.design_w <= 0.0 {
            continue;
        }
        let at = at + 1;
        let drawn = group(sheet, facts, at, name, alike);
        let of = |system: &String| results.workload.groups.iter().find(|g| g.system == *system);
        let fraction = alike.system.as_ref().and_then(of).map_or(1.0, |g| g.power_fraction);
        let note = evaluated("workload", "mean power of the operations of the job");
        let symbol = format!("f{at}");
        let share =
            sheet.leaf(("Drawn by the job, of that", &symbol, ""), fraction.clamp(0.0, 1.0), note);
        let name = format!("{name}, working");
        let symbol = format!("W{at}");
        parts.push(sheet.rule((&name, &symbol, "W"), Rule::Product, vec![drawn, share]));
    }
    for (name, symbol, w) in
        [("Network", "Wn", results.fabric.typical_w), ("Storage", "Ws", results.storage.power_w)]
    {
        if w > 0.0 {
            let note = evaluated("fabric and storage", "typical power");
            parts.push(sheet.leaf((name, symbol, "W"), w, note));
        }
    }
    sheet.rule(("IT power while working", "ITw", "W"), Rule::Sum, parts)
}
