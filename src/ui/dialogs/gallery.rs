//! Presets to start from.

use super::{modal, side_button};
use crate::format;
use crate::plan::Plan;
use crate::session::presets::PRESETS;
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{small, strong};
use crate::units::display;
use eframe::egui::{self, Frame, Label, Margin, ScrollArea, Ui};

/// The presets, read once per opening.
#[derive(Clone, Debug)]
pub struct Gallery {
    cards: Vec<Card>,
}

#[derive(Clone, Debug)]
struct Card {
    id: &'static str,
    title: String,
    facts: String,
    notes: String,
}

impl Gallery {
    /// Reads the presets.
    #[must_use]
    pub fn new() -> Self {
        let cards = PRESETS.iter().filter_map(|preset| {
            let plan = format::from_text(preset.text).ok()?.plan;
            Some(Card {
                id: preset.id,
                title: plan.name.clone(),
                facts: facts(&plan),
                notes: plan.notes.lines().next().unwrap_or_default().to_owned(),
            })
        });
        Self { cards: cards.collect() }
    }
}

impl Default for Gallery {
    fn default() -> Self {
        Self::new()
    }
}

fn facts(plan: &Plan) -> String {
    let metres = |mm: u32| display::sig(f64::from(mm) / 1e3, 3);
    format!(
        "{} racks · {} MW contract · {} × {} m · {}",
        display::count(plan.floor.racks.len() as u64),
        display::sig(plan.power.utility_mw, 3),
        metres(plan.hall.size_x_mm),
        metres(plan.hall.size_y_mm),
        plan.power.scheme.label()
    )
}

/// Shows the gallery; whether it stays open, and the preset that was chosen.
pub fn gallery_ui(ctx: &egui::Context, gallery: &Gallery) -> (bool, Option<&'static str>) {
    let (open, (chosen, given_up)) = modal(ctx, "New from preset", 720.0, |ui| {
        let mut chosen = None;
        let height = (ui.ctx().content_rect().height() - 260.0).max(160.0);
        ScrollArea::vertical().max_height(height).show(ui, |ui| {
            for card in &gallery.cards {
                if card_ui(ui, card) {
                    chosen = Some(card.id);
                }
            }
        });
        ui.add_space(8.0);
        (chosen, side_button(ui, "Cancel").clicked())
    });
    (open && !given_up && chosen.is_none(), chosen)
}

fn card_ui(ui: &mut Ui, card: &Card) -> bool {
    let theme = Theme::of(ui.ctx());
    let shown = Frame::new()
        .fill(theme.raised)
        .corner_radius(theme::RADIUS)
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(strong(&card.title));
            ui.label(small(&card.facts, &theme));
            if !card.notes.is_empty() {
                ui.add(Label::new(small(&card.notes, &theme)).truncate());
            }
        });
    ui.add_space(2.0);
    let response = shown.response.interact(egui::Sense::click());
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, card.title.as_str()));
    if response.hovered() {
        let line = egui::Stroke::new(1.0, theme.accent);
        let inside = egui::StrokeKind::Inside;
        ui.painter().rect_stroke(response.rect, theme::RADIUS, line, inside);
    }
    response.clicked()
}
