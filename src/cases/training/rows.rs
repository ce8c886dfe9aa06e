//! A row of a training table as a question: columns of `measured_points.csv` or `calculon_runs.csv`.
//!
//! What a row does not state is taken from where its kind publishes it: GPT runs from their
//! papers, MLPerf's precision from the round, the layout from the search. Columns that hold
//! results (`value` and Calculon's times and memory) are never read.

use super::super::CaseError;
use super::super::quoted::Table;
use super::names::{device, model, plain};
use super::published::published_run;
use crate::catalog::Catalog;
use crate::evaluate::workload::{
    ArchClass, Device, ModelArch, Precision, Recompute, Sharding, TrainingCase, TrainingLaws,
    TrainingLayout, TrainingMethod, TrainingOptions, TrainingSoftware,
};

/// Sequence where a row states none, tokens.
const USUAL_SEQUENCE: f64 = 4096.0;
/// Sequence of the GPT papers and of Calculon's models, tokens.
const GPT_SEQUENCE: f64 = 2048.0;
/// Tokens of a batch where a row states none (Llama 3 and DeepSeek-V3 settle at 16 M).
const USUAL_BATCH_TOKENS: f64 = 16.0 * 1_048_576.0;
/// Bytes read per token of training data: 4-byte token identifiers.
const READ_BYTES_PER_TOKEN: f64 = 4.0;
/// Rank of MLPerf's adapters on Llama 2 70B.
const MLPERF_RANK: u32 = 16;
/// Fine-tuning rows do not say whether all weights learn. They do where weights, gradients and
/// optimiser divided over all accelerators take at most this share of memory, else adapters.
const FULL_TUNING_SHARE: f64 = 0.45;
/// Bytes per parameter of weights, gradients and optimiser.
const STATE_BYTES: f64 = 16.0;
/// Share of a plain stack's exposed tensor exchange that MegaScale's overlap leaves (assumption).
const MEGASCALE_EXPOSED: f64 = 0.5;
/// First round of MLPerf Training in which NVLink-domain and Ultra Blackwell trained in NVFP4.
const NVFP4_ROUND_YEAR: f64 = 2025.75;
/// Year in which fused attention had become usual.
const FUSED_SINCE: f64 = 2023.0;

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The question; its layout is set where the row or its paper states one in full.
    pub case: TrainingCase,
    /// Layouts to choose from where the row states the widths only.
    pub choices: Vec<TrainingLayout>,
    /// What the table calls its number.
    pub metric: String,
    /// Whether memory is to be stated without runtime buffers, as Calculon does.
    pub calculon: bool,
}

/// Reads a row.
pub(super) fn row(catalog: &Catalog, table: &Table, at: usize) -> Result<Row, CaseError> {
    if table.has("recompute") { calculon(catalog, table, at) } else { measured(catalog, table, at) }
}

fn need<T>(table: &Table, at: usize, name: &str, value: Option<T>) -> Result<T, CaseError> {
    value.ok_or_else(|| table.problem(at, format!("{name} is missing")))
}

fn named(
    catalog: &Catalog,
    table: &Table,
    at: usize,
    column: &str,
) -> Result<(Device, ArchClass, ModelArch), CaseError> {
    let (device, class) =
        device(catalog, table.text(at, column)).map_err(|words| table.problem(at, words))?;
    let model =
        model(catalog, table.text(at, "model")).map_err(|words| table.problem(at, words))?;
    Ok((device, class, model))
}

fn calculon(catalog: &Catalog, table: &Table, at: usize) -> Result<Row, CaseError> {
    let (device, class, model) = named(catalog, table, at, "system")?;
    let count = |name: &str| need(table, at, name, table.count(at, name)?);
    let recompute = match table.text(at, "recompute") {
        "full" => Recompute::Full,
        "attn_only" => Recompute::Selective,
        "none" => Recompute::None,
        other => {
            let words = format!("recompute is \"{other}\", but must be full, attn_only or none");
            return Err(table.problem(at, words));
        }
    };
    let layout = TrainingLayout {
        tensor: count("tp")?,
        pipeline: count("pp")?,
        data: count("dp")?,
        micro_batch: count("mbs")?,
        interleave: table.count(at, "interleave")?.unwrap_or(1),
        ..TrainingLayout::SINGLE
    };
    let software = TrainingSoftware::megatron_2022(table.text(at, "tp_comm") != "ar");
    let case = TrainingCase {
        device,
        model,
        precision: Precision::Bf16,
        gpus: table.count(at, "gpus")?.unwrap_or_else(|| layout.gpus()),
        sequence_tokens: GPT_SEQUENCE,
        global_batch: count("gbs")?,
        recompute: Some(recompute),
        layout: Some(layout),
        fabric_factor: 1.0,
        storage_read_byte_s: None,
        read_bytes_per_token: READ_BYTES_PER_TOKEN,
        options: TrainingOptions { method: TrainingMethod::Full, software, class },
    };
    Ok(Row { case, choices: Vec::new(), metric: String::new(), calculon: true })
}

