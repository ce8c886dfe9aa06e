//! Which rack takes which appliance: each goes to the emptiest rack, so that power spreads.

use super::case::{Appliance, StorageCase, StorageRackLoad};
use crate::evaluate::finding::{Finding, Severity, Subject};

/// Fills the racks, tallest appliances first. Nothing is placed where there is no rack.
pub(super) fn place(case: &StorageCase) -> Vec<StorageRackLoad> {
    let mut racks = case.racks.clone();
    racks.sort_by_key(|r| r.rack);
    let mut loads: Vec<StorageRackLoad> = racks
        .iter()
        .map(|r| StorageRackLoad { rack: r.rack, appliances: 0, used_u: 0, power_w: 0.0 })
        .collect();
    let mut appliances: Vec<&Appliance> = case.appliances.iter().collect();
    appliances.sort_by(|a, b| b.rack_units.cmp(&a.rack_units).then_with(|| a.name.cmp(&b.name)));
    for appliance in appliances {
        let units = appliance.rack_units.unwrap_or(0);
        for _ in 0..appliance.count {
            let left = |i: usize| i64::from(racks[i].free_u) - i64::from(loads[i].used_u);
            let emptiest = (0..racks.len())
                .max_by_key(|&i| (left(i), std::cmp::Reverse((loads[i].appliances, i))));
            let Some(i) = emptiest else { return loads };
            loads[i].appliances += 1;
            loads[i].used_u = loads[i].used_u.saturating_add(units);
            loads[i].power_w += appliance.power_w.unwrap_or(0.0);
        }
    }
    loads
}

/// Racks that are missing or too full.
pub(super) fn findings(case: &StorageCase, loads: &[StorageRackLoad]) -> Vec<Finding> {
    let bought: u32 = case.appliances.iter().map(|a| a.count).sum();
    let error = |rule, subject, message: String, (value, limit, unit)| Finding {
        severity: Severity::Error,
        rule,
        subject,
        message,
        value: Some(value),
        limit: Some(limit),
        unit,
        source: "the plan".to_owned(),
        advice: "Add a storage rack".to_owned(),
    };
    if loads.is_empty() && bought > 0 {
        return vec![error(
            "storage.no-rack",
            Subject::Fabric("storage".to_owned()),
            format!("There is no rack for the {bought} storage appliances"),
            (0.0, 1.0, "storage racks"),
        )];
    }
    let free = |load: &StorageRackLoad| {
        case.racks.iter().find(|r| r.rack == load.rack).map_or(0, |r| r.free_u)
    };
    loads
        .iter()
        .filter(|load| load.used_u > free(load))
        .map(|load| {
            error(
                "storage.rack-full",
                Subject::Object(load.rack),
                "The storage racks have too little room for the appliances".to_owned(),
                (f64::from(load.used_u), f64::from(free(load)), "U"),
            )
        })
        .collect()
}
