//! Bill of materials: every counted item with its price band. An item without a price says
//! "unpriced" and is in no sum.

use super::{Block, Cell, Column, Given, RowRole, Section, Table, Tone};
use crate::evaluate::economics::{BilledLine, EconomicsResult, Subsystem};
use crate::numerics::band::Band;

/// Columns of the bill, in the order of its cells.
pub mod column {
    /// What it is.
    pub const ITEM: usize = 0;
    /// How much.
    pub const QUANTITY: usize = 1;
    /// In what unit.
    pub const UNIT: usize = 2;
    /// Unit price, low.
    pub const PRICE_LOW: usize = 3;
    /// Unit price, base.
    pub const PRICE_BASE: usize = 4;
    /// Unit price, high.
    pub const PRICE_HIGH: usize = 5;
    /// Quantity times base price.
    pub const TOTAL: usize = 6;
    /// Who says so.
    pub const SOURCE: usize = 7;
    /// When.
    pub const DATE: usize = 8;
}

/// The section.
pub(super) fn section(given: &Given<'_>) -> Section {
    let e = &given.results.economics;
    let mut blocks = vec![Block::Table(bill(e))];
    if !e.unpriced.is_empty() {
        blocks.push(Block::Table(unpriced(e)));
    }
    Section { id: "bill", title: "Bill of materials", blocks }
}

fn bill(e: &EconomicsResult) -> Table {
    let columns = vec![
        Column::text("Item"),
        Column::number("Quantity", ""),
        Column::text("Unit"),
        Column::number("Price low", "USD"),
        Column::number("Price base", "USD"),
        Column::number("Price high", "USD"),
        Column::number("Total", "USD"),
        Column::text("Source"),
        Column::text("Date"),
    ];
    let mut table = Table::new("bill", "", columns);
    for subsystem in Subsystem::ALL {
        group(&mut table, e, subsystem);
    }
    table.push_as(RowRole::Total, sum_row("Total of priced items", e.capex_usd));
    table
}

fn sum_row(name: &str, usd: Band) -> Vec<Cell> {
    let mut cells = vec![Cell::text(name)];
    cells.resize_with(column::TOTAL, Cell::blank);
    cells.push(Cell::number(usd.base, 0));
    cells
}

fn group(table: &mut Table, e: &EconomicsResult, subsystem: Subsystem) {
    let lines: Vec<&BilledLine> = e.bill.iter().filter(|b| b.line.subsystem == subsystem).collect();
    if lines.is_empty() {
        return;
    }
    table.push_as(RowRole::Group, vec![Cell::text(subsystem.name())]);
    for line in lines {
        table.push(item(line));
    }
    let total = e.capex.iter().find(|c| c.subsystem == subsystem).map(|c| c.usd);
    let name = format!("Subtotal {}", subsystem.name().to_lowercase());
    table.push_as(RowRole::Subtotal, sum_row(&name, total.unwrap_or_default()));
}

fn item(billed: &BilledLine) -> Vec<Cell> {
    let line = &billed.line;
    let price = |of: fn(Band) -> f64| Cell::price(line.unit_price_usd.map(of));
    let total = match billed.total_usd {
        Some(usd) => Cell::number(usd.base, 0),
        None => Cell::price(None),
    };
    let decimals = if line.quantity.fract() == 0.0 { 0 } else { 1 };
    vec![
        Cell::text(line.item.clone()),
        Cell::number(line.quantity, decimals),
        Cell::text(line.unit.clone()),
        price(|b| b.low),
        price(|b| b.base),
        price(|b| b.high),
        total,
        Cell::text(line.source.clone()).toned(Tone::Muted),
        Cell::text(line.date.clone()).toned(Tone::Muted),
    ]
}

fn unpriced(e: &EconomicsResult) -> Table {
    let columns = vec![
        Column::text("Item"),
        Column::text("Subsystem"),
        Column::number("Quantity", ""),
        Column::text("Unit"),
        Column::text("Price"),
    ];
    let mut table = Table::new("unpriced", "Items without a price", columns);
    for item in &e.unpriced {
        table.push(vec![
            Cell::text(item.item.clone()),
            Cell::text(item.subsystem.name()),
            Cell::number(item.quantity, if item.quantity.fract() == 0.0 { 0 } else { 1 }),
            Cell::text(item.unit.clone()),
            Cell::price(None),
        ]);
    }
    table.noted("Left out of every cost; each needs a quote before the budget is used.")
}
