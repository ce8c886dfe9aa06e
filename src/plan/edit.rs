//! What can happen to a plan. Views return edits; only the session applies them.

use super::settings::{Cooling, Fabric, Finance, Hall, Power, Site, Storage, Workload};
use super::{Floor, Object, ObjectId, Plan};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One change of the document.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Adds objects; they get fresh identities in order.
    Add(Vec<Object>),
    /// Removes objects.
    Remove(Vec<ObjectId>),
    /// Moves objects by an offset in mm.
    Move {
        /// Which.
        ids: Vec<ObjectId>,
        /// Eastward, mm.
        dx: i32,
        /// Northward, mm.
        dy: i32,
    },
    /// Turns objects together clockwise by quarters about their common centre.
    Turn {
        /// Which.
        ids: Vec<ObjectId>,
        /// Quarter turns clockwise.
        quarters: i32,
    },
    /// Replaces objects of the same identity and kind: any attribute may differ.
    Replace(Vec<Object>),
    /// Renames the plan.
    Rename(String),
    /// Sets the free text.
    SetNotes(String),
    /// Sets the site.
    SetSite(Site),
    /// Sets the hall.
    SetHall(Hall),
    /// Sets the power chain's choices.
    SetPower(Power),
    /// Sets cooling.
    SetCooling(Cooling),
    /// Sets the fabric.
    SetFabric(Fabric),
    /// Sets storage.
    SetStorage(Storage),
    /// Sets the workload.
    SetWorkload(Workload),
    /// Sets finance.
    SetFinance(Finance),
    /// Several changes as one step with one name.
    Batch {
        /// Name in the history.
        label: String,
        /// In order.
        edits: Vec<Edit>,
    },
}

/// Why an edit was refused; the plan is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// No such object.
    #[error("no object with id {} in the plan", .0.0)]
    UnknownObject(ObjectId),
    /// The object is locked.
    #[error("{0} is locked; unlock it first")]
    Locked(String),
    /// A replacement changes the kind of an object.
    #[error("object {} can not become an object of another kind", .0.0)]
    OtherKind(ObjectId),
}

impl Edit {
    /// Name in the history: what was done to how many.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Add(objects) => format!("Add {}", count_of(objects.len(), objects.first())),
            Self::Remove(ids) => format!("Delete {}", objects_word(ids.len())),
            Self::Move { ids, .. } => format!("Move {}", objects_word(ids.len())),
            Self::Turn { ids, .. } => format!("Rotate {}", objects_word(ids.len())),
            Self::Replace(objects) => {
                format!("Change {}", count_of(objects.len(), objects.first()))
            }
            Self::Rename(_) => "Rename the plan".into(),
            Self::SetNotes(_) => "Edit the notes".into(),
            Self::SetSite(_) => "Change the site".into(),
            Self::SetHall(_) => "Change the hall".into(),
            Self::SetPower(_) => "Change the power chain".into(),
            Self::SetCooling(_) => "Change the cooling".into(),
            Self::SetFabric(_) => "Change the fabric".into(),
            Self::SetStorage(_) => "Change the storage".into(),
            Self::SetWorkload(_) => "Change the workload".into(),
            Self::SetFinance(_) => "Change the finance".into(),
            Self::Batch { label, .. } => label.clone(),
        }
    }

    /// The plan after this edit.
    pub fn apply(&self, plan: &Plan) -> Result<Plan, EditError> {
        let mut next = plan.clone();
        self.apply_to(&mut next)?;
        Ok(next)
    }

    fn apply_to(&self, plan: &mut Plan) -> Result<(), EditError> {
        match self {
            Self::Add(objects) => {
                for object in objects {
                    let mut object = object.clone();
                    object.set_id(plan.fresh_id());
                    push(Arc::make_mut(&mut plan.floor), object);
                }
            }
            Self::Remove(ids) => remove(Arc::make_mut(&mut plan.floor), ids)?,
            Self::Move { ids, dx, dy } => {
                change_each(plan, ids, |object| object.translate(*dx, *dy))?;
            }
            Self::Turn { ids, quarters } => turn(plan, ids, *quarters)?,
            Self::Replace(objects) => {
                for object in objects {
                    replace(Arc::make_mut(&mut plan.floor), object.clone())?;
                }
            }
            Self::Rename(name) => plan.name.clone_from(name),
            Self::SetNotes(notes) => plan.notes.clone_from(notes),
            Self::SetSite(section) => plan.site = Arc::new(section.clone()),
            Self::SetHall(section) => plan.hall = Arc::new(section.clone()),
            Self::SetPower(section) => plan.power = Arc::new(section.clone()),
            Self::SetCooling(section) => plan.cooling = Arc::new(section.clone()),
            Self::SetFabric(section) => plan.fabric = Arc::new(section.clone()),
            Self::SetStorage(section) => plan.storage = Arc::new(section.clone()),
            Self::SetWorkload(section) => plan.workload = Arc::new(section.clone()),
            Self::SetFinance(section) => plan.finance = Arc::new(section.clone()),
            Self::Batch { edits, .. } => {
                for edit in edits {
                    edit.apply_to(plan)?;
                }
            }
        }
        Ok(())
    }
}

fn objects_word(n: usize) -> String {
    if n == 1 { "1 object".into() } else { format!("{n} objects") }
}

