//! One frame: take in news, show the panels, apply what was asked for.

use super::TokenmillApp;
use crate::ui::commands::{Circumstances, Command, Menu};
use crate::ui::floor_editor::{FloorInput, floor_editor_ui};
use crate::ui::menus::{FileState, menu_bar_ui};
use crate::ui::oneline::{oneline_ui, outage_strip_ui};
use crate::ui::screens::Tab;
use crate::ui::state::MainView;
use crate::ui::tabs::{StudyView, tabs_ui};
use crate::ui::view::Asks;
use crate::ui::view3d::{switch_ui, view3d_ui};
use crate::ui::{inspector, kpi, library, menus, pickers, status};
use eframe::egui::{self, CentralPanel, Frame, Margin, Panel, Ui};

/// Largest share of the height that the bottom panel takes by itself.
const HALF: f32 = 0.55;

impl TokenmillApp {
    /// Shows the window.
    pub fn frame_ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.apply_theme(&ctx);
        self.document.poll();
        self.take_finished_jobs(&ctx);
        self.take_outcomes();
        self.follow_air(&ctx);
        let results = self.document.results().map(AsRef::as_ref);
        self.ui_state.what_if.refresh(results);
        let device = self.ui_state.device.as_deref();
        self.ui_state.fed.refresh(device, results);
        self.validator.poll();
        self.autosave();
        let mut asks = Asks::default();
        self.shortcuts(&ctx, &mut asks);
        let pressed = super::run::pressed(&ctx);
        ctx.input_mut(|i| i.events.extend(pressed));
        self.panels_ui(ui, &mut asks);
        self.floating_ui(&ctx, &mut asks);
        self.dropped_files(&ctx);
        self.close_guard(&ctx);
        for action in asks.actions {
            self.act(action);
        }
        for command in asks.commands {
            self.run(command, &ctx);
        }
        self.title(&ctx);
    }

    fn panels_ui(&mut self, ui: &mut Ui, asks: &mut Asks) {
        self.bars_ui(ui, asks);
        if self.layout.tabs {
            self.tabs_panel_ui(ui, asks);
        } else {
            self.ui_state.played = None;
        }
        if self.layout.library {
            self.library_panel_ui(ui, asks);
        }
        if self.layout.inspector {
            self.inspector_panel_ui(ui, asks);
        }
        self.floor_ui(ui, asks);
    }

    /// Menu bar, headline strip, status bar.
    fn bars_ui(&mut self, ui: &mut Ui, asks: &mut Asks) {
        let theme = self.theme();
        let flat = Frame::new().fill(theme.panel);
        let file = self.file_state();
        let now = self.circumstances();
        let recent = self.ui_state.recent.clone();
        let mut reopened = None;
        Panel::top("menu").exact_size(menus::HEIGHT).resizable(false).frame(flat).show(ui, |ui| {
            reopened = menu_bar_ui(ui, &file, &recent, &now, &theme, asks);
        });
        if let Some(path) = reopened {
            self.open_guarded(path);
        }
        Panel::top("kpi").exact_size(kpi::HEIGHT).resizable(false).frame(flat).show(ui, |ui| {
            kpi::kpi_strip_ui(ui, &self.view(), asks);
        });
        let bar = flat.inner_margin(Margin::symmetric(12, 0));
        let floor = match self.ui_state.main {
            MainView::Plan => self.floor.status_line(),
            MainView::Orbit => self.view3d.status_line(),
            MainView::OneLine => self.oneline.status_line(),
        };
        let autosave = self.journal.words(self.clock.now_s());
        Panel::bottom("status")
            .exact_size(status::HEIGHT)
            .resizable(false)
            .frame(bar)
            .show(ui, |ui| status::status_bar_ui(ui, &self.view(), &floor, &self.said, &autosave));
    }

    fn tabs_panel_ui(&mut self, ui: &mut Ui, asks: &mut Asks) {
        let frame = Frame::new().fill(self.theme().panel).inner_margin(Margin::symmetric(12, 0));
        let mut state = std::mem::take(&mut self.tabs);
        let tallest = (ui.available_height() - 220.0).max(120.0);
        // Validation shows tables and pictures: it has a height of its own, remembered apart.
        let (name, usual) = match self.layout.tab {
            Tab::Validation => ("tabs-validation", 430.0_f32),
            // So do charts and the panel beside them.
            Tab::Workload | Tab::Costs => ("tabs-charts", 430.0),
            _ => ("tabs", 254.0),
        };
        Panel::bottom(name)
            .default_size(usual.min(tallest).min(HALF * ui.available_height()))
            .size_range(120.0..=tallest)
            .resizable(true)
            .frame(frame)
            .show(ui, |ui| {
                let study = StudyView {
                    progress: self.study.as_ref().map(crate::study::Study::progress),
                    outcomes: &self.outcomes,
                    outdated: self.study.as_ref().is_some_and(|s| !s.is_of(self.document.plan())),
                };
                tabs_ui(
                    ui,
                    self.layout.tab,
                    &self.view(),
                    &study,
                    &self.validator,
                    &mut state,
                    asks,
                );
            });
        let open = self.layout.tab == Tab::RideThrough;
        self.ui_state.played = state.ride_through.played().filter(|_| open);
        self.tabs = state;
    }

    fn library_panel_ui(&mut self, ui: &mut Ui, asks: &mut Asks) {
        let frame = Frame::new().fill(self.theme().panel).inner_margin(Margin::symmetric(10, 6));
        let mut state = std::mem::take(&mut self.library);
        Panel::left("library")
            .default_size(256.0)
            .size_range(170.0..=420.0)
            .resizable(true)
            .frame(frame)
            .show(ui, |ui| {
                let tool = &self.ui_state.tool;
                library::library_ui(ui, &self.view(), tool, &mut state, asks);
            });
        self.library = state;
    }

    fn inspector_panel_ui(&mut self, ui: &mut Ui, asks: &mut Asks) {
        let frame = Frame::new().fill(self.theme().panel).inner_margin(Margin::symmetric(12, 4));
        let mut state = std::mem::take(&mut self.inspector);
        Panel::right("inspector")
            .default_size(316.0)
            .size_range(260.0..=480.0)
            .resizable(true)
            .frame(frame)
            .show(ui, |ui| inspector::inspector_ui(ui, &self.view(), &mut state, asks));
        self.inspector = state;
    }

    fn floor_ui(&mut self, ui: &mut Ui, asks: &mut Asks) {
        let theme = self.theme();
        let frame = Frame::new().fill(theme.window);
        let mut floor = std::mem::take(&mut self.floor);
        let mut view3d = std::mem::take(&mut self.view3d);
        let mut oneline = std::mem::take(&mut self.oneline);
        let freshness = self.freshness();
        CentralPanel::no_frame().frame(frame).show(ui, |ui| {
            let input = FloorInput {
                plan: self.document.plan(),
                catalog: self.document.catalog(),
                results: self.document.results(),
                freshness,
                ui_state: &self.ui_state,
                theme: &theme,
            };
            // What is typed into a dialog must not reach the floor beneath it.
            let covered = self.picker.is_some() || self.dialog.is_some();
            let withheld =
                if covered { ui.input_mut(|i| std::mem::take(&mut i.events)) } else { Vec::new() };
            let view = ui.available_rect_before_wrap();
            match input.ui_state.main {
                MainView::Plan => asks.actions.extend(floor_editor_ui(ui, &input, &mut floor)),
                MainView::Orbit => {
                    let catalog = self.document.catalog();
                    asks.actions.extend(view3d_ui(ui, &input, catalog, &mut view3d));
                }
                MainView::OneLine => oneline_ui(ui, &self.view(), &mut oneline, asks),
            }
            switch_ui(ui, view, input.ui_state.main, &theme, &mut asks.actions);
            let above_legend = self.ui_state.main != MainView::OneLine;
            outage_strip_ui(ui, view, above_legend, &self.view(), asks);
            if covered {
                ui.input_mut(|i| i.events = withheld);
            }
        });
        (self.floor, self.view3d, self.oneline) = (floor, view3d, oneline);
    }

    /// Picker, palette, dialogs.
    fn floating_ui(&mut self, ctx: &egui::Context, asks: &mut Asks) {
        if let Some(mut picker) = self.picker.take()
            && pickers::picker_ui(ctx, &self.view(), &mut picker, asks)
        {
            self.picker = Some(picker);
        }
        if let Some(dialog) = self.dialog.take() {
            self.dialog_ui(ctx, dialog, asks);
        }
    }

    /// Keys of commands; plain keys only while no text field has the focus.
    fn shortcuts(&mut self, ctx: &egui::Context, asks: &mut Asks) {
        if self.dialog.is_some() || self.picker.is_some() {
            return;
        }
        let typing = ctx.text_edit_focused();
        let now = self.circumstances();
        // The longest combinations first: Ctrl+Shift+Z must not be taken for Ctrl+Z.
        let mut commands: Vec<Command> =
            Menu::ALL.into_iter().flat_map(Menu::groups).flatten().collect();
        commands.retain(|c| !matches!(c, Command::Floor(_)) && c.enabled(&now));
        commands.sort_by_key(|c| {
            std::cmp::Reverse(c.shortcut().map_or(0, |s| u8::from(s.modifiers.shift)))
        });
        for command in commands {
            let Some(shortcut) = command.shortcut() else { continue };
            let plain = !shortcut.modifiers.command;
            let editing = matches!(command, Command::Undo | Command::Redo | Command::SelectAll);
            // Digits typed during a drag are a distance for the floor.
            let for_the_floor = plain && self.floor.is_busy();
            if for_the_floor || typing && (plain || editing) {
                continue;
            }
            if ctx.input_mut(|i| i.consume_shortcut(&shortcut)) {
                asks.run(command);
            }
        }
    }

    /// What enables commands now.
    pub(super) fn circumstances(&self) -> Circumstances {
        let history = self.document.history();
        Circumstances {
            selection: !self.ui_state.selection.is_empty(),
            can_undo: history.past_labels().len() > 0,
            can_redo: history.future_labels().len() > 0,
            results: self.document.results().is_some(),
            study_running: self.study.as_ref().is_some_and(|s| !s.progress().finished),
            validating: self.validator.progress().is_some(),
            failed: self.ui_state.what_if.is_active(),
        }
    }

    pub(super) fn file_state(&self) -> FileState {
        let name = self.document.path().and_then(|p| p.file_name()).map_or_else(
            || self.document.plan().name.clone(),
            |n| n.to_string_lossy().into_owned(),
        );
        FileState { name, unsaved: self.document.is_unsaved() }
    }

    fn title(&self, ctx: &egui::Context) {
        let file = self.file_state();
        let mark = if file.unsaved { " *" } else { "" };
        let title = format!("{}{mark} – Tokenmill", file.name);
        let id = egui::Id::unique("window-title");
        if ctx.data(|d| d.get_temp::<String>(id)).as_ref() != Some(&title) {
            ctx.data_mut(|d| d.insert_temp(id, title.clone()));
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title));
        }
    }

    /// New results of the running study.
    fn take_outcomes(&mut self) {
        if let Some(study) = &self.study
            && (self.outcomes.len() < study.progress().done || !study.progress().finished)
        {
            self.outcomes = study.outcomes();
        }
    }

    /// Shows a tab.
    pub fn open_tab(&mut self, tab: Tab) {
        self.layout.tab = tab;
        self.layout.tabs = true;
    }
}
