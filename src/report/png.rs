//! The floor picture as PNG: the same shapes as in the PDF, with the numbers of the scale.

use super::ReportError;
use super::colour::{self, Rgb};
use super::figure::{FloorFigure, Shape};
use crate::plan::RectMm;
use crate::render::overlay::Scale;
use image::{ImageFormat, RgbImage};
use std::io::Cursor;

/// Margin around the hall, share of the picture's width.
const MARGIN: f64 = 0.02;
/// Height of the legend, pixels.
const LEGEND_PX: u32 = 90;
/// Numbers on the colour bar, about.
const TICKS: usize = 7;
/// Distance of hatch lines, pixels.
const HATCH_PX: i64 = 7;
/// Pixels of one dot of the digits.
const DOT: i64 = 4;

/// Digits, point and minus as 3 × 5 dots, a row per number, left dot in the highest bit.
const DIGITS: [(char, [u8; 5]); 12] = [
    ('0', [7, 5, 5, 5, 7]),
    ('1', [2, 6, 2, 2, 7]),
    ('2', [7, 1, 7, 4, 7]),
    ('3', [7, 1, 7, 1, 7]),
    ('4', [5, 5, 7, 1, 1]),
    ('5', [7, 4, 7, 1, 7]),
    ('6', [7, 4, 7, 5, 7]),
    ('7', [7, 1, 2, 2, 2]),
    ('8', [7, 5, 7, 5, 7]),
    ('9', [7, 5, 7, 1, 7]),
    ('.', [0, 0, 0, 0, 2]),
    ('-', [0, 0, 7, 0, 0]),
];

/// A picture whose longer side has this many pixels.
pub fn floor_png(figure: &FloorFigure, longer_px: u32) -> Result<Vec<u8>, ReportError> {
    let view = View::of(figure.hall, longer_px);
    let mut picture = Picture(RgbImage::from_pixel(
        view.width_px,
        view.height_px + LEGEND_PX,
        image::Rgb(colour::PAPER),
    ));
    picture.fill(view.area(figure.hall), colour::FLOOR);
    for shape in &figure.shapes {
        draw(&mut picture, &view, shape);
    }
    picture.outline(view.area(figure.hall), colour::MUTED);
    if let Some(legend) = &figure.legend {
        draw_legend(&mut picture, &view, legend);
    }
    let mut bytes = Cursor::new(Vec::new());
    picture.0.write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// From mm on the floor to pixels.
struct View {
    hall: RectMm,
    scale: f64,
    margin: f64,
    width_px: u32,
    height_px: u32,
}

/// Left, top, right, bottom in pixels; right and bottom not included.
type Area = [i64; 4];

impl View {
    fn of(hall: RectMm, longer_px: u32) -> Self {
        let (w, h) = (f64::from(hall.size_x().max(1)), f64::from(hall.size_y().max(1)));
        let margin = f64::from(longer_px) * MARGIN;
        let scale = (f64::from(longer_px) - 2.0 * margin) / w.max(h);
        let pixels = |mm: f64| (mm * scale + 2.0 * margin).round().max(1.0) as u32;
        Self { hall, scale, margin, width_px: pixels(w), height_px: pixels(h) }
    }

    fn area(&self, r: RectMm) -> Area {
        let x = |mm: i32| (f64::from(mm - self.hall.min.x) * self.scale + self.margin).round();
        let y = |mm: i32| (f64::from(self.hall.max.y - mm) * self.scale + self.margin).round();
        [x(r.min.x), y(r.max.y), x(r.max.x), y(r.min.y)].map(|v| v as i64)
    }
}

struct Picture(RgbImage);

impl Picture {
    fn dot(&mut self, x: i64, y: i64, ink: Rgb) {
        let place = u32::try_from(x).ok().zip(u32::try_from(y).ok());
        if let Some((x, y)) = place.filter(|(x, y)| *x < self.0.width() && *y < self.0.height()) {
            self.0.put_pixel(x, y, image::Rgb(ink));
        }
    }

    /// Cut at the picture's edges first, lest an absurd plan costs time.
    fn fill(&mut self, [x0, y0, x1, y1]: Area, ink: Rgb) {
        let (w, h) = (i64::from(self.0.width()), i64::from(self.0.height()));
        for y in y0.max(0)..y1.min(h) {
            for x in x0.max(0)..x1.min(w) {
                self.dot(x, y, ink);
            }
        }
    }

    fn outline(&mut self, [x0, y0, x1, y1]: Area, ink: Rgb) {
        self.fill([x0, y0, x1, y0 + 1], ink);
        self.fill([x0, y1 - 1, x1, y1], ink);
        self.fill([x0, y0, x0 + 1, y1], ink);
        self.fill([x1 - 1, y0, x1, y1], ink);
    }

    fn hatch(&mut self, [x0, y0, x1, y1]: Area, ink: Rgb) {
        let (w, h) = (i64::from(self.0.width()), i64::from(self.0.height()));
        for y in y0.max(0)..y1.min(h) {
            for x in x0.max(0)..x1.min(w) {
                if (x + y).rem_euclid(HATCH_PX) < 2 {
                    self.dot(x, y, ink);
                }
            }
        }
    }

    /// A number, centred on `x`.
    fn number(&mut self, x: i64, y: i64, text: &str, ink: Rgb) {
        let pitch = 4 * DOT;
        let left = x - text.chars().count() as i64 * pitch / 2;
        for (at, c) in text.chars().enumerate() {
            let Some((_, rows)) = DIGITS.iter().find(|(digit, _)| *digit == c) else { continue };
            for (row, bits) in rows.iter().enumerate() {
                for column in (0..3_i64).filter(|column| (bits >> (2 - column)) & 1 == 1) {
                    let (dx, dy) = (left + at as i64 * pitch + column * DOT, y + row as i64 * DOT);
                    self.fill([dx, dy, dx + DOT, dy + DOT], ink);
                }
            }
        }
    }
}

fn draw(picture: &mut Picture, view: &View, shape: &Shape) {
    let area = view.area(shape.area);
    let (ground, edge) = shape.fill.colours();
    if let Some(ground) = ground {
        picture.fill(area, ground);
    }
    picture.outline(area, edge);
    if let Some(front) = shape.front {
        picture.fill(view.area(front), colour::TEXT);
    }
    if shape.over_limit {
        picture.hatch(area, ground.map_or(colour::TEXT, colour::ink_on));
    }
}

fn draw_legend(picture: &mut Picture, view: &View, legend: &Scale) {
    let left = view.margin as i64;
    let width = (i64::from(view.width_px) - 2 * left).clamp(1, 900);
    let top = i64::from(view.height_px) + 12;
    for x in 0..width {
        let ink = legend.map.at(x as f64 / width as f64);
        picture.fill([left + x, top, left + x + 1, top + 24], ink);
    }
    let x_of = |value: f64| left + (width as f64 * legend.place(value)) as i64;
    for tick in legend.ticks(TICKS) {
        let x = x_of(tick);
        picture.fill([x, top + 24, x + 2, top + 32], colour::MUTED);
        let text = format!("{tick:.0}");
        picture.number(x.max(left + 6 * DOT), top + 38, &text, colour::MUTED);
    }
    if let Some(limit) = legend.limit {
        let x = x_of(limit);
        picture.fill([x - 2, top - 8, x + 2, top + 32], colour::BAD);
    }
}
