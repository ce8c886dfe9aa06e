//! Marching a flow without machines until it stands still: the benchmarks.

use super::domain::Domain;
use super::momentum::{self, Fluid};
use super::projection::Projection;
use super::scalar::{self, Arrivals};
use super::state::{Fields, Scratch};
use crate::evaluate::cancel::{CancelToken, Cancelled};

/// Most time steps.
const MOST_STEPS: usize = 60_000;
/// Steps between two looks at the change.
const STEPS_PER_LOOK: usize = 50;
/// Change per unit of time over the largest speed (or temperature) at which a flow stands still;
/// near what single precision resolves.
const STILL: f32 = 2e-5;

/// A flow with fixed boundaries.
pub(in crate::evaluate::air) struct Steady {
    pub domain: Domain,
    pub fields: Fields,
    pub steps: usize,
    fluid: Fluid,
    arrivals: Arrivals,
    scratch: Scratch,
    projection: Projection,
}

impl Steady {
    pub fn new(domain: Domain, fluid: Fluid, fields: Fields, mut arrivals: Arrivals) -> Self {
        arrivals.rate.resize(domain.lattice.len(), 0.0);
        let scratch = Scratch::new(&domain.lattice);
        let projection = Projection::new(&domain);
        Self { domain, fields, steps: 0, fluid, arrivals, scratch, projection }
    }

    /// Marches with a time step of `dt` until nothing changes; `false` if something still does.
    pub fn run(&mut self, dt: f64, cancel: &CancelToken) -> Result<bool, Cancelled> {
        let dt = dt as f32;
        let Self { domain, fields, fluid, arrivals, scratch, projection, .. } = self;
        let mut before = fields.clone();
        while self.steps < MOST_STEPS {
            cancel.check()?;
            scalar::step(domain, fluid, dt, arrivals, fields, scratch);
            scratch.update_levels(domain, &fields.t, fluid.up);
            for axis in 0..3 {
                momentum::step(domain, fluid, axis, dt, fields, scratch);
            }
            projection.run(domain, fields, dt, 0.02, 6);
            self.steps += 1;
            if self.steps.is_multiple_of(STEPS_PER_LOOK) {
                let elapsed = dt * STEPS_PER_LOOK as f32;
                if change(&before, fields) / elapsed < STILL {
                    return Ok(true);
                }
                before.clone_from(fields);
            }
        }
        Ok(false)
    }
}

/// Largest change of a speed or temperature over the largest of its kind.
fn change(before: &Fields, now: &Fields) -> f32 {
    let worst =
        |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    let largest = |a: &[f32]| a.iter().map(|x| x.abs()).fold(1e-6, f32::max);
    let speed = now.velocity.iter().map(|u| largest(u)).fold(1e-6, f32::max);
    let moved = (before.velocity.iter().zip(&now.velocity)).map(|(a, b)| worst(a, b));
    let moved = moved.fold(0.0, f32::max) / speed;
    moved.max(worst(&before.t, &now.t) / largest(&now.t))
}
