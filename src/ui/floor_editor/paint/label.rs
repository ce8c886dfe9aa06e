//! Small texts on the floor.

use crate::ui::theme::{Theme, caption};
use eframe::egui::{Color32, Painter, Pos2, Rect, Stroke, StrokeKind, vec2};

/// A text on a small plate, centred at a place and kept inside the view.
pub fn chip(painter: &Painter, at: Pos2, text: &str, ink: Color32, theme: &Theme) -> Rect {
    let galley = painter.layout_no_wrap(text.to_owned(), caption(), ink);
    let mut plate = Rect::from_center_size(at, galley.size() + vec2(12.0, 6.0));
    let room = painter.clip_rect().shrink(4.0);
    let shift = vec2(
        (room.left() - plate.left()).max(0.0) - (plate.right() - room.right()).max(0.0),
        (room.top() - plate.top()).max(0.0) - (plate.bottom() - room.bottom()).max(0.0),
    );
    plate = plate.translate(shift);
    painter.rect(plate, 4, theme.raised, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    painter.galley(plate.min + vec2(6.0, 3.0), galley, ink);
    plate
}

/// Whether dark ink reads better on a fill.
pub fn is_bright(fill: Color32) -> bool {
    let luma =
        0.299 * f32::from(fill.r()) + 0.587 * f32::from(fill.g()) + 0.114 * f32::from(fill.b());
    luma > 120.0
}

/// Black or white, whichever reads better on a fill.
pub fn ink_on(fill: Color32) -> Color32 {
    if is_bright(fill) { Color32::BLACK } else { Color32::WHITE }
}
