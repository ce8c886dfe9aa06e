//! The air case of a plan: what is drawn on the floor, as the room's air sees it.
//!
//! First-order choices, all assumptions of this file:
//! * Units share one floor plenum under the whole hall, without obstructions; its seams leak.
//! * A ceiling plenum is part of the solved room. It opens over ducted hot aisles and over a strip
//!   behind each rack outside them; units draw from it above their own footprint.
//! * A rear door's coil follows from its rating and an assumed effectiveness; its water is the
//!   plan's chilled water. The hall's dew point is the highest recommended one.
//! * Servers blow straight through: exhaust by height. Blanked empty units leak a little.

use super::case::{
    AirCase, AirPath, AirPort, AirProperties, AirRack, AirSolid, AirUnit, Box3, Ceiling,
    ExhaustLaw, FloorPlenum, InletLimits, PortKind, PortLink, Rect, Side, UnitKind,
};
use super::containment;
use super::rack::{RackOptions, RearDoor};
use crate::catalog::{AirClass, CoolingKind, CoolingSpec};
use crate::evaluate::loads::RackLoad;
use crate::evaluate::snapshot::{AIR_CP_J_KGK, RackFacts, Snapshot, UnitFacts};
use crate::numerics::exchanger::crossflow_ntu;
use crate::plan::{Facing, FloorBuild, RectMm, Tile};
use crate::units::ZERO_CELSIUS_K;
use std::collections::BTreeMap;

/// Depth of the return grilles behind a rack, in m. Assumption: one 600 mm ceiling tile.
const GRILLE_DEPTH_M: f64 = 0.6;
/// Air-side rise of a cooling unit without an airflow figure, in K, where the catalogue has no
/// `crah_air_rise_k`: the pair that its CRAH rows use.
const UNIT_RISE_K: f64 = 12.5;
/// Effectiveness of a rear door with fans. Assumption: upper part of the 55 to 85 % of a rack's
/// heat that published doors remove.
const ACTIVE_DOOR_EFFECTIVENESS: f64 = 0.8;
/// Effectiveness of a rear door without fans. Assumption: lower part of the same range.
const PASSIVE_DOOR_EFFECTIVENESS: f64 = 0.6;
/// Air-side rise at which a door's rated heat arrives, in K. Assumption: a hot rack's 20 K.
const DOOR_RATING_RISE_K: f64 = 20.0;
/// Water-side rise of a door without a water flow figure, in K; as the catalogue's doors.
const DOOR_WATER_RISE_K: f64 = 7.0;
/// Heat capacity of water in J/(L K) near 20 °C.
const WATER_J_L_K: f64 = 4180.0;
/// Highest effectiveness on the weaker side that a door's coil is believed to have.
const BEST_COIL: f64 = 0.95;
/// Share of servers' exhaust that comes back inside a rack whose units are all empty but blanked.
/// Assumption: 5 %; panels leak at their edges and past the rails. Full racks are taken as tight.
const LEAK_OF_EMPTY: f64 = 0.05;

/// Least difference between a coil's water and its air set point, in K, so that a unit with warm
/// water still has a defined limit.
const LEAST_APPROACH_K: f64 = 1.0;
/// Share of a unit's front that blows, from the floor up, when its top is against the ceiling and
/// the rest must take the air back. Assumption.
const LOWER_SHARE: f64 = 0.5;

/// Open area of seams and cable cut-outs over the floor's area. Assumption: 0.2 %, which loses 5 to
/// 15 % of the air in common halls, the range that measured floors show (Radmehr et al. 2005).
const SEAM_SHARE: f64 = 2e-3;

/// Name of the plenum under a raised floor.
const FLOOR: &str = "floor plenum";

