//! A chart of `render::chart` on paper: axes, layers, names.

use super::flow::Flow;
use super::sheet::{CONTENT_W, MARGIN, Sheet, Style};
use crate::render::chart::contour::Field;
use crate::render::chart::{Axis, Chart, Layer, Mark, Role};
use crate::report::colour::{ACCENT, BAD, HAIRLINE, MUTED, OK, PAPER, Rgb, TEXT, WARN};

/// Room for numbers left of the chart, pt.
const NUMBERS_W: f32 = 46.0;
/// Height of the chart, pt.
const HIGH: f32 = 190.0;
/// Legend above and numbers with the axis' name below, pt.
const ABOVE: f32 = 16.0;
const BELOW: f32 = 30.0;
/// Size of words in the legend and distance of its lines, pt.
const LEGEND: f32 = 7.0;
const LINE: f32 = 10.0;
/// Numbers upwards and to the right, about.
const TICKS: usize = 6;
const ACROSS: usize = 10;
/// Side of a dot, pt.
const DOT: f32 = 3.0;
/// Air around the layers, share of the range.
const AIR: f64 = 0.05;
/// Share of the distance between bars that they fill.
const BAR_SHARE: f32 = 0.7;

/// The ink of a role on paper.
const fn ink(role: Role) -> Rgb {
    match role {
        Role::Main => ACCENT,
        Role::Plan => TEXT,
        Role::Limit => WARN,
        Role::Good => OK,
        Role::Bad => BAD,
        Role::Quiet => MUTED,
    }
}

/// A light wash of an ink, for areas.
fn wash(ink: Rgb) -> Rgb {
    ink.map(|c| (f32::from(c) + (255.0 - f32::from(c)) * 0.82).round() as u8)
}

/// Draws a chart where the flow stands.
pub fn draw(flow: &mut Flow<'_>, chart: &Chart) {
    let Some(axes) = Axes::of(chart) else { return };
    let above = ABOVE + LINE * keys(chart).last().map_or(0.0, |k| k.2 as f32);
    flow.ensure(40.0 + above + HIGH + BELOW);
    flow.caption(&chart.title);
    let top = flow.y;
    let axes =
        Axes { area: [MARGIN + NUMBERS_W, top + above, CONTENT_W - NUMBERS_W, HIGH], ..axes };
    let sheet = flow.sheet();
    legend(sheet, chart, top + 6.0);
    if let Some(field) = &chart.field {
        field_cells(sheet, &axes, field);
    }
    grid(sheet, &axes, chart);
    for layer in &chart.layers {
        draw_layer(sheet, &axes, chart, layer);
    }
    for (x, name) in &chart.rules {
        let [px, _] = axes.at(chart.x.place(*x), axes.y.0);
        sheet.line([px, axes.area[1], px, axes.area[1] + HIGH], 0.8, WARN);
        let style = Style::bold(6.6, WARN);
        sheet.text([px + 3.0, axes.area[1] + 8.0], style, name.clone());
    }
    flow.y = top + above + HIGH + BELOW;
}

/// Where numbers lie on the page; places, not values, on logarithmic axes.
struct Axes {
    area: [f32; 4],
    x: (f64, f64),
    y: (f64, f64),
}

impl Axes {
    fn of(chart: &Chart) -> Option<Self> {
        if chart.is_empty() && chart.field.is_none() {
            return None;
        }
        let [x, y] = chart.extent()?;
        let bars = chart.layers.iter().any(|l| l.mark == Mark::Bars);
        let range = |(low, high): (f64, f64), axis: &Axis, from_zero: bool| {
            if chart.field.is_some() {
                return (low, high);
            }
            let low = if axis.log || !from_zero { low } else { low.min(0.0) };
            let air = (high - low).max(1e-9 * high.abs().max(1e-9)) * AIR;
            // A bar stands on its whole width.
            let sides = if bars && !from_zero { air.max(0.6) } else { air };
            (if low == 0.0 && from_zero { 0.0 } else { low - sides }, high + sides)
        };
        Some(Self { area: [0.0; 4], x: range(x, &chart.x, !bars), y: range(y, &chart.y, true) })
    }

    fn at(&self, x: f64, y: f64) -> [f32; 2] {
        let [left, top, wide, high] = self.area;
        let share = |v: f64, (low, high): (f64, f64)| {
            ((v - low) / (high - low).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0) as f32
        };
        [left + share(x, self.x) * wide, top + (1.0 - share(y, self.y)) * high]
    }
}

