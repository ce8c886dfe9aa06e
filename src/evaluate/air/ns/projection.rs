//! The pressure that takes the divergence out of a velocity: equation (4) of the module.

use super::domain::Domain;
use super::state::Fields;
use crate::numerics::box_multigrid::BoxMultigrid;
use crate::numerics::lattice::window;

/// Projects velocities of one domain.
#[derive(Clone, Debug)]
pub(in crate::evaluate::air) struct Projection {
    pressure: BoxMultigrid,
    rhs: Vec<f32>,
}

impl Projection {
    pub fn new(domain: &Domain) -> Self {
        let pressure = BoxMultigrid::new(domain.lattice, domain.conductances());
        Self { pressure, rhs: domain.lattice.zeros() }
    }

    /// Corrects velocity and pressure after a step of `dt` seconds, until the divergence has fallen
    /// to `relative` or after so many `iterations`. Returns what is left of it.
    pub fn run(
        &mut self,
        domain: &Domain,
        fields: &mut Fields,
        dt: f32,
        relative: f64,
        iterations: usize,
    ) -> f64 {
        self.measure(domain, fields, dt);
        let (x, left) = self.pressure.solve(&mut self.rhs, relative, iterations);
        let lattice = domain.lattice;
        for axis in 0..3 {
            let (k, s) = (dt / domain.h_m[axis], lattice.stride(axis));
            let open = &domain.open[axis];
            lattice.each_layer(&mut fields.velocity[axis], |at, u| {
                let (lower, upper) = (window(x, at, u.len()), window(x, at + s, u.len()));
                let open = window(open, at, u.len());
                for i in 0..u.len() {
                    u[i] += k * open[i] * (lower[i] - upper[i]);
                }
            });
        }
        lattice.each_layer(&mut fields.p, |at, p| {
            let x = window(x, at, p.len());
            p.iter_mut().zip(x).for_each(|(p, x)| *p += x);
        });
        left
    }

    /// Right-hand side: what each cell gives away beyond its sources, over the time step. Places
    /// without neighbours have no equation: solids, margins, sealed cells.
    fn measure(&mut self, domain: &Domain, fields: &Fields, dt: f32) {
        let Self { pressure, rhs } = self;
        let lattice = domain.lattice;
        let s = lattice.strides();
        let volume = domain.h_m.iter().product::<f32>();
        let [a, b, c] = domain.h_m.map(|h| volume / (h * dt));
        let [u, v, w] = &fields.velocity;
        lattice.each_layer(rhs, |at, rhs| {
            let len = rhs.len();
            let both = |x, s: usize| (window(x, at - s, len), window(x, at, len));
            let ((u0, u1), (v0, v1), (w0, w1)) = (both(u, s[0]), both(v, s[1]), both(w, s[2]));
            let joined = pressure.joined(at, len);
            for i in 0..len {
                let gained = a * (u0[i] - u1[i]) + b * (v0[i] - v1[i]) + c * (w0[i] - w1[i]);
                rhs[i] = if joined[i] > 0.0 { gained } else { 0.0 };
            }
        });
        for (place, rate) in &domain.sources {
            if pressure.joined(*place, 1)[0] > 0.0 {
                rhs[*place] += rate * volume / dt;
            }
        }
    }
}
