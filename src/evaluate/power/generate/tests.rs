//! Generated chains: sane sizing has no errors in any scheme and distribution, failover included.

use super::*;
use crate::catalog::{
    CoolingKey, ModelKey, NetworkKey, PowerKey, RackKey, SiteKey, SizeMm, StorageKey, SystemKey,
    load as catalog,
};
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::finding::Severity;
use crate::evaluate::loads::rack_load;
use crate::evaluate::power::case::{ElementKind, Intent};
use crate::evaluate::power::result::PowerResult;
use crate::plan::*;
use crate::units::Watts;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A hall of `rows` rows of `per_row` racks of one system.
fn plan(rows: i32, per_row: i32, system: &str, count: u32) -> Plan {
    let rack = |row: i32, k: i32| Rack {
        id: ObjectId((row * per_row + k) as u32 + 1),
        name: format!("R{}-{:02}", row + 1, k + 1),
        frame: RackKey::new("mgx_nvl72"),
        size_mm: SizeMm { width: 600, depth: 1200, height: 2236 },
        at: PointMm::new(3000 + 600 * k, 3000 + 2700 * row),
        facing: if row % 2 == 0 { Facing::North } else { Facing::South },
        contents: Contents::Compute { system: SystemKey::new(system), count },
        feeds: Feeds::Both,
        rear_door: None,
        phase: 1,
        locked: false,
    };
    let racks = (0..rows).flat_map(|r| (0..per_row).map(move |k| rack(r, k))).collect();
    Plan {
        name: "hall".into(),
        notes: String::new(),
        next_id: 10_000,
        site: Arc::new(Site {
            site: SiteKey::new("us_va_ashburn"),
            electricity_usd_kwh: None,
            grid_carbon_g_kwh: None,
            elevation_m: None,
        }),
        hall: Arc::new(Hall {
            size_x_mm: (6000 + 600 * per_row) as u32,
            size_y_mm: (6000 + 2700 * rows) as u32,
            height_mm: 4000,
            floor: FloorBuild::Slab,
            ceiling_plenum_mm: 0,
            floor_load_kpa: 12.0,
        }),
        power: Arc::new(power()),
        cooling: Arc::new(cooling()),
        fabric: Arc::new(Fabric {
            topology: Topology::RailLeafSpine,
            switch: NetworkKey::new("qm9700"),
            oversubscription: 1.0,
            optics: OpticsPolicy::CopperFirst,
            load_balancing: LoadBalancing::Adaptive,
            tray_height_mm: 2700,
            overrides: BTreeMap::new(),
        }),
        storage: Arc::new(Storage { appliance: first_storage(), count: 4 }),
        workload: Arc::new(Workload {
            model: first_model(),
            precision: Precision::Fp8,
            job: Job::Training(Training {
                sequence_tokens: 8192,
                batch_tokens: 16_000_000,
                scheduled_pct: 90.0,
                adapter_rank: None,
                tokens: None,
            }),
        }),
        finance: Arc::new(Finance { method: CapitalMethod::Annuity, assumptions: BTreeMap::new() }),
        floor: Arc::new(Floor { racks, ..Floor::default() }),
    }
}

fn power() -> Power {
    Power {
        utility_mw: 30.0,
        utility_kv: 34.5,
        scheme: Scheme::TwoN,
        distribution: Distribution::Vac415,
        transformer: PowerKey::new("tx_oil_2500_doe2016"),
        ups: PowerKey::new("ups_se_galaxy_vxl"),
        ups_eco: false,
        busway: PowerKey::new("busway_starline_t5"),
        generator: Some(PowerKey::new("gen_cat_c175_16")),
        overrides: BTreeMap::new(),
        resilience: Box::default(),
    }
}

fn cooling() -> Cooling {
    let shipped = catalog::shipped().unwrap();
    let cdu = shipped.cooling.iter().map(|e| e.id.clone()).next().unwrap();
    Cooling {
        air_supply_c: 24.0,
        chilled_water_c: 18.0,
        coolant: Coolant::Pg25,
        tcs_supply_c: 40.0,
        fws_supply_c: 36.0,
        cdu: CoolingKey::new(cdu),
        spare_cdus: 1,
        liquid_plant: PlantKind::DryCooler,
        air_plant: PlantKind::ChillerAir,
        spare_plant_units: 1,
        overrides: BTreeMap::new(),
    }
}

fn first_storage() -> StorageKey {
    let shipped = catalog::shipped().unwrap();
    StorageKey::new(shipped.storage.iter().map(|e| e.id.clone()).next().unwrap())
}

