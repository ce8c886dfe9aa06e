//! Uncertain inputs by name. The name is what an input is to a planner, what seeds its samples,
//! and what tells that two variants share it.

use super::Band;
use super::graph::{Graph, NodeId};
use super::rule::Rule;

/// One input.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Input {
    pub name: String,
    pub unit: &'static str,
    pub band: Band,
    /// Least and most that makes sense at all, beyond any band.
    pub limits: (f64, f64),
    /// Whether it belongs to one variant (its equipment, its speed) and not to the world.
    pub own: bool,
}

/// What an input is, without its band.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub unit: &'static str,
    pub limits: (f64, f64),
    pub own: bool,
}

/// A sum or price: from nothing to ten times its high value.
pub(super) fn money(unit: &'static str, band: Band, own: bool) -> Kind {
    const MOST: f64 = 10.0;
    Kind { unit, limits: (0.0, MOST * band.high), own }
}

/// A share.
pub(super) const fn share(own: bool) -> Kind {
    Kind { unit: "share", limits: (0.01, 1.0), own }
}

/// A yearly rate from `least` to `most`.
pub(super) const fn rate(least: f64, most: f64) -> Kind {
    Kind { unit: "1/year", limits: (least, most), own: false }
}

/// Years that something lasts: up to twice its longest.
pub(super) fn years(band: Band) -> Kind {
    const LEAST: f64 = 0.5;
    Kind { unit: "years", limits: (LEAST, 2.0 * band.high), own: false }
}

/// The graph being written, with its inputs.
#[derive(Default)]
pub(super) struct Writer {
    pub graph: Graph,
    pub inputs: Vec<Input>,
}

impl Writer {
    /// An input; one that nothing is known to move keeps its place and never moves.
    pub fn input(&mut self, name: &str, symbol: &str, band: Band, kind: Kind) -> NodeId {
        let limits = (kind.limits.0.min(band.low), kind.limits.1.max(band.high));
        self.inputs.push(Input {
            name: name.to_owned(),
            unit: kind.unit,
            band,
            limits,
            own: kind.own,
        });
        self.graph.add((name, symbol, kind.unit), Rule::Input(self.inputs.len() - 1), &[])
    }

    pub fn fixed(&mut self, words: (&str, &str, &'static str), value: f64) -> NodeId {
        self.graph.fixed(words, value)
    }

    pub fn sum(&mut self, words: (&str, &str, &'static str), of: &[NodeId]) -> NodeId {
        self.graph.add(words, Rule::Sum, of)
    }

    pub fn product(&mut self, words: (&str, &str, &'static str), of: &[NodeId]) -> NodeId {
        self.graph.add(words, Rule::Product, of)
    }

    pub fn less(&mut self, words: (&str, &str, &'static str), a: NodeId, b: NodeId) -> NodeId {
        self.graph.add(words, Rule::Difference, &[a, b])
    }

    pub fn over(&mut self, words: (&str, &str, &'static str), a: NodeId, b: NodeId) -> NodeId {
        self.graph.add(words, Rule::Quotient, &[a, b])
    }

    pub fn rule(&mut self, words: (&str, &str, &'static str), rule: Rule, of: &[NodeId]) -> NodeId {
        self.graph.add(words, rule, of)
    }
}
