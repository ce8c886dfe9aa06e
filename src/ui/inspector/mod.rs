//! The right panel: the selected objects, or the plan's settings where nothing is selected.

mod breath;
mod device;
pub(in crate::ui) mod field;
mod parts;
mod profile;
mod rack;
mod rack_facts;
pub(in crate::ui) mod settings;
mod unit;

use super::screens::Section;
use super::view::{Asks, View};
use super::widgets::{Ink, callout_ui, severity_mark, small, strong};
use crate::evaluate::finding::Subject;
use crate::plan::{Object, ObjectId};
use eframe::egui::{RichText, ScrollArea, Ui};

/// What the inspector remembers.
#[derive(Clone, Copy, Debug, Default)]
pub struct InspectorState {
    /// A section to open and bring into view.
    pub open: Option<Section>,
}

/// Shows the panel.
pub fn inspector_ui(ui: &mut Ui, view: &View<'_>, state: &mut InspectorState, asks: &mut Asks) {
    let selected = view.selected();
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.add_space(8.0);
        if let Some(name) = view.device.filter(|_| selected.is_empty()) {
            device::device_ui(ui, view, name, asks);
        } else if selected.is_empty() {
            settings::settings_ui(ui, view, state.open.take(), asks);
        } else {
            selection_ui(ui, view, &selected, asks);
        }
        ui.add_space(16.0);
    });
}

fn selection_ui(ui: &mut Ui, view: &View<'_>, selected: &[Object], asks: &mut Asks) {
    heading_ui(ui, view, selected);
    let racks: Vec<_> = only(selected, |o| match o {
        Object::Rack(rack) => Some(rack.clone()),
        _ => None,
    });
    let units: Vec<_> = only(selected, |o| match o {
        Object::Unit(unit) => Some(unit.clone()),
        _ => None,
    });
    if racks.len() == selected.len() {
        rack::racks_ui(ui, view, &racks, asks);
    } else if units.len() == selected.len() {
        unit::units_ui(ui, view, &units, asks);
    } else {
        parts::parts_ui(ui, view, selected, asks);
    }
    if let [one] = selected {
        findings_ui(ui, view, one.id(), asks);
    }
}

fn only<T>(objects: &[Object], pick: impl Fn(&Object) -> Option<T>) -> Vec<T> {
    objects.iter().filter_map(pick).collect()
}

fn heading_ui(ui: &mut Ui, view: &View<'_>, selected: &[Object]) {
    ui.horizontal(|ui| match selected {
        [one] => {
            ui.label(strong(one.name()));
            ui.label(RichText::new(kind_of(one, view)).color(view.theme.muted));
        }
        many => {
            ui.label(strong(format!("{} objects", many.len())));
            ui.label(small("a change applies to all", &view.theme));
        }
    });
}

/// What an object is, in words.
fn kind_of(object: &Object, view: &View<'_>) -> String {
    match object {
        Object::Rack(rack) => view
            .results
            .and_then(|r| r.rack(rack.id))
            .map(|r| format!("· {}", r.contents))
            .unwrap_or_default(),
        Object::Unit(unit) => {
            let name = view.catalog.cooling.get(&unit.model).map(|e| e.name.as_str());
            format!("· {}", name.unwrap_or("unknown model"))
        }
        Object::Tile(_) | Object::Containment(_) | Object::Obstacle(_) => String::new(),
    }
}

/// Findings about one object.
fn findings_ui(ui: &mut Ui, view: &View<'_>, id: ObjectId, asks: &mut Asks) {
    let Some(results) = view.results else { return };
    let about = results.findings.iter().filter(|f| f.subject == Subject::Object(id));
    for finding in about.take(5) {
        ui.add_space(8.0);
        let (_, word, ink) = severity_mark(finding.severity);
        let ink = if ink == Ink::Muted { Ink::Plain } else { ink };
        let text = format!("{word}: {}. {}", finding.message, finding.source);
        if callout_ui(ui, &text, &finding.advice, Some("All findings"), ink, &view.theme) {
            asks.run(super::commands::Command::Tab(super::screens::Tab::Findings));
        }
    }
}
