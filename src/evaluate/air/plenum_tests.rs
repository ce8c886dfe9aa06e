//! The raised floor against limits with known answers and an independent integration.

use super::plenum::{self, SolvedPlenum, tile_loss};
use super::tests::{AIR, answer_of, close, crah, rack, rect};
use super::*;

/// A floor of `nx` by `ny` panels with one unit at its west end and tiles at the given panels.
fn floor(nx: u32, ny: u32, depth_m: f64, tiles: &[(u32, u32, f64)]) -> AirCase {
    let size = [0.6 * f64::from(nx), 0.6 * f64::from(ny)];
    let mut case = AirCase::empty("floor", [size[0], size[1], 3.0], AIR);
    let mut unit = crah("C", 0.0, None);
    unit.box_m = Some(Box3 { min_m: [0.0; 3], max_m: [0.6, size[1], 1.8] });
    unit.discharge = AirPath::Plenum("floor".into());
    case.units.push(unit);
    for (i, j, open) in tiles {
        let (x, y) = (0.6 * f64::from(*i), 0.6 * f64::from(*j));
        case.ports.push(AirPort {
            id: format!("tile {i} {j}"),
            object: None,
            kind: PortKind::Supply,
            rect: rect([x, y, 0.0], [x + 0.6, y + 0.6, 0.0], Side::PlusZ),
            link: PortLink::Plenum { plenum: "floor".into(), weight: 0.36 * open },
        });
    }
    case.plenums.push(FloorPlenum {
        name: "floor".into(),
        depth_m,
        min_m: [0.0; 2],
        max_m: size,
        seam_share: 0.0,
        obstructions: Vec::new(),
    });
    case
}

fn solved(case: &AirCase) -> SolvedPlenum {
    let out = plenum::solve(case, &case.plenums[0]).unwrap();
    assert!(out.mass_closure < 1e-9, "{}", out.mass_closure);
    out
}

#[test]
fn tile_losses_are_those_of_thin_perforated_plates() {
    assert!((tile_loss(0.25) - 42.8).abs() < 0.1);
    assert!((tile_loss(0.56) - 7.4).abs() < 0.1);
    assert!(tile_loss(0.0).is_finite() && tile_loss(2.0) >= 1.0);
}

#[test]
fn under_uniform_pressure_tiles_share_by_area_over_root_of_loss() {
    let tiles = [(8, 2, 0.25), (12, 5, 0.25), (15, 1, 0.56), (17, 6, 0.4)];
    let mut case = floor(20, 8, 8.0, &tiles);
    case.units[0].flow_m3_s = 1.2;
    let out = solved(&case);
    let pass = |open: f64| 1.0 / tile_loss(open).sqrt();
    let sum: f64 = tiles.iter().map(|t| pass(t.2)).sum();
    for ((_, q), t) in out.tiles.iter().zip(&tiles) {
        let exact = 1.2 * pass(t.2) / sum;
        assert!((q - exact).abs() < 2e-3 * exact, "{q} {exact}");
    }
    let total: f64 = out.tiles.iter().map(|t| t.1).sum();
    assert!((total - 1.2).abs() < 1e-9);
}

#[test]
fn a_long_duct_with_tiles_follows_its_differential_equations() {
    // One row of panels; every panel beyond the unit is a tile.
    let (n, depth, q0) = (101, 0.9, 1.6);
    let tiles: Vec<_> = (1..n).map(|i| (i, 0, 0.02)).collect();
    let mut case = floor(n, 1, depth, &tiles);
    case.units[0].flow_m3_s = q0;
    let out = solved(&case);
    // Independent: shooting on the total pressure at the first tile. With tile speed v per length,
    // dH/dx = −½ ρ u² (f/2h + k), h du/dx = −v, v = √(2 (H − ½ ρ u²) / (ρ K)).
    let (rho, k) = (AIR.rho_kg_m3, tile_loss(0.02));
    let march = |h0: f64| {
        let steps = 40_000;
        let dx = 0.6 * f64::from(n - 1) / f64::from(steps);
        let (mut head, mut u, mut flows) = (h0, q0 / (0.6 * depth), Vec::new());
        let slope = |head: f64, u: f64| {
            let v = (2.0 * (head - 0.5 * rho * u * u).max(0.0) / (rho * k)).sqrt();
            (-0.5 * rho * u * u.abs() * (0.02 / (2.0 * depth) + 0.17), -v / depth, v)
        };
        for _ in 0..steps {
            let (a, b, _) = slope(head, u);
            let (c, d, v) = slope(head + 0.5 * dx * a, u + 0.5 * dx * b);
            flows.push(v * 0.6 * dx);
            head += dx * c;
            u += dx * d;
        }
        (u, flows)
    };
    let (mut lo, mut hi) = (1.0, 1000.0);
    for _ in 0..100 {
        let middle = 0.5 * (lo + hi);
        if march(middle).0 > 0.0 { lo = middle } else { hi = middle }
    }
    let (_, flows) = march(hi);
    let per_tile = flows.len() / (n as usize - 1);
    for (t, (_, q)) in out.tiles.iter().enumerate() {
        let exact: f64 = flows[t * per_tile..(t + 1) * per_tile].iter().sum();
        assert!((q - exact).abs() < 0.015 * exact, "tile {t}: {q} {exact}");
    }
}

