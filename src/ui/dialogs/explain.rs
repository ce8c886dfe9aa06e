//! Explain this number: the formula tree of a headline down to inputs with their sources, beside
//! what moves it.

use super::modal;
use crate::catalog::Catalog;
use crate::evaluate::economics::{EconomicsCase, Explained, Explanation, Headline, Model};
use crate::evaluate::result::Results;
use crate::plan::{ObjectId, Plan};
use crate::study::{Figure, reckon};
use crate::ui::commands::Command;
use crate::ui::screens::{Section, Tab};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{
    Ink, Swing, chip_ui, fact_ui, section_title_ui, small, strong, tornado_ui,
};
use crate::units::display::{self, Shown};
use eframe::egui::{self, CollapsingHeader, Label, Layout, RichText, ScrollArea, Ui};

/// A number taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    title: String,
    /// Formula trees, the number's own first; each ends with what it explains.
    trees: Vec<Vec<Explained>>,
    swings: Vec<Swing>,
    /// Every uncertain input, and the headlines that it moves by 1 % of itself.
    inputs: Vec<(String, Vec<(&'static str, String)>)>,
    /// Where else to look, with words for the button.
    jump: Option<(&'static str, Jump)>,
}

/// Where the dialog leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Jump {
    /// An object on the floor.
    Object(ObjectId),
    /// A screen.
    Command(Command),
}

/// What the dialog was closed with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// It stays.
    Open,
    /// It is closed.
    Closed,
    /// It is closed, and something else is shown.
    Jump(Jump),
}

/// Levels that are open at first.
const OPEN: usize = 2;
/// Width of the dialog, beside a tornado and without one, points.
const WIDTH: f32 = 1080.0;
const NARROW: f32 = 680.0;
/// Room for the bar of a scrolled tree, points.
const BAR: f32 = 14.0;
/// Bars of the tornado.
const MOVERS: usize = 10;
/// Smallest change that is named, % for 1 %.
const SEEN: f64 = 0.005;

impl Taken {
    /// Takes a headline of the cost model apart; `None` where the case lacks it.
    #[must_use]
    pub fn headline(case: &EconomicsCase, headline: Headline) -> Option<Self> {
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
        let root = &tree.nodes[tree.root()];
        Some(Self {
            title: format!("{}: {}", headline.label(), figure(root.value, &root.unit)),
            inputs: dependents(&model, &tree),
            trees: vec![tree.nodes],
            swings,
            jump: Some(("Show economics", Jump::Command(Command::Tab(Tab::Costs)))),
        })
    }

    /// Takes another headline figure apart; `None` where the plan has none.
    #[must_use]
    pub fn figure(what: Figure, plan: &Plan, catalog: &Catalog, results: &Results) -> Option<Self> {
        let trees = reckon(what, plan, catalog, results);
        let root = trees.first()?.last()?;
        let worst = results.kpi.worst_inlet.as_ref();
        let tab = |tab: Tab| Jump::Command(Command::Tab(tab));
        let jump = match what {
            Figure::Output | Figure::TokensPerJ | Figure::Goodput => {
                Some(("Show workload", tab(Tab::Workload)))
            }
            Figure::Pue => {
                Some(("Show cooling", Jump::Command(Command::Section(Section::Cooling))))
            }
            Figure::Facility | Figure::WorstLoading => Some(("Show power", tab(Tab::Power))),
            Figure::Stranded => Some(("Show trade-offs", tab(Tab::Tradeoffs))),
            Figure::WorstInlet => worst.map(|w| ("Show the rack", Jump::Object(w.rack))),
        };
        let title = format!("{}: {}", root.name, figure(root.value, &root.unit));
        Some(Self { title, trees, swings: Vec::new(), inputs: Vec::new(), jump })
    }
}

