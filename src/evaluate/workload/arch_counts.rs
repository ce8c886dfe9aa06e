//! What follows from a model's shape: parameters, floating-point operations and bytes per token.
//!
//! Parameters of one layer (h width, n heads, n_kv key-value heads, d head width):
//! - grouped-query attention: (1) h n d + 2 h n_kv d + n d h
//! - latent attention (MLA): (2) h r_q + r_q n (d_n + d_r) + h (r_kv + d_r)
//!   + r_kv n (d_n + d_v) + n d_v h
//! - gated linear attention: (3) h (2 n_k d_k + 2 n_v d_v + 2 n_v) + n_v d_v h
//! - feed-forward: (4) 3 h f when gated (SwiGLU), 2 h f when not; an MoE layer has
//!   E + S of them and a router h E.
//!
//! Forward FLOPs per token: (5) 2 × active parameters + 4 n d × (keys attended) per attention
//! layer (score and value products). Norms, biases and positional terms are left out (< 0.1 %).
//! References: Vaswani et al. 2017; DeepSeek-V2 (arXiv 2405.04434) for MLA; published totals.

use super::arch::{Attention, ModelArch, ParamCount};
use super::device::Precision;
use super::error::{WorkloadError, in_range};

impl ModelArch {
    /// Layers with a growing key-value cache.
    #[must_use]
    pub fn cached_layers(&self) -> f64 {
        f64::from(self.layers) - self.linear.map_or(0.0, |l| f64::from(l.layers))
    }

    /// Parameters of the attention of one cached layer, by (1) or (2), with its indexer.
    #[must_use]
    pub fn attention_params(&self) -> f64 {
        let h = f64::from(self.hidden);
        let main = match self.attention {
            Attention::Gqa { heads, kv_heads, head_dim, output_gate } => {
                let q = f64::from(heads) * f64::from(head_dim);
                let kv = f64::from(kv_heads) * f64::from(head_dim);
                let gate = if output_gate { h * q } else { 0.0 };
                2.0 * h * q + 2.0 * h * kv + gate
            }
            Attention::Mla { heads, kv_rank, q_rank, nope_dim, rope_dim, v_dim } => {
                let (n, r_kv, r_q) = (f64::from(heads), f64::from(kv_rank), f64::from(q_rank));
                let (d_n, d_r, d_v) = (f64::from(nope_dim), f64::from(rope_dim), f64::from(v_dim));
                let q_in = if q_rank == 0 { h } else { r_q };
                let down = if q_rank == 0 { 0.0 } else { h * r_q };
                down + q_in * n * (d_n + d_r)
                    + h * (r_kv + d_r)
                    + r_kv * n * (d_n + d_v)
                    + n * d_v * h
            }
        };
        main + self.indexer_params()
    }

    fn indexer_params(&self) -> f64 {
        let Some(s) = self.sparse else { return 0.0 };
        let h = f64::from(self.hidden);
        let q_in = match self.attention {
            Attention::Mla { q_rank, .. } if q_rank > 0 => f64::from(q_rank),
            _ => h,
        };
        q_in * f64::from(s.heads) * f64::from(s.dim) + h * (f64::from(s.dim) + f64::from(s.heads))
    }

    /// Parameters of one linear-attention layer, by (3).
    #[must_use]
    pub fn linear_params(&self) -> f64 {
        self.linear.map_or(0.0, |l| {
            let h = f64::from(self.hidden);
            let key = f64::from(l.key_heads) * f64::from(l.key_dim);
            let value = f64::from(l.value_heads) * f64::from(l.value_dim);
            h * (2.0 * key + 2.0 * value + 2.0 * f64::from(l.value_heads)) + value * h
        })
    }

    /// Parameters of one dense feed-forward of width `ffn`, by (4).
    #[must_use]
    pub fn ffn_params(&self, ffn: f64) -> f64 {
        let matrices = if self.gated { 3.0 } else { 2.0 };
        matrices * f64::from(self.hidden) * ffn
    }

