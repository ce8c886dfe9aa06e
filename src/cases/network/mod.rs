//! Networks in files, by their `format`: read, solved alone, solved again, loaded to the limit. What
//! `tokenmill solve power-flow` and `solve margin` do, with the keys of the reference solutions.

mod answer;
mod compare;
#[cfg(test)]
mod tests;

pub use compare::{
    bus_branch as bus_branch_case, cases, row as row_case, unbalanced as phase_case,
};

use super::CaseError;
use super::dc_power::{self, Unsolved};
use crate::evaluate::power::dc_row::{Row, RowCase};
use crate::evaluate::power::grid::{BranchFlow, GridSolver};
use crate::evaluate::power::newton::{BusBranchCase, NetworkError, Newton};
use crate::evaluate::power::unbalanced::{Unbalanced, UnbalancedCase};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Formats that can be read.
const FORMATS: [&str; 4] = ["ac-bus-branch-1", "ac-3phase-seq-1", "dc-power-1", "dc-row-1"];

/// A network that gave no answer, and why in one word.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// `data_error`, `dead_island`, `collapse` or `not_converged`.
    pub cause: &'static str,
    /// The whole story, with the name of the file.
    pub message: String,
    /// Largest common factor on all loads that has a solution, %, where that is known.
    pub feasible_percent: Option<f64>,
    /// First limit there.
    pub limit_bus: Option<String>,
}

impl Failure {
    fn of(file: &str, error: &NetworkError) -> Self {
        let (feasible_percent, limit_bus) = match error {
            NetworkError::Collapse { percent, bus, .. } => (Some(*percent), Some(bus.clone())),
            _ => (None, None),
        };
        let message = format!("{file}: {error}");
        Self { cause: error.cause(), message, feasible_percent, limit_bus }
    }

    fn data(error: &CaseError) -> Self {
        let message = error.to_string();
        Self { cause: "data_error", message, feasible_percent: None, limit_bus: None }
    }

    /// The answer in its place.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut out = json!({"converged": false, "cause": self.cause, "message": self.message});
        if let (Some(percent), Some(bus)) = (self.feasible_percent, &self.limit_bus) {
            out["feasible_load_percent"] = json!(percent);
            out["limit_bus"] = answer::id(bus);
        }
        out
    }
}

/// A data-centre network with the space that solving it again needs.
struct Hall {
    net: dc_power::DcPower,
    solver: GridSolver,
    /// A second one for the scenarios.
    other: GridSolver,
    flows: Vec<BranchFlow>,
}

/// A network that is ready to be solved.
pub struct Network {
    file: String,
    solver: Solver,
}

enum Solver {
    BusBranch(Box<Newton>),
    ThreePhase(Box<Unbalanced>),
    Row(Box<Row>),
    Hall(Box<Hall>),
}

fn parsed<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|e| Failure::data(&CaseError::file(file, e)))
}

/// Reads a network of any known format; `file` names it in messages.
///
/// # Errors
/// An unknown format, a field that is missing or unusable, by name.
pub fn read(file: &str, text: &str) -> Result<Network, Failure> {
    #[derive(Deserialize)]
    struct Head {
        format: Option<String>,
    }
    let head: Head = parsed(file, text)?;
    let failed = |e: NetworkError| Failure::of(file, &e);
    let solver = match head.format.as_deref() {
        Some("ac-bus-branch-1") => {
            let case: BusBranchCase = parsed(file, text)?;
            Solver::BusBranch(Box::new(Newton::new(case).map_err(failed)?))
        }
        Some("ac-3phase-seq-1") => {
            let case: UnbalancedCase = parsed(file, text)?;
            Solver::ThreePhase(Box::new(Unbalanced::new(case).map_err(failed)?))
        }
        Some("dc-row-1") => {
            let case: RowCase = parsed(file, text)?;
            Solver::Row(Box::new(Row::new(case).map_err(failed)?))
        }
        Some("dc-power-1") => {
            let net = dc_power::read(file, text).map_err(|e| Failure::data(&e))?;
            let solver = net.solver(0).map_err(|e| Network::failure(file, &e))?;
            let other = solver.clone();
            Solver::Hall(Box::new(Hall { net, solver, other, flows: Vec::new() }))
        }
        other => {
            let known = FORMATS.join(", ");
            let problem = match other {
                Some(word) => format!("format is \"{word}\"; known are {known}"),
                None => format!("no format is given; known are {known}"),
            };
            return Err(Failure::data(&CaseError::file(file, problem)));
        }
    };
    Ok(Network { file: file.to_owned(), solver })
}

impl Network {
    fn failure(file: &str, error: &Unsolved) -> Failure {
        let (cause, feasible_percent, limit_bus) = match error {
            Unsolved::Collapse { percent, bus } => ("collapse", Some(*percent), Some(bus.clone())),
            Unsolved::OwnInput { .. } => ("data_error", None, None),
        };
        Failure { cause, message: format!("{file}: {error}"), feasible_percent, limit_bus }
    }

    /// Solves every scenario of a data-centre network once more, on one thread; nothing elsewhere.
    ///
    /// # Errors
    /// As of [`Self::answer`].
    pub fn scenarios_again(&mut self) -> Result<Option<usize>, Failure> {
        let Solver::Hall(hall) = &mut self.solver else { return Ok(None) };
        let Hall { net, solver, other, flows } = hall.as_mut();
        net.outages(solver, other, flows).map_err(|e| Self::failure(&self.file, &e))?;
        Ok(Some(net.scenarios.len()))
    }

    /// Solves once more from the start; what `--repeat` times.
    ///
    /// # Errors
    /// As of [`Self::answer`].
    pub fn again(&mut self) -> Result<(), Failure> {
        let file = &self.file;
        let failed = |e: NetworkError| Failure::of(file, &e);
        match &mut self.solver {
            Solver::BusBranch(newton) => newton.solve().map(|_| ()).map_err(failed),
            Solver::ThreePhase(net) => net.solve().map(|_| ()).map_err(failed),
            Solver::Row(row) => row.solve().map(|_| ()).map_err(failed),
            Solver::Hall(hall) => {
                let Hall { net, solver, flows, .. } = hall.as_mut();
                net.again(solver, flows).map(|_| ()).map_err(|e| Self::failure(file, &e))
            }
        }
    }

    /// Solves and tells everything.
    ///
    /// # Errors
    /// No solution: dead, bad data or collapse.
    pub fn answer(&mut self) -> Result<Value, Failure> {
        let file = &self.file;
        let told = match &mut self.solver {
            Solver::BusBranch(newton) => answer::bus_branch(newton),
            Solver::ThreePhase(net) => answer::unbalanced(net),
            Solver::Row(row) => answer::row(row),
            Solver::Hall(hall) => {
                return hall.net.answer().map_err(|e| Self::failure(file, &e));
            }
        };
        told.map_err(|e| Failure::of(file, &e))
    }

    /// The largest common factor on all loads.
    ///
    /// # Errors
    /// A network that is not solved even without load, or a format without this question.
    pub fn margin(&mut self) -> Result<Value, Failure> {
        let file = &self.file;
        match &mut self.solver {
            Solver::BusBranch(newton) => answer::margin(newton).map_err(|e| Failure::of(file, &e)),
            Solver::Row(row) => answer::row_margin(row).map_err(|e| Failure::of(file, &e)),
            Solver::ThreePhase(_) | Solver::Hall(_) => {
                let problem = "the margin is told of ac-bus-branch-1 and dc-row-1";
                Err(Failure::data(&CaseError::file(file, problem)))
            }
        }
    }
}
