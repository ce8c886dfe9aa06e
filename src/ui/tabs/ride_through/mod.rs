//! Ride-through: what fails, how long each rack has, and a player of the hall as it heats.

mod chart;
mod worker;

use super::{cell_ui, column_ui};
use crate::evaluate::air::ride_through::{
    PlanEvent, RackRide, RideOptions, RideThrough, question_of_plan,
};
use crate::evaluate::result::Results;
use crate::evaluate::snapshot::Snapshot;
use crate::plan::{ObjectId, Plan};
use crate::ui::state::Played;
use crate::ui::theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, chip_ui, empty_ui, small};
use crate::units::{ZERO_CELSIUS_K, display};
use eframe::egui::{Align, Button, ComboBox, Layout, ProgressBar, Sense, Slider, Ui};
use egui_extras::{Column, TableBuilder};
use std::sync::Arc;
use worker::Running;

/// What is chosen to fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Choice {
    /// Chillers and all fans that no UPS feeds.
    #[default]
    ChilledWater,
    Fans,
    Unit(ObjectId),
}

/// What the tab remembers.
#[derive(Debug)]
pub struct RideState {
    choice: Choice,
    fans_on_ups: bool,
    pumps_on_ups: bool,
    slab: bool,
    running: Option<Running>,
    problem: Option<String>,
    answer: Option<Answer>,
    /// Place of the player in s, and whether it runs.
    t_s: f64,
    playing: bool,
    /// The answer is to be put away.
    closed: bool,
}

impl Default for RideState {
    fn default() -> Self {
        Self {
            choice: Choice::default(),
            fans_on_ups: true,
            pumps_on_ups: false,
            slab: false,
            running: None,
            problem: None,
            answer: None,
            t_s: 0.0,
            playing: false,
            closed: false,
        }
    }
}

/// A finished ride-through.
#[derive(Debug)]
struct Answer {
    ride: RideThrough,
    /// Racks by time to the allowable limit, then by hottest intake.
    order: Vec<usize>,
    plan: Plan,
}

/// Simulated seconds per second of the player.
const PLAY_SPEED: f64 = 30.0;
/// Share of the width for the table.
const TABLE: f32 = 0.46;

impl RideState {
    /// What the floor shows instead of the design state.
    pub fn played(&self) -> Option<Played> {
        let answer = self.answer.as_ref()?;
        let ride = &answer.ride;
        let picture = ride.pictures.iter().rev().find(|p| p.t_s <= self.t_s + 1e-6)?;
        let at = ride.times_s.iter().position(|t| *t >= picture.t_s)?;
        let inlet =
            |r: &RackRide| Some((r.object?, f64::from(*r.intake_k.get(at)?) - ZERO_CELSIUS_K));
        Some(Played {
            field: Arc::clone(&picture.field),
            words: format!(
                "ride-through t = {}, not the design state · {}",
                clock(picture.t_s),
                ride.event.label()
            ),
            inlets_c: ride.racks.iter().filter_map(inlet).collect(),
        })
    }

    fn take_answer(&mut self, view: &View<'_>) {
        let Some(answer) = self.running.as_ref().and_then(Running::poll) else { return };
        self.running = None;
        match answer {
            Ok(ride) => {
                let order = worst_first(&ride);
                (self.t_s, self.playing, self.problem) = (0.0, false, None);
                self.answer = Some(Answer { ride, order, plan: view.plan.clone() });
            }
            Err(problem) => self.problem = Some(problem),
        }
    }

    fn event(&self) -> PlanEvent {
        match self.choice {
            Choice::Unit(id) => PlanEvent::Units(vec![id]),
            Choice::Fans => PlanEvent::Fans,
            Choice::ChilledWater if !self.fans_on_ups => PlanEvent::Fans,
            Choice::ChilledWater => PlanEvent::ChilledWater { pumps_run: self.pumps_on_ups },
        }
    }

    fn run(&mut self, ui: &Ui, view: &View<'_>, results: &Results) {
        let start = || {
            let snapshot = Snapshot::resolve(view.plan, &Arc::new(view.catalog.clone()))
                .map_err(|e| e.to_string())?;
            let options = RideOptions { slab: self.slab, ..RideOptions::default() };
            let question = question_of_plan(&snapshot, &results.loads, &self.event(), &options)
                .map_err(|e| e.to_string())?;
            Running::start(question, ui.ctx())
        };
        match start() {
            Ok(running) => (self.running, self.problem) = (Some(running), None),
            Err(problem) => self.problem = Some(problem),
        }
    }
}

