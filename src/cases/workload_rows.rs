//! Published runs as workload cases: which model, which device, which layout a row of a table means.

use super::CaseError;
use super::csv::Rows;
use crate::evaluate::workload::reference::{a100, b200, gb200, gpt_oss_120b, h100};
use crate::evaluate::workload::{
    Attention, Device, Engine, LinearAttention, ModelArch, Moe, Precision, ServingCase,
    ServingLayout, ServingPrecision, Sla, Software,
};

const MODELS: &str = include_str!("../../tests/cases/workload/models.csv");

/// Mean over nominal length of InferenceX prompts and answers, drawn from 0.8 to 1.0.
const INFERENCEX_MEAN: f64 = 0.9;

/// The table of model shapes.
pub(super) fn models() -> Result<Rows<'static>, CaseError> {
    Rows::of("models.csv", MODELS)
}

/// A model from its row of shapes.
pub(super) fn model(rows: &Rows<'_>, row: usize) -> Result<ModelArch, CaseError> {
    let n = |name: &str| rows.count(row, name);
    let id = rows.text(row, "id")?;
    // Qwen3.5's linear-attention layers, from its public configuration; no columns of the table.
    let linear = LinearAttention {
        layers: 45,
        key_heads: 16,
        value_heads: 64,
        key_dim: 128,
        value_dim: 128,
    };
    let moe = if n("experts")? > 0 {
        Some(Moe {
            layers: n("layers")?.saturating_sub(n("dense_layers")?),
            experts: n("experts")?,
            experts_per_token: n("experts_per_token")?,
            shared_experts: n("shared_experts")?,
            expert_ffn: n("expert_ffn")?,
        })
    } else {
        None
    };
    Ok(ModelArch {
        name: id.into(),
        layers: n("layers")?,
        hidden: n("hidden")?,
        ffn: n("ffn_dense")?,
        gated: id != "gpt3_175b",
        vocab: n("vocab")?,
        tied_head: id == "gpt3_175b",
        attention: attention(rows, row)?,
        local: None,
        linear: (id == "qwen35_397b_a17b").then_some(linear),
        sparse: None,
        moe,
    })
}

fn attention(rows: &Rows<'_>, row: usize) -> Result<Attention, CaseError> {
    let n = |name: &str| rows.count(row, name);
    if n("mla_kv_lora_rank")? > 0 {
        return Ok(Attention::Mla {
            heads: n("heads")?,
            kv_rank: n("mla_kv_lora_rank")?,
            q_rank: n("mla_q_lora_rank")?,
            nope_dim: n("mla_qk_nope_dim")?,
            rope_dim: n("mla_qk_rope_dim")?,
            v_dim: n("mla_v_dim")?,
        });
    }
    Ok(Attention::Gqa {
        heads: n("heads")?,
        kv_heads: n("kv_heads")?,
        head_dim: n("head_dim")?,
        output_gate: rows.text(row, "id")? == "qwen35_397b_a17b",
    })
}

pub(super) fn model_named(shapes: &Rows<'_>, id: &str) -> Result<ModelArch, CaseError> {
    for row in 0..shapes.len() {
        if shapes.text(row, "id")? == id {
            return model(shapes, row);
        }
    }
    Err(CaseError::file("models.csv", format!("no model is called \"{id}\"")))
}

pub(super) fn device(rows: &Rows<'_>, row: usize, column: &str) -> Result<Device, CaseError> {
    let name = rows.text(row, column)?;
    Ok(match name.to_lowercase().as_str() {
        "a100" => a100(),
        "h100_sxm" | "h100" => h100(),
        "b200_sxm" | "b200" => b200(),
        "gb200" => gb200(),
        _ => return Err(rows.problem(row, column, name, "one of a100, h100, b200, gb200")),
    })
}

fn engine(name: &str) -> Engine {
    match name {
        "sglang" => Engine::Sglang,
        "vllm" => Engine::Vllm,
        _ => Engine::TensorRtLlm,
    }
}

fn precision(name: &str) -> Precision {
    match name {
        "fp4" | "nvfp4" => Precision::Fp4,
        "fp8" => Precision::Fp8,
        _ => Precision::Bf16,
    }
}

