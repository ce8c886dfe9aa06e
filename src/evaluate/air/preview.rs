//! The preview: potential flow and temperature that find each other in a few large time steps. Also
//! the guess from which the momentum solver starts, and the answer that both give.
//!
//! # Equations
//! Face between cells c and n with openness o, area A and distance d, conductance g = o A / d:
//! ```text
//! (1)  Σ_n q_cn = S_c                                 continuity; S = air given to the cell
//! (2)  q_cn = g (φ_c − φ_n) + o A w                   flux, m³/s; w on upward faces only
//!      w = R (T − level mean) / √(1 + |T − level mean| / 30 K)          buoyant rise, m/s
//! (3)  (Σ_out q + taken_c + D Σ g) T_c − Σ_in q T_n − D Σ g T_n = Σ given T_given
//!                                                      upwind energy in flux form, D = mixing
//! (6)  (3) without feedback, 1 in rack exhausts: share of recirculated air
//! (7)  (3) with V (T − T_before)/Δt on the left: a time step towards the steady state
//! ```
//! (2) is potential flow that warm air may leave upward and cold air downward: momentum with linear
//! drag instead of inertia. Without w the nearest path from exhaust to intake wins, and a row without
//! containment would breathe its own air.
//!
//! # Method
//! Time steps (7) of a quarter of a room turnover: temperature drives (2), the flow carries (7).
//! (1) by conjugate gradients under a multigrid V-cycle that never merges cells across a wall; the
//! remainder is carried to a root cell along a spanning tree, so mass closes to rounding. Then (3)
//! with racks and units eliminated, by BiCGSTAB preconditioned by one sweep in the direction of flow.
//!
//! # Validity
//! Exact: heat and mass balance, return temperature, contained aisles with surplus supply. Not
//! modelled: jets, eddies, turbulence, pressure. Against k-epsilon CFD, rack intakes are off by
//! 1.1 K (one rack) and 2.7 K in the mean, 3.5 K at worst (a row of four); the stated band
//! ([`super::PREVIEW_INTAKE_ERROR_K`]) is wider, from five halls without (2)'s w.
//!
//! # References
//! VanGilder 2011 (potential flow in data halls); Patankar 1980 (upwind finite volumes).

use super::balance::Balanced;
use super::capture::FrozenFlow;
use super::case::{AirCase, AirRack};
use super::energy::Thermal;
use super::error::AirError;
use super::findings;
use super::floor;
use super::flow::{Flow, FlowSolver};
use super::metrics::Solved;
use super::result::{AirField, AirResult, Effort, FlowModel};
use super::room::{Machines, Room};
use crate::evaluate::cancel::CancelToken;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Solves a case by potential flow: at once, and no more than a preview.
pub fn preview(case: &AirCase, cancel: &CancelToken) -> Result<AirResult, AirError> {
    case.check()?;
    cancel.check()?;
    let mut room = Room::new(case);
    let machines = Machines::new(case, &room);
    let balanced = Balanced::new(case, &mut room, &machines);
    let mut solver = FlowSolver::new(&room, &balanced);
    let mut thermal = Thermal::new(case, &machines, &balanced, solver.layout());
    let turnover = turnover_m3_s(&room, &machines, case);
    let (flow, steps) = couple(&mut solver, &mut thermal, turnover, MAX_STEPS, cancel)?;
    let energy = thermal.finish(&flow, cancel)?;
    let flow_iterations = solver.iterations;
    let solved = Solved {
        case,
        room: &room,
        machines: &machines,
        balanced: &balanced,
        flow: &flow,
        energy: &energy,
    };
    let mut result = answer(&solved, FlowModel::PotentialPreview);
    result.effort.flow_iterations = flow_iterations;
    result.effort.steps = steps.count;
    result.effort.change_k = steps.change_k;
    result.effort.dx_m = case.dx_m;
    let error_k = FlowModel::PotentialPreview.intake_error_k().mean_k;
    result.racks.iter_mut().for_each(|r| r.intake_error_k = error_k);
    drop(solver);
    let (case, recirculated) = (case.clone(), energy.recirculated);
    let frozen = FrozenFlow { case, room, machines, balanced, flow, recirculated };
    result.frozen = Some(Arc::new(frozen));
    Ok(result)
}

/// Most steps of a guess.
const GUESS_STEPS: usize = 6;

/// Potential flow and padded temperatures above the reference, roughly.
pub(super) fn guess(
    case: &AirCase,
    room: &Room,
    machines: &Machines,
    balanced: &Balanced,
    cancel: &CancelToken,
) -> Result<(Flow, Vec<f64>), AirError> {
    let mut solver = FlowSolver::new(room, balanced);
    let mut thermal = Thermal::new(case, machines, balanced, solver.layout());
    let turnover = turnover_m3_s(room, machines, case);
    let (flow, _) = couple(&mut solver, &mut thermal, turnover, GUESS_STEPS, cancel)?;
    Ok((flow, thermal.theta))
}

