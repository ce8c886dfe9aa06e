//! Streamlines: the paths that air takes through the solved field, as plain data for every picture.
//!
//! A path follows dx/ds = u/|u| by the classical fourth-order Runge–Kutta rule with a fixed step in
//! length, so that slow and fast air are drawn alike. It ends at solids, at walls of containment,
//! outside the room, in still air, and at its longest length. Seeds are traced in parallel and
//! independently: the answer does not depend on the number of threads.

use super::field::{PointM, is_whole, sample};
use crate::evaluate::air::{AirField, Baffle};
use rayon::prelude::*;

/// Which way a path is followed from its seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sense {
    /// Where the air goes.
    #[default]
    Downstream,
    /// Where the air comes from.
    Upstream,
}

/// How far and how finely paths are followed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TraceLimits {
    /// Step over the smallest cell size.
    pub step_cells: f32,
    /// Longest path, m.
    pub longest_m: f32,
    /// Air slower than this counts as still, m/s.
    pub slowest_m_s: f32,
    /// Direction.
    pub sense: Sense,
}

impl Default for TraceLimits {
    fn default() -> Self {
        Self { step_cells: 0.4, longest_m: 14.0, slowest_m_s: 0.01, sense: Sense::Downstream }
    }
}

/// One path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Streamline {
    /// Points from the seed on, m.
    pub points_m: Vec<PointM>,
    /// Temperature at each point, K.
    pub t_k: Vec<f32>,
    /// Time from the seed to each point, s; negative upstream.
    pub time_s: Vec<f32>,
}

/// Steps of one path at most, whatever the limits say.
const MOST_STEPS: usize = 20_000;

/// Follows the air from each seed; seeds in solids, outside the room or in still air give none.
///
/// `walls` are crossed by no path.
#[must_use]
pub fn trace(
    field: &AirField,
    walls: &[Baffle],
    seeds_m: &[PointM],
    limits: &TraceLimits,
) -> Vec<Streamline> {
    let sane = |v: f32| v.is_finite() && v > 0.0;
    if !is_whole(field) || !sane(limits.step_cells) || !sane(limits.longest_m) {
        return Vec::new();
    }
    let smallest = field.grid.h_m.iter().copied().fold(f64::INFINITY, f64::min) as f32;
    let tracer = Tracer { field, walls, limits, step_m: smallest * limits.step_cells };
    seeds_m.par_iter().map(|seed| tracer.path(*seed)).filter(|l| l.points_m.len() > 1).collect()
}

struct Tracer<'a> {
    field: &'a AirField,
    walls: &'a [Baffle],
    limits: &'a TraceLimits,
    step_m: f32,
}

impl Tracer<'_> {
    fn path(&self, seed: PointM) -> Streamline {
        let mut line = Streamline::default();
        let steps = ((self.limits.longest_m / self.step_m).ceil() as usize).min(MOST_STEPS);
        let (mut p, mut time_s) = (seed, 0.0_f32);
        for _ in 0..=steps {
            let Some((_, speed, t_k)) = self.heading(p) else { break };
            line.points_m.push(p);
            line.t_k.push(t_k);
            line.time_s.push(time_s);
            let Some(next) = self.step(p).filter(|q| !self.walled(p, *q)) else { break };
            let sign = if self.limits.sense == Sense::Upstream { -1.0 } else { 1.0 };
            time_s += sign * self.step_m / speed;
            p = next;
        }
        line
    }

    /// Unit direction of travel, speed in m/s and temperature in K; none where the path ends.
    fn heading(&self, p: PointM) -> Option<(PointM, f32, f32)> {
        let s = sample(self.field, p)?;
        let [u, v, w] = s.velocity_m_s;
        let speed = (u * u + v * v + w * w).sqrt();
        if speed < self.limits.slowest_m_s || speed <= 0.0 {
            return None;
        }
        let sign = if self.limits.sense == Sense::Upstream { -1.0 } else { 1.0 };
        Some(([u, v, w].map(|c| sign * c / speed), speed, s.t_k))
    }

    /// One Runge–Kutta step; the last, shorter reach to a solid is left out.
    fn step(&self, p: PointM) -> Option<PointM> {
        let h = self.step_m;
        let go = |d: PointM, by: f32| [0, 1, 2].map(|a| p[a] + by * d[a]);
        let (k1, ..) = self.heading(p)?;
        let (k2, ..) = self.heading(go(k1, h / 2.0))?;
        let (k3, ..) = self.heading(go(k2, h / 2.0))?;
        let (k4, ..) = self.heading(go(k3, h))?;
        Some([0, 1, 2].map(|a| p[a] + h / 6.0 * (k1[a] + 2.0 * k2[a] + 2.0 * k3[a] + k4[a])))
    }

    fn walled(&self, p: PointM, q: PointM) -> bool {
        self.walls.iter().any(|wall| crosses(wall, p, q))
    }
}

