use super::synthetic::mesh;
use super::*;
use crate::numerics::complex::Complex;
use proptest::prelude::*;

fn slack(id: &str, v: f64) -> Bus {
    Bus { id: id.into(), kind: BusKind::Slack, v_set_pu: Some(v), ..Bus::default() }
}

fn load(id: &str, p_load_mw: f64, q_load_mvar: f64) -> Bus {
    Bus { id: id.into(), p_load_mw, q_load_mvar, ..Bus::default() }
}

fn branch(id: &str, f: &str, t: &str, r: f64, x: f64) -> Branch {
    let (id, f, t) = (id.into(), f.into(), t.into());
    Branch { id, f, t, r, x, tap: 1.0, closed: true, ..Branch::default() }
}

fn case(buses: Vec<Bus>, branches: Vec<Branch>) -> BusBranchCase {
    BusBranchCase { name: "test".into(), base_mva: 100.0, buses, branches }
}

fn solved(case: &BusBranchCase) -> Flow {
    let mut newton = Newton::new(case.clone()).unwrap();
    newton.solve().unwrap();
    newton.flow()
}

/// Generation less load, shunts and branch losses, p.u.
fn imbalance(case: &BusBranchCase, flow: &Flow) -> f64 {
    let mut sum = Complex::ZERO - flow.loss;
    for (i, bus) in case.buses.iter().enumerate().filter(|(i, _)| !flow.dead.contains(i)) {
        let drawn = Complex::new(bus.p_load_mw, bus.q_load_mvar);
        let shunt = Complex::new(bus.gs_mw, -bus.bs_mvar).scale(flow.v[i].norm_sqr());
        sum = sum + flow.generated[i] - (drawn + shunt).scale(1.0 / case.base_mva);
    }
    sum.abs()
}

#[test]
fn two_buses_have_their_closed_form() {
    // |V|² from the biquadratic of a line with r, x and load p, q.
    let (r, x, p, q) = (0.02, 0.1, 0.8, 0.3);
    let flow = solved(&case(
        vec![slack("1", 1.0), load("2", 100.0 * p, 100.0 * q)],
        vec![branch("a", "1", "2", r, x)],
    ));
    let b: f64 = 2.0 * (r * p + x * q) - 1.0;
    let c = (r * r + x * x) * (p * p + q * q);
    let square = 0.5 * (-b + (b * b - 4.0 * c).sqrt());
    assert!((flow.v[1].norm_sqr() - square).abs() < 1e-12);
    assert!((flow.loss.re - r * (p * p + q * q) / square).abs() < 1e-12);
}

#[test]
fn the_margin_of_a_line_is_its_closed_form() {
    // Lossless line at unity power factor: p = V²/(2x), at V²/2.
    let grid =
        case(vec![slack("1", 1.0), load("2", 50.0, 0.0)], vec![branch("a", "1", "2", 0.0, 0.4)]);
    let margin = Newton::new(grid).unwrap().margin().unwrap();
    assert!((margin.max_load_factor.unwrap() - 2.5).abs() < 1e-6, "{margin:?}");
    assert_eq!(margin.lowest_bus, "2");
    assert!((margin.lowest_vm_pu - 0.5_f64.sqrt()).abs() < 1e-3);
}

