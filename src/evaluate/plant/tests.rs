//! The plant stage as a whole: conservation, EnergyPlus years, findings, bad input.

use super::fixture::{WATER, ashburn, chillers, coolers, energyplus_sites, golden, pump, towers};
use super::*;
use crate::evaluate::finding::Severity;
use proptest::prelude::*;

fn k(t_c: f64) -> f64 {
    t_c + 273.15
}

fn plant_loop(plant: Plant, supply_set_c: f64, flow_m3_s: f64) -> PlantLoop {
    PlantLoop {
        name: "FWS".into(),
        heat_w: 1e6,
        supply_set_k: k(supply_set_c),
        fluid: WATER,
        pump: pump(flow_m3_s),
        plant,
    }
}

fn dry(supply_set_c: f64) -> PlantLoop {
    let plant = Plant::DryCooler { coolers: coolers(2, 1), adiabatic: None };
    plant_loop(plant, supply_set_c, 0.025)
}

fn wet_dry(supply_set_c: f64) -> PlantLoop {
    let pads = Adiabatic { saturation_effectiveness: 0.8, cycles_of_concentration: 3.0 };
    let plant = Plant::DryCooler { coolers: coolers(2, 1), adiabatic: Some(pads) };
    plant_loop(plant, supply_set_c, 0.025)
}

fn tower(supply_set_c: f64) -> PlantLoop {
    let plant = Plant::CoolingTower { towers: towers(2, 1), exchanger_approach_k: 0.0 };
    plant_loop(plant, supply_set_c, 0.042_935)
}

fn air_chiller(supply_set_c: f64) -> PlantLoop {
    let plant =
        Plant::AirCooledChiller { chillers: chillers(3, 1), free_cooling: Some(coolers(3, 1)) };
    plant_loop(plant, supply_set_c, 0.03)
}

fn water_chiller(supply_set_c: f64) -> PlantLoop {
    let plant = Plant::WaterCooledChiller {
        chillers: Chillers { rated_cop: 6.0, rated_lift_k: 22.0, ..chillers(2, 1) },
        towers: Towers { pump: Some(pump(0.05)), ..towers(2, 1) },
        economiser_approach_k: Some(2.0),
        condenser_min_k: k(15.0),
    };
    plant_loop(plant, supply_set_c, 0.03)
}

fn every_kind(supply_set_c: f64) -> Vec<PlantLoop> {
    let mut loops = [dry, wet_dry, tower, air_chiller, water_chiller].map(|f| f(supply_set_c));
    loops.iter_mut().enumerate().for_each(|(i, l)| l.name = format!("L{i}"));
    loops.to_vec()
}

fn solved(climate: Climate, loops: Vec<PlantLoop>) -> PlantResult {
    solve(&PlantCase { climate, loops }).unwrap()
}

fn rules(r: &PlantResult) -> Vec<&'static str> {
    r.findings.iter().map(|f| f.rule).collect()
}

#[test]
fn what_goes_outdoors_is_heat_and_work_in_every_month_and_on_the_design_day() {
    for climate in [golden(), ashburn()] {
        let r = solved(climate, every_kind(26.0));
        for l in &r.loops {
            for m in &l.months {
                let given = m.heat_kwh + m.fan_kwh + m.pump_kwh + m.compressor_kwh;
                assert!((m.rejected_kwh / given - 1.0).abs() < 1e-9, "{}", l.name);
            }
            let given = l.heat_w + l.design.power.total_w();
            assert!((l.design.rejected_w / given - 1.0).abs() < 1e-9);
            let carried = WATER.density_kg_m3 * WATER.cp_j_kg_k;
            assert!(l.design.return_k > l.design.supply_k && carried > 0.0);
        }
    }
}