fn grid(sheet: &mut Sheet, axes: &Axes, chart: &Chart) {
    let [left, top, wide, high] = axes.area;
    let style = Style::regular(6.6, MUTED);
    let ruled = chart.field.is_none();
    let (ys, step) = chart.y.ticks(axes.y, TICKS);
    for y in ys {
        let [_, py] = axes.at(axes.x.0, y);
        if ruled {
            sheet.line([left, py, left + wide, py], 0.3, HAIRLINE);
        }
        let words = chart.y.number(y, step);
        sheet.text([left - 5.0 - width(&words, 6.6), py + 2.0], style, words);
    }
    let (xs, step) = chart.x.ticks(axes.x, ACROSS);
    for x in xs {
        let [px, _] = axes.at(x, axes.y.0);
        if ruled {
            sheet.line([px, top, px, top + high], 0.3, HAIRLINE);
        }
        let words = chart.x.number(x, step);
        sheet.text([px - width(&words, 6.6) / 2.0, top + high + 9.0], style, words);
    }
    sheet.outline(axes.area, 0.4, MUTED);
    let style = Style::regular(7.0, MUTED);
    sheet.text([left, top + high + 20.0], style, format!("to the right: {}", chart.x.words));
}

/// Width of words in the legend or beside an axis, pt, about.
fn width(text: &str, size: f32) -> f32 {
    text.chars().count() as f32 * size * 0.53
}

/// Keys of the legend with their place from the left and their line: what does not fit goes on
/// below.
fn keys(chart: &Chart) -> Vec<(&Layer, f32, usize)> {
    let mut x = NUMBERS_W + width(&upwards(chart), LEGEND) + 14.0;
    let mut line = 0;
    let named = |l: &&Layer| !matches!(l.mark, Mark::Pieces | Mark::Rings);
    let mut keys = Vec::new();
    for layer in chart.layers.iter().filter(named) {
        let wide = 11.0 + width(&layer.name, LEGEND) + 12.0;
        if x + wide > CONTENT_W {
            (x, line) = (NUMBERS_W, line + 1);
        }
        keys.push((layer, x, line));
        x += wide;
    }
    keys
}

fn upwards(chart: &Chart) -> String {
    format!("upwards: {}", chart.y.words)
}

fn legend(sheet: &mut Sheet, chart: &Chart, top: f32) {
    let style = Style::regular(LEGEND, MUTED);
    sheet.text([MARGIN + NUMBERS_W, top], style, upwards(chart));
    for (layer, x, line) in keys(chart) {
        let (x, y) = (MARGIN + x, top + line as f32 * LINE);
        let colour = ink(layer.role);
        let colour = if layer.mark == Mark::Area { wash(colour) } else { colour };
        match layer.mark {
            Mark::Line | Mark::Dashes | Mark::Whiskers => {
                sheet.fill([x, y - 3.0, 8.0, 1.0], colour);
            }
            _ => sheet.fill([x + 2.0, y - 5.0, 5.0, 5.0], colour),
        }
        sheet.text([x + 11.0, y], style, layer.name.clone());
    }
}

/// Every place of the field as a cell around it.
fn field_cells(sheet: &mut Sheet, axes: &Axes, field: &Field) {
    if !field.is_whole() {
        return;
    }
    let edge = |v: &[f64], i: usize, up: bool| match (i, up) {
        (0, false) => v[0],
        (i, false) => (v[i - 1] + v[i]) / 2.0,
        (i, true) if i + 1 == v.len() => v[i],
        (i, true) => (v[i] + v[i + 1]) / 2.0,
    };
    for row in 0..field.ys.len() {
        for column in 0..field.xs.len() {
            let from = axes.at(edge(&field.xs, column, false), edge(&field.ys, row, true));
            let to = axes.at(edge(&field.xs, column, true), edge(&field.ys, row, false));
            // A hair wider than the cell, lest paper shines through between two of them.
            let area = [from[0], from[1], to[0] - from[0] + 0.2, to[1] - from[1] + 0.2];
            sheet.fill(area, field.colour(field.at(column, row)));
        }
    }
}

