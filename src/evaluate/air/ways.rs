//! The way by which recirculated air reaches a rack: over its row, round the row's end, across the
//! aisle or through gaps in the row.
//!
//! The air in front of a rack's row is a box: as long as the row, as high as the rack, as deep as
//! the aisle. Recirculated air that the rack is going to breathe crosses the box's sides with
//! ```text
//! q × (recirculated share upwind) × (chance downwind to be breathed by this rack)      m³/s
//! ```
//! and the net of that through each side, as a share of all, names the way.

use super::capture::FrozenFlow;
use super::case::{AirRack, Side};
use super::dye::Dye;
use super::room::Room;
use serde::Serialize;
use std::ops::Range;

/// Racks whose fronts are this near to one line, in m, stand in one row.
const IN_LINE_M: f64 = 0.3;
/// A wider space between neighbours than this, in m, ends a row: no longer a gap, but a passage.
const GAP_M: f64 = 0.7;
/// Depth of the box in front of a row, in m, where no aisle ends it sooner. Assumption: half of a
/// wide aisle.
const DEPTH_M: f64 = 1.2;

/// How recirculated air reaches a rack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Over the tops of its row.
    OverTop,
    /// Round the ends of its row.
    RoundEnd,
    /// From the other side of the aisle.
    Across,
    /// Through gaps between racks of its row.
    ThroughRow,
}

impl Way {
    /// The way in words, after "recirculation".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::OverTop => "over the racks",
            Self::RoundEnd => "round the row end",
            Self::Across => "across the aisle",
            Self::ThroughRow => "through gaps in the row",
        }
    }
}

/// The rows of a hall.
pub(super) struct Ways<'a> {
    frozen: &'a FrozenFlow,
    /// Lower and upper end in m of the row of each rack.
    rows: Vec<[f64; 2]>,
}

impl<'a> Ways<'a> {
    pub fn new(frozen: &'a FrozenFlow) -> Self {
        Self { frozen, rows: rows(&frozen.case.racks) }
    }

    /// Shares of the ways to a rack, largest first; empty where nothing crosses.
    pub fn of(&self, rack: usize, dye: &Dye) -> Vec<(Way, f64)> {
        let Some(spans) = self.aisle(rack) else { return Vec::new() };
        let front = self.frozen.case.racks[rack].front;
        let mut ways =
            [Way::OverTop, Way::RoundEnd, Way::Across, Way::ThroughRow].map(|way| (way, 0.0));
        for side in Side::ALL {
            let at = match side {
                Side::PlusZ => 0,
                Side::MinusZ => continue,
                s if s == front => 2,
                s if s == front.opposite() => 3,
                _ => 1,
            };
            ways[at].1 += self.through(&spans, side, dye);
        }
        let sum: f64 = ways.iter().map(|(_, q)| q.max(0.0)).sum();
        let mut out: Vec<_> =
            ways.into_iter().filter(|(_, q)| *q > 0.0).map(|(w, q)| (w, q / sum)).collect();
        out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        out
    }

    /// The box of air before a rack's row.
    fn aisle(&self, rack: usize) -> Option<[Range<usize>; 3]> {
        let r = &self.frozen.case.racks[rack];
        let room = &self.frozen.room;
        let mut spans = room.grid.span_of(&r.box_m)?;
        let (axis, along) = (r.front.axis(), 1 - r.front.axis());
        let [lo, hi] = self.rows[rack];
        spans[along] = room.grid.span(along, lo, hi);
        let n = room.grid.n[axis];
        let depth = ((DEPTH_M / room.grid.h_m[axis]).round() as usize).max(1);
        let own = spans.clone();
        spans[axis] = if r.front.is_plus() {
            own[axis].end..(own[axis].end + depth).min(n)
        } else {
            own[axis].start.saturating_sub(depth)..own[axis].start
        };
        shorten(room, &mut spans, r.front, &own[along]);
        spans.iter().all(|s| !s.is_empty()).then_some(spans)
    }

