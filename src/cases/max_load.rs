//! Largest throughput of published runs: MLPerf Inference results and engine vendors' tables.
//!
//! A row names a model, accelerators and a scenario; how the requests are spread is the search's
//! own unless `parallelism` says it. `offline` and `offline-max-load` queue everything at once;
//! `server` and `interactive` keep the latencies that the note states at the 99th percentile. Rows
//! of other scenarios are passed over.

use super::CaseError;
use super::hardware::{device_named, model_entry_named};
use super::row_answers::{Answers, Ours, number, put};
use super::serving_answer::basis_words;
use super::serving_software::{checkpoint, named_format, years_from_2026};
use super::text_table::{Row, TextTable};
use crate::catalog::Catalog;
use crate::evaluate::workload::{
    Engine, Precision, ServingCase, ServingLayout, ServingMode, ServingPrecision, Sla, Software,
    Speculation, from_catalog, solve_serving,
};
use rayon::prelude::*;

/// Ours, in the order of the columns written.
const OURS: [&str; 10] = [
    "predicted_value",
    "tok_s",
    "tok_s_per_gpu",
    "tpot_ms",
    "ttft_ms",
    "sla_met",
    "limit",
    "basis",
    "layout",
    "note",
];

/// Mean lengths of an MLPerf data set, tokens.
struct DataSet {
    /// Model by catalogue id.
    model: &'static str,
    input: f64,
    output: f64,
    /// Where the lengths come from.
    source: &'static str,
}

/// MLPerf Inference states no lengths in its results. Outputs to two decimals are the reference
/// implementations' own counts; MLCommons' articles on the benchmarks give the rounded means.
const DATA_SETS: [DataSet; 6] = [
    DataSet {
        model: "llama2_70b",
        input: 294.45,
        output: 294.45,
        source: "OpenOrca; the input taken as long as the output (assumption)",
    },
    DataSet {
        model: "llama31_405b",
        input: 9400.0,
        output: 684.68,
        source: "LongBench, RULER, GovReport; MLCommons 2025-04, from memory",
    },
    DataSet {
        model: "llama31_8b",
        input: 778.0,
        output: 73.0,
        source: "CNN-DailyMail; MLCommons 2025-09, from memory",
    },
    DataSet {
        model: "mixtral_8x7b",
        input: 300.0,
        output: 144.84,
        source: "OpenOrca, GSM8K, MBXP; input is an assumption",
    },
    DataSet {
        model: "deepseek_r1",
        input: 800.0,
        output: 3880.0,
        source: "reasoning set of MLCommons 2025-09, from memory",
    },
    DataSet {
        model: "gpt_oss_120b",
        input: 3000.0,
        output: 1000.0,
        source: "summaries at low effort (MLCommons 2026-03); both lengths are assumptions",
    },
];

/// DeepSeek-R1's interactive scenario is the first of MLPerf with speculative decoding, by the
/// model's own prediction layer (MLCommons 2026-03); three tokens drafted and 1.9 accepted are
/// assumptions.
const MLPERF_SPECULATION: Speculation = Speculation { depth: 3, accepted: 1.9 };

/// Solves every row of a table of published throughputs.
///
/// # Errors
/// A table that can not be read at all. A single bad row says why in `error`.
pub fn solve(file: &str, text: &str, catalog: &Catalog) -> Result<Answers, CaseError> {
    let table = TextTable::read(file, text)?;
    table.require(&["model", "gpu", "count", "scenario"])?;
    let rows: Vec<Row<'_>> = table.rows().collect();
    let found = rows.par_iter().map(|row| answer(*row, catalog)).collect();
    Ok(Answers::beside(&table, &OURS, found))
}

