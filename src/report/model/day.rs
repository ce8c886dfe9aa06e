//! The day of open arrivals of a serving plan: a sentence, two charts, every hour in figures.

use super::performance::system_name;
use super::{Block, Cell, Column, Given, Table};
use crate::evaluate::workload::WorkloadGroup;
use crate::render::chart::{day, serving};
use crate::report::figure::Figure;

/// Milliseconds in a second.
const MS: f64 = 1e3;

/// What a group's day comes to.
pub(super) fn blocks(given: &Given<'_>, group: &WorkloadGroup, name: &str) -> Vec<Block> {
    let Some(of) = &group.day else { return Vec::new() };
    let limit = serving::sla(given.plan).and_then(|sla| sla.ttft_s);
    let mut charts = [day::demand(of), day::first_token(of, limit)];
    for chart in &mut charts {
        chart.title = format!("{}, {name}", chart.title);
    }
    let said = Block::Paragraph(format!("{name}. {}.", day::statement(of)));
    std::iter::once(said).chain(charts.map(|c| Block::Figure(Figure::Chart(c)))).collect()
}

/// Every hour of every group.
pub(super) fn hours(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("System"),
        Column::number("Hour", ""),
        Column::number("Requests", "per s"),
        Column::number("Of capacity", "%"),
        Column::number("In flight", "per replica"),
        Column::number("TTFT", "ms"),
        Column::number("TTFT of 99 %", "ms"),
        Column::number("TPOT", "ms"),
    ];
    let mut table = Table::new("day_of_load", "A day of requests", columns);
    for group in &given.results.workload.groups {
        for (h, hour) in group.day.iter().flat_map(|d| d.hours.iter().enumerate()) {
            table.push(vec![
                Cell::text(system_name(given, group)),
                Cell::count(h as u32),
                Cell::significant(hour.requests_s, 3),
                Cell::number(hour.utilisation * 100.0, 1),
                Cell::maybe(hour.in_flight, 1),
                Cell::maybe(hour.ttft_s.map(|s| s * MS), 0),
                Cell::maybe(hour.ttft_p99_s.map(|s| s * MS), 0),
                Cell::maybe(hour.tpot_s.map(|s| s * MS), 1),
            ]);
        }
    }
    table.noted(
        "Each hour a steady state, requests spread evenly over the replicas, every request \
         admitted; no times where more come than the replicas can take in. Capacity is what they \
         take within the service level.",
    )
}
