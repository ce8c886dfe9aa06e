//! Design problems of a power network, as findings with value, limit and source.

use super::case::{ElementKind, Intent, LoadKind, PowerCase};
use super::result::{ElementResult, LoadResult};
use super::scenario::{Digest, NORMAL, Outage};
use crate::evaluate::finding::{Finding, Severity, Subject};

/// Voltage drop of feeder and branch circuit together that is good practice, %: NFPA 70 (NEC)
/// 210.19(A) and 215.2(A), informational notes; enforceable through energy codes (IECC C405).
pub const DROP_LIMIT_PERCENT: f64 = 5.0;
/// Lowest steady voltage that IT power supplies must ride on, per unit: ITI (CBEMA) curve, 90 %
/// (recalled from the curve, not re-read).
pub const LOWEST_STEADY_V_PU: f64 = 0.9;
/// Slack in comparisons with a limit, so that rounding at the limit is no finding.
const ROUNDING: f64 = 1e-9;

/// Everything the findings look at.
pub(super) struct Review<'a> {
    pub case: &'a PowerCase,
    pub elements: &'a [ElementResult],
    pub loads: &'a [LoadResult],
    pub normal: &'a Digest,
    pub outages: &'a [Outage],
    pub digests: &'a [Digest],
}

/// All findings, most severe first, otherwise in the order of the case.
pub(super) fn review(r: &Review) -> Vec<Finding> {
    let mut all = Vec::new();
    collapses(r, &mut all);
    all.extend(contract(r));
    for element in r.elements {
        all.extend(overload(element));
    }
    for (i, load) in r.loads.iter().enumerate() {
        all.extend(dead(r, i, load));
        all.extend(voltage(load));
        all.extend(single_feed(r, i, load));
    }
    for (outage, digest) in r.outages.iter().zip(r.digests) {
        all.extend(lost_racks(r, outage, digest));
    }
    all.sort_by_key(|f| std::cmp::Reverse(f.severity));
    all
}

fn element_subject(name: &str) -> Subject {
    Subject::PowerElement(name.to_owned())
}

fn load_subject(load: &LoadResult) -> Subject {
    load.object.map_or_else(|| Subject::Plan(load.name.clone()), Subject::Object)
}

fn overload(e: &ElementResult) -> Option<Finding> {
    let over = |loading: f64, limit: f64| loading > limit * (1.0 + ROUNDING);
    let (severity, rule, loading, limit, state) = if over(e.loading_normal, e.limit_fraction) {
        let state = "in the normal state".to_owned();
        (Severity::Error, "power.overload", e.loading_normal, e.limit_fraction, state)
    } else {
        let state = format!("with {}", e.worst_outage.as_ref()?);
        let rule = "power.overload-on-failover";
        if over(e.loading_worst, 1.0) {
            (Severity::Error, rule, e.loading_worst, 1.0, state)
        } else if over(e.loading_worst, e.limit_fraction) {
            (Severity::Warning, rule, e.loading_worst, e.limit_fraction, state)
        } else {
            return None;
        }
    };
    let (value, limit) = (loading * 100.0, limit * 100.0);
    Some(Finding {
        severity,
        rule,
        subject: element_subject(&e.name),
        message: format!("{} carries {value:.0} % of its rating {state}", e.name),
        value: Some(value),
        limit: Some(limit),
        unit: "%",
        source: e.limit_source.clone(),
        advice: format!(
            "Choose a larger rating, add modules or runs, or move load off {}",
            if e.feed.is_empty() { "it".to_owned() } else { format!("feed {}", e.feed) }
        ),
    })
}

/// Power taken from all utilities together, in the normal state.
fn contract(r: &Review) -> Option<Finding> {
    let contract_w = r.case.contract_w?;
    let utilities = || r.elements.iter().filter(|e| e.kind == ElementKind::Utility);
    let taken_w: f64 = utilities().map(|e| e.p_out_w).sum();
    // A single intake rated at the contract reports its own overload.
    if utilities().count() < 2 || taken_w <= contract_w * (1.0 + ROUNDING) {
        return None;
    }
    Some(Finding {
        severity: Severity::Error,
        rule: "power.contract",
        subject: Subject::Plan("power".to_owned()),
        message: format!(
            "The hall takes {:.2} MW, more than the {:.2} MW that are contracted",
            taken_w / 1e6,
            contract_w / 1e6
        ),
        value: Some(taken_w / 1e6),
        limit: Some(contract_w / 1e6),
        unit: "MW",
        source: "Contract with the utility, as entered in the plan".to_owned(),
        advice: "Raise the contract, remove racks or lower their design power".to_owned(),
    })
}

