//! Clearances: what stands in what, outside the hall, in a door's swing, or too close in front of
//! or behind something that must be served.
//!
//! Distances are measured from face to face: the front of a rack against the front of the rack
//! across the cold aisle. Each face reports its nearest obstacle only; two fronts that crowd each
//! other are one conflict.

use super::spatial::SpatialIndex;
use super::{Facing, Floor, ObjectId, Obstacle, ObstacleKind, Plan, RectMm};
use std::collections::BTreeSet;

/// Depth in front of a rack, mm: cold aisle of two 600 mm tiles, which a tray pull needs too.
const FRONT: Rule = Rule {
    id: "space.front-clearance",
    limit_mm: 1200,
    source: "ASHRAE TC 9.9; ANSI/TIA-942-B: cold aisle 1.2 m",
};
/// Depth behind a rack, mm.
const REAR: Rule = Rule {
    id: "space.rear-clearance",
    limit_mm: 900,
    source: "Hot aisle 0.9 m minimum (practice); 1.2 m preferred for deep chassis",
};
/// Working depth in front of powered units, mm: 3.5 ft.
const WORKING: Rule = Rule {
    id: "space.working-depth",
    limit_mm: 1070,
    source: "NFPA 70 (NEC) 110.26(A)(1), 151–600 V, condition 2",
};
/// Overlap of two faces along the aisle that still counts as side by side, mm.
const LATERAL_TOLERANCE_MM: i32 = 10;
/// Depth by which a containment may reach into a rack, mm: its panel stands on the rack's edge.
const PANEL_MM: i32 = 60;

#[derive(Clone, Copy)]
struct Rule {
    id: &'static str,
    limit_mm: i32,
    source: &'static str,
}

/// How bad a conflict is. Ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// Below good practice; it can be built.
    Tight,
    /// It can not be built or served as drawn.
    Impossible,
}

/// Two things that are too close, or one that is in a wrong place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The object that is too close.
    pub a: ObjectId,
    /// What it is too close to; none for the hall itself.
    pub b: Option<ObjectId>,
    /// Where: the overlap, or the space that is missing.
    pub area: RectMm,
    /// How bad.
    pub gravity: Gravity,
    /// Stable identifier of the rule.
    pub rule: &'static str,
    /// One sentence without a dot.
    pub reason: String,
    /// What is asked for, mm.
    pub limit_mm: Option<i32>,
    /// What there is, mm.
    pub value_mm: Option<i32>,
    /// Who asks for it.
    pub source: &'static str,
}

/// Every conflict in the plan, by object.
#[must_use]
pub fn conflicts(plan: &Plan) -> Vec<Conflict> {
    let room = Room::new(plan);
    sorted((0..room.solids.len()).flat_map(|at| room.check(at)).collect())
}

/// Conflicts that involve these objects: fast enough for every frame of a drag.
#[must_use]
pub fn conflicts_of(plan: &Plan, ids: &BTreeSet<ObjectId>) -> Vec<Conflict> {
    let room = Room::new(plan);
    let mut touched = BTreeSet::new();
    for (at, solid) in room.solids.iter().enumerate() {
        if ids.contains(&solid.id) {
            touched.insert(at);
            touched.extend(room.index.overlapping(&grown(&solid.area, FRONT.limit_mm)));
        }
    }
    let mut found: Vec<Conflict> = touched.into_iter().flat_map(|at| room.check(at)).collect();
    found.retain(|c| ids.contains(&c.a) || c.b.is_some_and(|b| ids.contains(&b)));
    sorted(found)
}

fn sorted(mut found: Vec<Conflict>) -> Vec<Conflict> {
    for c in &mut found {
        if let Some(b) = c.b.filter(|b| *b < c.a && c.rule == FRONT.id) {
            (c.a, c.b) = (b, Some(c.a));
        }
    }
    found.sort_by_key(|c| (c.a, c.rule, c.b));
    found.dedup_by_key(|c| (c.a, c.rule, c.b));
    found
}

/// What an object is to its neighbours.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rack(Facing),
    Unit(Facing),
    Containment,
    Tile,
    Building(ObstacleKind),
}

impl Kind {
    /// Whether nothing else may stand there and nobody can pass.
    const fn is_solid(self) -> bool {
        matches!(
            self,
            Self::Rack(_)
                | Self::Unit(_)
                | Self::Building(ObstacleKind::Column | ObstacleKind::Wall)
        )
    }

    /// Whether it is equipment, whose place is checked.
    const fn is_equipment(self) -> bool {
        matches!(self, Self::Rack(_) | Self::Unit(_))
    }
}

