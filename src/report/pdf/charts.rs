//! Horizontal bars: waterfall and tornado.

use super::flow::Flow;
use super::sheet::{CONTENT_W, MARGIN, Style};
use super::wrap;
use crate::report::colour::{ACCENT, HAIRLINE, MUTED, TEXT};
use crate::report::figure::Bar;

/// Room for names left of the bars, pt.
const NAMES_W: f32 = 150.0;
/// Room for values right of the bars, pt.
const VALUES_W: f32 = 86.0;
/// Distance of bars, pt.
const PITCH: f32 = 13.5;
/// Thickness of a bar, pt.
const THICK: f32 = 8.0;

/// Draws bars from an origin where the flow stands.
pub fn bars(flow: &mut Flow<'_>, title: &str, bars: &[Bar], origin: f64) {
    if bars.is_empty() {
        return;
    }
    flow.ensure(40.0 + PITCH * bars.len() as f32);
    flow.caption(title);
    let ends = || bars.iter().flat_map(|b| [b.from, b.to]).chain([origin]);
    let (low, high) = (ends().fold(f64::MAX, f64::min), ends().fold(f64::MIN, f64::max));
    let width = CONTENT_W - NAMES_W - VALUES_W;
    let span = (high - low).max(f64::MIN_POSITIVE);
    let x_of = |v: f64| MARGIN + NAMES_W + ((v - low) / span) as f32 * width;
    let top = flow.y;
    for (at, bar) in bars.iter().enumerate() {
        let y = top + at as f32 * PITCH;
        let name = wrap::lines(flow.fonts.face(bar.whole), &bar.label, 7.6, NAMES_W - 8.0);
        let style = Style { size: 7.6, bold: bar.whole, colour: TEXT };
        let (x0, x1) = (x_of(bar.from.min(bar.to)), x_of(bar.from.max(bar.to)));
        let sheet = flow.sheet();
        sheet.text([MARGIN, y + 7.0], style, name.into_iter().next().unwrap_or_default());
        sheet.fill([x0, y, (x1 - x0).max(0.8), THICK], if bar.whole { TEXT } else { ACCENT });
        sheet.text([x1 + 5.0, y + 7.0], Style::regular(7.2, MUTED), bar.text.clone());
    }
    let bottom = top + bars.len() as f32 * PITCH;
    let x = x_of(origin);
    flow.sheet().line([x, top - 3.0, x, bottom], 0.6, HAIRLINE);
    flow.y = bottom + 10.0;
}
