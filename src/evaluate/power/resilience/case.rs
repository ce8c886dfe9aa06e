//! What the resilience layer is asked: the power case, who makes the tokens, what cools whom, and
//! the planner's settings. A plain value; everything from other stages is copied into it.

use crate::evaluate::power::case::PowerCase;
use crate::plan::Resilience;

/// A hall whose failures are to be priced.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResilienceCase {
    /// The network that the load flow solved.
    pub power: PowerCase,
    /// Length of elements that fail per metre (busways), m; 0 where it does not matter.
    pub length_m: Vec<f64>,
    /// Who makes the tokens.
    pub tokens: Vec<TokenGroup>,
    /// Loads (by index) of network racks: with none of them alive no job runs.
    pub network: Vec<usize>,
    /// Loads (by index) of storage racks: with none of them alive no job runs.
    pub storage: Vec<usize>,
    /// What each mechanical load keeps cool.
    pub cooling: Vec<CoolingUse>,
    /// Air-cooled racks and the capacity of the air units that serve them together.
    pub air: AirUse,
    /// Time from power's return until a job computes again, h.
    pub restart_h: f64,
    /// Batteries and generators.
    pub standby: StandbyFacts,
    /// What swings.
    pub swing: SwingFacts,
    /// What another rack would take.
    pub growth: GrowthFacts,
    /// What the planner stated.
    pub settings: Resilience,
    /// Whether pairs of outages are examined besides single ones.
    pub pairs: bool,
}

/// Replicas of one kind of system, or one training job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TokenGroup {
    /// Racks: index of the load, and accelerators in it; in the order in which replicas fill them.
    pub racks: Vec<(usize, u32)>,
    /// Accelerators of one replica (serving) or of one data-parallel part (training).
    pub replica_gpus: u32,
    /// Replicas, or data-parallel parts.
    pub replicas: u32,
    /// Output of all of them, tokens/s.
    pub tokens_per_s: f64,
    /// Whether all replicas stop when one does (synchronous training).
    pub lock_step: bool,
}

/// What a mechanical load keeps cool.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CoolingUse {
    /// Index of the load.
    pub load: usize,
    /// Loads (by index) of the racks that can not run without it.
    pub racks: Vec<usize>,
    /// Heat that it can take out of the room air, W; 0 for pumps and plant.
    pub air_capacity_w: f64,
}

/// Racks cooled by room air: they share the air units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AirUse {
    /// Loads (by index) of racks that give heat to the room.
    pub racks: Vec<usize>,
    /// That heat, W.
    pub heat_w: f64,
}

/// Catalogue facts on batteries and generators.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StandbyFacts {
    /// Autonomy of a UPS at its full rating when new, min.
    pub battery_min: Option<f64>,
    /// Capacity left at the end of battery life, 0 to 1.
    pub ageing: f64,
    /// Start time of a generator, s, and who says so.
    pub start_s: Option<(f64, String)>,
    /// Largest load step of a generator, fraction of its rating, and who says so.
    pub max_step: Option<(f64, String)>,
    /// Efficiency of the UPS in eco mode, 0 to 1, where the entry states one.
    pub eco_efficiency: Option<f64>,
    /// Whether the UPS run in eco mode.
    pub eco: bool,
}

/// What the swings of the load follow from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SwingFacts {
    /// Loads (by index) of the compute racks.
    pub racks: Vec<usize>,
    /// Design power of the compute racks together, W.
    pub design_w: f64,
    /// Accelerators in them.
    pub gpus: f64,
    /// Whether the job is synchronous training.
    pub training: bool,
    /// Step time of the job and the share of it that computes; `None` when no job is known.
    pub step: Option<(f64, f64)>,
    /// Draw without work, fraction of design.
    pub idle_share: f64,
    /// Racks at high power at the same time, fraction.
    pub simultaneity: f64,
    /// Typical over design power of the compute racks.
    pub typical_share: f64,
    /// Power contracted, W.
    pub contract_w: f64,
}

/// What another rack like those in the hall would take, and how many fit elsewhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GrowthFacts {
    /// Design power of one more rack, W; 0 when there is none to compare with.
    pub rack_w: f64,
    /// Free rack positions.
    pub positions: u32,
    /// Heat that cooling can still take, W.
    pub cooling_w: f64,
    /// Whether the floor carries another rack of this kind.
    pub floor_carries: bool,
    /// Facility power over IT power.
    pub pue: f64,
}
