//! Explaining a number: its formula down to the inputs and who says them, and what an input moves.

use super::graph::NodeId;
use super::headline::Headline;
use super::model::Model;
use super::result_investment::Dependence;
use super::rule::Rule;
use super::terms::SourceNote;
use serde::Serialize;
use std::collections::BTreeMap;

/// A formula or an input of an explanation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained {
    /// In the field's words.
    pub name: String,
    /// In formulas.
    pub symbol: String,
    /// The formula in the symbols of its parts; empty for inputs and fixed numbers.
    pub formula: String,
    /// How the value follows from the parts.
    pub rule: Rule,
    /// Its value, every input at its base.
    pub value: f64,
    /// Unit of the value.
    pub unit: String,
    /// Its parts, as places in [`Explanation::nodes`]; each stands before it.
    pub parts: Vec<usize>,
    /// The uncertain input that it is, by name.
    pub input: Option<String>,
    /// Who says so, for inputs and prices.
    pub source: Option<SourceNote>,
}

/// A headline's formula tree; parts that several formulas share stand once.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The headline.
    pub headline: Headline,
    /// Formulas and inputs, each after its parts; the headline is the last.
    pub nodes: Vec<Explained>,
}

impl Explanation {
    /// The headline's own node.
    #[must_use]
    pub const fn root(&self) -> usize {
        self.nodes.len() - 1
    }

    /// The headline computed again from the leaves.
    #[must_use]
    pub fn evaluate(&self) -> f64 {
        let mut values: Vec<f64> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let of: Vec<f64> = node.parts.iter().map(|p| values[*p]).collect();
            let leaf = node.parts.is_empty();
            values.push(if leaf { node.value } else { node.rule.value(&of, &[]) });
        }
        values.last().copied().unwrap_or_default()
    }

    /// Inputs and prices at the ends of the tree.
    pub fn leaves(&self) -> impl Iterator<Item = &Explained> {
        self.nodes.iter().filter(|n| n.parts.is_empty())
    }
}

impl Model {
    /// The formula tree of a headline; `None` where the case lacks it.
    #[must_use]
    pub fn explain(&self, headline: Headline) -> Option<Explanation> {
        let root = self.node_of(headline)?;
        let values = self.graph.values(&self.base());
        let mut writer = Tree { model: self, values, places: BTreeMap::new(), nodes: Vec::new() };
        writer.place(root);
        Some(Explanation { headline, nodes: writer.nodes })
    }

    /// Headlines that an input moves, with the percent that they change when it rises by 1 %.
    #[must_use]
    pub fn dependents(&self, input: &str) -> Vec<Dependence> {
        const STEP: f64 = 0.01;
        let Some(moved) = self.input_named(input) else { return Vec::new() };
        let moves: Vec<bool> = (0..self.inputs.len()).map(|i| i == moved).collect();
        let reached = self.graph.reach(&moves);
        let mut inputs = self.base();
        let before = self.graph.values(&inputs);
        inputs[moved] *= 1.0 + STEP;
        let after = self.graph.values(&inputs);
        self.heads
            .iter()
            .filter(|(_, node)| reached[*node])
            .map(|(headline, node)| {
                // A negative headline that rises becomes better: its size is what counts.
                let percent = (after[*node] - before[*node]) / before[*node].abs() / STEP;
                let elasticity = percent.is_finite().then_some(percent);
                Dependence { headline: *headline, elasticity }
            })
            .collect()
    }
}

/// The tree being written.
struct Tree<'a> {
    model: &'a Model,
    values: Vec<f64>,
    places: BTreeMap<NodeId, usize>,
    nodes: Vec<Explained>,
}

impl Tree<'_> {
    /// Writes a node after its parts, once.
    fn place(&mut self, id: NodeId) -> usize {
        if let Some(place) = self.places.get(&id) {
            return *place;
        }
        let node = &self.model.graph.nodes[id];
        let mut explained = Explained {
            name: node.name.clone(),
            symbol: node.symbol.clone(),
            formula: String::new(),
            rule: node.rule,
            value: self.values[id],
            unit: node.unit.to_owned(),
            parts: Vec::new(),
            input: None,
            source: None,
        };
        if let Rule::Input(i) = node.rule {
            let name = self.model.inputs[i].name.clone();
            explained.source = self.source_of(&name);
            explained.input = Some(name);
            self.lines_of(id, &mut explained);
        } else {
            explained.parts = node.of.iter().map(|of| self.place(*of)).collect();
            let symbols: Vec<&str> =
                explained.parts.iter().map(|p| self.nodes[*p].symbol.as_str()).collect();
            explained.formula = node.rule.formula(&symbols);
        }
        self.nodes.push(explained);
        self.places.insert(id, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    fn source_of(&self, name: &str) -> Option<SourceNote> {
        let case = &self.model.case;
        let named = case.sources.iter().find(|s| s.input == name).map(|s| s.note.clone());
        named.or_else(|| {
            let line = case.opex.iter().find(|l| l.item == name)?;
            Some(quoted(&line.source, &line.date))
        })
    }

    /// Capital of a subsystem is the sum of its lines: quantity times unit price.
    fn lines_of(&mut self, id: NodeId, explained: &mut Explained) {
        let Some(at) = self.model.cost.capital.iter().position(|n| *n == id) else { return };
        let model = self.model;
        let of = |b: &&super::BilledLine| b.line.subsystem as usize == at;
        let mut symbols = Vec::new();
        for (i, billed) in model.bill.iter().filter(of).enumerate() {
            let line = &billed.line;
            let Some(price) = line.unit_price_usd else { continue };
            let (count, unit) = (format!("q{}", i + 1), format!("p{}", i + 1));
            let counted = (line.quantity, line.unit.clone());
            let quantity = self.leaf(&format!("{}, quantity", line.item), &count, counted);
            let priced = (price.base, format!("$ per {}", line.unit));
            let price = self.leaf(&format!("{}, unit price", line.item), &unit, priced);
            self.nodes[price].source = Some(quoted(&line.source, &line.date));
            let total = Explained {
                name: line.item.clone(),
                symbol: format!("{}{}", explained.symbol, i + 1),
                formula: format!("{count} · {unit}"),
                rule: Rule::Product,
                value: self.nodes[quantity].value * self.nodes[price].value,
                unit: "$".to_owned(),
                parts: vec![quantity, price],
                input: None,
                source: None,
            };
            symbols.push(total.symbol.clone());
            self.nodes.push(total);
            explained.parts.push(self.nodes.len() - 1);
        }
        if !symbols.is_empty() {
            explained.rule = Rule::Sum;
            explained.formula = symbols.join(" + ");
        }
    }

    fn leaf(&mut self, name: &str, symbol: &str, (value, unit): (f64, String)) -> usize {
        self.nodes.push(Explained {
            name: name.to_owned(),
            symbol: symbol.to_owned(),
            formula: String::new(),
            rule: Rule::Fixed(value),
            value,
            unit,
            parts: Vec::new(),
            input: None,
            source: None,
        });
        self.nodes.len() - 1
    }
}

fn quoted(source: &str, date: &str) -> SourceNote {
    SourceNote {
        source: source.to_owned(),
        date: date.to_owned(),
        badge: "catalogue".to_owned(),
        assumption: None,
    }
}
