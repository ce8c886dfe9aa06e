//! The cost over utilisation and price of electricity, priced point by point in the background.

use super::super::background::Background;
use crate::evaluate::economics::EconomicsCase;
use crate::evaluate::result::Results;
use crate::render::chart::Chart;
use crate::render::chart::money::iso_chart;
use crate::study::{IsoCost, iso_cost};
use crate::ui::state::Freshness;
use crate::ui::view::View;
use crate::ui::widgets::{chart_heading_ui, chart_ui, empty_ui};
use eframe::egui::{Context, Ui};
use std::sync::Arc;

/// Points of the map along utilisation and price.
const GRID: (usize, usize) = (33, 23);

/// A map, or why there is none, and the case that it was drawn from.
type Drawn = (Arc<EconomicsCase>, Result<Chart, &'static str>);

/// The map and what is being priced for it.
#[derive(Debug, Default)]
pub struct MapState {
    running: Option<(Arc<EconomicsCase>, Background<Option<IsoCost>>)>,
    drawn: Option<Drawn>,
}

impl MapState {
    /// Whether a map is being priced.
    pub const fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// Takes in the priced map, and asks for the one of these results unless the hand is moving.
    fn refresh(&mut self, ctx: &Context, view: &View<'_>, results: &Results) {
        if let Some(answer) = self.running.as_ref().and_then(|(_, work)| work.poll())
            && let Some((of, _)) = self.running.take()
        {
            let none = "without GPUs or prices there is no cost per token or GPU-hour to map";
            let map = answer.ok().flatten();
            self.drawn = Some((of, map.map(|m| iso_chart(&m)).ok_or(none)));
        }
        let wanted = &results.economics_case;
        let known = self.drawn.as_ref().is_some_and(|(of, _)| of == wanted);
        let asked = self.running.as_ref().is_some_and(|(of, _)| of == wanted);
        if !known && !asked && view.freshness != Freshness::Updating {
            let case = Arc::clone(wanted);
            let work =
                Background::start("cost-map", ctx, move |_| Some(iso_cost(&case, GRID.0, GRID.1)));
            self.running = work.map(|work| (Arc::clone(wanted), work));
        }
    }
}

/// Shows the map.
pub fn map_ui(ui: &mut Ui, view: &View<'_>, results: &Results, state: &mut MapState) {
    state.refresh(ui.ctx(), view, results);
    let theme = &view.theme;
    match &state.drawn {
        None => empty_ui(ui, "Pricing…", "every point of the map is a plan priced again", theme),
        Some((_, Err(problem))) => empty_ui(ui, "No map", problem, theme),
        Some((of, Ok(chart))) => {
            if *of != results.economics_case {
                ui.set_opacity(0.6);
            }
            chart_heading_ui(ui, chart, theme);
            chart_ui(ui, "iso-cost", &format!("{}, map", chart.title), chart, theme);
        }
    }
}
