//! Design problems of the plant.

use super::case::PlantLoop;
use super::prepared::spare_units;
use super::result::{PlantLoopResult, PlantPoint};
use super::solve::SET_POINT_TOLERANCE_K;
use crate::evaluate::finding::{Finding, Severity, Subject};
use crate::units::ZERO_CELSIUS_K;

/// Watts in a kilowatt.
const W_PER_KW: f64 = 1e3;
/// Who set the design day.
const DESIGN_SOURCE: &str = "ASHRAE 0.4 % annual design conditions of the site";

/// All problems of one loop.
pub fn findings(case: &PlantLoop, r: &PlantLoopResult) -> Vec<Finding> {
    if case.heat_w <= 0.0 {
        return Vec::new();
    }
    let mut found = Vec::new();
    if r.design_capacity_w < case.heat_w {
        found.push(capacity(
            case,
            r.design_capacity_w,
            Severity::Error,
            "plant.capacity-short",
            "",
        ));
    } else if missed(case, &r.design) {
        found.push(set_point(case, &r.design));
    }
    if found.is_empty() && r.design_capacity_one_out_w < case.heat_w {
        found.push(one_out(case, r));
    }
    found
}

fn missed(case: &PlantLoop, p: &PlantPoint) -> bool {
    p.supply_k > case.supply_set_k + SET_POINT_TOLERANCE_K
}

fn one_out(case: &PlantLoop, r: &PlantLoopResult) -> Finding {
    let severity = if spare_units(&case.plant) > 0 { Severity::Error } else { Severity::Warning };
    capacity(
        case,
        r.design_capacity_one_out_w,
        severity,
        "plant.capacity-short-one-out",
        " with one unit out",
    )
}

fn capacity(
    case: &PlantLoop,
    capacity_w: f64,
    severity: Severity,
    rule: &'static str,
    when: &str,
) -> Finding {
    Finding {
        severity,
        rule,
        subject: Subject::Loop(case.name.clone()),
        message: format!(
            "Plant of {} can hold {:.1} °C on the design day for {:.0} % of its heat{when}",
            case.name,
            case.supply_set_k - ZERO_CELSIUS_K,
            100.0 * capacity_w / case.heat_w
        ),
        value: Some(capacity_w / W_PER_KW),
        limit: Some(case.heat_w / W_PER_KW),
        unit: "kW",
        source: DESIGN_SOURCE.into(),
        advice: "Add units, raise the supply set point, or choose a plant with colder reach".into(),
    }
}

fn set_point(case: &PlantLoop, p: &PlantPoint) -> Finding {
    let celsius = |t_k: f64| t_k - ZERO_CELSIUS_K;
    Finding {
        severity: Severity::Error,
        rule: "plant.set-point-missed",
        subject: Subject::Loop(case.name.clone()),
        message: format!(
            "{} is supplied at {:.1} °C instead of {:.1} °C on the design day",
            case.name,
            celsius(p.supply_k),
            celsius(case.supply_set_k)
        ),
        value: Some(celsius(p.supply_k)),
        limit: Some(celsius(case.supply_set_k)),
        unit: "°C",
        source: DESIGN_SOURCE.into(),
        advice: "Run spare units, add units, add adiabatic assist, or raise the set point".into(),
    }
}
