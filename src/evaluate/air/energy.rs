//! The energy equation with racks and units in the loop: equations (3) to (6) of the module.

use super::balance::Balanced;
use super::case::AirCase;
use super::error::AirError;
use super::flow::Flow;
use super::laws::{Laws, MachineState};
use super::result::RackFlow;
use super::room::Machines;
use super::transport::Transport;
use crate::evaluate::cancel::CancelToken;
use crate::numerics::krylov::Stop;

/// Residual of (3) over the sources in the final solve; closes heat to better than 1e-9.
const FINAL_STOP: Stop = Stop { relative: 1e-12, iterations: 400 };
/// The same in a time step, while flow and temperature are still finding each other.
const STEP_STOP: Stop = Stop { relative: 1e-4, iterations: 200 };
/// Residual of the passive scalar that tells fresh from recirculated air.
const SCALAR_STOP: Stop = Stop { relative: 1e-4, iterations: 200 };
/// A residual above this means that temperatures cannot be believed. Between the two, the heat
/// closure tells.
const FAILED: f64 = 1e-3;
/// Most revisions of the units' states.
const MAX_REVISIONS: usize = 12;

/// Temperatures above `t_ref_k`, in K.
#[derive(Clone, Debug)]
pub(super) struct Energy {
    pub t_ref_k: f64,
    /// Padded cell temperatures.
    pub theta: Vec<f64>,
    pub rack_exhaust: Vec<f64>,
    pub unit_supply: Vec<f64>,
    pub state: MachineState,
    /// Padded share of air that left a rack and was not cooled since.
    pub recirculated: Vec<f64>,
    pub iterations: usize,
    pub revisions: usize,
    /// Heat that the air still took up, in W, and what besides was missing from the balance of the
    /// means, before temperatures were scaled to balance; 0 for a steady solve.
    pub stored_w: f64,
    pub missing_w: f64,
}

/// The temperatures while flow and units' states are still being found.
pub(super) struct Thermal<'a> {
    laws: Laws<'a>,
    lead: usize,
    /// Padded cell temperatures above the reference, in K.
    pub theta: Vec<f64>,
    state: MachineState,
    iterations: usize,
    revisions: usize,
}

impl<'a> Thermal<'a> {
    /// `layout`: padding and length of padded vectors.
    pub fn new(
        case: &'a AirCase,
        machines: &'a Machines,
        balanced: &'a Balanced,
        (lead, len): (usize, usize),
    ) -> Self {
        let theta = vec![0.0; len];
        Self {
            laws: Laws::new(case, machines, balanced),
            lead,
            theta,
            state: MachineState::at_first(case),
            iterations: 0,
            revisions: 0,
        }
    }

    /// Mean intake of each rack above the reference, in K.
    pub fn intakes(&self) -> Vec<f64> {
        let racks = self.laws.machines.racks.iter();
        racks.map(|r| r.intake.mean(self.at_cells()).unwrap_or(0.0)).collect()
    }

    /// The field by cell.
    fn at_cells(&self) -> impl Fn(usize) -> f64 + '_ {
        |cell| self.theta[cell + self.lead]
    }

    fn transport<'f>(&self, flow: &'f Flow, storage_m3_s: f64) -> Transport<'f> {
        let absorbed = self.laws.absorbed();
        let mixing = self.laws.case.mixing_m2_s;
        Transport::new(flow, self.laws.balanced, &absorbed, mixing, storage_m3_s)
    }

    fn pass(
        &mut self,
        transport: &Transport,
        storage_m3_s: f64,
        stop: Stop,
        cancel: &CancelToken,
    ) -> Result<(), AirError> {
        let keep_going = || cancel.check().is_ok();
        let lead = self.lead;
        let (feedback, given) = self.laws.assemble(&self.state, self.theta.len() - 2 * lead);
        let mut b = vec![0.0; self.theta.len()];
        b[lead..lead + given.len()].copy_from_slice(&given);
        if storage_m3_s > 0.0 {
            for c in &self.laws.balanced.order {
                let c = *c as usize + lead;
                b[c] += storage_m3_s * self.theta[c];
            }
        }
        let end = transport.solve(&feedback, &b, &mut self.theta, stop, keep_going);
        cancel.check()?;
        self.iterations += end.iterations;
        if end.relative <= stop.relative.max(FAILED) {
            return Ok(());
        }
        let (iterations, residual) = (self.iterations, end.relative);
        Err(AirError::NotConverged { what: "the energy equation", iterations, residual })
    }

    /// One time step (7) on a flow that will still change.
    pub fn step(
        &mut self,
        flow: &Flow,
        storage_m3_s: f64,
        cancel: &CancelToken,
    ) -> Result<(), AirError> {
        self.pass(&self.transport(flow, storage_m3_s), storage_m3_s, STEP_STOP, cancel)?;
        let next = self.laws.next_state(&self.state, &self.at_cells());
        self.revisions += usize::from(next != self.state);
        self.state = next;
        Ok(())
    }

    fn settle_units(
        &mut self,
        transport: &Transport,
        cancel: &CancelToken,
    ) -> Result<(), AirError> {
        for revision in 0.. {
            self.pass(transport, 0.0, FINAL_STOP, cancel)?;
            let next = self.laws.next_state(&self.state, &self.at_cells());
            if next == self.state || revision >= MAX_REVISIONS {
                break;
            }
            self.revisions += 1;
            self.state = next;
        }
        Ok(())
    }

    /// The exact field on the final flow, with units' states that agree with it.
    pub fn finish(mut self, flow: &Flow, cancel: &CancelToken) -> Result<Energy, AirError> {
        let transport = self.transport(flow, 0.0);
        let len = self.theta.len();
        let (laws, lead, steady) = (self.laws, self.lead, &transport);
        let (settled, scalar) = rayon::join(
            || self.settle_units(steady, cancel),
            || recirculation(&laws, steady, (lead, len), cancel),
        );
        settled?;
        let (recirculated, more) = scalar?;
        let rack_exhaust = self.laws.rack_exhausts(&self.state, &self.at_cells());
        let unit_supply = self.laws.unit_supplies(&self.state, &self.at_cells());
        Ok(Energy {
            t_ref_k: self.laws.t_ref_k,
            rack_exhaust,
            unit_supply,
            theta: self.theta,
            state: self.state,
            recirculated,
            iterations: self.iterations + more,
            revisions: self.revisions,
            stored_w: 0.0,
            missing_w: 0.0,
        })
    }
}

/// (6): the share of air that left a rack and was not cooled since, padded; 1 in what racks give
/// to the room, 0 in every supply.
pub(super) fn recirculation(
    laws: &Laws,
    transport: &Transport,
    (lead, len): (usize, usize),
    cancel: &CancelToken,
) -> Result<(Vec<f64>, usize), AirError> {
    let mut b = vec![0.0; len];
    for r in laws.machines.racks.iter().filter(|r| r.flow != RackFlow::None) {
        r.exhaust.cells.iter().for_each(|(c, q)| b[c + lead] += q);
    }
    let mut share = vec![0.0; len];
    let keep_going = || cancel.check().is_ok();
    let end = transport.solve(&[], &b, &mut share, SCALAR_STOP, keep_going);
    cancel.check()?;
    share.iter_mut().for_each(|s| *s = s.clamp(0.0, 1.0));
    Ok((share, end.iterations))
}
