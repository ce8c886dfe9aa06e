//! Design problems that the air shows.

use super::floor;
use super::inlet;
use super::metrics::Solved;
use super::result::{Balance, RackAir, RackFlow, UnitAir};
use crate::evaluate::finding::{Finding, Severity, Subject};
use crate::plan::ObjectId;
use crate::units::ZERO_CELSIUS_K;

/// Supply below this share of rack flow must recirculate noticeably.
///
/// Assumption: 5 % below rack flow is worth telling; measured halls scatter by about that.
const SHORT_SUPPLY: f64 = 0.95;
/// Supply above this share of rack flow wastes fan power.
///
/// Assumption: 25 % covers leakage and one spare unit in a small hall.
const AMPLE_SUPPLY: f64 = 1.25;
/// Leakage above this share of the supply is worth telling.
const NOTABLE_LEAK: f64 = 1e-3;
/// A rack face that is less free than this starves the rack.
///
/// Assumption: half of the face.
const HALF_FREE: f64 = 0.5;

/// Heat closure above which the answer is marked as unsettled: 0.1 %, far below what intakes feel.
const LOOSE_CLOSURE: f64 = 1e-3;

const OWN_RULE: &str = "Tokenmill design rule";
const CONTINUITY: &str = "Conservation of mass";

pub(super) fn all(
    s: &Solved,
    racks: &[RackAir],
    units: &[UnitAir],
    balance: &Balance,
) -> Vec<Finding> {
    let mut out = Vec::new();
    for (i, r) in racks.iter().enumerate() {
        out.extend(inlet::findings(s.case.racks[i].limits.as_ref(), r));
        rack_airflow(s, i, r, &mut out);
        door_water(s, i, r, &mut out);
    }
    for (i, u) in units.iter().enumerate() {
        unit(s, i, u, &mut out);
    }
    hall(s, balance, &mut out);
    containment(s, balance, &mut out);
    ports(s, &mut out);
    out.extend(floor::findings(s));
    accuracy(balance, &mut out);
    out
}

/// Problem at hand: what every finding needs, with the rarer fields to be filled in.
pub(super) fn finding(
    severity: Severity,
    rule: &'static str,
    subject: Subject,
    message: String,
) -> Finding {
    Finding {
        severity,
        rule,
        subject,
        message,
        value: None,
        limit: None,
        unit: "",
        source: OWN_RULE.into(),
        advice: String::new(),
    }
}

pub(super) fn subject(object: Option<ObjectId>, id: &str) -> Subject {
    object.map_or_else(|| Subject::Plan(id.into()), Subject::Object)
}

fn rack_airflow(s: &Solved, i: usize, r: &RackAir, out: &mut Vec<Finding>) {
    let (rack, placed) = (&s.case.racks[i], &s.machines.racks[i]);
    let at = || subject(r.object, &r.id);
    let wants = rack.flow_m3_s > 0.0;
    let advice =
        |f: Finding| Finding { advice: "Leave an aisle in front of and behind it".into(), ..f };
    if placed.around.is_empty() && (wants || rack.heat_w > 0.0) {
        let message =
            format!("No air reaches {}: it stands outside the hall or is walled in", r.id);
        let kw = (rack.heat_w - rack.removed_w) * 1e-3;
        let f = finding(Severity::Error, "air.rack-enclosed", at(), message);
        out.push(advice(Finding { value: Some(kw), limit: Some(0.0), unit: "kW", ..f }));
    } else if wants && placed.flow != RackFlow::FrontToRear {
        let shut = match (placed.front_free > 0.0, placed.rear_free > 0.0) {
            (false, false) => "front and rear are",
            (false, true) => "front is",
            _ => "rear is",
        };
        let message =
            format!("Air cannot pass through {}: its {shut} against something solid", r.id);
        out.push(advice(finding(Severity::Error, "air.rack-airflow-blocked", at(), message)));
    } else if wants && placed.front_free.min(placed.rear_free) < HALF_FREE {
        let free = 100.0 * placed.front_free.min(placed.rear_free);
        let message = format!("Only {free:.0} % of a face of {} is free", r.id);
        let f = finding(Severity::Warning, "air.rack-airflow-restricted", at(), message);
        let (value, limit) = (Some(free), Some(100.0 * HALF_FREE));
        out.push(advice(Finding { value, limit, unit: "%", ..f }));
    }
    if !wants && rack.heat_w - rack.removed_w > 0.0 && !placed.around.is_empty() {
        let kw = (rack.heat_w - rack.removed_w) * 1e-3;
        let message = format!("{} gives {kw:.1} kW to the air but moves none", r.id);
        let f = finding(Severity::Error, "air.rack-heat-without-flow", at(), message);
        let advice = "Enter the airflow of its systems in the catalogue".into();
        out.push(Finding { value: Some(kw), limit: Some(0.0), unit: "kW", advice, ..f });
    }
}

