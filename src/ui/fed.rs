//! What the selected component of the power chain feeds: racks and busways to mark on the floor.

use crate::evaluate::power::case::PowerCase;
use crate::evaluate::result::Results;
use crate::render::oneline::{Tree, paths};
use crate::ui::state::Selection;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is fed, kept while component and chain stay the same.
#[derive(Clone, Debug, Default)]
pub struct Fed {
    /// Objects of the floor.
    pub objects: Selection,
    /// Names of the component itself and every one behind it.
    pub elements: BTreeSet<String>,
    of: Option<(String, Arc<PowerCase>)>,
}

impl Fed {
    /// Finds it anew if the component or the chain is another one.
    pub fn refresh(&mut self, device: Option<&str>, results: Option<&Results>) {
        let (Some(name), Some(results)) = (device, results) else {
            if self.of.is_some() {
                *self = Self::default();
            }
            return;
        };
        let case = &results.power_case;
        if self.of.as_ref().is_some_and(|(n, c)| n == name && Arc::ptr_eq(c, case)) {
            return;
        }
        *self = Self { of: Some((name.to_owned(), Arc::clone(case))), ..Self::default() };
        let Some(at) = case.elements.iter().position(|e| e.name == name) else { return };
        let tree = Tree::of(case);
        self.objects = paths::fed_by(case, &tree, at);
        self.elements =
            tree.down_from(at).into_iter().map(|i| case.elements[i].name.clone()).collect();
    }
}
