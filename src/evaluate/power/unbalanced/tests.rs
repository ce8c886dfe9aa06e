use super::case::{Bus, Line, Load, Source, Transformer};
use super::*;

/// 11 kV source, Dyn1 transformer, low-voltage lines in a ring if `ring`.
fn network(ring: bool, p_mw: [f64; 3]) -> UnbalancedCase {
    let bus = |id: &str, vn_kv: f64| Bus { id: id.into(), vn_kv };
    let line = |id: &str, f: &str, t: &str| Line {
        id: id.into(),
        f: f.into(),
        t: t.into(),
        r1: 0.02,
        x1: 0.008,
        r0: 0.06,
        x0: 0.02,
        ..Line::default()
    };
    let mut lines = vec![line("a", "low", "x"), line("b", "x", "y"), line("c", "y", "z")];
    if ring {
        lines.push(line("d", "z", "low"));
    }
    UnbalancedCase {
        name: "test".into(),
        source_bus: Source {
            bus: "high".into(),
            u_pu: 1.02,
            sk_mva: 500.0,
            rx: 0.1,
            r0x0: 0.1,
            x0x: 1.0,
        },
        buses: vec![
            bus("high", 11.0),
            bus("low", 0.4),
            bus("x", 0.4),
            bus("y", 0.4),
            bus("z", 0.4),
        ],
        transformers: vec![Transformer {
            id: "T".into(),
            hv: "high".into(),
            lv: "low".into(),
            sn_mva: 0.5,
            vn_hv_kv: 11.0,
            vn_lv_kv: 0.4,
            vk_percent: 5.0,
            vkr_percent: 1.0,
            clock: 1,
            ..Transformer::default()
        }],
        lines,
        loads: vec![
            Load { bus: "y".into(), p_mw, q_mvar: p_mw.map(|p| 0.3 * p) },
            Load { bus: "z".into(), p_mw: [p_mw[1], 0.0, 0.0], q_mvar: [0.0; 3] },
        ],
    }
}

fn imbalance_w(case: &UnbalancedCase, flow: &Flow) -> f64 {
    let load: f64 = case.loads.iter().flat_map(|l| l.p_mw).sum::<f64>() * MEGA;
    flow.source_va.iter().map(|s| s.re).sum::<f64>() - load - flow.loss_w
}

#[test]
fn power_is_kept_in_trees_and_rings() {
    for ring in [false, true] {
        let case = network(ring, [0.02, 0.01, 0.03]);
        let mut net = Unbalanced::new(case.clone()).unwrap();
        net.solve().unwrap();
        let flow = net.flow();
        // Cancellation at the 500 MVA source leaves about 1e-7 W.
        assert!(imbalance_w(&case, &flow).abs() < 1e-5, "{}", imbalance_w(&case, &flow));
        assert!(flow.loss_w > 0.0);
    }
}

#[test]
fn a_balanced_load_has_balanced_voltages_that_lag_by_30_degrees() {
    let mut case = network(true, [0.02; 3]);
    case.loads.truncate(1);
    let mut net = Unbalanced::new(case).unwrap();
    net.solve().unwrap();
    let [a, b, c] = net.flow().v[1];
    assert!((a.abs() - b.abs()).abs() < 1e-12 && (a.abs() - c.abs()).abs() < 1e-12);
    let angle = a.im.atan2(a.re).to_degrees();
    assert!(angle < -29.9 && angle > -32.0, "{angle}");
}

#[test]
fn newton_takes_over_at_heavy_load_and_agrees_with_the_fixed_point() {
    let mut net = Unbalanced::new(network(true, [0.04, 0.02, 0.05])).unwrap();
    net.solve().unwrap();
    let fixed = net.flow();
    net.solve_heavy(0).unwrap();
    for (a, b) in fixed.v.iter().flatten().zip(net.flow().v.iter().flatten()) {
        assert!((*a - *b).abs() < 1e-11);
    }
}

#[test]
fn too_much_load_is_collapse_and_the_share_is_carried() {
    let drawn = 2.0;
    let mut net = Unbalanced::new(network(false, [drawn, 0.5 * drawn, drawn])).unwrap();
    let Err(NetworkError::Collapse { percent, .. }) = net.solve() else { panic!("no collapse") };
    let at = |share: f64| {
        let p = 0.01 * percent * share * drawn;
        Unbalanced::new(network(false, [p, 0.5 * p, p])).unwrap().solve()
    };
    assert!(at(0.999).is_ok() && at(1.001).is_err(), "{percent}");
}

#[test]
fn buses_out_of_reach_are_dead_and_bad_data_is_named() {
    let mut case = network(false, [0.02, 0.01, 0.03]);
    case.lines.remove(0);
    let mut net = Unbalanced::new(case).unwrap();
    net.solve().unwrap();
    assert_eq!(net.flow().dead, [2, 3, 4]);
    let refused = |spoil: &dyn Fn(&mut UnbalancedCase), words: &[&str]| {
        let mut bad = network(false, [0.02; 3]);
        spoil(&mut bad);
        let said = Unbalanced::new(bad).unwrap_err().to_string();
        assert!(words.iter().all(|w| said.contains(w)), "{said}");
    };
    refused(&|c| c.lines[1].r1 = -1.0, &["line b", "r1", "-1"]);
    refused(&|c| (c.lines[1].r1, c.lines[1].x1) = (0.0, 0.0), &["line b", "r1"]);
    refused(&|c| c.transformers[0].vkr_percent = 9.0, &["transformer T", "vkr_percent", "9"]);
    refused(&|c| c.buses[4].id = "x".into(), &["bus", "x"]);
    refused(&|c| c.loads[0].bus = "q".into(), &["bus q"]);
    refused(&|c| c.loads[0].p_mw[1] = 1e9, &["bus y", "p_mw"]);
}
