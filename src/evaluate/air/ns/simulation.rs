//! One grid's flow, marched in time: predictor, projection, temperature.

use super::domain::{Domain, places};
use super::momentum::{self, Fluid};
use super::projection::Projection;
use super::scalar;
use super::state::{Fields, Means, Scratch};
use super::supplies::Supplies;
use crate::evaluate::cancel::{CancelToken, Cancelled};

/// Residual of the pressure correction over its right-hand side, per time step. What divergence is
/// left comes back as the next step's right-hand side.
const PROJECTION_RESIDUAL: f64 = 0.1;
/// Most iterations of it per time step.
const PROJECTION_ITERATIONS: usize = 8;
/// The same for the means, once, at the end.
const CLOSED_RESIDUAL: f64 = 1e-5;
const CLOSING_ITERATIONS: usize = 60;
/// Cells that the fastest mouth's air crosses per time step.
///
/// Assumption. With 2, 4 and 6 the mean difference of rack intakes from the reference halls lies
/// between 0.2 and 0.6 K throughout, without a trend.
const CELLS_PER_STEP: f32 = 4.0;
/// Slowest mouth for which the time step is chosen, in m/s: the speed that 1 K of buoyancy gives
/// over 2 m.
const SLOWEST_M_S: f32 = 0.35;

/// The flow of one grid.
pub(in crate::evaluate::air) struct Simulation<'a> {
    pub domain: Domain,
    pub fluid: Fluid,
    pub fields: Fields,
    pub supplies: Supplies<'a>,
    pub means: Means,
    scratch: Scratch,
    projection: Projection,
    /// Time step of the flow in s.
    pub dt_s: f32,
    /// Time step of temperature over that of the flow: above 1 the room's heat store is that much
    /// smaller, which shortens the wait for it without touching what it settles to.
    pub haste: f32,
    /// Sum of all cells' temperatures above the reference, in K.
    warmth: f64,
    /// Simulated time in s and steps so far.
    pub time_s: f64,
    pub steps: usize,
    /// Residual of the last projection.
    pub residual: f64,
}

impl<'a> Simulation<'a> {
    pub fn new(domain: Domain, fluid: Fluid, fields: Fields, supplies: Supplies<'a>) -> Self {
        let fastest = domain.fixed.iter().map(|f| f.speed_m_s.abs()).fold(SLOWEST_M_S, f32::max);
        let h = domain.h_m.iter().copied().fold(f32::INFINITY, f32::min);
        Self {
            scratch: Scratch::new(&domain.lattice),
            projection: Projection::new(&domain),
            means: Means::default(),
            dt_s: CELLS_PER_STEP * h / fastest,
            haste: 1.0,
            warmth: warmth(&domain, &fields.t),
            time_s: 0.0,
            steps: 0,
            residual: 0.0,
            domain,
            fluid,
            fields,
            supplies,
        }
    }

    /// One time step.
    pub fn step(&mut self, cancel: &CancelToken) -> Result<(), Cancelled> {
        cancel.check()?;
        self.supplies.update(&self.fields.t);
        let dt_s = self.haste * self.dt_s;
        self.carry_heat(dt_s);
        let Self { domain, fields, supplies, .. } = self;
        self.warmth = close_heat(domain, supplies, fields, dt_s, self.warmth);
        self.move_air();
        Ok(())
    }

    /// One time step in which the arrivals were set from outside and the room gains exactly
    /// `gain` of heat over its heat capacity per volume, in K m³/s.
    pub fn step_given(&mut self, gain: f64, cancel: &CancelToken) -> Result<(), Cancelled> {
        cancel.check()?;
        self.carry_heat(self.dt_s);
        let wanted = self.warmth + f64::from(self.dt_s) * gain / self.domain.volume_m3();
        close_to(&self.domain, &mut self.fields, wanted);
        self.warmth = wanted;
        self.move_air();
        Ok(())
    }

    fn carry_heat(&mut self, dt_s: f32) {
        let Self { domain, fluid, fields, scratch, supplies, .. } = self;
        if fluid.turbulent {
            fields.update_eddies(domain);
        }
        scalar::step(domain, fluid, dt_s, &supplies.arrivals, fields, scratch);
    }

