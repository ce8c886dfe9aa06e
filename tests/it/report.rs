//! The review pack of every preset: it is written, and its totals are those of the results.

use std::sync::Arc;
use tokenmill::catalog::shipped;
use tokenmill::evaluate::Evaluator;
use tokenmill::evaluate::cancel::CancelToken;
use tokenmill::evaluate::clock::Clock;
use tokenmill::evaluate::finding::Severity;
use tokenmill::evaluate::result::Quality;
use tokenmill::format::from_text;
use tokenmill::report::model::bill::column;
use tokenmill::report::{ReportContext, ReportModel, write_pack};
use tokenmill::session::presets::PRESETS;

#[test]
fn every_preset_exports_a_pack_with_the_totals_of_its_results() {
    let context = ReportContext {
        generated_at: "2026-11-22T12:00:00Z".into(),
        version: "test".into(),
        ..ReportContext::default()
    };
    for preset in PRESETS {
        let opened = from_text(preset.text).unwrap();
        let catalog = Arc::new(shipped().unwrap().overlaid(&opened.embedded));
        let results = Evaluator::new(1, Clock::still())
            .evaluate(&opened.plan, &catalog, 1, Quality::Draft, &CancelToken::never())
            .unwrap();
        let model = ReportModel::new(&opened.plan, &catalog, &results, &context).unwrap();
        let bill = model.table("bill").unwrap();
        let total = bill.total().unwrap().cells[column::TOTAL].number.unwrap();
        assert_eq!(total, results.kpi.capex_usd.base, "{}", preset.id);
        let unpriced = bill.items().filter(|r| r.cells[column::TOTAL].number.is_none()).count();
        assert_eq!(unpriced, results.kpi.unpriced_items, "{}", preset.id);
        let severe = |word: &str| {
            let rows = model.table("findings").into_iter().flat_map(|t| t.items());
            rows.filter(|r| r.cells[0].text == word).count()
        };
        assert_eq!(severe("Error"), results.count(Severity::Error), "{}", preset.id);
        assert_eq!(severe("Warning"), results.count(Severity::Warning), "{}", preset.id);
        let pack = write_pack(&opened.plan, &catalog, &results, &context, &|_, _| true).unwrap();
        assert!(pack.iter().all(|(_, bytes)| !bytes.is_empty()), "{}", preset.id);
        assert!(pack[0].1.starts_with(b"%PDF-"), "{}", preset.id);
    }
}

/// `cargo test --test it packs_to_look_at -- --ignored` writes packs to `target/review`.
#[test]
#[ignore = "writes files to look at"]
fn packs_to_look_at() {
    let context = ReportContext {
        generated_at: "2026-11-22T12:00:00Z".into(),
        version: "test".into(),
        ..ReportContext::default()
    };
    for preset in PRESETS {
        let opened = from_text(preset.text).unwrap();
        let catalog = Arc::new(shipped().unwrap().overlaid(&opened.embedded));
        let results = Evaluator::new(1, Clock::still())
            .evaluate(&opened.plan, &catalog, 1, Quality::Settled, &CancelToken::never())
            .unwrap();
        let folder = format!("{}/target/review/{}", env!("CARGO_MANIFEST_DIR"), preset.id);
        std::fs::create_dir_all(format!("{folder}/csv")).unwrap();
        let pack = write_pack(&opened.plan, &catalog, &results, &context, &|_, _| true).unwrap();
        for (file, bytes) in pack {
            std::fs::write(format!("{folder}/{file}"), bytes).unwrap();
        }
    }
}
