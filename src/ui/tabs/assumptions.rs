//! Planning values with their bands and sources; a value can be changed for this plan.

use super::{cell_ui, column_ui};
use crate::catalog::{AssumptionSpec, Entry};
use crate::plan::Edit;
use crate::ui::theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, badge_ui};
use crate::units::display;
use eframe::egui::{Align, Button, DragValue, Layout, RichText, TextEdit, Ui};
use egui_extras::{Column, TableBuilder};
use std::sync::Arc;

/// Words searched for.
#[derive(Clone, Debug, Default)]
pub struct AssumptionsState {
    search: String,
}

/// Shows the table.
pub fn assumptions_ui(ui: &mut Ui, view: &View<'_>, state: &mut AssumptionsState, asks: &mut Asks) {
    ui.horizontal(|ui| {
        let hint = format!("Search {} assumptions…", view.catalog.assumptions.len());
        let edit = TextEdit::singleline(&mut state.search).hint_text(hint).desired_width(260.0);
        ui.add(edit).accessible_name("Search assumptions");
    });
    let words = state.search.to_lowercase();
    let rows: Vec<&Arc<Entry<AssumptionSpec>>> = view
        .catalog
        .assumptions
        .iter()
        .filter(|e| {
            format!("{} {} {}", e.id, e.name, e.spec.meaning).to_lowercase().contains(&words)
        })
        .collect();
    TableBuilder::new(ui)
        .id_salt("assumptions")
        .resizable(true)
        .auto_shrink(false)
        .min_scrolled_height(0.0)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::initial(230.0).clip(true))
        .column(Column::initial(120.0).clip(true))
        .column(Column::initial(150.0).clip(true))
        .column(Column::initial(90.0).clip(true))
        .column(Column::initial(110.0).clip(true))
        .column(Column::initial(380.0).clip(true))
        .column(Column::remainder().clip(true))
        .header(theme::ROW, |mut header| {
            for name in ["Assumption", "Value", "P10–P90", "Unit", "Says", "Used for", "Source"] {
                header.col(|ui| column_ui(ui, name, view));
            }
        })
        .body(|body| {
            body.rows(theme::TOUCH, rows.len(), |mut row| {
                let entry = rows[row.index()];
                let spec = &entry.spec;
                row.col(|ui| cell_ui(ui, entry.name.as_str(), Ink::Plain, view));
                row.col(|ui| value_ui(ui, view, entry, asks));
                let band = display::band(spec.low, spec.high, |v| display::sig(v, 3));
                row.col(|ui| cell_ui(ui, band, Ink::Muted, view));
                row.col(|ui| cell_ui(ui, spec.unit.as_str(), Ink::Muted, view));
                row.col(|ui| badge_ui(ui, entry.provenance_of("value"), &view.theme));
                row.col(|ui| cell_ui(ui, spec.meaning.as_str(), Ink::Muted, view));
                let source = entry.provenance_of("value").source.as_str();
                row.col(|ui| cell_ui(ui, source, Ink::Muted, view));
            });
        });
}

/// The value in use; typing another one overrides it for this plan.
fn value_ui(ui: &mut Ui, view: &View<'_>, entry: &Entry<AssumptionSpec>, asks: &mut Asks) {
    let finance = view.plan.finance.as_ref();
    let own = finance.assumptions.get(&entry.id).copied();
    let before = own.unwrap_or(entry.spec.value);
    let id = ui.make_persistent_id(("assumption", &entry.id));
    let mut value = ui.data(|d| d.get_temp::<f64>(id)).unwrap_or(before);
    let response = ui
        .add(
            DragValue::new(&mut value)
                .speed(before.abs().max(1e-3) * 0.01)
                .update_while_editing(false)
                .custom_formatter(|v, _| display::typed(v))
                .custom_parser(|text| display::parse(text, "").ok()),
        )
        .accessible_name(entry.name.as_str());
    if response.dragged() {
        ui.data_mut(|d| d.insert_temp(id, value));
    } else {
        ui.data_mut(|d| d.remove_temp::<f64>(id));
        if value != before && value.is_finite() {
            set(view, &entry.id, Some(value), asks);
        }
    }
    if own.is_some() {
        let icon = egui_phosphor::regular::ARROW_COUNTER_CLOCKWISE;
        let icon = RichText::new(icon).color(view.theme.accent);
        let hint = "Back to the catalogue's value";
        if ui.add(Button::new(icon).frame(false)).on_hover_text(hint).clicked() {
            set(view, &entry.id, None, asks);
        }
    }
}

fn set(view: &View<'_>, id: &str, value: Option<f64>, asks: &mut Asks) {
    let mut finance = view.plan.finance.as_ref().clone();
    match value {
        Some(value) => finance.assumptions.insert(id.to_owned(), value),
        None => finance.assumptions.remove(id),
    };
    asks.edit(Edit::Batch {
        label: format!("Assume another {id}"),
        edits: vec![Edit::SetFinance(finance)],
    });
}
