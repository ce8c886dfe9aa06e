//! Copy, cut and paste. The system clipboard gets a floor as RON, so that a selection travels
//! between two windows and through a text editor.

use super::drag::renamed;
use super::input::FloorInput;
use super::state::FloorState;
use crate::plan::{Edit, Floor, Object, ObjectId, PointMm};
use crate::ui::state::{Action, Selection};

/// First line of the text, so that other text is not tried.
const MAGIC: &str = "// tokenmill floor objects\n";
/// Longest text taken from the clipboard, bytes.
const MAX_TEXT: usize = 16 << 20;

/// Remembers the selection; the text for the system clipboard, if anything is selected.
pub fn copy(input: &FloorInput<'_>, state: &mut FloorState) -> Option<String> {
    let chosen = &input.ui_state.selection;
    let objects: Vec<Object> =
        input.plan.floor.objects().filter(|o| chosen.contains(&o.id())).collect();
    if objects.is_empty() {
        return None;
    }
    state.clipboard.clone_from(&objects);
    to_text(objects)
}

/// Adds what is on the clipboard: at the cursor, or where it was copied.
pub fn paste(
    text: Option<&str>,
    in_place: bool,
    input: &FloorInput<'_>,
    state: &FloorState,
    actions: &mut Vec<Action>,
) {
    let foreign = text.and_then(from_text);
    let mut objects = renamed(input.plan, foreign.unwrap_or_else(|| state.clipboard.clone()));
    let Some(around) = objects.iter().map(Object::footprint).reduce(|a, b| a.union(&b)) else {
        return;
    };
    if let (false, Some(camera)) = (in_place, state.camera) {
        let at = state.pointer.unwrap_or_else(|| camera.view.center());
        let (x, y) = camera.floor_from_screen(at);
        let grid = f64::from(input.ui_state.grid_mm.max(1));
        let snapped = |wanted: f64| ((wanted / grid).round() * grid) as i32;
        let corner = PointMm::new(
            snapped(x - f64::from(around.size_x()) / 2.0),
            snapped(y - f64::from(around.size_y()) / 2.0),
        );
        for object in &mut objects {
            object.translate(corner.x - around.min.x, corner.y - around.min.y);
        }
    }
    let ids: Selection = (input.plan.next_id..).map(ObjectId).take(objects.len()).collect();
    let label = format!("Paste {} objects", objects.len());
    actions.push(Action::Apply(Edit::Batch { label, edits: vec![Edit::Add(objects)] }));
    actions.push(Action::Select(ids));
}

fn to_text(objects: Vec<Object>) -> Option<String> {
    let mut floor = Floor::default();
    for object in objects {
        match object {
            Object::Rack(o) => floor.racks.push(o),
            Object::Unit(o) => floor.units.push(o),
            Object::Tile(o) => floor.tiles.push(o),
            Object::Containment(o) => floor.containments.push(o),
            Object::Obstacle(o) => floor.obstacles.push(o),
        }
    }
    ron::ser::to_string_pretty(&floor, ron::ser::PrettyConfig::new())
        .ok()
        .map(|body| format!("{MAGIC}{body}"))
}

fn from_text(text: &str) -> Option<Vec<Object>> {
    if !text.starts_with(MAGIC.trim_end()) || text.len() > MAX_TEXT {
        return None;
    }
    let floor: Floor = ron::from_str(text).ok()?;
    Some(floor.objects().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Obstacle, ObstacleKind, RectMm};

    #[test]
    fn text_brings_objects_back_and_other_text_is_ignored() {
        let column = Object::Obstacle(Obstacle {
            id: ObjectId(3),
            kind: ObstacleKind::Column,
            area: RectMm::at(PointMm::new(100, 200), 400, 400),
            locked: false,
        });
        let text = to_text(vec![column.clone()]).unwrap();
        assert_eq!(from_text(&text), Some(vec![column]));
        assert_eq!(from_text("hello"), None);
        assert_eq!(from_text("// tokenmill floor objects\n(("), None);
    }
}
