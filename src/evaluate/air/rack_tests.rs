//! Racks in a room: doors, leaks past blanking, exhaust by height, against exact answers.

use super::tests::{AIR, answer_of, close, hall, previewed, rack, rect};
use super::*;

/// A duct along x, 2.4 m high, that one rack fills; warm air enters above, cool air below.
fn layered() -> AirCase {
    let mut case = AirCase::empty("layers", [6.0, 0.6, 2.4], AIR);
    case.dx_m = 0.3;
    case.mixing_m2_s = 1e-3;
    let port = |id: &str, kind, x: f64, z: [f64; 2], side, t_k| AirPort {
        id: id.into(),
        object: None,
        kind,
        rect: rect([x, 0.0, z[0]], [x, 0.6, z[1]], side),
        link: PortLink::Fixed { flow_m3_s: 0.6, t_k },
    };
    case.ports.push(port("low", PortKind::Supply, 0.0, [0.0, 1.2], Side::PlusX, 290.0));
    case.ports.push(port("high", PortKind::Supply, 0.0, [1.2, 2.4], Side::PlusX, 300.0));
    case.ports.push(port("out low", PortKind::Return, 6.0, [0.0, 1.2], Side::MinusX, 290.0));
    case.ports.push(port("out high", PortKind::Return, 6.0, [1.2, 2.4], Side::MinusX, 290.0));
    let mut r = rack("R", 0.0, 0.0, Side::MinusX);
    r.box_m = Box3 { min_m: [2.4, 0.0, 0.0], max_m: [3.6, 0.6, 2.4] };
    r.flow_m3_s = 1.2;
    case.racks.push(r);
    case
}

#[test]
fn a_warm_top_intake_makes_a_hot_top_exhaust_only_by_height() {
    let at = |result: &AirResult, z: f64| {
        let g = &result.field.grid;
        f64::from(result.field.t_k[g.index(g.cell_at([3.7, 0.3, z]).unwrap())])
    };
    let mut case = layered();
    let whole = previewed(&case);
    close(&whole);
    assert!((at(&whole, 0.2) - at(&whole, 2.2)).abs() < 0.2);
    case.exhaust_law = ExhaustLaw::ByHeight;
    let sliced = previewed(&case);
    close(&sliced);
    let rise = 12_000.0 / (AIR.rho_cp() * 1.2);
    assert!((at(&sliced, 0.2) - 290.0 - rise).abs() < 0.6, "{}", at(&sliced, 0.2));
    assert!((at(&sliced, 2.2) - 300.0 - rise).abs() < 0.6, "{}", at(&sliced, 2.2));
    // The mean over the rear is the same.
    assert!((whole.metrics.return_k - sliced.metrics.return_k).abs() < 1e-6);
    assert!((whole.racks[0].exhaust_k - sliced.racks[0].exhaust_k).abs() < 1e-6);
}

#[test]
fn a_rear_door_takes_what_its_coil_can_and_the_room_gets_the_rest() {
    let mut case = layered();
    let door = RearDoor { ua_w_k: 1000.0, water_w_k: 1e9, water_t_k: 287.15, capacity_w: 1e6 };
    case.racks[0].options.door = Some(door);
    case.dew_point_k = Some(286.0);
    let result = previewed(&case);
    close(&result);
    let r = &result.racks[0];
    let c = AIR.rho_cp() * 1.2;
    let e = 1.0 - (-1000.0 / c).exp();
    let hot = r.intake_mean_k + 12_000.0 / c;
    assert!((r.door_w - e * c * (hot - 287.15)).abs() < 0.1, "{}", r.door_w);
    assert!((r.heat_w - (12_000.0 - r.door_w)).abs() < 1e-6);
    assert!(result.balance.heat_unplaced_w.abs() < 1e-6);
    assert!(result.findings.iter().any(|f| f.rule == "air.door-below-dew-point"));
    case.racks[0].options.door = Some(RearDoor { capacity_w: 2_000.0, ..door });
    let result = previewed(&case);
    close(&result);
    assert!((result.racks[0].door_w - 2_000.0).abs() < 1e-6, "{}", result.racks[0].door_w);
    // Water warmer than the exhaust: the door stands idle rather than heat the room.
    case.racks[0].options.door = Some(RearDoor { water_t_k: 330.0, ..door });
    let result = previewed(&case);
    close(&result);
    assert!(result.racks[0].door_w.abs() < 1e-6);
}

#[test]
fn a_leak_past_blanking_warms_servers_by_the_mixing_rule() {
    let tight = answer_of(&hall());
    assert!(tight.racks.iter().all(|r| r.server_inlet_k == r.intake_mean_k));
    let mut case = hall();
    case.racks[0].options.blanking_leak = 0.1;
    let result = answer_of(&case);
    close(&result);
    let r = &result.racks[0];
    // β/(1 − β) ΔT with ΔT = 12 kW over the servers' 0.8 m³/s.
    let rise = 0.1 / 0.9 * 12_000.0 / (AIR.rho_cp() * 0.8);
    assert!((r.server_inlet_k - r.intake_mean_k - rise).abs() < 1e-9);
    assert!((result.balance.rack_flow_m3_s - (7.0 * 0.8 + 0.72)).abs() < 1e-12);
    let hot = r.intake_mean_k + 12_000.0 / (AIR.rho_cp() * 0.72);
    assert!((r.exhaust_k - hot).abs() < 1e-9);
}

#[test]
fn bad_options_are_named() {
    let mut case = hall();
    case.racks[2].options.blanking_leak = 0.95;
    let said = case.check().unwrap_err().to_string();
    assert!(said.contains("racks[2].options.blanking_leak"), "{said}");
    let mut case = hall();
    case.racks[0].options.fans =
        Some(Fans { curve: vec![(1.0, 10.0), (0.5, 20.0)], resistance_pa_s2_m6: 1.0 });
    let said = case.check().unwrap_err().to_string();
    assert!(said.contains("fans.curve"), "{said}");
}

#[test]
fn a_chimney_takes_the_exhaust_above_the_ceiling() {
    let mut case = hall();
    case.ceiling = Some(Ceiling { height_m: 2.7, openings_m: Vec::new() });
    for u in &mut case.units {
        let b = u.box_m.unwrap();
        let (lo, hi) = ([0.0, b.min_m[1], 2.7], [0.9, b.max_m[1], 2.7]);
        u.intake = AirPath::Faces(vec![rect(lo, hi, Side::PlusZ)]);
        u.flow_m3_s = 3.2;
    }
    for r in &mut case.racks {
        r.options.chimney = Some(Chimney { leak: 0.0 });
    }
    let result = previewed(&case);
    close(&result);
    // All exhaust leaves above the ceiling, so every rack breathes supply air.
    assert!(result.racks.iter().all(|r| (r.intake_mean_k - 291.15).abs() < 1e-6));
    assert!(result.balance.leak_in_kg_s < 1e-9, "{:?}", result.balance);
    case.racks.iter_mut().for_each(|r| r.options.chimney = Some(Chimney { leak: 0.1 }));
    let leaky = previewed(&case);
    close(&leaky);
    assert!(leaky.metrics.intake_max_k > 291.3);
    case.ceiling = None;
    assert!(case.check().unwrap_err().to_string().contains("chimney"));
}
