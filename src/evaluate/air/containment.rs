//! Aisle containment of a plan as zero-thickness walls.
//!
//! Panels run around the aisle from the floor to the panel height: along the rack rows (where they
//! only show above the racks and in gaps) always, across the ends where there are doors. A cold
//! aisle's roof is a lid. A hot aisle's roof is a duct to the ceiling, if there is a return plenum,
//! else a lid.

use super::case::Baffle;
use super::from_plan::metres;
use crate::plan::{Aisle, Containment, Plan, RectMm};

/// A panel drawn this near to a rack face, in mm, touches it.
const TOUCHING_MM: i32 = 200;

/// Open share of a panel's area over the share of the aisle's air that it lets through. Assumption:
/// 5 % leakage is 1 % of open area, as in gaps around doors and panels.
const OPEN_AREA_PER_LEAKAGE: f64 = 0.2;

/// The panels of every containment, for a clear height of the hall in m.
#[must_use]
pub fn baffles(plan: &Plan, height_m: f64) -> Vec<Baffle> {
    let faces = faces(plan);
    let panels = |c: &Containment| around(c, &snapped(&c.area, &faces), ducted(plan, c), height_m);
    plan.floor.containments.iter().flat_map(panels).collect()
}

/// Aisles that open into the ceiling's plenum, as they are walled.
pub(super) fn ducted_aisles(plan: &Plan) -> Vec<RectMm> {
    let faces = faces(plan);
    let aisles = plan.floor.containments.iter().filter(|c| ducted(plan, c));
    aisles.map(|c| snapped(&c.area, &faces)).collect()
}

fn ducted(plan: &Plan, c: &Containment) -> bool {
    plan.hall.ceiling_plenum_mm > 0 && c.roof && c.aisle == Aisle::Hot
}

fn faces(plan: &Plan) -> Vec<RectMm> {
    let racks = plan.floor.racks.iter().map(|r| r.footprint());
    racks.chain(plan.floor.units.iter().map(|u| u.footprint())).collect()
}

fn around(c: &Containment, area: &RectMm, ducted: bool, height_m: f64) -> Vec<Baffle> {
    let top = if ducted { height_m } else { (f64::from(c.height_mm) * 1e-3).min(height_m) };
    let (x0, x1) = (metres(area.min.x), metres(area.max.x));
    let (y0, y1) = (metres(area.min.y), metres(area.max.y));
    if x1 <= x0 || y1 <= y0 || top <= 0.0 {
        return Vec::new();
    }
    let panel = |part: &str, min_m, max_m| Baffle {
        id: format!("{} {part}", c.name),
        object: Some(c.id),
        min_m,
        max_m,
        leakage: (OPEN_AREA_PER_LEAKAGE * c.leakage_pct * 1e-2).clamp(0.0, 1.0),
    };
    let along_x = area.size_x() >= area.size_y();
    let mut out = Vec::new();
    if along_x || c.doors {
        out.push(panel("south", [x0, y0, 0.0], [x1, y0, top]));
        out.push(panel("north", [x0, y1, 0.0], [x1, y1, top]));
    }
    if !along_x || c.doors {
        out.push(panel("west", [x0, y0, 0.0], [x0, y1, top]));
        out.push(panel("east", [x1, y0, 0.0], [x1, y1, top]));
    }
    if c.roof && !ducted && top < height_m {
        out.push(panel("roof", [x0, y0, top], [x1, y1, top]));
    }
    out
}

/// The aisle with each edge moved onto the nearest face that it nearly touches, so that panel and
/// face fall on the same plane of the grid.
fn snapped(area: &RectMm, faces: &[RectMm]) -> RectMm {
    let mut out = *area;
    let near = |edge: i32, candidates: &mut dyn Iterator<Item = i32>| {
        candidates
            .filter(|c| c.abs_diff(edge) <= TOUCHING_MM as u32)
            .min_by_key(|c| c.abs_diff(edge))
            .unwrap_or(edge)
    };
    let beside_x = |f: &&RectMm| f.min.x < area.max.x && area.min.x < f.max.x;
    let beside_y = |f: &&RectMm| f.min.y < area.max.y && area.min.y < f.max.y;
    let xs = || faces.iter().filter(beside_y);
    let ys = || faces.iter().filter(beside_x);
    out.min.x = near(area.min.x, &mut xs().map(|f| f.max.x));
    out.max.x = near(area.max.x, &mut xs().map(|f| f.min.x));
    out.min.y = near(area.min.y, &mut ys().map(|f| f.max.y));
    out.max.y = near(area.max.y, &mut ys().map(|f| f.min.y));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{ObjectId, PointMm};

    fn aisle(kind: Aisle, roof: bool, doors: bool) -> Containment {
        Containment {
            id: ObjectId(7),
            name: "HAC".into(),
            aisle: kind,
            area: RectMm::at(PointMm::new(1000, 2000), 6000, 1200),
            height_mm: 2400,
            roof,
            doors,
            leakage_pct: 5.0,
            locked: false,
        }
    }

    #[test]
    fn a_ducted_hot_aisle_reaches_the_ceiling_and_a_cold_one_gets_a_lid() {
        let hot = aisle(Aisle::Hot, true, true);
        let panels = around(&hot, &hot.area, true, 4.0);
        assert_eq!(panels.len(), 4);
        assert!(panels.iter().all(|p| p.max_m[2] == 4.0 && (p.leakage - 0.01).abs() < 1e-12));
        let cold = aisle(Aisle::Cold, true, false);
        let panels = around(&cold, &cold.area, false, 4.0);
        assert_eq!(panels.len(), 3);
        assert!(panels.iter().any(|p| p.min_m[2] == 2.4 && p.max_m[2] == 2.4));
    }

    #[test]
    fn edges_move_onto_faces_that_they_nearly_touch() {
        let rack = RectMm::at(PointMm::new(1500, 900), 600, 1068);
        let far = RectMm::at(PointMm::new(1500, 3900), 600, 1068);
        let out = snapped(&aisle(Aisle::Hot, true, true).area, &[rack, far]);
        assert_eq!(out.min.y, 1968);
        assert_eq!((out.max.y, out.min.x), (3200, 1000));
    }
}
