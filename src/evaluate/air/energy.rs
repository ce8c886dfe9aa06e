//! The energy equation with racks and units in the loop: equations (3) to (6) of the module.

use super::balance::Balanced;
use super::case::{AirCase, AirUnit, COIL_APPROACH_K, PortKind, PortLink};
use super::error::AirError;
use super::flow::Flow;
use super::rack::{self, DoorState};
use super::result::RackFlow;
use super::room::{Machines, Stream};
use super::transport::{Feedback, Transport};
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
/// Slack in K before a unit changes its state, against rounding.
const STATE_SLACK_K: f64 = 1e-7;

/// How a unit's supply temperature follows from its return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnitState {
    /// (5a) Holds its set point.
    Holding,
    /// (5b) The coil gives all it can.
    Limited,
    /// (5c) The return is colder than the set point: air passes through.
    Passing,
}

/// Temperatures above `t_ref_k`, in K.
#[derive(Clone, Debug)]
pub(super) struct Energy {
    pub t_ref_k: f64,
    /// Padded cell temperatures.
    pub theta: Vec<f64>,
    pub rack_exhaust: Vec<f64>,
    pub unit_supply: Vec<f64>,
    pub unit_state: Vec<UnitState>,
    /// Padded share of air that left a rack and was not cooled since.
    pub recirculated: Vec<f64>,
    pub iterations: usize,
    pub revisions: usize,
}

/// What stays the same while units change state.
#[derive(Clone)]
struct Problem<'a> {
    case: &'a AirCase,
    machines: &'a Machines,
    balanced: &'a Balanced,
    lead: usize,
    t_ref_k: f64,
}

/// The temperatures while flow and units' states are still being found.
pub(super) struct Thermal<'a> {
    problem: Problem<'a>,
    /// Padded cell temperatures above the reference, in K.
    pub theta: Vec<f64>,
    state: Vec<UnitState>,
    doors: Vec<DoorState>,
    iterations: usize,
    revisions: usize,
}

impl<'a> Thermal<'a> {
    /// `layout`: padding and length of padded vectors. `start`: a previous field, if it fits.
    pub fn new(
        case: &'a AirCase,
        machines: &'a Machines,
        balanced: &'a Balanced,
        (lead, len): (usize, usize),
        start: Option<&[f64]>,
    ) -> Self {
        let t_ref_k = supply_set_point(case, machines);
        let mut theta = vec![0.0; len];
        if let Some(start) = start.filter(|s| s.len() + 2 * lead == len) {
            theta[lead..lead + start.len()].copy_from_slice(start);
        }
        Self {
            problem: Problem { case, machines, balanced, lead, t_ref_k },
            theta,
            state: vec![UnitState::Holding; case.units.len()],
            doors: vec![DoorState::Working; case.racks.len()],
            iterations: 0,
            revisions: 0,
        }
    }

    /// Mean intake of each rack above the reference, in K.
    pub fn intakes(&self) -> Vec<f64> {
        let racks = self.problem.machines.racks.iter();
        racks.map(|r| self.problem.mean(&r.intake, &self.theta).unwrap_or(0.0)).collect()
    }

