//! `tokenmill solve training`: every row of a table answered.

use super::super::CaseError;
use super::super::quoted::Table;
use super::names::plain;
use super::rows::{Row, row};
use crate::catalog::Catalog;
use crate::evaluate::workload::training::memory::USABLE_MEMORY;
use crate::evaluate::workload::{
    TrainingCase, TrainingLaws, TrainingResult, WorkloadError, cost_training, solve_training_with,
};
use crate::units::SECONDS_PER_HOUR;
use serde_json::{Map, Value};

const GIB: f64 = 1_073_741_824.0;
const DECIMAL_GB: f64 = 1e9;

/// Answers every row of `text`: the row's own columns, then `step_s`, `tok_s_gpu`, `mfu`, `hfu`,
/// `memory_gib`, `fits` and how. `value` is our number for the row's `metric`; one that the file
/// brought moves to `given_value` and is not read. A row that can not be answered has `error`.
///
/// # Errors
/// A table that can not be read, or one of which no row can be answered: the first row's fault.
pub fn training(catalog: &Catalog, file: &str, text: &str) -> Result<Value, CaseError> {
    let table = Table::read(file, text)?;
    let (mut answers, mut first, mut solved) = (Vec::new(), None, false);
    for at in 0..table.len() {
        let mut object = table.object(at);
        match answered(catalog, &table, at, &mut object) {
            Ok(()) => solved = true,
            Err(error) => {
                object.insert("error".into(), error.to_string().into());
                first.get_or_insert(error);
            }
        }
        answers.push(Value::Object(object));
    }
    match first {
        Some(error) if !solved => Err(error),
        _ => Ok(Value::Array(answers)),
    }
}

fn answered(
    catalog: &Catalog,
    table: &Table,
    at: usize,
    object: &mut Map<String, Value>,
) -> Result<(), CaseError> {
    let row = row(catalog, table, at)?;
    let result = solve_row(&row, TrainingLaws::shipped()).map_err(|e| table.problem(at, e))?;
    if let Some(given) = object.remove("value") {
        object.insert("given_value".into(), given);
    }
    let value = metric_value(&row, &result, table.text(at, "note"));
    object.insert("value".into(), value.map_or(Value::Null, Value::from));
    write(object, &row, &result);
    Ok(())
}

fn write(object: &mut Map<String, Value>, row: &Row, r: &TrainingResult) {
    let runtime = if row.calculon { r.memory.runtime } else { 0.0 };
    let bytes = r.memory_bytes - runtime;
    // Calculon's parts have their gigabytes in binary and keep nothing back.
    let room =
        row.case.device.memory_bytes * if row.calculon { GIB / DECIMAL_GB } else { USABLE_MEMORY };
    let m = &r.memory;
    let parts = [
        ("weights", m.weights),
        ("gradients", m.gradients),
        ("optimiser", m.optimiser),
        ("activations", m.activations),
        ("logits", m.logits),
    ];
    let memory: Map<String, Value> =
        parts.into_iter().map(|(name, b)| (name.to_owned(), (b / GIB).into())).collect();
    let fields: [(&str, Value); 18] = [
        ("step_s", r.step_s.into()),
        ("tok_s_gpu", r.gpu_tok_s.into()),
        ("tok_s_gpu_p10", (r.gpu_tok_s * r.band.0).into()),
        ("tok_s_gpu_p90", (r.gpu_tok_s * r.band.1).into()),
        ("mfu", r.mfu.into()),
        ("hfu", r.hfu.into()),
        ("peak_tflop_s", (r.peak_flop_s / 1e12).into()),
        ("peak_precision", row.case.precision.label().into()),
        ("model_tflop_s_gpu", (r.model_flop_s / 1e12).into()),
        ("memory_gib", (bytes / GIB).into()),
        ("memory_parts_gib", Value::Object(memory)),
        ("fits", (bytes <= room).into()),
        ("layout", r.layout.label().into()),
        ("micro_batch", r.layout.micro_batch.into()),
        ("recomputed", format!("{:?}", r.recompute).to_lowercase().into()),
        ("limit", r.limit.label().into()),
        ("basis", serde_json::to_value(r.basis).unwrap_or(Value::Null)),
        ("split_s", serde_json::to_value(r.split).unwrap_or(Value::Null)),
    ];
    for (name, value) in fields {
        object.insert(name.to_owned(), value);
    }
}

/// The row under `laws`: a stated layout whether or not it fits, else the best.
pub(super) fn solve_row(row: &Row, laws: &TrainingLaws) -> Result<TrainingResult, WorkloadError> {
    let stated = |layout| {
        let case = TrainingCase { layout: Some(layout), ..row.case.clone() };
        cost_training(&case, laws)
    };
    if row.case.layout.is_some() {
        return cost_training(&row.case, laws);
    }
    let mut best: Option<TrainingResult> = None;
    for layout in &row.choices {
        let answer = stated(*layout)?;
        if best.as_ref().is_none_or(|b| (answer.fits, -answer.step_s) > (b.fits, -b.step_s)) {
            best = Some(answer);
        }
    }
    match best {
        Some(answer) => Ok(answer),
        None => solve_training_with(&row.case, laws),
    }
}

