//! Tokens per second against published figures: parameter totals, serving curves.
//!
//! The gates are what was observed, rounded up: a change that worsens one shows here. The error
//! bands that the product prints beside its own answers are gated as well, against the spread found.

use super::csv::Rows;
use super::registry::readable;
use super::statistics::{quantile, worst};
use super::workload_rows::{max_load, model, models, serving};
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Topic};
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::workload::{Precision, serving_error_p10_p90, solve_serving};

const SERVING: &str = include_str!("../../tests/cases/workload/serving_points.csv");
const MAX_LOAD: &str = include_str!("../../tests/cases/workload/max_load_points.csv");

/// Parameters from the shape against published totals, %.
const TOTAL_PERCENT: f64 = 1.5;
/// Active parameters, published with or without the embedding and rounded hard, %.
const ACTIVE_PERCENT: f64 = 10.0;
/// Cache per token, bytes.
const CACHE_BYTES: f64 = 0.5;

/// What must be known beside these errors.
pub(super) const IN_SAMPLE: &str =
    "in-sample: about ten global constants of the model were chosen on these points";

/// What runs one table.
type Answers = fn(&CancelToken) -> Result<Answer, CaseError>;

/// The shipped cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    let ours: [(&str, &str, &str, Answers); 3] = [
        (
            "parameters",
            "Parameters, active parameters and cache from the shape of a model",
            shapes_source(),
            parameters,
        ),
        (
            "serving_curves",
            "Measured online serving: time per token and tokens per second",
            heading(SERVING),
            serving_curves,
        ),
        (
            "largest_load",
            "Published largest throughput; no constant was fitted to these",
            heading(MAX_LOAD),
            largest_load,
        ),
    ];
    ours.into_iter()
        .map(|(id, title, source, answer)| {
            readable(id, Topic::Workload, Ok(Case::new(id, Topic::Workload, title, source, answer)))
        })
        .collect()
}

/// A table's own first line of comment: who measured.
pub(super) fn heading(text: &'static str) -> &'static str {
    text.lines().next().unwrap_or_default().trim_start_matches('#').trim()
}

const fn shapes_source() -> &'static str {
    "Public configuration files of the models; totals as their publishers state them"
}

/// Ratios of ours to the reference, with the points they came from.
#[derive(Default)]
pub(super) struct Ratios {
    pub(super) points: Vec<Point>,
}

impl Ratios {
    pub(super) fn push(&mut self, label: String, reference: f64, ours: f64) {
        self.points.push(Point::new(label, reference, ours));
    }

    pub(super) fn ratios(&self) -> Vec<f64> {
        self.points.iter().map(|p| p.ours / p.reference).collect()
    }

    pub(super) fn errors_percent(&self) -> Vec<f64> {
        self.ratios().iter().map(|r| 100.0 * (r - 1.0).abs()).collect()
    }

    pub(super) fn error(&self, name: &str, p: f64) -> Quantity {
        let part =
            if p == 0.5 { "median |Δ|".to_owned() } else { format!("P{:.0} of |Δ|", 100.0 * p) };
        let name = format!("{name}, {} points, {part}", self.points.len());
        Quantity::error_of(name, "%", quantile(&self.errors_percent(), p))
    }

    pub(super) fn bias(&self, name: &str) -> Quantity {
        let ratio = quantile(&self.ratios(), 0.5);
        Quantity::relative(format!("{name}, median ours over measured"), "", 1.0, ratio)
    }

    pub(super) fn picture(self, quantity: &str, unit: &'static str, band: f64) -> Picture {
        let quantity = quantity.into();
        Picture::Scatter { quantity, unit, points: self.points, band: Some(band), log: true }
    }
}

/// The band that the product prints, against the spread of measured over ours.
pub(super) fn stated_band(
    name: &str,
    ratios: &[f64],
    stated: (f64, f64),
    tolerance: f64,
) -> [Quantity; 2] {
    let found = (1.0 / quantile(ratios, 0.9), 1.0 / quantile(ratios, 0.1));
    [("low", stated.0, found.0), ("high", stated.1, found.1)].map(|(end, stated, found)| {
        let name = format!("{name}: stated error band, {end} end");
        Quantity::difference(name, "", found, stated).within(tolerance)
    })
}

