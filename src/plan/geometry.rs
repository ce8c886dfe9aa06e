//! Millimetre geometry of the floor: x grows to the east, y to the north, z up.
//!
//! Everything placed is an axis-aligned box; turning is by quarters. Integers, so that a plan
//! saved and reopened is the same to the bit and two racks side by side touch exactly.

use serde::{Deserialize, Serialize};

/// A point on the floor, mm from the hall's south-west inner corner.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct PointMm {
    /// Eastward.
    pub x: i32,
    /// Northward.
    pub y: i32,
}

impl PointMm {
    /// A point from its coordinates in mm.
    #[must_use]
    pub const fn new(x: i32, y: i32) -> Self {
        Self { x, y }
    }

    /// This point moved; saturating, so that absurd input can not overflow.
    #[must_use]
    pub const fn offset(self, dx: i32, dy: i32) -> Self {
        Self { x: self.x.saturating_add(dx), y: self.y.saturating_add(dy) }
    }
}

/// An axis-aligned rectangle on the floor, mm; `min` is its south-west corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RectMm {
    /// South-west corner.
    pub min: PointMm,
    /// North-east corner.
    pub max: PointMm,
}

impl RectMm {
    /// The rectangle with this south-west corner and size.
    #[must_use]
    pub const fn at(min: PointMm, size_x: i32, size_y: i32) -> Self {
        Self { min, max: min.offset(size_x, size_y) }
    }

    /// The rectangle spanned by two opposite corners, in any order.
    #[must_use]
    pub fn spanning(a: PointMm, b: PointMm) -> Self {
        Self {
            min: PointMm::new(a.x.min(b.x), a.y.min(b.y)),
            max: PointMm::new(a.x.max(b.x), a.y.max(b.y)),
        }
    }

    /// East–west extent.
    #[must_use]
    pub const fn size_x(&self) -> i32 {
        self.max.x.saturating_sub(self.min.x)
    }

    /// North–south extent.
    #[must_use]
    pub const fn size_y(&self) -> i32 {
        self.max.y.saturating_sub(self.min.y)
    }

    /// Centre in mm, with half millimetres.
    #[must_use]
    pub fn centre(&self) -> (f64, f64) {
        (
            f64::midpoint(f64::from(self.min.x), f64::from(self.max.x)),
            f64::midpoint(f64::from(self.min.y), f64::from(self.max.y)),
        )
    }

    /// Whether a point lies inside or on the edge.
    #[must_use]
    pub const fn contains(&self, p: PointMm) -> bool {
        p.x >= self.min.x && p.x <= self.max.x && p.y >= self.min.y && p.y <= self.max.y
    }

    /// Whether `other` lies wholly inside or on the edge.
    #[must_use]
    pub const fn encloses(&self, other: &Self) -> bool {
        self.contains(other.min) && self.contains(other.max)
    }

    /// Whether the interiors overlap; touching edges do not count.
    #[must_use]
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.min.x < other.max.x
            && other.min.x < self.max.x
            && self.min.y < other.max.y
            && other.min.y < self.max.y
    }

    /// Moved by an offset.
    #[must_use]
    pub const fn offset(&self, dx: i32, dy: i32) -> Self {
        Self { min: self.min.offset(dx, dy), max: self.max.offset(dx, dy) }
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            min: PointMm::new(self.min.x.min(other.min.x), self.min.y.min(other.min.y)),
            max: PointMm::new(self.max.x.max(other.max.x), self.max.y.max(other.max.y)),
        }
    }
}

/// The way a front face looks. Air enters a rack at its front.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Facing {
    /// Towards +y.
    North,
    /// Towards +x.
    East,
    /// Towards −y.
    South,
    /// Towards −x.
    West,
}

impl Facing {
    /// All four, clockwise from north.
    pub const ALL: [Self; 4] = [Self::North, Self::East, Self::South, Self::West];

    /// Turned clockwise by quarters (negative: anticlockwise).
    #[must_use]
    pub fn turned(self, quarters: i32) -> Self {
        let at = Self::ALL.iter().position(|f| *f == self).unwrap_or(0) as i32;
        Self::ALL[(at + quarters).rem_euclid(4) as usize]
    }

    /// The other way round.
    #[must_use]
    pub fn opposite(self) -> Self {
        self.turned(2)
    }

    /// Unit vector in (x, y).
    #[must_use]
    pub const fn direction(self) -> (i32, i32) {
        match self {
            Self::North => (0, 1),
            Self::East => (1, 0),
            Self::South => (0, -1),
            Self::West => (-1, 0),
        }
    }

    /// Whether the front looks along y, so that the width lies along x.
    #[must_use]
    pub const fn is_along_y(self) -> bool {
        matches!(self, Self::North | Self::South)
    }

    /// One letter.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::North => "N",
            Self::East => "E",
            Self::South => "S",
            Self::West => "W",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_racks_do_not_overlap() {
        let a = RectMm::at(PointMm::new(0, 0), 600, 1068);
        assert!(!a.overlaps(&a.offset(600, 0)));
        assert!(a.overlaps(&a.offset(599, 0)));
    }

    #[test]
    fn four_quarters_are_none() {
        for facing in Facing::ALL {
            assert_eq!(facing.turned(4), facing);
            assert_eq!(facing.turned(-1).turned(1), facing);
            assert_eq!(facing.opposite().opposite(), facing);
        }
    }
}
