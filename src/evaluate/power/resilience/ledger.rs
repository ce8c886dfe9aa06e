//! Where installed capacity goes: carried, spare, kept for failover, too small for a rack, or held
//! back by the next limit. Each side adds up to what is installed.
//!
//! What is free is counted in racks like the mean one of the hall. A further rack takes its whole
//! design power on each of its paths, since after a failover one of them carries it all; that is
//! exact for 2N and on the safe side for distributed redundancy. Racks are placed route by route,
//! first against the UPS alone, then against more and more of the chain; what each further limit
//! takes away is put down to it: distribution, upstream, contract, cooling, weight, space.

use super::case::ResilienceCase;
use super::reach::Class;
use crate::evaluate::power::case::{Current, Element, ElementKind, LoadKind};
use crate::evaluate::power::result::{ElementResult, PowerResult};
use serde::Serialize;

/// Power factor at which amperes and volt-amperes of the chain become watts: that of the racks.
const POWER_FACTOR: f64 = 0.99;
/// Most racks placed on one route; keeps counts finite where nothing limits.
const MOST_PER_ROUTE: f64 = 1e6;

/// Where installed capacity goes, by the UPS and by the contract.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Ledger {
    /// Nameplate of every UPS or rectifier module.
    pub ups: LedgerSide,
    /// Power contracted with the utility.
    pub utility: LedgerSide,
    /// Design power of the rack that free capacity is counted in, kW.
    pub rack_kw: f64,
    /// Racks of that kind that could still be added.
    pub deployable_racks: u32,
}

/// One side of the ledger: entries add up to `installed_mw`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LedgerSide {
    /// Installed, MW.
    pub installed_mw: f64,
    /// Where it goes, in the order of the reasoning.
    pub entries: Vec<LedgerEntry>,
}

/// One entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LedgerEntry {
    /// What takes it.
    pub cause: &'static str,
    /// How much, MW; below zero where more is drawn than there is.
    pub mw: f64,
    /// Racks that this capacity would carry but for the cause; 0 where it is in use.
    pub racks: u32,
    /// The element that binds, where one does.
    pub element: Option<String>,
    /// Whether nothing uses it and nothing needs it: stranded.
    pub stranded: bool,
}

/// Free capacity of an element under the failover rule, W; `None` where it has no rating.
fn free_w(element: &Element, result: &ElementResult) -> Option<f64> {
    let free = result.capacity * (result.limit_fraction - result.loading_worst);
    let per_ampere = match element.current {
        Current::Ac => 3.0_f64.sqrt() * element.v_nominal_v * POWER_FACTOR,
        Current::Dc => element.v_nominal_v,
    };
    match result.capacity_unit {
        "W" => Some(free),
        "VA" => Some(free * POWER_FACTOR),
        "A" => Some(free * per_ampere),
        _ => None,
    }
}

/// A route of racks through the chain: every element above their feeds in the normal state.
struct Route {
    elements: Vec<usize>,
    ups: usize,
}

/// How many racks were placed, what they take of the UPS in W, and the element that stopped it.
#[derive(Clone, Debug, Default)]
struct Placed {
    racks: u32,
    ups_w: f64,
    element: Option<usize>,
}

const UPS: [ElementKind; 2] = [ElementKind::Ups, ElementKind::Rectifier800];
const DISTRIBUTION: [ElementKind; 6] = [
    ElementKind::Switchboard,
    ElementKind::Pdu,
    ElementKind::Rpp,
    ElementKind::Cable,
    ElementKind::Busway,
    ElementKind::PowerShelf,
];
const UPSTREAM: [ElementKind; 2] = [ElementKind::Transformer, ElementKind::MvFeeder];

