//! What a choice in a picker does to the plan: one edit, to all selected objects where it concerns
//! objects.

use crate::catalog::{
    Catalog, CoolingKey, CoolingKind, ModelKey, NetworkKey, PowerKey, SiteKey, StorageKey,
    SystemKey,
};
use crate::plan::{Contents, CoolingUnit, Edit, Object, Plan, Rack};
use crate::study::fit::{refitted, servers_per_rack};
use crate::ui::screens::Picker;
use crate::ui::state::Selection;

/// The catalogue id that the plan (or the first object concerned) has now.
#[must_use]
pub fn current(picker: Picker, plan: &Plan, selection: &Selection, catalog: &Catalog) -> String {
    let unit = |cdu: bool| {
        concerned_units(plan, selection, catalog, cdu).first().map(|u| u.model.to_string())
    };
    match picker {
        Picker::System => concerned_racks(plan, selection)
            .iter()
            .find_map(|r| match &r.contents {
                Contents::Compute { system, .. } => Some(system.to_string()),
                _ => None,
            })
            .unwrap_or_default(),
        Picker::AirUnit => unit(false).unwrap_or_default(),
        Picker::Cdu => unit(true).unwrap_or_else(|| plan.cooling.cdu.to_string()),
        Picker::RearDoor => selected_racks(plan, selection)
            .iter()
            .find_map(|r| r.rear_door.as_ref().map(ToString::to_string))
            .unwrap_or_default(),
        Picker::Switch => plan.fabric.switch.to_string(),
        Picker::Storage => plan.storage.appliance.to_string(),
        Picker::Model => plan.workload.model.to_string(),
        Picker::Site => plan.site.site.to_string(),
        Picker::Transformer => plan.power.transformer.to_string(),
        Picker::Ups => plan.power.ups.to_string(),
        Picker::Busway => plan.power.busway.to_string(),
        Picker::Generator => {
            plan.power.generator.as_ref().map(ToString::to_string).unwrap_or_default()
        }
    }
}

/// To how many things a choice applies, in words.
#[must_use]
pub fn scope(picker: Picker, plan: &Plan, selection: &Selection, catalog: &Catalog) -> String {
    let plural =
        |n: usize, word: &str| format!("applies to {n} {word}{}", if n == 1 { "" } else { "s" });
    match picker {
        Picker::System => plural(concerned_racks(plan, selection).len(), "rack"),
        Picker::RearDoor => plural(selected_racks(plan, selection).len(), "rack"),
        Picker::AirUnit => plural(concerned_units(plan, selection, catalog, false).len(), "unit"),
        Picker::Cdu => {
            let drawn = concerned_units(plan, selection, catalog, true).len();
            format!("{} and to generated loops", plural(drawn, "CDU"))
        }
        _ => "applies to the plan".into(),
    }
}

/// The edit that a choice makes; none where nothing is concerned.
#[must_use]
pub fn choose(
    picker: Picker,
    id: &str,
    name: &str,
    plan: &Plan,
    selection: &Selection,
    catalog: &Catalog,
) -> Option<Edit> {
    let power = |set: fn(&mut crate::plan::Power, PowerKey)| {
        let mut next = plan.power.as_ref().clone();
        set(&mut next, PowerKey::new(id));
        Some(vec![Edit::SetPower(next)])
    };
    let edits = match picker {
        Picker::System => system(id, plan, selection, catalog),
        Picker::RearDoor => door(id, plan, selection),
        Picker::AirUnit => {
            replaced(units(id, &concerned_units(plan, selection, catalog, false), catalog))
        }
        Picker::Cdu => cdu(id, plan, selection, catalog),
        Picker::Switch => {
            let mut next = plan.fabric.as_ref().clone();
            next.switch = NetworkKey::new(id);
            Some(vec![Edit::SetFabric(next)])
        }
        Picker::Storage => {
            let mut next = plan.storage.as_ref().clone();
            next.appliance = StorageKey::new(id);
            Some(vec![Edit::SetStorage(next)])
        }
        Picker::Model => {
            let mut next = plan.workload.as_ref().clone();
            next.model = ModelKey::new(id);
            Some(vec![Edit::SetWorkload(next)])
        }
        Picker::Site => {
            let mut next = plan.site.as_ref().clone();
            next.site = SiteKey::new(id);
            Some(vec![Edit::SetSite(next)])
        }
        Picker::Transformer => power(|p, key| p.transformer = key),
        Picker::Ups => power(|p, key| p.ups = key),
        Picker::Busway => power(|p, key| p.busway = key),
        Picker::Generator => power(|p, key| p.generator = Some(key)),
    }?;
    Some(Edit::Batch { label: format!("{}: {name}", picker.label()), edits })
}