/// Prints ours against EnergyPlus for five climates: fan and pump energy, water, missed hours.
#[test]
fn years_are_near_energyplus() {
    for site in energyplus_sites() {
        let mut t = tower(27.0);
        t.plant = Plant::CoolingTower { towers: towers(1, 0), exchanger_approach_k: 0.0 };
        let mut d = dry(33.0);
        d.pump = pump(0.024_044);
        d.plant = Plant::DryCooler {
            coolers: DryCoolers {
                rated_flow_m3_s: 0.024_044,
                rated_approach_k: 8.05,
                air_flow_m3_s: 78.58,
                fan_w: 16_000.0,
                control: FanControl::TwoSpeed { low_flow: 0.5, low_power: 0.16 },
                ..coolers(1, 0)
            },
            adiabatic: None,
        };
        let r = solved(site.climate(), vec![t, d]);
        let overhead = |i: usize| r.loops[i].annual_mean_power.total_w() / 1e6;
        let makeup = r.loops[0].makeup_m3_year / 8760.0;
        let hours = r.loops[1].hours_above_set_point;
        println!(
            "{:14} tower {:.4} ({:.4})  water {:.3} ({:.3})  dry {:.4} ({:.4})  above {:4.0} ({:4.0})",
            site.id,
            overhead(0),
            site.tower_27c_overhead.unwrap(),
            makeup,
            site.tower_27c_makeup_l_kwh.unwrap(),
            overhead(1),
            site.dry_33c_overhead.unwrap(),
            hours,
            site.dry_33c_hours_above.unwrap(),
        );
        assert!((overhead(0) / site.tower_27c_overhead.unwrap() - 1.0).abs() < 0.1);
        assert!((makeup / site.tower_27c_makeup_l_kwh.unwrap() - 1.0).abs() < 0.15);
        assert!((overhead(1) / site.dry_33c_overhead.unwrap() - 1.0).abs() < 0.2);
    }
}

#[test]
fn a_tower_at_golden_costs_about_what_esif_reports() {
    // NREL ESIF: annual PUE 1.036 with towers on warm water, all cooling parts included.
    let r = solved(golden(), vec![tower(24.0)]);
    let cooling_part = r.annual_mean_power.total_w() / 1e6;
    assert!((0.01..0.036).contains(&cooling_part), "{cooling_part}");
    assert_eq!(r.loops[0].hours_above_set_point, 0.0);
}

#[test]
fn adiabatic_assist_saves_hours_above_the_set_point_and_uses_water_only_then() {
    let r = solved(ashburn(), vec![dry(33.0), wet_dry(33.0)]);
    assert!(r.loops[1].hours_above_set_point < r.loops[0].hours_above_set_point);
    assert_eq!(r.loops[0].makeup_m3_year, 0.0);
    assert!(r.loops[1].makeup_m3_year > 0.0);
    assert_eq!(r.loops[1].months[0].makeup_m3, 0.0);
}

#[test]
fn free_cooling_cuts_compressor_energy_and_hours_grow_with_the_set_point() {
    let mut without = air_chiller(20.0);
    if let Plant::AirCooledChiller { free_cooling, .. } = &mut without.plant {
        *free_cooling = None;
    }
    let r = solved(ashburn(), vec![air_chiller(20.0), without, air_chiller(30.0)]);
    let compressor = |i: usize| r.loops[i].annual_mean_power.compressor_w;
    assert!(compressor(0) < 0.6 * compressor(1));
    assert!(compressor(2) < compressor(0));
    assert_eq!(r.loops[1].free_cooling_hours, 0.0);
    assert!(r.loops[2].free_cooling_hours > r.loops[0].free_cooling_hours);
    let wet = solved(golden(), vec![water_chiller(20.0)]);
    assert!(wet.loops[0].free_cooling_hours > 6000.0, "{}", wet.loops[0].free_cooling_hours);
}

#[test]
fn a_dry_cooler_below_ambient_is_an_error_and_floats_to_a_true_balance() {
    let r = solved(ashburn(), vec![dry(25.0)]);
    assert_eq!(rules(&r), ["plant.capacity-short"]);
    assert_eq!(r.loops[0].design_capacity_w, 0.0);
    assert!(r.loops[0].design.supply_k > k(35.0));
    assert!(r.loops[0].worst_approach_k > 0.0);
}

