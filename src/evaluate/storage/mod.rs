//! Storage: bandwidth and capacity against need.

mod case;
mod placement;
mod solve;
#[cfg(test)]
mod tests;

pub use case::{
    Appliance, Checkpoint, ReadRule, StorageCase, StorageError, StorageLimit, StorageRack,
    StorageRackLoad, StorageResult,
};
pub use solve::solve;
