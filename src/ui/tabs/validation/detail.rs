//! The selected case: what was asked, every number, the picture.

use super::{picture, run_ui, verdict_ui};
use crate::cases::{Case, Outcome, Quantity, words};
use crate::session::Validator;
use crate::ui::tabs::{cell_ui, column_ui};
use crate::ui::theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, empty_ui, small, strong};
use eframe::egui::{self, Align, Label, Layout, Rect, ScrollArea, Ui, pos2};
use egui_extras::{Column, TableBuilder};

/// Share of the pane for the numbers; the rest is the picture.
const NUMBERS: f32 = 0.60;

/// Width of a column of figures, points.
const FIGURE: f32 = 80.0;
/// Narrower panes show numbers only, points.
const ROOM_FOR_PICTURE: f32 = 620.0;

/// Shows the case at `place`.
pub fn case_ui(ui: &mut Ui, view: &View<'_>, validator: &Validator, place: usize, asks: &mut Asks) {
    let Some(case) = validator.cases().get(place) else {
        empty_ui(ui, "No case", "open a folder of cases, or show those that ship", &view.theme);
        return;
    };
    let outcome = validator.outcome(place);
    ui.horizontal(|ui| {
        run_ui(ui, validator, place, asks);
        verdict_ui(ui, outcome, view);
        ui.add(Label::new(strong(case.title.as_str())).truncate());
    });
    let Some(outcome) = outcome else {
        about_ui(ui, view, case, &[]);
        empty_ui(ui, "Not run here yet", "run it to see reference and ours", &view.theme);
        return;
    };
    let full = ui.max_rect();
    let top = ui.cursor().top();
    let share = if full.width() < ROOM_FOR_PICTURE { 1.0 } else { NUMBERS };
    let split = full.left() + share * full.width();
    let left = Rect::from_min_max(pos2(full.left(), top), pos2(split - 8.0, full.bottom()));
    let right = Rect::from_min_max(pos2(split + 4.0, top), full.max);
    let mut numbers = ui.new_child(egui::UiBuilder::new().max_rect(left).id_salt("numbers"));
    numbers.shrink_clip_rect(left);
    numbers_ui(&mut numbers, view, case, outcome);
    if let Some(shown) = outcome.picture.as_ref().filter(|_| share < 1.0) {
        let mut pane = ui.new_child(egui::UiBuilder::new().max_rect(right).id_salt("picture"));
        picture::picture_ui(&mut pane, &outcome.id, shown, &view.theme);
    }
}

fn about_ui(ui: &mut Ui, view: &View<'_>, case: &Case, notes: &[String]) {
    let theme = &view.theme;
    ui.add(Label::new(small(format!("Reference: {}", case.source), theme)).wrap());
    for note in notes {
        ui.add(Label::new(small(note.as_str(), theme)).wrap());
    }
}

fn numbers_ui(ui: &mut Ui, view: &View<'_>, case: &Case, outcome: &Outcome) {
    // The table first, so that a low panel shows numbers; who measured stands below it.
    ScrollArea::vertical().id_salt(("numbers", &case.id)).auto_shrink(false).show(ui, |ui| {
        if !outcome.quantities.is_empty() {
            table_ui(ui, view, &outcome.id, &outcome.quantities);
            ui.add_space(6.0);
        }
        about_ui(ui, view, case, &outcome.notes);
    });
}

fn table_ui(ui: &mut Ui, view: &View<'_>, id: &str, quantities: &[Quantity]) {
    TableBuilder::new(ui)
        .id_salt(("quantities", id))
        .vscroll(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::remainder().clip(true))
        .column(Column::exact(FIGURE).clip(true))
        .column(Column::exact(FIGURE).clip(true))
        .column(Column::exact(68.0).clip(true))
        .column(Column::exact(68.0).clip(true))
        .column(Column::exact(34.0).clip(true))
        .header(theme::ROW, |mut header| {
            for name in ["Quantity", "Reference", "Ours", "Error", "Tolerance", ""] {
                header.col(|ui| column_ui(ui, name, view));
            }
        })
        .body(|body| {
            body.rows(theme::ROW, quantities.len(), |mut row| {
                let q = &quantities[row.index()];
                let ink = match q.passes() {
                    Some(true) => Ink::Ok,
                    Some(false) => Ink::Bad,
                    None => Ink::Muted,
                };
                let past = if q.passes() == Some(false) { Ink::Bad } else { Ink::Plain };
                row.col(|ui| cell_ui(ui, q.name.as_str(), Ink::Plain, view));
                row.col(|ui| cell_ui(ui, words::reference(q), Ink::Muted, view));
                row.col(|ui| cell_ui(ui, words::ours(q), Ink::Plain, view));
                row.col(|ui| cell_ui(ui, words::error(q), past, view));
                row.col(|ui| cell_ui(ui, words::tolerance(q), Ink::Muted, view));
                row.col(|ui| cell_ui(ui, words::verdict(q), ink, view));
            });
        });
}
