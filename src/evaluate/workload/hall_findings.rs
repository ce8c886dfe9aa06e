//! Design problems of the workload: what does not fit, what misses its service level, what idles.

use super::error::WorkloadError;
use super::from_plan::SystemGroup;
use super::hall::WorkloadGroup;
use super::load::{DayOfLoad, Hour};
use crate::evaluate::finding::{Finding, Severity, Subject};

/// One training job leaves a group of another system idle.
pub(super) fn mixed_systems(group: &WorkloadGroup) -> Finding {
    Finding {
        severity: Severity::Warning,
        rule: "workload.mixed-systems",
        subject: Subject::Plan("workload".into()),
        message: format!(
            "{} accelerators of {} stand idle: one training job does not span different systems",
            group.gpus, group.system
        ),
        value: Some(f64::from(group.gpus)),
        limit: Some(0.0),
        unit: "accelerators",
        source: "planning rule: synchronous steps wait for the slowest part".into(),
        advice: "use one system for training, or serve on the others".into(),
    }
}

/// A service level that no layout keeps.
pub(super) fn serving_findings(group: &WorkloadGroup, findings: &mut Vec<Finding>) {
    const MS: f64 = 1e3;
    let Some(r) = group.serving.as_ref().filter(|r| !r.sla_met) else { return };
    findings.push(Finding {
        severity: Severity::Error,
        rule: "workload.sla-missed",
        subject: Subject::Plan("workload".into()),
        message: format!(
            "Service level missed even with one request in flight: TTFT {:.0} ms, TPOT {:.1} ms \
             with {} on {}",
            r.point.ttft_s * MS,
            r.point.tpot_s * MS,
            r.point.label(),
            group.system
        ),
        value: Some(r.point.tpot_s * MS),
        limit: None,
        unit: "ms",
        source: "service level of the plan".into(),
        advice:
            "shorten the prompt, lower the precision, choose a faster system or relax the limit"
                .into(),
    });
}

/// A peak hour that asks for more than the replicas take, or waits longer than allowed.
pub(super) fn day_findings(group: &WorkloadGroup, findings: &mut Vec<Finding>) {
    const FULL: f64 = 1.0;
    let (Some(day), Some(r)) = (&group.day, &group.serving) else { return };
    // A service level that even one request misses is told by its own finding.
    let Some(peak) = day.peak().filter(|_| r.sla_met && !day.sla_met_at_peak) else { return };
    let exceeded = peak.utilisation > FULL;
    let there = counted(day.replicas);
    let (rule, what) = if exceeded {
        ("workload.peak-exceeds-capacity", turned_away(day, peak, &there, &group.system))
    } else {
        ("workload.peak-misses-sla", late(peak, &there, &group.system))
    };
    let cure = match day.replicas_needed {
        Some(needed) => format!("{} would keep the service level there", counted(needed)),
        None => "no number of replicas keeps it for 99 % of requests".to_owned(),
    };
    findings.push(Finding {
        severity: Severity::Warning,
        rule,
        subject: Subject::Plan("workload".into()),
        message: format!("{what}; {cure}"),
        value: day.replicas_needed.map(f64::from),
        limit: Some(f64::from(day.replicas)),
        unit: "replicas",
        source: "service level, peak hour and sold share of the plan".into(),
        advice: "add replicas, sell less, flatten the peak with batch work, or relax the limit"
            .into(),
    });
}

fn turned_away(day: &DayOfLoad, peak: &Hour, there: &str, system: &str) -> String {
    format!(
        "The peak hour asks for {:.0} % of what {there} on {system} take within the service \
         level: {:.1} % of the day's requests are turned away and not sold",
        peak.utilisation * 100.0,
        day.turned_away() * 100.0
    )
}

fn late(peak: &Hour, there: &str, system: &str) -> String {
    const MS: f64 = 1e3;
    let ms = |s: Option<f64>, decimals: usize| {
        s.map_or_else(|| "too long".to_owned(), |s| format!("{:.decimals$} ms", s * MS))
    };
    format!(
        "In the peak hour, at {:.0} % of capacity, 99 % of requests wait up to {} for the first \
         token and {} for each further one on {there} of {system}",
        peak.utilisation * 100.0,
        ms(peak.ttft_p99_s, 0),
        ms(peak.tpot_s, 1),
    )
}