    /// Parameter counts of the whole model.
    #[must_use]
    pub fn params(&self) -> ParamCount {
        let h = f64::from(self.hidden);
        let embedding = f64::from(self.vocab) * h;
        let linear_layers = self.linear.map_or(0.0, |l| f64::from(l.layers));
        let attention =
            self.cached_layers() * self.attention_params() + linear_layers * self.linear_params();
        let moe_layers = self.moe.map_or(0.0, |m| f64::from(m.layers));
        let dense = (f64::from(self.layers) - moe_layers) * self.ffn_params(f64::from(self.ffn));
        let (mut shared, mut routed, mut routed_active) = (0.0, 0.0, 0.0);
        if let Some(m) = self.moe {
            let one = self.ffn_params(f64::from(m.expert_ffn));
            let router = h * f64::from(m.experts);
            shared = moe_layers * (f64::from(m.shared_experts) * one + router);
            routed = moe_layers * f64::from(m.experts) * one;
            routed_active = moe_layers * f64::from(m.experts_per_token) * one;
        }
        ParamCount {
            attention,
            dense_ffn: dense + shared,
            routed_experts: routed,
            routed_active,
            embedding,
            head: if self.tied_head { 0.0 } else { embedding },
            head_active: embedding,
        }
    }

    /// Bytes of all weights: routed experts in `experts`, all the rest in `dense`, the embedding
    /// and head in BF16, as quantised checkpoints ship them.
    #[must_use]
    pub fn weight_bytes(&self, dense: Precision, experts: Precision) -> f64 {
        let p = self.params();
        (p.attention + p.dense_ffn) * dense.bytes()
            + p.routed_experts * experts.bytes()
            + (p.embedding + p.head) * Precision::Bf16.bytes()
    }

    /// Values cached per token and cached layer on the accelerators of one tensor-parallel group
    /// of `tensor`, per accelerator: heads divide until there is one on each, then replicate;
    /// the latent cache of MLA replicates always.
    #[must_use]
    pub fn cache_values_per_token_layer(&self, tensor: f64) -> f64 {
        let own = match self.attention {
            Attention::Gqa { kv_heads, head_dim, .. } => {
                2.0 * f64::from(kv_heads) * f64::from(head_dim) / tensor.min(f64::from(kv_heads))
            }
            Attention::Mla { kv_rank, rope_dim, .. } => f64::from(kv_rank) + f64::from(rope_dim),
        };
        own + self.sparse.map_or(0.0, |s| f64::from(s.dim))
    }

    /// Key-value bytes that one more token of context adds over all layers, without windows.
    #[must_use]
    pub fn kv_bytes_per_token(&self, cache: Precision) -> f64 {
        self.cache_values_per_token_layer(1.0) * self.cached_layers() * cache.bytes()
    }

    /// Sum over cached layers of the tokens held for a context of `context` tokens: windowed
    /// layers hold no more than their window.
    #[must_use]
    pub fn cached_token_layers(&self, context: f64) -> f64 {
        let local = self.local.map_or(0.0, |l| f64::from(l.layers));
        let window = self.local.map_or(0.0, |l| f64::from(l.window));
        (self.cached_layers() - local) * context + local * context.min(window)
    }

    /// Bytes of constant state of one sequence over all linear layers (kept in 32 bits).
    #[must_use]
    pub fn state_bytes(&self) -> f64 {
        const STATE_BYTES: f64 = 4.0;
        self.linear.map_or(0.0, |l| {
            f64::from(l.layers)
                * f64::from(l.value_heads)
                * f64::from(l.key_dim)
                * f64::from(l.value_dim)
                * STATE_BYTES
        })
    }

