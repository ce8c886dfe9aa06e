//! What stands on the floor: racks, cooling units, tiles, containment, parts of the building.
//!
//! Every object keeps its size, so that geometry needs no catalogue and a plan reopens the same
//! after the catalogue has changed.

use super::ObjectId;
use super::geometry::{Facing, PointMm, RectMm};
use crate::catalog::{CoolingKey, RackKey, SizeMm, SystemKey};
use serde::{Deserialize, Serialize};

/// What a rack holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Contents {
    /// `count` servers, or one rack-scale system (then `count` is 1).
    Compute {
        /// The system.
        system: SystemKey,
        /// How many in this rack.
        count: u32,
    },
    /// Switches of the generated fabric.
    Network,
    /// Appliances of the storage system.
    Storage,
    /// Space and feeds kept for a later phase.
    Reserved,
}

/// Which feeds a rack is connected to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Feeds {
    /// Dual-corded: A and B share the load, each can carry all of it.
    #[default]
    Both,
    /// Single-corded on A.
    A,
    /// Single-corded on B.
    B,
}

/// A rack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rack {
    /// Identity.
    pub id: ObjectId,
    /// Name on the label.
    pub name: String,
    /// Frame.
    pub frame: RackKey,
    /// Width, depth and height of the placed rack.
    pub size_mm: SizeMm,
    /// South-west corner of the footprint.
    pub at: PointMm,
    /// The way its front looks.
    pub facing: Facing,
    /// What is inside.
    pub contents: Contents,
    /// Power feeds.
    #[serde(default)]
    pub feeds: Feeds,
    /// Rear-door heat exchanger, where fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rear_door: Option<CoolingKey>,
    /// Phase of deployment, from 1.
    pub phase: u16,
    /// Whether it must not be moved by hand.
    #[serde(default)]
    pub locked: bool,
}

/// A cooling unit on the floor: CRAH, fan wall, in-row unit or CDU; its catalogue entry says which.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoolingUnit {
    /// Identity.
    pub id: ObjectId,
    /// Name on the label.
    pub name: String,
    /// Catalogue entry.
    pub model: CoolingKey,
    /// Width, depth and height as placed.
    pub size_mm: SizeMm,
    /// South-west corner of the footprint.
    pub at: PointMm,
    /// The way its supply side looks (for a CDU: its service side).
    pub facing: Facing,
    /// Supply-air set point, °C, where it differs from the plan's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supply_c: Option<f64>,
    /// Airflow, percent of rating.
    #[serde(default = "full_flow")]
    pub airflow_pct: f64,
    /// Whether it is out of service in the drawn state.
    #[serde(default)]
    pub failed: bool,
    /// Whether it must not be moved by hand.
    #[serde(default)]
    pub locked: bool,
}

const fn full_flow() -> f64 {
    100.0
}

/// A perforated tile of a raised floor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tile {
    /// Identity.
    pub id: ObjectId,
    /// South-west corner.
    pub at: PointMm,
    /// Edge, mm.
    pub size_mm: u32,
    /// Open share of the area, percent.
    pub open_pct: f64,
    /// Whether it must not be moved by hand.
    #[serde(default)]
    pub locked: bool,
}

/// Which air an enclosure keeps apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aisle {
    /// Cold-aisle containment.
    Cold,
    /// Hot-aisle containment, ducted to the return.
    Hot,
}

/// Containment of an aisle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Containment {
    /// Identity.
    pub id: ObjectId,
    /// Name on the label.
    pub name: String,
    /// Hot or cold.
    pub aisle: Aisle,
    /// The aisle, between the rack faces.
    pub area: RectMm,
    /// Height of the panels above the floor, mm.
    pub height_mm: u32,
    /// Whether it has a roof (cold aisle) or is ducted to the ceiling return (hot aisle).
    pub roof: bool,
    /// Whether its ends are closed by doors.
    pub doors: bool,
    /// Leakage through panels and doors, percent of the enclosed flow.
    pub leakage_pct: f64,
    /// Whether it must not be moved by hand.
    #[serde(default)]
    pub locked: bool,
}

/// Parts of the building inside the hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObstacleKind {
    /// Structural column, floor to ceiling.
    Column,
    /// Partition, floor to ceiling.
    Wall,
    /// Door; its rectangle is the leaf's swing, to be kept clear.
    Door,
    /// Ramp.
    Ramp,
    /// Area that must stay free.
    KeepOut,
}

impl ObstacleKind {
    /// The word for it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::Wall => "wall",
            Self::Door => "door",
            Self::Ramp => "ramp",
            Self::KeepOut => "keep-out",
        }
    }

    /// Whether air can not pass.
    #[must_use]
    pub const fn blocks_air(self) -> bool {
        matches!(self, Self::Column | Self::Wall)
    }
}

/// A part of the building.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obstacle {
    /// Identity.
    pub id: ObjectId,
    /// What it is.
    pub kind: ObstacleKind,
    /// Its footprint.
    pub area: RectMm,
    /// Whether it must not be moved by hand.
    #[serde(default)]
    pub locked: bool,
}

/// Anything on the floor.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// A rack.
    Rack(Rack),
    /// A cooling unit.
    Unit(CoolingUnit),
    /// A perforated tile.
    Tile(Tile),
    /// An aisle containment.
    Containment(Containment),
    /// A part of the building.
    Obstacle(Obstacle),
}

/// Footprint of a box of some size that looks some way.
#[must_use]
pub const fn footprint(at: PointMm, size: SizeMm, facing: Facing) -> RectMm {
    let (w, d) = (size.width as i32, size.depth as i32);
    if facing.is_along_y() { RectMm::at(at, w, d) } else { RectMm::at(at, d, w) }
}

