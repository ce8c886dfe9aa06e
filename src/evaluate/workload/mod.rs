//! Workload: tokens per second from operations and bytes.
//!
//! A [`ServingCase`] or [`TrainingCase`] names a device, a model and a job; the answer says how
//! the job is best spread, how fast it runs, what binds and what it asks of memory, links, fabric,
//! storage and power.
//!
//! - `arch` shape of the model: parameters, FLOPs and bytes per token
//! - `device` peaks and bandwidths · `split` where time goes

pub mod arch;
pub mod device;
mod error;
pub mod hall;
#[cfg(test)]
mod reference;
pub mod serving_types;
pub mod split;
pub mod training_types;

pub use arch::{
    Attention, LinearAttention, LocalAttention, ModelArch, Moe, ParamCount, SparseIndexer,
};
pub use device::{Device, Precision};
pub use error::WorkloadError;
pub use hall::{WorkloadGroup, WorkloadResult};
pub use serving_types::{
    ServingCase, ServingLayout, ServingPoint, ServingPrecision, ServingResult, Sla, WorkloadLimit,
};
pub use split::TimeSplit;
pub use training_types::{Recompute, TrainingCase, TrainingLayout, TrainingResult};
