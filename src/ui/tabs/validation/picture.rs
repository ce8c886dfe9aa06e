//! Ours against the reference, drawn: scatter around a diagonal, curves, pairs.

use crate::cases::{Picture, Point, Series};
use crate::render::chart::Axis;
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{small, strong, with_round_numbers};
use crate::units::display;
use eframe::egui::{self, Ui};
use egui_plot::{AxisHints, Line, LineStyle, MarkerShape, Plot, PlotPoint, PlotUi, Points};

/// Distance within which the pointer names a point, points on screen.
const REACH: f32 = 10.0;
/// Radius of a mark, points.
const MARK: f32 = 3.0;

/// A picture ready to be drawn: what its axes say, and where its named points lie.
struct Drawing<'a> {
    x: String,
    y: String,
    /// Axes hold decimal logarithms.
    log: bool,
    /// Names along x instead of numbers.
    names: Option<&'a [Point]>,
    /// Place and words of every point that can be pointed at.
    hover: Vec<([f64; 2], String)>,
}

/// Shows a picture over the whole pane.
pub fn picture_ui(ui: &mut Ui, id: &str, picture: &Picture, theme: &Theme) {
    let drawing = drawing(picture);
    heading_ui(ui, &drawing, theme);
    let plot = plot(id, &drawing, theme);
    ui.style_mut().text_styles.insert(egui::TextStyle::Body, theme::caption());
    let shown = plot.show(ui, |plot| match picture {
        Picture::Scatter { points, band, log, .. } => scatter(plot, points, *band, *log, theme),
        Picture::Profile { series, .. } => profile(plot, series, theme),
        Picture::Pairs { points, .. } => pairs(plot, points, theme),
    });
    let response = shown.response;
    response.widget_info(|| {
        let words = format!("{} against {}", drawing.y, drawing.x);
        egui::WidgetInfo::labeled(egui::Role::Image, true, words)
    });
    let Some(pointer) = response.hover_pos() else { return };
    let on_screen = |p: &[f64; 2]| shown.transform.position_from_point(&PlotPoint::new(p[0], p[1]));
    let nearest = drawing
        .hover
        .iter()
        .map(|(at, words)| (on_screen(at).distance(pointer), words))
        .filter(|(d, _)| *d <= REACH)
        .min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, words)) = nearest {
        response.on_hover_text_at_pointer(words.as_str());
    }
}

fn drawing(picture: &Picture) -> Drawing<'_> {
    let with_unit = |name: &str, unit: &str| match unit {
        "" => name.to_owned(),
        unit => format!("{name}, {unit}"),
    };
    match picture {
        Picture::Scatter { quantity, unit, points, log, .. } => {
            let at = |p: &Point| [scaled(p.reference, *log), scaled(p.ours, *log)];
            let hover = points.iter().map(|p| (at(p), words(p, unit))).collect();
            let quantity = with_unit(quantity, unit);
            Drawing { x: "reference".into(), y: quantity, log: *log, names: None, hover }
        }
        Picture::Profile { x, y, .. } => {
            Drawing { x: x.clone(), y: y.clone(), log: false, names: None, hover: Vec::new() }
        }
        Picture::Pairs { quantity, unit, points } => {
            let at = |(i, p): (usize, &Point)| ([i as f64, p.ours], words(p, unit));
            let hover = points.iter().enumerate().map(at).collect();
            let y = with_unit(quantity, unit);
            Drawing { x: String::new(), y, log: false, names: Some(points), hover }
        }
    }
}

fn words(p: &Point, unit: &str) -> String {
    let figure = |v: f64| format!("{} {unit}", display::figure(v, 4));
    format!("{}: reference {}, ours {}", p.label, figure(p.reference), figure(p.ours))
}

fn heading_ui(ui: &mut Ui, drawing: &Drawing<'_>, theme: &Theme) {
    ui.horizontal(|ui| {
        ui.label(strong(drawing.y.as_str()));
        let key = if drawing.x == "reference" {
            "ours up, reference across"
        } else {
            "ring: reference · dot or line: ours"
        };
        ui.label(small(key, theme));
    });
}

