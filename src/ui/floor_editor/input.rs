//! What the canvas is given each frame.

use crate::catalog::Catalog;
use crate::evaluate::result::Results;
use crate::plan::Plan;
use crate::ui::state::{Freshness, Overlay, UiState};
use crate::ui::theme::Theme;

/// What the canvas reads; it changes none of it.
#[derive(Clone, Copy)]
pub struct FloorInput<'a> {
    /// The plan, a running gesture included.
    pub plan: &'a Plan,
    /// What can be bought.
    pub catalog: &'a Catalog,
    /// The latest results.
    pub results: Option<&'a std::sync::Arc<Results>>,
    /// How the results relate to the plan.
    pub freshness: Freshness,
    /// Selection, tool, overlay.
    pub ui_state: &'a UiState,
    /// Colours.
    pub theme: &'a Theme,
}

impl FloorInput<'_> {
    /// Results, unless there are none to show at all.
    pub fn shown_results(&self) -> Option<&Results> {
        match self.freshness {
            Freshness::Missing => None,
            Freshness::Updating | Freshness::Draft | Freshness::Refining | Freshness::Settled => {
                self.results.map(AsRef::as_ref)
            }
        }
    }

    /// How strongly data is painted: an old picture dims.
    pub const fn strength(&self) -> f32 {
        match self.freshness {
            Freshness::Updating => 0.6,
            Freshness::Missing | Freshness::Draft | Freshness::Refining | Freshness::Settled => 1.0,
        }
    }

    /// The overlay of the plan, unless another one is peeked at.
    pub fn overlay(&self, peek: Option<Overlay>) -> Overlay {
        peek.unwrap_or(self.ui_state.overlay)
    }
}
