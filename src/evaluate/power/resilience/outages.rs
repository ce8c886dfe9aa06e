//! Every single outage and chosen pairs, each with what it costs.
//!
//! Single outages come from the load flow that the power stage has run. Elements that carry
//! nothing in the normal state change nothing when they are lost. Pairs are one more case for the
//! load flow, all of them at once.
//!
//! Trip rule: an element loaded above [`TRIP_LOADING`] of its nameplate in an outage, and more than
//! in the normal state, trips; the state is then examined again without it, up to [`ROUNDS`] times.

use super::case::ResilienceCase;
use super::cuts::likely;
use super::events::Event;
use super::reach::{Class, Marks, Reach};
use super::result::{CutSet, OutageRow};
use super::tokens;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::power::case::{ElementKind, LoadKind, PowerCase, Scenario};
use crate::evaluate::power::error::PowerError;
use crate::evaluate::power::result::{PowerResult, ScenarioSummary};
use crate::units::SECONDS_PER_HOUR;
use std::collections::{BTreeMap, BTreeSet};

/// Loading, as a fraction of the nameplate, above which an element counts as tripped before anybody
/// can act: UPS carry 125 % for ten minutes (Schneider Galaxy VXL data sheet); breakers must trip at
/// 130 % within two hours (IEC 60947-2, recalled).
pub const TRIP_LOADING: f64 = 1.25;
/// Most elements that trip one after another before the cascade is no longer followed.
const ROUNDS: usize = 4;
/// Most pairs examined.
const MOST_PAIRS: usize = 200;
/// Most loaded elements whose pairs across feeds are examined.
const TOP_LOADED: usize = 16;

/// An outage to report: what fails, what trips with it, and the load flow's summary.
#[derive(Clone, Debug)]
pub struct Examined {
    /// Name.
    pub name: String,
    /// Elements that fail.
    pub out: Vec<usize>,
    /// Elements that trip in the wake.
    pub tripped: Vec<usize>,
    /// Summary of the last state examined.
    pub summary: ScenarioSummary,
}

/// The single outages of a solved case, cascades followed.
///
/// # Errors
/// As of the load flow.
pub fn singles(
    case: &PowerCase,
    normal: &PowerResult,
    cancel: &CancelToken,
) -> Result<Vec<Examined>, PowerError> {
    let by_name: BTreeMap<&str, &ScenarioSummary> =
        normal.scenarios.iter().skip(1).map(|s| (s.name.as_str(), s)).collect();
    let mut list = Vec::with_capacity(case.elements.len());
    for (at, element) in case.elements.iter().enumerate() {
        let name = format!("{} out", element.name);
        let summary = by_name.get(name.as_str()).copied().or_else(|| normal.scenarios.first());
        let summary = summary.cloned().unwrap_or_else(|| nothing(&name));
        list.push(Examined { name, out: vec![at], tripped: Vec::new(), summary });
    }
    follow(case, normal, &mut list, cancel)?;
    Ok(list)
}

/// The named scenarios of the case (`feed A lost`), cascades followed.
///
/// # Errors
/// As of the load flow.
pub fn named(
    case: &PowerCase,
    normal: &PowerResult,
    cancel: &CancelToken,
) -> Result<Vec<Examined>, PowerError> {
    let summaries = normal.scenarios.iter().skip(1);
    let mut list: Vec<Examined> = case
        .scenarios
        .iter()
        .zip(summaries)
        .map(|(scenario, summary)| Examined {
            name: scenario.name.clone(),
            out: scenario.out.clone(),
            tripped: Vec::new(),
            summary: summary.clone(),
        })
        .collect();
    follow(case, normal, &mut list, cancel)?;
    Ok(list)
}

/// The planner's own pairs, every generator plant with all utilities, the dominant cut sets of two
/// elements, and pairs across feeds of the most loaded elements; cascades followed.
///
/// # Errors
/// As of the load flow.
pub fn pairs(
    case: &PowerCase,
    normal: &PowerResult,
    stated: &[[String; 2]],
    cuts: &[CutSet],
    cancel: &CancelToken,
) -> Result<Vec<Examined>, PowerError> {
    let wanted = wanted(case, normal, stated, cuts);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut list: Vec<Examined> = wanted
        .into_iter()
        .map(|(name, out)| {
            let summary = nothing(&name);
            Examined { name, out, tripped: Vec::new(), summary }
        })
        .collect();
    let all: Vec<usize> = (0..list.len()).collect();
    solve_again(case, normal, &mut list, &all, cancel)?;
    follow(case, normal, &mut list, cancel)?;
    Ok(list)
}

