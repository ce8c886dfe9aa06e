//! Air: where the heat goes in the room.
//!
//! The momentum solver (`solve`, [`ns`]) is the answer; potential flow (`preview`) is its first guess
//! and the instant, labelled picture. Both work on the same room and share everything else.
//!
//! ```text
//! AirCase ─► Room (cells, openness of faces) ─► Machines (who breathes where) ─► Balanced (leaks)
//!              └─► preview ─► ns: 0.6 m ─► 0.3 m ─► 0.15 m ─► means ─► metrics, findings, capture
//! ```
//! # Machines
//! Racks take air through their fronts and give it back, warmer, through their rears; units and ports
//! likewise. With T above the supply set point, every law is linear between changes of state:
//! ```text
//! (4)  T_exhaust = gain × T_intake + offset            rack, with door and leaks: see `rack`
//! (5a) T_supply = T_set                                unit within capacity
//! (5b) T_supply = T_return − ε (T_return − T_coil)     unit at its limit
//! (5c) T_supply = T_return                             return below set point
//! ```
//! In (5b) ε is the effectiveness at which the rated capacity just holds the set point, so (5a) and
//! (5b) meet there, and a hall with too little cooling still has a finite temperature.
//!
//! Fans have fixed flows in the room, so each closed region must balance; `balance` opens leaks
//! where it does not, and reports them. Tiles of a raised floor get their flows from `plenum`.
//!
//! # Answer
//! Means over time with an error bar. Their temperatures above the supply are scaled by a common
//! factor (below 1 % once settled) so that exactly as much heat leaves as arrives: what the plant
//! gets is what the racks gave. What was missing before that is [`Balance::heat_closure`].
//!
//! # Not modelled
//! Radiation, heat through walls, floors and cabinet sides, humidity, doors that open.
//!
//! # References
//! See [`ns`] and `preview`. Sharma, Bash, Patel 2002 (SHI); Herrlin 2005 (RCI), 2008 (RTI).

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
