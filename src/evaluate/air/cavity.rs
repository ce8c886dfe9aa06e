//! The two published cavities that a flow solver is held against: the lid-driven one and the
//! differentially heated one, on the same kernels as a hall.
//!
//! One layer of n × n cells of a unit square whose front and back let air slip. Lid: Re = u L / ν
//! with u = L = 1. Heated: left wall at 1, right wall at 0, Pr = 0.71, ν = √(Pr/Ra) in units of the
//! buoyant speed; velocities are given back in units of α/L.

use super::error::AirError;
use super::ns::{Arrivals, Domain, Fields, Fluid, Steady};
use crate::evaluate::cancel::CancelToken;
use crate::numerics::lattice::Lattice;
use serde::{Deserialize, Serialize};

/// Prandtl number of air in the heated benchmark (de Vahl Davis 1983).
const BENCHMARK_PRANDTL: f64 = 0.71;
/// Cells along an edge that are accepted.
const EDGE_CELLS: std::ops::RangeInclusive<usize> = 8..=512;

/// Which cavity, and how fine.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum CavityCase {
    /// A lid slides over a closed square.
    Lid {
        /// Reynolds number, above 0 and at most 10,000.
        re: f64,
        /// Cells along an edge.
        n: usize,
    },
    /// A square with a warm and a cold wall.
    Heated {
        /// Rayleigh number, above 0 and at most 1e8.
        ra: f64,
        /// Cells along an edge.
        n: usize,
    },
}

/// What the published tables hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum CavityAnswer {
    /// Centre-line velocities over the lid's speed.
    Lid(LidAnswer),
    /// Heat through the walls and largest centre-line velocities.
    Heated(HeatedAnswer),
}

/// Answer of the lid-driven cavity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LidAnswer {
    /// Reynolds number.
    pub re: f64,
    /// Cells along an edge.
    pub n: usize,
    /// Heights at which `u_at_x_half` is given: those of Ghia, Ghia and Shin 1982, table I.
    pub y: Vec<f64>,
    /// Horizontal speed on the vertical centre line.
    pub u_at_x_half: Vec<f64>,
    /// Positions at which `v_at_y_half` is given: those of table II.
    pub x: Vec<f64>,
    /// Vertical speed on the horizontal centre line.
    pub v_at_y_half: Vec<f64>,
    /// Least horizontal and least and largest vertical speed on the centre lines.
    pub u_min: f64,
    /// See `u_min`.
    pub v_min: f64,
    /// See `u_min`.
    pub v_max: f64,
    /// Time steps until the flow stood still.
    pub steps: usize,
    /// Whether it did.
    pub settled: bool,
}

/// Answer of the heated cavity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HeatedAnswer {
    /// Rayleigh number.
    pub ra: f64,
    /// Cells along an edge.
    pub n: usize,
    /// Mean Nusselt number of the warm wall.
    #[serde(rename = "Nu")]
    pub nu: f64,
    /// Largest and least local Nusselt number of the warm wall.
    #[serde(rename = "Nu_max")]
    pub nu_max: f64,
    /// See `nu_max`.
    #[serde(rename = "Nu_min")]
    pub nu_min: f64,
    /// Largest horizontal speed on the vertical centre line in α/L, and its height.
    pub u_max: f64,
    /// See `u_max`.
    pub y_u: f64,
    /// Largest vertical speed on the horizontal centre line in α/L, and its position.
    pub v_max: f64,
    /// See `v_max`.
    pub x_v: f64,
    /// Heat through the warm less through the cold wall, over the mean, in %.
    pub wall_imbalance_percent: f64,
    /// Time steps until the flow stood still.
    pub steps: usize,
    /// Whether it did.
    pub settled: bool,
}

/// Heights of Ghia, Ghia and Shin 1982, table I.
pub const GHIA_Y: [f64; 17] = [
    0.0, 0.0547, 0.0625, 0.0703, 0.1016, 0.1719, 0.2813, 0.4531, 0.5, 0.6172, 0.7344, 0.8516,
    0.9531, 0.9609, 0.9688, 0.9766, 1.0,
];
/// Positions of Ghia, Ghia and Shin 1982, table II.
pub const GHIA_X: [f64; 17] = [
    0.0, 0.0625, 0.0703, 0.0781, 0.0938, 0.1563, 0.2266, 0.2344, 0.5, 0.8047, 0.8594, 0.9063,
    0.9453, 0.9531, 0.9609, 0.9688, 1.0,
];

/// Solves a cavity until it stands still.
pub fn solve_cavity(case: &CavityCase, cancel: &CancelToken) -> Result<CavityAnswer, AirError> {
    match *case {
        CavityCase::Lid { re, n } => {
            check("re", re, 1e4, "above 0 and at most 10000")?;
            check_edge(n)?;
            lid(re, n, cancel).map(CavityAnswer::Lid)
        }
        CavityCase::Heated { ra, n } => {
            check("ra", ra, 1e8, "above 0 and at most 1e8")?;
            check_edge(n)?;
            heated(ra, n, cancel).map(CavityAnswer::Heated)
        }
    }
}

