//! Limits of language models.

use crate::catalog::check::Checker;
use crate::catalog::spec::{MlaSpec, ModelSpec, MoeSpec, Spec};

/// Widest tensor dimension that is taken for a model and not for a typing error.
const WIDEST: u32 = 1 << 20;

impl Spec for ModelSpec {
    const KIND: &'static str = "language model";

    fn check(&self, to: &mut Checker<'_>) {
        to.range("params_total_b", self.params_total_b, 1e-3, 1e6, "1e9 parameters");
        to.range("params_active_b", self.params_active_b, 1e-3, 1e6, "1e9 parameters");
        to.ascending(&[
            ("params_active_b", Some(self.params_active_b)),
            ("params_total_b", Some(self.params_total_b)),
        ]);
        to.count("layers", self.layers, 1, 10_000);
        to.count("hidden", self.hidden, 1, WIDEST);
        to.optional_count("ffn_dense", self.ffn_dense, 1, WIDEST);
        to.count("heads", self.heads, 1, 10_000);
        to.count("kv_heads", self.kv_heads, 1, self.heads.max(1));
        to.count("head_dim", self.head_dim, 1, WIDEST);
        to.count("vocab", self.vocab, 1, 1 << 24);
        to.count("full_attention_every", self.full_attention_every, 1, self.layers.max(1));
        to.optional_count("attention_window", self.attention_window, 1, 1 << 24);
        to.optional_count("attention_top_k", self.attention_top_k, 1, 1 << 24);
        to.count("context_tokens", self.context_tokens, 1, 1 << 30);
        if let Some(moe) = &self.moe {
            check_moe(moe, self.layers, to);
        } else if self.ffn_dense.is_none() && self.architecture_complete {
            to.report("ffn_dense", "is missing and there is no mixture of experts");
        }
        if let Some(mla) = &self.mla {
            check_mla(mla, to);
        }
        if let Some(l) = &self.linear {
            for value in [l.key_heads, l.value_heads, l.key_dim, l.value_dim] {
                to.count("linear", value, 1, WIDEST);
            }
        }
    }
}

fn check_moe(moe: &MoeSpec, layers: u32, to: &mut Checker<'_>) {
    to.count("moe", moe.experts, 1, 100_000);
    if moe.experts_per_token == 0 || moe.experts_per_token > moe.experts {
        to.report(
            "moe",
            format!("experts_per_token {} is outside 1 to {}", moe.experts_per_token, moe.experts),
        );
    }
    to.count("moe", moe.shared_experts, 0, 1_000);
    to.count("moe", moe.expert_ffn, 1, WIDEST);
    to.optional_count("moe", moe.latent, 1, WIDEST);
    if moe.dense_layers > layers {
        to.report("moe", format!("dense_layers {} is above layers {layers}", moe.dense_layers));
    }
}

fn check_mla(mla: &MlaSpec, to: &mut Checker<'_>) {
    for value in [mla.kv_lora_rank, mla.qk_nope_dim, mla.qk_rope_dim, mla.v_dim] {
        to.count("mla", value, 1, WIDEST);
    }
    to.count("mla", mla.q_lora_rank, 0, WIDEST);
}
