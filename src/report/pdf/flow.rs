//! Pouring sections onto sheets: headings, paragraphs, page breaks.

use super::font::Fonts;
use super::sheet::{BOTTOM, MARGIN, Sheet, Style, TOP};
use super::{chart, charts, compared, floor_plan, picture, stacks, table, wrap};
use crate::report::colour::{ACCENT, MUTED, TEXT};
use crate::report::figure::Figure;
use crate::report::model::{Block, Section};

/// Size of running text, pt.
const BODY: f32 = 8.8;
/// Distance of its baselines, pt.
const BODY_LINE: f32 = 13.0;
/// Longest comfortable line, pt.
const MEASURE: f32 = 430.0;
/// A section that would begin below this starts on a new page, pt.
const LAST_START: f32 = 560.0;

/// Where a chapter begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chapter {
    /// Its title.
    pub title: &'static str,
    /// Page, from 1 with the cover counted.
    pub page: usize,
    /// Height on it, pt.
    pub y: f32,
}

/// Sheets being filled.
pub struct Flow<'a> {
    /// Typeface.
    pub fonts: &'a Fonts,
    sheets: Vec<Sheet>,
    chapters: Vec<Chapter>,
    /// Where the next block begins.
    pub y: f32,
    title: &'static str,
}

impl<'a> Flow<'a> {
    /// No sheet yet.
    pub const fn new(fonts: &'a Fonts) -> Self {
        Self { fonts, sheets: Vec::new(), chapters: Vec::new(), y: f32::MAX, title: "" }
    }

    /// The sheets and where the chapters begin.
    pub fn finish(self) -> (Vec<Sheet>, Vec<Chapter>) {
        (self.sheets, self.chapters)
    }

    /// Begins a new sheet.
    pub fn page_break(&mut self) {
        self.sheets.push(Sheet { chapter: self.title, ops: Vec::new() });
        self.y = TOP;
    }

    /// Begins a new sheet unless this much room is left.
    pub fn ensure(&mut self, height: f32) {
        if self.sheets.is_empty() || self.y + height > BOTTOM {
            self.page_break();
        }
    }

    /// The sheet being filled.
    pub fn sheet(&mut self) -> &mut Sheet {
        if self.sheets.is_empty() {
            self.page_break();
        }
        let last = self.sheets.len() - 1;
        &mut self.sheets[last]
    }

    /// A whole section.
    pub fn section(&mut self, section: &Section) {
        self.title = section.title;
        // A picture takes most of a page; its heading goes with it.
        let pictures = matches!(section.blocks.first(), Some(Block::Figure(_)));
        if self.y > LAST_START || pictures {
            self.page_break();
        } else {
            self.y += 22.0;
        }
        self.y += 14.0;
        let y = self.y;
        self.sheet().text([MARGIN, y], Style::bold(16.0, TEXT), section.title);
        self.sheet().fill([MARGIN, y + 7.0, 28.0, 2.0], ACCENT);
        self.chapters.push(Chapter {
            title: section.title,
            page: self.sheets.len() + 1,
            y: y - 16.0,
        });
        self.y += 24.0;
        for block in &section.blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(text) => self.paragraph(text, BODY, BODY_LINE, false),
            Block::Table(content) => table::draw(self, content),
            Block::Figure(Figure::Floor(figure)) => floor_plan::draw(self, figure),
            Block::Figure(Figure::Picture(content)) => picture::draw(self, content),
            Block::Figure(Figure::Bars { title, bars, origin }) => {
                charts::bars(self, title, bars, *origin);
            }
            Block::Figure(Figure::Chart(content)) => chart::draw(self, content),
            Block::Figure(Figure::Stacks { title, stacks: all }) => stacks::draw(self, title, all),
            Block::Figure(Figure::Compared(all)) => compared::charts(self, all),
        }
    }

    /// Running text.
    fn paragraph(&mut self, text: &str, size: f32, line: f32, muted: bool) {
        let colour = if muted { MUTED } else { TEXT };
        for words in wrap::lines(self.fonts.face(false), text, size, MEASURE) {
            self.ensure(line);
            self.y += line;
            let y = self.y - line * 0.25;
            self.sheet().text([MARGIN, y], Style::regular(size, colour), words);
        }
        self.y += 8.0;
    }

    /// Small print.
    pub fn note(&mut self, text: &str) {
        if !text.is_empty() {
            self.paragraph(text, 7.0, 9.5, true);
        }
    }

    /// Heading of a table or picture.
    pub fn caption(&mut self, text: &str) {
        self.y += 8.0;
        if !text.is_empty() {
            let y = self.y + 8.0;
            self.sheet().text([MARGIN, y], Style::bold(9.6, TEXT), text);
            self.y += 15.0;
        }
    }
}
