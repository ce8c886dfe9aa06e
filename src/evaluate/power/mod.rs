//! Power: from the utility feed to the racks, in the normal state and under outages.
//!
//! [`solve`] takes a [`case::PowerCase`] and answers with a [`result::PowerResult`]. Inside:
//! `validate` (typed errors) → `network` (per unit, one bus per tap-off) → `state` (who is alive,
//! islands between converters) → `sweep` (load flow of one island) → `scenario` (every outage) →
//! `findings` → [`protection`] (short circuits, duty, arc flash, cables).
//!
//! Networks that come as files have solvers of their own: [`grid`] (data centres of any shape, by the
//! same sweeps), [`newton`] (balanced, meshed),
//! [`unbalanced`] (three phases) and [`dc_row`].
//!
//! First order in the chain of a plan: balanced three-phase, constant-power loads, radial after
//! transfers. Closed rings, unbalance, harmonics and transients are not modelled.

pub mod case;
pub mod dc_row;
mod elements;
pub mod error;
pub mod findings;
pub mod generate;
pub mod grid;
mod network;
pub mod newton;
pub mod protection;
mod radial;
pub mod resilience;
pub mod result;
mod scenario;
mod shedding;
pub mod short_circuit;
mod state;
mod summary;
mod sweep;
pub mod unbalanced;
pub(super) mod validate;

use crate::evaluate::cancel::CancelToken;
use case::PowerCase;
use error::PowerError;
use network::Network;
use result::PowerResult;
use scenario::{NORMAL, digest, examine, outages};
use state::Solver;

/// Solves the normal state and every outage of a case.
///
/// # Errors
/// A case with a bad number, a ring or a missing element, or a newer evaluation.
pub fn solve(case: &PowerCase, cancel: &CancelToken) -> Result<PowerResult, PowerError> {
    validate::validate(case)?;
    cancel.check()?;
    let net = Network::new(case);
    let mut solver = Solver::default();
    let normal_state = solver.solve(&net, &[]);
    let normal = digest(&net, normal_state, NORMAL);
    let outages = outages(case, normal_state);
    let digests = examine(&net, &outages, cancel)?;
    Ok(summary::summarise(&net, normal_state, &normal, &outages, &digests))
}

/// One state with some elements out of service: what a planner sees who fails a component. Loading
/// "worst" equals "normal" in it, since no further outage is examined.
///
/// # Errors
/// As of [`solve`]; an index in `out` that points to no element.
pub fn solve_with_out(
    case: &PowerCase,
    out: &[usize],
    cancel: &CancelToken,
) -> Result<PowerResult, PowerError> {
    validate::validate(case)?;
    let count = case.elements.len();
    if let Some(&index) = out.iter().find(|i| **i >= count) {
        let owner = "outage".to_owned();
        return Err(PowerError::UnknownElement { owner, field: "out", index, count });
    }
    cancel.check()?;
    let net = Network::new(case);
    let mut solver = Solver::default();
    let state = solver.solve(&net, out);
    let digest = digest(&net, state, NORMAL);
    Ok(summary::summarise(&net, state, &digest, &[], &[]))
}

#[cfg(test)]
mod tests;
