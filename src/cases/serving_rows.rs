//! Rows of measured serving as cases: published curves and a user's own measurements.
//!
//! Columns are those of NVIDIA aiconfigurator's validation data, found by name in any order:
//! `model`, `system`, `isl`, `osl`, `concurrency` and the layout (`tp_size`, `pp_size`,
//! `attention_dp_size`, `moe_tp_size`, `moe_ep_size`; with `prefill_` and `decode_` for
//! disaggregated rows); further `origin`, `measured_date`, `image`, `backend`, `backend_version`,
//! `precision`, `mode`, `batch_size`, `gemm_quant_mode`, `moe_quant_mode`, `gpus_agg`, and those of
//! `serving_terms` for caches and drafts. Only the first four are needed. Other columns are carried along and not read.
//!
//! A row that can not be a case is an error of its own; the others stand.

use super::CaseError;
use super::hardware::{device_named, model_entry_named};
use super::serving_layout::{self, Deployment};
use super::serving_software::{formats, software};
use super::serving_terms;
use super::text_table::{Row, TextTable};
use crate::catalog::Catalog;
use crate::evaluate::workload::{
    Disaggregated, Pool, ServingCase, ServingMode, ServingPoint, Sla, WorkloadError, WorkloadLimit,
    from_catalog, solve_disaggregated, solve_serving,
};

/// Mean over nominal length of InferenceX prompts and answers, drawn evenly from 0.8 to 1.0.
const INFERENCEX_MEAN: f64 = 0.9;

/// Other names under which tables have these columns.
const ALIASES: [(&str, &str); 13] = [
    ("tp", "tp_size"),
    ("pp", "pp_size"),
    ("attention_dp", "attention_dp_size"),
    ("dp", "attention_dp_size"),
    ("moe_tp", "moe_tp_size"),
    ("moe_ep", "moe_ep_size"),
    ("ep", "moe_ep_size"),
    ("device", "system"),
    ("input_tokens", "isl"),
    ("output_tokens", "osl"),
    ("prefix_cache_pct", "cached_prompt_pct"),
    ("prefix_tokens", "prefix"),
    ("nextn", "drafted"),
];

/// What a row asks, and what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The question about one replica; of a disaggregated deployment, about its decode workers
    /// with all its accelerators and requests.
    pub case: ServingCase,
    /// The workers of a disaggregated deployment.
    pub pools: Option<Disaggregated>,
    /// Requests in flight over the whole deployment.
    pub concurrency: f64,
    /// Accelerators that the row counts, which its tokens/s are divided by; `None` where it does
    /// not say.
    pub gpus: Option<f64>,
    /// Measured time to first token, s.
    pub ttft_s: Option<f64>,
    /// Measured time per output token, s.
    pub tpot_s: Option<f64>,
    /// What was inferred beyond the row's own words.
    pub notes: Vec<String>,
}

impl Asked {
    /// The model's answer, and what keeps it from being better.
    ///
    /// # Errors
    /// What the model says of a deployment that can not be, or does not fit.
    pub fn solve(&self) -> Result<(ServingPoint, WorkloadLimit), WorkloadError> {
        match &self.pools {
            Some(pools) => {
                solve_disaggregated(&self.case, pools).map(|point| (point, point.split.largest()))
            }
            None => solve_serving(&self.case).map(|result| (result.point, result.limit)),
        }
    }

    /// The layout in words.
    #[must_use]
    pub fn layout_label(&self) -> String {
        let label = |pool: Pool| match pool.workers {
            Some(n) => format!("{n} × {}", pool.layout.label()),
            None => pool.layout.label(),
        };
        match (self.pools, self.case.layout) {
            (Some(p), _) => format!("prefill {}, decode {}", label(p.prefill), label(p.decode)),
            (None, Some(layout)) => layout.label(),
            (None, None) => String::new(),
        }
    }

    /// Output tokens/s of all requests in flight, from the two times, as measured curves derive
    /// them: the first token comes after TTFT, the rest one TPOT apart.
    #[must_use]
    pub fn tok_s(&self, ttft_s: f64, tpot_s: f64) -> f64 {
        let output = self.case.output_tokens;
        self.concurrency * output / (ttft_s + tpot_s * (output - 1.0))
    }
}

/// Rows of a file, each a case or the reason why not.
#[derive(Clone, Debug, PartialEq)]
pub struct ServingRows {
    /// The table as given.
    pub table: TextTable,
    /// For each of its rows.
    pub asked: Vec<Result<Asked, CaseError>>,
}

/// Reads rows of measured or wanted serving points.
///
/// # Errors
/// A table that can not be read at all. A single bad row is an error in its place.
pub fn read(file: &str, text: &str, catalog: &Catalog) -> Result<ServingRows, CaseError> {
    let table = TextTable::read(file, text)?.known_as(&ALIASES);
    table.require(&["model", "system", "isl", "osl"])?;
    let asked = table.rows().map(|row| asked(row, catalog)).collect();
    Ok(ServingRows { table, asked })
}

/// The case of a row.
fn asked(row: Row<'_>, catalog: &Catalog) -> Result<Asked, CaseError> {
    row.whole()?;
    let in_row = |error: CaseError| row.fault(error);
    let model_name = row.needed("model", "the name of a model")?;
    let system = row.needed("system", "the name of an accelerator")?;
    let entry = model_entry_named(catalog, model_name).map_err(in_row)?;
    let model = from_catalog::model(entry);
    let device = device_named(catalog, system).map_err(in_row)?;
    let inferencex = row.text("origin").is_some_and(|o| o.eq_ignore_ascii_case("InferenceX"));
    let scale = if inferencex { INFERENCEX_MEAN } else { 1.0 };
    let input = row.positive("isl")?.ok_or_else(|| row.problem("isl", "a number above 0"))?;
    let output = row.positive("osl")?.ok_or_else(|| row.problem("osl", "a number above 0"))?;
    let mut notes = Vec::new();
    let precision = formats(row, &entry.id)?;
    let software = software(row, &entry.id, &mut notes)?;
    let cached_prompt_fraction = serving_terms::cached_prompt_fraction(row, input)?;
    let Deployment { layout, pools, gpus, concurrency, replicas, counted } =
        serving_layout::deployment(row, &device, &model, inferencex, &mut notes)?;
    Ok(Asked {
        case: ServingCase {
            device,
            model,
            precision,
            gpus,
            input_tokens: (input * scale).max(1.0),
            output_tokens: (output * scale).max(1.0),
            cached_prompt_fraction,
            sla: Sla::default(),
            layout: Some(layout),
            batch: Some((concurrency / f64::from(replicas)).max(1.0)),
            fabric_factor: 1.0,
            software,
            equal_lengths: !inferencex,
            mode: ServingMode::Aggregated,
        },
        pools,
        concurrency,
        gpus: counted,
        ttft_s: measured(row, "ttft_ms")?,
        tpot_s: measured(row, "tpot_ms")?,
        notes,
    })
}

/// A measured time, s; published rows call it `silicon_…`.
fn measured(row: Row<'_>, name: &str) -> Result<Option<f64>, CaseError> {
    const S_PER_MS: f64 = 1e-3;
    for column in [format!("silicon_{name}"), format!("measured_{name}"), name.to_owned()] {
        if let Some(ms) = row.positive(&column)? {
            return Ok(Some(ms * S_PER_MS));
        }
    }
    Ok(None)
}
