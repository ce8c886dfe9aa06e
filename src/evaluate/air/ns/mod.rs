//! Air in motion: Reynolds-averaged momentum and temperature of incompressible, buoyant air, marched
//! in time on a staggered Cartesian grid.
//!
//! # Unknowns
//! Velocity u (m/s) on faces; pressure over density p (m²/s²), less its hydrostatic part, and
//! temperature T (K above the supply set point) in cells; all in single precision.
//!
//! # Equations
//! ```text
//! (1)  ∇·u = s                                            s: leaks, else 0
//! (2)  ∂u/∂t + u·∇u = −∇p + ∇·((ν + ν_t) ∇u) + g β (T − level mean) ẑ − wall and leak drag
//! (3)  ∂T/∂t + u·∇T = ∇·((α + ν_t/Pr_t) ∇T) + arrivals
//! (4)  ν_t = 0.03874 |u| l                                l: distance to the nearest wall, ≤ 0.5 m
//! ```
//! (4) is the zero-equation model of Chen and Xu. A k-epsilon model with wall functions was tried in
//! its place on seven halls: no nearer to k-epsilon CFD on the whole (within 0.2 K either way), at 1.6 times the
//! cost, so it was not kept. β is that of an ideal gas; density is constant elsewhere (Boussinesq).
//!
//! # Boundary conditions
//! Walls shut faces: no flow, no heat; a friction factor stands for the wall layer. Mouths of machines
//! are faces of fixed speed; tiles push more, by their open share. Leaky walls resist by an orifice
//! law in the face. Air that arrives brings its temperature; no heat is conducted through mouths.
//!
//! # Method
//! Each time step: (4); T by (3); each component by (2) with the old pressure; then a pressure
//! correction that takes out the divergence (incremental projection). Fluxes on the right-hand side
//! are second order (Fromm's scheme for u, a limiter for T); the operator in front of the change is
//! first-order upwind and diffusion, inverted by Jacobi sweeps, so the time step may be several times
//! what an explicit scheme would bear. Advection is taken in the form u ∇T + T ∇·u − T ∇·u, which
//! keeps T within its neighbours whatever divergence is left; the heat that this and unfinished
//! sweeps miss is put back by scaling T, so that the room gains exactly what arrives less what
//! leaves. Pressure by conjugate gradients under geometric multigrid that never joins cells across a
//! thin wall. Sums run in a fixed order: bit-equal for any number of threads.
//!
//! Grids from 0.6 m down, each started from the coarser. On each, T first runs ahead of u ([`Pace`]),
//! because the room's heat takes minutes and its flow seconds; then means are taken over epochs of
//! true time until the halves of one agree.
//!
//! # Validity
//! Against OpenFOAM k-epsilon on 0.15 m cells: see the validation page for every hall. Jets are two
//! cells wide at least; what is finer is smeared. Laminar cavities: second order, de Vahl Davis and
//! Ghia within the bands of the validation page.
//!
//! # References
//! Harlow, Welch 1965 (staggered grid); Chorin 1968, Van Kan 1986 (projection); Fromm 1968;
//! Sweby 1984 (limiter); Chen, Xu 1998 (eddy viscosity); McAdams, Sifakis, Teran 2010 (multigrid
//! under conjugate gradients on voxels).

mod domain;
mod grids;
mod march;
mod momentum;
mod projection;
mod scalar;
mod simulation;
mod state;
mod steady;
mod supplies;

pub(super) use domain::Domain;
pub(super) use grids::{GridState, on_lattice};
pub(super) use march::{Epoch, Escort, Pace, Stray, march};
pub use march::{Progress, Watcher};
pub(super) use momentum::Fluid;
pub(super) use scalar::Arrivals;
pub(super) use simulation::Simulation;
pub(super) use state::Fields;
pub(super) use steady::Steady;
pub(super) use supplies::Supplies;
