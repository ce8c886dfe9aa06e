//! The chosen operating point in figures: layout, speeds, where the time goes, what is used.

use crate::evaluate::result::Results;
use crate::evaluate::workload::{
    Basis, ServingPoint, ServingResult, TrainingResult, WorkloadGroup,
};
use crate::plan::Job;
use crate::render::chart::serving::{
    OperationRow, Rates, Stack, basis_words, operations, parts, roofline, stacks,
};
use crate::ui::view::View;
use crate::ui::widgets::{
    Bar, Ink, bars_ui, callout_ui, fact_ui, section_title_ui, small, stacks_ui,
};
use crate::units::display::{self, Shown};
use eframe::egui::{Label, Ui};

/// Width from which figures stand beside the time stacks, points.
const TWO_COLUMNS: f32 = 600.0;

/// Shows the answer of a group.
pub fn reading_ui(ui: &mut Ui, view: &View<'_>, results: &Results, group: &WorkloadGroup) {
    if let Some(serving) = &group.serving {
        serving_ui(ui, view, results, group, serving);
    } else if let Some(training) = &group.training {
        step_ui(ui, view, training);
        ui.add_space(6.0);
        ui.add(Label::new(small(&training.explanation, &view.theme)).wrap());
    }
}

fn serving_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    group: &WorkloadGroup,
    serving: &ServingResult,
) {
    let theme = &view.theme;
    let point = &serving.point;
    if !serving.sla_met {
        let words = &serving.explanation;
        callout_ui(ui, "No layout keeps the service level", words, None, Ink::Bad, theme);
        ui.add_space(4.0);
    }
    let name = system_name(view, group);
    let note =
        format!("{name} · {} × {} in flight", serving.replicas, display::fixed(point.batch, 0));
    let wide = ui.available_width() >= TWO_COLUMNS;
    section_title_ui(ui, &point.label(), &note, theme);
    if wide {
        ui.columns_const(|[left, right]| {
            time_ui(left, view, serving);
            operations_ui(left, view, point);
            figures_ui(right, view, results, group, serving);
            used_ui(right, view, point);
        });
    } else {
        time_ui(ui, view, serving);
        figures_ui(ui, view, results, group, serving);
        used_ui(ui, view, point);
        operations_ui(ui, view, point);
    }
    ui.add_space(6.0);
    ui.add(Label::new(small(&serving.explanation, theme)).wrap());
}

/// A system's name in the catalogue, or its key.
fn system_name(view: &View<'_>, group: &WorkloadGroup) -> String {
    let entry = view.catalog.systems.find(&group.system);
    entry.map_or_else(|| group.system.clone(), |e| e.name.clone())
}

/// Where the time of a prompt and of a step goes: the first thing to look at.
fn time_ui(ui: &mut Ui, view: &View<'_>, serving: &ServingResult) {
    section_title_ui(ui, "Where the time goes", "by what it waits for", &view.theme);
    stacks_ui(ui, &stacks(serving), &view.theme);
    ui.add_space(6.0);
}

/// Speeds, output, what keeps it from more.
fn figures_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    group: &WorkloadGroup,
    serving: &ServingResult,
) {
    let (theme, point) = (&view.theme, &serving.point);
    ui.spacing_mut().item_spacing.y = 0.0;
    let rate = Rates::of(group, serving, results).gpu_tok_s(point);
    let ink = |missed: bool| if missed { Ink::Bad } else { Ink::Plain };
    let user = display::of(point.user_tok_s, "tok/s", 3);
    fact_ui(ui, "Kept from more by", &words(serving.limit.label()), Ink::Plain, theme);
    fact_ui(ui, "One user", &user, ink(!serving.sla_met), theme);
    fact_ui(ui, "One GPU", &display::of(rate, "tok/s", 3), Ink::Plain, theme);
    if let Some(band) = group.tokens_per_s {
        let range = display::band(band.low, band.high, |v| display::tokens_s(v).to_string());
        let shown = Shown { number: display::tokens_s(band.base).to_string(), unit: range };
        fact_ui(ui, "All replicas", &shown, Ink::Plain, theme)
            .on_hover_text("P10–P90: the observed error of the serving model");
    }
    spread_ui(ui, view, point);
    ui.add_space(6.0);
}

/// How much of the accelerator works.
fn used_ui(ui: &mut Ui, view: &View<'_>, point: &ServingPoint) {
    let theme = &view.theme;
    section_title_ui(ui, "What is used", "of what the accelerator offers", theme);
    let bars: Vec<Bar> = roofline(point)
        .into_iter()
        .map(|(label, share, note)| Bar {
            label: label.into(),
            share,
            value: display::percent(share * 100.0).to_string(),
            colour: theme.compute,
            ink: theme.text,
            note: note.into(),
        })
        .collect();
    bars_ui(ui, &bars, theme);
    ui.add_space(6.0);
}

