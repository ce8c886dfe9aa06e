//! Design problems of the fabric.

use super::capacity::Capacity;
use super::case::FabricCase;
use super::counts::Counted;
use super::media::Bill;
use super::placement::Placement;
use super::route::Run;
use crate::evaluate::finding::{Finding, Severity, Subject};

/// Ratios are compared with this slack, so that 1.0 is not above 1.0.
const RATIO_SLACK: f64 = 1e-9;

fn fabric(
    severity: Severity,
    rule: &'static str,
    message: String,
    (value, limit, unit): (f64, f64, &'static str),
    advice: &str,
) -> Finding {
    Finding {
        severity,
        rule,
        subject: Subject::Fabric("fabric".to_owned()),
        message,
        value: Some(value),
        limit: Some(limit),
        unit,
        source: "the plan".to_owned(),
        advice: advice.to_owned(),
    }
}

pub(super) fn findings(
    case: &FabricCase,
    counted: &Counted,
    placed: &Placement,
    (runs, bill, capacity): (&[Run], &Bill, &Capacity),
) -> Vec<Finding> {
    let checks = [
        ports(counted, case),
        apart(counted),
        port_rate(case),
        oversubscription(case, counted, capacity),
        no_network_rack(counted, placed),
        switch_power(case, counted),
        reach(case, runs, bill),
    ];
    let mut found: Vec<Finding> = checks.into_iter().flatten().collect();
    found.extend(rack_space(placed));
    found
}

fn ports(counted: &Counted, case: &FabricCase) -> Option<Finding> {
    if counted.fits {
        return None;
    }
    Some(fabric(
        Severity::Error,
        "fabric.ports-short",
        format!("{} has too few ports for three tiers of this size", case.switch.name),
        (counted.node_leaf as f64, counted.max_endpoints as f64, "NIC ports"),
        "Choose a switch with more ports, allow oversubscription, or split the fabric",
    ))
}

fn port_rate(case: &FabricCase) -> Option<Finding> {
    if case.switch.port_gbit_s >= case.nic_gbit_s {
        return None;
    }
    Some(fabric(
        Severity::Error,
        "fabric.port-slower-than-nic",
        format!("Ports of {} are slower than the NICs", case.switch.name),
        (case.switch.port_gbit_s, case.nic_gbit_s, "Gbit/s"),
        "Choose a switch whose ports match the NIC rate",
    ))
}

fn apart(counted: &Counted) -> Option<Finding> {
    if !counted.groups_are_apart() {
        return None;
    }
    Some(fabric(
        Severity::Error,
        "fabric.groups-apart",
        "Nothing joins the groups of nodes to each other".to_owned(),
        (0.0, 1.0, "spines"),
        "Add spines, or remove the override of their number",
    ))
}

fn oversubscription(case: &FabricCase, counted: &Counted, capacity: &Capacity) -> Option<Finding> {
    if counted.groups_are_apart()
        || capacity.oversubscription <= case.oversubscription_limit * (1.0 + RATIO_SLACK)
    {
        return None;
    }
    Some(fabric(
        Severity::Warning,
        "fabric.oversubscribed",
        "The fabric is more oversubscribed than the plan allows".to_owned(),
        (capacity.oversubscription, case.oversubscription_limit, ":1"),
        "Lower the oversubscription of leaf or spine, or raise the limit",
    ))
}

fn no_network_rack(counted: &Counted, placed: &Placement) -> Option<Finding> {
    if !placed.network.is_empty() || counted.counts.total() == 0 {
        return None;
    }
    Some(fabric(
        Severity::Error,
        "fabric.no-network-rack",
        format!("There is no rack for the {} switches", counted.counts.total()),
        (0.0, 1.0, "network racks"),
        "Place a network rack; cable lengths and media follow",
    ))
}

fn switch_power(case: &FabricCase, counted: &Counted) -> Option<Finding> {
    let known = case.switch.typical_w.or(case.switch.max_w).is_some();
    if known || counted.counts.total() == 0 {
        return None;
    }
    Some(Finding {
        value: None,
        limit: None,
        ..fabric(
            Severity::Warning,
            "fabric.switch-power-unknown",
            format!("No source gives the power of {}; only modules are counted", case.switch.name),
            (0.0, 0.0, "W"),
            "Enter the power from the data sheet, or choose a switch with a known one",
        )
    })
}

fn reach(case: &FabricCase, runs: &[Run], bill: &Bill) -> Option<Finding> {
    let missing = runs.iter().zip(&bill.choice).filter(|(_, choice)| choice.is_none());
    let (links, longest) =
        missing.fold((0, 0.0_f64), |(n, m), (r, _)| (n + r.links, m.max(r.length_m)));
    if links == 0 {
        return None;
    }
    let allowed = case.media.iter().map(|m| m.reach_m).fold(0.0, f64::max);
    Some(fabric(
        Severity::Error,
        "fabric.no-medium-reaches",
        format!("{links} links have no allowed medium of their rate and length"),
        (longest, allowed, "m"),
        "Move the network racks closer, or allow a medium of longer reach or higher rate",
    ))
}

fn rack_space(placed: &Placement) -> Vec<Finding> {
    let racks = placed.network.iter().zip(&placed.used_u);
    racks
        .filter(|(rack, used)| **used > rack.free_u)
        .map(|(rack, used)| Finding {
            subject: Subject::Object(rack.rack),
            ..fabric(
                Severity::Error,
                "fabric.network-rack-full",
                "The network racks have too little room for the switches".to_owned(),
                (f64::from(*used), f64::from(rack.free_u), "U"),
                "Add a network rack",
            )
        })
        .collect()
}
