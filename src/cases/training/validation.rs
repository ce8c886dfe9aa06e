//! Shipped cases: step times of published runs, and memory against another tool's.

use super::super::quoted::Table;
use super::super::registry::readable;
use super::super::statistics::{mean, quantile, worst};
use super::super::workload::{Ratios, heading};
use super::super::{Answer, Case, CaseError, Quantity, Topic};
use super::fit::{Run, held_out, read_runs};
use super::rows::row;
use super::solve::{metric_value, solve_row};
use crate::catalog::{Catalog, shipped};
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::workload::training::EXPERT_ERROR_LOW_HIGH;
use crate::evaluate::workload::{TRAINING_ERROR_LOW_HIGH, TrainingLaws, TrainingMethod};

const RUNS: &str = include_str!("../../../tests/cases/workload/training_runs.csv");
const GRID: &str = include_str!("../../../tests/cases/workload/training_grid.csv");

/// Metrics that time a step, one way or another; times to a target also hold how many steps it
/// took and are told apart.
const STEP_METRICS: [&str; 5] =
    ["median_step_time", "throughput", "tokens_per_s_per_gpu", "mfu", "achieved_tflops_per_gpu"];
/// What must be known beside these errors.
const IN_SAMPLE: &str = "in-sample: the laws were fitted to these runs; training_held_out leaves devices and models out";

/// What runs one table.
type Answers = fn(&CancelToken) -> Result<Answer, CaseError>;

/// The shipped cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    let ours: [(&str, &str, &str, Answers); 3] = [
        ("training_runs", "Published training throughput", heading(RUNS), runs),
        (
            "training_held_out",
            "Published training throughput, its device or its model left out of the fit",
            heading(RUNS),
            held_out_runs,
        ),
        ("training_grid", "Memory of training layouts against Calculon", heading(GRID), grid),
    ];
    ours.into_iter()
        .map(|(id, title, source, answer)| {
            readable(id, Topic::Workload, Ok(Case::new(id, Topic::Workload, title, source, answer)))
        })
        .collect()
}

pub(super) fn catalog() -> Result<std::sync::Arc<Catalog>, CaseError> {
    shipped().map_err(CaseError::solver)
}

fn runs(cancel: &CancelToken) -> Result<Answer, CaseError> {
    let (catalog, table) = (catalog()?, Table::read("training_runs.csv", RUNS)?);
    let mut dense = Ratios::default();
    let mut sparse = Ratios::default();
    let mut adapters = Ratios::default();
    let mut papers = Ratios::default();
    let mut targets = Ratios::default();
    for at in 0..table.len() {
        cancel.check()?;
        let row = row(&catalog, &table, at)?;
        let result = solve_row(&row, TrainingLaws::shipped()).map_err(|e| table.problem(at, e))?;
        let Some(ours) = metric_value(&row, &result, table.text(at, "note")) else { continue };
        let Some(measured) = table.number(at, "value")? else { continue };
        let (model, device) = (&row.case.model.name, &row.case.device.name);
        let label = format!("{model} on {} {device}", row.case.gpus);
        let iteration = row.metric.starts_with("iteration_time");
        let list = if row.metric == "time_to_train" {
            &mut targets
        } else if !iteration && !STEP_METRICS.contains(&row.metric.as_str()) {
            continue;
        } else if row.case.options.method != TrainingMethod::Full {
            &mut adapters
        } else if row.case.model.moe.is_some() {
            &mut sparse
        } else {
            if row.metric.contains("recompute") {
                papers.push(label.clone(), measured, ours);
            }
            &mut dense
        };
        list.push(label, measured, ours);
    }
    let of = |ratios: &Ratios, name: &str, most: f64| {
        let errors = ratios.errors_percent();
        let name = format!("{name}, {} points, mean |Δ|", errors.len());
        Quantity::error_of(name, "%", mean(&errors)).within(most)
    };
    let worst_paper = worst(&papers.errors_percent());
    let quantities = vec![
        of(&papers, "Korthikanti 2022, Table 5", 3.6),
        Quantity::error_of("Korthikanti 2022, Table 5, worst |Δ|", "%", worst_paper).within(8.0),
        of(&dense, "Dense models", 8.0),
        dense.error("Dense models", 0.9),
        of(&sparse, "Models of experts", 20.0),
        sparse.error("Models of experts", 0.9),
        of(&adapters, "Low-rank adapters", 8.0),
        of(&targets, "Time to MLPerf's target", 20.0),
    ];
    dense.points.extend(sparse.points);
    dense.points.extend(adapters.points);
    let answer = Answer::of(quantities, dense.picture("Step time or rate", "as published", 0.2));
    Ok(Answer { notes: vec![IN_SAMPLE.into()], ..answer })
}

