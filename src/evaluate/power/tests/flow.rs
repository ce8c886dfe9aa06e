//! Load flow of small networks with a known answer.

use super::*;

#[test]
fn a_two_bus_feeder_gives_the_hand_computed_voltage_current_and_loss() {
    // 100 kW at 415 V over 20 mΩ: V = (415 + √(415² − 4·0.02·100 000)) / 2.
    let result =
        solve(&case(vec![source("U"), line("BW", 0, 0.02, 0.0)], vec![rack("R", 1e5, &[1])]));
    let v = 0.5 * (415.0 + (415.0_f64 * 415.0 - 4.0 * 0.02 * 1e5).sqrt());
    let i = 1e5 / (3.0_f64.sqrt() * v);
    let busway = &result.elements[1];
    assert!((busway.v_pu * 415.0 - v).abs() < 1e-9);
    assert!((busway.i_a - i).abs() < 1e-9);
    assert!((busway.loss_w - 3.0 * i * i * 0.02).abs() < 1e-6);
    assert!((busway.drop_percent - 100.0 * (1.0 - v / 415.0)).abs() < 1e-9);
    assert!((result.loads[0].feeds[0].i_a - i).abs() < 1e-9);
    assert_closes(&result);
}

#[test]
fn a_direct_current_feeder_has_no_square_root_of_three() {
    let dc = |e: Element| Element { current: Current::Dc, v_nominal_v: 800.0, ..e };
    let elements = vec![dc(source("U")), dc(line("BW", 0, 0.01, 5.0))];
    let mut load = rack("R", 1e5, &[1]);
    load.power_factor = 0.9;
    let result = solve(&case(elements, vec![load]));
    let v = 0.5 * (800.0 + (800.0_f64 * 800.0 - 4.0 * 0.01 * 1e5).sqrt());
    assert!((result.elements[1].v_pu * 800.0 - v).abs() < 1e-9);
    assert!((result.elements[1].i_a - 1e5 / v).abs() < 1e-9);
    assert!((result.loads[0].feeds[0].i_a - 1e5 / v).abs() < 1e-9);
    assert!(result.totals.source_var.abs() < 1e-9);
}

#[test]
fn tap_offs_along_a_busway_equal_a_chain_of_short_busways() {
    let (r, x) = (0.004, 0.002);
    let taps = [0.0, 0.25, 0.5, 1.0];
    let mut racks: Vec<Load> = (0..4).map(|k| rack(&format!("R{k}"), 6e4, &[1])).collect();
    for (load, tap) in racks.iter_mut().zip(taps) {
        load.feeds[0].tap = tap;
    }
    let one = solve(&case(vec![source("U"), line("BW", 0, r, x)], racks));

    let lengths = [0.0, 0.25, 0.25, 0.5];
    let mut elements = vec![source("U")];
    for (k, l) in lengths.iter().enumerate() {
        elements.push(line(&format!("S{k}"), k, r * l, x * l));
    }
    let racks = (0..4).map(|k| rack(&format!("R{k}"), 6e4, &[k + 1])).collect();
    let chain = solve(&case(elements, racks));

    assert!((one.totals.loss_w - chain.totals.loss_w).abs() < 1e-6);
    assert!((one.elements[1].v_pu - chain.elements[4].v_pu).abs() < 1e-12);
    for k in 0..4 {
        let (a, b) = (&one.loads[k], &chain.loads[k]);
        assert!((a.feeds[0].v_pu - b.feeds[0].v_pu).abs() < 1e-12);
        assert!((a.drop_percent - b.drop_percent).abs() < 1e-9);
    }
    assert_closes(&one);
}

#[test]
fn a_transformer_loses_its_no_load_loss_and_the_square_of_its_load() {
    let model = Model::Transformer {
        base_va: 1e6,
        r_pu: 0.01,
        x_pu: 0.06,
        no_load_w: 1000.0,
        magnetising_var: 0.0,
        tap_percent: 0.0,
    };
    let mut transformer = element("TX", ElementKind::Transformer, Some(0), model);
    transformer.module_rating.s_va = Some(1e6);
    let utility = Element { v_nominal_v: 34_500.0, ..source("U") };
    let result = solve(&case(vec![utility, transformer], vec![rack("R", 5e5, &[1])]));
    let tx = &result.elements[1];
    let copper_w = 0.01 * 1e6 * 0.5_f64.powi(2) / tx.v_pu.powi(2);
    let iron_w = 1000.0 * 0.5 * (1.0 + tx.v_pu.powi(2));
    assert!((tx.loss_w - copper_w - iron_w).abs() < 0.02 * tx.loss_w, "{}", tx.loss_w);
    assert!((tx.loading_normal - 0.5).abs() < 0.01);
    assert_eq!(tx.capacity_unit, "VA");
    assert_eq!(tx.drop_percent, 0.0);
    assert_closes(&result);
}

