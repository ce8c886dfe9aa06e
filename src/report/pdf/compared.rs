//! Ours against the reference: small charts, two in a row.

use super::flow::Flow;
use super::sheet::{CONTENT_W, MARGIN, Sheet, Style};
use super::wrap;
use crate::cases::{Picture, Point};
use crate::report::colour::{ACCENT, HAIRLINE, MUTED, Rgb, TEXT};
use crate::report::figure::Compared;
use crate::units::display;

/// Space between the two charts of a row, pt.
const GAP: f32 = 22.0;
/// Room for numbers left of a chart, pt.
const NUMBERS_W: f32 = 34.0;
/// Height of a chart, pt.
const HIGH: f32 = 118.0;
/// Title above and numbers below, pt.
const ABOVE: f32 = 26.0;
const BELOW: f32 = 24.0;
/// Side of a mark, pt.
const MARK: f32 = 2.4;
/// Numbers along an axis.
const TICKS: usize = 4;

/// Draws charts where the flow stands.
pub fn charts(flow: &mut Flow<'_>, all: &[Compared]) {
    if all.is_empty() {
        return;
    }
    flow.caption("Ours against the reference");
    let wide = (CONTENT_W - GAP) / 2.0;
    for pair in all.chunks(2) {
        flow.ensure(ABOVE + HIGH + BELOW);
        let top = flow.y;
        for (at, compared) in pair.iter().enumerate() {
            let left = MARGIN + at as f32 * (wide + GAP);
            let lines = wrap::lines(flow.fonts.face(true), &compared.title, 7.6, wide);
            let title = lines.into_iter().next().unwrap_or_default();
            let sheet = flow.sheet();
            sheet.text([left, top + 8.0], Style::bold(7.6, TEXT), title);
            sheet.text([left, top + 18.0], Style::regular(6.4, MUTED), legend(&compared.picture));
            let area = [left + NUMBERS_W, top + ABOVE, wide - NUMBERS_W, HIGH];
            chart(sheet, area, &compared.picture);
        }
        flow.y = top + ABOVE + HIGH + BELOW;
    }
}

fn legend(picture: &Picture) -> String {
    let named = |name: &str, unit: &str| {
        if unit.is_empty() { name.to_owned() } else { format!("{name}, {unit}") }
    };
    match picture {
        Picture::Scatter { quantity, unit, band, .. } => {
            let band = if band.is_some() { "; band: tolerance" } else { "" };
            format!("{}: ours up, reference across{band}", named(quantity, unit))
        }
        Picture::Profile { x, y, .. } => format!("{y} over {x}: dark reference, blue ours"),
        Picture::Pairs { quantity, unit, .. } => {
            format!("{}: dark reference, blue ours", named(quantity, unit))
        }
    }
}

/// Where numbers lie on the page.
struct Axes {
    area: [f32; 4],
    x: (f64, f64),
    y: (f64, f64),
    log: bool,
}

impl Axes {
    fn scaled(&self, v: f64) -> f64 {
        if self.log { v.max(f64::MIN_POSITIVE).log10() } else { v }
    }

    fn at(&self, x: f64, y: f64) -> [f32; 2] {
        let [left, top, wide, high] = self.area;
        let share = |v: f64, (low, high): (f64, f64)| {
            ((v - low) / (high - low).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0) as f32
        };
        [left + share(x, self.x) * wide, top + (1.0 - share(y, self.y)) * high]
    }

    fn mark(&self, sheet: &mut Sheet, x: f64, y: f64, side: f32, colour: Rgb) {
        let [x, y] = self.at(self.scaled(x), self.scaled(y));
        sheet.fill([x - side / 2.0, y - side / 2.0, side, side], colour);
    }

    fn line(&self, sheet: &mut Sheet, from: [f64; 2], to: [f64; 2], width: f32, colour: Rgb) {
        let ([x1, y1], [x2, y2]) = (self.at(from[0], from[1]), self.at(to[0], to[1]));
        sheet.line([x1, y1, x2, y2], width, colour);
    }
}

/// A range with air around it: at least `room`, so that equal numbers still have an axis.
fn padded(low: f64, high: f64, room: f64) -> (f64, f64) {
    let pad = (0.06 * (high - low)).max(room).max(1e-9 * high.abs().max(1e-9));
    (low - pad, high + pad)
}

