//! Which racks hang on which CDUs.
//!
//! Drawn CDUs: those standing within [`GROUP_GAP_M`] of each other share a loop, and each rack joins
//! the nearest group. None drawn: a loop takes whole rows, south to north, as long as
//! [`MOST_DUTY_CDUS`] carry its design heat; a row that alone needs more is cut between racks.
//! CDUs inside racks: a loop for each rack.

use crate::catalog::CoolingKind;
use crate::evaluate::snapshot::{RackFacts, Snapshot};
use crate::plan::{ObjectId, RectMm};
use std::collections::BTreeMap;

/// CDUs closer than this share headers, m; assumption (a pod's CDUs stand side by side).
pub const GROUP_GAP_M: f64 = 3.0;
/// Most CDUs on duty in a generated loop; assumption. More per loop saves spares, but a leak or a
/// fouled filter then reaches more racks.
pub const MOST_DUTY_CDUS: f64 = 4.0;
/// Millimetres in a metre.
const MM_PER_M: f64 = 1e3;

/// Racks of one loop and the CDUs drawn for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Racks with liquid heat, in row order.
    pub racks: Vec<ObjectId>,
    /// Areas of drawn CDUs; empty where they are generated.
    pub drawn: Vec<RectMm>,
    /// Catalogue id of the drawn CDUs.
    pub drawn_model: Option<String>,
}

/// Design heat of a rack to liquid, W.
pub fn design_liquid_w(rack: &RackFacts) -> f64 {
    rack.design_power.to_w() * rack.liquid_fraction
}

/// The loops of the hall, `capacity_w` being the rated heat of the plan's CDU.
pub fn groups(s: &Snapshot, capacity_w: f64) -> Vec<Group> {
    let rows = liquid_rows(s);
    if rows.is_empty() {
        return Vec::new();
    }
    let drawn = drawn_groups(s);
    if !drawn.is_empty() {
        return join_nearest(s, rows, drawn);
    }
    if s.cdu.spec.kind == CoolingKind::CduInrack {
        let one = |&id: &ObjectId| Group { racks: vec![id], ..Group::default() };
        return rows.iter().flatten().map(one).collect();
    }
    fill(s, &rows, MOST_DUTY_CDUS * capacity_w)
}

/// Racks with liquid heat, row by row.
fn liquid_rows(s: &Snapshot) -> Vec<Vec<ObjectId>> {
    let wet = |id: &ObjectId| s.rack(*id).is_some_and(|r| design_liquid_w(r) > 0.0);
    let rows = s.rows.iter().map(|row| row.racks.iter().copied().filter(wet).collect::<Vec<_>>());
    rows.filter(|r| !r.is_empty()).collect()
}

fn fill(s: &Snapshot, rows: &[Vec<ObjectId>], most_w: f64) -> Vec<Group> {
    let heat = |id: &ObjectId| s.rack(*id).map_or(0.0, design_liquid_w);
    let mut found: Vec<Group> = Vec::new();
    let mut open_w = f64::INFINITY;
    for row in rows {
        let row_w: f64 = row.iter().map(heat).sum();
        if open_w + row_w > most_w {
            open_w = 0.0;
            found.push(Group::default());
        }
        for id in row {
            let rack_w = heat(id);
            if open_w > 0.0 && open_w + rack_w > most_w {
                open_w = 0.0;
                found.push(Group::default());
            }
            open_w += rack_w;
            if let Some(group) = found.last_mut() {
                group.racks.push(*id);
            }
        }
    }
    found
}

/// Drawn CDUs by neighbourhood and model, in the order of their identities.
fn drawn_groups(s: &Snapshot) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    for unit in s.units.iter().filter(|u| u.is_cdu() && !u.unit.failed) {
        let area = unit.unit.footprint();
        let near = |g: &Group| {
            g.drawn_model.as_deref() == Some(unit.entry.id.as_str())
                && g.drawn.iter().any(|other| gap_m(other, &area) <= GROUP_GAP_M)
        };
        let touching: Vec<usize> = (0..found.len()).filter(|&i| near(&found[i])).collect();
        let mut merged = vec![area];
        for i in touching.iter().rev() {
            merged.splice(0..0, found.remove(*i).drawn);
        }
        let at = touching.first().copied().unwrap_or(found.len());
        let drawn_model = Some(unit.entry.id.clone());
        found.insert(at, Group { racks: Vec::new(), drawn: merged, drawn_model });
    }
    found
}

fn join_nearest(s: &Snapshot, rows: Vec<Vec<ObjectId>>, mut groups: Vec<Group>) -> Vec<Group> {
    let mut nearest: BTreeMap<ObjectId, usize> = BTreeMap::new();
    for rack in &s.racks {
        let distance = |g: &Group| {
            let gaps = g.drawn.iter().map(|cdu| centre_distance_m(cdu, &rack.area));
            gaps.fold(f64::INFINITY, f64::min)
        };
        let found = (0..groups.len())
            .min_by(|&a, &b| distance(&groups[a]).total_cmp(&distance(&groups[b])));
        nearest.extend(found.map(|at| (rack.id, at)));
    }
    for id in rows.into_iter().flatten() {
        if let Some(&at) = nearest.get(&id) {
            groups[at].racks.push(id);
        }
    }
    groups
}

/// Clear distance of two areas along the axes, m.
pub fn gap_m(a: &RectMm, b: &RectMm) -> f64 {
    let along = |a0: i32, a1: i32, b0: i32, b1: i32| {
        (f64::from(b0) - f64::from(a1)).max(f64::from(a0) - f64::from(b1)).max(0.0)
    };
    let x = along(a.min.x, a.max.x, b.min.x, b.max.x);
    let y = along(a.min.y, a.max.y, b.min.y, b.max.y);
    (x + y) / MM_PER_M
}

/// Manhattan distance of centres, m.
pub fn centre_distance_m(a: &RectMm, b: &RectMm) -> f64 {
    let ((ax, ay), (bx, by)) = (a.centre(), b.centre());
    ((ax - bx).abs() + (ay - by).abs()) / MM_PER_M
}
