//! Training: the time, memory and best layout of an optimiser step.
//!
//! - `types` the question and its answer · `step` one step of a layout · `search` choice of layout

pub mod search;
pub mod step;
#[cfg(test)]
mod tests;
pub mod types;

pub use search::{TRAINING_ERROR_LOW_HIGH, solve_training};
pub use types::{Recompute, TrainingCase, TrainingLayout, TrainingResult};
