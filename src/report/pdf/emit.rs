//! From sheets to PDF, with header, footer and bookmarks.

use super::Streams;
use super::flow::Chapter;
use super::font::{Face, Fonts};
use super::sheet::{CONTENT_W, MARGIN, Op, PAGE_H, PAGE_W, Sheet, Style};
use crate::report::ReportError;
use crate::report::colour::{HAIRLINE, MUTED, Rgb};
use crate::report::model::ReportModel;
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};
use std::sync::Arc;

/// Writes the document.
pub fn pdf(
    fonts: &Fonts,
    model: &ReportModel,
    sheets: &[Sheet],
    chapters: &[Chapter],
    streams: Streams,
) -> Result<Vec<u8>, ReportError> {
    let mut document = Document::new_with(SerializeSettings {
        compress_content_streams: streams == Streams::Compressed,
        ..SerializeSettings::default()
    });
    let size = PageSettings::from_wh(PAGE_W, PAGE_H)
        .ok_or_else(|| ReportError::Pdf("page size".into()))?;
    for (at, sheet) in sheets.iter().enumerate() {
        let mut page = document.start_page_with(size.clone());
        let mut surface = page.surface();
        let frame = frame(fonts, model, sheet, at + 1, sheets.len());
        for op in frame.ops.iter().chain(&sheet.ops) {
            draw(&mut surface, fonts, op)?;
        }
        surface.finish();
        page.finish();
    }
    document.set_outline(outline(chapters));
    document.set_metadata(metadata(model)?);
    document.finish().map_err(|e| ReportError::Pdf(format!("{e:?}")))
}

/// Header and footer; the cover has only the footer.
fn frame(fonts: &Fonts, model: &ReportModel, sheet: &Sheet, page: usize, pages: usize) -> Sheet {
    let mut frame = Sheet::default();
    let style = Style::regular(7.4, MUTED);
    let right = |text: &str| MARGIN + CONTENT_W - fonts.face(false).width(text, style.size);
    let rule = |y: f32| [MARGIN, y, MARGIN + CONTENT_W, y];
    if !sheet.chapter.is_empty() {
        frame.text([MARGIN, 38.0], style, model.title.clone());
        frame.text([right(sheet.chapter), 38.0], style, sheet.chapter);
        frame.line(rule(46.0), 0.5, HAIRLINE);
    }
    let made = format!("Tokenmill {} · {}", model.context.version, model.context.generated_at);
    let number = format!("Page {page} of {pages}");
    let y = PAGE_H - 30.0;
    frame.line(rule(y - 11.0), 0.5, HAIRLINE);
    frame.text([MARGIN, y], style, made);
    frame.text([right(&number), y], style, number);
    frame
}

fn fill(colour: Rgb) -> Fill {
    Fill { paint: ink(colour).into(), ..Fill::default() }
}

fn ink([r, g, b]: Rgb) -> rgb::Color {
    rgb::Color::new(r, g, b)
}

fn draw(surface: &mut Surface<'_>, fonts: &Fonts, op: &Op) -> Result<(), ReportError> {
    match op {
        Op::Text { x, y, size, bold, colour, text } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*colour)));
            let face = fonts.face(*bold);
            let glyphs = glyphs(face, text);
            let at = Point::from_xy(*x, *y);
            surface.draw_glyphs(at, &glyphs, face.font.clone(), text, *size, false);
        }
        Op::Picture { area, png } => picture(surface, *area, png)?,
        Op::Fill { area: [x, y, w, h], colour } => {
            let Some(rect) = Rect::from_xywh(*x, *y, *w, *h) else { return Ok(()) };
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*colour)));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        Op::Line { ends: [x1, y1, x2, y2], width, colour } => {
            let mut path = PathBuilder::new();
            path.move_to(*x1, *y1);
            path.line_to(*x2, *y2);
            surface.set_fill(None);
            let paint = ink(*colour).into();
            surface.set_stroke(Some(Stroke { paint, width: *width, ..Stroke::default() }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
    Ok(())
}

fn picture(
    surface: &mut Surface<'_>,
    [x, y, w, h]: [f32; 4],
    png: &Arc<Vec<u8>>,
) -> Result<(), ReportError> {
    let image = Image::from_png(Arc::clone(png).into(), true).map_err(ReportError::Pdf)?;
    if let Some(size) = Size::from_wh(w, h) {
        surface.push_transform(&Transform::from_translate(x, y));
        surface.draw_image(image, size);
        surface.pop();
    }
    Ok(())
}

fn glyphs(face: &Face, text: &str) -> Vec<KrillaGlyph> {
    text.char_indices()
        .map(|(at, c)| {
            let (id, advance) = face.glyph(c);
            let range = at..at + c.len_utf8();
            KrillaGlyph::new(GlyphId::new(u32::from(id)), advance, 0.0, 0.0, 0.0, range, None)
        })
        .collect()
}

fn outline(chapters: &[Chapter]) -> Outline {
    let mut outline = Outline::new();
    for chapter in chapters {
        let at = XyzDestination::new(chapter.page - 1, Point::from_xy(0.0, chapter.y));
        outline.push_child(OutlineNode::new(chapter.title.to_owned(), at));
    }
    outline
}

fn metadata(model: &ReportModel) -> Result<Metadata, ReportError> {
    let time = &model.context.generated_at;
    let bad = || ReportError::Time(time.clone());
    let [year, month, day, hour, minute, second] = crate::report::time::parts(time)?;
    let small = |v: u16| u8::try_from(v).map_err(|_| bad());
    let date = DateTime::new(year)
        .month(small(month)?)
        .day(small(day)?)
        .hour(small(hour)?)
        .minute(small(minute)?)
        .second(small(second)?)
        .utc_offset_hour(0);
    Ok(Metadata::new()
        .title(format!("{} – design review", model.title))
        .creator(format!("Tokenmill {}", model.context.version))
        .language("en".into())
        .creation_date(date))
}