/// Times with their band, and how well they are founded.
fn spread_ui(ui: &mut Ui, view: &View<'_>, point: &ServingPoint) {
    let theme = &view.theme;
    let (p10, p90) = point.tpot_p10_p90_s;
    let range = display::band(p10, p90, |s| display::seconds(s).to_string());
    let shown = Shown { number: display::seconds(point.tpot_s).to_string(), unit: range };
    fact_ui(ui, "TPOT", &shown, Ink::Plain, theme)
        .on_hover_text("P10–P90: the observed error of predictions founded like this one");
    let p99 = format!("99 % within {}", display::seconds(point.ttft_p99_s));
    let shown = Shown { number: display::seconds(point.ttft_s).to_string(), unit: p99 };
    fact_ui(ui, "TTFT", &shown, Ink::Plain, theme);
    let (basis, why) = basis_words(point.basis);
    let ink = if point.basis == Basis::Extrapolated { Ink::Warn } else { Ink::Plain };
    fact_ui(ui, "Founded on", &words(basis), ink, theme).on_hover_text(why);
}

/// Where the time goes by operation, decode beside prefill.
fn operations_ui(ui: &mut Ui, view: &View<'_>, point: &ServingPoint) {
    let theme = &view.theme;
    let rows = operations(point);
    let phase = |share: fn(&OperationRow) -> (f64, f64), colour| -> Vec<Bar> {
        rows.iter()
            .filter(|r| share(r).0 > 0.0)
            .map(|r| {
                let (time_s, share) = share(r);
                Bar {
                    label: r.operation.label().into(),
                    share,
                    value: display::percent(share * 100.0).to_string(),
                    colour,
                    ink: theme.text,
                    note: format!("{}: {}", r.operation.label(), display::seconds(time_s)),
                }
            })
            .collect()
    };
    section_title_ui(ui, "Decode by operation", "share of a step", theme);
    bars_ui(ui, &phase(|r| r.decode, theme.compute), theme);
    section_title_ui(ui, "Prefill by operation", "share of a prompt", theme);
    bars_ui(ui, &phase(|r| r.prefill, theme.network), theme);
}

/// A training job: its step, and where it goes.
pub fn training_ui(ui: &mut Ui, view: &View<'_>, results: &Results, training: &TrainingResult) {
    let theme = &view.theme;
    whole_job_ui(ui, view, results);
    section_title_ui(ui, &training.layout.label(), "layout of the job", theme);
    fact_ui(ui, "Step", &display::seconds(training.step_s), Ink::Plain, theme);
    let mfu = display::percent(training.mfu * 100.0);
    fact_ui(ui, "Model FLOP utilisation", &mfu, Ink::Plain, theme)
        .on_hover_text("useful FLOPs over the dense peak of the precision; recompute not counted");
    fact_ui(ui, "Job", &display::tokens_s(training.total_tok_s), Ink::Plain, theme);
    fact_ui(ui, "One GPU", &display::of(training.gpu_tok_s, "tok/s", 3), Ink::Plain, theme);
    let memory = display::si(training.memory_bytes, "B", 3);
    fact_ui(ui, "Memory per GPU", &memory, Ink::Plain, theme);
    fact_ui(ui, "Limited by", &words(training.limit.label()), Ink::Plain, theme);
}

/// Where the time of an optimiser step goes.
fn step_ui(ui: &mut Ui, view: &View<'_>, training: &TrainingResult) {
    section_title_ui(ui, "Where the time goes", "by what it waits for", &view.theme);
    let stack = Stack {
        label: "Optimiser step".into(),
        whole: display::seconds(training.step_s).to_string(),
        parts: parts(&training.split),
    };
    stacks_ui(ui, &[stack], &view.theme);
}

/// Time and cost of the tokens that the plan trains on, and what failures take of them.
fn whole_job_ui(ui: &mut Ui, view: &View<'_>, results: &Results) {
    let (theme, work) = (&view.theme, &results.workload);
    let Job::Training(job) = &view.plan.workload.job else { return };
    if let Some((tokens, days)) =
        job.tokens.and_then(|n| Some((n, work.days_to_train(n, job.scheduled_pct / 100.0)?)))
    {
        let title = format!("{} tokens", display::si(tokens, "", 3));
        section_title_ui(ui, &title, "failures, checkpoints and unscheduled time included", theme);
        fact_ui(ui, "Time to train", &display::of(days, "days", 3), Ink::Plain, theme);
        if let Some(cost) = results.kpi.usd_per_mtok {
            let of = |per_mtok: f64| display::usd(per_mtok * tokens / 1e6);
            let range = display::band(cost.low, cost.high, of);
            let shown = Shown { number: of(cost.base), unit: range };
            fact_ui(ui, "Cost to train", &shown, Ink::Plain, theme)
                .on_hover_text("tokens at the plan's cost per million tokens; P10–P90");
        }
        ui.add_space(6.0);
    }
    if let Some(job) = &work.job {
        let per_day = display::of(job.interruptions_per_day, "a day", 2);
        fact_ui(ui, "Interruptions", &per_day, Ink::Plain, theme)
            .on_hover_text(format!("each takes {} GPUs out for the repair", job.blast_gpus));
        let kept = display::percent(job.size_share * 100.0);
        fact_ui(ui, "Size kept during repairs", &kept, Ink::Plain, theme)
            .on_hover_text(format!("{} GPUs stand by as spares", job.spare_gpus));
        ui.add_space(6.0);
    }
}

fn words(text: &str) -> Shown {
    Shown { number: text.into(), unit: String::new() }
}
