//! Physics of the air: analytic answers, conservation, invariance, awkward halls.

use super::*;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::finding::Severity;
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

pub(super) const AIR: AirProperties = AirProperties { rho_kg_m3: 1.2, cp_j_kg_k: 1005.0 };

pub(super) fn shipped(name: &str) -> (AirCase, serde_json::Value) {
    let dir = format!("{}/tests/cases/air/{name}", env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| std::fs::read_to_string(format!("{dir}/{file}")).unwrap();
    (read_case(&read("case.json")).unwrap(), serde_json::from_str(&read("reference.json")).unwrap())
}

pub(super) fn answer_of(case: &AirCase) -> AirResult {
    solve(case, None, &CancelToken::never()).unwrap().0
}

/// The preview's answer: steady and exact in heat.
pub(super) fn previewed(case: &AirCase) -> AirResult {
    preview(case, &CancelToken::never()).unwrap()
}

pub(super) fn rect(min_m: [f64; 3], max_m: [f64; 3], air_side: Side) -> Rect {
    Rect { min_m, max_m, air_side }
}

pub(super) fn rack(id: &str, x: f64, y: f64, front: Side) -> AirRack {
    AirRack {
        id: id.into(),
        object: None,
        box_m: Box3 { min_m: [x, y, 0.0], max_m: [x + 0.6, y + 1.2, 2.1] },
        front,
        flow_m3_s: 0.8,
        heat_w: 12_000.0,
        removed_w: 0.0,
        limits: Some(InletLimits::ashrae_a1()),
        options: RackOptions::default(),
    }
}

/// A CRAH against the wall x = 0 that blows into +x below and takes air back at its top.
pub(super) fn crah(id: &str, y: f64, capacity_w: Option<f64>) -> AirUnit {
    AirUnit {
        id: id.into(),
        object: None,
        kind: UnitKind::Crah,
        box_m: Some(Box3 { min_m: [0.0, y, 0.0], max_m: [0.9, y + 1.8, 1.8] }),
        intake: AirPath::Faces(vec![rect([0.0, y, 1.8], [0.9, y + 1.8, 1.8], Side::PlusZ)]),
        discharge: AirPath::Faces(vec![rect([0.9, y, 0.0], [0.9, y + 1.8, 0.9], Side::PlusX)]),
        flow_m3_s: 4.0,
        supply_t_k: 291.15,
        capacity_w,
        coil_inlet_t_k: None,
        failed: false,
        fans: None,
    }
}

pub(super) fn hall() -> AirCase {
    let mut case = AirCase::empty("hall", [9.0, 7.2, 3.3], AIR);
    for i in 0..4 {
        case.racks.push(rack(&format!("A{i}"), 3.0 + 0.6 * f64::from(i), 1.2, Side::PlusY));
        case.racks.push(rack(&format!("B{i}"), 3.0 + 0.6 * f64::from(i), 3.9, Side::MinusY));
    }
    case.units.push(crah("CRAH1", 0.6, Some(60_000.0)));
    case.units.push(crah("CRAH2", 4.5, Some(60_000.0)));
    case
}

pub(super) fn close(result: &AirResult) {
    assert!(result.balance.mass_closure < 1e-10, "{:?}", result.balance);
    assert!(result.balance.heat_closure < 1e-3, "{:?}", result.balance);
    steady(result);
}

/// Halls with units at or near their limit, or that nothing cools, close less well before they are
/// scaled: 0.12 and 0.31 % were seen.
fn close_loosely(result: &AirResult) {
    assert!(result.balance.mass_closure < 1e-10, "{:?}", result.balance);
    assert!(result.balance.heat_closure < 5e-3, "{:?}", result.balance);
    steady(result);
}

fn steady(result: &AirResult) {
    let b = &result.balance;
    let left = b.heat_in_w - b.heat_cooled_w - b.heat_leaked_w;
    assert!(left.abs() < 1e-9 * b.heat_in_w.max(1.0), "{b:?}");
}

#[test]
fn a_duct_carries_its_heat_by_the_exact_rise() {
    let mut case = AirCase::empty("duct", [6.0, 1.2, 1.2], AIR);
    let port = |id: &str, kind, x: f64, side| AirPort {
        id: id.into(),
        object: None,
        kind,
        rect: rect([x, 0.0, 0.0], [x, 1.2, 1.2], side),
        link: PortLink::Fixed { flow_m3_s: 1.5, t_k: 293.15 },
    };
    case.ports.push(port("in", PortKind::Supply, 0.0, Side::PlusX));
    case.ports.push(port("out", PortKind::Return, 6.0, Side::MinusX));
    let mut r = rack("R", 0.0, 0.0, Side::MinusX);
    r.box_m = Box3 { min_m: [2.4, 0.0, 0.0], max_m: [3.6, 1.2, 1.2] };
    r.flow_m3_s = 1.5;
    case.racks.push(r);
    let result = answer_of(&case);
    close(&result);
    let rise = 12_000.0 / (1.2 * 1005.0 * 1.5);
    assert!((result.racks[0].intake_mean_k - 293.15).abs() < 1e-4);
    assert!((result.racks[0].exhaust_k - 293.15 - rise).abs() < 1e-4);
    assert!((result.metrics.return_k - 293.15 - rise).abs() < 1e-9);
    assert!((result.metrics.rti_percent - 100.0).abs() < 1e-6);
    // Uniform velocity 1.5 / 1.44 m/s in the undisturbed part.
    let v = result.field.velocity_m_s[0][result.field.grid.index([3, 1, 1])];
    // The walls hold the air back a little at the edges.
    assert!((f64::from(v) - 1.5 / 1.44).abs() < 0.05, "{v}");
}

#[test]
fn contained_aisle_with_surplus_supply_keeps_every_intake_at_supply() {
    let (mut case, reference) = shipped("contained_surplus");
    case.dx_m = 0.15;
    let result = answer_of(&case);
    close(&result);
    for r in &result.racks {
        assert!((r.intake_mean_k - 296.15).abs() < 0.05, "{} {}", r.id, r.intake_mean_k);
        assert!(r.recirculation < 0.02);
    }
    let exact = reference["return_flow_weighted_C"].as_f64().unwrap() + 273.15;
    assert!((result.metrics.return_k - exact).abs() < 1e-3, "{}", result.metrics.return_k);
    assert!(result.findings.is_empty(), "{:?}", result.findings);
}

#[test]
fn open_rooms_return_exactly_and_stay_inside_the_stated_error() {
    for name in ["single_rack", "one_row"] {
        let (case, reference) = shipped(name);
        let result = answer_of(&case);
        close(&result);
        let exact = reference["exact_return_C"].as_f64().unwrap() + 273.15;
        assert!((result.metrics.return_k - exact).abs() < 2e-3, "{name}");
        let error = |r: &RackAir| {
            let theirs = reference["racks"][&r.id]["intake_mean_C"].as_f64().unwrap() + 273.15;
            println!("{name} {} {:.2} {:.2}", r.id, r.intake_mean_k - 273.15, theirs - 273.15);
            (r.intake_mean_k - theirs).abs()
        };
        let errors: Vec<f64> = result.racks.iter().map(error).collect();
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        println!("{name} mean {mean:.2} {:?} {:?}", result.effort, result.metrics);
        assert!(errors.iter().all(|e| *e <= SOLVED_INTAKE_ERROR_K.worst_k), "{errors:?}");
    }
}

#[test]
fn two_units_carry_all_heat_and_an_overloaded_one_is_named() {
    let result = answer_of(&hall());
    close_loosely(&result);
    assert!((result.balance.heat_in_w - 96_000.0).abs() < 1e-6);
    let carried: f64 = result.units.iter().map(|u| u.heat_w).sum();
    assert!((carried - 96_000.0).abs() < 1e-4);
    let mut weak = hall();
    weak.units.iter_mut().for_each(|u| u.capacity_w = Some(30_000.0));
    let result = answer_of(&weak);
    close_loosely(&result);
    assert!(result.units.iter().all(|u| u.overloaded && u.supply_k > 291.15));
    let over = result.findings.iter().filter(|f| f.rule == "air.unit-over-capacity").count();
    assert_eq!(over, 2);
}

#[test]
fn a_failed_unit_heats_the_hall_and_no_unit_is_an_error_not_a_nan() {
    let whole = answer_of(&hall());
    let mut one = hall();
    one.units[0].failed = true;
    let result = answer_of(&one);
    close_loosely(&result);
    assert!(result.metrics.intake_max_k > whole.metrics.intake_max_k);
    assert_eq!(result.units[0].flow_m3_s, 0.0);
    one.units[1].failed = true;
    let result = answer_of(&one);
    close_loosely(&result);
    assert!(result.findings.iter().any(|f| f.rule == "air.no-cooling-path"));
    assert!(result.racks.iter().all(|r| r.intake_mean_k.is_finite()));
}

#[test]
fn tiles_and_ceiling_share_the_flow_of_their_units() {
    let mut case = hall();
    for u in &mut case.units {
        u.intake = AirPath::Plenum("ceiling".into());
        u.discharge = AirPath::Plenum("floor".into());
    }
    for i in 0..4 {
        let x = 3.0 + 0.6 * f64::from(i);
        case.ports.push(AirPort {
            id: format!("tile{i}"),
            object: None,
            kind: PortKind::Supply,
            rect: rect([x, 2.4, 0.0], [x + 0.6, 3.0, 0.0], Side::PlusZ),
            link: PortLink::Plenum { plenum: "floor".into(), weight: 1.0 },
        });
        case.ports.push(AirPort {
            id: format!("grille{i}"),
            object: None,
            kind: PortKind::Return,
            rect: rect([x, 5.4, 3.3], [x + 0.6, 6.0, 3.3], Side::MinusZ),
            link: PortLink::Plenum { plenum: "ceiling".into(), weight: 1.0 },
        });
    }
    let result = answer_of(&case);
    close(&result);
    assert!((result.units[0].return_k - result.units[1].return_k).abs() < 1e-9);
    assert!((result.balance.supply_flow_m3_s - 8.0).abs() < 1e-12);
    case.ports.clear();
    assert!(matches!(case.check(), Err(AirError::BadName { .. })));
}

#[test]
fn a_ceiling_lets_hot_air_find_its_own_way_to_the_units() {
    let mut case = hall();
    case.ceiling = Some(Ceiling { height_m: 2.7, openings_m: vec![[[3.0, 0.0], [5.4, 1.2]]] });
    for u in &mut case.units {
        let b = u.box_m.unwrap();
        let (lo, hi) = ([0.0, b.min_m[1], 2.7], [0.9, b.max_m[1], 2.7]);
        u.intake = AirPath::Faces(vec![rect(lo, hi, Side::PlusZ)]);
    }
    let result = answer_of(&case);
    close(&result);
    let at = |x, y, z| {
        let g = &result.field.grid;
        g.index(g.cell_at([x, y, z]).unwrap())
    };
    let up = &result.field.velocity_m_s[2];
    assert!(up[at(4.0, 0.6, 2.6)] > 0.5, "air rises through the opening");
    // Elsewhere the ceiling is shut: air slides along it.
    assert!(up[at(6.0, 6.0, 2.6)].abs() < 0.3, "{}", up[at(6.0, 6.0, 2.6)]);
    case.ceiling = Some(Ceiling { height_m: 9.0, openings_m: Vec::new() });
    assert!(case.check().is_err());
}

#[test]
fn sealed_containment_with_unequal_flows_leaks_and_says_so() {
    let mut case = hall();
    let side =
        |id: &str, min_m, max_m| Baffle { id: id.into(), object: None, min_m, max_m, leakage: 0.0 };
    case.baffles.push(side("x0", [3.0, 2.4, 0.0], [3.0, 3.9, 3.3]));
    case.baffles.push(side("x1", [5.4, 2.4, 0.0], [5.4, 3.9, 3.3]));
    case.baffles.push(side("roof0", [3.0, 2.4, 2.1], [5.4, 2.4, 3.3]));
    case.baffles.push(side("roof1", [3.0, 3.9, 2.1], [5.4, 3.9, 3.3]));
    let result = answer_of(&case);
    close(&result);
    let rack_kg_s = 1.2 * 8.0 * 0.8;
    assert!(
        (result.balance.containment_leak_kg_s - rack_kg_s).abs() < 1e-9,
        "{:?}",
        result.balance
    );
    assert!(result.findings.iter().any(|f| f.rule == "air.containment-imbalance"));
}

#[test]
fn blocked_enclosed_and_outside_racks_are_findings() {
    let mut case = hall();
    case.racks.push(rack("outside", 40.0, 1.0, Side::PlusY));
    let mut buried = rack("buried", 7.2, 1.2, Side::PlusY);
    case.solids.push(AirSolid {
        id: "vault".into(),
        box_m: Box3 { min_m: [6.6, 0.0, 0.0], max_m: [8.4, 3.0, 3.3] },
    });
    buried.id = "buried".into();
    case.racks.push(buried);
    let mut wall = rack("wall", 7.2, 6.0, Side::PlusY);
    wall.box_m.max_m[1] = 7.2;
    case.racks.push(wall);
    let result = answer_of(&case);
    close(&result);
    let rules: Vec<_> = result.findings.iter().map(|f| f.rule).collect();
    assert_eq!(rules.iter().filter(|r| **r == "air.rack-enclosed").count(), 2, "{rules:?}");
    assert!(rules.contains(&"air.rack-airflow-blocked"));
    assert!((result.balance.heat_unplaced_w - 24_000.0).abs() < 1e-6);
}

#[test]
fn inlet_findings_name_value_limit_and_source() {
    let mut case = hall();
    for r in &mut case.racks {
        r.limits.as_mut().unwrap().recommended_max_k = 290.0;
    }
    let result = answer_of(&case);
    let f = result.findings.iter().find(|f| f.rule == "air.inlet-above-recommended").unwrap();
    assert_eq!(f.severity, Severity::Warning);
    assert!(f.message.contains("recirculation") && f.source.contains("ASHRAE"));
    case.racks[0].limits.as_mut().unwrap().allowable_max_k = 290.5;
    let result = answer_of(&case);
    assert!(result.findings.iter().any(|f| f.rule == "air.inlet-above-allowable"));
}

#[test]
fn answers_are_bit_equal_for_any_thread_count() {
    let mut case = hall();
    case.dx_m = 0.15;
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| answer_of(&case))
    };
    let (one, three) = (with(1), with(3));
    assert!(one.effort.cells > 40_000);
    assert_eq!(one, three);
}

