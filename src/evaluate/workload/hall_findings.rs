//! Design problems of the workload: what does not fit, what misses its service level, what idles.

use super::error::WorkloadError;
use super::from_plan::SystemGroup;
use super::hall::WorkloadGroup;
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
