//! The layer on small networks: exact enumeration, a simulated history, more paths against fewer,
//! and what bad input does.

use super::components;
use super::cuts::{cuts, likely};
use super::events::{Cause, events};
use super::reach::{Marks, Reach, classes};
use super::*;
use crate::evaluate::power::case::{
    ContinuousLimit, Current, Element, ElementKind, Feed, FeedRule, Load, LoadKind, LossCurve,
    Model, PowerCase, Rating,
};
use crate::numerics::sampling::SplitMix64;
use crate::plan::FailureData;
use crate::units::HOURS_PER_YEAR;

fn element(
    name: &str,
    kind: ElementKind,
    feed: &str,
    parent: Option<usize>,
    model: Model,
) -> Element {
    Element {
        name: name.to_owned(),
        kind,
        feed: feed.to_owned(),
        parent,
        backup: None,
        current: Current::Ac,
        v_nominal_v: 415.0,
        module_rating: Rating { p_w: Some(1e6), ..Rating::default() },
        modules: 1,
        spare_modules: 0,
        limit: ContinuousLimit::default(),
        model,
        nameplate: Default::default(),
    }
}

fn source(name: &str, kind: ElementKind, feed: &str) -> Element {
    element(name, kind, feed, None, Model::Source { v_pu: 1.0 })
}

fn series(name: &str, kind: ElementKind, feed: &str, parent: usize) -> Element {
    let model = Model::Series { r_ohm: 1e-4, x_ohm: 1e-4, shunt_var: 0.0 };
    element(name, kind, feed, Some(parent), model)
}

fn ups(name: &str, feed: &str, parent: usize) -> Element {
    let loss = LossCurve(vec![(0.0, 0.01), (1.0, 0.04)]);
    let model = Model::Converter { v_out_pu: 1.0, input_power_factor: 0.99, loss };
    element(name, ElementKind::Ups, feed, Some(parent), model)
}

fn rack(name: &str, feeds: &[usize]) -> Load {
    Load {
        name: name.to_owned(),
        kind: LoadKind::Rack,
        object: None,
        p_w: 1e5,
        power_factor: 1.0,
        feeds: feeds.iter().map(|&element| Feed { element, share: 1.0, tap: 1.0 }).collect(),
        rule: FeedRule::Share,
    }
}

/// Utility and generator on a board, a UPS and a busway; `paths` times, two racks on all of them.
fn hall(paths: usize) -> ResilienceCase {
    let mut elements = Vec::new();
    let mut ends = Vec::new();
    for feed in ["A", "B"].into_iter().take(paths) {
        let at = elements.len();
        elements.push(source(&format!("UT-{feed}"), ElementKind::Utility, feed));
        elements.push(source(&format!("GEN-{feed}"), ElementKind::Generator, feed));
        let mut board = series(&format!("LVB-{feed}"), ElementKind::Switchboard, feed, at);
        board.backup = Some(at + 1);
        elements.push(board);
        elements.push(ups(&format!("UPS-{feed}"), feed, at + 2));
        elements.push(series(&format!("BW-{feed}"), ElementKind::Busway, feed, at + 3));
        ends.push(at + 4);
    }
    let power = PowerCase {
        name: "test".into(),
        elements,
        loads: vec![rack("R1", &ends), rack("R2", &ends)],
        every_single_outage: true,
        ..PowerCase::default()
    };
    let tokens = TokenGroup {
        racks: vec![(0, 8), (1, 8)],
        replica_gpus: 8,
        replicas: 2,
        tokens_per_s: 100.0,
        lock_step: false,
    };
    let length_m = vec![10.0; power.elements.len()];
    ResilienceCase { power, length_m, tokens: vec![tokens], pairs: true, ..Default::default() }
}

fn answer(case: &ResilienceCase) -> ResilienceResult {
    let never = CancelToken::never();
    let normal = crate::evaluate::power::solve(&case.power, &never).unwrap();
    solve(case, &normal, &never).unwrap()
}

/// Every element fails by itself, nothing in common: what can be enumerated.
fn independent(case: &ResilienceCase, per_year: f64) -> (Vec<events::Event>, f64) {
    let never = CancelToken::never();
    let normal = crate::evaluate::power::solve(&case.power, &never).unwrap();
    let data = components::table(&Default::default());
    let mut list = events(case, &normal, &data, &[]);
    list.retain(|e| !e.common);
    for e in &mut list {
        e.cause = Cause::Rate { per_year, repair_h: 10.0 };
    }
    let unavailable = per_year * 10.0 / HOURS_PER_YEAR;
    (list, unavailable)
}

