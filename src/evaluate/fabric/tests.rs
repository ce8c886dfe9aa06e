//! Tests of the whole stage.

use super::*;
use crate::plan::ObjectId;
use proptest::prelude::*;

fn medium(key: &str, kind: MediumKind, lanes: &str, gbit_s: f64, reach_m: f64, w: f64) -> Medium {
    Medium {
        key: key.into(),
        name: key.into(),
        kind,
        interface: lanes.into(),
        module_gbit_s: gbit_s,
        reach_m,
        power_w: w,
        price_usd: None,
    }
}

/// 16 racks of two nodes in two rows, two network racks at the end: one unit of 32 nodes.
fn one_unit() -> FabricCase {
    let endpoints = (0..16)
        .map(|i| EndpointRack {
            rack: ObjectId(i),
            position_m: [f64::from(i % 8) * 0.7, f64::from(i / 8) * 3.6],
            height_m: 2.2,
            nodes: 2,
        })
        .collect();
    let network_racks = (0..2)
        .map(|i| NetworkRack {
            rack: ObjectId(100 + i),
            position_m: [6.3, f64::from(i) * 3.6],
            height_m: 2.2,
            free_u: 40,
        })
        .collect();
    FabricCase {
        endpoints,
        network_racks,
        rails: 8,
        nic_gbit_s: 400.0,
        nic_twin_port: true,
        appliance_links: 0,
        switch: SwitchModel {
            name: "64 x 400G".into(),
            ports: 64,
            port_gbit_s: 400.0,
            max_breakout: 1,
            cage_gbit_s: 800.0,
            rack_units: 1,
            typical_w: Some(747.0),
            max_w: Some(1720.0),
        },
        overrides: CountOverrides::default(),
        topology: Topology::RailOptimised,
        leaf_oversubscription: 1.0,
        spine_oversubscription: 1.0,
        oversubscription_limit: 1.0,
        uplink_efficiency: 0.95,
        nic_efficiency: 0.96,
        optics_policy: OpticsPolicy::CopperFirst,
        media: vec![
            medium("dac", MediumKind::PassiveCopper, "DAC", 800.0, 3.0, 0.1),
            medium("sr", MediumKind::Optic, "SR", 800.0, 50.0, 15.0),
            medium("dr", MediumKind::Optic, "DR", 800.0, 500.0, 16.0),
        ],
        route: RouteRules { tray_height_m: 2.6, slack_fraction: 0.1 },
    }
}

#[test]
fn one_scalable_unit_adds_up() {
    let r = solve(&one_unit()).unwrap();
    assert_eq!((r.counts.leaf, r.counts.spine, r.counts.core), (8, 4, 0));
    assert_eq!((r.tiers[0].links, r.tiers[1].links), (256, 256));
    assert_eq!(r.oversubscription, 1.0);
    assert!((r.bisection_byte_s - 128.0 * 50e9).abs() < 1.0);
    let placed: u32 = r.network_racks.iter().map(|n| n.leaves + n.spines).sum();
    assert_eq!(placed, 12);
    let routed: u64 = r.runs.iter().map(|l| l.links).sum();
    assert_eq!(routed, 512);
    assert_eq!(r.media.iter().map(|m| m.links).sum::<u64>(), 512);
    assert!(r.findings.is_empty(), "{:?}", r.findings);
    let racks: f64 = r.network_racks.iter().map(|n| n.typical_w).sum();
    let nics: f64 = r.endpoint_racks.iter().map(|n| n.module_w).sum();
    assert!((racks + nics - r.typical_w).abs() < 1e-9 * r.typical_w);
    let modules: f64 = r.media.iter().map(|m| m.power_w).sum();
    assert!((12.0 * 747.0 + modules - r.typical_w).abs() < 1e-9 * r.typical_w);
    assert!(r.max_w >= r.typical_w);
    assert_eq!(r.collectives.all_reduce, r.collectives.local);
}

#[test]
fn lengths_follow_the_trays() {
    let mut case = one_unit();
    case.endpoints.truncate(1);
    case.network_racks.truncate(1);
    let r = solve(&case).unwrap();
    let up_and_down = 2.0 * (2.6 - 1.1);
    assert!((r.runs[0].length_m - 1.1 * (up_and_down + 6.3)).abs() < 1e-12);
    let inside = r.runs.iter().find(|l| l.tier == Tier::LeafSpine).unwrap();
    assert!((inside.length_m - 1.21).abs() < 1e-12);
    assert_eq!(r.media[0].links, inside.links);
    assert_eq!(r.media[0].cables, inside.links / 2);
    assert_eq!(r.media[0].skus, vec![CableSku { length_m: 1.5, cables: inside.links / 2 }]);
}

#[test]
fn twin_port_modules_carry_two_links_and_single_port_nics_one() {
    let mut case = one_unit();
    case.optics_policy = OpticsPolicy::OpticsOnly;
    let twin = solve(&case).unwrap();
    assert_eq!((twin.media[0].links, twin.media[1].links), (0, 512));
    assert_eq!((twin.media[1].switch_modules, twin.media[1].nic_modules), (128 + 256, 128));
    case.nic_twin_port = false;
    case.media.push(medium("sr400", MediumKind::Optic, "SR", 400.0, 50.0, 8.0));
    let single = solve(&case).unwrap();
    assert_eq!(single.media[3].nic_modules, 256);
    assert_eq!(single.media[1].nic_modules, 0);
}

