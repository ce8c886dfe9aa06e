//! Racks and the electrical load schedule.

use super::{Block, Cell, Column, Given, RowRole, Section, Table, Tone};
use crate::evaluate::result::{RackFeed, RackSummary};
use crate::evaluate::snapshot::RackKind;

/// The section.
pub fn section(given: &Given<'_>) -> Section {
    let words = "Design is the largest sustained draw that feeds and cooling are sized for; drawn \
                 is the operating point of this evaluation. Amps are per line (AC) or pole (DC), \
                 in the normal state and in the worst examined outage.";
    let blocks = vec![
        Block::Paragraph(words.into()),
        Block::Table(summary(given)),
        Block::Table(schedule(given)),
        Block::Table(racks(given)),
    ];
    Section { id: "loads", title: "Load schedule", blocks }
}

/// Racks of the same contents.
fn summary(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("Contents"),
        Column::number("Racks", ""),
        Column::number("GPUs", ""),
        Column::number("Design", "kW"),
        Column::number("Drawn", "kW"),
        Column::number("Mean per rack", "kW"),
    ];
    let mut table = Table::new("rack_types", "Racks by contents", columns);
    for contents in distinct(given) {
        let alike: Vec<&RackSummary> =
            given.results.racks.iter().filter(|r| r.contents == contents).collect();
        let drawn: f64 = alike.iter().map(|r| r.electric_kw).sum();
        table.push(vec![
            Cell::text(contents),
            Cell::count(alike.len() as u64),
            Cell::count(alike.iter().map(|r| u64::from(r.gpus)).sum::<u64>()),
            Cell::number(alike.iter().map(|r| r.design_kw).sum(), 1),
            Cell::number(drawn, 1),
            Cell::number(drawn / alike.len().max(1) as f64, 1),
        ]);
    }
    let racks = &given.results.racks;
    table.push_as(
        RowRole::Total,
        vec![
            Cell::text("All racks"),
            Cell::count(racks.len() as u64),
            Cell::count(given.results.kpi.gpus),
            Cell::number(racks.iter().map(|r| r.design_kw).sum(), 1),
            Cell::number(racks.iter().map(|r| r.electric_kw).sum(), 1),
        ],
    );
    table
}

/// Kinds of contents, compute first.
fn distinct<'a>(given: &Given<'a>) -> Vec<&'a str> {
    let mut keyed: Vec<(RackKind, &str)> =
        given.results.racks.iter().map(|r| (r.kind, r.contents.as_str())).collect();
    keyed.sort_unstable();
    keyed.dedup();
    keyed.into_iter().map(|(_, contents)| contents).collect()
}

fn schedule(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("Rack"),
        Column::text("Contents"),
        Column::number("Design", "kW"),
        Column::number("Drawn", "kW"),
        Column::text("Feed 1"),
        Column::number("Normal", "A"),
        Column::number("Worst", "A"),
        Column::text("Feed 2"),
        Column::number("Normal", "A"),
        Column::number("Worst", "A"),
        Column::number("Worst loading", "% of limit"),
    ];
    let mut table = Table::new("load_schedule", "Load schedule by rack", columns);
    for rack in &given.results.racks {
        table.push(line(rack));
    }
    let racks = &given.results.racks;
    table.push_as(
        RowRole::Total,
        vec![
            Cell::text("Total"),
            Cell::blank(),
            Cell::number(racks.iter().map(|r| r.design_kw).sum(), 1),
            Cell::number(racks.iter().map(|r| r.electric_kw).sum(), 1),
        ],
    );
    table
}

fn line(rack: &RackSummary) -> Vec<Cell> {
    let feed = |at: usize| rack.feeds.get(at);
    let name = |f: Option<&RackFeed>| f.map_or_else(Cell::none, |f| Cell::text(f.element.clone()));
    let amps = |f: Option<&RackFeed>| Cell::maybe(f.map(|f| f.amps), 0);
    let worst = |f: Option<&RackFeed>| Cell::maybe(f.map(|f| f.worst_amps), 0);
    vec![
        Cell::text(rack.name.clone()),
        Cell::text(rack.contents.clone()),
        Cell::number(rack.design_kw, 1),
        Cell::number(rack.electric_kw, 1),
        name(feed(0)),
        amps(feed(0)),
        worst(feed(0)),
        name(feed(1)),
        amps(feed(1)),
        worst(feed(1)),
        loading(rack.feed_worst_pct),
    ]
}

/// What each rack is, weighs, costs and gives.
fn racks(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("Rack"),
        Column::number("GPUs", ""),
        Column::number("Mass", "kg"),
        Column::number("Floor load", "kPa"),
        Column::number("Clock", "% of nominal"),
        Column::number("GPUs in use", "%"),
        Column::number("Output", "tok/s"),
        Column::number("Stranded", "kW"),
        Column::number("Price of contents", "USD"),
    ];
    let mut table = Table::new("racks", "Racks", columns);
    for rack in &given.results.racks {
        table.push(rack_line(rack));
    }
    let racks = &given.results.racks;
    let output: f64 = racks.iter().filter_map(|r| r.tok_s).sum();
    let mut total = vec![Cell::text("Total"), Cell::count(given.results.kpi.gpus)];
    total.resize_with(6, Cell::blank);
    total.push(Cell::number(output, 0));
    total.push(Cell::number(racks.iter().map(|r| r.stranded_kw).sum(), 1));
    table.push_as(RowRole::Total, total);
    table.noted(
        "Price is that of the systems inside; frames, network and storage are priced in the bill \
         of materials.",
    )
}

fn rack_line(rack: &RackSummary) -> Vec<Cell> {
    let holds_gpus = rack.gpus > 0;
    let price = if holds_gpus { Cell::price(rack.price_usd) } else { Cell::none() };
    vec![
        Cell::text(rack.name.clone()),
        Cell::count(rack.gpus),
        Cell::maybe(rack.mass_kg, 0),
        Cell::maybe(rack.floor_kpa, 1),
        Cell::maybe(holds_gpus.then_some(rack.clock * 100.0), 1),
        Cell::maybe(holds_gpus.then_some(rack.utilisation * 100.0), 0),
        Cell::maybe(rack.tok_s, 0),
        Cell::number(rack.stranded_kw, 1),
        price,
    ]
}

/// A loading in percent of a limit; past the limit it is marked.
pub fn loading(percent: Option<f64>) -> Cell {
    let cell = Cell::maybe(percent, 0);
    if percent.is_some_and(|p| p > 100.0) {
        Cell { text: format!("{} over", cell.text), tone: Tone::Bad, ..cell }
    } else {
        cell
    }
}
