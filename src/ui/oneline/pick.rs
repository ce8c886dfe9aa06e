//! The pointer on the diagram: drag pans, the wheel zooms, a click selects, Shift and a click fails.

use super::pressed;
use super::reading::Reading;
use super::state::{Hit, OneLineState};
use crate::evaluate::result::Results;
use crate::ui::floor_editor::tooltip_card;
use crate::ui::state::{Action, Selection};
use crate::ui::view::View;
use crate::units::display;
use eframe::egui::{Event, MouseWheelUnit, PointerButton, Rect, Response, Ui, Vec2, vec2};

/// Zoom of one notch of the wheel.
const NOTCH: f32 = 1.12;

/// Reads drag, wheel, hover and click.
pub fn pointer(
    ui: &Ui,
    response: &Response,
    results: &Results,
    state: &mut OneLineState,
    actions: &mut Vec<Action>,
) {
    if response.is_pointer_button_down_on() || response.clicked() {
        response.request_focus();
    }
    let Some(mut camera) = state.camera else { return };
    if response.dragged() && response.drag_delta() != Vec2::ZERO {
        camera.pan(response.drag_delta());
        state.moved = true;
    }
    if let Some((at, factor, pan)) = wheel(ui, response) {
        if pan == Vec2::ZERO {
            camera.zoom_about(at, factor);
        } else {
            camera.pan(pan);
        }
        state.moved = true;
    }
    state.camera = Some(camera);
    state.pointer = response.hover_pos().filter(|_| response.contains_pointer());
    let hit_at = |p| hit(state, camera.diagram(p));
    let hover = state.pointer.filter(|_| !response.dragged()).and_then(hit_at);
    state.hover = hover;
    let shift = ui.input(|i| i.modifiers.shift);
    if response.clicked_by(PointerButton::Primary)
        && let Some(at) = response.interact_pointer_pos()
    {
        click(hit(state, camera.diagram(at)), shift, results, state, actions);
    }
    if response.double_clicked() && hover.is_none() {
        state.fit();
    }
}

fn hit(state: &OneLineState, at: [f32; 2]) -> Option<Hit> {
    let tap = state.line.tap_at(at).and_then(|t| state.line.taps.iter().position(|o| o == t));
    tap.map(Hit::Tap).or_else(|| state.line.element_at(at).map(Hit::Element))
}

fn click(
    hit: Option<Hit>,
    shift: bool,
    results: &Results,
    state: &OneLineState,
    actions: &mut Vec<Action>,
) {
    let case = &results.power_case;
    match hit {
        Some(Hit::Element(i)) => {
            actions.extend(case.elements.get(i).map(|e| pressed(&e.name, shift)));
        }
        Some(Hit::Tap(k)) => {
            let load = state.line.taps.get(k).and_then(|t| case.loads.get(t.load));
            if let Some(id) = load.and_then(|l| l.object) {
                actions.push(Action::Select(Selection::from([id])));
            }
        }
        None => {
            actions.push(Action::PickDevice(None));
            actions.push(Action::Select(Selection::new()));
        }
    }
}

/// Where and by how much the wheel or a pinch zooms; with Shift it moves sideways.
fn wheel(ui: &Ui, response: &Response) -> Option<(eframe::egui::Pos2, f32, Vec2)> {
    let at = response.hover_pos().filter(|_| response.contains_pointer())?;
    ui.input(|i| {
        let mut notches = Vec2::ZERO;
        let mut sideways = i.modifiers.shift;
        for event in &i.events {
            if let Event::MouseWheel { unit, delta, modifiers, .. } = event
                && !modifiers.command
            {
                let scale = if *unit == MouseWheelUnit::Point { 1.0 / 60.0 } else { 1.0 };
                notches += *delta * scale;
                sideways |= modifiers.shift;
            }
        }
        let factor = i.zoom_delta() * if sideways { 1.0 } else { NOTCH.powf(notches.y) };
        let pan = if sideways { vec2(notches.x + notches.y, 0.0) * 60.0 } else { Vec2::ZERO };
        let any = (factor - 1.0).abs() > 1e-4 || pan != Vec2::ZERO;
        any.then_some((at, factor, pan))
    })
}

/// What is under the pointer, in words.
pub fn tooltip(ui: &Ui, view: &View<'_>, results: &Results, state: &OneLineState) {
    let (Some(camera), Some(hit)) = (state.camera, state.hover) else { return };
    let painter = ui.painter_at(camera.view);
    match hit {
        Hit::Element(i) => {
            let Some(node) = state.line.nodes.get(i) else { return };
            let Some((title, lines)) = element_words(view, results, i) else { return };
            tooltip_card(&painter, &view.theme, camera.rect(&node.area), &title, &lines);
        }
        Hit::Tap(k) => {
            let Some(tap) = state.line.taps.get(k) else { return };
            let over = Rect::from_center_size(camera.screen(tap.at), vec2(12.0, 12.0));
            let Some((title, lines)) = load_words(view, results, tap.load) else { return };
            tooltip_card(&painter, &view.theme, over, &title, &lines);
        }
    }
}

type Words = (String, Vec<(String, bool)>);

fn element_words(view: &View<'_>, results: &Results, i: usize) -> Option<Words> {
    let element = results.power_case.elements.get(i)?;
    let reading = Reading::of(view, results, i)?;
    let mut lines = vec![(reading.flow_words(), false)];
    lines.push((reading.volt_words(element.v_nominal_v), false));
    if reading.rated() {
        let pct = |p: f64| display::percent(p).to_string();
        let label = if reading.what_if { "now" } else { "normal" };
        let now = reading.now_pct();
        lines.push((format!("{label} {} of the continuous limit", pct(now)), now > 100.0));
        let worst = reading.worst_pct();
        let outage = reading.normal.worst_outage.as_deref().unwrap_or("normal state");
        lines.push((format!("worst {}: {outage}", pct(worst)), worst > 100.0));
    }
    lines.extend(reading.state().map(|s| (s.to_owned(), reading.out || reading.tripped)));
    Some((format!("{} · {}", element.name, element.kind.words()), lines))
}

fn load_words(view: &View<'_>, results: &Results, load: usize) -> Option<Words> {
    let outage = view.what_if.outage();
    let power = outage.map_or(results.power.as_ref(), |o| &o.power);
    let now = power.loads.get(load)?;
    let mut lines: Vec<(String, bool)> = now
        .feeds
        .iter()
        .map(|f| {
            let amps = display::of(f.i_a, "A", 3);
            let dead = if f.live { "" } else { " · dead" };
            (format!("{} {amps}{dead}", f.element), !f.live)
        })
        .collect();
    if !now.served {
        lines.push(("without power".to_owned(), true));
    }
    Some((format!("{}   {}", now.name, display::power_w(now.p_w)), lines))
}
