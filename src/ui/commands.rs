//! What a user can ask for. Menus, command palette and shortcut sheet are generated from this list.

use super::screens::{Pane, Picker, Section, Tab};
use super::state::Overlay;
use crate::evaluate::economics::Headline;
use crate::study::Figure;
use eframe::egui::{Key, KeyboardShortcut, Modifiers};

/// A request by the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Gallery of presets.
    New,
    /// Opens a plan file.
    Open,
    /// Saves to the plan's file.
    Save,
    /// Saves to another file.
    SaveAs,
    /// Review pack, picture, results.
    Export,
    /// Leaves.
    Quit,
    /// One step back.
    Undo,
    /// One step forward.
    Redo,
    /// Selects every object.
    SelectAll,
    /// Selects every rack with the same contents.
    SelectSimilar,
    /// Selects nothing.
    SelectNone,
    /// Locks or unlocks the selection.
    ToggleLock,
    /// A key that the floor understands.
    Floor(FloorKey),
    /// Colours the floor.
    Show(Overlay),
    /// The hall in three dimensions, or the plan.
    ToggleOrbit,
    /// The one-line diagram of the power chain, or the plan.
    ToggleOneLine,
    /// Puts every failed element of the power chain back.
    Restore,
    /// Arrows over the air slice.
    ToggleArrows,
    /// Snap to the grid.
    ToggleGridSnap,
    /// Snap to edges.
    ToggleEdgeSnap,
    /// Dark or light.
    ToggleTheme,
    /// Shows or hides a panel.
    Toggle(Pane),
    /// Opens a tab.
    Tab(Tab),
    /// Opens a section of the plan's settings.
    Section(Section),
    /// Opens a picker.
    Pick(Picker),
    /// Compares the plan with 800 VDC over the rows.
    CompareVdc800,
    /// Evaluates variants of the plan.
    RunTradeoffs,
    /// Stops them.
    StopTradeoffs,
    /// Runs every validation case of the list.
    RunValidation,
    /// Stops that.
    StopValidation,
    /// Validation cases from a folder of the user's own.
    OpenCases,
    /// The validation cases that ship.
    ShippedCases,
    /// Takes a headline apart.
    Explain(Headline),
    /// Takes a headline figure that no money is in apart.
    ExplainFigure(Figure),
    /// Measured serving points from a file.
    OpenMeasured,
    /// Finds a command, rack or finding.
    Palette,
    /// All shortcuts.
    Shortcuts,
    /// What is modelled and how wrong it may be.
    About,
}

/// Keys that the floor handles itself while it has the pointer; listed here for menus and the
/// shortcut sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FloorKey {
    /// Quarter turn clockwise.
    Rotate,
    /// Copies beside themselves.
    Duplicate,
    /// Rows of copies.
    Array,
    /// Removes the selection.
    Delete,
    /// To the clipboard.
    Copy,
    /// To the clipboard and away.
    Cut,
    /// From the clipboard.
    Paste,
    /// Distances.
    Measure,
    /// The whole hall.
    ZoomFit,
    /// The selection.
    ZoomSelection,
}

impl FloorKey {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Cut,
        Self::Copy,
        Self::Paste,
        Self::Duplicate,
        Self::Array,
        Self::Rotate,
        Self::Delete,
        Self::Measure,
        Self::ZoomFit,
        Self::ZoomSelection,
    ];
}

/// What enables commands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Something is selected.
    pub selection: bool,
    /// There is a step to undo.
    pub can_undo: bool,
    /// There is a step to redo.
    pub can_redo: bool,
    /// There are results.
    pub results: bool,
    /// Variants are being evaluated.
    pub study_running: bool,
    /// Validation cases are being run.
    pub validating: bool,
    /// Elements of the power chain are taken for failed.
    pub failed: bool,
}

/// Headlines that the menu offers to take apart.
pub const EXPLAINED: [Headline; 7] = [
    Headline::UsdPerMtok,
    Headline::UsdPerGpuH,
    Headline::TokSPerMw,
    Headline::AnnualUsd,
    Headline::CapexUsd,
    Headline::Npv,
    Headline::CarbonPerMtok,
];

/// A menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// Files.
    File,
    /// Edits and selection.
    Edit,
    /// What is shown.
    View,
    /// The plan's choices.
    Plan,
    /// Many evaluations and their tables.
    Study,
    /// Help.
    Help,
}

