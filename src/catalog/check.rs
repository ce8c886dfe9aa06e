//! Validation: what is wrong, in which file, entry and field, and what the limit is.

use super::entry::{PriceRange, SizeMm};
use std::fmt;

/// Why catalogue text was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CatalogError {
    /// The text is not a list of entries of this kind.
    #[error("{file}:{line}:{column}: {message}")]
    Syntax {
        /// File as named by the caller.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong, naming the field.
        message: String,
    },
    /// The file name does not say which kind of entry the file holds.
    #[error("{file}: a catalogue file is named after its kind: {}", .known.join(", "))]
    UnknownKind {
        /// File as named by the caller.
        file: String,
        /// The names that are understood.
        known: Vec<&'static str>,
    },
    /// Values outside their limits.
    #[error("{}", list(.0))]
    Invalid(Vec<Problem>),
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// One value outside its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// File as named by the caller.
    pub file: String,
    /// Entry id.
    pub entry: String,
    /// Field name as written in the file.
    pub field: String,
    /// The value and the limit it breaks.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: entry '{}', field '{}': {}", self.file, self.entry, self.field, self.message)
    }
}

/// Collects the problems of one entry.
#[derive(Debug)]
pub struct Checker<'a> {
    file: &'a str,
    entry: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Checker<'a> {
    /// A checker for one entry of one file.
    pub fn new(file: &'a str, entry: &'a str, problems: &'a mut Vec<Problem>) -> Self {
        Self { file, entry, problems }
    }

    /// Reports a problem with a field.
    pub fn report(&mut self, field: &str, message: impl Into<String>) {
        self.problems.push(Problem {
            file: self.file.to_owned(),
            entry: self.entry.to_owned(),
            field: field.to_owned(),
            message: message.into(),
        });
    }

    /// A number must be finite and within `low..=high`, in `unit`.
    pub fn range(&mut self, field: &str, value: f64, low: f64, high: f64, unit: &str) {
        if !(low..=high).contains(&value) {
            self.report(field, format!("{value} is outside {low} to {high} {unit}"));
        }
    }

    /// A count must be within `low..=high`.
    pub fn count(&mut self, field: &str, value: u32, low: u32, high: u32) {
        if !(low..=high).contains(&value) {
            self.report(field, format!("{value} is outside {low} to {high}"));
        }
    }

    /// The same for a count that may be missing.
    pub fn optional_count(&mut self, field: &str, value: Option<u32>, low: u32, high: u32) {
        if let Some(value) = value {
            self.count(field, value, low, high);
        }
    }

    /// A text must say something and fit a table cell.
    pub fn text(&mut self, field: &str, value: &str) {
        if value.trim().is_empty() {
            self.report(field, "is empty");
        }
    }

    /// Values that are present must not fall from one to the next.
    pub fn ascending(&mut self, values: &[(&str, Option<f64>)]) {
        let mut last: Option<(&str, f64)> = None;
        for &(field, value) in values {
            let Some(value) = value else { continue };
            if let Some((below, limit)) = last
                && value < limit
            {
                self.report(field, format!("{value} is below {below}, which is {limit}"));
            }
            last = Some((field, value));
        }
    }

    /// A band must be finite, not negative, not above `most` and rising from low to high.
    pub fn price(&mut self, field: &str, price: Option<PriceRange>, most: f64) {
        let Some(PriceRange { low, base, high }) = price else { return };
        for (part, value) in [("low", low), ("base", base), ("high", high)] {
            if !(0.0..=most).contains(&value) {
                self.report(field, format!("{part} {value} is outside 0 to {most} US dollars"));
            }
        }
        if low > base || base > high {
            self.report(field, format!("low {low}, base {base}, high {high} do not rise"));
        }
    }

    /// Outer dimensions must be those of a thing that fits a hall, in mm.
    pub fn size(&mut self, field: &str, size: Option<SizeMm>) {
        let Some(size) = size else { return };
        for (part, value) in [("width", size.width), ("depth", size.depth), ("height", size.height)]
        {
            if !(10..=30_000).contains(&value) {
                self.report(field, format!("{part} {value} is outside 10 to 30000 mm"));
            }
        }
    }

    /// The same as [`Self::range`] for a value that may be missing.
    pub fn optional(&mut self, field: &str, value: Option<f64>, low: f64, high: f64, unit: &str) {
        if let Some(value) = value {
            self.range(field, value, low, high, unit);
        }
    }
}
