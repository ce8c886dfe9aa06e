//! Fabric, storage, workload, finance.

use super::facility::{picked_ui, typed_ui};
use super::serving::software_ui;
use super::training::training_ui;
use crate::plan::serving::MOST_PEAK_TO_MEAN;
use crate::plan::{
    CapitalMethod, Edit, Fabric, Job, LoadBalancing, OpticsPolicy, Precision, Serving, Storage,
    Topology, TrainingPreset, Workload,
};
use crate::ui::commands::Command;
use crate::ui::inspector::field::{Number, choice_ui};
use crate::ui::screens::{Picker, Tab};
use crate::ui::theme::Theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, fact_ui, small};
use crate::units::display::{self, Shown};
use eframe::egui::Ui;

/// Fabric.
pub fn fabric_ui(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let theme = &view.theme;
    let fabric = view.plan.fabric.as_ref();
    let mut next: Fabric = fabric.clone();
    let all = Topology::ALL;
    let chosen = choice_ui(ui, "Topology", Some(fabric.topology), &all, Topology::label, theme);
    next.topology = chosen.unwrap_or(fabric.topology);
    picked_ui(ui, Picker::Switch, &fabric.switch, &view.catalog.network, theme, asks);
    let over = Number::new("Oversubscription", fabric.oversubscription, ": 1", (1.0, 16.0));
    next.oversubscription = typed_ui(ui, &over, theme).unwrap_or(fabric.oversubscription);
    let optics = [OpticsPolicy::CopperFirst, OpticsPolicy::OpticsOnly];
    let words = |p| match p {
        OpticsPolicy::CopperFirst => "copper where it reaches",
        OpticsPolicy::OpticsOnly => "optics only",
    };
    next.optics =
        choice_ui(ui, "Media", Some(fabric.optics), &optics, words, theme).unwrap_or(fabric.optics);
    let ways = [LoadBalancing::Ecmp, LoadBalancing::Adaptive];
    let words = |l| match l {
        LoadBalancing::Ecmp => "ECMP",
        LoadBalancing::Adaptive => "adaptive",
    };
    next.load_balancing =
        choice_ui(ui, "Load balancing", Some(fabric.load_balancing), &ways, words, theme)
            .unwrap_or(fabric.load_balancing);
    let tray = Number::new("Cable trays", f64::from(fabric.tray_height_mm), "mm", (0.0, 3e4));
    if let Some(mm) = typed_ui(ui, &tray, theme) {
        next.tray_height_mm = mm.round() as u32;
    }
    if next != *fabric {
        asks.edit(Edit::SetFabric(next));
    }
}

/// Storage.
pub fn storage_ui(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let theme = &view.theme;
    let storage = view.plan.storage.as_ref();
    picked_ui(ui, Picker::Storage, &storage.appliance, &view.catalog.storage, theme, asks);
    let count = Number::new("Appliances", f64::from(storage.count), "", (0.0, 100_000.0));
    if let Some(n) = typed_ui(ui, &count, theme) {
        let next = Storage { count: n.round() as u32, ..storage.clone() };
        asks.edit(Edit::SetStorage(next));
    }
    if let Some(results) = view.results {
        let read = results.storage.read_supply_byte_s;
        let supply = read.map(|b| display::si(b, "B/s", 3)).unwrap_or_default();
        fact_ui(ui, "Read on offer", &supply, Ink::Plain, theme);
        let need = display::si(results.storage.read_need_byte_s, "B/s", 3);
        fact_ui(ui, "Read needed", &need, Ink::Plain, theme);
    }
}

/// What a job starts with when its kind is switched: a chat service, a pre-training.
fn other_job(training: bool) -> Job {
    if training {
        Job::Training(TrainingPreset::PreTraining.job())
    } else {
        Job::Serving(Serving::default())
    }
}

/// Workload.
pub fn workload_ui(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let theme = &view.theme;
    let workload = view.plan.workload.as_ref();
    let mut next: Workload = workload.clone();
    model_ui(ui, view, &mut next, asks);
    match &mut next.job {
        Job::Serving(serving) => serving_ui(ui, serving, theme),
        Job::Training(training) => training_ui(ui, training, theme),
    }
    if let Some(results) = view.results {
        ui.label(small(&results.workload.explanation, theme));
    }
    if next != *workload {
        asks.edit(Edit::SetWorkload(next));
    }
}

