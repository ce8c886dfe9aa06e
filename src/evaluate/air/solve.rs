//! The solve: from coarse grids to the finest asked for, and the answer that is left.

use super::balance::Balanced;
use super::capture::FrozenFlow;
use super::case::{AirCase, AirRack};
use super::energy::{Energy, recirculation};
use super::error::AirError;
use super::flow::Flow;
use super::laws::Laws;
use super::metrics::Solved;
use super::ns::{
    Domain, Epoch, Escort, Fields, Fluid, GridState, Pace, Progress, Simulation, Stray, Supplies,
    Watcher, march, on_lattice,
};
use super::preview::{answer, guess};
use super::result::{AirResult, AirState, FlowModel};
use super::room::{Machines, Room};
use super::transport::Transport;
use crate::evaluate::cancel::CancelToken;
use std::sync::Arc;

/// Coarsest cell of the sequence of grids, in m: a 600 mm rack keeps one.
const COARSEST_CELL_M: f64 = 0.6;
/// A grid of fewer cells than this is not worth a coarser one before it.
const FEWEST_CELLS: usize = 600;

/// From a guess: long enough in haste for the room to warm through four times over.
const FROM_GUESS: Pace = Pace { hasty_turnovers: 1.0, haste: 4.0, epoch_turnovers: 0.5, epochs: 1 };
/// From a coarser grid, on the way to a finer one.
const ON_THE_WAY: Pace = Pace { hasty_turnovers: 0.5, haste: 2.0, epoch_turnovers: 0.5, epochs: 1 };
/// From a coarser grid, on the finest.
const TO_THE_END: Pace = Pace { hasty_turnovers: 0.3, haste: 1.5, epoch_turnovers: 3.0, epochs: 3 };
/// From the last answer, after an edit.
const AFTER_EDIT: Pace = Pace { hasty_turnovers: 0.5, haste: 2.0, epoch_turnovers: 2.0, epochs: 4 };
/// The same on the coarse picture that follows a dragged rack: one mean, however it stands.
const WHILE_DRAGGING: Pace =
    Pace { hasty_turnovers: 0.4, haste: 2.0, epoch_turnovers: 0.6, epochs: 1 };
/// Halvings of the time step before a march is given up.
const RETRIES: usize = 3;

/// Solves a case, from a previous state when one is at hand. Returns the answer and the state from
/// which the next, slightly changed case starts close.
pub fn solve(
    case: &AirCase,
    previous: Option<&AirState>,
    cancel: &CancelToken,
) -> Result<(AirResult, AirState), AirError> {
    solve_watched(case, previous, cancel, &mut |_: &Progress| true)
}

/// The same, with someone who looks on and may call it a day.
pub fn solve_watched(
    case: &AirCase,
    previous: Option<&AirState>,
    cancel: &CancelToken,
    watch: &mut Watcher,
) -> Result<(AirResult, AirState), AirError> {
    case.check()?;
    cancel.check()?;
    let sizes = cell_sizes(case);
    let warm = previous.and_then(|p| p.grids.last()).filter(|g| fits(g, case));
    let sizes = if warm.is_some() { &sizes[sizes.len() - 1..] } else { &sizes[..] };
    let mut escort = Escort { cancel, watch, steps_before: 0, enough: false };
    let mut state = warm.cloned();
    let mut coarse: Option<Epoch> = None;
    for (i, dx_m) in sizes.iter().enumerate() {
        let last = i + 1 == sizes.len() || escort.enough;
        let pace = match (&state, warm.is_some(), last) {
            (None, ..) if last => Pace { epochs: TO_THE_END.epochs, ..FROM_GUESS },
            (None, ..) => FROM_GUESS,
            (_, true, _) if *dx_m >= COARSEST_CELL_M => WHILE_DRAGGING,
            (_, true, _) => AFTER_EDIT,
            (_, _, true) => TO_THE_END,
            (_, _, false) => ON_THE_WAY,
        };
        let sized = AirCase { dx_m: *dx_m, ..case.clone() };
        let grid = OneGrid::new(&sized);
        let done = grid.run(state.as_ref(), &pace, &mut escort)?;
        if last || escort.enough {
            let (mut result, state, flow, recirculated) =
                grid.answer(done, escort.steps_before, coarse.as_ref(), cancel)?;
            result.frozen = Some(Arc::new(grid.freeze(flow, recirculated)));
            return Ok((result, state));
        }
        coarse = Some(done.epoch);
        state = Some(done.state);
    }
    Err(AirError::BlewUp { dx_m: case.dx_m })
}