/// First time step over the time in which the supply replaces the room's air once. Assumption:
/// short enough that plumes do not overshoot.
const FIRST_STEP_TURNOVERS: f64 = 0.25;
/// Shortest and longest time step, in the same measure.
const STEP_RANGE_TURNOVERS: [f64; 2] = [0.1, 4.0];
/// The time step grows by this factor while the rate of change falls, and shrinks by it otherwise.
const STEP_GROWTH: f64 = 1.6;
/// Time steps shorter than this cannot tell that a room has settled, in turnovers.
const TELLING_TURNOVERS: f64 = 1.0;
/// Change of a rack's intake still to come at which flow and temperature agree, in K.
const SETTLED_K: f64 = 0.1;
/// Slowest decay of changes that is believed when the change still to come is estimated.
const SLOWEST_DECAY: f64 = 0.9;
/// Most time steps; the flow of the last [`AVERAGED`] is averaged when they do not settle.
const MAX_STEPS: usize = 40;
/// Time steps in the mean flow of a hall that does not settle.
const AVERAGED: usize = 12;

/// How the time steps ended.
#[derive(Clone, Copy)]
struct Steps {
    count: usize,
    change_k: f64,
}

/// Lets temperature drive the flow and the flow carry temperature until intakes stand still.
fn couple(
    solver: &mut FlowSolver,
    thermal: &mut Thermal,
    turnover_m3_s: f64,
    most_steps: usize,
    cancel: &CancelToken,
) -> Result<(Flow, Steps), AirError> {
    let mut turnovers = FIRST_STEP_TURNOVERS;
    let mut before = thermal.intakes();
    let mut sum: Option<Flow> = None;
    let mut steps = Steps { count: 0, change_k: f64::INFINITY };
    let mut rate_before = f64::INFINITY;
    loop {
        let flow = solver.solve(&thermal.theta, cancel)?;
        thermal.step(&flow, turnover_m3_s / turnovers, cancel)?;
        steps.count += 1;
        let now = thermal.intakes();
        steps.change_k = before.iter().zip(&now).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        before = now;
        let rate = steps.change_k / turnovers;
        let decay = if rate > 0.0 { (rate / rate_before).min(SLOWEST_DECAY) } else { 0.0 };
        let still_to_come_k = steps.change_k / (1.0 - decay);
        if turnovers >= TELLING_TURNOVERS && still_to_come_k < SETTLED_K {
            return Ok((flow, steps));
        }
        let factor = if rate <= rate_before { STEP_GROWTH } else { 1.0 / STEP_GROWTH };
        let [shortest, longest] = STEP_RANGE_TURNOVERS;
        turnovers = (turnovers * factor).clamp(shortest, longest);
        rate_before = rate;
        if steps.count + AVERAGED > most_steps {
            match &mut sum {
                Some(sum) => sum.add(&flow),
                None => sum = Some(flow),
            }
        }
        if steps.count >= most_steps
            && let Some(mut mean) = sum.take()
        {
            mean.scale(1.0 / AVERAGED.min(most_steps) as f64);
            return Ok((mean, steps));
        }
    }
}

/// Supply per air cell in m³/s: the storage rate of a time step of one turnover.
fn turnover_m3_s(room: &Room, machines: &Machines, case: &AirCase) -> f64 {
    let supply: f64 = machines.units.iter().chain(&machines.ports).map(|m| m.flow_m3_s).sum();
    let racks: f64 = case.racks.iter().map(AirRack::room_flow_m3_s).sum();
    let air_cells = room.solid.iter().filter(|s| !**s).count();
    supply.max(racks) / air_cells.max(1) as f64
}

/// Everything that a solved field tells.
pub(super) fn answer(s: &Solved, model: FlowModel) -> AirResult {
    let room_mean_k = s.room_mean_k();
    let racks = s.racks(room_mean_k);
    let units = s.units();
    let balance = s.balance(&racks);
    let metrics = s.metrics(&racks, &units, room_mean_k);
    let findings = findings::all(s, &racks, &units, &balance);
    AirResult {
        model,
        metrics,
        balance,
        probes_k: probes(s),
        effort: Effort {
            cells: s.room.solid.iter().filter(|b| !**b).count(),
            energy_iterations: s.energy.iterations,
            unit_revisions: s.energy.revisions,
            ..Effort::default()
        },
        findings,
        field: field(s, room_mean_k),
        frozen: None,
        plenums: floor::answers(s),
        racks,
        units,
    }
}

fn probes(s: &Solved) -> BTreeMap<String, f64> {
    let at = |p: &[f64; 3]| {
        let cell = s.room.grid.index(s.room.grid.cell_at(*p)?);
        (!s.room.solid[cell]).then(|| s.t_k(cell))
    };
    s.case.probes.iter().filter_map(|(name, p)| Some((name.clone(), at(p)?))).collect()
}

fn field(s: &Solved, room_mean_k: f64) -> AirField {
    let grid = s.room.grid;
    let t = |c: usize| if s.room.solid[c] { room_mean_k } else { s.t_k(c) };
    AirField {
        grid,
        t_k: (0..grid.cells()).map(|c| t(c) as f32).collect(),
        velocity_m_s: [0, 1, 2].map(|axis| cell_velocity(s.flow, &grid.h_m, axis)),
        solid: s.room.solid.clone(),
    }
}

/// Mean of the two face fluxes over the face area.
fn cell_velocity(flow: &Flow, h_m: &[f64; 3], axis: usize) -> Vec<f32> {
    let area = h_m[0] * h_m[1] * h_m[2] / h_m[axis];
    let (lead, stride) = (flow.faces.lead(), flow.faces.stride(axis));
    let q = &flow.flux[axis];
    (lead..q.len() - lead).map(|c| (0.5 * (q[c] + q[c - stride]) / area) as f32).collect()
}
