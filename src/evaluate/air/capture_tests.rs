//! Dyes against exact answers, against each other and against the energy equation.

use super::tests::{AIR, answer_of, crah, hall, previewed, rack, rect, shipped};
use super::*;
use crate::evaluate::cancel::CancelToken;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

fn captured(case: &AirCase) -> (AirResult, Capture) {
    let result = previewed(case);
    let capture = capture(&result, &CancelToken::never()).unwrap();
    (result, capture)
}

/// A duct along x with two racks that each fill it.
fn two_in_a_duct() -> AirCase {
    let mut case = AirCase::empty("duct", [9.6, 1.2, 1.2], AIR);
    let port = |id: &str, kind, x: f64, side| AirPort {
        id: id.into(),
        object: None,
        kind,
        rect: rect([x, 0.0, 0.0], [x, 1.2, 1.2], side),
        link: PortLink::Fixed { flow_m3_s: 1.5, t_k: 293.15 },
    };
    case.ports.push(port("in", PortKind::Supply, 0.0, Side::PlusX));
    case.ports.push(port("out", PortKind::Return, 9.6, Side::MinusX));
    for (id, x) in [("first", 2.4), ("second", 6.0)] {
        let mut r = rack(id, 0.0, 0.0, Side::MinusX);
        r.box_m = Box3 { min_m: [x, 0.0, 0.0], max_m: [x + 1.2, 1.2, 1.2] };
        r.flow_m3_s = 1.5;
        case.racks.push(r);
    }
    case
}

#[test]
fn racks_in_a_row_in_a_duct_breathe_each_other_exactly() {
    let (result, capture) = captured(&two_in_a_duct());
    let [first, second] = &capture.racks[..] else { panic!("two racks") };
    assert!((first.cold_aisle_index.unwrap() - 1.0).abs() < 1e-9);
    assert!(first.hot_aisle_index.unwrap() < 1e-9 && (first.to_racks - 1.0).abs() < 1e-9);
    assert!(second.cold_aisle_index.unwrap() < 1e-9);
    assert!((second.hot_aisle_index.unwrap() - 1.0).abs() < 1e-9);
    assert_eq!(second.from_racks[0].rack, 0);
    let rise = 12_000.0 / (AIR.rho_cp() * 1.5);
    assert!((second.from_racks[0].rise_k - rise).abs() < 1e-6, "{:?}", second.from_racks);
    assert!((result.racks[1].intake_mean_k - 293.15 - rise).abs() < 1e-6);
    assert_eq!(capture.supplies[0].id, "in");
    assert_eq!(capture.returns[second.to_returns[0].place].id, "out");
}

/// Checks what must hold on any flow: rows that sum to 1 and agree with the recirculated share.
fn sums(result: &AirResult, capture: &Capture) {
    assert!(capture.effort.worst_row_error < 1e-6, "{:?}", capture.effort);
    assert!(capture.effort.resolved_racks > 0);
    for (r, air) in capture.racks.iter().zip(&result.racks) {
        let racks: f64 = r.from_racks.iter().map(|h| h.share).sum();
        let supplies: f64 = r.from_supplies.iter().map(|s| s.share).sum();
        let sum = supplies + racks + r.from_other_racks.share;
        assert!((sum - 1.0).abs() < 1e-6, "{} {sum}", r.id);
        let ways: f64 = r.ways.iter().map(|(_, s)| s).sum();
        assert!(r.ways.is_empty() || (ways - 1.0).abs() < 1e-9);
        let recirculated = racks + r.from_other_racks.share;
        assert!((recirculated - air.recirculation).abs() < 1e-3, "{}", r.id);
    }
}

#[test]
fn rows_sum_to_one_and_explain_the_intake() {
    for mut case in [hall(), shipped("one_row").0, shipped("single_rack").0] {
        case.dx_m = 0.3;
        let (result, capture) = captured(&case);
        sums(&result, &capture);
        for r in &capture.racks {
            assert!(r.unexplained_k.abs() < 1e-3, "{} {}", r.id, r.unexplained_k);
        }
    }
}

#[test]
fn on_the_momentum_solver_s_flow_rows_still_sum_to_one() {
    let result = answer_of(&hall());
    let capture = capture(&result, &CancelToken::never()).unwrap();
    sums(&result, &capture);
    // Dyes are first-order upwind on the mean flow; temperature is neither.
    assert!(capture.racks.iter().all(|r| r.unexplained_k.abs() < 2.0));
}

#[test]
fn forward_and_backward_dyes_agree() {
    let result = answer_of(&hall());
    let frozen = result.frozen.as_ref().unwrap();
    let follow = capture::Follow::new(&result, frozen);
    let never = CancelToken::never();
    let all: Vec<usize> = (0..result.racks.len()).collect();
    let rows = follow.rows(&all, &never).unwrap();
    let forward = follow.breathed(&never).unwrap();
    for (i, row) in rows.iter().enumerate() {
        for (s, share) in row.supplies.iter().enumerate() {
            assert!((share - forward[s][i]).abs() < 1e-8, "{share} {}", forward[s][i]);
        }
    }
}

