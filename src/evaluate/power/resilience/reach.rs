//! Who is alive without a load flow: a search upwards from the feeds of a load.
//!
//! An element is alive if it is in service and is a source, or its parent or its backup is alive.
//! That is what the transfer rules of the load flow settle to, since a transfer only ever adds
//! supply. So a load is served exactly if a way up through elements in service ends at a source.

use crate::evaluate::power::case::{Model, PowerCase};
use std::collections::BTreeMap;

/// Ways up of every element.
#[derive(Clone, Debug)]
pub struct Reach {
    up: Vec<[Option<usize>; 2]>,
    source: Vec<bool>,
}

/// Loads that hang on the same elements live and die together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// Elements that feed them, sorted.
    pub feeds: Vec<usize>,
    /// The loads, by index.
    pub loads: Vec<usize>,
}

/// Marks of a search, reused from one to the next.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    seen: Vec<u32>,
    round: u32,
    stack: Vec<usize>,
}

impl Reach {
    /// The ways up of a case.
    #[must_use]
    pub fn new(case: &PowerCase) -> Self {
        Self {
            up: case.elements.iter().map(|e| [e.parent, e.backup]).collect(),
            source: case.elements.iter().map(|e| matches!(e.model, Model::Source { .. })).collect(),
        }
    }

    /// Whether a load with these feeds is served with the elements marked in `out` out of service.
    #[must_use]
    pub fn served(&self, feeds: &[usize], out: &[bool], marks: &mut Marks) -> bool {
        marks.begin(self.up.len());
        for &feed in feeds {
            marks.visit(feed);
        }
        while let Some(at) = marks.stack.pop() {
            if out[at] {
                continue;
            }
            if self.source[at] {
                marks.stack.clear();
                return true;
            }
            for next in self.up[at].into_iter().flatten() {
                marks.visit(next);
            }
        }
        false
    }

    /// Every element on a way up from these feeds, sorted.
    #[must_use]
    pub fn above(&self, feeds: &[usize], marks: &mut Marks) -> Vec<usize> {
        marks.begin(self.up.len());
        for &feed in feeds {
            marks.visit(feed);
        }
        let mut found = Vec::new();
        while let Some(at) = marks.stack.pop() {
            found.push(at);
            for next in self.up[at].into_iter().flatten() {
                marks.visit(next);
            }
        }
        found.sort_unstable();
        found
    }
}

impl Marks {
    fn begin(&mut self, count: usize) {
        self.stack.clear();
        if self.seen.len() != count || self.round == u32::MAX {
            self.seen = vec![0; count];
            self.round = 0;
        }
        self.round += 1;
    }

    fn visit(&mut self, at: usize) {
        if self.seen[at] != self.round {
            self.seen[at] = self.round;
            self.stack.push(at);
        }
    }
}

/// Loads by what feeds them, in the order of their first load. Loads without feeds are left out.
#[must_use]
pub fn classes(case: &PowerCase) -> Vec<Class> {
    let mut at: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
    let mut list: Vec<Class> = Vec::new();
    for (i, load) in case.loads.iter().enumerate() {
        let mut feeds: Vec<usize> = load.feeds.iter().map(|f| f.element).collect();
        feeds.sort_unstable();
        feeds.dedup();
        if feeds.is_empty() {
            continue;
        }
        let class = *at.entry(feeds.clone()).or_insert(list.len());
        if class == list.len() {
            list.push(Class { feeds, loads: Vec::new() });
        }
        list[class].loads.push(i);
    }
    list
}
