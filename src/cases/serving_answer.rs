//! Answers to rows of serving points.

use super::row_answers::{Answers, Ours, number, put};
use super::serving_rows::{Asked, ServingRows};
use super::text_table::Row;
use crate::evaluate::workload::kernels::Basis;
use crate::evaluate::workload::{ServingPoint, WorkloadError, WorkloadLimit};
use rayon::prelude::*;

/// Ours, in the order of the columns written.
const OURS: [&str; 12] = [
    "tpot_ms",
    "ttft_ms",
    "out_tok_s_per_gpu",
    "kv_fits",
    "limit",
    "basis",
    "tpot_p10_ms",
    "tpot_p90_ms",
    "ttft_p99_ms",
    "batch_fits",
    "layout",
    "note",
];

/// Solves every row; a row that can not be solved says why in `error`.
#[must_use]
pub fn solve(rows: &ServingRows) -> Answers {
    let lines: Vec<Row<'_>> = rows.table.rows().collect();
    let ours = lines.par_iter().zip(&rows.asked).map(|(row, asked)| match asked {
        Ok(asked) => answer(asked).map_err(|error| row.fault(error)),
        Err(error) => Err(error.clone()),
    });
    Answers::beside(&rows.table, &OURS, ours.collect())
}

/// A row's answer. What does not fit in memory is an answer too: nothing is served.
fn answer(asked: &Asked) -> Result<Ours, WorkloadError> {
    let mut ours = Ours::new();
    let mut notes = asked.notes.clone();
    put(&mut ours, "layout", asked.layout_label());
    match asked.solve() {
        Ok((point, limit)) => {
            describe(&mut ours, asked, &point);
            put(&mut ours, "limit", limit.label());
        }
        Err(error @ WorkloadError::DoesNotFit { .. }) => {
            put(&mut ours, "kv_fits", false);
            put(&mut ours, "limit", WorkloadLimit::MemoryCapacity.label());
            notes.push(error.to_string());
        }
        Err(error) => return Err(error),
    }
    put(&mut ours, "note", notes.join("; "));
    Ok(ours)
}

fn describe(ours: &mut Ours, asked: &Asked, point: &ServingPoint) {
    const MS: f64 = 1e3;
    let tok_s = asked.tok_s(point.ttft_s, point.tpot_s);
    let per_gpu = asked.gpus.map_or(point.gpu_tok_s, |gpus| tok_s / gpus);
    let (p10_s, p90_s) = point.tpot_p10_p90_s;
    for (key, value) in [
        ("tpot_ms", point.tpot_s * MS),
        ("ttft_ms", point.ttft_s * MS),
        ("tpot_p10_ms", p10_s * MS),
        ("tpot_p90_ms", p90_s * MS),
        ("ttft_p99_ms", point.ttft_p99_s * MS),
        ("out_tok_s_per_gpu", per_gpu),
        ("batch_fits", point.batch_fits),
    ] {
        number(ours, key, value);
    }
    put(ours, "kv_fits", point.kv_fits);
    put(ours, "basis", basis_words(point.basis));
}

/// How well an answer is founded, in words.
pub(super) const fn basis_words(basis: Basis) -> &'static str {
    match basis {
        Basis::Measured => "measured kernels",
        Basis::SameClass => "same class",
        Basis::Extrapolated => "extrapolated",
    }
}
