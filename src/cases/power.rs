//! Load flow against outside programs: a 2N data centre with its outages, and an 800 VDC row.

use super::dc_power;
use super::power_file::{PowerFile, read_network, read_row};
use super::registry::readable;
use super::statistics::worst;
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Topic};
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::power::case::PowerCase;
use crate::evaluate::power::error::PowerError;
use crate::evaluate::power::result::{PowerResult, ScenarioSummary};
use crate::evaluate::power::solve;
use serde::Deserialize;
use std::collections::BTreeMap;

const NETWORK: &str = include_str!("../../tests/cases/power/dc40_2n.json");
const NETWORK_SOLVED: &str = include_str!("../../tests/cases/power/dc40_2n.ref.json");
const NETWORK_TITLE: &str = "Load flow of 40 racks on two sides, normal state and 8 outages";
const ROW: &str = include_str!("../../tests/cases/power/dc800_row10.json");
const ROW_SOLVED: &str = include_str!("../../tests/cases/power/dc800_row10.ref.json");

/// Power of the sources and voltages, relative, %: the two outside programs agree to 1e-13.
const SOURCE_PERCENT: f64 = 1e-7;
/// Losses, currents and loadings, relative, %.
const FLOW_PERCENT: f64 = 1e-6;

#[derive(Deserialize)]
struct Solved {
    solver: String,
    normal: Normal,
    scenarios: BTreeMap<String, Scenario>,
}

#[derive(Deserialize)]
struct Normal {
    vm_pu: BTreeMap<String, f64>,
    cables: BTreeMap<String, Flow>,
    transformers: BTreeMap<String, Machine>,
    ups: BTreeMap<String, Machine>,
    source_p_mw: f64,
    total_loss_mw: f64,
}

#[derive(Deserialize)]
struct Flow {
    i_a: f64,
    loading_percent: f64,
}

#[derive(Deserialize)]
struct Machine {
    loss_mw: f64,
    loading_percent: f64,
}

#[derive(Deserialize)]
struct Scenario {
    source_p_mw: f64,
    total_loss_mw: f64,
    unserved: Vec<String>,
}

#[derive(Deserialize)]
struct SolvedRow {
    solver: String,
    v_kv: BTreeMap<String, f64>,
    i_a: BTreeMap<String, f64>,
    loss_kw: f64,
    source_kw: f64,
}

/// The shipped cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    vec![
        readable(
            "dc40_2n",
            Topic::Power,
            dc_power::case("dc40_2n", NETWORK_TITLE, NETWORK, NETWORK_SOLVED),
        ),
        readable("dc40_2n_chain", Topic::Power, network("dc40_2n_chain", NETWORK, NETWORK_SOLVED)),
        readable("dc800_row10_chain", Topic::Power, row("dc800_row10_chain", ROW, ROW_SOLVED)),
    ]
}

/// A case from a `dc-power-1` network and its solution.
///
/// # Errors
/// A file that is not what it should be.
pub fn network(id: &str, text: &str, solved: &str) -> Result<Case, CaseError> {
    let file = read_network(id, text)?;
    let solved: Solved =
        serde_json::from_str(solved).map_err(|e| CaseError::file(format!("{id}: reference"), e))?;
    let outages = file.normal.scenarios.len() + file.tied.len();
    let title = format!(
        "The same {} racks and {outages} outages through the chain that plans are built of",
        racks(&file)
    );
    let source = solved.solver.clone();
    Ok(Case::new(id, Topic::Power, title, source, move |cancel| {
        network_answer(&file, &solved, cancel)
    }))
}

fn racks(file: &PowerFile) -> usize {
    let kind = crate::evaluate::power::case::LoadKind::Rack;
    file.normal.loads.iter().filter(|l| l.kind == kind).count()
}

fn solved_case(case: &PowerCase, cancel: &CancelToken) -> Result<PowerResult, CaseError> {
    solve(case, cancel).map_err(|error| match error {
        PowerError::Cancelled(c) => CaseError::Cancelled(c),
        other => CaseError::solver(other),
    })
}

fn percent(ours: f64, reference: f64) -> f64 {
    100.0 * (ours - reference) / reference.abs().max(1e-12)
}

fn network_answer(
    file: &PowerFile,
    solved: &Solved,
    cancel: &CancelToken,
) -> Result<Answer, CaseError> {
    let result = solved_case(&file.normal, cancel)?;
    let normal = &solved.normal;
    let (ours, theirs) = (&result.totals, normal);
    let mut quantities = vec![
        Quantity::relative(
            "Power of the sources",
            "kW",
            theirs.source_p_mw * 1e3,
            ours.source_w * 1e-3,
        )
        .within(SOURCE_PERCENT),
        Quantity::relative(
            "Loss of the chain",
            "kW",
            theirs.total_loss_mw * 1e3,
            ours.loss_w * 1e-3,
        )
        .within(FLOW_PERCENT),
    ];
    quantities.extend(elements(file, &result, normal));
    let mut points = Vec::new();
    for summary in result.scenarios.iter().skip(1) {
        scenario(summary, solved, &mut quantities, &mut points)?;
    }
    for case in &file.tied {
        for summary in solved_case(case, cancel)?.scenarios.iter().skip(1) {
            scenario(summary, solved, &mut quantities, &mut points)?;
        }
    }
    let picture = Picture::Pairs { quantity: "Loss per outage".into(), unit: "kW", points };
    Ok(Answer::of(quantities, picture))
}

