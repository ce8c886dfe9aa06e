//! Goodput of checkpointed jobs against the closed form and a simulation.

use super::registry::readable;
use super::statistics::worst;
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Topic};
use crate::evaluate::reliability::{Goodput, GoodputCase, evaluate};
use crate::units::SECONDS_PER_HOUR;
use serde::Deserialize;

const FILE: &str = include_str!("../../tests/cases/reliability/goodput.json");

/// Goodput and intervals against the closed form.
const CLOSED_FORM: f64 = 1e-9;
/// Goodput against the simulation, whose own scatter is about 0.003.
const SIMULATION: f64 = 0.004;

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    provenance: String,
    goodput: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    gpus: f64,
    gpu_mtbf_h: f64,
    checkpoint_h: f64,
    restart_h: f64,
    tau_young_h: f64,
    tau_daly_h: f64,
    tau_used_h: f64,
    goodput_mc: f64,
    goodput_daly_exact: f64,
}

/// The shipped case.
#[must_use]
pub fn cases() -> Vec<Case> {
    vec![readable("goodput", Topic::Reliability, case("goodput", FILE))]
}

/// A case from a file of jobs.
///
/// # Errors
/// A file that is not what it should be.
pub fn case(id: &str, text: &str) -> Result<Case, CaseError> {
    let file: File = serde_json::from_str(text).map_err(|e| CaseError::file(id, e))?;
    let title = format!("Goodput of {} checkpointed jobs", file.goodput.len());
    let source = file.provenance.clone();
    Ok(Case::new(id, Topic::Reliability, title, source, move |cancel| {
        cancel.check()?;
        answer(&file.goodput)
    }))
}

fn solve(row: &Row) -> Result<Goodput, CaseError> {
    let s = |hours: f64| hours * SECONDS_PER_HOUR;
    let case = GoodputCase {
        gpus: row.gpus,
        gpu_mtbf_h: row.gpu_mtbf_h,
        checkpoint_s: s(row.checkpoint_h),
        restart_s: s(row.restart_h),
        interval_s: Some(s(row.tau_used_h)),
    };
    evaluate(&case).map_err(CaseError::solver)
}

fn answer(rows: &[Row]) -> Result<Answer, CaseError> {
    let ours: Vec<Goodput> = rows.iter().map(solve).collect::<Result<_, _>>()?;
    let worst_of = |f: &dyn Fn(&Row, &Goodput) -> f64| {
        worst(&rows.iter().zip(&ours).map(|(r, g)| f(r, g)).collect::<Vec<_>>())
    };
    let h = |s: f64| s / SECONDS_PER_HOUR;
    let named = |name: &str, unit, error, tolerance| {
        Quantity::error_of(format!("{name}, worst |Δ|"), unit, error).within(tolerance)
    };
    let exact = worst_of(&|r, g| g.goodput - r.goodput_daly_exact);
    let simulated = worst_of(&|r, g| g.goodput - r.goodput_mc);
    let young = worst_of(&|r, g| h(g.young_s) - r.tau_young_h);
    let daly = worst_of(&|r, g| h(g.daly_s) - r.tau_daly_h);
    let quantities = vec![
        named("Goodput, closed form", "", exact, CLOSED_FORM),
        named("Goodput, simulation", "", simulated, SIMULATION),
        named("Young's interval", "h", young, CLOSED_FORM),
        named("Daly's interval", "h", daly, CLOSED_FORM),
    ];
    let points = rows
        .iter()
        .zip(&ours)
        .map(|(r, g)| Point::new(format!("{} GPUs", r.gpus), r.goodput_mc, g.goodput))
        .collect();
    let picture = Picture::Scatter {
        quantity: "Goodput".into(),
        unit: "",
        points,
        band: Some(SIMULATION),
        log: false,
    };
    Ok(Answer::of(quantities, picture))
}
