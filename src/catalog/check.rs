//! Validation: what is wrong, in which file, entry and field, and what the limit is.

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

    /// The same for a value that may be missing.
    pub fn optional(&mut self, field: &str, value: Option<f64>, low: f64, high: f64, unit: &str) {
        if let Some(value) = value {
            self.range(field, value, low, high, unit);
        }
    }
}
