//! What an element feeds, and what feeds a rack, along the normal supplies.

use super::Tree;
use crate::evaluate::power::case::PowerCase;
use crate::plan::ObjectId;
use std::collections::BTreeSet;

/// Objects of the floor that draw power through an element in the normal state.
#[must_use]
pub fn fed_by(case: &PowerCase, tree: &Tree, element: usize) -> BTreeSet<ObjectId> {
    let behind = tree.down_from(element).into_iter();
    let loads = behind.flat_map(|i| tree.feeds[i].iter().map(|(l, _)| *l));
    loads.filter_map(|l| case.loads[l].object).collect()
}

/// Elements between the sources and any of some objects, stand-by supplies left out.
#[must_use]
pub fn feeding(case: &PowerCase, objects: &BTreeSet<ObjectId>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let ours = case.loads.iter().filter(|l| l.object.is_some_and(|o| objects.contains(&o)));
    for feed in ours.flat_map(|l| &l.feeds) {
        let mut next = Some(feed.element);
        // An element that is known already has all of its supplies known.
        while let Some(i) = next.filter(|i| *i < case.elements.len() && found.insert(*i)) {
            next = case.elements[i].parent;
        }
    }
    found
}
