//! The panel of layers: what is shown of the air and what stands in it.

use super::state::View3dState;
use crate::render::scene::content::limit_temperature_c;
use crate::render::scene::{Axis, Layers, Section};
use crate::ui::floor_editor::FloorInput;
use crate::ui::state::Action;
use crate::ui::theme::{Theme, caption, semibold};
use eframe::egui::{
    self, Align, DragValue, Frame, Layout, Margin, Pos2, Rect, RichText, Slider, Stroke, Ui,
    UiBuilder, vec2,
};

/// Width of the panel, points.
const WIDTH: f32 = 268.0;
/// Width of the names, points.
const NAMES: f32 = 104.0;
/// Temperatures that an isosurface may have, °C.
const SURFACE_C: [f64; 2] = [10.0, 60.0];
/// Temperature of the isosurface where no rack has a limit, °C: the upper end of ASHRAE's
/// recommended range.
const RECOMMENDED_C: f64 = 27.0;

/// Shows the panel with its upper left corner at `at`.
pub fn layers_ui(
    ui: &mut Ui,
    at: Pos2,
    input: &FloorInput<'_>,
    state: &mut View3dState,
    actions: &mut Vec<Action>,
) {
    let theme = input.theme;
    let mut layers = input.ui_state.layers;
    let builder = UiBuilder::new()
        .id_salt("orbit-layers")
        .max_rect(Rect::from_min_size(at, vec2(WIDTH, 400.0)))
        .layout(Layout::top_down(Align::Min));
    let mut child = ui.new_child(builder);
    let frame = Frame::new()
        .fill(theme.panel)
        .stroke(Stroke::new(1.0, theme.hairline))
        .corner_radius(6)
        .inner_margin(Margin::symmetric(10, 6));
    frame.show(&mut child, |ui| {
        ui.set_width(WIDTH - 20.0);
        ui.spacing_mut().slider_width = 62.0;
        head_ui(ui, theme, state);
        if !state.folded {
            rows_ui(ui, input, &mut layers, actions);
        }
    });
    if layers != input.ui_state.layers {
        actions.push(Action::ShowLayers(layers));
    }
}

fn head_ui(ui: &mut Ui, theme: &Theme, state: &mut View3dState) {
    use egui_phosphor::regular::{CARET_DOWN, CARET_RIGHT};
    let caret = if state.folded { CARET_RIGHT } else { CARET_DOWN };
    let title = RichText::new(format!("{caret}  Layers")).font(semibold(12.0)).color(theme.text);
    if ui.add(egui::Button::new(title).frame(false)).clicked() {
        state.folded = !state.folded;
    }
}

fn rows_ui(ui: &mut Ui, input: &FloorInput<'_>, layers: &mut Layers, actions: &mut Vec<Action>) {
    row(ui, "Racks and units", &mut layers.equipment, |_| {});
    row(ui, "Containment", &mut layers.containment, |_| {});
    row(ui, "Streamlines", &mut layers.streamlines, |_| {});
    slice_ui(ui, input, layers, actions);
    section_ui(ui, input, layers);
    surface_ui(ui, input, layers);
}

/// A row: a box to tick, and what belongs to it.
fn row(ui: &mut Ui, name: &str, on: &mut bool, rest: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.set_min_height(22.0);
        let before = ui.cursor().left();
        ui.checkbox(on, name);
        if *on {
            ui.add_space((before + NAMES - ui.cursor().left()).max(0.0));
            rest(ui);
        }
    });
}

fn slice_ui(ui: &mut Ui, input: &FloorInput<'_>, layers: &mut Layers, actions: &mut Vec<Action>) {
    let top_m = f64::from(input.plan.hall.height_mm) / 1000.0;
    let mut height = input.ui_state.slice_height_m;
    let mut on = layers.slice_m.is_some();
    row(ui, "Slice", &mut on, |ui| {
        let slider = Slider::new(&mut height, 0.1..=top_m.max(0.2)).suffix(" m").fixed_decimals(1);
        let response = ui.add(slider.step_by(0.1)).accessible_name("Height of the slice");
        if response.changed() {
            actions.push(Action::SliceAt(height));
        }
    });
    layers.slice_m = on.then_some(height);
}

fn section_ui(ui: &mut Ui, input: &FloorInput<'_>, layers: &mut Layers) {
    let mut section = layers.section.unwrap_or(Section { axis: Axis::X, share: 0.5 });
    let mut on = layers.section.is_some();
    row(ui, "Section", &mut on, |ui| {
        let hall = &input.plan.hall;
        for (axis, name) in [(Axis::X, "x"), (Axis::Y, "y")] {
            let hint = "Across the hall's length or width";
            if ui.selectable_label(section.axis == axis, name).on_hover_text(hint).clicked() {
                section.axis = axis;
            }
        }
        let length_mm = [hall.size_x_mm, hall.size_y_mm][section.axis.index()];
        let length_m = (f64::from(length_mm) / 1000.0).max(0.1);
        let mut at_m = section.share * length_m;
        ui.spacing_mut().slider_width = 30.0;
        let slider = Slider::new(&mut at_m, 0.0..=length_m).suffix(" m").fixed_decimals(1);
        ui.add(slider).accessible_name("Place of the section");
        section.share = (at_m / length_m).clamp(0.0, 1.0);
    });
    layers.section = on.then_some(section);
}

fn surface_ui(ui: &mut Ui, input: &FloorInput<'_>, layers: &mut Layers) {
    let theme = input.theme;
    let limit = input.shown_results().and_then(limit_temperature_c);
    let mut t_c = layers.surface_c.or(limit).unwrap_or(RECOMMENDED_C);
    let mut on = layers.limit_surface;
    let mut chosen = layers.surface_c;
    row(ui, "Isosurface", &mut on, |ui| {
        let value = DragValue::new(&mut t_c)
            .range(SURFACE_C[0]..=SURFACE_C[1])
            .speed(0.1)
            .fixed_decimals(1)
            .suffix(" °C");
        let response = ui.add(value).accessible_name("Temperature of the isosurface");
        if response.changed() {
            chosen = Some(t_c);
        }
        if chosen.is_some() && limit.is_some() {
            let back = RichText::new("limit").font(caption()).color(theme.accent);
            let hint = "Back to the lowest inlet limit of any rack";
            if ui.add(egui::Button::new(back).frame(false)).on_hover_text(hint).clicked() {
                chosen = None;
            }
        } else if limit.is_some() {
            ui.label(RichText::new("inlet limit").font(caption()).color(theme.muted));
        }
    });
    (layers.limit_surface, layers.surface_c) = (on, chosen);
}
