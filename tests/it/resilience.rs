//! Outages, availability, standby and the ledger on every reference hall.

use crate::support::{close, halls, settled};
use tokenmill::evaluate::power::case::LoadKind;
use tokenmill::evaluate::power::resilience::{LedgerSide, OutageRow};
use tokenmill::evaluate::result::Results;
use tokenmill::format;
use tokenmill::plan::{FailureData, Resilience};

#[test]
fn the_layer_agrees_with_the_load_flow_on_every_hall() {
    for hall in halls() {
        let r = settled(&hall);
        singles_lose_what_the_load_flow_loses(hall.id, &r);
        rows_are_sorted_and_bounded(hall.id, &r);
        for side in [&r.resilience.ledger.ups, &r.resilience.ledger.utility] {
            ledger_closes(hall.id, side);
        }
        let a = &r.resilience.availability;
        let rounding = 1e-12;
        assert!(a.worst <= a.mean + rounding && a.all_up <= a.worst + rounding, "{}", hall.id);
        assert!(a.mean > 0.99 && a.mean < 1.0, "{}: {}", hall.id, a.mean);
        assert!(a.components.iter().all(|c| !c.source.is_empty() && !c.verified), "{}", hall.id);
        panels_hold_every_feed(hall.id, &r);
    }
}

/// Elements that trip on overload are followed here and not there.
fn singles_lose_what_the_load_flow_loses(id: &str, r: &Results) {
    let mut compared = 0;
    for scenario in &r.power.scenarios {
        let same = |o: &&OutageRow| o.name == scenario.name && o.tripped.is_empty();
        let Some(row) = r.resilience.outages.iter().find(same) else { continue };
        compared += 1;
        assert_eq!(row.racks_lost, scenario.racks_lost, "{id}: {}", row.name);
        assert_eq!(row.mechanical_lost, scenario.other_loads_lost, "{id}: {}", row.name);
    }
    assert!(compared > 10, "{id}: {compared}");
}

fn rows_are_sorted_and_bounded(id: &str, r: &Results) {
    let rows = &r.resilience.outages;
    let sorted = rows.windows(2).all(|w| w[0].tokens_lost_per_s >= w[1].tokens_lost_per_s);
    assert!(sorted, "{id}");
    let total = r.kpi.tokens_per_s.map_or(0.0, |b| b.base);
    for row in rows {
        let lost = [row.tokens_lost_per_s, row.tokens_lost_lasting_per_s];
        let bounded = lost.iter().all(|t| *t >= 0.0 && *t <= total * (1.0 + 1e-9));
        assert!(bounded && row.tokens_lost_share <= 1.0 + 1e-9, "{id}: {row:?}");
    }
    assert!(rows.len() >= r.power.elements.len(), "{id}: every component has a row");
}

fn ledger_closes(id: &str, side: &LedgerSide) {
    let sum: f64 = side.entries.iter().map(|e| e.mw).sum();
    assert!(close(sum, side.installed_mw), "{id}: {sum} {side:?}");
    let negative = side.entries.iter().filter(|e| e.mw < -1e-9);
    assert!(negative.count() == 0, "{id}: {side:?}");
}

fn panels_hold_every_feed(id: &str, r: &Results) {
    let feeds: usize = r.power.loads.iter().map(|l| l.feeds.len()).sum();
    let named: usize = r
        .power
        .loads
        .iter()
        .map(|l| {
            let circuits = r.resilience.panels.iter().flat_map(|p| &p.circuits);
            circuits.filter(|c| c.name == l.name).count()
        })
        .sum();
    assert_eq!(named, feeds, "{id}");
    let rack_kw: f64 = r
        .power
        .loads
        .iter()
        .filter(|l| l.kind == LoadKind::Rack)
        .map(|l| {
            let circuits = r.resilience.panels.iter().flat_map(|p| &p.circuits);
            circuits.filter(|c| c.name == l.name).map(|c| c.load_kw).sum::<f64>()
        })
        .sum();
    assert!(close(rack_kw, r.power.totals.rack_w / 1e3), "{id}: {rack_kw}");
}

#[test]
fn more_redundancy_of_one_hall_never_lowers_availability() {
    use tokenmill::plan::Scheme;
    let hall = crate::support::hall("gb200-superpod-su");
    let of = |scheme| {
        let mut plan = hall.plan.clone();
        std::sync::Arc::make_mut(&mut plan.power).scheme = scheme;
        let quality = tokenmill::evaluate::result::Quality::Draft;
        crate::support::evaluate(&plan, &hall.catalog, quality, 2).unwrap().resilience
    };
    let [n, one_more, two_n] = [Scheme::N, Scheme::NPlus1, Scheme::TwoN].map(of);
    let mean = |r: &tokenmill::evaluate::power::resilience::ResilienceResult| r.availability.mean;
    assert!(mean(&n) <= mean(&one_more) && mean(&one_more) <= mean(&two_n));
    assert!(two_n.availability.tokens_lost_per_year < n.availability.tokens_lost_per_year);
}

#[test]
fn statements_on_resilience_survive_a_file_and_defaults_are_not_written() {
    let hall = crate::support::hall("gb200-superpod-su");
    assert!(!hall.text.contains("resilience"));
    let mut plan = hall.plan.clone();
    let power = std::sync::Arc::make_mut(&mut plan.power);
    let pairs = vec![["A".into(), "B".into()]];
    *power.resilience = Resilience { pairs, ..Default::default() };
    power.resilience.swing.period_s = Some(2.5);
    let data = FailureData { failures_per_year: 0.1, repair_h: 4.0 };
    power.resilience.components.insert("ups".into(), data);
    let text = format::to_text(&plan, &hall.embedded).unwrap();
    assert!(format::from_text(&text).unwrap().plan == plan);
    let power = std::sync::Arc::make_mut(&mut plan.power);
    power.resilience.swing.period_s = Some(f64::NAN);
    assert!(!format::limits::problems(&plan).is_empty());
}
