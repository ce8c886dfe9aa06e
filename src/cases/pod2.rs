//! A real hall, measured: POD 2 of RISE SICS North, twelve racks, four perimeter coolers, six
//! steady windows (`tests/cases/air/pod2.json` says who measured, and how far to trust it).
//!
//! The hall is built as the file describes it. A rack's ten chassis stand in four groups with
//! blanking between them; each group is one intake over the rack's full width (the file's 85 mm of
//! side blanking are narrower than a cell). Coolers blow at the measured discharge temperature with
//! the flow that the window's heat balance implies.
//!
//! What is compared is biased: server intakes are the servers' own sensors, 1 K steps, inside the
//! chassis; the file expects them 1 to 2 K high. Nothing is corrected for it here.

use super::air::{effort_notes, solved};
use super::registry::readable;
use super::statistics::{mean, mean_abs, rank_correlation, worst};
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Topic};
use crate::evaluate::air::{
    AirCase, AirPath, AirProperties, AirRack, AirResult, AirSolid, AirUnit, Box3, RackOptions,
    Rect, Side, UnitKind,
};
use crate::evaluate::cancel::CancelToken;
use crate::units::ZERO_CELSIUS_K;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

const FILE: &str = include_str!("../../tests/cases/air/pod2.json");

/// Mean intake, and mean |Δ| over racks, K: the file's own "good result".
const INTAKE_K: f64 = 1.5;
/// Least rank correlation over the twelve racks.
const LEAST_RANK: f64 = 0.6;
/// Mean |Δ| of the coolers' return, K.
const RETURN_K: f64 = 1.5;
/// Heat in − heat out over heat in, %.
const HEAT_CLOSURE_PERCENT: f64 = 0.1;
/// Cells, m: the CFD references' own.
const CELL_M: f64 = 0.15;
/// Power below which a window is shown but not gated, W: the idle hall.
const LOADED_W: f64 = 40_000.0;

/// Air through one server per fan speed, m³/s per rpm (two fans; the authors' estimate from the fan
/// data sheet, ±30 %).
const SERVER_FLOW_M3_S_RPM: f64 = 7.78e-6;
/// Servers side by side in a chassis.
const SERVERS_PER_CHASSIS: f64 = 3.0;
/// Height of a chassis, m.
const CHASSIS_M: f64 = 0.1;
/// ρ c_p at which the file's implied cooler flows hold, J/(m³ K); split as 1.2 kg/m³.
const AIR: AirProperties = AirProperties { rho_kg_m3: 1.2, cp_j_kg_k: 1005.0 };

/// Footprint of a cooler, m: across the aisle, along it, height.
const COOLER_M: [f64; 3] = [0.51, 1.225, 2.55];
/// Its outlet: width, lower and upper edge, m.
const OUTLET_M: [f64; 3] = [1.0, 0.1, 1.875];
/// Name, whether it stands at x = 0 (blowing to +x), and where it starts along y, m.
const COOLERS: [(&str, bool, f64); 4] = [
    ("P02HDZ01", false, 2.275),
    ("P02HDZ02", false, 0.6),
    ("P02HDZ03", true, 0.6),
    ("P02HDZ04", true, 2.275),
];

#[derive(Deserialize)]
struct File {
    title: String,
    geometry: Geometry,
    windows: Vec<Window>,
}

#[derive(Deserialize)]
struct Geometry {
    room_m: [f64; 3],
    rows: [Row; 2],
    rack_pitch_y_m: f64,
    chassis_bottom_z_m: Vec<f64>,
}

/// A row: its outer box; the first one holds R12 to R07, the second R01 to R06, both ending at y=0.
#[derive(Deserialize)]
struct Row {
    #[serde(rename = "box")]
    corners: [[f64; 3]; 2],
}

#[derive(Deserialize)]
struct Window {
    window: String,
    #[serde(rename = "total_server_power_W")]
    power_w: f64,
    #[serde(rename = "implied_cooler_flow_at_100pct_m3s")]
    full_cooler_flow_m3_s: f64,
    coolers: BTreeMap<String, Cooler>,
    racks: BTreeMap<String, Rack>,
}

#[derive(Deserialize)]
struct Cooler {
    fan_signal_pct: f64,
    #[serde(rename = "return_C")]
    return_c: Vec<f64>,
    #[serde(rename = "discharge_C")]
    discharge_c: f64,
}

