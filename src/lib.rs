//! Tokenmill: plan an AI factory and see temperature, amps, flow, tokens per second and dollars
//! per million tokens move while you drag a rack.
//!
//! ```text
//!  edits ─► Plan ─resolve─► Snapshot ─► workload ─► fabric ─► storage ─► power ⇄ air ⇄ liquid ⇄ plant ─► economics ─► Results
//!             ▲   + Catalog                                                                    │            │
//!          history (undo, redo)                                   findings (problems, as data) ├─► window, report, command line
//! ```
//!
//! A [`plan::Plan`] is a plain value; every edit makes a new value; a pure, staged, cancellable
//! function turns plan and catalogue into results on a worker; every view only reads them.
//!
//! Modules in data-flow order. Left may be imported by right, never the reverse:
//! `units ← numerics ← catalog ← plan ← format ← evaluate ← study ← cases ← render ← report ←
//! session ← {cli, ui} ← main`. A test (`tests/it/tidy.rs`) holds this rule.

pub mod cases;
pub mod catalog;
pub mod cli;
pub mod evaluate;
pub mod format;
pub mod numerics;
pub mod plan;
pub mod render;
pub mod report;
pub mod session;
pub mod study;
pub mod units;

#[cfg(feature = "gui")]
pub mod ui;
