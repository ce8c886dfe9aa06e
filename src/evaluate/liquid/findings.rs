//! Design problems of the coolant loops.

use super::case::TcsLoop;
use super::result::{LoopResult, LoopState, RackResult};
use crate::evaluate::finding::{Finding, Severity, Subject};
use crate::units::ZERO_CELSIUS_K;

/// Shortfall of flow that goes unreported, relative.
const FLOW_SLACK: f64 = 1e-3;
/// Excess of temperature that goes unreported, K.
const TEMPERATURE_SLACK_K: f64 = 0.05;

/// Litres a minute in a cubic metre a second.
const L_MIN_PER_M3_S: f64 = 60_000.0;
/// Watts in a kilowatt.
const W_PER_KW: f64 = 1e3;

/// All problems of one loop.
pub fn findings(case: &TcsLoop, result: &LoopResult) -> Vec<Finding> {
    let mut found = state_findings(case, &result.normal, None);
    match &result.one_cdu_out {
        Some(state) => {
            let promised = case.cdus.spare > 0;
            let severity = if promised { Severity::Error } else { Severity::Warning };
            // A loop that already falls short with every CDU is not listed twice.
            let known: Vec<_> = found.iter().map(|f| f.rule).collect();
            let out = state_findings(case, state, Some(severity));
            found.extend(out.into_iter().filter(|f| {
                !known.iter().any(|k| f.rule.strip_suffix("-one-cdu-out") == Some(*k))
            }));
        }
        None if result.normal.rack_heat_w > 0.0 => found.push(single_cdu(case)),
        None => {}
    }
    found.extend(rack_supply(case, result));
    found.extend(rack_outlet(case, result));
    found
}

fn single_cdu(case: &TcsLoop) -> Finding {
    Finding {
        severity: Severity::Warning,
        rule: "liquid.single-cdu",
        subject: Subject::Loop(case.name.clone()),
        message: format!("{} hangs on a single CDU: its loss stops every rack on it", case.name),
        value: Some(1.0),
        limit: Some(2.0),
        unit: "CDU",
        source: "Redundancy of the loop".into(),
        advice: "Add a CDU, or join the loop with a neighbour".into(),
    }
}

/// Capacity, flow and set point with a given number of CDUs. `out` is the severity to use when one
/// CDU is out, `None` for the normal state.
fn state_findings(case: &TcsLoop, s: &LoopState, out: Option<Severity>) -> Vec<Finding> {
    let worst = out.unwrap_or(Severity::Error);
    let rule = |normal: &'static str, one_out: &'static str| match out {
        None => normal,
        Some(_) => one_out,
    };
    let when = if out.is_some() { " with one CDU out" } else { "" };
    let subject = || Subject::Loop(case.name.clone());
    let mut found = Vec::new();
    if s.cdu_loading > 1.0 {
        found.push(Finding {
            severity: worst,
            rule: rule("liquid.cdu-overloaded", "liquid.cdu-overloaded-one-cdu-out"),
            subject: subject(),
            message: format!(
                "CDUs of {} run at {:.0} % of their rated heat{when}",
                case.name,
                100.0 * s.cdu_loading
            ),
            value: Some(s.facility_heat_w / f64::from(s.running) / W_PER_KW),
            limit: Some(case.cdus.rated.heat_w / W_PER_KW),
            unit: "kW",
            source: case.cdus.rated.source.clone(),
            advice: "Add a CDU to the loop, take a larger one, or move racks to another loop"
                .into(),
        });
    }
    if s.flow_m3_s < s.flow_required_m3_s * (1.0 - FLOW_SLACK) {
        found.push(Finding {
            severity: worst,
            rule: rule("liquid.flow-short", "liquid.flow-short-one-cdu-out"),
            subject: subject(),
            message: format!(
                "Racks on {} get {:.0} % of the flow they ask for{when}",
                case.name,
                100.0 * s.flow_m3_s / s.flow_required_m3_s
            ),
            value: Some(s.flow_m3_s * L_MIN_PER_M3_S),
            limit: Some(s.flow_required_m3_s * L_MIN_PER_M3_S),
            unit: "L/min",
            source: rack_source(case),
            advice: "Lower the coolant supply temperature, add a CDU, or widen the pipes".into(),
        });
    }
    if !s.set_point_held {
        found.push(set_point_missed(case, s, worst, when, rule));
    }
    found
}

