//! A chart of `render::chart` in the window: layers in the theme's colours, a legend above, words
//! under the pointer.

use super::{small, strong};
use crate::render::chart::contour::Field;
use crate::render::chart::{Axis, Chart, Layer, Mark, Role};
use crate::ui::theme::{self, Theme};
use crate::units::display;
use eframe::egui::{self, Align2, Color32, Pos2, Rect, RichText, Sense, Ui, pos2, vec2};
use egui_plot::{
    AxisHints, Bar, BarChart, FilledArea, GridInput, GridMark, Line, LineStyle, MarkerShape, Plot,
    PlotPoint, PlotUi, Points, Text, VLine,
};

/// Distance within which the pointer names a point, points on screen.
const REACH: f32 = 12.0;
/// Radius of a dot, points.
const DOT: f32 = 3.0;
/// Air around the layers, share of the plot.
const MARGIN: egui::Vec2 = vec2(0.06, 0.10);
/// Room for a number along each axis, points.
const PER_NUMBER: egui::Vec2 = vec2(58.0, 34.0);
/// Distance from which a grid is drawn, points.
const FINEST: f32 = 6.0;
/// Share of the distance between bars that they fill.
const BAR_SHARE: f64 = 0.7;

/// The colour of a role.
#[must_use]
pub const fn role_colour(role: Role, theme: &Theme) -> Color32 {
    match role {
        Role::Main => theme.compute,
        Role::Plan => theme.accent,
        Role::Limit => theme.warn,
        Role::Good => theme.ok,
        Role::Bad => theme.bad,
        Role::Quiet => theme.muted,
    }
}

/// Heading and legend of a chart.
pub fn chart_heading_ui(ui: &mut Ui, chart: &Chart, theme: &Theme) {
    ui.horizontal_wrapped(|ui| {
        ui.label(strong(chart.title.as_str()));
        ui.label(small(format!("↑ {}", chart.y.words), theme));
        if let Some((field, range)) = chart.field.as_ref().and_then(|f| Some((f, f.range()?))) {
            ramp_ui(ui, field, range, theme);
        }
        for layer in chart.layers.iter().filter(|l| !matches!(l.mark, Mark::Rings | Mark::Pieces)) {
            key_ui(ui, layer, theme);
        }
    });
}

/// The colours of a field from its smallest to its largest value.
fn ramp_ui(ui: &mut Ui, field: &Field, (low, high): (f64, f64), theme: &Theme) {
    /// Strips of the ramp, and the width of one, points.
    const STRIPS: (usize, f32) = (48, 2.0);
    ui.label(small(display::usd(low), theme));
    let size = vec2(STRIPS.0 as f32 * STRIPS.1, 8.0);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    for i in 0..STRIPS.0 {
        let share = i as f64 / (STRIPS.0 - 1) as f64;
        let value =
            if low > 0.0 { low * (high / low).powf(share) } else { low + share * (high - low) };
        let [r, g, b] = field.colour(value);
        let at = rect.min + vec2(i as f32 * STRIPS.1, 0.0);
        let strip = Rect::from_min_size(at, vec2(STRIPS.1, rect.height()));
        ui.painter().rect_filled(strip, 0.0, Color32::from_rgb(r, g, b));
    }
    ui.label(small(display::usd(high), theme));
}

/// One name of the legend with its mark: one widget, so that it wraps as a whole.
fn key_ui(ui: &mut Ui, layer: &Layer, theme: &Theme) {
    let colour = role_colour(layer.role, theme);
    let words = layer.name.as_str();
    let galley = ui.painter().layout_no_wrap(words.into(), theme::caption(), theme.muted);
    let size = vec2(galley.size().x + 14.0, galley.size().y.max(14.0));
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
    let (painter, middle) = (ui.painter(), pos2(rect.left() + 5.0, rect.center().y));
    match layer.mark {
        Mark::Dots | Mark::Rings => {
            painter.circle_filled(middle, DOT, colour);
        }
        Mark::Bars | Mark::Area => {
            let fill = if layer.mark == Mark::Area { theme.wash(colour) } else { colour };
            painter.rect_filled(Rect::from_center_size(middle, vec2(8.0, 8.0)), 1.0, fill);
        }
        Mark::Line | Mark::Dashes | Mark::Pieces | Mark::Whiskers => {
            let line = egui::Stroke::new(1.5, colour);
            painter.hline(rect.left()..=rect.left() + 10.0, middle.y, line);
        }
    }
    let at = pos2(rect.left() + 14.0, rect.center().y - galley.size().y / 2.0);
    painter.galley(at, galley, theme.muted);
}

