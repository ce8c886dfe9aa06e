//! Intakes of the worst racks in time, with their limits and the player's place.

use crate::evaluate::air::ride_through::RideThrough;
use crate::ui::theme;
use crate::ui::view::View;
use crate::units::{ZERO_CELSIUS_K, display};
use eframe::egui::{self, Align2, RichText, Ui};
use egui_plot::{AxisHints, HLine, Line, LineStyle, Plot, PlotPoint, Text, VLine};

/// Racks in the chart.
const SHOWN: usize = 5;

/// Shows the chart; `order` lists racks from the worst on.
pub fn chart_ui(ui: &mut Ui, view: &View<'_>, ride: &RideThrough, order: &[usize], t_s: f64) {
    let theme = &view.theme;
    ui.style_mut().text_styles.insert(egui::TextStyle::Body, theme::caption());
    let axis = |a: AxisHints<'static>, words: &str| {
        a.tick_label_color(theme.muted).label(RichText::new(words).small().color(theme.muted))
    };
    let horizontal = axis(AxisHints::new_x(), "minutes after the event")
        .formatter(|mark, _| display::fixed(mark.value, 0));
    let vertical = axis(AxisHints::new_y(), "intake, °C");
    let shown = Plot::new("ride-through chart")
        .show_background(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .grid_color(theme.hairline)
        .custom_x_axes(vec![horizontal])
        .custom_y_axes(vec![vertical])
        .label_formatter(|_| None)
        .show(ui, |plot| {
            let colours = [theme.bad, theme.warn, theme.compute, theme.network, theme.cooling];
            let mean: Vec<[f64; 2]> = (ride.times_s.iter().zip(&ride.hall_mean_k))
                .map(|(t, k)| [t / 60.0, k - ZERO_CELSIUS_K])
                .collect();
            let line = Line::new("hall mean", mean).color(theme.muted).width(1.5);
            plot.line(line.style(LineStyle::dashed_loose()));
            for (i, colour) in order.iter().take(SHOWN).zip(colours) {
                let rack = &ride.racks[*i];
                let points: Vec<[f64; 2]> = (ride.times_s.iter().zip(&rack.intake_k))
                    .map(|(t, k)| [t / 60.0, f64::from(*k) - ZERO_CELSIUS_K])
                    .collect();
                let end = points.last().copied();
                plot.line(Line::new(rack.id.clone(), points).color(colour).width(1.5));
                if let Some([x, y]) = end {
                    let name = RichText::new(rack.id.as_str()).small().color(colour);
                    let text = Text::new(rack.id.clone(), PlotPoint::new(x, y), name);
                    plot.text(text.anchor(Align2::RIGHT_BOTTOM));
                }
            }
            let limits = order.first().and_then(|i| ride.racks[*i].limits.as_ref());
            if let Some(limits) = limits {
                let line = |k: f64, name: &str, colour| {
                    HLine::new(name, k - ZERO_CELSIUS_K).color(colour).width(1.0)
                };
                plot.hline(line(limits.recommended_max_k, "recommended", theme.warn));
                plot.hline(line(limits.allowable_max_k, "allowable", theme.bad));
            }
            plot.vline(VLine::new("player", t_s / 60.0).color(theme.accent).width(1.0));
        });
    shown.response.widget_info(|| {
        let words = "Intake of the worst racks after the event, with limits";
        egui::WidgetInfo::labeled(egui::Role::Image, true, words)
    });
}
