//! The switch between plan, hall in three dimensions and one-line diagram.

use crate::ui::state::{Action, MainView};
use crate::ui::theme::{Theme, body};
use eframe::egui::{
    Align2, CornerRadius, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

/// Height of the switch, points.
const HEIGHT: f32 = 28.0;
/// The views, their widths in points and what the pointer says over them.
const VIEWS: [(&str, MainView, f32, &str); 3] = [
    ("Plan", MainView::Plan, 46.0, "The floor plan · keys V, O"),
    ("3-D", MainView::Orbit, 46.0, "Orbit view · key V"),
    ("One-line", MainView::OneLine, 70.0, "The power chain, utility to racks · key O"),
];
/// Views narrower than this have no room for the switch beside the overlay bar, points.
const ONE_ROW: f32 = 900.0;

/// Shows the switch in the upper right of the view.
pub fn switch_ui(ui: &Ui, view: Rect, main: MainView, theme: &Theme, actions: &mut Vec<Action>) {
    let beside_bar = main != MainView::OneLine && view.width() < ONE_ROW;
    let down = if beside_bar { 66.0 } else { 30.0 };
    let width: f32 = VIEWS.iter().map(|v| v.2).sum();
    let start = pos2(view.right() - 24.0 - width, view.top() + down);
    let whole = Rect::from_min_size(start, vec2(width, HEIGHT));
    let painter = ui.painter();
    painter.rect_filled(whole, 6, theme.panel);
    let mut x = start.x;
    for (at, (label, this, part, hint)) in VIEWS.into_iter().enumerate() {
        let r = Rect::from_min_size(pos2(x, start.y), vec2(part, HEIGHT));
        x += part;
        let response = ui.interact(r, Id::unique(("floor-view", at)), Sense::click());
        let chosen = this == main;
        response.widget_info(|| {
            WidgetInfo::selected(Role::RadioButton, true, chosen, format!("View {label}"))
        });
        let west = if at == 0 { 6 } else { 0 };
        let east = if at + 1 == VIEWS.len() { 6 } else { 0 };
        let corners = CornerRadius { nw: west, sw: west, ne: east, se: east };
        if chosen {
            painter.rect_filled(r, corners, theme.wash(theme.accent));
        } else if response.hovered() {
            painter.rect_filled(r, corners, theme.raised);
        }
        let ink = if chosen || response.hovered() { theme.text } else { theme.muted };
        painter.text(r.center(), Align2::CENTER_CENTER, label, body(), ink);
        if at > 0 {
            painter.vline(r.left(), r.y_range(), Stroke::new(1.0, theme.hairline));
        }
        if response.clicked() && !chosen {
            actions.push(Action::Look(this));
        }
        response.on_hover_text(hint);
    }
    painter.rect_stroke(whole, 6, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
}
