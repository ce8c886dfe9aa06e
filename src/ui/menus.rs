//! The menu bar, generated from the commands, with the plan's name and saved state.

use super::commands::{Circumstances, Command, Menu};
use super::theme::Theme;
use super::view::Asks;
use super::widgets::{Ink, strong};
use eframe::egui::{self, Align, Button, Layout, MenuBar, RichText, Ui};

/// Height of the bar, points.
pub const HEIGHT: f32 = 32.0;

/// What the bar says about the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileState {
    /// File name, or the plan's name.
    pub name: String,
    /// Whether there is something to save.
    pub unsaved: bool,
}

/// Shows the bar.
pub fn menu_bar_ui(
    ui: &mut Ui,
    file: &FileState,
    recent: &[std::path::PathBuf],
    now: &Circumstances,
    theme: &Theme,
    asks: &mut Asks,
) -> Option<std::path::PathBuf> {
    let mut reopened = None;
    MenuBar::new().ui(ui, |ui| {
        ui.set_min_height(HEIGHT);
        ui.add_space(8.0);
        ui.label(strong("Tokenmill"));
        ui.add_space(8.0);
        for menu in Menu::ALL {
            let title = RichText::new(menu.label()).color(theme.muted);
            ui.menu_button(title, |ui| {
                groups_ui(ui, menu, now, asks);
                if menu == Menu::File {
                    reopened = recent_ui(ui, recent);
                }
            });
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(4.0);
            let palette = RichText::new(format!("{} Ctrl+K", egui_phosphor::regular::COMMAND));
            let hint = Command::Palette.tooltip();
            let button = Button::new(palette.color(theme.muted)).frame(false);
            if ui.add(button).on_hover_text(hint).clicked() {
                asks.run(Command::Palette);
            }
            ui.add_space(8.0);
            let state = if file.unsaved { "edited" } else { "saved" };
            let ink = if file.unsaved { Ink::Warn } else { Ink::Muted };
            ui.label(RichText::new(format!("· {state}")).color(ink.colour(theme)));
            ui.label(RichText::new(&file.name).color(theme.muted));
        });
    });
    reopened
}

fn groups_ui(ui: &mut Ui, menu: Menu, now: &Circumstances, asks: &mut Asks) {
    egui::ScrollArea::vertical().max_height(560.0).show(ui, |ui| {
        for (i, group) in menu.groups().into_iter().enumerate() {
            if i > 0 {
                ui.separator();
            }
            for command in group {
                if item_ui(ui, command, now) {
                    asks.run(command);
                    ui.close();
                }
            }
        }
    });
}

fn item_ui(ui: &mut Ui, command: Command, now: &Circumstances) -> bool {
    let mut button = Button::new(command.label());
    if let Some(shortcut) = command.shortcut() {
        button = button.shortcut_text(ui.ctx().format_shortcut(&shortcut));
    }
    let response = ui.add_enabled(command.enabled(now), button);
    response.on_hover_text(command.tooltip()).clicked()
}

fn recent_ui(ui: &mut Ui, recent: &[std::path::PathBuf]) -> Option<std::path::PathBuf> {
    let mut chosen = None;
    if recent.is_empty() {
        return None;
    }
    ui.separator();
    ui.label(RichText::new("Recent").small().weak());
    for path in recent {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if ui.button(name).on_hover_text(path.display().to_string()).clicked() {
            chosen = Some(path.clone());
            ui.close();
        }
    }
    chosen
}
