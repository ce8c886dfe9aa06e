//! Halls in plain JSON against CFD or exact answers: a `case.json` and a reference beside it.
//!
//! The reference is another program's answer with its own scatter in time, so the gates are bands,
//! not equality: they are the same for every hall that CFD computed.

use super::statistics::{mean_abs, rank_correlation, worst};
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Topic};
use crate::evaluate::air::{AirCase, AirError, AirResult, read_case, solve};
use crate::evaluate::cancel::CancelToken;
use crate::units::ZERO_CELSIUS_K;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Mean |Δ| of rack intakes against CFD, K: the reference's own half-window means part by up to
/// 0.4 K and its two grids (0.30 and 0.15 m) by about 0.7 K, so less would not mean anything.
pub const MEAN_INTAKE_K: f64 = 0.75;
/// Worst |Δ| of a rack's intake against CFD, K.
pub const WORST_INTAKE_K: f64 = 1.6;
/// Least rank correlation of rack intakes where racks differ.
pub const LEAST_RANK: f64 = 0.9;
/// Difference of the supply heat index.
pub const SHI_BAND: f64 = 0.05;
/// Heat in − heat out over heat in, %.
pub const HEAT_CLOSURE_PERCENT: f64 = 0.1;
/// Return temperature against the heat balance, K: the balance is printed to 0.001 K.
pub const RETURN_K: f64 = 2e-3;
/// Every intake where the exact answer is known, K.
pub const EXACT_INTAKE_K: f64 = 0.05;
/// Cells where the reference does not say its own, m.
const DEFAULT_CELL_M: f64 = 0.15;

/// The answer of another program, or the exact one. Fields that are not compared are ignored.
#[derive(Clone, Debug, Deserialize)]
struct Reference {
    #[serde(default)]
    exact: bool,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    solver: String,
    #[serde(default)]
    openfoam: String,
    #[serde(default)]
    turbulence: String,
    dx_m: Option<f64>,
    cells: Option<u64>,
    cpu_seconds: Option<f64>,
    racks: BTreeMap<String, ReferenceRack>,
    #[serde(rename = "return_flow_weighted_C")]
    return_c: f64,
    #[serde(rename = "exact_return_C")]
    exact_return_c: Option<f64>,
    metrics: Option<ReferenceMetrics>,
    #[serde(default, rename = "probes_C")]
    probes_c: BTreeMap<String, f64>,
}

#[derive(Clone, Debug, Deserialize)]
struct ReferenceRack {
    #[serde(rename = "intake_mean_C")]
    intake_c: f64,
    #[serde(default, rename = "intake_mean_std")]
    std_k: f64,
}

#[derive(Clone, Debug, Deserialize)]
struct ReferenceMetrics {
    #[serde(rename = "SHI")]
    shi: f64,
    #[serde(rename = "RTI_pct")]
    rti_percent: Option<f64>,
}

/// What the list shows of a case file before it is solved.
#[derive(Deserialize)]
struct Heading {
    #[serde(default)]
    description: String,
}

/// A case from the texts of a `case.json` and its reference.
///
/// # Errors
/// A file that is not what it should be, with the field at fault.
pub fn case(id: &str, case_text: &str, reference_text: &str) -> Result<Case, CaseError> {
    titled(id, None, case_text, reference_text)
}

/// The same under a title of its own; without one, the file's description is its title.
///
/// # Errors
/// A file that is not what it should be, with the field at fault.
pub fn titled(
    id: &str,
    title: Option<&str>,
    case_text: &str,
    reference_text: &str,
) -> Result<Case, CaseError> {
    let heading: Heading =
        serde_json::from_str(case_text).map_err(|e| CaseError::file(format!("{id}: case"), e))?;
    let reference: Reference = serde_json::from_str(reference_text)
        .map_err(|e| CaseError::file(format!("{id}: reference"), e))?;
    let mut hall = read_case(case_text).map_err(|e| CaseError::file(format!("{id}: case"), e))?;
    hall.dx_m = reference.dx_m.unwrap_or(DEFAULT_CELL_M);
    check_racks(id, &hall, &reference)?;
    let described = || first_sentence(&heading.description).unwrap_or_else(|| hall.name.clone());
    let title = title.map_or_else(described, str::to_owned);
    let source = source(&reference);
    Ok(Case::new(id, Topic::Air, title, source, move |cancel| answer(&hall, &reference, cancel)))
}

