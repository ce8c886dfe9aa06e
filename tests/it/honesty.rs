//! No plan with an exceeded limit shows green: random edits of presets, each answer searched for
//! limits that are exceeded without a finding, for numbers that are none, and for refusals that
//! name nothing.

use crate::support::{evaluate, hall, not_finite};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokenmill::catalog::{ModelKey, NetworkKey, SiteKey, SystemKey};
use tokenmill::evaluate::EvaluateError;
use tokenmill::evaluate::finding::{Finding, Severity, Subject};
use tokenmill::evaluate::result::{Limit, Quality, Results};
use tokenmill::format::limits;
use tokenmill::plan::{
    Contents, Deployment, Distribution, Drafts, ElementOverride, Feeds, Job, ObjectId, Plan,
    PlantKind, Precision, Scheme, ServingEngine, Topology,
};

/// Plans tried per property; the environment variable `CASES` asks for more.
const CASES: u32 = 150;
/// Slack of comparisons: rounding at a limit is no excess.
const SLACK: f64 = 1e-6;

const BASES: [&str; 3] = ["enterprise-1mw", "gb200-superpod-su", "mi355x-liquid"];
const ELEMENTS: [&str; 10] = [
    "UT-A",
    "UT-B",
    "MV-A",
    "TX-A1",
    "UPS-A1",
    "OPB-A1",
    "BW-A-R1",
    "BW-A-R1.1",
    "FD-A-R2",
    "MTX-A",
];
const SYSTEMS: [&str; 5] =
    ["dgx_h100", "dgx_b200", "gb200_nvl72", "mi355x_8way_dlc", "kyber_nvl576"];

/// One random change.
#[derive(Clone, Debug)]
enum Change {
    AirSupply(f64),
    ChilledWater(f64),
    Tcs(f64),
    Fws(f64),
    Plants(PlantKind, PlantKind, u32),
    Power(Scheme, Distribution, f64),
    Override(usize, ElementOverride),
    CoolingOverride(bool, ElementOverride),
    MoveRack(usize, i32, i32),
    Contents(usize, usize, u32),
    FeedsOf(usize, Feeds),
    DropUnits(usize),
    Airflow(f64),
    FailUnit(usize),
    FloorLoad(f64),
    Storage(u32),
    Fabric(Topology, f64, usize),
    Spines(u32),
    Model(usize, Precision),
    Tokens(u32, u32, f64, f64),
    Serves(f64, ServingEngine, Deployment, Option<Drafts>),
    Demand(f64, f64),
    Site(usize),
    Elevation(f64),
    NoContainment,
    DropRacks(usize),
}

fn one_of<T: Clone + std::fmt::Debug + 'static>(all: &[T]) -> impl Strategy<Value = T> + use<T> {
    prop::sample::select(all.to_vec())
}

fn override_values() -> impl Strategy<Value = ElementOverride> {
    (
        prop::option::of((-1.0..5.0_f64).prop_map(|e| 10_f64.powf(e))),
        prop::option::of(0..20_u32),
        prop::option::of((-0.5..3.5_f64).prop_map(|e| 10_f64.powf(e))),
        prop::option::of(-12.0..12.0_f64),
    )
        .prop_map(|(rating, count, length_m, tap_percent)| ElementOverride {
            rating,
            count,
            length_m,
            tap_percent,
        })
}

/// What runs the model: anything that a file may hold.
fn serves() -> impl Strategy<Value = Change> {
    let drafts = (1..=16_u32, 0.0..=1.0_f64)
        .prop_map(|(drafted, share)| Drafts { drafted, accepted: share * f64::from(drafted) });
    (
        0.0..=99.0_f64,
        one_of(&ServingEngine::ALL),
        one_of(&Deployment::ALL),
        prop::option::of(drafts),
    )
        .prop_map(|(c, e, d, drafts)| Change::Serves(c, e, d, drafts))
}

