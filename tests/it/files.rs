//! Plan and catalogue files that are damaged, absurd, too new or not ours: always a clear refusal,
//! never a panic. Saving, recovery, and a file of format 1 that must open for ever.

use crate::support::{folder, hall};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::path::Path;
use tokenmill::catalog::CatalogError;
use tokenmill::catalog::load::{self, SHIPPED_FILES};
use tokenmill::format::{self, FORMAT_VERSION, OpenError};
use tokenmill::session::files::{self, FileError};
use tokenmill::session::journal::{Journal, discard, recoverable};

fn text() -> &'static str {
    hall("enterprise-1mw").text
}

fn refusal(text: &str) -> OpenError {
    match format::from_text(text) {
        Ok(_) => panic!("this must not open: {}", &text[..text.len().min(300)]),
        Err(error) => error,
    }
}

/// The preset with one place changed.
fn changed(old: &str, new: &str) -> String {
    assert!(text().contains(old), "'{old}' is not in the preset");
    text().replacen(old, new, 1)
}

#[test]
fn what_is_no_plan_is_refused_as_such() {
    let no_plans = [
        "()",
        "(magic: \"something-else\", format_version: 1, written_by: \"x\")",
        "[1, 2, 3]",
        "{\"name\": \"json\"}",
        "(name: \"another struct\")",
    ];
    for text in no_plans {
        assert_eq!(refusal(text), OpenError::NotAPlan, "{text}");
    }
    let words = OpenError::NotAPlan.to_string();
    assert!(words.contains("tokenmill-plan"), "{words}");
}

#[test]
fn text_that_is_no_ron_is_refused_with_a_place() {
    for text in
        ["", "   ", "PK\u{3}\u{4}binary", "<xml/>", "\u{feff}", "(((((((", "%PDF-1.7", "null"]
    {
        match refusal(text) {
            OpenError::NotAPlan => {}
            OpenError::Syntax { line, column, message } => {
                assert!(line >= 1 && column >= 1 && !message.is_empty(), "{text:?}: {message}");
            }
            other => panic!("{text:?}: {other}"),
        }
    }
}

#[test]
fn a_deep_nest_is_no_stack_overflow() {
    for open in ["(", "[", "{", "Some("] {
        refusal(&open.repeat(200_000));
        let inside = format!("name: {}", open.repeat(200_000));
        refusal(&changed("name: \"Enterprise room, 1 MW\"", &inside));
    }
}

#[test]
fn a_newer_format_names_versions_and_writer() {
    let newer = text().replacen("format_version: 1", "format_version: 7", 1).replacen(
        "written_by: \"tokenmill 0.1.0\"",
        "written_by: \"tokenmill 9.9\"",
        1,
    );
    let error = refusal(&newer);
    assert_eq!(
        error,
        OpenError::TooNew {
            found: 7,
            supported: FORMAT_VERSION,
            written_by: "tokenmill 9.9".into()
        }
    );
    let words = error.to_string();
    for part in ["9.9", "7", "newer"] {
        assert!(words.contains(part), "{words}");
    }
    // A newer body that this program can not read must not hide the version.
    let body = newer.replacen("plan: (", "plan: Newer(", 1);
    assert!(matches!(refusal(&body), OpenError::TooNew { found: 7, .. }));
}

#[test]
fn a_version_before_the_first_is_refused() {
    refusal(&changed("format_version: 1", "format_version: 0"));
}

/// A malformed place must be named by line and field.
fn syntax(text: &str, field: &str, line_holds: &str) {
    let OpenError::Syntax { line, column, message } = refusal(text) else {
        panic!("{field}: expected a place in the text")
    };
    assert!(message.contains(field), "'{message}' does not name {field}");
    assert!(column >= 1, "{message}");
    let place = text.lines().nth(line - 1).unwrap_or_default();
    assert!(place.contains(line_holds), "line {line} is '{place}', not where '{line_holds}' is");
}

