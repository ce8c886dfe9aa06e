//! From grid to grid: how a state is carried to a finer one, or to a changed room.

use super::domain::{Domain, places};
use super::state::Fields;
use crate::evaluate::air::grid::Grid;
use crate::evaluate::air::laws::MachineState;
use crate::numerics::lattice::Lattice;

/// A flow at rest in memory, to start another from.
#[derive(Clone, Debug, PartialEq, Default)]
pub(in crate::evaluate::air) struct GridState {
    pub grid: Grid,
    /// Speed through the face towards +x, +y and +z of each cell of the grid, in m/s.
    pub velocity: [Vec<f32>; 3],
    /// Temperature in K, and pressure over density.
    pub t_k: Vec<f32>,
    pub p: Vec<f32>,
    pub solid: Vec<bool>,
    pub machines: MachineState,
    /// Heat given to the room over ρ cp, in K m³/s, and the reference temperature in K.
    pub heat: f64,
    pub t_ref_k: f64,
}

impl GridState {
    /// Keeps a flow.
    pub fn of(domain: &Domain, fields: &Fields, grid: Grid, t_ref_k: f64) -> Self {
        let inner = |x: &[f32]| places(&grid, &domain.lattice).map(|c| x[c]).collect::<Vec<_>>();
        let t_k = inner(&fields.t).into_iter().map(|t| t + t_ref_k as f32).collect();
        let solid = inner(&domain.mixing_length_m).into_iter().map(|l| l == 0.0).collect();
        Self {
            grid,
            velocity: [0, 1, 2].map(|a| inner(&fields.velocity[a])),
            t_k,
            p: inner(&fields.p),
            solid,
            machines: MachineState::default(),
            heat: 0.0,
            t_ref_k,
        }
    }

    /// The same flow on another grid of the same room, which may have changed a little. Face speeds
    /// are interpolated along their axis only, so that what is free of divergence nearly stays so.
    pub fn onto(&self, domain: &Domain, grid: &Grid, t_ref_k: f64) -> Fields {
        let mut fields = Fields::at_rest(domain);
        let at = |c: usize, a: usize| {
            let x = (c as f64 + 0.5) * grid.h_m[a] / self.grid.h_m[a];
            (x as usize).min(self.grid.n[a] - 1)
        };
        let same = *grid == self.grid;
        let mean_k = self.mean_k();
        for (c, place) in places(grid, &domain.lattice).enumerate() {
            let cell = grid.cell(c);
            let from = self.grid.index([0, 1, 2].map(|a| at(cell[a], a)));
            if self.solid[from] {
                fields.t[place] = mean_k - t_ref_k as f32;
                continue;
            }
            fields.t[place] = self.t_k[from] - t_ref_k as f32;
            if same {
                fields.p[place] = self.p[from];
            }
            for a in 0..3 {
                if domain.open[a][place] > 0.0 {
                    fields.velocity[a][place] = self.speed(a, from, cell, grid);
                }
            }
        }
        fields
    }

    /// Speed at the upper face of a finer cell, between the two faces of the cell that holds it.
    fn speed(&self, axis: usize, from: usize, fine: [usize; 3], grid: &Grid) -> f32 {
        let upper = self.velocity[axis][from];
        let position = self.grid.cell(from)[axis];
        let stride = [1, self.grid.n[0], self.grid.n[0] * self.grid.n[1]][axis];
        let lower = if position > 0 { self.velocity[axis][from - stride] } else { 0.0 };
        let x = (fine[axis] + 1) as f64 * grid.h_m[axis] / self.grid.h_m[axis] - position as f64;
        let share = x.clamp(0.0, 1.0) as f32;
        share * upper + (1.0 - share) * lower
    }

    /// The same flow as if the room were given `heat`, in K m³/s, by supplies at `t_ref_k`: what is
    /// warmer than the supply is so in proportion.
    pub fn rescaled(mut self, heat: f64, t_ref_k: f64) -> Self {
        let ratio = if self.heat > 0.0 { (heat / self.heat) as f32 } else { 1.0 };
        let (then_k, now_k) = (self.t_ref_k as f32, t_ref_k as f32);
        self.t_k.iter_mut().for_each(|t| *t = now_k + ratio * (*t - then_k));
        (self.heat, self.t_ref_k) = (heat, t_ref_k);
        self
    }

    fn mean_k(&self) -> f32 {
        let air = self.t_k.iter().zip(&self.solid).filter(|(_, solid)| !**solid);
        let (n, sum) = air.fold((0.0, 0.0), |(n, s), (t, _)| (n + 1.0, s + f64::from(*t)));
        if n > 0.0 { (sum / n) as f32 } else { 0.0 }
    }
}

/// Temperatures of a list of cells, as a lattice array.
pub(in crate::evaluate::air) fn on_lattice(
    grid: &Grid,
    lattice: &Lattice,
    values: impl Iterator<Item = f64>,
) -> Vec<f32> {
    let mut out = lattice.zeros();
    places(grid, lattice).zip(values).for_each(|(c, v)| out[c] = v as f32);
    out
}
