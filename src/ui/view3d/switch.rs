//! The switch between the plan and the hall in three dimensions.

use crate::ui::state::Action;
use crate::ui::theme::{Theme, body};
use eframe::egui::{
    Align2, CornerRadius, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

/// Size of one half, points.
const HALF: [f32; 2] = [46.0, 28.0];
/// Views narrower than this have no room for the switch beside the overlay bar, points.
const ONE_ROW: f32 = 830.0;

/// Shows the switch in the upper right of the view.
pub fn switch_ui(ui: &Ui, view: Rect, orbit: bool, theme: &Theme, actions: &mut Vec<Action>) {
    let down = if view.width() >= ONE_ROW { 30.0 } else { 66.0 };
    let start = pos2(view.right() - 24.0 - 2.0 * HALF[0], view.top() + down);
    let whole = Rect::from_min_size(start, vec2(2.0 * HALF[0], HALF[1]));
    let painter = ui.painter();
    painter.rect_filled(whole, 6, theme.panel);
    let halves = [("Plan", false, "The floor plan · key V"), ("3-D", true, "Orbit view · key V")];
    for (at, (label, this, hint)) in halves.into_iter().enumerate() {
        let min = start + vec2(at as f32 * HALF[0], 0.0);
        let r = Rect::from_min_size(min, vec2(HALF[0], HALF[1]));
        let response = ui.interact(r, Id::unique(("floor-view", at)), Sense::click());
        let chosen = this == orbit;
        response.widget_info(|| {
            WidgetInfo::selected(Role::RadioButton, true, chosen, format!("View {label}"))
        });
        let (west, east) = if at == 0 { (6, 0) } else { (0, 6) };
        let corners = CornerRadius { nw: west, sw: west, ne: east, se: east };
        if chosen {
            painter.rect_filled(r, corners, theme.wash(theme.accent));
        } else if response.hovered() {
            painter.rect_filled(r, corners, theme.raised);
        }
        let ink = if chosen || response.hovered() { theme.text } else { theme.muted };
        painter.text(r.center(), Align2::CENTER_CENTER, label, body(), ink);
        if response.clicked() && !chosen {
            actions.push(Action::Orbit(this));
        }
        response.on_hover_text(hint);
    }
    painter.rect_stroke(whole, 6, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
}