#[test]
fn rack_order_does_not_matter() {
    let case = hall();
    let mut turned = case.clone();
    turned.racks.reverse();
    turned.units.reverse();
    let (a, b) = (answer_of(&case), answer_of(&turned));
    for r in &a.racks {
        let other = b.racks.iter().find(|o| o.id == r.id).unwrap();
        assert!((r.intake_mean_k - other.intake_mean_k).abs() < 1e-3);
    }
}

#[test]
fn a_warm_start_saves_work_and_changes_nothing_that_shows() {
    let case = hall();
    let (cold, state) = solve(&case, None, &CancelToken::never()).unwrap();
    let (again, _) = solve(&case, Some(&state), &CancelToken::never()).unwrap();
    assert!(again.effort.steps < cold.effort.steps);
    for (a, b) in cold.racks.iter().zip(&again.racks) {
        assert!(
            (a.intake_mean_k - b.intake_mean_k).abs() < 0.3,
            "{} {}",
            a.intake_mean_k,
            b.intake_mean_k
        );
    }
}

#[test]
fn a_cancelled_solve_says_so() {
    let newest = Arc::new(AtomicU64::new(2));
    let end = solve(&hall(), None, &CancelToken::new(newest, 1));
    assert!(matches!(end, Err(AirError::Cancelled(_))));
}

