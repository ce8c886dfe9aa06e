//! The open document without a window: edits, gestures, undo, and a worker of which the latest
//! request wins.

use crate::support::{Hall, hall};
use std::sync::Arc;
use tokenmill::evaluate::clock::Clock;
use tokenmill::evaluate::result::Quality;
use tokenmill::format;
use tokenmill::plan::{Edit, EditError, ObjectId, Plan};
use tokenmill::session::{Document, Runner, Update};

fn open(id: &str) -> (Document, Hall) {
    let hall = hall(id);
    let runner = Runner::start(1, Clock::still(), || {});
    let document = Document::new(hall.plan.clone(), Arc::clone(&hall.catalog), None, runner);
    (document, hall)
}

fn text(document: &Document) -> String {
    format::to_text(document.plan(), document.catalog()).unwrap()
}

fn warmer(plan: &Plan, by: f64) -> Edit {
    let mut cooling = plan.cooling.as_ref().clone();
    cooling.air_supply_c += by;
    Edit::SetCooling(cooling)
}

fn shift(id: u32, dx: i32) -> Edit {
    Edit::Move { ids: vec![ObjectId(id)], dx, dy: 0 }
}

#[test]
fn an_edit_brings_results_of_its_revision() {
    let (mut document, _) = open("enterprise-1mw");
    document.wait();
    assert!(document.is_settled() && document.failure().is_none());
    let first = document.results().unwrap().clone();
    let edit = warmer(document.plan(), 4.0);
    document.apply(&edit).unwrap();
    assert!(!document.is_settled(), "old results must not pass for new ones");
    assert!(document.is_unsaved());
    document.wait();
    let second = document.results().unwrap();
    assert_eq!(second.revision, document.revision());
    assert!(second.revision > first.revision);
    let inlet =
        |r: &tokenmill::evaluate::result::Results| r.kpi.worst_inlet.as_ref().unwrap().inlet_c;
    assert!(inlet(second) > inlet(&first) + 3.0, "4 K more supply must show at the racks");
    assert_eq!(document.reference().unwrap().revision, first.revision);
}

#[test]
fn undo_gives_the_plan_back_to_the_byte() {
    let (mut document, hall) = open("enterprise-1mw");
    let edits = [
        warmer(document.plan(), 2.0),
        shift(3, 600),
        Edit::Remove(vec![ObjectId(5), ObjectId(6)]),
        Edit::Turn { ids: vec![ObjectId(1), ObjectId(2)], quarters: 1 },
        Edit::Rename("Another name".into()),
    ];
    let mut states = vec![text(&document)];
    for edit in &edits {
        document.apply(edit).unwrap();
        states.push(text(&document));
    }
    assert_eq!(states[0], hall.text);
    for state in states.iter().rev().skip(1) {
        document.undo().expect("there is a step to undo");
        assert!(text(&document) == *state);
    }
    assert!(document.undo().is_none());
    assert!(!document.is_unsaved());
    for state in &states[1..] {
        document.redo().expect("there is a step to redo");
        assert!(text(&document) == *state);
    }
    document.jump(0);
    assert!(text(&document) == hall.text);
    document.wait();
    assert!(document.is_settled());
}

#[test]
fn a_gesture_is_one_step() {
    let (mut document, hall) = open("enterprise-1mw");
    for dx in [100, 250, 600] {
        document.preview(&shift(1, dx)).unwrap();
    }
    // Previews start from the state before the gesture and do not add up.
    let at = document.plan().floor.racks.iter().find(|r| r.id == ObjectId(1)).unwrap().at.x;
    let before = hall.plan.floor.racks.iter().find(|r| r.id == ObjectId(1)).unwrap().at.x;
    assert_eq!(at, before + 600);
    document.commit("Move R-01");
    assert_eq!(document.history().past_labels().collect::<Vec<_>>(), ["Move R-01"]);
    document.wait();
    assert!(document.is_settled());
    assert_eq!(document.undo().as_deref(), Some("Move R-01"));
    assert!(text(&document) == hall.text);
}

#[test]
fn an_aborted_gesture_leaves_nothing() {
    let (mut document, hall) = open("enterprise-1mw");
    document.preview(&shift(1, 5_000)).unwrap();
    document.abort();
    assert!(text(&document) == hall.text);
    assert_eq!(document.history().past_labels().len(), 0);
    assert!(!document.is_unsaved());
    document.wait();
    let results = document.results().unwrap();
    assert_eq!(results.revision, document.revision());
}

#[test]
fn a_gesture_back_to_its_start_is_no_step() {
    let (mut document, _) = open("enterprise-1mw");
    document.preview(&shift(1, 600)).unwrap();
    document.preview(&shift(1, 0)).unwrap();
    document.commit("Move R-01");
    assert_eq!(document.history().past_labels().len(), 0);
    document.wait();
    assert!(document.is_settled());
}

#[test]
fn a_refused_edit_changes_nothing() {
    let (mut document, hall) = open("enterprise-1mw");
    let refused = document.apply(&Edit::Remove(vec![ObjectId(1), ObjectId(9_999)]));
    assert_eq!(refused, Err(EditError::UnknownObject(ObjectId(9_999))));
    // The door is locked.
    assert!(matches!(document.apply(&shift(74, 10)), Err(EditError::Locked(_))));
    assert!(text(&document) == hall.text);
    assert_eq!(document.history().past_labels().len(), 0);
}

#[test]
fn a_new_edit_forgets_what_was_undone() {
    let (mut document, _) = open("enterprise-1mw");
    document.apply(&shift(1, 100)).unwrap();
    document.undo();
    document.apply(&shift(2, 100)).unwrap();
    assert!(document.redo().is_none());
    assert_eq!(document.history().past_labels().len(), 1);
}

#[test]
fn a_plan_that_can_not_be_evaluated_says_why_and_recovers() {
    let (mut document, _) = open("enterprise-1mw");
    document.wait();
    let mut workload = document.plan().workload.as_ref().clone();
    workload.model = tokenmill::catalog::ModelKey::new("llama_of_another_world");
    document.apply(&Edit::SetWorkload(workload)).unwrap();
    document.wait();
    let failure = document.failure().expect("an unknown model is a failure").to_string();
    assert!(failure.contains("llama_of_another_world") && failure.contains("nearest"), "{failure}");
    assert!(document.results().is_some(), "the last good results stay on screen");
    document.undo();
    document.wait();
    assert!(document.failure().is_none() && document.is_settled());
}

#[test]
fn the_latest_request_wins() {
    const REQUESTS: u64 = 60;
    let hall = hall("enterprise-1mw");
    let runner = Runner::start(1, Clock::still(), || {});
    for revision in 1..=REQUESTS {
        let plan = warmer(&hall.plan, revision as f64 / 100.0).apply(&hall.plan).unwrap();
        runner.request(plan, Arc::clone(&hall.catalog), revision, Quality::Settled);
    }
    let mut seen = Vec::new();
    loop {
        let Some(Update::Ready(results)) = runner.wait() else { panic!("the worker failed") };
        seen.push((results.revision, results.quality));
        if seen.last() == Some(&(REQUESTS, Quality::Settled)) {
            break;
        }
    }
    assert!(seen.is_sorted(), "an older answer came after a newer one: {seen:?}");
    assert!(seen.len() < 2 * REQUESTS as usize, "no request was ever replaced");
    assert!(runner.poll().is_none());
}
