//! Language models by their architecture.

use serde::{Deserialize, Serialize};

/// Multi-head latent attention dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MlaSpec {
    /// Rank of the compressed key-value cache.
    pub kv_lora_rank: u32,
    /// Rank of the compressed query.
    pub q_lora_rank: u32,
    /// Key dimension per head without position.
    pub qk_nope_dim: u32,
    /// Key dimension with rotary position, shared by all heads.
    pub qk_rope_dim: u32,
    /// Value dimension per head.
    pub v_dim: u32,
}

/// Mixture of experts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoeSpec {
    /// Routed experts per layer.
    pub experts: u32,
    /// Routed experts that a token visits.
    pub experts_per_token: u32,
    /// Experts that every token visits.
    #[serde(default)]
    pub shared_experts: u32,
    /// Inner width of one expert.
    pub expert_ffn: u32,
    /// Layers with a dense feed-forward instead, or with none where the model has no dense width.
    #[serde(default)]
    pub dense_layers: u32,
    /// Width at which routed experts work, where tokens are projected down for them; `None` for
    /// the width of the residual stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latent: Option<u32>,
}

/// Heads of layers that keep a constant-size state (gated delta rule, Mamba-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinearSpec {
    /// Key heads; groups of Mamba-2.
    pub key_heads: u32,
    /// Value heads.
    pub value_heads: u32,
    /// Width of a key head; the state size of Mamba-2.
    pub key_dim: u32,
    /// Width of a value head.
    pub value_dim: u32,
}

/// A language model by its architecture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// Published parameters, 1e9.
    pub params_total_b: f64,
    /// Published parameters active per token, 1e9.
    pub params_active_b: f64,
    /// Transformer layers.
    pub layers: u32,
    /// Width of the residual stream.
    pub hidden: u32,
    /// Inner width of the dense feed-forward; `None` where every layer is a mixture of experts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ffn_dense: Option<u32>,
    /// Query heads.
    pub heads: u32,
    /// Key-value heads.
    pub kv_heads: u32,
    /// Dimension of one head.
    pub head_dim: u32,
    /// Vocabulary.
    pub vocab: u32,
    /// Whether input and output embeddings share their weights.
    #[serde(default)]
    pub tied_embeddings: bool,
    /// Gated feed-forward (three matrices, SwiGLU) or plain (two).
    #[serde(default = "gated_by_default")]
    pub gated_ffn: bool,
    /// Mixture of experts, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moe: Option<MoeSpec>,
    /// Latent attention, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mla: Option<MlaSpec>,
    /// One layer in this many attends to the whole context; the rest see a window or keep a
    /// constant state. 1 for ordinary models.
    #[serde(default = "every_layer")]
    pub full_attention_every: u32,
    /// Window of the other layers, tokens; `None` for a constant-size (linear) state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention_window: Option<u32>,
    /// Heads of the layers with a constant-size state, where they are published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linear: Option<LinearSpec>,
    /// Whether full attention computes an output gate as wide as its query.
    #[serde(default)]
    pub attention_output_gate: bool,
    /// Tokens of the context that sparse attention selects; `None` for dense attention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention_top_k: Option<u32>,
    /// Longest context, tokens.
    pub context_tokens: u32,
    /// Whether the architecture above is complete enough that computed parameters must match the
    /// published ones.
    #[serde(default = "complete_by_default")]
    pub architecture_complete: bool,
}

const fn gated_by_default() -> bool {
    true
}
const fn every_layer() -> u32 {
    1
}
const fn complete_by_default() -> bool {
    true
}
