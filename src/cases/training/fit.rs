//! Refits the training laws to a table of runs, and says how well laws fitted without a device or
//! a model predict it.
//!
//! Minimised: Σ w ρ(ln(ours/published)) + λ Σ ln²(law/prior), with ρ Huber's loss and w one per
//! configuration however often it was submitted. Coordinate descent in the laws' logarithms;
//! layouts that rows leave open are chosen anew in each round.

use super::super::CaseError;
use super::super::quoted::Table;
use super::super::statistics::mean;
use super::names::plain;
use super::rows::{Row, row};
use super::solve::{metric_value, solve_row};
use crate::catalog::Catalog;
use crate::evaluate::workload::{TrainingCase, TrainingLaws, TrainingMethod};

/// Error at which Huber's loss turns from square to line, as a logarithm.
const HUBER: f64 = 0.08;
/// Weight of a law's distance from its prior: ten times less fits these runs closer and misses
/// models left out by more (22 against 19 %).
const PRIOR_WEIGHT: f64 = 0.2;
/// Rounds of choosing layouts and fitting.
const ROUNDS: usize = 2;
/// Steps of the descent, as factors of a law.
const STEPS: [f64; 5] = [1.25, 1.12, 1.06, 1.03, 1.01];
/// Sweeps over all laws at each step.
const SWEEPS: usize = 3;

/// One published run.
#[derive(Clone, Debug)]
pub struct Run {
    row: Row,
    measured: f64,
    weight: f64,
    /// Device, as the catalogue calls it.
    pub device: String,
    /// Family of models: shapes of one maker that share their kernels.
    pub family: String,
    /// Whether it has experts.
    pub experts: bool,
    /// Whether it trains adapters only.
    pub adapters: bool,
}

impl Run {
    /// Logarithm of our rate over the published one under `laws`; a time is a rate's inverse.
    fn error(&self, laws: &TrainingLaws) -> Option<f64> {
        let result = solve_row(&self.row, laws).ok()?;
        let error = (metric_value(&self.row, &result, "")? / self.measured).ln();
        let is_time = self.row.metric.contains("time");
        Some(if is_time { -error } else { error })
    }

    /// The same with the layout that `laws` would choose.
    fn settled(&self, laws: &TrainingLaws) -> Self {
        let Ok(result) = solve_row(&self.row, laws) else { return self.clone() };
        let layout = Some(result.layout);
        let case =
            TrainingCase { layout, recompute: Some(result.recompute), ..self.row.case.clone() };
        Self { row: Row { case, choices: Vec::new(), ..self.row.clone() }, ..self.clone() }
    }
}

/// Runs of a table whose metric times a step, and how many rows are none: of serving, or not
/// readable.
///
/// # Errors
/// A value that is no number.
pub fn read_runs(catalog: &Catalog, table: &Table) -> Result<(Vec<Run>, usize), CaseError> {
    let mut runs: Vec<Run> = Vec::new();
    let mut left = 0;
    let mut kinds: Vec<String> = Vec::new();
    for at in 0..table.len() {
        let metric = table.text(at, "metric");
        if metric == "time_to_train" || metric.starts_with("gpu_hours") {
            continue;
        }
        let Some(measured) = table.number(at, "value")? else { continue };
        let Ok(row) = row(catalog, table, at) else {
            left += 1;
            continue;
        };
        let columns = ["gpu", "count", "model", "precision", "parallelism", "global_batch", "date"];
        kinds.push(columns.map(|c| table.text(at, c)).join("|") + metric);
        let name = plain(&row.case.model.name);
        let letters = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
        let experts = row.case.model.moe.is_some();
        // A family of one size is told by its maker; Llama's sizes are families of their own.
        let family = if name.starts_with("llama") { name.clone() } else { name[..letters].into() };
        runs.push(Run {
            measured,
            weight: 1.0,
            device: row.case.device.name.clone(),
            family,
            experts,
            adapters: row.case.options.method != TrainingMethod::Full,
            row,
        });
    }
    for at in 0..runs.len() {
        runs[at].weight = 1.0 / kinds.iter().filter(|k| **k == kinds[at]).count() as f64;
    }
    Ok((runs, left))
}

/// Laws fitted to tables of runs, and how well they do.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingFit {
    /// The laws.
    pub laws: TrainingLaws,
    /// Runs taken.
    pub runs: usize,
    /// Rows left out: of serving, or not readable.
    pub left: usize,
    /// Mean errors, as fractions: dense models, models of experts, low-rank adapters; `None` where
    /// there are none.
    pub in_sample: [Option<f64>; 3],
    /// The same under laws fitted without the run's family of models.
    pub models_out: [Option<f64>; 3],
    /// The same without its device.
    pub devices_out: [Option<f64>; 3],
}

