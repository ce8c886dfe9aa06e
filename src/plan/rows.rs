//! Rows of racks: which racks stand in one line and look the same way. Power, liquid and fabric
//! are generated row by row.

use super::{Facing, ObjectId, Rack, RectMm};

/// Racks whose front faces differ by at most this, mm, stand in one row.
const FRONT_TOLERANCE_MM: i32 = 50;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Number from 1, south to north and west to east.
    pub number: usize,
    /// The way the fronts look.
    pub facing: Facing,
    /// The racks along the row, west to east or south to north.
    pub racks: Vec<ObjectId>,
    /// Area around them.
    pub area: RectMm,
}

/// Groups racks into rows. The order of the racks in the plan does not matter.
#[must_use]
pub fn rows(racks: &[Rack]) -> Vec<Row> {
    let mut keyed: Vec<(Facing, i32, &Rack)> =
        racks.iter().map(|r| (r.facing, front_line(r), r)).collect();
    keyed.sort_by_key(|(facing, front, r)| (!facing.is_along_y(), *facing, *front, along(r), r.id));
    let mut groups: Vec<(i32, Vec<&Rack>)> = Vec::new();
    for (facing, front, rack) in keyed {
        match groups.last_mut() {
            Some((start, group))
                if group[0].facing == facing && front - *start <= FRONT_TOLERANCE_MM =>
            {
                group.push(rack);
            }
            _ => groups.push((front, vec![rack])),
        }
    }
    let mut found: Vec<Row> = groups.into_iter().filter_map(|(_, g)| row_of(g)).collect();
    found.sort_by_key(|r| (r.area.min.y, r.area.min.x, r.racks.first().copied()));
    for (i, row) in found.iter_mut().enumerate() {
        row.number = i + 1;
    }
    found
}

fn row_of(mut group: Vec<&Rack>) -> Option<Row> {
    group.sort_by_key(|r| (along(r), r.id));
    let first = group.first()?;
    let area = group.iter().fold(first.footprint(), |a, r| a.union(&r.footprint()));
    Some(Row { number: 0, facing: first.facing, racks: group.iter().map(|r| r.id).collect(), area })
}

/// Coordinate of the front face across the row, mm.
const fn front_line(rack: &Rack) -> i32 {
    let area = rack.footprint();
    match rack.facing {
        Facing::North => area.max.y,
        Facing::South => area.min.y,
        Facing::East => area.max.x,
        Facing::West => area.min.x,
    }
}

/// Coordinate along the row, mm.
const fn along(rack: &Rack) -> i32 {
    if rack.facing.is_along_y() { rack.at.x } else { rack.at.y }
}