fn wanted(
    case: &PowerCase,
    normal: &PowerResult,
    stated: &[[String; 2]],
    cuts: &[CutSet],
) -> Vec<(String, Vec<usize>)> {
    let index: BTreeMap<&str, usize> =
        case.elements.iter().enumerate().map(|(i, e)| (e.name.as_str(), i)).collect();
    let mut seen = BTreeSet::new();
    let mut list = Vec::new();
    let mut add = |mut out: Vec<usize>, name: Option<String>| {
        out.sort_unstable();
        out.dedup();
        if out.len() > 1 && list.len() < MOST_PAIRS && seen.insert(out.clone()) {
            let names: Vec<&str> = out.iter().map(|&i| case.elements[i].name.as_str()).collect();
            list.push((name.unwrap_or_else(|| format!("{} out", names.join(" + "))), out));
        }
    };
    for [a, b] in stated {
        if let (Some(&a), Some(&b)) = (index.get(a.as_str()), index.get(b.as_str())) {
            add(vec![a, b], None);
        }
    }
    let of = |kind| (0..case.elements.len()).filter(move |&i| case.elements[i].kind == kind);
    for generator in of(ElementKind::Generator) {
        let name = format!("utility + {} out", case.elements[generator].name);
        add(of(ElementKind::Utility).chain([generator]).collect(), Some(name));
    }
    for cut in cuts {
        add(cut.events.iter().filter_map(|n| index.get(n.as_str()).copied()).collect(), None);
    }
    let mut loaded: Vec<usize> = (0..case.elements.len())
        .filter(|&i| normal.elements[i].live && normal.elements[i].p_out_w > 0.0)
        .collect();
    loaded.sort_by(|&a, &b| {
        let worst = |i: usize| normal.elements[i].worst_of_limit();
        worst(b).total_cmp(&worst(a)).then(a.cmp(&b))
    });
    loaded.truncate(TOP_LOADED);
    for (k, &a) in loaded.iter().enumerate() {
        for &b in &loaded[k + 1..] {
            if case.elements[a].feed != case.elements[b].feed {
                add(vec![a, b], None);
            }
        }
    }
    list
}

/// Adds what trips on overload, round by round, to every state that shows some.
fn follow(
    case: &PowerCase,
    normal: &PowerResult,
    list: &mut [Examined],
    cancel: &CancelToken,
) -> Result<(), PowerError> {
    let index: BTreeMap<&str, usize> =
        case.elements.iter().enumerate().map(|(i, e)| (e.name.as_str(), i)).collect();
    let before = tripped_before(normal);
    for one in list.iter_mut() {
        // What is off in the normal state already does not trip in the wake of an outage.
        let new = one.summary.tripped.iter().filter(|n| !before.contains(n));
        let names = new.filter_map(|n| index.get(n.as_str()));
        one.tripped.extend(names.filter(|i| !one.out.contains(i)));
    }
    for _ in 0..ROUNDS {
        let mut again = Vec::new();
        for (at, one) in list.iter_mut().enumerate() {
            let worst = one.summary.worst_element.as_ref().and_then(|n| index.get(n.as_str()));
            let Some(&worst) = worst else { continue };
            let known = one.out.contains(&worst) || one.tripped.contains(&worst);
            let contract = case.elements[worst].kind == ElementKind::Utility;
            let more = one.summary.worst_loading
                > normal.elements[worst].loading_normal.max(TRIP_LOADING) * (1.0 + ROUNDING);
            if more && !known && !contract {
                one.tripped.push(worst);
                again.push(at);
            }
        }
        if again.is_empty() {
            break;
        }
        solve_again(case, normal, list, &again, cancel)?;
    }
    Ok(())
}

/// What is off in the normal state already.
fn tripped_before(normal: &PowerResult) -> &[String] {
    normal.scenarios.first().map_or(&[], |s| s.tripped.as_slice())
}

/// Slack in comparisons of loadings.
const ROUNDING: f64 = 1e-9;

/// Solves the marked states as named scenarios of one case, in parallel.
fn solve_again(
    case: &PowerCase,
    normal: &PowerResult,
    list: &mut [Examined],
    which: &[usize],
    cancel: &CancelToken,
) -> Result<(), PowerError> {
    let scenario = |&at: &usize| Scenario {
        name: format!("{at}"),
        out: list[at].out.iter().chain(&list[at].tripped).copied().collect(),
        must_survive: false,
    };
    let scenarios = which.iter().map(scenario).collect();
    let asked = PowerCase { scenarios, every_single_outage: false, ..case.clone() };
    let answer = crate::evaluate::power::solve(&asked, cancel)?;
    let before = tripped_before(normal);
    let index: BTreeMap<&str, usize> =
        case.elements.iter().enumerate().map(|(i, e)| (e.name.as_str(), i)).collect();
    for (&at, summary) in which.iter().zip(answer.scenarios.into_iter().skip(1)) {
        let one = &mut list[at];
        let new = summary.tripped.iter().filter(|n| !before.contains(n));
        for trip in new.filter_map(|n| index.get(n.as_str())) {
            if !one.out.contains(trip) && !one.tripped.contains(trip) {
                one.tripped.push(*trip);
            }
        }
        one.summary = ScenarioSummary { name: one.name.clone(), ..summary };
    }
    Ok(())
}

