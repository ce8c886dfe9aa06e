//! Gestures end as one step, Esc leaves no trace, typed numbers win.

use super::{Desk, plan_with, rack};
use crate::plan::{Facing, Object, ObjectId, PointMm};
use crate::ui::state::{Action, Overlay, Tool};
use eframe::egui::{Event, Key, Modifiers, Pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

fn desk() -> Harness<'static, Desk> {
    let racks = vec![
        rack(1, 6000, 6000, Facing::South),
        rack(2, 6600, 6000, Facing::South),
        rack(3, 12_000, 9000, Facing::North),
    ];
    let mut desk = Desk::new(plan_with(racks));
    desk.ui_state.overlay = Overlay::Plan;
    desk.ui_state.snap_objects = false;
    let mut harness = Harness::builder()
        .with_size(vec2(1280.0, 800.0))
        .with_context_setup(crate::ui::theme::install_fonts)
        .build_ui_state(|ui, desk: &mut Desk| desk.ui(ui), desk);
    harness.run_steps(2);
    harness
}

fn on_screen(harness: &Harness<'_, Desk>, x: f64, y: f64) -> Pos2 {
    harness.state().floor.camera().unwrap().screen_from_floor(x, y)
}

fn press_drag(harness: &mut Harness<'_, Desk>, from: Pos2, to: Pos2) {
    harness.hover_at(from);
    harness.step();
    harness.drag_at(from);
    harness.step();
    harness.hover_at(from.lerp(to, 0.5));
    harness.step();
    harness.hover_at(to);
    harness.step();
    harness.step();
}

fn type_text(harness: &mut Harness<'_, Desk>, text: &str) {
    harness.event(Event::Text(text.into()));
    harness.step();
}

#[test]
fn a_drag_is_one_step_and_lands_on_the_grid() {
    let mut harness = desk();
    let from = on_screen(&harness, 6300.0, 6600.0);
    let to = on_screen(&harness, 6300.0 + 1234.0, 6600.0 + 2000.0);
    press_drag(&mut harness, from, to);
    assert!(harness.state().log.iter().filter(|a| matches!(a, Action::Preview(_))).count() >= 1);
    assert!(harness.state().past().is_empty());
    harness.drop_at(to);
    harness.run_steps(2);
    let desk = harness.state();
    assert_eq!(desk.past(), ["Move 1 rack"]);
    let at = desk.rack_at(1);
    assert_eq!((at.x % 100, at.y % 100), (0, 0));
    assert!((at.x - 7234).abs() <= 100 && (at.y - 8000).abs() <= 100, "{at:?}");
    assert!(desk.ui_state.selection.contains(&ObjectId(1)));
}

#[test]
fn escape_drops_a_drag_and_leaves_no_trace() {
    let mut harness = desk();
    let from = on_screen(&harness, 6300.0, 6600.0);
    let to = on_screen(&harness, 8300.0, 6600.0);
    press_drag(&mut harness, from, to);
    assert_ne!(harness.state().rack_at(1), PointMm::new(6000, 6000));
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    harness.drop_at(to);
    harness.run_steps(2);
    assert_eq!(harness.state().rack_at(1), PointMm::new(6000, 6000));
    assert!(harness.state().past().is_empty());
}

#[test]
fn numbers_typed_while_dragging_win_over_the_mouse() {
    let mut harness = desk();
    let from = on_screen(&harness, 6300.0, 6600.0);
    let to = on_screen(&harness, 8000.0, 7000.0);
    press_drag(&mut harness, from, to);
    type_text(&mut harness, "2*600");
    harness.key_press(Key::Tab);
    harness.step();
    type_text(&mut harness, "0");
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(harness.state().rack_at(1), PointMm::new(7200, 6000));
    assert_eq!(harness.state().past(), ["Move 1 rack"]);
    harness.drop_at(to);
    harness.run_steps(2);
    assert_eq!(harness.state().past().len(), 1);
}

