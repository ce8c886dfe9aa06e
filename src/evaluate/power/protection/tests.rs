//! The layer on a hand-drawn chain: utility, transformer, board, UPS, feeder, busway, rack.

use super::*;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::power::case::{
    ContinuousLimit, Feed, FeedRule, Load, LoadKind, LossCurve, Nameplate, Rating,
};
use crate::evaluate::power::solve;

fn element(name: &str, kind: ElementKind, parent: Option<usize>, model: Model) -> Element {
    Element {
        name: name.to_owned(),
        kind,
        feed: "A".to_owned(),
        parent,
        backup: None,
        current: Current::Ac,
        v_nominal_v: 415.0,
        module_rating: Rating::default(),
        modules: 1,
        spare_modules: 0,
        limit: ContinuousLimit::nec_continuous(),
        model,
        nameplate: Nameplate::default(),
    }
}

fn series(name: &str, kind: ElementKind, parent: usize, z: (f64, f64), rated_a: f64) -> Element {
    let model = Model::Series { r_ohm: z.0, x_ohm: z.1, shunt_var: 0.0 };
    let mut e = element(name, kind, Some(parent), model);
    e.module_rating.i_a = Some(rated_a);
    e
}

/// Index of the busway.
const BUSWAY: usize = 6;

fn chain() -> PowerCase {
    let source = Model::Source { v_pu: 1.0 };
    let mut utility = element("UT", ElementKind::Utility, None, source.clone());
    utility.v_nominal_v = 13_800.0;
    utility.nameplate.fault_va = Some(500e6);
    let mut generator = element("GEN", ElementKind::Generator, None, source);
    generator.module_rating.s_va = Some(3e6);
    generator.nameplate.subtransient_pu = Some(0.15);
    let transformer = Model::Transformer {
        base_va: 2.5e6,
        r_pu: 0.007,
        x_pu: 0.057,
        no_load_w: 3e3,
        magnetising_var: 0.0,
        tap_percent: 0.0,
    };
    let mut board = series("LVB", ElementKind::Switchboard, 2, (8e-5, 1.2e-4), 4000.0);
    board.backup = Some(1);
    let loss = LossCurve(vec![(0.0, 0.006), (1.0, 0.035)]);
    let ups = Model::Converter { v_out_pu: 1.0, input_power_factor: 0.99, loss };
    let mut ups = element("UPS", ElementKind::Ups, Some(3), ups);
    ups.module_rating.p_w = Some(2e6);
    let mut feeder = series("FD", ElementKind::Cable, 4, (6e-4, 7.5e-4), 1000.0);
    feeder.nameplate.length_m = Some(30.0);
    let busway = series("BW", ElementKind::Busway, 5, (3e-4, 2e-4), 1000.0);
    let elements = vec![
        utility,
        generator,
        element("TX", ElementKind::Transformer, Some(0), transformer),
        board,
        ups,
        feeder,
        busway,
    ];
    let rack = Load {
        name: "R1".to_owned(),
        kind: LoadKind::Rack,
        object: None,
        p_w: 400e3,
        power_factor: 0.99,
        feeds: vec![Feed { element: BUSWAY, share: 1.0, tap: 1.0 }],
        rule: FeedRule::Share,
    };
    PowerCase { elements, loads: vec![rack], ..PowerCase::default() }
}

fn solved(case: &PowerCase) -> PowerResult {
    solve(case, &CancelToken::never()).unwrap()
}

fn rules(result: &PowerResult) -> Vec<&'static str> {
    result.findings.iter().map(|f| f.rule).collect()
}

#[test]
fn the_busway_sees_the_sum_of_the_impedances_above_it() {
    let result = solved(&chain());
    let fault = &result.fault.elements[BUSWAY];
    let head = fault.head.unwrap();
    let z_t = 415.0_f64.powi(2) / 2.5e6 * 0.95 * 1.1 / (1.0 + 0.6 * 0.057);
    let z_q = 1.1 * 415.0_f64.powi(2) / 500e6 / 1.01_f64.sqrt();
    let r = 0.1 * z_q + 0.007 * z_t + 8e-5 + 6e-4;
    let x = z_q + 0.057 * z_t + 1.2e-4 + 7.5e-4;
    assert!((head.r_ohm / r - 1.0).abs() < 1e-12 && (head.x_ohm / x - 1.0).abs() < 1e-12);
    assert!(fault.end.unwrap().ik_max_a < head.ik_max_a);
    // The generator is weaker than the utility, and so gives the smallest current.
    assert!(fault.ik_min_a.unwrap() < fault.end.unwrap().ik_min_a);
    assert_eq!(result.fault.problem, None);
}

