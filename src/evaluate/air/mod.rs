//! Air: where the heat goes in the room. First-order model, labelled *preview*.
//!
//! # Unknowns
//! Velocity potential φ (m²/s) and temperature T (K) per cell of a uniform grid; exhaust
//! temperature of each rack; supply temperature of each unit.
//!
//! # Equations
//! Face between cells c and n with openness o, area A and distance d, conductance g = o A / d:
//! ```text
//! (1)  Σ_n q_cn = S_c                                 continuity; S = air given to the cell
//! (2)  q_cn = g (φ_c − φ_n) + o A w                   flux, m³/s; w on upward faces only
//!      w = R (T − level mean) / √(1 + |T − level mean| / 30 K)          buoyant rise, m/s
//! (3)  (Σ_out q + taken_c + D Σ g) T_c − Σ_in q T_n − D Σ g T_n = Σ given T_given
//!                                                      upwind energy in flux form, D = mixing
//! (4)  T_exhaust = T_intake + (P − P_removed)/(ρ cp V)                 rack
//! (5a) T_supply = T_set                                                unit within capacity
//! (5b) T_supply = T_return − ε (T_return − T_coil)                     unit at its limit
//! (5c) T_supply = T_return                                             return below set point
//! (6)  (3) without feedback, 1 in rack exhausts: share of recirculated air
//! (7)  (3) with V (T − T_before)/Δt on the left: a time step towards the steady state
//! ```
//! (2) is potential flow that warm air may leave upward and cold air downward: momentum with linear
//! drag instead of inertia. Without w the nearest path from exhaust to intake wins, and a row without
//! containment would breathe its own air. In (5b) ε is the effectiveness at which the rated capacity
//! just holds the set point, so (5a) and (5b) meet there, and a hall with too little cooling still
//! has a finite temperature.
//!
//! # Boundary conditions
//! Walls, solids and baffles are faces of openness 0 (or the baffle's leakage): no flow, no heat.
//! Racks take air from the cells before their front and give it to those behind their rear;
//! units and ports likewise. All flows are fixed, so each closed region must balance; `balance`
//! opens leaks where it does not, and reports them.
//!
//! # Method
//! Time steps (7) of a quarter of a room turnover: temperature drives (2), the flow carries (7).
//! (1) by conjugate gradients under a multigrid V-cycle that never merges cells across a wall; the
//! remainder is carried to a root cell along a spanning tree, so mass closes to rounding. Then (3)
//! to (5) exactly on the last flow (or, if plumes keep moving, on the mean of the last twelve) by
//! BiCGSTAB on cells with racks and units eliminated, preconditioned by one sweep in the direction
//! of flow. The set of units at their limit is revised until it repeats.
//!
//! # Stopping
//! Steps end when no intake moves by 0.05 K, or after 40. Residual of (1) 1e-4 before the exact
//! closure, of (3) 1e-12, relative to the sources: heat closes to better than 1e-9.
//!
//! # Validity
//! Exact: heat and mass balance, return temperature, contained aisles with surplus supply. Not
//! modelled: jets, eddies, turbulence, pressure, fan curves, radiation. Against k-epsilon CFD, rack
//! intakes are off by 1.1 K (one rack) and 2.7 K in the mean, 3.5 K at worst (a row of four); the
//! stated band ([`PREVIEW_INTAKE_ERROR_K`]) is wider, from five halls without (2)'s w.
//!
//! # References
//! VanGilder 2011 (potential flow in data halls); Patankar 1980 (upwind finite volumes);
//! Sharma, Bash, Patel 2002 (SHI); Herrlin 2005 (RCI), 2008 (RTI).

mod balance;
mod capture;
#[cfg(test)]
mod capture_tests;
mod case;
mod case_json;
mod cavity;
mod check;
mod classes;
mod containment;
mod dye;
mod energy;
mod error;
mod fan;
mod findings;
mod floor;
mod flow;
mod from_plan;
mod grid;
mod inlet;
mod laws;
mod metrics;
mod ns;
mod plenum;
#[cfg(test)]
mod plenum_tests;
#[cfg(test)]
mod preset_tests;
mod preview;
mod rack;
#[cfg(test)]
mod rack_tests;
mod result;
pub mod ride_through;
mod room;
mod solve;
#[cfg(test)]
mod tests;
mod transport;
mod ways;

pub use capture::{
    Capture, CaptureEffort, Heating, Place, PlaceKind, RackCapture, Remainder, Share, capture,
};
pub use case::*;
pub use case_json::{AirAnswer, AirFileError, AnswerRack, Moment, answer, read_case};
pub use cavity::{CavityAnswer, CavityCase, GHIA_X, GHIA_Y, HeatedAnswer, LidAnswer, solve_cavity};
pub use classes::{Standing, derating_k};
pub use containment::baffles as containment_panels;
pub use error::AirError;
pub use fan::Fans;
pub use from_plan::case_from_plan;
pub use grid::Grid;
pub use inlet::explain;
pub use ns::{Progress, Watcher};
pub use preview::preview;
pub use rack::{Chimney, RackOptions, RearDoor};
pub use result::*;
pub use solve::{solve, solve_watched};
pub use ways::Way;
