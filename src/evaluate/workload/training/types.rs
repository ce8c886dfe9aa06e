//! What a training question and its answer look like.

use super::super::arch::ModelArch;
use super::super::device::{Device, Precision};
use super::super::serving_types::WorkloadLimit;
use super::super::split::TimeSplit;
use serde::{Deserialize, Serialize};

/// What is recomputed in the backward pass to save memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recompute {
    /// Nothing: all activations are kept.
    None,
    /// Norms, activation functions and attention scores.
    Selective,
    /// Whole layers: only their inputs are kept.
    Full,
}

/// How a training job is spread. It has `tensor × pipeline × data` accelerators; experts divide
/// over `expert` of the `tensor × data` in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TrainingLayout {
    /// Tensor (and sequence) parallel width (TP).
    pub tensor: u32,
    /// Pipeline stages (PP).
    pub pipeline: u32,
    /// Data-parallel replicas (DP).
    pub data: u32,
    /// Expert-parallel width (EP); 1 for dense models.
    pub expert: u32,
    /// Sequences in one micro-batch.
    pub micro_batch: u32,
}

impl TrainingLayout {
    /// Accelerators of the job.
    #[must_use]
    pub const fn gpus(&self) -> u32 {
        self.tensor * self.pipeline * self.data
    }

    /// Short text: `TP8 PP4 DP16`.
    #[must_use]
    pub fn label(&self) -> String {
        let ep = if self.expert > 1 { format!(" EP{}", self.expert) } else { String::new() };
        format!("TP{} PP{} DP{}{ep}", self.tensor, self.pipeline, self.data)
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
    /// Where the step's time goes, s.
    pub split: TimeSplit,
    /// Memory needed per accelerator, bytes.
    pub memory_bytes: f64,
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
    /// One sentence for a person.
    pub explanation: String,
}
