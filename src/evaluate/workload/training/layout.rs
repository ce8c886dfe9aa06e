//! How a training job is spread over accelerators, and which spreads can exist.

use super::super::error::WorkloadError;
use super::types::TrainingCase;
use serde::{Deserialize, Serialize};

/// What data-parallel replicas divide among themselves (ZeRO stages).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Sharding {
    /// Nothing: every replica holds all of its stage.
    None,
    /// The optimiser's state (ZeRO-1, the distributed optimizer).
    #[default]
    Optimiser,
    /// Gradients too (ZeRO-2).
    Gradients,
    /// Weights too (ZeRO-3, fully sharded data parallel): gathered for each pass.
    Parameters,
}

/// How a training job is spread. It has `tensor × pipeline × context × data` accelerators; experts
/// divide over `expert` of the `tensor × context × data` in a stage.
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
    /// Context-parallel width (CP): accelerators that share a sequence.
    pub context: u32,
    /// Chunks of layers per stage (VP) of the interleaved schedule.
    pub interleave: u32,
    /// What replicas divide.
    pub sharding: Sharding,
}

impl TrainingLayout {
    /// One accelerator.
    pub const SINGLE: Self = Self {
        tensor: 1,
        pipeline: 1,
        data: 1,
        expert: 1,
        micro_batch: 1,
        context: 1,
        interleave: 1,
        sharding: Sharding::Optimiser,
    };

    /// Accelerators of the job.
    #[must_use]
    pub const fn gpus(&self) -> u32 {
        self.replica_gpus().saturating_mul(self.data)
    }

    /// Accelerators of one replica.
    #[must_use]
    pub const fn replica_gpus(&self) -> u32 {
        self.tensor.saturating_mul(self.pipeline).saturating_mul(self.context)
    }

    /// Short text: `TP8 PP4 DP16`, and what else is not 1.
    #[must_use]
    pub fn label(&self) -> String {
        let mut text = format!("TP{} PP{} DP{}", self.tensor, self.pipeline, self.data);
        for (word, n) in [("CP", self.context), ("EP", self.expert), ("VP", self.interleave)] {
            if n > 1 {
                text.push_str(&format!(" {word}{n}"));
            }
        }
        if self.sharding == Sharding::Parameters {
            text.push_str(" FSDP");
        }
        text
    }

    /// Whether this layout can exist on the machine and model of `case`.
    ///
    /// # Errors
    /// The first contradiction, in words.
    pub fn checked(self, case: &TrainingCase) -> Result<Self, WorkloadError> {
        match self.contradiction(case) {
            Some(reason) => Err(WorkloadError::BadLayout { layout: self.label(), reason }),
            None => Ok(self),
        }
    }

    fn contradiction(&self, case: &TrainingCase) -> Option<&'static str> {
        /// Embedding and head may take the place of a layer at either end.
        const END_LAYERS: u32 = 2;
        let Self { tensor, pipeline, data, expert, micro_batch, context, interleave, .. } = *self;
        let gpus = u64::from(self.replica_gpus()) * u64::from(data);
        let experts = case.model.moe.map_or(1, |m| m.experts);
        let network = case.device.nic_byte_s > 0.0;
        [
            (
                [tensor, pipeline, data, expert, micro_batch, context, interleave].contains(&0),
                "every width must be at least 1",
            ),
            (gpus > u64::from(case.gpus), "it has more accelerators than there are"),
            (pipeline > case.model.layers, "it has more stages than layers"),
            (
                pipeline > 1
                    && pipeline.saturating_mul(interleave) > case.model.layers + END_LAYERS,
                "it has more chunks than layers",
            ),
            (
                !network && gpus > u64::from(case.device.scale_up_domain),
                "it is wider than the scale-up domain and there is no network",
            ),
            (expert > experts, "it divides the experts over more accelerators than experts"),
            (
                u64::from(expert) > u64::from(tensor) * u64::from(context) * u64::from(data),
                "it divides the experts over more accelerators than a stage has",
            ),
            (f64::from(context) > case.sequence_tokens, "it divides a sequence below one token"),
        ]
        .into_iter()
        .find_map(|(bad, reason)| bad.then_some(reason))
    }
}
