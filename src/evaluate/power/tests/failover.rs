//! Outages: who carries what when a side, a block, a module or the utility is lost.

use super::*;

/// `blocks` independent chains utility → UPS → busway, named A, B, C …
fn blocks(letters: &[&str]) -> Vec<Element> {
    let mut elements = Vec::new();
    for letter in letters {
        let base = elements.len();
        let chain = [
            source(&format!("UT-{letter}")),
            ups(&format!("UPS-{letter}"), base, 1e6, 1, 0),
            line(&format!("BW-{letter}"), base + 1, 1e-5, 0.0),
        ];
        elements.extend(chain.map(|e| Element { feed: (*letter).to_owned(), ..e }));
    }
    elements
}

fn lose(case: &PowerCase, letter: &str) -> Scenario {
    let out = (0..case.elements.len()).filter(|&i| case.elements[i].feed == letter).collect();
    Scenario { name: format!("feed {letter} lost"), out, must_survive: true }
}

fn redundant(elements: Vec<Element>, loads: Vec<Load>) -> PowerCase {
    PowerCase { intent: Intent::PathRedundancy, every_single_outage: true, ..case(elements, loads) }
}

#[test]
fn losing_a_side_of_2n_doubles_the_other() {
    let racks = (0..10).map(|k| rack(&format!("R{k}"), 8e4, &[2, 5])).collect();
    let mut c = redundant(blocks(&["A", "B"]), racks);
    c.scenarios = vec![lose(&c, "A"), lose(&c, "B")];
    let result = solve(&c);
    for i in [1, 4] {
        let e = &result.elements[i];
        assert!((e.loading_worst / e.loading_normal - 2.0).abs() < 1e-3);
    }
    assert_eq!(result.elements[4].worst_outage.as_deref(), Some("feed A lost"));
    assert_eq!(result.elements[1].worst_outage.as_deref(), Some("feed B lost"));
    let feed = &result.loads[0].feeds[0];
    assert!((feed.i_worst_a / feed.i_a - 2.0).abs() < 1e-2);
    assert_eq!(result.scenarios.len(), 1 + 2 + 6);
    assert!(result.findings.is_empty(), "{:?}", result.findings);
    assert_closes(&result);
}

#[test]
fn an_overload_on_failover_is_found_before_it_happens() {
    let racks = (0..10).map(|k| rack(&format!("R{k}"), 1.2e5, &[2, 5])).collect();
    let result = solve(&redundant(blocks(&["A", "B"]), racks));
    assert!(rules(&result).iter().all(|r| *r == "power.overload-on-failover"));
    assert!(result.findings.iter().all(|f| f.severity == Severity::Error));
    assert!((result.findings[0].value.unwrap() - 120.0).abs() < 0.1);
}

#[test]
fn the_survivors_of_4n3r_carry_four_thirds() {
    let mut elements = blocks(&["A", "B", "C", "D"]);
    for i in (1..elements.len()).step_by(3) {
        elements[i].module_rating.p_w = Some(1e6);
    }
    let pairs = [(2, 5), (2, 8), (2, 11), (5, 8), (5, 11), (8, 11)];
    let racks =
        pairs.iter().enumerate().map(|(k, &(a, b))| rack(&format!("R{k}"), 4e5, &[a, b])).collect();
    let mut c = redundant(elements, racks);
    c.scenarios = vec![lose(&c, "C")];
    let result = solve(&c);
    let ups_a = &result.elements[1];
    assert!((ups_a.loading_normal - 0.6).abs() < 1e-3);
    assert!((ups_a.loading_worst / ups_a.loading_normal - 4.0 / 3.0).abs() < 1e-3);
    assert!(result.findings.is_empty());
    assert_closes(&result);
}

