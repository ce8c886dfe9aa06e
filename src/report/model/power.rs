//! The power chain: elements and outages; and the stranded-power ledger.

use super::loads::loading;
use super::{Block, Cell, Column, Given, RowRole, Section, Table, Tone, words};
use crate::evaluate::power::result::{ElementResult, ScenarioSummary};
use crate::units::display;

/// Outages listed at most; the worst come first.
const SCENARIOS_LISTED: usize = 24;

/// The power section.
pub fn section(given: &Given<'_>) -> Section {
    let totals = &given.results.power.totals;
    let words = format!(
        "Normal state: {} from the sources, {} to racks, {} to mechanical and house loads, {} lost \
         in the chain. Loading is against the continuous limit of each element.",
        display::power_w(totals.source_w),
        display::power_w(totals.rack_w),
        display::power_w(totals.served_w - totals.rack_w),
        display::power_w(totals.loss_w),
    );
    let blocks = vec![
        Block::Paragraph(words),
        Block::Table(losses(given)),
        Block::Table(elements(given)),
        Block::Table(scenarios(given)),
    ];
    Section { id: "power", title: "Power chain", blocks }
}

fn kind(element: &ElementResult) -> String {
    words::spaced(&serde_name(&element.kind))
}

/// The name that a plain enum has in files.
pub(super) fn serde_name(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn losses(given: &Given<'_>) -> Table {
    let columns = vec![Column::text("Class"), Column::number("Loss", "kW")];
    let mut table = Table::new("power_losses", "Losses by class of element", columns);
    let totals = &given.results.power.totals;
    for (kind, loss_w) in &totals.loss_by_kind_w {
        let name = words::spaced(&serde_name(kind));
        table.push(vec![Cell::text(name), Cell::number(loss_w / 1e3, 1)]);
    }
    table.push_as(RowRole::Total, vec![Cell::text("Total"), Cell::number(totals.loss_w / 1e3, 1)]);
    table
}

fn elements(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("Element"),
        Column::text("Class"),
        Column::text("Side"),
        Column::number("Rating", ""),
        Column::number("Delivered", "kW"),
        Column::number("Normal", "% of limit"),
        Column::number("Worst", "% of limit"),
        Column::text("In which outage"),
        Column::number("Drop", "%"),
    ];
    let mut table = Table::new("power_elements", "Elements", columns);
    for element in &given.results.power.elements {
        let rated = !element.capacity_unit.is_empty();
        let percent = |share: f64| loading(rated.then_some(share * 100.0));
        table.push(vec![
            Cell::text(element.name.clone()),
            Cell::text(kind(element)),
            Cell::text(element.feed.clone()),
            rating(element),
            Cell::number(element.p_out_w / 1e3, 1),
            percent(element.normal_of_limit()),
            percent(element.worst_of_limit()),
            Cell::text(element.worst_outage.as_deref().unwrap_or("normal state")),
            Cell::number(element.drop_percent, 2),
        ]);
    }
    table.noted(
        "Rating is the nameplate of the modules that are not spare. The continuous limit is a share \
         of it, set by the rule that applies to the element (NEC 210.20 / 215.3 or its data sheet).",
    )
}

fn rating(element: &ElementResult) -> Cell {
    if element.capacity_unit.is_empty() || !element.capacity.is_finite() {
        return Cell::none();
    }
    Cell::text(display::si(element.capacity, element.capacity_unit, 3).to_string())
}

fn scenarios(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("State"),
        Column::number("Racks lost", ""),
        Column::number("Other loads lost", ""),
        Column::number("Load lost", "kW"),
        Column::text("Most loaded element"),
        Column::number("Loading", "% of nameplate"),
    ];
    let mut table = Table::new("outages", "Outages examined", columns);
    let all = &given.results.power.scenarios;
    let mut order: Vec<&ScenarioSummary> = all.iter().collect();
    order.sort_by(|a, b| {
        let key = |s: &ScenarioSummary| (s.racks_lost, s.other_loads_lost);
        key(b).cmp(&key(a)).then(b.worst_loading.total_cmp(&a.worst_loading))
    });
    for scenario in order.into_iter().take(SCENARIOS_LISTED) {
        table.push(outage(scenario));
    }
    let listed = table.rows.len();
    table.noted(format!("{listed} of {} states, the hardest first.", all.len()))
}

fn outage(scenario: &ScenarioSummary) -> Vec<Cell> {
    let lost = |n: usize| {
        let tone = if n > 0 { Tone::Bad } else { Tone::Plain };
        Cell::count(n as u64).toned(tone)
    };
    vec![
        Cell::text(scenario.name.clone()),
        lost(scenario.racks_lost),
        lost(scenario.other_loads_lost),
        Cell::number(scenario.lost_w / 1e3, 1),
        scenario.worst_element.clone().map_or_else(Cell::none, Cell::text),
        Cell::number(scenario.worst_loading * 100.0, 0),
    ]
}

/// The stranded-power section.
pub fn stranded(given: &Given<'_>) -> Section {
    let ledger = &given.results.stranded;
    let mut table = Table::new(
        "stranded",
        "Ledger",
        vec![Column::text("Cause"), Column::number("Power", "MW")],
    );
    for cause in &ledger.causes {
        table.push(vec![Cell::text(cause.cause.clone()), Cell::number(cause.mw, 3)]);
    }
    table.push_as(RowRole::Total, vec![Cell::text("Total"), Cell::number(ledger.total_mw, 3)]);
    let columns =
        vec![Column::text("Limit"), Column::number("Used", "%"), Column::text("Measured on")];
    let mut limits = Table::new("limits_used", "How much of each limit is used", columns);
    for line in &given.results.bottleneck.uses {
        limits.push(vec![
            Cell::text(line.limit.label()),
            loading(Some(line.used_pct)),
            Cell::text(line.basis.clone()),
        ]);
    }
    let words =
        format!("Contracted power that makes no tokens. {}", given.results.bottleneck.reason);
    Section {
        id: "stranded",
        title: "Stranded power and limits",
        blocks: [
            vec![Block::Paragraph(words), Block::Table(table), Block::Table(limits)],
            super::resilience::ledgers(given),
        ]
        .concat(),
    }
}
