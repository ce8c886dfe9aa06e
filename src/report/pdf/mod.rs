//! The design review as a PDF: A4 portrait, light, one typography.
//!
//! [`flow`] lays the model out on sheets of plain drawing operations; [`emit`] turns the sheets
//! into PDF once the number of pages is known. Operations hold text as strings, so that the PDF
//! can be searched, copied and read back.

mod chart;
mod charts;
mod columns;
mod compared;
mod cover;
mod emit;
mod floor_plan;
mod flow;
mod font;
mod picture;
mod sheet;
mod stacks;
mod table;
mod wrap;

use super::ReportError;
use super::model::ReportModel;
use flow::Flow;
use font::Fonts;

/// Whether the page contents are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Streams {
    /// A small file.
    Compressed,
    /// Page contents that can be read without an inflater: for tests and for looking into.
    Plain,
}

/// The report as PDF.
pub fn write(model: &ReportModel) -> Result<Vec<u8>, ReportError> {
    write_with(model, Streams::Compressed)
}

/// The report as PDF, with or without compression.
pub fn write_with(model: &ReportModel, streams: Streams) -> Result<Vec<u8>, ReportError> {
    let fonts = Fonts::shipped()?;
    let mut flow = Flow::new(&fonts);
    for section in &model.sections {
        flow.section(section);
    }
    let (mut sheets, chapters) = flow.finish();
    sheets.insert(0, cover::sheet(&fonts, model, &chapters));
    emit::pdf(&fonts, model, &sheets, &chapters, streams)
}