#[test]
fn cuts_agree_with_the_enumeration_of_every_state() {
    for paths in [1, 2] {
        let case = hall(paths);
        let (list, u) = independent(&case, 0.5);
        let (reach, classes) = (Reach::new(&case.power), classes(&case.power));
        let n = case.power.elements.len();
        let found = cuts(&reach, &classes, &list, n);
        let by_cuts: f64 = found.keys().map(|c| likely(*c, &list).hours_per_year()).sum();
        let mut exact = 0.0;
        let mut marks = Marks::default();
        for state in 0..1_u32 << n {
            let out: Vec<bool> = (0..n).map(|i| state >> i & 1 == 1).collect();
            if !reach.served(&classes[0].feeds, &out, &mut marks) {
                exact += out.iter().map(|o| if *o { u } else { 1.0 - u }).product::<f64>();
            }
        }
        let exact = exact * HOURS_PER_YEAR;
        assert!((by_cuts / exact - 1.0).abs() < 0.01, "{paths}: {by_cuts} {exact}");
    }
}

#[test]
fn a_simulated_history_has_the_same_outage() {
    let case = hall(2);
    let (list, _) = independent(&case, 20.0);
    let (reach, classes) = (Reach::new(&case.power), classes(&case.power));
    let n = case.power.elements.len();
    let found = cuts(&reach, &classes, &list, n);
    let by_cuts: f64 = found.keys().map(|c| likely(*c, &list).hours_per_year()).sum();
    let (mut random, mut marks) = (SplitMix64::new(7), Marks::default());
    let mut wait = |mean: f64| {
        let unit = (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        -mean * (1.0 - unit).ln()
    };
    let (up_h, repair_h) = (HOURS_PER_YEAR / 20.0, 10.0);
    let mut next: Vec<f64> = (0..n).map(|_| wait(up_h)).collect();
    let (mut out, mut now, mut dark_h) = (vec![false; n], 0.0, 0.0);
    const YEARS: f64 = 4000.0;
    while now < YEARS * HOURS_PER_YEAR {
        let dark = !reach.served(&classes[0].feeds, &out, &mut marks);
        let first = (0..n).min_by(|a, b| next[*a].total_cmp(&next[*b])).unwrap();
        dark_h += if dark { next[first] - now } else { 0.0 };
        now = next[first];
        out[first] = !out[first];
        next[first] = now + wait(if out[first] { repair_h } else { up_h });
    }
    let simulated = dark_h / YEARS;
    // Rare events are added up, so the cuts lie a few per cent above.
    assert!((by_cuts / simulated - 1.0).abs() < 0.1, "{by_cuts} {simulated}");
}

#[test]
fn a_second_path_never_lowers_availability_and_prices_single_outages_at_nothing() {
    let (one, two) = (answer(&hall(1)), answer(&hall(2)));
    assert!(two.availability.worst > one.availability.worst);
    assert!(two.availability.tokens_lost_per_year < one.availability.tokens_lost_per_year);
    let single = |r: &ResilienceResult| {
        let of_one = r.outages.iter().filter(|o| o.elements.len() == 1);
        of_one.map(|o| o.tokens_lost_per_s).fold(0.0, f64::max)
    };
    assert_eq!((single(&one), single(&two)), (100.0, 0.0));
    let both = two.outages.iter().find(|o| o.name == "UPS-A + UPS-B out").unwrap();
    assert_eq!((both.racks_lost, both.tokens_lost_share), (2, 1.0));
    assert_eq!(two.outages[0].tokens_lost_share, 1.0, "largest loss first");
}

#[test]
fn classes_of_components_add_up_to_the_outage_of_the_mean_rack() {
    let r = answer(&hall(1)).availability;
    let sum: f64 = r.by_class.iter().map(|(_, h)| h).sum();
    assert!((sum / r.hours_per_year - 1.0).abs() < 1e-12);
    // Board, UPS and 10 m of busway alone; the utility only with the generator.
    let alone = 0.011_34 * 6.18 + 0.058_4 * 8.0 + 0.0041 * 12.9;
    let line = &r.racks[0];
    assert!((line.single_hours_per_year - alone).abs() < 1e-9, "{}", line.single_hours_per_year);
    assert!(line.hours_per_year > line.single_hours_per_year);
}

#[test]
fn an_overload_past_the_trip_limit_darkens_what_hangs_on_it() {
    let mut case = hall(2);
    for e in case.power.elements.iter_mut().filter(|e| e.kind == ElementKind::Ups) {
        e.module_rating.p_w = Some(1.5e5); // 200 kW after a failover: 133 %.
    }
    let r = answer(&case);
    let lost = r.outages.iter().find(|o| o.name == "UPS-A out").unwrap();
    assert_eq!((lost.tripped.as_slice(), lost.racks_lost), (["UPS-B".to_owned()].as_slice(), 2));
    assert!(r.availability.racks[0].single_hours_per_year > 0.5);
}

#[test]
fn stated_failure_data_are_used_and_bad_ones_are_not() {
    let mut case = hall(1);
    let mut state = |name: &str, failures_per_year| {
        let data = FailureData { failures_per_year, repair_h: 8.0 };
        case.settings.components.insert(name.into(), data);
    };
    state("ups", 1.0);
    state("busway", f64::NAN);
    state("flux_capacitor", 1.0);
    let r = answer(&case).availability;
    let of = |kind| r.components.iter().find(|c| c.kind == kind).unwrap();
    assert!(of(ElementKind::Ups).verified && of(ElementKind::Ups).failures_per_year == 1.0);
    assert!(of(ElementKind::Busway).failures_per_year == 0.000_41);
    assert_eq!(components::unusable(&case.settings.components).len(), 2);
}

#[test]
fn an_empty_network_has_an_answer() {
    let r = answer(&ResilienceCase { pairs: true, ..Default::default() });
    assert!(r.outages.is_empty() && r.availability.mean == 1.0);
}

#[test]
fn a_newer_evaluation_stops_the_search() {
    let case = hall(2);
    let normal = crate::evaluate::power::solve(&case.power, &CancelToken::never()).unwrap();
    let newest = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(2));
    let stale = CancelToken::new(newest, 1);
    assert!(matches!(solve(&case, &normal, &stale), Err(PowerError::Cancelled(_))));
}

