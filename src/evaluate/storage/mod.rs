//! Storage: bandwidth and capacity against need.

mod case;
mod from_plan;
mod placement;
mod solve;
#[cfg(test)]
mod tests;

pub use case::{
    Appliance, Checkpoint, ReadRule, StorageCase, StorageError, StorageLimit, StorageRack,
    StorageRackLoad, StorageResult,
};
pub use from_plan::{StorageNeed, from_plan};
pub use solve::solve;