#[test]
fn duty_is_checked_where_a_rating_is_known_and_only_there() {
    let mut case = chain();
    assert_eq!(solved(&case).fault.elements[BUSWAY].duty.as_ref().unwrap().share, None);
    assert!(!rules(&solved(&case)).contains(&"power.fault-duty"));
    case.elements[BUSWAY].nameplate.icw_a = Some(20e3);
    let result = solved(&case);
    assert!(result.fault.elements[BUSWAY].duty.as_ref().unwrap().share.unwrap() > 1.0);
    let found = result.findings.iter().find(|f| f.rule == "power.fault-duty").unwrap();
    assert!(found.message.contains("BW") && found.advice.contains("Icw of"), "{found:?}");
}

#[test]
fn arc_flash_is_estimated_in_low_voltage_boards_and_refused_outside_the_model() {
    let mut case = chain();
    let arc = solved(&case).fault.elements[3].arc_flash.unwrap();
    assert!(arc.incident_cal_cm2 > 1.0 && arc.boundary_m > arc.working_m, "{arc:?}");
    assert!((arc.clearing_s - DEFAULT_CLEARING_S).abs() < 1e-12);
    case.arc_clearing_s = Some(2.0);
    assert!(rules(&solved(&case)).contains(&"power.arc-flash-above-40"));
    case.elements[0].nameplate.fault_va = Some(1e12);
    case.elements[2].modules = 8;
    let board = &solved(&case).fault.elements[3];
    assert!(board.arc_flash.is_none() && board.arc_flash_refused.is_some(), "{board:?}");
}

#[test]
fn a_long_thin_run_has_a_small_fault_and_a_large_drop() {
    let mut case = chain();
    let result = solved(&case);
    assert!(!rules(&result).contains(&"power.fault-too-small"), "{:?}", result.findings);
    assert!(!rules(&result).contains(&"power.voltage-drop-branch"));
    case.elements[BUSWAY].model = Model::Series { r_ohm: 0.03, x_ohm: 0.01, shunt_var: 0.0 };
    let found = solved(&case);
    let found = rules(&found);
    assert!(found.contains(&"power.fault-too-small"), "{found:?}");
    assert!(found.contains(&"power.voltage-drop-branch"), "{found:?}");
}

#[test]
fn feeders_get_a_proposal_that_holds_and_overloaded_ones_hear_of_it() {
    let mut case = chain();
    let proposal = solved(&case).fault.elements[5].cable.clone().unwrap();
    assert!(proposal.ampacity_a >= 1000.0 && proposal.drop_percent <= 2.0, "{proposal:?}");
    assert!(proposal.withstand_a >= proposal.thermal_a);
    case.loads[0].p_w = 700e3;
    let result = solved(&case);
    let overloaded = result.findings.iter().find(|f| {
        f.rule == "power.overload"
            && f.subject == crate::evaluate::finding::Subject::PowerElement("FD".to_owned())
    });
    assert!(overloaded.unwrap().advice.contains("kcmil"), "{overloaded:?}");
}

#[test]
fn a_source_of_unknown_strength_gives_no_current_rather_than_a_guess() {
    let mut case = chain();
    case.elements[0].nameplate.fault_va = None;
    let fault = &solved(&case).fault.elements[BUSWAY];
    assert_eq!((fault.head, fault.end), (None, None));
    assert!(fault.ik_min_a.is_some(), "the generator still feeds it");
}

#[test]
fn single_phase_racks_take_the_phases_in_turn_and_a_lopsided_run_is_found() {
    use super::phases::Phases;
    let mut case = chain();
    let rack = case.loads.remove(0);
    case.elements[BUSWAY].module_rating.i_a = Some(100.0);
    for (i, p_w) in [7e3, 7e3, 7e3, 20e3, 7e3].into_iter().enumerate() {
        let tap = 0.2 * (i + 1) as f64;
        let feeds = vec![Feed { element: BUSWAY, share: 1.0, tap }];
        case.loads.push(Load { name: format!("R{i}"), p_w, feeds, ..rack.clone() });
    }
    let result = solved(&case);
    let of = &result.phases.phase_of_load;
    assert_eq!(*of, [Phases::A, Phases::B, Phases::C, Phases::Abc, Phases::A]);
    let run = &result.phases.runs[0];
    // Three-phase and single-phase power add up to what the run delivers.
    let total: f64 = result.loads.iter().map(|l| 3.0 * l.feeds[0].i_a).sum();
    assert!((run.amps.iter().sum::<f64>() - total).abs() < 1e-9 * total);
    assert!(run.unbalance_percent > 10.0 && rules(&result).contains(&"power.phase-unbalance"));
    case.loads.pop();
    let even = solved(&case);
    assert!(even.phases.runs[0].unbalance_percent < 0.5, "{:?}", even.phases.runs);
}
