//! The whole pack as named bytes.

use super::json::{Timings, results_json};
use super::model::{ReportContext, ReportModel};
use super::{ReportError, csv, floor, hall, pdf, png, xlsx};
use crate::catalog::Catalog;
use crate::evaluate::result::Results;
use crate::plan::Plan;
use crate::render::scene::Layers;

/// Told how far the work is (0 to 1) and what comes next; answers whether to go on.
pub type Progress<'a> = &'a dyn Fn(f32, &str) -> bool;

/// Schedules that are also written as plain text, for other programs.
const CSV_TABLES: [&str; 6] =
    ["load_schedule", "heat_schedule", "power_elements", "cable_schedule", "bill", "findings"];
/// Longer side of the floor picture, pixels.
const PICTURE_PX: u32 = 2400;

/// Writes every file of the pack; names are relative to the folder that the caller chooses.
pub fn write_pack(
    plan: &Plan,
    catalog: &Catalog,
    results: &Results,
    context: &ReportContext,
    progress: Progress<'_>,
) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let step = |share: f32, what: &str| {
        if progress(share, what) { Ok(()) } else { Err(ReportError::Cancelled) }
    };
    step(0.0, "tables")?;
    let model = ReportModel::new(plan, catalog, results, context)?;
    step(0.1, "report.pdf")?;
    let mut files = vec![("report.pdf".to_owned(), pdf::write(&model)?)];
    step(0.6, "schedules.xlsx")?;
    files.push(("schedules.xlsx".to_owned(), xlsx::write(&model)?));
    step(0.8, "results.json")?;
    let json = results_json(plan, results, Timings::Omitted)?;
    files.push(("results.json".to_owned(), json.into_bytes()));
    step(0.9, "floor.png")?;
    let picture = png::floor_png(&floor::inlets(plan, results), PICTURE_PX)?;
    files.push(("floor.png".to_owned(), picture));
    step(0.95, "hall-3d.png")?;
    let hall = hall::hall_png(plan, catalog, results, Layers::default())?;
    files.push(("hall-3d.png".to_owned(), hall));
    for table in CSV_TABLES.iter().filter_map(|id| model.table(id)) {
        files.push((format!("csv/{}.csv", table.id), csv::table_csv(table).into_bytes()));
    }
    step(1.0, "done")?;
    Ok(files)
}
