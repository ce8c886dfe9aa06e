//! From the resolved plan to cases: racks grouped by system, the model's shape, the job.

use super::arch::{Attention, LinearAttention, LocalAttention, ModelArch, Moe, SparseIndexer};
use super::device::{Device, Precision};
use super::serving_types::{ServingCase, ServingPrecision, Sla, Software};
use super::training::{ArchClass, TrainingCase, TrainingOptions};
use crate::catalog::{AcceleratorSpec, Entry, ModelSpec, SystemSpec};
use crate::evaluate::reliability::goodput;
use crate::evaluate::snapshot::{RackFacts, RackKind, ResolveError, Snapshot};
use crate::plan::{ObjectId, Serving, Training};
use std::collections::BTreeMap;
use std::sync::Arc;

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
/// Bytes read from storage per token of text trained: one 4-byte token id.
const TEXT_BYTES_PER_TOKEN: f64 = 4.0;

/// Racks with the same system, in order of catalogue id.
#[derive(Clone, Debug)]
pub struct SystemGroup {
    /// Catalogue id of the system.
    pub system: String,
    /// The system.
    pub entry: Arc<Entry<SystemSpec>>,
    /// Its accelerator.
    pub accelerator: Arc<Entry<AcceleratorSpec>>,
    /// Its racks.
    pub racks: Vec<ObjectId>,
    /// Accelerators.
    pub gpus: u32,
    /// Clock factor of each rack's accelerators, weighted by their number: mean.
    pub mean_clock: f64,
    /// The slowest rack's clock factor.
    pub slowest_clock: f64,
}

/// What other stages found on the last turn of the outer iteration; the default is a cool hall
/// with an unloaded fabric and ample storage.
#[derive(Clone, Debug, PartialEq)]
pub struct HallConditions {
    /// Clock factor of racks that run below the rated clock.
    pub clocks: BTreeMap<ObjectId, f64>,
    /// Share of the NIC's rate left to all-reduce over the hall, above 0 and at most 1.
    pub all_reduce_share: f64,
    /// Share of the NIC's rate left to all-to-all over the hall, above 0 and at most 1.
    pub all_to_all_share: f64,
    /// Storage read bandwidth, bytes/s; `None` when not known: taken as ample.
    pub storage_read_byte_s: Option<f64>,
    /// Storage write bandwidth, bytes/s; `None` when not known.
    pub storage_write_byte_s: Option<f64>,
    /// Mean accelerator-hours between failures, hours.
    pub gpu_mtbf_h: f64,
    /// Time from a failure until the job computes again, without reading the checkpoint, s.
    pub restart_s: f64,
    /// Tokens/s over those of the kernels that the efficiencies were read from: 1 for software of
    /// their date, more as it matures.
    pub software_maturity: f64,
}

impl HallConditions {
    /// The planning assumptions of the plan and its catalogue; cool hall, unloaded fabric, ample
    /// storage.
    ///
    /// # Errors
    /// Names the assumption that the catalogue lacks.
    pub fn planned(snapshot: &Snapshot) -> Result<Self, ResolveError> {
        Ok(Self {
            gpu_mtbf_h: snapshot.assumption("gpu_mtbf_h")?.base,
            restart_s: snapshot.assumption("restart_s")?.base,
            software_maturity: snapshot.assumption("software_maturity")?.base,
            ..Self::default()
        })
    }
}

impl Default for HallConditions {
    fn default() -> Self {
        Self {
            clocks: BTreeMap::new(),
            all_reduce_share: 1.0,
            all_to_all_share: 1.0,
            storage_read_byte_s: None,
            storage_write_byte_s: None,
            gpu_mtbf_h: goodput::GPU_MTBF_H,
            restart_s: goodput::RESTART_OVERHEAD_S,
            software_maturity: 1.0,
        }
    }
}

/// Compute racks by system.
#[must_use]
pub fn groups(snapshot: &Snapshot, conditions: &HallConditions) -> Vec<SystemGroup> {
    let mut found: BTreeMap<String, SystemGroup> = BTreeMap::new();
    for rack in snapshot.racks.iter().filter(|r| r.kind == RackKind::Compute) {
        let (Some(system), Some(accelerator)) = (&rack.system, &rack.accelerator) else { continue };
        let group = found.entry(system.id.clone()).or_insert_with(|| SystemGroup {
            system: system.id.clone(),
            entry: Arc::clone(system),
            accelerator: Arc::clone(accelerator),
            racks: Vec::new(),
            gpus: 0,
            mean_clock: 0.0,
            slowest_clock: 1.0,
        });
        add_rack(group, rack, conditions);
    }
    for group in found.values_mut() {
        group.mean_clock /= f64::from(group.gpus.max(1));
    }
    found.into_values().filter(|g| g.gpus > 0).collect()
}

/// Adds a rack; `mean_clock` is a sum until all are in.
fn add_rack(group: &mut SystemGroup, rack: &RackFacts, conditions: &HallConditions) {
    let clock = conditions.clocks.get(&rack.id).copied().unwrap_or(1.0).clamp(0.0, 1.0);
    group.racks.push(rack.id);
    group.gpus = group.gpus.saturating_add(rack.accelerator_count);
    group.mean_clock += clock * f64::from(rack.accelerator_count);
    group.slowest_clock = group.slowest_clock.min(clock);
}

