//! Accelerators that a storage system feeds, against MLPerf Storage submissions.

use super::registry::readable;
use super::statistics::quantile;
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Topic};
use crate::evaluate::storage::{Appliance, ReadRule, StorageCase, solve};
use serde::Deserialize;

const FILE: &str = include_str!("../../tests/cases/storage/mlperf_storage_v1.json");

/// Bytes in a MiB, the unit that the benchmark prints as MB.
const MIB: f64 = 1_048_576.0;
/// Needed bandwidth per accelerator, relative, %.
const NEED_PERCENT: f64 = 0.1;
/// A submission is met when the count is off by no more than this share, or one accelerator.
const MET_SHARE: f64 = 0.03;
/// Submissions that may miss [`MET_SHARE`]: of the eight that do, five ran above the utilisation
/// floor (their storage would have fed more than were submitted) and three 2 to 4 % below it.
const MAY_MISS: f64 = 8.0;
/// Median error of the count, %.
const MEDIAN_PERCENT: f64 = 1.0;
/// How far below a submission a count may fall, share and accelerators.
const LOWEST: (f64, f64) = (0.96, 1.0);

#[derive(Clone, Deserialize)]
struct Workload {
    workload: String,
    batch: f64,
    record_bytes: f64,
    compute_s: f64,
    min_au: f64,
    mib_s_at_min_au: f64,
}

#[derive(Clone, Deserialize)]
struct Submission {
    system: String,
    workload: String,
    accelerators: u32,
    throughput_mib_s: f64,
    per_accelerator_mib_s: f64,
}

#[derive(Clone, Deserialize)]
struct File {
    #[serde(default)]
    provenance: String,
    workloads: Vec<Workload>,
    submissions: Vec<Submission>,
}

/// The shipped case.
#[must_use]
pub fn cases() -> Vec<Case> {
    vec![readable("mlperf_storage_v1", Topic::Storage, case("mlperf_storage_v1", FILE))]
}

/// A case from a file of submissions.
///
/// # Errors
/// A file that is not what it should be.
pub fn case(id: &str, text: &str) -> Result<Case, CaseError> {
    let file: File = serde_json::from_str(text).map_err(|e| CaseError::file(id, e))?;
    let title = format!("Accelerators fed in {} submissions", file.submissions.len());
    let source = file.provenance.clone();
    Ok(Case::new(id, Topic::Storage, title, source, move |cancel| {
        cancel.check()?;
        answer(&file)
    }))
}

fn read_rule(w: &Workload) -> ReadRule {
    ReadRule::BatchOverCompute {
        batch: w.batch,
        record_byte: w.record_bytes,
        compute_s: w.compute_s,
    }
}

/// Accelerators that a measured throughput feeds at the least utilisation allowed.
fn supported(w: &Workload, throughput_mib_s: f64) -> Result<f64, CaseError> {
    let case = StorageCase {
        accelerators: 1,
        read_rule: read_rule(w),
        target_au: w.min_au,
        appliances: vec![Appliance {
            name: "measured".into(),
            count: 1,
            read_byte_s: Some(throughput_mib_s * MIB),
            write_byte_s: None,
            usable_byte: None,
            power_w: None,
            rack_units: None,
        }],
        racks: Vec::new(),
        client_byte_s: None,
        fabric_byte_s: None,
        needed_byte: 0.0,
        checkpoint: None,
    };
    let result = solve(&case).map_err(CaseError::solver)?;
    let count = result.accelerators_supported;
    count.map(f64::from).ok_or_else(|| CaseError::solver("no count of accelerators"))
}

fn answer(file: &File) -> Result<Answer, CaseError> {
    let needs = file.workloads.iter().map(|w| {
        let ours = w.min_au * read_rule(w).byte_s() / MIB;
        let name = format!("Need per accelerator, {}", w.workload);
        Quantity::relative(name, "MiB/s", w.mib_s_at_min_au, ours).within(NEED_PERCENT)
    });
    let mut quantities: Vec<Quantity> = needs.collect();
    let (mut points, mut errors, mut missed, mut outside) = (Vec::new(), Vec::new(), 0.0, 0.0);
    for s in &file.submissions {
        let Some(w) = file.workloads.iter().find(|w| w.workload == s.workload) else { continue };
        let (want, got) = (f64::from(s.accelerators), supported(w, s.throughput_mib_s)?);
        let in_hand = (s.per_accelerator_mib_s / w.mib_s_at_min_au).max(1.0);
        let high = want * in_hand * (1.0 + MET_SHARE) + 1.0;
        let low = want * LOWEST.0 - LOWEST.1;
        outside += f64::from(u8::from(!(low..=high).contains(&got)));
        missed += f64::from(u8::from((got - want).abs() > (MET_SHARE * want).max(1.0)));
        errors.push(100.0 * (got / want - 1.0).abs());
        points.push(Point::new(format!("{} {}", s.system, s.workload), want, got));
    }
    let count = points.len();
    quantities.push(
        Quantity::error_of("Accelerators, median |Δ|", "%", quantile(&errors, 0.5))
            .within(MEDIAN_PERCENT),
    );
    quantities.push(
        Quantity::error_of(format!("Of {count}, off by over 3 %"), "", missed).within(MAY_MISS),
    );
    let name = format!("Of {count}, not explained by spare bandwidth");
    quantities.push(Quantity::error_of(name, "", outside).within(0.0));
    let picture = Picture::Scatter {
        quantity: "Accelerators".into(),
        unit: "",
        points,
        band: Some(MET_SHARE),
        log: true,
    };
    Ok(Answer::of(quantities, picture))
}
