//! The design review pack: one model of every table and number, and its writers.
//!
//! ```text
//! Plan + Catalog + Results ─► ReportModel ─┬─► pdf/    report.pdf
//!                                          ├─► xlsx/   schedules.xlsx
//!                                          ├─► csv     one file per schedule
//!                                          ├─► floor   floor.png
//!                                          └─► hall    hall-3d.png
//! Results ─────────────────────────────────► json     results.json
//! ```
//! A number is rounded to text once, in the model, and every writer prints that cell; so totals
//! agree between the files by construction. No file is touched here: [`write_pack`] returns bytes.

pub mod colour;
pub mod csv;
mod error;
pub mod figure;
mod floor;
mod hall;
pub mod json;
pub mod model;
mod pack;
pub mod pdf;
mod png;
#[cfg(test)]
mod tests;
mod time;
pub mod xlsx;

pub use error::ReportError;
pub use model::{Against, ReportContext, ReportModel};
pub use pack::{Progress, write_pack};
pub use png::floor_png;
pub use time::iso_time;
