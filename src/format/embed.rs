//! The catalogue entries that a plan uses: those it names, those they name, and those that the
//! generators choose from (media, plant, limits, assumptions).

use crate::catalog::{Catalog, CoolingKind, NetworkKind, Table};
use crate::plan::{Contents, Plan};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A catalogue with only the entries that `plan` uses.
#[must_use]
pub fn used_entries(plan: &Plan, catalog: &Catalog) -> Catalog {
    let systems = picked(&catalog.systems, |id, _| uses_system(plan, id));
    let accelerators: BTreeSet<String> = systems
        .iter()
        .filter_map(|e| e.spec.accelerator.as_ref().map(|k| k.as_str().to_owned()))
        .collect();
    let power = &plan.power;
    Catalog {
        accelerators: picked(&catalog.accelerators, |id, _| accelerators.contains(id)),
        racks: picked(&catalog.racks, |id, _| {
            plan.floor.racks.iter().any(|r| r.frame.as_str() == id)
                || systems.iter().any(|s| s.spec.frame.as_ref().is_some_and(|f| f.as_str() == id))
        }),
        cooling: picked(&catalog.cooling, |id, spec| uses_cooling(plan, id) || is_plant(spec.kind)),
        power: picked(&catalog.power, |id, _| {
            [&power.transformer, &power.ups, &power.busway]
                .into_iter()
                .chain(power.generator.as_ref())
                .any(|k| k.as_str() == id)
        }),
        network: picked(&catalog.network, |id, spec| {
            plan.fabric.switch.as_str() == id || is_medium(spec.kind)
        }),
        storage: picked(&catalog.storage, |id, _| plan.storage.appliance.as_str() == id),
        models: picked(&catalog.models, |id, _| plan.workload.model.as_str() == id),
        sites: picked(&catalog.sites, |id, _| plan.site.site.as_str() == id),
        standards: catalog.standards.clone(),
        assumptions: catalog.assumptions.clone(),
        systems,
    }
}

fn picked<S>(table: &Table<S>, wanted: impl Fn(&str, &S) -> bool) -> Table<S> {
    let mut subset = Table::default();
    for entry in table.iter().filter(|e| wanted(&e.id, &e.spec)) {
        subset.insert(Arc::clone(entry));
    }
    subset
}

fn uses_system(plan: &Plan, id: &str) -> bool {
    plan.floor
        .racks
        .iter()
        .any(|r| matches!(&r.contents, Contents::Compute { system, .. } if system.as_str() == id))
}

fn uses_cooling(plan: &Plan, id: &str) -> bool {
    plan.cooling.cdu.as_str() == id
        || plan.floor.units.iter().any(|u| u.model.as_str() == id)
        || plan.floor.racks.iter().any(|r| r.rear_door.as_ref().is_some_and(|d| d.as_str() == id))
}

const fn is_plant(kind: CoolingKind) -> bool {
    matches!(
        kind,
        CoolingKind::ChillerWc
            | CoolingKind::ChillerAc
            | CoolingKind::DryCooler
            | CoolingKind::CoolingTower
    )
}

const fn is_medium(kind: NetworkKind) -> bool {
    matches!(
        kind,
        NetworkKind::CableDac
            | NetworkKind::CableAcc
            | NetworkKind::CableAec
            | NetworkKind::CableAoc
            | NetworkKind::Optic
    )
}