struct Solid<'a> {
    id: ObjectId,
    name: &'a str,
    area: RectMm,
    height_mm: Option<u32>,
    kind: Kind,
}

struct Room<'a> {
    hall: RectMm,
    ceiling_mm: u32,
    solids: Vec<Solid<'a>>,
    index: SpatialIndex,
}

impl<'a> Room<'a> {
    fn new(plan: &'a Plan) -> Self {
        let solids = solids(&plan.floor);
        let index = SpatialIndex::new(solids.iter().map(|s| s.area).collect());
        Self { hall: plan.hall_area(), ceiling_mm: plan.hall.height_mm, solids, index }
    }

    /// Conflicts found from one object.
    fn check(&self, at: usize) -> Vec<Conflict> {
        let solid = &self.solids[at];
        let mut found = Vec::new();
        self.check_hall(solid, &mut found);
        self.check_overlaps(at, &mut found);
        match solid.kind {
            Kind::Rack(facing) => {
                let width =
                    if facing.is_along_y() { solid.area.size_x() } else { solid.area.size_y() };
                found.extend(self.check_face(at, facing, FRONT, "front", width));
                found.extend(self.check_face(at, facing.opposite(), REAR, "rear", width / 2));
            }
            Kind::Unit(facing) => found.extend(self.check_face(at, facing, WORKING, "front", 0)),
            Kind::Containment | Kind::Tile | Kind::Building(_) => {}
        }
        found
    }

    fn check_hall(&self, solid: &Solid<'_>, found: &mut Vec<Conflict>) {
        if !self.hall.encloses(&solid.area) {
            let reason = format!("{} reaches out of the hall", solid.name);
            found.push(impossible(solid, None, solid.area, "space.outside-hall", reason));
        }
        let Some(height) = solid.height_mm.filter(|h| *h > self.ceiling_mm) else { return };
        let reason =
            format!("{} is {height} mm high, the ceiling is at {} mm", solid.name, self.ceiling_mm);
        let mut conflict = impossible(solid, None, solid.area, "space.ceiling", reason);
        conflict.limit_mm = i32::try_from(self.ceiling_mm).ok();
        conflict.value_mm = i32::try_from(height).ok();
        found.push(conflict);
    }

    fn check_overlaps(&self, at: usize, found: &mut Vec<Conflict>) {
        let solid = &self.solids[at];
        for other_at in self.index.overlapping(&solid.area) {
            let other = &self.solids[other_at];
            let shared = intersection(&solid.area, &other.area);
            let (rule, reason) = match (solid.kind, other.kind) {
                _ if other_at == at => continue,
                (a, b) if a.is_equipment() && b.is_equipment() && other_at > at => {
                    ("space.overlap", format!("{} and {} overlap", solid.name, other.name))
                }
                (a, Kind::Building(kind)) if a.is_equipment() => {
                    ("space.obstacle", blocks(solid.name, kind))
                }
                (Kind::Containment, Kind::Rack(_))
                    if shared.size_x().min(shared.size_y()) > PANEL_MM =>
                {
                    ("space.containment", format!("{} cuts through {}", solid.name, other.name))
                }
                (Kind::Tile, Kind::Building(ObstacleKind::Column | ObstacleKind::Wall)) => {
                    ("space.obstacle", format!("A tile lies under a {}", other.name))
                }
                _ => continue,
            };
            found.push(impossible(solid, Some(other.id), shared, rule, reason));
        }
    }

    /// Free depth before a face, against a rule. Less than `leaf_mm` and its door can not open.
    fn check_face(
        &self,
        at: usize,
        side: Facing,
        rule: Rule,
        word: &str,
        leaf_mm: i32,
    ) -> Option<Conflict> {
        let solid = &self.solids[at];
        let strip = before(&solid.area, side, rule.limit_mm);
        let nearest = self
            .index
            .overlapping(&strip)
            .into_iter()
            .filter(|o| *o != at && self.solids[*o].kind.is_solid())
            .filter(|o| !self.solids[*o].area.overlaps(&solid.area))
            .map(|o| (gap(&solid.area, &self.solids[o].area, side), Some(o)))
            .chain([(wall_gap(&solid.area, &self.hall, side), None)])
            .min()?;
        let (value, other) = nearest;
        if value >= rule.limit_mm || value < 0 {
            return None;
        }
        let other = other.map(|o| &self.solids[o]);
        let name = other.map_or("the wall", |o| o.name);
        let gravity = if value < leaf_mm { Gravity::Impossible } else { Gravity::Tight };
        Some(Conflict {
            a: solid.id,
            b: other.map(|o| o.id),
            area: before(&solid.area, side, value.max(1)),
            gravity,
            rule: rule.id,
            reason: format!(
                "{value} mm between the {word} of {} and {name}, {} mm asked for",
                solid.name, rule.limit_mm
            ),
            limit_mm: Some(rule.limit_mm),
            value_mm: Some(value),
            source: rule.source,
        })
    }
}

