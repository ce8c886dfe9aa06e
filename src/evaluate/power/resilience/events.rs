//! What can fail: every element with its modules, and every class of equipment by a common cause.
//!
//! An element of n modules that needs k of them fails when n − k + 1 are out at once. For modules
//! of failure rate λ and repair time r, with λ r ≪ 1 and m = n − k:
//! (1) rate = n! / ((k−1)! m!) · λ (λ r)^m, (2) mean outage = r / (m + 1).
//! A standby generator fails on demand: it is under repair, does not start, or stops while the
//! supply is away; at least k of n sets are needed.
//! A share β of the failures of a class takes all of its elements at once (β-factor model).

use super::case::ResilienceCase;
use super::components::{Component, GENERATOR_ON_DEMAND};
use crate::evaluate::power::case::ElementKind;
use crate::evaluate::power::result::PowerResult;
use crate::units::HOURS_PER_YEAR;

/// A failure.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Name: the element's, or `all ups (common cause)`.
    pub name: String,
    /// Class that it counts to.
    pub kind: ElementKind,
    /// Elements that go out, those that its overloads trip included.
    pub out: Vec<usize>,
    /// How it comes about.
    pub cause: Cause,
    /// Whether it is the common cause of a class.
    pub common: bool,
}

/// How a failure comes about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cause {
    /// By itself.
    Rate {
        /// Per year.
        per_year: f64,
        /// Mean outage, h.
        repair_h: f64,
    },
    /// When a standby source is asked for: sets installed, sets needed, and the share β of the
    /// sets' failures that this event stands for (1 for the element's own).
    Demand {
        /// Sets installed.
        installed: u32,
        /// Sets needed.
        needed: u32,
        /// Share of the single set's probability.
        share: f64,
        /// Unavailability of a set under repair.
        under_repair: f64,
        /// Repair time of a set, h.
        repair_h: f64,
    },
}

impl Cause {
    /// Probability that a standby source fails during an outage of `outage_h`; `None` for
    /// failures that come by themselves.
    #[must_use]
    pub fn on_demand(&self, outage_h: f64) -> Option<f64> {
        let Self::Demand { installed, needed, share, under_repair, .. } = *self else {
            return None;
        };
        let start = GENERATOR_ON_DEMAND.fails_to_start;
        let stops = -(-outage_h / GENERATOR_ON_DEMAND.run_mtbf_h).exp_m1();
        let unit = 1.0 - (1.0 - under_repair) * (1.0 - start) * (1.0 - stops);
        Some(fewer_than(installed, needed, 1.0 - share * unit))
    }

    /// Time until it is over, h.
    #[must_use]
    pub const fn repair_h(&self) -> f64 {
        match self {
            Self::Rate { repair_h, .. } | Self::Demand { repair_h, .. } => *repair_h,
        }
    }
}

/// Probability that fewer than `needed` of `installed` work, each with probability `p`.
#[must_use]
pub fn fewer_than(installed: u32, needed: u32, p: f64) -> f64 {
    let (q, mut term) = (1.0 - p, 1.0);
    // term = C(n, j) p^j q^(n−j), from j = 0.
    for _ in 0..installed {
        term *= q;
    }
    if q <= 0.0 {
        return if needed > installed { 1.0 } else { 0.0 };
    }
    let mut sum = 0.0;
    for j in 0..needed.min(installed + 1) {
        sum += term;
        term *= f64::from(installed - j) / f64::from(j + 1) * p / q;
    }
    sum.min(1.0)
}

/// Rate per year and mean outage in h of an element of `n` modules that needs `k`, equations (1)
/// and (2).
#[must_use]
pub fn modules(n: u32, k: u32, per_year: f64, repair_h: f64) -> (f64, f64) {
    let k = k.clamp(1, n.max(1));
    let spare = n.max(1) - k;
    let unavailable = per_year * repair_h / HOURS_PER_YEAR;
    // n! / ((k−1)! m!) = k · C(n, m)
    let mut rate = f64::from(k) * per_year;
    for j in 0..spare {
        rate *= f64::from(n - j) / f64::from(j + 1) * unavailable;
    }
    (rate, repair_h / f64::from(spare + 1))
}

/// Modules that an element needs in its worst examined outage; never fewer than one.
fn needed(case: &ResilienceCase, normal: &PowerResult, at: usize) -> u32 {
    let element = &case.power.elements[at];
    let usable = f64::from(element.modules - element.spare_modules);
    let load = normal.elements[at].loading_worst * usable;
    ((load - 1e-6).ceil().max(1.0) as u32).min(element.modules)
}