/// Whether a state is worth starting from: the same grid, and about as much heat.
fn fits(state: &GridState, case: &AirCase) -> bool {
    let racks = case.racks.iter().map(|r| r.heat_w - r.removed_w);
    let heat = racks.sum::<f64>() / case.air.rho_cp();
    let near = heat <= MOST_HEAT_CHANGE * state.heat && state.heat <= MOST_HEAT_CHANGE * heat;
    near && state.grid == super::grid::Grid::new(case.room_m, case.dx_m)
}

/// Ratio of a room's heat to what it was beyond which its old flow is no start.
const MOST_HEAT_CHANGE: f64 = 3.0;

/// Cell sizes from coarse to the case's own.
fn cell_sizes(case: &AirCase) -> Vec<f64> {
    let mut sizes = vec![case.dx_m];
    let mut next = 2.0 * case.dx_m;
    let cells = |dx: f64| super::grid::Grid::new(case.room_m, dx).cells();
    while next <= COARSEST_CELL_M + 1e-9 && cells(next / 2.0) > FEWEST_CELLS {
        sizes.push(next);
        next *= 2.0;
    }
    sizes.reverse();
    sizes
}

/// A march that ended.
struct Done<'a> {
    sim: Simulation<'a>,
    epoch: Epoch,
    state: GridState,
}

/// A case on one grid.
struct OneGrid<'a> {
    case: &'a AirCase,
    room: Room,
    machines: Machines,
    balanced: Balanced,
}

impl<'a> OneGrid<'a> {
    fn new(case: &'a AirCase) -> Self {
        let mut room = Room::new(case);
        let machines = Machines::new(case, &room);
        let balanced = Balanced::new(case, &mut room, &machines);
        Self { case, room, machines, balanced }
    }

