//! The plan's settings: every field with its unit, source and a way back to the source's value.

pub(in crate::ui) mod facility;
pub(in crate::ui) mod factory;
mod resilience;
pub(in crate::ui) mod serving;
pub(in crate::ui) mod training;

use super::field::labelled;
use crate::plan::Edit;
use crate::ui::screens::Section;
use crate::ui::theme::Theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{small, strong};
use eframe::egui::{self, CollapsingHeader, TextEdit, Ui};

/// Shows all sections; `open` brings one of them into view.
pub fn settings_ui(ui: &mut Ui, view: &View<'_>, open: Option<Section>, asks: &mut Asks) {
    ui.horizontal(|ui| {
        ui.label(strong("Plan"));
        ui.label(small("select an object to see its own facts", &view.theme));
    });
    name_ui(ui, view, asks);
    for section in Section::ALL {
        let wanted = (open == Some(section)).then_some(true);
        let header = CollapsingHeader::new(strong(section.label()))
            .id_salt(("settings", section.label()))
            .default_open(matches!(section, Section::Site | Section::Workload))
            .open(wanted);
        let shown = header.show_unindented(ui, |ui| section_ui(ui, section, view, asks));
        if wanted.is_some() {
            ui.scroll_to_rect(shown.header_response.rect, Some(egui::Align::TOP));
        }
    }
}

fn section_ui(ui: &mut Ui, section: Section, view: &View<'_>, asks: &mut Asks) {
    match section {
        Section::Site => facility::site_ui(ui, view, asks),
        Section::Hall => facility::hall_ui(ui, view, asks),
        Section::Power => {
            facility::power_ui(ui, view, asks);
            resilience::resilience_ui(ui, view, asks);
        }
        Section::Cooling => facility::cooling_ui(ui, view, asks),
        Section::Fabric => factory::fabric_ui(ui, view, asks),
        Section::Storage => factory::storage_ui(ui, view, asks),
        Section::Workload => factory::workload_ui(ui, view, asks),
        Section::Finance => factory::finance_ui(ui, view, asks),
    }
}

fn name_ui(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let theme: &Theme = &view.theme;
    let id = ui.make_persistent_id("plan-name");
    let typing: Option<String> = ui.data(|d| d.get_temp(id));
    let mut text = typing.clone().unwrap_or_else(|| view.plan.name.clone());
    labelled(ui, "Name", "title of the plan, file and report", theme, |ui| {
        let width = ui.available_width() - 16.0;
        let edit = ui.add(TextEdit::singleline(&mut text).id(id).desired_width(width));
        let edit = edit.accessible_name("Name");
        if edit.has_focus() {
            ui.data_mut(|d| d.insert_temp(id, text.clone()));
        } else if typing.is_some() {
            ui.data_mut(|d| d.remove_temp::<String>(id));
            if text != view.plan.name && !text.trim().is_empty() {
                asks.edit(Edit::Rename(text.trim().to_owned()));
            }
        }
    });
}
