//! Tokens per second against published figures: parameter totals, serving curves.
//!
//! The gates are what was observed, rounded up: a change that worsens one shows here. The error
//! bands that the product prints beside its own answers are gated as well, against the spread found.

use super::registry::readable;
use super::statistics::{quantile, worst};
use super::text_table::TextTable;
use super::workload_rows::{model, models};
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Topic, max_load, serving_rows};
use crate::catalog::shipped;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::workload::{Precision, serving_error_p10_p90, solve_serving};

const SERVING: &str = include_str!("../../tests/cases/workload/serving_points.csv");
const DISAGGREGATED: &str = include_str!("../../tests/cases/workload/disaggregated_points.csv");
const MAX_LOAD: &str = include_str!("../../tests/cases/workload/max_load_points.csv");

/// Parameters from the shape against published totals, %.
const TOTAL_PERCENT: f64 = 1.5;
/// Active parameters, published with or without the embedding and rounded hard, %.
const ACTIVE_PERCENT: f64 = 10.0;
/// Cache per token, bytes.
const CACHE_BYTES: f64 = 0.5;

/// Measured points that memory does not hold by the model, at most: 2 % of them (engines can be set
/// to use more memory than their default).
const NO_ROOM: f64 = 24.0;
/// The stated band comes from models left out of the fit and is wider than these points alone.
const STATED_BAND: f64 = 0.10;
const MS: f64 = 1e3;

/// What must be known beside these errors.
pub(super) const IN_SAMPLE: &str = "in-sample: the engines' laws were fitted to these points; with models or devices left out \
     the median of the time per token is 9 to 10 %";

/// What runs one table.
type Answers = fn(&CancelToken) -> Result<Answer, CaseError>;

/// The shipped cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    let ours: [(&str, &str, &str, Answers); 4] = [
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
            "disaggregated",
            "Measured disaggregated serving; one constant per engine from these, the rest not fitted",
            heading(DISAGGREGATED),
            apart,
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

/// Rows recorded as aggregated that were whole disaggregated deployments are reported apart: how
/// their accelerators were divided is not known.
fn serving_curves(cancel: &CancelToken) -> Result<Answer, CaseError> {
    let catalog = shipped().map_err(CaseError::solver)?;
    let rows = serving_rows::read("serving_points.csv", SERVING, &catalog)?;
    let (mut tpot, mut ttft, mut rate) = (Ratios::default(), Ratios::default(), Ratios::default());
    let (mut apart, mut no_room) = (Ratios::default(), 0.0);
    for asked in rows.asked {
        cancel.check()?;
        let asked = asked?;
        let (Some(ttft_s), Some(tpot_s)) = (asked.ttft_s, asked.tpot_s) else { continue };
        let Ok((point, _)) = asked.solve() else {
            no_room += 1.0;
            continue;
        };
        let case = &asked.case;
        let label =
            format!("{} on {}, {} requests", case.model.name, case.device.name, asked.concurrency);
        if asked.pools.is_some() {
            apart.push(label, tpot_s * MS, point.tpot_s * MS);
            continue;
        }
        tpot.push(label.clone(), tpot_s * MS, point.tpot_s * MS);
        ttft.push(label.clone(), ttft_s * MS, point.ttft_s * MS);
        let ours = asked.tok_s(point.ttft_s, point.tpot_s);
        rate.push(label, asked.tok_s(ttft_s, tpot_s), ours);
    }
    let mut quantities = vec![
        tpot.error("Time per token", 0.5).within(10.0),
        tpot.error("Time per token", 0.9).within(33.0),
        tpot.bias("Time per token").within(5.0),
        rate.error("Tokens per second", 0.5).within(9.0),
        rate.error("Tokens per second", 0.9).within(30.0),
        ttft.error("Time to first token", 0.5).within(40.0),
        ttft.error("Time to first token", 0.9),
        apart.error("Time per token, disaggregated as a whole", 0.5),
        Quantity::error_of("Points that ran and do not fit by the model", "", no_room)
            .within(NO_ROOM),
    ];
    quantities.extend(stated_band(
        "Tokens per second",
        &rate.ratios(),
        serving_error_p10_p90(),
        STATED_BAND,
    ));
    let answer = Answer::of(quantities, rate.picture("Tokens per second", "tok/s", 0.3));
    Ok(Answer { notes: vec![IN_SAMPLE.into()], ..answer })
}

/// Rows that state the numbers of workers.
fn apart(cancel: &CancelToken) -> Result<Answer, CaseError> {
    let catalog = shipped().map_err(CaseError::solver)?;
    let rows = serving_rows::read("disaggregated_points.csv", DISAGGREGATED, &catalog)?;
    let (mut tpot, mut ttft) = (Ratios::default(), Ratios::default());
    for asked in rows.asked {
        cancel.check()?;
        let asked = asked?;
        let (Some(ttft_s), Some(tpot_s)) = (asked.ttft_s, asked.tpot_s) else { continue };
        let (point, _) = asked.solve().map_err(CaseError::solver)?;
        let label = format!("{}, {} requests", asked.layout_label(), asked.concurrency);
        tpot.push(label.clone(), tpot_s * MS, point.tpot_s * MS);
        ttft.push(label, ttft_s * MS, point.ttft_s * MS);
    }
    let quantities = vec![
        tpot.error("Time per token", 0.5).within(15.0),
        tpot.error("Time per token", 0.9).within(35.0),
        tpot.bias("Time per token").within(5.0),
        ttft.error("Time to first token", 0.5).within(35.0),
        ttft.error("Time to first token", 0.9),
    ];
    Ok(Answer::of(quantities, tpot.picture("Time per token", "ms", 0.3)))
}

/// Rows of engine tables state layout and lengths; of MLPerf results neither, and the lengths are
/// partly assumed, so that these inform only.
fn largest_load(cancel: &CancelToken) -> Result<Answer, CaseError> {
    let catalog = shipped().map_err(CaseError::solver)?;
    let table = TextTable::read("max_load_points.csv", MAX_LOAD)?;
    let (mut rate, mut offline, mut served) =
        (Ratios::default(), Ratios::default(), Ratios::default());
    for row in table.rows() {
        cancel.check()?;
        let Some((case, _)) = max_load::case(row, &catalog)? else { continue };
        let result = solve_serving(&case).map_err(|error| row.fault(error))?;
        let ours = result.total_tok_s / f64::from(case.gpus);
        let value = row.positive("value")?.ok_or_else(|| row.problem("value", "a number"))?;
        let scenario = row.text("scenario").unwrap_or_default();
        let (list, published) = match scenario {
            "offline-max-load" => (&mut rate, value),
            "offline" => (&mut offline, value / f64::from(case.gpus)),
            _ => (&mut served, value / f64::from(case.gpus)),
        };
        let layout = result.point.label();
        list.push(format!("{} on {} {layout}", case.model.name, case.device.name), published, ours);
    }
    let quantities = vec![
        rate.error("Tokens per second and GPU", 0.5).within(20.0),
        rate.error("Tokens per second and GPU", 0.9),
        rate.bias("Tokens per second and GPU").within(20.0),
        offline.error("MLPerf offline", 0.5),
        offline.bias("MLPerf offline"),
        served.error("MLPerf server and interactive", 0.5),
        served.bias("MLPerf server and interactive"),
    ];
    Ok(Answer::of(quantities, rate.picture("Tokens per second and GPU", "tok/s", 0.2)))
}
