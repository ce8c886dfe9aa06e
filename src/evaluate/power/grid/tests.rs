//! Conservation, order and failure of the network solver.

use super::*;
use crate::evaluate::power::case::{FeedRule, LossCurve};
use crate::evaluate::power::newton::{self, BusBranchCase, BusKind};
use proptest::prelude::*;

fn branch(f: usize, t: usize, r: f64, x: f64) -> Branch {
    let (z, ratio) = (Complex::new(r, x), 1.0);
    Branch { f, t, z, half_shunt: Complex::ZERO, ratio, open: false }
}

fn load(p: f64, q: f64, feeds: &[usize]) -> GridLoad {
    GridLoad { s: Complex::new(p, q), feeds: feeds.to_vec(), rule: FeedRule::Share }
}

fn source(bus: usize, v_pu: f64) -> Source {
    Source { bus, v_pu, weight: 1.0, standby: false }
}

fn ups(input: usize, output: usize) -> Converter {
    let loss = LossCurve(vec![(0.0, 0.01), (1.0, 0.04)]);
    Converter { input, output, v_out_pu: 1.0, tan_phi: 0.1, rated_w: 1.0, loss }
}

fn solved(grid: &Grid, switching: &Switching) -> GridSolver {
    let mut solver = GridSolver::new(grid);
    solver.switch(grid, switching).unwrap();
    solver.solve(grid).unwrap();
    solver
}

fn normal() -> Switching {
    Switching::default()
}

/// Largest power that any live bus is short of, over the load of the network.
fn imbalance(grid: &Grid, solver: &GridSolver) -> f64 {
    let mut left = vec![Complex::ZERO; grid.buses];
    let mut flows = Vec::new();
    solver.branches(grid, &mut flows);
    for (b, flow) in grid.branches.iter().zip(&flows) {
        left[b.f] = left[b.f] - flow.s_f;
        left[b.t] = left[b.t] - flow.s_t;
    }
    for (i, s) in grid.sources.iter().enumerate() {
        left[s.bus] += solver.source(i);
    }
    for (i, c) in grid.converters.iter().enumerate() {
        if let Some(flow) = solver.converter(grid, i) {
            left[c.output] += flow.out;
            left[c.input] = left[c.input] - flow.into;
        }
    }
    for load in &grid.loads {
        let live: Vec<usize> =
            load.feeds.iter().copied().filter(|b| solver.voltage(*b).is_some()).collect();
        for bus in &live {
            left[*bus] = left[*bus] - load.s.scale(1.0 / live.len() as f64);
        }
    }
    let total: f64 = grid.loads.iter().map(|l| l.s.abs()).sum();
    left.iter().map(|s| s.abs()).fold(0.0, f64::max) / total.max(1e-30)
}

#[test]
fn two_feeders_in_parallel_share_by_their_impedance() {
    let grid = Grid {
        buses: 2,
        branches: vec![branch(0, 1, 0.01, 0.02), branch(0, 1, 0.02, 0.04)],
        sources: vec![source(0, 1.0)],
        loads: vec![load(1.0, 0.2, &[1])],
        ..Grid::default()
    };
    let solver = solved(&grid, &normal());
    let mut flows = Vec::new();
    solver.branches(&grid, &mut flows);
    assert!((flows[0].j_f - 2.0 * flows[1].j_f).abs() < 1e-11);
    assert!(imbalance(&grid, &solver) < 1e-11);
}

#[test]
fn a_source_at_each_end_holds_both_ends() {
    let grid = Grid {
        buses: 3,
        branches: vec![branch(0, 1, 0.01, 0.03), branch(1, 2, 0.01, 0.03)],
        sources: vec![source(0, 1.02), source(2, 1.0)],
        loads: vec![load(1.0, 0.3, &[1])],
        ..Grid::default()
    };
    let solver = solved(&grid, &normal());
    assert!((solver.voltage(2).unwrap().abs() - 1.0).abs() < 1e-13);
    assert!(solver.source(0).im > solver.source(1).im, "the higher voltage gives more var");
    assert!(imbalance(&grid, &solver) < 1e-11);
}

