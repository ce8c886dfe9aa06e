//! What can be bought, and who says so: typed entries, each number with its provenance.
//!
//! The shipped catalogue is compiled in (`assets/catalog/*.ron`); entries from the user's
//! configuration folder and entries embedded in a plan file overlay it by id. This module reads
//! text only; finding files is the caller's business.

pub mod check;
pub mod entry;
pub mod fields;
pub mod key;
pub mod load;
mod location;
pub mod model_params;
pub mod provenance;
pub mod spec;
mod spec_checks;
pub mod table;

pub use check::{CatalogError, Problem};
pub use entry::{Entry, PriceRange, SizeMm};
pub use key::*;
pub use load::{overlay_from_texts, parse, shipped};
pub use provenance::{Checked, Confidence, Provenance};
pub use spec::*;
pub use table::{Table, UnknownEntry, nearest_names};

use serde::{Deserialize, Serialize};

/// Everything a plan may refer to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Catalog {
    /// GPUs and other accelerators.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub accelerators: Table<AcceleratorSpec>,
    /// Servers and rack-scale systems.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub systems: Table<SystemSpec>,
    /// Rack frames.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub racks: Table<RackSpec>,
    /// CRAHs, fan walls, doors, CDUs, chillers, dry coolers, towers.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub cooling: Table<CoolingSpec>,
    /// Transformers, UPS, busways, generators, power shelves.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub power: Table<PowerSpec>,
    /// Switches, network cards, cables, optics.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub network: Table<NetworkSpec>,
    /// Storage appliances.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub storage: Table<StorageSpec>,
    /// Large language models, by architecture.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub models: Table<ModelSpec>,
    /// Sites with climate, carbon and electricity price.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub sites: Table<SiteSpec>,
    /// Limits and rules of standards.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub standards: Table<StandardSpec>,
    /// Planning assumptions: every constant of the evaluation that is not physics, with its band.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub assumptions: Table<AssumptionSpec>,
}

impl Catalog {
    /// This catalogue with the entries of `upper` added, or replaced where the id exists.
    #[must_use]
    pub fn overlaid(&self, upper: &Self) -> Self {
        Self {
            accelerators: self.accelerators.overlaid(&upper.accelerators),
            systems: self.systems.overlaid(&upper.systems),
            racks: self.racks.overlaid(&upper.racks),
            cooling: self.cooling.overlaid(&upper.cooling),
            power: self.power.overlaid(&upper.power),
            network: self.network.overlaid(&upper.network),
            storage: self.storage.overlaid(&upper.storage),
            models: self.models.overlaid(&upper.models),
            sites: self.sites.overlaid(&upper.sites),
            standards: self.standards.overlaid(&upper.standards),
            assumptions: self.assumptions.overlaid(&upper.assumptions),
        }
    }

    /// Number of entries of all kinds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.accelerators.len()
            + self.systems.len()
            + self.racks.len()
            + self.cooling.len()
            + self.power.len()
            + self.network.len()
            + self.storage.len()
            + self.models.len()
            + self.sites.len()
            + self.standards.len()
            + self.assumptions.len()
    }

    /// Whether there is no entry at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
