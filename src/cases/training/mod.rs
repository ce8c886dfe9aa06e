//! Training runs against published figures, and `tokenmill solve training`.

mod names;
mod published;
mod rows;
mod solve;
mod validation;

pub use solve::training;
pub use validation::cases;