/// A row's case and what was assumed; `None` for a scenario without a largest load.
///
/// # Errors
/// What is missing from the row or unknown.
pub fn case(row: Row<'_>, catalog: &Catalog) -> Result<Option<(ServingCase, String)>, CaseError> {
    row.whole()?;
    let in_row = |error: CaseError| row.fault(error);
    let scenario = row.needed("scenario", "offline, offline-max-load, server or interactive")?;
    if !["offline", "offline-max-load", "server", "interactive"].contains(&scenario) {
        return Ok(None);
    }
    let entry = model_entry_named(catalog, row.needed("model", "the name of a model")?);
    let entry = entry.map_err(in_row)?;
    let gpu = row.needed("gpu", "the name of an accelerator")?;
    let device = device_named(catalog, gpu).map_err(in_row)?;
    let gpus = row.count("count")?.ok_or_else(|| row.problem("count", "a number from 1"))?;
    let weights = match row.text("precision") {
        None => Precision::Bf16,
        Some(word) => {
            named_format(word).ok_or_else(|| row.problem("precision", "bf16, fp8 or fp4"))?
        }
    };
    let (input_tokens, output_tokens, lengths) = lengths(row, &entry.id)?;
    let usual = checkpoint(&entry.id, ServingPrecision::usual(weights));
    let fixed = scenario == "offline-max-load";
    let system = row.text("system").unwrap_or_default().to_lowercase();
    let other = system.contains("vllm") || !device.name.contains("NVIDIA");
    let date = row.text("date").map_or(Some(0.0), years_from_2026);
    let speculates = scenario == "interactive" && entry.id == "deepseek_r1";
    let software = Software {
        engine: if other { Engine::Vllm } else { Engine::TensorRtLlm },
        years_from_2026: date.ok_or_else(|| row.problem("date", "a date, YYYY-MM"))?,
        speculation: speculates.then_some(MLPERF_SPECULATION),
    };
    let note = match speculates {
        true => format!("{lengths}; speculative decoding as the benchmark allows"),
        false => lengths,
    };
    let case = ServingCase {
        device,
        model: from_catalog::model(entry),
        // Offline runs of narrow weights keep their cache in FP8 too.
        precision: match weights {
            Precision::Bf16 => usual,
            _ => ServingPrecision { kv_cache: Precision::Fp8, ..usual },
        },
        gpus,
        input_tokens,
        output_tokens,
        cached_prompt_fraction: 0.0,
        sla: sla(row.text("note").unwrap_or_default()),
        layout: row.text("parallelism").map(|text| layout(row, text, gpus)).transpose()?,
        batch: None,
        fabric_factor: 1.0,
        software,
        equal_lengths: fixed,
        mode: ServingMode::Aggregated,
    };
    Ok(Some((case, note)))
}

/// Mean lengths of the row, or of the benchmark's data set where it states none.
fn lengths(row: Row<'_>, model: &str) -> Result<(f64, f64, String), CaseError> {
    let (input, output) = (row.positive("input_len")?, row.positive("output_len")?);
    if let (Some(input), Some(output)) = (input, output) {
        return Ok((input, output, String::new()));
    }
    let Some(set) = DATA_SETS.iter().find(|set| set.model == model) else {
        let known = "a number above 0: no benchmark of this model has known lengths";
        return Err(row.problem("input_len", known));
    };
    let (input, output) = (input.unwrap_or(set.input), output.unwrap_or(set.output));
    Ok((input, output, format!("{input} tokens in, {output} out: {}", set.source)))
}

/// Latencies of a note such as `TTFT<=2000ms TPOT<=80ms p99`, s.
fn sla(note: &str) -> Sla {
    const S_PER_MS: f64 = 1e-3;
    let after = |name: &str| {
        let (_, rest) = note.split_once(name)?;
        let number = rest.trim_start_matches("<=").split("ms").next()?;
        number.trim().parse::<f64>().ok().filter(|ms| *ms > 0.0).map(|ms| ms * S_PER_MS)
    };
    Sla { ttft_s: after("TTFT"), tpot_s: after("TPOT") }
}

/// `TP4`, `DEP8` (attention data and expert parallel), `TP2 PP2`, `TEP8` (tensor and expert).
fn layout(row: Row<'_>, text: &str, gpus: u32) -> Result<ServingLayout, CaseError> {
    let bad = || row.problem("parallelism", "such as TP4, TP2 PP2, TEP8 or DEP8");
    let mut layout = ServingLayout::SINGLE;
    for word in text.split_whitespace() {
        let digits = word.find(|c: char| c.is_ascii_digit()).ok_or_else(bad)?;
        let n: u32 = word[digits..].parse().ok().filter(|n| *n > 0).ok_or_else(bad)?;
        match &word[..digits] {
            "TP" => layout.tensor = n,
            "PP" => layout.pipeline = n,
            "DP" => layout.data = n,
            "EP" => layout.expert = n,
            "DEP" => (layout.data, layout.expert) = (n, n),
            "TEP" => (layout.tensor, layout.expert) = (n, n),
            _ => return Err(bad()),
        }
    }
    if layout.gpus() > gpus {
        return Err(row.problem("parallelism", &format!("no wider than count, {gpus}")));
    }
    Ok(layout)
}

