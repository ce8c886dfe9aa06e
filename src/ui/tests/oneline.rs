//! The one-line diagram by words and clicks: what fails, what is lost, how it comes back.

use super::options;
use crate::evaluate::power::case::ElementKind;
use crate::plan::Scheme;
use crate::ui::app::TokenmillApp;
use crate::ui::commands::Command;
use crate::ui::screens::Tab;
use crate::ui::state::{Action, MainView, Selection};
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

/// The window on the small preset, solved, with the diagram shown.
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
    harness.run_steps(4);
    harness.get_by_label("View One-line").click();
    harness.run_steps(4);
    harness
}

fn name_of(window: &mut Harness<'_, Window>, kind: ElementKind) -> String {
    let results = window.state_mut().app().document().results().unwrap();
    let found = results.power_case.elements.iter().find(|e| e.kind == kind);
    found.unwrap().name.clone()
}

/// A component of the diagram by the start of its label.
fn component<'a>(window: &'a Harness<'_, Window>, name: &str) -> egui_kittest::Node<'a> {
    let start = format!("component {name}");
    window.get_by(move |n| {
        n.label().is_some_and(|l| l == start || l.starts_with(&format!("{start},")))
    })
}

#[test]
fn a_click_selects_a_component_and_shift_fails_it_until_esc() {
    let mut window = window();
    assert_eq!(window.state_mut().app().ui_state().main, MainView::OneLine);
    let ups = name_of(&mut window, ElementKind::Ups);
    component(&window, &ups).click();
    window.run_steps(4);
    assert_eq!(window.state_mut().app().ui_state().device.as_deref(), Some(ups.as_str()));
    let fed = window.state_mut().app().ui_state().fed.objects.len();
    assert!(fed > 0, "the UPS feeds racks");

    component(&window, &ups).click_modifiers(Modifiers::SHIFT);
    window.run_steps(4);
    let what_if = &window.state_mut().app().ui_state().what_if;
    assert!(what_if.out().contains(&ups));
    let lost = what_if.outage().unwrap().racks_lost.len();
    assert_eq!(lost, fed, "with one path, what the UPS feeds is lost with it");
    let outage = what_if.outage().unwrap();
    assert!(outage.tokens_lost.unwrap() > 0.0);
    let now = &outage.power.totals;
    let gap = now.source_w - now.served_w - now.loss_w;
    assert!(gap.abs() <= 1e-6 * now.source_w, "{gap}");
    let tile = format!("Racks lost: {lost}\u{2009}of {}", racks(&mut window));
    window.get_by_label(&tile);

    window.key_press(Key::Escape);
    window.run_steps(4);
    assert!(!window.state_mut().app().ui_state().what_if.is_active());
}

fn racks(window: &mut Harness<'_, Window>) -> usize {
    window.state_mut().app().document().results().unwrap().racks.len()
}

#[test]
fn the_restore_button_is_there_on_every_view() {
    let mut window = window();
    let ups = name_of(&mut window, ElementKind::Ups);
    for main in [MainView::Plan, MainView::Orbit, MainView::OneLine] {
        window.state_mut().app().act(Action::Look(main));
        window.state_mut().app().act(Action::Fail(ups.clone()));
        window.run_steps(4);
        window.get_by_label("Restore").click();
        window.run_steps(4);
        assert!(!window.state_mut().app().ui_state().what_if.is_active(), "{main:?}");
    }
}

#[test]
fn an_outage_of_the_table_is_shown_and_put_back() {
    let mut window = window();
    let ctx = window.ctx.clone();
    window.state_mut().app().run(Command::Tab(Tab::Outages), &ctx);
    window.run_steps(4);
    window.get_by_label("Sort outages by Power lost").click();
    window.run_steps(4);
    let ups = name_of(&mut window, ElementKind::Ups);
    let filter = window.get_by_label("Filter outages");
    filter.focus();
    window.run_steps(2);
    window.get_by_label("Filter outages").type_text(&ups);
    window.run_steps(4);
    let outage = format!("{ups} out");
    window.get_by_label(&format!("Outage {outage}")).click();
    window.run_steps(4);
    let examined = {
        let results = window.state_mut().app().document().results().unwrap();
        results.power.scenarios.iter().find(|s| s.name == outage).unwrap().clone()
    };
    let shown = &window.state_mut().app().ui_state().what_if;
    assert!(shown.shows(&outage));
    let solved = shown.outage().unwrap();
    assert_eq!(solved.racks_dark.len(), examined.racks_lost);
    assert!((solved.power.totals.source_w - examined.source_w).abs() <= 1e-9 * examined.source_w);
    window.get_by_label(&format!("Outage {outage}")).click();
    window.run_steps(4);
    assert!(!window.state_mut().app().ui_state().what_if.is_active());
}

