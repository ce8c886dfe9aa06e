//! What must lie in accelerator memory, and how many sequences that leaves room for.
//!
//! (1) usable = M (1 − r) − runtime − collectives − activations
//! (2) weights = dense w / (t p) + experts w / (t d p) + embedding and head / (t p)
//! (3) sequences per replica = d p (usable − weights) / (cache of one sequence on one rank)

use super::arch::ModelArch;
use super::device::{Device, Precision};
use super::serving_types::{ServingLayout, ServingPrecision};

/// Share of memory kept free against fragmentation and bursts: engines use 0.90 by default (vLLM
/// `gpu_memory_utilization`, TensorRT-LLM `free_gpu_memory_fraction`).
const RESERVED_SHARE: f64 = 0.10;
/// Runtime, libraries and captured graphs, bytes (aiconfigurator-core 0.12: 3.5 GiB).
const RUNTIME_BYTES: f64 = 3.5 * 1_073_741_824.0;
/// Buffers of the collective library when there is more than one rank, bytes (0.36-0.41 GB
/// measured with NCCL 2.27, same source).
const COLLECTIVE_BYTES: f64 = 0.4e9;
/// Prompt tokens processed in one chunk, which sizes the activations (usual engine default).
pub(super) const CHUNK_TOKENS: f64 = 8192.0;
/// Values of the residual's width alive per token of a chunk (assumption: residual, its copy,
/// projections).
const LIVE_ROWS: f64 = 6.0;

/// Memory of one accelerator of a replica, bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MemoryPlan {
    /// Weights.
    pub weights: f64,
    /// Runtime, collective buffers and activations.
    pub working: f64,
    /// Memory that may be used at all, by (1) before deductions.
    pub usable: f64,
    /// Cache of one sequence of mean length, on one rank of its group and stage.
    pub sequence: f64,
    /// Sequences that a replica holds, by (3); below 1 means that it does not fit.
    pub sequences: f64,
}

/// Memory of a replica of `model` in `layout` whose sequences hold `context` tokens on average
/// and at most `longest`.
#[must_use]
pub fn plan(
    device: &Device,
    model: &ModelArch,
    precision: ServingPrecision,
    layout: ServingLayout,
    context: f64,
    longest: f64,
) -> MemoryPlan {
    let (t, d, p) = (f64::from(layout.tensor), f64::from(layout.data), f64::from(layout.pipeline));
    let count = model.params();
    let dense = (count.attention + count.dense_ffn) * precision.dense.bytes();
    let ends = (count.embedding + count.head) * Precision::Bf16.bytes();
    let experts = count.routed_experts * precision.experts.bytes();
    let weights = (dense + ends) / (t * p) + experts / (t * d * p);
    let usable = device.memory_bytes * (1.0 - RESERVED_SHARE);
    let working = working_bytes(model, layout);
    let sequence = sequence_bytes(model, precision, t, context) / p;
    let room = usable - weights - working;
    let full = sequence_bytes(model, precision, t, longest) / p;
    let sequences = if room < full { 0.0 } else { (room / sequence).floor() * d };
    MemoryPlan { weights, working, usable, sequence, sequences }
}

/// Cache of one sequence of `tokens` on one rank of `tensor`, all layers, bytes.
fn sequence_bytes(model: &ModelArch, prec: ServingPrecision, tensor: f64, tokens: f64) -> f64 {
    let values = model.cache_values_per_token_layer(tensor) * model.cached_token_layers(tokens);
    values * prec.kv_cache.bytes() + model.state_bytes() / tensor
}

fn working_bytes(model: &ModelArch, layout: ServingLayout) -> f64 {
    let t = f64::from(layout.tensor);
    let widest = match model.moe {
        Some(e) => f64::from(e.expert_ffn) * f64::from(e.experts_per_token + e.shared_experts),
        None => f64::from(model.ffn),
    };
    let values = LIVE_ROWS * f64::from(model.hidden) + 2.0 * widest / t;
    let buffers = if layout.gpus() > 1 { COLLECTIVE_BYTES } else { 0.0 };
    RUNTIME_BYTES + buffers + CHUNK_TOKENS * values * Precision::Bf16.bytes()
}

#[cfg(test)]
mod tests {
    use super::super::reference::{h100, llama_8b, llama_70b};
    use super::*;

    fn of(model: &ModelArch, tensor: u32) -> MemoryPlan {
        let layout = ServingLayout { tensor, ..ServingLayout::SINGLE };
        plan(&h100(), model, ServingPrecision::usual(Precision::Bf16), layout, 2048.0, 4096.0)
    }

    #[test]
    fn a_70b_model_in_bf16_needs_four_h100() {
        // 141 GB of weights: 70.6 GB on each of two leaves no room for cache beside the runtime.
        assert_eq!(of(&llama_70b(), 1).sequences, 0.0);
        assert!(of(&llama_70b(), 2).sequences < 30.0);
        assert!(of(&llama_70b(), 4).sequences > 100.0);
        assert!((of(&llama_70b(), 1).weights - 141.1e9).abs() < 1e9);
    }

    #[test]
    fn cache_of_a_sequence_is_the_published_bytes_per_token() {
        // Llama 3.1 8B: 131,072 bytes per token in 16 bits.
        assert!((of(&llama_8b(), 1).sequence - 131_072.0 * 2048.0).abs() < 1.0);
        assert!((of(&llama_8b(), 8).sequence - 131_072.0 * 2048.0 / 8.0).abs() < 1.0);
    }
}