fn dead(r: &Review, i: usize, load: &LoadResult) -> Option<Finding> {
    if load.served || load.p_w <= 0.0 {
        return None;
    }
    let why = match r.case.loads[i].feeds.len() {
        0 => "has no feed".to_owned(),
        n => format!("has {n} feed(s), none of them live"),
    };
    Some(Finding {
        severity: Severity::Error,
        rule: "power.dead-load",
        subject: load_subject(load),
        message: format!("{} {why} in the normal state", load.name),
        value: Some(load.p_w / 1e3),
        limit: Some(0.0),
        unit: "kW",
        source: "Load flow".to_owned(),
        advice: "Connect it to a live busway or PDU".to_owned(),
    })
}

fn voltage(load: &LoadResult) -> Option<Finding> {
    let lowest = load.feeds.iter().filter(|f| f.live && f.p_w > 0.0).map(|f| f.v_pu);
    let lowest = lowest.fold(f64::INFINITY, f64::min);
    let (severity, rule, what, value, limit, source) = if lowest < LOWEST_STEADY_V_PU - ROUNDING {
        let what = "is supplied at a voltage below what power supplies ride on";
        let limit = LOWEST_STEADY_V_PU * 100.0;
        let source = "ITI (CBEMA) curve, steady state";
        (Severity::Error, "power.undervoltage", what, lowest * 100.0, limit, source)
    } else if load.drop_percent > DROP_LIMIT_PERCENT * (1.0 + ROUNDING) {
        let what = "sees more voltage drop than good practice";
        let source = "NEC 210.19(A) and 215.2(A), informational notes";
        let value = load.drop_percent;
        (Severity::Warning, "power.voltage-drop", what, value, DROP_LIMIT_PERCENT, source)
    } else {
        return None;
    };
    Some(Finding {
        severity,
        rule,
        subject: load_subject(load),
        message: format!("{} {what}: {value:.1} %", load.name),
        value: Some(value),
        limit: Some(limit),
        unit: "%",
        source: source.to_owned(),
        advice: "Shorten the run, add parallel runs, or feed at a higher voltage".to_owned(),
    })
}

fn single_feed(r: &Review, i: usize, load: &LoadResult) -> Option<Finding> {
    let one = r.case.loads[i].feeds.len() == 1;
    if !one || r.case.intent != Intent::PathRedundancy || load.kind != LoadKind::Rack {
        return None;
    }
    Some(Finding {
        severity: Severity::Warning,
        rule: "power.single-feed",
        subject: load_subject(load),
        message: format!("{} has one feed in a design with two paths", load.name),
        value: Some(1.0),
        limit: Some(2.0),
        unit: "feeds",
        source: "The chosen redundancy scheme".to_owned(),
        advice: "Give it a second feed from another side, or accept the risk".to_owned(),
    })
}

/// Racks lost in an outage that the design promises to survive.
fn lost_racks(r: &Review, outage: &Outage, digest: &Digest) -> Option<Finding> {
    let lost = digest.summary.racks_lost;
    let normal = r.normal.summary.racks_lost;
    if lost <= normal || r.case.intent != Intent::PathRedundancy {
        return None;
    }
    let (severity, rule, subject) = match outage.single {
        Some(i) => {
            let subject = element_subject(&r.case.elements[i].name);
            (Severity::Warning, "power.single-point-of-failure", subject)
        }
        None if outage.must_survive => {
            (Severity::Error, "power.racks-lost", Subject::Plan("power".to_owned()))
        }
        None => return None,
    };
    let name = digest.lost.iter().map(|&i| &r.case.loads[i]).find(|l| l.kind == LoadKind::Rack);
    let first = name.map_or("", |l| l.name.as_str());
    Some(Finding {
        severity,
        rule,
        subject,
        message: format!("With {} {lost} rack(s) go dark, {first} among them", outage.name),
        value: Some((lost - normal) as f64),
        limit: Some(0.0),
        unit: "racks",
        source: "The chosen redundancy scheme".to_owned(),
        advice: "Feed them from another side as well".to_owned(),
    })
}

/// One finding per element that trips, for the first state in which it does.
fn collapses(r: &Review, all: &mut Vec<Finding>) {
    let mut seen = vec![false; r.elements.len()];
    let states = std::iter::once((NORMAL, r.normal))
        .chain(r.outages.iter().map(|o| o.name.as_str()).zip(r.digests));
    for (state, digest) in states {
        for trip in &digest.trips {
            if std::mem::replace(&mut seen[trip.element], true) {
                continue;
            }
            let name = &r.elements[trip.element].name;
            let value = trip.feasible * 100.0;
            all.push(Finding {
                severity: Severity::Error,
                rule: "power.voltage-collapse",
                subject: element_subject(name),
                message: format!(
                    "The voltage behind {name} collapses ({state}): it can carry {value:.1} % of \
                     the drawn load; it is shown switched off"
                ),
                value: Some(value),
                limit: Some(100.0),
                unit: "%",
                source: "Load flow: no solution above half of the nominal voltage".to_owned(),
                advice: "Check its length, voltage and rating: real designs meet their thermal \
                         limit long before"
                    .to_owned(),
            });
        }
    }
}
