//! The plan with 800 VDC over the rows instead of AC, evaluated beside the plan as it is.
//!
//! First order: the rectifier takes the UPS's place, everything behind it is sized anew by the same
//! rules; racks keep their own power supplies, so what is saved or spent inside them is not shown.

use crate::catalog::{Catalog, Entry, PowerKey, PowerKind, PowerSpec};
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;
use crate::evaluate::economics::CostPart;
use crate::evaluate::finding::{Finding, Severity};
use crate::evaluate::result::{Quality, Results};
use crate::evaluate::{EvaluateError, Evaluator};
use crate::plan::{Distribution, Plan};
use std::sync::Arc;

/// Figures of one side of the comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Copper of low-voltage conductors, derived from their resistance, kg.
    pub copper_kg: f64,
    /// Length of busways and feeders, all runs, m.
    pub conductor_m: f64,
    /// Loss of the whole chain in the normal state, W.
    pub loss_w: f64,
    /// Footprint of transformers and UPS or rectifiers, m²; none where the catalogue has no size.
    pub equipment_m2: Option<f64>,
    /// UPS modules or rectifier blocks.
    pub converters: u32,
    /// Capital, priced items only, US dollars.
    pub capex_usd: f64,
    /// Items without a price, left out of the capital.
    pub unpriced: usize,
    /// Electricity, US dollars per year.
    pub energy_usd_year: f64,
    /// Racks lost in the worst examined outage.
    pub worst_racks_lost: usize,
}

/// Both sides.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The plan as it is.
    pub before: Side,
    /// With 800 VDC.
    pub after: Side,
    /// The plan with 800 VDC.
    pub plan: Plan,
    /// Name of the rectifier that was put in.
    pub rectifier: String,
    /// Power problems that block the plan with 800 VDC.
    pub problems: Vec<Finding>,
}

/// Why there is nothing to compare.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SwapError {
    /// The plan has it already.
    #[error("the plan distributes 800 VDC already")]
    Already,
    /// No rectifier in the catalogue.
    #[error("the catalogue has no rated 800 VDC rectifier")]
    NoRectifier,
    /// One of the sides can not be evaluated.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
}

/// The plan with 800 VDC and the largest rectifier of the catalogue.
///
/// # Errors
/// It has 800 VDC already, or the catalogue has no rectifier with a rating.
pub fn to_800_vdc(
    plan: &Plan,
    catalog: &Catalog,
) -> Result<(Plan, Arc<Entry<PowerSpec>>), SwapError> {
    if plan.power.distribution == Distribution::Vdc800 {
        return Err(SwapError::Already);
    }
    let rated = |e: &&Arc<Entry<PowerSpec>>| {
        e.spec.kind == PowerKind::Vdc800 && e.spec.rating_kw.is_some_and(|kw| kw > 0.0)
    };
    let by_rating = |a: &&Arc<Entry<PowerSpec>>, b: &&Arc<Entry<PowerSpec>>| {
        let kw = |e: &Entry<PowerSpec>| e.spec.rating_kw.unwrap_or(0.0);
        kw(a).total_cmp(&kw(b)).then(b.id.cmp(&a.id))
    };
    let largest = catalog.power.iter().filter(rated).max_by(by_rating);
    let rectifier = Arc::clone(largest.ok_or(SwapError::NoRectifier)?);
    let mut next = plan.clone();
    let power = Arc::make_mut(&mut next.power);
    power.distribution = Distribution::Vdc800;
    power.ups = PowerKey::new(rectifier.id.as_str());
    power.ups_eco = false;
    // Overrides name elements of the old chain; those that the new one has are kept.
    power.overrides.retain(|name, _| !name.starts_with("UPS-"));
    Ok((next, rectifier))
}

/// Evaluates both sides.
///
/// # Errors
/// As of [`to_800_vdc`]; a side that can not be evaluated; a cancelled comparison.
pub fn compare(
    plan: &Plan,
    catalog: &Arc<Catalog>,
    clock: &Clock,
    cancel: &CancelToken,
) -> Result<Comparison, SwapError> {
    let (swapped, rectifier) = to_800_vdc(plan, catalog)?;
    let mut evaluator = Evaluator::new(1, clock.clone());
    let mut evaluate = |plan: &Plan| evaluator.evaluate(plan, catalog, 0, Quality::Draft, cancel);
    let (before, after) = (evaluate(plan)?, evaluate(&swapped)?);
    let blocks = |f: &&Finding| f.severity == Severity::Error && f.rule.starts_with("power.");
    Ok(Comparison {
        before: side(plan, catalog, &before),
        after: side(&swapped, catalog, &after),
        rectifier: rectifier.name.clone(),
        problems: after.findings.iter().filter(blocks).cloned().collect(),
        plan: swapped,
    })
}

fn side(plan: &Plan, catalog: &Catalog, results: &Results) -> Side {
    let built = &results.power_quantities;
    let energy = results.economics.waterfall.iter().filter(|s| s.part == CostPart::Energy);
    let footprint = |key: &PowerKey, n: u32| {
        let size = catalog.power.get(key)?.spec.size_mm?;
        Some(f64::from(size.width) * f64::from(size.depth) / 1e6 * f64::from(n))
    };
    let transformers = footprint(&plan.power.transformer, built.transformers);
    let converters = footprint(&plan.power.ups, built.ups_units);
    Side {
        copper_kg: built.copper_kg,
        conductor_m: built.busway_m + built.feeder_m,
        loss_w: results.power.totals.loss_w,
        equipment_m2: transformers.zip(converters).map(|(a, b)| a + b),
        converters: built.ups_units,
        capex_usd: results.kpi.capex_usd.base,
        unpriced: results.kpi.unpriced_items,
        energy_usd_year: energy.map(|s| s.usd_year).sum(),
        worst_racks_lost: results.power.scenarios.iter().map(|s| s.racks_lost).max().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::load;

    fn preset() -> (Plan, Arc<Catalog>) {
        let text = include_str!("../../presets/enterprise-1mw.plan.ron");
        let opened = crate::format::from_text(text).unwrap();
        (opened.plan, Arc::new(load::shipped().unwrap().overlaid(&opened.embedded)))
    }

    #[test]
    fn two_poles_at_800_v_take_less_copper_than_three_phases_at_415_v() {
        let (plan, catalog) = preset();
        let found = compare(&plan, &catalog, &Clock::still(), &CancelToken::never()).unwrap();
        assert!(found.before.copper_kg > 0.0 && found.after.copper_kg > 0.0);
        assert!(found.after.copper_kg < found.before.copper_kg, "{found:?}");
        assert_eq!(found.plan.power.distribution, Distribution::Vdc800);
    }

    #[test]
    fn a_swapped_plan_is_not_swapped_again_and_a_cancelled_one_says_so() {
        let (plan, catalog) = preset();
        let (swapped, _) = to_800_vdc(&plan, &catalog).unwrap();
        assert_eq!(to_800_vdc(&swapped, &catalog).unwrap_err(), SwapError::Already);
        let cancelled = CancelToken::new(Arc::new(1.into()), 0);
        let answer = compare(&plan, &catalog, &Clock::still(), &cancelled);
        assert!(matches!(answer, Err(SwapError::Evaluate(EvaluateError::Cancelled(_)))));
    }
}
