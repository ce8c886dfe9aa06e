//! Physics of the ride-through: exact slopes, kept heat, steps, failures of the question.

use super::super::case::{
    AirCase, AirPath, AirProperties, AirRack, AirUnit, Box3, InletLimits, Rect, Side, UnitKind,
};
use super::super::error::AirError;
use super::super::rack::RackOptions;
use super::*;

const AIR: AirProperties = AirProperties { rho_kg_m3: 1.2, cp_j_kg_k: 1005.0 };
/// Of a rack: little enough for an open hall to stay within limits until something fails.
const HEAT_W: f64 = 5_000.0;

fn rack(id: String, x: f64, y: f64, front: Side) -> AirRack {
    AirRack {
        id,
        object: None,
        box_m: Box3 { min_m: [x, y, 0.0], max_m: [x + 0.6, y + 1.2, 2.1] },
        front,
        flow_m3_s: 0.8,
        heat_w: HEAT_W,
        removed_w: 0.0,
        limits: Some(InletLimits::ashrae_a1()),
        options: RackOptions::default(),
    }
}

fn crah(id: String, y: f64, flow_m3_s: f64) -> AirUnit {
    let face = |min_m, max_m, air_side| AirPath::Faces(vec![Rect { min_m, max_m, air_side }]);
    AirUnit {
        id,
        object: None,
        kind: UnitKind::Crah,
        box_m: Some(Box3 { min_m: [0.0, y, 0.0], max_m: [0.9, y + 1.8, 1.8] }),
        intake: face([0.0, y, 1.8], [0.9, y + 1.8, 1.8], Side::PlusZ),
        discharge: face([0.9, y, 0.0], [0.9, y + 1.8, 0.9], Side::PlusX),
        flow_m3_s,
        supply_t_k: 291.15,
        capacity_w: Some(15_000.0 * flow_m3_s),
        coil_inlet_t_k: None,
        failed: false,
        fans: None,
    }
}

fn hall() -> AirCase {
    let mut case = AirCase::empty("hall", [9.0, 7.2, 3.6], AIR);
    case.dx_m = 0.6;
    for i in 0..4 {
        let x = 3.0 + 0.6 * f64::from(i);
        case.racks.push(rack(format!("A{i}"), x, 1.2, Side::PlusY));
        case.racks.push(rack(format!("B{i}"), x, 4.2, Side::MinusY));
    }
    case.units.push(crah("CRAH1".into(), 0.6, 4.0));
    case.units.push(crah("CRAH2".into(), 4.8, 4.0));
    case
}

fn sealed() -> AirCase {
    let mut case = AirCase::empty("sealed", [6.0, 4.8, 3.0], AIR);
    case.dx_m = 0.6;
    case.racks.push(rack("R".into(), 2.4, 1.8, Side::PlusY));
    case
}

fn ask(case: AirCase, event: Event, options: RideOptions) -> RideThrough {
    let question = RideThroughCase { case, event, options };
    ride_through(&question, None, &CancelToken::never(), &mut |_| true).unwrap()
}

/// Mean slope of the hall's air between two points of the series, in K/s.
fn slope(r: &RideThrough, from: usize, to: usize) -> f64 {
    (r.hall_mean_k[to] - r.hall_mean_k[from]) / (r.times_s[to] - r.times_s[from])
}

fn heat_capacity(r: &RideThrough) -> f64 {
    let field = &r.pictures[0].field;
    let cells = field.solid.iter().filter(|s| !**s).count() as f64;
    AIR.rho_cp() * cells * field.grid.cell_volume_m3()
}

#[test]
fn a_sealed_room_heats_by_its_air_alone_exactly() {
    let options = RideOptions { it_kg: vec![0.0], length_s: 120.0, ..RideOptions::default() };
    let r = ask(sealed(), Event::Nothing, options);
    let exact = HEAT_W / heat_capacity(&r);
    let last = r.times_s.len() - 1;
    for (from, to) in [(0, 1), (1, last / 2), (last / 2, last)] {
        assert!(
            (slope(&r, from, to) / exact - 1.0).abs() < 1e-3,
            "{} {exact}",
            slope(&r, from, to)
        );
    }
    // Not only the mean: no part of the room is left behind.
    let t = |p: &Picture| p.field.t_k.iter().copied().fold(f32::INFINITY, f32::min);
    let coldest = t(&r.pictures[4]) - t(&r.pictures[0]);
    assert!((f64::from(coldest) - exact * 120.0).abs() < 0.1 * exact * 120.0, "{coldest}");
}

#[test]
fn servers_slow_the_sealed_room_to_the_slope_of_all_masses() {
    let options = RideOptions { length_s: 5000.0, picture_s: 1000.0, ..RideOptions::default() };
    let r = ask(sealed(), Event::Nothing, options);
    let servers = ASSUMED_IT_KG * IT_CP_J_KGK;
    let exact = HEAT_W / (heat_capacity(&r) + servers);
    let last = r.times_s.len() - 1;
    let late = slope(&r, last - 200, last);
    assert!((late / exact - 1.0).abs() < 2e-3, "{late} {exact}");
    assert!(r.heat.closure() < 1e-3, "{:?}", r.heat);
}

#[test]
fn heat_is_kept_in_every_event() {
    let events = [
        Event::Nothing,
        Event::UnitsFail { units: vec!["CRAH2".into()] },
        Event::FansStop,
        Event::ChilledWaterLost { pumps_run: true },
        Event::ChilledWaterLost { pumps_run: false },
    ];
    for event in events {
        for slab in [false, true] {
            let options = RideOptions { slab, ..RideOptions::default() };
            let r = ask(hall(), event.clone(), options);
            println!("{} {:?} {:?}", event.label(), r.heat, r.effort);
            assert!(r.heat.closure() < 1e-3, "{event:?} {:?}", r.heat);
            assert!((r.heat.made_j - 8.0 * HEAT_W * 600.0).abs() < 1e-6 * r.heat.made_j);
            assert_eq!(slab, r.heat.slab_j != 0.0);
        }
    }
}

