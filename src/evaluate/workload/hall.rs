//! What the whole hall delivers: one group per kind of system, since replicas and jobs do not span
//! different accelerators.

use super::load::DayOfLoad;
use super::serving_types::{ServingResult, WorkloadLimit};
use super::training::TrainingResult;
use crate::evaluate::finding::Finding;
use crate::numerics::band::Band;
use crate::plan::ObjectId;
use crate::units::SECONDS_PER_HOUR;
use serde::Serialize;

/// The workload stage's answer for the hall.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkloadResult {
    /// One per kind of system, in order of catalogue id.
    pub groups: Vec<WorkloadGroup>,
    /// Accelerators installed.
    pub gpus: u32,
    /// Accelerators that work.
    pub gpus_used: u32,
    /// Tokens/s of all groups while working: output tokens when serving, trained tokens when
    /// training. Low and high from the model's observed error.
    pub tokens_per_s: Option<Band>,
    /// Output tokens/s that one user sees, in the slowest group (serving).
    pub user_tok_s: Option<f64>,
    /// Time to first token, s, in the slowest group (serving).
    pub ttft_s: Option<f64>,
    /// Useful share of the time after failures, restarts and checkpoints, 0 to 1.
    pub goodput: f64,
    /// What the goodput of a training job is made of.
    pub job: Option<JobReliability>,
    /// Checkpoint interval chosen, s (training).
    pub checkpoint_interval_s: Option<f64>,
    /// Bytes of one checkpoint (training) or of one replica's weights (serving: a cold start).
    pub checkpoint_bytes: f64,
    /// Mean storage read that the job needs, bytes/s.
    pub storage_read_byte_s: f64,
    /// Mean power over design power of the accelerators in use, 0 to 1.
    pub power_fraction: f64,
    /// What binds in the group with the most accelerators.
    pub limit: WorkloadLimit,
    /// One sentence: layout, batch, what binds.
    pub explanation: String,
    /// Design problems.
    pub findings: Vec<Finding>,
}

impl WorkloadResult {
    /// Days of the calendar in which the hall trains on `tokens` when it is scheduled for
    /// `scheduled_share` of the time, failures and checkpoints included; `None` when it trains
    /// nothing.
    #[must_use]
    pub fn days_to_train(&self, tokens: f64, scheduled_share: f64) -> Option<f64> {
        const SECONDS_PER_DAY: f64 = 24.0 * SECONDS_PER_HOUR;
        let rate = self.tokens_per_s.map_or(0.0, |band| band.base) * self.goodput * scheduled_share;
        (rate > 0.0).then(|| tokens / rate / SECONDS_PER_DAY)
    }
}

/// What failures cost a training job.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct JobReliability {
    /// Useful share of the time beside checkpoints, lost work and restarts, 0 to 1.
    pub running_share: f64,
    /// Mean share of its accelerators that the job keeps while others are repaired, 0 to 1.
    pub size_share: f64,
    /// Interruptions in a day.
    pub interruptions_per_day: f64,
    /// Accelerators that one failure takes out: a server, or a rack-scale domain.
    pub blast_gpus: u32,
    /// Accelerators that stand by: those that no whole replica of the job needs.
    pub spare_gpus: u32,
    /// Mean accelerators that are down for repair.
    pub gpus_down: f64,
}

/// Racks with the same system.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkloadGroup {
    /// Catalogue id of the system.
    pub system: String,
    /// Its racks.
    pub racks: Vec<ObjectId>,
    /// Accelerators.
    pub gpus: u32,
    /// Accelerators that work.
    pub gpus_used: u32,
    /// Accelerators that one failure takes out: those of a server or of a rack-scale domain.
    pub blast_gpus: u32,
    /// Tokens/s of the group; `None` where the model does not fit.
    pub tokens_per_s: Option<Band>,
    /// Mean power over design power of the accelerators in use, 0 to 1.
    pub power_fraction: f64,
    /// The serving answer.
    pub serving: Option<ServingResult>,
    /// Share of its GPU time that prompts take, 0 to 1 (serving).
    pub prefill_share: Option<f64>,
    /// The day of open arrivals on the chosen layout (serving).
    pub day: Option<DayOfLoad>,
    /// The training answer.
    pub training: Option<TrainingResult>,
}