/// Laws fitted to the runs of tables such as `solve training` takes, their results included.
///
/// # Errors
/// A table that can not be read, or none that times a step.
pub fn fit_tables(
    catalog: &Catalog,
    tables: &[(String, String)],
) -> Result<TrainingFit, CaseError> {
    let (mut runs, mut left) = (Vec::new(), 0);
    for (file, text) in tables {
        let (found, others) = read_runs(catalog, &Table::read(file, text)?)?;
        runs.extend(found);
        left += others;
    }
    if runs.is_empty() {
        let file = tables.first().map_or("", |(name, _)| name.as_str());
        return Err(CaseError::file(file, "no row states a step time, rate or MFU"));
    }
    let laws = refit(&runs);
    let own: Vec<(&Run, f64)> =
        runs.iter().filter_map(|r| Some((r, r.error(&laws)?.exp()))).collect();
    Ok(TrainingFit {
        laws,
        runs: runs.len(),
        left,
        in_sample: by_kind(&own),
        models_out: by_kind(&held_out(&runs, |r| &r.family)),
        devices_out: by_kind(&held_out(&runs, |r| &r.device)),
    })
}

/// Mean errors of dense models, models of experts and adapters.
fn by_kind(results: &[(&Run, f64)]) -> [Option<f64>; 3] {
    let kinds: [fn(&Run) -> bool; 3] =
        [|r| !r.experts && !r.adapters, |r| r.experts, |r| r.adapters];
    kinds.map(|is| {
        let errors: Vec<f64> = results
            .iter()
            .filter(|(run, _)| is(run))
            .map(|(_, ratio)| (ratio - 1.0).abs())
            .collect();
        (!errors.is_empty()).then(|| mean(&errors))
    })
}

/// Laws fitted to `runs`.
#[must_use]
pub fn refit(runs: &[Run]) -> TrainingLaws {
    let mut laws = TrainingLaws::PRIOR;
    for _ in 0..ROUNDS {
        let settled: Vec<Run> = runs.iter().map(|r| r.settled(&laws)).collect();
        laws = descend(&settled, laws);
    }
    laws
}

fn descend(runs: &[Run], start: TrainingLaws) -> TrainingLaws {
    let mut best = start;
    let mut least = loss(runs, &best);
    for step in STEPS {
        for _ in 0..SWEEPS {
            let before = least;
            for (at, most) in MOST.into_iter().enumerate() {
                for factor in [step, 1.0 / step] {
                    let mut tried = best;
                    let law = &mut parts(&mut tried)[at];
                    **law = (**law * factor).min(most);
                    let now = loss(runs, &tried);
                    if now < least {
                        (best, least) = (tried, now);
                    }
                }
            }
            if before - least < 1e-4 * before {
                break;
            }
        }
    }
    best
}

fn loss(runs: &[Run], laws: &TrainingLaws) -> f64 {
    let error = |run: &Run| {
        let e = run.error(laws).map_or(1.0, f64::abs);
        run.weight * if e < HUBER { 0.5 * e * e } else { HUBER * (e - 0.5 * HUBER) }
    };
    let (mut prior, mut laws) = (TrainingLaws::PRIOR, *laws);
    let (before, after) = (parts(&mut prior).map(|p| *p), parts(&mut laws).map(|p| *p));
    let far: f64 = before.iter().zip(after).map(|(a, b)| (b / a).ln().powi(2)).sum();
    runs.iter().map(error).sum::<f64>() + PRIOR_WEIGHT * HUBER * far
}

/// Largest value of each law, in the order of [`parts`]: shares end at 1, links below.
const MOST: [f64; 24] = [
    0.95, 0.6, 0.9, 1500.0, 1.0, 0.6, 0.75, 0.5, 0.7, 20.0, 40.0, 0.85, 0.95, 1.0, 1.0, 0.6, 1.0,
    1.0, 1.0, 25.0, 4e-3, 2e-2, 4.0, 2.0,
];

fn parts(l: &mut TrainingLaws) -> [&mut f64; 24] {
    [
        &mut l.gemm_share,
        &mut l.peak_exponent,
        &mut l.share_cap,
        &mut l.half_width,
        &mut l.cdna_share,
        &mut l.youth_loss,
        &mut l.attention_share,
        &mut l.attention_exponent,
        &mut l.unfused_share,
        &mut l.score_passes,
        &mut l.elementwise_passes,
        &mut l.link_share,
        &mut l.nic_share,
        &mut l.tensor_exposed,
        &mut l.pipeline_exposed,
        &mut l.gradient_exposed,
        &mut l.expert_exposed,
        &mut l.context_exposed,
        &mut l.expert_share,
        &mut l.row_passes,
        &mut l.dense_host_s,
        &mut l.expert_host_s,
        &mut l.expert_halves_years,
        &mut l.expert_pace_exponent,
    ]
}

/// Each run with our rate over the published one under laws fitted to the runs of all other groups.
#[must_use]
pub fn held_out(runs: &[Run], group: impl Fn(&Run) -> &str + Sync) -> Vec<(&Run, f64)> {
    use rayon::prelude::*;
    let mut groups: Vec<&str> = runs.iter().map(&group).collect();
    groups.sort_unstable();
    groups.dedup();
    let parts: Vec<Vec<(&Run, f64)>> = groups
        .par_iter()
        .map(|left_out| {
            let others: Vec<Run> = runs.iter().filter(|r| group(r) != *left_out).cloned().collect();
            let laws = refit(&others);
            let own = runs.iter().filter(|r| group(r) == *left_out);
            own.filter_map(|r| Some((r, r.error(&laws)?.exp()))).collect()
        })
        .collect();
    parts.into_iter().flatten().collect()
}
