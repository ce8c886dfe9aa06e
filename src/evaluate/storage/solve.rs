//! Supply against need.
//!
//! ```text
//! (1) need of one accelerator at full utilisation   r = batch·record / compute time
//! (2) supply                                         s = min(client NICs, fabric, appliances)
//! (3) utilisation                                    AU = min(1, s / (n·r))
//! (4) accelerators fed at the target AU              floor(s / (AU_target·r))
//! (5) checkpoint write                               δ = bytes / write supply
//! (6) stall share                                    φ·δ / (τ + φ·δ),  φ the blocking share
//! ```
//!
//! (1)–(4) are the MLPerf Storage definitions; its submitters run at the AU floor, so that (4)
//! gives the accelerators they report. Validity: large sequential reads spread over all
//! appliances. Small random reads (retrieval) are bound by operations and latency, not by this.

use super::case::{Appliance, ReadRule, StorageCase, StorageError, StorageLimit, StorageResult};
use super::placement;
use crate::evaluate::finding::{Finding, Severity, Subject};

/// Tolerates rounding in (4), so that a supply of exactly n needs feeds n.
const COUNT_SLACK: f64 = 1e-9;

impl ReadRule {
    /// Bytes per second that one accelerator reads at full utilisation, equation (1).
    #[must_use]
    pub fn byte_s(&self) -> f64 {
        match *self {
            Self::BatchOverCompute { batch, record_byte, compute_s } => {
                batch * record_byte / compute_s
            }
            Self::PerAccelerator { byte_s } => byte_s,
            Self::Tokens { tokens_per_s, byte_per_token } => tokens_per_s * byte_per_token,
        }
    }
}

/// Solves the storage of a plan.
pub fn solve(case: &StorageCase) -> Result<StorageResult, StorageError> {
    check(case)?;
    let rate = case.read_rule.byte_s();
    let full_need = rate * f64::from(case.accelerators);
    let (read_supply, read_limit) = read_supply(case);
    let drawn = |known: Option<f64>| known.filter(|_| !none_drawn(case));
    let write = drawn(total(&case.appliances, |a| a.write_byte_s)).map(|w| narrow(w, case));
    let usable = drawn(total(&case.appliances, |a| a.usable_byte));
    let au = read_supply.map(|s| if full_need > 0.0 { (s / full_need).min(1.0) } else { 1.0 });
    let write_s = case.checkpoint.and_then(|c| Some(c.byte / write.filter(|w| *w > 0.0)?));
    let stall = case.checkpoint.and_then(|c| {
        let blocked = c.blocking_share * write_s?;
        Some(blocked / (c.interval_s + blocked))
    });
    let mut result = StorageResult {
        read_supply_byte_s: read_supply,
        write_supply_byte_s: write,
        read_limit,
        read_need_byte_s: case.target_au * full_need,
        usable_byte: usable,
        au,
        accelerators_supported: read_supply.and_then(|s| supported(s, case.target_au * rate)),
        checkpoint_write_s: write_s,
        restore_s: case.checkpoint.and_then(|c| Some(c.byte / read_supply.filter(|s| *s > 0.0)?)),
        checkpoint_stall_share: stall,
        job_factor: au.unwrap_or(1.0) * (1.0 - stall.unwrap_or(0.0)),
        power_w: total_known(&case.appliances, |a| a.power_w),
        racks: placement::place(case),
        findings: Vec::new(),
    };
    result.findings = findings(case, &result);
    result.findings.extend(placement::findings(case, &result.racks));
    Ok(result)
}

/// Equation (4); `None` where accelerators read nothing and any number is fed.
fn supported(supply_byte_s: f64, need_byte_s: f64) -> Option<u32> {
    (need_byte_s > 0.0)
        .then(|| (supply_byte_s / need_byte_s + COUNT_SLACK).min(f64::from(u32::MAX)) as u32)
}

