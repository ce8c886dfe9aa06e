//! From plan and catalogue to results, in pure stages.

pub mod air;
pub mod cancel;
pub mod economics;
pub mod fabric;
pub mod finding;
pub mod liquid;
pub mod loads;
pub mod plant;
pub mod power;
pub mod reliability;
pub mod snapshot;
pub mod storage;
pub mod workload;
