//! A user's own measured points beside the model: paste or open a table, see what the model is off
//! by, row by row.

use super::super::background::Background;
use super::super::validation::picture::picture_ui;
use crate::cases::measured::{
    EXAMPLE_HEADER, Errors, MOST_ROWS, Problem, Residual, compare, errors, picture, read,
};
use crate::catalog::Catalog;
use crate::ui::commands::Command;
use crate::ui::theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, callout_ui, empty_ui, small, strong};
use crate::units::display;
use eframe::egui::{self, Align, Context, Layout, RichText, ScrollArea, TextEdit, Ui};
use egui_extras::{Column, TableBuilder};
use std::sync::Arc;

/// Faults shown one by one; the rest is counted.
const FAULTS: usize = 6;
/// Columns of the table of residuals.
const HEADINGS: [&str; 7] =
    ["Row", "Run", "In flight", "TPOT, ms", "model", "off by", "TTFT off by"];

/// What the page remembers.
#[derive(Debug, Default)]
pub struct MeasuredState {
    text: String,
    running: Option<Background<Answer>>,
    answer: Option<Answer>,
}

/// The model beside a table.
#[derive(Debug)]
struct Answer {
    residuals: Vec<Residual>,
    problems: Vec<Problem>,
    tpot: Option<Errors>,
    ttft: Option<Errors>,
}

impl MeasuredState {
    /// Whether the model is being asked.
    pub const fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// Takes a table over from a file or a clipboard, and asks the model.
    pub fn take(&mut self, text: String, catalog: Arc<Catalog>, ctx: &Context) {
        self.text = text;
        self.ask(catalog, ctx);
    }

    fn ask(&mut self, catalog: Arc<Catalog>, ctx: &Context) {
        let text = self.text.clone();
        self.running = Background::start("measured-points", ctx, move |cancel| {
            let (residuals, problems) = compare(read(&text, &catalog), cancel).ok()?;
            let tpot = errors(residuals.iter().map(Residual::tpot_error_pct));
            let ttft = errors(residuals.iter().filter_map(Residual::ttft_error_pct));
            Some(Answer { residuals, problems, tpot, ttft })
        });
    }

    fn poll(&mut self) {
        if let Some(answer) = self.running.as_ref().and_then(Background::poll) {
            self.running = None;
            self.answer = answer.ok().or(self.answer.take());
        }
    }
}

/// The table of points and its reading.
pub fn table_ui(ui: &mut Ui, view: &View<'_>, state: &mut MeasuredState, asks: &mut Asks) {
    state.poll();
    let theme = &view.theme;
    input_ui(ui, view, state, asks);
    let Some(answer) = &state.answer else {
        return empty_ui(
            ui,
            "Your measurements beside the model",
            &format!(
                "Paste rows with a heading, as copied from a spreadsheet or a CSV file (commas, \
                 semicolons or tabs), at most {MOST_ROWS}. Columns: {EXAMPLE_HEADER}"
            ),
            theme,
        );
    };
    errors_ui(ui, view, answer);
    problems_ui(ui, view, &answer.problems, answer.residuals.is_empty());
    if !answer.residuals.is_empty() {
        residuals_ui(ui, view, &answer.residuals);
    }
}

/// Modelled over measured, as a scatter.
pub fn scatter_ui(ui: &mut Ui, view: &View<'_>, state: &MeasuredState) {
    let points = state.answer.as_ref().map_or(&[][..], |a| &a.residuals);
    if points.is_empty() {
        return empty_ui(
            ui,
            "No points yet",
            "modelled against measured time per token appears here",
            &view.theme,
        );
    }
    picture_ui(ui, "measured", &picture(points), &view.theme);
}