/// Whether the straight way from `p` to `q` passes through a wall.
fn crosses(wall: &Baffle, p: PointM, q: PointM) -> bool {
    let (lo, hi) = (wall.min_m.map(|v| v as f32), wall.max_m.map(|v| v as f32));
    let Some(axis) = (0..3).find(|a| wall.min_m[*a] == wall.max_m[*a]) else { return false };
    let (before, after) = (p[axis] - lo[axis], q[axis] - lo[axis]);
    if before * after > 0.0 || before == after {
        return false;
    }
    let share = before / (before - after);
    (0..3).filter(|a| *a != axis).all(|a| {
        let x = p[a] + share * (q[a] - p[a]);
        x >= lo[a] && x <= hi[a]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::air::Grid;

    /// Solid-body rotation about the middle of a square room, 1 rad/s.
    fn vortex(n: usize) -> AirField {
        let grid = Grid::new([4.0, 4.0, 1.0], 4.0 / n as f64);
        let cells = grid.cells();
        let offset =
            |c: usize, a: usize| ((grid.cell(c)[a] as f64 + 0.5) * grid.h_m[a] - 2.0) as f32;
        AirField {
            grid,
            t_k: vec![295.0; cells],
            velocity_m_s: [
                (0..cells).map(|c| -offset(c, 1)).collect(),
                (0..cells).map(|c| offset(c, 0)).collect(),
                vec![0.0; cells],
            ],
            solid: vec![false; cells],
        }
    }

    fn around(longest_m: f32) -> TraceLimits {
        TraceLimits { longest_m, ..TraceLimits::default() }
    }

    fn distance(a: PointM, b: PointM) -> f32 {
        (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f32>().sqrt()
    }

    #[test]
    fn a_path_in_solid_body_rotation_closes_after_one_turn() {
        let seed = [3.2, 2.0, 0.5];
        let turn = 2.0 * std::f32::consts::PI * 1.2;
        let lines = trace(&vortex(40), &[], &[seed], &around(turn));
        let line = &lines[0];
        assert!(line.points_m.iter().all(|p| (distance(*p, [2.0, 2.0, 0.5]) - 1.2).abs() < 2e-4));
        let step = 0.1 * 0.4;
        let nearest = line.points_m[10..].iter().map(|p| distance(*p, seed)).fold(9.0, f32::min);
        assert!(nearest < step, "{nearest}");
        let period = line.time_s[line.time_s.len() - 1];
        assert!((period - 2.0 * std::f32::consts::PI).abs() < 0.06, "{period}");
    }

    #[test]
    fn upstream_leads_back_to_where_downstream_came_from() {
        let field = vortex(40);
        let there = trace(&field, &[], &[[3.0, 2.0, 0.5]], &around(2.0)).remove(0);
        let end = there.points_m[there.points_m.len() - 1];
        let limits = TraceLimits { sense: Sense::Upstream, ..around(2.0) };
        let back = trace(&field, &[], &[end], &limits).remove(0);
        let gap = distance(back.points_m[back.points_m.len() - 1], [3.0, 2.0, 0.5]);
        assert!(gap < 0.02, "{gap}");
        assert!(back.time_s[1] < 0.0);
    }

    #[test]
    fn walls_and_solids_end_a_path() {
        let mut field = vortex(40);
        let wall = Baffle {
            id: "panel".into(),
            object: None,
            min_m: [0.0, 2.5, 0.0],
            max_m: [4.0, 2.5, 1.0],
            leakage: 0.0,
        };
        let seed = [[3.2, 2.0, 0.5]];
        let walled = trace(&field, &[wall], &seed, &around(7.0)).remove(0);
        assert!(walled.points_m.iter().all(|p| p[1] <= 2.5));
        for c in 0..field.grid.cells() {
            field.solid[c] = field.grid.cell(c)[1] >= 30;
        }
        let stopped = trace(&field, &[], &seed, &around(7.0)).remove(0);
        assert!(stopped.points_m.iter().all(|p| p[1] < 3.0));
        assert!(stopped.points_m.len() > 10);
    }

    #[test]
    fn empty_still_and_outside_give_nothing() {
        let limits = TraceLimits::default();
        assert!(trace(&AirField::default(), &[], &[[1.0; 3]], &limits).is_empty());
        let mut field = vortex(8);
        assert!(trace(&field, &[], &[[9.0; 3], [f32::NAN; 3]], &limits).is_empty());
        field.velocity_m_s = [vec![0.0; 128], vec![0.0; 128], vec![0.0; 128]];
        field.grid.n = [8, 8, 2];
        field.t_k.resize(128, 295.0);
        field.solid.resize(128, false);
        assert!(trace(&field, &[], &[[1.0, 1.0, 0.5]], &limits).is_empty());
    }

    #[test]
    fn one_and_two_threads_give_the_same_bits() {
        let field = vortex(20);
        let seeds: Vec<PointM> = (0..60).map(|i| [2.1 + 0.03 * i as f32, 2.0, 0.5]).collect();
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| trace(&field, &[], &seeds, &TraceLimits::default()))
        };
        assert_eq!(with(1), with(2));
    }
}