    fn move_air(&mut self) {
        let Self { domain, fluid, fields, scratch, .. } = self;
        scratch.update_levels(domain, &fields.t, fluid.up);
        for axis in 0..3 {
            momentum::step(domain, fluid, axis, self.dt_s, fields, scratch);
        }
        self.residual = self.project(PROJECTION_RESIDUAL, PROJECTION_ITERATIONS);
        self.time_s += f64::from(self.dt_s);
        self.steps += 1;
    }

    /// Takes the divergence out of the velocity. Returns what is left of it.
    pub fn project(&mut self, relative: f64, iterations: usize) -> f64 {
        let Self { domain, fields, projection, dt_s, .. } = self;
        projection.run(domain, fields, *dt_s, relative, iterations)
    }

    /// Takes this step into the running means.
    pub fn average(&mut self) {
        self.means.add(&self.domain, &self.fields);
    }

    /// Takes out of the mean velocity what divergence the steps left in it, to the last digits.
    pub fn close_means(&mut self) {
        if self.means.steps == 0 {
            self.means.add(&self.domain, &self.fields);
        }
        let pressure = self.fields.p.clone();
        std::mem::swap(&mut self.fields.velocity, &mut self.means.velocity);
        self.project(CLOSED_RESIDUAL, CLOSING_ITERATIONS);
        std::mem::swap(&mut self.fields.velocity, &mut self.means.velocity);
        self.fields.p = pressure;
    }

    /// Mean temperature of the room's air above the reference, in K.
    pub fn room_mean_k(&self) -> f64 {
        self.warmth / self.domain.cells.max(1) as f64
    }

    /// A cell field in the grid's order.
    pub fn in_grid_order(&self, values: &[f32]) -> Vec<f64> {
        let grid = super::super::grid::Grid {
            n: self.domain.lattice.n(),
            h_m: self.domain.h_m.map(f64::from),
        };
        places(&grid, &self.domain.lattice).map(|c| f64::from(values[c])).collect()
    }
}

/// Largest share of the room's warmth that is put right in one step; more would be no rounding.
const LARGEST_CORRECTION: f64 = 0.1;

fn warmth(domain: &Domain, t: &[f32]) -> f64 {
    let air = &domain.mixing_length_m;
    domain.lattice.sum_layers(|r| {
        let sum = |(t, l): (&[f32], &[f32])| {
            let air = t.iter().zip(l).map(|(t, l)| if *l > 0.0 { *t } else { 0.0 });
            f64::from(air.sum::<f32>())
        };
        t[r.clone()].chunks(256).zip(air[r].chunks(256)).map(sum).sum()
    })
}

/// What the sweeps left undone adds or loses heat: scales all temperatures above the supply so that
/// the room gains exactly what arrives less what leaves. Returns the room's warmth.
fn close_heat(
    domain: &Domain,
    supplies: &Supplies,
    fields: &mut Fields,
    dt_s: f32,
    before: f64,
) -> f64 {
    let now = warmth(domain, &fields.t);
    let [arrived, left] = supplies.heat(&fields.t);
    let per_cell = f64::from(dt_s) / domain.volume_m3();
    // What leaves is scaled as well.
    let factor = (before + per_cell * arrived) / (now + per_cell * left);
    if !factor.is_finite() || (factor - 1.0).abs() > LARGEST_CORRECTION {
        return now;
    }
    let factor = factor as f32;
    domain.lattice.each_layer(&mut fields.t, |_, t| t.iter_mut().for_each(|t| *t *= factor));
    now * f64::from(factor)
}

/// Brings the room's warmth to `wanted`: scales temperatures above the reference, or, where that
/// would be more than a correction (a room near the reference), shifts them all alike.
fn close_to(domain: &Domain, fields: &mut Fields, wanted: f64) {
    let now = warmth(domain, &fields.t);
    let factor = (wanted / now) as f32;
    if factor.is_finite() && (factor - 1.0).abs() <= SMALL_CORRECTION {
        let scale = |_: usize, t: &mut [f32]| t.iter_mut().for_each(|t| *t *= factor);
        domain.lattice.each_layer(&mut fields.t, scale);
    } else {
        let shift = ((wanted - now) / domain.cells.max(1) as f64) as f32;
        let air = &domain.mixing_length_m;
        domain.lattice.each_layer(&mut fields.t, |at, t| {
            let cells = t.iter_mut().zip(&air[at..]).filter(|(_, l)| **l > 0.0);
            cells.for_each(|(t, _)| *t += shift);
        });
    }
}

/// Largest share by which temperatures are scaled in one step.
const SMALL_CORRECTION: f32 = 0.02;
