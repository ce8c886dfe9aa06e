//! Money: what a GPU-hour costs and why, the years, the cost over utilisation and price of
//! electricity, this plan against a variant.

mod cash;
mod compare;
mod map;
mod overview;
mod shadow;

use super::StudyView;
use crate::evaluate::result::Results;
use crate::study::Outcome;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::segments_ui;
use eframe::egui::Ui;
pub use overview::movers_ui;

/// What the tab shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// Waterfall, capital, what moves the cost.
    #[default]
    Overview,
    /// The years of the investment.
    Cash,
    /// Cost over utilisation and price of electricity.
    Map,
    /// This plan against a variant.
    Compare,
    /// What one more unit would buy.
    Shadow,
}

impl Page {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Overview, Self::Cash, Self::Map, Self::Compare, Self::Shadow];

    /// A word on a button.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Cost",
            Self::Cash => "Cash flow",
            Self::Map => "Cost map",
            Self::Compare => "Compare",
            Self::Shadow => "One more",
        }
    }
}

/// What the tab remembers.
#[derive(Debug, Default)]
pub struct CostsState {
    /// What is shown.
    pub page: Page,
    map: map::MapState,
    compare: compare::CompareState,
    /// Shadow prices.
    pub shadow: shadow::ShadowState,
}

impl CostsState {
    /// The variant that was last compared with, if it is among the outcomes.
    #[must_use]
    pub fn compared_with<'a>(&self, outcomes: &'a [Outcome]) -> Option<&'a Outcome> {
        let chosen = self.compare.seen?;
        outcomes.iter().find(|o| o.index == chosen)
    }

    /// Whether something is being worked out for it.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        self.map.is_busy() || self.compare.is_busy() || self.shadow.is_busy()
    }
}

/// Shows the tab.
pub fn costs_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    study: &StudyView<'_>,
    state: &mut CostsState,
    asks: &mut Asks,
) {
    ui.set_opacity(view.result_opacity());
    if let Some(page) =
        segments_ui(ui, "Economics page", state.page, &Page::ALL, Page::label, &view.theme)
    {
        state.page = page;
    }
    match state.page {
        Page::Overview => overview::overview_ui(ui, view, results, asks),
        Page::Cash => cash::cash_ui(ui, view, results.economics.investment.as_ref(), asks),
        Page::Compare => compare::compare_ui(ui, view, results, study, &mut state.compare, asks),
        Page::Shadow => shadow::shadow_ui(ui, view, &mut state.shadow),
        Page::Map => map::map_ui(ui, view, results, &mut state.map),
    }
}

#[cfg(test)]
mod tests;
