//! Marching one grid until its answer stands: first in haste, so that the room's heat finds its
//! level, then in epochs of true time whose means are the answer.
//!
//! Air in a hall never stands still, so "settled" cannot mean that nothing moves. An epoch is
//! settled when the means of its two halves agree and the room stores next to no heat; else the
//! next epoch, longer, starts afresh.

use super::simulation::Simulation;
use crate::evaluate::cancel::CancelToken;

/// How long and how carefully a grid is marched. Times are in room turnovers: the time in which
/// the supply replaces the room's air once.
#[derive(Clone, Copy, Debug)]
pub(in crate::evaluate::air) struct Pace {
    /// Turnovers of the flow in haste, and by how much temperature runs ahead in it.
    pub hasty_turnovers: f64,
    pub haste: f32,
    /// Length of the first epoch.
    pub epoch_turnovers: f64,
    /// Most epochs, each longer by [`EPOCH_GROWTH`].
    pub epochs: usize,
}

/// Each epoch is longer than the last by this factor.
const EPOCH_GROWTH: f64 = 1.5;
/// Shortest epoch in s: several turns of the eddies in an aisle.
const SHORTEST_EPOCH_S: f64 = 10.0;
/// Parts of an epoch over which means are taken to see how they scatter.
const BLOCKS: usize = 8;
/// Mean and worst difference of the rack intakes between the halves of a settled epoch, in K.
const SETTLED_DRIFT_K: [f64; 2] = [0.3, 1.2];
/// Heat that a settled room may still store, over what it is given.
const SETTLED_STORAGE: f64 = 0.005;
/// Temperature in K above the reference beyond which a march has lost its way; far above what any
/// plan's heat and flow give.
const ABSURD_K: f64 = 2_000.0;

/// What an epoch found.
#[derive(Clone, Debug, Default)]
pub(in crate::evaluate::air) struct Epoch {
    /// Mean intake of each rack above the reference in K, and the scatter in time of its blocks.
    pub intake_k: Vec<f64>,
    pub intake_std_k: Vec<f64>,
    /// Difference of the halves: mean and worst of all racks, in K.
    pub drift_k: [f64; 2],
    /// Heat stored per second over the room's heat capacity per volume, in K m³/s.
    pub stored: f64,
    pub settled: bool,
}

/// Where a march stands, for whoever watches it.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Cell size of the grid in m.
    pub dx_m: f64,
    /// Air cells of the grid.
    pub cells: usize,
    /// Time steps on all grids so far.
    pub steps: usize,
    /// Time simulated on this grid, in s.
    pub simulated_s: f64,
    /// Running mean of each rack's intake in K, in the order of the case.
    pub intake_k: Vec<f64>,
    /// Residual of the last pressure correction.
    pub residual: f64,
}

/// Looks at progress after every block; `false` ends the solve with the best answer so far.
pub type Watcher<'w> = dyn FnMut(&Progress) -> bool + 'w;

/// A march that was stopped from outside, or lost its way.
#[derive(Debug)]
pub(in crate::evaluate::air) enum Stray {
    Cancelled(crate::evaluate::cancel::Cancelled),
    /// The rack of this index breathes air of an absurd but finite temperature.
    Trapped(usize),
    Diverged,
}

impl From<crate::evaluate::cancel::Cancelled> for Stray {
    fn from(cancelled: crate::evaluate::cancel::Cancelled) -> Self {
        Self::Cancelled(cancelled)
    }
}

/// What surrounds a march.
pub(in crate::evaluate::air) struct Escort<'a, 'w> {
    pub cancel: &'a CancelToken,
    pub watch: &'a mut Watcher<'w>,
    /// Steps on the grids before.
    pub steps_before: usize,
    /// Set when the watcher wants no more.
    pub enough: bool,
}

/// Marches; `turnover_s` is the room's turnover and `heat` what it is given, in K m³/s.
pub(in crate::evaluate::air) fn march(
    sim: &mut Simulation,
    pace: &Pace,
    turnover_s: f64,
    heat: f64,
    escort: &mut Escort,
) -> Result<Epoch, Stray> {
    sim.haste = pace.haste;
    let hasty_s = pace.hasty_turnovers * turnover_s;
    let block_s = (hasty_s / BLOCKS as f64).max(f64::from(sim.dt_s));
    while sim.time_s < hasty_s && !escort.enough {
        let block = run_block(sim, block_s, false, escort.cancel)?;
        escort.report(sim, &block);
    }
    sim.haste = 1.0;
    let mut length_s = (pace.epoch_turnovers * turnover_s).max(SHORTEST_EPOCH_S);
    let mut epoch = Epoch::default();
    for _ in 0..pace.epochs.max(1) {
        epoch = run_epoch(sim, length_s, heat, escort)?;
        if epoch.settled || escort.enough {
            break;
        }
        length_s *= EPOCH_GROWTH;
    }
    Ok(epoch)
}