#[test]
fn without_a_failure_the_hall_stays_as_it_was() {
    let r = ask(hall(), Event::Nothing, RideOptions::default());
    let drift = r.hall_mean_k.iter().map(|t| (t - r.hall_mean_k[0]).abs()).fold(0.0, f64::max);
    assert!(drift < 0.5, "{drift}");
    assert!(r.racks.iter().all(|r| r.allowable_s.is_none()));
}

#[test]
fn stopped_fans_trip_every_rack_and_half_the_step_gives_the_same_times() {
    let times = |longest_step_s| {
        let options = RideOptions { longest_step_s, ..RideOptions::default() };
        let r = ask(hall(), Event::FansStop, options);
        assert_eq!(r.first_trips.len(), 3);
        r.racks.iter().map(|r| r.allowable_s.unwrap()).collect::<Vec<_>>()
    };
    let (coarse, fine) = (times(0.8), times(0.4));
    println!("{coarse:.1?}\n{fine:.1?}");
    for (a, b) in coarse.iter().zip(&fine) {
        assert!((a / b - 1.0).abs() < 0.05, "{a} {b}");
    }
}

#[test]
fn chilled_water_gives_more_time_the_more_of_it_there_is() {
    let end = |event| *ask(hall(), event, RideOptions::default()).hall_mean_k.last().unwrap();
    let shared = end(Event::ChilledWaterLost { pumps_run: true });
    let alone = end(Event::ChilledWaterLost { pumps_run: false });
    let none = end(Event::FansStop);
    assert!(shared + 0.5 < alone && alone + 0.5 < none, "{shared} {alone} {none}");
}

#[test]
fn a_failed_unit_heats_the_hall_less_than_all_fans() {
    let one = ask(hall(), Event::UnitsFail { units: vec!["CRAH2".into()] }, RideOptions::default());
    let all = ask(hall(), Event::FansStop, RideOptions::default());
    let end = |r: &RideThrough| r.hall_mean_k.last().copied().unwrap();
    assert!(end(&one) > one.hall_mean_k[0] + 1.0 && end(&one) + 5.0 < end(&all));
    // The mouths of the failed unit are shut.
    let field = &one.pictures[20].field;
    let mouth = field.grid.index([2, 9, 0]);
    assert!(field.velocity_m_s[0][mouth].abs() < 0.5, "{}", field.velocity_m_s[0][mouth]);
}

#[test]
fn bad_questions_and_cancelled_runs_say_so() {
    let cancel = CancelToken::never();
    let question = |event, options| RideThroughCase { case: hall(), event, options };
    let unknown = Event::UnitsFail { units: vec!["CRAH9".into()] };
    let bad =
        ride_through(&question(unknown, RideOptions::default()), None, &cancel, &mut |_| true);
    assert!(matches!(bad, Err(AirError::BadName { .. })), "{bad:?}");
    let options = RideOptions { length_s: f64::NAN, ..RideOptions::default() };
    let bad = ride_through(&question(Event::FansStop, options), None, &cancel, &mut |_| true);
    assert!(matches!(bad, Err(AirError::BadValue { .. })), "{bad:?}");
    let question = question(Event::FansStop, RideOptions::default());
    let stopped = ride_through(&question, None, &cancel, &mut |done| done < 0.3);
    assert!(matches!(stopped, Err(AirError::Cancelled(_))), "{stopped:?}");
}

#[test]
fn the_answer_is_bit_equal_with_one_and_two_threads() {
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let options = RideOptions { length_s: 60.0, ..RideOptions::default() };
        pool.install(|| ask(hall(), Event::FansStop, options))
    };
    assert_eq!(with(1), with(2));
}

/// 200 racks in ten rows with twelve units along two walls.
fn large() -> AirCase {
    let mut case = AirCase::empty("200 racks", [33.0, 30.0, 4.2], AIR);
    case.dx_m = 0.6;
    for row in 0..10 {
        let front = if row % 2 == 0 { Side::PlusY } else { Side::MinusY };
        for i in 0..20 {
            let (x, y) = (10.2 + 0.6 * f64::from(i), 1.2 + 2.7 * f64::from(row));
            case.racks.push(rack(format!("{row}-{i}"), x, y, front));
        }
    }
    for i in 0..12 {
        case.units.push(crah(format!("CRAH{i}"), 1.2 + 2.4 * f64::from(i), 16.0));
    }
    case
}

#[test]
#[ignore = "times a 200-rack hall"]
fn times_of_a_200_rack_hall() {
    let start = std::time::Instant::now();
    let (_, state) = solve(&large(), None, &CancelToken::never()).unwrap();
    println!("settled in {:.2} s", start.elapsed().as_secs_f64());
    for event in [Event::FansStop, Event::ChilledWaterLost { pumps_run: true }] {
        let question = RideThroughCase { case: large(), event, options: RideOptions::default() };
        let start = std::time::Instant::now();
        let r = ride_through(&question, Some(&state), &CancelToken::never(), &mut |_| true);
        let (r, seconds) = (r.unwrap(), start.elapsed().as_secs_f64());
        println!("{} in {seconds:.2} s {:?}", r.event.label(), r.effort);
        let at = |f: fn(&RackRide) -> Option<f64>| {
            r.first_trips.iter().map(|i| f(&r.racks[*i])).collect::<Vec<_>>()
        };
        println!("{:?} closure {:.1e}", at(|r| r.allowable_s), r.heat.closure());
    }
}
