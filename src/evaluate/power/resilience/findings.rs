//! Design problems of standby supply, load swings, availability and stated data.

use super::case::ResilienceCase;
use super::components::unusable;
use super::outages::TRIP_LOADING;
use super::result::{OutageRow, ResilienceResult};
use super::standby::{GeneratorLine, START_MARGIN_S, StandbyResult, UpsLine};
use super::swing::SwingCheck;
use crate::evaluate::finding::{Finding, Severity, Subject};
use crate::evaluate::power::case::{ElementKind, Intent};

/// Slack in comparisons with a limit.
const ROUNDING: f64 = 1e-9;
/// Shortest autonomy of a UPS that a utility outage without generators leaves time to act in, s.
/// Assumption: five minutes for an orderly stop of jobs.
const ORDERLY_STOP_S: f64 = 300.0;

/// All findings, most severe first.
#[must_use]
pub fn review(case: &ResilienceCase, result: &ResilienceResult) -> Vec<Finding> {
    let mut all = Vec::new();
    all.extend(bad_data(case));
    all.extend(unknown_pairs(case));
    for line in &result.standby.generators {
        all.extend(step(line));
        all.extend(too_few_sets(line));
    }
    for line in &result.standby.ups {
        all.extend(autonomy(line, &result.standby));
    }
    all.extend(eco(case, &result.standby));
    for check in result.swing.iter().flat_map(|s| &s.checks).filter(|c| c.exceeded()) {
        all.push(swing(check));
    }
    for row in &result.outages {
        all.extend(cascade(case, row));
    }
    all.extend(uncooled(case, &result.outages));
    all.sort_by_key(|f| std::cmp::Reverse(f.severity));
    all
}

fn plan() -> Subject {
    Subject::Plan("power".to_owned())
}

fn bad_data(case: &ResilienceCase) -> Vec<Finding> {
    let found = unusable(&case.settings.components);
    found
        .into_iter()
        .map(|what| Finding {
            severity: Severity::Warning,
            rule: "power.failure-data",
            subject: plan(),
            message: format!("Failure data of the plan are ignored: {what}"),
            value: None,
            limit: None,
            unit: "",
            source: "Plan".to_owned(),
            advice: "Name a class such as ups or transformer, with 0 to 8760 failures and hours"
                .to_owned(),
        })
        .collect()
}

fn unknown_pairs(case: &ResilienceCase) -> Vec<Finding> {
    let known = |name: &String| case.power.elements.iter().any(|e| e.name == *name);
    let unknown = case.settings.pairs.iter().flatten().filter(|n| !known(n));
    unknown
        .map(|name| Finding {
            severity: Severity::Warning,
            rule: "power.pair-unknown",
            subject: Subject::PowerElement(name.clone()),
            message: format!("A pair of outages names {name}, but the chain has no such element"),
            value: None,
            limit: None,
            unit: "",
            source: "Plan".to_owned(),
            advice: "Take the names from the one-line diagram".to_owned(),
        })
        .collect()
}

fn step(line: &GeneratorLine) -> Option<Finding> {
    if line.step_kw <= line.step_limit_kw * (1.0 + ROUNDING) {
        return None;
    }
    Some(Finding {
        severity: Severity::Warning,
        rule: "power.generator-step",
        subject: Subject::PowerElement(line.name.clone()),
        message: format!(
            "{} is asked for {:.0} kW in one step; it takes {:.0} kW",
            line.name, line.step_kw, line.step_limit_kw
        ),
        value: Some(line.step_kw),
        limit: Some(line.step_limit_kw),
        unit: "kW",
        source: line.step_source.clone(),
        advice: "Let UPS walk in, start fans and pumps in turn, or add sets".to_owned(),
    })
}

fn too_few_sets(line: &GeneratorLine) -> Option<Finding> {
    if line.needed <= line.installed {
        return None;
    }
    Some(Finding {
        severity: Severity::Error,
        rule: "power.generator-count",
        subject: Subject::PowerElement(line.name.clone()),
        message: format!(
            "Without the utility {} needs {} set(s) for {:.0} kW and {:.0} kVA and has {}",
            line.name, line.needed, line.load_kw, line.load_kva, line.installed
        ),
        value: Some(f64::from(line.needed)),
        limit: Some(f64::from(line.installed)),
        unit: "sets",
        source: "Nameplate of the set, kW and kVA".to_owned(),
        advice: "Add sets or choose larger ones".to_owned(),
    })
}

