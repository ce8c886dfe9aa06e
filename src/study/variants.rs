//! Sensible variants of a plan: GPU system × cooling × fabric × density.

use super::fit::{servers_per_rack, with_system};
use crate::catalog::{Catalog, Confidence, Entry, SystemForm, SystemKey, SystemSpec};
use crate::plan::{Contents, Cooling, Plan, PlantKind};
use std::sync::Arc;

/// A variant before it is evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// What is different, in words.
    pub label: String,
    /// Name of the system, for the colour.
    pub system: String,
    /// Whether racks had to be left out because the new ones are wider.
    pub left_out: usize,
    /// The plan.
    pub plan: Plan,
}

/// Most variants of one study.
const MOST: usize = 240;
/// Oversubscriptions tried at the leaf, downlinks per uplink.
const OVERSUBSCRIPTION: [f64; 2] = [1.0, 2.0];

/// A cooling alternative.
struct Set {
    words: &'static str,
    change: fn(&mut Cooling),
}

/// Set points and plants for liquid-cooled systems: as drawn, warm water on dry coolers, cool
/// water on chillers (set points of the catalogue's flow tables).
const LIQUID: [Set; 3] = [
    Set { words: "as set", change: |_| {} },
    Set {
        words: "40 °C water, dry coolers",
        change: |c| {
            (c.tcs_supply_c, c.fws_supply_c) = (40.0, 36.0);
            c.liquid_plant = PlantKind::DryCooler;
        },
    },
    Set {
        words: "30 °C water, chillers",
        change: |c| {
            (c.tcs_supply_c, c.fws_supply_c) = (30.0, 26.0);
            c.liquid_plant = PlantKind::ChillerAir;
        },
    },
];

/// Set points for air-cooled systems within ASHRAE's recommended 18–27 °C.
const AIR: [Set; 3] = [
    Set { words: "as set", change: |_| {} },
    Set { words: "20 °C supply", change: |c| c.air_supply_c = 20.0 },
    Set { words: "25 °C supply", change: |c| c.air_supply_c = 25.0 },
];

/// The variants of a plan, the plan itself left out. Only systems that can be placed and whose
/// facts somebody vouches for; only set points that the system allows.
#[must_use]
pub fn variants(plan: &Plan, catalog: &Catalog) -> Vec<Variant> {
    let mut found = Vec::new();
    for entry in catalog.systems.iter().filter(|e| is_offered(e)) {
        let key = SystemKey::new(entry.id.as_str());
        for count in densities(entry, plan, catalog) {
            let (refitted, left_out) = with_system(plan, catalog, &key, count);
            let liquid = entry.spec.liquid_heat_fraction.unwrap_or(0.0) > 0.0;
            for set in if liquid { &LIQUID } else { &AIR } {
                let mut cooling = refitted.cooling.as_ref().clone();
                (set.change)(&mut cooling);
                if !allows(&entry.spec, &cooling) {
                    continue;
                }
                for over in OVERSUBSCRIPTION {
                    let mut next = refitted.clone();
                    next.cooling = Arc::new(cooling.clone());
                    Arc::make_mut(&mut next.fabric).oversubscription = over;
                    if next == *plan {
                        continue;
                    }
                    let racks = if count > 1 { format!(" × {count}") } else { String::new() };
                    found.push(Variant {
                        label: format!("{}{racks} · {} · {over}:1 fabric", entry.name, set.words),
                        system: entry.name.clone(),
                        left_out,
                        plan: next,
                    });
                }
            }
        }
    }
    found.truncate(MOST);
    found
}

fn is_offered(entry: &Entry<SystemSpec>) -> bool {
    // Without a price a variant would look cheaper than every priced one.
    entry.spec.missing_for_placing().is_empty()
        && entry.spec.price_usd.is_some()
        && matches!(entry.spec.form, SystemForm::Server | SystemForm::Rack)
        && entry.provenance.confidence != Confidence::Assumption
}

/// Systems per rack: all that fit and half of them, the drawn number where it is this system.
fn densities(entry: &Entry<SystemSpec>, plan: &Plan, catalog: &Catalog) -> Vec<u32> {
    let most = servers_per_rack(&entry.spec, catalog);
    let drawn = plan.floor.racks.iter().find_map(|r| match &r.contents {
        Contents::Compute { system, count } if system.as_str() == entry.id => Some(*count),
        _ => None,
    });
    let mut all = vec![most];
    all.extend(drawn);
    if most >= 4 {
        all.push(most / 2);
    }
    all.sort_unstable_by(|a, b| b.cmp(a));
    all.dedup();
    all
}

fn allows(spec: &SystemSpec, cooling: &Cooling) -> bool {
    let water = spec.liquid_supply_max_c.is_none_or(|most| cooling.tcs_supply_c <= most);
    let air = spec.inlet_max_c.is_none_or(|most| cooling.air_supply_c <= most);
    water && air
}
