//! Air: where the heat goes in the room. First-order model, labelled *preview*.
//!
//! # Unknowns
//! Velocity potential φ (m²/s) and temperature T (K) per cell of a uniform grid; exhaust
//! temperature of each rack; supply temperature of each unit.
//!
//! # Equations
//! Face between cells c and n with openness o, area A and distance d, conductance g = o A / d:
//! ```text
//! (1)  Σ_n g (φ_c − φ_n) = S_c                        continuity; S = air given to the cell
//! (2)  q_cn = g (φ_c − φ_n)                           flux, m³/s
//! (3)  (Σ_out q + taken_c + D Σ g) T_c − Σ_in q T_n − D Σ g T_n = Σ given T_given
//!                                                      upwind energy in flux form, D = mixing
//! (4)  T_exhaust = T_intake + (P − P_removed)/(ρ cp V)                 rack
//! (5a) T_supply = T_set                                                unit within capacity
//! (5b) T_supply = T_return − ε (T_return − T_coil)                     unit at its limit
//! (5c) T_supply = T_return                                             return below set point
//! (6)  (3) without feedback, 1 in rack exhausts: share of recirculated air
//! ```
//! In (5b) ε is the effectiveness at which the rated capacity just holds the set point, so (5a) and
//! (5b) meet there, and a hall with too little cooling still has a finite temperature.
//!
//! # Boundary conditions
//! Walls, solids and baffles are faces of openness 0 (or the baffle's leakage): no flow, no heat.
//! Racks take air from the cells before their front and give it to those behind their rear;
//! units and ports likewise. All flows are fixed, so each closed region must balance; `balance`
//! opens leaks where it does not, and reports them.
//!
//! # Method
//! (1) by conjugate gradients under a multigrid V-cycle that never merges cells across a wall; the
//! remainder is carried to a root cell along a spanning tree, so mass closes to rounding. (3) to
//! (5) by BiCGSTAB on cells with racks and units eliminated, preconditioned by one sweep in the
//! direction of flow (exact for advection: potential flow has no loops). The set of units at their
//! limit is revised until it repeats.
//!
//! # Stopping
//! Residual of (1) 1e-7, of (3) 1e-13, of (6) 1e-6, relative to the sources. Heat closes to better
//! than 1e-9.
//!
//! # Validity
//! Exact: heat and mass balance, return temperature, contained aisles with surplus supply. Not
//! modelled: jets, eddies, buoyancy, turbulence, pressure, fan curves, radiation, storage. Rack
//! intakes are off by a mean of 1.1 to 3.5 K from k-epsilon CFD ([`PREVIEW_INTAKE_ERROR_K`]).
//!
//! # References
//! VanGilder 2011 (potential flow in data halls); Patankar 1980 (upwind finite volumes);
//! Sharma, Bash, Patel 2002 (SHI); Herrlin 2005 (RCI), 2008 (RTI).

mod balance;
mod case;
mod case_json;
mod check;
mod containment;
mod energy;
mod error;
mod findings;
mod flow;
mod from_plan;
mod grid;
mod metrics;
mod result;
mod room;
mod solve;
#[cfg(test)]
mod tests;
mod transport;

pub use case::*;
pub use case_json::{AirAnswer, AirFileError, AnswerRack, answer, read_case};
pub use error::AirError;
pub use from_plan::case_from_plan;
pub use grid::Grid;
pub use result::*;
pub use solve::solve;