#[test]
fn a_tap_raises_the_output_and_is_not_a_gain_of_power() {
    let transformer = |tap_percent| {
        let (base_va, r_pu, x_pu) = (1e6, 0.01, 0.06);
        let (no_load_w, magnetising_var) = (0.0, 0.0);
        let model =
            Model::Transformer { base_va, r_pu, x_pu, no_load_w, magnetising_var, tap_percent };
        element("TX", ElementKind::Transformer, Some(0), model)
    };
    let solved = |tap| {
        let elements = vec![source("U"), transformer(tap), line("C", 1, 2e-3, 1e-3)];
        solve(&case(elements, vec![rack("R", 5e5, &[2])]))
    };
    let (flat, raised) = (solved(0.0), solved(5.0));
    // |V|⁴ + (2(rp + xq) − E²)|V|² + |z|²|s|² = 0 behind the no-load voltage E, on the load's base.
    let base_ohm = 415.0_f64.powi(2);
    let (r, x) = (0.01e-6 + 2e-3 / base_ohm, 0.06e-6 + 1e-3 / base_ohm);
    let (p, q) = (5e5, 0.0);
    for (result, e) in [(&flat, 1.0), (&raised, 1.05_f64)] {
        let b = 2.0 * (r * p + x * q) - e * e;
        let c = (r * r + x * x) * (p * p + q * q);
        let exact = ((-b + (b * b - 4.0 * c).sqrt()) / 2.0).sqrt();
        assert!((result.elements[2].v_pu - exact).abs() < 1e-10, "{}", result.elements[2].v_pu);
        assert_closes(result);
    }
    assert!(raised.totals.loss_w < flat.totals.loss_w);
}

#[test]
fn a_ups_decouples_voltage_and_draws_its_loss() {
    let elements = vec![source("U"), line("C", 0, 0.005, 0.0), ups("UPS", 1, 2e5, 1, 0)];
    let result = solve(&case(elements, vec![rack("R", 1e5, &[2])]));
    let ups = &result.elements[2];
    assert_eq!(ups.v_pu, 1.0);
    // Half load: 2.5 % of 200 kW.
    assert!((ups.loss_w - 5000.0).abs() < 1e-9);
    assert!((ups.p_in_w - 105_000.0).abs() < 1e-9);
    assert!((result.elements[1].p_out_w - 105_000.0).abs() < 1e-4);
    assert_closes(&result);
}

#[test]
fn the_spare_module_shares_the_loss_but_not_the_capacity() {
    let result =
        solve(&case(vec![source("U"), ups("UPS", 0, 1e5, 4, 1)], vec![rack("R", 3e5, &[1])]));
    let ups = &result.elements[1];
    assert!((ups.loading_normal - 1.0).abs() < 1e-12);
    assert!((ups.capacity - 3e5).abs() < 1e-6);
    // All four modules run at 75 %: 3.25 % of 400 kW.
    assert!((ups.loss_w - 13_000.0).abs() < 1e-6);
    assert!(result.findings.is_empty());
}

#[test]
fn the_eighty_percent_rule_is_kept_beside_the_nameplate() {
    let mut busway = line("BW", 0, 0.0, 0.0);
    busway.module_rating.i_a = Some(100.0);
    busway.limit = ContinuousLimit::nec_continuous();
    let p_w = 3.0_f64.sqrt() * 415.0 * 90.0;
    let result = solve(&case(vec![source("U"), busway], vec![rack("R", p_w, &[1])]));
    let e = &result.elements[1];
    assert!((e.loading_normal - 0.9).abs() < 1e-12);
    assert!((e.normal_of_limit() - 1.125).abs() < 1e-12);
    let finding = &result.findings[0];
    assert_eq!((finding.rule, finding.severity), ("power.overload", Severity::Error));
    assert!((finding.limit.unwrap() - 80.0).abs() < 1e-9);
    assert!(finding.source.contains("NEC"));
}

#[test]
fn too_much_drop_warns_and_far_too_much_is_an_error() {
    let with =
        |p_w| solve(&case(vec![source("U"), line("BW", 0, 0.1, 0.0)], vec![rack("R", p_w, &[1])]));
    assert!(rules(&with(50_000.0)).is_empty());
    // The drop is all on the branch, so that its own limit of 3 % is exceeded too.
    let branch = "power.voltage-drop-branch";
    assert_eq!(rules(&with(100_000.0)), ["power.voltage-drop", branch]);
    assert_eq!(rules(&with(200_000.0)), ["power.undervoltage", branch]);
}

#[test]
fn an_impossible_load_names_the_element_and_leaves_no_nan() {
    let mut c = case(vec![source("U"), line("BW", 0, 10.0, 0.0)], vec![rack("R", 1e6, &[1])]);
    c.every_single_outage = true;
    let result = solve(&c);
    assert_eq!(rules(&result), ["power.voltage-collapse", "power.dead-load"]);
    let finding = &result.findings[0];
    assert!(finding.message.contains("BW"));
    // P_max = V² / 4R = 4.3 kW of 1 MW.
    assert!((finding.value.unwrap() - 100.0 * 415.0 * 415.0 / 40.0 / 1e6).abs() < 0.01);
    assert_eq!(result.scenarios[0].tripped, ["BW"]);
    let busway = &result.elements[1];
    assert_eq!((busway.live, busway.v_pu, busway.i_a, busway.loss_w), (false, 0.0, 0.0, 0.0));
    assert_closes(&result);
}
