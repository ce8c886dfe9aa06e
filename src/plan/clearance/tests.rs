//! Clearances against halls small enough to check by hand.

use super::*;
use crate::catalog::{RackKey, SizeMm};
use crate::plan::{Contents, Feeds, PointMm, Rack};
use std::sync::Arc;

const PRESET: &str = include_str!("../../../presets/enterprise-1mw.plan.ron");

fn rack(id: u32, x: i32, y: i32, facing: Facing) -> Rack {
    Rack {
        id: ObjectId(id),
        name: format!("R-{id}"),
        frame: RackKey::new("frame"),
        size_mm: SizeMm { width: 600, depth: 1200, height: 2200 },
        at: PointMm::new(x, y),
        facing,
        contents: Contents::Reserved,
        feeds: Feeds::Both,
        rear_door: None,
        phase: 1,
        locked: false,
    }
}

/// The part of a plan file that is needed here; reading files is not this module's matter.
#[derive(serde::Deserialize)]
struct File {
    plan: Plan,
}

fn plan(racks: Vec<Rack>, obstacles: Vec<Obstacle>) -> Plan {
    let options =
        ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    let mut plan = options.from_str::<File>(PRESET).unwrap().plan;
    let hall = Arc::make_mut(&mut plan.hall);
    (hall.size_x_mm, hall.size_y_mm, hall.height_mm) = (20_000, 20_000, 3000);
    plan.floor = Arc::new(Floor { racks, obstacles, ..Floor::default() });
    plan
}

fn rules(plan: &Plan) -> Vec<(&'static str, Gravity, Option<i32>)> {
    conflicts(plan).into_iter().map(|c| (c.rule, c.gravity, c.value_mm)).collect()
}

#[test]
fn good_aisles_have_no_conflicts() {
    let facing = vec![
        rack(1, 5000, 5000, Facing::North),
        rack(2, 5600, 5000, Facing::North),
        rack(3, 5000, 7400, Facing::South),
    ];
    assert_eq!(rules(&plan(facing, Vec::new())), []);
}

#[test]
fn a_narrow_cold_aisle_is_one_conflict_between_two_fronts() {
    let facing = vec![rack(1, 5000, 5000, Facing::North), rack(2, 5000, 7300, Facing::South)];
    let found = conflicts(&plan(facing, Vec::new()));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].a, found[0].b), (ObjectId(1), Some(ObjectId(2))));
    assert_eq!((found[0].limit_mm, found[0].value_mm), (Some(1200), Some(1100)));
    assert_eq!(found[0].gravity, Gravity::Tight);
}

#[test]
fn overlaps_walls_doors_and_the_ceiling_are_found() {
    let mut tall = rack(3, 10_000, 10_000, Facing::South);
    tall.size_mm.height = 3200;
    let door = Obstacle {
        id: ObjectId(9),
        kind: ObstacleKind::Door,
        area: RectMm::at(PointMm::new(15_000, 8000), 1000, 1000),
        locked: false,
    };
    let racks = vec![
        rack(1, 5000, 5000, Facing::South),
        rack(2, 5300, 5000, Facing::South),
        tall,
        rack(4, 15_500, 8500, Facing::South),
        rack(5, 19_700, 15_000, Facing::South),
    ];
    let found = rules(&plan(racks, vec![door]));
    for rule in ["space.overlap", "space.ceiling", "space.obstacle", "space.outside-hall"] {
        let hits: Vec<_> = found.iter().filter(|f| f.0 == rule).collect();
        assert_eq!(hits.len(), 1, "{rule} in {found:?}");
        assert_eq!(hits[0].1, Gravity::Impossible);
    }
}

#[test]
fn a_front_at_the_wall_can_not_open() {
    let found = rules(&plan(vec![rack(1, 5000, 300, Facing::South)], Vec::new()));
    assert_eq!(found, [("space.front-clearance", Gravity::Impossible, Some(300))]);
}

#[test]
fn conflicts_of_some_are_those_of_all_that_name_them() {
    let racks: Vec<Rack> = (0..200)
        .map(|i| {
            let (x, y) = ((i * 733 % 19_000) as i32, (i * 1217 % 18_000) as i32);
            rack(i as u32 + 1, x, y, Facing::ALL[i % 4])
        })
        .collect();
    let plan = plan(racks, Vec::new());
    let all = conflicts(&plan);
    for id in [3, 77, 150] {
        let ids = BTreeSet::from([ObjectId(id)]);
        let expected: Vec<Conflict> = all
            .iter()
            .filter(|c| ids.contains(&c.a) || c.b.is_some_and(|b| ids.contains(&b)))
            .cloned()
            .collect();
        assert_eq!(conflicts_of(&plan, &ids), expected);
    }
}
