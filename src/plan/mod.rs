//! THE DOCUMENT: plain data, edits, history. No I/O, no egui, no solving, no catalogue look-ups.
//!
//! Sections are `Arc`s: cloning a plan costs nanoseconds and `Arc::make_mut` copies only what an
//! edit touches. That one fact gives cheap undo, an immutable snapshot for the solver and dirty
//! detection by pointer.

pub mod arrange;
pub mod array;
pub mod clearance;
pub mod edit;
pub mod geometry;
pub mod history;
pub mod length;
pub mod object;
pub mod resilience;
pub mod rows;
pub mod serving;
pub mod settings;
pub mod snap;
pub mod spatial;
pub mod training;

pub use edit::{Edit, EditError};
pub use geometry::{Facing, PointMm, RectMm};
pub use history::History;
pub use object::{
    Aisle, Containment, Contents, CoolingUnit, Feeds, Object, Obstacle, ObstacleKind, Rack, Tile,
};
pub use resilience::{FailureData, Provision, Resilience, Standby, Swing};
pub use serving::{Deployment, Drafts, Serving, ServingEngine};
pub use settings::*;
pub use training::{Training, TrainingPreset};

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Identity of an object on the floor; unique in a plan for its whole life, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObjectId(pub u32);

/// Everything drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Floor {
    /// Parts of the building.
    pub obstacles: Vec<Obstacle>,
    /// Perforated tiles.
    pub tiles: Vec<Tile>,
    /// Racks.
    pub racks: Vec<Rack>,
    /// CRAHs, fan walls, in-row units, CDUs.
    pub units: Vec<CoolingUnit>,
    /// Aisle containments.
    pub containments: Vec<Containment>,
}

impl Floor {
    /// Every object, building first.
    pub fn objects(&self) -> impl Iterator<Item = Object> + '_ {
        self.obstacles
            .iter()
            .cloned()
            .map(Object::Obstacle)
            .chain(self.tiles.iter().cloned().map(Object::Tile))
            .chain(self.racks.iter().cloned().map(Object::Rack))
            .chain(self.units.iter().cloned().map(Object::Unit))
            .chain(self.containments.iter().cloned().map(Object::Containment))
    }

    /// Identity and area of every object, without copying it; building first.
    pub fn footprints(&self) -> impl Iterator<Item = (ObjectId, RectMm)> + '_ {
        self.obstacles
            .iter()
            .map(|o| (o.id, o.area))
            .chain(self.tiles.iter().map(|o| (o.id, o.footprint())))
            .chain(self.racks.iter().map(|o| (o.id, o.footprint())))
            .chain(self.units.iter().map(|o| (o.id, o.footprint())))
            .chain(self.containments.iter().map(|o| (o.id, o.area)))
    }

    /// The object with this identity.
    #[must_use]
    pub fn object(&self, id: ObjectId) -> Option<Object> {
        None.or_else(|| self.racks.iter().find(|o| o.id == id).cloned().map(Object::Rack))
            .or_else(|| self.units.iter().find(|o| o.id == id).cloned().map(Object::Unit))
            .or_else(|| self.tiles.iter().find(|o| o.id == id).cloned().map(Object::Tile))
            .or_else(|| {
                self.containments.iter().find(|o| o.id == id).cloned().map(Object::Containment)
            })
            .or_else(|| self.obstacles.iter().find(|o| o.id == id).cloned().map(Object::Obstacle))
    }

    /// Number of objects.
    #[must_use]
    pub fn len(&self) -> usize {
        self.obstacles.len()
            + self.tiles.len()
            + self.racks.len()
            + self.units.len()
            + self.containments.len()
    }

    /// Whether nothing is drawn.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Title.
    pub name: String,
    /// Free text: purpose, sources of a preset.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// The next unused object id.
    pub next_id: u32,
    /// Where it stands.
    pub site: Arc<Site>,
    /// The room.
    pub hall: Arc<Hall>,
    /// The power chain.
    pub power: Arc<Power>,
    /// Air, coolant and plant.
    pub cooling: Arc<Cooling>,
    /// The fabric.
    pub fabric: Arc<Fabric>,
    /// Storage.
    pub storage: Arc<Storage>,
    /// The workload.
    pub workload: Arc<Workload>,
    /// Money.
    pub finance: Arc<Finance>,
    /// Everything drawn.
    pub floor: Arc<Floor>,
}

impl Plan {
    /// The hall's floor as a rectangle.
    #[must_use]
    pub fn hall_area(&self) -> RectMm {
        let mm = |v: u32| i32::try_from(v).unwrap_or(i32::MAX);
        RectMm::at(PointMm::default(), mm(self.hall.size_x_mm), mm(self.hall.size_y_mm))
    }

    /// Takes a fresh identity.
    pub const fn fresh_id(&mut self) -> ObjectId {
        let id = ObjectId(self.next_id);
        self.next_id = self.next_id.saturating_add(1);
        id
    }
}