/// A state in which nothing is lost.
fn nothing(name: &str) -> ScenarioSummary {
    ScenarioSummary {
        name: name.to_owned(),
        racks_lost: 0,
        other_loads_lost: 0,
        lost_w: 0.0,
        source_w: 0.0,
        loss_w: 0.0,
        worst_element: None,
        worst_loading: 0.0,
        tripped: Vec::new(),
    }
}

/// What a row is made from, besides the outage.
pub struct Pricing<'a> {
    /// The question.
    pub case: &'a ResilienceCase,
    /// The normal state.
    pub normal: &'a PowerResult,
    /// Ways up.
    pub reach: &'a Reach,
    /// Loads by feeds.
    pub classes: &'a [Class],
    /// What can fail; elements first, in their order.
    pub events: &'a [Event],
}

impl Pricing<'_> {
    /// The row of an outage.
    #[must_use]
    pub fn row(&self, of: &Examined, marks: &mut Marks) -> OutageRow {
        let power = &self.case.power;
        let dead = self.dead(of, marks);
        let mut row = OutageRow {
            name: of.name.clone(),
            elements: of.out.iter().map(|&i| power.elements[i].name.clone()).collect(),
            kind: of.out.first().filter(|_| of.out.len() < 3).map(|&i| power.elements[i].kind),
            worst_element: of.summary.worst_element.clone(),
            worst_loading: of.summary.worst_loading,
            tripped: of.tripped.iter().map(|&i| power.elements[i].name.clone()).collect(),
            ..OutageRow::default()
        };
        for (i, load) in power.loads.iter().enumerate().filter(|(i, _)| dead[*i]) {
            if load.kind == LoadKind::Rack {
                row.racks_lost += 1;
                row.dark.extend(load.object);
            } else {
                row.mechanical_lost += 1;
                row.mechanical_lost_kw += load.p_w / 1e3;
            }
            debug_assert!(self.normal.loads[i].served);
        }
        row.racks_uncooled = self.uncooled(&dead);
        self.price(of, &dead, &mut row);
        row
    }

    /// Loads that are served in the normal state and dead in this one.
    fn dead(&self, of: &Examined, marks: &mut Marks) -> Vec<bool> {
        let mut out = vec![false; self.case.power.elements.len()];
        of.out.iter().chain(&of.tripped).for_each(|&i| out[i] = true);
        let mut dead = vec![false; self.case.power.loads.len()];
        for class in self.classes {
            if !self.reach.served(&class.feeds, &out, marks) {
                class.loads.iter().for_each(|&i| dead[i] = self.normal.loads[i].served);
            }
        }
        dead
    }

    /// Racks with power whose pump, plant or door is dead, or whose air units no longer suffice.
    fn uncooled(&self, dead: &[bool]) -> usize {
        let mut hot = vec![false; dead.len()];
        let (mut capacity_w, mut left_w) = (0.0, 0.0);
        for cooling in &self.case.cooling {
            capacity_w += cooling.air_capacity_w;
            if dead[cooling.load] {
                cooling.racks.iter().for_each(|&i| hot[i] = true);
            } else {
                left_w += cooling.air_capacity_w;
            }
        }
        let air = &self.case.air;
        if left_w < capacity_w && left_w < air.heat_w {
            air.racks.iter().for_each(|&i| hot[i] = true);
        }
        hot.iter().zip(dead).filter(|(hot, dead)| **hot && !**dead).count()
    }

    fn price(&self, of: &Examined, dead: &[bool], row: &mut OutageRow) {
        let lost = tokens::lost(self.case, dead);
        let total = tokens::total(self.case);
        row.tokens_lost_per_s = lost.at_once;
        row.tokens_lost_lasting_per_s = lost.lasting;
        row.tokens_lost_share = if total > 0.0 { lost.at_once / total } else { 0.0 };
        let how = match of.out.as_slice() {
            [one] => self.event(*one).map(|e| likely((e, None), self.events)),
            [a, b] => match (self.event(*a), self.event(*b)) {
                (Some(a), Some(b)) => Some(likely((a, Some(b)), self.events)),
                _ => None,
            },
            _ => None,
        };
        if let Some(how) = how {
            let hours = lost.at_once * self.case.restart_h + lost.lasting * how.hours_each;
            row.per_year = Some(how.per_year);
            row.hours_per_year = Some(how.hours_per_year());
            row.tokens_lost_per_year = Some(how.per_year * hours * SECONDS_PER_HOUR);
        }
    }

    fn event(&self, element: usize) -> Option<usize> {
        let own = |e: &Event| !e.common && e.out.first() == Some(&element);
        self.events.iter().position(own)
    }
}

/// Most tokens lost first, then most racks, then most cooling; equals in the order of the case.
pub fn sort(rows: &mut [OutageRow]) {
    rows.sort_by(|a, b| {
        b.tokens_lost_per_s
            .total_cmp(&a.tokens_lost_per_s)
            .then(b.racks_lost.cmp(&a.racks_lost))
            .then(b.mechanical_lost_kw.total_cmp(&a.mechanical_lost_kw))
            .then(b.worst_loading.total_cmp(&a.worst_loading))
    });
}