    fn laws(&self) -> Laws<'_> {
        Laws::new(self.case, &self.machines, &self.balanced)
    }

    fn run(
        &self,
        start: Option<&GridState>,
        pace: &Pace,
        escort: &mut Escort,
    ) -> Result<Done<'_>, AirError> {
        let laws = self.laws();
        let heat = self.heat();
        for attempt in 0..=RETRIES {
            let mut sim = self.start(start, escort.cancel)?;
            sim.dt_s *= 0.5f32.powi(attempt as i32);
            let steps_before = escort.steps_before;
            match march(&mut sim, pace, self.turnover_s(), heat, escort) {
                Ok(epoch) => {
                    escort.steps_before += sim.steps;
                    let mut state =
                        GridState::of(&sim.domain, &sim.fields, self.room.grid, laws.t_ref_k);
                    state.machines.clone_from(&sim.supplies.state);
                    state.heat = heat;
                    return Ok(Done { sim, epoch, state });
                }
                Err(Stray::Cancelled(c)) => return Err(c.into()),
                Err(Stray::Trapped(rack)) if attempt == RETRIES => return Err(self.trapped(rack)),
                Err(Stray::Trapped(_) | Stray::Diverged) => escort.steps_before = steps_before,
            }
        }
        Err(AirError::BlewUp { dx_m: self.case.dx_m })
    }

    fn trapped(&self, rack: usize) -> AirError {
        let rack = &self.case.racks[rack];
        let heat_kw = (rack.heat_w - rack.removed_w) / 1e3;
        AirError::Trapped { rack: rack.id.clone(), heat_kw }
    }

    /// Heat that racks give to the room over ρ cp, in K m³/s.
    fn heat(&self) -> f64 {
        let racks = self.case.racks.iter().map(|r| r.heat_w - r.removed_w);
        racks.sum::<f64>() / self.case.air.rho_cp()
    }

    /// Time in which the supply, or else the racks, replace the room's air once.
    fn turnover_s(&self) -> f64 {
        let moved = self.machines.units.iter().chain(&self.machines.ports);
        let supply: f64 = moved.filter(|m| !m.outlet.cells.is_empty()).map(|m| m.flow_m3_s).sum();
        let racks: f64 = self.case.racks.iter().map(AirRack::room_flow_m3_s).sum();
        let cells = self.room.solid.iter().filter(|s| !**s).count() as f64;
        let volume = cells * self.room.grid.cell_volume_m3();
        (volume / supply.max(0.25 * racks).max(1e-3)).clamp(1.0, LONGEST_TURNOVER_S)
    }

    fn start(
        &self,
        start: Option<&GridState>,
        cancel: &CancelToken,
    ) -> Result<Simulation<'_>, AirError> {
        let laws = self.laws();
        let domain = Domain::of_room(self.case, &self.room, &self.machines, &self.balanced);
        let known = |g: &GridState| {
            let same = g.machines.units.len() == self.case.units.len()
                && g.machines.doors.len() == self.case.racks.len();
            same.then(|| g.machines.clone())
        };
        let (fields, units) = match start {
            Some(state) => {
                let grid = &self.room.grid;
                let state = state.clone().rescaled(self.heat(), laws.t_ref_k);
                (state.onto(&domain, grid, laws.t_ref_k), known(&state))
            }
            None => (self.guess(&domain, cancel)?, None),
        };
        let supplies = Supplies::new(laws, &domain, units);
        let mut sim = Simulation::new(domain, Fluid::air(), fields, supplies);
        // Whatever the start, its divergence is not the first step's business.
        sim.project(1e-2, 12);
        if start.is_none_or(|s| s.grid != self.room.grid) {
            sim.fields.p.fill(0.0);
        }
        Ok(sim)
    }

    /// Potential flow and its temperatures.
    fn guess(&self, domain: &Domain, cancel: &CancelToken) -> Result<Fields, AirError> {
        let (flow, theta) = guess(self.case, &self.room, &self.machines, &self.balanced, cancel)?;
        let (grid, lead) = (self.room.grid, flow.faces.lead());
        let inner = |x: &[f64]| x[lead..x.len() - lead].to_vec();
        let mut fields = Fields::at_rest(domain);
        fields.t = on_lattice(&grid, &domain.lattice, inner(&theta).into_iter());
        for axis in 0..3 {
            let area = grid.cell_volume_m3() / grid.h_m[axis];
            let speed = inner(&flow.flux[axis]).into_iter().map(|q| q / area);
            let speed = on_lattice(&grid, &domain.lattice, speed);
            let open = &domain.open[axis];
            let field = fields.velocity[axis].iter_mut().zip(speed).zip(open);
            field.filter(|(_, open)| **open > 0.0).for_each(|((u, s), _)| *u = s);
        }
        Ok(fields)
    }

    fn answer(
        &self,
        done: Done,
        steps: usize,
        coarse: Option<&Epoch>,
        cancel: &CancelToken,
    ) -> Result<(AirResult, AirState, Flow, Vec<f64>), AirError> {
        let Done { mut sim, epoch, state } = done;
        sim.close_means();
        let laws = self.laws();
        let flow = self.mean_flow(&sim);
        let energy = self.mean_energy(&laws, &sim, &flow, epoch.stored, cancel)?;
        let solved = Solved {
            case: self.case,
            room: &self.room,
            machines: &self.machines,
            balanced: &self.balanced,
            flow: &flow,
            energy: &energy,
        };
        let mut result = answer(&solved, FlowModel::ReynoldsAveraged);
        result.effort.steps = steps;
        result.effort.change_k = epoch.drift_k[1];
        result.effort.dx_m = self.case.dx_m;
        result.effort.simulated_s = sim.time_s;
        result.effort.settled = epoch.settled;
        result.effort.residual = sim.residual;
        for (i, rack) in result.racks.iter_mut().enumerate() {
            rack.intake_std_k = epoch.intake_std_k.get(i).copied().unwrap_or(0.0);
            let coarser = coarse.and_then(|c| c.intake_k.get(i)).copied();
            rack.intake_error_k =
                error_bar(rack.intake_std_k, epoch.intake_k.get(i).copied(), coarser);
        }
        Ok((result, AirState { grids: vec![state] }, flow, energy.recirculated))
    }

    /// What dyes can be put into later.
    fn freeze(self, flow: Flow, recirculated: Vec<f64>) -> FrozenFlow {
        let Self { case, room, machines, balanced } = self;
        FrozenFlow { case: case.clone(), room, machines, balanced, flow, recirculated }
    }

    /// Mean fluxes, with what divergence the projections left taken out exactly.
    fn mean_flow(&self, sim: &Simulation) -> Flow {
        let mean = |axis: usize| {
            let area = self.room.grid.cell_volume_m3() / self.room.grid.h_m[axis];
            sim.in_grid_order(&sim.means.velocity[axis])
                .into_iter()
                .map(|u| u * area)
                .collect::<Vec<_>>()
        };
        Flow::closed(&self.room, &self.balanced, &[mean(0), mean(1), mean(2)])
    }

    fn mean_energy(
        &self,
        laws: &Laws,
        sim: &Simulation,
        flow: &Flow,
        stored: f64,
        cancel: &CancelToken,
    ) -> Result<Energy, AirError> {
        let (lead, len) = (flow.faces.lead(), flow.faces.padded_len());
        let inner = sim.in_grid_order(&sim.means.t);
        let mut theta = vec![0.0; len];
        theta[lead..lead + inner.len()].copy_from_slice(&inner);
        let transport =
            Transport::new(flow, &self.balanced, &laws.absorbed(), self.case.mixing_m2_s, 0.0);
        let (recirculated, iterations) = recirculation(laws, &transport, (lead, len), cancel)?;
        let state = sim.supplies.state.clone();
        let net = |scale: f64| laws.net_heat(&state, &|c| scale * inner[c], inner.len());
        let rho_cp = self.case.air.rho_cp();
        let scale = steady_scale(net(0.0), net(1.0));
        theta.iter_mut().for_each(|t| *t *= scale);
        let at = |c: usize| scale * inner[c];
        Ok(Energy {
            t_ref_k: laws.t_ref_k,
            rack_exhaust: laws.rack_exhausts(&state, &at),
            unit_supply: laws.unit_supplies(&state, &at),
            theta,
            recirculated,
            iterations,
            revisions: 0,
            stored_w: rho_cp * stored,
            missing_w: rho_cp * (net(1.0) - stored),
            state,
        })
    }
}

