//! Every step that can be undone or redone; a click goes there.

use crate::ui::state::Action;
use crate::ui::theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::small;
use eframe::egui::{Button, RichText, ScrollArea, Ui};

/// Shows the list, oldest first, the present marked.
pub fn history_ui(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    ScrollArea::vertical().auto_shrink(false).stick_to_bottom(true).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let past: Vec<&str> = view.history.past_labels().collect();
        let future: Vec<&str> = view.history.future_labels().collect();
        let now = past.len();
        let steps = std::iter::once("Opened").chain(past).chain(future);
        for (i, label) in steps.enumerate() {
            let ink = if i > now { view.theme.muted } else { view.theme.text };
            let text = RichText::new(label).color(ink);
            let button =
                Button::selectable(i == now, text).min_size(eframe::egui::vec2(260.0, theme::ROW));
            if ui.add(button).on_hover_text("go to the state after this step").clicked() && i != now
            {
                asks.actions.push(Action::Jump(i));
            }
        }
        ui.add_space(4.0);
        ui.label(small("Muted steps were undone and can be done again.", &view.theme));
    });
}