#[test]
fn a_shallow_floor_starves_or_reverses_the_tiles_beside_the_unit() {
    let tiles: Vec<_> = [2, 3, 4, 8, 12, 16].map(|i| (i, 1, 0.56)).to_vec();
    let ratio = |depth| {
        let mut case = floor(20, 3, depth, &tiles);
        case.units[0].flow_m3_s = 4.0;
        let out = solved(&case);
        out.tiles[0].1 / out.tiles[5].1
    };
    assert!(ratio(1.2) > 0.8, "{}", ratio(1.2));
    assert!(ratio(0.6) < ratio(1.2));
    assert!(ratio(0.25) < 0.7, "{}", ratio(0.25));
    // Beside a narrow unit the air is fast, and many open tiles need little pressure.
    let mut many: Vec<_> = (10..18).flat_map(|i| [(i, 2, 0.56), (i, 6, 0.56)]).collect();
    many.push((1, 4, 0.56));
    let mut case = floor(20, 9, 0.3, &many);
    case.units[0].box_m = Some(Box3 { min_m: [0.0, 2.4, 0.0], max_m: [0.6, 3.0, 1.8] });
    case.units[0].flow_m3_s = 2.0;
    let out = solved(&case);
    assert!(out.tiles[16].1 < 0.0 && out.tiles[0].1 > 0.0, "{:?}", out.tiles);
    let given: f64 = out.units[0].to_tiles.iter().sum();
    assert!((given - 2.0).abs() < 1e-9, "a unit's air comes up somewhere: {given}");
}

#[test]
fn a_failed_unit_leaves_its_tiles_to_the_other_and_every_unit_s_air_arrives() {
    let tiles: Vec<_> = (3..17).map(|i| (i, 3, 0.25)).collect();
    let mut case = floor(20, 8, 0.6, &tiles);
    case.units[0].flow_m3_s = 2.0;
    let mut other = case.units[0].clone();
    other.id = "D".into();
    other.box_m = Some(Box3 { min_m: [11.4, 0.0, 0.0], max_m: [12.0, 4.8, 1.8] });
    case.units.push(other);
    case.plenums[0].seam_share = 2e-3;
    let both = solved(&case);
    for u in &both.units {
        let sum: f64 = u.to_tiles.iter().chain(&u.to_seams).sum();
        assert!((sum - 2.0).abs() < 1e-9, "{sum}");
    }
    // Each feeds the tiles on its own side; by symmetry the halves are equal.
    assert!(both.units[0].to_tiles[0] > 10.0 * both.units[1].to_tiles[0]);
    assert!((both.tiles[0].1 - both.tiles[13].1).abs() < 1e-6);
    let leak: f64 = both.seams.iter().sum::<f64>() / 4.0;
    assert!((0.02..0.3).contains(&leak), "{leak}");
    case.units[0].failed = true;
    let one = solved(&case);
    assert_eq!(one.units.len(), 1);
    assert!(one.tiles.iter().all(|(_, q)| *q > 0.0));
    let flow = |p: &SolvedPlenum| p.tiles.iter().map(|t| t.1).sum::<f64>();
    assert!((flow(&one) / flow(&both) - 0.5).abs() < 0.02);
}

