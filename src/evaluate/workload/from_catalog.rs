//! What the catalogue says of an accelerator and a model, as the workload model sees them. Plans and
//! rows of measurements come through here alike.

use super::arch::{Attention, LinearAttention, LocalAttention, ModelArch, Moe, SparseIndexer};
use super::device::Device;
use crate::catalog::{AcceleratorSpec, Entry, ModelSpec, SystemSpec};

/// Indexer heads and width of sparse attention (DeepSeek-V3.2: 64 × 128); the catalogue carries
/// only the number of tokens that it selects.
const INDEXER: (u32, u32) = (64, 128);
/// Linear attention of hybrids where the catalogue says only that it is linear: widths of Qwen3.5
/// relative to its 4,096 hidden units (16 key and 64 value heads of 128).
const LINEAR_HEAD_DIM: u32 = 128;
/// Hidden units per linear key head, as above.
const HIDDEN_PER_LINEAR_KEY_HEAD: u32 = 256;
/// Hidden units per linear value head, as above.
const HIDDEN_PER_LINEAR_VALUE_HEAD: u32 = 64;

/// An accelerator in the `system` that wires it; without one, in the largest scale-up domain and
/// with the network that its own entry states. The name of the missing field where the catalogue
/// has no peak to compute with.
pub fn device(
    accelerator: &Entry<AcceleratorSpec>,
    system: Option<&SystemSpec>,
    clock_factor: f64,
) -> Result<Device, &'static str> {
    const TERA: f64 = 1e12;
    const GIGA: f64 = 1e9;
    const BITS: f64 = 8.0;
    const DIRECTIONS: f64 = 2.0;
    let spec = &accelerator.spec;
    let flops = |tflops: Option<f64>| tflops.map(|t| t * TERA);
    // Parts announced with narrow formats only: BF16 runs at half the FP8 rate on every part that
    // publishes both.
    let half_fp8 = flops(spec.fp8_dense_tflops).map(|f| f / 2.0);
    let bf16 = flops(spec.bf16_dense_tflops).or(half_fp8).ok_or("bf16_dense_tflops")?;
    let per_gpu = system.and_then(|s| {
        let ports = s.nic_count.zip(s.nic_gbit_s).map(|(n, rate)| f64::from(n) * rate);
        ports.map(|total| total / f64::from(s.accelerator_count.max(1)))
    });
    let nic_gbit_s = per_gpu.or(spec.nic_gbit_s).unwrap_or(0.0);
    // A domain is no larger than the system that wires it: one server, or a rack-scale system.
    let wired = system.map_or(spec.scale_up_domain, |s| s.accelerator_count);
    Ok(Device {
        name: accelerator.name.clone(),
        bf16_flop_s: bf16,
        fp8_flop_s: flops(spec.fp8_dense_tflops),
        fp4_flop_s: flops(spec.fp4_dense_tflops),
        memory_bytes: spec.memory_gbyte * GIGA,
        memory_byte_s: spec.memory_tbyte_s * TERA,
        scale_up_byte_s: spec.scale_up_gbyte_s_bidir.unwrap_or(0.0) * GIGA / DIRECTIONS,
        scale_up_domain: spec.scale_up_domain.min(wired).max(1),
        nic_byte_s: nic_gbit_s * GIGA / BITS,
        clock_factor,
    })
}

/// The model's shape from its catalogue entry.
#[must_use]
pub fn model(entry: &Entry<ModelSpec>) -> ModelArch {
    let s = &entry.spec;
    let every = s.full_attention_every.max(1);
    let partial = s.layers - s.layers / every;
    let windowed = s.attention_window.filter(|_| every > 1);
    let linear = every > 1 && s.attention_window.is_none();
    ModelArch {
        name: entry.name.clone(),
        layers: s.layers,
        hidden: s.hidden,
        ffn: s.ffn_dense.unwrap_or(0),
        gated: s.gated_ffn,
        vocab: s.vocab,
        tied_head: s.tied_embeddings,
        attention: attention(s),
        local: windowed.map(|window| LocalAttention { layers: partial, window }),
        linear: linear.then(|| linear_attention(s, partial)),
        sparse: s.attention_top_k.map(|top_tokens| SparseIndexer {
            heads: INDEXER.0,
            dim: INDEXER.1,
            top_tokens,
        }),
        moe: s.moe.map(|m| Moe {
            layers: s.layers.saturating_sub(m.dense_layers),
            experts: m.experts,
            experts_per_token: m.experts_per_token,
            shared_experts: m.shared_experts,
            expert_ffn: m.expert_ffn,
        }),
    }
}

fn attention(s: &ModelSpec) -> Attention {
    match s.mla {
        Some(m) => Attention::Mla {
            heads: s.heads,
            kv_rank: m.kv_lora_rank,
            q_rank: m.q_lora_rank,
            nope_dim: m.qk_nope_dim,
            rope_dim: m.qk_rope_dim,
            v_dim: m.v_dim,
        },
        None => Attention::Gqa {
            heads: s.heads,
            kv_heads: s.kv_heads,
            head_dim: s.head_dim,
            output_gate: false,
        },
    }
}

fn linear_attention(s: &ModelSpec, layers: u32) -> LinearAttention {
    LinearAttention {
        layers,
        key_heads: (s.hidden / HIDDEN_PER_LINEAR_KEY_HEAD).max(1),
        value_heads: (s.hidden / HIDDEN_PER_LINEAR_VALUE_HEAD).max(1),
        key_dim: LINEAR_HEAD_DIM,
        value_dim: LINEAR_HEAD_DIM,
    }
}
