//! THE DOCUMENT: plain data, edits, history. No I/O, no egui, no solving, no catalogue look-ups.

use serde::{Deserialize, Serialize};

/// Identity of an object on the floor; unique in a plan for its whole life, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObjectId(pub u32);
