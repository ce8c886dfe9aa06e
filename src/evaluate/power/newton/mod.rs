//! Load flow of a balanced network of any shape: Newton–Raphson on buses and branches.
//!
//! [`Newton::new`] reads a [`BusBranchCase`] once: checks, nodes (`admittance`), start voltages
//! (`seed`), elimination order and factors at the start (`iterate`). [`Newton::solve`] then iterates
//! without allocating; [`Newton::flow`] tells voltages and flows. `margin` finds how far all loads
//! can grow, and tells collapse from a slip in the data when there is no solution.
//!
//! Model: constant-power loads, ideal ratio and phase shift at the from end of each branch, then a
//! pi. Reactive limits of generators are not enforced. Voltages within 1e-9 p.u. and losses within
//! 1e-8 of what other programs find (see the validation cases).
//!
//! References: Tinney, Hart, "Power Flow Solution by Newton's Method", IEEE Trans. PAS-86 (1967);
//! Stott, "Review of Load-Flow Calculation Methods", Proc. IEEE 62 (1974).

mod admittance;
pub mod case;
mod error;
mod flow;
mod iterate;
mod margin;
mod seed;
pub mod synthetic;
#[cfg(test)]
mod tests;

pub use case::{Branch, Bus, BusBranchCase, BusKind};
pub use error::NetworkError;
pub use flow::Flow;
pub use margin::Margin;

use admittance::{Given, Nodes};
use iterate::{End, Iteration};

/// A network that is ready to be solved.
#[derive(Clone, Debug)]
pub struct Newton {
    case: BusBranchCase,
    nodes: Nodes,
    iteration: Iteration,
}

/// How a solution was reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Solved {
    /// Linear solutions, of all attempts.
    pub iterations: usize,
    /// Largest mismatch left, p.u. of the case's base.
    pub mismatch_pu: f64,
}

/// |V| relative to the start above which a solution is taken for the one that networks run at. Of
/// the two solutions of a single line the low one lies below 0.71 of the source (its limit at unity
/// power factor); so with some room. Below, the sign of the Jacobian's determinant decides.
const SURELY_HIGH: f64 = 0.8;

impl Newton {
    /// Checks the case and prepares everything that does not change between solutions.
    ///
    /// # Errors
    /// Bad data; no source at all.
    pub fn new(case: BusBranchCase) -> Result<Self, NetworkError> {
        case.check()?;
        let nodes = Nodes::new(&case)?;
        if nodes.given.iter().all(|g| *g == Given::Dead) {
            return Err(NetworkError::NoSource);
        }
        let iteration = Iteration::new(&nodes).map_err(|singular| {
            let bus = case.buses[nodes.bus_of[singular.node]].id.clone();
            NetworkError::Undetermined { bus }
        })?;
        Ok(Self { case, nodes, iteration })
    }
    /// The case.
    #[must_use]
    pub const fn case(&self) -> &BusBranchCase {
        &self.case
    }

    /// Solves from the start voltages. Undamped first; if that fails, damped; if that fails, with
    /// loads growing from nothing.
    ///
    /// # Errors
    /// Collapse, with the load that can be carried; or an iteration that does not settle.
    pub fn solve(&mut self) -> Result<Solved, NetworkError> {
        let end = self.iteration.solve();
        if end.converged && self.iteration.lowest().0 > SURELY_HIGH {
            return Ok(Solved { iterations: end.iterations, mismatch_pu: end.mismatch_pu });
        }
        self.solve_hard(end)
    }

    fn solve_hard(&mut self, first: End) -> Result<Solved, NetworkError> {
        let told = |end: &End, before| {
            let iterations = before + end.iterations;
            Solved { iterations, mismatch_pu: end.mismatch_pu }
        };
        if first.converged && self.is_high() {
            return Ok(told(&first, 0));
        }
        let mut spare = first.converged.then(|| (told(&first, 0), self.iteration.v.clone()));
        self.iteration.reset();
        let second = self.iteration.damped(1.0);
        if second.converged {
            let solved = told(&second, first.iterations);
            if self.is_high() {
                return Ok(solved);
            }
            spare = Some((solved, self.iteration.v.clone()));
        }
        let climbed = self.climb_to_drawn_load(first.iterations + second.iterations);
        match (climbed, spare) {
            // A solution is there although the way up from no load is barred.
            (Err(_), Some((solved, v))) => {
                self.iteration.v.copy_from_slice(&v);
                Ok(solved)
            }
            (climbed, _) => climbed,
        }
    }

    /// Whether the state is on the same side of collapse as the start.
    fn is_high(&mut self) -> bool {
        let positive = self.iteration.determinant_is_positive(1.0);
        positive == self.iteration.start_is_positive()
    }

    fn bus_at(&self, position: usize) -> String {
        let node = self.iteration.node.get(position).copied().unwrap_or(0);
        self.case.buses[self.nodes.bus_of[node]].id.clone()
    }
}