fn counted(replicas: u32) -> String {
    if replicas == 1 { "1 replica".into() } else { format!("{replicas} replicas") }
}

/// Accelerators left over by whole replicas.
pub(super) fn idle_finding(group: &WorkloadGroup, findings: &mut Vec<Finding>) {
    const NOTABLE: f64 = 0.05;
    let idle = group.gpus - group.gpus_used;
    let share = f64::from(idle) / f64::from(group.gpus.max(1));
    if group.tokens_per_s.is_none() || share <= NOTABLE {
        return;
    }
    findings.push(Finding {
        severity: Severity::Warning,
        rule: "workload.idle-accelerators",
        subject: Subject::Plan("workload".into()),
        message: format!(
            "{idle} of {} accelerators of {} are left over by whole replicas",
            group.gpus, group.system
        ),
        value: Some(share * 100.0),
        limit: Some(NOTABLE * 100.0),
        unit: "%",
        source: "planning rule".into(),
        advice: "add or remove systems so that the replicas come out even".into(),
    });
}

/// A group whose question has no answer.
pub(super) fn unsolved(group: &SystemGroup, error: &WorkloadError) -> Finding {
    let (rule, advice) = match error {
        WorkloadError::DoesNotFit { .. } => (
            "workload.does-not-fit",
            "lower the precision, add systems, or choose one with more memory",
        ),
        WorkloadError::NoRoomForBoth { .. } => (
            "workload.does-not-fit",
            "let prefill and decode share their accelerators, or add systems",
        ),
        WorkloadError::BadInput { .. } | WorkloadError::BadLayout { .. } => {
            ("workload.bad-input", "correct the workload settings")
        }
    };
    let (value, limit) = match error {
        WorkloadError::DoesNotFit { needed_gb, have_gb, .. } => (Some(*needed_gb), Some(*have_gb)),
        WorkloadError::BadInput { value, max, .. } => (Some(*value), Some(*max)),
        WorkloadError::NoRoomForBoth { needed, gpus } => {
            (Some(f64::from(*gpus)), Some(f64::from(*needed)))
        }
        WorkloadError::BadLayout { .. } => (None, None),
    };
    let unit = match error {
        WorkloadError::DoesNotFit { .. } => "GB",
        WorkloadError::NoRoomForBoth { .. } => "accelerators",
        WorkloadError::BadInput { .. } | WorkloadError::BadLayout { .. } => "",
    };
    Finding {
        severity: Severity::Error,
        rule,
        subject: Subject::Plan("workload".into()),
        message: format!("{}: {error}", group.entry.name),
        value: value.filter(|v| v.is_finite()),
        limit: limit.filter(|v| v.is_finite()),
        unit,
        source: "model and accelerator of the catalogue".into(),
        advice: advice.into(),
    }
}

/// An accelerator without the facts to compute with.
pub(super) fn incomplete(group: &SystemGroup, field: &str) -> Finding {
    Finding {
        severity: Severity::Error,
        rule: "workload.incomplete-accelerator",
        subject: Subject::Plan("workload".into()),
        message: format!("{} has no {field}: it counts as idle", group.accelerator.name),
        value: None,
        limit: None,
        unit: "",
        source: "catalogue".into(),
        advice: "complete the catalogue entry or choose another system".into(),
    }
}

/// A hall without accelerators.
pub(super) fn no_accelerators() -> Finding {
    Finding {
        severity: Severity::Warning,
        rule: "workload.no-accelerators",
        subject: Subject::Plan("workload".into()),
        message: "The hall has no accelerators that run, so it delivers no tokens".into(),
        value: Some(0.0),
        limit: Some(1.0),
        unit: "accelerators",
        source: "planning rule".into(),
        advice: "place a compute rack".into(),
    }
}
