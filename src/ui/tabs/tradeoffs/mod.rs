//! Variants of the plan by cost and output; what binds; what moves the cost.

mod scatter;

use super::costs::movers_ui;
use crate::evaluate::result::Results;
use crate::study::{Outcome, Progress};
use crate::ui::commands::Command;
use crate::ui::state::Action;
use crate::ui::theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Bar, Ink, bars_ui, section_title_ui, small, strong};
use crate::units::display;
use eframe::egui::{self, Button, ComboBox, Frame, Label, Margin, RichText, ScrollArea, Ui};

/// What the horizontal axis of the scatter shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Axis {
    /// Output of the hall.
    #[default]
    TokensPerSec,
    /// Facility power.
    Megawatts,
    /// Tokens/s that one user sees.
    PerUser,
}

impl Axis {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::TokensPerSec, Self::Megawatts, Self::PerUser];

    /// Its name with the unit.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::TokensPerSec => "output, M tok/s",
            Self::Megawatts => "facility, MW",
            Self::PerUser => "one user, tok/s",
        }
    }

    /// Whether more is better.
    #[must_use]
    pub const fn more_is_better(self) -> bool {
        !matches!(self, Self::Megawatts)
    }
}

/// What the tab remembers.
#[derive(Clone, Copy, Debug, Default)]
pub struct TradeoffState {
    /// Horizontal axis.
    pub axis: Axis,
    /// The chosen variant, by its place in the list.
    pub chosen: Option<usize>,
}

/// The study as the tab sees it.
#[derive(Clone, Copy, Debug, Default)]
pub struct StudyView<'a> {
    /// How far it is; none was started without.
    pub progress: Option<Progress>,
    /// What was found so far.
    pub outcomes: &'a [Outcome],
    /// Whether the plan was edited since.
    pub outdated: bool,
}

/// Progress and the button, at the right of the tab bar.
pub fn progress_ui(ui: &mut Ui, view: &View<'_>, study: &StudyView<'_>, asks: &mut Asks) {
    ui.add_space(8.0);
    match study.progress {
        Some(p) if !p.finished => {
            if ui.button("Stop").clicked() {
                asks.run(Command::StopTradeoffs);
            }
            let share = p.done as f32 / p.total.max(1) as f32;
            ui.add(egui::ProgressBar::new(share).desired_width(120.0).desired_height(6.0));
            ui.label(small(format!("{} of {} variants", p.done, p.total), &view.theme));
        }
        progress => {
            if ui
                .button("Evaluate variants")
                .on_hover_text(Command::RunTradeoffs.tooltip())
                .clicked()
            {
                asks.run(Command::RunTradeoffs);
            }
            if let Some(p) = progress {
                let age = if study.outdated { " · of an earlier state" } else { "" };
                let time = display::seconds(p.seconds);
                let text = format!("{} variants · {time}{age}", study.outcomes.len());
                ui.label(small(text, &view.theme));
            }
        }
    }
}

/// Shows the three panes.
pub fn tradeoffs_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    study: &StudyView<'_>,
    state: &mut TradeoffState,
    asks: &mut Asks,
) {
    let line = egui::Stroke::new(1.0, view.theme.hairline);
    let full = ui.max_rect();
    let (left, middle) = (full.width() * 0.38, full.width() * 0.31);
    let cut = |from: f32, width: f32| {
        egui::Rect::from_min_size(
            egui::pos2(full.left() + from, ui.cursor().top()),
            egui::vec2(width, full.bottom() - ui.cursor().top()),
        )
    };
    let panes =
        [cut(0.0, left), cut(left, middle), cut(left + middle, full.width() - left - middle)];
    for pane in &panes[1..] {
        ui.painter().vline(pane.left(), pane.y_range(), line);
    }
    let mut pane = |at: usize, content: &mut dyn FnMut(&mut Ui)| {
        let rect = panes[at].shrink2(egui::vec2(if at == 0 { 2.0 } else { 12.0 }, 0.0));
        let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect).id_salt(at));
        content(&mut child);
    };
    pane(0, &mut |ui| scatter_pane_ui(ui, view, results, study, state));
    pane(1, &mut |ui| {
        ScrollArea::vertical().id_salt("binds").auto_shrink(false).show(ui, |ui| {
            match chosen(study, state) {
                Some(outcome) => chosen_ui(ui, view, results, outcome, state, asks),
                None => binds_ui(ui, view, results),
            }
        });
    });
    pane(2, &mut |ui| {
        ScrollArea::vertical().id_salt("movers").auto_shrink(false).show(ui, |ui| {
            movers_ui(ui, view, results);
        });
    });
}

fn chosen<'a>(study: &StudyView<'a>, state: &TradeoffState) -> Option<&'a Outcome> {
    let wanted = state.chosen?;
    study.outcomes.iter().find(|o| o.index == wanted)
}

