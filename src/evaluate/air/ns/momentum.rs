//! One time step of momentum: equation (2) of the module, component by component.
//!
//! Delta form: the explicit right-hand side is second order; the operator in front of the change is
//! first-order upwind with diffusion, inverted by Jacobi sweeps. Its inverse need not be exact: a
//! flow that stands still has a right-hand side of zero whatever the sweeps did.

use super::domain::Domain;
use super::state::{Fields, Scratch};
use crate::numerics::lattice::{Lattice, window};

/// Shear stress of a turbulent wall layer over ρ u² at the first cell.
///
/// Assumption. The log law u/u_τ = ln(9.8 y⁺)/0.41 gives (u_τ/u)² of 0.002 to 0.005 for air at 0.2 to
/// 2 m/s, 5 to 15 cm from a smooth wall; one value stands for all. Over six reference halls twice
/// this moves rack intakes by 0.08 K in the mean (0.5 K at worst), none at all by 0.18 K (1.6 K).
const WALL_FRICTION: f32 = 0.004;

/// Constants of a momentum step.
#[derive(Clone, Copy, Debug)]
pub(in crate::evaluate::air) struct Fluid {
    /// Kinematic viscosity in m²/s.
    pub nu: f32,
    /// Thermal diffusivity in m²/s.
    pub alpha: f32,
    /// Turbulent Prandtl number.
    pub prandtl_t: f32,
    /// Gravity × thermal expansion in m/(s² K).
    pub g_beta: f32,
    /// Whether eddies and wall layers are modelled; laminar otherwise.
    pub turbulent: bool,
    /// Axis that points up.
    pub up: usize,
}

impl Fluid {
    /// Air in a hall.
    pub fn air() -> Self {
        Self {
            nu: VISCOSITY_M2_S as f32,
            alpha: (VISCOSITY_M2_S / PRANDTL) as f32,
            prandtl_t: PRANDTL_T as f32,
            g_beta: (GRAVITY_M_S2 / EXPANSION_AT_K) as f32,
            turbulent: true,
            up: 2,
        }
    }
}

/// Kinematic viscosity of air at 20 °C, in m²/s (Incropera et al., table A.4).
const VISCOSITY_M2_S: f64 = 1.5e-5;
/// Prandtl number of air (Incropera et al., table A.4).
const PRANDTL: f64 = 0.71;
/// Turbulent Prandtl number of shear flows of air (Kays 1994, J. Heat Transfer 116:284).
const PRANDTL_T: f64 = 0.85;
/// Standard gravity in m/s² (CGPM 1901).
const GRAVITY_M_S2: f64 = 9.806_65;
/// Temperature whose inverse is the thermal expansion of air as an ideal gas, in K: 20 °C.
const EXPANSION_AT_K: f64 = 293.15;

/// Advances one velocity component by `dt` seconds.
pub(super) fn step(
    domain: &Domain,
    fluid: &Fluid,
    axis: usize,
    dt: f32,
    fields: &mut Fields,
    scratch: &mut Scratch,
) {
    let lattice = domain.lattice;
    {
        let Scratch { r, inverse, level, .. } = scratch;
        let kernel = Kernel::new(domain, fluid, axis, dt, fields, level);
        lattice.each_layer_of_two(r, inverse, |at, r, inverse| kernel.residual(at, r, inverse));
    }
    hold_leaks(domain, axis, fields, scratch);
    for (_, place, push) in domain.pushes.iter().filter(|(a, ..)| *a == axis) {
        scratch.r[*place] += push;
    }
    let Scratch { r, inverse, change, next, level } = scratch;
    lattice.each_layer(change, |at, change| {
        let (r, d) = (window(r, at, change.len()), window(inverse, at, change.len()));
        (0..change.len()).for_each(|c| change[c] = r[c] * d[c]);
    });
    let kernel = Kernel::new(domain, fluid, axis, dt, fields, level);
    lattice.each_layer(next, |at, next| kernel.sweep(at, r, inverse, change, next));
    lattice.each_layer(&mut fields.velocity[axis], |at, u| {
        let change = window(next, at, u.len());
        (0..u.len()).for_each(|c| u[c] += change[c]);
    });
}

/// Adds the resistance of leaks to their faces.
fn hold_leaks(domain: &Domain, axis: usize, fields: &Fields, scratch: &mut Scratch) {
    for leak in domain.leaky.iter().filter(|l| l.axis == axis) {
        let (c, u) = (leak.place, fields.velocity[axis][leak.place]);
        let drag = Domain::leak_drag(leak, u);
        scratch.r[c] -= drag * u;
        if scratch.inverse[c] > 0.0 {
            scratch.inverse[c] = 1.0 / (1.0 / scratch.inverse[c] + drag);
        }
    }
}

/// What the kernels of one component read.
struct Kernel<'a> {
    lattice: Lattice,
    fields: &'a Fields,
    domain: &'a Domain,
    fluid: &'a Fluid,
    /// The component's axis and the two across it.
    axes: [usize; 3],
    per_dt: f32,
    /// Mean temperature of each level, which only pressure feels.
    level: &'a [f32],
}

