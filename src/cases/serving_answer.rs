//! Answers to rows of serving points, as the same rows with ours beside them.

use super::CaseError;
use super::serving_rows::{Asked, ServingRows};
use super::text_table::quoted;
use crate::evaluate::workload::{WorkloadError, solve_serving};
use rayon::prelude::*;
use serde_json::{Map, Number, Value};

/// Columns that are words even where they look like numbers.
const WORDS: [&str; 12] = [
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
/// Ours, in the order of the columns written.
const OURS: [&str; 9] = [
    "tpot_ms",
    "ttft_ms",
    "out_tok_s_per_gpu",
    "kv_fits",
    "limit",
    "batch_fits",
    "layout",
    "note",
    "error",
];

/// The answers to a table's rows, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    columns: Vec<String>,
    rows: Vec<(Vec<Value>, Map<String, Value>)>,
    /// The first fault, and how many rows have one.
    pub faults: Option<(CaseError, usize)>,
}

/// Solves every row; a row that can not be solved says why in `error`.
#[must_use]
pub fn solve(rows: &ServingRows) -> Answers {
    let ours: Vec<Result<Map<String, Value>, CaseError>> =
        rows.asked.par_iter().map(|asked| answer(asked.as_ref().map_err(Clone::clone)?)).collect();
    let faults: Vec<&CaseError> = ours.iter().filter_map(|o| o.as_ref().err()).collect();
    let faults = faults.first().map(|first| ((*first).clone(), faults.len()));
    let given = rows.table.rows().map(|row| {
        let named = rows.table.columns().iter().zip(row.fields());
        named.map(|(column, field)| as_given(column, field)).collect()
    });
    let ours = ours.into_iter().map(|ours| {
        ours.unwrap_or_else(|error| {
            Map::from_iter([("error".to_owned(), Value::from(error.to_string()))])
        })
    });
    Answers {
        columns: rows.table.columns().iter().map(|c| renamed(c)).collect(),
        rows: given.zip(ours).collect(),
        faults,
    }
}

/// The column of the input in the answer: what was measured keeps its name unless ours has it.
fn renamed(column: &str) -> String {
    if OURS.contains(&column) { format!("given_{column}") } else { column.to_owned() }
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

/// A row's answer. What does not fit in memory is an answer too: nothing is served.
fn answer(asked: &Asked) -> Result<Map<String, Value>, CaseError> {
    const MS: f64 = 1e3;
    let mut notes = asked.notes.clone();
    let mut ours = Map::new();
    if asked.pools.is_some() {
        notes.push("disaggregated serving is not solved yet".into());
        put(&mut ours, "layout", pools_label(asked));
        put(&mut ours, "note", notes.join("; "));
        return Ok(ours);
    }
    match solve_serving(&asked.case) {
        Ok(result) => {
            let point = result.point;
            let cycle_s = point.ttft_s + point.tpot_s * (asked.case.output_tokens - 1.0);
            let tok_s = asked.concurrency * asked.case.output_tokens / cycle_s;
            number(&mut ours, "tpot_ms", point.tpot_s * MS);
            number(&mut ours, "ttft_ms", point.ttft_s * MS);
            if let Some(gpus) = asked.gpus {
                number(&mut ours, "out_tok_s_per_gpu", tok_s / gpus);
            }
            let wanted = asked.case.batch.unwrap_or(point.batch);
            put(&mut ours, "kv_fits", wanted <= point.batch_fits);
            put(&mut ours, "limit", result.limit.label());
            number(&mut ours, "batch_fits", point.batch_fits);
            put(&mut ours, "layout", point.layout.label());
        }
        Err(error @ WorkloadError::DoesNotFit { .. }) => {
            put(&mut ours, "kv_fits", false);
            put(&mut ours, "limit", "memory capacity");
            put(&mut ours, "layout", asked.case.layout.map_or_else(String::new, |l| l.label()));
            notes.push(error.to_string());
        }
        Err(error) => return Err(CaseError::solver(error)),
    }
    put(&mut ours, "note", notes.join("; "));
    Ok(ours)
}

fn pools_label(asked: &Asked) -> String {
    let Some(pools) = asked.pools else { return String::new() };
    let label = |pool: crate::evaluate::workload::Pool| match pool.workers {
        Some(n) => format!("{n} × {}", pool.layout.label()),
        None => pool.layout.label(),
    };
    format!("prefill {}, decode {}", label(pools.prefill), label(pools.decode))
}

fn put(ours: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    ours.insert(key.to_owned(), value.into());
}

/// A number, or nothing where it is none.
fn number(ours: &mut Map<String, Value>, key: &str, value: f64) {
    put(ours, key, Number::from_f64(value).map_or(Value::Null, Value::Number));
}

impl Answers {
    /// Rows as objects.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let object = |(given, ours): &(Vec<Value>, Map<String, Value>)| {
            let mut row: Map<String, Value> =
                self.columns.iter().cloned().zip(given.iter().cloned()).collect();
            for key in OURS.iter().filter(|key| **key != "error" || ours.contains_key("error")) {
                row.insert((*key).to_owned(), ours.get(*key).cloned().unwrap_or(Value::Null));
            }
            Value::Object(row)
        };
        Value::Array(self.rows.iter().map(object).collect())
    }

    /// The same table with our columns behind.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let with_error = self.faults.is_some();
        let ours_names: Vec<&str> =
            OURS.into_iter().filter(|key| *key != "error" || with_error).collect();
        let names = self.columns.iter().map(String::as_str).chain(ours_names.iter().copied());
        let mut text = names.map(quoted).collect::<Vec<_>>().join(",");
        for (given, ours) in &self.rows {
            let ours = ours_names.iter().map(|key| ours.get(*key).unwrap_or(&Value::Null));
            let fields: Vec<String> = given.iter().chain(ours).map(field).collect();
            text.push('\n');
            text.push_str(&fields.join(","));
        }
        text.push('\n');
        text
    }

    /// Ours of a row, by name: `tpot_ms`, `ttft_ms`, `out_tok_s_per_gpu`.
    #[must_use]
    pub fn number(&self, row: usize, key: &str) -> Option<f64> {
        self.rows.get(row)?.1.get(key)?.as_f64()
    }
}

fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}
