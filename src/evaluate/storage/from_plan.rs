//! The storage of a plan against what its workload asks for.

use super::case::{Appliance, Checkpoint, ReadRule, StorageCase, StorageRack};
use crate::evaluate::rack_space::free_units;
use crate::evaluate::snapshot::{RackKind, Snapshot};

/// Accelerator utilisation to hold: the floor of MLPerf Storage for its training workloads.
const TARGET_AU: f64 = 0.9;
/// Checkpoints kept at a time; assumption.
const KEPT_CHECKPOINTS: f64 = 10.0;
/// Share of a checkpoint's writing time in which the job stands still: 1 is synchronous writing,
/// the safe side. Asynchronous writers hide most of it.
const BLOCKING_SHARE: f64 = 1.0;
/// Units of a storage rack kept for switches and rack PDUs; assumption.
const RESERVED_U: u32 = 4;
/// Bytes in a petabyte.
const PBYTE: f64 = 1e15;
/// Bytes in a gigabyte.
const GBYTE: f64 = 1e9;

/// What the workload asks of storage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StorageNeed {
    /// Mean read of the whole hall \[byte/s\].
    pub read_byte_s: f64,
    /// Bytes of one checkpoint, or of one set of weights when serving.
    pub checkpoint_byte: f64,
    /// Useful work between two checkpoints \[s\]; `None` when serving.
    pub checkpoint_interval_s: Option<f64>,
}

/// Builds the case of the plan's storage.
#[must_use]
pub fn from_plan(snapshot: &Snapshot, need: &StorageNeed) -> StorageCase {
    let accelerators: u32 =
        snapshot.racks.iter().map(|r| r.accelerator_count).fold(0, u32::saturating_add);
    let entry = &snapshot.appliance;
    let spec = &entry.spec;
    let kept = if need.checkpoint_interval_s.is_some() { KEPT_CHECKPOINTS } else { 1.0 };
    StorageCase {
        accelerators,
        read_rule: ReadRule::PerAccelerator {
            byte_s: need.read_byte_s / f64::from(accelerators.max(1)),
        },
        target_au: TARGET_AU,
        appliances: vec![Appliance {
            name: entry.name.clone(),
            count: snapshot.plan.storage.count,
            read_byte_s: spec.read_gbyte_s.map(|r| r * GBYTE),
            write_byte_s: spec.write_gbyte_s.map(|w| w * GBYTE),
            usable_byte: spec.usable_pbyte.map(|c| c * PBYTE),
            power_w: spec.typical_power_w.or(spec.max_power_w),
            rack_units: spec.rack_units,
        }],
        racks: snapshot
            .racks
            .iter()
            .filter(|r| r.kind == RackKind::Storage)
            .map(|r| StorageRack { rack: r.id, free_u: free_units(r, RESERVED_U) })
            .collect(),
        client_byte_s: None,
        fabric_byte_s: None,
        needed_byte: kept * need.checkpoint_byte,
        checkpoint: need.checkpoint_interval_s.map(|interval_s| Checkpoint {
            byte: need.checkpoint_byte,
            interval_s,
            blocking_share: BLOCKING_SHARE,
        }),
    }
}
