//! Builds the power chain of a plan: utility → medium voltage → transformers → UPS (or rectifiers
//! for 800 VDC) → busways over the rows → racks, and a mechanical branch beside it.
//!
//! Sizing works backwards from the racks: `runs` cuts each row into busway runs that a busway can
//! carry alone, `blocks` puts runs on blocks of one transformer each so that the worst failover
//! stays within capacity, `chain` draws the elements. Everything generated has a name; the plan may
//! override rating, count and length of any of them.
//!
//! First order: electrical rooms lie just outside the hall, lengths are Manhattan from there;
//! impedances per metre are those of one representative busway, scaled by rating; fans and pumps
//! hang on their own transformer, not on the UPS; floor PDUs with transformers are not drawn.

mod blocks;
mod branches;
mod builder;
mod chain;
mod copper;
mod equipment;
mod runs;
mod suitability;
#[cfg(test)]
mod tests;

use super::case::{FeedRule, Load, LoadKind, PowerCase};
use crate::evaluate::finding::Finding;
use crate::evaluate::loads::RackLoad;
use crate::evaluate::snapshot::Snapshot;
use crate::plan::{ObjectId, RectMm};
use serde::Serialize;

/// What the chain must carry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChainDemand {
    /// Per rack.
    pub racks: Vec<RackDemand>,
    /// Fans, pumps, chillers, each as one load.
    pub mechanical: Vec<MechanicalDemand>,
}

/// One rack.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RackDemand {
    /// The rack.
    pub id: ObjectId,
    /// Power that feeds are sized for, W.
    pub sizing_w: f64,
    /// Power at the operating point, W.
    pub p_w: f64,
}

/// One mechanical load.
#[derive(Clone, Debug, PartialEq)]
pub struct MechanicalDemand {
    /// Unique name (`CRAH-2`, `Liquid plant`).
    pub name: String,
    /// The object on the floor, if any.
    pub object: Option<ObjectId>,
    /// Power that its supply is sized for, W.
    pub sizing_w: f64,
    /// Power at the operating point, W.
    pub p_w: f64,
}

impl ChainDemand {
    /// Racks at their operating points, sized for design power (or for the operating point where
    /// it is higher or the design power is not known).
    #[must_use]
    pub fn new(snapshot: &Snapshot, loads: &[RackLoad], mechanical: Vec<MechanicalDemand>) -> Self {
        let racks = loads
            .iter()
            .map(|load| {
                let design_w = snapshot.rack(load.id).map_or(0.0, |r| r.design_power.to_w());
                let p_w = load.electric.to_w();
                RackDemand { id: load.id, sizing_w: design_w.max(p_w), p_w }
            })
            .collect();
        Self { racks, mechanical }
    }
}

/// Why a chain can not be built.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GenerateError {
    /// A catalogue entry lacks a rating.
    #[error("power: entry '{entry}' has no {field}; complete it or choose another")]
    Incomplete {
        /// Entry id.
        entry: String,
        /// Field as written in the catalogue.
        field: &'static str,
    },
    /// A number of the plan out of range.
    #[error("power: {field} is {value}; it must be above zero")]
    BadNumber {
        /// Field as written in the plan.
        field: &'static str,
        /// What it holds.
        value: f64,
    },
}

/// A generated chain, ready to be solved, drawn and priced.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneratedChain {
    /// The network and its outages.
    pub case: PowerCase,
    /// Busway runs on the floor.
    pub busways: Vec<BuswayRun>,
    /// What to buy.
    pub quantities: ChainQuantities,
    /// Problems of the generation itself (unknown overrides, unsuited equipment).
    pub findings: Vec<Finding>,
}

/// A busway run over a row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BuswayRun {
    /// Name of the element.
    pub name: String,
    /// Feed letter.
    pub feed: String,
    /// Index of the element in the case.
    pub element: usize,
    /// Area over the row, mm.
    pub area: RectMm,
    /// Length of one run, m.
    pub length_m: f64,
    /// Parallel runs.
    pub parallel: u32,
}

/// Counted quantities of the chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ChainQuantities {
    /// Transformers.
    pub transformers: u32,
    /// Their rating together, kVA.
    pub transformer_kva: f64,
    /// UPS units, or rectifier blocks with 800 VDC.
    pub ups_units: u32,
    /// Their rating together, kW.
    pub ups_kw: f64,
    /// Generators.
    pub generators: u32,
    /// Their rating together, kW.
    pub generator_kw: f64,
    /// Busway, all parallel runs, m.
    pub busway_m: f64,
    /// Low-voltage feeder cable, all parallel runs, m.
    pub feeder_m: f64,
    /// Copper of feeders, busways and board ducts: poles or phase conductors only, kg. See
    /// `copper` for how it is derived.
    pub copper_kg: f64,
    /// Switchboard sections, low and medium voltage.
    pub switchboards: u32,
    /// Capacity of the medium-voltage intakes together, kW.
    pub switchgear_kw: f64,
}

/// Builds the chain.
///
/// # Errors
/// An entry without a rating, or a utility without power or voltage.
pub fn generate(
    snapshot: &Snapshot,
    demand: &ChainDemand,
) -> Result<GeneratedChain, GenerateError> {
    chain::build(snapshot, demand)
}

/// A rack or a mechanical load without feeds yet.
fn load(name: &str, kind: LoadKind, object: Option<ObjectId>, p_w: f64) -> Load {
    let (power_factor, rule) = match kind {
        LoadKind::Rack => (equipment::RACK_POWER_FACTOR, FeedRule::Share),
        _ => (equipment::MECHANICAL_POWER_FACTOR, FeedRule::FirstLive),
    };
    Load { name: name.to_owned(), kind, object, p_w, power_factor, feeds: Vec::new(), rule }
}