fn set_point_missed(
    case: &TcsLoop,
    s: &LoopState,
    worst: Severity,
    when: &str,
    rule: impl Fn(&'static str, &'static str) -> &'static str,
) -> Finding {
    let impossible = s.facility_supply_k >= case.supply_set_k;
    Finding {
        severity: if impossible { worst } else { worst.min(Severity::Warning) },
        rule: if impossible {
            rule("liquid.approach-impossible", "liquid.approach-impossible-one-cdu-out")
        } else {
            rule("liquid.set-point-missed", "liquid.set-point-missed-one-cdu-out")
        },
        subject: Subject::Loop(case.name.clone()),
        message: format!(
            "{} is supplied at {:.1} °C instead of {:.1} °C{when}: facility water comes at {:.1} °C",
            case.name,
            celsius(s.supply_k),
            celsius(case.supply_set_k),
            celsius(s.facility_supply_k)
        ),
        value: Some(celsius(s.supply_k)),
        limit: Some(celsius(case.supply_set_k)),
        unit: "°C",
        source: "Set point of the loop".into(),
        advice: format!(
            "Facility water at or below {:.1} °C holds the set point; or raise the set point",
            celsius(s.facility_supply_needed_k)
        ),
    }
}

/// Source of the flow table of the hottest rack.
fn rack_source(case: &TcsLoop) -> String {
    let hottest = case.racks.iter().max_by(|a, b| a.heat_w.total_cmp(&b.heat_w));
    hottest.map(|r| r.source.clone()).unwrap_or_default()
}

fn celsius(t_k: f64) -> f64 {
    t_k - ZERO_CELSIUS_K
}

/// The rack with the least of some margin below the slack, and how many there are.
fn worst_rack(
    result: &LoopResult,
    margin: fn(&RackResult) -> Option<f64>,
) -> Option<(usize, usize, f64)> {
    let bad = || {
        let margins = result.racks.iter().enumerate().filter_map(|(i, r)| Some((i, margin(r)?)));
        margins.filter(|(_, m)| *m < -TEMPERATURE_SLACK_K)
    };
    let (index, least) = bad().min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some((index, bad().count(), least))
}

fn rack_supply(case: &TcsLoop, result: &LoopResult) -> Option<Finding> {
    let (index, count, margin) = worst_rack(result, |r| r.supply_margin_k)?;
    let rack = &result.racks[index];
    Some(Finding {
        severity: Severity::Error,
        rule: "liquid.supply-above-rack-limit",
        subject: Subject::Object(rack.id),
        message: format!(
            "Coolant of {} comes at {:.1} °C, above the limit of {count} of its racks",
            case.name,
            celsius(rack.supply_k)
        ),
        value: Some(celsius(rack.supply_k)),
        limit: Some(celsius(rack.supply_k + margin)),
        unit: "°C",
        source: case.racks[index].source.clone(),
        advice: "Lower the set point of the loop or the facility water temperature".into(),
    })
}

fn rack_outlet(case: &TcsLoop, result: &LoopResult) -> Option<Finding> {
    let (index, count, margin) = worst_rack(result, |r| r.outlet_margin_k)?;
    let rack = &result.racks[index];
    Some(Finding {
        severity: Severity::Error,
        rule: "liquid.outlet-above-limit",
        subject: Subject::Object(rack.id),
        message: format!(
            "Coolant leaves {count} racks of {} above their limit, at up to {:.1} °C",
            case.name,
            celsius(rack.outlet_k)
        ),
        value: Some(celsius(rack.outlet_k)),
        limit: Some(celsius(rack.outlet_k + margin)),
        unit: "°C",
        source: case.racks[index].source.clone(),
        advice: "Give the rack more flow or a colder supply".into(),
    })
}
