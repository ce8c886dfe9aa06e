//! What is under the cursor or inside a marquee.

use super::camera::FloorCamera;
use super::state::FloorCache;
use crate::plan::{Floor, ObjectId, PointMm, RectMm};
use crate::ui::state::Selection;
use eframe::egui::Pos2;

/// Reach around the cursor within which thin things are still hit, points.
const REACH: f32 = 3.0;

/// Objects under the cursor, the one drawn last first; equipment before the areas it stands in.
pub fn under(cache: &FloorCache, camera: &FloorCamera, floor: &Floor, p: Pos2) -> Vec<ObjectId> {
    let at = camera.point_from_screen(p);
    let reach = camera.mm(REACH).clamp(1.0, 50.0) as i32;
    let area = RectMm { min: at.offset(-reach, -reach), max: at.offset(reach, reach) };
    let mut hits: Vec<(bool, i64, usize)> = cache
        .in_area(&area)
        .into_iter()
        .map(|n| {
            let (id, a) = cache.objects[n];
            let is_area = floor.containments.iter().any(|c| c.id == id);
            let size = i64::from(a.size_x()) * i64::from(a.size_y());
            (is_area, size, n)
        })
        .collect();
    hits.sort_by_key(|(is_area, size, n)| (*is_area, *size, usize::MAX - n));
    hits.into_iter().map(|(_, _, n)| cache.objects[n].0).collect()
}

/// The next object under the cursor after the one that is selected: Tab.
pub fn next_under(hits: &[ObjectId], selection: &Selection) -> Option<ObjectId> {
    let at = hits.iter().position(|id| selection.contains(id));
    match at {
        Some(at) => hits.get((at + 1) % hits.len()).copied(),
        None => hits.first().copied(),
    }
}

/// Objects in a marquee: dragged to the right it takes what it encloses, to the left what it
/// touches.
pub fn in_marquee(cache: &FloorCache, from: PointMm, to: PointMm) -> Selection {
    let area = RectMm::spanning(from, to);
    let encloses = to.x >= from.x;
    cache
        .in_area(&area)
        .into_iter()
        .map(|n| cache.objects[n])
        .filter(|(_, a)| !encloses || area.encloses(a))
        .map(|(id, _)| id)
        .collect()
}

/// The selection after a click or marquee: Shift adds, Ctrl toggles, neither replaces.
pub fn combined(before: &Selection, new: Selection, add: bool, toggle: bool) -> Selection {
    if toggle {
        before.symmetric_difference(&new).copied().collect()
    } else if add {
        before.union(&new).copied().collect()
    } else {
        new
    }
}

/// Racks of the row that a rack stands in.
pub fn row_of(floor: &Floor, id: ObjectId) -> Option<Selection> {
    crate::plan::rows::rows(&floor.racks)
        .into_iter()
        .find(|row| row.racks.contains(&id))
        .map(|row| row.racks.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(v: &[u32]) -> Selection {
        v.iter().map(|i| ObjectId(*i)).collect()
    }

    #[test]
    fn shift_adds_and_ctrl_toggles() {
        assert_eq!(combined(&ids(&[1, 2]), ids(&[2, 3]), false, false), ids(&[2, 3]));
        assert_eq!(combined(&ids(&[1, 2]), ids(&[2, 3]), true, false), ids(&[1, 2, 3]));
        assert_eq!(combined(&ids(&[1, 2]), ids(&[2, 3]), false, true), ids(&[1, 3]));
    }

    #[test]
    fn tab_goes_round() {
        let hits = [ObjectId(4), ObjectId(7)];
        assert_eq!(next_under(&hits, &ids(&[])), Some(ObjectId(4)));
        assert_eq!(next_under(&hits, &ids(&[4])), Some(ObjectId(7)));
        assert_eq!(next_under(&hits, &ids(&[7])), Some(ObjectId(4)));
        assert_eq!(next_under(&[], &ids(&[7])), None);
    }
}
