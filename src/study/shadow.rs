//! Shadow prices: what one more unit of something scarce would bring.
//!
//! The plan is evaluated again with the unit added, both times cut to the racks that its limits
//! carry. A unit that nothing waits for brings nothing, and the answer says why. One more point of
//! utilisation builds nothing: the cost model alone answers it.

use super::tradeoff::{Within, within_limits};
use crate::catalog::Catalog;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;
use crate::evaluate::economics::{Headline, Model};
use crate::evaluate::result::{Limit, Results};
use crate::evaluate::{EvaluateError, Evaluator};
use crate::plan::{ElementOverride, Plan};
use crate::units::{HOURS_PER_YEAR, SECONDS_PER_HOUR};
use std::sync::Arc;

/// What is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A megawatt of contracted utility power.
    Megawatt,
    /// A CDU in the loop that is used most.
    Cdu,
    /// A spine switch.
    Spine,
    /// A percentage point of utilisation.
    Utilisation,
}

impl Unit {
    /// All, in the order of reports.
    pub const ALL: [Self; 4] = [Self::Megawatt, Self::Cdu, Self::Spine, Self::Utilisation];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Megawatt => "+1 MW of utility power",
            Self::Cdu => "+1 CDU",
            Self::Spine => "+1 spine switch",
            Self::Utilisation => "+1 point of utilisation",
        }
    }
}

/// What one more unit brings.
#[derive(Clone, Debug, PartialEq)]
pub struct ShadowPrice {
    /// The unit.
    pub unit: Unit,
    /// Change of tokens per second while working.
    pub tokens_per_s: f64,
    /// Change of tokens per second sold, mean of the year.
    pub sold_tok_s: f64,
    /// Change of $/M tokens; `None` for a plan without tokens.
    pub usd_per_mtok: Option<f64>,
    /// Change of the yearly cost, dollars.
    pub annual_usd: f64,
    /// Change of the capital, dollars.
    pub capex_usd: f64,
    /// Compute racks that the unit lets run.
    pub racks: i64,
    /// Why, in a sentence.
    pub why: String,
}

/// Shadow prices of a plan, in the order of [`Unit::ALL`].
///
/// # Errors
/// A plan that can not be evaluated; a cancelled study.
pub fn shadow_prices(
    plan: &Plan,
    catalog: &Arc<Catalog>,
    clock: &Clock,
    cancel: &CancelToken,
) -> Result<Vec<ShadowPrice>, EvaluateError> {
    let mut evaluator = Evaluator::new(1, clock.clone());
    let now = within_limits(&mut evaluator, catalog, plan, cancel)?;
    let mut prices = Vec::new();
    for unit in Unit::ALL {
        prices.push(match one_more(unit, plan, &now.results) {
            Change::Plan(next) => {
                let then = within_limits(&mut evaluator, catalog, &next, cancel)?;
                priced(unit, &now, &then)
            }
            Change::Nothing(why) => nothing(unit, why),
            Change::Utilisation => utilisation(&now.results),
        });
    }
    Ok(prices)
}

/// How a plan takes one more unit.
enum Change {
    Plan(Plan),
    Nothing(String),
    Utilisation,
}

fn one_more(unit: Unit, plan: &Plan, results: &Results) -> Change {
    let mut next = plan.clone();
    match unit {
        Unit::Megawatt => Arc::make_mut(&mut next.power).utility_mw += 1.0,
        Unit::Cdu => {
            let busiest = results.liquid.loops.iter().max_by(|a, b| {
                let use_of = |l: &crate::evaluate::liquid::LoopResult| {
                    l.normal.rack_heat_w / (f64::from(l.cdu_count) * l.cdu_rated_w).max(1.0)
                };
                use_of(a).total_cmp(&use_of(b)).then(b.name.cmp(&a.name))
            });
            let Some(busiest) = busiest else {
                return Change::Nothing("the plan has no liquid loop".to_owned());
            };
            let overrides = &mut Arc::make_mut(&mut next.cooling).overrides;
            counted(overrides.entry(busiest.name.clone()).or_default(), busiest.cdu_count);
        }
        Unit::Spine => {
            let spines = results.fabric.counts.spine;
            if spines == 0 {
                return Change::Nothing("the fabric has no spine tier".to_owned());
            }
            let overrides = &mut Arc::make_mut(&mut next.fabric).overrides;
            counted(overrides.entry("spine".to_owned()).or_default(), spines);
        }
        Unit::Utilisation => return Change::Utilisation,
    }
    Change::Plan(next)
}

/// One more than there are.
fn counted(own: &mut ElementOverride, now: u32) {
    own.count = Some(now.saturating_add(1));
}

fn nothing(unit: Unit, why: String) -> ShadowPrice {
    ShadowPrice {
        unit,
        tokens_per_s: 0.0,
        sold_tok_s: 0.0,
        usd_per_mtok: None,
        annual_usd: 0.0,
        capex_usd: 0.0,
        racks: 0,
        why,
    }
}

