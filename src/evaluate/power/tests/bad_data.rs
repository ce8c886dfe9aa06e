//! Bad data is a typed error that names the part, the field and the value.

use super::*;

fn good() -> PowerCase {
    let elements = vec![source("UT"), ups("UPS", 0, 1e5, 2, 1), line("BW", 1, 0.01, 0.0)];
    case(elements, vec![rack("R", 1e4, &[2])])
}

fn broken(change: impl FnOnce(&mut PowerCase)) -> PowerError {
    let mut c = good();
    assert!(super::super::solve(&c, &CancelToken::never()).is_ok());
    change(&mut c);
    fails(&c)
}

fn bad_number(error: &PowerError) -> (&str, &str) {
    match error {
        PowerError::BadNumber { owner, field, .. } => (owner, field),
        other => panic!("{other}"),
    }
}

#[test]
fn numbers_out_of_range_are_named() {
    let e = broken(|c| c.elements[1].module_rating.p_w = Some(0.0));
    assert_eq!(bad_number(&e), ("UPS", "rated p_w"));
    assert_eq!(e.to_string(), "UPS: rated p_w is 0; it must be above zero");
    let e = broken(|c| c.elements[2].v_nominal_v = f64::NAN);
    assert_eq!(bad_number(&e), ("BW", "v_nominal_v"));
    let e = broken(|c| c.loads[0].p_w = -1.0);
    assert_eq!(bad_number(&e), ("R", "p_w"));
    let e = broken(|c| c.loads[0].p_w = f64::INFINITY);
    assert_eq!(bad_number(&e), ("R", "p_w"));
    let e = broken(|c| c.loads[0].power_factor = 1.2);
    assert_eq!(bad_number(&e), ("R", "power_factor"));
    let e = broken(|c| c.loads[0].feeds[0].tap = 1.5);
    assert_eq!(bad_number(&e), ("R", "tap"));
    let e = broken(|c| c.loads[0].feeds[0].share = 0.0);
    assert_eq!(bad_number(&e), ("R", "share"));
    let e = broken(|c| c.elements[1].spare_modules = 2);
    assert_eq!(bad_number(&e), ("UPS", "spare_modules"));
    let e = broken(|c| c.elements[1].modules = 0);
    assert_eq!(bad_number(&e), ("UPS", "modules"));
    let e = broken(|c| c.elements[2].limit.fraction = 0.0);
    assert_eq!(bad_number(&e), ("BW", "limit fraction"));
    let e = broken(|c| {
        c.elements[2].model = Model::Series { r_ohm: -1.0, x_ohm: 0.0, shunt_var: 0.0 };
    });
    assert_eq!(bad_number(&e), ("BW", "r_ohm"));
}

#[test]
fn wrong_joints_are_named() {
    let e = broken(|c| c.elements[1].parent = Some(7));
    assert!(matches!(e, PowerError::UnknownElement { field: "parent", index: 7, count: 3, .. }));
    let e = broken(|c| c.elements[1].backup = Some(7));
    assert!(matches!(e, PowerError::UnknownElement { field: "backup", .. }));
    let e = broken(|c| c.loads[0].feeds[0].element = 7);
    assert!(matches!(e, PowerError::UnknownElement { field: "feeds", .. }));
    let e = broken(|c| {
        c.scenarios.push(Scenario { name: "S".into(), out: vec![3], must_survive: false });
    });
    assert!(matches!(e, PowerError::UnknownElement { field: "out", .. }));
    let e = broken(|c| c.elements[1].parent = Some(2));
    assert!(matches!(e, PowerError::Cycle { .. }), "{e}");
    let e = broken(|c| c.elements[1].parent = None);
    assert!(matches!(e, PowerError::NoSupply { element } if element == "UPS"));
    let e = broken(|c| c.elements[0].parent = Some(1));
    assert!(matches!(e, PowerError::SourceWithSupply { .. }));
    let e = broken(|c| c.elements[2].v_nominal_v = 480.0);
    assert!(matches!(e, PowerError::VoltageMismatch { .. }));
    let e = broken(|c| c.elements[2].current = Current::Dc);
    assert!(matches!(e, PowerError::CurrentMismatch { .. }));
    let e = broken(|c| c.elements[2].name = "UPS".into());
    assert!(matches!(e, PowerError::DuplicateName { name } if name == "UPS"));
}

#[test]
fn a_converter_needs_a_rating_and_a_sorted_curve() {
    let e = broken(|c| c.elements[1].module_rating.p_w = None);
    assert!(matches!(e, PowerError::NoRatedPower { .. }));
    for points in [vec![], vec![(0.5, 0.1), (0.5, 0.2)], vec![(1.0, 0.1), (0.0, 0.1)]] {
        let e = broken(|c| {
            c.elements[1].model = Model::Converter {
                v_out_pu: 1.0,
                input_power_factor: 1.0,
                loss: LossCurve(points),
            };
        });
        assert!(matches!(e, PowerError::BadLossCurve { .. }));
    }
}

#[test]
fn a_case_survives_a_round_trip_and_refuses_unknown_keys() {
    let text = serde_json::to_string(&good()).unwrap();
    assert_eq!(serde_json::from_str::<PowerCase>(&text).unwrap(), good());
    let wrong = text.replacen("\"v_nominal_v\"", "\"v_nominal_kv\"", 1);
    assert!(serde_json::from_str::<PowerCase>(&wrong).is_err());
}

#[test]
fn an_empty_case_has_an_empty_answer() {
    let result = solve(&PowerCase::default());
    assert_eq!(result.totals.source_w, 0.0);
    assert!(result.findings.is_empty());
}
