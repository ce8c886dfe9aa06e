//! One catalogue entry: identity, specification, provenance.

use super::provenance::Provenance;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An entry of kind `S`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry<S> {
    /// Stable id, unique within its kind.
    pub id: String,
    /// Name as shown.
    pub name: String,
    /// Who makes it; `class` for a representative of many products.
    pub vendor: String,
    /// The facts.
    pub spec: S,
    /// Where the facts come from, unless overridden field by field.
    pub provenance: Provenance,
    /// Provenance of single fields that differ from the entry's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, Provenance>,
    /// Caveats, conflicts between sources, arithmetic of derived values.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
}

impl<S> Entry<S> {
    /// Provenance of one field.
    #[must_use]
    pub fn provenance_of(&self, field: &str) -> &Provenance {
        self.overrides.get(field).unwrap_or(&self.provenance)
    }
}

/// Width, depth and height in mm, depth from front to rear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizeMm {
    /// Along the front face.
    pub width: u32,
    /// Front to rear.
    pub depth: u32,
    /// Floor to top.
    pub height: u32,
}

/// Price band in US dollars; the date is in the provenance of the field.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRange {
    /// A tenth of offers are below this.
    pub low: f64,
    /// Planning value.
    pub base: f64,
    /// A tenth of offers are above this.
    pub high: f64,
}