fn check_racks(id: &str, hall: &AirCase, reference: &Reference) -> Result<(), CaseError> {
    let missing = hall.racks.iter().find(|r| !reference.racks.contains_key(&r.id));
    missing.map_or(Ok(()), |r| {
        let problem = format!("racks has no \"{}\", which the case has", r.id);
        Err(CaseError::file(format!("{id}: reference"), problem))
    })
}

fn first_sentence(text: &str) -> Option<String> {
    const LONGEST: usize = 80;
    let end = text.find([';', ':']).into_iter().chain(text.find(". ")).min();
    let first = end.map_or(text, |e| &text[..e]).trim_end_matches('.').trim();
    let short: String = first.chars().take(LONGEST).collect();
    let cut = if short.len() < first.len() { format!("{}…", short.trim_end()) } else { short };
    (!cut.is_empty()).then_some(cut)
}

fn source(reference: &Reference) -> String {
    if reference.exact {
        return format!("Exact: {}", reference.reason);
    }
    let mut parts: Vec<String> = Vec::new();
    if !reference.openfoam.is_empty() {
        parts.push(format!("OpenFOAM {}", reference.openfoam));
    }
    parts.extend(
        [&reference.solver, &reference.turbulence].into_iter().filter(|s| !s.is_empty()).cloned(),
    );
    parts.extend(reference.dx_m.map(|dx| format!("{dx} m cells")));
    if parts.is_empty() {
        parts.push("reference beside the case file".into());
    }
    parts.join(", ")
}

/// Solves an air case; a wish to stop is kept apart from a refusal.
pub(super) fn solved(hall: &AirCase, cancel: &CancelToken) -> Result<AirResult, CaseError> {
    solve(hall, None, cancel).map(|(result, _)| result).map_err(stopped)
}

/// A wish to stop, or the solver's refusal.
pub(super) fn stopped(error: AirError) -> CaseError {
    match error {
        AirError::Cancelled(c) => CaseError::Cancelled(c),
        other => CaseError::solver(other),
    }
}

fn answer(
    hall: &AirCase,
    reference: &Reference,
    cancel: &CancelToken,
) -> Result<Answer, CaseError> {
    let result = solved(hall, cancel)?;
    let points: Vec<Point> = result
        .racks
        .iter()
        .filter_map(|r| {
            let theirs = reference.racks.get(&r.id)?;
            Some(Point {
                label: r.id.clone(),
                reference: theirs.intake_c,
                reference_std: theirs.std_k,
                ours: r.intake_mean_k - ZERO_CELSIUS_K,
            })
        })
        .collect();
    let mut quantities = intakes(&points, reference.exact);
    quantities.extend(hall_wide(&result, reference));
    quantities.extend(probes(&result, reference));
    let picture = Picture::Scatter {
        quantity: "Rack intake".into(),
        unit: "°C",
        points,
        band: Some(if reference.exact { EXACT_INTAKE_K } else { WORST_INTAKE_K }),
        log: false,
    };
    let settled = result.effort.settled;
    Ok(Answer { quantities, picture: Some(picture), settled, notes: notes(&result, reference) })
}

fn intakes(points: &[Point], exact: bool) -> Vec<Quantity> {
    let errors: Vec<f64> = points.iter().map(|p| p.ours - p.reference).collect();
    let per_rack = points.iter().map(|p| {
        Quantity::difference(format!("Intake {}", p.label), "°C", p.reference, p.ours)
            .within_if(exact, EXACT_INTAKE_K)
    });
    let mut out: Vec<Quantity> = Vec::new();
    if !exact {
        out.push(
            Quantity::error_of("Intakes, mean |Δ|", "K", mean_abs(&errors)).within(MEAN_INTAKE_K),
        );
        out.push(
            Quantity::error_of("Intakes, worst |Δ|", "K", worst(&errors)).within(WORST_INTAKE_K),
        );
        out.extend(rank(points));
    }
    out.extend(per_rack);
    out
}

