//! Why a short-circuit network can not be solved, by the part at fault.

/// A fault of the data. A bus that no source reaches is none: it has no current.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FaultError {
    /// A number that is not finite or outside its range.
    #[error("{owner}: {field} is {value}; it must be {must_be}")]
    BadNumber {
        /// Name of the part.
        owner: String,
        /// The field.
        field: &'static str,
        /// What it holds.
        value: f64,
        /// What it must be.
        must_be: &'static str,
    },
    /// A conductor without any impedance.
    #[error(
        "{owner}: r_ohm and x_ohm are both zero; give its impedance, or model it as a closed switch"
    )]
    NoImpedance {
        /// Name of the conductor.
        owner: String,
    },
    /// A transformer whose resistance exceeds its impedance.
    #[error("{owner}: vkr is {r_percent} %, more than vk with {z_percent} %")]
    ResistanceAboveImpedance {
        /// Name of the transformer.
        owner: String,
        /// Short-circuit voltage, %.
        z_percent: f64,
        /// Its real part, %.
        r_percent: f64,
    },
    /// Two parts of one class with one name.
    #[error("the name {name} is used twice")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// An index that points to no bus.
    #[error("{owner} ends at bus {index}, but there are only {count}")]
    UnknownBus {
        /// Name of the part.
        owner: String,
        /// The index.
        index: usize,
        /// Number of buses.
        count: usize,
    },
    /// A conductor or switch between two voltages.
    #[error("{owner} joins {a} at {a_v} V to {b} at {b_v} V without a transformer")]
    VoltageMismatch {
        /// Name of the part.
        owner: String,
        /// One bus.
        a: String,
        /// Its nominal voltage, V.
        a_v: f64,
        /// The other bus.
        b: String,
        /// Its nominal voltage, V.
        b_v: f64,
    },
}
