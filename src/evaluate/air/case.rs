//! What the air solver is asked: a room, what stands in it, who moves air and who makes heat.
//!
//! The case is self-contained, in SI, in room coordinates: x and y along the floor, z up, origin in
//! a floor corner. Nothing needs to sit on the grid; the solver snaps faces and keeps true flow and
//! heat.

use super::error::AirError;
use super::fan::Fans;
use super::rack::RackOptions;
use crate::plan::ObjectId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Eddy diffusivity of room air, in m²/s, that mixes heat across still regions.
///
/// Assumption: constant; of the order of measured indoor values (Cheng et al. 2011, Environ. Sci.
/// Technol. 45:4016, about 0.001 to 0.013 m²/s) and far below the numerical diffusion of first-order
/// upwind at data-hall speeds, so it only matters where the potential flow stands still.
pub const EDDY_DIFFUSIVITY_M2_S: f64 = 0.01;

/// Target cell of the preview, in m: half a 600 mm rack.
pub const PREVIEW_CELL_M: f64 = 0.3;

/// Target cell while something is dragged, in m: one 600 mm rack.
pub const LIVE_CELL_M: f64 = 0.6;

/// Temperature of air that leaks in from the rest of the building, in K. Assumption: 24 °C.
pub const AMBIENT_K: f64 = 297.15;

/// One question to the air solver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AirCase {
    /// Name, for messages.
    pub name: String,
    /// Properties of the air at hall conditions.
    pub air: AirProperties,
    /// Room size along x, y and z in m.
    pub room_m: [f64; 3],
    /// Target cell size in m.
    pub dx_m: f64,
    /// Eddy diffusivity in m²/s, see [`EDDY_DIFFUSIVITY_M2_S`].
    pub mixing_m2_s: f64,
    /// Temperature of air that leaks in from outside the room, in K.
    pub ambient_t_k: f64,
    /// Columns and other boxes that block air.
    #[serde(default)]
    pub solids: Vec<AirSolid>,
    /// Racks: solid boxes with an intake face and an exhaust face.
    #[serde(default)]
    pub racks: Vec<AirRack>,
    /// Units that cool air.
    #[serde(default)]
    pub units: Vec<AirUnit>,
    /// Openings in floor, ceiling, walls or solids.
    #[serde(default)]
    pub ports: Vec<AirPort>,
    /// Zero-thickness walls: containment sides, roofs, doors, blanking.
    #[serde(default)]
    pub baffles: Vec<Baffle>,
    /// Suspended ceiling with a return plenum above it, inside `room_m`.
    #[serde(default)]
    pub ceiling: Option<Ceiling>,
    /// Plenums under a raised floor whose tile flows are solved. A plenum that is named by units
    /// and ports but not here shares its air among its ports by weight.
    #[serde(default)]
    pub plenums: Vec<FloorPlenum>,
    /// How racks' exhausts follow from their intakes.
    #[serde(default)]
    pub exhaust_law: ExhaustLaw,
    /// Dew point of the hall's air in K, for coils that might sweat; unknown if none.
    #[serde(default)]
    pub dew_point_k: Option<f64>,
    /// Points in m at which a temperature is wanted, by name.
    #[serde(default)]
    pub probes: BTreeMap<String, [f64; 3]>,
}

/// A suspended ceiling: closed but for its openings. The space above belongs to the room, so air
/// finds its own way through the openings; units may take it from there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ceiling {
    /// Height above the floor in m.
    pub height_m: f64,
    /// Open areas: lower and upper corner in m.
    pub openings_m: Vec<[[f64; 2]; 2]>,
}

/// The space under a raised floor, from which tiles take their air by pressure. The weights of its
/// ports are open areas in m².
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloorPlenum {
    /// Name that units and ports are linked to.
    pub name: String,
    /// Clear depth in m.
    pub depth_m: f64,
    /// Lower corner in m.
    pub min_m: [f64; 2],
    /// Upper corner in m.
    pub max_m: [f64; 2],
    /// Open area of seams and cable cut-outs over floor area.
    #[serde(default)]
    pub seam_share: f64,
    /// Cable trays, pipes, ducts.
    #[serde(default)]
    pub obstructions: Vec<Obstruction>,
}

