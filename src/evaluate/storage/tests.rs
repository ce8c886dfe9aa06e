//! Tests of the storage stage, the published MLPerf Storage figures among them.

use super::*;
use crate::plan::ObjectId;
use proptest::prelude::*;
use serde::Deserialize;

/// Bytes in a MiB, the unit that the benchmark prints as MB.
const MIB: f64 = 1_048_576.0;

fn case() -> StorageCase {
    StorageCase {
        accelerators: 36,
        read_rule: ReadRule::BatchOverCompute {
            batch: 7.0,
            record_byte: 146_600_628.0,
            compute_s: 0.323,
        },
        target_au: 0.9,
        appliances: vec![Appliance {
            name: "appliance".into(),
            count: 1,
            read_byte_s: Some(99_017.8 * MIB),
            write_byte_s: Some(50e9),
            usable_byte: Some(0.25e15),
            power_w: Some(2200.0),
            rack_units: Some(2),
        }],
        racks: vec![StorageRack { rack: ObjectId(9), free_u: 40 }],
        client_byte_s: None,
        fabric_byte_s: None,
        needed_byte: 0.1e15,
        checkpoint: Some(Checkpoint { byte: 912e9, interval_s: 1800.0, blocking_share: 1.0 }),
    }
}

#[derive(Deserialize)]
struct Workload {
    workload: String,
    batch: f64,
    record_bytes: f64,
    compute_s: f64,
    min_au: f64,
    mib_s_at_min_au: f64,
}

#[derive(Deserialize)]
struct Submission {
    system: String,
    workload: String,
    accelerators: u32,
    throughput_mib_s: f64,
    per_accelerator_mib_s: f64,
}

#[derive(Deserialize)]
struct Published {
    workloads: Vec<Workload>,
    submissions: Vec<Submission>,
}

fn published() -> Published {
    let text = include_str!("../../../tests/cases/storage/mlperf_storage_v1.json");
    serde_json::from_str(text).unwrap()
}

fn supported(workload: &Workload, throughput_mib_s: f64) -> u32 {
    let mut case = case();
    case.read_rule = ReadRule::BatchOverCompute {
        batch: workload.batch,
        record_byte: workload.record_bytes,
        compute_s: workload.compute_s,
    };
    case.target_au = workload.min_au;
    case.appliances[0].read_byte_s = Some(throughput_mib_s * MIB);
    solve(&case).unwrap().accelerators_supported.unwrap()
}

#[test]
fn published_needs_per_accelerator_are_met() {
    for w in published().workloads {
        let rule = ReadRule::BatchOverCompute {
            batch: w.batch,
            record_byte: w.record_bytes,
            compute_s: w.compute_s,
        };
        let mib_s = w.min_au * rule.byte_s() / MIB;
        assert!((mib_s / w.mib_s_at_min_au - 1.0).abs() < 1e-3, "{}: {mib_s}", w.workload);
    }
}

/// Within 3 % or one accelerator on 29 of 37 submissions, the median error below 1 %. Of the other
/// eight, five ran above the utilisation floor, so that their storage would have fed more than
/// were submitted, and three ran 2 to 4 % below it.
#[test]
fn published_accelerator_counts_are_met() {
    let file = published();
    let (mut errors, mut met) = (Vec::new(), 0);
    for s in &file.submissions {
        let Some(w) = file.workloads.iter().find(|w| w.workload == s.workload) else { continue };
        let got = f64::from(supported(w, s.throughput_mib_s));
        let want = f64::from(s.accelerators);
        let in_hand = (s.per_accelerator_mib_s / w.mib_s_at_min_au).max(1.0);
        let high = want * in_hand * 1.03 + 1.0;
        let low = want * 0.96 - 1.0;
        assert!(got >= low && got <= high, "{}: {got} for {want}", s.system);
        errors.push((got / want - 1.0).abs());
        met += usize::from((got - want).abs() <= (0.03 * want).max(1.0));
    }
    assert_eq!((met, file.submissions.len()), (29, 37));
    errors.sort_by(f64::total_cmp);
    assert!(errors[errors.len() / 2] <= 0.01, "median {}", errors[errors.len() / 2]);
}