#[test]
fn a_rack_without_a_live_feed_is_a_result() {
    let mut elements = blocks(&["A"]);
    elements.push(source("UT-X"));
    let mut c = redundant(elements, vec![rack("R0", 5e4, &[2]), rack("R1", 5e4, &[])]);
    c.scenarios = vec![lose(&c, "A")];
    let result = solve(&c);
    assert!(result.loads[0].served && !result.loads[1].served);
    assert_eq!(result.loads[0].lost_in, ["feed A lost", "UT-A out", "UPS-A out", "BW-A out"]);
    let lost = &result.scenarios[1];
    assert_eq!((lost.racks_lost, lost.source_w), (2, 0.0));
    let found = rules(&result);
    for rule in [
        "power.dead-load",
        "power.racks-lost",
        "power.single-feed",
        "power.single-point-of-failure",
    ] {
        assert!(found.contains(&rule), "{rule} in {found:?}");
    }
    assert_closes(&result);
}

#[test]
fn a_generator_takes_over_through_its_transfer_switch() {
    let mut ats = line("ATS", 0, 0.0, 0.0);
    ats.backup = Some(1);
    let mut generator = source("GEN");
    generator.kind = ElementKind::Generator;
    generator.module_rating.p_w = Some(1e5);
    generator.modules = 3;
    generator.spare_modules = 1;
    let elements = vec![source("UT"), generator, ats];
    let mut c = case(elements, vec![rack("R", 1.5e5, &[2])]);
    c.scenarios = vec![Scenario { name: "utility lost".into(), out: vec![0], must_survive: true }];
    let result = solve(&c);
    let generator = &result.elements[1];
    assert!(!generator.live);
    assert_eq!(generator.loading_normal, 0.0);
    assert!((generator.loading_worst - 0.75).abs() < 1e-12);
    assert_eq!(generator.worst_outage.as_deref(), Some("utility lost"));
    assert_eq!(result.scenarios[1].racks_lost, 0);
}

#[test]
fn two_sides_may_back_each_other_up() {
    let mut elements = vec![source("UA"), source("UB"), line("A", 0, 0.0, 0.0)];
    elements.push(line("B", 1, 0.0, 0.0));
    elements[2].backup = Some(3);
    elements[3].backup = Some(2);
    let mut c = case(elements, vec![rack("RA", 1e5, &[2]), rack("RB", 1e5, &[3])]);
    c.scenarios = vec![
        Scenario { name: "UA".into(), out: vec![0], must_survive: false },
        Scenario { name: "both".into(), out: vec![0, 1], must_survive: false },
    ];
    let result = solve(&c);
    assert_eq!(result.scenarios[1].racks_lost, 0);
    assert_eq!(result.scenarios[2].racks_lost, 2);
    assert_closes(&result);
}

#[test]
fn a_transfer_switch_load_rides_on_its_first_live_feed() {
    let mut pump = rack("P", 1e5, &[2, 5]);
    pump.kind = LoadKind::Mechanical;
    pump.rule = FeedRule::FirstLive;
    let mut c = redundant(blocks(&["A", "B"]), vec![pump]);
    c.scenarios = vec![lose(&c, "A")];
    let result = solve(&c);
    let feeds = &result.loads[0].feeds;
    assert_eq!((feeds[0].p_w, feeds[1].p_w), (1e5, 0.0));
    assert!(feeds[1].i_worst_a > 100.0);
    assert_eq!(result.scenarios[1].lost_w, 0.0);
    assert_eq!(result.totals.mechanical_w, 1e5);
}

#[test]
fn answers_are_bit_equal_for_any_number_of_threads() {
    let racks = (0..40).map(|k| rack(&format!("R{k}"), 1e4 + f64::from(k), &[2, 5])).collect();
    let c = redundant(blocks(&["A", "B"]), racks);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        serde_json::to_string(&pool.install(|| solve(&c))).unwrap()
    };
    assert_eq!(with(1), with(2));
    assert_eq!(with(1), with(16));
}

#[test]
fn a_newer_request_cancels() {
    let newest = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(2));
    let token = CancelToken::new(newest, 1);
    let error = crate::evaluate::power::solve(&redundant(blocks(&["A"]), vec![]), &token);
    assert!(matches!(error, Err(PowerError::Cancelled(_))));
}
