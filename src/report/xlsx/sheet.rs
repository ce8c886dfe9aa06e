//! One worksheet: tables below each other, the heading of the first one frozen.

use super::sums::formula;
use crate::report::ReportError;
use crate::report::colour::{self, Rgb};
use crate::report::model::{Cell, Column, ColumnKind, RowRole, Table, Tone};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Formula, Worksheet, XlsxError};

/// Narrowest and widest column, characters.
const WIDTHS: [f64; 2] = [9.0, 56.0];
/// Height of a line of text, pt.
const LINE_PT: f64 = 15.0;
/// Paper size A4 in the file format.
const A4: u8 = 9;

/// A worksheet being filled.
pub struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    widths: Vec<f64>,
}

impl<'a> Sheet<'a> {
    /// An empty sheet.
    pub fn new(sheet: &'a mut Worksheet, name: &str) -> Result<Self, XlsxError> {
        sheet.set_name(name)?;
        sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        Ok(Self { sheet, row: 0, widths: Vec::new() })
    }

    /// Adds a table.
    pub fn table(&mut self, table: &Table) -> Result<(), ReportError> {
        let first = self.row == 0;
        if !first {
            self.row += 1;
        }
        if !table.title.is_empty() {
            let title = Format::new().set_bold().set_font_size(12);
            self.sheet.write_string_with_format(self.row, 0, &table.title, &title)?;
            self.row += 1;
        }
        self.headings(&table.columns)?;
        if first {
            self.sheet.set_freeze_panes(self.row, 1)?;
            self.sheet.set_repeat_rows(0, self.row - 1)?;
        }
        self.rows(table)?;
        self.note(&table.note, table.columns.len())
    }

    /// Small print across the table, wrapped.
    fn note(&mut self, note: &str, columns: usize) -> Result<(), ReportError> {
        if note.is_empty() || columns < 2 {
            return Ok(());
        }
        let small = Format::new()
            .set_italic()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_font_color(color(colour::MUTED));
        let width: f64 = self.widths.iter().take(columns).sum();
        let lines = (note.chars().count() as f64 / width).ceil() + 0.5;
        self.sheet.merge_range(self.row, 0, self.row, columns as u16 - 1, note, &small)?;
        self.sheet.set_row_height(self.row, lines * LINE_PT)?;
        self.row += 1;
        Ok(())
    }

    fn headings(&mut self, columns: &[Column]) -> Result<(), ReportError> {
        for (at, column) in columns.iter().enumerate() {
            let indent = u8::from(column.kind == ColumnKind::Text);
            let format = Format::new()
                .set_bold()
                .set_indent(indent)
                .set_text_wrap()
                .set_align(FormatAlign::Bottom)
                .set_align(side(column.kind))
                .set_border_bottom(FormatBorder::Thin)
                .set_background_color(color(colour::RAISED));
            let heading = column.heading();
            self.widen(at, heading.chars().count() as f64 * 0.7);
            self.sheet.write_string_with_format(self.row, at as u16, heading, &format)?;
        }
        self.row += 1;
        Ok(())
    }

    fn rows(&mut self, table: &Table) -> Result<(), ReportError> {
        let start = self.row;
        let row_of = |row: usize| start + row as u32 + 1;
        for (r, row) in table.rows.iter().enumerate() {
            for (c, cell) in row.cells.iter().enumerate() {
                let format = cell_format(cell, table.columns[c].kind, row.role);
                self.widen(c, cell.text.chars().count() as f64 * 1.05 + 1.0);
                match (cell.number, formula(table, r, c, &row_of)) {
                    (Some(number), Some(text)) => {
                        let formula = Formula::new(text).set_result(number.to_string());
                        self.sheet
                            .write_formula_with_format(self.row, c as u16, formula, &format)?;
                    }
                    (Some(number), None) => {
                        self.sheet.write_number_with_format(self.row, c as u16, number, &format)?;
                    }
                    (None, _) => {
                        self.sheet
                            .write_string_with_format(self.row, c as u16, &cell.text, &format)?;
                    }
                }
            }
            self.row += 1;
        }
        Ok(())
    }

    fn widen(&mut self, at: usize, width: f64) {
        if self.widths.len() <= at {
            self.widths.resize(at + 1, WIDTHS[0]);
        }
        self.widths[at] = self.widths[at].max(width).min(WIDTHS[1]);
    }

    /// Sets the column widths.
    pub fn finish(self) -> Result<(), XlsxError> {
        for (at, width) in self.widths.iter().enumerate() {
            self.sheet.set_column_width(at as u16, *width)?;
        }
        Ok(())
    }
}

fn color([r, g, b]: Rgb) -> Color {
    Color::RGB(u32::from_be_bytes([0, r, g, b]))
}

const fn side(kind: ColumnKind) -> FormatAlign {
    match kind {
        ColumnKind::Text => FormatAlign::Left,
        ColumnKind::Number => FormatAlign::Right,
    }
}

fn cell_format(cell: &Cell, kind: ColumnKind, role: RowRole) -> Format {
    let mut format = Format::new().set_align(FormatAlign::Top).set_align(side(kind));
    if cell.number.is_some() {
        let zeros = "0".repeat(cell.decimals);
        let point = if cell.decimals > 0 { "." } else { "" };
        format = format.set_num_format(format!("#,##0{point}{zeros}"));
    } else {
        format = format.set_text_wrap();
        if kind == ColumnKind::Text {
            // Apart from the flush-right numbers of the column before.
            format = format.set_indent(1);
        }
    }
    if cell.tone != Tone::Plain {
        format = format.set_font_color(color(colour::of_tone(cell.tone)));
    }
    match role {
        RowRole::Item => format,
        RowRole::Group => format.set_bold().set_background_color(color(colour::RAISED)),
        RowRole::Subtotal | RowRole::Total => format.set_bold().set_border_top(FormatBorder::Thin),
    }
}
