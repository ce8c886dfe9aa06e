//! Shapes and layouts that papers print once and cite by a name: GPT of the Megatron papers and
//! the models that Calculon ships.
//!
//! Sources: Narayanan et al. 2021, Table 1 (arXiv 2104.04473); Korthikanti et al. 2022, Table 3
//! (arXiv 2205.05198); Calculon's model files (Apache-2.0).

use crate::evaluate::workload::{Attention, ModelArch, TrainingLayout};

/// Vocabulary of Megatron's GPT, padded.
const GPT_VOCAB: u32 = 51_200;
/// Plain transformers by (name, layers, hidden, heads).
const SHAPES: [(&str, u32, u32, u32); 15] = [
    ("gpt17b", 24, 2304, 24),
    ("gpt36b", 30, 3072, 32),
    ("gpt75b", 36, 4096, 32),
    ("gpt184b", 40, 6144, 48),
    ("gpt391b", 48, 8192, 64),
    ("gpt761b", 60, 10_240, 80),
    ("gpt1456b", 80, 12_288, 96),
    ("gpt3101b", 96, 16_384, 128),
    ("gpt22b", 48, 6144, 64),
    ("megatron22b", 48, 6144, 64),
    ("gpt175b", 96, 12_288, 96),
    ("gpt3175b", 96, 12_288, 96),
    ("gpt313b", 40, 5120, 40),
    ("gpt530b", 105, 20_480, 128),
    ("gpt1t", 128, 25_600, 160),
];
/// Chinchilla of Calculon's files.
const CHINCHILLA: (&str, u32, u32, u32) = ("chinchilla", 80, 8192, 64);

/// Runs by (name, accelerators, TP, PP, VP, micro-batch, global batch).
const RUNS: [(&str, u32, u32, u32, u32, u32, u32); 12] = [
    ("gpt17b", 32, 1, 1, 1, 1, 512),
    ("gpt36b", 64, 2, 1, 1, 1, 512),
    ("gpt75b", 128, 4, 1, 1, 1, 512),
    ("gpt184b", 256, 8, 1, 1, 1, 1024),
    ("gpt391b", 512, 8, 2, 1, 1, 1536),
    ("gpt761b", 1024, 8, 4, 1, 1, 1792),
    ("gpt1456b", 1536, 8, 8, 1, 1, 2304),
    ("gpt3101b", 1920, 8, 16, 1, 1, 2160),
    ("gpt22b", 8, 8, 1, 1, 4, 4),
    ("gpt175b", 64, 8, 8, 3, 1, 64),
    ("gpt530b", 280, 8, 35, 3, 1, 280),
    ("gpt1t", 512, 8, 64, 1, 1, 512),
];

/// The shape of a model by its plain name.
pub(super) fn published_shape(name: &str) -> Option<ModelArch> {
    let mut all = SHAPES.iter().chain([&CHINCHILLA]);
    let (_, layers, hidden, heads) = *all.find(|s| s.0 == name)?;
    /// Width of the feed-forward over the residual's.
    const FEED_FORWARD: u32 = 4;
    let head_dim = hidden / heads;
    Some(ModelArch {
        name: name.to_owned(),
        layers,
        hidden,
        ffn: FEED_FORWARD * hidden,
        gated: false,
        vocab: GPT_VOCAB,
        tied_head: true,
        attention: Attention::Gqa { heads, kv_heads: heads, head_dim, output_gate: false },
        local: None,
        linear: None,
        sparse: None,
        moe: None,
    })
}

/// Layout and global batch of a published run whose table row names only model and count.
pub(super) fn published_run(name: &str, gpus: u32) -> Option<(TrainingLayout, u32)> {
    let run = RUNS.iter().find(|r| r.0 == name && r.1 == gpus)?;
    let (_, _, tensor, pipeline, interleave, micro_batch, batch) = *run;
    let data = gpus / (tensor * pipeline);
    let layout = TrainingLayout {
        tensor,
        pipeline,
        interleave,
        micro_batch,
        data,
        ..TrainingLayout::SINGLE
    };
    Some((layout, batch))
}