fn input_ui(ui: &mut Ui, view: &View<'_>, state: &mut MeasuredState, asks: &mut Asks) {
    ui.horizontal(|ui| {
        if ui.button("From file…").on_hover_text(Command::OpenMeasured.tooltip()).clicked() {
            asks.run(Command::OpenMeasured);
        }
        let can = !state.text.trim().is_empty() && state.running.is_none();
        let again = ui.add_enabled(can, egui::Button::new("Compare"));
        if again.on_hover_text("ask the model about every row").clicked() {
            state.ask(Arc::new(view.catalog.clone()), ui.ctx());
        }
        if state.running.is_some() {
            ui.label(small("asking the model…", &view.theme));
        } else if ui.add_enabled(!state.text.is_empty(), egui::Button::new("Clear")).clicked() {
            *state = MeasuredState::default();
        }
    });
    let edit = TextEdit::multiline(&mut state.text)
        .hint_text("Paste rows here (Ctrl+V)")
        .desired_rows(2)
        .desired_width(f32::INFINITY)
        .font(theme::caption());
    let response = ScrollArea::vertical()
        .id_salt("pasted")
        .max_height(if state.answer.is_some() { 22.0 } else { 66.0 })
        .show(ui, |ui| ui.add(edit).accessible_name("Measured points"))
        .inner;
    let pasted = ui.input(|i| i.events.iter().any(|e| matches!(e, egui::Event::Paste(_))));
    if response.changed() && pasted {
        state.ask(Arc::new(view.catalog.clone()), ui.ctx());
    }
}

fn errors_ui(ui: &mut Ui, view: &View<'_>, answer: &Answer) {
    let words = |name: &str, e: &Errors| {
        format!(
            "{name}: median error {}, P90 {}, bias {} % over {} points",
            display::percent(e.median_pct),
            display::percent(e.p90_pct),
            display::signed(e.bias_pct, 2),
            e.count
        )
    };
    let both = [("TPOT", &answer.tpot), ("TTFT", &answer.ttft)];
    for (name, errors) in both {
        if let Some(e) = errors {
            ui.label(strong(words(name, e)).font(theme::caption()).color(view.theme.text));
        }
    }
}

/// What can not be read; `nothing` says that no row is left.
fn problems_ui(ui: &mut Ui, view: &View<'_>, problems: &[Problem], nothing: bool) {
    if problems.is_empty() {
        return;
    }
    let line = |p: &Problem| match p.row {
        0 => p.words.clone(),
        row => format!("Row {row}: {}", p.words),
    };
    let mut lines: Vec<String> = problems.iter().take(FAULTS).map(line).collect();
    if problems.len() > FAULTS {
        lines.push(format!("and {} more", problems.len() - FAULTS));
    }
    let count = match problems.len() {
        1 => "1 fault".to_owned(),
        n => format!("{n} faults"),
    };
    let (title, ink) = if nothing {
        lines.push(format!("Columns that are read: {EXAMPLE_HEADER}"));
        (format!("{count}; no row can be compared"), Ink::Bad)
    } else {
        (format!("{count}; the other rows are compared"), Ink::Warn)
    };
    callout_ui(ui, &title, &lines.join("\n"), None, ink, &view.theme);
}

fn residuals_ui(ui: &mut Ui, view: &View<'_>, residuals: &[Residual]) {
    let theme = &view.theme;
    TableBuilder::new(ui)
        .id_salt("residuals")
        .auto_shrink(false)
        .min_scrolled_height(0.0)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::initial(40.0).clip(true))
        .column(Column::remainder().at_least(90.0).clip(true))
        .columns(Column::initial(70.0).clip(true), 5)
        .header(theme::ROW, |mut header| {
            for name in HEADINGS {
                header.col(|ui| {
                    ui.label(RichText::new(name).small().color(theme.muted));
                });
            }
        })
        .body(|body| {
            body.rows(theme::ROW, residuals.len(), |mut row| {
                for (text, ink) in cells(&residuals[row.index()]) {
                    row.col(|ui| super::super::cell_ui(ui, text, ink, view));
                }
            });
        });
}

fn cells(r: &Residual) -> [(String, Ink); 7] {
    /// Errors beyond which a row is worth a look, %.
    const NOTABLE: f64 = 30.0;
    let off = |pct: f64| {
        let ink = if pct.abs() > NOTABLE { Ink::Warn } else { Ink::Plain };
        (format!("{} %", display::signed(pct, 2)), ink)
    };
    let ms = |s: f64| display::sig(s * 1e3, 3);
    let m = &r.measured;
    [
        (m.row.to_string(), Ink::Muted),
        (m.label.clone(), Ink::Plain),
        (m.case.batch.map_or_else(|| display::NONE.into(), |b| display::fixed(b, 0)), Ink::Plain),
        (ms(m.tpot_s), Ink::Plain),
        (ms(r.tpot_s), Ink::Plain),
        off(r.tpot_error_pct()),
        r.ttft_error_pct().map_or_else(|| (display::NONE.into(), Ink::Muted), off),
    ]
}
