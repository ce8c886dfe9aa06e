//! How much of the time racks have power, from the minimal cut sets.

use super::case::ResilienceCase;
use super::components::Component;
use super::cuts::{Cut, Likely, cuts, likely};
use super::events::Event;
use super::reach::{Class, Reach};
use super::result::{AvailabilityResult, CutSet, RackAvailability};
use super::tokens;
use crate::evaluate::power::case::{ElementKind, LoadKind};
use crate::units::{HOURS_PER_YEAR, SECONDS_PER_HOUR};
use std::collections::BTreeMap;

/// Cut sets kept for the table.
const CUTS_LISTED: usize = 60;

/// Sums over the cuts of one class.
#[derive(Clone, Copy, Default)]
struct Sum {
    per_year: f64,
    hours: f64,
    single_hours: f64,
}

/// Availability of every rack and of the hall.
#[must_use]
pub fn availability(
    case: &ResilienceCase,
    reach: &Reach,
    classes: &[Class],
    events: &[Event],
    components: Vec<Component>,
) -> AvailabilityResult {
    let found: Vec<(Cut, Vec<usize>, Likely)> =
        cuts(reach, classes, events, case.power.elements.len())
            .into_iter()
            .map(|(cut, dark)| (cut, dark, likely(cut, events)))
            .collect();
    let racks_of = racks_by_class(case, classes);
    let mut of_class = vec![Sum::default(); classes.len()];
    let mut by_kind: BTreeMap<ElementKind, f64> = BTreeMap::new();
    let rack_count: usize = racks_of.iter().sum();
    let mut all_hours = 0.0;
    for (cut, dark, how) in &found {
        let racks: usize = dark.iter().map(|&c| racks_of[c]).sum();
        let hours = how.hours_per_year();
        if racks > 0 {
            all_hours += hours;
        }
        for &c in dark {
            of_class[c].per_year += how.per_year;
            of_class[c].hours += hours;
            of_class[c].single_hours += if cut.1.is_none() { hours } else { 0.0 };
        }
        let each = hours * racks as f64 / rack_count.max(1) as f64;
        let of: Vec<usize> = std::iter::once(cut.0).chain(cut.1).collect();
        for &e in &of {
            *by_kind.entry(events[e].kind).or_insert(0.0) += each / of.len() as f64;
        }
    }
    let racks = rack_lines(case, classes, &of_class);
    let lost = tokens_lost_per_year(case, classes, &found);
    let year = tokens::total(case) * SECONDS_PER_HOUR * HOURS_PER_YEAR;
    let mut by_class: Vec<(ElementKind, f64)> =
        by_kind.into_iter().filter(|(_, h)| *h > 0.0).collect();
    by_class.sort_by(|a, b| b.1.total_cmp(&a.1));
    AvailabilityResult {
        mean: mean(racks.iter().map(|r| r.availability)).unwrap_or(1.0),
        worst: racks.iter().map(|r| r.availability).fold(1.0, f64::min),
        all_up: up(all_hours),
        hours_per_year: mean(racks.iter().map(|r| r.hours_per_year)).unwrap_or(0.0),
        mechanical_hours_per_year: mechanical_hours(case, classes, &of_class),
        tokens_lost_per_year: lost,
        token_availability: if year > 0.0 { (1.0 - lost / year).clamp(0.0, 1.0) } else { 1.0 },
        cut_count: found.len(),
        cuts: listed(&found, &racks_of, events),
        by_class,
        components,
        racks,
    }
}

/// Share of the time without an outage of so many hours a year.
fn up(hours_per_year: f64) -> f64 {
    (1.0 - hours_per_year / HOURS_PER_YEAR).clamp(0.0, 1.0)
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0_usize, 0.0), |(n, s), v| (n + 1, s + v));
    (count > 0).then(|| sum / count as f64)
}

fn racks_by_class(case: &ResilienceCase, classes: &[Class]) -> Vec<usize> {
    let is_rack = |i: &&usize| case.power.loads[**i].kind == LoadKind::Rack;
    classes.iter().map(|c| c.loads.iter().filter(is_rack).count()).collect()
}

