//! One time step of a carried scalar (temperature): equation (3) of the module, in flux form with
//! a limiter, and the same delta form as momentum.

use super::domain::Domain;
use super::momentum::Fluid;
use super::state::{Fields, Scratch};
use crate::numerics::lattice::{Lattice, window};

/// Jacobi sweeps after the first guess. One suffices for speed; three keep heat where it belongs
/// at the few faces that are crossed several times per step.
const SWEEPS: usize = 3;

/// Air that arrives in cells with its own temperature, and heat without air.
#[derive(Clone, Debug, Default)]
pub(in crate::evaluate::air) struct Arrivals {
    /// Share of a cell's air that is replaced per second, for all places.
    pub rate: Vec<f32>,
    /// Place and what arrives, in K/s: rate × arriving temperature.
    pub brought: Vec<(usize, f32)>,
}

/// Advances temperature by `dt` seconds.
pub(super) fn step(
    domain: &Domain,
    fluid: &Fluid,
    dt: f32,
    arrivals: &Arrivals,
    fields: &mut Fields,
    scratch: &mut Scratch,
) {
    let lattice = domain.lattice;
    let Scratch { r, inverse, change, next, .. } = scratch;
    let kernel = Kernel { lattice, domain, fluid, fields, rate: &arrivals.rate, per_dt: 1.0 / dt };
    lattice.each_layer_of_two(r, inverse, |at, r, inverse| kernel.residual(at, r, inverse));
    for (c, brought) in &arrivals.brought {
        r[*c] += brought;
    }
    lattice.each_layer(change, |at, change| {
        let (r, d) = (window(r, at, change.len()), window(inverse, at, change.len()));
        (0..change.len()).for_each(|c| change[c] = r[c] * d[c]);
    });
    for _ in 0..SWEEPS {
        lattice.each_layer(next, |at, next| kernel.sweep(at, r, inverse, change, next));
        std::mem::swap(change, next);
    }
    lattice.each_layer(&mut fields.t, |at, t| {
        let change = window(change, at, t.len());
        (0..t.len()).for_each(|c| t[c] += change[c]);
    });
}

struct Kernel<'a> {
    lattice: Lattice,
    domain: &'a Domain,
    fluid: &'a Fluid,
    fields: &'a Fields,
    rate: &'a [f32],
    per_dt: f32,
}

