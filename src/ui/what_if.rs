//! What if components fail: which ones are taken for failed, and the state of the power chain
//! without them. A matter of the session, not of the plan; it survives edits by element name.

use crate::evaluate::cancel::CancelToken;
use crate::evaluate::power::case::{LoadKind, PowerCase};
use crate::evaluate::power::resilience::OutageRow;
use crate::evaluate::power::result::{FeedResult, PowerResult, ScenarioSummary};
use crate::evaluate::power::solve_with_out;
use crate::evaluate::result::{RackSummary, Results};
use crate::evaluate::snapshot::RackKind;
use crate::plan::ObjectId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The failed components and what follows from their loss.
#[derive(Clone, Debug, Default)]
pub struct WhatIf {
    /// Names of the elements that are out.
    out: BTreeSet<String>,
    /// Name of the outage, if it was picked from the list of examined ones.
    title: Option<String>,
    answer: Option<Outage>,
    problem: Option<String>,
    /// What the answer belongs to.
    solved: Option<(Arc<PowerCase>, BTreeSet<String>)>,
}

/// The state of the chain without the failed components.
#[derive(Clone, Debug)]
pub struct Outage {
    /// The solved state.
    pub power: PowerResult,
    /// Racks without power that have it in the normal state.
    pub racks_lost: BTreeSet<ObjectId>,
    /// Racks without power, those included that have none in the normal state.
    pub racks_dark: BTreeSet<ObjectId>,
    /// Other loads that lose their power.
    pub others_lost: usize,
    /// Power of the loads that lose it, W.
    pub lost_w: f64,
    /// Output lost, tokens/s.
    pub tokens_lost: Option<f64>,
    /// Whether that is what the jobs lose until they are restarted, as of the examined outages;
    /// else it is the share of the compute racks that lose power.
    pub of_jobs: bool,
    /// Loading of the element that feeds each rack, the highest of its feeds, percent of the
    /// continuous limit.
    pub feed_pct: BTreeMap<ObjectId, f64>,
    /// Current of the feed of each rack that carries most, A.
    pub feed_a: BTreeMap<ObjectId, f64>,
}

/// Highest loading among the elements that racks hang on, percent of the continuous limit.
fn feed_pct(results: &Results, power: &PowerResult) -> BTreeMap<ObjectId, f64> {
    let mut found = BTreeMap::new();
    for load in &results.power_case.loads {
        let Some(id) = load.object else { continue };
        let feeds = load.feeds.iter().filter_map(|f| power.elements.get(f.element));
        let pct = feeds.map(|e| e.normal_of_limit() * 100.0).fold(0.0, f64::max);
        found.insert(id, pct);
    }
    found
}

impl Outage {
    fn of(results: &Results, power: PowerResult, out: &BTreeSet<String>) -> Self {
        let mut outage = Self {
            power,
            racks_lost: BTreeSet::new(),
            racks_dark: BTreeSet::new(),
            others_lost: 0,
            lost_w: 0.0,
            tokens_lost: None,
            of_jobs: false,
            feed_pct: BTreeMap::new(),
            feed_a: BTreeMap::new(),
        };
        for (now, before) in outage.power.loads.iter().zip(&results.power.loads) {
            let lost = before.served && !now.served;
            outage.lost_w += if lost { now.p_w } else { 0.0 };
            match (now.kind, now.object) {
                (LoadKind::Rack, Some(id)) => {
                    if !now.served {
                        outage.racks_dark.insert(id);
                    }
                    if lost {
                        outage.racks_lost.insert(id);
                    }
                }
                _ => outage.others_lost += usize::from(lost),
            }
        }
        let compute = |r: &&RackSummary| r.kind == RackKind::Compute;
        let lost = results.racks.iter().filter(compute);
        let lost = lost.filter(|r| outage.racks_lost.contains(&r.id)).count();
        let examined = examined(results, out, &outage.racks_lost);
        outage.of_jobs = examined.is_some();
        outage.tokens_lost = examined.or_else(|| tokens_share(results, lost));
        let largest = |feeds: &[FeedResult]| feeds.iter().map(|f| f.i_a).fold(0.0, f64::max);
        let loads = outage.power.loads.iter();
        outage.feed_a = loads.filter_map(|l| Some((l.object?, largest(&l.feeds)))).collect();
        outage.feed_pct = feed_pct(results, &outage.power);
        outage
    }

