//! What a training question and its answer look like.

use super::super::arch::ModelArch;
use super::super::device::{Device, Precision};
use super::super::serving_types::WorkloadLimit;
use super::super::split::TimeSplit;
use super::class::ArchClass;
use super::layout::TrainingLayout;
use serde::{Deserialize, Serialize};

/// What is recomputed in the backward pass to save memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recompute {
    /// Nothing: all activations are kept.
    None,
    /// The core of attention (scores, softmax) and cheap element-wise results.
    Selective,
    /// Whole layers: only their inputs are kept.
    Full,
}

/// Which weights learn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainingMethod {
    /// All weights: pre-training or full fine-tuning.
    #[default]
    Full,
    /// Low-rank adapters on a frozen base: no gradients of the base's weights, no optimiser for it.
    Lora {
        /// Rank of the adapters.
        rank: u32,
    },
}

/// What the training software of the job does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingSoftware {
    /// Date of the stack, years (2026.5 = mid 2026).
    pub year: f64,
    /// Attention in one kernel that never writes its scores (FlashAttention and kin).
    pub fused_attention: bool,
    /// Norms and residuals divided over the tensor-parallel group (sequence parallel).
    pub sequence_parallel: bool,
    /// Share of the tensor-parallel exchange that stays exposed, 0 to 1; `None` takes the fitted
    /// one of stacks since 2023.
    pub tensor_exposed: Option<f64>,
}

impl TrainingSoftware {
    /// Year of the newest stack among the fitted points; later dates take its kernels.
    pub const NEWEST: f64 = 2026.6;

    /// Current software.
    pub const CURRENT: Self = Self {
        year: Self::NEWEST,
        fused_attention: true,
        sequence_parallel: true,
        tensor_exposed: None,
    };

    /// Megatron-LM of 2021-22: scores are written, exchange is not overlapped; sequence parallel
    /// came in 2022.
    #[must_use]
    pub const fn megatron_2022(sequence_parallel: bool) -> Self {
        Self { year: 2022.4, fused_attention: false, sequence_parallel, tensor_exposed: Some(1.0) }
    }
}

/// What else a training job may choose.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingOptions {
    /// Which weights learn.
    pub method: TrainingMethod,
    /// The software.
    pub software: TrainingSoftware,
    /// Architecture class of the accelerator, which carries how mature its kernels are.
    pub class: ArchClass,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self {
            method: TrainingMethod::Full,
            software: TrainingSoftware::CURRENT,
            class: ArchClass::Other,
        }
    }
}

/// A training question: one job on one kind of system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingCase {
    /// The accelerator.
    pub device: Device,
    /// The model.
    pub model: ModelArch,
    /// Precision of the matrix products; weights and gradients move in BF16.
    pub precision: Precision,
    /// Accelerators available.
    pub gpus: u32,
    /// Tokens in a sequence.
    pub sequence_tokens: f64,
    /// Sequences in a global batch.
    pub global_batch: u32,
    /// Recompute policy; `None` takes the lightest that fits.
    pub recompute: Option<Recompute>,
    /// Layout to use; `None` lets the search choose.
    pub layout: Option<TrainingLayout>,
    /// Scale-out bandwidth that remains per accelerator after oversubscription and congestion,
    /// as a share of the NIC's, above 0 and at most 1.
    pub fabric_factor: f64,
    /// Storage read bandwidth available to the job, bytes/s; `None` when it is ample.
    pub storage_read_byte_s: Option<f64>,
    /// Bytes read from storage per token trained (text: about 4; multimodal: thousands).
    pub read_bytes_per_token: f64,
    /// Method, software and class.
    #[serde(default)]
    pub options: TrainingOptions,
}

/// Memory of the fullest accelerator, bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrainingMemory {
    /// Weights as the products read them.
    pub weights: f64,
    /// Gradients.
    pub gradients: f64,
    /// Master weights and moments of the optimiser.
    pub optimiser: f64,
    /// Activations kept for the backward pass.
    pub activations: f64,
    /// Logits and their gradient on the last stage.
    pub logits: f64,
    /// Runtime and collective buffers.
    pub runtime: f64,
}

impl TrainingMemory {
    /// All of it, bytes.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.weights
            + self.gradients
            + self.optimiser
            + self.activations
            + self.logits
            + self.runtime
    }
}

/// On what evidence an answer rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainingBasis {
    /// Architecture class and kind of model were among the points that the laws were fitted to.
    SameClass,
    /// The device's class or the kind of model was not: its datasheet alone speaks.
    Extrapolated,
}

/// The answer to a [`TrainingCase`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingResult {
    /// The layout chosen.
    pub layout: TrainingLayout,
    /// The recompute policy chosen.
    pub recompute: Recompute,
    /// Accelerators left over.
    pub gpus_idle: u32,
    /// Time of one optimiser step, s.
    pub step_s: f64,
    /// Tokens/s of the job.
    pub total_tok_s: f64,
    /// Tokens/s per accelerator in use.
    pub gpu_tok_s: f64,
    /// Useful model FLOPs over the dense peak of `precision` at the rated clock (recompute not
    /// counted, experts by active parameters, attention causal), 0 to 1.
    pub mfu: f64,
    /// The same with recomputed FLOPs counted, 0 to 1.
    pub hfu: f64,
    /// The dense peak that both refer to, FLOP/s per accelerator.
    pub peak_flop_s: f64,
    /// Useful FLOP/s per accelerator in use: `mfu` × `peak_flop_s`.
    pub model_flop_s: f64,
    /// FLOP/s per accelerator in use with recomputation: `hfu` × `peak_flop_s`.
    pub hardware_flop_s: f64,
    /// Where the step's time goes, s.
    pub split: TimeSplit,
    /// Memory needed per accelerator, bytes.
    pub memory_bytes: f64,
    /// Of what that memory consists.
    pub memory: TrainingMemory,
    /// Whether it fits; false only where a stated layout was to be costed regardless.
    pub fits: bool,
    /// Checkpoint of weights and optimiser, bytes.
    pub checkpoint_bytes: f64,
    /// Mean scale-out traffic per accelerator in one direction, bytes/s.
    pub fabric_byte_s: f64,
    /// Storage read that the job needs so as not to wait, bytes/s.
    pub storage_read_byte_s: f64,
    /// Mean power over the accelerator's design power, 0 to 1.
    pub power_fraction: f64,
    /// What binds.
    pub limit: WorkloadLimit,
    /// On what evidence the step time rests.
    pub basis: TrainingBasis,
    /// Low and high multiple of the tokens/s: P10 and P90 of measured over computed on points that
    /// were held out.
    pub band: (f64, f64),
    /// One sentence for a person.
    pub explanation: String,
}

impl TrainingResult {
    /// Days to train `tokens` at goodput `goodput` (0 to 1).
    #[must_use]
    pub fn days_to_train(&self, tokens: f64, goodput: f64) -> f64 {
        tokens / (self.total_tok_s * goodput) / crate::units::SECONDS_PER_HOUR / 24.0
    }

    /// Accelerator-hours to train `tokens` at goodput `goodput`, idle ones left out.
    #[must_use]
    pub fn gpu_hours(&self, tokens: f64, goodput: f64) -> f64 {
        tokens / (self.gpu_tok_s * goodput) / crate::units::SECONDS_PER_HOUR
    }
}
