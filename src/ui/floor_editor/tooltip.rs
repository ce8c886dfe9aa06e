//! What a rack says when the cursor rests on it.

use super::input::FloorInput;
use super::paint::Scene;
use super::paint::legend::number;
use super::paint::marks::screen_rect_of;
use super::state::FloorState;
use crate::evaluate::result::RackSummary;
use crate::plan::ObjectId;
use crate::render::overlay::{Overlay, Scale};
use crate::ui::theme::{Theme, caption, semibold};
use eframe::egui::{Color32, Painter, Rect, Stroke, StrokeKind, pos2, vec2};

/// Draws the tooltip of the hovered object.
pub fn show(painter: &Painter, scene: &Scene<'_>, state: &FloorState) {
    let Some(id) = state.hover else { return };
    let Some((title, lines)) = words(&scene.input, scene.overlay, id, state) else { return };
    let Some(over) = screen_rect_of(scene, state, id) else { return };
    draw(painter, scene.input.theme, over, &title, &lines);
}

/// A line of the tooltip and whether it is past a limit.
type Line = (String, bool);

fn words(
    input: &FloorInput<'_>,
    overlay: Overlay,
    id: ObjectId,
    state: &FloorState,
) -> Option<(String, Vec<Line>)> {
    let results = input.shown_results();
    let mut lines: Vec<Line> = Vec::new();
    let title = if let Some((results, rack)) = results.and_then(|r| Some((r, r.rack(id)?))) {
        let scale = overlay.scale(results);
        lines.extend(rack_lines(rack, overlay));
        lines.extend(outage_lines(input, id));
        headline(rack, overlay, scale.as_ref())
    } else {
        input.plan.floor.object(id)?.name()
    };
    let conflicts = state.cache.conflicts.iter().filter(|c| c.a == id || c.b == Some(id));
    lines.extend(conflicts.take(2).map(|c| (c.reason.clone(), true)));
    Some((title, lines))
}

/// What a rack draws, feed by feed, without the components that are taken for failed.
fn outage_lines(input: &FloorInput<'_>, id: ObjectId) -> Vec<Line> {
    let Some(outage) = input.ui_state.what_if.outage() else { return Vec::new() };
    let Some(load) = outage.power.loads.iter().find(|l| l.object == Some(id)) else {
        return Vec::new();
    };
    let words = input.ui_state.what_if.words();
    if !load.served {
        return vec![(format!("{words}: without power"), true)];
    }
    let feeds: Vec<String> =
        load.feeds.iter().map(|f| format!("{} {:.0} A", f.element, f.i_a)).collect();
    vec![(format!("{words}: {}", feeds.join(" · ")), false)]
}

fn headline(rack: &RackSummary, overlay: Overlay, scale: Option<&Scale>) -> String {
    match (overlay.rack_value(rack), scale) {
        (Some(value), Some(scale)) => format!("{}   {} {}", rack.name, number(value), scale.unit),
        (None, Some(_)) => format!("{}   no data", rack.name),
        _ => rack.name.clone(),
    }
}

fn rack_lines(rack: &RackSummary, overlay: Overlay) -> Vec<Line> {
    let mut lines = vec![(rack.contents.clone(), false)];
    if overlay.shows_air() || overlay == Overlay::Plan {
        let hottest = rack.inlet_max_c.or(rack.inlet_c);
        let margin = hottest.map(|t| rack.inlet_limit_c - t);
        let recirculation = rack.recirculation.map(|r| format!("recirculation {:.0} %", 100.0 * r));
        let margin_text = margin.map(|m| format!("margin {m:.1} K").replace('-', "−"));
        let parts: Vec<String> = recirculation.into_iter().chain(margin_text).collect();
        if !parts.is_empty() {
            lines.push((parts.join("  ·  "), margin.is_some_and(|m| m < 0.0)));
        }
    }
    match overlay {
        Overlay::Feeds | Overlay::Amps => {
            let feeds = rack.feeds.iter().map(|f| {
                format!("{} {} {:.0} → {:.0} A", f.element, f.phases, f.amps, f.worst_amps)
            });
            lines.extend(feeds.map(|f| (f, false)));
        }
        Overlay::Liquid => {
            if let (Some(flow), Some(need)) = (rack.coolant_l_min, rack.coolant_required_l_min) {
                lines.push((format!("{flow:.0} of {need:.0} L/min"), overlay.past_limit(rack)));
            }
        }
        Overlay::Plan | Overlay::Power => lines.push((
            format!("{:.1} kW of {:.1} kW design", rack.electric_kw, rack.design_kw),
            false,
        )),
        Overlay::Cost if rack.price_usd.is_none() => lines.push(("unpriced".into(), false)),
        Overlay::Inlet
        | Overlay::Air
        | Overlay::Stranded
        | Overlay::Utilisation
        | Overlay::Cost => {}
    }
    lines
}

/// Draws a title and lines in a frame above a rectangle, or below where there is no room.
pub(in crate::ui) fn draw(
    painter: &Painter,
    theme: &Theme,
    over: Rect,
    title: &str,
    lines: &[Line],
) {
    let head = painter.layout_no_wrap(title.to_owned(), semibold(12.0), theme.text);
    let rows: Vec<_> = lines
        .iter()
        .map(|(text, bad)| {
            let ink: Color32 = if *bad { theme.bad } else { theme.muted };
            (painter.layout_no_wrap(text.clone(), caption(), ink), ink)
        })
        .collect();
    let width = rows.iter().map(|(g, _)| g.size().x).fold(head.size().x, f32::max) + 24.0;
    let height = 20.0 + head.size().y + rows.iter().map(|(g, _)| g.size().y + 4.0).sum::<f32>();
    let room = painter.clip_rect().shrink(6.0);
    let above = over.top() - height - 8.0;
    let y = if above > room.top() { above } else { over.bottom() + 8.0 };
    let x =
        (over.center().x - width / 2.0).clamp(room.left(), (room.right() - width).max(room.left()));
    let frame = Rect::from_min_size(pos2(x, y), vec2(width, height));
    painter.rect(frame, 6, theme.raised, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    let mut at = frame.min + vec2(12.0, 10.0);
    let step = head.size().y;
    painter.galley(at, head, theme.text);
    at.y += step + 4.0;
    for (galley, ink) in rows {
        let step = galley.size().y + 4.0;
        painter.galley(at, galley, ink);
        at.y += step;
    }
}
