//! The two published cavities on the kernels of the hall solver: lid-driven and heated.

use super::air::stopped;
use super::registry::readable;
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Series, Topic};
use crate::evaluate::air::{CavityAnswer, CavityCase, HeatedAnswer, LidAnswer, solve_cavity};
use crate::evaluate::cancel::CancelToken;
use serde::Deserialize;
use std::collections::BTreeMap;

const FILE: &str = include_str!("../../tests/cases/air/cavities.json");

/// Cells along an edge with the worst |Δ| of a centre-line velocity, as a share of the lid's speed.
const LID: [(usize, f64); 2] = [(64, 0.02), (128, 0.01)];
/// The misprint of the paper's table II that its own neighbours rule out: Re and x (the file's
/// notes).
const MISPRINT: (&str, f64) = ("400", 0.9063);
/// Cells along an edge on which the heated cavity is gated.
const HEATED: [usize; 2] = [64, 128];
/// Mean Nusselt number, %; largest velocities, %; heat in against heat out, %.
const NUSSELT_PERCENT: f64 = 1.0;
const VELOCITY_PERCENT: f64 = 2.0;
const IMBALANCE_PERCENT: f64 = 0.5;

#[derive(Deserialize)]
struct File {
    lid_driven_cavity: Lid,
    heated_square_cavity: Heated,
}

#[derive(Deserialize)]
struct Lid {
    source: String,
    y: Vec<f64>,
    u_at_x_half: BTreeMap<String, Vec<f64>>,
    x: Vec<f64>,
    v_at_y_half: BTreeMap<String, Vec<f64>>,
}

#[derive(Deserialize)]
struct Heated {
    source: String,
    table: Vec<Row>,
}

#[derive(Clone, Deserialize)]
struct Row {
    #[serde(rename = "Ra")]
    ra: f64,
    #[serde(rename = "Nu")]
    nu: f64,
    u_max: f64,
    v_max: f64,
}

/// The published profiles of one Reynolds number.
#[derive(Clone)]
struct Profiles {
    re: f64,
    u: Vec<[f64; 2]>,
    v: Vec<[f64; 2]>,
}

/// The shipped cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    match serde_json::from_str::<File>(FILE) {
        Ok(file) => {
            let lids = profiles(&file.lid_driven_cavity).into_iter();
            let lid_source = file.lid_driven_cavity.source.clone();
            let mut cases: Vec<Case> = lids.map(|p| lid(p, &lid_source)).collect();
            let heated_source = &file.heated_square_cavity.source;
            cases.extend(file.heated_square_cavity.table.iter().map(|r| heated(r, heated_source)));
            cases
        }
        Err(error) => {
            let error = CaseError::file("cavities.json", error);
            vec![readable("cavities", Topic::Air, Err(error))]
        }
    }
}

fn profiles(lid: &Lid) -> Vec<Profiles> {
    let mut all = Vec::new();
    for (name, u) in &lid.u_at_x_half {
        let (Ok(re), Some(v)) = (name.parse(), lid.v_at_y_half.get(name)) else { continue };
        let pair = |at: &[f64], values: &[f64]| -> Vec<[f64; 2]> {
            at.iter().zip(values).map(|(a, b)| [*a, *b]).collect()
        };
        let mut v = pair(&lid.x, v);
        v.retain(|p| (name.as_str(), p[0]) != MISPRINT);
        all.push(Profiles { re, u: pair(&lid.y, u), v });
    }
    all.sort_by(|a, b| a.re.total_cmp(&b.re));
    all
}

fn lid(published: Profiles, source: &str) -> Case {
    let re = published.re;
    let title = format!("Lid-driven square cavity, Re {re:.0}");
    Case::new(format!("lid_re{re:.0}"), Topic::Air, title, source, move |cancel| {
        lid_answer(&published, cancel)
    })
}

fn solved_lid(re: f64, n: usize, cancel: &CancelToken) -> Result<LidAnswer, CaseError> {
    match solve_cavity(&CavityCase::Lid { re, n }, cancel).map_err(stopped)? {
        CavityAnswer::Lid(answer) => Ok(answer),
        CavityAnswer::Heated(_) => Err(CaseError::solver("another cavity was answered")),
    }
}

