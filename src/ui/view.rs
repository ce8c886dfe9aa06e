//! What every view may read, and how it asks for changes.

use super::commands::Command;
use super::state::{Action, Freshness, Selection};
use super::theme::Theme;
use super::what_if::WhatIf;
use crate::catalog::Catalog;
use crate::evaluate::EvaluateError;
use crate::evaluate::air::Capture;
use crate::evaluate::result::Results;
use crate::plan::{Edit, History, Object, Plan};

/// The state of the document as one frame shows it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The plan, a running gesture included.
    pub plan: &'a Plan,
    /// The catalogue.
    pub catalog: &'a Catalog,
    /// The latest results, maybe of an older revision.
    pub results: Option<&'a Results>,
    /// The results before the running or last gesture.
    pub reference: Option<&'a Results>,
    /// Why there are no results.
    pub failure: Option<&'a EvaluateError>,
    /// How results relate to the plan.
    pub freshness: Freshness,
    /// Steps.
    pub history: &'a History,
    /// Selected objects.
    pub selection: &'a Selection,
    /// Whether the air is followed from rack to rack.
    pub follow: bool,
    /// Whose air each rack breathes, once followed.
    pub capture: Option<&'a Capture>,
    /// Elements of the power chain that are taken for failed, and what follows.
    pub what_if: &'a WhatIf,
    /// Name of the selected element of the power chain.
    pub device: Option<&'a str>,
    /// Colours.
    pub theme: Theme,
}

impl View<'_> {
    /// The selected objects, in the order of their identity.
    #[must_use]
    pub fn selected(&self) -> Vec<Object> {
        /// Above this many it is quicker to walk the floor once than to look each one up.
        const MANY: usize = 16;
        let floor = &self.plan.floor;
        if self.selection.len() <= MANY {
            return self.selection.iter().filter_map(|id| floor.object(*id)).collect();
        }
        let mut found: Vec<Object> =
            floor.objects().filter(|o| self.selection.contains(&o.id())).collect();
        found.sort_by_key(Object::id);
        found
    }

    /// How strongly results are painted: stale ones dim.
    #[must_use]
    pub const fn result_opacity(&self) -> f32 {
        match self.freshness {
            Freshness::Settled | Freshness::Refining | Freshness::Draft => 1.0,
            Freshness::Updating | Freshness::Missing => 0.6,
        }
    }
}

/// What views ask for during a frame.
#[derive(Debug, Default)]
pub struct Asks {
    /// For the document, the selection, the floor.
    pub actions: Vec<Action>,
    /// For the window.
    pub commands: Vec<Command>,
}

impl Asks {
    /// One edit as one step.
    pub fn edit(&mut self, edit: Edit) {
        self.actions.push(Action::Apply(edit));
    }

    /// A command.
    pub fn run(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// Selects one object and brings it into view.
    pub fn reveal(&mut self, id: crate::plan::ObjectId) {
        self.actions.push(Action::Reveal(id));
    }
}