/// Every failure of a case, elements in order, then common causes. `follows` are the elements
/// that trip when one is lost.
#[must_use]
pub fn events(
    case: &ResilienceCase,
    normal: &PowerResult,
    data: &[Component],
    follows: &[Vec<usize>],
) -> Vec<Event> {
    let mut all = Vec::new();
    for (at, element) in case.power.elements.iter().enumerate() {
        let Some(component) = data.iter().find(|c| c.kind == element.kind) else { continue };
        let shared = shares_a_cause(case, component);
        let mut out = vec![at];
        out.extend(follows.get(at).into_iter().flatten());
        all.push(Event {
            name: element.name.clone(),
            kind: element.kind,
            out,
            cause: own_cause(case, normal, at, component, shared),
            common: false,
        });
    }
    all.extend(data.iter().filter(|c| shares_a_cause(case, c)).map(|c| common(case, normal, c)));
    all
}

fn shares_a_cause(case: &ResilienceCase, component: &Component) -> bool {
    component.common_cause > 0.0
        && case.power.elements.iter().filter(|e| e.kind == component.kind).count() > 1
}

/// Whether a source only stands by: something transfers to it and nothing hangs on it otherwise.
fn stands_by(case: &ResilienceCase, at: usize) -> bool {
    case.power.elements[at].kind == ElementKind::Generator
        && case.power.elements.iter().all(|e| e.parent != Some(at))
}

fn own_cause(
    case: &ResilienceCase,
    normal: &PowerResult,
    at: usize,
    c: &Component,
    shared: bool,
) -> Cause {
    let n = case.power.elements[at].modules;
    let k = needed(case, normal, at);
    let own = if shared { 1.0 - c.common_cause } else { 1.0 };
    if stands_by(case, at) {
        return demand(c, n, k, own);
    }
    let length = match c.kind {
        ElementKind::Busway => case.length_m.get(at).copied().filter(|m| *m > 0.0).unwrap_or(1.0),
        _ => 1.0,
    };
    let (mut per_year, repair_h) = modules(n, k, c.failures_per_year * length * own, c.repair_h);
    if !shared && k < n {
        per_year += c.common_cause * c.failures_per_year * length;
    }
    Cause::Rate { per_year, repair_h }
}

fn demand(c: &Component, installed: u32, needed: u32, share: f64) -> Cause {
    Cause::Demand {
        installed,
        needed,
        share,
        under_repair: (c.failures_per_year * c.repair_h / HOURS_PER_YEAR).min(1.0),
        repair_h: c.repair_h,
    }
}

fn common(case: &ResilienceCase, normal: &PowerResult, c: &Component) -> Event {
    let of_kind = |i: &usize| case.power.elements[*i].kind == c.kind;
    let out: Vec<usize> = (0..case.power.elements.len()).filter(of_kind).collect();
    let cause = if out.iter().all(|i| stands_by(case, *i)) {
        demand(c, 1, 1, c.common_cause)
    } else {
        let per_year = c.common_cause * c.failures_per_year;
        Cause::Rate { per_year, repair_h: c.repair_h }
    };
    debug_assert!(normal.elements.len() == case.power.elements.len());
    let name = format!("all {} (common cause)", super::components::key(c.kind).replace('_', " "));
    Event { name, kind: c.kind, out, cause, common: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k_of_n_agrees_with_the_binomial_sum() {
        // Two of three at 0.9: 1 − (3·0.81·0.1 + 0.729) = 0.028.
        assert!((fewer_than(3, 2, 0.9) - 0.028).abs() < 1e-15);
        assert_eq!(fewer_than(4, 1, 1.0), 0.0);
        assert_eq!(fewer_than(2, 3, 1.0), 1.0);
        assert!((fewer_than(1, 1, 0.99) - 0.01).abs() < 1e-15);
    }

    #[test]
    fn spare_modules_divide_the_rate_and_the_outage() {
        let (rate, outage) = modules(3, 3, 0.05, 8.0);
        assert!((rate - 0.15).abs() < 1e-15 && outage == 8.0);
        let u = 0.05 * 8.0 / HOURS_PER_YEAR;
        let (rate, outage) = modules(4, 3, 0.05, 8.0);
        assert!((rate - 12.0 * 0.05 * u).abs() < 1e-18 && outage == 4.0);
        // The unavailability is the binomial's leading term.
        let binomial = fewer_than(4, 3, 1.0 - u);
        assert!((rate * outage / HOURS_PER_YEAR / binomial - 1.0).abs() < 1e-3);
    }
}
