//! The view as a person uses it: frames without a display.

use super::*;
use crate::catalog::load;
use crate::evaluate::Evaluator;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;
use crate::evaluate::result::{Quality, Results};
use crate::plan::{Floor, Plan};
use crate::render::scene::Lens;
use crate::ui::state::{Freshness, UiState};
use crate::ui::theme::{Theme, install_fonts};
use eframe::egui::{
    Context, Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, RawInput, TouchPhase, Vec2,
};

const SIZE: Vec2 = vec2(900.0, 700.0);

/// The view without the window.
struct Desk {
    ctx: Context,
    plan: Plan,
    catalog: Arc<Catalog>,
    results: Option<Arc<Results>>,
    ui_state: UiState,
    view: View3dState,
    time_s: f64,
}

impl Desk {
    fn new(preset: &str) -> Self {
        let ctx = Context::default();
        install_fonts(&ctx);
        let text = crate::session::presets::preset(preset).unwrap().text;
        let opened = crate::format::from_text(text).unwrap();
        let catalog = Arc::new(load::shipped().unwrap().overlaid(&opened.embedded));
        let mut evaluator = Evaluator::new(2, Clock::still());
        let results = evaluator
            .evaluate(&opened.plan, &catalog, 1, Quality::Draft, &CancelToken::never())
            .unwrap();
        let mut desk = Self {
            ctx,
            plan: opened.plan,
            catalog,
            results: Some(Arc::new(results)),
            ui_state: UiState::default(),
            view: View3dState::default(),
            time_s: 0.0,
        };
        desk.rest();
        desk
    }

    fn frame(&mut self, events: Vec<Event>) -> Vec<Action> {
        self.time_s += 0.1;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(self.time_s),
            events,
            focused: true,
            ..RawInput::default()
        };
        let theme = Theme::dark();
        let Self { ctx, plan, catalog, results, ui_state, view, .. } = self;
        let freshness = if results.is_some() { Freshness::Settled } else { Freshness::Missing };
        let input3d = FloorInput {
            plan,
            catalog,
            results: results.as_ref(),
            freshness,
            ui_state,
            theme: &theme,
        };
        let mut actions = Vec::new();
        let _ = ctx.run_ui(input, |ui| actions.extend(view3d_ui(ui, &input3d, catalog, view)));
        for action in &actions {
            match action {
                Action::Select(selection) => self.ui_state.selection.clone_from(selection),
                Action::ShowLayers(layers) => self.ui_state.layers = *layers,
                _ => {}
            }
        }
        actions
    }

    /// Frames until the picture of the present state is shown.
    fn rest(&mut self) {
        for _ in 0..4 {
            self.frame(Vec::new());
        }
        self.view.wait(&self.ctx);
        self.frame(Vec::new());
    }

    fn press(&mut self, at: Pos2, button: PointerButton, modifiers: Modifiers, pressed: bool) {
        let button = Event::PointerButton { pos: at, button, pressed, modifiers };
        self.frame(vec![Event::PointerMoved(at)]);
        self.frame(vec![button]);
    }

    fn click(&mut self, at: Pos2) {
        self.press(at, PointerButton::Primary, Modifiers::NONE, true);
        self.press(at, PointerButton::Primary, Modifiers::NONE, false);
    }

    fn drag(&mut self, by: Vec2, button: PointerButton) {
        let from = pos2(450.0, 420.0);
        self.press(from, button, Modifiers::NONE, true);
        self.frame(vec![Event::PointerMoved(from + by / 2.0)]);
        self.frame(vec![Event::PointerMoved(from + by)]);
        self.press(from + by, button, Modifiers::NONE, false);
    }

    fn camera(&self) -> OrbitCamera {
        self.view.camera.unwrap()
    }
}

#[test]
fn a_click_selects_the_rack_that_is_drawn_there() {
    let mut desk = Desk::new("enterprise-1mw");
    desk.view.look_again(Wish::From(Preset::Top));
    desk.rest();
    let racks: Vec<_> = desk.plan.floor.racks.iter().step_by(3).cloned().collect();
    for rack in racks {
        let (x, y) = rack.footprint().centre();
        let top = [(x * 1e-3) as f32, (y * 1e-3) as f32, rack.size_mm.height as f32 * 1e-3];
        let p = Lens::new(&desk.camera(), SIZE.into()).project(top).unwrap();
        desk.click(pos2(p[0], p[1]));
        assert_eq!(desk.ui_state.selection, Selection::from([rack.id]), "{}", rack.name);
        assert_eq!(desk.view.hover, Some(rack.id));
        desk.rest();
    }
    desk.click(pos2(4.0, 690.0));
    assert!(desk.ui_state.selection.is_empty(), "beside the hall there is nothing");
}

#[test]
fn drags_and_wheel_move_the_camera_and_f_frames_the_hall_again() {
    let mut desk = Desk::new("enterprise-1mw");
    let start = desk.camera();
    desk.drag(vec2(60.0, 20.0), PointerButton::Primary);
    let turned = desk.camera();
    assert!(turned.yaw > start.yaw + 0.2 && turned.pitch > start.pitch + 0.05);
    assert_eq!(turned.distance_m, start.distance_m);
    desk.drag(vec2(50.0, 0.0), PointerButton::Middle);
    let panned = desk.camera();
    assert_eq!(panned.yaw, turned.yaw);
    assert_ne!(panned.target_m, turned.target_m);
    desk.frame(vec![Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, 2.0),
        phase: TouchPhase::Move,
        source: eframe::egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    }]);
    assert!(desk.camera().distance_m < 0.8 * panned.distance_m);
    let key = Event::Key {
        key: Key::F,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    desk.frame(vec![key]);
    desk.rest();
    assert_eq!(desk.camera().yaw, panned.yaw);
    assert!((desk.camera().distance_m - start.distance_m).abs() < 0.3 * start.distance_m);
}

#[test]
fn a_picture_is_made_once_and_again_only_for_a_change() {
    let mut desk = Desk::new("enterprise-1mw");
    let made = desk.view.pictures_asked_for();
    desk.frame(vec![Event::PointerMoved(pos2(300.0, 300.0))]);
    desk.rest();
    assert_eq!(desk.view.pictures_asked_for(), made);
    desk.ui_state.layers.slice_m = Some(1.2);
    desk.rest();
    assert_eq!(desk.view.pictures_asked_for(), made + 1);
    desk.ui_state.slice_height_m = 0.5;
    desk.rest();
    assert_eq!(desk.view.pictures_asked_for(), made + 2);
}

#[test]
fn an_empty_floor_without_results_is_a_picture_too() {
    let mut desk = Desk::new("enterprise-1mw");
    desk.plan.floor = Arc::new(Floor::default());
    desk.results = None;
    desk.rest();
    desk.click(pos2(450.0, 400.0));
    assert!(desk.ui_state.selection.is_empty());
    assert!(desk.view.texture().is_some());
}
