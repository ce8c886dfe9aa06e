//! The layers: a bar of what is shown, and below it the places of slice, section and isosurface.

use crate::render::scene::content::limit_temperature_c;
use crate::render::scene::{Axis, Layers, Section};
use crate::ui::floor_editor::FloorInput;
use crate::ui::state::Action;
use crate::ui::theme::{Theme, body, caption};
use eframe::egui::{
    self, Align, Align2, CornerRadius, DragValue, Frame, Id, Layout, Margin, Pos2, Rect, RichText,
    Role, Sense, Slider, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

/// Height of the bar, points.
const HEIGHT: f32 = 26.0;
/// Width of the panel below the bar, points.
const WIDTH: f32 = 286.0;
/// Width of its names, points.
const NAMES: f32 = 62.0;
/// Temperatures that an isosurface may have, °C.
const SURFACE_C: [f64; 2] = [10.0, 60.0];
/// Temperature of the isosurface where no rack has a limit, °C: the upper end of ASHRAE's
/// recommended range.
const RECOMMENDED_C: f64 = 27.0;

/// Shows bar and panel with their upper left corner at `at`.
pub fn layers_ui(ui: &mut Ui, at: Pos2, input: &FloorInput<'_>, actions: &mut Vec<Action>) {
    let mut layers = input.ui_state.layers;
    bar_ui(ui, at, input, &mut layers);
    if layers.slice_m.is_some() || layers.section.is_some() || layers.limit_surface {
        let below = at + vec2(0.0, HEIGHT + 6.0);
        places_ui(ui, below, input, &mut layers, actions);
    }
    if layers != input.ui_state.layers {
        actions.push(Action::ShowLayers(layers));
    }
}

/// One switch per layer.
fn bar_ui(ui: &Ui, start: Pos2, input: &FloorInput<'_>, layers: &mut Layers) {
    let theme = input.theme;
    let mut slice = layers.slice_m.is_some();
    let mut section = layers.section.is_some();
    let switches: [(&str, &mut bool, &str); 6] = [
        ("Racks", &mut layers.equipment, "Racks and cooling units"),
        ("Containment", &mut layers.containment, "Panels, doors and roofs of contained aisles"),
        ("Streamlines", &mut layers.streamlines, "Paths of the air from supplies and exhausts"),
        ("Slice", &mut slice, "Air temperature in a level plane"),
        ("Section", &mut section, "Air temperature in an upright plane"),
        ("Isosurface", &mut layers.limit_surface, "Where the air has one temperature"),
    ];
    let painter = ui.painter();
    let widths = switches.each_ref().map(|(name, ..)| {
        painter.layout_no_wrap((*name).into(), body(), theme.text).size().x + 20.0
    });
    let whole = Rect::from_min_size(start, vec2(widths.iter().sum(), HEIGHT));
    painter.rect_filled(whole, 6, theme.panel);
    let last = switches.len() - 1;
    let mut x = start.x;
    for (at, ((name, on, hint), width)) in switches.into_iter().zip(widths).enumerate() {
        let r = Rect::from_min_size(pos2(x, start.y), vec2(width, HEIGHT));
        x += width;
        let response = ui.interact(r, Id::unique(("orbit-layer", at)), Sense::click());
        let shown = *on;
        response.widget_info(|| {
            WidgetInfo::selected(Role::CheckBox, true, shown, format!("Layer {name}"))
        });
        let (west, east) = (if at == 0 { 6 } else { 0 }, if at == last { 6 } else { 0 });
        let corners = CornerRadius { nw: west, sw: west, ne: east, se: east };
        if shown {
            painter.rect_filled(r, corners, theme.wash(theme.accent));
        } else if response.hovered() {
            painter.rect_filled(r, corners, theme.raised);
        }
        let ink = if shown || response.hovered() { theme.text } else { theme.muted };
        painter.text(r.center(), Align2::CENTER_CENTER, name, body(), ink);
        if at > 0 {
            painter.vline(r.left(), r.y_range(), Stroke::new(1.0, theme.hairline));
        }
        if response.clicked() {
            *on = !shown;
        }
        response.on_hover_text(hint);
    }
    painter.rect_stroke(whole, 6, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    layers.slice_m = slice.then_some(input.ui_state.slice_height_m);
    let middle = Section { axis: Axis::X, share: 0.5 };
    layers.section = section.then(|| layers.section.unwrap_or(middle));
}

/// Where slice, section and isosurface are.
fn places_ui(
    ui: &mut Ui,
    at: Pos2,
    input: &FloorInput<'_>,
    layers: &mut Layers,
    actions: &mut Vec<Action>,
) {
    let theme = input.theme;
    let builder = UiBuilder::new()
        .id_salt("orbit-layers")
        .max_rect(Rect::from_min_size(at, vec2(WIDTH, 200.0)))
        .layout(Layout::top_down(Align::Min));
    let mut child = ui.new_child(builder);
    let frame = Frame::new()
        .fill(theme.panel)
        .stroke(Stroke::new(1.0, theme.hairline))
        .corner_radius(6)
        .inner_margin(Margin::symmetric(10, 4));
    frame.show(&mut child, |ui| {
        ui.set_width(WIDTH - 20.0);
        if layers.slice_m.is_some() {
            row(ui, theme, "Slice", |ui| slice_ui(ui, input, actions));
        }
        if let Some(section) = &mut layers.section {
            row(ui, theme, "Section", |ui| section_ui(ui, input, section));
        }
        if layers.limit_surface {
            row(ui, theme, "Isosurface", |ui| surface_ui(ui, input, &mut layers.surface_c));
        }
    });
}

fn row(ui: &mut Ui, theme: &Theme, name: &str, rest: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.set_min_height(24.0);
        let left = ui.cursor().left();
        ui.label(RichText::new(name).font(caption()).color(theme.muted));
        ui.add_space((left + NAMES - ui.cursor().left()).max(0.0));
        rest(ui);
    });
}