impl<'a> Kernel<'a> {
    fn new(
        domain: &'a Domain,
        fluid: &'a Fluid,
        axis: usize,
        dt: f32,
        fields: &'a Fields,
        level: &'a [f32],
    ) -> Self {
        let axes = [axis, (axis + 1) % 3, (axis + 2) % 3];
        Self { lattice: domain.lattice, fields, domain, fluid, axes, per_dt: 1.0 / dt, level }
    }

    /// Air speeds through the six faces of the velocity's own cell, and how open the four edges
    /// along it are.
    #[inline(always)]
    fn around(&self, at: usize, len: usize) -> Around<'a> {
        let [a, b, c] = self.axes;
        let [sa, sb, sc] = self.axes.map(|x| self.lattice.stride(x));
        let v = &self.fields.velocity;
        let open = &self.domain.open;
        let four = |x: &'a [f32], s: usize| {
            [at, at + sa, at - s, at - s + sa].map(|from| window(x, from, len))
        };
        Around {
            u: window(&v[a], at, len),
            u_next: window(&v[a], at + sa, len),
            u_last: window(&v[a], at - sa, len),
            across: [four(&v[b], sb), four(&v[c], sc)],
            open: [four(&open[b], sb), four(&open[c], sc)],
        }
    }

    /// Right-hand side, and 1 over the diagonal of the operator; 0 on faces that do not move.
    #[inline(never)]
    fn residual(&self, at: usize, r: &mut [f32], inverse: &mut [f32]) {
        let len = r.len();
        let [a, b, c] = self.axes;
        let [sa, sb, sc] = self.axes.map(|x| self.lattice.stride(x));
        let around = self.around(at, len);
        let u = &self.fields.velocity[a];
        let two = |s: usize| {
            let near = [window(u, at + s, len), window(u, at - s, len)];
            let far = [window(u, at + 2 * s, len), window(u, at - 2 * s, len)];
            (near, far)
        };
        let (_, far_a) = two(sa);
        let (near_b, far_b) = two(sb);
        let (near_c, far_c) = two(sc);
        let nu_t = &self.fields.nu_t;
        let pair = |from: usize| [window(nu_t, from, len), window(nu_t, from + sa, len)];
        let nu_here = pair(at);
        let nu_b = [pair(at + sb), pair(at - sb)];
        let nu_c = [pair(at + sc), pair(at - sc)];
        let p = [window(&self.fields.p, at, len), window(&self.fields.p, at + sa, len)];
        let gate = window(&self.domain.open[a], at, len);
        let [ia, ib, ic] = [a, b, c].map(|x| 1.0 / self.domain.h_m[x]);
        let [rub_b, rub_c] = [self.domain.rub[b] * ib, self.domain.rub[c] * ic];
        let nu = self.fluid.nu;
        let friction = if self.fluid.turbulent { WALL_FRICTION } else { 0.0 };
        let per_dt = self.per_dt;
        for i in 0..len {
            let x = around.u[i];
            let (xn, xl) = (around.u_next[i], around.u_last[i]);
            let f = around.speeds(i);
            let e = around.edges(i);
            let carried = ia
                * (fromm(f[0], xl, x, xn, far_a[0][i]) - fromm(f[1], far_a[1][i], xl, x, xn))
                + ib * (fromm(f[2], near_b[1][i], x, near_b[0][i], far_b[0][i])
                    - fromm(f[3], far_b[1][i], near_b[1][i], x, near_b[0][i]))
                + ic * (fromm(f[4], near_c[1][i], x, near_c[0][i], far_c[0][i])
                    - fromm(f[5], far_c[1][i], near_c[1][i], x, near_c[0][i]));
            // What the flow gains by not yet being free of divergence is no force.
            let divergence = ia * (f[0] - f[1]) + ib * (f[2] - f[3]) + ic * (f[4] - f[5]);
            let mean = 0.25 * (nu_here[0][i] + nu_here[1][i]);
            let edge = |n: &[&[f32]; 2]| nu + mean + 0.25 * (n[0][i] + n[1][i]);
            let k = [
                ia * ia * (nu + nu_here[1][i]),
                ia * ia * (nu + nu_here[0][i]),
                ib * ib * e[0] * edge(&nu_b[0]),
                ib * ib * e[1] * edge(&nu_b[1]),
                ic * ic * e[2] * edge(&nu_c[0]),
                ic * ic * e[3] * edge(&nu_c[1]),
            ];
            let diffused = k[0] * (xn - x)
                + k[1] * (xl - x)
                + k[2] * (near_b[0][i] - x)
                + k[3] * (near_b[1][i] - x)
                + k[4] * (near_c[0][i] - x)
                + k[5] * (near_c[1][i] - x);
            let rubbed = rub_b * (2.0 - e[0] - e[1]) * (friction * x.abs() + 2.0 * nu * ib)
                + rub_c * (2.0 - e[2] - e[3]) * (friction * x.abs() + 2.0 * nu * ic);
            let pushed = ia * (p[0][i] - p[1][i]);
            let moves = if gate[i] > 0.0 { 1.0 } else { 0.0 };
            r[i] = moves * (pushed - carried + x * divergence + diffused - rubbed * x);
            let out = per_dt
                + rubbed
                + ia * ((-f[0]).max(0.0) + f[1].max(0.0))
                + ib * ((-f[2]).max(0.0) + f[3].max(0.0))
                + ic * ((-f[4]).max(0.0) + f[5].max(0.0))
                + (k[0] + k[1] + k[2] + k[3] + k[4] + k[5]);
            inverse[i] = moves / out;
        }
        if a == self.fluid.up {
            self.lift(at, gate, r);
        }
    }

    /// Buoyancy on upward faces, from the temperature above the level's mean: a room in layers at
    /// rest feels nothing and stays at rest to the last bit.
    fn lift(&self, at: usize, gate: &[f32], r: &mut [f32]) {
        let s = self.lattice.stride(self.fluid.up);
        let t = &self.fields.t;
        let (below, above) = (window(t, at, r.len()), window(t, at + s, r.len()));
        let k = at / self.lattice.stride(2);
        let mean = 0.5 * (self.level[k] + self.level[k + 1]);
        let g_beta = self.fluid.g_beta;
        for i in 0..r.len() {
            let moves = if gate[i] > 0.0 { 1.0 } else { 0.0 };
            r[i] += moves * g_beta * (0.5 * (below[i] + above[i]) - mean);
        }
    }

    /// One Jacobi sweep of the upwind operator.
    #[inline(never)]
    fn sweep(&self, at: usize, r: &[f32], inverse: &[f32], change: &[f32], next: &mut [f32]) {
        let len = next.len();
        let around = self.around(at, len);
        let [sa, sb, sc] = self.axes.map(|x| self.lattice.stride(x));
        let [ia, ib, ic] = self.axes.map(|x| 1.0 / self.domain.h_m[x]);
        let (r, inverse) = (window(r, at, len), window(inverse, at, len));
        let near = [sa, sb, sc].map(|s| [window(change, at + s, len), window(change, at - s, len)]);
        let nu_t = &self.fields.nu_t;
        let nu_here = [window(nu_t, at, len), window(nu_t, at + sa, len)];
        let nu = self.fluid.nu;
        for i in 0..len {
            let f = around.speeds(i);
            let e = around.edges(i);
            let mean = nu + 0.5 * (nu_here[0][i] + nu_here[1][i]);
            let [ka, kb, kc] = [ia * ia * mean, ib * ib * mean, ic * ic * mean];
            let brought = (ia * (-f[0]).max(0.0) + ka) * near[0][0][i]
                + (ia * f[1].max(0.0) + ka) * near[0][1][i]
                + (ib * (-f[2]).max(0.0) + e[0] * kb) * near[1][0][i]
                + (ib * f[3].max(0.0) + e[1] * kb) * near[1][1][i]
                + (ic * (-f[4]).max(0.0) + e[2] * kc) * near[2][0][i]
                + (ic * f[5].max(0.0) + e[3] * kc) * near[2][1][i];
            next[i] = inverse[i] * (r[i] + brought);
        }
    }
}