/// Selected racks.
fn selected_racks(plan: &Plan, selection: &Selection) -> Vec<Rack> {
    plan.floor.racks.iter().filter(|r| selection.contains(&r.id)).cloned().collect()
}

/// Selected racks, or every compute rack where none is selected.
fn concerned_racks(plan: &Plan, selection: &Selection) -> Vec<Rack> {
    let selected = selected_racks(plan, selection);
    if !selected.is_empty() {
        return selected;
    }
    let compute = |r: &&Rack| matches!(r.contents, Contents::Compute { .. });
    plan.floor.racks.iter().filter(compute).cloned().collect()
}

/// Selected units of the wanted sort, or all of them where none is selected.
fn concerned_units(
    plan: &Plan,
    selection: &Selection,
    catalog: &Catalog,
    cdu: bool,
) -> Vec<CoolingUnit> {
    let is_cdu = |u: &CoolingUnit| {
        catalog
            .cooling
            .get(&u.model)
            .is_some_and(|e| matches!(e.spec.kind, CoolingKind::CduL2l | CoolingKind::CduL2a))
    };
    let all: Vec<CoolingUnit> =
        plan.floor.units.iter().filter(|u| is_cdu(u) == cdu).cloned().collect();
    let selected: Vec<CoolingUnit> =
        all.iter().filter(|u| selection.contains(&u.id)).cloned().collect();
    if selected.is_empty() { all } else { selected }
}

fn replaced(objects: Vec<Object>) -> Option<Vec<Edit>> {
    (!objects.is_empty()).then(|| vec![Edit::Replace(objects)])
}

fn system(id: &str, plan: &Plan, selection: &Selection, catalog: &Catalog) -> Option<Vec<Edit>> {
    let key = SystemKey::new(id);
    let spec = &catalog.systems.get(&key)?.spec;
    let count = servers_per_rack(spec, catalog);
    let racks = concerned_racks(plan, selection);
    let changed = racks.iter().map(|r| Object::Rack(refitted(r, &key, spec, count, catalog)));
    replaced(changed.collect())
}

fn door(id: &str, plan: &Plan, selection: &Selection) -> Option<Vec<Edit>> {
    let fitted = selected_racks(plan, selection).into_iter().map(|mut rack| {
        rack.rear_door = Some(CoolingKey::new(id));
        Object::Rack(rack)
    });
    replaced(fitted.collect())
}

fn units(id: &str, units: &[CoolingUnit], catalog: &Catalog) -> Vec<Object> {
    let key = CoolingKey::new(id);
    let size = catalog.cooling.get(&key).and_then(|e| e.spec.size_mm);
    let changed = units.iter().cloned().map(|mut unit| {
        unit.model = key.clone();
        unit.size_mm = size.unwrap_or(unit.size_mm);
        Object::Unit(unit)
    });
    changed.collect()
}

fn cdu(id: &str, plan: &Plan, selection: &Selection, catalog: &Catalog) -> Option<Vec<Edit>> {
    let drawn = units(id, &concerned_units(plan, selection, catalog, true), catalog);
    let mut cooling = plan.cooling.as_ref().clone();
    cooling.cdu = CoolingKey::new(id);
    let mut edits = vec![Edit::SetCooling(cooling)];
    edits.extend(replaced(drawn).into_iter().flatten());
    Some(edits)
}
