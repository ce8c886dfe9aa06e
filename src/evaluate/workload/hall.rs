//! What the whole hall delivers: one group per kind of system, since replicas and jobs do not span
//! different accelerators.

use super::load::DayOfLoad;
use super::serving_types::{ServingResult, WorkloadLimit};
use super::training::TrainingResult;
use crate::evaluate::finding::Finding;
use crate::numerics::band::Band;
use crate::plan::ObjectId;
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
