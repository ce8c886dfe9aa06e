//! The schedules as a workbook, with formulas where a person would want them.
//!
//! Sums are formulas wherever the items add up to the model's total; each formula carries its
//! result, so that readers that do not calculate see the same number.

mod sheet;
mod sums;

use super::ReportError;
use super::model::{Column, ReportModel, Table};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use sheet::Sheet;

/// Sheets and the tables on each, by identifier.
const SHEETS: [(&str, &[&str]); 15] = [
    ("Racks", &["racks", "rack_types"]),
    ("Load schedule", &["load_schedule"]),
    ("Heat schedule", &["heat_schedule", "loops", "air_units", "plant", "energy_balance"]),
    ("Power", &["power_elements", "power_losses", "outages", "stranded"]),
    ("Panels", &["panel_schedule"]),
    ("Outages", &["outage_costs"]),
    ("Availability", &["availability", "availability_classes", "cut_sets", "failure_data"]),
    ("Standby", &["generators", "ups", "swing_checks", "ledger_ups", "ledger_utility"]),
    ("Network", &["cable_schedule", "links", "media", "switches"]),
    (
        "Performance",
        &["performance", "operating_points", "operations", "workload_facts", "storage"],
    ),
    ("BOM", &["bill", "unpriced"]),
    (
        "Cost",
        &[
            "capex",
            "unit_costs",
            "waterfall",
            "tornado",
            "compared",
            "cash_flow",
            "investment",
            "running",
        ],
    ),
    ("Findings", &["findings"]),
    ("Validation", &["validation_cases", "validation_quantities"]),
    ("Assumptions", &["assumptions", "entries", "limits", "reproducibility"]),
];

/// The workbook.
pub fn write(model: &ReportModel) -> Result<Vec<u8>, ReportError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(model)?);
    let summary = [summary(model)];
    add(&mut workbook, "Summary", summary.iter())?;
    for (name, ids) in SHEETS {
        add(&mut workbook, name, ids.iter().flat_map(|id| model.tables_named(id)))?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn properties(model: &ReportModel) -> Result<DocProperties, ReportError> {
    let [year, month, day, hour, minute, second] = super::time::parts(&model.context.generated_at)?;
    let bad = || ReportError::Time(model.context.generated_at.clone());
    let small = |v: u16| u8::try_from(v).map_err(|_| bad());
    let date = ExcelDateTime::from_ymd(year, small(month)?, small(day)?)?.and_hms(
        hour,
        small(minute)?,
        f64::from(second),
    )?;
    Ok(DocProperties::new()
        .set_title(format!("{} – schedules", model.title))
        .set_author(format!("Tokenmill {}", model.context.version))
        .set_creation_datetime(&date))
}

fn add<'a>(
    workbook: &mut Workbook,
    name: &str,
    tables: impl Iterator<Item = &'a Table>,
) -> Result<(), ReportError> {
    let mut sheet = Sheet::new(workbook.add_worksheet(), name)?;
    for table in tables {
        sheet.table(table)?;
    }
    sheet.finish()?;
    Ok(())
}

/// Key figures as a table, with the unrounded number and its name in the results file.
fn summary(model: &ReportModel) -> Table {
    use super::model::Cell;
    let columns = vec![
        Column::text("Key figure"),
        Column::text("Shown"),
        Column::text("Band, limit or remark"),
        Column::number("Unrounded", ""),
        Column::text("Name in results.json"),
    ];
    let mut table = Table::new("summary", model.title.clone(), columns);
    for figure in &model.key_figures {
        let shown = match figure.unit.as_str() {
            "" => figure.text.clone(),
            unit => format!("{} {unit}", figure.text),
        };
        table.push(vec![
            Cell::text(figure.label),
            Cell::text(shown).toned(figure.tone),
            Cell::text(figure.detail.clone()),
            figure.value.map_or_else(Cell::none, |v| Cell::significant(v, 6)),
            Cell::text(figure.id),
        ]);
    }
    table.noted(format!(
        "{} What limits it: {} Made {} by tokenmill {}.",
        model.subtitle, model.verdict, model.context.generated_at, model.context.version
    ))
}
