//! What a solved raised floor tells: tile flows, pressures and the problems that they show.

use super::case::{AirPath, AirRack};
use super::findings::{finding, subject};
use super::metrics::Solved;
use super::plenum::SolvedPlenum;
use super::result::{PlenumAir, RackFlow, TileAir};
use super::room::Jet;
use crate::evaluate::finding::{Finding, Severity, Subject};

/// Depth in m of the floor before a rack whose tiles serve it: a cold aisle.
const SERVED_DEPTH_M: f64 = 1.2;
/// A rack whose tiles give less than this share of its flow breathes other air.
///
/// Assumption: 80 %; a cold aisle shares some air along its length.
const SHORT_TILES: f64 = 0.8;
/// Air through seams above this share of the supply is worth telling.
///
/// The upper end of what measured floors lose (Radmehr et al. 2005: 5 to 15 %).
const MANY_SEAMS: f64 = 0.15;

pub(super) fn answers(s: &Solved) -> Vec<PlenumAir> {
    s.machines.plenums.iter().map(|p| answer(s, p)).collect()
}

fn answer(s: &Solved, p: &SolvedPlenum) -> PlenumAir {
    let tile = |(i, flow_m3_s): &(usize, f64)| {
        let port = &s.case.ports[*i];
        let jet_m_s = s.machines.jets.iter().find(|j| j.port == *i).map_or(0.0, Jet::speed_m_s);
        TileAir { id: port.id.clone(), object: port.object, flow_m3_s: *flow_m3_s, jet_m_s }
    };
    let n = p.static_pa.len().max(1) as f64;
    PlenumAir {
        name: p.name.clone(),
        tiles: p.tiles.iter().map(tile).collect(),
        supply_m3_s: p.units.iter().map(|u| u.flow_m3_s).sum(),
        seams_m3_s: p.seams.iter().sum(),
        mean_pa: p.static_pa.iter().sum::<f64>() / n,
        min_pa: p.static_pa.iter().copied().fold(f64::INFINITY, f64::min),
        mass_closure: p.mass_closure,
        iterations: p.iterations,
        n: p.n,
        h_m: p.h_m,
        corner_m: p.corner_m,
        static_pa: p.static_pa.iter().map(|p| *p as f32).collect(),
    }
}

pub(super) fn findings(s: &Solved) -> Vec<Finding> {
    let mut out = Vec::new();
    for p in &s.machines.plenums {
        reverse(s, p, &mut out);
        seams(p, &mut out);
        short(s, p, &mut out);
    }
    unsolved(s, &mut out);
    out
}

/// Tiles that draw room air down.
fn reverse(s: &Solved, p: &SolvedPlenum, out: &mut Vec<Finding>) {
    for (port, q) in p.tiles.iter().filter(|(_, q)| *q < 0.0) {
        let port = &s.case.ports[*port];
        let message = format!(
            "{} draws {:.2} m³/s of room air down: the air under it is too fast",
            port.id, -q
        );
        let at = subject(port.object, &port.id);
        out.push(Finding {
            value: Some(*q),
            limit: Some(0.0),
            unit: "m³/s",
            source: "Static pressure = total pressure − dynamic pressure under the floor".into(),
            advice: "Move the tile away from the units, or deepen the plenum".into(),
            ..finding(Severity::Warning, "air.tile-reverse-flow", at, message)
        });
    }
}

fn seams(p: &SolvedPlenum, out: &mut Vec<Finding>) {
    let supply: f64 = p.units.iter().map(|u| u.flow_m3_s).sum();
    let lost = p.seams.iter().sum::<f64>() / supply.max(f64::MIN_POSITIVE);
    if lost <= MANY_SEAMS {
        return;
    }
    let message =
        format!("{:.0} % of the air under the {} leaves through seams", 100.0 * lost, p.name);
    out.push(Finding {
        value: Some(100.0 * lost),
        limit: Some(100.0 * MANY_SEAMS),
        unit: "%",
        source: "Leakage of measured raised floors, 5 to 15 % (Radmehr et al. 2005)".into(),
        advice: "Add tiles, so that the pressure falls, or seal seams and cut-outs".into(),
        ..finding(Severity::Info, "air.floor-leakage", Subject::Plan(p.name.clone()), message)
    });
}

