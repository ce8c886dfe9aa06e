//! Transmission-like networks of any size, for speed and for tests: buses on a map, a random tree
//! between neighbours and random chords, so many branches per bus as in published networks of
//! Europe (about 1.5), a fifth of the buses generators near balance.

use super::{Branch, Bus, BusBranchCase, BusKind};
use crate::numerics::sampling::SplitMix64;

/// Chords per bus on top of the tree.
const CHORDS: f64 = 0.47;
/// Share of buses that hold their voltage.
const GENERATORS: f64 = 0.2;

/// A network of `n` buses; the same for the same `seed`.
#[must_use]
pub fn mesh(n: usize, seed: u64) -> BusBranchCase {
    let mut random = SplitMix64::new(seed);
    let mut uniform = move |low: f64, high: f64| {
        low + (high - low) * random.below(1 << 53) as f64 / (1_u64 << 53) as f64
    };
    let width = (n as f64).sqrt().ceil() as usize;
    let mut case =
        BusBranchCase { name: format!("mesh of {n} buses"), base_mva: 100.0, ..Default::default() };
    for i in 0..n {
        let mut bus = Bus { id: format!("{}", i + 1), ..Bus::default() };
        bus.p_load_mw = uniform(0.0, 40.0);
        bus.q_load_mvar = bus.p_load_mw * uniform(0.1, 0.4);
        if i == n / 2 {
            (bus.kind, bus.v_set_pu) = (BusKind::Slack, Some(1.02));
        } else if uniform(0.0, 1.0) < GENERATORS {
            (bus.kind, bus.v_set_pu) = (BusKind::Pv, Some(uniform(1.0, 1.04)));
            bus.p_gen_mw = uniform(40.0, 160.0);
        }
        case.buses.push(bus);
    }
    let load_mw: f64 = case.buses.iter().map(|b| b.p_load_mw).sum();
    let made_mw: f64 = case.buses.iter().map(|b| b.p_gen_mw).sum();
    for bus in &mut case.buses {
        bus.p_gen_mw *= load_mw / made_mw.max(1.0);
    }
    let chords = (CHORDS * n as f64) as usize;
    for k in 0..n - 1 + chords {
        let (i, j) = if k < n - 1 {
            let i = k + 1;
            let up = i >= width && (i % width == 0 || uniform(0.0, 1.0) < 0.5);
            (i, if up { i - width } else { i - 1 })
        } else {
            let i = (uniform(0.0, n as f64) as usize).min(n - 1);
            let step = [1, width, width + 1, width - 1, 2, 2 * width][uniform(0.0, 5.999) as usize];
            if i + step >= n { continue } else { (i, i + step) }
        };
        let x = uniform(0.005, 0.08);
        case.branches.push(Branch {
            id: format!("{k}"),
            f: case.buses[i].id.clone(),
            t: case.buses[j].id.clone(),
            r: x * uniform(0.05, 0.3),
            x,
            b: x * uniform(0.2, 1.5),
            tap: if uniform(0.0, 1.0) < 0.15 { uniform(0.95, 1.05) } else { 1.0 },
            closed: true,
            ..Branch::default()
        });
    }
    case
}
