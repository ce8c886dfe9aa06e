//! The language model as the workload sees it: layers, widths, heads, experts, and how each kind of
//! layer attends. What follows from the shape is in `arch_counts`.

use serde::{Deserialize, Serialize};

/// How a layer attends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// Multi-head (kv_heads = heads), grouped-query or multi-query attention.
    Gqa {
        /// Query heads.
        heads: u32,
        /// Key-value heads.
        kv_heads: u32,
        /// Width of one head.
        head_dim: u32,
        /// Whether an output gate as wide as the query is computed too (Qwen3.5).
        output_gate: bool,
    },
    /// Multi-head latent attention (DeepSeek-V2 and later, Kimi K2, GLM-5).
    Mla {
        /// Query heads.
        heads: u32,
        /// Rank of the compressed key-value, cached per token.
        kv_rank: u32,
        /// Rank of the compressed query; 0 when the query is not compressed.
        q_rank: u32,
        /// Width of a head's part without position.
        nope_dim: u32,
        /// Width of the rotary part, cached per token and shared by all heads.
        rope_dim: u32,
        /// Width of a head's value.
        v_dim: u32,
    },
}

/// Layers whose attention sees only a window or chunk of the context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalAttention {
    /// How many of the layers.
    pub layers: u32,
    /// Window, tokens. A chunk of c tokens is on average a window of c/2; give the chunk itself,
    /// which is what the cache must hold.
    pub window: u32,
}

/// Layers with a constant-size state in place of a key-value cache (gated delta, Mamba-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinearAttention {
    /// How many of the layers.
    pub layers: u32,
    /// Key heads.
    pub key_heads: u32,
    /// Value heads.
    pub value_heads: u32,
    /// Width of a key head.
    pub key_dim: u32,
    /// Width of a value head.
    pub value_dim: u32,
}

/// Sparse attention: a light indexer picks the tokens that the full attention reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SparseIndexer {
    /// Indexer heads.
    pub heads: u32,
    /// Width of an indexer head; one key of this width is cached per token.
    pub dim: u32,
    /// Tokens that attention then reads.
    pub top_tokens: u32,
}

/// Mixture of experts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moe {
    /// Layers with experts; the rest have a dense feed-forward of width `ffn`.
    pub layers: u32,
    /// Routed experts in such a layer.
    pub experts: u32,
    /// Routed experts that a token visits.
    pub experts_per_token: u32,
    /// Experts that every token visits.
    pub shared_experts: u32,
    /// Width of one expert.
    pub expert_ffn: u32,
}

/// Shape of a decoder-only language model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelArch {
    /// Name for messages.
    pub name: String,
    /// Decoder layers.
    pub layers: u32,
    /// Width of the residual stream.
    pub hidden: u32,
    /// Width of the dense feed-forward; 0 where every layer has experts.
    pub ffn: u32,
    /// Whether the feed-forward is gated (three matrices) or plain (two, as in GPT-3).
    pub gated: bool,
    /// Vocabulary.
    pub vocab: u32,
    /// Whether the output head shares the embedding's weights.
    pub tied_head: bool,
    /// Attention of the layers that are not linear.
    pub attention: Attention,
    /// Layers with a window, if any.
    pub local: Option<LocalAttention>,
    /// Layers with a constant state, if any.
    pub linear: Option<LinearAttention>,
    /// Sparse-attention indexer, if any.
    pub sparse: Option<SparseIndexer>,
    /// Experts, if any.
    pub moe: Option<Moe>,
}

/// Parameter counts, in parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParamCount {
    /// All attention (and linear-attention, indexer) matrices.
    pub attention: f64,
    /// All dense feed-forwards, shared experts and routers.
    pub dense_ffn: f64,
    /// All routed experts.
    pub routed_experts: f64,
    /// Routed experts that one token visits.
    pub routed_active: f64,
    /// Input embedding.
    pub embedding: f64,
    /// Output head; 0 when tied.
    pub head: f64,
    /// Output head as computed for each token, tied or not.
    pub head_active: f64,
}

impl ParamCount {
    /// All parameters.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.attention + self.dense_ffn + self.routed_experts + self.embedding + self.head
    }

    /// Parameters that take part in a token's matrix products: the input embedding is a look-up
    /// and does not count.
    #[must_use]
    pub fn active(&self) -> f64 {
        self.attention + self.dense_ffn + self.routed_active + self.head_active
    }
}
