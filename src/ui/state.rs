//! What the window remembers that is not in the plan: selection, overlay, tool, panels. None of it
//! is undoable.

use crate::evaluate::air::{AirField, Capture};
use crate::plan::{Edit, ObjectId, Plan};
pub use crate::render::overlay::Overlay;
use crate::render::scene::Layers;
use crate::ui::fed::Fed;
use crate::ui::what_if::WhatIf;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a click or drag on the floor does.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Tool {
    /// Selects and moves.
    #[default]
    Select,
    /// Measures distances.
    Measure,
    /// Places copies of an object until Esc.
    Place(Box<crate::plan::Object>),
}

/// What fills the middle of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MainView {
    /// The floor plan.
    #[default]
    Plan,
    /// The hall in three dimensions.
    Orbit,
    /// The power chain.
    OneLine,
}

/// How the drawn state relates to the results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// No results yet.
    #[default]
    Missing,
    /// Results of an older revision.
    Updating,
    /// Results of this revision, coarse air.
    Draft,
    /// Settled; a finer air field is under way.
    Refining,
    /// Final.
    Settled,
}

/// Selected objects.
pub type Selection = BTreeSet<ObjectId>;

/// A state of the air after a failure.
#[derive(Clone, Debug)]
pub struct Played {
    /// Temperature and velocity.
    pub field: Arc<AirField>,
    /// What it is, in words.
    pub words: String,
    /// Mean inlet of each rack, °C.
    pub inlets_c: BTreeMap<ObjectId, f64>,
}

/// The window's memory, kept between runs where it makes sense.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct UiState {
    /// Selected objects.
    #[serde(skip)]
    pub selection: Selection,
    /// Active tool.
    #[serde(skip)]
    pub tool: Tool,
    /// Another state of the air than the design's, shown on the floor.
    #[serde(skip)]
    pub played: Option<Played>,
    /// Elements of the power chain that are taken for failed, and what follows.
    #[serde(skip)]
    pub what_if: WhatIf,
    /// Name of the selected element of the power chain.
    #[serde(skip)]
    pub device: Option<String>,
    /// What that element feeds.
    #[serde(skip)]
    pub fed: Fed,
    /// What the floor is coloured by.
    pub overlay: Overlay,
    /// Height of the air slice above the floor, m.
    pub slice_height_m: f64,
    /// Whether airflow arrows are drawn over the air slice.
    pub show_arrows: bool,
    /// Floor plan, hall in three dimensions, or one-line diagram.
    pub main: MainView,
    /// What the three-dimensional view shows.
    pub layers: Layers,
    /// Whether the settled air is followed from rack to rack.
    #[serde(skip)]
    pub follow: bool,
    /// Whose air each rack breathes in the shown answer, once followed.
    #[serde(skip)]
    pub capture: Option<Arc<Capture>>,
    /// Grid step for snapping, mm.
    pub grid_mm: u32,
    /// Snap to the grid.
    pub snap_grid: bool,
    /// Snap to edges of other objects and to the aisle pitch.
    pub snap_objects: bool,
    /// Dark theme.
    pub dark: bool,
    /// Recently opened files.
    pub recent: Vec<std::path::PathBuf>,
}

impl Default for UiState {
    fn default() -> Self {
        Self {
            selection: Selection::new(),
            tool: Tool::Select,
            played: None,
            overlay: Overlay::Inlet,
            slice_height_m: 1.2,
            show_arrows: false,
            follow: false,
            capture: None,
            main: MainView::Plan,
            what_if: WhatIf::default(),
            device: None,
            fed: Fed::default(),
            layers: Layers::default(),
            grid_mm: 100,
            snap_grid: true,
            snap_objects: true,
            dark: true,
            recent: Vec::new(),
        }
    }
}

/// What a view asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// An edit, recorded as one step.
    Apply(Edit),
    /// An edit shown while a gesture runs, relative to the state before the gesture.
    Preview(Edit),
    /// The gesture is over; its name in the history.
    Commit(String),
    /// The gesture is dropped.
    Abort,
    /// Replaces the selection.
    Select(Selection),
    /// Selects one object and brings it into view.
    Reveal(ObjectId),
    /// A whole other state of the plan as one step (a trade-off variant).
    Adopt {
        /// Name in the history.
        label: String,
        /// The state.
        plan: Box<Plan>,
    },
    /// The state after this many recorded steps.
    Jump(usize),
    /// Another tool.
    Use(Tool),
    /// Another overlay on the floor.
    Show(Overlay),
    /// Another height of the air slice, m.
    SliceAt(f64),
    /// Floor plan, hall in three dimensions, or one-line diagram.
    Look(MainView),
    /// Selects an element of the power chain by name, or none.
    PickDevice(Option<String>),
    /// Selects the objects that the selected element of the power chain feeds.
    SelectFed,
    /// Takes an element of the power chain for failed, or puts it back.
    Fail(String),
    /// Takes these elements for failed instead of any others, under the name of an outage.
    FailAll(String, BTreeSet<String>),
    /// Puts every failed element back.
    Restore,
    /// Other layers of the hall in three dimensions.
    ShowLayers(Layers),
    /// Airflow arrows over the air slice, or none.
    ShowArrows(bool),
    /// Runs one validation case, by its place in the list.
    RunCase(usize),
    /// Follows the air from rack to rack, or stops to.
    Follow(bool),
    /// Words for the status bar.
    Say(String),
}