/// Most that means are scaled to balance; beyond, the room is too far from any steady state.
const LARGEST_SCALE: f64 = 1e3;

/// What temperatures above the supply must be multiplied with so that as much heat leaves as
/// arrives: the steady state that the means are a little short of or beyond. `net` is what arrives
/// less what leaves, linear in that factor, at 0 and at 1.
fn steady_scale(net_at_0: f64, net_at_1: f64) -> f64 {
    let scale = net_at_0 / (net_at_0 - net_at_1);
    if scale.is_finite() { scale.clamp(0.0, LARGEST_SCALE) } else { 1.0 }
}

/// Longest time in s that counts as one turnover: halls that nothing supplies.
const LONGEST_TURNOVER_S: f64 = 120.0;

/// Error of the turbulence model and of everything else that a finer grid or a longer mean does not
/// show, in K: the mean difference of rack intakes from k-epsilon URANS on the same grid, over the
/// reference halls of the validation page.
const MODEL_ERROR_K: f64 = 0.4;
/// Blocks that scatter independently in a mean.
const INDEPENDENT_BLOCKS: f64 = 4.0;

/// Half-width of the error bar of an intake in K: scatter in time, difference to the coarser grid,
/// model; independent of each other.
fn error_bar(std_k: f64, fine_k: Option<f64>, coarse_k: Option<f64>) -> f64 {
    let time_k = 2.0 * std_k / INDEPENDENT_BLOCKS.sqrt();
    // A second-order method has made two thirds to three quarters of the step to the exact answer.
    let grid_k = match (fine_k, coarse_k) {
        (Some(fine), Some(coarse)) => (fine - coarse).abs() / 2.0,
        _ => COARSEST_GRID_ERROR_K,
    };
    (time_k * time_k + grid_k * grid_k + MODEL_ERROR_K * MODEL_ERROR_K).sqrt()
}

/// Grid error of an intake where no other grid is at hand to tell, in K. Assumption, between the mean
/// (0.28 K) and the worst (1.6 K) change of a rack's intake from 0.3 to 0.15 m cells over six
/// reference halls.
const COARSEST_GRID_ERROR_K: f64 = 0.8;
