//! Network schedule: switches per tier, links, media and cable lengths by stock length.

use super::{Block, Cell, Column, Given, RowRole, Section, Table};
use crate::evaluate::fabric::{FabricResult, Tier};
use crate::units::display;

/// The section.
pub fn section(given: &Given<'_>) -> Section {
    let fabric = &given.results.fabric;
    let words = format!(
        "{} network ports on the fabric; at most {} fit this switch and topology. Largest \
         oversubscription from node to top {} : 1; bisection {} of a non-blocking fabric. Lengths \
         are routed rack to tray to rack.",
        display::count(fabric.endpoints),
        display::count(fabric.max_endpoints),
        display::sig(fabric.oversubscription, 3),
        display::percent(fabric.bisection_share * 100.0),
    );
    let blocks = vec![
        Block::Paragraph(words),
        Block::Table(switches(given, fabric)),
        Block::Table(tiers(fabric)),
        Block::Table(media(fabric)),
        Block::Table(cables(fabric)),
    ];
    Section { id: "network", title: "Network schedule", blocks }
}

fn switches(given: &Given<'_>, fabric: &FabricResult) -> Table {
    let name = given.catalog.network.get(&given.plan.fabric.switch);
    let model = name.map_or_else(|| given.plan.fabric.switch.to_string(), |e| e.name.clone());
    let columns = vec![Column::text("Tier"), Column::text("Model"), Column::number("Switches", "")];
    let mut table = Table::new("switches", "Switches", columns);
    let counts = &fabric.counts;
    for (tier, n) in [("Leaf", counts.leaf), ("Spine", counts.spine), ("Core", counts.core)] {
        if n > 0 {
            table.push(vec![Cell::text(tier), Cell::text(model.clone()), Cell::count(n)]);
        }
    }
    let total = vec![Cell::text("Total"), Cell::blank(), Cell::count(counts.total())];
    table.push_as(RowRole::Total, total);
    table.noted(format!(
        "{} nodes per group, {} groups; {} uplinks per leaf; typical power of switches and modules \
         {}, at most {}.",
        counts.nodes_per_group,
        counts.groups,
        counts.uplinks_per_leaf,
        display::power_w(fabric.typical_w),
        display::power_w(fabric.max_w),
    ))
}

const fn tier_name(tier: Tier) -> &'static str {
    match tier {
        Tier::NodeLeaf => "Node to leaf",
        Tier::LeafSpine => "Leaf to spine",
        Tier::SpineCore => "Spine to core",
    }
}

fn tiers(fabric: &FabricResult) -> Table {
    let columns = vec![
        Column::text("Links"),
        Column::number("Links", ""),
        Column::number("Total length", "m"),
        Column::number("Longest", "m"),
        Column::number("Oversubscription", ": 1"),
    ];
    let mut table = Table::new("links", "Links by tier", columns);
    for tier in &fabric.tiers {
        let over = (tier.oversubscription > 0.0).then_some(tier.oversubscription);
        table.push(vec![
            Cell::text(tier_name(tier.tier)),
            Cell::count(tier.links),
            Cell::number(tier.total_length_m, 0),
            Cell::number(tier.longest_m, 1),
            Cell::maybe(over, 2),
        ]);
    }
    let total = vec![
        Cell::text("Total"),
        Cell::count(fabric.tiers.iter().map(|t| t.links).sum::<u64>()),
        Cell::number(fabric.tiers.iter().map(|t| t.total_length_m).sum(), 0),
    ];
    table.push_as(RowRole::Total, total);
    table
}

fn media(fabric: &FabricResult) -> Table {
    let columns = vec![
        Column::text("Medium"),
        Column::number("Links", ""),
        Column::number("Switch modules", ""),
        Column::number("NIC modules", ""),
        Column::number("Cables", ""),
        Column::number("Length", "m"),
        Column::number("Power", "kW"),
    ];
    let mut table = Table::new("media", "Media", columns);
    for medium in fabric.media.iter().filter(|m| m.links > 0 || m.nic_modules > 0) {
        table.push(vec![
            Cell::text(medium.name.clone()),
            Cell::count(medium.links),
            Cell::count(medium.switch_modules),
            Cell::count(medium.nic_modules),
            Cell::count(medium.cables),
            Cell::number(medium.cable_length_m, 0),
            Cell::number(medium.power_w / 1e3, 1),
        ]);
    }
    table
}

fn cables(fabric: &FabricResult) -> Table {
    let columns = vec![
        Column::text("Cable"),
        Column::number("Stock length", "m"),
        Column::number("Cables", ""),
    ];
    let mut table = Table::new("cable_schedule", "Cables by stock length", columns);
    for medium in &fabric.media {
        for sku in &medium.skus {
            table.push(vec![
                Cell::text(medium.name.clone()),
                Cell::significant(sku.length_m, 2),
                Cell::count(sku.cables),
            ]);
        }
    }
    let all: u64 = fabric.media.iter().flat_map(|m| &m.skus).map(|s| s.cables).sum();
    table.push_as(RowRole::Total, vec![Cell::text("Total"), Cell::blank(), Cell::count(all)]);
    table
}
