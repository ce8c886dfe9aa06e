//! Explain this number: the formula tree of a headline, down to inputs with their sources.

use super::modal;
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{Swing, chip_ui, section_title_ui, small, strong, tornado_ui};
use eframe::egui::{self, CollapsingHeader, Label, Layout, RichText, ScrollArea, Ui};

/// One term of a formula tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Term {
    /// In the field's words.
    pub name: String,
    /// Value with unit.
    pub value: String,
    /// P10 to P90 or low to high, where it is uncertain.
    pub range: String,
    /// How it follows from its parts; empty for an input.
    pub formula: String,
    /// Who says so; empty where it follows from its parts.
    pub source: String,
    /// How well it is founded, in a word.
    pub badge: String,
    /// What it is made of.
    pub parts: Vec<Self>,
}

/// A headline taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The headline with its parts.
    pub term: Term,
    /// What moves it, longest bar first.
    pub swings: Vec<Swing>,
    /// Unit costs elsewhere that move with the same inputs: input and headlines.
    pub depends: Vec<(String, String)>,
}

/// Levels that are open at first.
const OPEN: usize = 2;
/// Width of the dialog, points.
const WIDTH: f32 = 980.0;

/// Shows the tree beside what moves the number; whether it stays open.
pub fn explain_ui(ctx: &egui::Context, explained: &Explained) -> bool {
    let title = format!("{} = {}", explained.term.name, explained.term.value);
    let (open, closed) = modal(ctx, &title, WIDTH, |ui| {
        let theme = Theme::of(ui.ctx());
        let height = (ui.ctx().content_rect().height() - 220.0).clamp(160.0, 560.0);
        ui.columns_const(|[tree, movers]| {
            ScrollArea::vertical()
                .id_salt("tree")
                .max_height(height)
                .auto_shrink([false, true])
                .show(tree, |ui| {
                    section_title_ui(ui, "How it is reckoned", &explained.term.range, &theme);
                    body_ui(ui, &explained.term, 1, &theme);
                });
            ScrollArea::vertical()
                .id_salt("movers")
                .max_height(height)
                .auto_shrink([false, true])
                .show(movers, |ui| {
                    section_title_ui(ui, "What moves it", "each input alone, low to high", &theme);
                    tornado_ui(ui, &explained.swings, &theme);
                    depends_ui(ui, explained, &theme);
                });
        });
        ui.add_space(8.0);
        super::side_button(ui, "Close").clicked()
    });
    open && !closed
}

fn depends_ui(ui: &mut Ui, explained: &Explained, theme: &Theme) {
    if explained.depends.is_empty() {
        return;
    }
    ui.add_space(8.0);
    section_title_ui(ui, "What else these inputs move", "", theme);
    for (input, others) in &explained.depends {
        ui.add(Label::new(small(format!("{input}: {others}"), theme)).wrap());
    }
}

/// Formula and parts of a term.
fn body_ui(ui: &mut Ui, term: &Term, depth: usize, theme: &Theme) {
    if !term.formula.is_empty() {
        ui.add(Label::new(small(format!("= {}", term.formula), theme)).wrap());
    }
    for (at, part) in term.parts.iter().enumerate() {
        term_ui(ui, part, at, depth, theme);
    }
}

/// A term that opens, or an input with its source.
fn term_ui(ui: &mut Ui, term: &Term, at: usize, depth: usize, theme: &Theme) {
    if term.parts.is_empty() {
        return input_ui(ui, term, theme);
    }
    let words = RichText::new(format!("{}  {}", term.name, term.value)).font(theme::body());
    CollapsingHeader::new(words)
        .id_salt((at, depth, &term.name))
        .default_open(depth < OPEN)
        .show(ui, |ui| body_ui(ui, term, depth + 1, theme));
}

fn input_ui(ui: &mut Ui, term: &Term, theme: &Theme) {
    let row = ui.horizontal(|ui| {
        ui.set_min_height(theme::ROW);
        ui.add(Label::new(RichText::new(&term.name).color(theme.muted)).truncate());
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(strong(term.value.as_str()));
            if !term.range.is_empty() {
                ui.label(small(term.range.as_str(), theme));
            }
            if !term.badge.is_empty() {
                let doubtful = matches!(term.badge.as_str(), "assumption" | "unverified");
                let ink = if doubtful { theme.warn } else { theme.muted };
                chip_ui(ui, &term.badge, ink, theme);
            }
        });
    });
    if !term.source.is_empty() {
        row.response.on_hover_text(&term.source);
        ui.add(Label::new(small(term.source.as_str(), theme)).wrap());
    }
}