/// Water of a rear door must stay this far above the hall's dew point, in K (makers' installation
/// guides for rear-door exchangers).
const ABOVE_DEW_POINT_K: f64 = 2.0;

fn door_water(s: &Solved, i: usize, r: &RackAir, out: &mut Vec<Finding>) {
    let (Some(door), Some(dew_k)) = (&s.case.racks[i].options.door, s.case.dew_point_k) else {
        return;
    };
    let limit_c = dew_k + ABOVE_DEW_POINT_K - ZERO_CELSIUS_K;
    let water_c = door.water_t_k - ZERO_CELSIUS_K;
    if r.flow == RackFlow::None || water_c >= limit_c {
        return;
    }
    let message = format!(
        "Water at {water_c:.1} °C enters the rear door of {}, less than {ABOVE_DEW_POINT_K:.0} K \
         above the hall's dew point of {:.1} °C: the coil may sweat",
        r.id,
        dew_k - ZERO_CELSIUS_K
    );
    out.push(Finding {
        value: Some(water_c),
        limit: Some(limit_c),
        unit: "°C",
        source: "Makers' rule for rear doors: water 2 K above dew point".into(),
        advice: "Warm the door's water, or hold a lower dew point in the hall".into(),
        ..finding(Severity::Warning, "air.door-below-dew-point", subject(r.object, &r.id), message)
    });
}

fn unit(s: &Solved, i: usize, u: &UnitAir, out: &mut Vec<Finding>) {
    let case = &s.case.units[i];
    let at = || subject(u.object, &u.id);
    if case.failed {
        return;
    }
    if case.flow_m3_s > 0.0 && u.flow_m3_s == 0.0 {
        let message = format!("{} moves no air: its intake or its discharge is blocked", u.id);
        out.push(Finding {
            advice: "Free its faces, or give its plenum an open tile or grille".into(),
            ..finding(Severity::Error, "air.unit-blocked", at(), message)
        });
    }
    if u.overloaded {
        let capacity = case.capacity_w.unwrap_or(0.0);
        let message = format!(
            "{} is over its capacity and cannot hold {:.1} °C: it supplies {:.1} °C",
            u.id,
            case.supply_t_k - ZERO_CELSIUS_K,
            u.supply_k - ZERO_CELSIUS_K,
        );
        out.push(Finding {
            value: Some(u.heat_w * 1e-3),
            limit: Some(capacity * 1e-3),
            unit: "kW",
            source: "Rated sensible capacity at this flow".into(),
            advice: "Add units, or move heat to liquid or rear doors".into(),
            ..finding(Severity::Error, "air.unit-over-capacity", at(), message)
        });
    }
}

