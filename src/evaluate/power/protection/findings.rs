//! Design problems that short circuits and drops of branches show.

use super::ElementFault;
use super::phases::RunBalance;
use crate::evaluate::finding::{Finding, Severity, Subject};
use crate::evaluate::power::case::{Element, ElementKind, Load, Model, PowerCase};
use crate::evaluate::power::result::{LoadResult, PowerResult};

/// Voltage drop of a branch circuit that is good practice, %: NFPA 70 (NEC) 210.19(A),
/// informational note.
pub const BRANCH_DROP_LIMIT_PERCENT: f64 = 3.0;
/// Smallest fault current over rated current at which the magnetic trip of a breaker still acts at
/// once, set low (assumption; adjustable trips start at about 5 times their rating).
const LEAST_FAULT_OVER_RATED: f64 = 5.0;
/// Incident energy above which work on live parts is not planned, cal/cm² (NFPA 70E practice).
const MOST_INCIDENT_CAL_CM2: f64 = 40.0;
/// Difference of a phase from the mean that panels are kept within, % (design practice, assumption).
const MOST_UNBALANCE_PERCENT: f64 = 10.0;
/// Current of the highest phase over the rating below which unbalance does not matter (assumption).
const LEAST_UNBALANCED_SHARE: f64 = 0.25;
/// Slack in comparisons with a limit, so that rounding at the limit is no finding.
const ROUNDING: f64 = 1e-9;

/// Adds the findings, keeping the most severe first.
pub(super) fn add(case: &PowerCase, result: &mut PowerResult) {
    let mut new = Vec::new();
    for (e, fault) in case.elements.iter().zip(&result.fault.elements) {
        new.extend(duty(e, fault));
        new.extend(too_small(e, fault));
        new.extend(arc_flash(e, fault));
    }
    new.extend(result.phases.runs.iter().filter_map(|run| unbalanced(case, run)));
    let loads = case.loads.iter().zip(&result.loads);
    new.extend(loads.filter_map(|(asked, load)| branch_drop(case, result, asked, load)));
    for finding in &mut result.findings {
        propose_cable(finding, case, &result.fault.elements);
    }
    result.findings.extend(new);
    result.findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
}

fn subject(e: &Element) -> Subject {
    Subject::PowerElement(e.name.clone())
}

fn duty(e: &Element, fault: &ElementFault) -> Option<Finding> {
    let duty = fault.duty.as_ref()?;
    let share = duty.share.filter(|s| *s > 1.0 + ROUNDING)?;
    let peak = duty.icw_a.is_none_or(|icw| duty.ith_a / icw < share * (1.0 - ROUNDING));
    let (what, value, limit) = if peak {
        ("peak", duty.ip_a, duty.ipk_a?)
    } else {
        ("thermal (1 s)", duty.ith_a, duty.icw_a?)
    };
    let needed = duty
        .needed_icw_a
        .map_or_else(String::new, |icw| format!("; an Icw of {:.0} kA would do", icw / 1e3));
    Some(Finding {
        severity: Severity::Error,
        rule: "power.fault-duty",
        subject: subject(e),
        message: format!(
            "A short circuit at {} gives {:.1} kA {what}, above the {:.1} kA that it withstands",
            e.name,
            value / 1e3,
            limit / 1e3
        ),
        value: Some(value / 1e3),
        limit: Some(limit / 1e3),
        unit: "kA",
        source: duty.source.clone(),
        advice: format!(
            "Put a current-limiting breaker before it, choose transformers of higher impedance or \
             smaller size, or a higher withstand rating{needed}"
        ),
    })
}

/// A fault too small for the breaker of the run to see at once.
fn too_small(e: &Element, fault: &ElementFault) -> Option<Finding> {
    if !matches!(e.kind, ElementKind::Busway | ElementKind::Cable) {
        return None;
    }
    let rated_a = e.module_rating.i_a?;
    let (ik_min_a, limit_a) = (fault.ik_min_a?, LEAST_FAULT_OVER_RATED * rated_a);
    (ik_min_a < limit_a * (1.0 - ROUNDING)).then(|| Finding {
        severity: Severity::Warning,
        rule: "power.fault-too-small",
        subject: subject(e),
        message: format!(
            "The smallest short circuit at the end of {} is {:.1} kA, below {LEAST_FAULT_OVER_RATED} \
             times its rating: a breaker may not trip at once",
            e.name,
            ik_min_a / 1e3
        ),
        value: Some(ik_min_a / 1e3),
        limit: Some(limit_a / 1e3),
        unit: "kA",
        source: "Assumption: magnetic trip set to 5 times the rating; IEC 60909 smallest current"
            .to_owned(),
        advice: "Shorten the run, add parallel runs, or plan a breaker with an electronic trip"
            .to_owned(),
    })
}