/// Equation (2) and what sets it; `None` where nothing is drawn or a read rate has no source.
fn read_supply(case: &StorageCase) -> (Option<f64>, StorageLimit) {
    if none_drawn(case) {
        return (None, StorageLimit::Appliances);
    }
    let Some(appliances) = total(&case.appliances, |a| a.read_byte_s) else {
        return (None, StorageLimit::Appliances);
    };
    let candidates = [
        (Some(appliances), StorageLimit::Appliances),
        (case.fabric_byte_s, StorageLimit::Fabric),
        (case.client_byte_s, StorageLimit::ClientNic),
    ];
    let narrowest = candidates
        .into_iter()
        .filter_map(|(rate, limit)| Some((rate?, limit)))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    narrowest.map_or((None, StorageLimit::Appliances), |(rate, limit)| (Some(rate), limit))
}

/// Whether storage is left out of the plan; it is then taken to stand elsewhere.
fn none_drawn(case: &StorageCase) -> bool {
    case.appliances.iter().all(|a| a.count == 0)
}

fn narrow(rate: f64, case: &StorageCase) -> f64 {
    let fabric = case.fabric_byte_s.unwrap_or(f64::INFINITY);
    rate.min(fabric).min(case.client_byte_s.unwrap_or(f64::INFINITY))
}

/// Sum over all appliances; `None` as soon as one that is bought lacks the figure.
fn total(appliances: &[Appliance], of: impl Fn(&Appliance) -> Option<f64>) -> Option<f64> {
    sorted_sum(appliances, |a| Some(f64::from(a.count) * of(a)?))
}

/// Sum over the appliances that have the figure.
fn total_known(appliances: &[Appliance], of: impl Fn(&Appliance) -> Option<f64>) -> f64 {
    sorted_sum(appliances, |a| Some(f64::from(a.count) * of(a).unwrap_or(0.0))).unwrap_or(0.0)
}

/// Adds in the order of size, so that the order of the list does not matter to the last bit.
fn sorted_sum(appliances: &[Appliance], of: impl Fn(&Appliance) -> Option<f64>) -> Option<f64> {
    let bought = appliances.iter().filter(|a| a.count > 0);
    let mut terms = bought.map(of).collect::<Option<Vec<f64>>>()?;
    terms.sort_by(f64::total_cmp);
    Some(terms.iter().sum())
}

fn findings(case: &StorageCase, result: &StorageResult) -> Vec<Finding> {
    if none_drawn(case) {
        return vec![finding(
            Severity::Warning,
            "storage.none-drawn",
            "No storage is drawn: reading and checkpoints are taken to cost no time".to_owned(),
            "Add storage appliances, so that their rate, power and price count",
        )];
    }
    let checks =
        [unknown(case, result), starved(case, result), capacity(case, result), stall(case, result)];
    checks.into_iter().flatten().collect()
}

fn finding(severity: Severity, rule: &'static str, message: String, advice: &str) -> Finding {
    Finding {
        severity,
        rule,
        subject: Subject::Fabric("storage".to_owned()),
        message,
        value: None,
        limit: None,
        unit: "",
        source: "the plan".to_owned(),
        advice: advice.to_owned(),
    }
}

fn unknown(case: &StorageCase, result: &StorageResult) -> Option<Finding> {
    let missing: Vec<&str> = [
        ("read rate", result.read_supply_byte_s.is_none()),
        ("write rate", case.checkpoint.is_some() && result.write_supply_byte_s.is_none()),
        ("capacity", case.needed_byte > 0.0 && result.usable_byte.is_none()),
    ]
    .into_iter()
    .filter_map(|(what, gone)| gone.then_some(what))
    .collect();
    if missing.is_empty() {
        return None;
    }
    Some(finding(
        Severity::Warning,
        "storage.figure-unknown",
        format!("No source gives the {} of the storage, so it is not checked", missing.join(", ")),
        "Enter the figure from a data sheet, or choose an appliance with a known one",
    ))
}

