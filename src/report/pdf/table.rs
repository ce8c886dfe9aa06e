//! Tables that break across pages with their headings repeated.

use super::columns::{PAD, Widths};
use super::flow::Flow;
use super::font::Fonts;
use super::sheet::{CONTENT_W, MARGIN, Style};
use super::wrap;
use crate::report::colour::{HAIRLINE, MUTED, RAISED, TEXT, of_tone};
use crate::report::model::{ColumnKind, Row, RowRole, Table, Tone};

/// Distance of baselines over font size.
const LEADING: f32 = 1.3;
/// Space above and below the text of a row, pt.
const ROW_PAD: f32 = 2.6;
/// Rows that stay with the heading of a table.
const KEPT_TOGETHER: f32 = 3.0;

/// Draws a table where the flow stands.
pub fn draw(flow: &mut Flow<'_>, table: &Table) {
    let widths = Widths::of(flow.fonts, table, CONTENT_W);
    let headings = Headings::of(flow.fonts, table, &widths);
    let line = widths.size * LEADING;
    flow.ensure(30.0 + headings.height + KEPT_TOGETHER * (line + 2.0 * ROW_PAD));
    flow.caption(&table.title);
    headings.draw(flow, table, &widths);
    for (at, row) in table.rows.iter().enumerate() {
        let cells = cell_lines(flow.fonts, table, row, &widths);
        let rows = cells.iter().map(Vec::len).max().unwrap_or(1);
        let height = rows as f32 * line + 2.0 * ROW_PAD;
        let needed = height * kept_rows(row.role, table.rows.get(at + 1).map(|r| r.role));
        let before = flow.y;
        flow.ensure(needed);
        if flow.y < before {
            headings.draw(flow, table, &widths);
        }
        draw_row(flow, table, row, &cells, &widths, height);
    }
    flow.y += 5.0;
    flow.note(&table.note);
    flow.y += 5.0;
}

/// Rows that must fit with this one: the heading of a group is not left alone at the foot of a
/// page, nor a sum at the head of the next.
const fn kept_rows(role: RowRole, next: Option<RowRole>) -> f32 {
    match (role, next) {
        (RowRole::Group, Some(_)) => 3.0,
        (RowRole::Subtotal, Some(RowRole::Total))
        | (RowRole::Item, Some(RowRole::Subtotal | RowRole::Total)) => 2.0,
        _ => 1.0,
    }
}

/// The heading row.
struct Headings {
    lines: Vec<Vec<String>>,
    height: f32,
}

impl Headings {
    fn of(fonts: &Fonts, table: &Table, widths: &Widths) -> Self {
        let face = fonts.face(true);
        let lines: Vec<Vec<String>> = table
            .columns
            .iter()
            .zip(&widths.columns)
            .map(|(c, w)| wrap::lines(face, &c.heading(), widths.size, w - 2.0 * PAD))
            .collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(1) as f32;
        Self { lines, height: most * widths.size * LEADING + 2.0 * ROW_PAD }
    }

    fn draw(&self, flow: &mut Flow<'_>, table: &Table, widths: &Widths) {
        let style = Style::bold(widths.size, MUTED);
        let line = widths.size * LEADING;
        let bottom = flow.y + self.height;
        let mut x = MARGIN;
        for ((column, width), lines) in table.columns.iter().zip(&widths.columns).zip(&self.lines) {
            for (at, text) in lines.iter().rev().enumerate() {
                let y = bottom - ROW_PAD - at as f32 * line - widths.size * 0.25;
                put(flow, column.kind, x, *width, y, style, text);
            }
            x += width;
        }
        flow.sheet().line([MARGIN, bottom, x, bottom], 0.8, MUTED);
        flow.y = bottom;
    }
}

/// One line in a column, flush left or right.
fn put(
    flow: &mut Flow<'_>,
    kind: ColumnKind,
    x: f32,
    width: f32,
    y: f32,
    style: Style,
    text: &str,
) {
    let left = match kind {
        ColumnKind::Text => x + PAD,
        ColumnKind::Number => x + width - PAD - flow.fonts.face(style.bold).width(text, style.size),
    };
    flow.sheet().text([left, y], style, text);
}

fn cell_lines(fonts: &Fonts, table: &Table, row: &Row, widths: &Widths) -> Vec<Vec<String>> {
    let bold = row.role != RowRole::Item;
    row.cells
        .iter()
        .zip(&table.columns)
        .zip(&widths.columns)
        .map(|((cell, column), width)| {
            let whole = row.role == RowRole::Group || column.kind == ColumnKind::Number;
            if whole {
                vec![cell.text.clone()]
            } else {
                let face = fonts.face(bold || cell.tone == Tone::Bad);
                wrap::lines(face, &cell.text, widths.size, width - 2.0 * PAD)
            }
        })
        .collect()
}

fn draw_row(
    flow: &mut Flow<'_>,
    table: &Table,
    row: &Row,
    cells: &[Vec<String>],
    widths: &Widths,
    height: f32,
) {
    let top = flow.y;
    let right = MARGIN + widths.columns.iter().sum::<f32>();
    if matches!(row.role, RowRole::Group | RowRole::Total) {
        flow.sheet().fill([MARGIN, top, right - MARGIN, height], RAISED);
    }
    if matches!(row.role, RowRole::Subtotal | RowRole::Total) {
        flow.sheet().line([MARGIN, top, right, top], 0.8, MUTED);
    }
    let mut x = MARGIN;
    for (((cell, lines), column), width) in
        row.cells.iter().zip(cells).zip(&table.columns).zip(&widths.columns)
    {
        let bold = row.role != RowRole::Item || cell.tone == Tone::Bad;
        let colour = if row.role == RowRole::Item { of_tone(cell.tone) } else { TEXT };
        let style = Style { size: widths.size, bold, colour };
        for (at, text) in lines.iter().enumerate() {
            let y = top + ROW_PAD + at as f32 * widths.size * LEADING + widths.size;
            put(flow, column.kind, x, *width, y, style, text);
        }
        x += width;
    }
    flow.y = top + height;
    let y = flow.y;
    flow.sheet().line([MARGIN, y, right, y], 0.4, HAIRLINE);
}