/// The rack that its own tiles serve worst, and how many are served too little.
fn short(s: &Solved, p: &SolvedPlenum, out: &mut Vec<Finding>) {
    let given = served(s, p);
    let share = |i: usize| given[i] / s.case.racks[i].flow_m3_s;
    // Racks without any tile before them are not meant to live on tiles.
    let short: Vec<usize> = (0..given.len())
        .filter(|i| s.machines.racks[*i].flow != RackFlow::None && given[*i] > 0.0)
        .filter(|i| share(*i) < SHORT_TILES)
        .collect();
    let Some(worst) = short.iter().copied().min_by(|a, b| share(*a).total_cmp(&share(*b))) else {
        return;
    };
    let rack = &s.case.racks[worst];
    let more = match short.len() - 1 {
        0 => String::new(),
        n => format!("; {n} more rack(s) get less than {:.0} %", 100.0 * SHORT_TILES),
    };
    let message = format!(
        "Tiles before {} give {:.2} m³/s, but it moves {:.2} m³/s{more}",
        rack.id, given[worst], rack.flow_m3_s
    );
    out.push(Finding {
        value: Some(100.0 * share(worst)),
        limit: Some(100.0 * SHORT_TILES),
        unit: "%",
        advice: "Put more or more open tiles before it, or add supply air".into(),
        ..finding(Severity::Info, "air.tiles-below-demand", subject(rack.object, &rack.id), message)
    });
}

/// Air that tiles give to each rack in m³/s: a tile's air goes to the racks on whose forecourt it
/// lies, by overlap.
fn served(s: &Solved, p: &SolvedPlenum) -> Vec<f64> {
    let courts: Vec<[[f64; 2]; 2]> = s.case.racks.iter().map(forecourt).collect();
    let mut out = vec![0.0; courts.len()];
    for (port, q) in p.tiles.iter().filter(|(_, q)| *q > 0.0) {
        let rect = &s.case.ports[*port].rect;
        let overlap = |[lo, hi]: &[[f64; 2]; 2]| -> f64 {
            let along = |a: usize| hi[a].min(rect.max_m[a]) - lo[a].max(rect.min_m[a]);
            along(0).max(0.0) * along(1).max(0.0)
        };
        let each: Vec<(usize, f64)> = courts
            .iter()
            .enumerate()
            .map(|(i, court)| (i, overlap(court)))
            .filter(|(_, area)| *area > 0.0)
            .collect();
        let sum: f64 = each.iter().map(|(_, area)| area).sum();
        each.iter().for_each(|(i, area)| out[*i] += q * area / sum);
    }
    out
}

/// The floor before a rack.
fn forecourt(rack: &AirRack) -> [[f64; 2]; 2] {
    let mut lo = [rack.box_m.min_m[0], rack.box_m.min_m[1]];
    let mut hi = [rack.box_m.max_m[0], rack.box_m.max_m[1]];
    let axis = rack.front.axis();
    if rack.front.is_plus() {
        (lo[axis], hi[axis]) = (hi[axis], hi[axis] + SERVED_DEPTH_M);
    } else {
        (lo[axis], hi[axis]) = (lo[axis] - SERVED_DEPTH_M, lo[axis]);
    }
    [lo, hi]
}

/// Plenums that are fed but have no solution.
fn unsolved(s: &Solved, out: &mut Vec<Finding>) {
    for floor in &s.case.plenums {
        let fed = s.case.units.iter().any(|u| {
            let here = matches!(&u.discharge, AirPath::Plenum(name) if *name == floor.name);
            here && !u.failed && u.flow_m3_s > 0.0
        });
        if fed && !s.machines.plenums.iter().any(|p| p.name == floor.name) {
            let message = format!(
                "The pressure under the {} was not found: its tiles share the air by open area",
                floor.name
            );
            let at = Subject::Plan(floor.name.clone());
            out.push(Finding {
                advice: "Look for units with far more air than the tiles let through".into(),
                ..finding(Severity::Warning, "air.plenum-not-solved", at, message)
            });
        }
    }
}