/// The ledger of a case.
#[must_use]
pub fn ledger(case: &ResilienceCase, normal: &PowerResult, classes: &[Class]) -> Ledger {
    let rack_w = case.growth.rack_w;
    let routes = routes(case, classes);
    let on_ups = place(case, normal, &routes, &UPS);
    let kinds = [&UPS[..], &DISTRIBUTION[..]].concat();
    let mut chain = vec![on_ups.clone(), place(case, normal, &routes, &kinds)];
    chain.push(place(case, normal, &routes, &[&kinds[..], &UPSTREAM[..]].concat()));
    for i in 1..chain.len() {
        chain[i].racks = chain[i].racks.min(chain[i - 1].racks);
    }
    let outside = Outside::of(case, normal);
    let counts = [
        chain[0].racks,
        chain[1].racks,
        chain[2].racks,
        chain[2].racks.min(outside.contract),
        chain[2].racks.min(outside.contract).min(outside.cooling),
        chain[2].racks.min(outside.contract).min(outside.cooling).min(outside.weight),
        outside.least().min(chain[2].racks),
    ];
    let name = |p: &Placed| p.element.map(|i| case.power.elements[i].name.clone());
    Ledger {
        ups: ups_side(case, normal, &on_ups, counts, [name(&chain[1]), name(&chain[2])]),
        utility: utility_side(case, normal, &outside, chain[2].racks, name(&chain[2]).as_ref()),
        rack_kw: rack_w / 1e3,
        deployable_racks: counts[6],
    }
}

/// Racks that fit outside the chain.
struct Outside {
    contract: u32,
    cooling: u32,
    weight: u32,
    space: u32,
}

impl Outside {
    fn of(case: &ResilienceCase, normal: &PowerResult) -> Self {
        let growth = &case.growth;
        let free_w = case.swing.contract_w - normal.totals.source_w;
        Self {
            contract: whole(free_w, growth.rack_w * growth.pue),
            cooling: whole(growth.cooling_w, growth.rack_w),
            weight: if growth.floor_carries { u32::MAX } else { 0 },
            space: growth.positions,
        }
    }

    fn least(&self) -> u32 {
        self.contract.min(self.cooling).min(self.weight).min(self.space)
    }
}

/// Whole racks in a power.
fn whole(free_w: f64, rack_w: f64) -> u32 {
    if rack_w > 0.0 {
        (free_w / rack_w + 1e-9).floor().clamp(0.0, MOST_PER_ROUTE) as u32
    } else {
        0
    }
}

fn routes(case: &ResilienceCase, classes: &[Class]) -> Vec<Route> {
    let power = &case.power;
    let has_rack = |c: &&Class| c.loads.iter().any(|&i| power.loads[i].kind == LoadKind::Rack);
    classes
        .iter()
        .filter(has_rack)
        .map(|class| {
            let mut elements: Vec<usize> = Vec::new();
            for &feed in &class.feeds {
                let mut at = Some(feed);
                for _ in 0..power.elements.len() {
                    let Some(here) = at else { break };
                    elements.push(here);
                    at = power.elements[here].parent;
                }
            }
            elements.sort_unstable();
            elements.dedup();
            let is_ups = |i: &&usize| UPS.contains(&power.elements[**i].kind);
            Route { ups: elements.iter().filter(is_ups).count(), elements }
        })
        .collect()
}

/// Fills the routes in order with racks, held against elements of these kinds.
fn place(
    case: &ResilienceCase,
    normal: &PowerResult,
    routes: &[Route],
    kinds: &[ElementKind],
) -> Placed {
    let rack_w = case.growth.rack_w;
    let elements = &case.power.elements;
    let mut free: Vec<Option<f64>> = elements
        .iter()
        .zip(&normal.elements)
        .map(|(e, r)| free_w(e, r).filter(|_| kinds.contains(&e.kind)))
        .collect();
    let mut placed = Placed::default();
    let mut tightest = f64::INFINITY;
    for route in routes.iter().filter(|r| r.ups > 0 && rack_w > 0.0) {
        let limits = route.elements.iter().filter_map(|&i| Some((free[i]?, i)));
        let Some((least_w, at)) = limits.min_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
        if least_w < tightest {
            (tightest, placed.element) = (least_w, Some(at));
        }
        let racks = whole(least_w, rack_w);
        for &i in &route.elements {
            if let Some(w) = free[i].as_mut() {
                *w -= f64::from(racks) * rack_w;
            }
        }
        placed.racks += racks;
        placed.ups_w += f64::from(racks) * rack_w * route.ups as f64;
    }
    placed
}

fn entry(cause: &'static str, w: f64) -> LedgerEntry {
    LedgerEntry { cause, mw: w / 1e6, ..LedgerEntry::default() }
}

