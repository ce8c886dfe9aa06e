//! Cash-flow figures against an independent library.

use super::registry::readable;
use super::statistics::worst;
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Topic};
use crate::evaluate::economics::finance::{
    capital_recovery_factor, internal_rates, levelised_cost, modified_internal_rate, npv,
};
use serde::Deserialize;

const FILE: &str = include_str!("../../tests/cases/economics/finance_vectors.json");

/// Net present value over the capital; the NPV itself may be near 0.
const NPV_SHARE: f64 = 1e-11;
/// Internal rates, as a difference.
const RATE: f64 = 1e-9;
/// Factors and costs, relative, %.
const PERCENT: f64 = 1e-7;

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    provenance: String,
    finance: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    years: f64,
    capex: f64,
    rate: f64,
    revenue: Vec<f64>,
    opex: Vec<f64>,
    salvage: f64,
    units: Vec<f64>,
    npv: f64,
    irr: f64,
    capital_recovery_factor: f64,
    annuity: f64,
    levelised_cost_per_unit: f64,
    mirr: f64,
}

/// The shipped case.
#[must_use]
pub fn cases() -> Vec<Case> {
    vec![readable("finance_vectors", Topic::Economics, case("finance_vectors", FILE))]
}

/// A case from a file of cash flows.
///
/// # Errors
/// A file that is not what it should be.
pub fn case(id: &str, text: &str) -> Result<Case, CaseError> {
    let file: File = serde_json::from_str(text).map_err(|e| CaseError::file(id, e))?;
    for (i, v) in file.finance.iter().enumerate() {
        let same = v.revenue.len() == v.opex.len() && v.units.len() == v.opex.len();
        if !same || v.opex.is_empty() {
            let problem =
                format!("finance[{i}]: revenue, opex and units must be as long as each other");
            return Err(CaseError::file(id, problem));
        }
    }
    let title = format!("NPV, IRR, MIRR and levelised cost of {} cash flows", file.finance.len());
    let source = file.provenance.clone();
    Ok(Case::new(id, Topic::Economics, title, source, move |cancel| {
        cancel.check()?;
        Ok(answer(&file.finance))
    }))
}

/// Errors of one cash flow, in the order of the quantities.
fn errors(v: &Vector) -> [f64; 6] {
    let mut flow = vec![-v.capex];
    flow.extend(v.revenue.iter().zip(&v.opex).map(|(r, o)| r - o));
    if let Some(last) = flow.last_mut() {
        *last += v.salvage;
    }
    let nearest = internal_rates(&flow)
        .into_iter()
        .map(|r| r - v.irr)
        .min_by(|a, b| a.abs().total_cmp(&b.abs()))
        .unwrap_or(f64::NAN);
    let crf = capital_recovery_factor(v.rate, v.years);
    let mirr = modified_internal_rate(&flow, v.rate).unwrap_or(f64::NAN);
    let levelised =
        levelised_cost(v.rate, v.capex, &v.opex, &v.units, v.salvage).unwrap_or(f64::NAN);
    [
        (npv(v.rate, &flow) - v.npv) / v.capex,
        nearest,
        percent(crf, v.capital_recovery_factor),
        percent(v.capex * crf, v.annuity),
        percent(mirr, v.mirr),
        percent(levelised, v.levelised_cost_per_unit),
    ]
}

/// Relative difference in %; the reference is kept away from 0 where it is a rate near it.
fn percent(ours: f64, reference: f64) -> f64 {
    100.0 * (ours - reference) / reference.abs().max(1e-3)
}

fn answer(vectors: &[Vector]) -> Answer {
    let all: Vec<[f64; 6]> = vectors.iter().map(errors).collect();
    let worst_of = |k: usize| worst(&all.iter().map(|e| e[k]).collect::<Vec<_>>());
    let named = |name: &str, unit, k, tolerance| {
        Quantity::error_of(format!("{name}, worst |Δ|"), unit, worst_of(k)).within(tolerance)
    };
    let quantities = vec![
        named("NPV over capital", "", 0, NPV_SHARE),
        named("Internal rate", "", 1, RATE),
        named("Capital recovery factor", "%", 2, PERCENT),
        named("Annuity", "%", 3, PERCENT),
        named("Modified internal rate", "%", 4, PERCENT),
        named("Levelised cost", "%", 5, PERCENT),
    ];
    let points = vectors
        .iter()
        .zip(&all)
        .enumerate()
        .map(|(i, (v, e))| {
            Point::new(format!("flow {}", i + 1), 100.0 * v.irr, 100.0 * (v.irr + e[1]))
        })
        .collect();
    let picture = Picture::Scatter {
        quantity: "Internal rate".into(),
        unit: "%",
        points,
        band: None,
        log: false,
    };
    Answer::of(quantities, picture)
}
