//! All keys on one sheet, generated from the commands.

use super::{main_button, modal};
use crate::ui::commands::Menu;
use crate::ui::theme::Theme;
use crate::ui::widgets::{small, strong};
use eframe::egui::{self, ScrollArea, Ui};

/// Gestures of the floor that are no commands.
const GESTURES: [(&str, &str); 11] = [
    ("Pan", "middle drag · Space drag"),
    ("Zoom to the cursor", "wheel · pinch · Ctrl + and −"),
    ("Select what is enclosed", "drag left to right"),
    ("Select what is touched", "drag right to left"),
    ("Add to the selection", "Shift click"),
    ("Toggle in the selection", "Ctrl click"),
    ("Fail a component of the power chain", "Shift click on busway or one-line"),
    ("Nudge by the grid · by a tile", "arrows · Shift arrows"),
    ("Move by a typed distance", "drag, type 1200 Tab 0 Enter"),
    ("Suspend snapping", "hold Ctrl while dragging"),
    ("Step out", "Esc"),
];

/// Shows the sheet; whether it stays open.
pub fn shortcuts_ui(ctx: &egui::Context) -> bool {
    let (open, closed) = modal(ctx, "Keyboard shortcuts", 820.0, |ui| {
        let theme = Theme::of(ui.ctx());
        let height = (ui.ctx().content_rect().height() - 220.0).max(160.0);
        ScrollArea::vertical().max_height(height).show(ui, |ui| {
            ui.columns_const(|[left, middle, right]| {
                menu_ui(left, Menu::File, &theme);
                menu_ui(left, Menu::Edit, &theme);
                menu_ui(middle, Menu::View, &theme);
                menu_ui(right, Menu::Study, &theme);
                menu_ui(right, Menu::Help, &theme);
                right.add_space(8.0);
                right.label(strong("On the floor"));
                for (what, how) in GESTURES {
                    line_ui(right, what, how, &theme);
                }
            });
        });
        ui.add_space(8.0);
        main_button(ui, "Close").clicked()
    });
    open && !closed
}

fn menu_ui(ui: &mut Ui, menu: Menu, theme: &Theme) {
    ui.add_space(8.0);
    ui.label(strong(menu.label()));
    for command in menu.groups().into_iter().flatten() {
        if let Some(shortcut) = command.shortcut() {
            let keys = ui.ctx().format_shortcut(&shortcut);
            line_ui(ui, &command.label(), &keys, theme);
        }
    }
}

fn line_ui(ui: &mut Ui, what: &str, how: &str, theme: &Theme) {
    egui::Sides::new().shrink_left().truncate().show(
        ui,
        |ui| ui.label(what),
        |ui| ui.label(small(how, theme)),
    );
}