fn ups_side(
    case: &ResilienceCase,
    normal: &PowerResult,
    on_ups: &Placed,
    counts: [u32; 7],
    binding: [Option<String>; 2],
) -> LedgerSide {
    let mut sums = [0.0; 6]; // installed, carried, spare, failover, free, beyond
    for (e, r) in case.power.elements.iter().zip(&normal.elements) {
        let Some(unit_w) = e.module_rating.p_w.filter(|_| UPS.contains(&e.kind)) else { continue };
        let usable = unit_w * f64::from(e.modules - e.spare_modules);
        let worst = (r.loading_worst * usable).max(r.p_out_w);
        sums[0] += unit_w * f64::from(e.modules);
        sums[1] += r.p_out_w;
        sums[2] += unit_w * f64::from(e.spare_modules);
        sums[3] += worst - r.p_out_w;
        sums[4] += (usable - worst).max(0.0);
        sums[5] += (usable - worst).min(0.0);
    }
    let [installed, carried, spare, failover, free, beyond] = sums;
    let mut entries = vec![
        entry("Carried", carried),
        entry("Spare modules", spare),
        entry("Kept for failover", failover),
    ];
    if beyond < 0.0 {
        entries.push(entry("Drawn beyond the rating in the worst outage", beyond));
    }
    let mut rest = entry("Fragments too small for a rack", free - on_ups.ups_w);
    rest.stranded = true;
    entries.push(rest);
    let per_rack = if on_ups.racks > 0 { on_ups.ups_w / f64::from(on_ups.racks) } else { 0.0 };
    entries.extend(steps(counts, per_rack, binding));
    LedgerSide { installed_mw: installed / 1e6, entries }
}

/// What each further limit takes away, and what is left.
fn steps(counts: [u32; 7], per_rack_w: f64, binding: [Option<String>; 2]) -> Vec<LedgerEntry> {
    const CAUSES: [&str; 6] = [
        "Held back by boards, cables and busways",
        "Held back by transformers and medium voltage",
        "Held back by the contract",
        "Held back by cooling",
        "Held back by floor load",
        "Held back by space",
    ];
    let [distribution, upstream] = binding;
    let mut elements = [distribution, upstream, None, None, None, None];
    let mut list: Vec<LedgerEntry> = CAUSES
        .iter()
        .enumerate()
        .map(|(i, cause)| {
            let racks = counts[i] - counts[i + 1];
            LedgerEntry {
                racks,
                element: elements[i].take().filter(|_| racks > 0),
                stranded: true,
                ..entry(cause, f64::from(racks) * per_rack_w)
            }
        })
        .collect();
    list.push(LedgerEntry {
        racks: counts[6],
        ..entry("Free for more racks", f64::from(counts[6]) * per_rack_w)
    });
    list
}

fn utility_side(
    case: &ResilienceCase,
    normal: &PowerResult,
    outside: &Outside,
    chain: u32,
    binding: Option<&String>,
) -> LedgerSide {
    let (totals, growth) = (&normal.totals, &case.growth);
    let contract_w = case.swing.contract_w;
    let free = contract_w - totals.source_w;
    let mut entries = vec![
        entry("Racks", totals.rack_w),
        entry("Fans, pumps, plant and house", totals.served_w - totals.rack_w),
        entry("Losses of the chain", totals.source_w - totals.served_w),
    ];
    if free < 0.0 {
        entries.push(entry("Drawn beyond the contract", free));
    }
    let per_rack_w = growth.rack_w * growth.pue;
    let fragments = free.max(0.0) - f64::from(outside.contract) * per_rack_w;
    entries
        .push(LedgerEntry { stranded: true, ..entry("Fragments too small for a rack", fragments) });
    let counts = [
        outside.contract,
        outside.contract.min(chain),
        outside.contract.min(chain).min(outside.cooling),
        outside.contract.min(chain).min(outside.cooling).min(outside.weight),
        outside.least().min(chain),
    ];
    let causes = [
        "Held back by the power chain under failover",
        "Held back by cooling",
        "Held back by floor load",
        "Held back by space",
    ];
    for (i, cause) in causes.into_iter().enumerate() {
        let racks = counts[i] - counts[i + 1];
        entries.push(LedgerEntry {
            racks,
            element: binding.filter(|_| i == 0 && racks > 0).cloned(),
            stranded: true,
            ..entry(cause, f64::from(racks) * per_rack_w)
        });
    }
    entries.push(LedgerEntry {
        racks: counts[4],
        ..entry("Free for more racks", f64::from(counts[4]) * per_rack_w)
    });
    LedgerSide { installed_mw: contract_w / 1e6, entries }
}