#[test]
fn an_obstruction_takes_air_from_what_is_behind_it() {
    let tiles = [(6, 2, 0.56), (6, 5, 0.56)];
    let mut case = floor(12, 8, 0.3, &tiles);
    case.units[0].flow_m3_s = 1.5;
    let free = solved(&case);
    assert!((free.tiles[0].1 / free.tiles[1].1 - 1.0).abs() < 1e-6);
    let tray = |min_m, max_m| Obstruction { min_m, max_m, blocked: 0.9 };
    case.plenums[0].obstructions.push(tray([2.4, 0.0], [3.0, 2.4]));
    let blocked = solved(&case);
    assert!(blocked.tiles[0].1 != free.tiles[0].1);
    let speed_pressure = |p: &SolvedPlenum, i: usize, j: usize| p.static_pa[i + 12 * j];
    assert!(speed_pressure(&blocked, 4, 1) < speed_pressure(&free, 4, 1));
}

#[test]
fn a_hall_on_a_solved_floor_closes_and_reports_its_tiles() {
    let tiles: Vec<_> = (6..12).map(|i| (i, 5, 0.25)).collect();
    let mut case = floor(16, 12, 0.6, &tiles);
    case.dx_m = 0.3;
    case.plenums[0].seam_share = 2e-3;
    case.units[0].flow_m3_s = 3.0;
    case.units[0].intake =
        AirPath::Faces(vec![rect([0.0, 0.0, 1.8], [0.6, 7.2, 1.8], Side::PlusZ)]);
    for i in 6..12 {
        let mut r = rack(&format!("R{i}"), 0.6 * f64::from(i), 3.6, Side::MinusY);
        r.flow_m3_s = 0.6;
        case.racks.push(r);
    }
    let result = answer_of(&case);
    close(&result);
    let [floor] = &result.plenums[..] else { panic!("one floor") };
    let sum: f64 = floor.tiles.iter().map(|t| t.flow_m3_s).sum::<f64>() + floor.seams_m3_s;
    assert!((sum - 3.0).abs() < 1e-9 && floor.mass_closure < 1e-9, "{sum}");
    // A jet is faster than the face's mean speed by one over the open share.
    let t = &floor.tiles[0];
    assert!((t.jet_m_s - t.flow_m3_s / 0.36 / 0.25).abs() < 1e-9);
    let short = result.findings.iter().find(|f| f.rule == "air.tiles-below-demand");
    assert!(short.is_some(), "{:?}", result.findings);
    // The same hall without the plenum's description shares by open area.
    case.plenums.clear();
    let plain = answer_of(&case);
    assert!(plain.plenums.is_empty());
    assert!((plain.balance.supply_flow_m3_s - 3.0).abs() < 1e-12);
}

#[test]
fn a_unit_with_a_fan_curve_finds_the_pressure_that_it_makes() {
    let tiles = [(8, 2, 0.25), (12, 5, 0.25)];
    let mut case = floor(20, 8, 8.0, &tiles);
    case.units[0].fans =
        Some(Fans { curve: vec![(0.0, 60.0), (3.0, 0.0)], resistance_pa_s2_m6: 5.0 });
    let out = solved(&case);
    // Deep floor, uniform pressure: 60 − 20 V = 5 V² + ½ ρ K (V / 2 A)².
    let r = 5.0 + 0.5 * AIR.rho_kg_m3 * tile_loss(0.25) / (0.72 * 0.72);
    let exact = (-20.0 + (400.0 + 240.0 * r).sqrt()) / (2.0 * r);
    let flow = out.units[0].flow_m3_s;
    assert!((flow - exact).abs() < 2e-3 * exact, "{flow} {exact}");
    assert!(flow < case.units[0].fans.as_ref().unwrap().flow_m3_s(0.0));
}

#[test]
#[ignore = "prints times"]
fn large_floor_time() {
    let tiles: Vec<_> =
        (4..62).flat_map(|i| [6, 7, 18, 19, 30, 31].map(|j| (i, j, 0.25))).collect();
    let mut case = floor(67, 42, 0.75, &tiles);
    case.units[0].flow_m3_s = 140.0;
    case.plenums[0].seam_share = 2e-3;
    let start = std::time::Instant::now();
    let out = solved(&case);
    println!("floor {:?}: {} iterations, {:?}", out.n, out.iterations, start.elapsed());
}
