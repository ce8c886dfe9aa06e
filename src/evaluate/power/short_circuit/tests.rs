//! Analytic faults, meshes against series and parallel rules, and bad data by name.

use super::case::*;
use super::error::FaultError;
use super::*;

fn bus(name: &str, v_nominal_v: f64) -> FaultBus {
    FaultBus { name: name.to_owned(), v_nominal_v }
}

fn grid(bus: usize, max_va: f64, r_over_x: f64) -> FaultSource {
    let strength = Strength::Grid { max_va, min_va: 0.8 * max_va, r_over_x };
    FaultSource { name: format!("grid {bus}"), bus, strength }
}

fn cable(name: &str, from: usize, to: usize, z: (f64, f64)) -> Conductor {
    Conductor { name: name.to_owned(), from, to, r_ohm: z.0, x_ohm: z.1, end_c: 80.0 }
}

fn unit(hv: usize, lv: usize) -> FaultTransformer {
    FaultTransformer {
        name: "TX".to_owned(),
        hv,
        lv,
        s_va: 2.5e6,
        hv_v: 20e3,
        lv_v: 400.0,
        z_pu: 0.06,
        r_pu: 0.0,
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * b.abs()
}

fn behind_a_transformer() -> FaultNetwork {
    FaultNetwork {
        buses: vec![bus("MV", 20e3), bus("LV", 400.0), bus("dead", 400.0)],
        sources: vec![grid(0, 500e6, 0.1)],
        transformers: vec![unit(0, 1)],
        ..FaultNetwork::default()
    }
}

#[test]
fn a_transformer_on_a_stiff_network_gives_the_textbook_current() {
    let mut net = behind_a_transformer();
    net.sources = vec![grid(0, 1e18, 0.0)];
    let faults = solve(&net).unwrap();
    let k_t = 0.95 * 1.1 / (1.0 + 0.6 * 0.06);
    let z_ohm = 0.06 * 400.0 * 400.0 / 2.5e6;
    let lv = faults[1].unwrap();
    let expected = 1.1 * 400.0 / (3.0_f64.sqrt() * z_ohm * k_t);
    assert!((lv.ik_max_a / expected - 1.0).abs() < 1e-9, "{} {expected}", lv.ik_max_a);
    let smallest = 0.9 * 400.0 / (3.0_f64.sqrt() * z_ohm);
    assert!((lv.ik_min_a / smallest - 1.0).abs() < 1e-9);
    // Without resistance the peak is twice the crest, and the direct component is not counted.
    assert!((lv.ip_a / (2.0 * 2.0_f64.sqrt() * lv.ik_max_a) - 1.0).abs() < 1e-9);
    assert_eq!(lv.ith_a, lv.ik_max_a);
    assert_eq!(faults[2], None);
}

#[test]
fn a_feeder_gives_back_its_own_short_circuit_power() {
    let fault = solve(&behind_a_transformer()).unwrap()[0].unwrap();
    assert!(close(fault.ik_max_a, 500e6 / (3.0_f64.sqrt() * 20e3)));
    assert!(close(fault.ik_min_a, 0.8 * fault.ik_max_a));
    assert!(close(fault.r_ohm, 0.1 * fault.x_ohm));
}

#[test]
fn a_closed_ring_is_two_paths_in_parallel() {
    let ring = FaultNetwork {
        buses: (0..4).map(|i| bus(&format!("b{i}"), 20e3)).collect(),
        sources: vec![grid(0, 500e6, 0.0)],
        conductors: vec![
            cable("a", 0, 1, (0.1, 0.2)),
            cable("b", 1, 2, (0.1, 0.2)),
            cable("c", 2, 3, (0.1, 0.2)),
            cable("d", 3, 0, (0.1, 0.2)),
        ],
        ..FaultNetwork::default()
    };
    let faults = solve(&ring).unwrap();
    let x_source = 1.1 * 20e3 * 20e3 / 500e6;
    // One of four equal sections against three: 3/4 of a section; in the middle one section.
    for (at, sections) in [(1, 0.75), (2, 1.0), (3, 0.75)] {
        let fault = faults[at].unwrap();
        assert!(close(fault.r_ohm, 0.1 * sections), "{at}");
        assert!(close(fault.x_ohm, 0.2 * sections + x_source), "{at}");
    }
}

#[test]
fn the_equivalent_frequency_matters_only_in_meshes() {
    let peak = |net: &FaultNetwork, peak| {
        let net = FaultNetwork { peak, ..net.clone() };
        solve(&net).unwrap().iter().flatten().map(|f| f.ip_a).collect::<Vec<_>>()
    };
    let radial = behind_a_transformer();
    let (a, b) =
        (peak(&radial, PeakRatio::Impedance), peak(&radial, PeakRatio::EquivalentFrequency));
    assert!(a.iter().zip(&b).all(|(a, b)| close(*a, *b)));
    let mut mesh = radial;
    mesh.buses.push(bus("far", 20e3));
    mesh.conductors = vec![cable("thick", 0, 3, (0.01, 0.4)), cable("thin", 0, 3, (2.0, 0.1))];
    let (a, b) = (peak(&mesh, PeakRatio::Impedance), peak(&mesh, PeakRatio::EquivalentFrequency));
    assert!(!close(a[2], b[2]), "{a:?} {b:?}");
}

#[test]
fn closed_switches_make_one_bus_and_generators_count_with_their_correction() {
    let net = FaultNetwork {
        buses: vec![bus("in", 480.0), bus("out", 480.0)],
        sources: vec![FaultSource {
            name: "G".to_owned(),
            bus: 0,
            strength: Strength::Generator {
                s_va: 2e6,
                x_pu: 0.12,
                r_over_x: 0.15,
                power_factor: 0.8,
            },
        }],
        links: vec![Link { name: "bypass".to_owned(), a: 1, b: 0 }],
        ..FaultNetwork::default()
    };
    let faults = solve(&net).unwrap();
    assert_eq!(faults[0], faults[1]);
    let x = 0.12 * 480.0 * 480.0 / 2e6 * 1.1 / (1.0 + 0.12 * 0.6);
    assert!(close(faults[0].unwrap().x_ohm, x));
    assert!(close(faults[0].unwrap().r_ohm, 0.15 * x));
}

#[test]
fn the_order_of_the_parts_does_not_matter() {
    let mut net = behind_a_transformer();
    net.conductors =
        (0..5).map(|k| cable(&format!("c{k}"), 1, 2, (1e-3 * f64::from(k + 1), 1e-4))).collect();
    let forward = solve(&net).unwrap();
    net.conductors.reverse();
    net.buses.swap(0, 2);
    for c in &mut net.conductors {
        (c.from, c.to) = (0, 1);
    }
    net.sources[0].bus = 2;
    net.transformers[0].hv = 2;
    let back = solve(&net).unwrap();
    for (a, b) in [(0, 2), (1, 1), (2, 0)] {
        let (a, b) = (forward[a].unwrap(), back[b].unwrap());
        assert!(close(a.ik_max_a, b.ik_max_a) && close(a.ik_min_a, b.ik_min_a));
    }
}

#[test]
fn bad_data_is_named() {
    let said = |change: &dyn Fn(&mut FaultNetwork)| {
        let mut net = behind_a_transformer();
        net.conductors.push(cable("W1", 1, 2, (1e-3, 1e-3)));
        change(&mut net);
        solve(&net).unwrap_err().to_string()
    };
    assert!(
        said(&|n| n.sources[0] = grid(0, 0.0, 0.1)).contains("grid 0: the short-circuit power")
    );
    assert!(said(&|n| n.sources[0] = grid(0, f64::NAN, 0.1)).contains("grid 0"));
    assert!(said(&|n| n.transformers[0].r_pu = 0.07).contains("TX: vkr is 7"));
    assert!(said(&|n| n.transformers[0].z_pu = 0.0).contains("TX: vk is 0"));
    assert!(said(&|n| n.conductors[0].x_ohm = -1.0).contains("W1: x_ohm is -1"));
    assert!(said(&|n| n.conductors[0].to = 9).contains("W1 ends at bus 9"));
    assert!(said(&|n| n.conductors[0].to = 0).contains("joins LV at 400 V to MV at 20000 V"));
    assert!(said(&|n| n.buses[2].name = "LV".to_owned()).contains("LV is used twice"));
    let zero = said(&|n| (n.conductors[0].r_ohm, n.conductors[0].x_ohm) = (0.0, 0.0));
    assert_eq!(zero, FaultError::NoImpedance { owner: "W1".to_owned() }.to_string());
}
