//! Results as JSON, for programs. Keys are stable under the schema name.

use super::ReportError;
use crate::evaluate::result::Results;
use crate::format::WRITTEN_BY;
use crate::plan::Plan;
use serde::Serialize;

/// Name and version of the schema; the version rises when a key changes its meaning or goes.
pub const SCHEMA: &str = "tokenmill.results/1";

/// Head of the file; the results follow, key by key.
#[derive(Serialize)]
struct File<'a> {
    schema: &'static str,
    written_by: &'static str,
    plan: &'a str,
    #[serde(flatten)]
    results: &'a Results,
}

/// Whether the file holds the times of the stages, which differ from run to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timings {
    /// As measured.
    Measured,
    /// Left out, so that equal plans give equal bytes.
    Omitted,
}

/// The results file.
pub fn results_json(
    plan: &Plan,
    results: &Results,
    timings: Timings,
) -> Result<String, ReportError> {
    let file = File { schema: SCHEMA, written_by: WRITTEN_BY, plan: &plan.name, results };
    let mut value = serde_json::to_value(&file)?;
    if timings == Timings::Omitted {
        value["timings"] = serde_json::Value::Array(Vec::new());
        value["revision"] = 0.into();
    }
    let mut text = serde_json::to_string_pretty(&value)?;
    text.push('\n');
    Ok(text)
}
