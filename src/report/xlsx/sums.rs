//! Which cells of a table are formulas.

use crate::report::model::{RowRole, Table, bill};

/// Relative difference below which a formula is taken to give the model's number: rounding of a
/// sum in another order, not another number.
const SAME: f64 = 1e-9;

/// The formula of a cell, if its number follows from others in the table. `row_of` gives the row
/// number on the sheet, from 1, of a row of the table.
pub fn formula(
    table: &Table,
    row: usize,
    at: usize,
    row_of: &dyn Fn(usize) -> u32,
) -> Option<String> {
    let wanted = table.rows[row].cells[at].number?;
    match table.rows[row].role {
        RowRole::Item if table.id == "bill" && at == bill::column::TOTAL => {
            product(table, row, wanted, row_of(row))
        }
        RowRole::Subtotal => {
            let from = table.rows[..row].iter().rposition(|r| r.role == RowRole::Group)? + 1;
            sum(table, at, from..row, wanted, row_of)
        }
        RowRole::Total => total(table, row, at, wanted, row_of),
        _ => None,
    }
}

/// Name of a column, from 0: A to Z; no table has more.
pub fn letter(at: usize) -> char {
    char::from(b'A' + u8::try_from(at.min(25)).unwrap_or(25))
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME * a.abs().max(b.abs())
}

fn product(table: &Table, row: usize, wanted: f64, line: u32) -> Option<String> {
    let cells = &table.rows[row].cells;
    let quantity = cells[bill::column::QUANTITY].number?;
    let price = cells[bill::column::PRICE_BASE].number?;
    let (q, p) = (letter(bill::column::QUANTITY), letter(bill::column::PRICE_BASE));
    same(quantity * price, wanted).then(|| format!("={q}{line}*{p}{line}"))
}

fn sum(
    table: &Table,
    at: usize,
    rows: std::ops::Range<usize>,
    wanted: f64,
    row_of: &dyn Fn(usize) -> u32,
) -> Option<String> {
    let numbers = table.rows.get(rows.clone())?.iter().filter_map(|r| r.cells[at].number);
    let (found, count) = numbers.fold((0.0, 0), |(s, n), v| (s + v, n + 1));
    let (first, last) = (row_of(rows.start), row_of(rows.end.checked_sub(1)?));
    let column = letter(at);
    (count > 0 && same(found, wanted)).then(|| format!("=SUM({column}{first}:{column}{last})"))
}

/// Sum of the items, or of the subtotals where there are any.
fn total(
    table: &Table,
    row: usize,
    at: usize,
    wanted: f64,
    row_of: &dyn Fn(usize) -> u32,
) -> Option<String> {
    let parts: Vec<usize> = (0..row).filter(|r| table.rows[*r].role == RowRole::Subtotal).collect();
    if parts.is_empty() {
        return sum(table, at, 0..row, wanted, row_of);
    }
    let found: f64 = parts.iter().filter_map(|r| table.rows[*r].cells[at].number).sum();
    let column = letter(at);
    let names: Vec<String> = parts.iter().map(|r| format!("{column}{}", row_of(*r))).collect();
    same(found, wanted).then(|| format!("=SUM({})", names.join(",")))
}