#[test]
fn sources_on_one_bus_share_by_weight_and_a_ups_draws_its_loss() {
    let mut second = source(0, 1.0);
    second.weight = 3.0;
    let grid = Grid {
        buses: 2,
        sources: vec![source(0, 1.0), second],
        converters: vec![ups(0, 1)],
        loads: vec![load(0.5, 0.0, &[1])],
        ..Grid::default()
    };
    let solver = solved(&grid, &normal());
    let input = 0.5 + 0.01 + 0.5 * 0.03;
    assert!((solver.source(0).re - 0.25 * input).abs() < 1e-13);
    assert!((solver.source(1).re - 0.75 * input).abs() < 1e-13);
    assert!((solver.totals(&grid).source_w - input).abs() < 1e-13);
}

#[test]
fn a_zero_impedance_tie_is_a_switch() {
    let mut grid = Grid {
        buses: 3,
        branches: vec![branch(0, 1, 0.01, 0.03), branch(1, 2, 0.0, 0.0), branch(1, 2, 0.0, 0.0)],
        sources: vec![source(0, 1.0)],
        loads: vec![load(0.4, 0.1, &[1]), load(0.6, 0.2, &[2])],
        ..Grid::default()
    };
    let tied = solved(&grid, &normal());
    assert_eq!(tied.voltage(1), tied.voltage(2));
    assert!(imbalance(&grid, &tied) < 1e-11);
    grid.loads = vec![load(1.0, 0.3, &[1])];
    let merged = solved(&grid, &normal());
    assert!((tied.voltage(1).unwrap().abs() - merged.voltage(1).unwrap().abs()).abs() < 1e-12);
}

#[test]
fn a_dead_island_is_a_result() {
    let grid = Grid {
        buses: 4,
        branches: vec![branch(0, 1, 0.01, 0.0), branch(2, 3, 0.01, 0.0)],
        sources: vec![source(0, 1.0)],
        loads: vec![load(1.0, 0.0, &[1, 3]), load(1.0, 0.0, &[3])],
        ..Grid::default()
    };
    let solver = solved(&grid, &normal());
    assert!(solver.voltage(3).is_none() && solver.served(0) && !solver.served(1));
    let out = Switching { sources_out: vec![0], ..normal() };
    assert_eq!(solved(&grid, &out).totals(&grid), Totals::default());
}

#[test]
fn collapse_names_the_bus_and_what_could_be_carried() {
    let grid = Grid {
        buses: 2,
        branches: vec![branch(0, 1, 1.0, 0.0)],
        sources: vec![source(0, 1.0)],
        loads: vec![load(1.0, 0.0, &[1])],
        ..Grid::default()
    };
    let mut solver = GridSolver::new(&grid);
    solver.switch(&grid, &normal()).unwrap();
    let collapse = solver.solve(&grid).unwrap_err();
    assert_eq!(collapse.bus, 1);
    // P = V²/4R.
    assert!((collapse.feasible - 0.25).abs() < 0.01, "{collapse:?}");
}

#[test]
fn a_ups_that_feeds_itself_is_named() {
    let grid = Grid {
        buses: 2,
        branches: vec![branch(0, 1, 0.01, 0.0)],
        sources: vec![source(0, 1.0)],
        converters: vec![ups(0, 1)],
        ..Grid::default()
    };
    let mut solver = GridSolver::new(&grid);
    assert_eq!(solver.switch(&grid, &normal()), Err(GridError::OwnInput { converter: 0 }));
}

/// A network of `n` buses: a random tree, more branches across it, off-nominal ratios, charging.
fn any_grid() -> impl Strategy<Value = Grid> {
    (4usize..40, any::<u64>(), 0usize..6).prop_map(|(n, seed, rings)| {
        let mut state = seed | 1;
        let mut next = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let any_branch = |f: usize, t: usize, r: [f64; 4]| Branch {
            half_shunt: Complex::new(1e-4 * r[2], -1e-3 * r[2]),
            ratio: 0.98 + 0.04 * r[3],
            ..branch(f, t, 1e-3 + 0.01 * r[0], 1e-3 + 0.02 * r[1])
        };
        let mut four = || [next(), next(), next(), next()];
        let mut grid = Grid { buses: n, sources: vec![source(0, 1.01)], ..Grid::default() };
        for t in 1..n {
            let f = (four()[0] * t as f64) as usize;
            grid.branches.push(any_branch(f, t, four()));
        }
        for _ in 0..rings {
            let [a, b, ..] = four();
            let (f, t) = ((a * n as f64) as usize, (b * n as f64) as usize);
            if f != t {
                grid.branches.push(any_branch(f, t, four()));
            }
        }
        let each = 1.0 / n as f64;
        grid.loads = (1..n).map(|b| load(each * four()[0], 0.3 * each * four()[1], &[b])).collect();
        grid
    })
}

