//! Training: the time, memory and best layout of an optimiser step.
//!
//! - `types` the question and its answer · `layout` how a job is spread · `class` families of parts
//! - `laws` what kernels and links reach · `layer` one layer · `comm` exchange · `memory` what is held
//! - `step` one step of a layout · `search` choice of layout · `answer` what a person reads

mod answer;
pub mod class;
pub mod comm;
pub mod laws;
pub mod layer;
pub mod layout;
pub mod memory;
pub mod search;
pub mod step;
#[cfg(test)]
mod tests;
pub mod types;

pub use answer::{EXPERT_ERROR_LOW_HIGH, EXTRAPOLATED_ERROR_LOW_HIGH, TRAINING_ERROR_LOW_HIGH};
pub use class::ArchClass;
pub use laws::TrainingLaws;
pub use layout::{Sharding, TrainingLayout};
pub use search::{cost_training, solve_training, solve_training_with};
pub use types::{
    Recompute, TrainingBasis, TrainingCase, TrainingMemory, TrainingMethod, TrainingOptions,
    TrainingResult, TrainingSoftware,
};
