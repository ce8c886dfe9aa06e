//! Storage: bandwidth and capacity against need.

mod case;
mod solve;
#[cfg(test)]
mod tests;

pub use case::{
    Appliance, Checkpoint, ReadRule, StorageCase, StorageError, StorageLimit, StorageResult,
};
pub use solve::solve;
