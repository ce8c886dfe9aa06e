//! Many evaluations: variants of a plan, compared. No window here.

pub mod fit;
pub mod iso_cost;
pub mod pareto;
pub mod reckon;
pub mod shadow;
pub mod side_by_side;
pub mod swap;
pub mod tradeoff;
pub mod variants;

pub use iso_cost::{IsoCost, iso_cost};
pub use pareto::front;
pub use reckon::{Figure, reckon};
pub use shadow::{ShadowPrice, Unit, shadow_prices};
pub use side_by_side::{SideBySide, side_by_side};
pub use tradeoff::{Outcome, Progress, Study};
pub use variants::{Variant, variants};
