//! A page as plain drawing operations, in points from its upper left corner.

use crate::report::colour::Rgb;
use std::sync::Arc;

/// Width of A4, pt.
pub const PAGE_W: f32 = 595.28;
/// Height of A4, pt.
pub const PAGE_H: f32 = 841.89;
/// Left and right margin, pt.
pub const MARGIN: f32 = 44.0;
/// Width between the margins, pt.
pub const CONTENT_W: f32 = PAGE_W - 2.0 * MARGIN;
/// Where content begins below the header, pt.
pub const TOP: f32 = 66.0;
/// Where content ends above the footer, pt.
pub const BOTTOM: f32 = PAGE_H - 56.0;

/// One drawing operation.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// A line of text; `y` is its baseline.
    Text {
        /// Left end.
        x: f32,
        /// Baseline.
        y: f32,
        /// Size, pt.
        size: f32,
        /// Semibold or regular.
        bold: bool,
        /// Colour.
        colour: Rgb,
        /// The text.
        text: String,
    },
    /// A filled rectangle.
    Fill {
        /// Left, top, width, height.
        area: [f32; 4],
        /// Colour.
        colour: Rgb,
    },
    /// A picture made of pixels.
    Picture {
        /// Left, top, width, height.
        area: [f32; 4],
        /// A PNG file.
        png: Arc<Vec<u8>>,
    },
    /// A straight line.
    Line {
        /// From x, y to x, y.
        ends: [f32; 4],
        /// Thickness, pt.
        width: f32,
        /// Colour.
        colour: Rgb,
    },
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Title of the chapter, for the header; empty on the cover.
    pub chapter: &'static str,
    /// Bottom to top.
    pub ops: Vec<Op>,
}

impl Sheet {
    /// Adds a filled rectangle.
    pub fn fill(&mut self, area: [f32; 4], colour: Rgb) {
        self.ops.push(Op::Fill { area, colour });
    }

    /// Adds a picture.
    pub fn picture(&mut self, area: [f32; 4], png: &Arc<Vec<u8>>) {
        self.ops.push(Op::Picture { area, png: Arc::clone(png) });
    }

    /// Adds a line.
    pub fn line(&mut self, ends: [f32; 4], width: f32, colour: Rgb) {
        self.ops.push(Op::Line { ends, width, colour });
    }

    /// Adds the outline of a rectangle.
    pub fn outline(&mut self, [x, y, w, h]: [f32; 4], width: f32, colour: Rgb) {
        for ends in
            [[x, y, x + w, y], [x, y + h, x + w, y + h], [x, y, x, y + h], [x + w, y, x + w, y + h]]
        {
            self.line(ends, width, colour);
        }
    }

    /// Adds text.
    pub fn text(&mut self, at: [f32; 2], style: Style, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            let Style { size, bold, colour } = style;
            self.ops.push(Op::Text { x: at[0], y: at[1], size, bold, colour, text });
        }
    }
}

/// How text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Size, pt.
    pub size: f32,
    /// Semibold or regular.
    pub bold: bool,
    /// Colour.
    pub colour: Rgb,
}

impl Style {
    /// Regular weight.
    pub const fn regular(size: f32, colour: Rgb) -> Self {
        Self { size, bold: false, colour }
    }

    /// Semibold.
    pub const fn bold(size: f32, colour: Rgb) -> Self {
        Self { size, bold: true, colour }
    }
}