/// Builds the case at a target cell size. `loads` gives heat and airflow per rack.
#[must_use]
pub fn case_from_plan(snapshot: &Snapshot, loads: &[RackLoad], dx_m: f64) -> AirCase {
    let hall = &snapshot.plan.hall;
    let mut room_m =
        [hall.size_x_mm, hall.size_y_mm, hall.height_mm].map(|mm| f64::from(mm) * 1e-3);
    let ceiling_m = room_m[2];
    let ceiling = ceiling(snapshot, ceiling_m);
    if ceiling.is_some() {
        room_m[2] += (f64::from(hall.ceiling_plenum_mm) * 1e-3).max(dx_m);
    }
    let air = AirProperties {
        rho_kg_m3: air_density_kg_m3(snapshot.elevation_m()),
        cp_j_kg_k: AIR_CP_J_KGK,
    };
    let mut case = AirCase::empty(snapshot.plan.name.clone(), room_m, air);
    case.dx_m = dx_m;
    case.exhaust_law = ExhaustLaw::ByHeight;
    case.dew_point_k = snapshot
        .catalog
        .standards
        .find("s003")
        .and_then(|e| e.spec.high)
        .map(|c| c + ZERO_CELSIUS_K);
    case.ceiling = ceiling;
    case.solids = solids(snapshot, room_m[2]);
    let by_id: BTreeMap<_, _> = loads.iter().map(|l| (l.id, l)).collect();
    let limits = Envelope::new(snapshot);
    for facts in &snapshot.racks {
        let load = by_id.get(&facts.id).copied();
        case.racks.push(rack(snapshot, facts, load, &limits, air));
    }
    case.ports = tiles(snapshot);
    for facts in snapshot.units.iter().filter(|u| u.is_air_unit()) {
        case.units.push(unit(snapshot, facts, &case, air));
    }
    drop_unused_tiles(&mut case);
    case.plenums = floor_plenum(snapshot, &case).into_iter().collect();
    case.baffles = containment::baffles(&snapshot.plan, ceiling_m);
    case
}

/// Density of air in the standard atmosphere (ISO 2533) at an elevation, scaled to the hall's
/// 20 °C density at sea level. Valid to 11 km.
fn air_density_kg_m3(elevation_m: f64) -> f64 {
    /// Lapse rate over sea-level temperature, 1/m.
    const LAPSE_PER_M: f64 = 0.0065 / 288.15;
    /// Exponent g M / (R L) of pressure.
    const EXPONENT: f64 = 5.2559;
    let height = elevation_m.clamp(-500.0, 11_000.0);
    crate::evaluate::snapshot::AIR_DENSITY_KG_M3 * (1.0 - LAPSE_PER_M * height).powf(EXPONENT)
}

pub(super) fn metres(mm: i32) -> f64 {
    f64::from(mm) * 1e-3
}

fn box_m(area: &RectMm, top_m: f64) -> Box3 {
    Box3 {
        min_m: [metres(area.min.x), metres(area.min.y), 0.0],
        max_m: [metres(area.max.x), metres(area.max.y), top_m],
    }
}

fn side(facing: Facing) -> Side {
    match facing {
        Facing::North => Side::PlusY,
        Facing::East => Side::PlusX,
        Facing::South => Side::MinusY,
        Facing::West => Side::MinusX,
    }
}

/// Columns and walls to the ceiling; CDUs to their height.
fn solids(snapshot: &Snapshot, height_m: f64) -> Vec<AirSolid> {
    let floor = &snapshot.plan.floor;
    let building = floor.obstacles.iter().filter(|o| o.kind.blocks_air()).map(|o| AirSolid {
        id: format!("{} {}", o.kind.label(), o.id.0),
        box_m: box_m(&o.area, height_m),
    });
    let still = snapshot.units.iter().filter(|u| !u.is_air_unit()).map(|u| AirSolid {
        id: u.unit.name.clone(),
        box_m: box_m(&u.unit.footprint(), f64::from(u.unit.size_mm.height) * 1e-3),
    });
    building.chain(still).collect()
}

/// ASHRAE limits that racks share, from the catalogue.
struct Envelope {
    recommended_c: (f64, f64),
    source: String,
}

impl Envelope {
    fn new(snapshot: &Snapshot) -> Self {
        let standard = |id: &str| snapshot.catalog.standards.find(id);
        let low = |id: &str| standard(id).and_then(|e| e.spec.low);
        let a1 = InletLimits::ashrae_a1();
        let c = |t_k: f64| t_k - ZERO_CELSIUS_K;
        Self {
            recommended_c: (
                low("s001").unwrap_or(c(a1.recommended_min_k)),
                low("s002").unwrap_or(c(a1.recommended_max_k)),
            ),
            source: standard("s002").map_or(a1.source, |e| e.provenance.source.clone()),
        }
    }