#[test]
fn each_problem_is_found() {
    let rules = |case: &FabricCase| -> Vec<&'static str> {
        solve(case).unwrap().findings.iter().map(|f| f.rule).collect()
    };
    let mut far = one_unit();
    far.network_racks[0].position_m = [900.0, 0.0];
    far.network_racks[1].position_m = [900.0, 3.0];
    assert_eq!(rules(&far), ["fabric.no-medium-reaches"]);
    let mut tight = one_unit();
    tight.leaf_oversubscription = 3.0;
    assert_eq!(rules(&tight), ["fabric.oversubscribed"]);
    let mut full = one_unit();
    full.network_racks.iter_mut().for_each(|n| n.free_u = 2);
    assert!(rules(&full).contains(&"fabric.network-rack-full"));
    let mut none = one_unit();
    none.network_racks.clear();
    assert_eq!(rules(&none), ["fabric.no-network-rack"]);
    let mut slow = one_unit();
    slow.switch.port_gbit_s = 200.0;
    assert!(rules(&slow).contains(&"fabric.port-slower-than-nic"));
    let mut dark = one_unit();
    (dark.switch.typical_w, dark.switch.max_w) = (None, None);
    assert_eq!(rules(&dark), ["fabric.switch-power-unknown"]);
    let mut few = one_unit();
    few.switch.ports = 4;
    assert!(rules(&few).contains(&"fabric.ports-short"));
}

#[test]
fn an_oversubscribed_fabric_slows_what_crosses_it() {
    let mut case = one_unit();
    case.endpoints.iter_mut().for_each(|e| e.nodes = 8);
    let even = solve(&case).unwrap();
    case.leaf_oversubscription = 3.0;
    let thin = solve(&case).unwrap();
    assert_eq!(even.counts.groups, 4);
    assert!(thin.bisection_share < 0.4 && even.bisection_share == 1.0);
    assert!(thin.collectives.all_to_all < even.collectives.all_to_all);
    assert!(thin.collectives.all_reduce > thin.collectives.all_to_all);
    case.uplink_efficiency = 0.6;
    let hashed = solve(&case).unwrap();
    assert!(hashed.collectives.all_to_all < thin.collectives.all_to_all);
}

#[test]
fn counts_set_by_hand_change_what_the_fabric_carries() {
    let mut case = one_unit();
    case.overrides.spine = Some(2);
    let r = solve(&case).unwrap();
    assert_eq!((r.counts.spine, r.tiers[1].links, r.oversubscription), (2, 128, 2.0));
    assert_eq!(r.findings[0].rule, "fabric.oversubscribed");
    case.overrides = CountOverrides { leaf: Some(7), ..CountOverrides::default() };
    assert!(solve(&case).unwrap().findings.iter().any(|f| f.rule == "fabric.ports-short"));
    case.endpoints.iter_mut().for_each(|e| e.nodes = 8);
    case.overrides = CountOverrides { spine: Some(0), ..CountOverrides::default() };
    let apart = solve(&case).unwrap();
    assert!(apart.findings.iter().any(|f| f.rule == "fabric.groups-apart"));
    assert_eq!((apart.bisection_byte_s, apart.collectives.all_to_all), (0.0, 0.0));
}

#[test]
fn nothing_to_join_is_nothing_to_buy() {
    let mut case = one_unit();
    case.endpoints.clear();
    let r = solve(&case).unwrap();
    assert_eq!((r.counts.total(), r.runs.len(), r.typical_w), (0, 0, 0.0));
    assert!(r.findings.is_empty());
}

#[test]
fn absurd_numbers_are_refused_by_name() {
    let mut case = one_unit();
    case.nic_gbit_s = f64::NAN;
    assert!(solve(&case).unwrap_err().to_string().contains("nic_gbit_s"));
    let mut case = one_unit();
    case.endpoints[3].position_m[1] = f64::INFINITY;
    assert!(solve(&case).unwrap_err().to_string().contains("endpoints.position_m"));
    let mut case = one_unit();
    case.switch.max_breakout = 3;
    assert!(solve(&case).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_order_of_lists_does_not_matter(turn in 0_usize..16, flip: bool) {
        let case = one_unit();
        let mut other = case.clone();
        other.endpoints.rotate_left(turn);
        if flip {
            other.endpoints.reverse();
            other.network_racks.reverse();
        }
        prop_assert_eq!(solve(&case).unwrap(), solve(&other).unwrap());
    }

    #[test]
    fn any_size_is_solved_and_keeps_its_links(
        nodes in 0_u32..40,
        rails in 1_u32..12,
        ports in 2_u32..150,
        leaf in 1.0_f64..8.0,
        breakout in 0_u32..3,
        topology in 0_usize..4,
    ) {
        let mut case = one_unit();
        case.endpoints.iter_mut().for_each(|e| e.nodes = nodes);
        case.rails = rails;
        case.switch.ports = ports;
        case.switch.max_breakout = 1 << breakout;
        case.leaf_oversubscription = leaf;
        case.topology = [
            Topology::RailOptimised,
            Topology::LeafSpine,
            Topology::ThreeTier,
            Topology::RailOnly,
        ][topology];
        let r = solve(&case).unwrap();
        let counted: u64 = r.tiers.iter().map(|t| t.links).sum();
        let routed: u64 = r.runs.iter().map(|l| l.links).sum();
        prop_assert_eq!(counted, routed);
        prop_assert!(r.typical_w.is_finite() && r.oversubscription.is_finite());
        prop_assert!(r.collectives.all_to_all > 0.0 && r.collectives.all_to_all <= 0.96);
        let spread = r.network_racks.iter().map(|n| n.leaves + n.spines + n.cores).sum::<u32>();
        prop_assert_eq!(spread, r.counts.total());
    }
}
