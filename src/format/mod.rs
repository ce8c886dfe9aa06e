//! Plan file ⇄ plan: text in, value out. No files are touched here.
//!
//! A plan file is RON: a small envelope that every version can read (magic, format version, who
//! wrote it), the plan, and the catalogue entries that the plan uses, so that it reopens the same
//! after the catalogue has moved on. Saving is deterministic: the same plan gives the same bytes.

pub mod embed;
pub mod limits;
mod retired;

use crate::catalog::Catalog;
use crate::plan::Plan;
use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::{Deserialize, Serialize};

/// First field of every plan file.
pub const MAGIC: &str = "tokenmill-plan";

/// Version of the body. History:
/// - 1 (2026-11-22): first version.
pub const FORMAT_VERSION: u32 = 1;

/// The program that writes files, with its version.
pub const WRITTEN_BY: &str = concat!("tokenmill ", env!("CARGO_PKG_VERSION"));

/// Deepest nesting that is still broken over lines: one object of the floor is one line, so that
/// a line diff shows the edit and nothing else.
const LINES_UP_TO_DEPTH: usize = 4;

/// Why a text is not a plan that this program can open.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OpenError {
    /// No envelope.
    #[error("this is not a Tokenmill plan: the file must begin with (magic: \"{MAGIC}\", …)")]
    NotAPlan,
    /// Written by a newer program.
    #[error(
        "this plan was written by {written_by} in format {found}; this program reads formats up to \
         {supported}; open it with a newer Tokenmill"
    )]
    TooNew {
        /// Version in the file.
        found: u32,
        /// Newest version read.
        supported: u32,
        /// Who wrote it.
        written_by: String,
    },
    /// The text is malformed, or a field is unknown, missing or of the wrong type.
    #[error("line {line}, column {column}: {message}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong, naming the field.
        message: String,
    },
    /// Values outside their limits.
    #[error("{}", .0.join("\n"))]
    OutOfLimits(Vec<String>),
}

/// What every version of the format begins with.
#[derive(Deserialize)]
struct Envelope {
    magic: String,
    format_version: u32,
    written_by: String,
}

/// The whole file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFile {
    magic: String,
    format_version: u32,
    written_by: String,
    plan: Plan,
    catalog: Catalog,
}

/// An opened file.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The plan.
    pub plan: Plan,
    /// The entries that were embedded with it.
    pub embedded: Catalog,
}

fn options() -> ron::Options {
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

fn syntax(error: &ron::error::SpannedError) -> OpenError {
    OpenError::Syntax {
        line: error.span.start.line,
        column: error.span.start.col,
        message: error.code.to_string(),
    }
}

/// Reads a plan file.
pub fn from_text(text: &str) -> Result<Opened, OpenError> {
    let envelope: Envelope = options().from_str(text).map_err(|error| match error.code {
        ron::Error::MissingStructField { .. }
        | ron::Error::ExpectedStructLike
        | ron::Error::ExpectedNamedStructLike(_) => OpenError::NotAPlan,
        _ => syntax(&error),
    })?;
    if envelope.magic != MAGIC || envelope.format_version == 0 {
        return Err(OpenError::NotAPlan);
    }
    if envelope.format_version > FORMAT_VERSION {
        return Err(OpenError::TooNew {
            found: envelope.format_version,
            supported: FORMAT_VERSION,
            written_by: envelope.written_by,
        });
    }
    let mut file: PlanFile = options().from_str(text).map_err(|e| syntax(&e))?;
    retired::moved(&mut file.plan);
    file.catalog.assumptions = retired::kept(file.catalog.assumptions);
    let mut problems = limits::problems(&file.plan);
    problems.extend(catalog_problems(&file.catalog));
    if !problems.is_empty() {
        return Err(OpenError::OutOfLimits(problems));
    }
    Ok(Opened { plan: file.plan, embedded: file.catalog })
}

/// What is wrong with the embedded entries, in words.
fn catalog_problems(embedded: &Catalog) -> Vec<String> {
    crate::catalog::load::problems(embedded, "embedded catalogue")
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// Writes a plan with the entries of `catalog` that it uses.
pub fn to_text(plan: &Plan, catalog: &Catalog) -> Result<String, ron::Error> {
    let file = PlanFile {
        magic: MAGIC.into(),
        format_version: FORMAT_VERSION,
        written_by: WRITTEN_BY.into(),
        plan: plan.clone(),
        catalog: embed::used_entries(plan, catalog),
    };
    let config = PrettyConfig::new().depth_limit(LINES_UP_TO_DEPTH).indentor("  ").new_line("\n");
    let mut text = options().to_string_pretty(&file, config)?;
    text.push('\n');
    Ok(text)
}
