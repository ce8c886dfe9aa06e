//! The air of every shipped preset: built from its plan, closed, plausible, the same on any number
//! of threads.

use super::*;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::finding::Severity;
use crate::evaluate::loads::rack_load;
use crate::evaluate::snapshot::Snapshot;
use crate::units::Watts;

/// Cases of all presets with every compute rack at full clock.
fn presets(dx_m: f64) -> Vec<(String, AirCase)> {
    let catalog = crate::catalog::shipped().unwrap();
    let folder = format!("{}/presets", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let case = |path: &std::path::PathBuf| {
        let plan = crate::format::from_text(&std::fs::read_to_string(path).unwrap()).unwrap().plan;
        let snapshot = Snapshot::resolve(&plan, &catalog).unwrap();
        let load = |r| rack_load(r, 1.0, 0.0, Watts::kw(5.0));
        let loads: Vec<_> = snapshot.racks.iter().map(load).collect();
        (path.display().to_string(), case_from_plan(&snapshot, &loads, dx_m))
    };
    files.iter().map(case).collect()
}

#[test]
fn every_preset_closes_and_has_no_air_error() {
    let cases = presets(LIVE_CELL_M);
    assert!(!cases.is_empty());
    for (name, case) in cases {
        let (result, _) = solve(&case, None, &CancelToken::never()).unwrap();
        assert!(result.balance.heat_in_w > 0.0, "{name}");
        assert!(result.balance.heat_closure < 1e-3, "{name} {:?}", result.balance);
        assert!(result.balance.mass_closure < 1e-10, "{name} {:?}", result.balance);
        assert!(result.balance.heat_unplaced_w.abs() < 1e-6, "{name}");
        assert!(result.units.iter().any(|u| u.flow_m3_s > 0.0), "{name}");
        assert!(result.racks.iter().all(|r| r.object.is_some()));
        let errors = result.findings.iter().filter(|f| f.severity == Severity::Error);
        assert_eq!(errors.count(), 0, "{name} {:?}", result.findings);
    }
}

#[test]
fn a_preset_is_bit_equal_with_one_and_two_threads() {
    let (name, case) = presets(LIVE_CELL_M).swap_remove(0);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| solve(&case, None, &CancelToken::never()).unwrap().0)
    };
    assert_eq!(with(1), with(2), "{name}");
}