/// Our number for what the row's table states, in the table's unit.
pub(super) fn metric_value(row: &Row, r: &TrainingResult, note: &str) -> Option<f64> {
    const MINUTE_S: f64 = 60.0;
    let case = &row.case;
    Some(match row.metric.as_str() {
        "median_step_time" | "step_time" => r.step_s,
        m if m.starts_with("iteration_time") => r.step_s,
        "throughput" => f64::from(case.global_batch) / r.step_s,
        "tokens_per_s_per_gpu" => r.gpu_tok_s,
        "mfu" => 100.0 * r.mfu,
        m if m.contains("tflops_per_gpu") => match row.case.recompute {
            Some(_) => r.hardware_flop_s / 1e12,
            None => r.model_flop_s / 1e12,
        },
        "time_to_train" => time_to_train_s(case, r, note) / MINUTE_S,
        m if m.starts_with("gpu_hours_pretrain") => {
            trained_tokens(note)? / r.gpu_tok_s / SECONDS_PER_HOUR
        }
        _ => return None,
    })
}

/// Tokens where a note says `14.8T tokens`.
fn trained_tokens(note: &str) -> Option<f64> {
    let (before, _) = note.split_once("T tokens")?;
    before.rsplit([' ', ';']).next()?.parse::<f64>().ok().map(|t| t * 1e12)
}

/// Steps to MLPerf's target and what evaluation and warm-up add. The number of samples is the
/// note's; without one, a power law of the batch read off open rounds v5.0 and v5.1, since larger
/// batches need more of them. Time over steps × step is the median of the same rounds.
fn time_to_train_s(case: &TrainingCase, r: &TrainingResult, note: &str) -> f64 {
    /// Model by its plain name's start, samples at a batch, that batch, exponent, time over steps.
    const BENCHMARKS: [(&str, f64, f64, f64, f64); 3] = [
        ("llama270b", 3072.0, 8.0, 0.4, 1.13),
        ("llama31405b", 276_480.0, 1152.0, 0.2, 1.06),
        ("llama318b", 184_320.0, 32.0, 0.33, 1.01),
    ];
    let name = plain(&case.model.name);
    let batch = f64::from(case.global_batch);
    let known = BENCHMARKS.iter().find(|b| name.starts_with(b.0)).unwrap_or(&BENCHMARKS[1]);
    let stated = note.split("samples to target in last run").nth(1);
    let stated = stated.and_then(|s| s.split_whitespace().next()?.parse::<f64>().ok());
    let (_, samples, at, exponent, over) = *known;
    let samples = stated.unwrap_or(samples * (batch / at).max(1.0).powf(exponent));
    samples / batch * r.step_s * over
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::shipped;

    const HEADING: &str = "id,source,date,gpu,count,model,precision,scenario,input_len,parallelism,\
                           global_batch,metric,value,unit,note\n";
    const ROW: &str = "a,\"MLPerf, v5.1\",2025-11,GB300,72,Llama-2-70B-LoRA,,training,8192.0,,9.0,\
                       median_step_time,0.1,s,\n";

    fn rows(text: &str) -> Result<Value, CaseError> {
        training(&shipped().unwrap(), "t.csv", text)
    }

    #[test]
    fn rows_keep_their_columns_and_are_answered_without_their_result() {
        let ours = rows(&format!("{HEADING}{ROW}")).unwrap();
        let row = &ours[0];
        assert_eq!((row["id"].as_str(), row["given_value"].as_f64()), (Some("a"), Some(0.1)));
        assert_eq!(row["value"], row["step_s"]);
        let other = rows(&format!("{HEADING}{}", ROW.replace("0.1,s", "99,s"))).unwrap();
        assert_eq!(row["step_s"], other[0]["step_s"]);
        assert!(row["mfu"].as_f64().unwrap() > 0.05 && row["fits"].as_bool().unwrap());
        let (low, high) = (row["tok_s_gpu_p10"].as_f64(), row["tok_s_gpu_p90"].as_f64());
        assert!(low < row["tok_s_gpu"].as_f64() && row["tok_s_gpu"].as_f64() < high);
    }

    #[test]
    fn unknown_names_are_told_with_the_row_and_the_nearest() {
        let said = rows(&format!("{HEADING}{}", ROW.replace("GB300", "GB3000"))).unwrap_err();
        let said = said.to_string();
        assert!(said.contains("row 1") && said.contains("GB3000"), "{said}");
        let both = rows(&format!("{HEADING}{ROW}{}", ROW.replace("Llama-2-70B", "Lama"))).unwrap();
        assert!(both[0]["error"].is_null());
        assert!(both[1]["error"].as_str().unwrap().contains("Lama-LoRA"));
    }

    #[test]
    fn impossible_widths_are_refused() {
        let row = ROW.replace(",8192.0,,", ",8192.0,TP8 PP16,");
        let said = rows(&format!("{HEADING}{row}")).unwrap_err().to_string();
        assert!(said.contains("a replica takes 128 accelerators, but there are 72"), "{said}");
        let said = rows(&format!("{HEADING}{}", ROW.replace(",72,", ",0,"))).unwrap_err();
        assert!(said.to_string().contains("count is 0"), "{said}");
    }

    #[test]
    fn another_tools_columns_are_recognised_by_their_heading() {
        let text = "system,model,gpus,tp,pp,dp,mbs,gbs,recompute,interleave,tp_comm\n\
                    a100_80e,gpt3-175B,256,8,8,4,1,1536,full,1,rs_ag\n";
        let row = &rows(text).unwrap()[0];
        // Calculon: 98.7 s and 20.0 GiB.
        assert!((row["step_s"].as_f64().unwrap() / 98.7 - 1.0).abs() < 0.2, "{row}");
        assert!((row["memory_gib"].as_f64().unwrap() / 20.0 - 1.0).abs() < 0.15, "{row}");
        let said = rows(&text.replace("full", "some")).unwrap_err().to_string();
        assert!(said.contains("full, attn_only or none"), "{said}");
    }
}
