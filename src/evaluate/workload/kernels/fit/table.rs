//! A table of comma-separated values, read with the place of every mistake.

use thiserror::Error;

/// Why a file of timings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FitError {
    /// A file whose name says nothing about what was timed.
    #[error(
        "{file}: the name must contain one of gemm, attention_decode, attention_prefill, mla, moe, collectives, deepep"
    )]
    UnknownFile {
        /// Name of the file.
        file: String,
    },
    /// A column that the kind of file needs.
    #[error("{file}: no column `{column}`")]
    NoColumn {
        /// Name of the file.
        file: String,
        /// Column that is missing.
        column: &'static str,
    },
    /// A row with too many or too few values.
    #[error("{file}, row {row}: {found} values under {expected} columns")]
    RowLength {
        /// Name of the file.
        file: String,
        /// Line of the file, the header being 1.
        row: usize,
        /// Values in the row.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// A value that cannot be used.
    #[error("{file}, row {row}, column `{column}`: `{value}` is not {expected}")]
    BadValue {
        /// Name of the file.
        file: String,
        /// Line of the file, the header being 1.
        row: usize,
        /// Column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What should.
        expected: String,
    },
    /// Nothing to fit.
    #[error("no timings")]
    Nothing,
    /// Too few timings of a class for its law.
    #[error("{class} in {format} for {architecture}: {found} timings, at least {needed} needed")]
    TooFew {
        /// Class of operation.
        class: String,
        /// Number format.
        format: String,
        /// Generation.
        architecture: String,
        /// Timings found.
        found: usize,
        /// Timings needed.
        needed: usize,
    },
}

/// One file, split but not yet read.
#[derive(Clone, Debug)]
pub(super) struct Table<'a> {
    file: &'a str,
    header: Vec<&'a str>,
    rows: Vec<(usize, Vec<&'a str>)>,
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    table: &'a Table<'a>,
    line: usize,
    values: &'a [&'a str],
}

impl<'a> Table<'a> {
    /// Splits the text of `file`.
    pub fn split(file: &'a str, text: &'a str) -> Result<Self, FitError> {
        let mut lines = text.lines().enumerate();
        let cells = |line: &'a str| line.split(',').map(str::trim).collect::<Vec<_>>();
        let header = lines.next().map(|(_, line)| cells(line)).unwrap_or_default();
        let mut rows = Vec::new();
        for (i, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
            let values = cells(line);
            if values.len() != header.len() {
                return Err(FitError::RowLength {
                    file: file.into(),
                    row: i + 1,
                    found: values.len(),
                    expected: header.len(),
                });
            }
            rows.push((i + 1, values));
        }
        Ok(Self { file, header, rows })
    }

    /// Its rows.
    pub fn rows(&'a self) -> impl Iterator<Item = Row<'a>> {
        self.rows.iter().map(|(line, values)| Row { table: self, line: *line, values })
    }
}

impl<'a> Row<'a> {
    /// Text under `column`.
    pub fn text(&self, column: &'static str) -> Result<&'a str, FitError> {
        let at = self.table.header.iter().position(|h| *h == column);
        at.and_then(|i| self.values.get(i).copied())
            .ok_or_else(|| FitError::NoColumn { file: self.table.file.into(), column })
    }

    /// A complaint about `column`.
    pub fn bad(&self, column: &'static str, expected: impl Into<String>) -> FitError {
        FitError::BadValue {
            file: self.table.file.into(),
            row: self.line,
            column,
            value: self.text(column).unwrap_or_default().into(),
            expected: expected.into(),
        }
    }

    /// Number of at least `least` under `column`.
    pub fn at_least(&self, column: &'static str, least: f64) -> Result<f64, FitError> {
        let value: Option<f64> = self.text(column)?.parse().ok();
        value
            .filter(|v| v.is_finite() && *v >= least)
            .ok_or_else(|| self.bad(column, format!("a number of at least {least}")))
    }

    /// Number above zero under `column`.
    pub fn positive(&self, column: &'static str) -> Result<f64, FitError> {
        let value: Option<f64> = self.text(column)?.parse().ok();
        value
            .filter(|v| v.is_finite() && *v > 0.0)
            .ok_or_else(|| self.bad(column, "a number above 0"))
    }

    /// Number above zero under `column`, or none where it is empty.
    pub fn optional(&self, column: &'static str) -> Result<Option<f64>, FitError> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.positive(column).map(Some) }
    }
}
