//! The published cavities: a lid that slides, a warm wall opposite a cold one.

use super::picture::Series;
use super::registry::readable;
use super::{Answer, Case, CaseError, Picture, Quantity, Topic};
use crate::evaluate::air::{
    AirError, CavityAnswer, CavityCase, GHIA_X, GHIA_Y, HeatedAnswer, LidAnswer, solve_cavity,
};
use crate::evaluate::cancel::CancelToken;
use serde::Deserialize;
use std::collections::BTreeMap;

const FILE: &str = include_str!("../../tests/cases/air/cavity.json");
/// Reynolds numbers and cells along an edge.
const LIDS: [(u32, usize); 4] = [(100, 64), (400, 64), (1000, 64), (1000, 128)];
/// Rows of the heated table and cells along an edge; thin layers at 1e6 take the finer grid.
const HEATED: [(usize, usize); 4] = [(0, 64), (1, 64), (2, 96), (3, 128)];
/// Largest error of the centre-line speeds over the lid's speed, up to this many cells and beyond.
const LID_BANDS: [(usize, f64); 2] = [(64, 0.02), (512, 0.01)];
/// Error of the mean Nusselt number and of the largest speeds.
const NUSSELT_BAND_PERCENT: f64 = 1.0;
const SPEED_BAND_PERCENT: f64 = 2.0;
/// Error of the speeds across the lid-driven cavity over the lid's speed, on any grid.
const SPEED_BAND: f64 = 0.02;
/// Difference of the walls' heat, %.
const IMBALANCE_PERCENT: f64 = 0.5;

#[derive(Clone, Deserialize)]
struct File {
    lid: Lid,
    heated: Heated,
}

#[derive(Clone, Deserialize)]
struct Lid {
    source: String,
    notes: String,
    left_out: BTreeMap<String, Vec<usize>>,
    spectral: BTreeMap<String, Spectral>,
    u_at_x_half: BTreeMap<String, Vec<f64>>,
    v_at_y_half: BTreeMap<String, Vec<f64>>,
}

#[derive(Clone, Copy, Deserialize)]
struct Spectral {
    u_min: f64,
    v_max: f64,
    v_min: f64,
}

#[derive(Clone, Deserialize)]
struct Heated {
    source: String,
    table: Vec<Row>,
}

#[derive(Clone, Copy, Deserialize)]
struct Row {
    #[serde(rename = "Ra")]
    ra: f64,
    u_max: f64,
    v_max: f64,
    #[serde(rename = "Nu")]
    nu: f64,
}

/// All cavity cases.
pub fn cases() -> Vec<Case> {
    let file: Result<File, CaseError> =
        serde_json::from_str(FILE).map_err(|e| CaseError::file("cavity.json", e));
    let file = match file {
        Ok(file) => file,
        Err(error) => return vec![readable("cavity", Topic::Air, Err(error))],
    };
    let lids = LIDS.iter().map(|(re, n)| lid_case(&file.lid, *re, *n));
    let heated = HEATED.iter().filter_map(|(row, n)| {
        Some(heated_case(&file.heated.source, *file.heated.table.get(*row)?, *n))
    });
    lids.chain(heated).collect()
}

fn solved(case: CavityCase, cancel: &CancelToken) -> Result<CavityAnswer, CaseError> {
    solve_cavity(&case, cancel).map_err(|error| match error {
        AirError::Cancelled(c) => CaseError::Cancelled(c),
        error => CaseError::solver(error),
    })
}

fn lid_case(table: &Lid, re: u32, n: usize) -> Case {
    let (table, key) = (table.clone(), re.to_string());
    let title = format!("Lid-driven cavity, Re {re}, {n} × {n} cells");
    let source = table.source.clone();
    Case::new(format!("lid_{re}_{n}"), Topic::Air, title, source, move |cancel| {
        match solved(CavityCase::Lid { re: f64::from(re), n }, cancel)? {
            CavityAnswer::Lid(ours) => Ok(compare_lid(&table, &key, &ours)),
            CavityAnswer::Heated(_) => Err(CaseError::solver("another cavity was solved")),
        }
    })
}

