//! Training runs against published figures, and `tokenmill solve training`.

mod fit;
mod names;
mod published;
mod rows;
mod solve;
mod validation;

pub use fit::{TrainingFit, fit_tables};
pub use solve::training;
pub use validation::cases;
