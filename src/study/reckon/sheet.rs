//! A tree being written: leaves with their sources, formulas over them.

use crate::evaluate::economics::{Explained, Rule, SourceNote};

/// Name, symbol and unit.
pub(super) type Words<'a> = (&'a str, &'a str, &'a str);

/// Nodes, each after its parts.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub nodes: Vec<Explained>,
}

/// Found by a stage of the evaluation.
pub(super) fn evaluated(stage: &str, how: &str) -> SourceNote {
    SourceNote {
        source: format!("found by the {stage} stage from this plan: {how}"),
        date: String::new(),
        badge: "evaluated".to_owned(),
        assumption: None,
    }
}

/// Said by the plan itself.
pub(super) fn of_plan(what: &str) -> SourceNote {
    SourceNote {
        source: format!("set in this plan: {what}"),
        date: String::new(),
        badge: "this plan".to_owned(),
        assumption: None,
    }
}

impl Sheet {
    /// A number with its source.
    pub fn leaf(&mut self, words: Words<'_>, value: f64, source: SourceNote) -> usize {
        self.push(words, Rule::Fixed(value), value, Vec::new(), Some(source))
    }

    /// A number that needs no source.
    pub fn fixed(&mut self, words: Words<'_>, value: f64) -> usize {
        self.push(words, Rule::Fixed(value), value, Vec::new(), None)
    }

    /// A formula over what stands already.
    pub fn rule(&mut self, words: Words<'_>, rule: Rule, parts: Vec<usize>) -> usize {
        let values: Vec<f64> = parts.iter().map(|p| self.nodes[*p].value).collect();
        self.push(words, rule, rule.value(&values, &[]), parts, None)
    }

    fn push(
        &mut self,
        (name, symbol, unit): Words<'_>,
        rule: Rule,
        value: f64,
        parts: Vec<usize>,
        source: Option<SourceNote>,
    ) -> usize {
        let symbols: Vec<&str> = parts.iter().map(|p| self.nodes[*p].symbol.as_str()).collect();
        let formula = if parts.is_empty() { String::new() } else { rule.formula(&symbols) };
        self.nodes.push(Explained {
            name: name.to_owned(),
            symbol: symbol.to_owned(),
            formula,
            rule,
            value,
            unit: unit.to_owned(),
            parts,
            input: None,
            source,
        });
        self.nodes.len() - 1
    }
}