    /// Recommended range from the standard, allowable from the equipment (derated for altitude by
    /// the snapshot).
    fn of(&self, rack: &RackFacts) -> InletLimits {
        let allowable_max = rack.inlet_max_c;
        let (low, high) = match rack.air_class {
            Some(AirClass::H1) => AirClass::H1.recommended_c(),
            _ => self.recommended_c,
        };
        InletLimits {
            allowable_min_k: rack.inlet_min_c + ZERO_CELSIUS_K,
            recommended_min_k: low.max(rack.inlet_min_c) + ZERO_CELSIUS_K,
            recommended_max_k: high.min(allowable_max) + ZERO_CELSIUS_K,
            allowable_max_k: allowable_max + ZERO_CELSIUS_K,
            class: rack
                .air_class
                .map_or_else(|| "equipment limit".into(), |c| format!("ASHRAE {}", c.label())),
            recommended_source: self.source.clone(),
            source: if rack.inlet_source.is_empty() {
                self.source.clone()
            } else {
                rack.inlet_source.clone()
            },
        }
    }
}

fn rack(
    snapshot: &Snapshot,
    facts: &RackFacts,
    load: Option<&RackLoad>,
    limits: &Envelope,
    air: AirProperties,
) -> AirRack {
    let (heat_w, flow_m3_s) = load.map_or((0.0, 0.0), |l| (l.air_heat.to_w(), l.airflow_m3_s));
    let door = facts.rear_door.as_ref().map(|e| &e.spec);
    AirRack {
        id: unique_name(&facts.name, facts.id.0),
        object: Some(facts.id),
        box_m: box_m(&facts.area, f64::from(facts.height_mm) * 1e-3),
        front: side(facts.facing),
        flow_m3_s,
        heat_w,
        removed_w: 0.0,
        limits: Some(limits.of(facts)),
        options: RackOptions {
            blanking_leak: blanking_leak(facts),
            door: door.and_then(|d| rear_door(snapshot, d, air)),
            ..RackOptions::default()
        },
    }
}

/// Labels may repeat on a floor; names in a case may not.
fn unique_name(name: &str, id: u32) -> String {
    if name.is_empty() { format!("#{id}") } else { format!("{name} #{id}") }
}

/// Share of the servers' exhaust that comes back inside the rack past the panels before its empty
/// units.
fn blanking_leak(facts: &RackFacts) -> f64 {
    let units = facts.frame.as_ref().and_then(|f| f.spec.units);
    let used = facts.system.as_ref().and_then(|s| s.spec.rack_units);
    let (Some(units), Some(used)) = (units, used) else { return 0.0 };
    let empty = 1.0 - f64::from(used * facts.system_count) / f64::from(units.max(1));
    LEAK_OF_EMPTY * empty.clamp(0.0, 1.0)
}

/// A rear door from its catalogue entry: a coil that takes its rated heat with the assumed
/// effectiveness from air that carries that heat at [`DOOR_RATING_RISE_K`].
fn rear_door(snapshot: &Snapshot, door: &CoolingSpec, air: AirProperties) -> Option<RearDoor> {
    let effectiveness = match door.kind {
        CoolingKind::RdhxActive => ACTIVE_DOOR_EFFECTIVENESS,
        CoolingKind::RdhxPassive => PASSIVE_DOOR_EFFECTIVENESS,
        _ => return None,
    };
    let capacity_w = door.capacity_kw? * 1e3;
    let water_w_k = door
        .water_flow_l_min
        .map_or(capacity_w / DOOR_WATER_RISE_K, |l_min| l_min / 60.0 * WATER_J_L_K);
    let air_w_k = capacity_w / DOOR_RATING_RISE_K;
    let (low, high) = (air_w_k.min(water_w_k), air_w_k.max(water_w_k));
    let ntu = crossflow_ntu((effectiveness * air_w_k / low).min(BEST_COIL), low / high);
    // Thinner air at altitude transfers less: its side decides, by density to the power 0.8.
    let thin = (air.rho_kg_m3 / crate::evaluate::snapshot::AIR_DENSITY_KG_M3).powf(0.8);
    Some(RearDoor {
        ua_w_k: ntu * low * thin,
        water_w_k,
        water_t_k: snapshot.plan.cooling.chilled_water_c + ZERO_CELSIUS_K,
        capacity_w,
    })
}