fn plot<'a>(id: &str, drawing: &Drawing<'a>, theme: &Theme) -> Plot<'a> {
    let log = drawing.log;
    let number = move |value: f64, step: f64| {
        if log {
            return display::figure(10f64.powf(value), 2);
        }
        display::fixed(value, (-step.log10()).ceil().clamp(0.0, 6.0) as usize)
    };
    let names = drawing.names;
    let horizontal = AxisHints::new_x()
        .label_spacing(28.0..=30.0)
        .tick_label_color(theme.muted)
        .formatter(move |mark, _| match names {
            Some(points) => name_at(points, mark.value, mark.step_size),
            None => number(mark.value, mark.step_size),
        });
    let vertical = AxisHints::new_y()
        .label_spacing(16.0..=17.0)
        .tick_label_color(theme.muted)
        .min_thickness(44.0)
        .formatter(move |mark, _| number(mark.value, mark.step_size));
    let plot = Plot::new(("validation", id))
        .show_background(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .grid_color(theme.hairline)
        .set_margin_fraction(egui::vec2(0.06, 0.10))
        .custom_x_axes(vec![horizontal])
        .custom_y_axes(vec![vertical])
        .label_formatter(|_| None);
    if names.is_some() {
        return plot;
    }
    let axis = Axis { log, ..Axis::default() };
    with_round_numbers(plot, &axis, &axis)
}

/// The name of the pair at a whole number; nothing between.
fn name_at(points: &[Point], value: f64, step: f64) -> String {
    let whole = value.round();
    if step > 1.5 || (value - whole).abs() > 1e-6 || whole < 0.0 {
        return String::new();
    }
    let label = points.get(whole as usize).map_or("", |p| p.label.as_str());
    if label.chars().count() > 6 { String::new() } else { label.to_owned() }
}

fn scaled(value: f64, log: bool) -> f64 {
    if log { value.max(f64::MIN_POSITIVE).log10() } else { value }
}

fn scatter(plot: &mut PlotUi<'_>, points: &[Point], band: Option<f64>, log: bool, theme: &Theme) {
    let Some((low, high)) = Picture::range(points) else { return };
    let (low, high) = (scaled(low, log), scaled(high, log));
    let room = if log { 0.05 } else { band.unwrap_or(1e-9 * high.abs().max(1e-9)) };
    let pad = (0.05 * (high - low)).max(room);
    let (low, high) = (low - pad, high + pad);
    let line = |up: f64| vec![[low, low + up], [high, high + up]];
    let quiet =
        |name, up| Line::new(name, line(up)).color(theme.muted).width(1.0).allow_hover(false);
    plot.line(quiet("equal", 0.0));
    if let Some(band) = band {
        let (below, above) =
            if log { ((1.0 - band).log10(), (1.0 + band).log10()) } else { (-band, band) };
        for up in [below, above] {
            plot.line(quiet("band", up).style(LineStyle::dashed_dense()));
        }
    }
    for p in points.iter().filter(|p| p.reference_std > 0.0) {
        let (x, y) = (p.reference, scaled(p.ours, log));
        let ends = [x - p.reference_std, x + p.reference_std].map(|x| [scaled(x, log), y]);
        plot.line(
            Line::new("scatter", ends.to_vec()).color(theme.cooling).width(1.0).allow_hover(false),
        );
    }
    let at: Vec<[f64; 2]> =
        points.iter().map(|p| [scaled(p.reference, log), scaled(p.ours, log)]).collect();
    let radius = if points.len() > 200 { 1.5 } else { MARK };
    plot.points(Points::new("cases", at).radius(radius).color(theme.accent));
}

fn profile(plot: &mut PlotUi<'_>, series: &[Series], theme: &Theme) {
    for s in series {
        if s.is_reference {
            plot.points(ring(&s.name, s.points.clone(), theme));
        } else {
            plot.line(
                Line::new(s.name.as_str(), s.points.clone())
                    .color(theme.accent)
                    .width(1.5)
                    .allow_hover(false),
            );
        }
    }
}

fn ring<'a>(name: &str, at: Vec<[f64; 2]>, theme: &Theme) -> Points<'a> {
    Points::new(name, at)
        .shape(MarkerShape::Circle)
        .filled(false)
        .radius(MARK + 1.0)
        .color(theme.text)
}

fn pairs(plot: &mut PlotUi<'_>, points: &[Point], theme: &Theme) {
    let at = |f: fn(&Point) -> f64| -> Vec<[f64; 2]> {
        points.iter().enumerate().map(|(i, p)| [i as f64, f(p)]).collect()
    };
    for (i, p) in points.iter().enumerate() {
        let ends = vec![[i as f64, p.reference], [i as f64, p.ours]];
        plot.line(Line::new("between", ends).color(theme.muted).width(1.0).allow_hover(false));
    }
    plot.points(ring("reference", at(|p| p.reference), theme));
    plot.points(Points::new("ours", at(|p| p.ours)).radius(MARK).color(theme.accent));
}
