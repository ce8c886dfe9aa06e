//! Parameter counts of a language model from its architecture.
//!
//! Unknowns: total `N` and active `N_a` (weights that one token is multiplied with).
//! With `L` layers of width `h`, vocabulary `V`:
//!
//! (1) `N   = L·A + D·F_d + (L−D)·(h·E + (E+s)·F_e) + V·h·(2 or 1 if tied) + (2L+1)·h`
//! (2) `N_a = L·A + D·F_d + (L−D)·(h·E + (k+s)·F_e) + V·h + (2L+1)·h`
//!
//! - grouped-query attention (3) `A = h·d·(2·n_q + 2·n_kv)`
//! - latent attention (4) `A = h·r_q + r_q·n_q·(d_n+d_r) + h·(r_kv+d_r) + r_kv·n_q·(d_n+d_v) + n_q·d_v·h`;
//!   without a query rank (`r_q = 0`) the query is one matrix `h·n_q·(d_n+d_r)`
//! - feed-forward `F = 3·h·f` gated, `2·h·f` plain
//!
//! `D` dense layers, `E` routed experts of which `k` per token, `s` shared; the last term of (1)
//! and (2) are the norms. Looking up the input embedding multiplies nothing, so (2) counts the
//! vocabulary once (output head). Biases and rotary tables are left out: under 0.1 % everywhere.
//!
//! Validity: layers of one attention kind. Hybrids (linear attention, state-space, latent experts)
//! carry `architecture_complete: false`; for them only the published counts are to be used.

use super::spec::{MlaSpec, ModelSpec, MoeSpec};

impl ModelSpec {
    /// Total and active parameters computed from the architecture, equations (1) and (2).
    #[must_use]
    pub fn computed_params(&self) -> (f64, f64) {
        let layers = f64::from(self.layers);
        let hidden = f64::from(self.hidden);
        let (ffn_total, ffn_active) = self.feed_forward_params();
        let rest = layers * self.attention_params() + (2.0 * layers + 1.0) * hidden;
        let embedding = f64::from(self.vocab) * hidden;
        let embeddings = if self.tied_embeddings { 1.0 } else { 2.0 };
        (rest + ffn_total + embeddings * embedding, rest + ffn_active + embedding)
    }

    /// Attention weights of one layer, equation (3) or (4).
    #[must_use]
    pub fn attention_params(&self) -> f64 {
        let hidden = f64::from(self.hidden);
        let heads = f64::from(self.heads);
        match &self.mla {
            Some(mla) => latent_attention(mla, hidden, heads),
            None => {
                let kv_heads = f64::from(self.kv_heads);
                hidden * f64::from(self.head_dim) * (2.0 * heads + 2.0 * kv_heads)
            }
        }
    }

    /// Feed-forward weights of all layers: stored, and visited by one token.
    fn feed_forward_params(&self) -> (f64, f64) {
        let matrices = if self.gated_ffn { 3.0 } else { 2.0 };
        let block = |width: u32| matrices * f64::from(self.hidden) * f64::from(width);
        let dense_block = self.ffn_dense.map_or(0.0, block);
        let Some(moe) = &self.moe else {
            let dense = f64::from(self.layers) * dense_block;
            return (dense, dense);
        };
        let MoeSpec {
            experts, experts_per_token, shared_experts, expert_ffn, dense_layers, ..
        } = *moe;
        let dense = f64::from(dense_layers) * dense_block;
        let moe_layers = f64::from(self.layers.saturating_sub(dense_layers));
        let router = f64::from(self.hidden) * f64::from(experts);
        let layer =
            |n: u32| router + (f64::from(n) + f64::from(shared_experts)) * block(expert_ffn);
        (dense + moe_layers * layer(experts), dense + moe_layers * layer(experts_per_token))
    }
}

/// Equation (4).
fn latent_attention(mla: &MlaSpec, hidden: f64, heads: f64) -> f64 {
    let [kv_rank, q_rank, nope, rope, value] =
        [mla.kv_lora_rank, mla.q_lora_rank, mla.qk_nope_dim, mla.qk_rope_dim, mla.v_dim]
            .map(f64::from);
    let query = if mla.q_lora_rank == 0 {
        hidden * heads * (nope + rope)
    } else {
        hidden * q_rank + q_rank * heads * (nope + rope)
    };
    let key_value = hidden * (kv_rank + rope) + kv_rank * heads * (nope + value);
    query + key_value + heads * value * hidden
}

#[cfg(test)]
mod tests {
    use crate::catalog::shipped;

    /// Largest allowed difference between computed and published totals.
    const TOTAL_TOLERANCE: f64 = 0.015;

    #[test]
    fn every_complete_architecture_reproduces_its_published_total() {
        let catalog = shipped().unwrap();
        let mut complete = 0;
        for model in catalog.models.iter().filter(|m| m.spec.architecture_complete) {
            let computed_b = model.spec.computed_params().0 / 1e9;
            let published_b = model.spec.params_total_b;
            let off = (computed_b / published_b - 1.0).abs();
            assert!(off <= TOTAL_TOLERANCE, "{}: {computed_b} against {published_b}", model.id);
            complete += 1;
        }
        assert!(complete >= 20, "only {complete} models have a complete architecture");
    }

    /// Total and active, 1e9, as computed elsewhere from the same public configurations.
    const REFERENCE: [(&str, f64, f64); 22] = [
        ("llama31_8b", 8.03, 7.5),
        ("llama31_70b", 70.55, 69.5),
        ("llama31_405b", 405.85, 403.75),
        ("llama4_maverick", 400.71, 16.15),
        ("llama4_scout", 107.77, 16.14),
        ("qwen3_8b", 8.19, 7.57),
        ("qwen3_32b", 32.76, 31.98),
        ("qwen3_30b_a3b", 30.53, 3.04),
        ("qwen3_235b_a22b", 235.09, 21.57),
        ("qwen3_coder_480b", 480.15, 34.54),
        ("deepseek_v3", 671.03, 36.62),
        ("deepseek_r1", 671.03, 36.62),
        ("deepseek_v32", 671.03, 36.62),
        ("kimi_k2", 1026.41, 31.69),
        ("kimi_k25", 1026.41, 31.69),
        ("gpt_oss_120b", 116.79, 5.13),
        ("gpt_oss_20b", 20.91, 3.61),
        ("mixtral_8x7b", 46.7, 12.75),
        ("mixtral_8x22b", 140.62, 38.95),
        ("glm5", 743.18, 40.1),
        ("minimax_m25", 228.69, 10.42),
        ("gpt3_175b", 174.6, 174.6),
    ];

    #[test]
    fn reference_counts_are_reproduced() {
        let catalog = shipped().unwrap();
        for (id, total_b, active_b) in REFERENCE {
            let (total, active) = catalog.models.find(id).unwrap().spec.computed_params();
            // The reference is printed to two decimals; norms are counted in one and not always
            // in the other.
            let close = |a: f64, b: f64| (a - b).abs() <= 0.011 + 2e-4 * b;
            assert!(close(total / 1e9, total_b), "{id}: {} against {total_b}", total / 1e9);
            assert!(close(active / 1e9, active_b), "{id}: {} against {active_b}", active / 1e9);
        }
    }
}
