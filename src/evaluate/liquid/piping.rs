//! Lengths of coolant and facility-water pipes, Manhattan-routed, for the bill of materials.
//!
//! ```text
//! TCS = 2 Σ (span of the loop's racks in each row + way from the CDUs to that span + 2 b per rack)
//! FWS = 2 (way from the CDUs to the nearest wall) + once 2 d for the way to the plant
//! ```
//! Supply and return, hence the factors of two. Validity: first-order; risers and fittings are in
//! the price per metre.

use super::grouping::{Group, centre_distance_m};
use crate::evaluate::snapshot::Snapshot;
use crate::plan::{ObjectId, RectMm};
use std::collections::BTreeSet;

/// Branch from header to rack, m; assumption.
const BRANCH_M: f64 = 1.5;
/// Way from the hall's wall to the plant outdoors, m; assumption.
pub const WAY_TO_PLANT_M: f64 = 30.0;
/// Millimetres in a metre.
const MM_PER_M: f64 = 1e3;

/// Pipe of one loop, m.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PipeLengths {
    /// Technology cooling loop.
    pub tcs_m: f64,
    /// Facility water inside the hall.
    pub fws_m: f64,
}

/// Pipe of a loop.
pub fn pipe_lengths(s: &Snapshot, group: &Group) -> PipeLengths {
    let spans = row_spans(s, group);
    let Some(cdus) = cdu_area(group, &spans) else { return PipeLengths::default() };
    let span_m = |a: &RectMm| f64::from(a.size_x().max(a.size_y())) / MM_PER_M;
    let headers: f64 = spans.iter().map(|a| span_m(a) + to_edge_m(&cdus, a)).sum();
    let branches = BRANCH_M * group.racks.len() as f64;
    PipeLengths { tcs_m: 2.0 * (headers + branches), fws_m: 2.0 * to_wall_m(s, &cdus) }
}

/// Area of the loop's racks in each row.
fn row_spans(s: &Snapshot, group: &Group) -> Vec<RectMm> {
    let members: BTreeSet<ObjectId> = group.racks.iter().copied().collect();
    let in_row = |racks: &[ObjectId]| {
        let mine = racks.iter().filter(|id| members.contains(id));
        mine.filter_map(|id| s.rack(*id).map(|r| r.area)).reduce(|a, b| a.union(&b))
    };
    s.rows.iter().filter_map(|row| in_row(&row.racks)).collect()
}

/// Where the CDUs stand: as drawn, else at the start of the first row.
fn cdu_area(group: &Group, spans: &[RectMm]) -> Option<RectMm> {
    let drawn = group.drawn.iter().copied().reduce(|a, b| a.union(&b));
    drawn.or_else(|| spans.first().map(|a| RectMm { min: a.min, max: a.min }))
}

/// From the CDUs to the nearer end of a span, m.
fn to_edge_m(cdus: &RectMm, span: &RectMm) -> f64 {
    let end = |p| RectMm { min: p, max: p };
    centre_distance_m(cdus, &end(span.min)).min(centre_distance_m(cdus, &end(span.max)))
}

/// From the CDUs to the nearest wall, m.
fn to_wall_m(s: &Snapshot, cdus: &RectMm) -> f64 {
    let hall = s.plan.hall_area();
    let (x, y) = cdus.centre();
    let ways = [
        x - f64::from(hall.min.x),
        f64::from(hall.max.x) - x,
        y - f64::from(hall.min.y),
        f64::from(hall.max.y) - y,
    ];
    ways.into_iter().fold(f64::INFINITY, f64::min).max(0.0) / MM_PER_M
}