#[derive(Deserialize)]
struct Rack {
    fan_rpm_mean: f64,
    #[serde(rename = "intake_mean_C")]
    intake_c: f64,
    #[serde(rename = "power_by_chassis_W")]
    power_by_chassis_w: Vec<f64>,
}

/// The six windows.
#[must_use]
pub fn cases() -> Vec<Case> {
    match serde_json::from_str::<File>(FILE) {
        Ok(file) => {
            let file = Arc::new(file);
            (0..file.windows.len()).map(|w| case(&file, w)).collect()
        }
        Err(error) => vec![readable("pod2", Topic::Air, Err(CaseError::file("pod2.json", error)))],
    }
}

fn case(file: &Arc<File>, window: usize) -> Case {
    let file = Arc::clone(file);
    let w = &file.windows[window];
    let power_kw = w.power_w * 1e-3;
    let kind = w.window.split('_').next().unwrap_or_default();
    let title = format!("Measured hall, {power_kw:.0} kW {kind} load, 12 racks");
    let source = format!("Measured. {}", file.title);
    let id = format!("pod2_{}", w.window);
    Case::new(id, Topic::Air, title, source, move |cancel| {
        answer(&file.geometry, &file.windows[window], cancel)
    })
}

/// The hall of a window as an air case.
fn hall(g: &Geometry, w: &Window) -> Result<AirCase, CaseError> {
    let mut case = AirCase::empty(format!("pod2 {}", w.window), g.room_m, AIR);
    case.dx_m = CELL_M;
    for (id, rack) in &w.racks {
        place_rack(&mut case, g, id, rack)?;
    }
    for (id, at_low_x, y_m) in COOLERS {
        let cooler = w.coolers.get(id).ok_or_else(|| {
            CaseError::file("pod2.json", format!("{}: coolers has no {id}", w.window))
        })?;
        let flow_m3_s = 0.01 * cooler.fan_signal_pct * w.full_cooler_flow_m3_s;
        case.units.push(unit(id, at_low_x, y_m, g.room_m[0], flow_m3_s, cooler.discharge_c));
    }
    Ok(case)
}

/// Where a rack stands, and its intake side: R07 to R12 in the row at low x from y = 0, R06 to R01
/// in the other.
fn place_of(g: &Geometry, id: &str) -> Option<(Box3, Side)> {
    let number: u32 = id.strip_prefix('R')?.parse().ok()?;
    let (row, place, front) = match number {
        7..=12 => (&g.rows[0], number - 7, Side::MinusX),
        1..=6 => (&g.rows[1], 6 - number, Side::PlusX),
        _ => return None,
    };
    let [mut min_m, mut max_m] = row.corners;
    min_m[1] = f64::from(place) * g.rack_pitch_y_m;
    max_m[1] = min_m[1] + g.rack_pitch_y_m;
    Some((Box3 { min_m, max_m }, front))
}

fn place_rack(case: &mut AirCase, g: &Geometry, id: &str, rack: &Rack) -> Result<(), CaseError> {
    let bad = |problem: &str| CaseError::file("pod2.json", format!("rack {id}: {problem}"));
    let (body, front) = place_of(g, id).ok_or_else(|| bad("not one of R01 to R12"))?;
    if rack.power_by_chassis_w.len() != g.chassis_bottom_z_m.len() {
        return Err(bad("power_by_chassis_W has not one value per chassis"));
    }
    let chassis_flow = SERVER_FLOW_M3_S_RPM * SERVERS_PER_CHASSIS * rack.fan_rpm_mean;
    let mut below_m = body.min_m[2];
    for group in groups(&g.chassis_bottom_z_m) {
        let (bottom, top) = group_height(&g.chassis_bottom_z_m, &group);
        blank(case, id, &body, below_m, bottom);
        case.racks.push(AirRack {
            id: format!("{id}.{}", group.start + 1),
            object: None,
            box_m: between(&body, bottom, top),
            front,
            flow_m3_s: chassis_flow * group.len() as f64,
            heat_w: rack.power_by_chassis_w[group.clone()].iter().sum(),
            removed_w: 0.0,
            limits: None,
            options: RackOptions::default(),
        });
        below_m = top;
    }
    blank(case, id, &body, below_m, body.max_m[2]);
    Ok(())
}

