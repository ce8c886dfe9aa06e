//! What the storage stage needs to know and what it answers.

use crate::evaluate::finding::Finding;
use crate::plan::ObjectId;
use serde::{Deserialize, Serialize};

/// Storage appliances of one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Appliance {
    /// Name for the bill of materials.
    pub name: String,
    /// How many.
    pub count: u32,
    /// Read rate of one \[byte/s\]; `None` where no source gives it.
    pub read_byte_s: Option<f64>,
    /// Write rate of one \[byte/s\]; `None` where no source gives it.
    pub write_byte_s: Option<f64>,
    /// Usable capacity of one \[byte\]; `None` where no source gives it.
    pub usable_byte: Option<f64>,
    /// Power of one \[W\]; `None` where no source gives it.
    pub power_w: Option<f64>,
    /// Height of one \[U\]; `None` where no source gives it.
    pub rack_units: Option<u32>,
}

/// A rack that takes appliances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageRack {
    /// The rack on the floor.
    pub rack: ObjectId,
    /// Rack units left for appliances.
    pub free_u: u32,
}

/// What stands in a storage rack.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StorageRackLoad {
    /// The rack.
    pub rack: ObjectId,
    /// Appliances in it.
    pub appliances: u32,
    /// Rack units taken, where heights are known.
    pub used_u: u32,
    /// Power of the appliances with a known figure \[W\].
    pub power_w: f64,
}

/// How fast one accelerator reads when nothing holds it back.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadRule {
    /// Batch x record size over compute time, as in MLPerf Storage.
    BatchOverCompute {
        /// Records per step.
        batch: f64,
        /// Bytes of one record.
        record_byte: f64,
        /// Compute time of one step \[s\].
        compute_s: f64,
    },
    /// A planning figure per accelerator \[byte/s\].
    PerAccelerator {
        /// Bytes per second.
        byte_s: f64,
    },
    /// Language-model training: tokens read per accelerator and bytes of one stored token.
    Tokens {
        /// Tokens per second and accelerator.
        tokens_per_s: f64,
        /// Stored bytes of one token.
        byte_per_token: f64,
    },
}

/// A checkpoint that every run writes from time to time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Size \[byte\].
    pub byte: f64,
    /// Useful work between two checkpoints \[s\].
    pub interval_s: f64,
    /// Share of the writing time during which the job stands still: 1 is synchronous.
    pub blocking_share: f64,
}

/// Storage against need, self-contained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StorageCase {
    /// Accelerators that read.
    pub accelerators: u32,
    /// How fast one reads at full utilisation.
    pub read_rule: ReadRule,
    /// Accelerator utilisation (AU) to hold, 0–1: time computing over time running.
    pub target_au: f64,
    /// What is bought.
    pub appliances: Vec<Appliance>,
    /// Racks for appliances; their order does not matter.
    pub racks: Vec<StorageRack>,
    /// Sum of the client NIC rates towards storage \[byte/s\]; `None` if not limiting.
    pub client_byte_s: Option<f64>,
    /// Rate of the storage fabric \[byte/s\]; `None` if not limiting.
    pub fabric_byte_s: Option<f64>,
    /// Data, models and checkpoints to hold \[byte\].
    pub needed_byte: f64,
    /// Checkpoints, if any are written.
    pub checkpoint: Option<Checkpoint>,
}

/// What limits the read rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageLimit {
    /// The NICs of the clients.
    ClientNic,
    /// The storage fabric.
    Fabric,
    /// The appliances.
    Appliances,
}

/// The storage, solved. Supplies are `None` where a needed figure has no source.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StorageResult {
    /// Read rate on offer \[byte/s\].
    pub read_supply_byte_s: Option<f64>,
    /// Write rate on offer \[byte/s\].
    pub write_supply_byte_s: Option<f64>,
    /// What sets `read_supply_byte_s`.
    pub read_limit: StorageLimit,
    /// Read rate of all accelerators at the target AU \[byte/s\].
    pub read_need_byte_s: f64,
    /// Capacity on offer \[byte\].
    pub usable_byte: Option<f64>,
    /// Utilisation that the supply allows, at most 1.
    pub au: Option<f64>,
    /// Accelerators that the supply feeds at the target AU.
    pub accelerators_supported: Option<u32>,
    /// Time to write one checkpoint \[s\].
    pub checkpoint_write_s: Option<f64>,
    /// Time to read one checkpoint back \[s\].
    pub restore_s: Option<f64>,
    /// Share of the running time lost to writing checkpoints.
    pub checkpoint_stall_share: Option<f64>,
    /// Share of the compute rate left after reading and checkpoint stalls, at most 1.
    pub job_factor: f64,
    /// Power of the appliances with a known figure \[W\].
    pub power_w: f64,
    /// What stands in each storage rack, sorted by rack.
    pub racks: Vec<StorageRackLoad>,
    /// Design problems.
    pub findings: Vec<Finding>,
}

/// A case that can not be solved.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StorageError {
    /// A number outside its sensible range.
    #[error("storage: `{field}` is {value}, but must be {must}")]
    BadInput {
        /// Name of the field.
        field: &'static str,
        /// What was given.
        value: f64,
        /// What is allowed.
        must: &'static str,
    },
}