/// Shows a chart over what is left of the pane; `label` names it for those who do not see it.
pub fn chart_ui(ui: &mut Ui, id: &str, label: &str, chart: &Chart, theme: &Theme) {
    ui.style_mut().text_styles.insert(egui::TextStyle::Body, theme::caption());
    let under = ui.painter().add(egui::Shape::Noop);
    let shown = plot(id, chart, theme).show(ui, |plot| {
        for layer in &chart.layers {
            layer_ui(plot, chart, layer, theme);
        }
        for (x, _) in &chart.rules {
            let colour = role_colour(Role::Limit, theme);
            let line = VLine::new("rule", chart.x.place(*x)).color(colour).width(1.5);
            plot.vline(line.style(LineStyle::dashed_dense()).allow_hover(false));
        }
    });
    let response = shown.response;
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, label));
    let place = |p: &[f64; 2]| {
        let at = PlotPoint::new(chart.x.place(p[0]), chart.y.place(p[1]));
        shown.transform.position_from_point(&at)
    };
    if let Some(field) = &chart.field {
        ui.painter().set(under, field_mesh(field, &place));
    }
    for layer in &chart.layers {
        match layer.mark {
            Mark::Pieces => {
                chip_name(ui, layer, response.rect, &place, Align2::CENTER_CENTER, 0.0);
            }
            Mark::Rings if chart.field.is_some() => {
                chip_name(ui, layer, response.rect, &place, Align2::LEFT_CENTER, 12.0);
            }
            _ => {}
        }
    }
    for (x, name) in &chart.rules {
        rule_name(ui, response.rect, place(&[*x, 1.0]).x, name, theme);
    }
    axis_name(ui, response.rect, &chart.x.words, theme);
    let Some(pointer) = response.hover_pos() else { return };
    let nearest = chart
        .named
        .iter()
        .rev()
        .map(|(at, words)| (place(at).distance(pointer), words))
        .filter(|(d, _)| *d <= REACH || chart.field.is_some())
        .min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, words)) = nearest {
        response.on_hover_text_at_pointer(words.as_str());
    }
}

/// The values as a sheet of colours, blended between the places.
fn field_mesh(field: &Field, place: &impl Fn(&[f64; 2]) -> Pos2) -> egui::Mesh {
    let mut mesh = egui::Mesh::default();
    if !field.is_whole() {
        return mesh;
    }
    let across = field.xs.len();
    for (row, y) in field.ys.iter().enumerate() {
        for (column, x) in field.xs.iter().enumerate() {
            let [r, g, b] = field.colour(field.at(column, row));
            mesh.colored_vertex(place(&[*x, *y]), Color32::from_rgb(r, g, b));
        }
    }
    for row in 0..field.ys.len() - 1 {
        for column in 0..across - 1 {
            let at = (row * across + column) as u32;
            let up = at + across as u32;
            mesh.add_triangle(at, at + 1, up);
            mesh.add_triangle(at + 1, up + 1, up);
        }
    }
    mesh
}

/// The name of a layer beside its middle point, white on dark: read on every colour of a field.
fn chip_name(
    ui: &Ui,
    layer: &Layer,
    plot: Rect,
    place: &impl Fn(&[f64; 2]) -> Pos2,
    anchor: Align2,
    shift: f32,
) {
    let Some(at) = layer.points.get(layer.points.len() / 2) else { return };
    let ink = Color32::WHITE;
    let galley = ui.painter().layout_no_wrap(layer.name.clone(), theme::caption(), ink);
    let rect = anchor.anchor_size(place(at) + vec2(shift, 0.0), galley.size());
    // A name that would hang over the edge says less than it hides.
    if !plot.contains_rect(rect) {
        return;
    }
    ui.painter().rect_filled(rect.expand2(vec2(3.0, 1.0)), 3.0, Color32::BLACK.gamma_multiply(0.6));
    ui.painter().galley(rect.min, galley, ink);
}