fn hall(s: &Solved, balance: &Balance, out: &mut Vec<Finding>) {
    let at = || Subject::Plan("air".into());
    let (supply, racks) = (balance.supply_flow_m3_s, balance.rack_flow_m3_s);
    if !s.balanced.uncooled_racks.is_empty() {
        let n = s.balanced.uncooled_racks.len();
        let message = format!("No cooled air reaches the part of the room that holds {n} rack(s)");
        out.push(Finding {
            advice: "Add a cooling unit, or open a path for air".into(),
            ..finding(Severity::Error, "air.no-cooling-path", at(), message)
        });
    } else if racks > 0.0 && supply < SHORT_SUPPLY * racks {
        let percent = 100.0 * supply / racks;
        let message = format!(
            "Units supply {supply:.1} m³/s but racks move {racks:.1} m³/s: the rest recirculates"
        );
        out.push(Finding {
            value: Some(percent),
            limit: Some(100.0 * SHORT_SUPPLY),
            unit: "%",
            advice: "Add supply air, or let racks run on a higher temperature rise".into(),
            ..finding(Severity::Warning, "air.supply-below-rack-flow", at(), message)
        });
    }
    if racks > 0.0 && supply > AMPLE_SUPPLY * racks {
        let message = format!(
            "Units move {supply:.1} m³/s but racks only {racks:.1} m³/s: the rest bypasses them"
        );
        out.push(Finding {
            value: Some(100.0 * supply / racks),
            limit: Some(100.0 * AMPLE_SUPPLY),
            unit: "%",
            advice: "Slow the fans down: their power falls with the cube of flow".into(),
            ..finding(Severity::Info, "air.supply-above-rack-flow", at(), message)
        });
    }
    let leak = balance.leak_in_kg_s.max(balance.leak_out_kg_s);
    let scale = s.case.air.rho_kg_m3 * supply.max(racks);
    if s.balanced.uncooled_racks.is_empty() && leak > NOTABLE_LEAK * scale {
        let message =
            format!("Supply and return differ: {leak:.2} kg/s leaks through the hall's walls");
        out.push(Finding {
            value: Some(leak),
            limit: Some(0.0),
            unit: "kg/s",
            source: CONTINUITY.into(),
            advice: "Match supply and return flow, or free blocked tiles and grilles".into(),
            ..finding(Severity::Warning, "air.flow-imbalance", at(), message)
        });
    }
}

fn accuracy(balance: &Balance, out: &mut Vec<Finding>) {
    if balance.heat_closure <= LOOSE_CLOSURE {
        return;
    }
    let message = "The room's temperatures did not settle fully: heat in and out differ".to_owned();
    out.push(Finding {
        value: Some(100.0 * balance.heat_closure),
        limit: Some(100.0 * LOOSE_CLOSURE),
        unit: "%",
        source: "Conservation of energy".into(),
        advice: "Look for a corner of the room with heat but hardly any air".into(),
        ..finding(Severity::Warning, "air.not-settled", Subject::Plan("air".into()), message)
    });
}

fn containment(s: &Solved, balance: &Balance, out: &mut Vec<Finding>) {
    let scale = s.case.air.rho_kg_m3 * balance.supply_flow_m3_s.max(balance.rack_flow_m3_s);
    if balance.containment_leak_kg_s <= NOTABLE_LEAK * scale {
        return;
    }
    let first = s.balanced.forced_baffles.first().map(|b| &s.case.baffles[*b]);
    let at = first.map_or_else(|| Subject::Plan("air".into()), |b| subject(b.object, &b.id));
    let message = format!(
        "Sealed containment must leak {:.2} kg/s because its racks and its supply differ",
        balance.containment_leak_kg_s
    );
    out.push(Finding {
        value: Some(balance.containment_leak_kg_s),
        limit: Some(0.0),
        unit: "kg/s",
        source: CONTINUITY.into(),
        advice: "Match supply to rack flow, or let fan speed follow the pressure".into(),
        ..finding(Severity::Warning, "air.containment-imbalance", at, message)
    });
}

fn ports(s: &Solved, out: &mut Vec<Finding>) {
    use super::case::PortLink;
    for (port, placed) in s.case.ports.iter().zip(&s.machines.ports) {
        if matches!(port.link, PortLink::Fixed { flow_m3_s, .. } if flow_m3_s > 0.0)
            && placed.flow_m3_s == 0.0
        {
            let message = format!("{} is covered: no air passes", port.id);
            let at = subject(port.object, &port.id);
            out.push(finding(Severity::Error, "air.port-blocked", at, message));
        }
    }
}
