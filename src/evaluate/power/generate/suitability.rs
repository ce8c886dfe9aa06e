//! Whether the chosen catalogue entries suit the job that the plan gives them.

use crate::catalog::{Entry, PowerKind, PowerSpec};
use crate::evaluate::finding::{Finding, Severity, Subject};
use crate::evaluate::snapshot::Snapshot;
use crate::plan::Distribution;

/// Slack in the comparison of voltages: 480 V nominal equipment serves 480 V.
const VOLTAGE_SLACK: f64 = 1.001;

/// Entries of the wrong kind or below the voltage over the rows.
pub(super) fn findings(snapshot: &Snapshot) -> Vec<Finding> {
    let distribution = snapshot.plan.power.distribution;
    let converter: &[PowerKind] = match distribution {
        Distribution::Vdc800 => &[PowerKind::Vdc800],
        _ => &[PowerKind::Ups],
    };
    let mut all = Vec::new();
    let mut check = |entry: &Entry<PowerSpec>, kinds: &[PowerKind], job| {
        if !kinds.contains(&entry.spec.kind) {
            all.push(wrong_kind(entry, job));
        }
    };
    check(&snapshot.transformer, &[PowerKind::Transformer], "the transformer");
    check(&snapshot.ups, converter, "the UPS (with 800 VDC: the rectifier)");
    check(&snapshot.busway, &[PowerKind::Busway], "the busway");
    if let Some(generator) = &snapshot.generator {
        check(generator, &[PowerKind::Generator], "the generator");
    }
    let rated_v = snapshot.busway.spec.voltage_v;
    if let Some(rated_v) = rated_v.filter(|v| v * VOLTAGE_SLACK < distribution.volts()) {
        all.push(Finding {
            severity: Severity::Error,
            rule: "power.busway-voltage",
            subject: Subject::Plan("power".to_owned()),
            message: format!(
                "{} is rated {rated_v:.0} V and can not carry {}",
                snapshot.busway.name,
                distribution.label()
            ),
            value: Some(distribution.volts()),
            limit: Some(rated_v),
            unit: "V",
            source: snapshot.busway.provenance_of("voltage_v").source.clone(),
            advice: "Choose a busway rated for the voltage over the rows".to_owned(),
        });
    }
    all
}

fn wrong_kind(entry: &Entry<PowerSpec>, job: &str) -> Finding {
    Finding {
        severity: Severity::Error,
        rule: "power.wrong-kind",
        subject: Subject::Plan("power".to_owned()),
        message: format!("{} is not made to be {job}", entry.name),
        value: None,
        limit: None,
        unit: "",
        source: entry.provenance.source.clone(),
        advice: "Choose an entry of the right kind".to_owned(),
    }
}