#[test]
fn bad_numbers_are_named() {
    let mut case = hall();
    case.racks[1].heat_w = f64::NAN;
    let said = case.check().unwrap_err().to_string();
    assert!(said.contains("racks[1].heat_w") && said.contains("NaN"), "{said}");
    let mut case = hall();
    case.dx_m = 0.01;
    case.room_m = [200.0, 200.0, 10.0];
    assert!(matches!(case.check(), Err(AirError::TooManyCells { .. })));
    assert!(read_case("{}").is_err());
}

#[test]
fn slices_follow_the_height() {
    let result = answer_of(&hall());
    let low = result.field.slice(0.1).unwrap();
    let high = result.field.slice(99.0).unwrap();
    assert_eq!(low.n, [30, 24]);
    assert!(low.z_m < 0.3 && high.z_m > 3.0);
    assert!(result.field.t_k.iter().all(|t| t.is_finite()));
    assert!(AirField::default().slice(1.0).is_none());
}

fn any_rack(i: usize) -> impl Strategy<Value = AirRack> {
    let at = (-1.0..8.0f64, -1.0..6.0f64, 0usize..4, 0.0..2.0f64, 0.0..40e3f64, 0.05..1.5f64);
    at.prop_map(move |(x, y, front, flow_m3_s, heat_w, w)| AirRack {
        box_m: Box3 { min_m: [x, y, 0.0], max_m: [x + w, y + 1.1, 2.2] },
        front: Side::ALL[front],
        flow_m3_s: if flow_m3_s < 0.2 { 0.0 } else { flow_m3_s },
        heat_w,
        ..rack(&format!("R{i}"), x, y, Side::PlusX)
    })
}