impl Menu {
    /// All, from left to right.
    pub const ALL: [Self; 6] =
        [Self::File, Self::Edit, Self::View, Self::Plan, Self::Study, Self::Help];

    /// Its title.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Plan => "Plan",
            Self::Study => "Study",
            Self::Help => "Help",
        }
    }

    /// Its groups of commands, apart by lines.
    #[must_use]
    pub fn groups(self) -> Vec<Vec<Command>> {
        use Command as C;
        let floor = |keys: &[FloorKey]| keys.iter().map(|k| C::Floor(*k)).collect::<Vec<_>>();
        match self {
            Self::File => vec![
                vec![C::New, C::Open],
                vec![C::Save, C::SaveAs],
                vec![C::Export],
                vec![C::Quit],
            ],
            Self::Edit => vec![
                vec![C::Undo, C::Redo],
                floor(&FloorKey::ALL[..7]),
                vec![C::SelectAll, C::SelectSimilar, C::SelectNone, C::ToggleLock],
                vec![C::ToggleGridSnap, C::ToggleEdgeSnap],
            ],
            Self::View => vec![
                Overlay::ALL.map(C::Show).to_vec(),
                vec![C::ToggleOrbit, C::ToggleOneLine, C::ToggleArrows],
                vec![C::Restore],
                floor(&FloorKey::ALL[7..]),
                Pane::ALL.map(C::Toggle).to_vec(),
                vec![C::ToggleTheme],
            ],
            Self::Plan => {
                vec![Section::ALL.map(C::Section).to_vec(), Picker::ALL.map(C::Pick).to_vec()]
            }
            Self::Study => {
                vec![
                    vec![C::RunTradeoffs, C::StopTradeoffs, C::CompareVdc800],
                    vec![C::RunValidation, C::StopValidation, C::OpenCases, C::ShippedCases],
                    vec![C::OpenMeasured],
                    [
                        EXPLAINED.map(C::Explain).to_vec(),
                        Figure::ALL.map(C::ExplainFigure).to_vec(),
                    ]
                    .concat(),
                    Tab::ALL.map(C::Tab).to_vec(),
                ]
            }
            Self::Help => vec![vec![C::Palette, C::Shortcuts], vec![C::About]],
        }
    }
}

impl Command {
    /// Every command, in the order of the menus.
    #[must_use]
    pub fn all() -> Vec<Self> {
        Menu::ALL.into_iter().flat_map(Menu::groups).flatten().collect()
    }