/// Racks by time to the allowable limit; those that keep it follow, the hottest first.
fn worst_first(ride: &RideThrough) -> Vec<usize> {
    let mut order: Vec<usize> = (0..ride.racks.len()).collect();
    let time = |r: &RackRide| r.allowable_s.unwrap_or(f64::INFINITY);
    order.sort_by(|a, b| {
        let (a_rack, b_rack) = (&ride.racks[*a], &ride.racks[*b]);
        time(a_rack)
            .total_cmp(&time(b_rack))
            .then(b_rack.hottest_k().total_cmp(&a_rack.hottest_k()))
            .then(a.cmp(b))
    });
    order
}

/// Minutes and seconds.
fn clock(t_s: f64) -> String {
    let whole = t_s.round().max(0.0) as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}

/// Shows the tab.
pub fn ride_through_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    state: &mut RideState,
    asks: &mut Asks,
) {
    state.take_answer(view);
    question_ui(ui, view, results, state);
    if let Some(problem) = &state.problem {
        chip_ui(ui, problem, view.theme.bad, &view.theme);
    }
    let Some(answer) = state.answer.take() else {
        let advice = "Choose what fails and press Run: each rack's minutes to its limits, and the \
                      hall as it heats. Racks keep their load and their fans.";
        return empty_ui(ui, "Nothing has failed yet", advice, &view.theme);
    };
    player_ui(ui, view, &answer, state);
    let (width, height) = (ui.available_width(), ui.available_height());
    ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(
            [width * TABLE, height].into(),
            Layout::top_down(Align::Min),
            |ui| table_ui(ui, view, &answer, asks),
        );
        chart::chart_ui(ui, view, &answer.ride, &answer.order, state.t_s);
    });
    state.answer = (!std::mem::take(&mut state.closed)).then_some(answer);
}

/// What fails, and Run.
fn question_ui(ui: &mut Ui, view: &View<'_>, results: &Results, state: &mut RideState) {
    let units: Vec<(ObjectId, &str)> =
        (results.air.units.iter()).filter_map(|u| Some((u.object?, u.id.as_str()))).collect();
    ui.horizontal_wrapped(|ui| {
        let name = |choice| match choice {
            Choice::ChilledWater => "Utility power lost: chillers stop".to_owned(),
            Choice::Fans => "All unit fans stop".to_owned(),
            Choice::Unit(id) => units
                .iter()
                .find(|u| u.0 == id)
                .map_or_else(|| "A unit that is gone".into(), |u| format!("{} fails", u.1)),
        };
        ComboBox::from_id_salt("ride-event")
            .width(230.0)
            .selected_text(name(state.choice))
            .show_ui(ui, |ui| {
                let all = [Choice::ChilledWater, Choice::Fans];
                let each = units.iter().map(|u| Choice::Unit(u.0));
                for choice in all.into_iter().chain(each) {
                    ui.selectable_value(&mut state.choice, choice, name(choice));
                }
            });
        if state.choice == Choice::ChilledWater {
            ui.checkbox(&mut state.fans_on_ups, "fans on UPS");
            ui.add_enabled_ui(state.fans_on_ups, |ui| {
                ui.checkbox(&mut state.pumps_on_ups, "pumps on UPS");
            });
        }
        ui.checkbox(&mut state.slab, "floor slab takes heat");
        match &state.running {
            Some(running) => {
                if ui.button("Cancel").clicked() {
                    state.running = None;
                    state.problem = Some("Cancelled: no answer".into());
                    return;
                }
                ui.add(ProgressBar::new(running.share()).desired_width(140.0).desired_height(6.0));
                let words = if running.share() > 0.0 { "ten minutes" } else { "settling" };
                ui.label(small(words, &view.theme));
            }
            None => {
                if ui.button("Run").on_hover_text("Ten minutes after the event").clicked() {
                    state.run(ui, view, results);
                }
            }
        }
    });
}

