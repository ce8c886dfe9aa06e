//! The answer depends on the plan and nothing else: not on the order in which objects stand in
//! the file, not on what was evaluated before.

use crate::support::{draft, hall};
use std::sync::Arc;
use tokenmill::evaluate::Evaluator;
use tokenmill::evaluate::cancel::CancelToken;
use tokenmill::evaluate::clock::Clock;
use tokenmill::evaluate::result::Quality;

const HALLS: [&str; 3] = ["enterprise-1mw", "gb200-superpod-su", "mi355x-liquid"];

#[test]
fn the_order_of_objects_in_the_file_does_not_matter() {
    for id in HALLS {
        let mut hall = hall(id);
        let before = serde_json::to_string(&draft(&hall)).unwrap();
        let floor = Arc::make_mut(&mut hall.plan.floor);
        floor.racks.reverse();
        let third = floor.racks.len() / 3;
        floor.racks.rotate_left(third);
        floor.units.reverse();
        floor.containments.reverse();
        let after = serde_json::to_string(&draft(&hall)).unwrap();
        assert!(before == after, "{id}: {}", first_difference(&before, &after));
    }
}

#[test]
fn the_order_of_tiles_and_obstacles_does_not_matter() {
    for id in HALLS {
        let mut hall = hall(id);
        let before = serde_json::to_string(&draft(&hall)).unwrap();
        let floor = Arc::make_mut(&mut hall.plan.floor);
        floor.tiles.reverse();
        floor.obstacles.reverse();
        let after = serde_json::to_string(&draft(&hall)).unwrap();
        assert!(before == after, "{id}: {}", first_difference(&before, &after));
    }
}

#[test]
fn an_evaluator_with_a_past_answers_like_a_fresh_one() {
    for id in HALLS {
        let hall = hall(id);
        let mut evaluator = Evaluator::new(2, Clock::still());
        let mut answer = |plan: &tokenmill::plan::Plan| {
            evaluator
                .evaluate(plan, &hall.catalog, 1, Quality::Settled, &CancelToken::never())
                .unwrap()
        };
        let fresh = answer(&hall.plan);
        let mut moved = hall.plan.clone();
        Arc::make_mut(&mut moved.cooling).air_supply_c += 3.0;
        answer(&moved);
        let again = answer(&hall.plan);
        assert_eq!(fresh.racks.len(), again.racks.len());
        for (a, b) in fresh.racks.iter().zip(&again.racks) {
            let (x, y) = (a.inlet_c.unwrap_or(0.0), b.inlet_c.unwrap_or(0.0));
            // The air field starts from the last one: equal within the solver's tolerance.
            assert!((x - y).abs() < 0.01, "{id} {}: {x} and {y} °C", a.name);
        }
        let (a, b) = (fresh.kpi.facility_mw, again.kpi.facility_mw);
        assert!((a - b).abs() <= 1e-9 * a, "{id}: {a} and {b} MW");
        assert_eq!(fresh.fabric, again.fabric, "{id}");
    }
}

/// Where two texts part, with what stands around it.
fn first_difference(a: &str, b: &str) -> String {
    let at = a.bytes().zip(b.bytes()).position(|(x, y)| x != y).unwrap_or(a.len().min(b.len()));
    let around = |text: &str| {
        let bytes = &text.as_bytes()[at.saturating_sub(120)..(at + 60).min(text.len())];
        String::from_utf8_lossy(bytes).into_owned()
    };
    format!("\n  {}\n  {}", around(a), around(b))
}
