//! A small plot of intake temperature over height, with the limit.

use crate::ui::theme::{self, Theme};
use crate::units::display;
use eframe::egui::{self, Align2, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

/// Height of the plot, points.
const HEIGHT: f32 = 72.0;

/// Shows intakes from the floor (first) to the top of the rack, with the error bar of their mean.
pub fn profile_ui(
    ui: &mut Ui,
    by_height_c: &[f64],
    error_k: f64,
    limit_c: f64,
    top_m: f64,
    theme: &Theme,
) {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Image, true, "Intake temperature over height")
    });
    let painter = ui.painter_at(rect);
    let plot = Rect::from_min_max(rect.min + vec2(38.0, 4.0), rect.max - vec2(4.0, 16.0));
    for share in [0.0, 0.5, 1.0] {
        let y = egui::lerp(plot.bottom()..=plot.top(), share);
        painter.hline(plot.x_range(), y, Stroke::new(1.0, theme.grid));
    }
    let label = |at, align, text: &str| {
        painter.text(at, align, text, theme::caption(), theme.muted);
    };
    let top = display::of(top_m, "m", 2).to_string();
    label(pos2(plot.left() - 6.0, plot.top() + 4.0), Align2::RIGHT_CENTER, &top);
    label(pos2(plot.left() - 6.0, plot.bottom() - 2.0), Align2::RIGHT_CENTER, "0");
    let lowest = by_height_c.iter().copied().fold(limit_c, f64::min);
    let highest = by_height_c.iter().copied().fold(limit_c, f64::max);
    let (low, high) = (lowest - error_k - 0.5, highest + error_k + 0.5);
    let x = |t: f64| egui::lerp(plot.left()..=plot.right(), ((t - low) / (high - low)) as f32);
    let limit = [pos2(x(limit_c), plot.top()), pos2(x(limit_c), plot.bottom())];
    painter.extend(Shape::dashed_line(&limit, Stroke::new(1.5, theme.bad), 3.0, 3.0));
    let n = by_height_c.len();
    let y = |i: usize| egui::lerp(plot.bottom()..=plot.top(), (i as f32 + 0.5) / n as f32);
    for (i, t) in by_height_c.iter().enumerate() {
        let bar = x(t - error_k)..=x(t + error_k);
        painter.hline(bar, y(i), Stroke::new(4.0, theme.accent.gamma_multiply(0.3)));
        painter.circle_filled(pos2(x(*t), y(i)), 2.5, theme.accent);
    }
    let points = by_height_c.iter().enumerate().map(|(i, t)| pos2(x(*t), y(i)));
    painter.add(Shape::line(points.collect(), Stroke::new(2.0, theme.accent)));
    let foot = plot.bottom() + 9.0;
    label(pos2(plot.left(), foot), Align2::LEFT_CENTER, &display::celsius(low).to_string());
    label(pos2(plot.right(), foot), Align2::RIGHT_CENTER, &display::celsius(high).to_string());
}