fn arc_flash(e: &Element, fault: &ElementFault) -> Option<Finding> {
    let arc = fault.arc_flash.filter(|a| a.incident_cal_cm2 > MOST_INCIDENT_CAL_CM2)?;
    Some(Finding {
        severity: Severity::Warning,
        rule: "power.arc-flash-above-40",
        subject: subject(e),
        message: format!(
            "Screening estimate: an arc in {} gives {:.0} cal/cm² at {:.2} m when cleared in {} s; \
             boundary {:.1} m",
            e.name, arc.incident_cal_cm2, arc.working_m, arc.clearing_s, arc.boundary_m
        ),
        value: Some(arc.incident_cal_cm2),
        limit: Some(MOST_INCIDENT_CAL_CM2),
        unit: "cal/cm²",
        source: "IEEE 1584-2018 form, VCB; NFPA 70E practice".to_owned(),
        advice: "Plan zone interlocking, differential or light-sensing relays, a maintenance \
                 switch, or smaller transformers; a study must follow"
            .to_owned(),
    })
}

/// A busway or panel with one phase loaded much more than the others.
fn unbalanced(case: &PowerCase, run: &RunBalance) -> Option<Finding> {
    let e = &case.elements[run.element];
    let rated_a = e.module_rating.i_a? * f64::from(e.modules);
    let highest = run.amps.into_iter().fold(0.0, f64::max);
    let matters = highest > LEAST_UNBALANCED_SHARE * rated_a;
    (matters && run.unbalance_percent > MOST_UNBALANCE_PERCENT).then(|| Finding {
        severity: Severity::Warning,
        rule: "power.phase-unbalance",
        subject: subject(e),
        message: format!(
            "The phases of {} carry {:.0}, {:.0} and {:.0} A: {:.0} % off their mean",
            e.name, run.amps[0], run.amps[1], run.amps[2], run.unbalance_percent
        ),
        value: Some(run.unbalance_percent),
        limit: Some(MOST_UNBALANCE_PERCENT),
        unit: "%",
        source: "Design practice for panels (assumption)".to_owned(),
        advice: "Move single-phase racks to another phase or run, or feed them with three phases"
            .to_owned(),
    })
}

/// Drop along the last conductor of a load, from its head to the load's tap.
fn branch_drop(
    case: &PowerCase,
    result: &PowerResult,
    asked: &Load,
    load: &LoadResult,
) -> Option<Finding> {
    let drops = asked.feeds.iter().zip(&load.feeds).filter(|(_, f)| f.live && f.p_w > 0.0);
    let worst = drops
        .filter_map(|(feed, solved)| {
            let e = &case.elements[feed.element];
            let head = result.elements.get(e.parent?)?;
            let conductor = matches!(e.model, Model::Series { .. });
            conductor.then_some((100.0 * (head.v_pu - solved.v_pu), e))
        })
        .reduce(|a, b| if b.0 > a.0 { b } else { a })?;
    let (value, e) = worst;
    (value > BRANCH_DROP_LIMIT_PERCENT * (1.0 + ROUNDING)).then(|| Finding {
        severity: Severity::Warning,
        rule: "power.voltage-drop-branch",
        subject: load.object.map_or_else(|| Subject::Plan(load.name.clone()), Subject::Object),
        message: format!(
            "{:.1} % of the voltage is lost along {} before {}, more than good practice for a branch",
            value, e.name, load.name
        ),
        value: Some(value),
        limit: Some(BRANCH_DROP_LIMIT_PERCENT),
        unit: "%",
        source: "NEC 210.19(A), informational note".to_owned(),
        advice: "Shorten the run, feed it from nearer, or choose a larger one".to_owned(),
    })
}

/// Adds the conductors that would do to the advice on an overloaded cable.
fn propose_cable(finding: &mut Finding, case: &PowerCase, faults: &[ElementFault]) {
    let Subject::PowerElement(name) = &finding.subject else { return };
    if !finding.rule.starts_with("power.overload") {
        return;
    }
    let at = case.elements.iter().position(|e| e.name == *name);
    if let Some(cable) = at.and_then(|i| faults.get(i)).and_then(|f| f.cable.as_ref()) {
        finding.advice.push_str(&format!(
            "; {} copper in parallel raceways carry {:.0} A",
            cable.label(),
            cable.ampacity_a
        ));
    }
}
