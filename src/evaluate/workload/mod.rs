//! Workload: tokens per second from operations and bytes.
//!
//! A [`ServingCase`] or [`TrainingCase`] names a device, a model and a job; the answer says how
//! the job is best spread, how fast it runs, what binds and what it asks of memory, links, fabric,
//! storage and power.
//!
//! - `arch` shape of the model: parameters, FLOPs and bytes per token
//! - `kernels` times of single kernels · `laws` what engines add · `serving_fit` finds the latter
//! - `links` collectives across the fabric · `operation`, `pass`, `layer` a pass and its operations
//! - `efficiency` what training kernels reach
//! - `memory` what fits · `serving` continuous batching · `disaggregated` prefill and decode apart,
//!   on `prefill_worker`s, chosen by `disaggregated_search`
//! - `search` choice of layout and batch · `load` a day of open arrivals
//! - `prefill_share` what prompts take of the GPU time
//! - `training` optimiser steps and the choice of their layout
//! - `from_catalog` accelerators and models as the catalogue has them
//! - `from_plan` cases of a resolved plan · `solve_hall` the stage · `hall` its answer
//! - `device` peaks and bandwidths · `split` where time goes

pub mod arch;
mod arch_counts;
pub mod device;
pub mod disaggregated;
mod disaggregated_search;
pub mod efficiency;
mod error;
pub mod from_catalog;
pub mod from_plan;
pub mod hall;
mod hall_findings;
#[cfg(test)]
mod hall_tests;
pub mod kernels;
pub mod laws;
mod layer;
pub mod links;
pub mod load;
pub mod memory;
pub mod operation;
pub mod pass;
pub mod prefill_share;
mod prefill_worker;
pub mod reference;
pub mod search;
mod search_answer;
#[cfg(test)]
mod search_tests;
pub mod serving;
pub mod serving_fit;
pub mod serving_types;
pub mod solve_hall;
pub mod split;
pub mod training;

pub use arch::{
    Attention, LinearAttention, LocalAttention, ModelArch, Moe, ParamCount, SparseIndexer,
};
pub use device::{Device, Precision};
pub use disaggregated::solve_disaggregated;
pub use error::WorkloadError;
pub use from_plan::HallConditions;
pub use hall::{WorkloadGroup, WorkloadResult};
pub use kernels::Basis;
pub use load::{DayOfLoad, Demand, Hour};
pub use operation::{Operation, OperationTimes};
pub use search::{serving_error_p10_p90, solve_serving};
pub use serving_types::{
    Disaggregated, Engine, Pool, ServingCase, ServingLayout, ServingMode, ServingPoint,
    ServingPrecision, ServingResult, Sla, Software, Speculation, WorkloadLimit,
};
pub use solve_hall::solve_hall;
pub use split::TimeSplit;
pub use training::{
    ArchClass, Recompute, Sharding, TRAINING_ERROR_LOW_HIGH, TrainingBasis, TrainingCase,
    TrainingLaws, TrainingLayout, TrainingMethod, TrainingOptions, TrainingResult,
    TrainingSoftware, cost_training, solve_training, solve_training_with,
};