/// The accelerator of a group.
///
/// # Errors
/// The missing field's name where the catalogue has no peak to compute with.
pub fn device(group: &SystemGroup, clock_factor: f64) -> Result<Device, &'static str> {
    let spec = &group.accelerator.spec;
    let system = &group.entry.spec;
    let ports = system.nic_count.zip(system.nic_gbit_s).map(|(n, rate)| f64::from(n) * rate);
    let per_gpu = ports.map(|total| total / f64::from(system.accelerator_count.max(1)));
    let domain = scale_up_domain(spec, system);
    let alone = accelerator(&group.accelerator.name, spec, domain)?;
    Ok(Device {
        nic_byte_s: per_gpu.map_or(alone.nic_byte_s, |rate| rate * GIGA / BITS),
        clock_factor,
        ..alone
    })
}

const GIGA: f64 = 1e9;
const BITS: f64 = 8.0;

/// An accelerator by its datasheet alone, `domain` of them on one scale-up network, at the rated
/// clock.
///
/// # Errors
/// The missing field's name where the catalogue has no peak to compute with.
pub fn accelerator(
    name: &str,
    spec: &AcceleratorSpec,
    domain: u32,
) -> Result<Device, &'static str> {
    const TERA: f64 = 1e12;
    const DIRECTIONS: f64 = 2.0;
    let flops = |tflops: Option<f64>| tflops.map(|t| t * TERA);
    // Parts announced with narrow formats only: BF16 runs at half the FP8 rate on every part that
    // publishes both.
    let half_fp8 = flops(spec.fp8_dense_tflops).map(|f| f / 2.0);
    let bf16 = flops(spec.bf16_dense_tflops).or(half_fp8).ok_or("bf16_dense_tflops")?;
    Ok(Device {
        name: name.to_owned(),
        bf16_flop_s: bf16,
        fp8_flop_s: flops(spec.fp8_dense_tflops),
        fp4_flop_s: flops(spec.fp4_dense_tflops),
        memory_bytes: spec.memory_gbyte * GIGA,
        memory_byte_s: spec.memory_tbyte_s * TERA,
        scale_up_byte_s: spec.scale_up_gbyte_s_bidir.unwrap_or(0.0) * GIGA / DIRECTIONS,
        scale_up_domain: domain,
        nic_byte_s: spec.nic_gbit_s.unwrap_or(0.0) * GIGA / BITS,
        clock_factor: 1.0,
    })
}

/// A domain is no larger than the system that wires it: one server, or a rack-scale system.
fn scale_up_domain(spec: &AcceleratorSpec, system: &SystemSpec) -> u32 {
    spec.scale_up_domain.min(system.accelerator_count).max(1)
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

/// The workload's number format of a plan's.
#[must_use]
pub const fn precision(plan: crate::plan::Precision) -> Precision {
    match plan {
        crate::plan::Precision::Bf16 => Precision::Bf16,
        crate::plan::Precision::Fp8 => Precision::Fp8,
        crate::plan::Precision::Fp4 => Precision::Fp4,
    }
}

/// The serving question of a group.
#[must_use]
pub fn serving_case(
    snapshot: &Snapshot,
    conditions: &HallConditions,
    group: &SystemGroup,
    device: Device,
    job: &Serving,
) -> ServingCase {
    const MS: f64 = 1e-3;
    ServingCase {
        device,
        model: model(&snapshot.model),
        precision: ServingPrecision::usual(precision(snapshot.plan.workload.precision)),
        gpus: group.gpus,
        input_tokens: f64::from(job.input_tokens),
        output_tokens: f64::from(job.output_tokens),
        cached_prompt_fraction: 0.0,
        sla: Sla { ttft_s: Some(job.ttft_ms * MS), tpot_s: Some(job.tpot_ms * MS) },
        layout: None,
        batch: None,
        fabric_factor: conditions.all_to_all_share,
        software: Software::default(),
        equal_lengths: false,
    }
}

/// The training question of a group.
#[must_use]
pub fn training_case(
    snapshot: &Snapshot,
    conditions: &HallConditions,
    group: &SystemGroup,
    device: Device,
    job: &Training,
) -> TrainingCase {
    let sequences = job.batch_tokens / u64::from(job.sequence_tokens.max(1));
    TrainingCase {
        device,
        model: model(&snapshot.model),
        precision: precision(snapshot.plan.workload.precision),
        gpus: group.gpus,
        sequence_tokens: f64::from(job.sequence_tokens),
        global_batch: u32::try_from(sequences).unwrap_or(u32::MAX),
        recompute: None,
        layout: None,
        fabric_factor: conditions.all_reduce_share,
        storage_read_byte_s: conditions.storage_read_byte_s,
        read_bytes_per_token: TEXT_BYTES_PER_TOKEN,
        options: TrainingOptions {
            class: ArchClass::of(&group.accelerator.spec.arch),
            ..TrainingOptions::default()
        },
    }
}