    /// Sums of this state.
    #[must_use]
    pub fn summary(&self) -> Option<&ScenarioSummary> {
        self.power.scenarios.first()
    }
}

/// What the jobs lose in an examined outage of the same components that darkens the same racks,
/// tokens/s.
fn examined(results: &Results, out: &BTreeSet<String>, dark: &BTreeSet<ObjectId>) -> Option<f64> {
    let same = |row: &&OutageRow| {
        row.elements.len() <= out.len()
            && row.elements.iter().all(|e| out.contains(e))
            && out.iter().all(|e| row.elements.contains(e) || row.tripped.contains(e))
            && row.dark.len() == dark.len()
            && row.dark.iter().all(|id| dark.contains(id))
    };
    results.resilience.outages.iter().find(same).map(|row| row.tokens_lost_per_s)
}

/// Output lost with some racks: the evaluation's tokens/s times the share of compute racks among
/// them. First order: a job that needs every rack would lose all of it.
#[must_use]
pub fn tokens_share(results: &Results, compute_racks_lost: usize) -> Option<f64> {
    let all = results.kpi.tokens_per_s?.base;
    let compute = results.racks.iter().filter(|r| r.kind == RackKind::Compute).count();
    (compute > 0).then(|| all * compute_racks_lost as f64 / compute as f64)
}

impl WhatIf {
    /// Whether anything is taken for failed.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !self.out.is_empty()
    }

    /// Names of the elements that are out.
    #[must_use]
    pub const fn out(&self) -> &BTreeSet<String> {
        &self.out
    }

    /// The state without them, once solved.
    #[must_use]
    pub fn outage(&self) -> Option<&Outage> {
        self.answer.as_ref().filter(|_| self.is_active())
    }

    /// Why there is no state.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref().filter(|_| self.is_active())
    }

    /// The name of the outage, or what is out.
    #[must_use]
    pub fn words(&self) -> String {
        match (&self.title, self.out.len()) {
            (Some(title), _) => title.clone(),
            (None, 1) => self.out.iter().map(|n| format!("{n} out")).collect(),
            (None, n) => format!("{n} components out"),
        }
    }

    /// Whether this outage of the list is the one shown.
    #[must_use]
    pub fn shows(&self, title: &str) -> bool {
        self.is_active() && self.title.as_deref() == Some(title)
    }

    /// Fails an element, or puts it back.
    pub fn toggle(&mut self, name: String) {
        self.title = None;
        if !self.out.remove(&name) {
            self.out.insert(name);
        }
    }

    /// Fails these elements instead of any others.
    pub fn show(&mut self, title: String, out: BTreeSet<String>) {
        (self.title, self.out) = (Some(title), out);
    }

    /// Puts everything back.
    pub fn restore(&mut self) {
        *self = Self::default();
    }

    /// Solves what is out in the latest chain, if either is new. One radial state takes well under
    /// a frame even in a large hall, so that no worker is needed.
    pub fn refresh(&mut self, results: Option<&Results>) {
        let Some(results) = results.filter(|_| self.is_active()) else {
            (self.answer, self.solved) = (None, None);
            return;
        };
        let case = &results.power_case;
        let known = self.solved.as_ref();
        if known.is_some_and(|(of, out)| Arc::ptr_eq(of, case) && *out == self.out) {
            return;
        }
        let indices: Vec<usize> = (0..case.elements.len())
            .filter(|i| self.out.contains(&case.elements[*i].name))
            .collect();
        let solved = solve_with_out(case, &indices, &CancelToken::never());
        match solved {
            Ok(power) => {
                self.answer = Some(Outage::of(results, power, &self.out));
                let missing = self.out.len() - indices.len();
                self.problem = (missing > 0).then(|| {
                    format!("{missing} of the failed components are no longer in the chain")
                });
            }
            Err(error) => (self.answer, self.problem) = (None, Some(error.to_string())),
        }
        self.solved = Some((Arc::clone(case), self.out.clone()));
    }
}
