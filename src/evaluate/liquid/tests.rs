//! The liquid stage as a whole: conservation, known answers, findings, bad input.

use super::fixture::{case, celsius, l_min, rack};
use super::*;
use crate::evaluate::finding::Severity;
use proptest::prelude::*;

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

fn rules(r: &LiquidResult) -> Vec<&'static str> {
    r.findings.iter().map(|f| f.rule).collect()
}

/// Heat in, heat out and mixing, from temperatures and flows rather than from the solver's sums.
fn assert_conserves(c: &LiquidCase, r: &LiquidResult) {
    for (l, out) in c.loops.iter().zip(&r.loops) {
        let s = out.normal;
        assert!(close(s.facility_heat_w, s.rack_heat_w + s.pump_w));
        let flow: f64 = out.racks.iter().map(|r| r.flow_m3_s).sum();
        let mixed: f64 = out.racks.iter().map(|r| r.flow_m3_s * r.outlet_k).sum();
        assert!(close(flow, s.flow_m3_s));
        if flow > 0.0 {
            assert!(close(mixed / flow, s.return_k), "{} {}", mixed / flow, s.return_k);
            let fws = Properties::of(l.facility.coolant, l.facility.supply_k).volumetric_heat();
            let carried = fws * s.facility_flow_m3_s * (s.facility_return_k - s.facility_supply_k);
            assert!((carried / s.facility_heat_w - 1.0).abs() < 1e-9);
            // The exchanger itself: effectiveness times the largest possible heat.
            let tcs = s.rack_heat_w / (s.return_k - s.supply_k);
            let hot_in = s.return_k + s.pump_w / tcs;
            let least = tcs.min(fws * s.facility_flow_m3_s);
            let moved = s.effectiveness * least * (hot_in - s.facility_supply_k);
            assert!((moved / s.facility_heat_w - 1.0).abs() < 1e-6, "{moved}");
        }
    }
    assert!(close(r.facility_heat_w, r.rack_heat_w + r.pump_w));
}

#[test]
fn eight_racks_hold_their_set_point_and_conserve_heat() {
    let c = case();
    let r = solve(&c).unwrap();
    assert_conserves(&c, &r);
    let s = r.loops[0].normal;
    assert!(s.set_point_held && close(s.supply_k, celsius(40.0)));
    assert!(close(s.flow_m3_s, 8.0 * l_min(119.0)));
    assert!((s.cdu_loading - 8.0 * 121.5 / (2.0 * 1368.0)).abs() < 0.01);
    // Published 119 L/min for 121.5 kW is a rise of 15.2 K in PG25.
    assert!((s.return_k - s.supply_k - 15.2).abs() < 0.2, "{}", s.return_k - s.supply_k);
    assert_eq!(rules(&r), Vec::<&str>::new());
}

#[test]
fn facility_water_is_throttled_to_what_the_set_point_needs() {
    let mut c = case();
    let warm = solve(&c).unwrap().facility_flow_m3_s;
    c.loops[0].facility.supply_k = celsius(25.0);
    let cold = solve(&c).unwrap().facility_flow_m3_s;
    assert!(cold < warm && warm < 2.0 * l_min(1200.0));
}

#[test]
fn the_needed_facility_temperature_just_holds_the_set_point() {
    let mut c = case();
    c.loops[0].racks = (1..=14).map(rack).collect();
    let needed = solve(&c).unwrap().loops[0].normal.facility_supply_needed_k;
    c.loops[0].facility.supply_k = needed;
    let s = solve(&c).unwrap().loops[0].normal;
    assert!(s.set_point_held);
    assert!((s.facility_flow_m3_s / (2.0 * l_min(1200.0)) - 1.0).abs() < 0.01);
    c.loops[0].facility.supply_k = needed + 0.5;
    assert!(!solve(&c).unwrap().loops[0].normal.set_point_held);
}

#[test]
fn warm_facility_water_lets_the_supply_float_and_racks_ask_for_more_flow() {
    let mut c = case();
    c.loops[0].racks = (1..=14).map(rack).collect();
    c.loops[0].facility.supply_k = celsius(39.5);
    let r = solve(&c).unwrap();
    assert_conserves(&c, &r);
    let s = r.loops[0].normal;
    assert!(!s.set_point_held && s.supply_k > celsius(40.0));
    assert!(s.flow_required_m3_s > 14.0 * l_min(119.0));
    assert!(rules(&r).contains(&"liquid.set-point-missed"));
}

#[test]
fn facility_water_above_the_set_point_and_a_rack_limit_are_errors() {
    let mut c = case();
    c.loops[0].facility.supply_k = celsius(45.5);
    let r = solve(&c).unwrap();
    assert!(rules(&r).contains(&"liquid.approach-impossible"));
    assert!(rules(&r).contains(&"liquid.supply-above-rack-limit"));
    assert!(r.loops[0].racks[0].supply_margin_k.unwrap() < 0.0);
}

