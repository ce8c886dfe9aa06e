//! The first page: title, key figures, contents.

use super::flow::Chapter;
use super::font::Fonts;
use super::sheet::{CONTENT_W, MARGIN, Sheet, Style};
use super::wrap;
use crate::report::colour::{ACCENT, HAIRLINE, MUTED, TEXT, of_tone};
use crate::report::model::{KeyFigure, ReportModel, Tone};
use crate::units::display::THIN_SPACE;

/// Key figures side by side.
const ACROSS: usize = 3;
/// Height of one, pt.
const CARD_H: f32 = 68.0;

/// The sheet.
pub fn sheet(fonts: &Fonts, model: &ReportModel, chapters: &[Chapter]) -> Sheet {
    let mut sheet = Sheet::default();
    sheet.fill([MARGIN, 58.0, 44.0, 3.0], ACCENT);
    sheet.text([MARGIN, 80.0], Style::bold(9.0, MUTED), "Design review");
    let mut y = 84.0;
    y = paragraph(&mut sheet, fonts, y, Style::bold(23.0, TEXT), 29.0, &model.title);
    y = paragraph(&mut sheet, fonts, y + 3.0, Style::regular(10.0, MUTED), 14.0, &model.subtitle);
    let verdict = format!("What limits it: {}", model.verdict);
    y = paragraph(&mut sheet, fonts, y + 9.0, Style::regular(9.6, TEXT), 13.5, &verdict);
    y = cards(&mut sheet, fonts, y + 14.0, &model.key_figures);
    contents(&mut sheet, fonts, y + 16.0, chapters);
    sheet
}

fn paragraph(
    sheet: &mut Sheet,
    fonts: &Fonts,
    mut y: f32,
    style: Style,
    line: f32,
    text: &str,
) -> f32 {
    for words in wrap::lines(fonts.face(style.bold), text, style.size, CONTENT_W) {
        y += line;
        sheet.text([MARGIN, y], style, words);
    }
    y
}

fn cards(sheet: &mut Sheet, fonts: &Fonts, top: f32, figures: &[KeyFigure]) -> f32 {
    let width = CONTENT_W / ACROSS as f32;
    let rows = figures.len().div_ceil(ACROSS);
    for (at, figure) in figures.iter().enumerate() {
        let x = MARGIN + (at % ACROSS) as f32 * width;
        let y = top + (at / ACROSS) as f32 * CARD_H;
        if at % ACROSS == 0 {
            sheet.line([MARGIN, y, MARGIN + CONTENT_W, y], 0.5, HAIRLINE);
        }
        card(sheet, fonts, [x, y], width - 12.0, figure);
    }
    top + rows as f32 * CARD_H
}

fn card(sheet: &mut Sheet, fonts: &Fonts, [x, y]: [f32; 2], width: f32, figure: &KeyFigure) {
    sheet.text([x, y + 15.0], Style::regular(7.8, MUTED), figure.label);
    let number = Style::bold(17.0, TEXT);
    sheet.text([x, y + 35.0], number, figure.text.clone());
    let after = x + fonts.face(true).width(&figure.text, number.size);
    let unit = format!("{THIN_SPACE}{}", figure.unit);
    sheet.text([after, y + 35.0], Style::regular(9.0, MUTED), unit);
    let (tone, bold) = match figure.tone {
        Tone::Plain => (MUTED, false),
        other => (of_tone(other), true),
    };
    let face = fonts.face(bold);
    let lines = wrap::lines(face, &figure.detail, 7.2, width);
    for (at, line) in lines.into_iter().take(3).enumerate() {
        let style = Style { size: 7.2, bold, colour: tone };
        sheet.text([x, y + 46.0 + at as f32 * 9.0], style, line);
    }
}

fn contents(sheet: &mut Sheet, fonts: &Fonts, top: f32, chapters: &[Chapter]) {
    sheet.text([MARGIN, top], Style::bold(9.6, TEXT), "Contents");
    let width = CONTENT_W / 2.0;
    let half = chapters.len().div_ceil(2);
    let style = Style::regular(8.6, TEXT);
    for (at, chapter) in chapters.iter().enumerate() {
        let x = MARGIN + (at / half) as f32 * width;
        let y = top + 17.0 + (at % half) as f32 * 13.5;
        sheet.text([x, y], style, chapter.title);
        let page = chapter.page.to_string();
        let right = x + width - 24.0;
        sheet.text([right - fonts.face(false).width(&page, style.size), y], style, page);
    }
}
