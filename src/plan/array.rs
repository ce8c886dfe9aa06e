//! Arrays: many copies of a selection at a pitch, every other row turned round so that fronts
//! face fronts (cold aisle) and rears face rears (hot aisle).

use super::{Floor, Object, RectMm};
use std::collections::{BTreeMap, BTreeSet};

/// Most copies in one array, so that a slip of the keyboard can not ask for a million racks.
pub const MAX_COPIES: usize = 20_000;

/// How copies are laid out; the originals are the first of `count_x × count_y`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArraySpec {
    /// Number eastward, originals included.
    pub count_x: u32,
    /// Number northward, originals included.
    pub count_y: u32,
    /// Distance from one to the next eastward, mm.
    pub pitch_x_mm: i32,
    /// Distance from one to the next northward, mm.
    pub pitch_y_mm: i32,
    /// Turn every other row by half a turn.
    pub alternate: bool,
}

/// The copies, without the originals; they get fresh identities when added.
#[must_use]
pub fn array(floor: &Floor, originals: &[Object], spec: ArraySpec) -> Vec<Object> {
    let Some(around) = originals.iter().map(Object::footprint).reduce(|a, b| a.union(&b)) else {
        return Vec::new();
    };
    let mut names = Names::of(floor);
    let mut copies = Vec::new();
    for (row, column) in places(spec) {
        for original in originals {
            if copies.len() >= MAX_COPIES {
                return copies;
            }
            let mut copy = original.clone();
            if spec.alternate && row % 2 == 1 {
                copy.turn_about(doubled_centre(&around), 2);
            }
            copy.translate(
                spec.pitch_x_mm.saturating_mul(column as i32),
                spec.pitch_y_mm.saturating_mul(row as i32),
            );
            copy.set_locked(false);
            names.rename(&mut copy);
            copies.push(copy);
        }
    }
    copies
}

/// Row and column of every copy, row by row, without the originals' own place.
fn places(spec: ArraySpec) -> impl Iterator<Item = (u32, u32)> {
    (0..spec.count_y.max(1))
        .flat_map(move |row| (0..spec.count_x.max(1)).map(move |column| (row, column)))
        .skip(1)
}

/// Centre in doubled mm, as turning takes it.
fn doubled_centre(area: &RectMm) -> (i64, i64) {
    (i64::from(area.min.x) + i64::from(area.max.x), i64::from(area.min.y) + i64::from(area.max.y))
}

/// The labels in use, so that copies get the next free one.
pub struct Names {
    taken: BTreeSet<String>,
    /// Label that was asked for → the last one given for it, so that many copies of one object
    /// do not search from the start each time.
    last: BTreeMap<String, String>,
}

impl Names {
    /// The labels of a floor.
    #[must_use]
    pub fn of(floor: &Floor) -> Self {
        let racks = floor.racks.iter().map(|o| o.name.clone());
        let units = floor.units.iter().map(|o| o.name.clone());
        let containments = floor.containments.iter().map(|o| o.name.clone());
        Self { taken: racks.chain(units).chain(containments).collect(), last: BTreeMap::new() }
    }

    /// Gives a copy the next free label: `R-07` becomes `R-08` or whatever is free after it.
    pub fn rename(&mut self, object: &mut Object) {
        let name = match object {
            Object::Rack(o) => &mut o.name,
            Object::Unit(o) => &mut o.name,
            Object::Containment(o) => &mut o.name,
            Object::Tile(_) | Object::Obstacle(_) => return,
        };
        let wanted = name.clone();
        if let Some(last) = self.last.get(&wanted) {
            name.clone_from(last);
        }
        while self.taken.contains(name.as_str()) {
            *name = next_name(name);
        }
        self.taken.insert(name.clone());
        self.last.insert(wanted, name.clone());
    }
}

/// The same label with its trailing number one higher, keeping its width.
fn next_name(name: &str) -> String {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &name[stem.len()..];
    match digits.parse::<u64>().ok().and_then(|n| n.checked_add(1)) {
        Some(n) => format!("{stem}{n:0width$}", width = digits.len()),
        None => format!("{name}-2"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{RackKey, SizeMm};
    use crate::plan::{Contents, Facing, Feeds, ObjectId, PointMm, Rack};

    fn rack() -> Object {
        Object::Rack(Rack {
            id: ObjectId(1),
            name: "R-09".into(),
            frame: RackKey::new("frame"),
            size_mm: SizeMm { width: 600, depth: 1200, height: 2200 },
            at: PointMm::new(0, 0),
            facing: Facing::South,
            contents: Contents::Reserved,
            feeds: Feeds::Both,
            rear_door: None,
            phase: 1,
            locked: true,
        })
    }

    #[test]
    fn rows_alternate_and_names_count_on() {
        let Object::Rack(first) = rack() else { return };
        let floor = Floor { racks: vec![first], ..Floor::default() };
        let spec = ArraySpec {
            count_x: 3,
            count_y: 2,
            pitch_x_mm: 600,
            pitch_y_mm: 2400,
            alternate: true,
        };
        let copies = array(&floor, &[rack()], spec);
        assert_eq!(copies.len(), 5);
        let names: Vec<String> = copies.iter().map(Object::name).collect();
        assert_eq!(names, ["R-10", "R-11", "R-12", "R-13", "R-14"]);
        let Object::Rack(last) = &copies[4] else { return };
        assert_eq!((last.at, last.facing), (PointMm::new(1200, 2400), Facing::North));
        assert!(!last.locked);
    }

    #[test]
    fn a_slip_of_the_keyboard_stays_bounded() {
        let spec = ArraySpec {
            count_x: u32::MAX,
            count_y: u32::MAX,
            pitch_x_mm: i32::MAX,
            pitch_y_mm: i32::MIN,
            alternate: false,
        };
        assert_eq!(array(&Floor::default(), &[rack()], spec).len(), MAX_COPIES);
    }
}