/// Slider, play and pause, how old the answer is.
fn player_ui(ui: &mut Ui, view: &View<'_>, answer: &Answer, state: &mut RideState) {
    let ride = &answer.ride;
    let end_s = ride.pictures.last().map_or(0.0, |p| p.t_s);
    if state.playing {
        state.t_s += PLAY_SPEED * f64::from(ui.input(|i| i.stable_dt)).min(0.1);
        state.playing = state.t_s < end_s;
        state.t_s = state.t_s.min(end_s);
        ui.ctx().request_repaint();
    }
    ui.horizontal(|ui| {
        let (mark, word) = if state.playing {
            (egui_phosphor::regular::PAUSE, "Pause")
        } else {
            (egui_phosphor::regular::PLAY, "Play")
        };
        if ui.add(Button::new(mark)).accessible_name(word).on_hover_text(word).clicked() {
            state.playing = !state.playing;
            if state.playing && state.t_s >= end_s {
                state.t_s = 0.0;
            }
        }
        ui.spacing_mut().slider_width = 220.0;
        let slider = Slider::new(&mut state.t_s, 0.0..=end_s).custom_formatter(|t, _| clock(t));
        ui.add(slider.text("after the event"));
        if ui.button("Close").on_hover_text("Back to the design state").clicked() {
            (state.playing, state.closed) = (false, true);
        }
        let trips = ride.first_trips.iter().filter_map(|i| {
            let rack = ride.racks.get(*i)?;
            Some(format!("{} at {}", rack.id, clock(rack.allowable_s?)))
        });
        let trips: Vec<String> = trips.collect();
        let words = if trips.is_empty() {
            "no rack passes its allowable limit".into()
        } else {
            format!("first past the limit: {}", trips.join(", "))
        };
        ui.label(small(format!("{} · {words}", ride.event.label()), &view.theme));
        if answer.plan != *view.plan {
            chip_ui(ui, "of an earlier state", view.theme.warn, &view.theme);
        }
    });
}

fn table_ui(ui: &mut Ui, view: &View<'_>, answer: &Answer, asks: &mut Asks) {
    let ride = &answer.ride;
    let minutes = |t: Option<f64>| {
        t.map_or_else(|| format!("> {}", clock(ride.times_s.last().copied().unwrap_or(0.0))), clock)
    };
    TableBuilder::new(ui)
        .id_salt("ride-through")
        .sense(Sense::click())
        .auto_shrink(false)
        .min_scrolled_height(0.0)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::initial(110.0).at_least(60.0).clip(true))
        .columns(Column::initial(84.0).at_least(52.0).clip(true), 3)
        .column(Column::remainder().clip(true))
        .header(theme::ROW, |mut header| {
            for name in ["Rack", "allowable", "recommended", "hottest °C", "limit °C"] {
                header.col(|ui| column_ui(ui, name, view));
            }
        })
        .body(|body| {
            body.rows(theme::ROW, answer.order.len(), |mut row| {
                let rack = &ride.racks[answer.order[row.index()]];
                let ink = |t: Option<f64>, past| if t.is_some() { past } else { Ink::Plain };
                let limit = rack.limits.as_ref().map(|l| l.allowable_max_k - ZERO_CELSIUS_K);
                let limit = limit.map_or_else(|| display::NONE.into(), |c| display::fixed(c, 1));
                let hottest = display::fixed(rack.hottest_k() - ZERO_CELSIUS_K, 1);
                row.set_selected(rack.object.is_some_and(|id| view.selection.contains(&id)));
                row.col(|ui| cell_ui(ui, rack.id.as_str(), Ink::Plain, view));
                let (allowable, recommended) = (rack.allowable_s, rack.recommended_s);
                row.col(|ui| cell_ui(ui, minutes(allowable), ink(allowable, Ink::Bad), view));
                row.col(|ui| cell_ui(ui, minutes(recommended), ink(recommended, Ink::Warn), view));
                row.col(|ui| cell_ui(ui, hottest, ink(allowable, Ink::Bad), view));
                row.col(|ui| cell_ui(ui, limit, Ink::Muted, view));
                if row.response().clicked()
                    && let Some(id) = rack.object
                {
                    asks.reveal(id);
                }
            });
        });
}
