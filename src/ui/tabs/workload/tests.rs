//! The tab by words, clicks and keys.

use crate::plan::{Deployment, Drafts, Job, Serving, ServingEngine};
use crate::ui::app::TokenmillApp;
use crate::ui::commands::Command;
use crate::ui::screens::Tab;
use crate::ui::tests::options;
use eframe::egui::{Key, Modifiers, Role};
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

/// Types into a field of the tab; the inspector may show one of the same name.
fn typed(window: &mut Harness<'_, Window>, label: &str, text: &str) {
    window.get_all_by_role_and_label(Role::TextInput, label).next().unwrap().focus();
    window.run_steps(2);
    window.key_combination_modifiers(Modifiers::COMMAND, &[Key::A]);
    window.run_steps(1);
    window.get_all_by_role_and_label(Role::TextInput, label).next().unwrap().type_text(text);
    window.run_steps(2);
    window.key_press(Key::Enter);
    window.run_steps(4);
}

fn steps(window: &mut Harness<'_, Window>) -> usize {
    window.state_mut().app().document().history().past_labels().len()
}

#[test]
fn cache_and_drafts_are_typed_and_undone_one_step_each() {
    let mut window = window();
    let before = serving(&mut window);
    typed(&mut window, "Prompt cached", "56");
    assert_eq!((serving(&mut window).cached_prompt_pct, steps(&mut window)), (56.0, 1));
    assert!(window.query_all_by_label("Accepted").next().is_none(), "nothing is drafted yet");
    typed(&mut window, "Drafted per step", "2");
    assert_eq!(serving(&mut window).drafts, Some(Drafts { drafted: 2, accepted: 0.85 }));
    typed(&mut window, "Accepted", "1.5");
    assert_eq!(serving(&mut window).drafts, Some(Drafts { drafted: 2, accepted: 1.5 }));
    assert_eq!(steps(&mut window), 3);
    typed(&mut window, "Accepted", "2.5");
    assert_eq!(steps(&mut window), 3, "more accepted than drafted is not taken");
    for _ in 0..3 {
        window.key_combination_modifiers(Modifiers::COMMAND, &[Key::Z]);
        window.run_steps(3);
    }
    assert_eq!(serving(&mut window), before);
}

#[test]
fn engine_and_deployment_are_chosen_one_step_each() {
    let mut window = window();
    for (field, option) in [("Engine", "vLLM"), ("Deployment", "better of both")] {
        let choices = window.get_all_by_role_and_label(Role::ComboBox, field);
        choices.into_iter().next().unwrap().click_accesskit();
        window.run_steps(4);
        window.get_by_label(option).click_accesskit();
        window.run_steps(4);
    }
    let after = serving(&mut window);
    assert_eq!((after.engine, after.deployment), (ServingEngine::Vllm, Deployment::Better));
    assert_eq!(steps(&mut window), 2);
}

#[test]
fn the_day_shows_demand_and_waiting() {
    let mut window = window();
    window.get_by_label("Workload page: Day of load").click();
    window.run_steps(3);
    window.get_by_label("Demand over capacity, 24 hours");
    window.get_by_label("Time to first token over the day, 24 hours");
    let said = {
        let results = window.state_mut().app().document().results().unwrap();
        crate::render::chart::day::statement(results.workload.groups[0].day.as_ref().unwrap())
    };
    let peak = crate::units::display::percent(81.25);
    assert!(said.contains(&format!("{peak} of capacity")), "{said}");
    assert!(window.get_all_by_label(&said).count() >= 1);
}