#[test]
fn unknown_and_missing_fields_are_named_with_their_place() {
    let typo = changed("air_supply_c: 22.0", "air_suply_c: 22.0");
    syntax(&typo, "air_suply_c", "air_suply_c");
    let gone = changed("air_supply_c: 22.0,", "");
    let OpenError::Syntax { message, .. } = refusal(&gone) else { panic!("expected a place") };
    assert!(message.contains("air_supply_c"), "{message}");
    let extra = changed("utility_mw: 1.0", "utility_mw: 1.0, utility_gw: 2.0");
    syntax(&extra, "utility_gw", "utility_gw");
    let variant = changed("scheme: NPlus1", "scheme: ThreeN");
    syntax(&variant, "ThreeN", "ThreeN");
    let twice = changed("utility_mw: 1.0", "utility_mw: 1.0, utility_mw: 2.0");
    syntax(&twice, "utility_mw", "utility_mw");
}

#[test]
fn wrong_types_are_named_with_their_place() {
    for (old, new) in [
        ("utility_mw: 1.0", "utility_mw: \"much\""),
        ("size_x_mm: 13800", "size_x_mm: -13800"),
        ("size_x_mm: 13800", "size_x_mm: 1.5"),
        ("size_x_mm: 13800", "size_x_mm: 99999999999999999999"),
        ("scheme: NPlus1", "scheme: 3"),
        ("facing: south", "facing: upwards"),
    ] {
        let text = changed(old, new);
        let OpenError::Syntax { line, .. } = refusal(&text) else { panic!("{new}: no place") };
        let place = text.lines().nth(line - 1).unwrap_or_default();
        assert!(place.contains(new), "{new}: line {line} is '{place}'");
    }
}

#[test]
fn values_outside_their_limits_are_named_with_value_and_limit() {
    let absurd = [
        (
            "utility_mw: 1.0",
            "utility_mw: -1.0",
            "power.utility_mw is -1, outside 0.001 to 10000 MW",
        ),
        ("utility_mw: 1.0", "utility_mw: NaN", "power.utility_mw is NaN"),
        ("utility_mw: 1.0", "utility_mw: inf", "power.utility_mw is inf"),
        ("air_supply_c: 22.0", "air_supply_c: 300.0", "cooling.air_supply_c is 300"),
        ("size_x_mm: 13800", "size_x_mm: 1", "hall.size_x_mm is 1, outside"),
        ("floor_load_kpa: 12.0", "floor_load_kpa: 0.0", "hall.floor_load_kpa is 0"),
        ("plenum_mm: 900", "plenum_mm: 90000", "hall.floor.plenum_mm is 90000"),
        ("count: 2)", "count: 4000000000)", "contents.count is 4000000000"),
        ("at: (x: 2900, y: 3300)", "at: (x: 2147483647, y: 3300)", "floor.racks[0] 'R-01'"),
        ("next_id: 75", "next_id: 3", "next_id is 3, but id 74 is in use"),
        ("id: 2, name", "id: 1, name", "id 1 occurs twice"),
        ("airflow_pct: 85.0", "airflow_pct: 1e9", "'CRAH-W1' airflow_pct is 1000000000"),
        ("leakage_pct: 5.0", "leakage_pct: -5.0", "leakage_pct is -5"),
        ("open_pct: 56.0", "open_pct: 156.0", "floor.tiles[0] open_pct is 156"),
        ("oversubscription: 1.0", "oversubscription: 0.0", "fabric.oversubscription is 0"),
        ("ttft_ms: ", "ttft_ms: -", "workload.ttft_ms is -"),
        (
            "peak_to_mean: 1.25",
            "peak_to_mean: 25.0",
            "workload.peak_to_mean is 25, outside 1 to 24",
        ),
        (
            "sold_pct: 65.0",
            "sold_pct: 65.0, cached_prompt_pct: 100.0",
            "workload.cached_prompt_pct is 100, outside 0 to 99 %",
        ),
        (
            "sold_pct: 65.0",
            "sold_pct: 65.0, drafts: (drafted: 2, accepted: 2.5)",
            "workload.drafts.accepted is 2.5, outside 0 to 2 tokens",
        ),
        (
            "sold_pct: 65.0",
            "sold_pct: 65.0, drafts: (drafted: 0, accepted: 0.0)",
            "workload.drafts.drafted is 0, outside 1 to 16 tokens",
        ),
    ];
    for (old, new, words) in absurd {
        let error = refusal(&changed(old, new));
        assert!(matches!(error, OpenError::OutOfLimits(_)), "{new}: {error}");
        assert!(error.to_string().contains(words), "{new}: {error}");
    }
}

