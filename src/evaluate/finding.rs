//! Design problems as data. An overloaded busway is not an error: the evaluation still yields
//! full results, and the finding names what, by how much, against which limit, from which source.

use crate::plan::ObjectId;
use serde::Serialize;

/// How much a finding matters. Ordered from harmless to blocking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; no limit is exceeded.
    Info,
    /// Within limits but outside good practice or with little margin.
    Warning,
    /// A limit is exceeded or the design cannot work as drawn.
    Error,
}

/// The part of the design that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An object on the floor: rack, unit, tile, containment, wall.
    Object(ObjectId),
    /// A generated element of the power chain, by its name (`TX-A1`, `BW-B-R3`).
    PowerElement(String),
    /// A coolant loop or CDU group, by its name.
    Loop(String),
    /// A part of the fabric or the storage, by its name.
    Fabric(String),
    /// The plan as a whole, or one of its sections, by name.
    Plan(String),
}

/// One design problem.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Stable identifier of the rule (`air.inlet-above-recommended`).
    pub rule: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// One sentence for a person: what, how much, why. Starts with a capital, ends without a dot.
    pub message: String,
    /// The value found, in `unit`.
    pub value: Option<f64>,
    /// The limit it is held against, in `unit`.
    pub limit: Option<f64>,
    /// Unit of `value` and `limit` (`°C`, `%`, `kW`, `L/min`).
    pub unit: &'static str,
    /// Who set the limit (`ASHRAE TC 9.9 (2021)`, `NEC 210.20`, a data sheet).
    pub source: String,
    /// What a planner could do about it.
    pub advice: String,
}