fn any_baffle(i: usize) -> impl Strategy<Value = Baffle> {
    let at = (0.0..7.0f64, 0.0..6.0f64, 0.2..5.0f64, any::<bool>(), 0usize..3);
    at.prop_map(move |(x, y, length, along_x, leak)| Baffle {
        id: format!("B{i}"),
        object: None,
        min_m: [x, y, 0.0],
        max_m: if along_x { [x + length, y, 3.0] } else { [x, y + length, 3.0] },
        leakage: [0.0, 0.0, 0.05][leak],
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn random_halls_close_or_fail_with_a_reason(
        racks in (0usize..9).prop_flat_map(|n| (0..n).map(any_rack).collect::<Vec<_>>()),
        baffles in (0usize..6).prop_flat_map(|n| (0..n).map(any_baffle).collect::<Vec<_>>()),
        unit_y in -1.0..6.0f64,
        capacity in prop_oneof![Just(None), (0.0..80e3f64).prop_map(Some)],
        failed in any::<bool>(),
        dx in 0.25..0.9f64,
        mixing in prop_oneof![Just(0.001), Just(EDDY_DIFFUSIVITY_M2_S)],
    ) {
        let mut case = AirCase::empty("random", [7.3, 6.1, 3.05], AIR);
        case.dx_m = dx;
        case.mixing_m2_s = mixing;
        case.racks = racks;
        case.baffles = baffles;
        case.units = vec![crah("C1", unit_y, capacity), crah("C2", 2.0, None)];
        case.units[1].failed = failed;
        match solve(&case, None, &CancelToken::never()) {
            Ok((r, _)) => {
                prop_assert!(r.balance.mass_closure < 1e-9, "{:?}", r.balance);
                let b = &r.balance;
                let left = b.heat_in_w - b.heat_cooled_w - b.heat_leaked_w;
                prop_assert!(left.abs() <= 1e-8 * b.heat_in_w.max(1.0), "{b:?}");
                prop_assert!(r.field.t_k.iter().all(|t| t.is_finite()));
                prop_assert!(r.racks.iter().all(|r| r.intake_mean_k > 200.0 && r.exhaust_k.is_finite()));
            }
            // A rack without a flow in a walled-in corner has nowhere to leave its heat.
            Err(AirError::Trapped { rack, heat_kw }) => {
                let still = |r: &AirRack| r.id == rack && r.flow_m3_s == 0.0;
                prop_assert!(heat_kw > 0.0 && case.racks.iter().any(still), "{rack} {case:?}");
            }
            Err(e) => prop_assert!(false, "{e} {case:?}"),
        }
    }
}