impl Rack {
    /// Area on the floor.
    #[must_use]
    pub const fn footprint(&self) -> RectMm {
        footprint(self.at, self.size_mm, self.facing)
    }
}

impl CoolingUnit {
    /// Area on the floor.
    #[must_use]
    pub const fn footprint(&self) -> RectMm {
        footprint(self.at, self.size_mm, self.facing)
    }
}

impl Tile {
    /// Area on the floor.
    #[must_use]
    pub const fn footprint(&self) -> RectMm {
        RectMm::at(self.at, self.size_mm as i32, self.size_mm as i32)
    }
}

impl Object {
    /// Identity.
    #[must_use]
    pub const fn id(&self) -> ObjectId {
        match self {
            Self::Rack(o) => o.id,
            Self::Unit(o) => o.id,
            Self::Tile(o) => o.id,
            Self::Containment(o) => o.id,
            Self::Obstacle(o) => o.id,
        }
    }

    /// Gives it another identity.
    pub const fn set_id(&mut self, id: ObjectId) {
        match self {
            Self::Rack(o) => o.id = id,
            Self::Unit(o) => o.id = id,
            Self::Tile(o) => o.id = id,
            Self::Containment(o) => o.id = id,
            Self::Obstacle(o) => o.id = id,
        }
    }

    /// Area on the floor.
    #[must_use]
    pub const fn footprint(&self) -> RectMm {
        match self {
            Self::Rack(o) => o.footprint(),
            Self::Unit(o) => o.footprint(),
            Self::Tile(o) => o.footprint(),
            Self::Containment(o) => o.area,
            Self::Obstacle(o) => o.area,
        }
    }

    /// Whether it must not be moved by hand.
    #[must_use]
    pub const fn locked(&self) -> bool {
        match self {
            Self::Rack(o) => o.locked,
            Self::Unit(o) => o.locked,
            Self::Tile(o) => o.locked,
            Self::Containment(o) => o.locked,
            Self::Obstacle(o) => o.locked,
        }
    }

    /// Locks or unlocks it.
    pub const fn set_locked(&mut self, locked: bool) {
        match self {
            Self::Rack(o) => o.locked = locked,
            Self::Unit(o) => o.locked = locked,
            Self::Tile(o) => o.locked = locked,
            Self::Containment(o) => o.locked = locked,
            Self::Obstacle(o) => o.locked = locked,
        }
    }

    /// Name on the label, or the word for it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Rack(o) => o.name.clone(),
            Self::Unit(o) => o.name.clone(),
            Self::Containment(o) => o.name.clone(),
            Self::Tile(o) => format!("tile {}", o.id.0),
            Self::Obstacle(o) => format!("{} {}", o.kind.label(), o.id.0),
        }
    }

    /// Moves it.
    pub const fn translate(&mut self, dx: i32, dy: i32) {
        match self {
            Self::Rack(o) => o.at = o.at.offset(dx, dy),
            Self::Unit(o) => o.at = o.at.offset(dx, dy),
            Self::Tile(o) => o.at = o.at.offset(dx, dy),
            Self::Containment(o) => o.area = o.area.offset(dx, dy),
            Self::Obstacle(o) => o.area = o.area.offset(dx, dy),
        }
    }

    /// Turns it clockwise by quarters about a point, both in doubled mm so that half millimetres
    /// stay exact; the corner is rounded to whole mm.
    pub fn turn_about(&mut self, centre_doubled: (i64, i64), quarters: i32) {
        for _ in 0..quarters.rem_euclid(4) {
            let turned = turned_once(self.footprint(), centre_doubled);
            match self {
                Self::Rack(o) => (o.at, o.facing) = (turned.min, o.facing.turned(1)),
                Self::Unit(o) => (o.at, o.facing) = (turned.min, o.facing.turned(1)),
                Self::Tile(o) => o.at = turned.min,
                Self::Containment(o) => o.area = turned,
                Self::Obstacle(o) => o.area = turned,
            }
        }
    }
}

/// A rectangle turned clockwise by one quarter about a centre given in doubled mm.
fn turned_once(area: RectMm, centre_doubled: (i64, i64)) -> RectMm {
    let (cx, cy) = centre_doubled;
    let turn = |p: PointMm| {
        let (dx, dy) = (2 * i64::from(p.x) - cx, 2 * i64::from(p.y) - cy);
        let (x, y) = ((cx + dy).div_euclid(2), (cy - dx).div_euclid(2));
        PointMm::new(clamp_mm(x), clamp_mm(y))
    };
    RectMm::spanning(turn(area.min), turn(area.max))
}

fn clamp_mm(value: i64) -> i32 {
    value.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_turn_brings_a_rack_back() {
        let rack = Rack {
            id: ObjectId(1),
            name: "R-01".into(),
            frame: RackKey::new("mgx_nvl72"),
            size_mm: SizeMm { width: 600, depth: 1068, height: 2236 },
            at: PointMm::new(1200, 3400),
            facing: Facing::North,
            contents: Contents::Reserved,
            feeds: Feeds::Both,
            rear_door: None,
            phase: 1,
            locked: false,
        };
        let mut object = Object::Rack(rack.clone());
        let area = rack.footprint();
        let centre = (
            i64::from(area.min.x) + i64::from(area.max.x),
            i64::from(area.min.y) + i64::from(area.max.y),
        );
        object.turn_about(centre, 1);
        assert_eq!((object.footprint().size_x(), object.footprint().size_y()), (1068, 600));
        object.turn_about(centre, 3);
        assert_eq!(object, Object::Rack(rack));
    }
}