fn first_model() -> ModelKey {
    let shipped = catalog::shipped().unwrap();
    ModelKey::new(shipped.models.iter().map(|e| e.id.clone()).next().unwrap())
}

fn snapshot(plan: &Plan) -> Snapshot {
    Snapshot::resolve(plan, &catalog::shipped().unwrap()).unwrap()
}

/// The chain of a plan at design power with 8 % of fans and pumps.
fn chain(plan: &Plan) -> GeneratedChain {
    chain_with(plan, Watts::ZERO, 0.02)
}

/// `assigned` goes to each network and storage rack; each of four fans takes `fan_share` of IT.
fn chain_with(plan: &Plan, assigned: Watts, fan_share: f64) -> GeneratedChain {
    let snapshot = snapshot(plan);
    let loads: Vec<_> = snapshot.racks.iter().map(|r| rack_load(r, 1.0, 0.3, assigned)).collect();
    let it_w: f64 = loads.iter().map(|l| l.electric.to_w()).sum();
    let fan = |k: usize| MechanicalDemand {
        name: format!("CRAH-{k}"),
        object: None,
        sizing_w: fan_share * it_w,
        p_w: fan_share * it_w,
    };
    let fans = if it_w > 0.0 { (1..=4).map(fan).collect() } else { Vec::new() };
    let demand = ChainDemand::new(&snapshot, &loads, fans);
    generate(&snapshot, &demand).unwrap()
}

fn solve(chain: &GeneratedChain) -> PowerResult {
    crate::evaluate::power::solve(&chain.case, &CancelToken::never()).unwrap()
}

fn with_power(plan: &Plan, change: impl FnOnce(&mut Power)) -> Plan {
    let mut plan = plan.clone();
    change(Arc::make_mut(&mut plan.power));
    plan
}

fn assert_sane(chain: &GeneratedChain, what: &str) -> PowerResult {
    let result = solve(chain);
    let bad: Vec<_> = result
        .findings
        .iter()
        .chain(&chain.findings)
        .filter(|f| f.severity != Severity::Info)
        .map(|f| format!("{} {}", f.rule, f.message))
        .collect();
    assert!(bad.is_empty(), "{what}: {bad:#?}");
    for s in &result.scenarios {
        let gap = s.source_w - (result.totals.demand_w - s.lost_w) - s.loss_w;
        assert!(gap.abs() <= 1e-10 * s.source_w.max(1.0), "{what}, {}: {gap} W", s.name);
    }
    result
}

#[test]
fn every_scheme_and_voltage_is_free_of_findings() {
    let halls = [(6, 12, "gb200_nvl72", 1), (4, 8, "dgx_b200", 2), (1, 3, "dgx_h100", 4)];
    for (rows, per_row, system, count) in halls {
        let hall = plan(rows, per_row, system, count);
        for scheme in Scheme::ALL {
            for distribution in [Distribution::Vac415, Distribution::Vac480] {
                let p = with_power(&hall, |p| (p.scheme, p.distribution) = (scheme, distribution));
                let what = format!("{system} {} {}", scheme.label(), distribution.label());
                let result = assert_sane(&chain(&p), &what);
                assert!(result.loads.iter().all(|l| l.served), "{what}");
            }
        }
    }
}

const PRESETS: [(&str, &str); 7] = [
    ("gb300-10mw", include_str!("../../../../presets/gb300-10mw.plan.ron")),
    ("gb200-superpod-su", include_str!("../../../../presets/gb200-superpod-su.plan.ron")),
    ("dgx-h100", include_str!("../../../../presets/dgx-h100-superpod-4su.plan.ron")),
    ("dgx-b200", include_str!("../../../../presets/dgx-b200-superpod.plan.ron")),
    ("mi355x-liquid", include_str!("../../../../presets/mi355x-liquid.plan.ron")),
    ("mi350x-air", include_str!("../../../../presets/mi350x-air.plan.ron")),
    ("enterprise-1mw", include_str!("../../../../presets/enterprise-1mw.plan.ron")),
];

