//! What can be shown in the window: tabs, settings sections, pickers, dialogs, panels. The menus,
//! the palette and the tests walk these lists, so that nothing is out of reach.

use serde::{Deserialize, Serialize};

/// A tab of the bottom panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Tab {
    /// Variants of the plan by cost and output, what binds, what moves the cost.
    #[default]
    Tradeoffs,
    /// One line per rack.
    Racks,
    /// One line per element of the power chain.
    Power,
    /// One line per examined outage.
    Outages,
    /// What is served, how fast and what limits it.
    Workload,
    /// Where the money goes.
    Costs,
    /// Design problems.
    Findings,
    /// How long each stage took and how well it closes.
    Timings,
    /// What happens when cooling fails.
    RideThrough,
    /// Cases with known answers, run here.
    Validation,
    /// Steps that can be undone and redone.
    History,
    /// Planning values with bands and sources.
    Assumptions,
}

impl Tab {
    /// All, from left to right.
    pub const ALL: [Self; 12] = [
        Self::Tradeoffs,
        Self::Workload,
        Self::Costs,
        Self::Racks,
        Self::Power,
        Self::Outages,
        Self::Findings,
        Self::Timings,
        Self::RideThrough,
        Self::Validation,
        Self::History,
        Self::Assumptions,
    ];

    /// Text on the tab.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Tradeoffs => "Trade-offs",
            Self::Racks => "Racks",
            Self::Power => "Power",
            Self::Outages => "Outages",
            Self::Workload => "Workload",
            Self::Costs => "Economics",
            Self::Findings => "Findings",
            Self::Timings => "Timings",
            Self::RideThrough => "Ride-through",
            Self::Validation => "Validation",
            Self::History => "History",
            Self::Assumptions => "Assumptions",
        }
    }
}

/// A section of the plan's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Section {
    /// Climate, prices, elevation.
    Site,
    /// The room.
    Hall,
    /// The power chain.
    Power,
    /// Air, coolant, plant.
    Cooling,
    /// The scale-out network.
    Fabric,
    /// Shared storage.
    Storage,
    /// What the factory does.
    Workload,
    /// Money.
    Finance,
}

impl Section {
    /// All, in the order of the inspector.
    pub const ALL: [Self; 8] = [
        Self::Site,
        Self::Hall,
        Self::Power,
        Self::Cooling,
        Self::Fabric,
        Self::Storage,
        Self::Workload,
        Self::Finance,
    ];

    /// Its heading.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Site => "Site",
            Self::Hall => "Hall",
            Self::Power => "Power",
            Self::Cooling => "Cooling",
            Self::Fabric => "Fabric",
            Self::Storage => "Storage",
            Self::Workload => "Workload",
            Self::Finance => "Finance",
        }
    }
}

/// What a picker chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Picker {
    /// Servers or rack-scale system of the selected (or all) compute racks.
    System,
    /// Model of the selected (or all) air units.
    AirUnit,
    /// CDU of generated loops, or of the selected CDUs.
    Cdu,
    /// Rear door of the selected racks.
    RearDoor,
    /// Switch of the fabric.
    Switch,
    /// Storage appliance.
    Storage,
    /// Language model.
    Model,
    /// Site.
    Site,
    /// Transformer.
    Transformer,
    /// UPS module.
    Ups,
    /// Busway.
    Busway,
    /// Standby generator.
    Generator,
}

impl Picker {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::System,
        Self::AirUnit,
        Self::Cdu,
        Self::RearDoor,
        Self::Switch,
        Self::Storage,
        Self::Model,
        Self::Site,
        Self::Transformer,
        Self::Ups,
        Self::Busway,
        Self::Generator,
    ];

    /// What is chosen, in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "GPU system",
            Self::AirUnit => "Air unit",
            Self::Cdu => "CDU",
            Self::RearDoor => "Rear door",
            Self::Switch => "Network switch",
            Self::Storage => "Storage appliance",
            Self::Model => "Language model",
            Self::Site => "Site",
            Self::Transformer => "Transformer",
            Self::Ups => "UPS",
            Self::Busway => "Busway",
            Self::Generator => "Generator",
        }
    }
}

/// A panel that can be hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pane {
    /// Left: what can be placed.
    Library,
    /// Right: the selection or the plan's settings.
    Inspector,
    /// Bottom: tabs.
    Tabs,
}

impl Pane {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Library, Self::Inspector, Self::Tabs];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Library => "Library",
            Self::Inspector => "Inspector",
            Self::Tabs => "Tabs",
        }
    }
}

/// Which panels and tab are shown; kept between runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// Library shown.
    pub library: bool,
    /// Inspector shown.
    pub inspector: bool,
    /// Bottom tabs shown.
    pub tabs: bool,
    /// The open tab.
    pub tab: Tab,
}

impl Default for Layout {
    fn default() -> Self {
        Self { library: true, inspector: true, tabs: true, tab: Tab::Tradeoffs }
    }
}

impl Layout {
    /// Whether a panel is shown.
    pub const fn shown(&mut self, pane: Pane) -> &mut bool {
        match pane {
            Pane::Library => &mut self.library,
            Pane::Inspector => &mut self.inspector,
            Pane::Tabs => &mut self.tabs,
        }
    }
}
