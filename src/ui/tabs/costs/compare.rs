//! This plan against a variant on common samples: the bands, how sure it is, and what would flip
//! the order.

use super::super::StudyView;
use super::super::background::Background;
use crate::evaluate::economics::{EconomicsCase, Flips};
use crate::evaluate::result::Results;
use crate::study::{Outcome, SideBySide, side_by_side};
use crate::ui::commands::Command;
use crate::ui::screens::Tab;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{BandRow, bands_ui, empty_ui, section_title_ui, small, strong};
use crate::units::display;
use eframe::egui::{ComboBox, Context, Label, ScrollArea, Ui};
use std::sync::Arc;

/// Flips that are listed.
const FLIPS: usize = 8;

/// The two cases of a comparison.
type Pair = (Arc<EconomicsCase>, Arc<EconomicsCase>);

/// What the page remembers.
#[derive(Debug, Default)]
pub struct CompareState {
    /// The variant that was picked, by its place in the study; until then the best is shown.
    chosen: Option<usize>,
    /// The variant that is shown.
    pub(super) seen: Option<usize>,
    running: Option<(Pair, Background<Option<SideBySide>>)>,
    shown: Option<(Pair, Option<SideBySide>)>,
}

impl CompareState {
    /// Whether a comparison is under way.
    pub const fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    fn refresh(&mut self, ctx: &Context, pair: &Pair) {
        if let Some(answer) = self.running.as_ref().and_then(|(_, work)| work.poll())
            && let Some((of, _)) = self.running.take()
        {
            self.shown = Some((of, answer.ok().flatten()));
        }
        let is_of = |of: &Pair| Arc::ptr_eq(&of.0, &pair.0) && Arc::ptr_eq(&of.1, &pair.1);
        let known = self.shown.as_ref().is_some_and(|(of, _)| is_of(of));
        if !known && !self.running.as_ref().is_some_and(|(of, _)| is_of(of)) {
            let (a, b) = pair.clone();
            let work = Background::start("compare", ctx, move |_| Some(side_by_side(&a, &b)));
            self.running = work.map(|work| (pair.clone(), work));
        }
    }
}

/// Shows the page.
pub fn compare_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    study: &StudyView<'_>,
    state: &mut CompareState,
    asks: &mut Asks,
) {
    let theme = &view.theme;
    let Some(variant) = variant_ui(ui, view, study, state) else {
        return no_variant_ui(ui, view, study, asks);
    };
    let pair = (Arc::clone(&results.economics_case), Arc::clone(&variant.economics));
    state.refresh(ui.ctx(), &pair);
    match &state.shown {
        None => empty_ui(ui, "Comparing…", "ten thousand common samples", theme),
        Some((_, None)) => {
            empty_ui(ui, "Not comparable", "one of the two has no cost per token", theme);
        }
        Some((_, Some(found))) => {
            ui.columns_const(|[left, right]| {
                sides_ui(left, view, found, &variant.label);
                ScrollArea::vertical().id_salt("flips").auto_shrink(false).show(right, |ui| {
                    flips_ui(ui, view, found.flips.as_ref());
                });
            });
        }
    }
}

/// Nothing to choose from yet: how to get variants, or how far they are.
fn no_variant_ui(ui: &mut Ui, view: &View<'_>, study: &StudyView<'_>, asks: &mut Asks) {
    if let Some(p) = study.progress.filter(|p| !p.finished) {
        let words = format!("{} of {} variants are evaluated", p.done, p.total);
        return empty_ui(ui, "Evaluating variants…", &words, &view.theme);
    }
    let advice = "evaluate variants of this plan; then choose one here";
    empty_ui(ui, "No variant to compare with", advice, &view.theme);
    ui.vertical_centered(|ui| {
        if ui.button("Evaluate variants now").clicked() {
            asks.run(Command::RunTradeoffs);
            // The study shows itself in its own tab; who asked from here wants to choose here.
            asks.run(Command::Tab(Tab::Costs));
        }
    });
}

