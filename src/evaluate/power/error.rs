//! Why a power case can not be solved. An overload or a dead rack is not among them: those are
//! findings.

use crate::evaluate::cancel::Cancelled;

/// A power case that can not be solved, by the part at fault.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PowerError {
    /// A number that is not finite or outside its range.
    #[error("{owner}: {field} is {value}; it must be {must_be}")]
    BadNumber {
        /// Name of the element or load.
        owner: String,
        /// The field.
        field: &'static str,
        /// What it holds.
        value: f64,
        /// What it must be.
        must_be: &'static str,
    },
    /// Two elements or two loads with one name.
    #[error("the name {name} is used twice")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// An index that points to no element.
    #[error("{owner}: {field} points to element {index}, but there are only {count}")]
    UnknownElement {
        /// Name of the element, load or scenario.
        owner: String,
        /// The field.
        field: &'static str,
        /// The index.
        index: usize,
        /// Number of elements.
        count: usize,
    },
    /// Elements that supply each other in a ring.
    #[error("{element} is supplied by itself through its parents")]
    Cycle {
        /// An element of the ring.
        element: String,
    },
    /// An element that is neither a source nor has a parent.
    #[error("{element} has no supply: it is not a source and has no parent")]
    NoSupply {
        /// The element.
        element: String,
    },
    /// A source that has a parent or a backup.
    #[error("{element} is a source and can not have a parent or a backup")]
    SourceWithSupply {
        /// The element.
        element: String,
    },
    /// A cable or busway whose nominal voltage is not that of its supply.
    #[error("{element} is at {v_v} V but {supply} supplies {supply_v} V")]
    VoltageMismatch {
        /// The element.
        element: String,
        /// Its nominal voltage, V.
        v_v: f64,
        /// Its supply.
        supply: String,
        /// The nominal voltage of the supply, V.
        supply_v: f64,
    },
    /// AC joined to DC without a converter, or a DC transformer.
    #[error("{element} joins AC and DC without a converter")]
    CurrentMismatch {
        /// The element.
        element: String,
    },
    /// A converter without the power rating that its loss curve refers to.
    #[error("{element} is a converter without a rated power")]
    NoRatedPower {
        /// The element.
        element: String,
    },
    /// A loss curve without points or not sorted by load.
    #[error("{element}: the loss curve needs points with rising load")]
    BadLossCurve {
        /// The element.
        element: String,
    },
    /// A newer evaluation is wanted.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
