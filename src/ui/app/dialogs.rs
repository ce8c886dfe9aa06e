//! Showing the open dialog and doing what it answers.

use super::TokenmillApp;
use crate::session::journal::discard;
use crate::ui::dialogs::{
    Dialog, Explanation, Jump, Next, PaletteChoice, UnsavedAnswer, about_ui, explain_ui, export_ui,
    exporting_ui, gallery_ui, palette_ui, path_ui, problem_ui, recovery_ui, shortcuts_ui, swap_ui,
    unsaved_ui,
};
use crate::ui::state::Action;
use crate::ui::view::Asks;
use eframe::egui;

impl TokenmillApp {
    /// Shows a dialog; it stays in `self.dialog` while it is open.
    pub(super) fn dialog_ui(&mut self, ctx: &egui::Context, dialog: Dialog, asks: &mut Asks) {
        match dialog {
            Dialog::Gallery(gallery) => {
                let (open, chosen) = gallery_ui(ctx, &gallery);
                self.keep(open, Dialog::Gallery(gallery));
                if let Some(id) = chosen {
                    self.guard(Next::Preset(id.to_owned()));
                }
            }
            Dialog::Unsaved(next) => self.unsaved(ctx, next),
            Dialog::Path(mut field) => {
                let (open, path) = path_ui(ctx, &mut field);
                let ask = field.ask;
                self.keep(open, Dialog::Path(field));
                if let Some(path) = path {
                    self.use_path(ask, path);
                }
            }
            Dialog::Problem(problem) => {
                let open = problem_ui(ctx, &problem);
                self.keep(open, Dialog::Problem(problem));
            }
            Dialog::Recovery(found) => {
                let (open, answer) = recovery_ui(ctx, &found);
                match answer {
                    Some((copy, true)) => self.recover(&copy),
                    Some((copy, false)) => {
                        discard(&copy);
                        let left: Vec<_> = found.into_iter().filter(|f| *f != copy).collect();
                        self.keep(!left.is_empty(), Dialog::Recovery(left));
                    }
                    None => self.keep(open, Dialog::Recovery(found)),
                }
            }
            Dialog::Export(mut path) => {
                let (open, chosen) = export_ui(ctx, &mut path);
                self.keep(open, Dialog::Export(path));
                if let Some((what, path)) = chosen {
                    self.export(ctx, what, path);
                }
            }
            Dialog::Exporting(progress) => {
                let open = exporting_ui(ctx, &progress);
                self.keep(open && self.jobs.busy(), Dialog::Exporting(progress));
            }
            Dialog::Palette(mut palette) => {
                let now = self.circumstances();
                let (open, chosen) = palette_ui(ctx, &self.view(), &now, &mut palette);
                self.keep(open, Dialog::Palette(palette));
                match chosen {
                    Some(PaletteChoice::Run(command)) => asks.run(command),
                    Some(PaletteChoice::Reveal(id)) => asks.reveal(id),
                    None => {}
                }
            }
            Dialog::Swap(swap) => {
                let (open, edit) = swap_ui(ctx, &swap);
                self.keep(open, Dialog::Swap(swap));
                asks.actions.extend(edit.map(Action::Apply));
            }
            Dialog::Explain(taken) => match explain_ui(ctx, &taken) {
                Explanation::Open => self.dialog = Some(Dialog::Explain(taken)),
                Explanation::Closed => {}
                Explanation::Jump(Jump::Object(id)) => asks.reveal(id),
                Explanation::Jump(Jump::Command(command)) => asks.run(command),
            },
            Dialog::Shortcuts => self.keep(shortcuts_ui(ctx), Dialog::Shortcuts),
            Dialog::About => {
                let entries = self.document.catalog().len();
                self.keep(about_ui(ctx, entries), Dialog::About);
            }
        }
    }

    fn keep(&mut self, open: bool, dialog: Dialog) {
        if open {
            self.dialog = Some(dialog);
        }
    }

    fn unsaved(&mut self, ctx: &egui::Context, next: Next) {
        let name = self.file_state().name;
        match unsaved_ui(ctx, &name, &next) {
            None => self.dialog = Some(Dialog::Unsaved(next)),
            Some(UnsavedAnswer::Stay) => {}
            Some(UnsavedAnswer::Discard) => self.go_on(next),
            Some(UnsavedAnswer::Save) => {
                self.after_save = Some(next);
                self.save();
            }
        }
    }
}
