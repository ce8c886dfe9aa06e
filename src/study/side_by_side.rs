//! Two priced plans on common samples: their bands, how sure the order is, what would flip it.

use crate::evaluate::economics::{
    Comparison, EconomicsCase, Flips, Headline, Model, Percentiles, compare, flips, solve,
};

/// Plan A beside plan B on the headline of A.
#[derive(Clone, Debug, PartialEq)]
pub struct SideBySide {
    /// The difference on common samples.
    pub comparison: Comparison,
    /// What would change the order.
    pub flips: Option<Flips>,
    /// Bands of A and B.
    pub bands: [Option<Percentiles>; 2],
}

/// Compares B with A; `None` where one of them has no cost per token or GPU-hour.
#[must_use]
pub fn side_by_side(a: &EconomicsCase, b: &EconomicsCase) -> Option<SideBySide> {
    let (of_a, of_b) = (Model::new(a).ok()?, Model::new(b).ok()?);
    let headline = of_a.main_headline();
    let band = |case: &EconomicsCase| {
        let result = solve(case).ok()?;
        if headline == Headline::UsdPerMtok { result.usd_per_mtok } else { result.usd_per_gpu_h }
    };
    Some(SideBySide {
        comparison: compare(&of_a, &of_b, headline)?,
        flips: flips(&of_a, &of_b, headline),
        bands: [band(a), band(b)],
    })
}