/// The name of a rule beside its upper end, on the side with more room.
fn rule_name(ui: &Ui, plot: Rect, x: f32, name: &str, theme: &Theme) {
    if !plot.x_range().contains(x) {
        return;
    }
    let (anchor, shift) =
        if x > plot.center().x { (Align2::RIGHT_TOP, -6.0) } else { (Align2::LEFT_TOP, 6.0) };
    let at = pos2(x + shift, plot.top() + 2.0);
    ui.painter().text(at, anchor, name, theme::semibold(theme::CAPTION), theme.warn);
}

/// What runs to the right, in the lower right corner.
fn axis_name(ui: &Ui, plot: Rect, words: &str, theme: &Theme) {
    let at = plot.right_bottom() - vec2(4.0, 3.0);
    let galley = ui.painter().layout_no_wrap(format!("{words} →"), theme::caption(), theme.muted);
    let rect = Align2::RIGHT_BOTTOM.anchor_size(at, galley.size());
    ui.painter().rect_filled(rect.expand(2.0), 2.0, theme.panel);
    ui.painter().galley(rect.min, galley, theme.muted);
}

fn plot<'a>(id: &str, chart: &'a Chart, theme: &Theme) -> Plot<'a> {
    // The spacers below decide which numbers there are; none of them fades.
    let horizontal = AxisHints::new_x()
        .label_spacing(1.0..=2.0)
        .tick_label_color(theme.muted)
        .formatter(|mark, _| chart.x.number(mark.value, mark.step_size));
    let vertical = AxisHints::new_y()
        .label_spacing(1.0..=2.0)
        .tick_label_color(theme.muted)
        .min_thickness(44.0)
        .formatter(|mark, _| chart.y.number(mark.value, mark.step_size));
    let mut plot = Plot::new(("chart", id))
        .show_background(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .grid_color(theme.hairline)
        .show_grid(chart.field.is_none())
        .set_margin_fraction(if chart.field.is_some() { vec2(0.0, 0.0) } else { MARGIN })
        .custom_x_axes(vec![horizontal])
        .custom_y_axes(vec![vertical])
        .label_formatter(|_| None);
    plot = with_round_numbers(plot, &chart.x, &chart.y);
    for (axis, x) in [(&chart.x, true), (&chart.y, false)] {
        plot = with_range(plot, chart, axis, x);
    }
    plot
}

/// Gives a plot round numbers on both axes; labels are shown as they are spaced, none fades.
pub fn with_round_numbers<'a>(plot: Plot<'a>, x: &Axis, y: &Axis) -> Plot<'a> {
    let (x, y) = (x.clone(), y.clone());
    plot.grid_spacing(FINEST..=2.0 * FINEST)
        .x_grid_spacer(move |input| number_marks(&x, &input, PER_NUMBER.x))
        .y_grid_spacer(move |input| number_marks(&y, &input, PER_NUMBER.y))
}

/// Numbers along an axis, each with `room` points to itself.
fn number_marks(axis: &Axis, input: &GridInput, room: f32) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let points = (high - low) / input.base_step_size * f64::from(FINEST);
    let most = (points / f64::from(room)).clamp(2.0, 40.0) as usize;
    let (places, step_size) = axis.ticks((low, high), most);
    places.into_iter().map(|value| GridMark { value, step_size }).collect()
}

