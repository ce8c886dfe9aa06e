//! Counted quantities: what is drawn and what the generators added, the base of every cost.

use super::economics::{Quantities, Quantity};
use super::fabric::FabricResult;
use super::snapshot::{RackKind, Snapshot};
use super::stages::{Chain, Fabric, Turn};
use crate::catalog::{CoolingSpec, Entry, SystemForm};
use crate::plan::{Feeds, FloorBuild};
use crate::units::Metres;
use std::collections::BTreeMap;

/// Amounts by catalogue key, in order of key.
#[derive(Default)]
struct Tally(BTreeMap<String, (String, f64)>);

impl Tally {
    fn add(&mut self, key: &str, name: &str, amount: f64) {
        self.0.entry(key.to_owned()).or_insert_with(|| (name.to_owned(), 0.0)).1 += amount;
    }

    fn list(self) -> Vec<Quantity> {
        self.0
            .into_iter()
            .filter(|(_, (_, amount))| *amount > 0.0)
            .map(|(key, (name, amount))| Quantity { key, name, amount })
            .collect()
    }
}

/// One line, or none.
fn single<S>(entry: &Entry<S>, amount: f64) -> Vec<Quantity> {
    let mut tally = Tally::default();
    tally.add(&entry.id, &entry.name, amount);
    tally.list()
}

/// Everything that has a price.
#[must_use]
pub fn quantities(snapshot: &Snapshot, fabric: &Fabric, turn: &Turn, chain: &Chain) -> Quantities {
    let built = &chain.generated.quantities;
    let hall = &snapshot.plan.hall;
    let hall_m2 =
        Metres::mm(f64::from(hall.size_x_mm)).to_m() * Metres::mm(f64::from(hall.size_y_mm)).to_m();
    let mut counted = Quantities {
        gpus: snapshot.racks.iter().map(|r| r.accelerator_count).fold(0, u32::saturating_add),
        storage: single(&snapshot.appliance, f64::from(snapshot.plan.storage.count)),
        transformers_kva: single(&snapshot.transformer, built.transformer_kva),
        switchgear_kw: built.switchgear_kw,
        ups_kw: single(&snapshot.ups, built.ups_kw),
        generators_kw: snapshot
            .generator
            .as_ref()
            .map(|g| single(g, built.generator_kw))
            .unwrap_or_default(),
        busway_m: single(&snapshot.busway, built.busway_m),
        piping_m: turn.liquid_parts.tcs_pipe_m + turn.liquid_parts.fws_pipe_m,
        containment_m: containment_m(snapshot),
        raised_floor_m2: if hall.floor == FloorBuild::Slab { 0.0 } else { hall_m2 },
        it_capacity_kw: turn.loads.iter().map(|l| l.electric.to_kw()).sum(),
        facility_kw: chain.result.totals.source_w / 1e3,
        ..Quantities::default()
    };
    racks(snapshot, &mut counted);
    network(snapshot, &fabric.result, &mut counted);
    cooling(snapshot, turn, &mut counted);
    counted
}

fn containment_m(snapshot: &Snapshot) -> f64 {
    let longest = |area: crate::plan::RectMm| f64::from(area.size_x().max(area.size_y()));
    snapshot.plan.floor.containments.iter().map(|c| Metres::mm(longest(c.area)).to_m()).sum()
}

fn racks(snapshot: &Snapshot, counted: &mut Quantities) {
    let (mut systems, mut frames) = (Tally::default(), Tally::default());
    for rack in &snapshot.racks {
        let mut brings_frame = false;
        if let Some(system) = &rack.system {
            systems.add(&system.id, &system.name, f64::from(rack.system_count));
            brings_frame = system.spec.form == SystemForm::Rack;
        }
        if let (Some(frame), false) = (&rack.frame, brings_frame) {
            frames.add(&frame.id, &frame.name, 1.0);
        }
        if rack.kind != RackKind::Reserved {
            let feeds = if rack.feeds == Feeds::Both { 2.0 } else { 1.0 };
            counted.tap_offs += feeds;
            if !brings_frame {
                counted.rack_pdus += feeds;
            }
        }
    }
    (counted.systems, counted.racks) = (systems.list(), frames.list());
}

fn network(snapshot: &Snapshot, fabric: &FabricResult, counted: &mut Quantities) {
    counted.switches = single(&snapshot.switch, f64::from(fabric.counts.total()));
    let (mut optics, mut cables) = (Tally::default(), Tally::default());
    for medium in &fabric.media {
        let modules = medium.switch_modules + medium.nic_modules;
        optics.add(&medium.key, &medium.name, modules as f64);
        cables.add(&medium.key, &medium.name, medium.cables as f64);
        if modules > 0 {
            counted.fibre_m +=
                medium.skus.iter().map(|sku| sku.length_m * sku.cables as f64).sum::<f64>();
        }
    }
    (counted.optics, counted.cables) = (optics.list(), cables.list());
}

fn cooling(snapshot: &Snapshot, turn: &Turn, counted: &mut Quantities) {
    let (mut air, mut cdus, mut plant) = (Tally::default(), Tally::default(), Tally::default());
    let mut add_air = |entry: &Entry<CoolingSpec>| {
        air.add(&entry.id, &entry.name, entry.spec.capacity_kw.unwrap_or(0.0));
    };
    for unit in snapshot.units.iter().filter(|u| u.is_air_unit()) {
        add_air(&unit.entry);
    }
    for door in snapshot.racks.iter().filter_map(|r| r.rear_door.as_deref()) {
        add_air(door);
    }
    for cdu in &turn.liquid_parts.cdus {
        cdus.add(&cdu.key, &cdu.name, f64::from(cdu.count) * cdu.rated_kw);
    }
    for unit in &turn.plant_parts.equipment {
        plant.add(&unit.key, &unit.name, f64::from(unit.count) * unit.rated_kw);
    }
    counted.air_coolers_kw = air.list();
    counted.cdus_kw = cdus.list();
    counted.plant_kw = plant.list();
}
