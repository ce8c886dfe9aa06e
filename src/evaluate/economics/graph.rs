//! The cost model as one graph of named formulas.
//!
//! Headlines, their bands, tornado, explanation and "what depends on it" all read this one graph,
//! so they can not disagree. A node comes after everything that it is made of, so one pass in
//! order evaluates all; [`Graph::block`] does so for many samples at once, node by node over
//! columns, without an allocation per sample.

use super::rule::Rule;

/// Samples of one pass: all columns of a graph of some hundred nodes stay in the second cache.
pub(super) const BLOCK: usize = 64;

/// Where a node stands.
pub(super) type NodeId = usize;

/// One formula.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// In the field's words.
    pub name: String,
    /// In formulas.
    pub symbol: String,
    /// Unit of its value.
    pub unit: &'static str,
    /// How it follows from `of`.
    pub rule: Rule,
    /// What it is made of; each stands before it.
    pub of: Vec<NodeId>,
}

/// Formulas in the order of their evaluation.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
}

impl Graph {
    /// Adds a formula.
    pub fn add(
        &mut self,
        (name, symbol, unit): (&str, &str, &'static str),
        rule: Rule,
        of: &[NodeId],
    ) -> NodeId {
        debug_assert!(of.iter().all(|n| *n < self.nodes.len()));
        self.nodes.push(Node {
            name: name.to_owned(),
            symbol: symbol.to_owned(),
            unit,
            rule,
            of: of.to_vec(),
        });
        self.nodes.len() - 1
    }

    /// A fixed number.
    pub fn fixed(&mut self, words: (&str, &str, &'static str), value: f64) -> NodeId {
        self.add(words, Rule::Fixed(value), &[])
    }

    /// Values of all nodes, with the inputs at `inputs`.
    pub fn values(&self, inputs: &[f64]) -> Vec<f64> {
        let mut values = Vec::with_capacity(self.nodes.len());
        let mut of = Vec::new();
        for node in &self.nodes {
            of.clear();
            of.extend(node.of.iter().map(|n| values[*n]));
            values.push(node.rule.value(&of, inputs));
        }
        values
    }

    /// Which nodes change with any input of `moves`.
    pub fn reach(&self, moves: &[bool]) -> Vec<bool> {
        let mut reached: Vec<bool> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let own = matches!(node.rule, Rule::Input(i) if moves[i]);
            let inherited = node.of.iter().any(|n| reached[*n]);
            reached.push(own || inherited);
        }
        reached
    }

    /// Evaluates the nodes of `active` for one block of samples. `columns` holds [`BLOCK`] values
    /// for each node; those of inputs and of nodes that do not move are filled already.
    pub fn block(&self, active: &[NodeId], columns: &mut [f64], of: &mut Vec<f64>) {
        for &id in active {
            let node = &self.nodes[id];
            let (done, rest) = columns.split_at_mut(id * BLOCK);
            let out = &mut rest[..BLOCK];
            node.rule.column(&node.of, done, out, of);
        }
    }
}