#[test]
fn checkpoints_stall_the_job_by_their_writing_time() {
    let r = solve(&case()).unwrap();
    let write_s = 912e9 / 50e9;
    assert!((r.checkpoint_write_s.unwrap() - write_s).abs() < 1e-9);
    let share = write_s / (1800.0 + write_s);
    assert!((r.checkpoint_stall_share.unwrap() - share).abs() < 1e-12);
    assert!((r.job_factor - r.au.unwrap() * (1.0 - share)).abs() < 1e-12);
    assert!(r.findings.is_empty(), "{:?}", r.findings);
}

#[test]
fn the_narrowest_place_limits() {
    let mut c = case();
    c.fabric_byte_s = Some(40e9);
    let r = solve(&c).unwrap();
    assert_eq!((r.read_limit, r.read_supply_byte_s), (StorageLimit::Fabric, Some(40e9)));
    assert_eq!(r.findings[0].rule, "storage.accelerators-starved");
    c.client_byte_s = Some(10e9);
    assert_eq!(solve(&c).unwrap().read_limit, StorageLimit::ClientNic);
}

#[test]
fn unknown_figures_are_said_and_not_counted_as_nothing() {
    let mut c = case();
    c.appliances[0].read_byte_s = None;
    let r = solve(&c).unwrap();
    assert_eq!((r.au, r.accelerators_supported), (None, None));
    assert_eq!(r.findings[0].rule, "storage.figure-unknown");
}

#[test]
fn each_other_problem_is_found() {
    let mut c = case();
    c.needed_byte = 1e15;
    c.checkpoint = Some(Checkpoint { byte: 912e9, interval_s: 60.0, blocking_share: 1.0 });
    let rules: Vec<_> = solve(&c).unwrap().findings.iter().map(|f| f.rule).collect();
    assert_eq!(rules, ["storage.capacity-short", "storage.checkpoint-stall"]);
    c.target_au = f64::NAN;
    assert!(solve(&c).unwrap_err().to_string().contains("target_au"));
}

#[test]
fn appliances_spread_over_the_racks() {
    let mut c = case();
    c.racks.push(StorageRack { rack: ObjectId(4), free_u: 38 });
    c.appliances[0].count = 5;
    let r = solve(&c).unwrap();
    let held: Vec<_> = r.racks.iter().map(|l| (l.rack, l.appliances, l.used_u)).collect();
    assert_eq!(held, [(ObjectId(4), 2, 4), (ObjectId(9), 3, 6)]);
    assert!((r.racks.iter().map(|l| l.power_w).sum::<f64>() - r.power_w).abs() < 1e-9);
    c.racks.truncate(1);
    c.racks[0].free_u = 6;
    assert_eq!(solve(&c).unwrap().findings[0].rule, "storage.rack-full");
    c.racks.clear();
    assert_eq!(solve(&c).unwrap().findings[0].rule, "storage.no-rack");
}

#[test]
fn storage_left_out_of_the_plan_is_said() {
    let mut c = case();
    c.appliances.clear();
    let r = solve(&c).unwrap();
    assert_eq!((r.au, r.accelerators_supported, r.usable_byte), (None, None, None));
    assert_eq!((r.checkpoint_write_s, r.job_factor), (None, 1.0));
    assert_eq!(r.findings[0].rule, "storage.none-drawn");
}

proptest! {
    #[test]
    fn more_supply_never_feeds_fewer(count in 1_u32..50, byte_s in 0.0_f64..1e12) {
        let mut c = case();
        c.appliances[0].count = count;
        c.appliances[0].read_byte_s = Some(byte_s);
        let few = solve(&c).unwrap();
        c.appliances[0].count += 1;
        let more = solve(&c).unwrap();
        prop_assert!(more.accelerators_supported >= few.accelerators_supported);
        prop_assert!(more.au >= few.au && more.job_factor.is_finite());
    }
}