/// Formats in which a published deployment of `id` at `weights` runs, and its windows.
fn deployment(
    shapes: &Rows<'_>,
    id: &str,
    weights: Precision,
) -> Result<(ModelArch, ServingPrecision), CaseError> {
    let mut model = model_named(shapes, id)?;
    let mut precision = ServingPrecision::usual(weights);
    if id == "gpt_oss_120b" {
        // Released with FP4 experts and everything else in BF16; half the layers see 128 tokens.
        let other = ServingPrecision::usual(Precision::Bf16);
        precision = ServingPrecision { experts: Precision::Fp4, ..other };
        model.local = gpt_oss_120b().local;
    }
    if id == "deepseek_r1" && weights == Precision::Fp4 {
        // The published FP4 checkpoint keeps attention in wider formats.
        precision.dense = Precision::Fp8;
    }
    Ok((model, precision))
}

/// A measured point of a serving curve.
pub(super) fn serving(
    shapes: &Rows<'_>,
    rows: &Rows<'_>,
    row: usize,
) -> Result<ServingCase, CaseError> {
    let name = rows.text(row, "model")?;
    let id = match name {
        "Llama-3.1-8B" => "llama31_8b",
        "Llama-3.3-70B" => "llama31_70b",
        "Qwen3-32B" => "qwen3_32b",
        "DeepSeek-R1" => "deepseek_r1",
        "gpt-oss-120b" => "gpt_oss_120b",
        _ => {
            let known = "one of Llama-3.1-8B, Llama-3.3-70B, Qwen3-32B, DeepSeek-R1, gpt-oss-120b";
            return Err(rows.problem(row, "model", name, known));
        }
    };
    let (model, precision) = deployment(shapes, id, precision(rows.text(row, "precision")?))?;
    let scale = if rows.text(row, "origin")? == "InferenceX" { INFERENCEX_MEAN } else { 1.0 };
    let layout = ServingLayout {
        tensor: rows.count(row, "tp")?,
        data: rows.count(row, "attention_dp")?,
        expert: rows.count(row, "moe_ep")?,
        pipeline: 1,
    };
    Ok(ServingCase {
        gpus: layout.gpus(),
        device: device(rows, row, "system")?,
        model,
        precision,
        input_tokens: rows.number(row, "isl")? * scale,
        output_tokens: rows.number(row, "osl")? * scale,
        cached_prompt_fraction: 0.0,
        sla: Sla::default(),
        layout: Some(layout),
        batch: Some(rows.number(row, "concurrency")?),
        fabric_factor: 1.0,
        software: Software { engine: engine(rows.text(row, "backend")?), ..Software::default() },
        equal_lengths: rows.text(row, "origin")? != "InferenceX",
    })
}

/// All requests queued at once: batch and memory are the model's own.
pub(super) fn max_load(
    shapes: &Rows<'_>,
    rows: &Rows<'_>,
    row: usize,
) -> Result<ServingCase, CaseError> {
    let weights =
        if rows.text(row, "precision")? == "fp8" { Precision::Fp8 } else { Precision::Fp4 };
    let (model, precision) = deployment(shapes, rows.text(row, "model")?, weights)?;
    let gpus = rows.count(row, "gpus")?;
    let layout = if rows.text(row, "layout")?.starts_with("DEP") {
        ServingLayout { data: gpus, expert: gpus, ..ServingLayout::SINGLE }
    } else {
        ServingLayout { tensor: gpus, ..ServingLayout::SINGLE }
    };
    Ok(ServingCase {
        device: device(rows, row, "device")?,
        model,
        precision: ServingPrecision { kv_cache: Precision::Fp8, ..precision },
        gpus,
        input_tokens: rows.number(row, "input")?,
        output_tokens: rows.number(row, "output")?,
        cached_prompt_fraction: 0.0,
        sla: Sla::default(),
        layout: Some(layout),
        batch: None,
        fabric_factor: 1.0,
        software: Software::default(),
        equal_lengths: true,
    })
}
