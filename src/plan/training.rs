//! Training a model: pre-training, or fine-tuning of all weights or of adapters.
//!
//! What came after the first files has a default and is not written while it holds.

use serde::{Deserialize, Serialize};

/// Largest rank of adapters that makes sense: beyond it they are as large as what they adapt.
pub const MOST_RANK: u32 = 1_024;
/// Most tokens of a job.
pub const MOST_TOKENS: f64 = 1e16;

/// Training a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// Sequence, tokens.
    pub sequence_tokens: u32,
    /// Tokens of one optimizer step.
    pub batch_tokens: u64,
    /// Share of the year in which the cluster is scheduled, percent.
    pub scheduled_pct: f64,
    /// Rank of low-rank adapters on frozen weights (LoRA); `None` trains all weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter_rank: Option<u32>,
    /// Tokens of the whole job, whose time and cost are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<f64>,
}

/// What a training job starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrainingPreset {
    /// A model from nothing.
    PreTraining,
    /// All weights of a trained model, on instructions.
    FineTuning,
    /// Adapters on a trained model.
    Adapters,
}

impl TrainingPreset {
    /// All presets.
    pub const ALL: [Self; 3] = [Self::PreTraining, Self::FineTuning, Self::Adapters];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::PreTraining => "pre-training",
            Self::FineTuning => "fine-tuning, all weights",
            Self::Adapters => "fine-tuning, adapters",
        }
    }

    /// The preset nearest to a job: its method, and whether it sees more than a trillion tokens.
    #[must_use]
    pub fn of(job: &Training) -> Self {
        const PRE_TRAINING: f64 = 1e12;
        match (job.adapter_rank, job.tokens) {
            (Some(_), _) => Self::Adapters,
            (None, Some(tokens)) if tokens < PRE_TRAINING => Self::FineTuning,
            (None, _) => Self::PreTraining,
        }
    }

    /// The job. Pre-training: sequence, batch and tokens of Llama 3.1 405B (arXiv 2407.21783).
    /// Adapters: sequence, batch and rank of MLPerf Training's Llama 2 70B LoRA, over one epoch of
    /// its 3,901 reports. Fine-tuning of all weights: a billion tokens in steps of 2 M (assumption).
    #[must_use]
    pub const fn job(self) -> Training {
        let (sequence_tokens, batch_tokens, adapter_rank, tokens) = match self {
            Self::PreTraining => (8_192, 16_777_216, None, 15.6e12),
            Self::FineTuning => (4_096, 2_097_152, None, 1e9),
            Self::Adapters => (8_192, 65_536, Some(16), 3.2e7),
        };
        Training {
            sequence_tokens,
            batch_tokens,
            scheduled_pct: 95.0,
            adapter_rank,
            tokens: Some(tokens),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST_FILES: &str = "(sequence_tokens:8192,batch_tokens:16000000,scheduled_pct:90.0)";

    #[test]
    fn a_job_of_the_first_files_opens_and_is_written_as_it_was() {
        let old: Training = ron::from_str(FIRST_FILES).unwrap();
        assert_eq!((old.adapter_rank, old.tokens), (None, None));
        assert_eq!(ron::to_string(&old).unwrap(), FIRST_FILES);
        assert_eq!(TrainingPreset::of(&old), TrainingPreset::PreTraining);
    }

    #[test]
    fn every_preset_is_recognised_by_its_job() {
        for preset in TrainingPreset::ALL {
            assert_eq!(TrainingPreset::of(&preset.job()), preset);
            assert!(preset.job().batch_tokens >= u64::from(preset.job().sequence_tokens));
        }
    }
}
