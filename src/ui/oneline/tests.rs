//! How long a frame of the diagram and an outage take in a large hall: for a person to read,
//! `cargo test --release --lib ui::oneline::tests -- --ignored --nocapture`.

use super::OneLineState;
use crate::ui::headless::Headless;
use crate::ui::state::MainView;
use crate::ui::tests::options;
use std::time::Instant;

#[test]
#[ignore = "prints times"]
fn speed() {
    let mut window = Headless::new(options("gb300-10mw"), (1600.0, 1000.0), 1.0);
    window.settle();
    window.app().ui_state().main = MainView::OneLine;
    window.skip(5);
    let start = Instant::now();
    window.skip(50);
    println!("frame with the diagram: {:.2} ms", start.elapsed().as_secs_f64() * 20.0);
    let results = std::sync::Arc::clone(window.app().document().results().unwrap());
    let mut what_if = crate::ui::what_if::WhatIf::default();
    let name = results.power_case.elements[4].name.clone();
    let start = Instant::now();
    what_if.toggle(name);
    what_if.refresh(Some(&results));
    println!(
        "outage of one of {} components: {:.3} ms",
        results.power_case.elements.len(),
        start.elapsed().as_secs_f64() * 1e3
    );
    let start = Instant::now();
    let mut state = OneLineState::default();
    state.refresh(&results.power_case);
    println!("layout: {:.3} ms", start.elapsed().as_secs_f64() * 1e3);
}
