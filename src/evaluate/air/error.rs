//! Why the air solver could not answer.

use crate::evaluate::cancel::Cancelled;

/// The air solver's errors, grouped by what a caller can do about them.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AirError {
    /// A newer request made this one worthless.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// A number in the case is not usable.
    #[error("{field} is {value}, but must be {limit}")]
    BadValue {
        /// Which number, as a path into the case.
        field: String,
        /// What it was.
        value: f64,
        /// What is allowed.
        limit: &'static str,
    },
    /// Two things share a name, or a name leads nowhere.
    #[error("{field}: {problem}")]
    BadName {
        /// Which name, as a path into the case.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The room is too large for the cell size.
    #[error("a cell of {dx_m} m makes {cells} cells; at most {limit} are solved")]
    TooManyCells {
        /// Target cell in m.
        dx_m: f64,
        /// Cells that it would make.
        cells: u64,
        /// Most cells allowed.
        limit: u64,
    },
    /// Dyes were asked for where no flow was kept.
    #[error("this answer kept no air flow to follow")]
    NoFlow,
    /// Air that hardly moves takes more heat than any hall could stand.
    #[error(
        "rack {rack} heats its air without end: {heat_kw:.1} kW into a pocket of air that nearly \
         stands still; give the rack an air flow, or open a way to its intake and exhaust"
    )]
    Trapped {
        /// The rack whose intake is hottest.
        rack: String,
        /// Heat that it gives to the air in kW.
        heat_kw: f64,
    },
    /// The march in time blew up, with ever smaller steps too.
    #[error("the air flow blew up on cells of {dx_m} m; choose another cell size")]
    BlewUp {
        /// Cell size in m.
        dx_m: f64,
    },
    /// An iteration did not reach its tolerance.
    #[error("{what} did not settle: residual {residual:.1e} after {iterations} iterations")]
    NotConverged {
        /// Which iteration.
        what: &'static str,
        /// Iterations done.
        iterations: usize,
        /// Relative residual reached.
        residual: f64,
    },
}
