//! A broken plan for every rule: fixtures in `tests/cases/findings/`, each a few edits on top of a
//! preset. Every rule that the source names must have one, or stand in [`EXCEPTIONS`].

use crate::patch::{Step, patched};
use crate::support::{evaluate, folder, hall};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokenmill::evaluate::finding::Severity;
use tokenmill::evaluate::result::{Quality, Results};
use tokenmill::format::limits;

/// Rules that no plan can raise, and why. Unit tests beside the rule raise them.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("air.not-settled", "guards the solver: heat closes below its limit on every plan tried"),
    ("air.port-blocked", "ports of fixed flow come from case files; tiles share their plenum"),
    ("air.plenum-not-solved", "guards the solver: no plan is known whose floor has no solution"),
    (
        "air.inlet-height-above-allowable",
        "needs a hot top before a rack whose mean is within its limit, which no small edit gives",
    ),
    ("air.tile-reverse-flow", "needs a shallow floor with a fast jet; raised in `plenum_tests`"),
    ("air.door-below-dew-point", "doors at chilled water are raised in `rack_tests`"),
    (
        "coupling.not-settled",
        "the plan that raised it settles with solved air; no other was searched for",
    ),
    (
        "power.phase-unbalance",
        "racks take the phases in turn, so that a run of presets stays even; raised in a unit test",
    ),
    ("liquid.outlet-above-limit", "the catalogue has no outlet limit of a rack yet"),
    (
        "liquid.approach-impossible-one-cdu-out",
        "facility water above the set point is so with every CDU, and is then listed once",
    ),
];

/// A plan that raises one rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    /// The rule that must show.
    rule: String,
    /// Preset that the edits start from.
    base: String,
    /// Edits of the plan.
    #[serde(default)]
    plan: Vec<Step>,
    /// Edits of the catalogue.
    #[serde(default)]
    catalog: Vec<Step>,
    /// On the settled grid instead of the coarse one.
    #[serde(default)]
    settled: bool,
}

fn fixtures() -> Vec<(String, Fixture)> {
    let folder = folder("tests/cases/findings");
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut all = Vec::new();
    for path in files.iter().filter(|p| p.extension().is_some_and(|e| e == "ron")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).unwrap();
        let list: Vec<Fixture> = ron::from_str(&text).unwrap_or_else(|e| panic!("{name}:{e}"));
        all.extend(list.into_iter().map(|f| (name.clone(), f)));
    }
    all
}

/// Rule names in the source: string literals `stage.rule` under `evaluate`.
fn rules_in_source() -> BTreeMap<String, String> {
    const STAGES: [&str; 13] = [
        "air",
        "coupling",
        "economics",
        "fabric",
        "liquid",
        "plan",
        "plant",
        "power",
        "reliability",
        "site",
        "space",
        "storage",
        "workload",
    ];
    let mut found = BTreeMap::new();
    let mut folders = vec![folder("src/evaluate")];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "tests" {
                    folders.push(path);
                }
                continue;
            }
            if name == "tests.rs" || name.ends_with("_tests.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            for (i, line) in code.lines().enumerate().filter(|(_, l)| !l.trim().starts_with("//")) {
                for literal in line.split('"').skip(1).step_by(2) {
                    let Some((stage, rule)) = literal.split_once('.') else { continue };
                    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
                    if STAGES.contains(&stage) && !rule.is_empty() && rule.bytes().all(plain) {
                        found.insert(literal.to_owned(), format!("{name}:{}", i + 1));
                    }
                }
            }
        }
    }
    found
}

fn results(
    base: &str,
    plan: &[Step],
    catalog: &[Step],
    quality: Quality,
) -> Result<Results, String> {
    let hall = hall(base);
    let broken = patched(&hall.plan, plan)?;
    let problems = limits::problems(&broken);
    if !problems.is_empty() {
        return Err(format!("no file may hold this plan: {}", problems.join("; ")));
    }
    let catalog = if catalog.is_empty() {
        Arc::clone(&hall.catalog)
    } else {
        Arc::new(patched(hall.catalog.as_ref(), catalog)?)
    };
    evaluate(&broken, &catalog, quality, 1).map_err(|e| format!("no answer: {e}"))
}

/// What is wrong with a fixture; `None` if its rule shows, because of its edits.
fn problem(fixture: &Fixture) -> Option<String> {
    let quality = if fixture.settled { Quality::Settled } else { Quality::Draft };
    let rules =
        |r: &Results| -> BTreeSet<&'static str> { r.findings.iter().map(|f| f.rule).collect() };
    let broken = match results(&fixture.base, &fixture.plan, &fixture.catalog, quality) {
        Ok(broken) => broken,
        Err(problem) => return Some(problem),
    };
    let shown = rules(&broken);
    if !shown.contains(fixture.rule.as_str()) {
        return Some(format!("does not show; these do: {shown:?}"));
    }
    let sound = match results(&fixture.base, &[], &[], quality) {
        Ok(sound) => sound,
        Err(problem) => return Some(problem),
    };
    let edited = !(fixture.plan.is_empty() && fixture.catalog.is_empty());
    if edited && rules(&sound).contains(fixture.rule.as_str()) {
        return Some(format!("shows on {} without the edits", fixture.base));
    }
    complete(&broken, &fixture.rule)
}

/// A finding must be able to stand alone: message, source, advice, unit with a number.
fn complete(results: &Results, rule: &str) -> Option<String> {
    for f in results.findings.iter().filter(|f| f.rule == rule) {
        let capital = f.message.chars().next().is_some_and(|c| !c.is_lowercase());
        if f.message.ends_with('.') || !capital {
            return Some(format!("message is no plain sentence: {}", f.message));
        }
        if f.source.trim().is_empty() {
            return Some(format!("names no source: {}", f.message));
        }
        if f.severity > Severity::Info && f.advice.trim().is_empty() {
            return Some(format!("gives no advice: {}", f.message));
        }
    }
    None
}

#[test]
fn every_rule_shows_on_its_broken_plan() {
    let only = std::env::var("RULE").unwrap_or_default();
    let problems: Vec<String> = fixtures()
        .iter()
        .filter(|(_, f)| f.rule.contains(&only))
        .filter_map(|(file, f)| Some(format!("{file}: {}: {}", f.rule, problem(f)?)))
        .collect();
    assert!(problems.is_empty(), "{} fixture(s):\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn every_rule_has_a_broken_plan() {
    let rules = rules_in_source();
    let shown: BTreeSet<String> = fixtures().into_iter().map(|(_, f)| f.rule).collect();
    let excepted: BTreeSet<&str> = EXCEPTIONS.iter().map(|(rule, _)| *rule).collect();
    let mut problems = Vec::new();
    for (rule, at) in &rules {
        let has = shown.contains(rule);
        match (has, excepted.contains(rule.as_str())) {
            (false, false) => problems.push(format!("{rule} ({at}) has no fixture")),
            (true, true) => problems.push(format!("{rule} has a fixture and is no exception")),
            _ => {}
        }
    }
    let known = |rule: &str| rules.contains_key(rule);
    problems
        .extend(shown.iter().filter(|r| !known(r)).map(|r| format!("{r} is not in the source")));
    problems.extend(excepted.iter().filter(|r| !known(r)).map(|r| format!("{r} is no rule")));
    assert!(EXCEPTIONS.iter().all(|(_, why)| !why.is_empty()));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