fn tokens(results: &Results) -> f64 {
    results.kpi.tokens_per_s.map_or(0.0, |t| t.base)
}

fn sold(results: &Results) -> f64 {
    results.economics.tokens_year.unwrap_or(0.0) / (HOURS_PER_YEAR * SECONDS_PER_HOUR)
}

fn priced(unit: Unit, now: &Within, then: &Within) -> ShadowPrice {
    let (before, after) = (&now.results, &then.results);
    let per_mtok = |r: &Results| r.economics.usd_per_mtok.map(|p| p.base);
    let gained = tokens(after) - tokens(before);
    ShadowPrice {
        unit,
        tokens_per_s: gained,
        sold_tok_s: sold(after) - sold(before),
        usd_per_mtok: per_mtok(after).zip(per_mtok(before)).map(|(a, b)| a - b),
        annual_usd: after.economics.annual_usd - before.economics.annual_usd,
        capex_usd: after.kpi.capex_usd.base - before.kpi.capex_usd.base,
        racks: then.racks as i64 - now.racks as i64,
        why: why(unit, now, gained),
    }
}

fn why(unit: Unit, now: &Within, gained: f64) -> String {
    let of = match unit {
        Unit::Megawatt => Limit::Power,
        Unit::Cdu => Limit::Liquid,
        Unit::Spine | Unit::Utilisation => Limit::Fabric,
    };
    let results = &now.results;
    if gained > 0.0 {
        return match now.by {
            Some((limit, used)) if limit == of => format!(
                "{} stands at {used:.0} % with every rack drawn: the unit lets more of them run",
                limit.label()
            ),
            _ => "the unit speeds up the racks that run".to_owned(),
        };
    }
    let using = results.bottleneck.uses.iter().find(|u| u.limit == of);
    let used = using.map_or_else(String::new, |u| {
        format!("{} is used to {:.0} % ({}); ", u.limit.label(), u.used_pct, u.basis)
    });
    let binds = now.by.map_or(results.bottleneck.binding, |(limit, _)| limit);
    let lost =
        if gained < 0.0 { "tokens fall: its own demands weigh more" } else { "no token more" };
    format!("{used}{lost}: what binds is {}", binds.label())
}

fn utilisation(results: &Results) -> ShadowPrice {
    const POINT: f64 = 0.01;
    const INPUT: &str = "Utilisation";
    let unit = Unit::Utilisation;
    let case = &results.economics_case;
    let share = case.production.sold_share.base;
    let more = share + POINT;
    if more > 1.0 {
        return nothing(unit, "every hour is sold already".to_owned());
    }
    let Ok(model) = Model::new(case) else {
        return nothing(unit, "the plan has no cost".to_owned());
    };
    let change = |headline| {
        let then = model.value(headline, &[(INPUT, more)])?;
        Some(then - model.value(headline, &[])?)
    };
    ShadowPrice {
        sold_tok_s: sold(results) * POINT / share,
        usd_per_mtok: change(Headline::UsdPerMtok),
        annual_usd: change(Headline::AnnualUsd).unwrap_or(0.0),
        ..nothing(
            unit,
            format!("sold hours rise from {:.0} to {:.0} %", 100.0 * share, 100.0 * more),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::load;

    fn prices(change: impl Fn(&mut Plan)) -> Vec<ShadowPrice> {
        let text = include_str!("../../presets/enterprise-1mw.plan.ron");
        let opened = crate::format::from_text(text).unwrap();
        let catalog = Arc::new(load::shipped().unwrap().overlaid(&opened.embedded));
        let mut plan = opened.plan;
        change(&mut plan);
        shadow_prices(&plan, &catalog, &Clock::still(), &CancelToken::never()).unwrap()
    }

    #[test]
    fn a_unit_that_nothing_waits_for_brings_nothing_and_says_why() {
        let all = prices(|_| {});
        assert_eq!(all.iter().map(|p| p.unit).collect::<Vec<_>>(), Unit::ALL);
        let mw = &all[0];
        assert!(mw.tokens_per_s == 0.0 && mw.racks == 0 && !mw.why.is_empty(), "{mw:?}");
        let point = &all[3];
        assert!(point.sold_tok_s > 0.0 && point.tokens_per_s == 0.0);
        assert!(point.usd_per_mtok.unwrap() < 0.0 && point.annual_usd > 0.0, "{point:?}");
    }

    #[test]
    fn a_starved_hall_wants_its_megawatt() {
        let all = prices(|plan| Arc::make_mut(&mut plan.power).utility_mw = 0.4);
        let mw = &all[0];
        assert!(mw.racks > 0 && mw.tokens_per_s > 0.0 && mw.sold_tok_s > 0.0, "{mw:?}");
        assert!(mw.why.contains("Power"), "{}", mw.why);
    }
}
