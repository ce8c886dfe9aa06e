//! The pack of a reference hall: what is written is read back and held against the results.

mod pdf_text;

use super::json::{Timings, results_json};
use super::model::{ReportContext, ReportModel, RowRole, bill};
use super::{ReportError, pdf, write_pack, xlsx};
use crate::catalog::{self, Catalog};
use crate::evaluate::Evaluator;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;
use crate::evaluate::finding::Severity;
use crate::evaluate::result::{Quality, Results};
use crate::format;
use crate::plan::Plan;
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;
use std::sync::{Arc, LazyLock};

/// A solved hall, shared by all tests.
struct Solved {
    plan: Plan,
    catalog: Arc<Catalog>,
    results: Results,
}

static ROOM: LazyLock<Solved> =
    LazyLock::new(|| solved(include_str!("../../presets/enterprise-1mw.plan.ron")));

fn solved(text: &str) -> Solved {
    let opened = format::from_text(text).unwrap();
    let catalog = Arc::new(catalog::shipped().unwrap().overlaid(&opened.embedded));
    let results = Evaluator::new(1, Clock::still())
        .evaluate(&opened.plan, &catalog, 1, Quality::Settled, &CancelToken::never())
        .unwrap();
    Solved { plan: opened.plan, catalog, results }
}

fn context() -> ReportContext {
    ReportContext {
        generated_at: "2026-11-22T19:30:00Z".into(),
        version: "0.1.0".into(),
        ..ReportContext::default()
    }
}

fn model(of: &Solved) -> ReportModel {
    ReportModel::new(&of.plan, &of.catalog, &of.results, &context()).unwrap()
}

/// Cells of a sheet; formulas as the results stored with them.
fn sheet(bytes: &[u8], name: &str) -> calamine::Range<Data> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    book.worksheet_range(name).unwrap()
}

/// The number in a column of the row that begins with some words.
fn number(range: &calamine::Range<Data>, words: &str, column: usize) -> f64 {
    let row = range.rows().find(|r| r[0] == words).unwrap_or_else(|| panic!("{words}"));
    row[column].to_string().parse().unwrap_or_else(|_| panic!("{words}: {:?}", row[column]))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

#[test]
fn totals_agree_between_results_model_json_workbook_and_pdf() {
    let room = &*ROOM;
    let model = model(room);
    let book = xlsx::write(&model).unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&results_json(&room.plan, &room.results, Timings::Omitted).unwrap())
            .unwrap();
    let text = pdf_text::of(&pdf::write_with(&model, pdf::Streams::Plain).unwrap());

    let capex = room.results.economics.capex_usd.base;
    let total = model.table("bill").and_then(|t| t.total()).unwrap();
    assert_eq!(total.cells[bill::column::TOTAL].number, Some(capex));
    assert!(close(json["kpi"]["capex_usd"]["base"].as_f64().unwrap(), capex));
    let bom = sheet(&book, "BOM");
    assert!(close(number(&bom, "Total of priced items", bill::column::TOTAL), capex));
    assert!(close(number(&sheet(&book, "Cost"), "Total", 2), capex));
    assert!(text.contains(&total.cells[bill::column::TOTAL].text), "total of the bill");

    let drawn: f64 = room.results.racks.iter().map(|r| r.electric_kw).sum();
    let line = model.table("load_schedule").and_then(|t| t.total()).unwrap();
    assert_eq!(line.cells[3].number, Some(drawn));
    assert!(close(number(&sheet(&book, "Load schedule"), "Total", 3), drawn));
    assert!(text.contains(&line.cells[3].text), "total of the load schedule");
    let listed: f64 =
        json["racks"].as_array().unwrap().iter().map(|r| r["electric_kw"].as_f64().unwrap()).sum();
    assert!(close(listed, drawn));

    for figure in &model.key_figures {
        assert!(text.contains(&figure.text), "{}: {}", figure.label, figure.text);
        let found = &json["kpi"][figure.id];
        let value = found.as_f64().or_else(|| found["base"].as_f64());
        if let (Some(found), Some(shown)) = (value, figure.value)
            && figure.id != "errors"
        {
            assert!(close(found, shown), "{}: {found} {shown}", figure.label);
        }
    }
}

