//! Overrides of generated parts that name nothing: they would be silently without effect. (The power
//! chain reports its own.)

use super::finding::{Finding, Severity, Subject};
use super::liquid::LiquidCase;
use super::plant::{CHW, FWS};
use super::snapshot::Snapshot;

/// Tiers of a fabric that can be overridden.
const TIERS: [&str; 3] = ["leaf", "spine", "core"];

/// One finding per override that no generated part answers to.
#[must_use]
pub fn findings(snapshot: &Snapshot, loops: &LiquidCase) -> Vec<Finding> {
    let mut cooling: Vec<&str> = loops.loops.iter().map(|l| l.name.as_str()).collect();
    cooling.extend([FWS, CHW]);
    let plan = &snapshot.plan;
    let of_cooling = plan.cooling.overrides.keys().map(|n| ("cooling", n, &cooling[..]));
    let of_fabric = plan.fabric.overrides.keys().map(|n| ("fabric", n, &TIERS[..]));
    of_cooling
        .chain(of_fabric)
        .filter(|(_, name, known)| !known.contains(&name.as_str()))
        .map(|(section, name, known)| unknown(section, name, known))
        .collect()
}

fn unknown(section: &str, name: &str, known: &[&str]) -> Finding {
    Finding {
        severity: Severity::Warning,
        rule: "plan.override-unknown",
        subject: Subject::Plan(section.into()),
        message: format!("The {section} override '{name}' names no generated part"),
        value: None,
        limit: None,
        unit: "",
        source: "plan".into(),
        advice: format!("remove it, or use one of: {}", known.join(", ")),
    }
}
