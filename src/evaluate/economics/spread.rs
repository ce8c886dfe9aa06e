//! How far the answers may be off: sampling of all inputs together, and each input alone.
//!
//! Every uncertain input is triangular. All are drawn together in a Latin hypercube whose order
//! is seeded by the input's name, so that two variants see the same electricity price in the same
//! sample, and an input that is added leaves the others be. Prices within a subsystem rise and
//! fall together (one market), so that a bill of many lines does not look more certain than its
//! parts; subsystems and all other inputs are independent. Adding the lows and the highs of
//! everything instead would describe two worlds that never happen.
//!
//! The tornado moves one input at a time from low to high with the others at their base.

use super::graph::{BLOCK, NodeId};
use super::headline::{Headline, HeadlineSpread};
use super::model::Model;
use super::result::TornadoBar;
use crate::numerics::sampling::stratified;

/// Samples of some nodes, each a column.
pub(super) struct Samples {
    columns: Vec<(NodeId, Vec<f64>)>,
    /// Values at the base of all inputs.
    pub base: Vec<f64>,
}

impl Samples {
    /// The column of a node that was asked for.
    pub fn of(&self, node: NodeId) -> &[f64] {
        let found = self.columns.iter().find(|(n, _)| *n == node);
        found.map_or(&[], |(_, column)| column)
    }
}

impl Model {
    /// Draws all uncertain inputs together and reads `wanted`.
    pub(super) fn sample(&self, wanted: &[NodeId]) -> Samples {
        let base_inputs = self.base();
        let base = self.graph.values(&base_inputs);
        let n = self.case.sampling.samples as usize;
        let moves: Vec<bool> = self.inputs.iter().map(|i| i.band.is_uncertain()).collect();
        let reached = self.graph.reach(&moves);
        let needed = self.needed(wanted);
        let drawn = self.drawn(n, &needed);
        let active: Vec<NodeId> = (0..self.graph.nodes.len())
            .filter(|&id| needed[id] && reached[id] && !self.graph.nodes[id].of.is_empty())
            .collect();
        let mut block: Vec<f64> = base.iter().flat_map(|v| [*v; BLOCK]).collect();
        let mut columns: Vec<(NodeId, Vec<f64>)> =
            wanted.iter().map(|node| (*node, Vec::with_capacity(n + BLOCK))).collect();
        let mut scratch = Vec::new();
        for start in (0..n).step_by(BLOCK) {
            for (node, values) in &drawn {
                let part = &values[start..(start + BLOCK).min(n)];
                block[node * BLOCK..node * BLOCK + part.len()].copy_from_slice(part);
            }
            self.graph.block(&active, &mut block, &mut scratch);
            for (node, column) in &mut columns {
                column.extend_from_slice(&block[*node * BLOCK..(*node + 1) * BLOCK]);
            }
        }
        for (_, column) in &mut columns {
            column.truncate(n);
        }
        Samples { columns, base }
    }

    /// Which nodes `wanted` is made of.
    fn needed(&self, wanted: &[NodeId]) -> Vec<bool> {
        let mut needed = vec![false; self.graph.nodes.len()];
        for node in wanted {
            needed[*node] = true;
        }
        for id in (0..needed.len()).rev() {
            if needed[id] {
                for of in &self.graph.nodes[id].of {
                    needed[*of] = true;
                }
            }
        }
        needed
    }

    /// Samples of every uncertain input that is needed, by its node.
    fn drawn(&self, n: usize, needed: &[bool]) -> Vec<(NodeId, Vec<f64>)> {
        let nodes = self.graph.nodes.iter().enumerate();
        nodes
            .filter_map(|(id, node)| {
                let super::rule::Rule::Input(i) = node.rule else { return None };
                let input = &self.inputs[i];
                (needed[id] && input.band.is_uncertain()).then(|| {
                    let mut values = stratified(n, seed(self.case.sampling.seed, &input.name));
                    for p in &mut values {
                        *p = input.band.quantile(*p);
                    }
                    (id, values)
                })
            })
            .collect()
    }

    /// Bars that move `headline` at all, longest first.
    #[must_use]
    pub fn tornado(&self, headline: Headline) -> Vec<TornadoBar> {
        let Some(node) = self.node_of(headline) else { return Vec::new() };
        let mut inputs = self.base();
        let mut bars = Vec::new();
        for (i, input) in self.inputs.iter().enumerate() {
            if !input.band.is_uncertain() {
                continue;
            }
            let mut at = |value| {
                inputs[i] = value;
                self.graph.values(&inputs)[node]
            };
            let (at_low, at_high) = (at(input.band.low), at(input.band.high));
            inputs[i] = input.band.base;
            let bar = TornadoBar { input: input.name.clone(), values: input.band, at_low, at_high };
            if bar.swing().is_finite() && bar.swing() > 0.0 {
                bars.push(bar);
            }
        }
        bars.sort_by(|a, b| b.swing().total_cmp(&a.swing()).then_with(|| a.input.cmp(&b.input)));
        bars
    }

    /// The band of every headline of `samples`.
    pub(super) fn spreads(&self, samples: &Samples) -> Vec<HeadlineSpread> {
        let mut scratch = Vec::new();
        self.heads
            .iter()
            .map(|(headline, node)| {
                let [p10, p50, p90] = percentiles(samples.of(*node), &mut scratch);
                let exists = scratch.iter().filter(|v| v.is_finite()).count() as f64
                    / scratch.len().max(1) as f64;
                let base = samples.base[*node];
                HeadlineSpread {
                    headline: *headline,
                    base: base.is_finite().then_some(base),
                    p10,
                    p50,
                    p90,
                    exists,
                }
            })
            .collect()
    }
}

/// A seed of its own for every input, by name (FNV-1a).
fn seed(seed: u64, name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// P10, P50 and P90, each found by selection; `None` where that one does not exist. Leaves the
/// values in `scratch`, in another order.
pub(super) fn percentiles(values: &[f64], scratch: &mut Vec<f64>) -> [Option<f64>; 3] {
    scratch.clear();
    scratch.extend_from_slice(values);
    [0.1, 0.5, 0.9].map(|p| quantile(scratch, p).filter(|v| v.is_finite()))
}

/// Quantile `p`, linear between neighbours.
fn quantile(values: &mut [f64], p: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let at = p * last as f64;
    let (i, part) = (at.floor() as usize, at.fract());
    let (_, left, right) = values.select_nth_unstable_by(i, f64::total_cmp);
    let left = *left;
    let right = right.iter().copied().min_by(f64::total_cmp).unwrap_or(left);
    Some(if part == 0.0 { left } else { left + (right - left) * part })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::sampling::sorted_quantile;

    #[test]
    fn selection_gives_the_quantiles_of_sorting() {
        let values = stratified(1001, 5);
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        let found = percentiles(&values, &mut Vec::new());
        for (p, got) in [0.1, 0.5, 0.9].into_iter().zip(found) {
            assert_eq!(got, sorted_quantile(&sorted, p));
        }
    }

    #[test]
    fn what_does_not_exist_has_no_percentile() {
        let values = [1.0, 2.0, 3.0, f64::INFINITY, f64::INFINITY];
        let [low, middle, high] = percentiles(&values, &mut Vec::new());
        assert!(low.is_some() && middle == Some(3.0) && high.is_none());
    }
}
