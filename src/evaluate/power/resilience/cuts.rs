//! Minimal cut sets to order two, and what they add up to.
//!
//! A load is dark when every way up from its feeds is cut. For each class of loads the elements
//! above it are few, so every event and every pair of events is tried: a single one that darkens
//! the class is a cut of order one; a pair is a cut of order two if neither of it is.
//!
//! For two failures with rates λ₁, λ₂ and repair times r₁, r₂ that overlap:
//! (1) frequency = λ₁ λ₂ (r₁ + r₂), (2) mean overlap = r₁ r₂ / (r₁ + r₂);
//! for a failure and a standby source that fails on demand with probability q:
//! (3) frequency = λ q, overlap by (2). Cuts are added up (rare events).
//!
//! Validity: λ r ≪ 1. Orders above two are left out: a hall whose paths each need three
//! independent failures shows less than it has, by about λ r of the third.

use super::events::{Cause, Event};
use super::reach::{Class, Marks, Reach};
use crate::units::HOURS_PER_YEAR;
use std::collections::BTreeMap;

/// Events of a cut by index: one, or two.
pub type Cut = (usize, Option<usize>);

/// How often a cut happens and how long it lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Likely {
    /// Per year.
    pub per_year: f64,
    /// Mean outage, h.
    pub hours_each: f64,
}

impl Likely {
    /// Expected outage, h a year.
    #[must_use]
    pub fn hours_per_year(&self) -> f64 {
        self.per_year * self.hours_each
    }
}

/// All cuts, each with the classes that it darkens.
#[must_use]
pub fn cuts(
    reach: &Reach,
    classes: &[Class],
    events: &[Event],
    elements: usize,
) -> BTreeMap<Cut, Vec<usize>> {
    let mut all: BTreeMap<Cut, Vec<usize>> = BTreeMap::new();
    let (mut marks, mut out) = (Marks::default(), vec![false; elements]);
    for (c, class) in classes.iter().enumerate() {
        if !reach.served(&class.feeds, &out, &mut marks) {
            continue; // Dark already: nothing more can be lost.
        }
        let above = reach.above(&class.feeds, &mut marks);
        let touches = |e: &Event| e.out.iter().any(|i| above.binary_search(i).is_ok());
        let near: Vec<usize> = (0..events.len()).filter(|&e| touches(&events[e])).collect();
        let mut dark = |pair: &[usize]| {
            let marked = || pair.iter().flat_map(|&e| events[e].out.iter().copied());
            marked().for_each(|i| out[i] = true);
            let served = reach.served(&class.feeds, &out, &mut marks);
            marked().for_each(|i| out[i] = false);
            !served
        };
        let single: Vec<bool> = near.iter().map(|&e| dark(&[e])).collect();
        for (a, &first) in near.iter().enumerate() {
            if single[a] {
                all.entry((first, None)).or_default().push(c);
                continue;
            }
            for (b, &second) in near.iter().enumerate().skip(a + 1) {
                if !single[b] && dark(&[first, second]) {
                    all.entry((first, Some(second))).or_default().push(c);
                }
            }
        }
    }
    all
}

/// How likely a cut is.
#[must_use]
pub fn likely(cut: Cut, events: &[Event]) -> Likely {
    let first = &events[cut.0].cause;
    let Some(second) = cut.1.map(|e| &events[e].cause) else {
        return match *first {
            Cause::Rate { per_year, repair_h } => Likely { per_year, hours_each: repair_h },
            // A standby source alone is asked for only when something else failed.
            Cause::Demand { .. } => Likely::default(),
        };
    };
    let (r1, r2) = (first.repair_h(), second.repair_h());
    let hours_each = if r1 + r2 > 0.0 { r1 * r2 / (r1 + r2) } else { 0.0 };
    let per_year = match (first, second) {
        (Cause::Rate { per_year: a, .. }, Cause::Rate { per_year: b, .. }) => {
            a * b * (r1 + r2) / HOURS_PER_YEAR
        }
        (Cause::Rate { per_year, repair_h }, demand)
        | (demand, Cause::Rate { per_year, repair_h }) => {
            per_year * demand.on_demand(*repair_h).unwrap_or(0.0)
        }
        (Cause::Demand { .. }, Cause::Demand { .. }) => 0.0,
    };
    Likely { per_year, hours_each }
}