/// Fans, pumps and plant in the mixed halls of the references take about a tenth of the IT load.
#[test]
fn every_preset_is_free_of_errors() {
    for (name, text) in PRESETS {
        let plan = crate::format::from_text(text).unwrap().plan;
        let generated = chain_with(&plan, Watts::kw(15.0), 0.025);
        let result = assert_sane(&generated, name);
        let worst = result.elements.iter().map(|e| e.worst_of_limit()).fold(0.0, f64::max);
        println!(
            "{name}: {} elements, {} loads, {:.2} MW served, {:.2} MW from the utility, loss \
             {:.1} %, worst loading {:.0} % of its limit",
            result.elements.len(),
            result.loads.len(),
            result.totals.served_w / 1e6,
            result.totals.source_w / 1e6,
            100.0 * result.totals.loss_w / result.totals.source_w,
            100.0 * worst,
        );
    }
}

#[test]
fn direct_current_needs_a_rectifier_and_a_busway_of_its_voltage() {
    let hall = plan(4, 8, "gb200_nvl72", 1);
    let dc = with_power(&hall, |p| p.distribution = Distribution::Vdc800);
    let found: Vec<_> = chain(&dc).findings.iter().map(|f| f.rule).collect();
    assert_eq!(found, ["power.wrong-kind", "power.busway-voltage"]);
    let dc = with_power(&dc, |p| p.ups = PowerKey::new("rack_800v_660"));
    let generated = chain(&dc);
    let result = solve(&generated);
    assert!(result.findings.iter().all(|f| f.severity != Severity::Error));
    assert!(result.elements.iter().any(|e| e.kind == ElementKind::Rectifier800 && e.live));
    assert_eq!(result.scenarios[0].racks_lost, 0);
}

#[test]
fn redundant_schemes_survive_the_loss_of_any_single_element() {
    let hall = plan(6, 12, "gb200_nvl72", 1);
    for scheme in [Scheme::TwoN, Scheme::FourN3R, Scheme::BlockRedundant] {
        let generated = chain(&with_power(&hall, |p| p.scheme = scheme));
        assert_eq!(generated.case.intent, Intent::PathRedundancy);
        let result = solve(&generated);
        for s in &result.scenarios {
            assert_eq!(s.racks_lost + s.other_loads_lost, 0, "{}: {}", scheme.label(), s.name);
        }
    }
}

#[test]
fn two_n_buys_twice_what_n_buys() {
    let hall = plan(6, 12, "gb200_nvl72", 1);
    let n = chain(&with_power(&hall, |p| p.scheme = Scheme::N)).quantities;
    let two = chain(&hall).quantities;
    assert_eq!(two.ups_units, 2 * n.ups_units);
    assert_eq!(two.transformers, 2 * n.transformers);
    assert!(two.busway_m > 1.9 * n.busway_m);
    let distributed = chain(&with_power(&hall, |p| p.scheme = Scheme::FourN3R)).quantities;
    assert!(distributed.transformer_kva < two.transformer_kva);
}

#[test]
fn n_plus_1_adds_a_module_to_every_block() {
    let hall = plan(4, 8, "dgx_b200", 2);
    let n = chain(&with_power(&hall, |p| p.scheme = Scheme::N));
    let spare = chain(&with_power(&hall, |p| p.scheme = Scheme::NPlus1));
    let blocks = n.case.elements.iter().filter(|e| e.kind == ElementKind::Ups).count() as u32;
    assert_eq!(spare.quantities.ups_units, n.quantities.ups_units + blocks);
    assert_eq!(spare.quantities.generators, n.quantities.generators + blocks + 1);
}

#[test]
fn overrides_change_the_element_they_name_and_others_are_reported() {
    let hall = plan(4, 8, "dgx_b200", 2);
    let change = |rating, count, length_m| ElementOverride {
        rating,
        count,
        length_m,
        ..ElementOverride::default()
    };
    let p = with_power(&hall, |p| {
        p.overrides.insert("TX-A1".into(), change(Some(4000.0), Some(2), None));
        p.overrides.insert("BW-A-R1".into(), change(Some(400.0), None, Some(99.0)));
        p.overrides.insert("UPS-Z9".into(), change(Some(1.0), None, None));
        p.overrides.insert("UPS-A1".into(), change(Some(-5.0), Some(0), None));
    });
    let (before, after) = (chain(&hall), chain(&p));
    let find = |c: &GeneratedChain, name: &str| {
        c.case.elements.iter().find(|e| e.name == name).cloned().unwrap()
    };
    let tx = find(&after, "TX-A1");
    assert_eq!((tx.module_rating.s_va, tx.modules), (Some(4e6), 2));
    assert_eq!(find(&after, "BW-A-R1").module_rating.i_a, Some(400.0));
    assert_eq!(after.busways[0].length_m, 99.0);
    assert_eq!(find(&after, "UPS-A1"), find(&before, "UPS-A1"));
    let rules: Vec<_> = after.findings.iter().map(|f| f.rule).collect();
    let range = "power.override-out-of-range";
    assert_eq!(rules, [range, range, "power.override-unknown"]);
    assert!(after.findings[2].message.contains("UPS-Z9"));
}

