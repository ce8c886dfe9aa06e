//! Cases with known answers: what was run here, how near it came, and the picture of it. A case
//! that was not run here says so.

mod detail;
pub(super) mod picture;

use super::{cell_ui, column_ui};
use crate::cases::{Outcome, Verdict, words};
use crate::session::Validator;
use crate::ui::commands::Command;
use crate::ui::state::Action;
use crate::ui::theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, chip_ui, small};
use crate::units::display;
use eframe::egui::{self, Align, Layout, Rect, Sense, Stroke, Ui, pos2, vec2};
use egui_extras::{Column, TableBuilder};

/// What the tab remembers.
#[derive(Clone, Copy, Debug, Default)]
pub struct ValidationState {
    selected: usize,
}

impl ValidationState {
    /// Selects the case at `place` of the list.
    pub const fn select(&mut self, place: usize) {
        self.selected = place;
    }

    /// Forgets the selection, for another list.
    pub const fn clear(&mut self) {
        self.selected = 0;
    }
}

/// Share of the width for the list of cases.
const LIST: f32 = 0.36;

/// Progress and buttons, at the right of the tab bar.
pub fn progress_ui(ui: &mut Ui, view: &View<'_>, validator: &Validator, asks: &mut Asks) {
    ui.add_space(8.0);
    if let Some(p) = validator.progress() {
        if ui.button("Stop").clicked() {
            asks.run(Command::StopValidation);
        }
        let share = p.done as f32 / p.total.max(1) as f32;
        ui.add(egui::ProgressBar::new(share).desired_width(120.0).desired_height(6.0));
        let current = p.current.and_then(|i| validator.cases().get(i)).map_or("", |c| &c.id);
        ui.label(small(format!("{} of {} · {current}", p.done, p.total), &view.theme));
        return;
    }
    for command in [Command::RunValidation, Command::OpenCases] {
        let words = if command == Command::RunValidation { "Run all" } else { "Open folder…" };
        if ui.button(words).on_hover_text(command.tooltip()).clicked() {
            asks.run(command);
        }
    }
    ui.label(small(summary(validator), &view.theme));
}

fn summary(validator: &Validator) -> String {
    let ran = validator.outcomes().count();
    if ran == 0 {
        return format!("{} cases, none run here yet", validator.cases().len());
    }
    let count = |v| validator.outcomes().filter(|o| o.verdict == v).count();
    let (passed, failed) = (count(Verdict::Passed), count(Verdict::Failed));
    let seconds = display::seconds(validator.outcomes().map(|o| o.seconds).sum());
    let left = validator.cases().len() - ran;
    let rest = if left > 0 { format!(" · {left} not run") } else { String::new() };
    format!("{passed} pass · {failed} fall short{rest} · {seconds}")
}

/// Shows the list and the selected case.
pub fn validation_ui(
    ui: &mut Ui,
    view: &View<'_>,
    validator: &Validator,
    state: &mut ValidationState,
    asks: &mut Asks,
) {
    let full = ui.max_rect();
    let top = ui.cursor().top();
    let split = full.left() + LIST * full.width();
    let left = Rect::from_min_max(pos2(full.left(), top), pos2(split - 8.0, full.bottom()));
    let right = Rect::from_min_max(pos2(split + 12.0, top), full.max);
    ui.painter().vline(split, top..=full.bottom(), Stroke::new(1.0, view.theme.hairline));
    let mut list = ui.new_child(egui::UiBuilder::new().max_rect(left).id_salt("cases"));
    list.shrink_clip_rect(left);
    list_ui(&mut list, view, validator, state);
    let mut pane = ui.new_child(egui::UiBuilder::new().max_rect(right).id_salt("case"));
    detail::case_ui(&mut pane, view, validator, state.selected, asks);
}

fn list_ui(ui: &mut Ui, view: &View<'_>, validator: &Validator, state: &mut ValidationState) {
    TableBuilder::new(ui)
        .id_salt("validation")
        .sense(Sense::click())
        .auto_shrink(false)
        .min_scrolled_height(0.0)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::exact(58.0).clip(true))
        .column(Column::exact(64.0).clip(true))
        .column(Column::remainder().clip(true))
        .column(Column::exact(112.0).clip(true))
        .column(Column::exact(62.0).clip(true))
        .header(theme::ROW, |mut header| {
            for name in ["Verdict", "Topic", "Case", "Error · tolerance", "Time"] {
                header.col(|ui| column_ui(ui, name, view));
            }
        })
        .body(|body| {
            body.rows(theme::ROW, validator.cases().len(), |mut row| {
                let place = row.index();
                let case = &validator.cases()[place];
                let outcome = validator.outcome(place);
                row.set_selected(place == state.selected);
                row.col(|ui| verdict_ui(ui, outcome, view));
                row.col(|ui| cell_ui(ui, case.topic.label(), Ink::Muted, view));
                row.col(|ui| cell_ui(ui, case.title.as_str(), Ink::Plain, view));
                row.col(|ui| cell_ui(ui, tightest(outcome), Ink::Plain, view));
                row.col(|ui| cell_ui(ui, time(outcome), Ink::Muted, view));
                let response = row.response();
                response.widget_info(|| {
                    let verdict = outcome.map_or("not run", |o| o.verdict.label());
                    let words = format!("{verdict}: {}", case.title);
                    egui::WidgetInfo::labeled(egui::Role::Button, true, words)
                });
                let hover = format!("{}\n{}", case.title, case.source);
                if response.on_hover_text(hover).clicked() {
                    state.selected = place;
                }
            });
        });
}

fn time(outcome: Option<&Outcome>) -> String {
    outcome.map_or_else(String::new, |o| display::seconds(o.seconds).to_string())
}

/// The gated quantity nearest to its tolerance, or farthest past it.
fn tightest(outcome: Option<&Outcome>) -> String {
    let words = outcome.and_then(Outcome::tightest);
    words.map_or_else(String::new, |q| format!("{} · {}", words::error(q), words::tolerance(q)))
}

const fn verdict_ink(verdict: Verdict) -> Ink {
    match verdict {
        Verdict::Passed => Ink::Ok,
        Verdict::Failed => Ink::Bad,
        Verdict::Information => Ink::Muted,
    }
}

fn verdict_ui(ui: &mut Ui, outcome: Option<&Outcome>, view: &View<'_>) {
    match outcome {
        Some(o) => {
            chip_ui(ui, o.verdict.label(), verdict_ink(o.verdict).colour(&view.theme), &view.theme);
        }
        None => cell_ui(ui, "not run", Ink::Muted, view),
    }
}

/// A button that runs the case, with its words.
fn run_ui(ui: &mut Ui, validator: &Validator, place: usize, asks: &mut Asks) {
    let again = validator.outcome(place).is_some();
    let words = if again { "Run again" } else { "Run" };
    let free = validator.progress().is_none();
    let button = egui::Button::new(words).min_size(vec2(72.0, 0.0));
    if ui.add_enabled(free, button).on_hover_text("solve this case here and compare").clicked() {
        asks.actions.push(Action::RunCase(place));
    }
}