#[test]
fn another_scheme_is_one_step_and_the_failed_component_stays_failed() {
    let mut window = window();
    let ups = name_of(&mut window, ElementKind::Ups);
    window.state_mut().app().act(Action::Fail(ups.clone()));
    window.run_steps(2);
    let lost = |w: &mut Harness<'_, Window>| {
        w.state_mut().app().ui_state().what_if.outage().unwrap().racks_lost.len()
    };
    assert!(lost(&mut window) > 0);
    window.get_by_label("Redundancy scheme").click();
    window.run_steps(4);
    window.get_by_label("2N").click();
    window.run_steps(2);
    assert_eq!(window.state_mut().app().document().plan().power.scheme, Scheme::TwoN);
    assert_eq!(window.state_mut().app().document().history().past_labels().len(), 1);
    window.state_mut().app().wait();
    window.run_steps(4);
    assert!(window.state_mut().app().ui_state().what_if.out().contains(&ups));
    assert_eq!(lost(&mut window), 0, "two full paths survive one UPS");
    window.key_combination_modifiers(Modifiers::COMMAND, &[Key::Z]);
    window.run_steps(4);
    assert_ne!(window.state_mut().app().document().plan().power.scheme, Scheme::TwoN);
}

#[test]
fn a_selected_rack_shows_its_way_to_the_utility() {
    let mut window = window();
    let results = std::sync::Arc::clone(window.state_mut().app().document().results().unwrap());
    let case = &results.power_case;
    let rack = case.loads.iter().find_map(|l| l.object).unwrap();
    let path = crate::render::oneline::paths::feeding(case, &Selection::from([rack]));
    let kinds: Vec<ElementKind> = path.iter().map(|i| case.elements[*i].kind).collect();
    for kind in
        [ElementKind::Busway, ElementKind::Ups, ElementKind::Transformer, ElementKind::Utility]
    {
        assert!(kinds.contains(&kind), "{kind:?} of {kinds:?}");
    }
}

#[test]
fn an_override_typed_into_the_inspector_is_one_step_and_resets() {
    let mut window = window();
    let busway = name_of(&mut window, ElementKind::Busway);
    window.state_mut().app().act(Action::PickDevice(Some(busway.clone())));
    window.run_steps(4);
    let field = |w: &Harness<'_, Window>| {
        w.get_by_role_and_label(eframe::egui::Role::TextInput, "Count").focus();
    };
    field(&window);
    window.run_steps(2);
    window.key_combination_modifiers(Modifiers::COMMAND, &[Key::A]);
    window.run_steps(1);
    window.get_by_role_and_label(eframe::egui::Role::TextInput, "Count").type_text("3");
    window.run_steps(2);
    window.key_press(Key::Enter);
    window.run_steps(4);
    let count = |w: &mut Harness<'_, Window>| {
        let plan = w.state_mut().app().document().plan().clone();
        plan.power.overrides.get(&busway).and_then(|o| o.count)
    };
    assert_eq!(count(&mut window), Some(3));
    window.get_by_label("Reset Count").click();
    window.run_steps(4);
    assert_eq!(count(&mut window), None);
    assert_eq!(window.state_mut().app().document().history().past_labels().len(), 2);
}

#[test]
fn the_800_vdc_comparison_is_applied_as_one_step() {
    let mut window = window();
    window.get_by_label("Compare with 800 VDC").click();
    window.run_steps(2);
    for _ in 0..600 {
        window.run_steps(1);
        if window.query_by_label("Apply").is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    window.get_by_label("Copper, derived");
    window.get_by_label("Apply").click();
    window.run_steps(4);
    let document = window.state_mut().app().document();
    assert_eq!(document.plan().power.distribution, crate::plan::Distribution::Vdc800);
    assert_eq!(document.history().past_labels().len(), 1);
}

#[test]
fn shift_and_a_click_fail_a_busway_on_the_floor() {
    let mut window = window();
    window.state_mut().app().act(Action::Look(MainView::Plan));
    window.state_mut().app().act(Action::Show(crate::ui::state::Overlay::Amps));
    window.run_steps(4);
    let results = std::sync::Arc::clone(window.state_mut().app().document().results().unwrap());
    let busway = &results.busways[0];
    let at = {
        let camera = window.state_mut().app().floor().camera().unwrap();
        camera.screen_rect(&busway.area).center()
    };
    let press = |pressed| eframe::egui::Event::PointerButton {
        pos: at,
        button: eframe::egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::SHIFT,
    };
    window.event(eframe::egui::Event::PointerMoved(at));
    window.event_modifiers(press(true), Modifiers::SHIFT);
    window.run_steps(1);
    window.event_modifiers(press(false), Modifiers::SHIFT);
    window.run_steps(4);
    let what_if = &window.state_mut().app().ui_state().what_if;
    assert!(what_if.out().contains(&busway.name), "{:?}", what_if.out());
    let dark = &what_if.outage().unwrap().racks_dark;
    let fed = results
        .power
        .loads
        .iter()
        .filter(|l| l.object.is_some() && l.feeds.iter().any(|f| f.element == busway.name));
    assert!(fed.filter_map(|l| l.object).all(|id| dark.contains(&id)), "one path only");
}