fn measured(catalog: &Catalog, table: &Table, at: usize) -> Result<Row, CaseError> {
    let column = if table.text(at, "gpu").is_empty() { "system" } else { "gpu" };
    let (device, class, model) = named(catalog, table, at, column)?;
    let gpus = need(table, at, "count", table.count(at, "count")?)?;
    let metric = table.text(at, "metric").to_owned();
    let year = year(table.text(at, "date")).unwrap_or(TrainingSoftware::NEWEST);
    let name = plain(table.text(at, "model"));
    let stated = Widths::read(table.text(at, "parallelism"));
    let run = if stated.is_none() { published_run(&name, gpus) } else { None };
    let plain_gpt = name.starts_with("gpt") && !model.gated;
    let usual = if plain_gpt { GPT_SEQUENCE } else { USUAL_SEQUENCE };
    let sequence_tokens = table.number(at, "input_len")?.unwrap_or(usual);
    let tokens = batch_tokens(table.text(at, "note")).unwrap_or(USUAL_BATCH_TOKENS);
    let by_tokens = (tokens / sequence_tokens).round().max(1.0) as u32;
    let global_batch = table.count(at, "global_batch")?.or(run.map(|r| r.1)).unwrap_or(by_tokens);
    let method = method(table, at, &device, &model, gpus);
    let old = year < FUSED_SINCE;
    let sharded = stated.is_some_and(|w| w.fsdp);
    let recompute = if sharded {
        // Recipes with fully sharded weights move activations to the host's memory where they do
        // not fit, instead of recomputing layers.
        Some(Recompute::Selective)
    } else if metric.contains("full_recompute") || (old && metric.contains("tflops")) {
        Some(Recompute::Full)
    } else if metric.contains("selective") {
        Some(Recompute::Selective)
    } else {
        None
    };
    let case = TrainingCase {
        precision: precision(table.text(at, "precision"), class, &device, year)
            .map_err(|words| table.problem(at, words))?,
        model,
        gpus,
        sequence_tokens,
        global_batch,
        recompute,
        layout: run.map(|r| r.0),
        fabric_factor: 1.0,
        storage_read_byte_s: None,
        read_bytes_per_token: READ_BYTES_PER_TOKEN,
        options: TrainingOptions { method, software: software(&metric, year), class },
        device,
    };
    let choices = match stated {
        Some(widths) => widths.layouts(&case).map_err(|words| table.problem(at, words))?,
        None => Vec::new(),
    };
    Ok(Row { case, choices, metric, calculon: false })
}

fn software(metric: &str, year: f64) -> TrainingSoftware {
    if year < FUSED_SINCE {
        let sequence_parallel = metric.contains("seq_parallel");
        return TrainingSoftware { year, ..TrainingSoftware::megatron_2022(sequence_parallel) };
    }
    let exposed = MEGASCALE_EXPOSED * TrainingLaws::shipped().tensor_exposed;
    let tensor_exposed = metric.contains("megascale").then_some(exposed);
    TrainingSoftware { year, tensor_exposed, ..TrainingSoftware::CURRENT }
}

fn method(
    table: &Table,
    at: usize,
    device: &Device,
    model: &ModelArch,
    gpus: u32,
) -> TrainingMethod {
    let adapters = TrainingMethod::Lora { rank: MLPERF_RANK };
    let words =
        [table.text(at, "model"), table.text(at, "scenario"), table.text(at, "parallelism")];
    let words = words.join(" ").to_lowercase();
    if words.contains("lora") {
        return adapters;
    }
    let states = STATE_BYTES * model.params().total() / f64::from(gpus);
    let tuning = words.contains("finetune") && !words.contains("sft");
    if tuning && states > FULL_TUNING_SHARE * device.memory_bytes {
        adapters
    } else {
        TrainingMethod::Full
    }
}

