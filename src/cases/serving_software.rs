//! What a row says of the engine, its age and its number formats.

use super::CaseError;
use super::serving_terms;
use super::text_table::Row;
use crate::evaluate::workload::{Engine, Precision, ServingPrecision, Software, Speculation};

/// Models with DeepSeek-V3's checkpoints, by catalogue id.
const DEEPSEEK: [&str; 3] = ["deepseek_v3", "deepseek_r1", "deepseek_v32"];

/// Age of software where the row has no date: mid-2025, when the undated vendor runs with
/// TensorRT-LLM 1.0 and vLLM 0.11 were made (assumption), years from 2026-01-01.
const UNDATED_YEARS: f64 = -0.45;

/// Images that served with multi-token prediction although their rows do not say so. Inferred:
/// their DeepSeek-R1 rows are 1.5 to 1.7 times as fast as twin rows of neighbouring releases at
/// equal hardware, precision, layout and concurrency.
const SPECULATING: [(&str, &str); 2] = [("1.2.0rc6.post3", ""), ("1.1.0rc2.post2", "2026-01-10")];
/// Tokens drafted per step, and accepted, of those images: DeepSeek-R1's own prediction layer run
/// once; acceptance 0.85 as DeepSeek reports for it (arXiv 2412.19437: 85 to 90 %).
const INFERRED_SPECULATION: Speculation = Speculation { depth: 1, accepted: 0.85 };

/// Engine and age of the software of a row; speculation as stated, else as [`SPECULATING`] tells.
pub(super) fn software(
    row: Row<'_>,
    model_id: &str,
    notes: &mut Vec<String>,
) -> Result<Software, CaseError> {
    let engine = match row.text("backend") {
        None => {
            notes.push("engine not stated: TensorRT-LLM assumed".into());
            Engine::TensorRtLlm
        }
        Some(name) => {
            engine(name).ok_or_else(|| row.problem("backend", "trtllm, sglang or vllm"))?
        }
    };
    let date = row.text("measured_date");
    let years_from_2026 = match date {
        None => UNDATED_YEARS,
        Some(text) => years_from_2026(text)
            .ok_or_else(|| row.problem("measured_date", "a date, YYYY-MM or YYYY-MM-DD"))?,
    };
    if let Some(stated) = serving_terms::speculation(row)? {
        return Ok(Software { engine, years_from_2026, speculation: stated });
    }
    let release = row.text("backend_version").or_else(|| row.text("image")).unwrap_or_default();
    let speculating = engine == Engine::TensorRtLlm
        && DEEPSEEK.contains(&model_id)
        && SPECULATING
            .iter()
            .any(|(image, since)| release.ends_with(image) && date.unwrap_or_default() >= *since);
    if speculating {
        notes.push(format!(
            "multi-token prediction (one token drafted) inferred from the image {release}"
        ));
    }
    let speculation = speculating.then_some(INFERRED_SPECULATION);
    Ok(Software { engine, years_from_2026, speculation })
}

fn engine(name: &str) -> Option<Engine> {
    let plain: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.as_str() {
        "trtllm" | "tensorrtllm" | "trt" => Some(Engine::TensorRtLlm),
        "sglang" => Some(Engine::Sglang),
        "vllm" => Some(Engine::Vllm),
        _ => None,
    }
}

/// Years from 2026-01-01 to a date, to the day.
pub(super) fn years_from_2026(text: &str) -> Option<f64> {
    const MONTHS: f64 = 12.0;
    const DAYS: f64 = 365.25;
    let mut parts = text.split('-');
    let year: f64 = parts.next()?.parse().ok().filter(|y| (2017.0..=2100.0).contains(y))?;
    let month: f64 = parts.next().map_or(Some(1.0), |m| m.parse().ok())?;
    let day: f64 = parts.next().map_or(Some(1.0), |d| d.get(..2)?.parse().ok())?;
    ((1.0..=12.0).contains(&month) && (1.0..=31.0).contains(&day))
        .then_some(year - 2026.0 + (month - 1.0) / MONTHS + (day - 1.0) / DAYS)
}

/// Number formats of a row: the quantisation modes where given, else its precision, else BF16;
/// published checkpoints keep some parts wider.
pub(super) fn formats(row: Row<'_>, model_id: &str) -> Result<ServingPrecision, CaseError> {
    let weights = format(row, "precision")?.unwrap_or(Precision::Bf16);
    let dense = format(row, "gemm_quant_mode")?.unwrap_or(weights);
    let experts = format(row, "moe_quant_mode")?.unwrap_or(dense);
    Ok(checkpoint(model_id, ServingPrecision { experts, ..ServingPrecision::usual(dense) }))
}