#[test]
fn batteries_last_by_their_energy_and_generators_take_what_hangs_on_them() {
    let mut case = hall(2);
    case.standby.battery_min = Some(5.0);
    case.standby.ageing = 0.8;
    let r = answer(&case).standby;
    let ups = &r.ups[0];
    // 1 MW · 5 min · 0.8 over 100 kW, and over 200 kW with the other side lost; losses of the
    // busway come on top.
    assert!((ups.autonomy_min.unwrap() / 40.0 - 1.0).abs() < 0.01, "{ups:?}");
    assert!((ups.failover_autonomy_min.unwrap() / 20.0 - 1.0).abs() < 0.01, "{ups:?}");
    let load: f64 = r.generators.iter().map(|g| g.load_kw).sum();
    assert!(load > 200.0 && load < 250.0, "{load}");
    assert!(r.generators.iter().all(|g| g.needed == 1 && g.step_kw < 1.0), "UPS walk in");
    case.settings.standby.walk_in = Some(false);
    let hard = answer(&case).standby;
    assert!((hard.generators[0].step_kw - hard.generators[0].load_kw).abs() < 1e-9);
}

#[test]
fn the_ledger_adds_up_and_names_what_stops_the_next_rack() {
    let mut case = hall(2);
    case.growth =
        GrowthFacts { rack_w: 50e3, positions: 3, cooling_w: 320e3, floor_carries: true, pue: 1.2 };
    case.swing.contract_w = 1e6;
    let ledger = answer(&case).ledger;
    for side in [&ledger.ups, &ledger.utility] {
        let sum: f64 = side.entries.iter().map(|e| e.mw).sum();
        assert!((sum - side.installed_mw).abs() < 1e-12, "{side:?}");
    }
    let racks = |side: &LedgerSide, cause: &str| {
        side.entries.iter().find(|e| e.cause == cause).map_or(0, |e| e.racks)
    };
    // 15 on the chain (800 kW of each side, less losses), 12 by the contract, 6 by cooling.
    assert_eq!(racks(&ledger.ups, "Held back by the contract"), 3);
    assert_eq!(racks(&ledger.ups, "Held back by cooling"), 6);
    assert_eq!(racks(&ledger.ups, "Held back by space"), 3);
    assert_eq!((ledger.deployable_racks, racks(&ledger.utility, "Free for more racks")), (3, 3));
    case.growth.floor_carries = false;
    assert_eq!(answer(&case).ledger.deployable_racks, 0);
}

#[test]
fn panels_carry_what_their_circuits_draw() {
    let r = answer(&hall(2));
    let busway = r.panels.iter().find(|p| p.name == "BW-A").unwrap();
    assert_eq!((busway.circuits.len(), busway.supply.as_deref()), (2, Some("UPS-A")));
    let drawn: f64 = busway.circuits.iter().map(|c| c.load_kw).sum();
    assert!((drawn - busway.load_kw).abs() < 0.01 * drawn, "{drawn} {}", busway.load_kw);
    assert!(busway.circuits.iter().all(|c| c.worst_amps.unwrap() > 1.9 * c.amps));
    let board = r.panels.iter().find(|p| p.name == "LVB-A").unwrap();
    assert_eq!(board.alternate.as_deref(), Some("GEN-A"));
}
