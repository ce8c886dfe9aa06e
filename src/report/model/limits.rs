//! What the models leave out, and how wrong they may be.

use super::{Block, Cell, Column, Given, Section, Table};
use crate::units::display;

/// Model, method, what it leaves out.
const MODELS: [(&str, &str, &str); 8] = [
    (
        "Workload",
        "Roofline of every layer with measured efficiencies; small search over layouts",
        "Scheduler effects, speculative decoding, traffic bursts inside a minute",
    ),
    (
        "Fabric",
        "Counts from the topology; lengths routed along trays; share of the port rate for collectives",
        "Packet-level congestion, failures of single links",
    ),
    (
        "Storage",
        "Supply against need in bandwidth and capacity",
        "Metadata load, cache warm-up, small files",
    ),
    (
        "Power",
        "Balanced three-phase or DC load flow, normal state and every single outage",
        "Unbalance between phases, harmonics, short circuit, arc flash, protection",
    ),
    (
        "Air",
        "Potential flow and upwind transport of heat on a grid",
        "Jets, buoyancy, turbulence: use CFD before a margin of a few kelvin is relied on",
    ),
    (
        "Liquid",
        "Heat, flow and effectiveness of exchangers per loop",
        "Pressure balance between branches, transients, water chemistry",
    ),
    (
        "Plant",
        "Design day and a synthetic year from monthly climate",
        "Hourly weather files, controls, fouling",
    ),
    (
        "Economics",
        "Counted quantities times catalogue prices; annuity or straight line; sampled bands",
        "Quotes, taxes of the place, financing structure, residual value",
    ),
];

/// The section.
pub fn section(given: &Given<'_>) -> Section {
    let columns = vec![
        Column::text("Model"),
        Column::text("How it reckons"),
        Column::text("What it leaves out"),
        Column::text("How wrong it may be"),
    ];
    let mut table = Table::new("limits", "First-order models", columns);
    for (name, method, missing) in MODELS {
        let error = error_of(given, name);
        table.push(vec![
            Cell::text(name),
            Cell::text(method),
            Cell::text(missing),
            Cell::text(error),
        ]);
    }
    let coupling = &given.results.coupling;
    let settled = if coupling.settled { "settled" } else { "did not settle" };
    let words = format!(
        "The evaluation is first-order: it conserves energy and mass and it names limits, but it \
         does not replace the engineer of record. The coupling between heat and clocks {settled} \
         after {} iterations; the last change of a clock was {}.",
        coupling.iterations,
        display::percent(coupling.last_change * 100.0),
    );
    let blocks = vec![Block::Paragraph(words), Block::Table(table)];
    Section { id: "limits", title: "Accuracy and limits", blocks }
}

/// The error band where the evaluation carries one; else that there is none.
fn error_of(given: &Given<'_>, model: &str) -> String {
    let results = given.results;
    match model {
        "Air" => {
            let error = results.air.intake_error_k();
            format!(
                "Error bars of rack inlets: mean {}, worst rack {} (scatter in time, grid, model)",
                display::of(error.mean_k, "K", 2),
                display::of(error.worst_k, "K", 2)
            )
        }
        "Workload" => results.workload.tokens_per_s.filter(|b| b.base > 0.0).map_or_else(
            || "No output in this plan".into(),
            |b| {
                let share = |v: f64| display::signed(100.0 * (v / b.base - 1.0), 2);
                format!("Output {} % to {} %, the observed error", share(b.low), share(b.high))
            },
        ),
        "Economics" => results.economics.usd_per_mtok.filter(|p| p.base > 0.0).map_or_else(
            || "See the bands of the prices".into(),
            |p| {
                let share = |v: f64| display::signed(100.0 * (v / p.base - 1.0), 2);
                format!("$/M tokens {} % to {} % (P10–P90)", share(p.p10), share(p.p90))
            },
        ),
        _ => "See the appendix on validation".into(),
    }
}
