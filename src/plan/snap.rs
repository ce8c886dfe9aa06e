//! Snapping: where a dragged rectangle wants to settle, and the smart guides that say why.
//!
//! Each axis on its own: an edge or centre of another object within reach wins, then a gap to the
//! neighbour that makes an aisle or repeats the pitch of the neighbours, then the grid.

use super::{PointMm, RectMm};

/// Aisle widths that a dragged row likes to keep to what stands across, mm: one and a half to
/// three floor tiles of 600 mm.
const AISLES_MM: [i32; 4] = [900, 1200, 1500, 1800];

/// What to snap to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapRules {
    /// Grid step, mm; 0 for none.
    pub grid_mm: i32,
    /// Whether to snap to other objects and to aisle pitch.
    pub objects: bool,
    /// Reach, mm: depends on the zoom.
    pub reach_mm: i32,
}

/// One of the two axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// East–west.
    X,
    /// North–south.
    Y,
}

/// Why an axis settled where it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SnapKind {
    /// Edge to edge.
    Edge,
    /// Centre to centre.
    Centre,
    /// An aisle's width.
    Aisle,
    /// The pitch of the neighbours.
    Pitch,
    /// The grid.
    Grid,
}

impl SnapKind {
    /// The word for the status bar.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Edge => "edge",
            Self::Centre => "centre",
            Self::Aisle => "aisle",
            Self::Pitch => "pitch",
            Self::Grid => "grid",
        }
    }
}

/// A line to draw while dragging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guide {
    /// Alignment: a line through both rectangles.
    Line {
        /// From here.
        from: PointMm,
        /// To here.
        to: PointMm,
    },
    /// A distance with its length, mm.
    Distance {
        /// From here.
        from: PointMm,
        /// To here.
        to: PointMm,
        /// How far.
        mm: i32,
    },
}

/// Where a rectangle settles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapped {
    /// Correction eastward, mm.
    pub dx: i32,
    /// Correction northward, mm.
    pub dy: i32,
    /// Why, along x.
    pub x: Option<SnapKind>,
    /// Why, along y.
    pub y: Option<SnapKind>,
    /// What to draw.
    pub guides: Vec<Guide>,
}

/// Finds where `moving` settles among `others`.
#[must_use]
pub fn snap(moving: &RectMm, others: &[RectMm], rules: SnapRules) -> Snapped {
    let mut result = Snapped::default();
    if let Some(best) = best_on(Axis::X, moving, others, rules) {
        (result.dx, result.x) = (best.shift, Some(best.kind));
    }
    let moved = moving.offset(result.dx, 0);
    if let Some(best) = best_on(Axis::Y, &moved, others, rules) {
        (result.dy, result.y) = (best.shift, Some(best.kind));
    }
    let settled = moved.offset(0, result.dy);
    if rules.objects {
        result.guides = guides(&settled, others, &result);
    }
    result
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    distance: i32,
    kind: SnapKind,
    shift: i32,
}

fn best_on(axis: Axis, moving: &RectMm, others: &[RectMm], rules: SnapRules) -> Option<Candidate> {
    let (lo, hi) = span(axis, moving);
    let mut best: Option<Candidate> = None;
    let mut offer = |shift: i32, kind| {
        let distance = shift.saturating_abs();
        let candidate = Candidate { distance, kind, shift };
        if distance <= rules.reach_mm && best.is_none_or(|b| candidate < b) {
            best = Some(candidate);
        }
    };
    if rules.objects {
        for other in others {
            let (other_lo, other_hi) = span(axis, other);
            for (to, from) in [(other_lo, lo), (other_hi, hi), (other_hi, lo), (other_lo, hi)] {
                offer(to.saturating_sub(from), SnapKind::Edge);
            }
            offer(middle(other_lo, other_hi) - middle(lo, hi), SnapKind::Centre);
        }
        offer_gaps(axis, moving, others, &mut offer);
    }
    best.or_else(|| {
        let grid = rules.grid_mm;
        (grid > 0).then(|| {
            let shift = (lo + grid / 2).div_euclid(grid) * grid - lo;
            Candidate { distance: shift.abs(), kind: SnapKind::Grid, shift }
        })
    })
}

/// Aisle widths to the nearest neighbour on each side, and the pitch of the nearest two.
fn offer_gaps(
    axis: Axis,
    moving: &RectMm,
    others: &[RectMm],
    offer: &mut impl FnMut(i32, SnapKind),
) {
    let (lo, hi) = span(axis, moving);
    let across: Vec<(i32, i32)> =
        others.iter().filter(|o| overlaps_across(axis, moving, o)).map(|o| span(axis, o)).collect();
    let below = across.iter().filter(|s| s.1 <= lo).max_by_key(|s| s.1);
    let above = across.iter().filter(|s| s.0 >= hi).min_by_key(|s| s.0);
    for aisle in AISLES_MM {
        if let Some(near) = below {
            offer(near.1.saturating_add(aisle) - lo, SnapKind::Aisle);
        }
        if let Some(near) = above {
            offer(near.0.saturating_sub(aisle) - hi, SnapKind::Aisle);
        }
    }
    if let Some(near) = below {
        let next = across.iter().filter(|s| s.1 <= near.0).max_by_key(|s| s.1);
        if let Some(next) = next {
            offer(near.0.saturating_add(near.0.saturating_sub(next.0)) - lo, SnapKind::Pitch);
        }
    }
    if let Some(near) = above {
        let next = across.iter().filter(|s| s.0 >= near.1).min_by_key(|s| s.0);
        if let Some(next) = next {
            offer(near.0.saturating_sub(next.0.saturating_sub(near.0)) - lo, SnapKind::Pitch);
        }
    }
}