/// Batteries against the start of the generators, at the failover load.
fn autonomy(line: &UpsLine, standby: &StandbyResult) -> Option<Finding> {
    let lasts_s = line.failover_autonomy_min? * 60.0;
    let (needed_s, what) = match standby.mechanical_gap_s {
        Some(start_s) => (start_s + START_MARGIN_S, "the start of the generators with its repeats"),
        None => (ORDERLY_STOP_S, "an orderly stop, there being no generators"),
    };
    if lasts_s >= needed_s * (1.0 - ROUNDING) {
        return None;
    }
    Some(Finding {
        severity: Severity::Error,
        rule: "power.ups-autonomy",
        subject: Subject::PowerElement(line.name.clone()),
        message: format!(
            "The aged battery of {} lasts {lasts_s:.0} s at the failover load; {what} takes \
             {needed_s:.0} s",
            line.name
        ),
        value: Some(lasts_s),
        limit: Some(needed_s),
        unit: "s",
        source: format!("{}; cranking cycle of NFPA 110 (recalled)", standby.start_source),
        advice: "Add battery, or shorten the start".to_owned(),
    })
}

/// Eco mode joins the load to the grid: what disturbs the grid reaches it until the transfer.
fn eco(case: &ResilienceCase, standby: &StandbyResult) -> Option<Finding> {
    if !case.standby.eco || standby.ups.is_empty() {
        return None;
    }
    Some(Finding {
        severity: Severity::Info,
        rule: "power.eco-transfer",
        subject: plan(),
        message: "UPS in eco mode pass the grid through and transfer on a disturbance; many such \
                  loads leaving together is what grid operators fear"
            .to_owned(),
        value: None,
        limit: None,
        unit: "",
        source: "NERC incident review, 10 July 2024: about 1,500 MW of data centres left on six \
                 faults"
            .to_owned(),
        advice: "Count transfers, and agree ride-through with the utility".to_owned(),
    })
}

fn swing(check: &SwingCheck) -> Finding {
    let rule = match check.name.as_str() {
        "Ramp at the intake" => "power.swing-ramp",
        "Range at the intake" => "power.swing-range",
        "Load step of a generator plant" => "power.swing-generator",
        "Voltage change at the intake" => "power.swing-flicker",
        "Voltage change behind a transformer" => "power.swing-transformer",
        _ => "power.swing-ups",
    };
    let on = check.element.as_ref().map_or_else(String::new, |e| format!(" ({e})"));
    let limit = check.limit.unwrap_or(0.0);
    // What the intake and lamps see is the neighbours' trouble as well: a warning, not an error.
    let severity = match rule {
        "power.swing-ramp" | "power.swing-range" => Severity::Error,
        "power.swing-transformer" => Severity::Info,
        _ => Severity::Warning,
    };
    Finding {
        severity,
        rule,
        subject: check.element.clone().map_or_else(plan, Subject::PowerElement),
        message: format!(
            "The swing of the job: {}{on} is {:.2} {}, the limit {limit:.2}",
            check.name, check.value, check.unit
        ),
        value: Some(check.value),
        limit: check.limit,
        unit: check.unit,
        source: check.source.clone(),
        advice: "Store energy in the racks, raise the power floor, or slow the ramp".to_owned(),
    }
}

/// A single outage whose overload takes more with it.
fn cascade(case: &ResilienceCase, row: &OutageRow) -> Option<Finding> {
    if row.elements.len() != 1 || row.tripped.is_empty() || row.racks_lost == 0 {
        return None;
    }
    if case.power.intent != Intent::PathRedundancy {
        return None;
    }
    Some(Finding {
        severity: Severity::Error,
        rule: "power.cascade",
        subject: Subject::PowerElement(row.elements[0].clone()),
        message: format!(
            "With {} {} trip(s) as well and {} rack(s) go dark",
            row.name,
            row.tripped.join(", "),
            row.racks_lost
        ),
        value: Some(row.worst_loading * 100.0),
        limit: Some(TRIP_LOADING * 100.0),
        unit: "%",
        source: "Overload of UPS and breakers: 125 % for minutes (Galaxy VXL data sheet)"
            .to_owned(),
        advice: "Choose larger ratings, or move load to other paths".to_owned(),
    })
}

/// The single outage that leaves most racks with power and without cooling.
fn uncooled(case: &ResilienceCase, rows: &[OutageRow]) -> Option<Finding> {
    if case.power.intent != Intent::PathRedundancy {
        return None;
    }
    let single = rows.iter().filter(|r| r.elements.len() == 1 && r.racks_uncooled > 0);
    let worst = single
        .filter(|r| r.kind != Some(ElementKind::Generator))
        .max_by(|a, b| a.racks_uncooled.cmp(&b.racks_uncooled).then_with(|| b.name.cmp(&a.name)))?;
    Some(Finding {
        severity: Severity::Warning,
        rule: "power.cooling-lost",
        subject: Subject::PowerElement(worst.elements[0].clone()),
        message: format!(
            "With {} {} rack(s) keep power and lose their cooling",
            worst.name, worst.racks_uncooled
        ),
        value: Some(worst.racks_uncooled as f64),
        limit: Some(0.0),
        unit: "racks",
        source: "The chosen redundancy scheme".to_owned(),
        advice: "Feed pumps and fans from both sides as well".to_owned(),
    })
}