    /// Multiply-add width of one query token against one cached token, summed over heads: the
    /// product of score and value takes 2 × this FLOPs. `absorbed` is MLA's decode form, which
    /// attends in the latent space.
    #[must_use]
    pub fn attention_width(&self, absorbed: bool) -> f64 {
        match self.attention {
            Attention::Gqa { heads, head_dim, .. } => 2.0 * f64::from(heads) * f64::from(head_dim),
            Attention::Mla { heads, kv_rank, nope_dim, rope_dim, v_dim, .. } => {
                let n = f64::from(heads);
                if absorbed {
                    n * (2.0 * f64::from(kv_rank) + f64::from(rope_dim))
                } else {
                    n * (f64::from(nope_dim) + f64::from(rope_dim) + f64::from(v_dim))
                }
            }
        }
    }

    /// Tokens that one query reads in each cached layer, summed over layers, at `context`.
    #[must_use]
    pub fn attended_token_layers(&self, context: f64) -> f64 {
        let held = self.cached_token_layers(context);
        match self.sparse {
            Some(s) => held.min(self.cached_layers() * f64::from(s.top_tokens)),
            None => held,
        }
    }

    /// Forward FLOPs of one token at `context` tokens of context, by (5).
    #[must_use]
    pub fn flops_per_token(&self, context: f64) -> f64 {
        2.0 * self.params().active()
            + 2.0 * self.attention_width(false) * self.attended_token_layers(context)
    }

    /// Forward attention FLOPs of a prompt of `tokens`, causal: token i sees i keys.
    #[must_use]
    pub fn prefill_attention_flops(&self, tokens: f64) -> f64 {
        let local = self.local.map_or(0.0, |l| f64::from(l.layers));
        let window = self.local.map_or(f64::INFINITY, |l| f64::from(l.window));
        let full_pairs = match self.sparse {
            Some(s) => windowed_pairs(tokens, f64::from(s.top_tokens)),
            None => windowed_pairs(tokens, f64::INFINITY),
        };
        let pairs =
            (self.cached_layers() - local) * full_pairs + local * windowed_pairs(tokens, window);
        2.0 * self.attention_width(false) * pairs
    }

    /// Checks that the shape is one that can exist.
    ///
    /// # Errors
    /// Names the first field outside its range.
    pub fn check(&self) -> Result<(), WorkloadError> {
        const MOST: f64 = 1e7;
        let f = f64::from;
        in_range("model.layers", f(self.layers), 1.0, 1e4)?;
        in_range("model.hidden", f(self.hidden), 1.0, MOST)?;
        in_range("model.vocab", f(self.vocab), 1.0, MOST)?;
        let layers = f(self.layers);
        let (heads, kv) = match self.attention {
            Attention::Gqa { heads, kv_heads, .. } => (heads, kv_heads),
            Attention::Mla { heads, kv_rank, .. } => (heads, kv_rank),
        };
        in_range("model.attention.heads", f(heads), 1.0, MOST)?;
        in_range("model.attention.kv_heads or kv_rank", f(kv), 1.0, MOST)?;
        if let Some(l) = self.linear {
            in_range("model.linear.layers", f(l.layers), 0.0, layers)?;
        }
        if let Some(l) = self.local {
            in_range("model.local.layers", f(l.layers), 0.0, self.cached_layers())?;
            in_range("model.local.window", f(l.window), 1.0, f64::MAX)?;
        }
        if let Some(m) = self.moe {
            in_range("model.moe.layers", f(m.layers), 0.0, layers)?;
            in_range("model.moe.experts", f(m.experts), 1.0, MOST)?;
            in_range("model.moe.expert_ffn", f(m.expert_ffn), 1.0, MOST)?;
            in_range("model.moe.experts_per_token", f(m.experts_per_token), 1.0, f(m.experts))?;
        } else {
            in_range("model.ffn", f(self.ffn), 1.0, MOST)?;
        }
        Ok(())
    }
}

/// Query-key pairs of a causal prompt of `tokens` whose queries see at most `window` keys.
fn windowed_pairs(tokens: f64, window: f64) -> f64 {
    let w = window.min(tokens);
    w * (w + 1.0) / 2.0 + (tokens - w) * w
}
