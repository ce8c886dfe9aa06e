//! The tab by words, clicks and keys.

use crate::plan::{Job, Serving};
use crate::ui::app::TokenmillApp;
use crate::ui::commands::Command;
use crate::ui::screens::Tab;
use crate::ui::tests::options;
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

#[derive(Default)]
struct Window(Option<TokenmillApp>);

impl Window {
    fn app(&mut self) -> &mut TokenmillApp {
        self.0.as_mut().unwrap()
    }
}

/// The window on a small preset that serves, with the tab open.
fn window() -> Harness<'static, Window> {
    let mut harness = Harness::builder()
        .with_size([1600.0, 1000.0])
        .with_max_steps(64)
        .allow_missing_glyphs()
        .build_ui_state(
            |ui, window: &mut Window| match &mut window.0 {
                Some(app) => app.frame_ui(ui),
                None => {
                    window.0 = Some(TokenmillApp::new(ui.ctx(), options("enterprise-1mw"), None));
                }
            },
            Window::default(),
        );
    harness.run_steps(2);
    harness.state_mut().app().wait();
    let ctx = harness.ctx.clone();
    harness.state_mut().app().run(Command::Tab(Tab::Workload), &ctx);
    harness.run_steps(6);
    harness
}

fn serving(window: &mut Harness<'_, Window>) -> Serving {
    match &window.state_mut().app().document().plan().workload.job {
        Job::Serving(serving) => serving.clone(),
        Job::Training(_) => panic!("the preset serves"),
    }
}

#[test]
fn the_front_is_there_and_counts_three_ways() {
    let mut window = window();
    let points = {
        let results = window.state_mut().app().document().results().unwrap();
        results.workload.groups[0].serving.as_ref().unwrap().pareto.len()
    };
    let label = format!("Speed of a user against yield, {points} operating points");
    window.get_by_label(&label);
    for by in ["per MW", "$ per M tokens", "per GPU"] {
        window.get_by_label(&format!("Count output: {by}")).click();
        window.run_steps(3);
        window.get_by_label(&label);
    }
}

#[test]
fn keys_on_a_slider_are_steps_that_can_be_undone() {
    let mut window = window();
    let before = serving(&mut window);
    window.get_by_label("User speed slider, tok/s").focus();
    window.run_steps(2);
    window.key_press(Key::ArrowRight);
    window.run_steps(3);
    let after = serving(&mut window);
    assert!(after.tpot_ms < before.tpot_ms, "faster users: {} ms", after.tpot_ms);
    assert_eq!(window.state_mut().app().document().history().past_labels().len(), 1);
    window.key_combination_modifiers(Modifiers::COMMAND, &[Key::Z]);
    window.run_steps(3);
    assert_eq!(serving(&mut window), before);
}

#[test]
fn a_slider_under_the_hand_is_one_step() {
    let mut window = window();
    let before = serving(&mut window);
    let rect = window.get_by_label("TTFT slider, ms").rect();
    let press = |pos, pressed| eframe::egui::Event::PointerButton {
        pos,
        button: eframe::egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::default(),
    };
    let at = |share: f32| eframe::egui::pos2(rect.left() + share * rect.width(), rect.center().y);
    window.event(eframe::egui::Event::PointerMoved(at(0.5)));
    window.event(press(at(0.5), true));
    window.run_steps(2);
    for share in [0.6, 0.7, 0.8] {
        window.event(eframe::egui::Event::PointerMoved(at(share)));
        window.run_steps(2);
    }
    window.event(press(at(0.8), false));
    window.run_steps(3);
    let after = serving(&mut window);
    assert!(after.ttft_ms > before.ttft_ms, "{} ms", after.ttft_ms);
    assert_eq!(window.state_mut().app().document().history().past_labels().len(), 1);
}
