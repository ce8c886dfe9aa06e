//! What an object says when the pointer rests on it.

use crate::evaluate::result::{RackSummary, Results};
use crate::plan::ObjectId;
use crate::ui::floor_editor::{FloorInput, tooltip_card};
use crate::units::ZERO_CELSIUS_K;
use eframe::egui::{Pos2, Rect, Ui, vec2};

/// A line and whether it is past a limit.
type Line = (String, bool);

/// Draws the tooltip of an object beside the pointer.
pub fn show(ui: &Ui, view: Rect, at: Pos2, input: &FloorInput<'_>, id: ObjectId) {
    let Some(object) = input.plan.floor.object(id) else { return };
    let results = input.shown_results();
    let rack = results.and_then(|r| r.rack(id));
    let lines = match (rack, results) {
        (Some(rack), _) => rack_lines(rack),
        (None, Some(results)) => unit_lines(results, id),
        _ => Vec::new(),
    };
    let over = Rect::from_center_size(at, vec2(24.0, 24.0));
    tooltip_card(&ui.painter_at(view), input.theme, over, &object.name(), &lines);
}

fn rack_lines(rack: &RackSummary) -> Vec<Line> {
    let mut lines = vec![(rack.contents.clone(), false)];
    if let Some(inlet) = rack.inlet_c {
        let hottest = rack.inlet_max_c.unwrap_or(inlet);
        let past = hottest > rack.inlet_limit_c;
        let text = format!(
            "inlet {inlet:.1} °C, hottest {hottest:.1} °C, limit {:.1} °C",
            rack.inlet_limit_c
        );
        lines.push((text, past));
    }
    if let Some(exhaust) = rack.exhaust_c {
        let share = rack.recirculation.map(|r| format!("  ·  recirculation {:.0} %", 100.0 * r));
        lines.push((format!("exhaust {exhaust:.1} °C{}", share.unwrap_or_default()), false));
    }
    let power = format!("{:.1} kW, {:.1} kW of it to air", rack.electric_kw, rack.air_kw);
    lines.push((power, false));
    lines
}

fn unit_lines(results: &Results, id: ObjectId) -> Vec<Line> {
    let Some(unit) = results.air.units.iter().find(|u| u.object == Some(id)) else {
        return Vec::new();
    };
    let c = |t_k: f64| t_k - ZERO_CELSIUS_K;
    let air = format!("return {:.1} °C, supply {:.1} °C", c(unit.return_k), c(unit.supply_k));
    let heat = format!("{:.1} kW, {:.1} m³/s", unit.heat_w / 1e3, unit.flow_m3_s);
    let loading = unit.loading.map(|l| (format!("{:.0} % of capacity", 100.0 * l), l > 1.0));
    [(air, unit.overloaded), (heat, false)].into_iter().chain(loading).collect()
}
