//! The compass in the lower right corner: which way the axes point; buttons look from a side.

use super::state::{View3dState, Wish};
use crate::render::scene::{Lens, Preset};
use crate::ui::theme::{Theme, caption, semibold};
use eframe::egui::{
    Align2, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// Length of an axis that lies in the picture's plane, points.
const ARM: f32 = 24.0;
/// Opacity of the plate below the axes.
const PLATE: f32 = 0.55;
/// Size of a button, points.
const BUTTON: [f32; 2] = [42.0, 24.0];

/// Shows compass and buttons.
pub fn compass_ui(ui: &Ui, view: Rect, theme: &Theme, state: &mut View3dState) {
    let width = BUTTON[0] * (Preset::ALL.len() + 1) as f32;
    let start = pos2(view.right() - 24.0 - width, view.bottom() - 40.0);
    let whole = Rect::from_min_size(start, vec2(width, BUTTON[1]));
    let painter = ui.painter();
    painter.rect_filled(whole, 6, theme.panel);
    let presets = Preset::ALL.map(|p| (p.label(), Wish::From(p), "Look from this side"));
    let fit = ("Fit", Wish::All, "Show the whole hall · key F");
    for (at, (label, wish, hint)) in presets.into_iter().chain([fit]).enumerate() {
        let min = start + vec2(at as f32 * BUTTON[0], 0.0);
        let r = Rect::from_min_size(min, vec2(BUTTON[0], BUTTON[1]));
        let response = ui.interact(r, Id::unique(("orbit-look", at)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Look: {label}")));
        if response.hovered() {
            painter.rect_filled(r.shrink(1.0), 5, theme.raised);
        }
        let ink = if response.hovered() { theme.text } else { theme.muted };
        painter.text(r.center(), Align2::CENTER_CENTER, label, caption(), ink);
        if response.clicked() {
            state.look_again(wish);
        }
        response.on_hover_text(hint);
    }
    painter.rect_stroke(whole, 6, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    axes(ui, pos2(view.right() - 24.0 - ARM - 10.0, start.y - ARM - 18.0), theme, state);
}

/// The axes as the camera sees them.
fn axes(ui: &Ui, centre: eframe::egui::Pos2, theme: &Theme, state: &View3dState) {
    let Some(camera) = &state.camera else { return };
    let lens = Lens::new(camera, [100.0, 100.0]);
    let painter = ui.painter();
    painter.circle_filled(centre, ARM + 12.0, theme.panel.gamma_multiply(PLATE));
    let arms = [("E", 0, theme.muted), ("N", 1, theme.bad), ("", 2, theme.muted)];
    for (name, axis, ink) in arms {
        let along = vec2(lens.right[axis], -lens.up[axis]) * ARM;
        painter.line_segment([centre, centre + along], Stroke::new(1.6, ink));
        if along.length() > 4.0 && !name.is_empty() {
            let at = centre + along + along.normalized() * 8.0;
            painter.text(at, Align2::CENTER_CENTER, name, semibold(10.0), ink);
        }
    }
    painter.circle_filled(centre + Vec2::ZERO, 2.2, theme.text);
}