fn starved(case: &StorageCase, result: &StorageResult) -> Option<Finding> {
    let au = result.au.filter(|au| *au < case.target_au * (1.0 - COUNT_SLACK))?;
    let by = match result.read_limit {
        StorageLimit::ClientNic => "the client NICs",
        StorageLimit::Fabric => "the storage fabric",
        StorageLimit::Appliances => "the appliances",
    };
    Some(Finding {
        value: Some(100.0 * au),
        limit: Some(100.0 * case.target_au),
        unit: "%",
        ..finding(
            Severity::Warning,
            "storage.accelerators-starved",
            format!("Accelerators wait for data: {by} read too slowly"),
            "Add appliances or faster links, or accept a lower utilisation",
        )
    })
}

fn capacity(case: &StorageCase, result: &StorageResult) -> Option<Finding> {
    let usable = result.usable_byte.filter(|u| *u < case.needed_byte)?;
    Some(Finding {
        value: Some(case.needed_byte / 1e15),
        limit: Some(usable / 1e15),
        unit: "PB",
        ..finding(
            Severity::Error,
            "storage.capacity-short",
            "Data, models and checkpoints do not fit".to_owned(),
            "Add appliances",
        )
    })
}

/// Checkpoint stalls above this share are worth a word; assumption, as large training runs report
/// some 1 % lost to checkpoints.
const STALL_WARNING: f64 = 0.05;

fn stall(case: &StorageCase, result: &StorageResult) -> Option<Finding> {
    let share = result.checkpoint_stall_share.filter(|s| *s > STALL_WARNING)?;
    case.checkpoint?;
    Some(Finding {
        value: Some(100.0 * share),
        limit: Some(100.0 * STALL_WARNING),
        unit: "%",
        ..finding(
            Severity::Warning,
            "storage.checkpoint-stall",
            "Writing checkpoints takes a large share of the running time".to_owned(),
            "Add write bandwidth, write asynchronously, or write less often",
        )
    })
}

fn check(case: &StorageCase) -> Result<(), StorageError> {
    let positive = |field, value: f64| within(field, value, 0.0, 1e30, "finite and not negative");
    match case.read_rule {
        ReadRule::BatchOverCompute { batch, record_byte, compute_s } => {
            positive("read_rule.batch", batch)?;
            positive("read_rule.record_byte", record_byte)?;
            within("read_rule.compute_s", compute_s, 1e-9, 1e9, "1 ns to 1e9 s")?;
        }
        ReadRule::PerAccelerator { byte_s } => positive("read_rule.byte_s", byte_s)?,
        ReadRule::Tokens { tokens_per_s, byte_per_token } => {
            positive("read_rule.tokens_per_s", tokens_per_s)?;
            positive("read_rule.byte_per_token", byte_per_token)?;
        }
    }
    within("target_au", case.target_au, 0.01, 1.0, "0.01 to 1")?;
    positive("needed_byte", case.needed_byte)?;
    positive("client_byte_s", case.client_byte_s.unwrap_or(0.0))?;
    positive("fabric_byte_s", case.fabric_byte_s.unwrap_or(0.0))?;
    for a in &case.appliances {
        within("appliances.count", f64::from(a.count), 0.0, 1e5, "at most 100,000")?;
        positive("appliances.read_byte_s", a.read_byte_s.unwrap_or(0.0))?;
        positive("appliances.write_byte_s", a.write_byte_s.unwrap_or(0.0))?;
        positive("appliances.usable_byte", a.usable_byte.unwrap_or(0.0))?;
        positive("appliances.power_w", a.power_w.unwrap_or(0.0))?;
    }
    let Some(c) = case.checkpoint else { return Ok(()) };
    positive("checkpoint.byte", c.byte)?;
    within("checkpoint.interval_s", c.interval_s, 1e-3, 1e9, "1 ms to 1e9 s")?;
    within("checkpoint.blocking_share", c.blocking_share, 0.0, 1.0, "0 to 1")
}

fn within(
    field: &'static str,
    value: f64,
    low: f64,
    high: f64,
    must: &'static str,
) -> Result<(), StorageError> {
    if value.is_finite() && value >= low && value <= high {
        Ok(())
    } else {
        Err(StorageError::BadInput { field, value, must })
    }
}
