//! The cost over utilisation and price of electricity, and this plan against another.

use super::{Against, Block, Given, Table};
use crate::render::chart::money::iso_chart;
use crate::report::figure::{Bar, Figure};
use crate::study::{SideBySide, iso_cost, side_by_side};
use crate::units::display;

/// Points of the map along utilisation and price.
const GRID: (usize, usize) = (33, 23);
/// Changes listed that would flip the order.
const FLIPS: usize = 8;

/// The map; nothing where there is no cost per token or GPU-hour.
pub(super) fn map(given: &Given<'_>) -> Option<Block> {
    let map = iso_cost(&given.results.economics_case, GRID.0, GRID.1)?;
    Some(Block::Figure(Figure::Chart(iso_chart(&map))))
}

/// This plan beside the one that it is compared with.
pub(super) fn compared(given: &Given<'_>) -> Vec<Block> {
    let Some(against) = &given.context.against else { return Vec::new() };
    let Some(found) = side_by_side(&given.results.economics_case, &against.economics) else {
        let words = format!("{}: not comparable, it has no cost per token.", against.name);
        return vec![Block::Paragraph(words)];
    };
    let bars = bars(&found, against);
    let origin = bars.iter().map(|b| b.from).fold(f64::INFINITY, f64::min);
    let title = format!("{}, P10 to P90", found.comparison.headline.label());
    let mut blocks = Vec::new();
    if !bars.is_empty() {
        blocks.push(Block::Figure(Figure::Bars { title, bars, origin }));
    }
    blocks.push(Block::Table(table(&found, against)));
    blocks
}

fn bars(found: &SideBySide, against: &Against) -> Vec<Bar> {
    let names = ["A: this plan".to_owned(), format!("B: {}", against.name)];
    let sides = found.bands.iter().zip(names);
    sides
        .filter_map(|(band, label)| {
            let p = (*band)?;
            let text =
                format!("{} ({})", display::usd(p.base), display::band(p.p10, p.p90, display::usd));
            Some(Bar { label, from: p.p10, to: p.p90, text, whole: false })
        })
        .collect()
}

fn table(found: &SideBySide, against: &Against) -> Table {
    let c = &found.comparison;
    let share = |v: f64| display::percent(v * 100.0).to_string();
    let usd = |v: Option<f64>| v.map_or_else(|| display::NONE.to_owned(), display::usd);
    let mut facts = vec![
        ("B", against.name.clone()),
        ("A at its base, B at its base", format!("{}, {}", usd(c.a), usd(c.b))),
        ("B less A, P10, P50, P90 of common samples", c.difference.map(usd).join(", ")),
        ("Samples in which B is better", share(c.b_better)),
        ("The same if nothing were shared", share(c.b_better_unshared)),
        ("In words", c.words.clone()),
    ];
    if let Some(flips) = &found.flips {
        facts.push(("What would flip the order", flips.words.clone()));
        let listed = flips.flips.iter().skip(1).take(FLIPS);
        facts.extend(listed.map(|f| ("or", f.words.clone())));
    }
    Table::facts("compared", "This plan against another", facts).noted(format!(
        "Inputs that both plans share take the same values in the same sample and cancel: {}.",
        c.shared.len()
    ))
}
