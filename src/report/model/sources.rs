//! Planning assumptions and catalogue entries, each with who says so.

use super::{Block, Cell, Column, Given, Section, Table, Tone, words};
use crate::catalog::Table as Entries;
use crate::catalog::{AssumptionSpec, Catalog, Entry, Provenance};
use crate::format::embed::used_entries;

/// The assumptions section.
pub fn assumptions(given: &Given<'_>) -> Section {
    let words = "Every constant of the evaluation that is not physics, with its band; \
                 electricity prices of other countries are left out. \
                 \"Unverified\" marks values whose source nobody has read for this catalogue; \
                 \"set in this plan\" marks values that the planner changed.";
    let columns = vec![
        Column::text("Assumption"),
        Column::number("Low", ""),
        Column::number("Value", ""),
        Column::number("High", ""),
        Column::text("Unit"),
        Column::text("Source"),
        Column::text("Date"),
        Column::text("Badge"),
    ];
    let mut table = Table::new("assumptions", "", columns);
    for entry in given.catalog.assumptions.iter().filter(|e| matters(given, &e.id)) {
        table.push(assumption(given, entry));
    }
    let blocks = vec![Block::Paragraph(words.into()), Block::Table(table)];
    Section { id: "assumptions", title: "Assumptions", blocks }
}

/// Whether an assumption can matter here: electricity of other countries can not.
fn matters(given: &Given<'_>, id: &str) -> bool {
    let site = given.catalog.sites.get(&given.plan.site.site);
    let of_country = |country: &str| id == words::country_price(country);
    !id.starts_with(&words::country_price("")) || site.is_some_and(|s| of_country(&s.spec.country))
}

fn assumption(given: &Given<'_>, entry: &Entry<AssumptionSpec>) -> Vec<Cell> {
    let spec = &entry.spec;
    let own = given.plan.finance.assumptions.get(&entry.id).copied();
    let badge = match own {
        Some(_) => Cell::text("set in this plan").toned(Tone::Warn),
        None => badge(&entry.provenance),
    };
    let [low, value, high] = match own {
        Some(v) => [v, v, v],
        None => [spec.low, spec.value, spec.high],
    };
    vec![
        Cell::text(entry.name.clone()),
        Cell::significant(low, 3),
        Cell::significant(value, 3),
        Cell::significant(high, 3),
        Cell::text(spec.unit.clone()),
        Cell::text(entry.provenance.source.clone()).toned(Tone::Muted),
        Cell::text(entry.provenance.date.clone()).toned(Tone::Muted),
        badge,
    ]
}

fn badge(by: &Provenance) -> Cell {
    let tone = if by.is_unverified() { Tone::Warn } else { Tone::Plain };
    Cell::text(by.badge()).toned(tone)
}

/// The catalogue section: entries that the plan uses.
pub fn entries(given: &Given<'_>) -> Section {
    let used = used_entries(given.plan, given.catalog);
    let words = "Equipment, models and sites that this plan uses or that its generators choose \
                 from. The plan file embeds these entries, so it reopens the same.";
    let columns = vec![
        Column::text("Kind"),
        Column::text("Entry"),
        Column::text("Maker"),
        Column::text("Source"),
        Column::text("Date"),
        Column::text("Badge"),
    ];
    let mut table = Table::new("entries", "", columns);
    fill(&mut table, &used);
    let blocks = vec![Block::Paragraph(words.into()), Block::Table(table)];
    Section { id: "entries", title: "Catalogue entries used", blocks }
}

fn fill(table: &mut Table, used: &Catalog) {
    list(table, "Accelerator", &used.accelerators);
    list(table, "System", &used.systems);
    list(table, "Rack", &used.racks);
    list(table, "Cooling", &used.cooling);
    list(table, "Power", &used.power);
    list(table, "Network", &used.network);
    list(table, "Storage", &used.storage);
    list(table, "Model", &used.models);
    list(table, "Site", &used.sites);
}

fn list<S>(table: &mut Table, kind: &str, entries: &Entries<S>) {
    for entry in entries.iter() {
        table.push(vec![
            Cell::text(kind),
            Cell::text(entry.name.clone()),
            Cell::text(entry.vendor.clone()),
            Cell::text(entry.provenance.source.clone()).toned(Tone::Muted),
            Cell::text(entry.provenance.date.clone()).toned(Tone::Muted),
            badge(&entry.provenance),
        ]);
    }
}
