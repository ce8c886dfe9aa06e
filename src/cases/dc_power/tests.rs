//! Bad files say what is wrong; good ones are answered with the keys of the reference.

use super::read;
use serde_json::Value;

const HALL: &str = include_str!("../../../tests/cases/power/dc40_2n.json");

fn changed(change: impl Fn(&mut Value)) -> String {
    let mut file: Value = serde_json::from_str(HALL).unwrap();
    change(&mut file);
    file.to_string()
}

fn refused(change: impl Fn(&mut Value)) -> String {
    read("hall.json", &changed(change)).unwrap_err().to_string()
}

#[test]
fn bad_numbers_are_named_with_their_limit() {
    let said = refused(|f| f["cables"][3]["r_ohm"] = (-0.1).into());
    assert!(said.contains("r_ohm is -0.1") && said.contains("from 0"), "{said}");
    let said = refused(|f| f["transformers"][0]["vkr_percent"] = 6.0.into());
    assert!(said.contains("TA1: vkr_percent is 6") && said.contains("vk_percent (5.75)"), "{said}");
    let said = refused(|f| f["transformers"][0]["vk_percent"] = 0.0.into());
    assert!(said.contains("TA1: vk_percent is 0"), "{said}");
    let said = refused(|f| f["racks"][0]["p_kw"] = 1e12.into());
    assert!(said.contains("R1_1: p_kw is 1000000000000"), "{said}");
    let said = refused(|f| f["ups"][0]["pf_in"] = 0.0.into());
    assert!(said.contains("UA1: pf_in is 0"), "{said}");
}

#[test]
fn bad_names_are_named() {
    let said = refused(|f| f["racks"][0]["feeds"][0] = "NOWHERE".into());
    assert!(said.contains("R1_1: feeds names \"NOWHERE\""), "{said}");
    let said = refused(|f| f["cables"][1]["id"] = "feed_A".into());
    assert!(said.contains("both called \"feed_A\""), "{said}");
    let said = refused(|f| f["scenarios"][1]["out"][0] = "T9".into());
    assert!(said.contains("out_TA1: out names \"T9\""), "{said}");
    let said = refused(|f| f["cables"][0]["t"] = "LVA1".into());
    assert!(said.contains("feed_A: joins 34500 V"), "{said}");
}

#[test]
fn a_mistyped_length_is_a_collapse_with_what_can_be_carried() {
    let text = changed(|f| {
        f["cables"][0]["r_ohm"] = 2404.0.into();
        f["cables"][0]["x_ohm"] = 4400.0.into();
    });
    let said = read("hall.json", &text).unwrap().answer().unwrap_err().to_string();
    assert!(said.contains("voltage collapse") && said.contains("% of the drawn load"), "{said}");
}

#[test]
fn racks_that_nothing_feeds_are_a_result() {
    let text = changed(|f| f["scenarios"][1]["out"] = serde_json::json!(["feed_A", "feed_B"]));
    let answer = read("hall.json", &text).unwrap().answer().unwrap();
    let dark = &answer["scenarios"]["out_TA1"];
    assert_eq!(dark["unserved"].as_array().unwrap().len(), 41);
    assert_eq!(dark["source_p_mw"], 0.0);
    assert!(dark["min_rack_v"].is_null());
}

#[test]
fn a_tie_between_live_sides_makes_a_ring_that_balances() {
    let text = changed(|f| f["scenarios"][1] = serde_json::json!({"id": "ring", "in": ["mv_tie"]}));
    let answer = read("hall.json", &text).unwrap().answer().unwrap();
    let (normal, ring) = (&answer["scenarios"]["normal"], &answer["scenarios"]["ring"]);
    let of = |v: &Value, key: &str| v[key].as_f64().unwrap();
    // The sources share more evenly; what is served stays.
    let apart = |v: &Value| {
        let p = |id: &str| v["sources"][id][0].as_f64().unwrap();
        (p("util_A") - p("util_B")).abs()
    };
    assert!(apart(ring) < 0.5 * apart(normal));
    assert_eq!(of(ring, "served_load_mw"), of(normal, "served_load_mw"));
    let parts: f64 =
        ring["losses_mw"].as_object().unwrap().values().map(|v| v.as_f64().unwrap()).sum();
    assert!((of(ring, "total_loss_mw") - parts).abs() < 1e-10 * of(ring, "source_p_mw"));
}
