//! The air's motion: equations (1) and (2) of the module.

use super::balance::{Balanced, laplacian};
use super::error::AirError;
use super::room::Room;
use crate::evaluate::cancel::CancelToken;
use crate::numerics::krylov::{Stop, axpy, conjugate_gradient};
use crate::numerics::laplacian::BoxLaplacian;
use crate::numerics::multigrid::Multigrid;
use std::sync::Arc;

/// Upward speed that warm air gains per kelvin above its level's mean, in m/(s K): g β τ with
/// g β = 0.0334 m/(s² K) at 20 °C and a drag time τ of 0.9 s.
///
/// Assumption: the drag time stands for everything that slows a rising plume; chosen once so that
/// the preview comes close to two OpenFOAM rooms (see `tests/cases/air`; 0.01 to 0.06 m/(s K) do
/// about equally well, 0 is 0.5 K worse, more makes plumes that do not settle), not fitted per case.
const RISE_M_S_K: f64 = 0.03;
/// Temperature excess in K from which a plume is held by inertia rather than drag: its speed then
/// grows with the square root of the excess. Assumption, above what sound halls reach.
const INERTIAL_EXCESS_K: f64 = 30.0;

/// Residual of (1) over the sources. What is left is put right exactly by [`close_mass`].
const FLOW_STOP: Stop = Stop { relative: 1e-4, iterations: 200 };
/// A residual above this means that the potential cannot be believed.
const FLOW_FAILED: f64 = 1e-3;

/// Velocity potential and face fluxes, on the padded storage of the Laplacian.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    /// Air through the face towards +x, +y and +z of each cell, in m³/s.
    pub flux: [Vec<f64>; 3],
    /// The operator, for its layout and open faces.
    pub faces: Arc<BoxLaplacian>,
    /// Worst cell's |in − out| in m³/s.
    pub mass_error_m3_s: f64,
}

impl Flow {
    /// A flow from fluxes through the upper faces of the room's cells that nearly conserve air; what
    /// is missing is put right along the shortest ways.
    pub fn closed(room: &Room, balanced: &Balanced, flux: &[Vec<f64>; 3]) -> Self {
        let faces = Arc::new(laplacian(room));
        let lead = faces.lead();
        let mut b = vec![0.0; faces.padded_len()];
        b[lead..lead + balanced.source.len()].copy_from_slice(&balanced.source);
        b.iter_mut().zip(faces.diagonal()).filter(|(_, d)| **d == 0.0).for_each(|(b, _)| *b = 0.0);
        let mut flux = [0, 1, 2].map(|axis| {
            let mut padded = vec![0.0; faces.padded_len()];
            for (c, q) in flux[axis].iter().enumerate() {
                let c = c + lead;
                padded[c] = if faces.face(c, axis) > 0.0 { *q } else { 0.0 };
            }
            padded
        });
        let mass_error_m3_s = close_mass(&faces, balanced, &b, &mut flux);
        Self { flux, faces, mass_error_m3_s }
    }

    /// Adds another flow; with [`Flow::scale`], a mean of flows. Conserves what both conserve.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.flux.iter_mut().zip(&other.flux) {
            axpy(1.0, theirs, mine);
        }
        self.mass_error_m3_s += other.mass_error_m3_s;
    }

    /// Multiplies all fluxes.
    pub fn scale(&mut self, factor: f64) {
        self.flux.iter_mut().flatten().for_each(|q| *q *= factor);
        self.mass_error_m3_s *= factor;
    }
}

/// Solves (1) for changing buoyancy on the same room.
pub(super) struct FlowSolver<'a> {
    room: &'a Room,
    balanced: &'a Balanced,
    multigrid: Multigrid,
    faces: Arc<BoxLaplacian>,
    /// Potential of the last solve in m²/s, padded.
    phi: Vec<f64>,
    /// Iterations of all solves.
    pub iterations: usize,
}

impl<'a> FlowSolver<'a> {
    /// Prepares the room.
    pub fn new(room: &'a Room, balanced: &'a Balanced) -> Self {
        let multigrid = Multigrid::new(laplacian(room));
        let faces = Arc::new(multigrid.operator().clone());
        let phi = vec![0.0; faces.padded_len()];
        Self { room, balanced, multigrid, faces, phi, iterations: 0 }
    }

    /// Padding before the first cell, and length of a padded vector.
    pub fn layout(&self) -> (usize, usize) {
        (self.faces.lead(), self.faces.padded_len())
    }