fn run_epoch(
    sim: &mut Simulation,
    length_s: f64,
    heat: f64,
    escort: &mut Escort,
) -> Result<Epoch, Stray> {
    sim.means.clear();
    let (start_s, start_k) = (sim.time_s, sim.room_mean_k());
    let block_s = length_s / BLOCKS as f64;
    let mut blocks: Vec<Vec<f64>> = Vec::with_capacity(BLOCKS);
    for _ in 0..BLOCKS {
        blocks.push(run_block(sim, block_s, true, escort.cancel)?);
        escort.report(sim, &mean_of(&blocks));
        if escort.enough {
            break;
        }
    }
    let volume = sim.domain.cells as f64 * sim.domain.volume_m3();
    let elapsed = sim.time_s - start_s;
    let stored = volume * (sim.room_mean_k() - start_k) / elapsed.max(f64::MIN_POSITIVE);
    let drift_k = drift(&blocks);
    let still = drift_k[0] <= SETTLED_DRIFT_K[0] && drift_k[1] <= SETTLED_DRIFT_K[1];
    Ok(Epoch {
        intake_k: mean_of(&blocks),
        intake_std_k: scatter(&blocks),
        drift_k,
        stored,
        settled: still && stored.abs() <= SETTLED_STORAGE * heat && blocks.len() == BLOCKS,
    })
}

/// Runs for a while; returns the mean intake of each rack.
fn run_block(
    sim: &mut Simulation,
    block_s: f64,
    average: bool,
    cancel: &CancelToken,
) -> Result<Vec<f64>, Stray> {
    let steps = (block_s / f64::from(sim.dt_s)).round().max(1.0) as usize;
    let mut sum: Vec<f64> = Vec::new();
    for _ in 0..steps {
        sim.step(cancel)?;
        if average {
            sim.average();
        }
        let now = sim.supplies.intakes(&sim.fields.t);
        sum.resize(now.len(), 0.0);
        sum.iter_mut().zip(now).for_each(|(s, t)| *s += f64::from(t) / steps as f64);
    }
    let mean = sim.room_mean_k();
    let sane = |t: f64| t.is_finite() && t.abs() < ABSURD_K;
    if !sane(mean) || sum.iter().any(|t| !t.is_finite()) {
        return Err(Stray::Diverged);
    }
    let hottest = (0..sum.len()).max_by(|a, b| sum[*a].total_cmp(&sum[*b]));
    match hottest.filter(|h| !sane(sum[*h])) {
        Some(rack) => Err(Stray::Trapped(rack)),
        None => Ok(sum),
    }
}

impl Escort<'_, '_> {
    fn report(&mut self, sim: &Simulation, intake_k: &[f64]) {
        let reference = sim.supplies.laws().t_ref_k;
        let progress = Progress {
            dx_m: sim.domain.h_m.iter().map(|h| f64::from(*h)).fold(0.0, f64::max),
            cells: sim.domain.cells,
            steps: self.steps_before + sim.steps,
            simulated_s: sim.time_s,
            intake_k: intake_k.iter().map(|t| t + reference).collect(),
            residual: sim.residual,
        };
        self.enough |= !(self.watch)(&progress);
    }
}

fn mean_of(blocks: &[Vec<f64>]) -> Vec<f64> {
    let racks = blocks.first().map_or(0, Vec::len);
    let mean = |r: usize| blocks.iter().map(|b| b[r]).sum::<f64>() / blocks.len() as f64;
    (0..racks).map(mean).collect()
}

fn scatter(blocks: &[Vec<f64>]) -> Vec<f64> {
    let means = mean_of(blocks);
    let of = |(r, mean): (usize, &f64)| {
        let sum: f64 = blocks.iter().map(|b| (b[r] - mean).powi(2)).sum();
        (sum / blocks.len() as f64).sqrt()
    };
    means.iter().enumerate().map(of).collect()
}

fn drift(blocks: &[Vec<f64>]) -> [f64; 2] {
    let (first, second) = blocks.split_at(blocks.len() / 2);
    if first.is_empty() || first[0].is_empty() {
        return [0.0; 2];
    }
    let apart: Vec<f64> =
        mean_of(first).iter().zip(mean_of(second)).map(|(a, b)| (a - b).abs()).collect();
    let mean = apart.iter().sum::<f64>() / apart.len() as f64;
    [mean, apart.iter().copied().fold(0.0, f64::max)]
}
