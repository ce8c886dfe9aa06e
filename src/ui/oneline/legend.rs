//! What the colours mean, and how to fail a component.

use crate::ui::theme::{Theme, caption};
use eframe::egui::{Rect, Stroke, StrokeKind, Ui, pos2, vec2};

/// Draws the legend in the lower left.
pub fn legend_ui(ui: &Ui, view: Rect, theme: &Theme) {
    let entries = [
        ("under 80 %", theme.ok),
        ("80–100 %", theme.warn),
        ("over 100 % of the continuous limit", theme.bad),
        ("not energised", theme.muted),
    ];
    let hint = "Click selects · Shift-click fails · drag and wheel move";
    let painter = ui.painter_at(view);
    let galleys: Vec<_> = entries
        .iter()
        .map(|(words, _)| painter.layout_no_wrap((*words).to_owned(), caption(), theme.muted))
        .collect();
    let hint = painter.layout_no_wrap(hint.to_owned(), caption(), theme.muted);
    let keys: f32 = galleys.iter().map(|g| g.size().x + 28.0).sum();
    let room = view.width() - 40.0;
    let with_hint = keys + hint.size().x + 12.0 <= room;
    let width = if with_hint { keys + hint.size().x } else { keys };
    let origin = pos2(view.left() + 16.0, view.bottom() - 30.0);
    let plate = Rect::from_min_size(origin, vec2(width + 4.0, 22.0));
    painter.rect(plate, 4, theme.panel, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    let mut x = origin.x + 6.0;
    for (galley, (_, ink)) in galleys.into_iter().zip(entries) {
        let mark = Rect::from_min_size(pos2(x, origin.y + 6.0), vec2(10.0, 10.0));
        painter.rect_filled(mark, 2, ink);
        let w = galley.size().x;
        painter.galley(pos2(x + 14.0, origin.y + 4.0), galley, theme.muted);
        x += w + 28.0;
    }
    if with_hint {
        painter.galley(pos2(x, origin.y + 4.0), hint, theme.muted);
    }
}
