//! What changes from step to step, and the steps that belong to no equation of their own: eddy
//! viscosity, level means, running means.

use super::domain::Domain;
use crate::numerics::lattice::{Lattice, window};

/// Eddy viscosity over speed × mixing length: the zero-equation model of Chen and Xu 1998 (Energy
/// and Buildings 28:137), fitted by them to room air flows. Not adjusted here.
const CHEN_XU: f32 = 0.038_74;

/// Velocity, pressure, temperature and eddy viscosity.
#[derive(Clone, Debug, Default)]
pub(in crate::evaluate::air) struct Fields {
    /// Speed through the faces towards +x, +y and +z, in m/s.
    pub velocity: [Vec<f32>; 3],
    /// Pressure over density, less its hydrostatic part, in m²/s².
    pub p: Vec<f32>,
    /// Temperature above the reference, in K.
    pub t: Vec<f32>,
    /// Eddy viscosity in m²/s; 0 in solids.
    pub nu_t: Vec<f32>,
}

impl Fields {
    /// Air at rest, but for the mouths of machines.
    pub fn at_rest(domain: &Domain) -> Self {
        let zeros = || domain.lattice.zeros();
        let mut fields =
            Self { velocity: [zeros(), zeros(), zeros()], p: zeros(), t: zeros(), nu_t: zeros() };
        fields.hold_mouths(domain);
        fields
    }

    /// Sets the speeds that machines prescribe; faces that are shut otherwise stand still.
    pub fn hold_mouths(&mut self, domain: &Domain) {
        for (u, open) in self.velocity.iter_mut().zip(&domain.open) {
            u.iter_mut().zip(open).filter(|(_, open)| **open == 0.0).for_each(|(u, _)| *u = 0.0);
        }
        for f in &domain.fixed {
            self.velocity[f.axis][f.place] += f.speed_m_s;
        }
    }

    /// Eddy viscosity from speed and distance to walls.
    pub fn update_eddies(&mut self, domain: &Domain) {
        let lattice = domain.lattice;
        let [sx, sy, sz] = lattice.strides();
        let [u, v, w] = &self.velocity;
        let length = &domain.mixing_length_m;
        lattice.each_layer(&mut self.nu_t, |at, nu_t| {
            let len = nu_t.len();
            let both = |x, s: usize| (window(x, at - s, len), window(x, at, len));
            let ((u0, u1), (v0, v1), (w0, w1)) = (both(u, sx), both(v, sy), both(w, sz));
            let l = window(length, at, len);
            for i in 0..len {
                let (a, b, c) = (u0[i] + u1[i], v0[i] + v1[i], w0[i] + w1[i]);
                let speed = 0.5 * (a * a + b * b + c * c).sqrt();
                nu_t[i] = CHEN_XU * speed * l[i];
            }
        });
    }
}

/// Arrays that a step needs and nobody keeps.
#[derive(Clone, Debug)]
pub(in crate::evaluate::air) struct Scratch {
    /// Right-hand side.
    pub r: Vec<f32>,
    /// 1 over the diagonal.
    pub inverse: Vec<f32>,
    /// Change under way and its next guess.
    pub change: Vec<f32>,
    pub next: Vec<f32>,
    /// Mean temperature of each layer of the storage, margins included.
    pub level: Vec<f32>,
}

impl Scratch {
    pub fn new(lattice: &Lattice) -> Self {
        let zeros = || lattice.zeros();
        Self { r: zeros(), inverse: zeros(), change: zeros(), next: zeros(), level: Vec::new() }
    }

    /// Mean temperature of each level's air; 0 where levels are no layers of the storage.
    pub fn update_levels(&mut self, domain: &Domain, t: &[f32], up: usize) {
        let lattice = domain.lattice;
        let layers = lattice.len() / lattice.stride(2);
        let skipped = lattice.first() / lattice.stride(2);
        self.level.clear();
        self.level.resize(layers + 1, 0.0);
        if up != 2 {
            return;
        }
        let [_, ny, nz] = lattice.n();
        for k in 0..nz {
            let (mut sum, mut cells) = (0.0f64, 0.0f64);
            for row in (0..ny).map(|j| lattice.row(j, k)) {
                for c in row.filter(|c| domain.mixing_length_m[*c] > 0.0) {
                    sum += f64::from(t[c]);
                    cells += 1.0;
                }
            }
            if cells > 0.0 {
                self.level[k + skipped] = (sum / cells) as f32;
            }
        }
    }
}

/// Means of velocity and temperature over a stretch of time.
#[derive(Clone, Debug, Default)]
pub(in crate::evaluate::air) struct Means {
    pub velocity: [Vec<f32>; 3],
    pub t: Vec<f32>,
    pub steps: u32,
}

impl Means {
    /// Starts again.
    pub fn clear(&mut self) {
        self.steps = 0;
    }

    /// Takes in one step.
    pub fn add(&mut self, domain: &Domain, fields: &Fields) {
        if self.steps == 0 {
            self.velocity.clone_from(&fields.velocity);
            self.t.clone_from(&fields.t);
            self.steps = 1;
            return;
        }
        self.steps += 1;
        let weight = 1.0 / self.steps as f32;
        let blend = |mean: &mut Vec<f32>, now: &[f32]| {
            domain.lattice.each_layer(mean, |at, mean| {
                let now = window(now, at, mean.len());
                mean.iter_mut().zip(now).for_each(|(m, x)| *m += weight * (x - *m));
            });
        };
        self.velocity.iter_mut().zip(&fields.velocity).for_each(|(m, x)| blend(m, x));
        blend(&mut self.t, &fields.t);
    }
}
