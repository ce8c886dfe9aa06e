//! The symbols, after IEC 60617 and usual one-lines: circles of transformers, boxes of converters,
//! squares of breakers, bars of boards.

use crate::render::oneline::{HALF, Symbol};
use eframe::egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Stroke, StrokeKind, pos2, vec2};

/// How a symbol is drawn.
#[derive(Clone, Copy)]
pub struct Pen {
    /// Line.
    pub ink: Color32,
    /// Inside of shapes: what lies behind must not shine through.
    pub fill: Color32,
    /// Points of the screen per diagram point.
    pub zoom: f32,
    /// Whether it is crossed out.
    pub crossed: bool,
}

impl Pen {
    fn stroke(&self, width: f32) -> Stroke {
        Stroke::new((width * self.zoom.sqrt()).max(1.0), self.ink)
    }
}

/// Draws a symbol about its middle.
pub fn draw(painter: &Painter, symbol: Symbol, at: Pos2, pen: &Pen) {
    let z = pen.zoom;
    match symbol {
        Symbol::Utility => utility(painter, at, pen),
        Symbol::Generator => circle_with(painter, at, "G", pen),
        Symbol::Transformer => {
            let line = pen.stroke(1.6);
            painter.vline(at.x, (at.y - HALF * z)..=(at.y - 15.0 * z), line);
            painter.vline(at.x, (at.y + 15.0 * z)..=(at.y + HALF * z), line);
            painter.circle(at - vec2(0.0, 6.0 * z), 9.5 * z, pen.fill, line);
            painter.circle(at + vec2(0.0, 6.0 * z), 9.5 * z, Color32::TRANSPARENT, line);
        }
        Symbol::Ups => converter(painter, at, ["~", "~"], true, pen),
        Symbol::Rectifier => converter(painter, at, ["~", "="], false, pen),
        Symbol::Board => {
            breaker(painter, at - vec2(0.0, 9.0 * z), pen);
            bar(painter, at, pen);
        }
        Symbol::Transfer => {
            transfer(painter, at, pen);
            bar(painter, at, pen);
        }
        Symbol::Feeder => {
            painter.hline((at.x - 16.0 * z)..=at.x, at.y, pen.stroke(1.6));
            contact(painter, at, pen);
        }
        Symbol::Bar => {}
    }
    if pen.crossed {
        let small = Pen { zoom: pen.zoom * 0.6, ..*pen };
        cross(painter, at, if symbol == Symbol::Feeder { &small } else { pen });
    }
}

fn utility(painter: &Painter, at: Pos2, pen: &Pen) {
    let z = pen.zoom;
    let r = Rect::from_center_size(at - vec2(0.0, 4.0 * z), vec2(28.0, 24.0) * z);
    painter.vline(at.x, r.bottom()..=(at.y + HALF * z), pen.stroke(1.6));
    painter.rect(r, 2.0, pen.fill, pen.stroke(1.6), StrokeKind::Middle);
    painter.line_segment([r.left_top(), r.right_bottom()], pen.stroke(1.0));
    painter.line_segment([r.left_bottom(), r.right_top()], pen.stroke(1.0));
}

fn circle_with(painter: &Painter, at: Pos2, letter: &str, pen: &Pen) {
    painter.circle(at, 15.0 * pen.zoom, pen.fill, pen.stroke(1.6));
    painter.vline(at.x, (at.y - HALF * pen.zoom)..=(at.y - 15.0 * pen.zoom), pen.stroke(1.6));
    text(painter, at, letter, 15.0, pen);
}

/// A box cut by a diagonal, what goes in above, what comes out below; with a battery for a UPS.
fn converter(painter: &Painter, at: Pos2, marks: [&str; 2], battery: bool, pen: &Pen) {
    let z = pen.zoom;
    let r = Rect::from_center_size(at, vec2(32.0, 30.0) * z);
    painter.vline(at.x, (at.y - HALF * z)..=r.top(), pen.stroke(1.6));
    painter.vline(at.x, r.bottom()..=(at.y + HALF * z), pen.stroke(1.6));
    painter.rect(r, 2.0, pen.fill, pen.stroke(1.6), StrokeKind::Middle);
    painter.line_segment([r.left_bottom(), r.right_top()], pen.stroke(1.0));
    text(painter, at + vec2(-8.0, -7.5) * z, marks[0], 13.0, pen);
    text(painter, at + vec2(8.0, 7.0) * z, marks[1], 13.0, pen);
    if battery {
        let b = at + vec2(-25.0, 0.0) * z;
        painter.hline((b.x + 4.0 * z)..=r.left(), b.y, pen.stroke(1.0));
        painter.vline(b.x, (b.y - 4.0 * z)..=(b.y + 4.0 * z), pen.stroke(2.2));
        painter.vline(b.x + 4.0 * z, (b.y - 7.0 * z)..=(b.y + 7.0 * z), pen.stroke(1.2));
    }
}

/// A breaker: a square, filled while it is closed.
fn breaker(painter: &Painter, at: Pos2, pen: &Pen) {
    painter.vline(at.x, (at.y - 9.0 * pen.zoom)..=(at.y - 4.0 * pen.zoom), pen.stroke(1.6));
    contact(painter, at, pen);
}

fn contact(painter: &Painter, at: Pos2, pen: &Pen) {
    let r = Rect::from_center_size(at, vec2(8.5, 8.5) * pen.zoom);
    let fill = if pen.crossed { pen.fill } else { pen.ink };
    painter.rect(r, 0.0, fill, pen.stroke(1.4), StrokeKind::Middle);
}

/// Two contacts above a bar: the normal supply and the other one.
fn transfer(painter: &Painter, at: Pos2, pen: &Pen) {
    let z = pen.zoom;
    for (x, closed) in [(0.0, true), (12.0, false)] {
        let p = at + vec2(x * z, 0.0);
        painter.vline(p.x, (p.y - HALF * z)..=(p.y - 13.0 * z), pen.stroke(1.6));
        painter.circle_filled(pos2(p.x, p.y - 12.0 * z), 1.8 * z, pen.ink);
        let to = if closed { pos2(p.x, p.y) } else { pos2(p.x + 6.0 * z, p.y - 3.0 * z) };
        painter.line_segment([pos2(p.x, p.y - 12.0 * z), to], pen.stroke(1.6));
    }
}

fn bar(painter: &Painter, at: Pos2, pen: &Pen) {
    let z = pen.zoom;
    let r = Rect::from_center_size(at + vec2(0.0, 1.5 * z), vec2(44.0 * z, (4.0 * z).max(1.5)));
    painter.rect_filled(r, 0.0, pen.ink);
    painter.vline(at.x, at.y..=(at.y + HALF * z), pen.stroke(1.6));
}

/// The cross of what is out of service.
pub fn cross(painter: &Painter, at: Pos2, pen: &Pen) {
    let r = 13.0 * pen.zoom.max(0.35);
    let stroke = Stroke::new((2.4 * pen.zoom).max(1.6), pen.ink);
    painter.line_segment([at + vec2(-r, -r), at + vec2(r, r)], stroke);
    painter.line_segment([at + vec2(-r, r), at + vec2(r, -r)], stroke);
}

fn text(painter: &Painter, at: Pos2, words: &str, size: f32, pen: &Pen) {
    if size * pen.zoom >= 5.0 {
        let font = FontId::proportional(size * pen.zoom);
        painter.text(at, Align2::CENTER_CENTER, words, font, pen.ink);
    }
}