fn slice_ui(ui: &mut Ui, input: &FloorInput<'_>, actions: &mut Vec<Action>) {
    let top_m = f64::from(input.plan.hall.height_mm) / 1000.0;
    let mut height = input.ui_state.slice_height_m;
    ui.spacing_mut().slider_width = 126.0;
    let slider = Slider::new(&mut height, 0.1..=top_m.max(0.2)).suffix(" m").fixed_decimals(1);
    let response = ui.add(slider.step_by(0.1)).accessible_name("Height of the slice");
    if response.changed() {
        actions.push(Action::SliceAt(height));
    }
}

fn section_ui(ui: &mut Ui, input: &FloorInput<'_>, section: &mut Section) {
    let hall = &input.plan.hall;
    for (axis, name, hint) in
        [(Axis::X, "x", "Across east–west"), (Axis::Y, "y", "Across north–south")]
    {
        if ui.selectable_label(section.axis == axis, name).on_hover_text(hint).clicked() {
            section.axis = axis;
        }
    }
    let length_mm = [hall.size_x_mm, hall.size_y_mm][section.axis.index()];
    let length_m = (f64::from(length_mm) / 1000.0).max(0.1);
    let mut at_m = section.share * length_m;
    ui.spacing_mut().slider_width = 70.0;
    let slider = Slider::new(&mut at_m, 0.0..=length_m).suffix(" m").fixed_decimals(1);
    let response = ui.add(slider).accessible_name("Place of the section");
    if response.changed() {
        section.share = (at_m / length_m).clamp(0.0, 1.0);
    }
}

fn surface_ui(ui: &mut Ui, input: &FloorInput<'_>, surface_c: &mut Option<f64>) {
    let theme = input.theme;
    let limit = input.shown_results().and_then(limit_temperature_c);
    let mut t_c = surface_c.or(limit).unwrap_or(RECOMMENDED_C);
    let value = DragValue::new(&mut t_c)
        .range(SURFACE_C[0]..=SURFACE_C[1])
        .speed(0.1)
        .fixed_decimals(1)
        .suffix(" °C");
    if ui.add(value).accessible_name("Temperature of the isosurface").changed() {
        *surface_c = Some(t_c);
    }
    if limit.is_none() {
        return;
    }
    if surface_c.is_some() {
        let back = RichText::new("back to the limit").font(caption()).color(theme.accent);
        let hint = "The lowest inlet limit of any rack";
        if ui.add(egui::Button::new(back).frame(false)).on_hover_text(hint).clicked() {
            *surface_c = None;
        }
    } else {
        ui.label(RichText::new("lowest inlet limit").font(caption()).color(theme.muted));
    }
}
