//! What is shown of the hall and in which colours.

use crate::plan::ObjectId;
use crate::render::colormap::Rgb;
use crate::render::overlay::Overlay;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Colours of everything that is not data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Behind the hall, at the top of the picture.
    pub sky: Rgb,
    /// Behind the hall, at the bottom.
    pub ground: Rgb,
    /// The hall's floor.
    pub floor: Rgb,
    /// Lines of the floor's grid.
    pub grid: Rgb,
    /// Walls.
    pub wall: Rgb,
    /// Edges of what stands on the floor.
    pub edge: Rgb,
    /// Sides of racks.
    pub body: Rgb,
    /// Shadows.
    pub shadow: Rgb,
    /// Lines and marks that must be read.
    pub text: Rgb,
    /// Columns, and racks without a value.
    pub muted: Rgb,
    /// The selection.
    pub accent: Rgb,
    /// Past a limit.
    pub bad: Rgb,
    /// Contained hot aisles.
    pub warn: Rgb,
    /// Air equipment.
    pub cooling: Rgb,
    /// Racks of servers, and the coolant equipment that serves them.
    pub compute: Rgb,
    /// Racks of switches and storage.
    pub network: Rgb,
    /// What fine coloured lines are drawn towards so that they stand out from the ground.
    pub glow: Rgb,
}

/// A horizontal direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Axis {
    /// East–west: the section's plane looks along x.
    #[default]
    X,
    /// North–south: the section's plane looks along y.
    Y,
}

impl Axis {
    /// 0 for x, 1 for y.
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::X => 0,
            Self::Y => 1,
        }
    }
}

/// A vertical plane through the air.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// The direction that it is across.
    pub axis: Axis,
    /// Its place along that direction as a share of the hall, 0 to 1.
    pub share: f64,
}

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layers {
    /// Racks and units.
    pub equipment: bool,
    /// Containment panels.
    pub containment: bool,
    /// Height of the horizontal temperature slice above the floor, m.
    pub slice_m: Option<f64>,
    /// Vertical temperature slice.
    pub section: Option<Section>,
    /// Paths of the air from supplies and exhausts.
    pub streamlines: bool,
    /// Temperature of the isosurface, °C; see [`Layers::limit_surface`].
    pub surface_c: Option<f64>,
    /// Whether an isosurface is shown.
    pub limit_surface: bool,
}

impl Default for Layers {
    fn default() -> Self {
        Self {
            equipment: true,
            containment: true,
            slice_m: None,
            section: None,
            streamlines: true,
            surface_c: None,
            limit_surface: false,
        }
    }
}

/// Everything that decides how a hall looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// What is shown.
    pub layers: Layers,
    /// What racks are coloured by.
    pub overlay: Overlay,
    /// Colours.
    pub palette: Palette,
    /// Objects to mark.
    pub selection: BTreeSet<ObjectId>,
}
