//! Loading: the shipped files, each class of problem, overlays, and text that nobody meant.

use super::*;
use crate::catalog::{Checked, Confidence};
use proptest::prelude::*;

/// A valid list with one rack frame; the tests break one thing at a time.
const RACK: &str = r#"[
    (
        id: "mine",
        name: "My rack",
        vendor: "Me",
        spec: (
            standard: "EIA-310",
            size_mm: (width: 600, depth: 1200, height: 2200),
            units: 48,
            unit_kind: "U",
            dynamic_load_kg: 1000,
            static_load_kg: 1500,
            price_usd: (low: 1, base: 2, high: 3),
        ),
        provenance: (source: "me", date: "2026-11", confidence: user, checked: user),
    ),
]"#;

/// A valid list with one system that refers to a shipped accelerator and frame.
const SYSTEM: &str = r#"[
    (
        id: "mine",
        name: "My server",
        vendor: "Me",
        spec: (
            form: server,
            accelerator: "b200_sxm",
            accelerator_count: 8,
            rack_units: 10,
            typical_power_w: 10000,
            design_power_w: 14000,
            liquid_heat_fraction: 0.8,
            liquid_flow: [(supply_c: 30, flow_l_min: 10), (supply_c: 40, flow_l_min: 15)],
            frame: "eia52_700_1200",
        ),
        provenance: (source: "me", date: "2026-11", confidence: user, checked: user),
        overrides: { "design_power_w": (source: "guess", date: "2026", confidence: assumption, checked: recall) },
    ),
]"#;

fn load(name: &str, text: &str) -> Result<Catalog, CatalogError> {
    overlay_from_texts(&shipped().unwrap(), &[(name, text)])
}

/// The problems of a text with `from` replaced by `to`.
fn problems(name: &str, text: &str, from: &str, to: &str) -> Vec<Problem> {
    assert!(text.contains(from), "'{from}' is not in the text");
    match load(name, &text.replacen(from, to, 1)) {
        Err(CatalogError::Invalid(problems)) => problems,
        other => panic!("expected problems, got {other:?}"),
    }
}

#[test]
fn every_shipped_file_loads_and_holds_entries() {
    for (name, text) in SHIPPED_FILES {
        // Systems refer to other files, so they are read on top of them.
        let base =
            if name == "systems.ron" { (*shipped().unwrap()).clone() } else { Catalog::default() };
        let catalog = overlay_from_texts(&base, &[(name, text)]).unwrap_or_else(|e| panic!("{e}"));
        assert!(!catalog.is_empty(), "{name} is empty");
    }
    let catalog = shipped().unwrap();
    let counts = [
        catalog.accelerators.len(),
        catalog.systems.len(),
        catalog.racks.len(),
        catalog.cooling.len(),
        catalog.power.len(),
        catalog.network.len(),
        catalog.storage.len(),
        catalog.models.len(),
        catalog.sites.len(),
        catalog.standards.len(),
    ];
    assert_eq!(counts, [24, 31, 10, 40, 61, 40, 14, 31, 41, 62]);
}

#[test]
fn every_file_name_is_a_known_kind_and_the_reverse() {
    let stems: Vec<&str> = SHIPPED_FILES.iter().map(|(n, _)| n.trim_end_matches(".ron")).collect();
    assert_eq!(stems, KINDS);
    let error = load("gpus.ron", "[]").unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, CatalogError::UnknownKind { .. }));
    assert!(text.contains("gpus.ron") && text.contains("accelerators"), "{text}");
}

#[test]
fn no_shipped_text_names_a_place_on_this_machine() {
    for (name, text) in SHIPPED_FILES {
        assert!(!text.contains("/work") && !text.contains("/home"), "{name}");
    }
}

#[test]
fn systems_that_presets_need_can_be_placed_and_priced() {
    let catalog = shipped().unwrap();
    for id in [
        "dgx_h100",
        "dgx_b200",
        "dgx_b300_ac",
        "mi300x_8way",
        "mi350x_8way_air",
        "mi355x_8way_dlc",
        "gb200_nvl72",
        "gb300_nvl72",
        "vr200_nvl72",
    ] {
        let system = catalog.systems.find(id).unwrap();
        assert_eq!(system.spec.missing_for_placing(), Vec::<&str>::new(), "{id}");
        assert!(system.spec.price_usd.is_some() && system.spec.mass_kg.is_some(), "{id}");
        let all_liquid = system.spec.liquid_heat_fraction == Some(1.0);
        assert!(system.spec.airflow_m3_h.is_some() || all_liquid, "{id} has no airflow");
        assert!(
            !system.spec.liquid_flow.is_empty() || system.spec.liquid_heat_fraction == Some(0.0)
        );
    }
}

