//! Pictures as plain shapes, drawn alike by the PDF and the PNG writer.

use super::colour::{self, Rgb};
use crate::plan::RectMm;
use crate::render::chart::Chart;
use crate::render::chart::serving::Stack;
use crate::render::overlay::Scale;
use std::sync::Arc;

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    /// The hall from above.
    Floor(FloorFigure),
    /// A finished picture.
    Picture(Picture),
    /// Horizontal bars from an origin: waterfall, tornado.
    Bars {
        /// Heading.
        title: String,
        /// Top to bottom.
        bars: Vec<Bar>,
        /// Where the axis stands.
        origin: f64,
    },
    /// Layers over two axes.
    Chart(Chart),
    /// Bars of shares: where a step's time goes.
    Stacks {
        /// Heading.
        title: String,
        /// Top to bottom.
        stacks: Vec<Stack>,
    },
    /// Validation cases: ours against the reference.
    Compared(Vec<Compared>),
}

/// One validation case as a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The case.
    pub title: String,
    /// What is compared.
    pub picture: crate::cases::Picture,
}

/// A picture made of pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Heading.
    pub title: String,
    /// The pixels, as a PNG file.
    pub png: Arc<Vec<u8>>,
    /// Height over width.
    pub shape: f32,
    /// What the colours mean.
    pub legend: Option<Scale>,
    /// Small print below.
    pub note: String,
}

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Name beside it.
    pub label: String,
    /// One end.
    pub from: f64,
    /// The other end.
    pub to: f64,
    /// Value as shown.
    pub text: String,
    /// Whether it is a sum.
    pub whole: bool,
}

/// The hall from above.
#[derive(Clone, Debug, PartialEq)]
pub struct FloorFigure {
    /// Heading.
    pub title: String,
    /// The hall, mm.
    pub hall: RectMm,
    /// Bottom to top.
    pub shapes: Vec<Shape>,
    /// What the colours mean; none for the bare plan.
    pub legend: Option<Scale>,
    /// Small print below.
    pub note: String,
}

/// One object on the floor.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Footprint, mm.
    pub area: RectMm,
    /// How it is filled.
    pub fill: Fill,
    /// Whether it is past a limit; drawn hatched.
    pub over_limit: bool,
    /// Edge at which air enters, mm, as two corners; none for objects without a front.
    pub front: Option<RectMm>,
    /// Name, drawn where it fits.
    pub label: String,
}

/// How a shape is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    /// Colour of its value on the legend's scale.
    Value(Rgb),
    /// A rack with nothing to colour it by.
    Neutral,
    /// A cooling unit.
    Cooling,
    /// A perforated tile.
    Tile,
    /// Contained aisle, cold.
    ColdAisle,
    /// Contained aisle, hot.
    HotAisle,
    /// Column or wall.
    Solid,
    /// Door, ramp, keep-out.
    Outline,
}

impl Fill {
    /// Ground and edge.
    #[must_use]
    pub fn colours(self) -> (Option<Rgb>, Rgb) {
        match self {
            Self::Value(ink) => (Some(ink), colour::PAPER),
            Self::Neutral => (Some(colour::HAIRLINE), colour::MUTED),
            Self::Cooling => (Some(colour::COOLING), colour::PAPER),
            Self::Tile => (None, colour::HAIRLINE),
            Self::ColdAisle => (Some(colour::COLD_AISLE), colour::ACCENT),
            Self::HotAisle => (Some(colour::HOT_AISLE), colour::BAD),
            Self::Solid => (Some(colour::MUTED), colour::MUTED),
            Self::Outline => (None, colour::MUTED),
        }
    }
}
