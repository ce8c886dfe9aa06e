//! Balance of the three phases along busways and panels.
//!
//! The catalogue does not say how racks are connected. A rack that draws no more than one
//! single-phase feed carries is taken to have one (assumption); anything larger has three-phase
//! feeds with its supplies spread evenly. Single-phase racks take the phases A, B, C in turn along
//! the run, the same phase on each of their feeds.

use crate::evaluate::power::case::{Current, ElementKind, LoadKind, PowerCase};
use crate::evaluate::power::result::LoadResult;
use serde::Serialize;
use std::collections::BTreeMap;

/// Most power of a rack with single-phase feeds, W: 32 A at 230 V (assumption).
pub const MOST_SINGLE_PHASE_W: f64 = 7_360.0;

/// Phases that a load is connected to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Phases {
    /// All three, evenly; direct current counts here too.
    #[default]
    Abc,
    /// Phase A to neutral.
    A,
    /// Phase B to neutral.
    B,
    /// Phase C to neutral.
    C,
}

impl Phases {
    /// In the order in which they are given away.
    const SINGLE: [Self; 3] = [Self::A, Self::B, Self::C];

    /// The letters on a panel schedule.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Abc => "ABC",
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

/// Currents of one busway or panel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunBalance {
    /// Index of the element.
    pub element: usize,
    /// Its name.
    pub name: String,
    /// Current of phases A, B, C at its head, all parallel runs, normal state, A.
    pub amps: [f64; 3],
    /// Largest difference of a phase from the mean of the three, % of the mean.
    pub unbalance_percent: f64,
}

/// Who hangs on which phase.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PhaseBalance {
    /// Per load, in the order of the case.
    pub phase_of_load: Vec<Phases>,
    /// Per AC busway, PDU and panel that feeds loads, in the order of the case.
    pub runs: Vec<RunBalance>,
}

pub(super) fn balance(case: &PowerCase, loads: &[LoadResult]) -> PhaseBalance {
    let phase_of_load = phases(case);
    let mut amps: BTreeMap<usize, [f64; 3]> = BTreeMap::new();
    for ((asked, solved), phase) in case.loads.iter().zip(loads).zip(&phase_of_load) {
        for (feed, current) in asked.feeds.iter().zip(&solved.feeds) {
            let sum = amps.entry(feed.element).or_default();
            match Phases::SINGLE.iter().position(|p| p == phase) {
                // The same power over one phase to neutral takes three times the line current.
                Some(k) => sum[k] += 3.0 * current.i_a,
                None => sum.iter_mut().for_each(|a| *a += current.i_a),
            }
        }
    }
    let runs = amps.into_iter().filter(|(i, _)| is_run(case, *i)).map(|(element, amps)| {
        let name = case.elements[element].name.clone();
        RunBalance { element, name, amps, unbalance_percent: unbalance_percent(amps) }
    });
    PhaseBalance { phase_of_load, runs: runs.collect() }
}

fn is_run(case: &PowerCase, element: usize) -> bool {
    let e = &case.elements[element];
    let kind = matches!(e.kind, ElementKind::Busway | ElementKind::Pdu | ElementKind::Rpp);
    kind && e.current == Current::Ac
}

/// Single-phase racks by their first run, in the order of their taps.
fn phases(case: &PowerCase) -> Vec<Phases> {
    let mut along: BTreeMap<usize, Vec<(f64, usize)>> = BTreeMap::new();
    for (i, load) in case.loads.iter().enumerate() {
        let small = load.kind == LoadKind::Rack && load.p_w <= MOST_SINGLE_PHASE_W;
        if let Some(feed) = load.feeds.first().filter(|f| small && is_run(case, f.element)) {
            along.entry(feed.element).or_default().push((feed.tap, i));
        }
    }
    let mut phases = vec![Phases::Abc; case.loads.len()];
    for run in along.values_mut() {
        run.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for ((_, load), phase) in run.iter().zip(Phases::SINGLE.into_iter().cycle()) {
            phases[*load] = phase;
        }
    }
    phases
}

fn unbalance_percent(amps: [f64; 3]) -> f64 {
    let mean = amps.iter().sum::<f64>() / 3.0;
    let worst = amps.iter().map(|a| (a - mean).abs()).fold(0.0, f64::max);
    if mean > 0.0 { 100.0 * worst / mean } else { 0.0 }
}
