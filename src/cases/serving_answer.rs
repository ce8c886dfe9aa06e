//! Answers to rows of serving points.

use super::CaseError;
use super::row_answers::{Answers, Ours, number, put};
use super::serving_rows::{Asked, ServingRows};
use crate::evaluate::workload::kernels::Basis;
use crate::evaluate::workload::{
    Pool, ServingPoint, WorkloadError, WorkloadLimit, solve_disaggregated, solve_serving,
};
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
    let ours =
        rows.asked.par_iter().map(|asked| answer(asked.as_ref().map_err(Clone::clone)?)).collect();
    Answers::beside(&rows.table, &OURS, ours)
}

/// A row's answer. What does not fit in memory is an answer too: nothing is served.
fn answer(asked: &Asked) -> Result<Ours, CaseError> {
    let case = &asked.case;
    let mut ours = Ours::new();
    let mut notes = asked.notes.clone();
    put(&mut ours, "layout", layout_label(asked));
    let solved = match &asked.pools {
        Some(pools) => solve_disaggregated(case, pools).map(|point| (point, point.split.largest())),
        None => solve_serving(case).map(|result| (result.point, result.limit)),
    };
    match solved {
        Ok((point, limit)) => {
            describe(&mut ours, asked, &point);
            put(&mut ours, "limit", limit.label());
        }
        Err(error @ WorkloadError::DoesNotFit { .. }) => {
            put(&mut ours, "kv_fits", false);
            put(&mut ours, "limit", WorkloadLimit::MemoryCapacity.label());
            notes.push(error.to_string());
        }
        Err(error) => return Err(CaseError::solver(error)),
    }
    put(&mut ours, "note", notes.join("; "));
    Ok(ours)
}

/// Tokens/s as measured curves derive them: the first token comes after TTFT, the rest one TPOT
/// apart.
fn describe(ours: &mut Ours, asked: &Asked, point: &ServingPoint) {
    const MS: f64 = 1e3;
    let output = asked.case.output_tokens;
    let cycle_s = point.ttft_s + point.tpot_s * (output - 1.0);
    let tok_s = asked.concurrency * output / cycle_s;
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

fn layout_label(asked: &Asked) -> String {
    let label = |pool: Pool| match pool.workers {
        Some(n) => format!("{n} × {}", pool.layout.label()),
        None => pool.layout.label(),
    };
    match (asked.pools, asked.case.layout) {
        (Some(p), _) => format!("prefill {}, decode {}", label(p.prefill), label(p.decode)),
        (None, Some(layout)) => layout.label(),
        (None, None) => String::new(),
    }
}