#[test]
fn all_values_outside_their_limits_are_told_at_once() {
    let text = changed("utility_mw: 1.0", "utility_mw: -1.0").replacen(
        "air_supply_c: 22.0",
        "air_supply_c: 99.0",
        1,
    );
    let OpenError::OutOfLimits(problems) = refusal(&text) else { panic!("expected limits") };
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn absurd_catalogue_entries_in_a_plan_are_refused_by_name() {
    let from = text().find("  catalog: (").expect("a plan embeds its catalogue");
    let (plan, catalog) = text().split_at(from);
    for (field, value) in [
        ("design_power_w", "-14300.0"),
        ("design_power_w", "NaN"),
        ("design_power_w", "inf"),
        ("design_power_w", "1e300"),
        ("accelerator_count", "4000000000"),
        ("liquid_heat_fraction", "7.0"),
        ("memory_gbyte", "-1.0"),
    ] {
        let label = format!("{field}: ");
        let Some(at) = catalog.find(&label) else { continue };
        let rest = &catalog[at + label.len()..];
        let end = rest.find([',', '\n']).unwrap();
        let broken = format!("{plan}{}{label}{value}{}", &catalog[..at], &rest[end..]);
        let error = refusal(&broken).to_string();
        assert!(error.contains(field), "{field}: {value}: {error}");
    }
}

fn runner(cases: u32) -> TestRunner {
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 100, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Damage to a text.
#[derive(Clone, Debug)]
enum Damage {
    Cut(usize),
    Drop(usize, usize),
    Put(usize, String),
    Double(usize, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let bits = prop::sample::select(vec![
        "(",
        ")",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "-",
        "NaN",
        "inf",
        "1e999",
        "None",
        "\\",
        "\u{0}",
        "/*",
        "9999999999",
        "é",
        "'",
        "true",
    ]);
    prop_oneof![
        any::<usize>().prop_map(Damage::Cut),
        (any::<usize>(), 1..40_usize).prop_map(|(at, n)| Damage::Drop(at, n)),
        (any::<usize>(), bits).prop_map(|(at, s)| Damage::Put(at, s.to_owned())),
        (any::<usize>(), 1..200_usize).prop_map(|(at, n)| Damage::Double(at, n)),
    ]
}

fn damaged(text: &str, all: &[Damage]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for damage in all {
        let len = chars.len().max(1);
        match damage {
            Damage::Cut(at) => chars.truncate(at % len),
            Damage::Drop(at, n) => {
                let (from, to) = (at % len, (at % len + n).min(chars.len()));
                chars.drain(from.min(to)..to);
            }
            Damage::Put(at, what) => {
                let at = (at % len).min(chars.len());
                chars.splice(at..at, what.chars());
            }
            Damage::Double(at, n) => {
                let (from, to) = (at % len, (at % len + n).min(chars.len()));
                let part = chars[from.min(to)..to].to_vec();
                chars.splice(to..to, part);
            }
        }
    }
    chars.into_iter().collect()
}

#[test]
fn a_damaged_plan_is_refused_or_sound() {
    let damages = prop::collection::vec(damage(), 1..4);
    let outcome = runner(200).run(&damages, |damages| {
        let text = damaged(text(), &damages);
        match format::from_text(&text) {
            Ok(opened) => prop_assert!(format::limits::problems(&opened.plan).is_empty()),
            Err(OpenError::Syntax { line, column, message }) => {
                prop_assert!(line >= 1 && column >= 1 && !message.is_empty());
                prop_assert!(line <= text.lines().count() + 1, "line {} is past the end", line);
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
        Ok(())
    });
    outcome.unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn a_cut_plan_never_opens() {
    let text = text();
    let end = text.trim_end().len();
    for at in (0..end).step_by(end / 150) {
        if text.is_char_boundary(at) {
            refusal(&text[..at]);
        }
    }
}

#[test]
fn a_damaged_catalogue_is_refused_or_sound() {
    let shipped = load::shipped().unwrap();
    let damages = (0..SHIPPED_FILES.len(), prop::collection::vec(damage(), 1..3));
    let outcome = runner(120).run(&damages, |(file, damages)| {
        let (name, text) = SHIPPED_FILES[file];
        let text = damaged(text, &damages);
        match load::overlay_from_texts(&shipped, &[(name, text.as_str())]) {
            Ok(_) => {}
            Err(CatalogError::Syntax { file, line, column, message }) => {
                prop_assert!(file == name && line >= 1 && column >= 1 && !message.is_empty());
            }
            Err(CatalogError::Invalid(problems)) => {
                prop_assert!(problems.iter().all(|p| p.file == name && !p.field.is_empty()));
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
        Ok(())
    });
    outcome.unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn absurd_catalogue_values_are_named_by_file_entry_and_field() {
    let shipped = load::shipped().unwrap();
    let (name, text) = SHIPPED_FILES.iter().find(|f| f.0 == "systems.ron").copied().unwrap();
    for value in ["-5.0", "NaN", "inf", "1e30", "\"many\""] {
        let label = "design_power_w: ";
        let at = text.find(label).unwrap() + label.len();
        let end = at + text[at..].find([',', '\n']).unwrap();
        let broken = format!("{}{value}{}", &text[..at], &text[end..]);
        let error = load::overlay_from_texts(&shipped, &[(name, broken.as_str())])
            .expect_err(value)
            .to_string();
        for part in ["systems.ron", "design_power_w"] {
            assert!(error.contains(part), "{value}: '{error}' does not name {part}");
        }
    }
    let error =
        load::overlay_from_texts(&shipped, &[("gadgets.ron", "[]")]).unwrap_err().to_string();
    assert!(error.contains("gadgets.ron") && error.contains("systems"), "{error}");
}

#[test]
fn a_saved_plan_opens_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let hall = hall("gb200-superpod-su");
    let path = folder.path().join("hall.plan.ron");
    files::save(&path, &hall.plan, &hall.catalog).unwrap();
    let opened = files::open(&path).unwrap();
    assert_eq!(opened.plan, hall.plan);
    assert_eq!(opened.embedded, hall.embedded);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), hall.text);
    // Over an existing file, with nothing left beside it.
    files::save(&path, &hall.plan, &hall.catalog).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn every_kind_of_object_survives_saving() {
    use tokenmill::plan::{ObjectId, Obstacle, ObstacleKind, PlantKind, PointMm, RectMm, Scheme};
    let hall = hall("enterprise-1mw");
    let mut plan = hall.plan.clone();
    let kinds = [
        ObstacleKind::Column,
        ObstacleKind::Wall,
        ObstacleKind::Door,
        ObstacleKind::Ramp,
        ObstacleKind::KeepOut,
    ];
    let floor = std::sync::Arc::make_mut(&mut plan.floor);
    for (kind, id) in kinds.into_iter().zip(100..) {
        let area = RectMm::at(PointMm::new(-5, 10), 300, 400);
        floor.obstacles.push(Obstacle { id: ObjectId(id), kind, area, locked: false });
    }
    plan.next_id = 200;
    plan.name = "quotes \" and \\ and\nlines, Ω, 日本, \u{1f980}".into();
    plan.notes = "r#\"raw\"# /* not a comment */ // nor this".into();
    for (scheme, plant) in Scheme::ALL.into_iter().zip(PlantKind::ALL) {
        std::sync::Arc::make_mut(&mut plan.power).scheme = scheme;
        std::sync::Arc::make_mut(&mut plan.cooling).liquid_plant = plant;
        let text = format::to_text(&plan, &hall.catalog).unwrap();
        let opened = format::from_text(&text).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(opened.plan, plan);
        assert_eq!(format::to_text(&opened.plan, &opened.embedded).unwrap(), text);
    }
}

#[test]
fn a_folder_that_can_not_be_written_is_named() {
    let hall = hall("enterprise-1mw");
    // A file where the folder should be is unwritable even for an administrator.
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "kept").unwrap();
    for place in [
        blocked.join("hall.plan.ron"),
        folder.path().join("nowhere/hall.plan.ron"),
        folder.path().to_owned(),
    ] {
        let error = files::save(&place, &hall.plan, &hall.catalog)
            .expect_err("nothing can be written here");
        let words = error.to_string();
        assert!(words.contains("failed") && words.contains(&*place.to_string_lossy()), "{words}");
    }
    assert_eq!(std::fs::read_to_string(&blocked).unwrap(), "kept");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let hall = hall("enterprise-1mw");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hall.plan.ron");
    files::save(&path, &hall.plan, &hall.catalog).unwrap();
    let set = |mode| {
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    set(0o555);
    // An administrator may write anywhere: then there is nothing to refuse.
    let may_write = std::fs::write(folder.path().join("probe"), "").is_ok();
    let saved = files::save(&path, &hall.plan, &hall.catalog);
    set(0o755);
    if !may_write {
        let words = saved.expect_err("the folder is read-only").to_string();
        assert!(words.contains("hall.plan.ron"), "{words}");
    }
    assert_eq!(files::open(&path).unwrap().plan, hall.plan, "the old file is whole");
}

#[test]
fn files_that_are_no_text_are_refused_with_their_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.png");
    std::fs::write(&path, [0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x00]).unwrap();
    for (place, what) in [(path.as_path(), "reading"), (Path::new("/no/such/file.ron"), "opening")]
    {
        let words = files::open(place).expect_err("this is no plan").to_string();
        assert!(words.contains(what) && words.contains(&*place.to_string_lossy()), "{words}");
    }
    let huge = folder.path().join("huge.plan.ron");
    std::fs::File::create(&huge).unwrap().set_len(1 << 33).unwrap();
    assert!(matches!(files::open(&huge), Err(FileError::TooLarge { .. })));
}

#[test]
fn what_a_crash_left_behind_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let hall = hall("enterprise-1mw");
    let origin = Path::new("/home/someone/hall.plan.ron");
    let journal = Journal::claim(folder.path()).unwrap();
    journal.write(&hall.plan, &hall.catalog, Some(origin)).unwrap();
    assert!(recoverable(folder.path()).is_empty(), "its owner lives");
    // The copy as a crash leaves it: the lock file stays, nobody holds it.
    let kept: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|e| e.unwrap().path())
        .map(|p| (p.clone(), std::fs::read(&p).unwrap()))
        .collect();
    drop(journal);
    assert!(recoverable(folder.path()).is_empty(), "a clean end leaves nothing");
    for (path, bytes) in &kept {
        std::fs::write(path, bytes).unwrap();
    }
    let found = recoverable(folder.path());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].origin.as_deref(), Some(origin));
    let opened = files::open(&found[0].copy).unwrap();
    assert_eq!(opened.plan, hall.plan);
    // The next program must not write over what is still to be recovered.
    let next = Journal::claim(folder.path()).unwrap();
    next.write(&hall.plan, &hall.catalog, None).unwrap();
    assert_eq!(recoverable(folder.path()), found);
    discard(&found[0]);
    assert!(recoverable(folder.path()).is_empty());
    drop(next);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn two_programs_keep_two_copies() {
    let folder = tempfile::tempdir().unwrap();
    let hall = hall("enterprise-1mw");
    let (one, two) =
        (Journal::claim(folder.path()).unwrap(), Journal::claim(folder.path()).unwrap());
    one.write(&hall.plan, &hall.catalog, None).unwrap();
    two.write(&hall.plan, &hall.catalog, None).unwrap();
    let copies = std::fs::read_dir(folder.path()).unwrap();
    let copies =
        copies.filter(|e| e.as_ref().unwrap().path().to_string_lossy().ends_with("recovery.ron"));
    assert_eq!(copies.count(), 2);
    assert!(recoverable(folder.path()).is_empty());
}

#[test]
fn a_file_of_format_1_opens_for_ever() {
    let path = folder("tests/format/v1/small.plan.ron");
    let opened = files::open(&path).unwrap_or_else(|e| panic!("{e}"));
    let plan = &opened.plan;
    assert_eq!(plan.name, "Format 1, every section");
    assert_eq!((plan.floor.racks.len(), plan.floor.units.len()), (2, 1));
    assert_eq!(
        (plan.floor.tiles.len(), plan.floor.containments.len(), plan.floor.obstacles.len()),
        (1, 1, 1)
    );
    assert_eq!(plan.power.overrides["UPS-A1"].rating, Some(500.0));
    assert_eq!(plan.finance.assumptions["wacc"], 0.09);
    let catalog = std::sync::Arc::new(load::shipped().unwrap().overlaid(&opened.embedded));
    let answer =
        crate::support::evaluate(plan, &catalog, tokenmill::evaluate::result::Quality::Draft, 1);
    assert!(answer.is_ok(), "{answer:?}");
}
