//! Choosing from the catalogue: search, and up to three entries side by side with who says so.

mod choose;
mod facts;

use super::screens::Picker;
use super::theme::{self, Theme};
use super::view::{Asks, View};
use super::widgets::{chip_ui, small, strong};
use eframe::egui::{self, Button, Id, Key, Label, Modal, RichText, ScrollArea, TextEdit, Ui, vec2};
use facts::{Candidate, candidates};

/// Entries that can be compared at a time.
const SIDE_BY_SIDE: usize = 3;

/// An open picker.
#[derive(Clone, Debug)]
pub struct PickerState {
    /// What is chosen.
    pub picker: Picker,
    search: String,
    offered: Vec<Candidate>,
    /// Ids side by side; the first is what the plan has.
    compared: Vec<String>,
    current: String,
    fresh: bool,
}

impl PickerState {
    /// Opens a picker.
    #[must_use]
    pub fn open(picker: Picker, view: &View<'_>) -> Self {
        let current = choose::current(picker, view.plan, view.selection, view.catalog);
        let offered = candidates(picker, view.catalog);
        let compared = vec![current.clone()];
        Self { picker, search: String::new(), offered, compared, current, fresh: true }
    }

    fn compare(&mut self, id: &str) {
        if let Some(at) = self.compared.iter().position(|c| c == id) {
            if at > 0 {
                self.compared.remove(at);
            }
            return;
        }
        if self.compared.len() == SIDE_BY_SIDE {
            self.compared.pop();
        }
        self.compared.push(id.to_owned());
    }
}

/// Shows the picker; whether it stays open.
pub fn picker_ui(
    ctx: &egui::Context,
    view: &View<'_>,
    state: &mut PickerState,
    asks: &mut Asks,
) -> bool {
    let mut open = true;
    let size = ctx.content_rect().size();
    let modal = Modal::new(Id::unique("picker")).show(ctx, |ui| {
        ui.set_width((size.x - 120.0).clamp(420.0, 1040.0));
        ui.set_height((size.y - 140.0).clamp(260.0, 640.0));
        heading_ui(ui, view, state, &mut open);
        ui.separator();
        let rest = ui.available_size();
        ui.horizontal_top(|ui| {
            ui.allocate_ui(vec2(250.0, rest.y), |ui| list_ui(ui, view, state));
            ui.separator();
            ui.allocate_ui(ui.available_size(), |ui| {
                if side_by_side_ui(ui, view, state, asks) {
                    open = false;
                }
            });
        });
    });
    state.fresh = false;
    open && !modal.should_close()
}

fn heading_ui(ui: &mut Ui, view: &View<'_>, state: &PickerState, open: &mut bool) {
    let scope = choose::scope(state.picker, view.plan, view.selection, view.catalog);
    ui.horizontal(|ui| {
        ui.label(RichText::new(state.picker.label()).font(theme::semibold(16.0)));
        ui.label(small(scope, &view.theme));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let icon = Button::new(egui_phosphor::regular::X).frame(false);
            if ui.add(icon).accessible_name("Close").clicked() {
                *open = false;
            }
        });
    });
}

fn list_ui(ui: &mut Ui, view: &View<'_>, state: &mut PickerState) {
    ui.vertical(|ui| {
        let edit = TextEdit::singleline(&mut state.search)
            .hint_text("Search…")
            .desired_width(f32::INFINITY);
        let response = ui.add(edit).accessible_name("Search entries");
        if state.fresh {
            response.request_focus();
        }
        let words = state.search.to_lowercase();
        let found: Vec<(String, String, String)> = state
            .offered
            .iter()
            .filter(|c| {
                let text = format!("{} {} {}", c.name, c.vendor, c.id).to_lowercase();
                words.split_whitespace().all(|w| text.contains(w))
            })
            .map(|c| (c.id.clone(), c.name.clone(), c.vendor.clone()))
            .collect();
        let first = found.first().map(|(id, ..)| id.clone());
        if response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter)) {
            first.iter().for_each(|id| state.compare(id));
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (id, name, vendor) in found {
                let chosen = state.compared.contains(&id);
                let mark = if id == state.current { " · now" } else { "" };
                let button = Button::selectable(chosen, name.as_str())
                    .right_text(small(mark, &view.theme))
                    .truncate()
                    .min_size(vec2(ui.available_width(), theme::TOUCH));
                if ui.add(button).on_hover_text(vendor).accessible_name(name.as_str()).clicked() {
                    state.compare(&id);
                }
            }
        });
    });
}

/// The compared entries; whether one was chosen.
fn side_by_side_ui(ui: &mut Ui, view: &View<'_>, state: &PickerState, asks: &mut Asks) -> bool {
    let shown: Vec<&Candidate> =
        state.compared.iter().filter_map(|id| state.offered.iter().find(|c| c.id == *id)).collect();
    let mut chosen = false;
    if shown.is_empty() {
        super::widgets::empty_ui(ui, "Nothing to compare", "choose an entry", &view.theme);
        return false;
    }
    let width = ui.available_width() / SIDE_BY_SIDE as f32 - 12.0;
    ScrollArea::vertical().id_salt("facts").auto_shrink(false).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            for candidate in shown {
                ui.allocate_ui(vec2(width, 10.0), |ui| {
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        let is_now = candidate.id == state.current;
                        chosen |= candidate_ui(ui, view, candidate, is_now, state.picker, asks);
                    });
                });
            }
        });
    });
    chosen
}

fn candidate_ui(
    ui: &mut Ui,
    view: &View<'_>,
    candidate: &Candidate,
    is_now: bool,
    picker: Picker,
    asks: &mut Asks,
) -> bool {
    let theme = &view.theme;
    ui.add(Label::new(strong(&candidate.name)).truncate());
    ui.add(Label::new(small(&candidate.vendor, theme)).truncate());
    let label = if is_now { "In the plan" } else { "Use this" };
    let ink = if is_now { theme.muted } else { theme.panel };
    let mut button = Button::new(strong(label).color(ink)).min_size(vec2(96.0, theme::TOUCH));
    if !is_now {
        button = button.fill(theme.accent);
    }
    let used = ui
        .add_enabled(!is_now, button)
        .accessible_name(format!("Use {}", candidate.name))
        .clicked();
    ui.add_space(4.0);
    for fact in &candidate.facts {
        fact_ui(ui, fact, theme);
    }
    if !candidate.notes.is_empty() {
        ui.add_space(4.0);
        ui.add(Label::new(small(&candidate.notes, theme)).wrap());
    }
    if !used {
        return false;
    }
    let edit = choose::choose(
        picker,
        &candidate.id,
        &candidate.name,
        view.plan,
        view.selection,
        view.catalog,
    );
    edit.into_iter().for_each(|e| asks.edit(e));
    true
}

fn fact_ui(ui: &mut Ui, fact: &facts::Fact, theme: &Theme) {
    ui.horizontal(|ui| {
        ui.set_min_height(theme::ROW);
        ui.label(small(fact.label, theme));
        let colour = if fact.badge == "unverified" { theme.warn } else { theme.muted };
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            chip_ui(ui, fact.badge, colour, theme).on_hover_text(&fact.source);
        });
    });
    ui.add(Label::new(fact.value.as_str()).truncate()).on_hover_text(&fact.source);
}