/// Something that takes part of a plenum's depth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obstruction {
    /// Lower corner in m.
    pub min_m: [f64; 2],
    /// Upper corner in m.
    pub max_m: [f64; 2],
    /// Share of the depth that it takes, 0 to 1.
    pub blocked: f64,
}

/// How a rack's exhaust follows from its intake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExhaustLaw {
    /// Mean of the whole intake plus the rise, over the whole rear: the convention of case files.
    #[default]
    WholeFace,
    /// At each height the intake there plus the rise: servers blow straight through.
    ByHeight,
}

/// Constant properties of the air in the hall.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AirProperties {
    /// Density in kg/m³.
    pub rho_kg_m3: f64,
    /// Specific heat at constant pressure in J/(kg K).
    pub cp_j_kg_k: f64,
}

impl AirProperties {
    /// Heat capacity per volume in J/(m³ K).
    #[must_use]
    pub fn rho_cp(&self) -> f64 {
        self.rho_kg_m3 * self.cp_j_kg_k
    }
}

/// An axis-aligned box in m.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Box3 {
    /// Lower corner in m.
    pub min_m: [f64; 3],
    /// Upper corner in m.
    pub max_m: [f64; 3],
}

/// An axis-aligned rectangle in m: `min_m` and `max_m` are equal along `axis`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rect {
    /// Lower corner in m.
    pub min_m: [f64; 3],
    /// Upper corner in m.
    pub max_m: [f64; 3],
    /// Side on which the room's air is: `+x` means that the air is at larger x.
    pub air_side: Side,
}

impl Rect {
    /// Area in m².
    #[must_use]
    pub fn area_m2(&self) -> f64 {
        let axis = self.air_side.axis();
        (0..3).filter(|a| *a != axis).map(|a| self.max_m[a] - self.min_m[a]).product()
    }
}

/// A direction along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// Towards smaller x.
    #[serde(rename = "-x")]
    MinusX,
    /// Towards larger x.
    #[serde(rename = "+x")]
    PlusX,
    /// Towards smaller y.
    #[serde(rename = "-y")]
    MinusY,
    /// Towards larger y.
    #[serde(rename = "+y")]
    PlusY,
    /// Down.
    #[serde(rename = "-z")]
    MinusZ,
    /// Up.
    #[serde(rename = "+z")]
    PlusZ,
}

impl Side {
    /// All six, in axis order.
    pub const ALL: [Self; 6] =
        [Self::MinusX, Self::PlusX, Self::MinusY, Self::PlusY, Self::MinusZ, Self::PlusZ];

    /// 0 for x, 1 for y, 2 for z.
    #[must_use]
    pub const fn axis(self) -> usize {
        match self {
            Self::MinusX | Self::PlusX => 0,
            Self::MinusY | Self::PlusY => 1,
            Self::MinusZ | Self::PlusZ => 2,
        }
    }

    /// Whether the direction is the positive one.
    #[must_use]
    pub const fn is_plus(self) -> bool {
        matches!(self, Self::PlusX | Self::PlusY | Self::PlusZ)
    }

    /// The other way.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::MinusX => Self::PlusX,
            Self::PlusX => Self::MinusX,
            Self::MinusY => Self::PlusY,
            Self::PlusY => Self::MinusY,
            Self::MinusZ => Self::PlusZ,
            Self::PlusZ => Self::MinusZ,
        }
    }
}

/// A box that blocks air: a column, a power cabinet, a CRAH body of a case file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AirSolid {
    /// Name, for messages.
    pub id: String,
    /// Where it stands.
    pub box_m: Box3,
}