/// Chassis that stand on each other, as ranges.
fn groups(bottoms_m: &[f64]) -> Vec<std::ops::Range<usize>> {
    const TOUCH_M: f64 = 0.01;
    let mut out: Vec<std::ops::Range<usize>> = Vec::new();
    for (i, z) in bottoms_m.iter().enumerate() {
        match out.last_mut() {
            Some(g) if z - bottoms_m[g.end - 1] < CHASSIS_M + TOUCH_M => g.end = i + 1,
            _ => out.push(i..i + 1),
        }
    }
    out
}

fn group_height(bottoms_m: &[f64], group: &std::ops::Range<usize>) -> (f64, f64) {
    (bottoms_m[group.start], bottoms_m[group.end - 1] + CHASSIS_M)
}

fn between(body: &Box3, bottom_m: f64, top_m: f64) -> Box3 {
    let mut part = *body;
    (part.min_m[2], part.max_m[2]) = (bottom_m, top_m);
    part
}

fn blank(case: &mut AirCase, id: &str, body: &Box3, bottom_m: f64, top_m: f64) {
    if top_m > bottom_m {
        let id = format!("{id} blank {bottom_m:.2}");
        case.solids.push(AirSolid { id, box_m: between(body, bottom_m, top_m) });
    }
}

fn unit(id: &str, low_x: bool, y_m: f64, room_x_m: f64, flow_m3_s: f64, t_c: f64) -> AirUnit {
    let [deep, wide, high] = COOLER_M;
    let (x0, x1) = if low_x { (0.0, deep) } else { (room_x_m - deep, room_x_m) };
    let body = Box3 { min_m: [x0, y_m, 0.0], max_m: [x1, y_m + wide, high] };
    let top = Rect { min_m: [x0, y_m, high], max_m: [x1, y_m + wide, high], air_side: Side::PlusZ };
    let [out_wide, out_low, out_high] = OUTLET_M;
    let (face, air_side) = if low_x { (x1, Side::PlusX) } else { (x0, Side::MinusX) };
    let y_out = y_m + 0.5 * (wide - out_wide);
    let outlet =
        Rect { min_m: [face, y_out, out_low], max_m: [face, y_out + out_wide, out_high], air_side };
    AirUnit {
        id: id.into(),
        object: None,
        kind: UnitKind::Crah,
        box_m: Some(body),
        intake: AirPath::Faces(vec![top]),
        discharge: AirPath::Faces(vec![outlet]),
        flow_m3_s,
        supply_t_k: t_c + ZERO_CELSIUS_K,
        capacity_w: None,
        coil_inlet_t_k: None,
        failed: false,
        fans: None,
    }
}

fn answer(g: &Geometry, w: &Window, cancel: &CancelToken) -> Result<Answer, CaseError> {
    let hall = hall(g, w)?;
    let result = solved(&hall, cancel)?;
    let racks = racks(&hall, &result, w);
    let coolers = coolers(&result, w);
    let gated = w.power_w >= LOADED_W;
    let mut quantities = compared("Intake", "intakes", &racks, gated);
    quantities.extend(rank(&racks, gated));
    let errors: Vec<f64> = coolers.iter().map(|p| p.ours - p.reference).collect();
    quantities.push(
        Quantity::error_of("Cooler returns, mean |Δ|", "K", mean_abs(&errors))
            .within_if(gated, RETURN_K),
    );
    quantities.extend(each("Return", &coolers));
    let closure =
        Quantity::difference("Heat closure", "%", 0.0, 100.0 * result.balance.heat_closure);
    quantities.push(closure.within_if(gated, HEAT_CLOSURE_PERCENT));
    let picture = Picture::Pairs {
        quantity: "Rack intake and cooler return".into(),
        unit: "°C",
        points: racks.into_iter().chain(coolers).collect(),
    };
    let mut notes = vec![
        "server sensors inside the chassis, expected 1 to 2 K high; nothing is corrected for it"
            .into(),
        "server flow from fan speed, ±30 %; 85 mm of side blanking are left out".into(),
    ];
    if !gated {
        notes.push("idle hall: shown, not gated".into());
    }
    notes.extend(effort_notes(&result));
    Ok(Answer { quantities, picture: Some(picture), settled: result.effort.settled, notes })
}

