//! Economics by words and clicks: every page answers, every headline opens its formula.

use crate::ui::app::TokenmillApp;
use crate::ui::commands::Command;
use crate::ui::screens::Tab;
use crate::ui::tests::options;
use eframe::egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use std::time::Duration;

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
    harness.state_mut().app().run(Command::Tab(Tab::Costs), &ctx);
    harness.run_steps(6);
    harness
}

fn click(harness: &mut Harness<'_, Window>, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(4);
}

/// Steps on until nothing is worked out in the background.
fn settle(harness: &mut Harness<'_, Window>) {
    harness.run_steps(2);
    while !harness.state_mut().app().is_at_rest() {
        std::thread::sleep(Duration::from_millis(2));
        harness.run_steps(1);
    }
    harness.run_steps(2);
}

#[test]
fn every_headline_on_the_strip_opens_its_formula() {
    let mut window = window();
    for (tile, inside) in [
        ("Output: ", "Tokens per second of a replica"),
        ("Cost per M tokens: ", "What depends on an input"),
        ("Energy: ", "IT power while working"),
        ("Goodput: ", "GPUs in use over all"),
        ("PUE · WUE: ", "WUE: "),
        ("Facility: ", "IT power at the design point"),
        ("Stranded: ", "How it is reckoned"),
        ("Worst inlet: ", "Air supplied to the room"),
        ("Worst loading, N−1: ", "Continuous limit"),
    ] {
        window.get_by_label_contains(tile).click();
        window.run_steps(4);
        assert!(
            window.query_all_by_label_contains(inside).next().is_some(),
            "{tile} does not open {inside}"
        );
        window.key_press(Key::Escape);
        window.run_steps(4);
        assert!(window.query_by_label("Close").is_none(), "{tile} stays open");
    }
}

#[test]
fn the_formula_of_the_worst_inlet_leads_to_its_rack() {
    let mut window = window();
    window.get_by_label_contains("Worst inlet: ").click();
    window.run_steps(4);
    click(&mut window, "Show the rack");
    let app = window.state_mut().app();
    let worst = app.document().results().unwrap().kpi.worst_inlet.as_ref().unwrap().rack;
    assert!(app.ui_state().selection.contains(&worst));
}

#[test]
fn capital_opens_down_to_the_lines_of_the_bill() {
    let mut window = window();
    click(&mut window, "Explain Capital");
    window.get_by_label_contains("Capital: $");
    let price = |l: String| l.contains("DGX") && l.contains("  $");
    assert!(window.query_all_by(|n| n.label().is_some_and(price)).next().is_some());
}

#[test]
fn a_figure_of_the_cash_flow_opens_its_formula() {
    let mut window = window();
    click(&mut window, "Economics page: Cash flow");
    window.get_by_label("Cash flow by year with P10 to P90");
    click(&mut window, "Explain Payback");
    window.get_by_label_contains("Payback: ");
}

#[test]
fn the_cost_map_marks_the_plan() {
    let mut window = window();
    click(&mut window, "Economics page: Cost map");
    settle(&mut window);
    let cost = window.state_mut().app().document().results().unwrap().kpi.usd_per_mtok;
    assert!(cost.is_some());
    window.get_by_label("Cost per M output tokens, all cost on output, map");
}

#[test]
fn one_more_of_each_is_evaluated_and_says_why() {
    let mut window = window();
    click(&mut window, "Economics page: One more");
    click(&mut window, "Evaluate");
    settle(&mut window);
    for unit in crate::study::Unit::ALL {
        window.get_by_label(unit.label());
    }
    assert!(window.query_all_by_label_contains("what binds is").next().is_some());
}

#[test]
fn compare_evaluates_variants_and_stays_where_it_was_asked() {
    let mut window = window();
    click(&mut window, "Economics page: Compare");
    click(&mut window, "Evaluate variants now");
    settle(&mut window);
    settle(&mut window);
    window.get_by_label("Variant B");
    window.get_by_label_contains("P(B better) = ");
    window.get_by_label_contains("A: this plan: $");
    assert!(window.query_all_by_label("What would flip the order").next().is_some());
}
