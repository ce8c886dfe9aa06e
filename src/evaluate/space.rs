//! Space and weight: clearances that are too small, and what racks weigh against what the floor
//! carries.
//!
//! A rack's mass is spread over its footprint plus half of the aisle before and behind it, the
//! usual first check against a uniform live load; point loads of feet need a structural engineer.

use super::finding::{Finding, Severity, Subject};
use super::snapshot::{RackFacts, Snapshot};
use crate::plan::clearance::{Conflict, Gravity, conflicts};

/// Depth of aisle, in front and behind together, that shares a rack's load, m: half of a 1.2 m
/// cold aisle and half of a 1.2 m service aisle (catalogue standards s037, s039, s042).
const SHARED_AISLE_M: f64 = 1.2;
/// Standard gravity, m/s² (CGPM 1901).
const GRAVITY_M_S2: f64 = 9.806_65;

/// Load of one rack on its share of the floor, kPa; `None` where its mass is not known.
#[must_use]
pub fn floor_load_kpa(rack: &RackFacts) -> Option<f64> {
    let (x, y) = (f64::from(rack.area.size_x()) / 1e3, f64::from(rack.area.size_y()) / 1e3);
    let (width, depth) = if rack.facing.is_along_y() { (x, y) } else { (y, x) };
    let area_m2 = width * (depth + SHARED_AISLE_M);
    Some(rack.mass_kg? * GRAVITY_M_S2 / area_m2 / 1e3)
}

/// What stands in the way of something else, racks that are too heavy, and racks whose mass nobody knows.
#[must_use]
pub fn findings(snapshot: &Snapshot) -> Vec<Finding> {
    let limit = snapshot.plan.hall.floor_load_kpa;
    let mut found: Vec<Finding> = conflicts(&snapshot.plan).into_iter().map(clearance).collect();
    for rack in &snapshot.racks {
        if let Some(load) = floor_load_kpa(rack).filter(|load| *load > limit) {
            found.push(Finding {
                severity: Severity::Error,
                rule: "space.floor-load",
                subject: Subject::Object(rack.id),
                message: format!("{} loads the floor with {load:.1} kPa", rack.name),
                value: Some(load),
                limit: Some(limit),
                unit: "kPa",
                source: "floor load of the hall".into(),
                advice: "spread the racks, strengthen the floor or raise its rating in the hall's \
                         settings"
                    .into(),
            });
        }
    }
    let unknown = snapshot.racks.iter().filter(|r| r.system.is_some() && r.mass_kg.is_none());
    let count = unknown.count();
    if count > 0 {
        found.push(Finding {
            severity: Severity::Info,
            rule: "space.mass-unknown",
            subject: Subject::Plan("floor".into()),
            message: format!(
                "The mass of {count} racks is not in the catalogue; their floor load is not checked"
            ),
            value: None,
            limit: None,
            unit: "",
            source: "catalogue".into(),
            advice: "add the mass to the catalogue entry".into(),
        });
    }
    found
}

fn clearance(conflict: Conflict) -> Finding {
    Finding {
        severity: match conflict.gravity {
            Gravity::Impossible => Severity::Error,
            Gravity::Tight => Severity::Warning,
        },
        rule: conflict.rule,
        subject: Subject::Object(conflict.a),
        message: conflict.reason,
        value: conflict.value_mm.map(f64::from),
        limit: conflict.limit_mm.map(f64::from),
        unit: "mm",
        source: conflict.source.into(),
        advice: "move one of the two, or make room".into(),
    }
}