/// The precision that a row names; MLPerf's rows name none and follow their round.
fn precision(
    word: &str,
    class: ArchClass,
    device: &Device,
    year: f64,
) -> Result<Precision, String> {
    Ok(match plain(word).as_str() {
        "bf16" | "fp16" | "bfloat16" => Precision::Bf16,
        "fp8" | "mxfp8" | "fp8block" | "fp8cs" | "fp8sc" | "fp8mx" => Precision::Fp8,
        "nvfp4" | "fp4" | "mxfp4" => Precision::Fp4,
        "" if device.fp8_flop_s.is_none() => Precision::Bf16,
        "" => {
            // Ultra parts have FP4 units out of proportion to FP8; racks train as one domain.
            let ultra = device.fp4_flop_s.zip(device.fp8_flop_s).is_some_and(|(a, b)| a > 2.5 * b);
            let rack = device.scale_up_domain > 8;
            let blackwell = class == ArchClass::Blackwell && (ultra || rack);
            // AMD's first round with FP4 units, in MXFP4 (assumption).
            let fp4 = blackwell || class == ArchClass::Cdna4;
            if fp4 && year > NVFP4_ROUND_YEAR { Precision::Fp4 } else { Precision::Fp8 }
        }
        _ => {
            return Err(format!(
                "precision is \"{word}\", but must be one of bf16, fp16, fp8, mxfp8, nvfp4"
            ));
        }
    })
}

/// `2025-06` as 2025.46.
fn year(date: &str) -> Option<f64> {
    let (year, rest) = date.split_once('-').unwrap_or((date, "6"));
    let month: f64 = rest.split('-').next()?.parse().ok()?;
    Some(year.parse::<f64>().ok()? + (month - 0.5) / 12.0)
}

/// Tokens of a batch where a note says `16M tokens per batch`.
fn batch_tokens(note: &str) -> Option<f64> {
    let before = note.split("M tokens per batch").next().filter(|b| b.len() < note.len())?;
    let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse::<f64>().ok().filter(|m| *m > 0.0).map(|m| m * 1_048_576.0)
}

/// Widths as recipes write them: `TP4 PP8 CP1 VP5 EP8 FSDP0 MBS1`.
#[derive(Clone, Copy, Debug, Default)]
struct Widths {
    tp: Option<u32>,
    pp: Option<u32>,
    cp: Option<u32>,
    vp: Option<u32>,
    ep: Option<u32>,
    mbs: Option<u32>,
    fsdp: bool,
}

impl Widths {
    fn read(text: &str) -> Option<Self> {
        let mut found = Self::default();
        let mut any = false;
        for word in text.split_whitespace() {
            let at = word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len());
            let (name, digits) = word.split_at(at);
            let Ok(n) = digits.parse::<u32>() else { continue };
            let field = match name {
                "TP" => &mut found.tp,
                "PP" => &mut found.pp,
                "CP" => &mut found.cp,
                "VP" => &mut found.vp,
                "EP" => &mut found.ep,
                "MBS" => &mut found.mbs,
                "FSDP" => {
                    found.fsdp = n > 1;
                    continue;
                }
                _ => continue,
            };
            any = true;
            *field = Some(n.max(1));
        }
        any.then_some(found)
    }

    /// The layouts that the widths leave open: none when a micro-batch is stated too.
    fn layouts(&self, case: &TrainingCase) -> Result<Vec<TrainingLayout>, String> {
        const CHUNKS: [u32; 4] = [1, 2, 4, 8];
        const MICRO_BATCHES: [u32; 3] = [1, 2, 4];
        let [tensor, pipeline, context, expert] =
            [self.tp, self.pp, self.cp, self.ep].map(|w| w.unwrap_or(1));
        let expert = if case.model.moe.is_some() { expert } else { 1 };
        let base = TrainingLayout { tensor, pipeline, context, expert, ..TrainingLayout::SINGLE };
        let data = case.gpus / base.replica_gpus();
        if data == 0 {
            let (one, all) = (base.replica_gpus(), case.gpus);
            return Err(format!("a replica takes {one} accelerators, but there are {all}"));
        }
        let sharding = if self.fsdp { Sharding::Parameters } else { Sharding::Optimiser };
        let base = TrainingLayout { data, sharding, ..base };
        let chunks = match (self.vp, self.mbs) {
            (Some(v), _) => vec![v],
            (None, Some(_)) => vec![1],
            (None, None) => CHUNKS.to_vec(),
        };
        let micro = self.mbs.map_or(MICRO_BATCHES.to_vec(), |m| vec![m]);
        let all = chunks.into_iter().flat_map(|interleave| {
            micro.iter().map(move |&micro_batch| TrainingLayout { interleave, micro_batch, ..base })
        });
        let divides = |l: &TrainingLayout| {
            self.mbs.is_some() || case.global_batch.is_multiple_of(l.data * l.micro_batch)
        };
        let open: Vec<TrainingLayout> = all.filter(divides).collect();
        let possible: Vec<TrainingLayout> =
            open.iter().copied().filter(|l| l.checked(case).is_ok()).collect();
        match open.first().map(|l| l.checked(case)) {
            Some(Err(why)) if possible.is_empty() => Err(why.to_string()),
            None => {
                Err(format!("{} sequences do not divide over {data} replicas", case.global_batch))
            }
            _ => Ok(possible),
        }
    }
}