#[test]
fn a_typed_move_needs_no_mouse() {
    let mut harness = desk();
    harness.state_mut().ui_state.selection = [ObjectId(1), ObjectId(2)].into();
    harness.step();
    harness.key_press(Key::M);
    harness.step();
    type_text(&mut harness, "-1.2m");
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(harness.state().rack_at(1), PointMm::new(4800, 6000));
    assert_eq!(harness.state().rack_at(2), PointMm::new(5400, 6000));
    assert_eq!(harness.state().past(), ["Move 2 racks"]);
}

#[test]
fn marquees_enclose_to_the_right_and_cross_to_the_left() {
    let mut harness = desk();
    let (west, east) = (on_screen(&harness, 5500.0, 7800.0), on_screen(&harness, 6900.0, 5500.0));
    press_drag(&mut harness, west, east);
    harness.drop_at(east);
    harness.run_steps(2);
    assert_eq!(harness.state().ui_state.selection, [ObjectId(1)].into());
    press_drag(&mut harness, east, west);
    harness.drop_at(west);
    harness.run_steps(2);
    assert_eq!(harness.state().ui_state.selection, [ObjectId(1), ObjectId(2)].into());
    assert!(harness.state().past().is_empty());
}

#[test]
fn racks_and_overlays_are_found_by_name() {
    let mut harness = desk();
    harness.get_by_label("rack R-03").click();
    harness.run_steps(2);
    assert_eq!(harness.state().ui_state.selection, [ObjectId(3)].into());
    harness.get_by_label("Overlay Rack kW").click();
    harness.run_steps(2);
    assert_eq!(harness.state().ui_state.overlay, Overlay::Power);
    harness.get_by_label_contains("Floor canvas");
    harness.key_press(Key::Num2);
    harness.run_steps(2);
    assert_eq!(harness.state().ui_state.overlay, Overlay::Inlet);
}

#[test]
fn keys_edit_the_selection() {
    let mut harness = desk();
    harness.get_by_label("rack R-03").click();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowRight);
    harness.step();
    harness.key_press(Key::R);
    harness.step();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::D);
    harness.step();
    harness.key_press(Key::L);
    harness.step();
    harness.key_press(Key::Delete);
    harness.step();
    let desk = harness.state();
    assert_eq!(desk.rack_at(3), PointMm::new(12_300, 9300));
    assert_eq!(desk.history.present().floor.racks.len(), 4);
    let copy = desk.history.present().floor.racks.last().unwrap();
    assert!(copy.locked && copy.name == "R-04");
    assert_eq!(desk.said.len(), 1);
    let steps = ["Move 1 object", "Rotate 1 object", "Duplicate 1 objects", "Lock 1 objects"];
    assert_eq!(desk.past(), steps);
}

#[test]
fn placing_refuses_what_can_not_stand() {
    let mut harness = desk();
    let object = Object::Rack(rack(1, 0, 0, Facing::South));
    harness.state_mut().ui_state.tool = Tool::Place(Box::new(object));
    let taken = on_screen(&harness, 6300.0, 6600.0);
    harness.hover_at(taken);
    harness.drag_at(taken);
    harness.event(release(taken));
    harness.run_steps(2);
    assert_eq!(harness.state().history.present().floor.racks.len(), 3);
    assert!(harness.state().said[0].contains("overlap"), "{:?}", harness.state().said);
    let free = on_screen(&harness, 15_000.0, 15_000.0);
    harness.hover_at(free);
    harness.drag_at(free);
    harness.event(release(free));
    harness.run_steps(2);
    let desk = harness.state();
    assert_eq!(desk.history.present().floor.racks.len(), 4);
    assert_eq!(desk.ui_state.selection, [ObjectId(4)].into());
    assert_eq!(desk.ui_state.tool, Tool::Select);
}

fn release(pos: Pos2) -> Event {
    let button = eframe::egui::PointerButton::Primary;
    Event::PointerButton { pos, button, pressed: false, modifiers: Modifiers::NONE }
}
