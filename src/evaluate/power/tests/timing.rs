//! Speed of a hall-sized network. Run with `cargo test --release --no-default-features --lib
//! power::tests::timing -- --ignored --nocapture`; prints medians, asserts nothing about time.

use super::super::network::Network;
use super::super::state::Solver;
use super::*;
use std::time::Instant;

/// 2N hall: per side `blocks` blocks of transformer, UPS and `rows` busways with ten racks each.
fn hall(blocks: usize, rows: usize) -> PowerCase {
    let mut elements = Vec::new();
    let mut busways = [Vec::new(), Vec::new()];
    for (side, letter) in ["A", "B"].iter().enumerate() {
        let utility = elements.len();
        elements.push(source(&format!("UT-{letter}")));
        for b in 0..blocks {
            let base = elements.len();
            let model = Model::Transformer {
                base_va: 3e6,
                r_pu: 0.007,
                x_pu: 0.057,
                no_load_w: 4000.0,
                magnetising_var: 10_000.0,
                tap_percent: 0.0,
            };
            let tx = format!("TX-{letter}{b}");
            elements.push(element(&tx, ElementKind::Transformer, Some(utility), model));
            elements.push(line(&format!("SB-{letter}{b}"), base, 5e-5, 1e-4));
            elements.push(ups(&format!("UPS-{letter}{b}"), base + 1, 2.5e6, 1, 0));
            for r in 0..rows {
                let panel = elements.len();
                elements.push(line(&format!("RPP-{letter}{b}-{r}"), base + 2, 4e-4, 5e-4));
                elements.push(line(&format!("BW-{letter}{b}-{r}"), panel, 3e-4, 2e-4));
                busways[side].push(panel + 1);
            }
        }
    }
    let mut loads = Vec::new();
    for (row, (&a, &b)) in busways[0].iter().zip(&busways[1]).enumerate() {
        for k in 0..10 {
            let mut load = rack(&format!("R{row}-{k}"), 5e4, &[a, b]);
            for feed in &mut load.feeds {
                feed.tap = (f64::from(k) + 0.5) / 10.0;
            }
            loads.push(load);
        }
    }
    PowerCase { every_single_outage: true, ..case(elements, loads) }
}

fn median_us(n: usize, mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..n)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[n / 2]
}

#[test]
#[ignore = "prints timings"]
fn print_medians() {
    for (blocks, rows) in [(5, 4), (25, 8), (50, 8)] {
        let c = hall(blocks, rows);
        let net = Network::new(&c);
        let mut solver = Solver::default();
        let one = median_us(201, || {
            solver.solve(&net, &[]);
        });
        let all = median_us(21, || {
            solve(&c);
        });
        println!(
            "{} elements, {} buses, {} racks: one state {one:.0} us, {} states with results {all:.0} us",
            c.elements.len(),
            net.z.len(),
            c.loads.len(),
            solve(&c).scenarios.len(),
        );
    }
}
