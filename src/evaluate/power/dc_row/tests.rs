use super::case::{Load, Segment, Source};
use super::*;

fn segment(id: &str, f: &str, t: &str, r_loop_ohm: f64) -> Segment {
    Segment { id: id.into(), f: f.into(), t: t.into(), r_loop_ohm, i_max_a: None }
}

fn row(r_out_ohm: f64, segments: Vec<Segment>, loads: &[(&str, f64)]) -> RowCase {
    let mut buses = vec!["S".to_owned()];
    for s in &segments {
        for end in [&s.f, &s.t] {
            if !buses.contains(end) {
                buses.push(end.clone());
            }
        }
    }
    let load = |(bus, p_kw): &(&str, f64)| Load { bus: (*bus).into(), p_kw: *p_kw };
    RowCase {
        name: "test".into(),
        v_nominal_kv: 0.8,
        source: Source { bus: "S".into(), v_set_kv: 0.8, r_out_ohm },
        buses,
        segments,
        loads: loads.iter().map(load).collect(),
    }
}

#[test]
fn one_load_has_its_closed_form_behind_a_stiff_and_a_soft_source() {
    for (r_out, r) in [(0.0, 0.05), (0.02, 0.03)] {
        let p_w = 1.2e6;
        let mut net =
            Row::new(row(r_out, vec![segment("a", "S", "N", r)], &[("N", p_w / KILO)])).unwrap();
        net.solve().unwrap();
        let v = 0.5 * (800.0 + (800.0 * 800.0 - 4.0 * (r + r_out) * p_w).sqrt());
        let flow = net.flow();
        assert!((flow.v_v[1] - v).abs() < 1e-9);
        assert!((flow.v_v[0] - (800.0 - r_out * p_w / v)).abs() < 1e-9);
        assert!((flow.source_w - flow.loss_w - p_w).abs() < 1e-6);
        let limit = 800.0 * 800.0 / (4.0 * (r + r_out)) / p_w;
        assert!((net.max_load_factor().unwrap() / limit - 1.0).abs() < 1e-10);
    }
}

#[test]
fn a_ring_splits_its_current_and_its_limit_is_where_solutions_end() {
    let ring = vec![
        segment("a", "S", "N", 0.01),
        segment("b", "N", "M", 0.01),
        segment("c", "S", "M", 0.02),
    ];
    let mut net = Row::new(row(0.0, ring.clone(), &[("N", 100.0), ("M", 300.0)])).unwrap();
    net.solve().unwrap();
    let flow = net.flow();
    let at_m = flow.i_a[1] + flow.i_a[2];
    assert!((at_m * flow.v_v[2] - 300e3).abs() < 1e-6, "{flow:?}");
    assert!((flow.source_w - flow.loss_w - 400e3).abs() < 1e-6);
    let limit = net.max_load_factor().unwrap();
    let at = |share: f64| {
        let loads = [("N", 100.0 * limit * share), ("M", 300.0 * limit * share)];
        Row::new(row(0.0, ring.clone(), &loads)).unwrap().solve()
    };
    assert!(at(1.0 - 1e-9).is_ok());
    let Err(NetworkError::Collapse { percent, bus, .. }) = at(1.25) else { panic!("solved") };
    assert!((percent - 80.0).abs() < 1e-6 && bus == "M", "{percent} {bus}");
}

#[test]
fn dead_buses_and_bad_data_are_told() {
    let parts = vec![segment("a", "S", "N", 0.01), segment("b", "P", "Q", 0.01)];
    let mut net = Row::new(row(0.0, parts.clone(), &[("N", 10.0), ("Q", 10.0)])).unwrap();
    net.solve().unwrap();
    assert_eq!(net.flow().dead, [2, 3]);
    let refused = |spoil: &dyn Fn(&mut RowCase), words: &[&str]| {
        let mut bad = row(0.0, parts.clone(), &[("N", 10.0)]);
        spoil(&mut bad);
        let said = Row::new(bad).unwrap_err().to_string();
        assert!(words.iter().all(|w| said.contains(w)), "{said}");
    };
    refused(&|c| c.segments[0].r_loop_ohm = 0.0, &["segment a", "r_loop_ohm", "0"]);
    refused(&|c| c.segments[1].id = "a".into(), &["segment", "a"]);
    refused(&|c| c.loads[0].p_kw = f64::INFINITY, &["bus N", "p_kw"]);
    refused(&|c| c.source.bus = "X".into(), &["source", "bus X"]);
}
