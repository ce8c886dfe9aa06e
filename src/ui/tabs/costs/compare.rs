//! This plan against a variant on common samples: the bands, how sure it is, and what would flip
//! the order.

use super::super::StudyView;
use super::super::background::Background;
use crate::evaluate::economics::{
    Comparison, EconomicsCase, Flips, Headline, Model, Percentiles, compare, flips, solve,
};
use crate::evaluate::result::Results;
use crate::study::Outcome;
use crate::ui::commands::Command;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{BandRow, bands_ui, empty_ui, section_title_ui, small, strong};
use crate::units::display;
use eframe::egui::{ComboBox, Context, Label, ScrollArea, Ui};
use std::sync::Arc;

/// Flips that are listed.
const FLIPS: usize = 8;

/// What was compared.
#[derive(Debug)]
struct Compared {
    comparison: Comparison,
    flips: Option<Flips>,
    bands: [Option<Percentiles>; 2],
}

/// The two cases of a comparison.
type Pair = (Arc<EconomicsCase>, Arc<EconomicsCase>);

/// What the page remembers.
#[derive(Debug, Default)]
pub struct CompareState {
    /// The variant, by its place in the study.
    chosen: Option<usize>,
    running: Option<(Pair, Background<Option<Compared>>)>,
    shown: Option<(Pair, Option<Compared>)>,
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
            let work = Background::start("compare", ctx, move |_| Some(compared(&a, &b)));
            self.running = work.map(|work| (pair.clone(), work));
        }
    }
}

/// Both cases on their common headline.
fn compared(a: &EconomicsCase, b: &EconomicsCase) -> Option<Compared> {
    let (of_a, of_b) = (Model::new(a).ok()?, Model::new(b).ok()?);
    let headline = of_a.main_headline();
    let band = |case: &EconomicsCase| {
        let result = solve(case).ok()?;
        if headline == Headline::UsdPerMtok { result.usd_per_mtok } else { result.usd_per_gpu_h }
    };
    Some(Compared {
        comparison: compare(&of_a, &of_b, headline)?,
        flips: flips(&of_a, &of_b, headline),
        bands: [band(a), band(b)],
    })
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
        empty_ui(
            ui,
            "No variant to compare with",
            "evaluate variants of this plan; then choose one here",
            theme,
        );
        ui.vertical_centered(|ui| {
            if ui.button("Evaluate variants now").clicked() {
                asks.run(Command::RunTradeoffs);
            }
        });
        return;
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

/// The choice of the variant.
fn variant_ui<'a>(
    ui: &mut Ui,
    view: &View<'_>,
    study: &StudyView<'a>,
    state: &mut CompareState,
) -> Option<&'a Outcome> {
    let first = study.outcomes.first()?.index;
    let wanted = state.chosen.unwrap_or(first);
    let chosen = study.outcomes.iter().find(|o| o.index == wanted).or(study.outcomes.first())?;
    ui.horizontal(|ui| {
        ui.label(small("A: this plan · B:", &view.theme));
        ComboBox::from_id_salt("variant-b")
            .width(420.0)
            .selected_text(chosen.label.as_str())
            .show_ui(ui, |ui| {
                for outcome in study.outcomes {
                    let on = outcome.index == chosen.index;
                    if ui.selectable_label(on, outcome.label.as_str()).clicked() {
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
fn sides_ui(ui: &mut Ui, view: &View<'_>, found: &Compared, label: &str) {
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
        let words = format!(
            "B less A: {} ({} to {})",
            display::usd(p50),
            display::usd(p10),
            display::usd(p90)
        );
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