fn parameters(cancel: &CancelToken) -> Result<Answer, CaseError> {
    cancel.check()?;
    let rows = models()?;
    let (mut totals, mut active, mut cache) = (Ratios::default(), Vec::new(), Vec::new());
    for row in 0..rows.len() {
        let arch = model(&rows, row)?;
        arch.check().map_err(CaseError::solver)?;
        let published = rows.number(row, "params_total_b")?;
        totals.push(arch.name.clone(), published, arch.params().total() * 1e-9);
        let ratio = arch.params().active() / (rows.number(row, "params_active_b")? * 1e9);
        active.push(100.0 * (ratio - 1.0));
        let kv = rows.number(row, "kv_bytes_per_token_fp16")?;
        if kv > 0.0 {
            cache.push(arch.kv_bytes_per_token(Precision::Bf16) - kv);
        }
    }
    let n = rows.len();
    let quantities = vec![
        Quantity::error_of(
            format!("Parameters, {n} models, worst |Δ|"),
            "%",
            worst(&totals.errors_percent()),
        )
        .within(TOTAL_PERCENT),
        Quantity::error_of(
            format!("Active parameters, {n} models, worst |Δ|"),
            "%",
            worst(&active),
        )
        .within(ACTIVE_PERCENT),
        Quantity::error_of(
            format!("Cache per token, {} models, worst |Δ|", cache.len()),
            "B",
            worst(&cache),
        )
        .within(CACHE_BYTES),
    ];
    Ok(Answer::of(quantities, totals.picture("Parameters", "G", 0.01 * TOTAL_PERCENT)))
}

fn serving_curves(cancel: &CancelToken) -> Result<Answer, CaseError> {
    let (shapes, rows) = (models()?, Rows::of("serving_points.csv", SERVING)?);
    let (mut tpot, mut ttft, mut rate) = (Ratios::default(), Ratios::default(), Ratios::default());
    for row in 0..rows.len() {
        cancel.check()?;
        let case = serving(&shapes, &rows, row)?;
        let point = solve_serving(&case).map_err(CaseError::solver)?.point;
        let (ttft_ms, tpot_ms) = (rows.number(row, "ttft_ms")?, rows.number(row, "tpot_ms")?);
        let cycle_s = (ttft_ms + tpot_ms * case.output_tokens) * 1e-3;
        let measured = rows.number(row, "concurrency")? * case.output_tokens / cycle_s;
        let label = format!(
            "{} on {}, {} requests",
            rows.text(row, "model")?,
            rows.text(row, "system")?,
            rows.text(row, "concurrency")?
        );
        tpot.push(label.clone(), tpot_ms, point.tpot_s * 1e3);
        ttft.push(label.clone(), ttft_ms, point.ttft_s * 1e3);
        rate.push(label, measured, point.replica_tok_s);
    }
    let mut quantities = vec![
        tpot.error("Time per token", 0.5).within(10.0),
        tpot.error("Time per token", 0.9).within(33.0),
        tpot.bias("Time per token").within(3.0),
        rate.error("Tokens per second", 0.5).within(9.0),
        rate.error("Tokens per second", 0.9).within(30.0),
        ttft.error("Time to first token", 0.5).within(40.0),
        ttft.error("Time to first token", 0.9),
    ];
    quantities.extend(stated_band(
        "Tokens per second",
        &rate.ratios(),
        serving_error_p10_p90(),
        0.02,
    ));
    let answer = Answer::of(quantities, rate.picture("Tokens per second", "tok/s", 0.3));
    Ok(Answer { notes: vec![IN_SAMPLE.into()], ..answer })
}

fn largest_load(cancel: &CancelToken) -> Result<Answer, CaseError> {
    let (shapes, rows) = (models()?, Rows::of("max_load_points.csv", MAX_LOAD)?);
    let mut rate = Ratios::default();
    for row in 0..rows.len() {
        cancel.check()?;
        let case = max_load(&shapes, &rows, row)?;
        let ours = solve_serving(&case).map_err(CaseError::solver)?.point.gpu_tok_s;
        let label = format!(
            "{} on {} {}",
            rows.text(row, "model")?,
            rows.text(row, "device")?,
            rows.text(row, "layout")?
        );
        rate.push(label, rows.number(row, "tok_s_gpu")?, ours);
    }
    let quantities = vec![
        rate.error("Tokens per second and GPU", 0.5).within(20.0),
        rate.error("Tokens per second and GPU", 0.9),
        rate.bias("Tokens per second and GPU").within(20.0),
    ];
    Ok(Answer::of(quantities, rate.picture("Tokens per second and GPU", "tok/s", 0.2)))
}