/// Formats in which the published checkpoint of a model runs when it is asked for in `wanted`.
pub(super) fn checkpoint(model_id: &str, wanted: ServingPrecision) -> ServingPrecision {
    if model_id.starts_with("gpt_oss") {
        // Released with MXFP4 experts and everything else in BF16, and served so.
        let other = ServingPrecision::usual(Precision::Bf16);
        return ServingPrecision { experts: Precision::Fp4, ..other };
    }
    if DEEPSEEK.contains(&model_id) && wanted.dense == Precision::Fp4 {
        // The published FP4 checkpoint keeps attention in wider formats.
        return ServingPrecision { dense: Precision::Fp8, ..wanted };
    }
    wanted
}

fn format(row: Row<'_>, column: &str) -> Result<Option<Precision>, CaseError> {
    let Some(text) = row.text(column) else { return Ok(None) };
    named_format(text)
        .map(Some)
        .ok_or_else(|| row.problem(column, "bf16, fp8, fp4 or a mode such as fp8_block or nvfp4"))
}

/// The number format of weights that a word of a table names.
pub(super) fn named_format(text: &str) -> Option<Precision> {
    Some(match text.to_lowercase().as_str() {
        "bf16" | "bfloat16" | "fp16" | "float16" | "half" => Precision::Bf16,
        "fp8" | "float8" | "fp8_block" | "fp8_static" | "fp8_ootb" | "fp8_e4m3" | "mxfp8"
        | "int8" | "int8_wo" | "w8a8" => Precision::Fp8,
        "fp4" | "nvfp4" | "mxfp4" | "int4" | "int4_wo" | "w4a16" | "w4afp8" | "w4a8"
        | "w4a16_mxfp4" | "w4a8_mxfp4_mxfp8" | "w4a8_mxfp4_fp8" | "mxfp4_moe" => Precision::Fp4,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::text_table::TextTable;

    fn of(text: &str, model: &str) -> (Result<Software, CaseError>, Vec<String>) {
        let table = TextTable::read("t", text).unwrap();
        let mut notes = Vec::new();
        let found = software(table.rows().next().unwrap(), model, &mut notes);
        (found, notes)
    }

    #[test]
    fn speculation_is_inferred_for_the_listed_images_only() {
        let header = "backend,backend_version,measured_date\n";
        let speculates = |line: &str, model: &str| {
            let (found, notes) = of(&format!("{header}{line}\n"), model);
            let on = found.unwrap().speculation.is_some();
            assert_eq!(on, !notes.is_empty());
            on
        };
        assert!(speculates("trtllm,1.2.0rc6.post3,2026-02-09", "deepseek_r1"));
        assert!(speculates("trtllm,1.1.0rc2.post2,2026-01-12", "deepseek_v3"));
        assert!(!speculates("trtllm,1.1.0rc2.post2,2025-12-20", "deepseek_r1"));
        assert!(!speculates("trtllm,1.2.0rc6.post2,2026-02-09", "deepseek_r1"));
        assert!(!speculates("trtllm,1.2.0rc6.post3,2026-02-09", "llama31_70b"));
        assert!(!speculates("sglang,1.2.0rc6.post3,2026-02-09", "deepseek_r1"));
    }

    #[test]
    fn dates_and_engines_are_told_apart() {
        assert_eq!(years_from_2026("2026-01-01"), Some(0.0));
        assert!((years_from_2026("2025-07").unwrap() + 0.5).abs() < 1e-12);
        for bad in ["soon", "2026-13", "1900-01", "2026-01-40", ""] {
            assert_eq!(years_from_2026(bad), None, "{bad}");
        }
        let said = of("backend\nllama.cpp\n", "x").0.unwrap_err().to_string();
        assert!(said.contains("llama.cpp") && said.contains("sglang"), "{said}");
        assert_eq!(engine("TensorRT-LLM"), Some(Engine::TensorRtLlm));
    }

    #[test]
    fn formats_follow_the_published_checkpoints() {
        let formats = |line: &str, model: &str| {
            let text = format!("precision,gemm_quant_mode,moe_quant_mode\n{line}\n");
            let table = TextTable::read("t", &text).unwrap();
            formats(table.rows().next().unwrap(), model)
        };
        let of = |dense, experts, kv_cache| ServingPrecision { dense, experts, kv_cache };
        use Precision::{Bf16, Fp4, Fp8};
        assert_eq!(formats(",,", "qwen3_32b").unwrap(), of(Bf16, Bf16, Bf16));
        assert_eq!(formats("fp8,fp8,fp8_block", "deepseek_r1").unwrap(), of(Fp8, Fp8, Fp8));
        assert_eq!(formats("fp4,nvfp4,nvfp4", "deepseek_r1").unwrap(), of(Fp8, Fp4, Fp8));
        assert_eq!(formats("fp4,nvfp4,nvfp4", "llama31_70b").unwrap(), of(Fp4, Fp4, Fp8));
        assert_eq!(formats("fp8,fp8,fp8", "gpt_oss_120b").unwrap(), of(Bf16, Fp4, Bf16));
        let said = formats("fp5,,", "qwen3_32b").unwrap_err().to_string();
        assert!(said.contains("fp5") && said.contains("bf16"), "{said}");
    }
}
