//! The cost of a plan over utilisation and price of electricity, everything else as it is: every
//! point of the map is a plan priced again.

use crate::evaluate::economics::{EconomicsCase, Headline, Model};

/// Shares of the available hours that are sold, lowest and highest of the map.
const SOLD: (f64, f64) = (0.2, 1.0);
/// Prices of electricity, lowest and highest of the map, US dollars per kWh: from hydro power
/// under contract to industrial retail in dear countries (assumption; the map stretches to a plan
/// beyond it).
const PRICE_USD_KWH: (f64, f64) = (0.02, 0.24);

/// A map of the cost.
#[derive(Clone, Debug, PartialEq)]
pub struct IsoCost {
    /// What is shown.
    pub headline: Headline,
    /// Shares sold, 0 to 1, left to right.
    pub sold: Vec<f64>,
    /// Prices of electricity, bottom to top, US dollars per kWh.
    pub price_usd_kwh: Vec<f64>,
    /// Cost in the headline's unit, row by row from the lowest price.
    pub usd: Vec<f64>,
    /// The plan itself: share sold, price, cost.
    pub plan: [f64; 3],
}

/// Names of the two inputs in the cost model.
const INPUTS: (&str, &str) = ("Utilisation", "Electricity price");

/// The map on `across` shares and `up` prices; `None` for a plan without GPUs, or one that can
/// not be priced.
#[must_use]
pub fn iso_cost(case: &EconomicsCase, across: usize, up: usize) -> Option<IsoCost> {
    let model = Model::new(case).ok()?;
    let headline @ (Headline::UsdPerMtok | Headline::UsdPerGpuH) = model.main_headline() else {
        return None;
    };
    let own = (case.production.sold_share.base, case.energy.price_usd_kwh.base);
    let sold = steps((SOLD.0.min(own.0), SOLD.1), across);
    let (low, high) = PRICE_USD_KWH;
    let price_usd_kwh = steps((low.min(own.1), high.max(own.1 * 1.25)), up);
    let cells = model.map(headline, (INPUTS.0, &sold), (INPUTS.1, &price_usd_kwh))?;
    let usd = cells.into_iter().collect::<Option<Vec<f64>>>()?;
    let at_plan = model.value(headline, &[])?;
    Some(IsoCost { headline, sold, price_usd_kwh, usd, plan: [own.0, own.1, at_plan] })
}

/// `n` values at equal distances, both ends included.
fn steps((low, high): (f64, f64), n: usize) -> Vec<f64> {
    let last = n.max(2) - 1;
    (0..=last).map(|i| low + (high - low) * i as f64 / last as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::load;
    use crate::evaluate::Evaluator;
    use crate::evaluate::cancel::CancelToken;
    use crate::evaluate::clock::Clock;
    use crate::evaluate::result::Quality;
    use crate::format;
    use std::sync::Arc;

    const HALL: &str = include_str!("../../presets/enterprise-1mw.plan.ron");

    #[test]
    fn the_map_meets_the_plan_and_is_cheaper_to_the_right_and_below() {
        let opened = format::from_text(HALL).unwrap();
        let catalog = Arc::new(load::shipped().unwrap().overlaid(&opened.embedded));
        let mut evaluator = Evaluator::new(1, Clock::still());
        let never = CancelToken::never();
        let results =
            evaluator.evaluate(&opened.plan, &catalog, 0, Quality::Draft, &never).unwrap();
        let map = iso_cost(&results.economics_case, 7, 5).unwrap();
        assert_eq!((map.sold.len(), map.price_usd_kwh.len(), map.usd.len()), (7, 5, 35));
        let headline = results.economics.usd_per_mtok.unwrap().base;
        assert!((map.plan[2] - headline).abs() < 1e-12 * headline);
        for row in map.usd.chunks(7) {
            assert!(row.windows(2).all(|w| w[1] < w[0]), "more sold hours, cheaper tokens");
        }
        assert!(map.usd[7..].iter().zip(&map.usd).all(|(dear, cheap)| dear > cheap));
    }
}