/// Every input at the ends of a tree with what else it moves.
fn dependents(model: &Model, tree: &Explanation) -> Vec<(String, Vec<(&'static str, String)>)> {
    let mut names: Vec<&String> = tree.leaves().filter_map(|n| n.input.as_ref()).collect();
    names.sort_unstable();
    names.dedup();
    let words = |name: &str| -> Vec<(&'static str, String)> {
        let moved = model.dependents(name).into_iter();
        let seen = moved.filter_map(|d| {
            let percent = d.elasticity.filter(|e| e.abs() >= SEEN)?;
            Some((d.headline.label(), format!("{} %", display::signed(percent, 2))))
        });
        seen.collect()
    };
    let all = names.into_iter().map(|name| (name.clone(), words(name)));
    all.filter(|(_, moved)| !moved.is_empty()).collect()
}

/// A value with its unit: dollars as dollars, watts in steps of a thousand.
fn figure(value: f64, unit: &str) -> String {
    if let Some(rest) = unit.strip_prefix('$') {
        return format!("{}{rest}", display::usd(value));
    }
    match unit {
        "W" => display::power_w(value).to_string(),
        "%" => display::percent(value).to_string(),
        "share" => display::percent(value * 100.0).to_string(),
        "1/year" => format!("{} a year", display::percent(value * 100.0)),
        "tok/s" => display::tokens_s(value).to_string(),
        "s" if value < 1e3 => display::seconds(value).to_string(),
        "" => plain(value),
        _ => format!("{} {unit}", plain(value)),
    }
}

/// Four significant digits, without zeros that say nothing.
fn plain(value: f64) -> String {
    let text = display::figure(value, 4);
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Shows the trees beside what moves the number.
pub fn explain_ui(ctx: &egui::Context, taken: &Taken) -> Answer {
    let width = if taken.swings.is_empty() { NARROW } else { WIDTH };
    let (open, answer) = modal(ctx, &taken.title, width, |ui| {
        let theme = Theme::of(ui.ctx());
        let height = (ui.ctx().content_rect().height() - 200.0).clamp(160.0, 720.0);
        if taken.swings.is_empty() {
            scroll(ui, "tree", height, |ui| trees_ui(ui, taken, &theme));
        } else {
            ui.columns_const(|[left, right]| {
                scroll(left, "tree", height, |ui| trees_ui(ui, taken, &theme));
                scroll(right, "movers", height, |ui| {
                    section_title_ui(ui, "What moves it", "each input alone, low to high", &theme);
                    tornado_ui(ui, &taken.swings, &theme);
                    inputs_ui(ui, &taken.inputs, &theme);
                });
            });
        }
        ui.add_space(8.0);
        buttons_ui(ui, taken)
    });
    if open { answer } else { Answer::Closed }
}

fn buttons_ui(ui: &mut Ui, taken: &Taken) -> Answer {
    let mut answer = Answer::Open;
    ui.horizontal(|ui| {
        if super::side_button(ui, "Close").clicked() {
            answer = Answer::Closed;
        }
        if let Some((words, jump)) = &taken.jump
            && super::side_button(ui, words).clicked()
        {
            answer = Answer::Jump(*jump);
        }
    });
    answer
}

fn trees_ui(ui: &mut Ui, taken: &Taken, theme: &Theme) {
    for (at, nodes) in taken.trees.iter().enumerate() {
        let Some(root) = nodes.last() else { continue };
        let title = if at == 0 {
            "How it is reckoned".to_owned()
        } else {
            ui.add_space(12.0);
            format!("{}: {}", root.name, figure(root.value, &root.unit))
        };
        section_title_ui(ui, &title, "every input at its base", theme);
        ui.push_id(at, |ui| body_ui(ui, nodes, root, 1, theme));
    }
}

fn scroll(ui: &mut Ui, name: &str, height: f32, content: impl FnOnce(&mut Ui)) {
    let area = ScrollArea::vertical().id_salt(name).max_height(height).auto_shrink([false, true]);
    area.show(ui, |ui| {
        ui.set_max_width(ui.available_width() - BAR);
        content(ui);
    });
}

/// Each input opens to the headlines that it moves.
fn inputs_ui(ui: &mut Ui, inputs: &[(String, Vec<(&'static str, String)>)], theme: &Theme) {
    ui.add_space(8.0);
    section_title_ui(ui, "What depends on an input", "change for +1 % of it", theme);
    for (input, moved) in inputs {
        let words = RichText::new(input).font(theme::body());
        CollapsingHeader::new(words).id_salt(("input", input)).show(ui, |ui| {
            for (headline, change) in moved {
                let value = Shown { number: change.clone(), unit: String::new() };
                fact_ui(ui, headline, &value, Ink::Plain, theme);
            }
        });
    }
}

/// Formula and parts of a term.
fn body_ui(ui: &mut Ui, nodes: &[Explained], term: &Explained, depth: usize, theme: &Theme) {
    if !term.formula.is_empty() {
        ui.add(Label::new(small(format!("{} = {}", term.symbol, term.formula), theme)).wrap());
    }
    for (at, part) in term.parts.iter().enumerate() {
        let part = &nodes[*part];
        if part.parts.is_empty() {
            leaf_ui(ui, part, theme);
            continue;
        }
        let value = figure(part.value, &part.unit);
        let words = RichText::new(format!("{}  {value}", part.name)).font(theme::body());
        CollapsingHeader::new(words)
            .id_salt((at, depth, &part.name))
            .default_open(depth < OPEN)
            .show(ui, |ui| body_ui(ui, nodes, part, depth + 1, theme));
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
