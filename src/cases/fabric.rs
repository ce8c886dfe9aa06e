//! Switch and cable counts against published tables.

use super::registry::readable;
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Topic};
use crate::evaluate::fabric::{CountInput, Counted, Topology, count_switches};
use serde::Deserialize;

const FILE: &str = include_str!("../../tests/cases/fabric/published_counts.json");

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    provenance: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    family: String,
    nodes: u32,
    nics_per_node: u32,
    switch_ports: u32,
    link_gbps: f64,
    leaf: u32,
    spine: u32,
    core: Option<u32>,
    cables_node_leaf: u64,
    cables_leaf_spine: u64,
    cables_spine_core: Option<u64>,
    #[serde(default)]
    appliance_links: u32,
    #[serde(default = "one")]
    max_breakout: u32,
}

const fn one() -> u32 {
    1
}

/// The shipped case.
#[must_use]
pub fn cases() -> Vec<Case> {
    vec![readable("published_counts", Topic::Fabric, case("published_counts", FILE))]
}

/// A case from a table of counts.
///
/// # Errors
/// A file that is not what it should be.
pub fn case(id: &str, text: &str) -> Result<Case, CaseError> {
    let file = read(id, text)?;
    for (i, row) in file.rows.iter().enumerate() {
        if row.switch_ports < 2 || row.nics_per_node == 0 || row.max_breakout == 0 {
            let problem = format!(
                "rows[{i}]: switch_ports, nics_per_node and max_breakout must be at least 2, 1 and 1"
            );
            return Err(CaseError::file(id, problem));
        }
    }
    let title = format!("Switches and cables of {} published designs", file.rows.len());
    let source = file.provenance.clone();
    Ok(Case::new(id, Topic::Fabric, title, source, move |cancel| {
        cancel.check()?;
        Ok(answer(&file.rows))
    }))
}

/// Rows with their provenance, or the bare list of rows.
fn read(id: &str, text: &str) -> Result<File, CaseError> {
    let fault = |e| CaseError::file(id, e);
    if text.trim_start().starts_with('[') {
        let rows = serde_json::from_str(text).map_err(fault)?;
        return Ok(File { provenance: "table of the user's own".into(), rows });
    }
    serde_json::from_str(text).map_err(fault)
}

fn count(row: &Row) -> Counted {
    count_switches(&CountInput {
        nodes: row.nodes,
        rails: row.nics_per_node,
        nic_gbit_s: row.link_gbps,
        switch_ports: row.switch_ports,
        port_gbit_s: row.link_gbps,
        max_breakout: row.max_breakout,
        appliance_links: row.appliance_links,
        topology: Topology::RailOptimised,
        leaf_oversubscription: 1.0,
        spine_oversubscription: 1.0,
    })
}

fn answer(rows: &[Row]) -> Answer {
    let mut quantities = Vec::new();
    let mut points = Vec::new();
    for row in rows {
        let got = count(row);
        let what = format!("{}, {} nodes", row.family, row.nodes);
        let theirs = [row.leaf, row.spine, row.core.unwrap_or(0)].map(f64::from);
        let ours = [got.counts.leaf, got.counts.spine, got.counts.core].map(f64::from);
        let total = |v: [f64; 3]| v.iter().sum::<f64>();
        // Counts must be equal: half a switch is no tolerance.
        let off = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).sum::<f64>();
        let switches =
            Quantity::difference(format!("Switches, {what}"), "", total(theirs), total(ours));
        quantities.push(Quantity { error: off, ..switches }.within(0.0));
        let cables =
            [row.cables_node_leaf, row.cables_leaf_spine, row.cables_spine_core.unwrap_or(0)]
                .map(|n| n as f64);
        let made = [got.node_leaf, got.leaf_spine, got.spine_core].map(|n| n as f64);
        let off = made.iter().zip(cables).map(|(a, b)| (a - b).abs()).sum::<f64>();
        let quantity =
            Quantity::difference(format!("Cables, {what}"), "", total(cables), total(made));
        quantities.push(Quantity { error: off, ..quantity }.within(0.0));
        points.push(Point::new(what, total(theirs), total(ours)));
    }
    let picture =
        Picture::Scatter { quantity: "Switches".into(), unit: "", points, band: None, log: true };
    Answer::of(quantities, picture)
}
