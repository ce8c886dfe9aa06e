//! Tables of typed cells.

use crate::units::display;

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Stable identifier.
    pub id: &'static str,
    /// Heading.
    pub title: String,
    /// Columns, left to right.
    pub columns: Vec<Column>,
    /// Rows, top to bottom.
    pub rows: Vec<Row>,
    /// Small print below; may be empty.
    pub note: String,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Heading.
    pub title: String,
    /// Unit of its numbers; empty for text and pure numbers.
    pub unit: &'static str,
    /// Text or numbers.
    pub kind: ColumnKind,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, set flush left.
    Text,
    /// Numbers, set flush right.
    Number,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// As many as there are columns.
    pub cells: Vec<Cell>,
    /// What the row is for.
    pub role: RowRole,
}

/// What a row is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowRole {
    /// One item.
    #[default]
    Item,
    /// Heads the items below.
    Group,
    /// Sum of a group.
    Subtotal,
    /// Sum of the table.
    Total,
}

/// One cell: the number where there is one, and the text it is shown as.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// As shown.
    pub text: String,
    /// The unrounded number, in the column's unit.
    pub number: Option<f64>,
    /// Decimals that `text` keeps.
    pub decimals: usize,
    /// How it is set.
    pub tone: Tone,
}

/// How a cell is set; the words in it say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary.
    #[default]
    Plain,
    /// Of less weight.
    Muted,
    /// Within limits.
    Good,
    /// Little margin, or not known.
    Warn,
    /// Past a limit.
    Bad,
}

impl Column {
    /// A column of text.
    pub fn text(title: &str) -> Self {
        Self { title: title.into(), unit: "", kind: ColumnKind::Text }
    }

    /// A column of numbers.
    pub fn number(title: &str, unit: &'static str) -> Self {
        Self { title: title.into(), unit, kind: ColumnKind::Number }
    }

    /// Heading with the unit.
    #[must_use]
    pub fn heading(&self) -> String {
        if self.unit.is_empty() {
            self.title.clone()
        } else if self.title.is_empty() {
            self.unit.to_owned()
        } else {
            format!("{}, {}", self.title, self.unit)
        }
    }
}

impl Cell {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A number with this many decimals.
    #[must_use]
    pub fn number(value: f64, decimals: usize) -> Self {
        if !value.is_finite() {
            return Self::none();
        }
        let text = display::fixed(value, decimals);
        Self { text, number: Some(value), decimals, tone: Tone::Plain }
    }

    /// A number that may be missing.
    #[must_use]
    pub fn maybe(value: Option<f64>, decimals: usize) -> Self {
        value.map_or_else(Self::none, |v| Self::number(v, decimals))
    }

    /// A number with this many significant digits.
    #[must_use]
    pub fn significant(value: f64, digits: u32) -> Self {
        let text = display::sig(value, digits);
        let decimals = text.split_once('.').map_or(0, |(_, part)| part.chars().count());
        Self::number(value, decimals)
    }

    /// A price in whole dollars (cents below a hundred); a missing one reads "unpriced".
    #[must_use]
    pub fn price(usd: Option<f64>) -> Self {
        match usd {
            Some(v) => Self::number(v, if v.abs() < 100.0 { 2 } else { 0 }),
            None => Self::text("unpriced").toned(Tone::Warn),
        }
    }

    /// A count.
    #[must_use]
    pub fn count(value: impl Into<u64>) -> Self {
        Self::number(value.into() as f64, 0)
    }

    /// Nothing to show.
    #[must_use]
    pub fn none() -> Self {
        Self::text(display::NONE).toned(Tone::Muted)
    }

    /// An empty cell.
    #[must_use]
    pub fn blank() -> Self {
        Self::default()
    }

    /// The same, set otherwise.
    #[must_use]
    pub fn toned(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
}

impl Table {
    /// An empty table.
    pub fn new(id: &'static str, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { id, title: title.into(), columns, ..Self::default() }
    }

    /// A table of names and values in words.
    pub fn facts(id: &'static str, title: &str, facts: Vec<(&str, String)>) -> Self {
        let columns = vec![Column::text("Quantity"), Column::text("Value")];
        let mut table = Self::new(id, title, columns);
        for (name, value) in facts {
            table.push(vec![Cell::text(name), Cell::text(value)]);
        }
        table
    }

    /// Adds an item.
    pub fn push(&mut self, cells: Vec<Cell>) {
        self.push_as(RowRole::Item, cells);
    }

    /// Adds a row; missing cells stay blank.
    pub fn push_as(&mut self, role: RowRole, mut cells: Vec<Cell>) {
        cells.resize_with(self.columns.len(), Cell::blank);
        self.rows.push(Row { cells, role });
    }

    /// The same with small print.
    #[must_use]
    pub fn noted(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// The items, without groups and sums.
    pub fn items(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|r| r.role == RowRole::Item)
    }

    /// The sum of the table.
    #[must_use]
    pub fn total(&self) -> Option<&Row> {
        self.rows.iter().find(|r| r.role == RowRole::Total)
    }
}