/// Views around the faces of one component, in one layer.
struct Around<'a> {
    u: &'a [f32],
    u_next: &'a [f32],
    u_last: &'a [f32],
    /// For each axis across: the speeds at the upper face of the two cells, and at the lower.
    across: [[&'a [f32]; 4]; 2],
    open: [[&'a [f32]; 4]; 2],
}

impl Around<'_> {
    #[inline(always)]
    fn speeds(&self, i: usize) -> [f32; 6] {
        let [b, c] = &self.across;
        [
            0.5 * (self.u[i] + self.u_next[i]),
            0.5 * (self.u_last[i] + self.u[i]),
            0.5 * (b[0][i] + b[1][i]),
            0.5 * (b[2][i] + b[3][i]),
            0.5 * (c[0][i] + c[1][i]),
            0.5 * (c[2][i] + c[3][i]),
        ]
    }

    #[inline(always)]
    fn edges(&self, i: usize) -> [f32; 4] {
        let [b, c] = &self.open;
        [
            0.5 * (b[0][i] + b[1][i]),
            0.5 * (b[2][i] + b[3][i]),
            0.5 * (c[0][i] + c[1][i]),
            0.5 * (c[2][i] + c[3][i]),
        ]
    }
}

/// What a stream of speed `f` carries across a face, between `left` and `right`, with the slope of
/// the upwind cell taken across it (Fromm's scheme): second order, no limiter.
#[inline(always)]
fn fromm(f: f32, far_left: f32, left: f32, right: f32, far_right: f32) -> f32 {
    f.max(0.0) * (left + 0.25 * (right - far_left))
        + f.min(0.0) * (right - 0.25 * (far_right - left))
}