#[test]
fn a_user_file_adds_and_replaces_by_id() {
    let shipped = shipped().unwrap();
    let added = load("racks.ron", RACK).unwrap();
    assert_eq!(added.racks.len(), shipped.racks.len() + 1);
    assert_eq!(added.racks.find("mine").unwrap().name, "My rack");
    let replaced = load("somewhere/racks.ron", &RACK.replace("mine", "mgx_nvl72")).unwrap();
    assert_eq!(replaced.racks.len(), shipped.racks.len());
    assert_eq!(replaced.racks.find("mgx_nvl72").unwrap().name, "My rack");
    assert_eq!(replaced.systems, shipped.systems);
}

#[test]
fn syntax_errors_name_line_column_entry_and_field() {
    let cases = [
        ("units: 48", "units: many", 9, "units"),
        ("unit_kind: \"U\"", "unit_kind: 3", 10, "unit_kind"),
        ("unit_kind", "unit_sort", 10, "unit_sort"),
        ("standard: \"EIA-310\",", "", 15, "standard"),
        ("low: 1,", "low: -,", 13, "price_usd"),
        ("checked: user", "checked: perhaps", 15, "perhaps"),
    ];
    for (from, to, want_line, want_text) in cases {
        let error = load("racks.ron", &RACK.replacen(from, to, 1)).unwrap_err();
        let CatalogError::Syntax { file, line, column, message } = &error else {
            panic!("{from}: {error:?}");
        };
        assert_eq!(file, "racks.ron");
        assert!(line.abs_diff(want_line) <= 2 && *column >= 1, "{from} -> {to}: {error}");
        assert!(message.contains(want_text), "{from} -> {to}: {error}");
    }
}

#[test]
fn values_outside_their_limits_name_file_entry_and_field() {
    let racks = [
        ("units: 48", "units: 0", "units"),
        ("width: 600", "width: 6", "size_mm"),
        ("static_load_kg: 1500", "static_load_kg: 500", "static_load_kg"),
        ("static_load_kg: 1500", "static_load_kg: NaN", "static_load_kg"),
        ("static_load_kg: 1500", "static_load_kg: inf", "static_load_kg"),
        ("base: 2", "base: 9", "price_usd"),
        ("low: 1", "low: -1", "price_usd"),
        ("name: \"My rack\"", "name: \"\"", "name"),
        ("id: \"mine\"", "id: \"My Rack\"", "id"),
        ("2026-11", "lately", "provenance"),
        ("2026-11", "2026-13", "provenance"),
        ("source: \"me\"", "source: \" \"", "provenance"),
    ];
    let systems = [
        ("typical_power_w: 10000", "typical_power_w: 20000", "design_power_w"),
        ("liquid_heat_fraction: 0.8", "liquid_heat_fraction: 1.2", "liquid_heat_fraction"),
        ("supply_c: 30", "supply_c: 50", "liquid_flow"),
        ("b200_sxm", "b2000_sxm", "accelerator"),
        ("eia52_700_1200", "eia99", "frame"),
        ("\"design_power_w\"", "\"power\"", "overrides"),
    ];
    let all = racks.map(|c| ("racks.ron", RACK, c)).into_iter();
    for (file, text, (from, to, field)) in all.chain(systems.map(|c| ("systems.ron", SYSTEM, c))) {
        let found = problems(file, text, from, to);
        assert!(found.iter().all(|p| p.file == file), "{found:?}");
        assert!(found.iter().any(|p| p.field == field), "{from} -> {to}: {found:?}");
    }
}

#[test]
fn an_unknown_key_names_the_nearest_known_ones() {
    let found = problems("systems.ron", SYSTEM, "b200_sxm", "b2000_sxm");
    assert!(found[0].message.contains("b200_sxm"), "{}", found[0]);
    assert_eq!(found[0].entry, "mine");
}

#[test]
fn an_id_that_occurs_twice_in_a_file_is_a_problem() {
    let one = RACK.trim_start_matches('[').trim_end_matches(']');
    let found = match load("racks.ron", &format!("[{one}{one}]")) {
        Err(CatalogError::Invalid(problems)) => problems,
        other => panic!("{other:?}"),
    };
    assert_eq!((found[0].field.as_str(), found[0].entry.as_str()), ("id", "mine"));
}

