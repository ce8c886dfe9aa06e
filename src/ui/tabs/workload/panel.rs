//! The job: model, precision, lengths, service level, what serves it, demand. Every change is a step that can be
//! undone; a slider under the hand is one step however far it goes.

use crate::evaluate::result::Results;
use crate::plan::{Edit, Job, Serving, Workload};
use crate::render::chart::day;
use crate::ui::inspector::field::Number;
use crate::ui::inspector::settings::facility::typed_ui;
use crate::ui::inspector::settings::factory::{demand_ui, lengths_ui, model_ui};
use crate::ui::inspector::settings::serving::software_ui;
use crate::ui::inspector::settings::training::training_ui;
use crate::ui::state::Action;
use crate::ui::theme::Theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{small, strong};
use crate::units::display;
use eframe::egui::{Key, Label, Response, Slider, Ui};
use std::ops::RangeInclusive;

/// Milliseconds in a second.
const MS: f64 = 1e3;
/// Times to a first token on the slider, ms.
const TTFT_MS: RangeInclusive<f64> = 50.0..=60_000.0;
/// Speeds of a user on the slider, tokens/s.
const USER_TOK_S: RangeInclusive<f64> = 2.0..=1_000.0;

/// Shows the panel.
pub fn panel_ui(ui: &mut Ui, view: &View<'_>, results: &Results, asks: &mut Asks) {
    let theme = &view.theme;
    let workload = view.plan.workload.as_ref();
    let mut next: Workload = workload.clone();
    model_ui(ui, view, &mut next, asks);
    let mut sliders = Vec::new();
    match &mut next.job {
        Job::Serving(serving) => {
            lengths_ui(ui, serving, theme);
            ui.add_space(4.0);
            ui.label(strong("Service level"));
            sliders.push(ttft_ui(ui, serving, results, theme));
            sliders.push(speed_ui(ui, serving, results, theme));
            ui.add_space(4.0);
            ui.label(strong("What serves it"));
            software_ui(ui, serving, theme);
            ui.add_space(4.0);
            ui.label(strong("Demand"));
            demand_ui(ui, serving, theme);
            for day in results.workload.groups.iter().filter_map(|g| g.day.as_ref()) {
                ui.add(Label::new(small(day::statement(day), theme)).wrap());
            }
        }
        Job::Training(training) => training_ui(ui, training, theme),
    }
    let changed = next != *workload;
    // Only what moves under the hand is previewed; keys and typed numbers are steps of their own.
    let held = sliders.iter().any(|s| s.dragged());
    let let_go = sliders.iter().any(|s| s.drag_stopped());
    match (changed, held || let_go) {
        (true, true) => asks.actions.push(Action::Preview(Edit::SetWorkload(next))),
        (true, false) => asks.edit(Edit::SetWorkload(next)),
        _ => {}
    }
    if let_go {
        asks.actions.push(Action::Commit("Change the service level".into()));
    } else if held && ui.input(|i| i.key_pressed(Key::Escape)) {
        asks.actions.push(Action::Abort);
    }
}

/// Time to first token: a number, a slider, what is reached.
fn ttft_ui(ui: &mut Ui, serving: &mut Serving, results: &Results, theme: &Theme) -> Response {
    let number = Number::new("TTFT ≤", serving.ttft_ms, "ms", (1.0, 1e6));
    serving.ttft_ms = typed_ui(ui, &number, theme).unwrap_or(serving.ttft_ms);
    let mut ms = serving.ttft_ms;
    let response = slider_ui(ui, &mut ms, TTFT_MS, "TTFT slider, ms");
    if response.changed() {
        serving.ttft_ms = rounded(ms, 2);
    }
    let reached = results.workload.ttft_s;
    reached_ui(ui, reached.map(|s| display::seconds(s).to_string()), theme);
    response
}

/// Speed of a user, which is one over the time per output token.
fn speed_ui(ui: &mut Ui, serving: &mut Serving, results: &Results, theme: &Theme) -> Response {
    let speed = MS / serving.tpot_ms;
    let number = Number::new("User speed ≥", rounded(speed, 4), "tok/s", (0.01, 1e4)).source(
        format!("TPOT at most {} ms, set in this plan", display::sig(serving.tpot_ms, 3)),
        false,
    );
    if let Some(typed) = typed_ui(ui, &number, theme) {
        serving.tpot_ms = rounded(MS / typed, 6);
    }
    let mut tok_s = speed;
    let response = slider_ui(ui, &mut tok_s, USER_TOK_S, "User speed slider, tok/s");
    if response.changed() {
        serving.tpot_ms = rounded(MS / rounded(tok_s, 2), 6);
    }
    let tpot = format!("TPOT at most {} ms", display::sig(serving.tpot_ms, 3));
    let reached = results.workload.user_tok_s;
    let words = reached.map(|v| format!("{} tok/s · {tpot}", display::sig(v, 3)));
    reached_ui(ui, words.or(Some(tpot)), theme);
    response
}

fn slider_ui(ui: &mut Ui, value: &mut f64, range: RangeInclusive<f64>, name: &str) -> Response {
    ui.spacing_mut().slider_width = (ui.available_width() - 4.0).max(60.0);
    let slider = Slider::new(value, range).logarithmic(true).show_value(false);
    ui.add(slider).accessible_name(name)
}

fn reached_ui(ui: &mut Ui, words: Option<String>, theme: &Theme) {
    let words = words.map_or_else(|| "not reached".to_owned(), |w| format!("reached: {w}"));
    ui.label(small(words, theme));
}

/// A value with so many significant digits, as a hand on a slider means it.
fn rounded(value: f64, digits: i32) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return value;
    }
    let scale = 10f64.powi(digits - 1 - value.log10().floor() as i32);
    (value * scale).round() / scale
}