fn chart(sheet: &mut Sheet, area: [f32; 4], picture: &Picture) {
    match picture {
        Picture::Scatter { points, band, log, .. } => {
            let Some((low, high)) = Picture::range(points) else { return };
            let scale = |v: f64| if *log { v.max(f64::MIN_POSITIVE).log10() } else { v };
            let room = if *log { 0.05 } else { band.unwrap_or(0.0) };
            let range = padded(scale(low), scale(high), room);
            let axes = Axes { area, x: range, y: range, log: *log };
            grid(sheet, &axes, true);
            scatter(sheet, &axes, points, *band);
        }
        Picture::Pairs { points, .. } => {
            let Some((low, high)) = Picture::range(points) else { return };
            let x = (-0.7, points.len() as f64 - 0.3);
            let axes = Axes { area, x, y: padded(low, high, 0.0), log: false };
            grid(sheet, &axes, false);
            pairs(sheet, &axes, points);
        }
        Picture::Profile { series, .. } => {
            let of = |k: usize| series.iter().flat_map(move |s| s.points.iter().map(move |p| p[k]));
            let range = |k: usize| {
                let (low, high) = of(k).fold((f64::MAX, f64::MIN), |r, v| (r.0.min(v), r.1.max(v)));
                padded(low, high, 0.0)
            };
            let axes = Axes { area, x: range(0), y: range(1), log: false };
            grid(sheet, &axes, true);
            for s in series.iter().filter(|s| !s.is_reference) {
                for ends in s.points.windows(2) {
                    axes.line(sheet, ends[0], ends[1], 0.9, ACCENT);
                }
            }
            for p in series.iter().filter(|s| s.is_reference).flat_map(|s| &s.points) {
                axes.mark(sheet, p[0], p[1], MARK, TEXT);
            }
        }
    }
}

/// Frame, rules and numbers.
fn grid(sheet: &mut Sheet, axes: &Axes, across: bool) {
    let [left, top, wide, high] = axes.area;
    let style = Style::regular(6.0, MUTED);
    let words = |v: f64| display::figure(if axes.log { 10f64.powf(v) } else { v }, 3);
    for k in 0..=TICKS {
        let share = k as f64 / TICKS as f64;
        let (x, y) =
            (axes.x.0 + share * (axes.x.1 - axes.x.0), axes.y.0 + share * (axes.y.1 - axes.y.0));
        let ([px, _], [_, py]) = (axes.at(x, axes.y.0), axes.at(axes.x.0, y));
        sheet.line([left, py, left + wide, py], 0.3, HAIRLINE);
        sheet.text([left - NUMBERS_W, py + 2.0], style, words(y));
        if across {
            sheet.line([px, top, px, top + high], 0.3, HAIRLINE);
            sheet.text([px - 8.0, top + high + 8.0], style, words(x));
        }
    }
    sheet.outline(axes.area, 0.4, MUTED);
}

fn scatter(sheet: &mut Sheet, axes: &Axes, points: &[Point], band: Option<f64>) {
    let (low, high) = axes.x;
    axes.line(sheet, [low, low], [high, high], 0.6, MUTED);
    if let Some(band) = band {
        let (below, above) = if axes.log {
            ((1.0 - band).max(f64::MIN_POSITIVE).log10(), (1.0 + band).log10())
        } else {
            (-band, band)
        };
        for up in [below, above] {
            // Only the part inside the frame: both ends on the shifted diagonal.
            let (from, to) = ((low - up).max(low), (high - up).min(high));
            if from < to {
                axes.line(sheet, [from, from + up], [to, to + up], 0.4, HAIRLINE);
            }
        }
    }
    let side = if points.len() > 200 { MARK / 2.0 } else { MARK };
    for p in points {
        if p.reference_std > 0.0 {
            let y = axes.scaled(p.ours);
            let ends = [p.reference - p.reference_std, p.reference + p.reference_std];
            let [from, to] = ends.map(|x| [axes.scaled(x), y]);
            axes.line(sheet, from, to, 0.5, MUTED);
        }
        axes.mark(sheet, p.reference, p.ours, side, ACCENT);
    }
}

fn pairs(sheet: &mut Sheet, axes: &Axes, points: &[Point]) {
    /// More names than this would run into each other.
    const NAMED: usize = 18;
    let style = Style::regular(5.0, MUTED);
    for (i, p) in points.iter().enumerate() {
        let x = i as f64;
        axes.line(sheet, [x, p.reference], [x, p.ours], 0.5, MUTED);
        axes.mark(sheet, x, p.reference, MARK + 0.8, TEXT);
        axes.mark(sheet, x, p.ours, MARK, ACCENT);
        if points.len() <= NAMED {
            let [px, py] = axes.at(x, axes.y.0);
            let short: String = p.label.chars().take(5).collect();
            sheet.text([px - 5.0, py + 8.0 + 6.0 * (i % 2) as f32], style, short);
        }
    }
}