fn draw_layer(sheet: &mut Sheet, axes: &Axes, chart: &Chart, layer: &Layer) {
    let colour = ink(layer.role);
    let at: Vec<[f32; 2]> = layer
        .points
        .iter()
        .map(|p| [chart.x.place(p[0]), chart.y.place(p[1])])
        .filter(|p| p.iter().all(|v| v.is_finite()))
        .map(|p| axes.at(p[0], p[1]))
        .collect();
    match layer.mark {
        Mark::Line => {
            for ends in at.windows(2) {
                sheet.line([ends[0][0], ends[0][1], ends[1][0], ends[1][1]], 0.9, colour);
            }
        }
        Mark::Dashes => {
            for ends in at.windows(2) {
                dashes(sheet, ends[0], ends[1], colour);
            }
        }
        Mark::Whiskers => {
            for pair in at.chunks_exact(2) {
                sheet.line([pair[0][0], pair[0][1], pair[1][0], pair[1][1]], 1.0, colour);
            }
        }
        Mark::Pieces => pieces(sheet, axes, &at, &layer.name),
        Mark::Dots => {
            for [x, y] in at {
                sheet.fill([x - DOT / 2.0, y - DOT / 2.0, DOT, DOT], colour);
            }
        }
        Mark::Rings => {
            for [x, y] in at {
                ring(sheet, [x, y], &layer.name, colour);
            }
        }
        Mark::Bars => {
            let pitch = at.windows(2).map(|w| (w[1][0] - w[0][0]).abs()).fold(f32::MAX, f32::min);
            let wide = pitch.min(axes.area[2] / 3.0) * BAR_SHARE;
            let zero = axes.at(axes.x.0, 0.0)[1];
            for [x, y] in at.into_iter().filter(|p| (p[1] - zero).abs() > 0.05) {
                let (top, high) = (y.min(zero), (y - zero).abs().max(0.4));
                sheet.fill([x - wide / 2.0, top, wide, high], colour);
            }
        }
        Mark::Area => area(sheet, &at, wash(colour)),
    }
}

/// Three points of line, two of paper.
fn dashes(sheet: &mut Sheet, from: [f32; 2], to: [f32; 2], colour: Rgb) {
    let length = (to[0] - from[0]).hypot(to[1] - from[1]);
    let n = (length / 5.0).ceil().clamp(1.0, 500.0);
    let at = |share: f32| [0, 1].map(|k| from[k] + share * (to[k] - from[k]));
    for i in 0..n as usize {
        let (a, b) = (at(i as f32 / n), at((i as f32 + 0.6) / n));
        sheet.line([a[0], a[1], b[0], b[1]], 0.8, colour);
    }
}

/// A line of equal value in white, its name in the middle.
fn pieces(sheet: &mut Sheet, axes: &Axes, at: &[[f32; 2]], name: &str) {
    for pair in at.chunks_exact(2) {
        sheet.line([pair[0][0], pair[0][1], pair[1][0], pair[1][1]], 0.6, PAPER);
    }
    let Some([x, y]) = at.get(at.len() / 2) else { return };
    let wide = name.chars().count() as f32 * 3.6 + 4.0;
    let [left, _, across, _] = axes.area;
    // A name that would hang over the edge says less than it hides.
    if x - wide / 2.0 < left || x + wide / 2.0 > left + across {
        return;
    }
    sheet.fill([x - wide / 2.0, y - 5.0, wide, 8.5], TEXT);
    sheet.text([x - wide / 2.0 + 2.0, y + 1.5], Style::regular(6.4, PAPER), name);
}

/// A marked place with its name.
fn ring(sheet: &mut Sheet, [x, y]: [f32; 2], name: &str, colour: Rgb) {
    sheet.fill([x - 3.6, y - 3.6, 7.2, 7.2], PAPER);
    sheet.outline([x - 3.0, y - 3.0, 6.0, 6.0], 1.2, colour);
    let wide = name.chars().count() as f32 * 3.9 + 4.0;
    sheet.fill([x + 5.0, y - 9.0, wide, 9.0], PAPER);
    sheet.text([x + 7.0, y - 2.0], Style::bold(6.8, colour), name);
}

/// The area between pairs of points, in upright strips.
fn area(sheet: &mut Sheet, at: &[[f32; 2]], colour: Rgb) {
    /// Width of a strip, pt.
    const STRIP: f32 = 1.0;
    let pairs: Vec<([f32; 2], [f32; 2])> =
        at.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    for ends in pairs.windows(2) {
        let ((a_low, a_high), (b_low, b_high)) = (ends[0], ends[1]);
        let wide = b_low[0] - a_low[0];
        let n = (wide / STRIP).ceil().clamp(1.0, 2000.0) as usize;
        for i in 0..n {
            let share = (i as f32 + 0.5) / n as f32;
            let y = |a: f32, b: f32| a + share * (b - a);
            let (low, high) = (y(a_low[1], b_low[1]), y(a_high[1], b_high[1]));
            let x = a_low[0] + i as f32 / n as f32 * wide;
            sheet.fill([x, low.min(high), wide / n as f32 + 0.1, (low - high).abs()], colour);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_on_zero() {
        let points = vec![[0.0, -5.0], [1.0, 3.0]];
        let layer = Layer { name: "n".into(), role: Role::Main, mark: Mark::Bars, points };
        let chart = Chart { layers: vec![layer], ..Chart::default() };
        let axes = Axes::of(&chart).unwrap();
        assert!(axes.y.0 < -5.0 && axes.y.1 > 3.0);
    }
}
