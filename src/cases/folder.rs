//! A folder of the user's own cases, from the texts of its files. No file is touched here: the
//! session reads them.
//!
//! Recognised, in any subfolder: `case.json` (air) beside `results*.json`, `reference.json` or
//! `*.ref.json`; `X.json` of a network format (`dc-power-1`, `ac-bus-branch-1` …) beside
//! `X.ref.json`, a `dc-power-1` also beside `X.sc.json` (its short circuits); and tables that
//! hold question and answer together: cash flows (`finance`), jobs (`goodput`), switch counts
//! (`rows` with `switch_ports`), storage submissions (`submissions`).

use super::{
    Case, CaseError, Topic, air, dc_power, economics, fabric, network, reliability, short_circuit,
    storage,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Files by path relative to the folder, with `/`.
pub type Texts = BTreeMap<String, String>;

/// Every case that the files hold, in the order of their paths.
///
/// # Errors
/// The first file that is a case but can not be read as one, or a folder without any.
pub fn read(files: &Texts) -> Result<Vec<Case>, CaseError> {
    let mut cases = Vec::new();
    for (path, text) in files.iter().filter(|(p, _)| is_question(p)) {
        let value: Value = serde_json::from_str(text).map_err(|e| CaseError::file(path, e))?;
        cases.extend(recognise(path, text, &value, files)?);
    }
    if cases.is_empty() {
        let problem = "no case here: needs a case.json with results*.json beside it, X.json with \
                       X.ref.json, or a table of finance, goodput, switch counts or submissions";
        return Err(CaseError::file("folder", problem));
    }
    Ok(cases)
}

fn is_question(path: &str) -> bool {
    let name = name_of(path);
    name.ends_with(".json") && !is_answer(name)
}

fn is_answer(name: &str) -> bool {
    name.ends_with(".ref.json")
        || name.ends_with(".sc.json")
        || name == "reference.json"
        || name.starts_with("results")
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn recognise(path: &str, text: &str, value: &Value, files: &Texts) -> Result<Vec<Case>, CaseError> {
    let has = |key: &str| value.get(key).is_some();
    let first_row = value.get("rows").or(Some(value)).and_then(|r| r.get(0));
    let mut cases = Vec::new();
    if name_of(path) == "case.json" {
        let (_, reference) = air_reference(path, files)?;
        let id = folder_of(path);
        cases.push(air::case(if id.is_empty() { path } else { id }, text, reference)?);
    }
    match value.get("format").and_then(Value::as_str) {
        Some("dc-power-1") => cases.extend(data_centre(path, text, files)?),
        Some("ac-bus-branch-1") => {
            cases.push(network::bus_branch_case(path, text, beside(path, files)?, None)?);
        }
        Some("ac-3phase-seq-1") => {
            cases.push(network::phase_case(path, text, beside(path, files)?)?);
        }
        Some("dc-row-1") => cases.push(network::row_case(path, text, beside(path, files)?)?),
        _ => {}
    }
    if has("finance") {
        cases.push(economics::case(&format!("{path} finance"), text)?);
    }
    if has("goodput") {
        cases.push(reliability::case(&format!("{path} goodput"), text)?);
    }
    if has("submissions") {
        cases.push(storage::case(path, text)?);
    }
    if first_row.is_some_and(|row| row.get("switch_ports").is_some()) {
        cases.push(fabric::case(path, text)?);
    }
    Ok(cases)
}

/// The answer beside an air case: the exact one, else the one of the finest cells by its name.
fn air_reference<'a>(path: &str, files: &'a Texts) -> Result<(&'a str, &'a str), CaseError> {
    let folder = folder_of(path);
    let mut found: Vec<(&str, &str)> = files
        .iter()
        .filter(|(p, _)| folder_of(p) == folder && is_answer(name_of(p)))
        .map(|(p, t)| (p.as_str(), t.as_str()))
        .collect();
    // "results_dx0.15" sorts before "results_dx0.30"; an exact answer goes before any.
    found.sort_by_key(|(p, _)| (!p.contains("exact"), (*p).to_owned()));
    found.first().copied().ok_or_else(|| {
        CaseError::file(path, "no results*.json, reference.json or *.ref.json beside it")
    })
}

/// Load flow and short circuits of a network, as far as there are answers; at least one.
fn data_centre(path: &str, text: &str, files: &Texts) -> Result<Vec<Case>, CaseError> {
    let mut cases = Vec::new();
    let faults = files.get(&format!("{}.sc.json", path.trim_end_matches(".json")));
    if let Some(faults) = faults {
        cases.push(short_circuit::case(&format!("{path} short circuits"), text, faults)?);
    }
    match beside(path, files) {
        Ok(solved) => {
            let title = format!("Load flow of {path}");
            cases.push(dc_power::case(path, &title, text, solved)?);
        }
        Err(missing) if cases.is_empty() => return Err(missing),
        Err(_) => {}
    }
    Ok(cases)
}

/// The solution beside a network.
fn beside<'a>(path: &str, files: &'a Texts) -> Result<&'a str, CaseError> {
    let name = format!("{}.ref.json", path.trim_end_matches(".json"));
    files
        .get(&name)
        .map(String::as_str)
        .ok_or_else(|| CaseError::file(path, format!("no {name} beside it")))
}

/// Cases of one topic, or all.
#[must_use]
pub fn of_topic(cases: Vec<Case>, topic: Option<Topic>) -> Vec<Case> {
    cases.into_iter().filter(|c| topic.is_none_or(|t| c.topic == t)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: &str = include_str!("../../tests/cases/air/single_rack/case.json");
    const ANSWER: &str = include_str!("../../tests/cases/air/single_rack/reference.json");
    const ROW: &str = include_str!("../../tests/cases/power/dc800_row10.json");
    const ROW_ANSWER: &str = include_str!("../../tests/cases/power/dc800_row10.ref.json");

    fn files(list: &[(&str, &str)]) -> Texts {
        list.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect()
    }

    #[test]
    fn cases_are_found_with_the_answer_of_the_finest_cells() {
        let coarse = ANSWER.replace("\"dx_m\": 0.15", "\"dx_m\": 0.3");
        let found = read(&files(&[
            ("hall/case.json", CASE),
            ("hall/results_dx0.15.json", ANSWER),
            ("hall/results_dx0.30.json", &coarse),
            ("hall/mesh.json", "{}"),
            ("row.json", ROW),
            ("row.ref.json", ROW_ANSWER),
        ]));
        let found = found.unwrap();
        let ids: Vec<&str> = found.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(ids, ["hall", "row.json"]);
        assert!(found[0].source.contains("0.15 m"), "{}", found[0].source);
        assert_eq!(of_topic(found, Some(Topic::Power)).len(), 1);
    }

    #[test]
    fn what_is_missing_or_broken_is_named() {
        let said = |list: &[(&str, &str)]| read(&files(list)).unwrap_err().to_string();
        assert!(said(&[("hall/case.json", CASE)]).contains("hall/case.json"));
        assert!(said(&[("row.json", ROW)]).contains("row.ref.json"));
        assert!(said(&[("a.json", "{")]).contains("a.json"));
        assert!(said(&[("a.json", "{}")]).contains("no case here"));
        let broken = CASE.replace("\"heat_W\"", "\"heat\"");
        let files = [("h/case.json", broken.as_str()), ("h/results.json", ANSWER)];
        let said = said(&files);
        assert!(said.contains("heat") && said.contains('h'), "{said}");
    }
}
