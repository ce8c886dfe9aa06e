//! The validation cases as a user meets them: the shipped ones, and what they must never hide.

use crate::support::folder;
use std::collections::BTreeSet;
use tokenmill::cases::folder::of_topic;
use tokenmill::cases::{Outcome, Topic, Verdict, run_all, shipped};
use tokenmill::evaluate::cancel::CancelToken;
use tokenmill::evaluate::clock::Clock;
use tokenmill::session::case_files::read_folder;

fn outcomes(topic: Topic) -> Vec<Outcome> {
    let cases = of_topic(shipped(), Some(topic));
    run_all(&cases, &Clock::still(), &CancelToken::never(), |_, _| {}).unwrap()
}

/// Every stage but air passes all it is held against; what falls short is printed by name.
#[test]
fn every_case_outside_of_air_passes() {
    for topic in Topic::ALL.into_iter().filter(|t| *t != Topic::Air) {
        for o in outcomes(topic) {
            let short: Vec<_> = o.quantities.iter().filter(|q| q.passes() == Some(false)).collect();
            assert_eq!(o.verdict, Verdict::Passed, "{} {:?} {short:?}", o.id, o.notes);
        }
    }
}

#[test]
fn air_conserves_heat_in_every_hall_and_is_exact_where_the_answer_is() {
    for o in outcomes(Topic::Air) {
        assert!(!o.quantities.is_empty(), "{}: {:?}", o.id, o.notes);
        assert!(o.quantities.iter().all(|q| q.ours.is_finite()), "{}", o.id);
        let closure = o.quantities.iter().find(|q| q.name == "Heat closure").unwrap();
        assert!(closure.error.abs() <= 0.1, "{}: {closure:?}", o.id);
        if o.source.starts_with("Exact") {
            assert_eq!(o.verdict, Verdict::Passed, "{} {:?}", o.id, o.quantities);
        }
    }
}

#[test]
fn every_shipped_reference_of_the_case_folders_is_in_the_registry() {
    let ids: BTreeSet<String> = shipped().into_iter().map(|c| c.id).collect();
    for entry in std::fs::read_dir(folder("tests/cases/air")).unwrap() {
        let path = entry.unwrap().path();
        if path.join("case.json").is_file() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            assert!(ids.contains(&name), "tests/cases/air/{name} is not in the registry");
        }
    }
}

#[test]
fn a_folder_of_the_users_own_gives_the_same_answers_as_the_shipped_ones() {
    let texts = read_folder(&folder("tests/cases/air")).unwrap();
    let own = tokenmill::cases::folder::read(&texts).unwrap();
    let row = own.iter().find(|c| c.id == "contained_surplus").unwrap();
    let ours = shipped().into_iter().find(|c| c.id == "contained_surplus").unwrap();
    let never = CancelToken::never();
    assert_eq!(row.answer(&never), ours.answer(&never));
}
