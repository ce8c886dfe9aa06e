//! Coolant properties and exchanger effectiveness against reference tables.

use super::registry::readable;
use super::statistics::worst;
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Series, Topic};
use crate::evaluate::liquid::{Coolant, Properties};
use crate::numerics::exchanger::counterflow_effectiveness;
use crate::units::ZERO_CELSIUS_K;
use serde::Deserialize;
use std::collections::BTreeMap;

const COOLANTS: &str = include_str!("../../tests/cases/plant/coolant_properties.json");
const EXCHANGER: &str = include_str!("../../tests/cases/plant/effectiveness_ntu.json");

/// Density in kg/m³ and heat capacity in J/(kg K): the model interpolates these very points.
const PROPERTY: f64 = 1e-9;
/// Effectiveness; the reference is printed to 1e-7.
const EFFECTIVENESS: f64 = 1e-6;

#[derive(Deserialize)]
struct Coolants {
    source: String,
    fluids: BTreeMap<String, Vec<Fluid>>,
}

#[derive(Deserialize)]
struct Fluid {
    t_c: f64,
    density: f64,
    cp: f64,
}

#[derive(Deserialize)]
struct Exchanger {
    source: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    ntu: f64,
    cr: f64,
    effectiveness: f64,
}

/// The shipped cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    vec![
        readable("coolant_properties", Topic::Liquid, coolants("coolant_properties", COOLANTS)),
        readable(
            "counterflow_exchanger",
            Topic::Liquid,
            exchanger("counterflow_exchanger", EXCHANGER),
        ),
    ]
}

fn coolants(id: &str, text: &str) -> Result<Case, CaseError> {
    let file: Coolants = serde_json::from_str(text).map_err(|e| CaseError::file(id, e))?;
    let source = file.source.clone();
    let title = "Density and heat capacity of water and PG25";
    Ok(Case::new(id, Topic::Liquid, title, source, move |_| Ok(properties(&file))))
}

fn properties(file: &Coolants) -> Answer {
    let (mut quantities, mut points) = (Vec::new(), Vec::new());
    for (name, coolant) in [("PG25_vol", Coolant::Pg25), ("water", Coolant::Water)] {
        for row in file.fluids.get(name).into_iter().flatten() {
            let got = Properties::of(coolant, row.t_c + ZERO_CELSIUS_K);
            let what = format!("{name} at {} °C", row.t_c);
            quantities.push(
                Quantity::difference(
                    format!("Density, {what}"),
                    "kg/m³",
                    row.density,
                    got.density_kg_m3,
                )
                .within(PROPERTY),
            );
            quantities.push(
                Quantity::difference(
                    format!("Heat capacity, {what}"),
                    "J/(kg K)",
                    row.cp,
                    got.cp_j_kg_k,
                )
                .within(PROPERTY),
            );
            points.push(Point::new(what, row.cp, got.cp_j_kg_k));
        }
    }
    let quantity = "Heat capacity".into();
    Answer::of(
        quantities,
        Picture::Scatter { quantity, unit: "J/(kg K)", points, band: None, log: false },
    )
}

fn exchanger(id: &str, text: &str) -> Result<Case, CaseError> {
    let file: Exchanger = serde_json::from_str(text).map_err(|e| CaseError::file(id, e))?;
    let source = file.source.clone();
    let title = format!("Effectiveness of counter-flow exchangers at {} points", file.rows.len());
    Ok(Case::new(id, Topic::Liquid, title, source, move |_| Ok(effectiveness(&file.rows))))
}

fn effectiveness(rows: &[Row]) -> Answer {
    let errors: Vec<f64> =
        rows.iter().map(|r| counterflow_effectiveness(r.ntu, r.cr) - r.effectiveness).collect();
    let name = format!("Effectiveness at {} points, worst |Δ|", rows.len());
    let quantities = vec![Quantity::error_of(name, "", worst(&errors)).within(EFFECTIVENESS)];
    let mut ratios: Vec<f64> = rows.iter().map(|r| r.cr).collect();
    ratios.sort_by(f64::total_cmp);
    ratios.dedup();
    let mut series = Vec::new();
    for ratio in ratios {
        let of = |f: &dyn Fn(&Row) -> f64| -> Vec<[f64; 2]> {
            rows.iter().filter(|r| r.cr == ratio).map(|r| [r.ntu, f(r)]).collect()
        };
        let theirs = of(&|r| r.effectiveness);
        let ours = of(&|r| counterflow_effectiveness(r.ntu, r.cr));
        let name = format!("C = {ratio}");
        series.push(Series {
            name: format!("{name}, reference"),
            is_reference: true,
            points: theirs,
        });
        series.push(Series { name: format!("{name}, ours"), is_reference: false, points: ours });
    }
    let picture = Picture::Profile { x: "NTU".into(), y: "Effectiveness".into(), series };
    Answer::of(quantities, picture)
}
