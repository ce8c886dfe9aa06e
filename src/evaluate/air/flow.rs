//! Potential flow: equations (1) and (2) of the module.

use super::balance::{Balanced, laplacian};
use super::error::AirError;
use super::room::Room;
use crate::evaluate::cancel::CancelToken;
use crate::numerics::krylov::{Stop, conjugate_gradient};
use crate::numerics::laplacian::BoxLaplacian;
use crate::numerics::multigrid::Multigrid;

/// Residual of (1) over the sources. What is left is put right exactly by [`close_mass`].
const FLOW_STOP: Stop = Stop { relative: 1e-7, iterations: 200 };
/// A residual above this means that the potential cannot be believed.
const FLOW_FAILED: f64 = 1e-3;

/// Velocity potential and face fluxes, on the padded storage of the Laplacian.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    /// Potential in m²/s.
    pub phi: Vec<f64>,
    /// Air through the face towards +x, +y and +z of each cell, in m³/s.
    pub flux: [Vec<f64>; 3],
    /// The operator, for its layout and open faces.
    pub faces: BoxLaplacian,
    /// Worst cell's |in − out| in m³/s.
    pub mass_error_m3_s: f64,
    pub iterations: usize,
}

/// Solves (1) from a previous potential when one fits.
pub(super) fn solve(
    room: &Room,
    balanced: &Balanced,
    start: Option<&[f64]>,
    cancel: &CancelToken,
) -> Result<Flow, AirError> {
    let mut multigrid = Multigrid::new(laplacian(room));
    let faces = multigrid.operator().clone();
    let lead = faces.lead();
    let mut b = vec![0.0; faces.padded_len()];
    b[lead..lead + balanced.source.len()].copy_from_slice(&balanced.source);
    // A cell without neighbours cannot take part; its source has nowhere to go.
    b.iter_mut().zip(faces.diagonal()).filter(|(_, d)| **d == 0.0).for_each(|(b, _)| *b = 0.0);
    let mut phi = vec![0.0; b.len()];
    if let Some(start) = start.filter(|s| s.len() == balanced.source.len()) {
        phi[lead..lead + start.len()].copy_from_slice(start);
    }
    let end = conjugate_gradient(
        |x, y| faces.apply(x, y),
        |r, z| multigrid.v_cycle(r, z),
        &b,
        &mut phi,
        FLOW_STOP,
        || cancel.check().is_ok(),
    );
    cancel.check()?;
    let (iterations, residual) = (end.iterations, end.relative);
    if !(residual < FLOW_FAILED) {
        return Err(AirError::NotConverged { what: "the potential flow", iterations, residual });
    }
    let mut flux = [0, 1, 2].map(|axis| face_flux(&faces, &phi, axis));
    let mass_error_m3_s = close_mass(&faces, balanced, &b, &mut flux);
    Ok(Flow { phi, flux, faces, mass_error_m3_s, iterations })
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