/// "4 racks", by the kind of the first object.
fn count_of(n: usize, first: Option<&Object>) -> String {
    let word = match first {
        Some(Object::Rack(_)) => "rack",
        Some(Object::Unit(_)) => "cooling unit",
        Some(Object::Tile(_)) => "tile",
        Some(Object::Containment(_)) => "containment",
        Some(Object::Obstacle(o)) => o.kind.label(),
        None => "object",
    };
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

fn push(floor: &mut Floor, object: Object) {
    match object {
        Object::Rack(o) => floor.racks.push(o),
        Object::Unit(o) => floor.units.push(o),
        Object::Tile(o) => floor.tiles.push(o),
        Object::Containment(o) => floor.containments.push(o),
        Object::Obstacle(o) => floor.obstacles.push(o),
    }
}

/// Removes objects in one pass; refuses the whole edit if one is locked or missing.
fn remove(floor: &mut Floor, ids: &[ObjectId]) -> Result<(), EditError> {
    let wanted: BTreeSet<ObjectId> = ids.iter().copied().collect();
    let mut missing = wanted.clone();
    for object in floor.objects().filter(|o| wanted.contains(&o.id())) {
        if object.locked() {
            return Err(EditError::Locked(object.name()));
        }
        missing.remove(&object.id());
    }
    if let Some(id) = missing.first() {
        return Err(EditError::UnknownObject(*id));
    }
    floor.racks.retain(|o| !wanted.contains(&o.id));
    floor.units.retain(|o| !wanted.contains(&o.id));
    floor.tiles.retain(|o| !wanted.contains(&o.id));
    floor.containments.retain(|o| !wanted.contains(&o.id));
    floor.obstacles.retain(|o| !wanted.contains(&o.id));
    Ok(())
}

fn replace(floor: &mut Floor, object: Object) -> Result<(), EditError> {
    let id = object.id();
    if floor.object(id).is_none() {
        return Err(EditError::UnknownObject(id));
    }
    let slot_found = match object {
        Object::Rack(new) => put(&mut floor.racks, new, |o| o.id == id),
        Object::Unit(new) => put(&mut floor.units, new, |o| o.id == id),
        Object::Tile(new) => put(&mut floor.tiles, new, |o| o.id == id),
        Object::Containment(new) => put(&mut floor.containments, new, |o| o.id == id),
        Object::Obstacle(new) => put(&mut floor.obstacles, new, |o| o.id == id),
    };
    if slot_found { Ok(()) } else { Err(EditError::OtherKind(id)) }
}

fn put<T>(list: &mut [T], new: T, is_it: impl Fn(&T) -> bool) -> bool {
    list.iter_mut().find(|o| is_it(o)).map(|slot| *slot = new).is_some()
}

/// Applies a change to each object in one pass over the floor; refuses the whole edit if one is
/// locked or missing.
fn change_each(
    plan: &mut Plan,
    ids: &[ObjectId],
    change: impl Fn(&mut Object),
) -> Result<(), EditError> {
    let mut wanted: BTreeSet<ObjectId> = ids.iter().copied().collect();
    let floor = Arc::make_mut(&mut plan.floor);
    macro_rules! change_in {
        ($($list:ident: $kind:ident),+) => {$(
            for slot in &mut floor.$list {
                if !wanted.remove(&slot.id) {
                    continue;
                }
                let mut object = Object::$kind(slot.clone());
                if object.locked() {
                    return Err(EditError::Locked(object.name()));
                }
                change(&mut object);
                if let Object::$kind(changed) = object {
                    *slot = changed;
                }
            }
        )+};
    }
    change_in!(racks: Rack, units: Unit, tiles: Tile, containments: Containment, obstacles: Obstacle);
    wanted.first().map_or(Ok(()), |missing| Err(EditError::UnknownObject(*missing)))
}

fn turn(plan: &mut Plan, ids: &[ObjectId], quarters: i32) -> Result<(), EditError> {
    let wanted: BTreeSet<ObjectId> = ids.iter().copied().collect();
    let around = plan
        .floor
        .footprints()
        .filter(|(id, _)| wanted.contains(id))
        .map(|(_, area)| area)
        .reduce(|a, b| a.union(&b));
    let Some(around) = around else { return Ok(()) };
    let centre = (
        i64::from(around.min.x) + i64::from(around.max.x),
        i64::from(around.min.y) + i64::from(around.max.y),
    );
    change_each(plan, ids, |object| object.turn_about(centre, quarters))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Obstacle, ObstacleKind, PointMm, RectMm};

    fn obstacle(x: i32, locked: bool) -> Object {
        let area = RectMm::at(PointMm::new(x, 0), 600, 600);
        Object::Obstacle(Obstacle { id: ObjectId(0), kind: ObstacleKind::Column, area, locked })
    }

    fn floor_of(objects: &[Object]) -> Floor {
        let mut floor = Floor::default();
        for (i, object) in objects.iter().enumerate() {
            let mut object = object.clone();
            object.set_id(ObjectId(i as u32 + 1));
            push(&mut floor, object);
        }
        floor
    }

    #[test]
    fn removing_is_all_or_nothing() {
        let mut floor =
            floor_of(&[obstacle(0, false), obstacle(1000, true), obstacle(2000, false)]);
        let before = floor.clone();
        assert!(matches!(
            remove(&mut floor, &[ObjectId(1), ObjectId(2)]),
            Err(EditError::Locked(_))
        ));
        assert_eq!(
            remove(&mut floor, &[ObjectId(1), ObjectId(9)]),
            Err(EditError::UnknownObject(ObjectId(9)))
        );
        assert_eq!(floor, before);
        assert_eq!(remove(&mut floor, &[ObjectId(3), ObjectId(1)]), Ok(()));
        assert_eq!(floor.obstacles.len(), 1);
    }
}
