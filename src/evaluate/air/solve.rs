//! The solve, step by step, and the field that it leaves to draw.

use super::balance::Balanced;
use super::case::AirCase;
use super::error::AirError;
use super::flow::Flow;
use super::metrics::Solved;
use super::result::{AirField, AirResult, AirState, Effort, FlowModel};
use super::room::{Machines, Room};
use super::{energy, findings, flow};
use crate::evaluate::cancel::CancelToken;
use std::collections::BTreeMap;

/// Solves a case, from a previous state when one of the same grid is at hand. Returns the answer
/// and the state from which the next, slightly changed case starts close.
pub fn solve(
    case: &AirCase,
    previous: Option<&AirState>,
    cancel: &CancelToken,
) -> Result<(AirResult, AirState), AirError> {
    case.check()?;
    cancel.check()?;
    let mut room = Room::new(case);
    let machines = Machines::new(case, &room);
    let balanced = Balanced::new(case, &mut room, &machines);
    let start = previous.filter(|p| p.grid == room.grid);
    let flow = flow::solve(&room, &balanced, start.map(|p| p.phi.as_slice()), cancel)?;
    let warm = start.map(|p| p.theta_k.as_slice());
    let energy = energy::solve(case, &machines, &balanced, &flow, warm, cancel)?;
    let solved = Solved {
        case,
        room: &room,
        machines: &machines,
        balanced: &balanced,
        flow: &flow,
        energy: &energy,
    };
    let result = answer(&solved);
    let lead = flow.faces.lead();
    let inner = |v: &[f64]| v[lead..v.len() - lead].to_vec();
    let state = AirState { grid: room.grid, phi: inner(&flow.phi), theta_k: inner(&energy.theta) };
    Ok((result, state))
}

fn answer(s: &Solved) -> AirResult {
    let room_mean_k = s.room_mean_k();
    let racks = s.racks(room_mean_k);
    let units = s.units();
    let balance = s.balance(&racks);
    let metrics = s.metrics(&racks, &units, room_mean_k);
    let findings = findings::all(s, &racks, &units, &balance);
    AirResult {
        model: FlowModel::PotentialPreview,
        metrics,
        balance,
        probes_k: probes(s),
        effort: Effort {
            cells: s.room.solid.iter().filter(|b| !**b).count(),
            flow_iterations: s.flow.iterations,
            energy_iterations: s.energy.iterations,
            unit_revisions: s.energy.revisions,
        },
        findings,
        field: field(s, room_mean_k),
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