#[test]
fn too_many_racks_overload_first_with_one_cdu_out_then_normally() {
    let mut c = case();
    c.loops[0].racks = (1..=14).map(rack).collect();
    let r = solve(&c).unwrap();
    let found = r.findings.iter().find(|f| f.rule == "liquid.cdu-overloaded-one-cdu-out").unwrap();
    assert_eq!(found.severity, Severity::Error);
    assert!(!rules(&r).contains(&"liquid.cdu-overloaded"));
    c.loops[0].cdus.spare = 0;
    let r = solve(&c).unwrap();
    assert!(r.findings.iter().all(|f| f.severity < Severity::Error));
    c.loops[0].racks = (1..=24).map(rack).collect();
    let r = solve(&c).unwrap();
    assert!(rules(&r).contains(&"liquid.cdu-overloaded"));
    assert!(rules(&r).contains(&"liquid.flow-short"));
    assert!(!rules(&r).contains(&"liquid.cdu-overloaded-one-cdu-out"));
    assert_conserves(&c, &r);
}

#[test]
fn a_drop_above_the_pump_head_shortens_the_flow() {
    let mut c = case();
    c.loops[0].distribution_drop_pa = 3e5;
    let r = solve(&c).unwrap();
    let s = r.loops[0].normal;
    assert!(rules(&r).contains(&"liquid.flow-short"));
    assert!((s.drop_pa.unwrap() - c.loops[0].cdus.rated.head_pa).abs() < 1.0);
    assert_conserves(&c, &r);
}

#[test]
fn an_outlet_limit_is_reported_at_the_hottest_rack() {
    let mut c = case();
    c.loops[0].racks[3].max_outlet_k = Some(celsius(50.0));
    let r = solve(&c).unwrap();
    assert_eq!(rules(&r), ["liquid.outlet-above-limit"]);
    assert!(r.findings[0].message.contains("1 racks"));
}

#[test]
fn a_lone_cdu_is_named_and_a_loop_without_heat_is_at_rest() {
    let mut c = case();
    c.loops[0].cdus = CduGroup { count: 1, spare: 0, ..c.loops[0].cdus.clone() };
    let r = solve(&c).unwrap();
    assert!(rules(&r).contains(&"liquid.single-cdu") && r.loops[0].one_cdu_out.is_none());
    c.loops[0].racks.clear();
    let r = solve(&c).unwrap();
    assert_eq!(r.facility_heat_w, 0.0);
    assert_eq!(r.facility_return_k, None);
    assert_eq!(rules(&r), Vec::<&str>::new());
}

#[test]
fn bad_input_is_refused_by_name() {
    let refused = |change: fn(&mut TcsLoop)| {
        let mut c = case();
        change(&mut c.loops[0]);
        solve(&c).unwrap_err().to_string()
    };
    assert!(refused(|l| l.supply_set_k = f64::NAN).contains("TCS-1: supply_set_k is NaN"));
    assert!(refused(|l| l.racks[2].heat_w = -1.0).contains("rack 3: heat_w is -1"));
    assert!(refused(|l| l.cdus.spare = 2).contains("below count"));
    assert!(refused(|l| l.racks[0].drop_curve.reverse()).contains("ascending"));
    assert!(refused(|l| l.cdus.rated.fws_flow_m3_s = 1e-5).contains("no heat exchanger"));
}

#[test]
fn cases_survive_a_round_trip_through_text() {
    let c = case();
    let text = ron::to_string(&c).unwrap();
    assert_eq!(ron::from_str::<LiquidCase>(&text).unwrap(), c);
}

/// Prints the best time of a solve; asserts nothing about it.
#[test]
fn time_of_a_solve() {
    let one = case().loops.remove(0);
    let c = LiquidCase { loops: (0..25).map(|_| one.clone()).collect() };
    let one = |_| {
        let start = std::time::Instant::now();
        std::hint::black_box(solve(std::hint::black_box(&c)).unwrap());
        start.elapsed().as_micros()
    };
    println!("liquid, 200 racks: {} us", (0..100).map(one).min().unwrap());
}

proptest! {
    #[test]
    fn any_finite_case_conserves_heat_and_stays_finite(
        heat in 0.0..400_000.0f64,
        set in 15.0..55.0f64,
        fws in 5.0..60.0f64,
        count in 1..6u32,
        drop in 0.0..4e5f64,
    ) {
        let mut c = case();
        let l = &mut c.loops[0];
        l.racks.iter_mut().enumerate().for_each(|(i, r)| r.heat_w = heat * (1.0 + 0.1 * i as f64));
        l.supply_set_k = celsius(set);
        l.facility.supply_k = celsius(fws);
        l.cdus.count = count;
        l.cdus.spare = 0;
        l.distribution_drop_pa = drop;
        let r = solve(&c).unwrap();
        assert_conserves(&c, &r);
        prop_assert!(!serde_json::to_string(&r.loops).unwrap().contains("null,\"racks"));
        for rack in &r.loops[0].racks {
            prop_assert!(rack.outlet_k.is_finite() && rack.flow_m3_s.is_finite());
        }
    }

    #[test]
    fn the_order_of_racks_does_not_matter(shift in 1..7usize) {
        let mut c = case();
        c.loops[0].racks[1].heat_w = 90_000.0;
        let a = solve(&c).unwrap().loops[0].normal;
        c.loops[0].racks.rotate_left(shift);
        let b = solve(&c).unwrap().loops[0].normal;
        prop_assert!(close(a.flow_m3_s, b.flow_m3_s) && close(a.return_k, b.return_k));
    }
}