#[test]
fn too_much_load_is_collapse_with_the_share_that_is_carried() {
    let grid =
        case(vec![slack("1", 1.0), load("2", 500.0, 0.0)], vec![branch("a", "1", "2", 0.0, 0.4)]);
    match Newton::new(grid).unwrap().solve() {
        Err(NetworkError::Collapse { percent, bus, .. }) => {
            assert!((percent - 25.0).abs() < 1e-4 && bus == "2", "{percent} {bus}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn phase_shifters_of_any_angle_are_reached_from_the_start() {
    for shift_deg in [-150.0, -30.0, 30.0, 150.0, 180.0] {
        let shifter =
            |id: &str, f: &str, t: &str| Branch { shift_deg, ..branch(id, f, t, 0.005, 0.08) };
        // Two shifters in parallel and a meshed low side.
        let grid = case(
            vec![
                slack("1", 1.02),
                load("2", 10.0, 5.0),
                load("3", 60.0, 20.0),
                load("4", 40.0, 9.0),
            ],
            vec![
                branch("a", "1", "2", 0.01, 0.05),
                shifter("b", "1", "3"),
                shifter("c", "2", "4"),
                branch("d", "3", "4", 0.01, 0.06),
            ],
        );
        let mut newton = Newton::new(grid.clone()).unwrap();
        let iterations = newton.solve().unwrap().iterations;
        assert!(iterations <= 6, "{shift_deg}: {iterations}");
        let flow = newton.flow();
        let straight = solved(&case(
            grid.buses.clone(),
            grid.branches.iter().map(|b| Branch { shift_deg: 0.0, ..b.clone() }).collect(),
        ));
        // The low side turns as a whole; nothing else changes.
        for (i, (a, b)) in flow.v.iter().zip(&straight.v).enumerate() {
            let turn = (a.im.atan2(a.re) - b.im.atan2(b.re)).to_degrees();
            let expected = if i < 2 { 0.0 } else { -shift_deg };
            let off = (turn - expected).rem_euclid(360.0);
            assert!(off.min(360.0 - off) < 1e-8 && (a.abs() - b.abs()).abs() < 1e-11);
        }
    }
}

#[test]
fn branches_without_impedance_join_buses_and_their_flows_are_found() {
    // 1 =z= 2 - switch - 3 - switch - 4, loads on 3 and 4; ideal transformer 3-5.
    let ideal = Branch { tap: 0.5, shift_deg: 30.0, ..branch("e", "3", "5", 0.0, 0.0) };
    let grid = case(
        vec![
            slack("1", 1.0),
            load("2", 0.0, 0.0),
            load("3", 30.0, 10.0),
            load("4", 20.0, 5.0),
            load("5", 8.0, 2.0),
        ],
        vec![
            branch("a", "1", "2", 0.01, 0.05),
            branch("s", "2", "3", 0.0, 0.0),
            branch("t", "4", "3", 0.0, 0.0),
            ideal,
        ],
    );
    let flow = solved(&grid);
    assert_eq!(flow.v[1], flow.v[2]);
    assert!((flow.v[4].abs() - 2.0 * flow.v[2].abs()).abs() < 1e-12);
    let near = |a: Complex, re: f64, im: f64| (a - Complex::new(re, im)).abs() < 1e-10;
    assert!(near(flow.from[1], 0.58, 0.17) && near(flow.to[1], -0.58, -0.17), "{flow:?}");
    assert!(near(flow.from[2], -0.2, -0.05) && near(flow.to[3], -0.08, -0.02), "{flow:?}");
    assert!(imbalance(&grid, &flow) < 1e-10);
}

#[test]
fn sources_shorted_onto_each_other_are_a_data_error() {
    let grid = case(vec![slack("1", 1.0), slack("2", 1.05)], vec![branch("s", "1", "2", 0.0, 0.0)]);
    let error = Newton::new(grid).unwrap_err();
    assert_eq!(error.cause(), "data_error");
    assert!(error.to_string().contains("branch s"), "{error}");
}

#[test]
fn islands_are_solved_apart_and_dead_ones_are_results() {
    let grid = case(
        vec![
            slack("1", 1.0),
            load("2", 20.0, 5.0),
            Bus { va_set_deg: 40.0, ..slack("3", 1.03) },
            load("4", 10.0, 1.0),
            load("5", 7.0, 1.0),
            load("6", 7.0, 1.0),
        ],
        vec![
            branch("a", "1", "2", 0.01, 0.05),
            branch("b", "3", "4", 0.01, 0.05),
            branch("c", "5", "6", 0.01, 0.05),
            Branch { closed: false, ..branch("open", "4", "5", 0.01, 0.05) },
        ],
    );
    let flow = solved(&grid);
    assert_eq!(flow.dead, [4, 5]);
    assert_eq!(flow.v[5], Complex::ZERO);
    assert!((flow.v[2].im.atan2(flow.v[2].re).to_degrees() - 40.0).abs() < 1e-12);
    assert!(imbalance(&grid, &flow) < 1e-10);
    let lone = case(vec![load("1", 1.0, 0.0)], Vec::new());
    assert_eq!(Newton::new(lone).unwrap_err(), NetworkError::NoSource);
}

#[test]
fn bad_data_is_named() {
    let good =
        case(vec![slack("1", 1.0), load("2", 20.0, 5.0)], vec![branch("a", "1", "2", 0.01, 0.05)]);
    let refused = |spoil: &dyn Fn(&mut BusBranchCase), words: &[&str]| {
        let mut bad = good.clone();
        spoil(&mut bad);
        let error = Newton::new(bad).unwrap_err();
        let said = error.to_string();
        assert_eq!(error.cause(), "data_error", "{said}");
        assert!(words.iter().all(|w| said.contains(w)), "{said}");
    };
    refused(&|c| c.buses[1].id = "1".into(), &["bus", "1"]);
    refused(&|c| c.buses[1].p_load_mw = 1e9, &["bus 2", "p_load_mw", "1000000000"]);
    refused(&|c| c.buses[1].q_load_mvar = f64::NAN, &["bus 2", "q_load_mvar"]);
    refused(&|c| c.buses[0].v_set_pu = None, &["bus 1", "v_set_pu"]);
    refused(&|c| c.branches[0].t = "9".into(), &["branch a", "bus 9"]);
    refused(&|c| c.branches[0].t = "1".into(), &["branch a", "bus 1"]);
    refused(&|c| c.branches[0].r = -0.5, &["branch a", "r is -0.5"]);
    refused(&|c| c.branches[0].tap = 0.0, &["branch a", "tap"]);
    refused(&|c| c.base_mva = 0.0, &["base_mva"]);
    refused(&|c| c.branches.push(c.branches[0].clone()), &["branch", "a"]);
}

#[test]
fn series_capacitors_and_parallel_lines_are_allowed() {
    let grid = case(
        vec![slack("1", 1.0), load("2", 0.0, 0.0), load("3", 50.0, 20.0)],
        vec![
            branch("a", "1", "2", 0.01, 0.1),
            branch("b", "1", "2", 0.01, 0.1),
            branch("cap", "2", "3", 0.0, -0.02),
        ],
    );
    let flow = solved(&grid);
    assert!((flow.from[0] - flow.from[1]).abs() < 1e-14);
    assert!(imbalance(&grid, &flow) < 1e-10);
}

#[test]
fn meshes_balance_and_do_not_depend_on_the_order_of_elements() {
    for (n, seed) in [(118, 1), (400, 2)] {
        let grid = mesh(n, seed);
        let flow = solved(&grid);
        assert!(imbalance(&grid, &flow) < 1e-9, "{}", imbalance(&grid, &flow));
        let mut turned = grid.clone();
        turned.buses.reverse();
        turned.branches.reverse();
        let again = solved(&turned);
        for (a, b) in flow.v.iter().zip(again.v.iter().rev()) {
            assert!((*a - *b).abs() < 1e-10);
        }
    }
}

#[test]
fn a_solve_that_is_repeated_gives_the_same_bits() {
    let mut newton = Newton::new(mesh(118, 5)).unwrap();
    newton.solve().unwrap();
    let first = newton.flow();
    newton.solve().unwrap();
    assert_eq!(first, newton.flow());
}

/// Dense fixed point V ← Y⁻¹(I(V) − Y_s V_s) by Gauss elimination: another method and no shared
/// code beyond the two-port's formula, PQ buses only.
fn dense_fixed_point(case: &BusBranchCase) -> Vec<Complex> {
    let n = case.buses.len();
    let at = |id: &str| case.buses.iter().position(|b| b.id == id).unwrap();
    let divide = |a: Complex, b: Complex| a * b.conj().scale(1.0 / b.norm_sqr());
    let one = Complex::new(1.0, 0.0);
    let mut y = vec![vec![Complex::ZERO; n]; n];
    for b in &case.branches {
        let (f, t, series) = (at(&b.f), at(&b.t), divide(one, Complex::new(b.r, b.x)));
        let turn = b.shift_deg.to_radians();
        let ratio = Complex::new(b.tap * turn.cos(), b.tap * turn.sin());
        let end = series + Complex::new(0.0, 0.5 * b.b);
        y[f][f] += end.scale(1.0 / ratio.norm_sqr());
        y[t][t] += end;
        y[f][t] = y[f][t] - divide(series, ratio.conj());
        y[t][f] = y[t][f] - divide(series, ratio);
    }
    let source = Complex::new(case.buses[0].v_set_pu.unwrap(), 0.0);
    let mut v = vec![source; n];
    for _ in 0..400 {
        let mut a: Vec<Vec<Complex>> = y[1..].iter().map(|row| row[1..].to_vec()).collect();
        let mut rhs: Vec<Complex> = (1..n)
            .map(|i| {
                let b = &case.buses[i];
                let s = Complex::new(-b.p_load_mw, -b.q_load_mvar).scale(1.0 / case.base_mva);
                s.over_conj(v[i]) - y[i][0] * source
            })
            .collect();
        for k in 0..n - 1 {
            let (pivot, below) = (a[k].clone(), k + 1..n - 1);
            for i in below {
                let by = divide(a[i][k], pivot[k]);
                for (x, p) in a[i].iter_mut().zip(&pivot).skip(k) {
                    *x = *x - by * *p;
                }
                rhs[i] = rhs[i] - by * rhs[k];
            }
        }
        for k in (0..n - 1).rev() {
            let known = (k + 1..n - 1).fold(rhs[k], |sum, j| sum - a[k][j] * v[j + 1]);
            v[k + 1] = divide(known, a[k][k]);
        }
    }
    v
}

prop_compose! {
    /// A light network of PQ buses behind one source: a random tree, and chords.
    fn network()(n in 3_usize..14)(
        parents in prop::collection::vec(0.0_f64..1.0, n - 1),
        chords in prop::collection::vec((0.0_f64..1.0, 0.0_f64..1.0), 0..4),
        numbers in prop::collection::vec((0.001_f64..0.01, 0.01_f64..0.05, -30.0_f64..30.0), n + 4),
        loads in prop::collection::vec((0.0_f64..8.0, -3.0_f64..4.0), n),
    ) -> BusBranchCase {
        let n = loads.len();
        let mut buses: Vec<Bus> =
            loads.iter().enumerate().map(|(i, (p, q))| load(&format!("{i}"), *p, *q)).collect();
        buses[0] = slack("0", 1.01);
        let tree = parents.iter().enumerate().map(|(k, u)| ((u * (k + 1) as f64) as usize, k + 1));
        let pick = |u: f64| (u * n as f64) as usize;
        let more = chords.iter().map(|(a, b)| (pick(*a), pick(*b))).filter(|(a, b)| a != b);
        let ends: Vec<(usize, usize)> = tree.chain(more).collect();
        let branches = ends.iter().enumerate().map(|(k, (f, t))| {
            let (r, x, shift) = numbers[k];
            let tap = 1.0 + 0.001 * shift;
            // Shifts only in the tree, so that no chord circulates power.
            let shift_deg = if k < n - 1 && chords.is_empty() { 5.0 * shift } else { 0.0 };
            let line = branch(&format!("{k}"), &f.to_string(), &t.to_string(), r, x);
            Branch { b: x, tap: if k < n - 1 { tap } else { 1.0 }, shift_deg, ..line }
        });
        case(buses.clone(), branches.collect())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn newton_agrees_with_a_dense_fixed_point_and_keeps_energy(grid in network()) {
        let flow = solved(&grid);
        prop_assert!(imbalance(&grid, &flow) < 1e-10);
        for (a, b) in flow.v.iter().zip(dense_fixed_point(&grid)) {
            prop_assert!((*a - b).abs() < 1e-9, "{:?} {:?}", a, b);
        }
    }
}