fn change() -> impl Strategy<Value = Change> {
    let feeds = [Feeds::Both, Feeds::A, Feeds::B];
    let cooling = prop_oneof![
        (5.0..45.0_f64).prop_map(Change::AirSupply),
        (2.0..45.0_f64).prop_map(Change::ChilledWater),
        (5.0..65.0_f64).prop_map(Change::Tcs),
        (2.0..60.0_f64).prop_map(Change::Fws),
        (one_of(&PlantKind::ALL), one_of(&PlantKind::ALL), 0..3_u32)
            .prop_map(|(a, b, n)| Change::Plants(a, b, n)),
        (any::<bool>(), override_values()).prop_map(|(fws, o)| Change::CoolingOverride(fws, o)),
        (0..8_usize).prop_map(Change::DropUnits),
        (0.0..150.0_f64).prop_map(Change::Airflow),
        (0..10_usize).prop_map(Change::FailUnit),
        Just(Change::NoContainment),
    ];
    let power = prop_oneof![
        (one_of(&Scheme::ALL), one_of(&Distribution::ALL), -1.5..1.5_f64)
            .prop_map(|(s, d, e)| Change::Power(s, d, 10_f64.powf(e))),
        (0..ELEMENTS.len(), override_values()).prop_map(|(i, o)| Change::Override(i, o)),
        (0..40_usize, one_of(&feeds)).prop_map(|(i, f)| Change::FeedsOf(i, f)),
    ];
    let floor = prop_oneof![
        (0..40_usize, -20_000..20_000_i32, -20_000..20_000_i32)
            .prop_map(|(i, x, y)| Change::MoveRack(i, x, y)),
        (0..40_usize, 0..SYSTEMS.len(), 1..60_u32).prop_map(|(i, s, n)| Change::Contents(i, s, n)),
        (0.5..20.0_f64).prop_map(Change::FloorLoad),
        (0..40_usize).prop_map(Change::DropRacks),
    ];
    let job = prop_oneof![
        (0..200_u32).prop_map(Change::Storage),
        (one_of(&Topology::ALL), 1.0..64.0_f64, 0..4_usize)
            .prop_map(|(t, o, s)| Change::Fabric(t, o, s)),
        (0..40_u32).prop_map(Change::Spines),
        (0..100_usize, one_of(&Precision::ALL)).prop_map(|(m, p)| Change::Model(m, p)),
        (1..300_000_u32, 1..100_000_u32, 0.0..5.0_f64, -1.0..4.0_f64)
            .prop_map(|(i, o, t, p)| Change::Tokens(i, o, 10_f64.powf(t), 10_f64.powf(p))),
        serves(),
        (0.1..100.0_f64, 1.0..24.0_f64).prop_map(|(s, p)| Change::Demand(s, p)),
        (0..100_usize).prop_map(Change::Site),
        (-430.0..5500.0_f64).prop_map(Change::Elevation),
    ];
    prop_oneof![cooling, power, floor, job]
}

fn pick<T>(list: &[T], at: usize) -> usize {
    at % list.len().max(1)
}

/// Key of some entry of a table.
fn some_id<S>(table: &tokenmill::catalog::Table<S>, at: usize) -> String {
    table.iter().nth(at % table.len()).map(|e| e.id.clone()).unwrap_or_default()
}

