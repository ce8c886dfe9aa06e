//! Refuses numbers that no fabric has, before anything is counted.

use super::case::{FabricCase, FabricError};

/// Largest coordinate or length taken seriously \[m\].
const MAX_LENGTH_M: f64 = 1.0e5;
/// Most nodes in a rack; well above any product.
const MAX_NODES_PER_RACK: u32 = 1_000;
/// Most racks; a gigawatt campus of 132 kW racks has some 6,000.
const MAX_RACKS: usize = 100_000;

fn within(
    field: &str,
    value: f64,
    low: f64,
    high: f64,
    must: &'static str,
) -> Result<(), FabricError> {
    if value.is_finite() && value >= low && value <= high {
        Ok(())
    } else {
        Err(FabricError::BadInput { field: field.to_owned(), value, must })
    }
}

pub(super) fn check(case: &FabricCase) -> Result<(), FabricError> {
    within("rails", f64::from(case.rails), 1.0, 64.0, "1 to 64")?;
    rate("nic_gbit_s", case.nic_gbit_s)?;
    within("appliance_links", f64::from(case.appliance_links), 0.0, 1024.0, "0 to 1,024")?;
    within("switch.ports", f64::from(case.switch.ports), 2.0, 4096.0, "2 to 4,096")?;
    rate("switch.port_gbit_s", case.switch.port_gbit_s)?;
    rate("switch.cage_gbit_s", case.switch.cage_gbit_s)?;
    for by_hand in [case.overrides.leaf, case.overrides.spine, case.overrides.core] {
        within("overrides", f64::from(by_hand.unwrap_or(0)), 0.0, 1e5, "at most 100,000")?;
    }
    let breakout = case.switch.max_breakout;
    if !(breakout.is_power_of_two() && breakout <= 8) {
        let field = "switch.max_breakout".to_owned();
        return Err(FabricError::BadInput {
            field,
            value: f64::from(breakout),
            must: "1, 2, 4 or 8",
        });
    }
    watts("switch.typical_w", case.switch.typical_w.unwrap_or(0.0))?;
    watts("switch.max_w", case.switch.max_w.unwrap_or(0.0))?;
    within("switch.rack_units", f64::from(case.switch.rack_units), 0.0, 60.0, "0 to 60 U")?;
    for (field, ratio) in [
        ("leaf_oversubscription", case.leaf_oversubscription),
        ("spine_oversubscription", case.spine_oversubscription),
        ("oversubscription_limit", case.oversubscription_limit),
    ] {
        within(field, ratio, 1.0, 64.0, "1 to 64")?;
    }
    length("route.tray_height_m", case.route.tray_height_m)?;
    within("route.slack_fraction", case.route.slack_fraction, 0.0, 10.0, "0 to 10")?;
    within("uplink_efficiency", case.uplink_efficiency, 0.01, 1.0, "0.01 to 1")?;
    within("nic_efficiency", case.nic_efficiency, 0.01, 1.0, "0.01 to 1")?;
    racks(case)?;
    case.media.iter().try_for_each(|m| {
        rate(&format!("media.{}.module_gbit_s", m.key), m.module_gbit_s)?;
        length(&format!("media.{}.reach_m", m.key), m.reach_m)?;
        watts(&format!("media.{}.power_w", m.key), m.power_w)?;
        watts(&format!("media.{}.price_usd", m.key), m.price_usd.unwrap_or(0.0))
    })
}

fn racks(case: &FabricCase) -> Result<(), FabricError> {
    let count = case.endpoints.len().max(case.network_racks.len());
    within("racks", count as f64, 0.0, MAX_RACKS as f64, "at most 100,000")?;
    for e in &case.endpoints {
        let most = f64::from(MAX_NODES_PER_RACK);
        within("endpoints.nodes", f64::from(e.nodes), 0.0, most, "0 to 1,000")?;
        place("endpoints", e.position_m, e.height_m)?;
    }
    case.network_racks.iter().try_for_each(|n| place("network_racks", n.position_m, n.height_m))
}

fn place(list: &str, position_m: [f64; 2], height_m: f64) -> Result<(), FabricError> {
    for v in position_m {
        within(&format!("{list}.position_m"), v, -MAX_LENGTH_M, MAX_LENGTH_M, "within 100 km")?;
    }
    length(&format!("{list}.height_m"), height_m)
}

fn rate(field: &str, gbit_s: f64) -> Result<(), FabricError> {
    within(field, gbit_s, 0.1, 1.0e6, "0.1 to 1,000,000 Gbit/s")
}

fn length(field: &str, m: f64) -> Result<(), FabricError> {
    within(field, m, 0.0, MAX_LENGTH_M, "0 to 100 km")
}

fn watts(field: &str, w: f64) -> Result<(), FabricError> {
    within(field, w, 0.0, 1.0e7, "0 to 10,000,000")
}
