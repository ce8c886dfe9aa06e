//! Coolant loops and plant of every preset: generated, solved, heat accounted for.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::sync::Arc;
use tokenmill::catalog::{Catalog, CoolingKey, shipped};
use tokenmill::evaluate::finding::{Finding, Severity};
use tokenmill::evaluate::liquid::{self, LiquidOfPlan, LiquidResult};
use tokenmill::evaluate::loads::{RackLoad, rack_load};
use tokenmill::evaluate::plant::{self, LoopHeat, PlantOfPlan, PlantResult};
use tokenmill::evaluate::snapshot::Snapshot;
use tokenmill::format::from_text;
use tokenmill::plan::{ElementOverride, Plan, PlantKind};
use tokenmill::units::Watts;

macro_rules! preset {
    ($name:literal) => {
        ($name, include_str!(concat!("../../presets/", $name, ".plan.ron")))
    };
}

const PRESETS: [(&str, &str); 7] = [
    preset!("dgx-b200-superpod"),
    preset!("dgx-h100-superpod-4su"),
    preset!("enterprise-1mw"),
    preset!("gb200-superpod-su"),
    preset!("gb300-10mw"),
    preset!("mi350x-air"),
    preset!("mi355x-liquid"),
];

struct Solved {
    liquid_plan: LiquidOfPlan,
    liquid: LiquidResult,
    plant_plan: PlantOfPlan,
    plant: PlantResult,
}

impl Solved {
    fn findings(&self) -> impl Iterator<Item = &Finding> {
        let made = self.liquid_plan.findings.iter().chain(&self.plant_plan.findings);
        made.chain(&self.liquid.findings).chain(&self.plant.findings)
    }
}

fn catalog() -> Arc<Catalog> {
    shipped().unwrap()
}

fn preset(name: &str) -> Plan {
    let (_, text) = PRESETS.iter().find(|(n, _)| *n == name).unwrap();
    from_text(text).unwrap().plan
}

/// Both stages at design power; switches and appliances are left out.
fn solved(plan: &Plan) -> Solved {
    let snapshot = Snapshot::resolve(plan, &catalog()).unwrap();
    let loads: Vec<RackLoad> =
        snapshot.racks.iter().map(|r| rack_load(r, 1.0, 0.3, Watts::ZERO)).collect();
    let liquid_plan = liquid::from_plan(&snapshot, &loads, None).unwrap();
    let liquid = liquid::solve(&liquid_plan.case).unwrap();
    let facility = LoopHeat {
        heat: Watts::w(liquid.facility_heat_w),
        design_heat: Watts::w(liquid.facility_heat_w),
        flow_m3_s: Some(liquid.facility_flow_m3_s),
    };
    let air: Watts = loads.iter().map(|l| l.air_heat).sum();
    let chilled = LoopHeat { heat: air, design_heat: air, flow_m3_s: None };
    let plant_plan = plant::from_plan(&snapshot, facility, chilled).unwrap();
    let plant = plant::solve(&plant_plan.case).unwrap();
    Solved { liquid_plan, liquid, plant_plan, plant }
}