/// The order of racks, where the reference's racks differ by more than its own scatter.
fn rank(points: &[Point]) -> Option<Quantity> {
    let (theirs, ours): (Vec<f64>, Vec<f64>) = points.iter().map(|p| (p.reference, p.ours)).unzip();
    let spread = theirs.iter().copied().fold(f64::NEG_INFINITY, f64::max)
        - theirs.iter().copied().fold(f64::INFINITY, f64::min);
    let scatter = points.iter().map(|p| p.reference_std).fold(0.0, f64::max);
    // A solver that gives every rack the same intake has no order: that is no correlation.
    (points.len() >= 3 && spread > 2.0 * scatter).then(|| {
        let rho = rank_correlation(&theirs, &ours).unwrap_or(0.0);
        Quantity::difference("Intakes, rank correlation", "", 1.0, rho).within(1.0 - LEAST_RANK)
    })
}

fn hall_wide(result: &AirResult, reference: &Reference) -> Vec<Quantity> {
    let metrics = &result.metrics;
    let exact_c = reference.exact_return_c.unwrap_or(reference.return_c);
    let return_c = metrics.return_k - ZERO_CELSIUS_K;
    let known = reference.exact || reference.exact_return_c.is_some();
    let closure = 100.0 * result.balance.heat_closure;
    let mut out = vec![
        Quantity::difference("Return, flow-weighted", "°C", exact_c, return_c)
            .within_if(known, RETURN_K),
        Quantity::difference("Heat closure", "%", 0.0, closure).within(HEAT_CLOSURE_PERCENT),
    ];
    if let Some(theirs) = &reference.metrics {
        out.push(
            Quantity::difference("Supply heat index", "", theirs.shi, metrics.shi).within(SHI_BAND),
        );
        out.extend(theirs.rti_percent.map(|rti| {
            Quantity::difference("Return temperature index", "%", rti, metrics.rti_percent)
        }));
    }
    out
}

fn probes(result: &AirResult, reference: &Reference) -> Vec<Quantity> {
    let both = reference.probes_c.iter().filter_map(|(name, theirs)| {
        let ours = result.probes_k.get(name)? - ZERO_CELSIUS_K;
        Some(Quantity::difference(format!("Probe {name}"), "°C", *theirs, ours))
    });
    both.collect()
}

/// What the solve took, and what a reader must know about how it ended.
pub(super) fn effort_notes(result: &AirResult) -> Vec<String> {
    let effort = &result.effort;
    let mut notes = vec![format!("{} cells, {} time steps", effort.cells, effort.steps)];
    if !effort.settled {
        notes.push("not settled: means of a flow that keeps moving".into());
    }
    if result.model.is_preview() {
        notes.push("solved by the preview model (potential flow with buoyant rise)".into());
    }
    notes
}

fn notes(result: &AirResult, reference: &Reference) -> Vec<String> {
    let mut notes = effort_notes(result);
    if let (Some(cells), Some(cpu)) = (reference.cells, reference.cpu_seconds) {
        notes.push(format!("the reference took {cpu:.0} CPU-seconds on {cells} cells"));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_the_first_sentence() {
        assert_eq!(first_sentence("A hall. With racks.").as_deref(), Some("A hall"));
        assert_eq!(first_sentence("One row; open").as_deref(), Some("One row"));
        assert_eq!(first_sentence(""), None);
    }

    #[test]
    fn the_order_of_racks_counts_only_where_they_differ() {
        let point = |r, s, o| Point { reference_std: s, ..Point::new("R", r, o) };
        assert!(
            rank(&[point(20.0, 0.3, 1.0), point(20.2, 0.3, 2.0), point(20.4, 0.3, 3.0)]).is_none()
        );
        let differ = [point(20.0, 0.1, 5.0), point(21.0, 0.1, 5.0), point(24.0, 0.1, 5.0)];
        assert_eq!(rank(&differ).unwrap().passes(), Some(false));
    }

    #[test]
    fn a_reference_without_a_rack_is_refused_by_name() {
        let case = include_str!("../../tests/cases/air/single_rack/case.json");
        let reference = r#"{"racks": {}, "return_flow_weighted_C": 30.0}"#;
        let said = super::case("x", case, reference).unwrap_err().to_string();
        assert!(said.contains("R1"), "{said}");
    }
}
