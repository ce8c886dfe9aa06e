//! A picture made of pixels, with its legend.

use super::floor_plan::draw_legend;
use super::flow::Flow;
use super::sheet::{CONTENT_W, MARGIN};
use crate::report::colour;
use crate::report::figure::Picture;

/// Height taken by the legend, pt.
const FOOT_H: f32 = 38.0;

/// Draws the picture where the flow stands.
pub fn draw(flow: &mut Flow<'_>, picture: &Picture) {
    let height = CONTENT_W * picture.shape;
    let foot = if picture.legend.is_some() { FOOT_H } else { 6.0 };
    flow.ensure(height + foot + 50.0);
    flow.caption(&picture.title);
    let top = flow.y;
    let fonts = flow.fonts;
    let sheet = flow.sheet();
    let area = [MARGIN, top, CONTENT_W, height];
    sheet.picture(area, &picture.png);
    sheet.outline(area, 0.5, colour::HAIRLINE);
    if let Some(legend) = &picture.legend {
        draw_legend(sheet, fonts, legend, top + height + 17.0);
    }
    flow.y = top + height + foot;
    flow.note(&picture.note);
}