    fn transport<'f>(&self, flow: &'f Flow, storage_m3_s: f64) -> Transport<'f> {
        let absorbed = self.problem.absorbed();
        let mixing = self.problem.case.mixing_m2_s;
        Transport::new(flow, self.problem.balanced, &absorbed, mixing, storage_m3_s)
    }

    fn pass(
        &mut self,
        transport: &Transport,
        storage_m3_s: f64,
        stop: Stop,
        cancel: &CancelToken,
    ) -> Result<(), AirError> {
        let keep_going = || cancel.check().is_ok();
        let (feedback, mut b) = self.problem.assemble(&self.state, &self.doors, self.theta.len());
        if storage_m3_s > 0.0 {
            for c in &self.problem.balanced.order {
                let c = *c as usize + self.problem.lead;
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
        let next = self.problem.next_state(&self.state, &self.theta);
        let doors = self.problem.next_doors(&self.doors, &self.theta);
        self.revisions += usize::from(next != self.state || doors != self.doors);
        (self.state, self.doors) = (next, doors);
        Ok(())
    }

    fn settle_units(
        &mut self,
        transport: &Transport,
        cancel: &CancelToken,
    ) -> Result<(), AirError> {
        for revision in 0.. {
            self.pass(transport, 0.0, FINAL_STOP, cancel)?;
            let next = self.problem.next_state(&self.state, &self.theta);
            let doors = self.problem.next_doors(&self.doors, &self.theta);
            if (next == self.state && doors == self.doors) || revision >= MAX_REVISIONS {
                break;
            }
            self.revisions += 1;
            (self.state, self.doors) = (next, doors);
        }
        Ok(())
    }

    /// The exact field on the final flow, with units' states that agree with it.
    pub fn finish(mut self, flow: &Flow, cancel: &CancelToken) -> Result<Energy, AirError> {
        let transport = self.transport(flow, 0.0);
        let len = self.theta.len();
        let (problem, steady) = (self.problem.clone(), &transport);
        let (settled, scalar) = rayon::join(
            || self.settle_units(steady, cancel),
            || problem.recirculation(steady, len, cancel),
        );
        settled?;
        let (recirculated, more) = scalar?;
        Ok(Energy {
            t_ref_k: self.problem.t_ref_k,
            rack_exhaust: self.problem.rack_exhausts(&self.doors, &self.theta),
            unit_supply: self.problem.unit_supplies(&self.state, &self.theta),
            theta: self.theta,
            unit_state: self.state,
            recirculated,
            iterations: self.iterations + more,
            revisions: self.revisions,
        })
    }
}

/// Flow-weighted set point of all supplies, else ambient: the reference temperature in K.
fn supply_set_point(case: &AirCase, machines: &Machines) -> f64 {
    let units = case.units.iter().zip(&machines.units).map(|(u, p)| (p.flow_m3_s, u.supply_t_k));
    let ports = case.ports.iter().zip(&machines.ports).filter_map(|(c, p)| match c.link {
        PortLink::Fixed { t_k, .. } if c.kind == PortKind::Supply => Some((p.flow_m3_s, t_k)),
        _ => None,
    });
    let (flow, sum) = units.chain(ports).fold((0.0, 0.0), |(f, s), (q, t)| (f + q, s + q * t));
    if flow > 0.0 { sum / flow } else { case.ambient_t_k }
}

impl<'a> Problem<'a> {
    fn absorbed(&self) -> Vec<&'a Stream> {
        let racks = self.machines.racks.iter().filter(|r| r.flow != RackFlow::None);
        let paths = self.machines.units.iter().chain(&self.machines.ports);
        racks
            .map(|r| &r.intake)
            .chain(paths.map(|p| &p.intake))
            .chain([&self.balanced.leak_out])
            .collect()
    }

    /// (4): a rack's exhaust is `gain` × intake + `offset`, above the reference.
    fn rack_law(&self, rack: usize, door: DoorState) -> (f64, f64) {
        rack::law(&self.case.racks[rack], self.case.air.rho_cp(), self.t_ref_k, door)
    }

    fn next_doors(&self, doors: &[DoorState], theta: &[f64]) -> Vec<DoorState> {
        let each = |(i, r): (usize, &super::room::PlacedRack)| match self.mean(&r.intake, theta) {
            Some(face) => {
                let rho_cp = self.case.air.rho_cp();
                rack::door_state(&self.case.racks[i], rho_cp, self.t_ref_k, face, doors[i])
            }
            None => doors[i],
        };
        self.machines.racks.iter().enumerate().map(each).collect()
    }

    /// (5): a unit's supply is `gain` × return + `offset`, all above the reference.
    fn unit_law(&self, unit: usize, state: UnitState) -> (f64, f64) {
        let u = &self.case.units[unit];
        let set = u.supply_t_k - self.t_ref_k;
        match state {
            UnitState::Holding => (0.0, set),
            UnitState::Passing => (1.0, 0.0),
            UnitState::Limited => {
                let coil =
                    u.coil_inlet_t_k.unwrap_or(u.supply_t_k - COIL_APPROACH_K) - self.t_ref_k;
                let effectiveness = self.design_rise(unit) / (set + self.design_rise(unit) - coil);
                (1.0 - effectiveness, effectiveness * coil)
            }
        }
    }

    /// Air-side temperature drop at full capacity in K; infinite without a limit.
    fn design_rise(&self, unit: usize) -> f64 {
        let flow_w_k = self.case.air.rho_cp() * self.machines.units[unit].flow_m3_s;
        self.case.units[unit].capacity_w.map_or(f64::INFINITY, |q| q / flow_w_k)
    }

    fn assemble(
        &self,
        state: &[UnitState],
        doors: &[DoorState],
        len: usize,
    ) -> (Vec<Feedback<'a>>, Vec<f64>) {
        let mut b = vec![0.0; len];
        let mut feedback = Vec::new();
        let mut give = |s: &Stream, value: f64| {
            s.cells.iter().for_each(|(c, q)| b[c + self.lead] += q * value);
        };
        for (i, r) in self.machines.racks.iter().enumerate() {
            if r.flow == RackFlow::None {
                let heat = self.case.racks[i].heat_w - self.case.racks[i].removed_w;
                let share = heat / (self.case.air.rho_cp() * r.around.len().max(1) as f64);
                let cells = r.around.iter().map(|c| (*c, share)).collect();
                give(&Stream { cells }, 1.0);
            } else {
                let (gain, offset) = self.rack_law(i, doors[i]);
                for (intake, outlet) in &r.slices {
                    give(outlet, offset);
                    feedback.push(Feedback { intake, outlet, gain });
                }
            }
        }
        for (i, u) in self.machines.units.iter().enumerate().filter(|(_, u)| u.flow_m3_s > 0.0) {
            let (gain, offset) = self.unit_law(i, state[i]);
            give(&u.outlet, offset);
            if gain > 0.0 {
                feedback.push(Feedback { intake: &u.intake, outlet: &u.outlet, gain });
            }
        }
        for (port, placed) in self.case.ports.iter().zip(&self.machines.ports) {
            if let PortLink::Fixed { t_k, .. } = port.link {
                give(&placed.outlet, t_k - self.t_ref_k);
            }
        }
        give(&self.balanced.leak_in, self.case.ambient_t_k - self.t_ref_k);
        (feedback, b)
    }

    fn mean(&self, stream: &Stream, theta: &[f64]) -> Option<f64> {
        stream.mean(|c| theta[c + self.lead])
    }

    fn next_state(&self, state: &[UnitState], theta: &[f64]) -> Vec<UnitState> {
        let coldest = self.case.units.iter().map(|u| u.supply_t_k).fold(f64::INFINITY, f64::min);
        let each = |(i, u): (usize, &AirUnit)| {
            let Some(back) = self.mean(&self.machines.units[i].intake, theta) else {
                return state[i];
            };
            let above = back - (u.supply_t_k - self.t_ref_k);
            let slack =
                |now: UnitState| if state[i] == now { -STATE_SLACK_K } else { STATE_SLACK_K };
            if above > self.design_rise(i) + slack(UnitState::Limited) {
                UnitState::Limited
            } else if above < -STATE_SLACK_K && u.supply_t_k > coldest + STATE_SLACK_K {
                UnitState::Passing
            } else {
                UnitState::Holding
            }
        };
        self.case.units.iter().enumerate().map(each).collect()
    }

    fn rack_exhausts(&self, doors: &[DoorState], theta: &[f64]) -> Vec<f64> {
        let each = |(i, r): (usize, &super::room::PlacedRack)| {
            let intake = self.mean(&r.intake, theta).unwrap_or(0.0);
            let (gain, offset) = self.rack_law(i, doors[i]);
            if r.flow == RackFlow::None { intake } else { gain * intake + offset }
        };
        self.machines.racks.iter().enumerate().map(each).collect()
    }

    fn unit_supplies(&self, state: &[UnitState], theta: &[f64]) -> Vec<f64> {
        let each = |(i, u): (usize, &super::room::PlacedPath)| {
            let (gain, offset) = self.unit_law(i, state[i]);
            gain * self.mean(&u.intake, theta).unwrap_or(0.0) + offset
        };
        self.machines.units.iter().enumerate().map(each).collect()
    }

    /// (6): 1 in what racks give to the room, 0 in every supply.
    fn recirculation(
        &self,
        transport: &Transport,
        len: usize,
        cancel: &CancelToken,
    ) -> Result<(Vec<f64>, usize), AirError> {
        let mut b = vec![0.0; len];
        for r in self.machines.racks.iter().filter(|r| r.flow != RackFlow::None) {
            r.exhaust.cells.iter().for_each(|(c, q)| b[c + self.lead] += q);
        }
        let mut share = vec![0.0; len];
        let keep_going = || cancel.check().is_ok();
        let end = transport.solve(&[], &b, &mut share, SCALAR_STOP, keep_going);
        cancel.check()?;
        share.iter_mut().for_each(|s| *s = s.clamp(0.0, 1.0));
        Ok((share, end.iterations))
    }
}