#[test]
fn every_preset_is_cooled_without_errors_and_its_heat_leaves() {
    for (name, _) in PRESETS {
        let s = solved(&preset(name));
        println!(
            "{name}: liquid {:.0} kW in {} loops, CDU pumps {:.1} kW, TCS pipe {:.0} m, FWS pipe {:.0} m",
            s.liquid.rack_heat_w / 1e3,
            s.liquid.loops.len(),
            s.liquid.pump_w / 1e3,
            s.liquid_plan.tcs_pipe_m,
            s.liquid_plan.fws_pipe_m,
        );
        for (l, q) in s.liquid.loops.iter().zip(&s.liquid_plan.cdus) {
            println!(
                "  {} {} x {}: {} racks, {:.1}/{:.1} C, FWS {:.1} C at {:.0} L/min, load {:.0} %, one out {:.0} %",
                l.name,
                q.count,
                q.key,
                l.racks.len(),
                l.normal.supply_k - 273.15,
                l.normal.return_k - 273.15,
                l.normal.facility_return_k - 273.15,
                l.normal.facility_flow_m3_s * 60_000.0,
                100.0 * l.normal.cdu_loading,
                100.0 * l.one_cdu_out.map_or(f64::NAN, |o| o.cdu_loading),
            );
        }
        for l in &s.plant.loops {
            println!(
                "  {} {:.0} kW: design {:.1} C with {:.4} W/W, year {:.4} W/W, water {:.2} L/kWh, free {:.0} h, missed {:.0} h",
                l.name,
                l.heat_w / 1e3,
                l.design.supply_k - 273.15,
                l.design.power.total_w() / l.heat_w,
                l.annual_mean_power.total_w() / l.heat_w,
                l.makeup_m3_year / 8.76 / l.heat_w * 1e3,
                l.free_cooling_hours,
                l.hours_above_set_point,
            );
        }
        for q in &s.plant_plan.equipment {
            println!("    {} {} x {} of {:.0} kW", q.loop_name, q.count, q.key, q.rated_kw);
        }
        for f in s.findings() {
            println!("  {:?} {} {}", f.severity, f.rule, f.message);
        }
        assert!(s.findings().all(|f| f.severity < Severity::Error), "{name}");
        assert!(
            (s.liquid.facility_heat_w - s.liquid.rack_heat_w - s.liquid.pump_w).abs()
                <= 1e-9 * s.liquid.facility_heat_w
        );
        let given: f64 = s.plant.loops.iter().map(|l| l.heat_w + l.design.power.total_w()).sum();
        let rejected: f64 = s.plant.loops.iter().map(|l| l.design.rejected_w).sum();
        assert!((rejected / given - 1.0).abs() < 1e-9, "{name}");
    }
}

#[test]
fn the_loops_of_the_10_mw_hall_are_its_three_pods() {
    let s = solved(&preset("gb300-10mw"));
    assert_eq!(s.liquid.loops.len(), 3);
    for l in &s.liquid.loops {
        assert_eq!((l.cdu_count, l.racks.len()), (3, 16));
    }
}

#[test]
fn cdus_are_generated_and_counted_where_none_are_drawn() {
    let mut plan = preset("gb300-10mw");
    Arc::make_mut(&mut plan.floor).units.clear();
    let s = solved(&plan);
    let racks: usize = s.liquid.loops.iter().map(|l| l.racks.len()).sum();
    assert_eq!(racks, 48);
    assert!(s.liquid_plan.cdus.iter().all(|c| !c.drawn && c.count >= 2));
    assert!(s.liquid.findings.iter().all(|f| f.severity < Severity::Error));
}

#[test]
fn a_cdu_that_heats_the_room_is_named() {
    let mut plan = preset("gb200-superpod-su");
    Arc::make_mut(&mut plan.floor).units.clear();
    Arc::make_mut(&mut plan.cooling).cdu = CoolingKey::new("cdu_coolit_ahx240");
    let s = solved(&plan);
    assert!(s.liquid_plan.findings.iter().any(|f| f.rule == "liquid.cdu-to-air"));
}

#[test]
fn overrides_by_name_change_the_counts() {
    let mut plan = preset("gb300-10mw");
    let cooling = Arc::make_mut(&mut plan.cooling);
    let one = |count| ElementOverride { count: Some(count), ..ElementOverride::default() };
    cooling.overrides.insert("TCS-2".into(), one(1));
    cooling.overrides.insert("FWS".into(), one(2));
    let s = solved(&plan);
    assert_eq!(s.liquid.loops[1].cdu_count, 1);
    assert_eq!(s.plant_plan.equipment[0].count, 2);
    let rules: Vec<_> = s.findings().map(|f| f.rule).collect();
    assert!(rules.contains(&"liquid.cdu-overloaded"), "{rules:?}");
    assert!(rules.contains(&"plant.capacity-short"), "{rules:?}");
}

#[test]
fn every_kind_of_plant_can_be_generated_for_both_loops() {
    for kind in PlantKind::ALL {
        let mut plan = preset("gb200-superpod-su");
        let cooling = Arc::make_mut(&mut plan.cooling);
        (cooling.liquid_plant, cooling.air_plant) = (kind, kind);
        let s = solved(&plan);
        println!("{kind:?}: {:.1} kW", s.plant.annual_mean_power.total_w() / 1e3);
        assert_eq!(s.plant.loops.len(), 2);
        assert!(s.plant.annual_mean_power.total_w() > 0.0);
    }
}
