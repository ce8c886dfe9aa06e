//! Measured serving points as the fit of the engines' laws takes them, and how well it does.

use super::statistics::quantile;
use super::{CaseError, serving_rows};
use crate::catalog::Catalog;
use crate::evaluate::workload::laws::ServingLaws;
use crate::evaluate::workload::serving_fit::{self, FitPoint, LeaveOut};
use std::collections::BTreeMap;

/// A first token later than this says that requests queued for memory or were let in one after the
/// other by the client, s: such a point says little about the engine.
const QUEUED_S: f64 = 15.0;
/// Fewest points of a model on a device that are worth a fit.
const FEWEST: usize = 10;

/// Rows that were not taken, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Without measured times, or not readable.
    pub unusable: usize,
    /// Prefill and decode on workers of their own.
    pub disaggregated: usize,
    /// First token too late.
    pub queued: usize,
}

/// Adds the points of a table to `points`.
///
/// # Errors
/// A table that is none, or lacks a column.
pub fn take(
    file: &str,
    text: &str,
    catalog: &Catalog,
    points: &mut Vec<FitPoint>,
    left: &mut Left,
) -> Result<(), CaseError> {
    for asked in serving_rows::read(file, text, catalog)?.asked {
        let Ok(asked) = asked else {
            left.unusable += 1;
            continue;
        };
        let (Some(tpot_s), Some(ttft_s)) = (asked.tpot_s, asked.ttft_s) else {
            left.unusable += 1;
            continue;
        };
        if asked.pools.is_some() {
            left.disaggregated += 1;
        } else if ttft_s > QUEUED_S {
            left.queued += 1;
        } else if let (Some(layout), Some(batch)) = (asked.case.layout, asked.case.batch) {
            points.push(FitPoint { case: asked.case, layout, batch, tpot_s, ttft_s });
        }
    }
    Ok(())
}

/// Errors of a set of predictions, as fractions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// Median of the time per token.
    pub median: f64,
    /// Mean of the same.
    pub mean: f64,
    /// 9 of 10 are below.
    pub p90: f64,
    /// Median with its sign.
    pub bias: f64,
    /// Median of the time to first token.
    pub ttft_median: f64,
    /// Largest median of a model on a device with an engine.
    pub worst_cell: f64,
}

/// Fitted laws and how well they do.
#[derive(Clone, Debug)]
pub struct Report {
    /// The laws.
    pub laws: ServingLaws,
    /// Points.
    pub points: usize,
    /// On the points of the fit.
    pub in_sample: Errors,
    /// On models left out, one after the other.
    pub models_out: Errors,
    /// On devices left out, one after the other.
    pub devices_out: Errors,
}

/// Fits laws to `points`, cells of fewer than ten left out.
///
/// # Errors
/// Too few points to fit anything.
pub fn fit(points: &[FitPoint], provenance: &str) -> Result<Report, CaseError> {
    let mut cells: BTreeMap<String, usize> = BTreeMap::new();
    for point in points {
        *cells.entry(point.cell()).or_default() += 1;
    }
    let enough = |p: &&FitPoint| cells.get(&p.cell()).is_some_and(|n| *n >= FEWEST);
    let points: Vec<FitPoint> = points.iter().filter(enough).cloned().collect();
    if points.is_empty() {
        let problem = format!("no model on a device has {FEWEST} measured points or more");
        return Err(CaseError::file("serving points", problem));
    }
    let start = ServingLaws::ideal();
    let laws = serving_fit::fit_with_bands(&points, &start, provenance);
    let own: Vec<(f64, f64)> = points
        .iter()
        .map(|p| {
            let (tpot, ttft) = p.predicted(&laws);
            (tpot / p.tpot_s, ttft / p.ttft_s)
        })
        .collect();
    Ok(Report {
        points: points.len(),
        in_sample: errors(&points, &own),
        models_out: errors(&points, &serving_fit::left_out(&points, &start, LeaveOut::Model)),
        devices_out: errors(&points, &serving_fit::left_out(&points, &start, LeaveOut::Device)),
        laws,
    })
}

/// Errors of ratios of predicted over measured (time per token, time to first token).
#[must_use]
pub fn errors(points: &[FitPoint], ratios: &[(f64, f64)]) -> Errors {
    let signed: Vec<f64> = ratios.iter().map(|r| r.0 - 1.0).collect();
    let plain: Vec<f64> = signed.iter().map(|e| e.abs()).collect();
    let ttft: Vec<f64> = ratios.iter().map(|r| (r.1 - 1.0).abs()).collect();
    let mut cells: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (point, error) in points.iter().zip(&plain) {
        cells.entry(point.cell()).or_default().push(*error);
    }
    Errors {
        median: quantile(&plain, 0.5),
        mean: plain.iter().sum::<f64>() / plain.len() as f64,
        p90: quantile(&plain, 0.9),
        bias: quantile(&signed, 0.5),
        ttft_median: quantile(&ttft, 0.5),
        worst_cell: cells.values().map(|e| quantile(e, 0.5)).fold(0.0, f64::max),
    }
}
