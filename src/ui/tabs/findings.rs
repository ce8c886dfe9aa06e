//! Design problems: filter by severity, what to do, a click jumps to the object.

use super::{cell_ui, column_ui};
use crate::evaluate::finding::{Finding, Severity, Subject};
use crate::evaluate::result::Results;
use crate::ui::commands::Command;
use crate::ui::screens::{Section, Tab};
use crate::ui::theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, empty_ui, severity_mark};
use crate::units::display;
use eframe::egui::{self, Align, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};

/// Which severities are hidden.
#[derive(Clone, Copy, Debug, Default)]
pub struct FindingsState {
    hide_errors: bool,
    hide_warnings: bool,
    hide_notes: bool,
}

impl FindingsState {
    const fn hides(self, severity: Severity) -> bool {
        match severity {
            Severity::Error => self.hide_errors,
            Severity::Warning => self.hide_warnings,
            Severity::Info => self.hide_notes,
        }
    }
}

/// Shows the list.
pub fn findings_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    state: &mut FindingsState,
    asks: &mut Asks,
) {
    filter_ui(ui, view, results, state);
    let shown: Vec<&Finding> =
        results.findings.iter().filter(|f| !state.hides(f.severity)).collect();
    if shown.is_empty() {
        let advice = "no limit is exceeded and none is near, as far as the models see";
        empty_ui(ui, "Nothing to report", advice, &view.theme);
        return;
    }
    TableBuilder::new(ui)
        .id_salt("findings")
        .sense(Sense::click())
        .resizable(true)
        .auto_shrink(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::initial(86.0).clip(true))
        .column(Column::initial(120.0).clip(true))
        .column(Column::initial(470.0).at_least(160.0).clip(true))
        .column(Column::initial(150.0).clip(true))
        .column(Column::initial(330.0).clip(true))
        .column(Column::remainder().clip(true))
        .header(theme::ROW, |mut header| {
            for name in ["Severity", "What", "Finding", "Value · limit", "What to do", "Source"] {
                header.col(|ui| column_ui(ui, name, view));
            }
        })
        .body(|body| {
            body.rows(theme::ROW, shown.len(), |mut row| {
                let finding = shown[row.index()];
                let (mark, word, ink) = severity_mark(finding.severity);
                row.col(|ui| cell_ui(ui, format!("{mark} {word}"), ink, view));
                row.col(|ui| cell_ui(ui, subject_words(finding, view), Ink::Plain, view));
                row.col(|ui| cell_ui(ui, finding.message.as_str(), Ink::Plain, view));
                row.col(|ui| cell_ui(ui, value_words(finding), Ink::Plain, view));
                row.col(|ui| cell_ui(ui, finding.advice.as_str(), Ink::Muted, view));
                row.col(|ui| cell_ui(ui, finding.source.as_str(), Ink::Muted, view));
                let response = row.response();
                response.widget_info(|| {
                    let words = format!("{word}: {}", finding.message);
                    egui::WidgetInfo::labeled(egui::Role::Button, true, words)
                });
                let hover = format!("{}\n\n{}\n{}", finding.message, finding.advice, finding.rule);
                if response.on_hover_text(hover).clicked() {
                    jump(finding, asks);
                }
            });
        });
}

fn filter_ui(ui: &mut Ui, view: &View<'_>, results: &Results, state: &mut FindingsState) {
    ui.horizontal(|ui| {
        let severities = [
            (Severity::Error, &mut state.hide_errors),
            (Severity::Warning, &mut state.hide_warnings),
            (Severity::Info, &mut state.hide_notes),
        ];
        for (severity, hide) in severities {
            let (mark, word, ink) = severity_mark(severity);
            let text = format!("{mark} {} {word}s", results.count(severity));
            let ink = if *hide { Ink::Muted } else { ink };
            let mut shown = !*hide;
            let text = RichText::new(text).color(ink.colour(&view.theme));
            if ui.toggle_value(&mut shown, text).on_hover_text("show or hide").clicked() {
                *hide = !shown;
            }
        }
    });
}

fn subject_words(finding: &Finding, view: &View<'_>) -> String {
    match &finding.subject {
        Subject::Object(id) => view.plan.floor.object(*id).map(|o| o.name()).unwrap_or_default(),
        Subject::PowerElement(name)
        | Subject::Loop(name)
        | Subject::Fabric(name)
        | Subject::Plan(name) => name.clone(),
    }
}

fn value_words(finding: &Finding) -> String {
    let figure = |v: f64| display::sig(v, 3);
    match (finding.value, finding.limit) {
        (Some(v), Some(l)) => format!("{} of {} {}", figure(v), figure(l), finding.unit),
        (Some(v), None) => format!("{} {}", figure(v), finding.unit),
        (None, _) => String::new(),
    }
}

fn jump(finding: &Finding, asks: &mut Asks) {
    match &finding.subject {
        Subject::Object(id) => asks.reveal(*id),
        Subject::PowerElement(_) => asks.run(Command::Tab(Tab::Power)),
        Subject::Loop(_) => asks.run(Command::Section(Section::Cooling)),
        Subject::Fabric(_) => asks.run(Command::Section(Section::Fabric)),
        Subject::Plan(name) => {
            let found = Section::ALL
                .into_iter()
                .find(|s| name.to_lowercase().contains(&s.label().to_lowercase()));
            asks.run(Command::Section(found.unwrap_or(Section::Site)));
        }
    }
}