/// The same network for Newton–Raphson: 1 VA is its base.
fn as_bus_branch(grid: &Grid) -> BusBranchCase {
    let mut buses: Vec<newton::Bus> = (0..grid.buses)
        .map(|i| newton::Bus { id: i.to_string(), ..newton::Bus::default() })
        .collect();
    for s in &grid.sources {
        (buses[s.bus].kind, buses[s.bus].v_set_pu) = (BusKind::Slack, Some(s.v_pu));
    }
    for load in &grid.loads {
        buses[load.feeds[0]].p_load_mw += load.s.re;
        buses[load.feeds[0]].q_load_mvar += load.s.im;
    }
    let branches = grid.branches.iter().enumerate().map(|(i, b)| newton::Branch {
        id: i.to_string(),
        f: b.f.to_string(),
        t: b.t.to_string(),
        r: b.z.re,
        x: b.z.im,
        g: 2.0 * b.half_shunt.re,
        b: -2.0 * b.half_shunt.im,
        tap: b.ratio,
        closed: true,
        ..newton::Branch::default()
    });
    let branches = branches.collect();
    BusBranchCase { name: "random".into(), base_mva: 1.0, buses, branches }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn random_networks_balance_at_every_bus(grid in any_grid()) {
        let solver = solved(&grid, &normal());
        let lack = imbalance(&grid, &solver);
        prop_assert!(lack < 1e-10, "{lack:e}");
        let mut flows = Vec::new();
        solver.branches(&grid, &mut flows);
        let totals = solver.totals(&grid);
        let loss: f64 = flows.iter().map(|f| f.loss_w).sum();
        let apart = totals.source_w - totals.served_w - loss;
        prop_assert!(apart.abs() <= 1e-10 * totals.source_w.max(1e-3), "{apart:e}");
    }

    #[test]
    fn sweeps_and_compensation_agree_with_newton(grid in any_grid()) {
        let ours = solved(&grid, &normal());
        let mut newton = newton::Newton::new(as_bus_branch(&grid)).unwrap();
        newton.solve().unwrap();
        let voltages: Vec<f64> = newton.flow().vm_pu().collect();
        for (bus, theirs) in voltages.into_iter().enumerate() {
            let apart = ours.voltage(bus).unwrap().abs() - theirs;
            prop_assert!(apart.abs() < 1e-9, "{bus} {apart:e}");
        }
    }

    #[test]
    fn the_order_of_branches_does_not_matter(grid in any_grid()) {
        let mut turned = grid.clone();
        turned.branches.reverse();
        turned.loads.reverse();
        let (a, b) = (solved(&grid, &normal()), solved(&turned, &normal()));
        for bus in 0..grid.buses {
            let apart = a.voltage(bus).unwrap() - b.voltage(bus).unwrap();
            prop_assert!(apart.abs() < 1e-10, "{bus} {:e}", apart.abs());
        }
    }

    #[test]
    fn an_outage_from_the_base_is_the_outage_from_rest(grid in any_grid(), out in 0usize..39) {
        let switching = Switching { branches_out: vec![out % grid.branches.len()], ..normal() };
        let base = solved(&grid, &normal());
        let rest = solved(&grid, &switching);
        let mut like = base.clone();
        like.switch(&grid, &switching).unwrap();
        like.solve_like(&grid, &base).unwrap();
        for bus in 0..grid.buses {
            prop_assert_eq!(rest.voltage(bus), like.voltage(bus));
        }
    }
}