fn check(field: &str, value: f64, most: f64, limit: &'static str) -> Result<(), AirError> {
    if value > 0.0 && value <= most {
        return Ok(());
    }
    Err(AirError::BadValue { field: field.into(), value, limit })
}

fn check_edge(n: usize) -> Result<(), AirError> {
    if EDGE_CELLS.contains(&n) {
        return Ok(());
    }
    let limit = "from 8 to 512 cells";
    Err(AirError::BadValue { field: "n".into(), value: n as f64, limit })
}

/// A closed square of one layer, open inside.
fn square(n: usize) -> Domain {
    let h = 1.0 / n as f64;
    let mut domain = Domain::closed(Lattice::new([n, n, 1]), [h, h, h]);
    // Vertical is the lattice's third axis in a hall; here the square lies in x and y, and the
    // third axis only slips.
    domain.rub[2] = 0.0;
    for j in 0..n {
        for i in 0..n {
            let place = domain.lattice.place([i, j, 0]);
            domain.mixing_length_m[place] = 1.0;
            domain.set_open(0, place, if i + 1 < n { 1.0 } else { 0.0 });
            domain.set_open(1, place, if j + 1 < n { 1.0 } else { 0.0 });
        }
    }
    domain
}

fn laminar(nu: f64, alpha: f64, g_beta: f64) -> Fluid {
    let (nu, alpha) = (nu as f32, alpha as f32);
    Fluid { nu, alpha, prandtl_t: 1.0, g_beta: g_beta as f32, turbulent: false, up: 1 }
}

fn lid(re: f64, n: usize, cancel: &CancelToken) -> Result<LidAnswer, AirError> {
    let mut domain = square(n);
    let nu = 1.0 / re;
    for i in 0..n - 1 {
        let place = domain.lattice.place([i, n - 1, 0]);
        // The lid drags the row below it, half a cell away.
        domain.pushes.push((0, place, (2.0 * nu * (n * n) as f64) as f32));
    }
    let fields = Fields::at_rest(&domain);
    let mut steady = Steady::new(domain, laminar(nu, nu, 0.0), fields, Arrivals::default());
    let settled = steady.run(1.0 / n as f64, cancel)?;
    let u = centre_line(&steady, n, 0, 1.0);
    let v = centre_line(&steady, n, 1, 0.0);
    let extreme = |line: &[(f64, f64)], sign: f64| {
        line.iter().map(|(_, x)| sign * x).fold(f64::NEG_INFINITY, f64::max) * sign
    };
    // The lid itself is no extreme of the flow.
    Ok(LidAnswer {
        re,
        n,
        y: GHIA_Y.to_vec(),
        u_at_x_half: GHIA_Y.iter().map(|y| at(&u, *y)).collect(),
        x: GHIA_X.to_vec(),
        v_at_y_half: GHIA_X.iter().map(|x| at(&v, *x)).collect(),
        u_min: extreme(&u, -1.0),
        v_min: extreme(&v, -1.0),
        v_max: extreme(&v, 1.0),
        steps: steady.steps,
        settled,
    })
}

fn heated(ra: f64, n: usize, cancel: &CancelToken) -> Result<HeatedAnswer, AirError> {
    let domain = square(n);
    // Unit of speed: √(g β ΔT L).
    let nu = (BENCHMARK_PRANDTL / ra).sqrt();
    let alpha = nu / BENCHMARK_PRANDTL;
    let rate = (2.0 * alpha * (n * n) as f64) as f32;
    let mut walls = Arrivals { rate: domain.lattice.zeros(), brought: Vec::new() };
    for j in 0..n {
        let (warm, cold) = (domain.lattice.place([0, j, 0]), domain.lattice.place([n - 1, j, 0]));
        walls.rate[warm] += rate;
        walls.rate[cold] += rate;
        walls.brought.push((warm, rate));
    }
    let mut fields = Fields::at_rest(&domain);
    fields.t.fill(0.5);
    let mut steady = Steady::new(domain, laminar(nu, alpha, 1.0), fields, walls);
    let settled = steady.run(2.0 / n as f64, cancel)?;
    let t = |i: usize, j: usize| f64::from(steady.fields.t[steady.domain.lattice.place([i, j, 0])]);
    // One-sided second-order gradient through the wall value and two cells.
    let h = 1.0 / n as f64;
    let slope =
        |wall: f64, first: f64, second: f64| (8.0 * wall - 9.0 * first + second) / (3.0 * h);
    let warm: Vec<f64> = (0..n).map(|j| slope(1.0, t(0, j), t(1, j))).collect();
    let cold = (0..n).map(|j| 2.0 * t(n - 1, j) / h).sum::<f64>() / n as f64;
    // The mean is what the walls really gave: their fluxes in the energy equation.
    let nu_mean = (0..n).map(|j| 2.0 * (1.0 - t(0, j)) / h).sum::<f64>() / n as f64;
    let u = centre_line(&steady, n, 0, 0.0);
    let v = centre_line(&steady, n, 1, 0.0);
    let ((y_u, u_max), (x_v, v_max)) = (peak(&u), peak(&v));
    Ok(HeatedAnswer {
        ra,
        n,
        nu: nu_mean,
        nu_max: warm.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        nu_min: warm.iter().copied().fold(f64::INFINITY, f64::min),
        u_max: u_max / alpha,
        y_u,
        v_max: v_max / alpha,
        x_v,
        wall_imbalance_percent: 100.0 * (nu_mean - cold) / (0.5 * (nu_mean + cold)),
        steps: steady.steps,
        settled,
    })
}