#[test]
fn containment_keeps_every_intake_fresh_and_every_exhaust_caught() {
    let (_, capture) = captured(&shipped("contained_surplus").0);
    for r in &capture.racks {
        assert!(r.cold_aisle_index.unwrap() > 0.999, "{r:?}");
        assert!(r.hot_aisle_index.unwrap() > 0.999, "{r:?}");
    }
}

#[test]
fn dyes_are_bit_equal_for_any_thread_count() {
    let result = answer_of(&hall());
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| capture(&result, &CancelToken::never()).unwrap())
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn dyes_can_be_cancelled() {
    let result = answer_of(&hall());
    let end = capture(&result, &CancelToken::new(Arc::new(AtomicU64::new(2)), 1));
    assert!(matches!(end, Err(AirError::Cancelled(_))));
}

#[test]
#[ignore = "prints times"]
fn large_hall_times() {
    let mut case = AirCase::empty("large", [42.0, 30.0, 3.6], AIR);
    for row in 0..10 {
        let y = 1.8 + 2.7 * f64::from(row);
        let front = if row % 2 == 0 { Side::PlusY } else { Side::MinusY };
        for i in 0..20 {
            let x = 6.0 + 0.6 * f64::from(i) + if i > 9 { 3.0 } else { 0.0 };
            case.racks.push(rack(&format!("R{row}-{i}"), x, y, front));
        }
    }
    for i in 0..14 {
        case.units.push(crah(&format!("C{i}"), 0.6 + 2.0 * f64::from(i), None));
        case.units.last_mut().unwrap().flow_m3_s = 11.5;
    }
    let start = std::time::Instant::now();
    let result = answer_of(&case);
    println!("solve {:?} {:?}", start.elapsed(), result.effort);
    let start = std::time::Instant::now();
    let capture = capture(&result, &CancelToken::never()).unwrap();
    println!("capture {:?} {:?}", start.elapsed(), capture.effort);
}

#[test]
fn a_hot_rack_names_its_source_and_the_way() {
    let mut case = two_in_a_duct();
    for r in &mut case.racks {
        r.limits.as_mut().unwrap().recommended_max_k = 294.0;
    }
    let mut result = previewed(&case);
    explain(&mut result, &CancelToken::never()).unwrap();
    let said = |rule: &str| result.findings.iter().find(|f| f.rule == rule).unwrap();
    let f = said("air.inlet-above-recommended");
    let rise = 12_000.0 / (AIR.rho_cp() * 1.5);
    assert!(f.message.starts_with("second takes in air at 26.6 °C"), "{}", f.message);
    assert!(f.message.contains("recirculation from first"), "{}", f.message);
    assert!(f.message.ends_with(&format!("+{rise:.1} K")), "{}", f.message);

    let mut case = hall();
    for r in &mut case.racks {
        r.limits.as_mut().unwrap().recommended_max_k = 292.0;
    }
    let mut result = answer_of(&case);
    explain(&mut result, &CancelToken::never()).unwrap();
    let hot: Vec<_> =
        result.findings.iter().filter(|f| f.rule == "air.inlet-above-recommended").collect();
    assert!(!hot.is_empty());
    assert!(hot.iter().all(|f| f.message.contains("recirculation") && f.message.contains('+')));
    assert!(
        hot.iter().any(|f| ["over the racks", "row end", "gaps", "across"]
            .iter()
            .any(|w| f.message.contains(w))),
        "{hot:?}"
    );
    hot.iter().for_each(|f| println!("{}", f.message));
}

#[test]
fn hall_indices_follow_their_definitions_in_a_hand_computed_duct() {
    let mut case = two_in_a_duct();
    case.ports[0].link = PortLink::Fixed { flow_m3_s: 1.5, t_k: 298.15 };
    let m = previewed(&case).metrics;
    // Each rack adds 12 kW / (1.2 × 1005 × 1.5) = 6.6335 K: intakes 25.0 and 31.6335 °C.
    let rise = 12_000.0 / (AIR.rho_cp() * 1.5);
    // SHI = Σ (T_in − T_sup) / Σ (T_out − T_sup) = (0 + 1) / (1 + 2).
    assert!((m.shi - 1.0 / 3.0).abs() < 1e-6 && (m.rhi - 2.0 / 3.0).abs() < 1e-6, "{m:?}");
    // RTI = (T_return − T_supply) / equipment rise = 2.
    assert!((m.rti_percent - 200.0).abs() < 1e-4, "{m:?}");
    // RCI_HI = 1 − Σ max(0, T − 27) / (n (32 − 27)) on A1; RCI_LO: nothing below 18 °C.
    let over = 25.0 + rise - 27.0;
    assert!((m.rci_hi_percent - 100.0 * (1.0 - over / 10.0)).abs() < 1e-4, "{m:?}");
    assert_eq!(m.rci_lo_percent, 100.0);
    case.ports[0].link = PortLink::Fixed { flow_m3_s: 1.5, t_k: 289.15 };
    // Intakes 16.0 and 22.63 °C: RCI_LO = 1 − (18 − 16) / (2 (18 − 15)).
    let m = previewed(&case).metrics;
    assert!((m.rci_lo_percent - 100.0 * (1.0 - 2.0 / 6.0)).abs() < 1e-4, "{m:?}");
}