    /// Its words in menus and palette.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::New => "New from preset…".into(),
            Self::Open => "Open…".into(),
            Self::Save => "Save".into(),
            Self::SaveAs => "Save as…".into(),
            Self::Export => "Export…".into(),
            Self::Quit => "Quit".into(),
            Self::Undo => "Undo".into(),
            Self::Redo => "Redo".into(),
            Self::SelectAll => "Select all".into(),
            Self::SelectSimilar => "Select similar".into(),
            Self::SelectNone => "Select nothing".into(),
            Self::ToggleLock => "Lock or unlock".into(),
            Self::Floor(key) => key.label().into(),
            Self::Show(overlay) => format!("Colour by {}", overlay.label()),
            Self::ToggleOrbit => "Plan or 3-D".into(),
            Self::ToggleOneLine => "Plan or one-line diagram".into(),
            Self::Restore => "Restore what was failed".into(),
            Self::ToggleArrows => "Airflow arrows".into(),
            Self::ToggleGridSnap => "Snap to grid".into(),
            Self::ToggleEdgeSnap => "Snap to edges".into(),
            Self::ToggleTheme => "Dark or light".into(),
            Self::Toggle(pane) => format!("{} panel", pane.label()),
            Self::Tab(tab) => format!("{} tab", tab.label()),
            Self::Section(section) => format!("{} settings", section.label()),
            Self::Pick(picker) => format!("Choose {}…", picker.label()),
            Self::CompareVdc800 => "Compare with 800 VDC…".into(),
            Self::RunTradeoffs => "Evaluate variants".into(),
            Self::StopTradeoffs => "Stop evaluating variants".into(),
            Self::RunValidation => "Run all validation cases".into(),
            Self::StopValidation => "Stop running validation cases".into(),
            Self::OpenCases => "Validation cases from a folder…".into(),
            Self::ShippedCases => "Validation cases that ship".into(),
            Self::Explain(headline) => format!("Explain: {}", headline.label()),
            Self::ExplainFigure(figure) => format!("Explain: {}", figure.label()),
            Self::OpenMeasured => "Measured serving points…".into(),
            Self::Palette => "Command palette".into(),
            Self::Shortcuts => "Keyboard shortcuts".into(),
            Self::About => "What is modelled, and how wrong it may be".into(),
        }
    }

    /// One sentence on what it does.
    #[must_use]
    pub const fn tooltip(self) -> &'static str {
        match self {
            Self::New => "Start from a reference hall",
            Self::Open => "Open a plan file",
            Self::Save => "Write the plan to its file",
            Self::SaveAs => "Write the plan to another file",
            Self::Export => "Review pack, picture of the window, results as JSON",
            Self::Quit => "Leave; asks about unsaved changes",
            Self::Undo => "Take back the last step",
            Self::Redo => "Do the undone step again",
            Self::SelectAll => "Every object on the floor",
            Self::SelectSimilar => {
                "Every rack with the same contents, every unit of the same model"
            }
            Self::SelectNone => "Show the plan's settings in the inspector",
            Self::ToggleLock => "Locked objects can not be moved or deleted",
            Self::Floor(_) => "Acts on the floor",
            Self::Show(_) => "Colour the floor by this figure",
            Self::ToggleOrbit => "Switch between the floor plan and the hall in three dimensions",
            Self::ToggleOneLine => "Switch between the floor plan and the power chain",
            Self::Restore => "Put every component back that was taken for failed",
            Self::ToggleArrows => "Direction and speed of the air in the slice",
            Self::ToggleGridSnap => "Positions go to multiples of the grid step",
            Self::ToggleEdgeSnap => "Positions go to edges, centres and the aisle pitch",
            Self::ToggleTheme => "Switch between the dark and the light theme",
            Self::Toggle(_) => "Show or hide this panel",
            Self::Tab(_) => "Open this tab",
            Self::Section(_) => "Show this section of the plan's settings",
            Self::Pick(_) => "Compare catalogue entries and choose one",
            Self::CompareVdc800 => "Copper, loss, space and money with 800 VDC over the rows",
            Self::RunTradeoffs => "Variants of this plan: system, cooling, fabric, density",
            Self::StopTradeoffs => "Keep what was found so far",
            Self::RunValidation => "Solve cases with known answers here and compare",
            Self::StopValidation => "Keep what was finished so far",
            Self::OpenCases => "Cases of your own: case.json with results*.json beside it",
            Self::ShippedCases => "Show the cases that come with the program",
            Self::Explain(_) => "Its formula down to inputs and sources, and what moves it",
            Self::ExplainFigure(_) => "Its formula down to stages, plan and catalogue",
            Self::OpenMeasured => "A CSV table of measured points, compared with the model",
            Self::Palette => "Find any command, rack or finding by its name",
            Self::Shortcuts => "All keys on one sheet",
            Self::About => "Methods, their measured errors, sources and version",
        }
    }

    /// Its key.
    #[must_use]
    pub const fn shortcut(self) -> Option<KeyboardShortcut> {
        let ctrl = Modifiers::COMMAND;
        let shift = Modifiers::COMMAND.plus(Modifiers::SHIFT);
        let (modifiers, key) = match self {
            Self::New => (ctrl, Key::N),
            Self::Open => (ctrl, Key::O),
            Self::Save => (ctrl, Key::S),
            Self::SaveAs => (shift, Key::S),
            Self::Export => (ctrl, Key::E),
            Self::Quit => (ctrl, Key::Q),
            Self::Undo => (ctrl, Key::Z),
            Self::Redo => (shift, Key::Z),
            Self::SelectAll => (ctrl, Key::A),
            Self::SelectSimilar => (shift, Key::A),
            Self::ToggleLock => (ctrl, Key::L),
            Self::Floor(key) => return Some(key.shortcut()),
            Self::Show(overlay) => (Modifiers::NONE, overlay_key(overlay)),
            Self::ToggleOrbit => (Modifiers::NONE, Key::V),
            Self::ToggleOneLine => (Modifiers::NONE, Key::O),
            Self::ToggleGridSnap => (Modifiers::NONE, Key::F9),
            Self::ToggleEdgeSnap => (Modifiers::NONE, Key::F3),
            Self::Palette => (ctrl, Key::K),
            Self::Shortcuts => (Modifiers::NONE, Key::F1),
            Self::RunTradeoffs => (ctrl, Key::T),
            Self::Toggle(Pane::Library) => (ctrl, Key::Num1),
            Self::Toggle(Pane::Inspector) => (ctrl, Key::Num2),
            Self::Toggle(Pane::Tabs) => (ctrl, Key::Num3),
            _ => return None,
        };
        Some(KeyboardShortcut::new(modifiers, key))
    }

    /// Whether it can be done now.
    #[must_use]
    pub const fn enabled(self, now: &Circumstances) -> bool {
        match self {
            Self::Undo => now.can_undo,
            Self::Redo => now.can_redo,
            Self::SelectSimilar
            | Self::SelectNone
            | Self::ToggleLock
            | Self::Floor(
                FloorKey::Rotate
                | FloorKey::Duplicate
                | FloorKey::Array
                | FloorKey::Delete
                | FloorKey::Copy
                | FloorKey::Cut
                | FloorKey::ZoomSelection,
            )
            | Self::Pick(Picker::RearDoor) => now.selection,
            Self::Restore => now.failed,
            Self::Export | Self::Explain(_) | Self::ExplainFigure(_) => now.results,
            Self::RunTradeoffs => now.results && !now.study_running,
            Self::StopTradeoffs => now.study_running,
            Self::RunValidation | Self::OpenCases | Self::ShippedCases => !now.validating,
            Self::StopValidation => now.validating,
            _ => true,
        }
    }
}