/// A rack as the room's air sees it: air leaves the room through the whole front, takes the heat
/// and comes back through the whole rear, mixed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AirRack {
    /// Name, unique among racks.
    pub id: String,
    /// The plan object that it stands for.
    #[serde(default)]
    pub object: Option<ObjectId>,
    /// Where it stands.
    pub box_m: Box3,
    /// Side of the intake.
    pub front: Side,
    /// Air through the rack in m³/s.
    pub flow_m3_s: f64,
    /// Heat given to that air in W (not the part that a liquid takes).
    pub heat_w: f64,
    /// Heat taken from the exhaust before it reaches the room (rear-door heat exchanger), in W.
    #[serde(default)]
    pub removed_w: f64,
    /// Inlet limits, when known.
    #[serde(default)]
    pub limits: Option<InletLimits>,
    /// Blanking leaks, rear door, fan curve.
    #[serde(default)]
    pub options: RackOptions,
}

impl AirRack {
    /// A rack without air or heat.
    #[must_use]
    pub fn plain(id: impl Into<String>, box_m: Box3, front: Side) -> Self {
        Self {
            id: id.into(),
            object: None,
            box_m,
            front,
            flow_m3_s: 0.0,
            heat_w: 0.0,
            removed_w: 0.0,
            limits: None,
            options: RackOptions::default(),
        }
    }
}

/// Inlet temperature limits of the equipment in a rack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InletLimits {
    /// Lowest allowable in K.
    pub allowable_min_k: f64,
    /// Lowest recommended in K.
    pub recommended_min_k: f64,
    /// Highest recommended in K.
    pub recommended_max_k: f64,
    /// Highest allowable in K, derated for altitude by whoever built the case.
    pub allowable_max_k: f64,
    /// Whose limits they are, in words (`ASHRAE A1`, `equipment limit`).
    pub class: String,
    /// Who set the allowable limits.
    pub source: String,
    /// Who set the recommended limits.
    pub recommended_source: String,
}

impl InletLimits {
    /// ASHRAE class A1 at sea level: recommended 18 to 27 °C, allowable 15 to 32 °C
    /// (ASHRAE TC 9.9 Thermal Guidelines, 5th edition, 2021).
    #[must_use]
    pub fn ashrae_a1() -> Self {
        Self {
            allowable_min_k: 288.15,
            recommended_min_k: 291.15,
            recommended_max_k: 300.15,
            allowable_max_k: 305.15,
            class: "ASHRAE A1".into(),
            source: "ASHRAE TC 9.9 Thermal Guidelines, 5th edition (2021)".into(),
            recommended_source: "ASHRAE TC 9.9 Thermal Guidelines, 5th edition (2021)".into(),
        }
    }
}

/// What kind of cooling unit it is; only for words, the physics is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// Perimeter computer-room air handler.
    Crah,
    /// Wall of fans and coils.
    FanWall,
    /// Cooler between racks.
    InRow,
}

/// A cooling unit: takes room air, cools it to its set point while the coil can, gives it back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AirUnit {
    /// Name, unique among units.
    pub id: String,
    /// The plan object that it stands for.
    #[serde(default)]
    pub object: Option<ObjectId>,
    /// What it is.
    pub kind: UnitKind,
    /// Its body, which blocks air; none for a unit outside the room.
    #[serde(default)]
    pub box_m: Option<Box3>,
    /// Where it takes air.
    pub intake: AirPath,
    /// Where it gives air back.
    pub discharge: AirPath,
    /// Air through the unit in m³/s.
    pub flow_m3_s: f64,
    /// Supply temperature set point in K.
    pub supply_t_k: f64,
    /// Sensible capacity at this flow in W; none means without limit.
    #[serde(default)]
    pub capacity_w: Option<f64>,
    /// Entering water of the coil in K; none takes the set point less [`COIL_APPROACH_K`].
    #[serde(default)]
    pub coil_inlet_t_k: Option<f64>,
    /// Stands still: no flow, no cooling.
    #[serde(default)]
    pub failed: bool,
    /// Fans that give way to the pressure under a raised floor, instead of the fixed flow.
    #[serde(default)]
    pub fans: Option<Fans>,
}

