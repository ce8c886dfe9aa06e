//! 800 VDC against what the plan distributes now: evaluated in the background, compared, applied as
//! one step.

use super::{main_button, modal, side_button};
use crate::catalog::Catalog;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;
use crate::plan::{Edit, Plan};
use crate::study::swap::{Comparison, Side, SwapError, compare};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Ink, callout_ui, small, strong};
use crate::units::display;
use eframe::egui::{self, Align, Grid, Layout, RichText, Spinner, Ui};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Problems of the other side that are listed.
const MOST_PROBLEMS: usize = 3;

type Answer = Result<Comparison, SwapError>;

/// A comparison under way, or done. Dropping it cancels.
#[derive(Debug)]
pub struct Swap {
    newest: Arc<AtomicU64>,
    answer: Arc<Mutex<Option<Arc<Answer>>>>,
    was: &'static str,
}

impl Swap {
    /// Starts evaluating both sides on a worker.
    #[must_use]
    pub fn start(plan: &Plan, catalog: &Arc<Catalog>, clock: Clock, ctx: &egui::Context) -> Self {
        let newest = Arc::new(AtomicU64::new(0));
        let answer = Arc::new(Mutex::new(None));
        let cancel = CancelToken::new(Arc::clone(&newest), 0);
        let was = plan.power.distribution.label();
        let (plan, catalog, ctx) = (plan.clone(), Arc::clone(catalog), ctx.clone());
        let place = Arc::clone(&answer);
        let work = move || {
            let found = compare(&plan, &catalog, &clock, &cancel);
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(found));
            ctx.request_repaint();
        };
        // Without a thread of its own the comparison stays "under way" and can be closed.
        let _ = std::thread::Builder::new().name("swap".into()).spawn(work);
        Self { newest, answer, was }
    }

    /// The answer, once there is one.
    #[must_use]
    pub fn answer(&self) -> Option<Arc<Answer>> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Swap {
    fn drop(&mut self) {
        self.newest.store(u64::MAX, Ordering::Relaxed);
    }
}

/// Shows the comparison; whether it stays open, and the edit that was chosen.
pub fn swap_ui(ctx: &egui::Context, swap: &Swap) -> (bool, Option<Edit>) {
    let (open, (closed, edit)) = modal(ctx, "800 VDC over the rows", 640.0, |ui| {
        let theme = Theme::of(ui.ctx());
        let answer = swap.answer();
        let mut edit = None;
        let mut closed = false;
        match answer.as_deref() {
            None => {
                ui.horizontal(|ui| {
                    ui.add(Spinner::new().size(16.0));
                    ui.label("Evaluating the plan as it is and with 800 VDC…");
                });
            }
            Some(Err(error)) => {
                ui.label(RichText::new(error.to_string()).color(theme.warn));
            }
            Some(Ok(found)) => comparison_ui(ui, found, swap.was, &theme),
        }
        ui.add_space(12.0);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(Ok(found)) = answer.as_deref()
                && main_button(ui, "Apply").on_hover_text("One step that can be undone").clicked()
            {
                edit = Some(Edit::Batch {
                    label: "Swap the distribution to 800 VDC".into(),
                    edits: vec![Edit::SetPower(found.plan.power.as_ref().clone())],
                });
                closed = true;
            }
            let words = if answer.is_none() { "Cancel" } else { "Close" };
            closed |= side_button(ui, words).clicked();
        });
        (closed, edit)
    });
    (open && !closed, edit)
}

fn comparison_ui(ui: &mut Ui, found: &Comparison, was: &str, theme: &Theme) {
    Grid::new("swap").num_columns(4).spacing([24.0, 6.0]).min_col_width(110.0).show(ui, |ui| {
        ui.label("");
        ui.label(strong(was));
        ui.label(strong("800 VDC"));
        ui.label(small("change", theme));
        ui.end_row();
        for line in lines(&found.before, &found.after) {
            ui.label(RichText::new(line.label).color(theme.muted));
            ui.label(line.before);
            ui.label(line.after);
            ui.label(RichText::new(line.change).color(line.ink.colour(theme)));
            ui.end_row();
        }
    });
    ui.add_space(8.0);
    let notes = format!(
        "Rectifier: {}, in the place of the UPS. Copper of feeders, busways and board ducts is \
         derived from their resistance per metre with the resistivity of annealed copper at 20 °C \
         (IEC 60028: 1.724e-8 Ω m); phases or poles only. Racks keep their own power supplies.",
        found.rectifier
    );
    ui.add(egui::Label::new(small(notes, theme)).wrap());
    for problem in found.problems.iter().take(MOST_PROBLEMS) {
        ui.add_space(6.0);
        callout_ui(ui, &problem.message, &problem.advice, None, Ink::Bad, theme);
    }
}

/// A line of the comparison.
struct Line {
    label: &'static str,
    before: String,
    after: String,
    change: String,
    ink: Ink,
}

fn line(label: &'static str, a: f64, b: f64, text: impl Fn(f64) -> String) -> Line {
    let change = display::relative_change(b, a).unwrap_or_else(|| "same".into());
    let ink = match b.total_cmp(&a) {
        std::cmp::Ordering::Less => Ink::Ok,
        std::cmp::Ordering::Equal => Ink::Muted,
        std::cmp::Ordering::Greater => Ink::Warn,
    };
    let ink = if change == "same" { Ink::Muted } else { ink };
    Line { label, before: text(a), after: text(b), change, ink }
}

fn lines(a: &Side, b: &Side) -> Vec<Line> {
    let of = |unit: &'static str| move |v: f64| display::of(v, unit, 3).to_string();
    let plain = |v: f64| display::fixed(v, 0);
    let money = |v: f64| display::usd(v);
    let mut all = vec![
        line("Copper, derived", a.copper_kg, b.copper_kg, of("kg")),
        line("Busway and feeder", a.conductor_m, b.conductor_m, of("m")),
        line("Loss, normal state", a.loss_w, b.loss_w, |w| display::power_w(w).to_string()),
        line("UPS or rectifiers", f64::from(a.converters), f64::from(b.converters), plain),
    ];
    all.push(match a.equipment_m2.zip(b.equipment_m2) {
        Some((x, y)) => line("Equipment footprint", x, y, of("m²")),
        None => Line {
            label: "Equipment footprint",
            before: known(a.equipment_m2),
            after: known(b.equipment_m2),
            change: "no size in the catalogue".into(),
            ink: Ink::Muted,
        },
    });
    all.push(line("Capital, priced items", a.capex_usd, b.capex_usd, money));
    all.push(line("Items without a price", a.unpriced as f64, b.unpriced as f64, plain));
    all.push(line("Electricity per year", a.energy_usd_year, b.energy_usd_year, money));
    let racks = |s: &Side| s.worst_racks_lost as f64;
    all.push(line("Racks lost, worst outage", racks(a), racks(b), plain));
    all
}

fn known(m2: Option<f64>) -> String {
    m2.map_or_else(|| display::NONE.into(), |v| display::of(v, "m²", 3).to_string())
}
