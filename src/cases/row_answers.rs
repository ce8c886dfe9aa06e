//! The rows of a table with answers beside what was given, as JSON or as CSV.

use super::CaseError;
use super::text_table::{TextTable, quoted};
use serde_json::{Map, Number, Value};

/// Columns that are words even where they look like numbers.
const WORDS: [&str; 20] = [
    "id",
    "source",
    "license",
    "date",
    "gpu",
    "scenario",
    "parallelism",
    "note",
    "curve",
    "origin",
    "measured_date",
    "image",
    "backend",
    "backend_version",
    "model",
    "system",
    "precision",
    "mode",
    "gemm_quant_mode",
    "moe_quant_mode",
];
/// What a row's solver found: a name and a value for each of ours.
pub(super) type Ours = Map<String, Value>;

/// The answers to a table's rows, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    columns: Vec<String>,
    ours: &'static [&'static str],
    rows: Vec<(Vec<Value>, Ours)>,
    /// The first fault, and how many rows have one.
    pub faults: Option<(CaseError, usize)>,
}

impl Answers {
    /// Sets what was found beside what was given; a fault goes into the row's `error`.
    pub(super) fn beside(
        table: &TextTable,
        names: &'static [&'static str],
        found: Vec<Result<Ours, CaseError>>,
    ) -> Self {
        let mut faults = found.iter().filter_map(|row| row.as_ref().err());
        let faults = faults.next().cloned().map(|first| (first, 1 + faults.count()));
        let given = table.rows().map(|row| {
            let named = table.columns().iter().zip(row.fields());
            named.map(|(column, field)| as_given(column, field)).collect()
        });
        let found = found.into_iter().map(|row| {
            row.unwrap_or_else(|error| {
                Map::from_iter([("error".to_owned(), Value::from(error.to_string()))])
            })
        });
        // What was given keeps its name unless ours has it.
        let renamed = |column: &String| {
            if names.contains(&column.as_str()) {
                format!("given_{column}")
            } else {
                column.clone()
            }
        };
        let columns = table.columns().iter().map(renamed).collect();
        Self { columns, ours: names, rows: given.zip(found).collect(), faults }
    }

    /// Names of ours; `error` only where there is one.
    fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        let error = self.faults.as_ref().map(|_| "error");
        self.ours.iter().copied().chain(error)
    }

    /// Rows as objects.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let object = |(given, ours): &(Vec<Value>, Ours)| {
            let given = self.columns.iter().cloned().zip(given.iter().cloned());
            let ours = self
                .names()
                .map(|key| (key.to_owned(), ours.get(key).cloned().unwrap_or(Value::Null)));
            Value::Object(given.chain(ours).collect())
        };
        Value::Array(self.rows.iter().map(object).collect())
    }

    /// The same table with our columns behind.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let given = self.columns.iter().map(|name| quoted(name));
        let mut text = given.chain(self.names().map(quoted)).collect::<Vec<_>>().join(",");
        for (given, ours) in &self.rows {
            let ours = self.names().map(|key| ours.get(key).unwrap_or(&Value::Null));
            let fields: Vec<String> = given.iter().chain(ours).map(field).collect();
            text.push('\n');
            text.push_str(&fields.join(","));
        }
        text.push('\n');
        text
    }

    /// Ours of a row, by name.
    #[must_use]
    pub fn number(&self, row: usize, key: &str) -> Option<f64> {
        self.rows.get(row)?.1.get(key)?.as_f64()
    }
}

fn as_given(column: &str, field: &str) -> Value {
    let field = field.trim();
    if field.is_empty() {
        return Value::Null;
    }
    if WORDS.contains(&column) {
        return field.into();
    }
    let whole = field.parse::<i64>().ok().map(Value::from);
    let number = || field.parse().ok().and_then(Number::from_f64).map(Value::Number);
    whole.or_else(number).unwrap_or_else(|| field.into())
}

fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// Adds a value.
pub(super) fn put(ours: &mut Ours, key: &str, value: impl Into<Value>) {
    ours.insert(key.to_owned(), value.into());
}

/// A number, or nothing where it is none.
pub(super) fn number(ours: &mut Ours, key: &str, value: f64) {
    put(ours, key, Number::from_f64(value).map_or(Value::Null, Value::Number));
}