impl AirUnit {
    /// Air through the unit into a room or floor without pressure, in m³/s.
    #[must_use]
    pub fn free_flow_m3_s(&self) -> f64 {
        self.fans.as_ref().map_or(self.flow_m3_s, |f| f.flow_m3_s(0.0))
    }

    /// Air through the unit in m³/s if the pressure against it, `external_pa` at `flow_m3_s`, grows
    /// with the square of the flow.
    #[must_use]
    pub fn flow_against_m3_s(&self, external_pa: f64, flow_m3_s: f64) -> f64 {
        let with_floor = |f: &Fans| {
            let outside = external_pa / (flow_m3_s * flow_m3_s);
            let curve = f.curve.clone();
            let resistance_pa_s2_m6 = f.resistance_pa_s2_m6 + outside;
            Fans { curve, resistance_pa_s2_m6 }.flow_m3_s(0.0)
        };
        self.fans.as_ref().map_or(self.flow_m3_s, with_floor)
    }
}

/// Supply air above entering chilled water, in K, where a case does not say.
///
/// Assumption: 8 K, mid-range of perimeter chilled-water units. It only matters above capacity,
/// where it sets how much more heat a coil takes from hotter return air.
pub const COIL_APPROACH_K: f64 = 8.0;

/// How a unit is joined to the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AirPath {
    /// Straight through faces in the room, uniformly.
    Faces(Vec<Rect>),
    /// Through a shared plenum of this name and all ports that are linked to it.
    Plenum(String),
}

/// Whether air comes into the room or leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortKind {
    /// Into the room: floor tile, duct outlet.
    Supply,
    /// Out of the room: ceiling grille, return duct.
    Return,
}

/// An opening between the room and a plenum or a duct.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AirPort {
    /// Name, unique among ports.
    pub id: String,
    /// The plan object that it stands for.
    #[serde(default)]
    pub object: Option<ObjectId>,
    /// Direction of the air.
    pub kind: PortKind,
    /// Where it is.
    pub rect: Rect,
    /// What is behind it.
    pub link: PortLink,
}

/// What is behind a port.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortLink {
    /// A duct with fixed flow.
    Fixed {
        /// Air in m³/s, positive in the direction of the port's kind.
        flow_m3_s: f64,
        /// Temperature of a supply in K; unused for a return.
        t_k: f64,
    },
    /// A plenum of this name: the units' air is shared among its ports by weight.
    Plenum {
        /// Name of the plenum.
        plenum: String,
        /// Share, in any common unit: open area in m².
        weight: f64,
    },
}

/// A zero-thickness wall.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baffle {
    /// Name, for messages.
    pub id: String,
    /// The plan object that it stands for.
    #[serde(default)]
    pub object: Option<ObjectId>,
    /// Lower corner in m.
    pub min_m: [f64; 3],
    /// Upper corner in m; equal to the lower one along exactly one axis.
    pub max_m: [f64; 3],
    /// Open share of its area, 0 (sealed) to 1.
    #[serde(default)]
    pub leakage: f64,
}

impl AirCase {
    /// An empty room with dry-air defaults at the preview's resolution.
    #[must_use]
    pub fn empty(name: impl Into<String>, room_m: [f64; 3], air: AirProperties) -> Self {
        Self {
            name: name.into(),
            air,
            room_m,
            dx_m: PREVIEW_CELL_M,
            mixing_m2_s: EDDY_DIFFUSIVITY_M2_S,
            ambient_t_k: AMBIENT_K,
            solids: Vec::new(),
            racks: Vec::new(),
            units: Vec::new(),
            ports: Vec::new(),
            baffles: Vec::new(),
            ceiling: None,
            plenums: Vec::new(),
            exhaust_law: ExhaustLaw::WholeFace,
            dew_point_k: None,
            probes: BTreeMap::new(),
        }
    }

    /// Checks every number; the first bad one is named with its value and limit.
    pub fn check(&self) -> Result<(), AirError> {
        super::check::check_case(self)
    }
}