    /// Flow under the buoyancy of `theta`, padded cell temperatures in K above any reference.
    pub fn solve(&mut self, theta: &[f64], cancel: &CancelToken) -> Result<Flow, AirError> {
        let (faces, lead) = (Arc::clone(&self.faces), self.faces.lead());
        let mut b = vec![0.0; faces.padded_len()];
        b[lead..lead + self.balanced.source.len()].copy_from_slice(&self.balanced.source);
        // A cell without neighbours cannot take part; its source has nowhere to go.
        b.iter_mut().zip(faces.diagonal()).filter(|(_, d)| **d == 0.0).for_each(|(b, _)| *b = 0.0);
        let rise = buoyant_flux(self.room, &faces, theta);
        let up = faces.stride(2);
        let mut driven = b.clone();
        for c in lead..driven.len() - lead {
            driven[c] += rise[c - up] - rise[c];
        }
        let multigrid = &mut self.multigrid;
        let end = conjugate_gradient(
            |x, y| faces.apply(x, y),
            |r, z| multigrid.v_cycle(r, z),
            &driven,
            &mut self.phi,
            FLOW_STOP,
            || cancel.check().is_ok(),
        );
        cancel.check()?;
        self.iterations += end.iterations;
        let (iterations, residual) = (end.iterations, end.relative);
        if residual.is_nan() || residual > FLOW_FAILED {
            return Err(AirError::NotConverged { what: "the air flow", iterations, residual });
        }
        let mut flux = [0, 1, 2].map(|axis| face_flux(&faces, &self.phi, axis));
        flux[2].iter_mut().zip(&rise).for_each(|(q, rise)| *q += rise);
        let mass_error_m3_s = close_mass(&faces, self.balanced, &b, &mut flux);
        Ok(Flow { flux, faces, mass_error_m3_s })
    }
}

/// Buoyant part of (2) on upward faces: area × rise × (mean of the two cells − mean of the level).
/// The level's mean only changes the potential, not the flow; without it numbers stay small.
fn buoyant_flux(room: &Room, faces: &BoxLaplacian, theta: &[f64]) -> Vec<f64> {
    let mut q = vec![0.0; theta.len()];
    let (layer, hz) = (faces.lead(), room.grid.h_m[2]);
    for k in 0..room.grid.n[2].saturating_sub(1) {
        let first = faces.padded([0, 0, k]);
        let open = || (first..first + layer).filter(|c| faces.face(*c, 2) > 0.0);
        let at = |c: usize| 0.5 * (theta[c] + theta[c + layer]);
        let (n, sum) = open().fold((0.0, 0.0), |(n, s), c| (n + 1.0, s + at(c)));
        let mean = if n > 0.0 { sum / n } else { 0.0 };
        for c in open() {
            let excess_k = at(c) - mean;
            let slowed = (1.0 + excess_k.abs() / INERTIAL_EXCESS_K).sqrt();
            q[c] = faces.face(c, 2) * hz * RISE_M_S_K * excess_k / slowed;
        }
    }
    q
}

/// (2): flux = conductance × potential drop.
fn face_flux(faces: &BoxLaplacian, phi: &[f64], axis: usize) -> Vec<f64> {
    let s = faces.stride(axis);
    let mut q = vec![0.0; phi.len()];
    faces.each_layer(&mut q, |first, q| {
        for (i, q) in q.iter_mut().enumerate() {
            let c = first + i;
            let g = faces.face(c, axis);
            if g > 0.0 {
                *q = g * (phi[c] - phi[c + s]);
            }
        }
    });
    q
}

/// Carries each cell's remaining imbalance to the root of its region along the breadth-first tree,
/// so that mass closes to rounding. Returns the worst imbalance left.
fn close_mass(
    faces: &BoxLaplacian,
    balanced: &Balanced,
    b: &[f64],
    flux: &mut [Vec<f64>; 3],
) -> f64 {
    let lead = faces.lead();
    let mut excess = vec![0.0; b.len()];
    for &c in &balanced.order {
        let c = c as usize + lead;
        excess[c] = b[c] - net_outflow(faces, flux, c);
    }
    for (&c, &p) in balanced.order.iter().zip(&balanced.parent).rev() {
        let (c, p) = (c as usize + lead, p as usize + lead);
        if c != p {
            push(faces, flux, c, p, excess[c]);
            excess[p] += excess[c];
        }
    }
    let left =
        |c: &u32| (b[*c as usize + lead] - net_outflow(faces, flux, *c as usize + lead)).abs();
    balanced.order.iter().map(left).fold(0.0, f64::max)
}

fn net_outflow(faces: &BoxLaplacian, flux: &[Vec<f64>; 3], c: usize) -> f64 {
    (0..3).map(|a| flux[a][c] - flux[a][c - faces.stride(a)]).sum()
}

/// Adds a flow from cell `c` to its neighbour `p`.
fn push(faces: &BoxLaplacian, flux: &mut [Vec<f64>; 3], c: usize, p: usize, q: f64) {
    let distance = c.abs_diff(p);
    let Some(axis) = (0..3).rev().find(|a| faces.stride(*a) == distance) else { return };
    if p > c {
        flux[axis][c] += q;
    } else {
        flux[axis][p] -= q;
    }
}