fn compare_lid(table: &Lid, re: &str, ours: &LidAnswer) -> Answer {
    let band = LID_BANDS.iter().find(|(n, _)| ours.n <= *n).map_or(SPEED_BAND, |b| b.1);
    let none = Vec::new();
    let u = table.u_at_x_half.get(re).unwrap_or(&none);
    let v = table.v_at_y_half.get(re).unwrap_or(&none);
    let left_out = table.left_out.get(re).cloned().unwrap_or_default();
    let worst = |ours: &[f64], theirs: &[f64], left_out: &[usize]| {
        let points = ours.iter().zip(theirs).enumerate().filter(|(i, _)| !left_out.contains(i));
        points.map(|(_, (a, b))| (a - b).abs()).fold(0.0, f64::max)
    };
    let mut quantities = vec![
        Quantity::error_of("u on x = ½, worst |Δ|", "U", worst(&ours.u_at_x_half, u, &[]))
            .within(band),
        // The table itself is up to 1 % of U off spectral answers here.
        Quantity::error_of("v on y = ½, worst |Δ|", "U", worst(&ours.v_at_y_half, v, &left_out))
            .within(SPEED_BAND),
    ];
    if let Some(s) = table.spectral.get(re) {
        for (name, theirs, ours) in [
            ("u_min", s.u_min, ours.u_min),
            ("v_min", s.v_min, ours.v_min),
            ("v_max", s.v_max, ours.v_max),
        ] {
            let name = format!("{name} against spectral");
            quantities.push(Quantity::difference(name, "U", theirs, ours).within(band));
        }
    }
    let series = |name: &str, x: &[f64], y: &[f64]| Series {
        name: name.into(),
        is_reference: !name.ends_with("ours"),
        points: x.iter().zip(y).map(|(x, y)| [*x, *y]).collect(),
    };
    let picture = Picture::Profile {
        x: "y (u) or x (v) over the edge".into(),
        y: "speed over the lid's".into(),
        series: vec![
            series("u, Ghia et al.", &GHIA_Y, u),
            series("v, Ghia et al.", &GHIA_X, v),
            series("u, ours", &ours.y, &ours.u_at_x_half),
            series("v, ours", &ours.x, &ours.v_at_y_half),
        ],
    };
    Answer {
        quantities,
        picture: Some(picture),
        settled: ours.settled,
        notes: vec![table.notes.clone()],
    }
}

fn heated_case(source: &str, row: Row, n: usize) -> Case {
    let id = format!("heated_1e{:.0}", row.ra.log10());
    let title =
        format!("Square between a warm and a cold wall, Ra {:.0e}, {n} × {n} cells", row.ra);
    Case::new(id, Topic::Air, title, source.to_owned(), move |cancel| {
        match solved(CavityCase::Heated { ra: row.ra, n }, cancel)? {
            CavityAnswer::Heated(ours) => Ok(compare_heated(&row, &ours)),
            CavityAnswer::Lid(_) => Err(CaseError::solver("another cavity was solved")),
        }
    })
}

fn compare_heated(row: &Row, ours: &HeatedAnswer) -> Answer {
    let quantities = vec![
        Quantity::relative("Nu", "", row.nu, ours.nu).within(NUSSELT_BAND_PERCENT),
        Quantity::relative("u_max", "α/L", row.u_max, ours.u_max).within(SPEED_BAND_PERCENT),
        Quantity::relative("v_max", "α/L", row.v_max, ours.v_max).within(SPEED_BAND_PERCENT),
        Quantity::error_of("Walls' heat, difference", "%", ours.wall_imbalance_percent.abs())
            .within(IMBALANCE_PERCENT),
    ];
    Answer { quantities, picture: None, settled: ours.settled, notes: Vec::new() }
}