fn unit(snapshot: &Snapshot, facts: &UnitFacts, case: &AirCase, air: AirProperties) -> AirUnit {
    let (drawn, spec) = (&facts.unit, &facts.entry.spec);
    let share = (drawn.airflow_pct * 1e-2).max(0.0);
    let capacity_w = spec.capacity_kw.map(|kw| kw * 1e3 * share);
    let rise_k = snapshot.assumption("crah_air_rise_k").map_or(UNIT_RISE_K, |b| b.base);
    let flow_m3_s = match (spec.airflow_m3_h, capacity_w) {
        (Some(per_hour), _) => per_hour / 3600.0 * share,
        (None, Some(q_w)) => q_w / (air.rho_cp() * rise_k),
        (None, None) => 0.0,
    };
    let supply_c = drawn.supply_c.unwrap_or(snapshot.plan.cooling.air_supply_c);
    let coil_c = snapshot.plan.cooling.chilled_water_c.min(supply_c - LEAST_APPROACH_K);
    let body = box_m(&drawn.footprint(), f64::from(drawn.size_mm.height) * 1e-3);
    let kind = match spec.kind {
        CoolingKind::FanWall => UnitKind::FanWall,
        CoolingKind::InRow => UnitKind::InRow,
        _ => UnitKind::Crah,
    };
    let (intake, discharge) = paths(kind, &body, side(drawn.facing), case);
    AirUnit {
        id: unique_name(&drawn.name, drawn.id.0),
        object: Some(drawn.id),
        kind,
        box_m: Some(body),
        intake,
        discharge,
        flow_m3_s,
        supply_t_k: supply_c + ZERO_CELSIUS_K,
        capacity_w,
        coil_inlet_t_k: Some(coil_c + ZERO_CELSIUS_K),
        failed: drawn.failed,
        fans: None,
    }
}

/// Where a unit takes and gives its air. In-row units work front to rear; the others use the
/// plenums that exist, else top and front.
fn paths(kind: UnitKind, body: &Box3, front: Side, case: &AirCase) -> (AirPath, AirPath) {
    let raised = !case.ports.is_empty();
    let whole = |s: Side| AirPath::Faces(vec![face(body, s, 0.0, 1.0)]);
    if kind == UnitKind::InRow {
        return (whole(front.opposite()), whole(front));
    }
    let under_ceiling = case.room_m[2] - body.max_m[2] < case.dx_m;
    let split = under_ceiling && case.ceiling.is_none();
    let intake = if let Some(ceiling) = &case.ceiling {
        let (mut min_m, mut max_m) = (body.min_m, body.max_m);
        (min_m[2], max_m[2]) = (ceiling.height_m, ceiling.height_m);
        AirPath::Faces(vec![Rect { min_m, max_m, air_side: Side::PlusZ }])
    } else if split {
        AirPath::Faces(vec![face(body, front, LOWER_SHARE, 1.0)])
    } else {
        whole(Side::PlusZ)
    };
    let discharge = if raised && kind == UnitKind::Crah {
        AirPath::Plenum(FLOOR.into())
    } else if split {
        AirPath::Faces(vec![face(body, front, 0.0, LOWER_SHARE)])
    } else {
        whole(front)
    };
    (intake, discharge)
}

/// One face of a box, between two shares of its height for the upright ones.
fn face(body: &Box3, air_side: Side, from: f64, to: f64) -> Rect {
    let (mut min_m, mut max_m) = (body.min_m, body.max_m);
    let axis = air_side.axis();
    if axis != 2 {
        let height = body.max_m[2] - body.min_m[2];
        min_m[2] = body.min_m[2] + from * height;
        max_m[2] = body.min_m[2] + to * height;
    }
    let at = if air_side.is_plus() { body.max_m[axis] } else { body.min_m[axis] };
    min_m[axis] = at;
    max_m[axis] = at;
    Rect { min_m, max_m, air_side }
}