/// A linear axis of amounts starts at zero, a logarithmic one at a whole power of ten.
fn with_range<'a>(plot: Plot<'a>, chart: &Chart, axis: &Axis, x: bool) -> Plot<'a> {
    let Some(extent) = chart.extent() else { return plot };
    let (low, high) = extent[usize::from(!x)];
    let include = |plot: Plot<'a>, at: f64| if x { plot.include_x(at) } else { plot.include_y(at) };
    let plot = include(include(plot, low), high);
    if axis.log || chart.field.is_some() || (x && chart.layers.iter().any(|l| l.mark == Mark::Bars))
    {
        plot
    } else {
        include(plot, 0.0)
    }
}

fn layer_ui(plot: &mut PlotUi<'_>, chart: &Chart, layer: &Layer, theme: &Theme) {
    let colour = role_colour(layer.role, theme);
    let at: Vec<[f64; 2]> = layer
        .points
        .iter()
        .map(|p| [chart.x.place(p[0]), chart.y.place(p[1])])
        .filter(|p| p.iter().all(|v| v.is_finite()))
        .collect();
    let name = layer.name.as_str();
    match layer.mark {
        // One by one: where a line turns by nearly a right angle twice within few pixels, joints
        // of a polyline swell to wedges.
        Mark::Line => {
            for ends in at.windows(2) {
                let line = Line::new(name, ends.to_vec()).color(colour).width(1.5);
                plot.line(line.allow_hover(false));
            }
        }
        Mark::Dashes => {
            let line = Line::new(name, at).color(colour).width(1.5).allow_hover(false);
            plot.line(line.style(LineStyle::dashed_dense()));
        }
        Mark::Pieces => {
            let faint = Color32::WHITE.gamma_multiply(0.7);
            for pair in at.chunks_exact(2) {
                let line = Line::new(name, pair.to_vec()).color(faint).width(1.0);
                plot.line(line.allow_hover(false));
            }
        }
        Mark::Whiskers => {
            for pair in at.chunks_exact(2) {
                let line = Line::new(name, pair.to_vec()).color(colour).width(1.5);
                plot.line(line.allow_hover(false));
            }
        }
        Mark::Dots => plot.points(Points::new(name, at).radius(DOT).color(colour)),
        // On a field of colours only white is seen everywhere; its words lie on a chip of their own.
        Mark::Rings if chart.field.is_some() => ring_marks(plot, name, at, Color32::WHITE),
        Mark::Rings => {
            ring_words(plot, name, &at, colour);
            ring_marks(plot, name, at, colour);
        }
        Mark::Bars => plot.bar_chart(bars(name, &at, colour)),
        Mark::Area => {
            let of = |offset: usize, k: usize| -> Vec<f64> {
                at.iter().skip(offset).step_by(2).map(|p| p[k]).collect()
            };
            let fill = theme.wash(colour);
            let area = FilledArea::new(name, &of(0, 0), &of(0, 1), &of(1, 1));
            plot.add(area.fill_color(fill).stroke(egui::Stroke::NONE).allow_hover(false));
        }
    }
}

fn bars(name: &str, at: &[[f64; 2]], colour: Color32) -> BarChart {
    let pitch = at.windows(2).map(|w| (w[1][0] - w[0][0]).abs()).fold(f64::INFINITY, f64::min);
    let width = if pitch.is_finite() && pitch > 0.0 { pitch } else { 1.0 } * BAR_SHARE;
    let bars = at.iter().map(|p| Bar::new(p[0], p[1]).width(width)).collect();
    BarChart::new(name, bars).color(colour).allow_hover(false)
}

fn ring_words(plot: &mut PlotUi<'_>, name: &str, at: &[[f64; 2]], colour: Color32) {
    for p in at {
        let words = RichText::new(format!("   {name}")).font(theme::semibold(theme::CAPTION));
        let text = Text::new(name, PlotPoint::new(p[0], p[1]), words).color(colour);
        plot.text(text.anchor(Align2::LEFT_BOTTOM).allow_hover(false));
    }
}

fn ring_marks(plot: &mut PlotUi<'_>, name: &str, at: Vec<[f64; 2]>, colour: Color32) {
    let ring = Points::new(name, at).shape(MarkerShape::Circle).filled(false).radius(6.0);
    plot.points(ring.color(colour).allow_hover(false));
}