fn rack_lines(case: &ResilienceCase, classes: &[Class], sums: &[Sum]) -> Vec<RackAvailability> {
    let mut of_load: Vec<Option<Sum>> = vec![None; case.power.loads.len()];
    for (class, sum) in classes.iter().zip(sums) {
        for &i in &class.loads {
            of_load[i] = Some(*sum);
        }
    }
    let racks = case.power.loads.iter().zip(of_load).filter(|(l, _)| l.kind == LoadKind::Rack);
    racks
        .filter_map(|(load, sum)| {
            let sum = sum?;
            Some(RackAvailability {
                object: load.object,
                name: load.name.clone(),
                availability: up(sum.hours),
                outages_per_year: sum.per_year,
                hours_per_year: sum.hours,
                single_hours_per_year: sum.single_hours,
            })
        })
        .collect()
}

fn mechanical_hours(case: &ResilienceCase, classes: &[Class], sums: &[Sum]) -> f64 {
    let hours = classes.iter().zip(sums).flat_map(|(class, sum)| {
        let mechanical =
            class.loads.iter().filter(|&&i| case.power.loads[i].kind != LoadKind::Rack);
        mechanical.map(|_| sum.hours)
    });
    mean(hours).unwrap_or(0.0)
}

fn listed(
    found: &[(Cut, Vec<usize>, Likely)],
    racks_of: &[usize],
    events: &[Event],
) -> Vec<CutSet> {
    let mut list: Vec<CutSet> = found
        .iter()
        .map(|(cut, dark, how)| {
            let of = || std::iter::once(cut.0).chain(cut.1).map(|e| &events[e]);
            let racks: usize = dark.iter().map(|&c| racks_of[c]).sum();
            CutSet {
                events: of().map(|e| e.name.clone()).collect(),
                common_cause: of().any(|e| e.common),
                per_year: how.per_year,
                hours_each: how.hours_each,
                hours_per_year: how.hours_per_year(),
                racks,
                rack_hours_per_year: how.hours_per_year() * racks as f64,
            }
        })
        .filter(|c| c.racks > 0 && c.per_year > 0.0)
        .collect();
    list.sort_by(|a, b| {
        b.rack_hours_per_year
            .total_cmp(&a.rack_hours_per_year)
            .then_with(|| a.events.cmp(&b.events))
    });
    list.truncate(CUTS_LISTED);
    list
}

/// Expected loss: single events, and what pairs cost beyond the two alone.
fn tokens_lost_per_year(
    case: &ResilienceCase,
    classes: &[Class],
    found: &[(Cut, Vec<usize>, Likely)],
) -> f64 {
    let mut of_single: BTreeMap<usize, &[usize]> = BTreeMap::new();
    for (cut, dark, _) in found.iter().filter(|f| f.0.1.is_none()) {
        of_single.insert(cut.0, dark);
    }
    let price = |dark: &[usize], also: [&[usize]; 2]| {
        let mut dead = vec![false; case.power.loads.len()];
        for &c in dark.iter().chain(also[0]).chain(also[1]) {
            classes[c].loads.iter().for_each(|&i| dead[i] = true);
        }
        tokens::lost(case, &dead)
    };
    let mut sum = 0.0;
    for (cut, dark, how) in found {
        let alone = |e: usize| of_single.get(&e).copied().unwrap_or(&[]);
        let (mut at_once, mut lasting);
        match cut.1 {
            None => {
                let lost = price(dark, [&[], &[]]);
                (at_once, lasting) = (lost.at_once, lost.lasting);
            }
            Some(second) => {
                let (a, b) = (alone(cut.0), alone(second));
                let lost = price(dark, [a, b]);
                (at_once, lasting) = (lost.at_once, lost.lasting);
                for part in [price(a, [&[], &[]]), price(b, [&[], &[]])] {
                    at_once -= part.at_once;
                    lasting -= part.lasting;
                }
            }
        }
        let hours = at_once.max(0.0) * case.restart_h + lasting * how.hours_each;
        sum += how.per_year * hours * SECONDS_PER_HOUR;
    }
    sum.max(0.0)
}