fn apply(plan: &mut Plan, catalog: &tokenmill::catalog::Catalog, change: &Change) {
    match change.clone() {
        Change::AirSupply(c) => Arc::make_mut(&mut plan.cooling).air_supply_c = c,
        Change::ChilledWater(c) => Arc::make_mut(&mut plan.cooling).chilled_water_c = c,
        Change::Tcs(c) => Arc::make_mut(&mut plan.cooling).tcs_supply_c = c,
        Change::Fws(c) => Arc::make_mut(&mut plan.cooling).fws_supply_c = c,
        Change::Plants(liquid, air, spare) => {
            let cooling = Arc::make_mut(&mut plan.cooling);
            (cooling.liquid_plant, cooling.air_plant) = (liquid, air);
            (cooling.spare_plant_units, cooling.spare_cdus) = (spare, spare);
        }
        Change::Power(scheme, distribution, mw) => {
            let power = Arc::make_mut(&mut plan.power);
            (power.scheme, power.distribution, power.utility_mw) = (scheme, distribution, mw);
        }
        Change::Override(i, part) => {
            Arc::make_mut(&mut plan.power).overrides.insert(ELEMENTS[i].into(), part);
        }
        Change::CoolingOverride(fws, part) => {
            let name = if fws { "FWS" } else { "TCS-1" };
            Arc::make_mut(&mut plan.cooling).overrides.insert(name.into(), part);
        }
        Change::Airflow(pct) => {
            for unit in &mut Arc::make_mut(&mut plan.floor).units {
                unit.airflow_pct = pct;
            }
        }
        Change::NoContainment => Arc::make_mut(&mut plan.floor).containments.clear(),
        Change::DropUnits(n) => Arc::make_mut(&mut plan.floor).units.truncate(n),
        Change::DropRacks(n) => Arc::make_mut(&mut plan.floor).racks.truncate(n),
        Change::FloorLoad(kpa) => Arc::make_mut(&mut plan.hall).floor_load_kpa = kpa,
        Change::Storage(n) => Arc::make_mut(&mut plan.storage).count = n,
        Change::Fabric(topology, oversubscription, switch) => {
            let fabric = Arc::make_mut(&mut plan.fabric);
            (fabric.topology, fabric.oversubscription) = (topology, oversubscription);
            fabric.switch = NetworkKey::new(["qm9700", "sn5600", "q3400_ra", "sn4600c"][switch]);
        }
        Change::Spines(n) => {
            let part = ElementOverride { count: Some(n), ..ElementOverride::default() };
            Arc::make_mut(&mut plan.fabric).overrides.insert("spine".into(), part);
        }
        Change::Model(at, precision) => {
            let workload = Arc::make_mut(&mut plan.workload);
            workload.model = ModelKey::new(some_id(&catalog.models, at));
            workload.precision = precision;
        }
        Change::Tokens(input, output, ttft, tpot) => {
            if let Job::Serving(job) = &mut Arc::make_mut(&mut plan.workload).job {
                (job.input_tokens, job.output_tokens) = (input, output);
                (job.ttft_ms, job.tpot_ms) = (ttft, tpot);
            }
        }
        Change::Serves(cached, engine, deployment, drafts) => {
            if let Job::Serving(job) = &mut Arc::make_mut(&mut plan.workload).job {
                job.cached_prompt_pct = cached;
                (job.engine, job.deployment, job.drafts) = (engine, deployment, drafts);
            }
        }
        Change::Demand(sold, peak) => {
            if let Job::Serving(job) = &mut Arc::make_mut(&mut plan.workload).job {
                (job.sold_pct, job.peak_to_mean) = (sold, peak);
            }
        }
        Change::Site(at) => {
            Arc::make_mut(&mut plan.site).site = SiteKey::new(some_id(&catalog.sites, at));
        }
        Change::Elevation(m) => Arc::make_mut(&mut plan.site).elevation_m = Some(m),
        on_object => apply_to_object(plan, &on_object),
    }
}

fn apply_to_object(plan: &mut Plan, change: &Change) {
    let floor = Arc::make_mut(&mut plan.floor);
    let (racks, units) = (&mut floor.racks, &mut floor.units);
    match *change {
        Change::FailUnit(at) if !units.is_empty() => {
            let at = pick(units, at);
            units[at].failed = true;
        }
        _ if racks.is_empty() => {}
        Change::MoveRack(at, dx, dy) => {
            let at = pick(racks, at);
            racks[at].at = racks[at].at.offset(dx, dy);
        }
        Change::Contents(at, system, count) => {
            let at = pick(racks, at);
            let system = SystemKey::new(SYSTEMS[system]);
            racks[at].contents = Contents::Compute { system, count };
        }
        Change::FeedsOf(at, feeds) => {
            let at = pick(racks, at);
            racks[at].feeds = feeds;
        }
        _ => {}
    }
}

