//! Who hangs on whom, and which elements stand in ranks and which are listed under a board.

use crate::evaluate::power::case::{ElementKind, PowerCase};
use std::collections::BTreeSet;

/// The forest of a case, by index of element.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Elements normally supplied by each.
    pub children: Vec<Vec<usize>>,
    /// Feeds on each: load and which of its feeds.
    pub feeds: Vec<Vec<(usize, usize)>>,
    /// Stand-by sources that are drawn beside each.
    pub companions: Vec<Vec<usize>>,
    /// Whether it is listed under a board: it and everything behind it only distributes.
    pub listed: Vec<bool>,
    /// Elements without a supply that are drawn by themselves.
    pub roots: Vec<usize>,
}

impl Tree {
    /// Reads a case. Connections that point nowhere are left out: the case is refused elsewhere.
    #[must_use]
    pub fn of(case: &PowerCase) -> Self {
        let n = case.elements.len();
        let mut tree = Self {
            children: vec![Vec::new(); n],
            feeds: vec![Vec::new(); n],
            companions: vec![Vec::new(); n],
            listed: vec![false; n],
            roots: Vec::new(),
        };
        for (i, element) in case.elements.iter().enumerate() {
            if let Some(parent) = element.parent.filter(|p| *p < n && *p != i) {
                tree.children[parent].push(i);
            }
        }
        for (l, load) in case.loads.iter().enumerate() {
            for (f, feed) in load.feeds.iter().enumerate().filter(|(_, f)| f.element < n) {
                tree.feeds[feed.element].push((l, f));
            }
        }
        tree.order_taps(case);
        tree.find_companions(case);
        tree.find_listed(case);
        tree
    }

    /// Taps stand in the order in which they leave the bar.
    fn order_taps(&mut self, case: &PowerCase) {
        for feeds in &mut self.feeds {
            feeds.sort_by(|a, b| {
                let tap = |(l, f): &(usize, usize)| case.loads[*l].feeds[*f].tap;
                tap(a).total_cmp(&tap(b)).then(a.cmp(b))
            });
        }
    }

    /// A source that only ever stands by goes beside the first element that transfers to it.
    fn find_companions(&mut self, case: &PowerCase) {
        let mut taken = BTreeSet::new();
        for (i, element) in case.elements.iter().enumerate() {
            let Some(backup) = element.backup.filter(|b| *b < case.elements.len()) else {
                continue;
            };
            let stands_by = case.elements[backup].parent.is_none()
                && self.children[backup].is_empty()
                && self.feeds[backup].is_empty();
            if stands_by && taken.insert(backup) {
                self.companions[i].push(backup);
            }
        }
        let is_root = |i: &usize| case.elements[*i].parent.is_none() && !taken.contains(i);
        self.roots = (0..case.elements.len()).filter(is_root).collect();
    }

    fn find_listed(&mut self, case: &PowerCase) {
        for root in self.roots.clone() {
            for &i in self.down_from(root).iter().rev() {
                let distributes = matches!(
                    case.elements[i].kind,
                    ElementKind::Cable
                        | ElementKind::Busway
                        | ElementKind::Pdu
                        | ElementKind::Rpp
                        | ElementKind::PowerShelf
                );
                self.listed[i] = distributes
                    && case.elements[i].parent.is_some()
                    && case.elements[i].backup.is_none()
                    && self.children[i].iter().all(|c| self.listed[*c]);
            }
        }
    }

    /// An element and everything behind it, supplies before what they feed.
    #[must_use]
    pub fn down_from(&self, element: usize) -> Vec<usize> {
        let mut order = vec![element];
        let mut next = 0;
        while let Some(&i) = order.get(next) {
            order.extend(self.children[i].iter().copied());
            next += 1;
        }
        order
    }

    /// Children that stand in the next rank.
    pub fn ranked(&self, element: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.children[element].iter().copied().filter(|c| !self.listed[*c])
    }

    /// Children that are listed under it.
    pub fn rows(&self, element: usize) -> impl Iterator<Item = usize> + '_ {
        self.children[element].iter().copied().filter(|c| self.listed[*c])
    }
}
