//! Explain this number: the formula tree of a headline down to inputs with their sources, beside
//! what moves it.

use super::modal;
use crate::evaluate::economics::{EconomicsCase, Explained, Explanation, Headline, Model};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{Swing, chip_ui, section_title_ui, small, strong, tornado_ui};
use crate::units::display;
use eframe::egui::{self, CollapsingHeader, Label, Layout, RichText, ScrollArea, Ui};

/// A headline taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    tree: Explanation,
    swings: Vec<Swing>,
    /// Inputs of the tornado and the other headlines that they move.
    moved: Vec<(String, String)>,
}

/// Levels that are open at first.
const OPEN: usize = 2;
/// Width of the dialog, points.
const WIDTH: f32 = 1020.0;
/// Bars of the tornado.
const MOVERS: usize = 10;
/// Inputs whose other effects are listed, and headlines named for each.
const LISTED: (usize, usize) = (5, 4);

impl Taken {
    /// Takes a headline of a case apart; `None` where the case lacks it.
    #[must_use]
    pub fn of(case: &EconomicsCase, headline: Headline) -> Option<Self> {
        let model = Model::new(case).ok()?;
        let tree = model.explain(headline)?;
        let base = model.value(headline, &[])?;
        let change = |at: f64| (at - base) / base.abs() * 100.0;
        let bars: Vec<_> = model.tornado(headline).into_iter().take(MOVERS).collect();
        let swings = bars
            .iter()
            .map(|bar| {
                let (low, high) = (change(bar.at_low), change(bar.at_high));
                let (down, up) = (low.min(high), low.max(high));
                let note = format!("{} … {} %", display::signed(down, 2), display::signed(up, 2));
                (bar.input.clone(), down, up, note)
            })
            .collect();
        let moved = bars.iter().take(LISTED.0).filter_map(|bar| {
            let others = model.dependents(&bar.input);
            let named = others.iter().filter(|d| d.headline != headline).filter_map(|d| {
                let percent = d.elasticity.filter(|e| e.abs() >= 0.005)?;
                Some(format!("{} {} %", d.headline.label(), display::signed(percent, 2)))
            });
            let words: Vec<String> = named.take(LISTED.1).collect();
            (!words.is_empty()).then(|| (bar.input.clone(), words.join(" · ")))
        });
        Some(Self { moved: moved.collect(), tree, swings })
    }

    fn root(&self) -> &Explained {
        &self.tree.nodes[self.tree.root()]
    }
}

/// A value with its unit, dollars as dollars.
fn figure(value: f64, unit: &str) -> String {
    if let Some(rest) = unit.strip_prefix('$') {
        return format!("{}{rest}", display::usd(value));
    }
    format!("{} {unit}", display::figure(value, 4))
}

/// Shows the tree beside what moves the number; whether it stays open.
pub fn explain_ui(ctx: &egui::Context, taken: &Taken) -> bool {
    let root = taken.root();
    let label = taken.tree.headline.label();
    let title = format!("{label}: {}", figure(root.value, &root.unit));
    let (open, closed) = modal(ctx, &title, WIDTH, |ui| {
        let theme = Theme::of(ui.ctx());
        let height = (ui.ctx().content_rect().height() - 240.0).clamp(160.0, 560.0);
        ui.columns_const(|[left, right]| {
            scroll(left, "tree", height, |ui| {
                section_title_ui(ui, "How it is reckoned", "every input at its base", &theme);
                body_ui(ui, &taken.tree, root, 1, &theme);
            });
            scroll(right, "movers", height, |ui| {
                section_title_ui(ui, "What moves it", "each input alone, low to high", &theme);
                tornado_ui(ui, &taken.swings, &theme);
                moved_ui(ui, &taken.moved, &theme);
            });
        });
        ui.add_space(8.0);
        super::side_button(ui, "Close").clicked()
    });
    open && !closed
}

fn scroll(ui: &mut Ui, name: &str, height: f32, content: impl FnOnce(&mut Ui)) {
    let area = ScrollArea::vertical().id_salt(name).max_height(height).auto_shrink([false, true]);
    area.show(ui, content);
}

fn moved_ui(ui: &mut Ui, moved: &[(String, String)], theme: &Theme) {
    if moved.is_empty() {
        return;
    }
    ui.add_space(8.0);
    section_title_ui(ui, "What else these inputs move", "if they rise by 1 %", theme);
    for (input, others) in moved {
        ui.add(Label::new(small(format!("{input}: {others}"), theme)).wrap());
    }
}

/// Formula and parts of a term.
fn body_ui(ui: &mut Ui, tree: &Explanation, term: &Explained, depth: usize, theme: &Theme) {
    if !term.formula.is_empty() {
        ui.add(Label::new(small(format!("{} = {}", term.symbol, term.formula), theme)).wrap());
    }
    for (at, part) in term.parts.iter().enumerate() {
        let part = &tree.nodes[*part];
        if part.parts.is_empty() {
            leaf_ui(ui, part, theme);
            continue;
        }
        let value = figure(part.value, &part.unit);
        let words = RichText::new(format!("{}  {value}", part.name)).font(theme::body());
        CollapsingHeader::new(words)
            .id_salt((at, depth, &part.name))
            .default_open(depth < OPEN)
            .show(ui, |ui| body_ui(ui, tree, part, depth + 1, theme));
    }
}

/// An input or a fixed number, with who says so.
fn leaf_ui(ui: &mut Ui, term: &Explained, theme: &Theme) {
    let named = if term.symbol.is_empty() {
        term.name.clone()
    } else {
        format!("{} ({})", term.name, term.symbol)
    };
    ui.horizontal(|ui| {
        ui.set_min_height(theme::ROW);
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(strong(figure(term.value, &term.unit)));
            if let Some(note) = term.source.as_ref().filter(|n| !n.badge.is_empty()) {
                let doubtful = matches!(note.badge.as_str(), "assumption" | "unverified");
                chip_ui(ui, &note.badge, if doubtful { theme.warn } else { theme.muted }, theme);
            }
            ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
                ui.add(Label::new(RichText::new(&named).color(theme.muted)).truncate());
            });
        });
    });
    if let Some(note) = &term.source {
        let date = if note.date.is_empty() { String::new() } else { format!(" · {}", note.date) };
        ui.add(Label::new(small(format!("{}{date}", note.source), theme)).wrap());
    }
}
