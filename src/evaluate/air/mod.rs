//! Air: where the heat goes in the room.

mod case;
mod check;
mod error;
mod grid;
mod result;

pub use case::*;
pub use error::AirError;
pub use grid::Grid;
pub use result::*;