fn guides(settled: &RectMm, others: &[RectMm], result: &Snapped) -> Vec<Guide> {
    let mut found = Vec::new();
    for (axis, kind) in [(Axis::X, result.x), (Axis::Y, result.y)] {
        if matches!(kind, Some(SnapKind::Edge | SnapKind::Centre)) {
            found.extend(alignment(axis, settled, others));
        }
        found.extend(distances(axis, settled, others));
    }
    found
}

/// The nearest rectangle with the same edge or centre, and a line through both.
fn alignment(axis: Axis, settled: &RectMm, others: &[RectMm]) -> Option<Guide> {
    let (lo, hi) = span(axis, settled);
    let shared = |o: &RectMm| {
        let (a, b) = span(axis, o);
        [
            (lo, lo == a || lo == b),
            (hi, hi == a || hi == b),
            (middle(lo, hi), middle(lo, hi) == middle(a, b)),
        ]
        .into_iter()
        .find(|(_, same)| *same)
        .map(|(at, _)| at)
    };
    let near = |o: &RectMm| {
        let (c, d) = (settled.centre(), o.centre());
        ((c.0 - d.0).abs() + (c.1 - d.1).abs()) as i64
    };
    let (at, other) =
        others.iter().filter_map(|o| shared(o).map(|at| (at, o))).min_by_key(|(_, o)| near(o))?;
    let both = settled.union(other);
    Some(match axis {
        Axis::X => {
            Guide::Line { from: PointMm::new(at, both.min.y), to: PointMm::new(at, both.max.y) }
        }
        Axis::Y => {
            Guide::Line { from: PointMm::new(both.min.x, at), to: PointMm::new(both.max.x, at) }
        }
    })
}

/// Gaps to the nearest neighbour on both sides.
fn distances(axis: Axis, settled: &RectMm, others: &[RectMm]) -> Vec<Guide> {
    let (lo, hi) = span(axis, settled);
    let across = || others.iter().filter(|o| overlaps_across(axis, settled, o));
    let below = across().filter(|o| span(axis, o).1 < lo).max_by_key(|o| span(axis, o).1);
    let above = across().filter(|o| span(axis, o).0 > hi).min_by_key(|o| span(axis, o).0);
    let mut found = Vec::new();
    for (other, from, to) in [
        (below, below.map_or(lo, |o| span(axis, o).1), lo),
        (above, hi, above.map_or(hi, |o| span(axis, o).0)),
    ] {
        let Some(other) = other else { continue };
        let beside = if axis == Axis::X { Axis::Y } else { Axis::X };
        let (a, b) = (span(beside, settled), span(beside, other));
        let at = middle(a.0.max(b.0), a.1.min(b.1));
        let point = |along| match axis {
            Axis::X => PointMm::new(along, at),
            Axis::Y => PointMm::new(at, along),
        };
        found.push(Guide::Distance { from: point(from), to: point(to), mm: to - from });
    }
    found
}

const fn span(axis: Axis, area: &RectMm) -> (i32, i32) {
    match axis {
        Axis::X => (area.min.x, area.max.x),
        Axis::Y => (area.min.y, area.max.y),
    }
}

const fn middle(lo: i32, hi: i32) -> i32 {
    i32::midpoint(lo, hi)
}

const fn overlaps_across(axis: Axis, a: &RectMm, b: &RectMm) -> bool {
    match axis {
        Axis::X => a.min.y < b.max.y && b.min.y < a.max.y,
        Axis::Y => a.min.x < b.max.x && b.min.x < a.max.x,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: SnapRules = SnapRules { grid_mm: 100, objects: true, reach_mm: 60 };

    fn rack(x: i32, y: i32) -> RectMm {
        RectMm::at(PointMm::new(x, y), 600, 1068)
    }

    #[test]
    fn a_near_edge_wins_over_the_grid() {
        let snapped = snap(&rack(1237, 10), &[rack(600, 0)], RULES);
        assert_eq!((snapped.dx, snapped.x), (-37, Some(SnapKind::Edge)));
        assert_eq!((snapped.dy, snapped.y), (-10, Some(SnapKind::Edge)));
    }

    #[test]
    fn without_a_neighbour_the_grid_holds() {
        let snapped = snap(&rack(1237, 5049), &[], RULES);
        assert_eq!((snapped.dx, snapped.dy), (-37, -49));
        assert_eq!((snapped.x, snapped.y), (Some(SnapKind::Grid), Some(SnapKind::Grid)));
        let free = snap(&rack(1237, 5049), &[], SnapRules { grid_mm: 0, ..RULES });
        assert_eq!((free.dx, free.dy, free.x), (0, 0, None));
    }

    #[test]
    fn a_row_across_settles_at_an_aisle_and_says_how_wide() {
        let snapped = snap(&rack(0, 1068 + 1180), &[rack(0, 0)], RULES);
        assert_eq!((snapped.dy, snapped.y), (20, Some(SnapKind::Aisle)));
        assert!(snapped.guides.iter().any(|g| matches!(g, Guide::Distance { mm: 1200, .. })));
    }

    #[test]
    fn a_third_row_repeats_the_pitch() {
        let others = [rack(0, 0), rack(0, 2500)];
        let snapped = snap(&rack(0, 4988), &others, RULES);
        assert_eq!((snapped.dy, snapped.y), (12, Some(SnapKind::Pitch)));
    }
}