#[test]
fn spares_that_do_not_cover_an_outage_are_an_error_and_none_at_all_a_warning() {
    let mut l = dry(45.0);
    assert_eq!(rules(&solved(ashburn(), vec![l.clone()])), Vec::<&str>::new());
    l.heat_w = 1.8e6;
    l.pump = pump(0.045);
    let r = solved(ashburn(), vec![l.clone()]);
    assert_eq!(rules(&r), ["plant.set-point-missed"]);
    if let Plant::DryCooler { coolers, .. } = &mut l.plant {
        coolers.units = Units { count: 2, spare: 0 };
    }
    let r = solved(ashburn(), vec![l]);
    assert_eq!(rules(&r), ["plant.capacity-short-one-out"]);
    assert_eq!(r.findings[0].severity, Severity::Warning);
}

#[test]
fn a_loop_without_heat_asks_for_nothing_but_its_pumps() {
    let mut l = every_kind(30.0);
    l.iter_mut().for_each(|l| l.heat_w = 0.0);
    let r = solved(golden(), l.clone());
    assert_eq!(rules(&r), Vec::<&str>::new());
    l.iter_mut().for_each(|l| l.pump.head_pa = 0.0);
    let r = solved(golden(), l);
    assert!(r.annual_mean_power.total_w().is_finite());
}

#[test]
fn bad_input_is_refused_by_name() {
    let refused = |change: fn(&mut PlantCase)| {
        let mut c = PlantCase { climate: golden(), loops: every_kind(27.0) };
        change(&mut c);
        solve(&c).unwrap_err().to_string()
    };
    assert!(refused(|c| c.climate.elevation_m = f64::NAN).contains("elevation_m is NaN"));
    assert!(refused(|c| c.climate.design_wet_bulb_k = 320.0).contains("below design_dry_bulb_k"));
    assert!(refused(|c| c.loops[0].heat_w = -1.0).contains("L0: heat_w is -1"));
    assert!(refused(|c| c.loops[2].pump.wire_to_water = 0.0).contains("between 0.01 and 1"));
    assert!(
        refused(|c| {
            if let Plant::DryCooler { coolers, .. } = &mut c.loops[0].plant {
                coolers.rated_approach_k = 0.02;
            }
        })
        .contains("no coil reaches")
    );
}

#[test]
fn cases_survive_a_round_trip_through_text() {
    let c = PlantCase { climate: golden(), loops: every_kind(27.0) };
    let text = ron::to_string(&c).unwrap();
    assert_eq!(ron::from_str::<PlantCase>(&text).unwrap(), c);
}

/// Prints the best time of a solve; asserts nothing about it.
#[test]
fn time_of_a_solve() {
    let time = |what: &str, loops: Vec<PlantLoop>| {
        let case = PlantCase { climate: ashburn(), loops };
        let one = |_| {
            let start = std::time::Instant::now();
            std::hint::black_box(solve(std::hint::black_box(&case)).unwrap());
            start.elapsed().as_micros()
        };
        println!("plant, {what}: {} us", (0..100).map(one).min().unwrap());
    };
    time("climate alone", vec![]);
    time("dry cooler", vec![dry(33.0)]);
    time("tower", vec![tower(27.0)]);
    time("water-cooled chiller", vec![water_chiller(20.0)]);
    time("dry cooler and water-cooled chiller", vec![dry(33.0), water_chiller(20.0)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn any_plausible_case_is_finite_and_conserves(
        set in 8.0..50.0f64, heat in 0.0..4e6f64, warm in -10.0..10.0f64, flow in 0.005..0.1f64,
    ) {
        let mut climate = golden();
        climate.dry_bulb_mean_k.iter_mut().for_each(|t| *t += warm);
        climate.design_dry_bulb_k += warm;
        let mut loops = every_kind(set);
        for l in &mut loops {
            l.heat_w = heat;
            l.pump.flow_m3_s = flow;
        }
        for l in solved(climate, loops).loops {
            let given = l.heat_w + l.annual_mean_power.total_w();
            let rejected = l.months.iter().map(|m| m.rejected_kwh).sum::<f64>() / 8.76;
            prop_assert!((rejected / given - 1.0).abs() < 1e-9);
            prop_assert!(l.warmest_supply_k.is_finite() && l.worst_approach_k.is_finite());
            prop_assert!(l.design_capacity_w.is_finite() && l.makeup_m3_year >= 0.0);
        }
    }
}
