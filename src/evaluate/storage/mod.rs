//! Storage: bandwidth and capacity against need.

mod case;

pub use case::{
    Appliance, Checkpoint, ReadRule, StorageCase, StorageError, StorageLimit, StorageResult,
};