/// Tries a property on plans made by up to six random changes; the seed is fixed.
fn on_random_plans(judge: impl Fn(&Plan, &Result<Results, EvaluateError>) -> Vec<String>) {
    let asked = std::env::var("CASES").ok().and_then(|n| n.parse().ok());
    let config = Config {
        cases: asked.unwrap_or(CASES),
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let halls = BASES.map(hall);
    let plans = (0..BASES.len(), prop::collection::vec(change(), 1..7));
    let outcome = runner.run(&plans, |(base, changes)| {
        let hall = &halls[base];
        let mut plan = hall.plan.clone();
        for change in &changes {
            apply(&mut plan, &hall.catalog, change);
        }
        prop_assume!(limits::problems(&plan).is_empty());
        let answer = evaluate(&plan, &hall.catalog, Quality::Draft, 1);
        let problems = judge(&plan, &answer);
        if problems.is_empty() {
            return Ok(());
        }
        Err(TestCaseError::fail(format!("{}: {}", hall.id, problems.join("\n  "))))
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// Subjects of findings that at least warn.
fn warned(findings: &[Finding]) -> BTreeSet<Subject> {
    let warns = findings.iter().filter(|f| f.severity >= Severity::Warning);
    warns.map(|f| f.subject.clone()).collect()
}

/// Limits that are exceeded without anybody saying so.
fn silent_excess(plan: &Plan, r: &Results) -> Vec<String> {
    let warned = warned(&r.findings);
    let mut problems = Vec::new();
    let mut demand = |exceeded: bool, subject: Option<Subject>, what: String| {
        let said = match &subject {
            Some(subject) => warned.contains(subject),
            None => r.kpi.errors + r.kpi.warnings > 0,
        };
        if exceeded && !(said && r.kpi.errors + r.kpi.warnings > 0) {
            problems.push(format!("{what}, but no finding says so"));
        }
    };
    for rack in &r.racks {
        let at = || Some(Subject::Object(rack.id));
        let name = &rack.name;
        let inlet = rack.inlet_c.unwrap_or(0.0);
        let works = rack.airflow_m3_s > 0.0;
        let hot = works && inlet > rack.inlet_limit_c + SLACK;
        demand(hot, at(), format!("{name} takes in {inlet} °C of {}", rack.inlet_limit_c));
        let load = rack.floor_kpa.unwrap_or(0.0);
        let limit = plan.hall.floor_load_kpa;
        demand(
            load > limit + SLACK,
            at(),
            format!("{name} loads the floor with {load} kPa of {limit}"),
        );
        demand(rack.clock < 0.99, at(), format!("{name} runs at {} of its clock", rack.clock));
    }
    for e in r.power.elements.iter().filter(|e| e.live) {
        let at = Some(Subject::PowerElement(e.name.clone()));
        let share = e.worst_of_limit();
        demand(share > 1.0 + SLACK, at, format!("{} is at {share} of its limit", e.name));
    }
    let (taken, contract) = (r.kpi.facility_mw, plan.power.utility_mw);
    demand(
        taken > contract * (1.0 + SLACK),
        None,
        format!("{taken} MW of {contract} MW are taken"),
    );
    for load in r.power.loads.iter().filter(|l| !l.served && l.p_w > 0.0) {
        let at = load.object.map(Subject::Object);
        demand(true, at, format!("{} has no power", load.name));
    }
    for l in &r.liquid.loops {
        let at = || Some(Subject::Loop(l.name.clone()));
        let share = l.normal.cdu_loading;
        demand(share > 1.0 + SLACK, at(), format!("CDUs of {} are at {share}", l.name));
        let out = l.one_cdu_out.map_or(0.0, |s| s.cdu_loading);
        demand(out > 1.0 + SLACK, at(), format!("CDUs of {} are at {out} with one out", l.name));
        demand(!l.normal.set_point_held, at(), format!("{} misses its set point", l.name));
        let short = l.normal.flow_m3_s < l.normal.flow_required_m3_s * 0.99;
        demand(short, at(), format!("{} is short of flow", l.name));
        let warm = l.racks.iter().any(|x| x.supply_margin_k.is_some_and(|m| m < -0.1));
        demand(warm, None, format!("coolant of {} is too warm for a rack", l.name));
    }
    for p in r.plant.loops.iter().filter(|p| p.heat_w > 0.0) {
        let at = Some(Subject::Loop(p.name.clone()));
        let short = p.design_capacity_w < p.heat_w * (1.0 - SLACK);
        demand(
            short,
            at,
            format!("plant of {} takes {} of {} W", p.name, p.design_capacity_w, p.heat_w),
        );
    }
    for u in &r.bottleneck.uses {
        demand(
            u.used_pct > 100.0 * (1.0 + SLACK),
            None,
            format!("{} is {} % used ({})", u.limit.label(), u.used_pct, u.basis),
        );
    }
    problems
}

#[test]
fn an_exceeded_limit_is_always_a_finding() {
    on_random_plans(|plan, answer| {
        answer.as_ref().map_or_else(|_| Vec::new(), |r| silent_excess(plan, r))
    });
}

#[test]
fn every_number_of_every_answer_is_a_number() {
    on_random_plans(|_, answer| match answer {
        Ok(results) => not_finite(results),
        Err(error) => refusal_problem(error).into_iter().collect(),
    });
}

/// A refusal must say where and what.
fn refusal_problem(error: &EvaluateError) -> Option<String> {
    let text = error.to_string();
    let vague = text.len() < 15 || text.contains("NaN") || text.contains("inf ");
    vague.then(|| format!("refused without a reason: {text}"))
}

/// What a limit shows against what findings say about the same limit.
fn false_headroom(r: &Results) -> Vec<String> {
    let used = |limit: Limit| {
        let uses = r.bottleneck.uses.iter().filter(|u| u.limit == limit);
        uses.map(|u| u.used_pct).reduce(f64::max).unwrap_or(0.0)
    };
    let pairs = [
        ("power.overload", Limit::Power),
        ("power.contract", Limit::Power),
        ("air.inlet-above-allowable", Limit::Air),
        ("air.unit-over-capacity", Limit::Air),
        ("air.no-cooling-path", Limit::Air),
        ("liquid.cdu-overloaded", Limit::Liquid),
        ("plant.capacity-short", Limit::Liquid),
        ("space.floor-load", Limit::Weight),
        ("storage.accelerators-starved", Limit::Storage),
    ];
    let has =
        |rule: &str| r.findings.iter().any(|f| f.rule == rule && f.severity == Severity::Error);
    pairs
        .iter()
        .filter(|(rule, limit)| has(rule) && used(*limit) <= 100.0)
        .map(|(rule, limit)| {
            format!("{rule} is an error, yet {} is {:.1} % used", limit.label(), used(*limit))
        })
        .collect()
}

#[test]
fn a_limit_with_an_error_has_no_headroom() {
    on_random_plans(|_, answer| answer.as_ref().map_or_else(|_| Vec::new(), false_headroom));
}

/// A rack that the findings call too hot must not have margin in the table and the headline.
fn false_margin(r: &Results) -> Vec<String> {
    let object = |f: &Finding| match f.subject {
        Subject::Object(id) => Some(id),
        _ => None,
    };
    let hot = r.findings.iter().filter(|f| f.rule == "air.inlet-above-allowable");
    let racks = hot.filter_map(|f| r.rack(object(f)?));
    let mut problems: Vec<String> = racks
        .filter(|x| x.inlet_c.is_some_and(|t| t < x.inlet_limit_c))
        .map(|x| {
            format!(
                "{} is above its limit, yet shows {:?} of {} °C",
                x.name, x.inlet_c, x.inlet_limit_c
            )
        })
        .collect();
    let marked = |id: ObjectId| r.rack(id).and_then(|x| x.worst_finding);
    let unmarked = r.findings.iter().filter(|f| object(f).is_some_and(|id| r.rack(id).is_some()));
    problems.extend(
        unmarked
            .filter(|f| object(f).and_then(marked).is_none_or(|s| s < f.severity))
            .map(|f| format!("rack does not show {}", f.message)),
    );
    problems
}

#[test]
fn a_rack_above_its_limit_shows_no_margin() {
    on_random_plans(|_, answer| answer.as_ref().map_or_else(|_| Vec::new(), false_margin));
}

#[test]
fn energy_closes_on_every_plan() {
    on_random_plans(|_, answer| {
        let Ok(r) = answer else { return Vec::new() };
        let closure = r.energy.closure();
        // A dark hall has no input to measure against.
        if r.energy.in_w > 0.0 && closure > 1e-9 {
            return vec![format!("closure {closure:e}: {:?}", r.energy)];
        }
        Vec::new()
    });
}

/// The output board of the only UPS is rated far too small: every rack is dark.
#[test]
fn a_dark_hall_does_no_work() {
    let hall = hall("enterprise-1mw");
    let mut plan = hall.plan.clone();
    let tiny = ElementOverride { rating: Some(1.0), ..ElementOverride::default() };
    Arc::make_mut(&mut plan.power).overrides.insert("OPB-A1".into(), tiny);
    let r = evaluate(&plan, &hall.catalog, Quality::Draft, 1).unwrap();
    assert!(r.findings.iter().any(|f| f.rule == "power.dead-load"), "no rack is dark");
    assert!(
        r.kpi.tokens_per_s.is_none_or(|t| t.base == 0.0),
        "{:?} without power",
        r.kpi.tokens_per_s
    );
    assert!(r.kpi.it_mw == 0.0 && r.power.totals.rack_w == 0.0, "IT {} MW", r.kpi.it_mw);
    let closure = r.energy.closure();
    assert!(closure < 1e-9, "closure {closure:e}: {:?}", r.energy);
}

/// The hottest intake that a rack could still be said to work at, °C: far above every limit and
/// below what switches itself off.
const STOPPED_C: f64 = 60.0;

#[test]
fn a_hall_without_air_does_no_work() {
    let hall = hall("enterprise-1mw");
    let mut plan = hall.plan.clone();
    Arc::make_mut(&mut plan.floor).units.clear();
    let r = evaluate(&plan, &hall.catalog, Quality::Draft, 1).unwrap();
    let working = r.racks.iter().filter(|x| x.tok_s.is_some_and(|t| t > 0.0));
    let cooked = working.filter(|x| x.inlet_c.is_some_and(|t| t > STOPPED_C));
    let cooked: Vec<_> = cooked.map(|x| format!("{} at {:?} °C", x.name, x.inlet_c)).collect();
    assert!(cooked.is_empty(), "racks deliver tokens: {}", cooked.join(", "));
}
