use super::*;

const CASE14: &str = include_str!("../../../tests/cases/power/case14.json");
const CASE14_SOLVED: &str = include_str!("../../../tests/cases/power/case14.ref.json");
const FEEDER: &str = include_str!("../../../tests/cases/power/ieee_european_lv_off_peak_1440.json");
const FEEDER_SOLVED: &str =
    include_str!("../../../tests/cases/power/ieee_european_lv_off_peak_1440.ref.json");
const ROW: &str = include_str!("../../../tests/cases/power/dc800_row10.json");
const ROW_SOLVED: &str = include_str!("../../../tests/cases/power/dc800_row10.ref.json");

#[test]
fn shipped_networks_pass_their_gates() {
    for case in cases() {
        let answer = case.answer(&crate::evaluate::cancel::CancelToken::never()).unwrap();
        for q in &answer.quantities {
            assert_eq!(q.passes(), Some(true), "{}: {} {:e}", case.id, q.name, q.error);
        }
    }
}

#[test]
fn answers_have_the_keys_of_the_references() {
    // What a reference says of its own making, not of the network.
    let of_the_maker = |key: &str| {
        let maker = ["solver", "cross_checks", "newton_iterations_from_flat", "opendss_loss_w"];
        maker.contains(&key) || key.ends_with("_dvm_pu") || key.starts_with("opendss")
    };
    for (text, solved) in [(CASE14, CASE14_SOLVED), (FEEDER, FEEDER_SOLVED), (ROW, ROW_SOLVED)] {
        let ours = read("f", text).unwrap().answer().unwrap();
        let theirs: Value = serde_json::from_str(solved).unwrap();
        for key in theirs.as_object().unwrap().keys().filter(|k| !of_the_maker(k)) {
            assert!(!ours[key].is_null(), "{key} is missing");
        }
        assert_eq!(ours["converged"], true);
    }
}

#[test]
fn causes_are_told_apart() {
    let cause = |text: &str| {
        let failure = match read("f.json", text) {
            Ok(mut network) => network.answer().unwrap_err(),
            Err(failure) => failure,
        };
        (failure.cause, failure.to_json(), failure.message)
    };
    let (word, json, said) = cause(&CASE14.replace("\"r\": 0.05811", "\"r\": -58.11"));
    assert_eq!(word, "data_error", "{said}");
    assert!(said.contains("branch 3") && said.contains("-58.11"), "{said}");
    assert_eq!(json["converged"], false);
    let (word, _, said) = cause(&CASE14.replace("\"slack\"", "\"pv\""));
    assert_eq!(word, "dead_island", "{said}");
    let heavy = CASE14.replace("\"p_load_mw\": 94.2", "\"p_load_mw\": 942");
    let (word, json, said) = cause(&heavy);
    assert_eq!(word, "collapse", "{said}");
    let percent = json["feasible_load_percent"].as_f64().unwrap();
    assert!(percent > 20.0 && percent < 100.0, "{said}");
    let (word, _, said) = cause(&CASE14.replace("\"p_load_mw\": 94.2", "\"p_load_mw\": 1e9"));
    assert_eq!(word, "data_error");
    assert!(said.contains("bus 3") && said.contains("p_load_mw"), "{said}");
    let (_, _, said) = cause(&CASE14.replace("ac-bus-branch-1", "ac-bus-branch-9"));
    assert!(said.contains("ac-bus-branch-9") && said.contains("dc-row-1"), "{said}");
    let (_, _, said) = cause("{\"buses\": []}");
    assert!(said.contains("no format"), "{said}");
}

#[test]
fn margins_name_the_first_limit() {
    let margin = read("f", CASE14).unwrap().margin().unwrap();
    assert!((margin["max_load_factor"].as_f64().unwrap() - 4.06025).abs() < 1e-5);
    assert_eq!(margin["lowest_bus"], 5);
    let row = read("f", ROW).unwrap().margin().unwrap();
    assert!((row["max_load_factor"].as_f64().unwrap() / 108.825 - 1.0).abs() < 1e-5);
    assert_eq!(row["lowest_bus"], "N10");
    assert!(read("f", FEEDER).unwrap().margin().is_err());
}