#[test]
fn all_problems_are_listed_at_once() {
    let text = RACK.replace("units: 48", "units: 0").replace("width: 600", "width: 6");
    let CatalogError::Invalid(found) = load("racks.ron", &text).unwrap_err() else {
        panic!("expected problems");
    };
    assert_eq!(found.len(), 2);
}

#[test]
fn badges_follow_the_field_and_say_when_nobody_read_the_source() {
    let system = load("systems.ron", SYSTEM).unwrap();
    let system = system.systems.find("mine").unwrap();
    assert_eq!(system.provenance_of("rack_units").badge(), "user");
    assert_eq!(system.provenance_of("design_power_w").badge(), "unverified");
    let shipped = shipped().unwrap();
    let price = shipped.systems.find("gb300_nvl72").unwrap().provenance_of("price_usd");
    assert_eq!((price.confidence, price.checked), (Confidence::Assumption, Checked::Derived));
    assert!(!price.is_unverified());
    assert!(shipped.power.find("tx_oil_1000_eu_t2").unwrap().provenance.is_unverified());
}

#[test]
fn every_price_says_what_its_band_rests_on() {
    let shipped = shipped().unwrap();
    let systems = shipped.systems.iter().filter(|e| e.spec.price_usd.is_some());
    for entry in systems {
        assert!(entry.overrides.contains_key("price_usd"), "{}", entry.id);
    }
    let network = shipped.network.iter().filter(|e| e.spec.price_usd.is_some());
    for entry in network {
        assert!(entry.overrides.contains_key("price_usd"), "{}", entry.id);
    }
}

#[test]
fn writing_and_reading_an_entry_gives_the_same_entry() {
    let shipped = shipped().unwrap();
    let text = ron::to_string(&shipped.systems).unwrap();
    let again: Table<SystemSpec> = ron::from_str(&text).unwrap();
    assert_eq!(again, shipped.systems);
}

/// Whatever is wrong, the error says where: a position or a field.
fn is_located(error: &CatalogError) -> bool {
    match error {
        CatalogError::Syntax { line, column, .. } => *line >= 1 && *column >= 1,
        CatalogError::Invalid(problems) => {
            !problems.is_empty() && problems.iter().all(|p| !p.field.is_empty())
        }
        CatalogError::UnknownKind { .. } => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn truncated_text_is_refused_with_a_position(cut in 2_usize..700) {
        let end = (0..=cut.min(SYSTEM.trim_end().len() - 1)).rev().find(|&i| SYSTEM.is_char_boundary(i)).unwrap();
        let error = load("systems.ron", &SYSTEM[..end]).unwrap_err();
        prop_assert!(is_located(&error), "{error:?}");
    }

    #[test]
    fn mutated_text_loads_or_is_refused_with_a_place(at in 0_usize..600, byte in 0x20_u8..0x7f) {
        let mut bytes = SYSTEM.as_bytes().to_vec();
        bytes[at.min(SYSTEM.len() - 1)] = byte;
        let text = String::from_utf8(bytes).unwrap();
        if let Err(error) = load("systems.ron", &text) {
            prop_assert!(is_located(&error), "{error:?}");
        }
    }

    #[test]
    fn absurd_numbers_are_refused(value in prop_oneof![
        Just("1e999".to_owned()), Just("-1e308".to_owned()), Just("NaN".to_owned()),
        (1e9_f64..1e300).prop_map(|v| v.to_string()), (-1e9_f64..-1.0).prop_map(|v| v.to_string()),
    ]) {
        let text = SYSTEM.replace("design_power_w: 14000", &format!("design_power_w: {value}"));
        let error = load("systems.ron", &text).unwrap_err();
        prop_assert!(is_located(&error), "{error:?}");
    }

    #[test]
    fn noise_never_panics(text in "[\\[\\]\\(\\)\\{\\}\":,a-z0-9 \n.-]{0,300}") {
        for kind in KINDS {
            if let Err(error) = parse(&[(kind, &text)]) {
                prop_assert!(is_located(&error), "{error:?}");
            }
        }
    }
}

#[test]
fn deep_nesting_is_refused() {
    let error = load("racks.ron", &"[(".repeat(100_000)).unwrap_err();
    assert!(is_located(&error), "{error:?}");
}