fn lid_answer(published: &Profiles, cancel: &CancelToken) -> Result<Answer, CaseError> {
    let (mut quantities, mut picture, mut settled) = (Vec::new(), None, true);
    for (n, tolerance) in LID {
        let ours = solved_lid(published.re, n, cancel)?;
        settled &= ours.settled;
        let lines = [
            ("Horizontal", &ours.y, &ours.u_at_x_half, &published.u),
            ("Vertical", &ours.x, &ours.v_at_y_half, &published.v),
        ];
        for (name, at, values, theirs) in lines {
            let error = worst_of(at, values, theirs);
            let name = format!("{name} speed, {n}², worst |Δ| over the lid's");
            quantities.push(Quantity::error_of(name, "", error).within(tolerance));
        }
        picture = Some(profile(published, &ours));
    }
    Ok(Answer { quantities, picture, settled, notes: Vec::new() })
}

/// Worst difference at the published places; a place that ours lacks fails.
fn worst_of(at: &[f64], ours: &[f64], theirs: &[[f64; 2]]) -> f64 {
    const SAME_PLACE: f64 = 1e-9;
    let errors = theirs.iter().map(|[x, v]| {
        let place = at.iter().position(|a| (a - x).abs() < SAME_PLACE);
        place.and_then(|i| ours.get(i)).map_or(f64::NAN, |o| o - v)
    });
    super::statistics::worst(&errors.collect::<Vec<_>>())
}

fn profile(published: &Profiles, ours: &LidAnswer) -> Picture {
    let zip = |at: &[f64], v: &[f64]| at.iter().zip(v).map(|(a, b)| [*a, *b]).collect();
    let series =
        |name: &str, is_reference, points| Series { name: name.into(), is_reference, points };
    Picture::Profile {
        x: "place on the centre line".into(),
        y: "speed over the lid's".into(),
        series: vec![
            series("u, reference", true, published.u.clone()),
            series("u, ours", false, zip(&ours.y, &ours.u_at_x_half)),
            series("v, reference", true, published.v.clone()),
            series("v, ours", false, zip(&ours.x, &ours.v_at_y_half)),
        ],
    }
}

fn heated(row: &Row, source: &str) -> Case {
    let (row, ra) = (row.clone(), row.ra);
    let power = ra.log10().round();
    let title = format!("Heated square cavity, Ra 1e{power}");
    Case::new(format!("heated_ra1e{power}"), Topic::Air, title, source, move |cancel| {
        heated_answer(&row, cancel)
    })
}

fn solved_heated(ra: f64, n: usize, cancel: &CancelToken) -> Result<HeatedAnswer, CaseError> {
    match solve_cavity(&CavityCase::Heated { ra, n }, cancel).map_err(stopped)? {
        CavityAnswer::Heated(answer) => Ok(answer),
        CavityAnswer::Lid(_) => Err(CaseError::solver("another cavity was answered")),
    }
}

fn heated_answer(row: &Row, cancel: &CancelToken) -> Result<Answer, CaseError> {
    let (mut quantities, mut points, mut settled) = (Vec::new(), Vec::new(), true);
    for n in HEATED {
        let ours = solved_heated(row.ra, n, cancel)?;
        settled &= ours.settled;
        let relative = |name: &str, reference, ours, tolerance| {
            Quantity::relative(format!("{name}, {n}²"), "", reference, ours).within(tolerance)
        };
        quantities.extend([
            relative("Nusselt number", row.nu, ours.nu, NUSSELT_PERCENT),
            relative("Largest horizontal speed", row.u_max, ours.u_max, VELOCITY_PERCENT),
            relative("Largest vertical speed", row.v_max, ours.v_max, VELOCITY_PERCENT),
            Quantity::difference(
                format!("Heat in − out, {n}²"),
                "%",
                0.0,
                ours.wall_imbalance_percent,
            )
            .within(IMBALANCE_PERCENT),
        ]);
        points.push(Point::new(format!("Nu {n}²"), row.nu, ours.nu));
        points.push(Point::new(format!("u {n}²"), row.u_max, ours.u_max));
        points.push(Point::new(format!("v {n}²"), row.v_max, ours.v_max));
    }
    let quantity = "Nusselt number and largest speeds".into();
    let band = Some(0.01 * VELOCITY_PERCENT);
    let picture = Picture::Scatter { quantity, unit: "", points, band, log: true };
    Ok(Answer { quantities, picture: Some(picture), settled, notes: Vec::new() })
}