#[test]
fn an_undersized_override_overloads() {
    let hall = plan(4, 8, "dgx_b200", 2);
    let p = with_power(&hall, |p| {
        let small =
            ElementOverride { rating: Some(200.0), count: Some(1), ..ElementOverride::default() };
        p.overrides.insert("UPS-A1".into(), small);
    });
    let result = solve(&chain(&p));
    let finding = result.findings.iter().find(|f| f.rule == "power.overload").unwrap();
    assert_eq!(finding.subject, crate::evaluate::finding::Subject::PowerElement("UPS-A1".into()));
}

#[test]
fn taking_more_than_the_contract_is_found() {
    let hall = plan(4, 8, "gb200_nvl72", 1);
    let rules = |p: &Plan| solve(&chain(p)).findings.iter().map(|f| f.rule).collect::<Vec<_>>();
    let two_n = with_power(&hall, |p| p.utility_mw = 4.0);
    assert!(rules(&two_n).contains(&"power.contract"), "{:?}", rules(&two_n));
    let n = with_power(&two_n, |p| p.scheme = Scheme::N);
    assert_eq!(rules(&n), ["power.overload"]);
}

#[test]
fn busways_lie_over_their_rows_and_taps_within_them() {
    let hall = plan(6, 12, "gb200_nvl72", 1);
    let generated = chain(&hall);
    let snapshot = snapshot(&hall);
    for run in &generated.busways {
        assert_eq!(generated.case.elements[run.element].name, run.name);
        assert!(snapshot.rows.iter().any(|row| row.area.encloses(&run.area)), "{run:?}");
        assert!(run.length_m >= 1.0);
    }
    let total: f64 = generated.busways.iter().map(|r| r.length_m * f64::from(r.parallel)).sum();
    assert!((total - generated.quantities.busway_m).abs() < 1e-9);
}

#[test]
fn single_corded_racks_hang_on_their_side() {
    let mut hall = plan(1, 3, "dgx_b200", 2);
    let floor = Arc::make_mut(&mut hall.floor);
    floor.racks[0].feeds = Feeds::A;
    floor.racks[1].feeds = Feeds::B;
    let generated = chain(&hall);
    let fed = |k: usize| -> Vec<&str> {
        let feeds = generated.case.loads[k].feeds.iter();
        feeds.map(|f| generated.case.elements[f.element].name.as_str()).collect()
    };
    assert_eq!(fed(0), ["BW-A-R1"]);
    assert_eq!(fed(1), ["BW-B-R1"]);
    assert_eq!(fed(2), ["BW-A-R1", "BW-B-R1"]);
}

#[test]
fn an_empty_hall_and_one_without_utility_are_answered() {
    let empty = plan(0, 0, "dgx_b200", 2);
    assert_eq!(solve(&chain(&empty)).totals.source_w, 0.0);
    let dark = with_power(&empty, |p| p.utility_kv = f64::NAN);
    let error = generate(&snapshot(&dark), &ChainDemand::default()).unwrap_err();
    assert!(error.to_string().contains("utility_kv"), "{error}");
}

#[test]
fn the_order_of_racks_in_the_plan_does_not_matter() {
    let hall = plan(3, 8, "gb200_nvl72", 1);
    let mut shuffled = hall.clone();
    Arc::make_mut(&mut shuffled.floor).racks.reverse();
    assert_eq!(chain(&hall), chain(&shuffled));
}

#[test]
#[ignore = "prints timings"]
fn print_preset_medians() {
    let plan = crate::format::from_text(PRESETS[0].1).unwrap().plan;
    let median_us = |work: &dyn Fn()| {
        let mut times: Vec<f64> = (0..101)
            .map(|_| {
                let start = std::time::Instant::now();
                work();
                start.elapsed().as_secs_f64() * 1e6
            })
            .collect();
        times.sort_by(f64::total_cmp);
        times[50]
    };
    let generated = chain(&plan);
    let build = median_us(&|| drop(chain(&plan)));
    let solve_all = median_us(&|| drop(solve(&generated)));
    let states = solve(&generated).scenarios.len();
    println!("resolve and generate {build:.0} us, solve {states} states {solve_all:.0} us");
}