fn compared(name: &str, plural: &str, points: &[Point], gated: bool) -> Vec<Quantity> {
    let errors: Vec<f64> = points.iter().map(|p| p.ours - p.reference).collect();
    let of = |f: fn(&Point) -> f64| mean(&points.iter().map(f).collect::<Vec<_>>());
    let mut out = vec![
        Quantity::difference(
            format!("Mean of {plural}"),
            "°C",
            of(|p| p.reference),
            of(|p| p.ours),
        )
        .within_if(gated, INTAKE_K),
        Quantity::error_of(format!("{name}s, mean |Δ|"), "K", mean_abs(&errors))
            .within_if(gated, INTAKE_K),
        Quantity::error_of(format!("{name}s, worst |Δ|"), "K", worst(&errors)),
    ];
    out.extend(each(name, points));
    out
}

fn each<'a>(name: &'a str, points: &'a [Point]) -> impl Iterator<Item = Quantity> + 'a {
    points.iter().map(move |p| {
        Quantity::difference(format!("{name} {}", p.label), "°C", p.reference, p.ours)
    })
}

fn rank(points: &[Point], gated: bool) -> Option<Quantity> {
    let (theirs, ours): (Vec<f64>, Vec<f64>) = points.iter().map(|p| (p.reference, p.ours)).unzip();
    let rho = rank_correlation(&theirs, &ours).unwrap_or(0.0);
    let quantity = Quantity::difference("Intakes, rank correlation", "", 1.0, rho);
    Some(quantity.within_if(gated, 1.0 - LEAST_RANK))
}

/// Flow-weighted intake of each rack over its groups of chassis.
fn racks(hall: &AirCase, result: &AirResult, w: &Window) -> Vec<Point> {
    let one = |(id, measured): (&String, &Rack)| {
        let mut sums = (0.0, 0.0);
        for (asked, got) in hall.racks.iter().zip(&result.racks) {
            if asked.id.split('.').next() == Some(id) {
                sums.0 += asked.flow_m3_s * (got.intake_mean_k - ZERO_CELSIUS_K);
                sums.1 += asked.flow_m3_s;
            }
        }
        Point::new(id.clone(), measured.intake_c, sums.0 / sums.1)
    };
    w.racks.iter().map(one).collect()
}

fn coolers(result: &AirResult, w: &Window) -> Vec<Point> {
    let one = |u: &crate::evaluate::air::UnitAir| {
        let measured = w.coolers.get(&u.id)?;
        let label = u.id.trim_start_matches("P02").to_owned();
        Some(Point::new(label, mean(&measured.return_c), u.return_k - ZERO_CELSIUS_K))
    };
    result.units.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> File {
        serde_json::from_str(FILE).unwrap()
    }

    #[test]
    fn every_watt_and_every_rack_of_the_file_stands_in_the_hall() {
        let file = file();
        for w in &file.windows {
            let hall = hall(&file.geometry, w).unwrap();
            hall.check().unwrap();
            assert_eq!((hall.racks.len(), hall.units.len()), (48, 4));
            let heat_w: f64 = hall.racks.iter().map(|r| r.heat_w).sum();
            // Chassis powers are rounded to 1 W in the file.
            assert!((heat_w / w.power_w - 1.0).abs() < 0.01, "{} {heat_w}", w.window);
            // Heat balance of the coolers as measured: what their flow and temperatures carry.
            let carried: f64 = w
                .coolers
                .values()
                .map(|c| {
                    let flow = 0.01 * c.fan_signal_pct * w.full_cooler_flow_m3_s;
                    AIR.rho_cp() * flow * (mean(&c.return_c) - c.discharge_c)
                })
                .sum();
            assert!((carried / w.power_w - 1.0).abs() < 0.02, "{carried}");
        }
    }

    #[test]
    fn chassis_that_touch_make_four_groups() {
        let g = file().geometry;
        assert_eq!(groups(&g.chassis_bottom_z_m), [0..3, 3..5, 5..8, 8..10]);
        let (body, front) = place_of(&g, "R12").unwrap();
        assert!((body.min_m[1] - 3.1).abs() < 1e-9 && front == Side::MinusX);
        assert!(place_of(&g, "R13").is_none());
    }
}