const fn overlay_key(overlay: Overlay) -> Key {
    match overlay {
        Overlay::Plan => Key::Num1,
        Overlay::Inlet => Key::Num2,
        Overlay::Air => Key::Num3,
        Overlay::Power => Key::Num4,
        Overlay::Feeds => Key::Num5,
        Overlay::Liquid => Key::Num6,
        Overlay::Stranded => Key::Num7,
        Overlay::Utilisation => Key::Num8,
        Overlay::Cost => Key::Num9,
        Overlay::Amps => Key::Num0,
    }
}

impl FloorKey {
    /// Its words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Rotate => "Rotate",
            Self::Duplicate => "Duplicate",
            Self::Array => "Array…",
            Self::Delete => "Delete",
            Self::Copy => "Copy",
            Self::Cut => "Cut",
            Self::Paste => "Paste",
            Self::Measure => "Measure",
            Self::ZoomFit => "Zoom to fit",
            Self::ZoomSelection => "Zoom to selection",
        }
    }

    /// Its key.
    #[must_use]
    pub const fn shortcut(self) -> KeyboardShortcut {
        let (modifiers, key) = match self {
            Self::Rotate => (Modifiers::NONE, Key::R),
            Self::Duplicate => (Modifiers::COMMAND, Key::D),
            Self::Array => (Modifiers::NONE, Key::A),
            Self::Delete => (Modifiers::NONE, Key::Delete),
            Self::Copy => (Modifiers::COMMAND, Key::C),
            Self::Cut => (Modifiers::COMMAND, Key::X),
            Self::Paste => (Modifiers::COMMAND, Key::V),
            Self::Measure => (Modifiers::NONE, Key::D),
            Self::ZoomFit => (Modifiers::NONE, Key::F),
            Self::ZoomSelection => (Modifiers::SHIFT, Key::F),
        };
        KeyboardShortcut::new(modifiers, key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_screen_is_reachable() {
        let all = Command::all();
        for tab in Tab::ALL {
            assert!(all.contains(&Command::Tab(tab)), "{tab:?}");
        }
        for picker in Picker::ALL {
            assert!(all.contains(&Command::Pick(picker)), "{picker:?}");
        }
        for section in Section::ALL {
            assert!(all.contains(&Command::Section(section)), "{section:?}");
        }
        for overlay in Overlay::ALL {
            assert!(all.contains(&Command::Show(overlay)), "{overlay:?}");
        }
        for key in FloorKey::ALL {
            assert!(all.contains(&Command::Floor(key)), "{key:?}");
        }
    }

    #[test]
    fn no_key_means_two_things_and_no_two_commands_read_alike() {
        let mut keys = BTreeSet::new();
        let mut words = BTreeSet::new();
        for command in Command::all() {
            if let Some(shortcut) = command.shortcut() {
                let clash = !keys.insert(format!("{shortcut:?}"));
                assert!(!clash, "{command:?} shares its key");
            }
            assert!(words.insert(command.label()), "{command:?} shares its words");
        }
    }
}
