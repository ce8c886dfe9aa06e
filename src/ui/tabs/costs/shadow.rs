//! What one more unit would buy: shadow prices, evaluated in the background when asked for.

use super::super::background::Background;
use crate::evaluate::clock::Clock;
use crate::study::shadow::{ShadowPrice, shadow_prices};
use crate::ui::view::View;
use crate::ui::widgets::{Ink, callout_ui, empty_ui, section_title_ui, small, strong};
use crate::units::display;
use eframe::egui::{Context, Grid, Label, RichText, ScrollArea, Ui};
use std::sync::Arc;

type Answer = Result<Vec<ShadowPrice>, String>;

/// What the page remembers.
#[derive(Debug, Default)]
pub struct ShadowState {
    running: Option<Background<Answer>>,
    /// The answer and the plan it is of.
    shown: Option<(crate::plan::Plan, Answer)>,
    asked: Option<crate::plan::Plan>,
}

impl ShadowState {
    /// Whether plans are being evaluated.
    pub const fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// Evaluates the plan with one more of everything.
    pub fn ask(&mut self, ctx: &Context, view: &View<'_>) {
        let (plan, catalog) = (view.plan.clone(), Arc::new(view.catalog.clone()));
        self.asked = Some(plan.clone());
        self.running = Background::start("shadow-prices", ctx, move |cancel| {
            let found = shadow_prices(&plan, &catalog, &Clock::still(), cancel);
            Some(found.map_err(|e| e.to_string()))
        });
    }

    fn poll(&mut self) {
        if let Some(answer) = self.running.as_ref().and_then(Background::poll) {
            self.running = None;
            if let (Some(plan), Ok(answer)) = (self.asked.take(), answer) {
                self.shown = Some((plan, answer));
            }
        }
    }
}

/// Shows the page.
pub fn shadow_ui(ui: &mut Ui, view: &View<'_>, state: &mut ShadowState) {
    state.poll();
    let theme = &view.theme;
    ui.horizontal(|ui| {
        section_title_ui(ui, "What one more would buy", "each added alone", theme);
        if state.is_busy() {
            ui.spinner();
            ui.label(small("evaluating the plan with one more of each", theme));
        } else if ui.button("Evaluate").on_hover_text("four evaluations of the plan").clicked() {
            state.ask(ui.ctx(), view);
        }
        if state.shown.as_ref().is_some_and(|(plan, _)| plan != view.plan) {
            ui.label(small("of an earlier state", theme));
        }
    });
    match &state.shown {
        None if state.is_busy() => {}
        None => empty_ui(
            ui,
            "Shadow prices",
            "tokens and dollars that one more MW, CDU, spine or point of utilisation brings",
            theme,
        ),
        Some((_, Err(problem))) => {
            callout_ui(ui, "Not evaluated", problem, None, Ink::Bad, theme);
        }
        Some((_, Ok(prices))) => {
            ScrollArea::vertical().id_salt("shadow").auto_shrink(false).show(ui, |ui| {
                table_ui(ui, view, prices);
            });
        }
    }
}

fn table_ui(ui: &mut Ui, view: &View<'_>, prices: &[ShadowPrice]) {
    let theme = &view.theme;
    Grid::new("shadow-prices").num_columns(7).spacing([20.0, 6.0]).show(ui, |ui| {
        for head in ["", "tok/s", "tok/s sold", "$ per M tokens", "cost a year", "capital", "why"] {
            ui.label(small(head, theme));
        }
        ui.end_row();
        for p in prices {
            ui.label(strong(p.unit.label()));
            ui.label(change(p.tokens_per_s, |v| display::tokens_s(v).to_string()));
            ui.label(change(p.sold_tok_s, |v| display::tokens_s(v).to_string()));
            let cost = p.usd_per_mtok.unwrap_or(0.0);
            let ink = match cost {
                c if c < 0.0 => theme.ok,
                c if c > 0.0 => theme.bad,
                _ => theme.text,
            };
            ui.label(RichText::new(change(cost, display::usd)).color(ink));
            ui.label(change(p.annual_usd, display::usd));
            ui.label(change(p.capex_usd, display::usd));
            ui.add(Label::new(small(p.why.as_str(), theme)).wrap());
            ui.end_row();
        }
    });
}

/// A change with its sign; nothing is said to change where it would not be seen.
fn change(value: f64, text: impl Fn(f64) -> String) -> String {
    match value {
        0.0 => "none".to_owned(),
        v if v > 0.0 => format!("+{}", text(v)),
        v => format!("−{}", text(-v)),
    }
}
