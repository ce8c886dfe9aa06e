//! Aligning and distributing a selection, as edits.

use super::{Edit, Floor, ObjectId, RectMm};

/// Side to line up at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Western edges.
    West,
    /// Eastern edges.
    East,
    /// Northern edges.
    North,
    /// Southern edges.
    South,
}

/// Direction in which to spread evenly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// East–west.
    Horizontal,
    /// North–south.
    Vertical,
}

/// Lines the objects up at the outermost edge of a side; none if nothing would move.
#[must_use]
pub fn align(floor: &Floor, ids: &[ObjectId], side: Side) -> Option<Edit> {
    let placed = footprints(floor, ids);
    let around = placed.iter().map(|(_, a)| *a).reduce(|a, b| a.union(&b))?;
    let moves = placed.iter().map(|(id, area)| {
        let (dx, dy) = match side {
            Side::West => (around.min.x - area.min.x, 0),
            Side::East => (around.max.x - area.max.x, 0),
            Side::North => (0, around.max.y - area.max.y),
            Side::South => (0, around.min.y - area.min.y),
        };
        (*id, dx, dy)
    });
    batch(format!("Align {} objects", placed.len()), moves)
}

/// Makes the gaps between the objects equal; the outermost two stay. None below three objects.
#[must_use]
pub fn distribute(floor: &Floor, ids: &[ObjectId], spread: Spread) -> Option<Edit> {
    let mut placed = footprints(floor, ids);
    if placed.len() < 3 {
        return None;
    }
    let span = |a: &RectMm| match spread {
        Spread::Horizontal => (i64::from(a.min.x), i64::from(a.max.x)),
        Spread::Vertical => (i64::from(a.min.y), i64::from(a.max.y)),
    };
    placed.sort_by_key(|(id, a)| (span(a), *id));
    let start = placed.iter().map(|(_, a)| span(a).0).min()?;
    let end = placed.iter().map(|(_, a)| span(a).1).max()?;
    let filled: i64 = placed.iter().map(|(_, a)| span(a).1 - span(a).0).sum();
    let (free, gaps) = (end - start - filled, placed.len() as i64 - 1);
    let mut used = 0;
    let moves: Vec<_> = (0_i64..)
        .zip(&placed)
        .map(|(i, (id, area))| {
            let shift = (start + used + free * i / gaps - span(area).0) as i32;
            used += span(area).1 - span(area).0;
            match spread {
                Spread::Horizontal => (*id, shift, 0),
                Spread::Vertical => (*id, 0, shift),
            }
        })
        .collect();
    batch(format!("Distribute {} objects", placed.len()), moves)
}

fn footprints(floor: &Floor, ids: &[ObjectId]) -> Vec<(ObjectId, RectMm)> {
    floor.footprints().filter(|(id, _)| ids.contains(id)).collect()
}

fn batch(label: String, moves: impl IntoIterator<Item = (ObjectId, i32, i32)>) -> Option<Edit> {
    let edits: Vec<Edit> = moves
        .into_iter()
        .filter(|(_, dx, dy)| (*dx, *dy) != (0, 0))
        .map(|(id, dx, dy)| Edit::Move { ids: vec![id], dx, dy })
        .collect();
    (!edits.is_empty()).then_some(Edit::Batch { label, edits })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Obstacle, ObstacleKind, PointMm};

    fn floor(at: &[(i32, i32)]) -> Floor {
        let obstacles = at
            .iter()
            .zip(1..)
            .map(|((x, y), id)| Obstacle {
                id: ObjectId(id),
                kind: ObstacleKind::Column,
                area: RectMm::at(PointMm::new(*x, *y), 400, 400),
                locked: false,
            })
            .collect();
        Floor { obstacles, ..Floor::default() }
    }

    fn moves(edit: Option<Edit>) -> Vec<(u32, i32, i32)> {
        let Some(Edit::Batch { edits, .. }) = edit else { return Vec::new() };
        edits
            .iter()
            .filter_map(|e| match e {
                Edit::Move { ids, dx, dy } => Some((ids[0].0, *dx, *dy)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn alignment_moves_to_the_outermost_edge() {
        let floor = floor(&[(0, 0), (150, 900), (90, 2000)]);
        let ids = [ObjectId(1), ObjectId(2), ObjectId(3)];
        assert_eq!(moves(align(&floor, &ids, Side::West)), [(2, -150, 0), (3, -90, 0)]);
        assert_eq!(moves(align(&floor, &ids, Side::East)), [(1, 150, 0), (3, 60, 0)]);
    }

    #[test]
    fn distribution_keeps_the_outer_two_and_equal_gaps() {
        let floor = floor(&[(0, 0), (500, 0), (2000, 0)]);
        let ids = [ObjectId(1), ObjectId(2), ObjectId(3)];
        assert_eq!(moves(distribute(&floor, &ids, Spread::Horizontal)), [(2, 500, 0)]);
        assert_eq!(distribute(&floor, &ids[..2], Spread::Horizontal), None);
    }
}