fn answer(row: Row<'_>, catalog: &Catalog) -> Result<Ours, CaseError> {
    const MS: f64 = 1e3;
    let mut ours = Ours::new();
    let Some((case, note)) = case(row, catalog)? else {
        put(&mut ours, "note", "no largest load in this scenario: passed over");
        return Ok(ours);
    };
    let result = solve_serving(&case).map_err(|error| row.fault(error))?;
    let per_gpu = result.total_tok_s / f64::from(case.gpus);
    let unit = row.text("unit").unwrap_or_default().to_lowercase();
    let in_unit = if unit.ends_with("/gpu") { per_gpu } else { result.total_tok_s };
    for (key, value) in [
        ("predicted_value", in_unit),
        ("tok_s", result.total_tok_s),
        ("tok_s_per_gpu", per_gpu),
        ("tpot_ms", result.point.tpot_s * MS),
        ("ttft_ms", result.point.ttft_s * MS),
    ] {
        number(&mut ours, key, value);
    }
    put(&mut ours, "sla_met", result.sla_met);
    put(&mut ours, "limit", result.limit.label());
    put(&mut ours, "basis", basis_words(result.point.basis));
    put(&mut ours, "layout", format!("{} × {}", result.replicas, result.point.label()));
    put(&mut ours, "note", note);
    Ok(ours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::shipped;

    const HEADER: &str = "system,gpu,count,model,precision,scenario,input_len,output_len,\
                          parallelism,unit,value,date,note\n";

    fn solved(lines: &str) -> Answers {
        solve("t.csv", &format!("{HEADER}{lines}"), &shipped().unwrap()).unwrap()
    }

    #[test]
    fn published_rows_are_answered_in_their_own_unit() {
        let answers = solved(
            "x,B200,4,DeepSeek-R1,fp4,offline-max-load,1000,1000,DEP4,tokens/s/GPU,6463,2025-12,\n\
             x,B200,8,Llama-2-70B,fp4,server,,294.45,,Tokens/s,101611,2025-09,\
             TTFT<=2000ms TPOT<=200ms p99\n\
             x,B200,8,Llama-2-70B,fp4,training,,,,Tokens/s,1,2025-09,\n",
        );
        assert_eq!(answers.faults, None);
        let number = |row, key| answers.number(row, key).unwrap();
        assert_eq!(number(0, "predicted_value"), number(0, "tok_s_per_gpu"));
        assert_eq!(number(1, "predicted_value"), number(1, "tok_s"));
        assert!(number(1, "tpot_ms") <= 200.0 && number(1, "ttft_ms") <= 2000.0);
        // Within a factor of three of what was published: a unit would miss by eight.
        for (row, published) in [(0, 6463.0), (1, 101_611.0)] {
            let ratio = number(row, "predicted_value") / published;
            assert!((0.33..3.0).contains(&ratio), "row {row}: {ratio}");
        }
        assert_eq!(answers.number(2, "tok_s"), None);
    }

    #[test]
    fn a_bad_row_says_why_and_the_others_stand() {
        for (line, words) in [
            ("x,B200,8,Llama-9-1B,fp4,offline,1,1,,,,,", "Llama-9-1B"),
            ("x,B900,8,Llama-2-70B,fp4,offline,1,1,,,,,", "nearest"),
            ("x,B200,0,Llama-2-70B,fp4,offline,1,1,,,,,", "count"),
            ("x,B200,8,Llama-2-70B,fp4,offline,0,1,,,,,", "input_len"),
            ("x,B200,8,Llama-2-70B,fp3,offline,1,1,,,,,", "precision"),
            ("x,B200,8,Llama-2-70B,fp4,offline,1,1,TP16,,,,", "no wider than count"),
            ("x,B200,8,Llama-2-70B,fp4,offline,1,1,XP2,,,,", "parallelism"),
            ("x,H100,1,Llama-3.1-405B,bf16,offline,1,1,,,,,", "needs"),
            ("x,B200,8,Qwen3-8B,fp8,offline,,,,,,,", "no benchmark"),
        ] {
            let answers = solved(&format!("{line}\nx,B200,1,Qwen3-8B,fp8,offline,9,9,,,,,\n"));
            let (first, n) = answers.faults.clone().unwrap();
            assert!(n == 1 && first.to_string().contains(words), "{line}: {first}");
            assert!(first.to_string().contains("line 2"), "{first}");
            assert!(answers.number(1, "tok_s").unwrap() > 0.0);
        }
    }
}
