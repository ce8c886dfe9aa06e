//! The table of published model shapes.

use super::CaseError;
use super::csv::Rows;
use crate::evaluate::workload::{Attention, LinearAttention, ModelArch, Moe};

const MODELS: &str = include_str!("../../tests/cases/workload/models.csv");

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