/// Tiles of a raised floor.
fn tiles(snapshot: &Snapshot) -> Vec<AirPort> {
    if snapshot.plan.hall.floor == FloorBuild::Slab {
        return Vec::new();
    }
    let open = snapshot.plan.floor.tiles.iter().filter(|t| t.open_pct > 0.0);
    let tile = |t: &Tile| AirPort {
        id: format!("tile #{}", t.id.0),
        object: Some(t.id),
        kind: PortKind::Supply,
        rect: level(&t.footprint(), 0.0, Side::PlusZ),
        link: PortLink::Plenum {
            plenum: FLOOR.into(),
            weight: area_m2(&t.footprint()) * t.open_pct.min(100.0) * 1e-2,
        },
    };
    open.map(tile).collect()
}

/// The plenum under a raised floor that units feed.
fn floor_plenum(snapshot: &Snapshot, case: &AirCase) -> Option<FloorPlenum> {
    let FloorBuild::Raised { plenum_mm } = snapshot.plan.hall.floor else { return None };
    (!case.ports.is_empty() && plenum_mm > 0).then(|| FloorPlenum {
        name: FLOOR.into(),
        depth_m: f64::from(plenum_mm) * 1e-3,
        min_m: [0.0; 2],
        max_m: [case.room_m[0], case.room_m[1]],
        seam_share: SEAM_SHARE,
        obstructions: Vec::new(),
    })
}

/// The ceiling of a return plenum, where something opens into it.
fn ceiling(snapshot: &Snapshot, height_m: f64) -> Option<Ceiling> {
    if snapshot.plan.hall.ceiling_plenum_mm == 0 {
        return None;
    }
    let ducted = containment::ducted_aisles(&snapshot.plan);
    let loose = snapshot.racks.iter().map(behind);
    let loose: Vec<_> = loose.filter(|a| !ducted.iter().any(|d| d.overlaps(a))).collect();
    let corners =
        |a: &RectMm| [[metres(a.min.x), metres(a.min.y)], [metres(a.max.x), metres(a.max.y)]];
    let openings_m: Vec<_> = ducted.iter().chain(&loose).map(corners).collect();
    (!openings_m.is_empty()).then_some(Ceiling { height_m, openings_m })
}

fn level(area: &RectMm, z_m: f64, air_side: Side) -> Rect {
    Rect {
        min_m: [metres(area.min.x), metres(area.min.y), z_m],
        max_m: [metres(area.max.x), metres(area.max.y), z_m],
        air_side,
    }
}

fn area_m2(area: &RectMm) -> f64 {
    metres(area.size_x()) * metres(area.size_y())
}

/// The strip of floor behind a rack.
fn behind(rack: &RackFacts) -> RectMm {
    let depth = (GRILLE_DEPTH_M * 1e3) as i32;
    let (dx, dy) = rack.facing.opposite().direction();
    let a = &rack.area;
    let moved = a.offset(dx * a.size_x(), dy * a.size_y());
    let shrink = |lo: i32, hi: i32, d: i32| match d {
        1 => (lo, lo.saturating_add(depth).min(hi)),
        -1 => (hi.saturating_sub(depth).max(lo), hi),
        _ => (lo, hi),
    };
    let (x0, x1) = shrink(moved.min.x, moved.max.x, dx);
    let (y0, y1) = shrink(moved.min.y, moved.max.y, dy);
    RectMm { min: crate::plan::PointMm::new(x0, y0), max: crate::plan::PointMm::new(x1, y1) }
}

/// Leaves out the tiles of a floor plenum that no unit feeds.
fn drop_unused_tiles(case: &mut AirCase) {
    let fed = case.units.iter().any(|u| matches!(&u.discharge, AirPath::Plenum(_)));
    if !fed {
        case.ports.clear();
    }
}