fn solids(floor: &Floor) -> Vec<Solid<'_>> {
    let building = |o: &Obstacle| Solid {
        id: o.id,
        name: o.kind.label(),
        area: o.area,
        height_mm: None,
        kind: Kind::Building(o.kind),
    };
    let mut all: Vec<Solid<'_>> = floor.obstacles.iter().map(building).collect();
    all.extend(floor.tiles.iter().map(|o| Solid {
        id: o.id,
        name: "A tile",
        area: o.footprint(),
        height_mm: None,
        kind: Kind::Tile,
    }));
    all.extend(floor.racks.iter().map(|o| Solid {
        id: o.id,
        name: &o.name,
        area: o.footprint(),
        height_mm: Some(o.size_mm.height),
        kind: Kind::Rack(o.facing),
    }));
    all.extend(floor.units.iter().map(|o| Solid {
        id: o.id,
        name: &o.name,
        area: o.footprint(),
        height_mm: Some(o.size_mm.height),
        kind: Kind::Unit(o.facing),
    }));
    all.extend(floor.containments.iter().map(|o| Solid {
        id: o.id,
        name: &o.name,
        area: o.area,
        height_mm: Some(o.height_mm),
        kind: Kind::Containment,
    }));
    all
}

fn blocks(name: &str, kind: ObstacleKind) -> String {
    match kind {
        ObstacleKind::Door => format!("{name} blocks the door's swing"),
        ObstacleKind::KeepOut => format!("{name} stands in a keep-out"),
        ObstacleKind::Column | ObstacleKind::Wall | ObstacleKind::Ramp => {
            format!("{name} stands in a {}", kind.label())
        }
    }
}

fn impossible(
    solid: &Solid<'_>,
    b: Option<ObjectId>,
    area: RectMm,
    rule: &'static str,
    reason: String,
) -> Conflict {
    Conflict {
        a: solid.id,
        b,
        area,
        gravity: Gravity::Impossible,
        rule,
        reason,
        limit_mm: None,
        value_mm: None,
        source: "Geometry",
    }
}

const fn grown(area: &RectMm, by: i32) -> RectMm {
    RectMm { min: area.min.offset(-by, -by), max: area.max.offset(by, by) }
}

fn intersection(a: &RectMm, b: &RectMm) -> RectMm {
    RectMm {
        min: super::PointMm::new(a.min.x.max(b.min.x), a.min.y.max(b.min.y)),
        max: super::PointMm::new(a.max.x.min(b.max.x), a.max.y.min(b.max.y)),
    }
}

/// The strip of some depth before a face, a little narrower than the face.
fn before(area: &RectMm, side: Facing, depth: i32) -> RectMm {
    let mut strip = *area;
    let t = LATERAL_TOLERANCE_MM;
    match side {
        Facing::North => {
            (strip.min.y, strip.max.y) = (area.max.y, area.max.y.saturating_add(depth));
        }
        Facing::South => {
            (strip.min.y, strip.max.y) = (area.min.y.saturating_sub(depth), area.min.y);
        }
        Facing::East => (strip.min.x, strip.max.x) = (area.max.x, area.max.x.saturating_add(depth)),
        Facing::West => (strip.min.x, strip.max.x) = (area.min.x.saturating_sub(depth), area.min.x),
    }
    if side.is_along_y() {
        (strip.min.x, strip.max.x) = (area.min.x.saturating_add(t), area.max.x.saturating_sub(t));
    } else {
        (strip.min.y, strip.max.y) = (area.min.y.saturating_add(t), area.max.y.saturating_sub(t));
    }
    strip
}

const fn gap(from: &RectMm, to: &RectMm, side: Facing) -> i32 {
    match side {
        Facing::North => to.min.y.saturating_sub(from.max.y),
        Facing::South => from.min.y.saturating_sub(to.max.y),
        Facing::East => to.min.x.saturating_sub(from.max.x),
        Facing::West => from.min.x.saturating_sub(to.max.x),
    }
}

const fn wall_gap(from: &RectMm, hall: &RectMm, side: Facing) -> i32 {
    match side {
        Facing::North => hall.max.y.saturating_sub(from.max.y),
        Facing::South => from.min.y.saturating_sub(hall.min.y),
        Facing::East => hall.max.x.saturating_sub(from.max.x),
        Facing::West => from.min.x.saturating_sub(hall.min.x),
    }
}

#[cfg(test)]
mod tests;
