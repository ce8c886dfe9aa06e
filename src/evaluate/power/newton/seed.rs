//! The start of the iteration: flat, but with the phase shifts of transformers carried outwards from
//! the sources along a tree, so that a shifter of 30° or 150° does not start as a short circuit.

use super::admittance::{Given, Nodes, inverse};
use crate::numerics::complex::Complex;
use std::collections::VecDeque;

/// Ratios from the source within this range are taken for taps that compensate a drop: the start is
/// 1 p.u. there. Outside they mean another voltage base. An assumption.
const NEAR_NOMINAL: std::ops::RangeInclusive<f64> = 0.7..=1.4;

/// Start voltage of each node, p.u.; zero in dead islands.
pub(super) fn seed(nodes: &Nodes) -> Vec<Complex> {
    let n = nodes.given.len();
    let mut ways = vec![Vec::new(); n];
    for &(a, b, gain) in &nodes.gains {
        ways[a].push((b, gain));
        ways[b].push((a, inverse(gain)));
    }
    let mut level = vec![Complex::ZERO; n];
    let mut waiting = VecDeque::new();
    for (a, given) in nodes.given.iter().enumerate() {
        if let Given::Slack(v) = given {
            level[a] = *v;
            waiting.push_back(a);
        }
    }
    while let Some(a) = waiting.pop_front() {
        for &(b, gain) in &ways[a] {
            if level[b] == Complex::ZERO {
                level[b] = level[a] * gain;
                waiting.push_back(b);
            }
        }
    }
    let start = |(level, given): (&Complex, &Given)| {
        let size = level.abs();
        match given {
            Given::Dead => Complex::ZERO,
            Given::Slack(v) => *v,
            Given::Pv(held) => level.scale(held / size),
            Given::Pq if NEAR_NOMINAL.contains(&size) => level.scale(1.0 / size),
            Given::Pq => *level,
        }
    };
    level.iter().zip(&nodes.given).map(start).collect()
}