/// Model, number format, kind of job.
pub fn model_ui(ui: &mut Ui, view: &View<'_>, workload: &mut Workload, asks: &mut Asks) {
    let theme = &view.theme;
    picked_ui(ui, Picker::Model, &workload.model, &view.catalog.models, theme, asks);
    let all = Precision::ALL;
    let chosen =
        choice_ui(ui, "Precision", Some(workload.precision), &all, Precision::label, theme);
    workload.precision = chosen.unwrap_or(workload.precision);
    let training = matches!(workload.job, Job::Training(_));
    let words = |t| if t { "training" } else { "serving" };
    if let Some(training) = choice_ui(ui, "Job", Some(training), &[false, true], words, theme) {
        workload.job = other_job(training);
    }
}

/// Prompt and answer.
pub fn lengths_ui(ui: &mut Ui, serving: &mut Serving, theme: &Theme) {
    tokens_ui(ui, "Prompt (ISL)", &mut serving.input_tokens, theme);
    tokens_ui(ui, "Answer (OSL)", &mut serving.output_tokens, theme);
}

const PEAK: &str = "requests of the busiest hour over those of the mean hour, 1 to 24; DeepSeek's \
    published day has 1.23";
const SOLD: &str = "mean share of the capacity within the service level that is asked for; what the \
    busiest hours ask for beyond the capacity is turned away and not sold";

/// Peak hour and share sold.
pub fn demand_ui(ui: &mut Ui, serving: &mut Serving, theme: &Theme) {
    let most = (1.0, MOST_PEAK_TO_MEAN);
    let peak = Number::new("Peak to mean", serving.peak_to_mean, "×", most).source(PEAK, false);
    serving.peak_to_mean = typed_ui(ui, &peak, theme).unwrap_or(serving.peak_to_mean);
    let sold = Number::new("Sold", serving.sold_pct, "%", (0.1, 100.0)).source(SOLD, false);
    serving.sold_pct = typed_ui(ui, &sold, theme).unwrap_or(serving.sold_pct);
}

fn tokens_ui(ui: &mut Ui, label: &str, value: &mut u32, theme: &Theme) {
    let number = Number::new(label, f64::from(*value), "tokens", (1.0, 1e7));
    *value = typed_ui(ui, &number, theme).map_or(*value, |n| n.round() as u32);
}

fn value_ui(
    ui: &mut Ui,
    label: &str,
    value: &mut f64,
    unit: &str,
    range: (f64, f64),
    theme: &Theme,
) {
    let number = Number::new(label, *value, unit, range);
    *value = typed_ui(ui, &number, theme).unwrap_or(*value);
}

fn serving_ui(ui: &mut Ui, serving: &mut Serving, theme: &Theme) {
    lengths_ui(ui, serving, theme);
    value_ui(ui, "TTFT allowed", &mut serving.ttft_ms, "ms", (1.0, 1e6), theme);
    value_ui(ui, "TPOT allowed", &mut serving.tpot_ms, "ms", (0.1, 1e5), theme);
    software_ui(ui, serving, theme);
    demand_ui(ui, serving, theme);
}

/// Finance.
pub fn finance_ui(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let theme = &view.theme;
    let finance = view.plan.finance.as_ref();
    let methods = [CapitalMethod::Annuity, CapitalMethod::StraightLine];
    let words = |m| match m {
        CapitalMethod::Annuity => "annuity",
        CapitalMethod::StraightLine => "straight line",
    };
    let mut next = finance.clone();
    next.method = choice_ui(ui, "Capital", Some(finance.method), &methods, words, theme)
        .unwrap_or(finance.method);
    let own = finance.assumptions.len();
    let value = Shown { number: own.to_string(), unit: "changed in this plan".into() };
    fact_ui(ui, "Assumptions", &value, Ink::Plain, theme);
    if ui.link("Prices, lives, cost of capital: all assumptions").clicked() {
        asks.run(Command::Tab(Tab::Assumptions));
    }
    if next != *finance {
        asks.edit(Edit::SetFinance(next));
    }
}
