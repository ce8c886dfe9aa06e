//! The cost over utilisation and price of electricity, priced point by point in the background.

use crate::evaluate::cancel::CancelToken;
use crate::evaluate::economics::EconomicsCase;
use crate::evaluate::result::Results;
use crate::render::chart::Chart;
use crate::render::chart::money::iso_chart;
use crate::study::{IsoCost, iso_cost};
use crate::ui::state::Freshness;
use crate::ui::view::View;
use crate::ui::widgets::{chart_heading_ui, chart_ui, empty_ui, small};
use eframe::egui::{Context, Ui};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};

/// Points of the map along utilisation and price.
const GRID: (usize, usize) = (33, 23);

/// The map and what it was drawn from.
#[derive(Debug, Default)]
pub struct MapState {
    running: Option<Running>,
    drawn: Option<(Arc<EconomicsCase>, Result<Chart, String>)>,
}

#[derive(Debug)]
struct Running {
    of: Arc<EconomicsCase>,
    newest: Arc<AtomicU64>,
    answer: Receiver<Option<IsoCost>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.newest.store(u64::MAX, Ordering::Relaxed);
    }
}

impl Running {
    fn start(of: &Arc<EconomicsCase>, ctx: &Context) -> Option<Self> {
        let (sender, answer) = channel();
        let newest = Arc::new(AtomicU64::new(0));
        let cancel = CancelToken::new(Arc::clone(&newest), 0);
        let (case, ctx) = (Arc::clone(of), ctx.clone());
        let work = move || {
            if let Ok(map) = iso_cost(&case, GRID.0, GRID.1, &cancel) {
                // A window that was closed meanwhile does not wait for the map.
                let _ = sender.send(map);
                ctx.request_repaint();
            }
        };
        let thread = std::thread::Builder::new().name("cost-map".into()).spawn(work);
        thread.ok().map(|_| Self { of: Arc::clone(of), newest, answer })
    }
}

impl MapState {
    /// Whether a map is being priced.
    pub const fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// Takes in the priced map, and asks for the one of these results unless the hand is moving.
    fn refresh(&mut self, ctx: &Context, view: &View<'_>, results: &Results) {
        if let Some(answer) = self.running.as_ref().and_then(|r| r.answer.try_recv().ok()) {
            let of = self.running.take().map(|r| Arc::clone(&r.of));
            let chart = answer.map(|m| iso_chart(&m)).ok_or_else(|| {
                "Without GPUs or prices there is no cost per token or GPU-hour to map".to_owned()
            });
            self.drawn = of.map(|of| (of, chart));
        }
        let wanted = &results.economics_case;
        let known = self.drawn.as_ref().is_some_and(|(of, _)| of == wanted);
        let asked = self.running.as_ref().is_some_and(|r| r.of == *wanted);
        if !known && !asked && view.freshness != Freshness::Updating {
            self.running = Running::start(wanted, ctx);
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
            ui.horizontal(|ui| {
                chart_heading_ui(ui, chart, theme);
                ui.label(small("lines of equal cost; everything else as planned", theme));
            });
            chart_ui(ui, "iso-cost", &chart.title, chart, theme);
        }
    }
}
