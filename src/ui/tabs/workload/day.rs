//! The day of open arrivals: demand over capacity, time to first token against its limit.

use crate::evaluate::workload::DayOfLoad;
use crate::render::chart::{Chart, day, serving};
use crate::ui::view::View;
use crate::ui::widgets::{chart_heading_ui, chart_ui, empty_ui, small};
use eframe::egui::{Label, Ui, UiBuilder, vec2};

/// Space between the two charts, points.
const GAP: f32 = 8.0;

/// Shows the day in a sentence and two charts, one above the other.
pub fn day_ui(ui: &mut Ui, view: &View<'_>, of: &DayOfLoad) {
    let theme = &view.theme;
    ui.add(Label::new(small(day::statement(of), theme)).wrap());
    let limit = serving::sla(view.plan).and_then(|sla| sla.ttft_s);
    let charts = [day::demand(of), day::first_token(of, limit)];
    let room = ui.available_rect_before_wrap();
    let size = vec2(room.width(), ((room.height() - GAP) / 2.0).max(0.0));
    for (at, chart) in charts.iter().enumerate() {
        let top = room.min + vec2(0.0, at as f32 * (size.y + GAP));
        let rect = eframe::egui::Rect::from_min_size(top, size);
        let mut half = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(("day", at)));
        half_ui(&mut half, view, chart, at);
    }
}

fn half_ui(ui: &mut Ui, view: &View<'_>, chart: &Chart, at: usize) {
    // Limits alone are no answer.
    if chart.layers.iter().all(|l| l.role == crate::render::chart::Role::Limit) {
        let why = "every hour asks for more than the replicas can take in";
        return empty_ui(ui, "No request is answered in time", why, &view.theme);
    }
    chart_heading_ui(ui, chart, &view.theme);
    let label = format!("{}, 24 hours", chart.title);
    chart_ui(ui, if at == 0 { "demand" } else { "first-token" }, &label, chart, &view.theme);
}