fn scatter_pane_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    study: &StudyView<'_>,
    state: &mut TradeoffState,
) {
    ui.horizontal(|ui| {
        ui.label(strong("$ per M tokens against"));
        ComboBox::from_id_salt("axis")
            .selected_text(state.axis.label())
            .width(130.0)
            .show_ui(ui, |ui| {
                for axis in Axis::ALL {
                    ui.selectable_value(&mut state.axis, axis, axis.label());
                }
            })
            .response
            .accessible_name("Axis");
        if study.outcomes.is_empty() {
            ui.label(small("evaluate variants to fill", &view.theme));
        } else {
            ui.label(small("line: not beaten by any", &view.theme));
        }
    });
    if let Some(index) = scatter::scatter_ui(ui, view, results, study, state) {
        state.chosen = if state.chosen == Some(index) { None } else { Some(index) };
    }
}

/// Every limit of this plan, most used first.
fn binds_ui(ui: &mut Ui, view: &View<'_>, results: &Results) {
    let theme = &view.theme;
    let bottleneck = &results.bottleneck;
    section_title_ui(ui, "What binds", bottleneck.binding.label(), theme);
    ui.add(Label::new(small(&bottleneck.reason, theme)).wrap());
    ui.add_space(4.0);
    let longest = bottleneck.uses.iter().map(|u| u.used_pct).fold(100.0, f64::max);
    let bars: Vec<Bar> = bottleneck
        .uses
        .iter()
        .map(|used| {
            let ink = Ink::of_use(used.used_pct);
            let binds = used.limit == bottleneck.binding;
            let colour = match ink {
                Ink::Plain if binds => theme.accent,
                Ink::Plain => theme.compute,
                other => other.colour(theme),
            };
            Bar {
                label: used.limit.label().into(),
                share: used.used_pct / longest,
                value: display::percent(used.used_pct).to_string(),
                colour,
                ink: ink.colour(theme),
                note: used.basis.clone(),
            }
        })
        .collect();
    bars_ui(ui, &bars, theme);
    if !results.stranded.causes.is_empty() {
        ui.add_space(8.0);
        let total = format!("{} MW", display::sig(results.stranded.total_mw, 2));
        section_title_ui(ui, "Stranded power", &total, theme);
        let most = results.stranded.total_mw.max(1e-9);
        let bars: Vec<Bar> = results
            .stranded
            .causes
            .iter()
            .map(|c| Bar {
                label: c.cause.clone(),
                share: c.mw / most,
                value: display::of(c.mw, "MW", 2).to_string(),
                colour: theme.power,
                ink: theme.text,
                note: c.cause.clone(),
            })
            .collect();
        bars_ui(ui, &bars, theme);
    }
}

/// A variant beside the plan, and the button that takes it over.
fn chosen_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    outcome: &Outcome,
    state: &mut TradeoffState,
    asks: &mut Asks,
) {
    let theme = &view.theme;
    ui.add(Label::new(strong(&outcome.label)).wrap());
    ui.add(Label::new(small(format!("Binds: {}", outcome.reason), theme)).wrap());
    Frame::new().inner_margin(Margin::symmetric(0, 4)).show(ui, |ui| {
        ui.horizontal(|ui| {
            let apply = Button::new(strong("Apply").color(theme.panel)).fill(theme.accent);
            let size = [84.0, theme::TOUCH];
            if ui.add_sized(size, apply).on_hover_text("one step that can be undone").clicked() {
                asks.actions.push(Action::Adopt {
                    label: format!("Apply {}", outcome.label),
                    plan: Box::new(outcome.plan.clone()),
                });
                state.chosen = None;
            }
            if ui.button("Close").clicked() {
                state.chosen = None;
            }
        });
    });
    let (now, then) = (&results.kpi, &outcome.kpi);
    let usd = |v: Option<f64>| v.map_or_else(|| display::NONE.into(), display::usd);
    let rate = |v: Option<f64>| {
        v.map_or_else(|| display::NONE.into(), |v| display::tokens_s(v).to_string())
    };
    let cost = |k: &crate::evaluate::result::Kpis| k.usd_per_mtok.map(|b| b.base);
    let output = |k: &crate::evaluate::result::Kpis| k.tokens_per_s.map(|b| b.base);
    let rows = [
        ("$ per M tokens", usd(cost(now)), usd(cost(then))),
        ("Output", rate(output(now)), rate(output(then))),
        ("One user", rate(now.user_tok_s), rate(then.user_tok_s)),
        ("Facility, MW", display::sig(now.facility_mw, 3), display::sig(then.facility_mw, 3)),
        ("PUE", display::fixed(now.pue, 3), display::fixed(then.pue, 3)),
        ("Capital", display::usd(now.capex_usd.base), display::usd(then.capex_usd.base)),
        ("GPUs", display::count(now.gpus.into()), display::count(then.gpus.into())),
        ("Errors · warnings", counts(now), counts(then)),
    ];
    egui::Grid::new("variant").num_columns(3).spacing([16.0, 4.0]).show(ui, |ui| {
        for head in ["", "this plan", "variant"] {
            ui.label(small(head, theme));
        }
        ui.end_row();
        for (label, a, b) in rows {
            ui.label(RichText::new(label).color(theme.muted));
            ui.label(a);
            ui.label(strong(b));
            ui.end_row();
        }
    });
    if outcome.capped_racks > 0 {
        let words = format!("{} racks stay reserved", outcome.capped_racks);
        ui.label(RichText::new(words).color(theme.warn));
    }
}

fn counts(kpi: &crate::evaluate::result::Kpis) -> String {
    format!("{} · {}", kpi.errors, kpi.warnings)
}