    /// Net recirculated air for this rack that comes in through a side of the box, in m³/s.
    fn through(&self, spans: &[Range<usize>; 3], side: Side, dye: &Dye) -> f64 {
        let (grid, axis) = (&self.frozen.room.grid, side.axis());
        // Cells on the lower side of the faces: inside the box for a + side.
        let lower = if side.is_plus() { spans[axis].end } else { spans[axis].start };
        let Some(lower) = lower.checked_sub(1).filter(|l| l + 1 < grid.n[axis]) else {
            return 0.0;
        };
        let mut layer = spans.clone();
        layer[axis] = lower..lower + 1;
        let (lead, stride) = (self.frozen.flow.faces.lead(), self.frozen.room.stride(axis));
        let inward = if side.is_plus() { -1.0 } else { 1.0 };
        let mut sum = 0.0;
        for c in super::grid::block(grid, &layer) {
            let q = self.frozen.flow.flux[axis][c + lead];
            let (up, down) = if q >= 0.0 { (c, c + stride) } else { (c + stride, c) };
            sum += inward * q * self.frozen.recirculated[up + lead] * dye.at(down);
        }
        sum
    }
}

/// Ends the box where something solid stands before the rack.
fn shorten(room: &Room, spans: &mut [Range<usize>; 3], front: Side, along: &Range<usize>) {
    let axis = front.axis();
    let clear = |layer: usize| {
        let mut s = spans.clone();
        s[axis] = layer..layer + 1;
        s[1 - axis] = along.clone();
        super::grid::block(&room.grid, &s).iter().any(|c| !room.solid[*c])
    };
    let range = spans[axis].clone();
    if front.is_plus() {
        let end = range.clone().find(|l| !clear(*l)).unwrap_or(range.end);
        spans[axis].end = end;
    } else {
        let start = range.clone().rev().find(|l| !clear(*l)).map_or(range.start, |l| l + 1);
        spans[axis].start = start;
    }
}

/// Ends in m, along the aisle, of the row that each rack stands in.
fn rows(racks: &[AirRack]) -> Vec<[f64; 2]> {
    let along = |r: &AirRack| 1 - r.front.axis();
    let line = |r: &AirRack| {
        let a = r.front.axis();
        if r.front.is_plus() { r.box_m.max_m[a] } else { r.box_m.min_m[a] }
    };
    let start = |r: &AirRack| r.box_m.min_m[along(r)];
    let mut order: Vec<usize> = (0..racks.len()).collect();
    order.sort_by(|a, b| start(&racks[*a]).total_cmp(&start(&racks[*b])).then(a.cmp(b)));
    let mut out = vec![[0.0; 2]; racks.len()];
    let mut open: Vec<(Side, f64, [f64; 2], Vec<usize>)> = Vec::new();
    for i in order {
        let r = &racks[i];
        let (lo, hi) = (r.box_m.min_m[along(r)], r.box_m.max_m[along(r)]);
        let joins = open.iter_mut().find(|(front, at, ends, _)| {
            *front == r.front && (at - line(r)).abs() <= IN_LINE_M && lo <= ends[1] + GAP_M
        });
        match joins {
            Some((_, _, ends, members)) => {
                ends[1] = ends[1].max(hi);
                members.push(i);
            }
            None => open.push((r.front, line(r), [lo, hi], vec![i])),
        }
    }
    for (_, _, ends, members) in open {
        members.into_iter().for_each(|i| out[i] = ends);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::case::Box3;
    use super::*;

    fn rack(x: f64, y: f64, front: Side) -> AirRack {
        AirRack {
            id: format!("{x} {y}"),
            box_m: Box3 { min_m: [x, y, 0.0], max_m: [x + 0.6, y + 1.2, 2.1] },
            ..AirRack::plain("", Box3 { min_m: [0.0; 3], max_m: [1.0; 3] }, front)
        }
    }

    #[test]
    fn neighbours_make_a_row_and_a_passage_ends_it() {
        let racks = [
            rack(0.0, 0.0, Side::PlusY),
            rack(1.2, 0.1, Side::PlusY),
            rack(3.0, 0.0, Side::PlusY),
            rack(0.6, 0.0, Side::MinusY),
        ];
        let rows = rows(&racks);
        let is = |i: usize, ends: [f64; 2]| (0..2).all(|e| (rows[i][e] - ends[e]).abs() < 1e-9);
        assert!(is(0, [0.0, 1.8]) && is(1, [0.0, 1.8]), "{rows:?}");
        assert!(is(2, [3.0, 3.6]) && is(3, [0.6, 1.2]), "{rows:?}");
    }
}
