//! The widgets on the canvas: overlay bar, height of the air slice, freshness.

use super::input::FloorInput;
use super::section::SectionState;
use super::state::FloorState;
use crate::ui::air_state::air_words;
use crate::ui::state::{Action, Freshness, Overlay, Tool};
use crate::ui::theme::{Theme, body, caption};
use eframe::egui::{
    self, Align2, Id, Rect, RichText, Role, Sense, Slider, Stroke, StrokeKind, Ui, UiBuilder,
    WidgetInfo, vec2,
};

/// Height of the bar, points.
const HEIGHT: f32 = 28.0;

/// Shows everything that floats on the canvas.
pub fn show(
    ui: &mut Ui,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    let Some(camera) = state.camera else { return };
    let start = camera.view.min + vec2(30.0, 30.0);
    let shown = input.overlay(state.peek);
    let end = segments(ui, start, shown, input.theme, actions);
    state_chip(ui, end, input);
    let below = egui::pos2(start.x, start.y + HEIGHT + 8.0);
    if shown.shows_air() {
        slice_ui(ui, below, input, &mut state.section, actions);
        air_state_ui(ui, camera.view, input);
    }
    let hint = match &input.ui_state.tool {
        Tool::Select => return,
        Tool::Measure => "Measure: click two points · Shift chains · Esc ends",
        Tool::Place(_) => "Place: click to put down · R turns · Shift keeps placing · Esc ends",
    };
    let at = egui::pos2(camera.view.center().x, camera.view.bottom() - 92.0);
    super::paint::label::chip(ui.painter(), at, hint, input.theme.text, input.theme);
}

/// The segmented overlay bar; the middle of its right end.
pub(in crate::ui) fn segments(
    ui: &Ui,
    start: egui::Pos2,
    shown: Overlay,
    theme: &Theme,
    actions: &mut Vec<Action>,
) -> egui::Pos2 {
    let painter = ui.painter();
    let widths: Vec<f32> = Overlay::ALL
        .iter()
        .map(|o| painter.layout_no_wrap(o.label().into(), body(), theme.text).size().x + 22.0)
        .collect();
    let whole = Rect::from_min_size(start, vec2(widths.iter().sum(), HEIGHT));
    painter.rect_filled(whole, 6, theme.panel);
    let mut x = start.x;
    for (at, (overlay, width)) in Overlay::ALL.into_iter().zip(widths).enumerate() {
        let r = Rect::from_min_size(egui::pos2(x, start.y), vec2(width, HEIGHT));
        x += width;
        let id = Id::unique(("floor-overlay", at));
        let response = ui.interact(r, id, Sense::click());
        let chosen = overlay == shown;
        response.widget_info(|| {
            let label = format!("Overlay {}", overlay.label());
            WidgetInfo::selected(Role::RadioButton, true, chosen, label)
        });
        if chosen {
            painter.rect_filled(r, corners(at), theme.wash(theme.accent));
        } else if response.hovered() {
            painter.rect_filled(r, corners(at), theme.raised);
        }
        let ink = if chosen || response.hovered() { theme.text } else { theme.muted };
        painter.text(r.center(), Align2::CENTER_CENTER, overlay.label(), body(), ink);
        if at > 0 {
            painter.vline(r.left(), r.y_range(), Stroke::new(1.0, theme.hairline));
        }
        if response.clicked() {
            actions.push(Action::Show(overlay));
        }
        response.on_hover_text(format!("{} · key {}", overlay.explanation(), (at + 1) % 10));
    }
    painter.rect_stroke(whole, 6, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    whole.right_center()
}

/// Only the ends of the bar are round.
const fn corners(at: usize) -> egui::CornerRadius {
    let last = Overlay::ALL.len() - 1;
    let (west, east) = (if at == 0 { 6 } else { 0 }, if at == last { 6 } else { 0 });
    egui::CornerRadius { nw: west, sw: west, ne: east, se: east }
}

/// Says beside the bar that the picture is older than the plan.
pub(in crate::ui) fn state_chip(ui: &Ui, end: egui::Pos2, input: &FloorInput<'_>) {
    if input.freshness == Freshness::Updating {
        updating(ui, end + vec2(12.0, 0.0), input.theme);
    }
}

fn updating(ui: &Ui, at: egui::Pos2, theme: &Theme) {
    let painter = ui.painter();
    painter.circle_filled(at + vec2(4.0, 0.0), 3.5, theme.accent);
    painter.text(at + vec2(14.0, 0.0), Align2::LEFT_CENTER, "updating", caption(), theme.muted);
}

/// Height of the air slice and the arrows.
fn slice_ui(
    ui: &mut Ui,
    at: egui::Pos2,
    input: &FloorInput<'_>,
    section: &mut SectionState,
    actions: &mut Vec<Action>,
) {
    let theme = input.theme;
    let top_m = f64::from(input.plan.hall.height_mm) / 1000.0;
    let frame = Rect::from_min_size(at, vec2(430.0, HEIGHT));
    let builder = UiBuilder::new().id_salt("floor-slice").max_rect(frame.shrink2(vec2(8.0, 2.0)));
    ui.painter().rect(frame, 6, theme.panel, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    let mut child = ui.new_child(builder.layout(egui::Layout::left_to_right(egui::Align::Center)));
    child.label(RichText::new("Height").font(caption()).color(theme.muted));
    child.spacing_mut().slider_width = 110.0;
    let mut height = input.ui_state.slice_height_m;
    let slider =
        Slider::new(&mut height, 0.1..=top_m.max(0.2)).suffix(" m").fixed_decimals(1).step_by(0.1);
    let response = child.add(slider);
    let response = response.accessible_name("Height of the air slice");
    if response.changed() {
        actions.push(Action::SliceAt(height));
    }
    let mut arrows = input.ui_state.show_arrows;
    if child.checkbox(&mut arrows, "Flow").changed() {
        actions.push(Action::ShowArrows(arrows));
    }
    child
        .checkbox(&mut section.on, "Section")
        .on_hover_text("Vertical section along A–B; drag the ends to move it");
    if section.on && child.small_button("Turn").clicked() {
        section.turn();
    }
}

/// How far the air answer is, beside the legend; the rest on hover.
fn air_state_ui(ui: &Ui, view: Rect, input: &FloorInput<'_>) {
    let Some(results) = input.shown_results() else { return };
    let air = results.timings.iter().find(|t| t.stage == "air");
    let seconds = air.map_or(0.0, |t| t.time.to_s());
    let words = air_words(&results.air, input.freshness, seconds);
    let theme = input.theme;
    let ink = if words.is_firm { theme.text } else { theme.warn };
    let galley = ui.painter().layout_no_wrap(words.short.clone(), caption(), ink);
    let at = view.left_bottom() + vec2(24.0, -98.0);
    let r = Rect::from_min_size(at, galley.size() + vec2(12.0, 6.0));
    ui.painter().rect_filled(r, 4, theme.panel.gamma_multiply(0.88));
    ui.painter().galley(r.min + vec2(6.0, 3.0), galley, ink);
    let response = ui.interact(r, Id::unique("air-state"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.short.as_str()));
    response.on_hover_text(words.detail);
}