/// Worst relative differences over all elements; a name that is missing in the reference counts.
fn elements(file: &PowerFile, result: &PowerResult, normal: &Normal) -> Vec<Quantity> {
    let (mut current, mut loading, mut loss, mut voltage) = (vec![], vec![], vec![], vec![]);
    for e in &result.elements {
        if let Some(cable) = normal.cables.get(&e.name) {
            current.push(percent(e.i_a, cable.i_a));
            loading.push(percent(e.loading_normal, cable.loading_percent / 100.0));
            let far = file.far_bus.get(&e.name).and_then(|bus| normal.vm_pu.get(bus));
            voltage.push(far.map_or(f64::NAN, |v| percent(e.v_pu, *v)));
        }
        if let Some(m) = normal.transformers.get(&e.name).or_else(|| normal.ups.get(&e.name)) {
            loss.push(percent(e.loss_w, m.loss_mw * 1e6));
            loading.push(percent(e.loading_normal, m.loading_percent / 100.0));
        }
    }
    let expected = normal.cables.len() + normal.transformers.len() + normal.ups.len();
    let named = |name: &str, errors: &[f64], tolerance| {
        let name = format!("{name}, {} elements, worst |Δ|", errors.len());
        Quantity::error_of(name, "%", worst(errors)).within(tolerance)
    };
    vec![
        Quantity::difference("Elements compared", "", expected as f64, loading.len() as f64)
            .within(0.0),
        named("Currents", &current, FLOW_PERCENT),
        named("Loadings", &loading, FLOW_PERCENT),
        named("Losses", &loss, FLOW_PERCENT),
        named("Voltages", &voltage, SOURCE_PERCENT),
    ]
}

fn scenario(
    ours: &ScenarioSummary,
    solved: &Solved,
    quantities: &mut Vec<Quantity>,
    points: &mut Vec<Point>,
) -> Result<(), CaseError> {
    let name = &ours.name;
    let theirs = solved.scenarios.get(name).ok_or_else(|| {
        CaseError::file("reference", format!("scenarios has no \"{name}\", which the case has"))
    })?;
    let (loss, loss_ref) = (ours.loss_w * 1e-3, theirs.total_loss_mw * 1e3);
    quantities.extend([
        Quantity::relative(
            format!("{name}: sources"),
            "kW",
            theirs.source_p_mw * 1e3,
            ours.source_w * 1e-3,
        )
        .within(SOURCE_PERCENT),
        Quantity::relative(format!("{name}: loss"), "kW", loss_ref, loss).within(FLOW_PERCENT),
        Quantity::difference(
            format!("{name}: racks dark"),
            "",
            theirs.unserved.len() as f64,
            ours.racks_lost as f64,
        )
        .within(0.0),
    ]);
    points.push(Point::new(name.clone(), loss_ref, loss));
    Ok(())
}

/// A case from a `dc-row-1` row and its solution.
///
/// # Errors
/// A file that is not what it should be.
pub fn row(id: &str, text: &str, solved: &str) -> Result<Case, CaseError> {
    let file = read_row(id, text)?;
    let solved: SolvedRow =
        serde_json::from_str(solved).map_err(|e| CaseError::file(format!("{id}: reference"), e))?;
    let title = format!(
        "The same row of {} racks through the chain that plans are built of",
        file.normal.loads.len()
    );
    let source = solved.solver.clone();
    Ok(Case::new(id, Topic::Power, title, source, move |cancel| row_answer(&file, &solved, cancel)))
}

fn row_answer(
    file: &PowerFile,
    solved: &SolvedRow,
    cancel: &CancelToken,
) -> Result<Answer, CaseError> {
    let result = solved_case(&file.normal, cancel)?;
    let (mut points, mut volts, mut amps) = (Vec::new(), Vec::new(), Vec::new());
    for (e, asked) in result.elements.iter().zip(&file.normal.elements) {
        let Some(bus) = file.far_bus.get(&e.name) else { continue };
        let missing = || CaseError::file("reference", format!("nothing about \"{}\"", e.name));
        let (v_kv, i_a) = (solved.v_kv.get(bus), solved.i_a.get(&e.name));
        let (v_kv, i_a) = (*v_kv.ok_or_else(missing)?, *i_a.ok_or_else(missing)?);
        volts.push(percent(e.v_pu * asked.v_nominal_v * 1e-3, v_kv));
        amps.push(percent(e.i_a, i_a));
        points.push(Point::new(e.name.clone(), i_a, e.i_a));
    }
    let totals = &result.totals;
    let quantities = vec![
        Quantity::relative("Power of the source", "kW", solved.source_kw, totals.source_w * 1e-3)
            .within(SOURCE_PERCENT),
        Quantity::relative("Loss", "kW", solved.loss_kw, totals.loss_w * 1e-3).within(FLOW_PERCENT),
        Quantity::error_of(
            format!("Voltages, {} segments, worst |Δ|", volts.len()),
            "%",
            worst(&volts),
        )
        .within(SOURCE_PERCENT),
        Quantity::error_of(
            format!("Currents, {} segments, worst |Δ|", amps.len()),
            "%",
            worst(&amps),
        )
        .within(FLOW_PERCENT),
    ];
    let picture = Picture::Pairs { quantity: "Current per segment".into(), unit: "A", points };
    Ok(Answer::of(quantities, picture))
}