#[test]
fn formulas_of_the_bill_carry_the_results_of_the_model() {
    let room = &*ROOM;
    let model = model(room);
    let book = xlsx::write(&model).unwrap();
    let mut opened: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(&book)).unwrap();
    let formulas = opened.worksheet_formula("BOM").unwrap();
    let values = sheet(&book, "BOM");
    let table = model.table("bill").unwrap();
    let origin = formulas.start().unwrap();
    for (at, row) in table.rows.iter().enumerate() {
        let cell = &row.cells[bill::column::TOTAL];
        let Some(expected) = cell.number else { continue };
        // One heading row stands above the table.
        let (r, c) = (at as u32 + 1, bill::column::TOTAL as u32);
        let formula = formulas.get(((r - origin.0) as usize, (c - origin.1) as usize));
        assert!(formula.is_some_and(|f| !f.is_empty()), "row {at}: {row:?}");
        let value = values.get((r as usize, c as usize)).unwrap().to_string();
        assert!(close(value.parse().unwrap(), expected), "row {at}: {value} for {expected}");
    }
    assert!(table.rows.iter().any(|r| r.role == RowRole::Subtotal));
}

#[test]
fn items_without_a_price_are_listed_as_unpriced_and_never_as_nothing() {
    let room = &*ROOM;
    let mut results = room.results.clone();
    let economics = Arc::make_mut(&mut results.economics);
    // A plan whose first item lost its price, whatever the catalogue knows today.
    let line = economics.bill.iter_mut().find(|b| b.total_usd.is_some()).unwrap();
    (line.line.unit_price_usd, line.total_usd) = (None, None);
    let name = line.line.item.clone();
    let model = ReportModel::new(&room.plan, &room.catalog, &results, &context()).unwrap();
    let table = model.table("bill").unwrap();
    let row = table.items().find(|r| r.cells[0].text == name).unwrap();
    for at in [bill::column::PRICE_BASE, bill::column::TOTAL] {
        assert_eq!((row.cells[at].text.as_str(), row.cells[at].number), ("unpriced", None));
    }
    for row in table.items() {
        assert_ne!(row.cells[bill::column::TOTAL].number, Some(0.0), "{row:?}");
    }
    let range = sheet(&xlsx::write(&model).unwrap(), "BOM");
    let row = range.rows().find(|r| r[0].to_string() == name).unwrap();
    assert_eq!(row[bill::column::TOTAL], Data::String("unpriced".into()));
    assert!(
        pdf_text::of(&pdf::write_with(&model, pdf::Streams::Plain).unwrap()).contains("unpriced")
    );
    assert!(super::csv::table_csv(table).contains("unpriced"));
}

#[test]
fn every_finding_is_in_every_file() {
    let room = &*ROOM;
    let model = model(room);
    let findings = &room.results.findings;
    let rows = model.table("findings").map_or(0, |t| t.items().count());
    assert_eq!(rows, findings.len());
    let json: serde_json::Value =
        serde_json::from_str(&results_json(&room.plan, &room.results, Timings::Omitted).unwrap())
            .unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), findings.len());
    assert_eq!(json["schema"], super::json::SCHEMA);
    let range = sheet(&xlsx::write(&model).unwrap(), "Findings");
    for (severity, word) in
        [(Severity::Error, "Error"), (Severity::Warning, "Warning"), (Severity::Info, "Info")]
    {
        let count = range.rows().filter(|r| r[0] == word).count();
        assert_eq!(count, room.results.count(severity), "{word}");
    }
}

#[test]
fn equal_plans_give_equal_bytes_and_no_number_is_missing_its_text() {
    let room = &*ROOM;
    let pack =
        || write_pack(&room.plan, &room.catalog, &room.results, &context(), &|_, _| true).unwrap();
    let (first, second) = (pack(), pack());
    assert_eq!(first.len(), second.len());
    for (a, b) in first.iter().zip(&second) {
        assert!(a == b, "{} differs between two runs", a.0);
    }
    let names: Vec<&str> = first.iter().map(|f| f.0.as_str()).collect();
    for name in ["report.pdf", "schedules.xlsx", "results.json", "floor.png"] {
        assert!(names.contains(&name), "{name}");
    }
    for table in model(room).tables() {
        for row in &table.rows {
            assert_eq!(row.cells.len(), table.columns.len(), "{}", table.id);
            assert!(row.cells.iter().all(|c| c.number.is_none() || !c.text.is_empty()));
        }
    }
}

#[test]
fn stopping_and_bad_times_are_errors() {
    let room = &*ROOM;
    let stopped =
        write_pack(&room.plan, &room.catalog, &room.results, &context(), &|at, _| at < 0.5);
    assert!(matches!(stopped, Err(ReportError::Cancelled)));
    let bad = ReportContext { generated_at: "yesterday".into(), ..context() };
    let written = write_pack(&room.plan, &room.catalog, &room.results, &bad, &|_, _| true);
    assert!(matches!(written, Err(ReportError::Time(_))));
}
