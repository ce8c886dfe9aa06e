//! Refuses cases that have no answer, naming field, value and limit.

use super::case::{CduGroup, FlowNeed, LiquidCase, RackBranch, TcsLoop};

/// Why a liquid case can not be solved.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LiquidError {
    /// A number outside of what the field can mean.
    #[error("{place}: {field} is {value}, but must be {limit}")]
    OutOfRange {
        /// Loop and, where it matters, rack.
        place: String,
        /// Name of the field in the case.
        field: &'static str,
        /// Value found, in the unit of the field.
        value: f64,
        /// What is allowed.
        limit: &'static str,
    },
    /// A table that is empty or not ascending.
    #[error("{place}: {field} must have ascending first values and at least one row")]
    BadTable {
        /// Loop and rack.
        place: String,
        /// Name of the field.
        field: &'static str,
    },
    /// A rated point that no exchanger can reach.
    #[error(
        "{place}: no heat exchanger reaches an approach of {approach_k} K at the rated flows of {model}"
    )]
    ImpossibleRating {
        /// Loop.
        place: String,
        /// CDU model.
        model: String,
        /// Approach stated, K.
        approach_k: f64,
    },
}

/// Coolant temperatures that a case may state, K: between freezing and boiling of water.
const TEMPERATURE_K: (f64, f64) = (273.15, 373.15);
/// More of anything than a hall can hold, in SI units; keeps sums finite.
const HUGE: f64 = 1e12;

struct Checker<'a> {
    place: &'a str,
}

impl Checker<'_> {
    fn within(
        &self,
        field: &'static str,
        value: f64,
        (low, high): (f64, f64),
        limit: &'static str,
    ) -> Result<(), LiquidError> {
        if value >= low && value <= high {
            return Ok(());
        }
        Err(LiquidError::OutOfRange { place: self.place.to_owned(), field, value, limit })
    }
    fn positive(&self, field: &'static str, value: f64) -> Result<(), LiquidError> {
        self.within(field, value, (f64::MIN_POSITIVE, HUGE), "positive")
    }
    fn not_negative(&self, field: &'static str, value: f64) -> Result<(), LiquidError> {
        self.within(field, value, (0.0, HUGE), "zero or positive")
    }
    fn temperature(&self, field: &'static str, value: f64) -> Result<(), LiquidError> {
        self.within(field, value, TEMPERATURE_K, "between 273.15 and 373.15 K")
    }
    fn table(&self, field: &'static str, points: &[(f64, f64)]) -> Result<(), LiquidError> {
        let ascending = points.windows(2).all(|w| w[0].0 < w[1].0);
        if points.is_empty() || !ascending {
            return Err(LiquidError::BadTable { place: self.place.to_owned(), field });
        }
        points.iter().try_for_each(|p| {
            self.positive(field, p.0)?;
            self.positive(field, p.1)
        })
    }
}

/// Checks every number of the case.
pub fn check(case: &LiquidCase) -> Result<(), LiquidError> {
    case.loops.iter().try_for_each(check_loop)
}

fn check_loop(l: &TcsLoop) -> Result<(), LiquidError> {
    let c = Checker { place: &l.name };
    c.temperature("supply_set_k", l.supply_set_k)?;
    c.not_negative("distribution_drop_pa", l.distribution_drop_pa)?;
    c.temperature("facility.supply_k", l.facility.supply_k)?;
    c.positive("facility.max_flow_per_cdu_m3_s", l.facility.max_flow_per_cdu_m3_s)?;
    check_cdus(&c, &l.cdus)?;
    l.racks.iter().try_for_each(|r| check_rack(&l.name, r))
}

fn check_cdus(c: &Checker, g: &CduGroup) -> Result<(), LiquidError> {
    c.within("cdus.count", f64::from(g.count), (1.0, HUGE), "at least 1")?;
    c.within("cdus.spare", f64::from(g.spare), (0.0, f64::from(g.count) - 1.0), "below count")?;
    c.positive("cdus.rated.heat_w", g.rated.heat_w)?;
    c.positive("cdus.rated.approach_k", g.rated.approach_k)?;
    c.positive("cdus.rated.tcs_flow_m3_s", g.rated.tcs_flow_m3_s)?;
    c.positive("cdus.rated.fws_flow_m3_s", g.rated.fws_flow_m3_s)?;
    c.not_negative("cdus.rated.pump_w", g.rated.pump_w)?;
    c.positive("cdus.rated.head_pa", g.rated.head_pa)
}

fn check_rack(loop_name: &str, r: &RackBranch) -> Result<(), LiquidError> {
    let place = format!("{loop_name}, rack {}", r.id.0);
    let c = Checker { place: &place };
    c.not_negative("heat_w", r.heat_w)?;
    match &r.flow_need {
        FlowNeed::Curve { points, rated_heat_w } => {
            c.table("flow_need.points", points)?;
            c.positive("flow_need.rated_heat_w", *rated_heat_w)?;
        }
        FlowNeed::PerHeat { m3_s_per_w } => c.positive("flow_need.m3_s_per_w", *m3_s_per_w)?,
    }
    if let Some(t) = r.max_supply_k {
        c.temperature("max_supply_k", t)?;
    }
    if let Some(t) = r.max_outlet_k {
        c.temperature("max_outlet_k", t)?;
    }
    if r.drop_curve.is_empty() { Ok(()) } else { c.table("drop_curve", &r.drop_curve) }
}