/// Views of both faces of the cells of one layer along one axis.
struct Faces<'a> {
    /// Speed and openness of the upper and of the lower face.
    speed: [&'a [f32]; 2],
    open: [&'a [f32]; 2],
    /// Eddy viscosity of the upper and of the lower neighbour.
    nu_t: [&'a [f32]; 2],
}

impl Faces<'_> {
    /// Speed through the upper and lower face; nothing through shut ones, where machines blow.
    #[inline(always)]
    fn speeds(&self, i: usize) -> (f32, f32) {
        // Loaded before the choice, so that the loop stays free of branches.
        let (out, inn) = (self.speed[0][i], self.speed[1][i]);
        let (upper, lower) = (self.open[0][i], self.open[1][i]);
        (if upper > 0.0 { out } else { 0.0 }, if lower > 0.0 { inn } else { 0.0 })
    }

    /// Diffusion across the upper and lower face, in 1/s; `nu_t` is the cell's own.
    #[inline(always)]
    fn mixing(&self, i: usize, nu_t: f32, alpha: f32, eddy: f32) -> (f32, f32) {
        let upper = self.open[0][i] * (alpha + eddy * (nu_t + self.nu_t[0][i]));
        let lower = self.open[1][i] * (alpha + eddy * (nu_t + self.nu_t[1][i]));
        (upper, lower)
    }
}

impl<'a> Kernel<'a> {
    #[inline(always)]
    fn faces(&self, at: usize, len: usize, axis: usize) -> Faces<'a> {
        let s = self.lattice.stride(axis);
        let both = |x: &'a [f32]| [window(x, at, len), window(x, at - s, len)];
        let nu_t = &self.fields.nu_t;
        Faces {
            speed: both(&self.fields.velocity[axis]),
            open: both(&self.domain.open[axis]),
            nu_t: [window(nu_t, at + s, len), window(nu_t, at - s, len)],
        }
    }

    /// Laminar diffusivity, and half of 1 over the turbulent Prandtl number, over h².
    fn diffusivities(&self, axis: usize) -> (f32, f32) {
        let per_h2 = 1.0 / (self.domain.h_m[axis] * self.domain.h_m[axis]);
        (per_h2 * self.fluid.alpha, per_h2 * 0.5 / self.fluid.prandtl_t)
    }

    #[inline(never)]
    fn residual(&self, at: usize, r: &mut [f32], inverse: &mut [f32]) {
        let len = r.len();
        let rate = window(self.rate, at, len);
        let t = window(&self.fields.t, at, len);
        for i in 0..len {
            r[i] = -rate[i] * t[i];
            inverse[i] = self.per_dt + rate[i];
        }
        (0..3).for_each(|axis| self.add_axis(at, axis, r, inverse));
        inverse.iter_mut().for_each(|d| *d = 1.0 / *d);
    }

    #[inline(never)]
    fn add_axis(&self, at: usize, axis: usize, r: &mut [f32], diagonal: &mut [f32]) {
        let len = r.len();
        let s = self.lattice.stride(axis);
        let faces = self.faces(at, len, axis);
        let t = &self.fields.t;
        let [lower2, lower, here, upper, upper2] =
            [at - 2 * s, at - s, at, at + s, at + 2 * s].map(|from| window(t, from, len));
        let nu_t = window(&self.fields.nu_t, at, len);
        let per_h = 1.0 / self.domain.h_m[axis];
        let (alpha, eddy) = self.diffusivities(axis);
        for i in 0..len {
            let (out, inn) = faces.speeds(i);
            let x = here[i];
            let carried = limited(out, lower[i], x, upper[i], upper2[i])
                - limited(inn, lower2[i], lower[i], x, upper[i]);
            let (up, down) = faces.mixing(i, nu_t[i], alpha, eddy);
            r[i] +=
                per_h * (x * (out - inn) - carried) + up * (upper[i] - x) + down * (lower[i] - x);
            diagonal[i] += per_h * ((-out).max(0.0) + inn.max(0.0)) + up + down;
        }
    }

    #[inline(never)]
    fn sweep(&self, at: usize, r: &[f32], inverse: &[f32], change: &[f32], next: &mut [f32]) {
        let len = next.len();
        next.copy_from_slice(window(r, at, len));
        let nu_t = window(&self.fields.nu_t, at, len);
        for axis in 0..3 {
            let (alpha, eddy) = self.diffusivities(axis);
            let s = self.lattice.stride(axis);
            let faces = self.faces(at, len, axis);
            let (upper, lower) = (window(change, at + s, len), window(change, at - s, len));
            let per_h = 1.0 / self.domain.h_m[axis];
            for i in 0..len {
                let (out, inn) = faces.speeds(i);
                let (up, down) = faces.mixing(i, nu_t[i], alpha, eddy);
                next[i] += (per_h * (-out).max(0.0) + up) * upper[i]
                    + (per_h * inn.max(0.0) + down) * lower[i];
            }
        }
        let inverse = window(inverse, at, len);
        next.iter_mut().zip(inverse).for_each(|(x, d)| *x *= d);
    }
}

/// What a stream of speed `f` carries across a face: central where the field is smooth, upwind at
/// steps, never beyond the two cells that it joins (the limiter ψ = min(2r, 1) of Sweby's region).
#[inline(always)]
fn limited(f: f32, far_left: f32, left: f32, right: f32, far_right: f32) -> f32 {
    let step = right - left;
    f.max(0.0) * (left + 0.5 * held(left - far_left, step))
        + f.min(0.0) * (right - 0.5 * held(far_right - right, step))
}

/// ψ(r) × step with r = upwind / step: the lesser of 2 × upwind and step where both have one sign,
/// else 0.
#[inline(always)]
fn held(upwind: f32, step: f32) -> f32 {
    let rising = (2.0 * upwind).min(step).max(0.0);
    let falling = (2.0 * upwind).max(step).min(0.0);
    rising + falling
}
