//! The one-line diagram of a power case: where every element, load and connection is drawn. Pure
//! geometry in diagram points (x to the right, y downward); the window and the report paint it.
//!
//! Sources are at the top. What carries blocks of the chain (feeders, transformers, boards, UPS,
//! transfer switches) stands in ranks, parents over the middle of their children. What distributes
//! over rows (cables, busways) is listed under the board that feeds it: a riser, a feeder, a bar
//! with its taps. Stand-by sources stand beside the board that transfers to them.

pub mod paths;
mod place;
#[cfg(test)]
mod tests;
mod tree;
mod wires;

pub use tree::Tree;

use crate::evaluate::power::case::{Element, ElementKind, PowerCase};
use std::ops::Range;

/// Width kept for a symbol and its words, points.
pub const CELL_W: f32 = 172.0;
/// From one rank to the next, points.
pub const RANK_H: f32 = 112.0;
/// Height of a busway with its words and one line of taps, points.
pub const ROW_H: f32 = 64.0;
/// Width of a feeder with its words, points.
pub const FEEDER_W: f32 = 150.0;
/// From tap to tap along a bar, points.
pub const TAP_W: f32 = 18.0;
/// Height of a further line of taps, points.
pub const TAP_LINE_H: f32 = 20.0;
/// Taps on one line of a bar.
pub const TAPS_PER_LINE: usize = 24;
/// Half the height of a symbol, points.
pub const HALF: f32 = 18.0;

/// A point, diagram points.
pub type Point = [f32; 2];

/// Upper left and lower right corner, diagram points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Upper left.
    pub min: Point,
    /// Lower right.
    pub max: Point,
}

impl Area {
    /// Whether two areas share more than an edge.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.min[0] < other.max[0]
            && other.min[0] < self.max[0]
            && self.min[1] < other.max[1]
            && other.min[1] < self.max[1]
    }

    /// Whether a point lies inside.
    #[must_use]
    pub fn contains(&self, [x, y]: Point) -> bool {
        (self.min[0]..=self.max[0]).contains(&x) && (self.min[1]..=self.max[1]).contains(&y)
    }
}

/// What stands for an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// Grid connection.
    Utility,
    /// Generator.
    Generator,
    /// Two circles.
    Transformer,
    /// Box with ~ and =.
    Ups,
    /// Box from ~ to =.
    Rectifier,
    /// Bar with a breaker above.
    Board,
    /// Bar with a transfer switch above: it has two supplies.
    Transfer,
    /// Breaker with a line behind it.
    Feeder,
    /// Long bar with taps.
    Bar,
}

impl Symbol {
    /// The symbol of an element.
    #[must_use]
    pub const fn of(element: &Element) -> Self {
        match element.kind {
            ElementKind::Utility => Self::Utility,
            ElementKind::Generator => Self::Generator,
            ElementKind::Transformer => Self::Transformer,
            ElementKind::Ups => Self::Ups,
            ElementKind::Rectifier800 | ElementKind::PowerShelf => Self::Rectifier,
            ElementKind::Cable => Self::Feeder,
            ElementKind::Busway => Self::Bar,
            ElementKind::MvFeeder
            | ElementKind::Switchboard
            | ElementKind::Pdu
            | ElementKind::Rpp => {
                if element.backup.is_some() {
                    Self::Transfer
                } else {
                    Self::Board
                }
            }
        }
    }
}

/// A horizontal bar with taps beneath.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Left and right end.
    pub x: [f32; 2],
    /// Height.
    pub y: f32,
}

/// An element of the diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it looks like.
    pub symbol: Symbol,
    /// Middle of the symbol; the left end of a bar.
    pub at: Point,
    /// Everything that belongs to it, words included.
    pub area: Area,
    /// The bar that its loads hang on.
    pub bar: Option<Bar>,
    /// Its taps in [`OneLine::taps`].
    pub taps: Range<usize>,
    /// Whether it stands in a rank; else it is listed under a board.
    pub ranked: bool,
}

/// A connection of a load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tap {
    /// Index of the load in the case.
    pub load: usize,
    /// Which of its feeds.
    pub feed: usize,
    /// Index of the element that it hangs on.
    pub element: usize,
    /// Middle of the load's symbol.
    pub at: Point,
    /// Height of the bar.
    pub bar_y: f32,
}

/// A connection of two elements.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    /// Index of the supplying element.
    pub from: usize,
    /// Index of the supplied element.
    pub to: usize,
    /// Whether it is taken only when the normal supply is dead.
    pub backup: bool,
    /// Corners from supply to load.
    pub points: Vec<Point>,
}

/// A laid-out diagram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OneLine {
    /// One per element of the case, in its order.
    pub nodes: Vec<Node>,
    /// Every connection of every load, element by element.
    pub taps: Vec<Tap>,
    /// Every connection of elements.
    pub wires: Vec<Wire>,
    /// Width and height of everything.
    pub size: Point,
}

impl OneLine {
    /// Lays a case out; the same case always gives the same diagram.
    #[must_use]
    pub fn of(case: &PowerCase) -> Self {
        let tree = Tree::of(case);
        let mut line = place::place(case, &tree);
        line.wires = wires::wires(case, &tree, &line.nodes);
        line
    }

    /// The element whose symbol, bar or words are at a point; the smallest of several.
    #[must_use]
    pub fn element_at(&self, at: Point) -> Option<usize> {
        let size = |n: &Node| (n.area.max[0] - n.area.min[0]) * (n.area.max[1] - n.area.min[1]);
        let hits = self.nodes.iter().enumerate().filter(|(_, n)| n.area.contains(at));
        hits.min_by(|a, b| size(a.1).total_cmp(&size(b.1))).map(|(i, _)| i)
    }

    /// The tap at a point.
    #[must_use]
    pub fn tap_at(&self, [x, y]: Point) -> Option<&Tap> {
        let near = |t: &&Tap| (t.at[0] - x).abs() <= TAP_W / 2.0 && (t.at[1] - y).abs() <= 8.0;
        self.taps.iter().find(near)
    }
}
