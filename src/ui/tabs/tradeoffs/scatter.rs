//! The scatter: every variant a point, the unbeaten ones joined, this plan a ring.

use super::{Axis, StudyView, TradeoffState};
use crate::evaluate::result::{Kpis, Results};
use crate::study::{Outcome, front};
use crate::ui::theme::{self, Theme};
use crate::ui::view::View;
use crate::units::display;
use eframe::egui::{self, Align2, Color32, RichText, Ui};
use egui_plot::{AxisHints, Line, MarkerShape, Plot, PlotPoint, PlotUi, Points, Text};

/// Variants dearer than this many times the plan (or the median variant) are left out of the
/// picture, which they would squeeze to a line.
const DEAREST: f64 = 4.0;

/// Distance within which a click takes a point, points on screen.
const REACH: f32 = 12.0;

/// Where a plan lies, if it has both values.
fn place(kpi: &Kpis, axis: Axis) -> Option<[f64; 2]> {
    let cost = kpi.usd_per_mtok?.base;
    let x = match axis {
        Axis::TokensPerSec => kpi.tokens_per_s?.base / 1e6,
        Axis::Megawatts => kpi.facility_mw,
        Axis::PerUser => kpi.user_tok_s?,
    };
    (x.is_finite() && cost.is_finite()).then_some([x, cost])
}

/// Shows the scatter; the variant that was clicked.
pub fn scatter_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    study: &StudyView<'_>,
    state: &TradeoffState,
) -> Option<usize> {
    let theme = &view.theme;
    let points: Vec<(&Outcome, [f64; 2])> =
        study.outcomes.iter().filter_map(|o| Some((o, place(&o.kpi, state.axis)?))).collect();
    let here = place(&results.kpi, state.axis);
    let points = on_scale(points, here);
    let names: Vec<String> = points.iter().map(|(o, _)| o.label.clone()).collect();
    let horizontal = AxisHints::new_x()
        .label_spacing(24.0..=25.0)
        .tick_label_color(theme.muted)
        .formatter(|mark, _| {
            let decimals = (-mark.step_size.log10()).ceil().clamp(0.0, 6.0);
            display::fixed(mark.value, decimals as usize)
        });
    let vertical = AxisHints::new_y()
        .label_spacing(16.0..=17.0)
        .tick_label_color(theme.muted)
        .min_thickness(44.0)
        .formatter(|mark, _| display::usd(mark.value));
    let plot = Plot::new(("scatter", state.axis.label()))
        .show_background(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .include_y(0.0)
        .grid_color(theme.hairline)
        .set_margin_fraction(egui::vec2(0.08, 0.12))
        .custom_x_axes(vec![horizontal])
        .custom_y_axes(vec![vertical])
        .label_formatter(|_| None);
    ui.style_mut().text_styles.insert(egui::TextStyle::Body, theme::caption());
    let shown = plot.show(ui, |plot| {
        cloud(plot, &points, theme);
        unbeaten(plot, &points, here, state.axis, theme);
        if let Some(chosen) = points.iter().find(|(o, _)| Some(o.index) == state.chosen) {
            ring(plot, chosen.1, theme.text, "chosen");
        }
        if let Some(here) = here {
            ring(plot, here, theme.accent, "this plan");
        }
    });
    let response = shown.response;
    response.widget_info(|| {
        let words = format!("Cost against output, {} variants", points.len());
        egui::WidgetInfo::labeled(egui::Role::Image, true, words)
    });
    let pointer = response.hover_pos()?;
    let distance = |p: &[f64; 2]| {
        shown.transform.position_from_point(&PlotPoint::new(p[0], p[1])).distance(pointer)
    };
    let nearest = points
        .iter()
        .enumerate()
        .map(|(i, (o, p))| (i, o.index, distance(p)))
        .min_by(|a, b| a.2.total_cmp(&b.2))
        .filter(|(_, _, d)| *d <= REACH)?;
    let clicked = response.clicked();
    response.on_hover_text_at_pointer(names[nearest.0].as_str());
    clicked.then_some(nearest.1)
}

/// The variants that are not beyond the scale.
fn on_scale(
    mut points: Vec<(&Outcome, [f64; 2])>,
    here: Option<[f64; 2]>,
) -> Vec<(&Outcome, [f64; 2])> {
    let mut costs: Vec<f64> = points.iter().map(|(_, p)| p[1]).collect();
    costs.sort_by(f64::total_cmp);
    let median = costs.get(costs.len() / 2).copied().unwrap_or(f64::INFINITY);
    let scale = here.map_or(median, |h| h[1].max(median.min(h[1] * DEAREST)));
    points.retain(|(_, p)| p[1] <= scale * DEAREST);
    points
}

/// All variants, one colour per system, in the order of the names.
fn cloud(plot: &mut PlotUi<'_>, points: &[(&Outcome, [f64; 2])], theme: &Theme) {
    let mut systems: Vec<&str> = points.iter().map(|(o, _)| o.system.as_str()).collect();
    systems.sort_unstable();
    systems.dedup();
    let colours = [theme.compute, theme.cooling, theme.power, theme.network];
    for (i, system) in systems.iter().enumerate() {
        let of_system: Vec<[f64; 2]> =
            points.iter().filter(|(o, _)| o.system == *system).map(|(_, p)| *p).collect();
        plot.points(Points::new(*system, of_system).radius(3.0).color(colours[i % colours.len()]));
    }
}

fn unbeaten(
    plot: &mut PlotUi<'_>,
    points: &[(&Outcome, [f64; 2])],
    here: Option<[f64; 2]>,
    axis: Axis,
    theme: &Theme,
) {
    let all: Vec<(f64, f64)> =
        points.iter().map(|(_, p)| *p).chain(here).map(|[x, y]| (x, y)).collect();
    let line: Vec<[f64; 2]> =
        front(&all, axis.more_is_better()).into_iter().map(|i| [all[i].0, all[i].1]).collect();
    if line.len() > 1 {
        plot.line(Line::new("not beaten", line).color(theme.text).width(1.5).allow_hover(false));
    }
}

fn ring(plot: &mut PlotUi<'_>, at: [f64; 2], colour: Color32, name: &str) {
    plot.points(
        Points::new(name, vec![at])
            .shape(MarkerShape::Circle)
            .filled(false)
            .radius(6.0)
            .color(colour)
            .allow_hover(false),
    );
    let words = RichText::new(format!("  {name}")).font(theme::semibold(theme::CAPTION));
    let at = PlotPoint::new(at[0], at[1]);
    plot.text(
        Text::new(name, at, words).color(colour).anchor(Align2::LEFT_BOTTOM).allow_hover(false),
    );
}
