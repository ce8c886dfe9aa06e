//! Why a network gives no load flow: data, or collapse. Dead islands are results.

/// A network that can not be solved as drawn.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NetworkError {
    /// A number that is not finite or outside its range.
    #[error("data error: {owner}: {field} is {value}; it must be from {low} to {high}")]
    BadNumber {
        /// Bus, branch, load … with its name.
        owner: String,
        /// The field.
        field: &'static str,
        /// What it holds.
        value: f64,
        /// Least allowed.
        low: f64,
        /// Most allowed.
        high: f64,
    },
    /// Two things with one name.
    #[error("data error: two of kind {what} are named {id}")]
    Duplicate {
        /// What they are.
        what: &'static str,
        /// Their name.
        id: String,
    },
    /// A name that nothing carries.
    #[error("data error: {owner} names bus {bus}, which does not exist")]
    UnknownBus {
        /// Branch, load …
        owner: String,
        /// The name.
        bus: String,
    },
    /// Both ends at one bus.
    #[error("data error: branch {branch} starts and ends at bus {bus}")]
    Loop {
        /// The branch.
        branch: String,
        /// The bus.
        bus: String,
    },
    /// No bus at all.
    #[error("data error: the network has no bus")]
    Empty,
    /// Sources held at different voltages, joined without impedance.
    #[error(
        "data error: branch {branch} has no impedance but joins buses that are held at different \
         voltages ({detail})"
    )]
    Shorted {
        /// The branch, or one of several.
        branch: String,
        /// Which voltages.
        detail: String,
    },
    /// Impedances that cancel, so that some voltage is undetermined.
    #[error("data error: the admittances around bus {bus} cancel: its voltage is undetermined")]
    Undetermined {
        /// The bus.
        bus: String,
    },
    /// No source anywhere.
    #[error("dead island: no bus of the network is connected to a source")]
    NoSource,
    /// More load than the network can carry.
    #[error(
        "collapse: the network carries at most {percent:.4} % of the drawn load; first limit at bus \
         {bus} ({v_pu:.3} p.u. there). In data centres this nearly always is a slip in a length, \
         impedance or voltage"
    )]
    Collapse {
        /// Largest common factor on all loads with a solution, %.
        percent: f64,
        /// The bus of lowest voltage there.
        bus: String,
        /// Its voltage, p.u.
        v_pu: f64,
    },
    /// It has a solution without load, but neither was one found nor a limit.
    #[error(
        "not converged: mismatch {mismatch_pu:.2e} p.u. at bus {bus} after {iterations} iterations"
    )]
    NotConverged {
        /// Newton steps.
        iterations: usize,
        /// Largest mismatch left, p.u.
        mismatch_pu: f64,
        /// Where.
        bus: String,
    },
}

impl NetworkError {
    /// One word for the cause.
    #[must_use]
    pub const fn cause(&self) -> &'static str {
        match self {
            Self::NoSource => "dead_island",
            Self::Collapse { .. } => "collapse",
            Self::NotConverged { .. } => "not_converged",
            _ => "data_error",
        }
    }
}