/// Whether a run is of a kind.
type Belongs = fn(&Run) -> bool;

/// Laws refitted without each device, then without each family of models.
fn held_out_runs(cancel: &CancelToken) -> Result<Answer, CaseError> {
    let (catalog, table) = (catalog()?, Table::read("training_runs.csv", RUNS)?);
    cancel.check()?;
    let (runs, _) = read_runs(&catalog, &table)?;
    let by_device = held_out(&runs, |r| &r.device);
    cancel.check()?;
    let by_model = held_out(&runs, |r| &r.family);
    let kinds: [(&str, Belongs, (f64, f64)); 3] = [
        ("Dense models", |r| !r.experts && !r.adapters, TRAINING_ERROR_LOW_HIGH),
        ("Models of experts", |r| r.experts, EXPERT_ERROR_LOW_HIGH),
        ("Low-rank adapters", |r| r.adapters, TRAINING_ERROR_LOW_HIGH),
    ];
    let mut quantities = Vec::new();
    let mut all = Ratios::default();
    for (name, is, (low, high)) in kinds {
        let mut outside = Vec::new();
        for (left_out, results) in [("device", &by_device), ("model", &by_model)] {
            let ratios: Vec<f64> =
                results.iter().filter(|(r, _)| is(r)).map(|(_, ratio)| *ratio).collect();
            let errors: Vec<f64> = ratios.iter().map(|r| 100.0 * (r - 1.0).abs()).collect();
            let what = format!("{name}, {left_out} left out, {} points", errors.len());
            quantities.push(Quantity::error_of(format!("{what}, mean |Δ|"), "%", mean(&errors)));
            let median = quantile(&errors, 0.5);
            quantities
                .push(Quantity::error_of(format!("{what}, median |Δ|"), "%", median).within(20.0));
            outside.extend(ratios.iter().map(|ours| {
                let published = 1.0 / ours;
                if published < low || published > high { 100.0 } else { 0.0 }
            }));
        }
        let share = mean(&outside);
        let what = format!("{name}, outside the stated P10 to P90");
        quantities.push(Quantity::error_of(what, "%", share).within(25.0));
    }
    for (run, ratio) in &by_device {
        all.push(format!("{} on {}", run.family, run.device), 1.0, *ratio);
    }
    Ok(Answer::of(quantities, all.picture("Rate over the published one", "", 0.2)))
}

fn grid(cancel: &CancelToken) -> Result<Answer, CaseError> {
    const GIB: f64 = 1_073_741_824.0;
    const ROOM_GIB: f64 = 80.0;
    let (catalog, table) = (catalog()?, Table::read("training_grid.csv", GRID)?);
    let (mut memory, mut time) = (Ratios::default(), Ratios::default());
    let mut differ = 0.0;
    for at in 0..table.len() {
        cancel.check()?;
        let row = row(&catalog, &table, at)?;
        let r = solve_row(&row, TrainingLaws::shipped()).map_err(|e| table.problem(at, e))?;
        let ours = (r.memory_bytes - r.memory.runtime) / GIB;
        let theirs = table.number(at, "mem_gib")?.unwrap_or_default();
        if (ours <= ROOM_GIB) != (theirs <= ROOM_GIB) {
            differ += 1.0;
        }
        let label = format!("{} {}", row.case.model.name, r.layout.label());
        memory.push(label.clone(), theirs, ours);
        time.push(label, table.number(at, "batch_time_s")?.unwrap_or_default(), r.step_s);
    }
    let n = table.len();
    let share = 100.0 * differ / n as f64;
    let quantities = vec![
        Quantity::error_of(format!("Fits in 80 GiB, {n} layouts, share that differ"), "%", share)
            .within(3.0),
        memory.error("Memory", 0.5).within(15.0),
        time.error("Step time against that tool's", 0.5),
    ];
    Ok(Answer::of(quantities, memory.picture("Memory", "GiB", 0.15)))
}
