//! The reference halls that ship with the program.

/// A shipped plan.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// File name without the ending; also accepted on the command line.
    pub id: &'static str,
    /// The file's text.
    pub text: &'static str,
}

macro_rules! presets {
    ($($id:literal),+ $(,)?) => {
        &[$(Preset { id: $id, text: include_str!(concat!("../../presets/", $id, ".plan.ron")) }),+]
    };
}

/// All presets; the first is the default.
pub const PRESETS: &[Preset] = presets![
    "gb300-10mw",
    "gb200-superpod-su",
    "dgx-h100-superpod-4su",
    "dgx-b200-superpod",
    "mi355x-liquid",
    "mi350x-air",
    "enterprise-1mw",
];

/// The preset with this id.
#[must_use]
pub fn preset(id: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|p| p.id == id)
}