/// Cost of an outcome on the plan's own headline, for the order of the list.
fn cost(outcome: &Outcome) -> f64 {
    let band = outcome.kpi.usd_per_mtok.or(outcome.kpi.usd_per_gpu_h);
    band.map_or(f64::INFINITY, |b| b.base)
}

/// The choice of the variant, cheapest first; at first the cheapest that is not this plan.
fn variant_ui<'a>(
    ui: &mut Ui,
    view: &View<'_>,
    study: &StudyView<'a>,
    state: &mut CompareState,
) -> Option<&'a Outcome> {
    let mut sorted: Vec<&'a Outcome> = study.outcomes.iter().collect();
    sorted.sort_by(|a, b| cost(a).total_cmp(&cost(b)).then(a.index.cmp(&b.index)));
    let first = sorted.iter().find(|o| o.plan.floor != view.plan.floor).or(sorted.first())?;
    let chosen = sorted.iter().find(|o| Some(o.index) == state.chosen).unwrap_or(first);
    state.seen = Some(chosen.index);
    let words = |o: &Outcome| format!("{} · {}", o.label, display::usd(cost(o)));
    ui.horizontal(|ui| {
        ui.label(small("A: this plan · B:", &view.theme));
        ComboBox::from_id_salt("variant-b")
            .width(460.0)
            .selected_text(words(chosen))
            .show_ui(ui, |ui| {
                for outcome in &sorted {
                    let on = outcome.index == chosen.index;
                    if ui.selectable_label(on, words(outcome)).clicked() {
                        state.chosen = Some(outcome.index);
                    }
                }
            })
            .response
            .accessible_name("Variant B");
    });
    Some(chosen)
}

/// The bands and how sure the order is.
fn sides_ui(ui: &mut Ui, view: &View<'_>, found: &SideBySide, label: &str) {
    let theme = &view.theme;
    let c = &found.comparison;
    section_title_ui(ui, c.headline.label(), "P10–P90, tick: every input at its base", theme);
    let sides = [("A: this plan", theme.accent), (label, theme.network)];
    let rows: Vec<BandRow> = found
        .bands
        .iter()
        .zip(sides)
        .filter_map(|(band, (name, colour))| {
            let p = (*band)?;
            Some(BandRow { name: name.to_owned(), p10: p.p10, base: p.base, p90: p.p90, colour })
        })
        .collect();
    bands_ui(ui, &rows, display::usd, theme);
    ui.add_space(6.0);
    let sure = display::percent(c.b_better * 100.0);
    ui.label(strong(format!("P(B better) = {sure}")));
    ui.add(Label::new(c.words.as_str()).wrap());
    if let [Some(p10), Some(p50), Some(p90)] = c.difference {
        let signed = |v: f64| {
            let sign = if v < 0.0 { "−" } else { "+" };
            format!("{sign}{}", display::usd(v.abs()))
        };
        let words = format!("B less A: {} (P10 {}, P90 {})", signed(p50), signed(p10), signed(p90));
        ui.label(words);
    }
    let apart = display::percent(c.b_better_unshared * 100.0);
    let shared = format!(
        "{} inputs are shared and cancel; two separate bands would say {apart}",
        c.shared.len()
    );
    ui.add(Label::new(small(shared, theme)).wrap()).on_hover_text(c.shared.join(", "));
}

fn flips_ui(ui: &mut Ui, view: &View<'_>, flips: Option<&Flips>) {
    let theme = &view.theme;
    section_title_ui(ui, "What would flip the order", "least change of its band first", theme);
    let Some(flips) = flips else { return };
    ui.add(Label::new(flips.words.as_str()).wrap());
    ui.add_space(4.0);
    for flip in flips.flips.iter().take(FLIPS) {
        ui.add(Label::new(small(format!("• {}", flip.words), theme)).wrap());
    }
}