/// Speed along `axis` on the centre line across it, from wall to wall: position and speed.
fn centre_line(steady: &Steady, n: usize, axis: usize, far_wall: f64) -> Vec<(f64, f64)> {
    let lattice = steady.domain.lattice;
    let u = &steady.fields.velocity[axis];
    let at = |along: usize, across: usize| {
        let cell = if axis == 0 { [along, across, 0] } else { [across, along, 0] };
        f64::from(u[lattice.place(cell)])
    };
    let half = n / 2;
    let mut line = vec![(0.0, 0.0)];
    for across in 0..n {
        // The middle lies on faces for even n, between two for odd n.
        let upper = at(half.min(n - 1), across);
        let speed = if n.is_multiple_of(2) {
            at(half - 1, across)
        } else {
            0.5 * (at(half - 1, across) + upper)
        };
        line.push(((across as f64 + 0.5) / n as f64, speed));
    }
    line.push((1.0, far_wall));
    line
}

/// The line's value at a position, by a parabola through the three nearest points.
fn at(line: &[(f64, f64)], x: f64) -> f64 {
    let next = line.partition_point(|(p, _)| *p < x).clamp(1, line.len() - 2);
    parabola(&line[next - 1..next + 2], x)
}

fn parabola(p: &[(f64, f64)], x: f64) -> f64 {
    let [(x0, y0), (x1, y1), (x2, y2)] = [p[0], p[1], p[2]];
    y0 * (x - x1) * (x - x2) / ((x0 - x1) * (x0 - x2))
        + y1 * (x - x0) * (x - x2) / ((x1 - x0) * (x1 - x2))
        + y2 * (x - x0) * (x - x1) / ((x2 - x0) * (x2 - x1))
}

/// Position and value of the largest value, on the parabola through it and its neighbours.
fn peak(line: &[(f64, f64)]) -> (f64, f64) {
    let mut best = 1;
    for i in 1..line.len() - 1 {
        if line[i].1 > line[best].1 {
            best = i;
        }
    }
    let near = &line[best - 1..best + 2];
    let steps = 200;
    let width = near[2].0 - near[0].0;
    (0..=steps)
        .map(|s| near[0].0 + width * f64::from(s) / f64::from(steps))
        .map(|x| (x, parabola(near, x)))
        .fold(line[best], |a, b| if b.1 > a.1 { b } else { a })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lid_of(re: f64, n: usize) -> LidAnswer {
        match solve_cavity(&CavityCase::Lid { re, n }, &CancelToken::never()).unwrap() {
            CavityAnswer::Lid(answer) => answer,
            CavityAnswer::Heated(_) => unreachable!(),
        }
    }

    fn heated_of(ra: f64, n: usize) -> HeatedAnswer {
        match solve_cavity(&CavityCase::Heated { ra, n }, &CancelToken::never()).unwrap() {
            CavityAnswer::Heated(answer) => answer,
            CavityAnswer::Lid(_) => unreachable!(),
        }
    }

    #[test]
    fn a_sliding_lid_gives_ghias_extremes() {
        let a = lid_of(100.0, 64);
        assert!(a.settled);
        for (ours, theirs) in [(a.u_min, -0.21090), (a.v_min, -0.24533), (a.v_max, 0.17527)] {
            assert!((ours - theirs).abs() < 0.01, "{ours} {theirs}");
        }
    }

    #[test]
    fn a_heated_square_gives_de_vahl_davis_numbers() {
        let a = heated_of(1e4, 64);
        assert!(a.settled);
        assert!((a.nu / 2.243 - 1.0).abs() < 0.01, "{a:?}");
        assert!((a.u_max / 16.178 - 1.0).abs() < 0.02, "{a:?}");
        assert!((a.v_max / 19.617 - 1.0).abs() < 0.02, "{a:?}");
        assert!(a.wall_imbalance_percent.abs() < 0.5, "{a:?}");
    }

    #[test]
    fn finer_grids_come_closer_with_the_square_of_the_cell() {
        let exact = 2.245;
        let (coarse, fine) = (heated_of(1e4, 20).nu - exact, heated_of(1e4, 40).nu - exact);
        let order = (coarse / fine).abs().log2();
        assert!(order > 1.6, "{coarse} {fine} order {order}");
    }

    #[test]
    fn bad_numbers_are_named() {
        let solve = |c| solve_cavity(&c, &CancelToken::never()).unwrap_err().to_string();
        assert!(solve(CavityCase::Lid { re: -1.0, n: 32 }).contains("re is -1"));
        assert!(solve(CavityCase::Heated { ra: f64::NAN, n: 32 }).contains("ra"));
        assert!(solve(CavityCase::Heated { ra: 1e4, n: 4 }).contains('n'));
    }
}
