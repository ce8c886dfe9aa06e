//! The plan with every catalogue key looked up: what the stages read.
//!
//! An entry that is missing or incomplete does not stop the evaluation where it can be confined to
//! one rack: the rack counts as reserved space and a finding says so. A missing entry that the
//! whole hall depends on (site, UPS, switch, model) is an error.

use super::finding::{Finding, Severity, Subject};
use crate::catalog::{
    AcceleratorSpec, AirClass, Catalog, CoolingKind, CoolingSpec, DERATED_FROM_M, Entry, ModelSpec,
    NetworkSpec, PowerSpec, RackSpec, SiteSpec, StorageSpec, SystemForm, SystemSpec, UnknownEntry,
};
use crate::numerics::band::Band;
use crate::plan::rows::{Row, rows};
use crate::plan::{Contents, Facing, Feeds, ObjectId, Plan, Rack, RectMm};
use crate::units::Watts;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Why a plan can not be evaluated at all.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ResolveError {
    /// An entry that the whole hall depends on is missing.
    #[error("{section}: {unknown}")]
    Unknown {
        /// Section of the plan that refers to it.
        section: &'static str,
        /// What was asked for and what is near.
        unknown: UnknownEntry,
    },
    /// A planning assumption is missing from the catalogue.
    #[error("the catalogue has no assumption '{0}'; add it to assumptions.ron")]
    MissingAssumption(String),
    /// An entry lacks a fact that the stage can not do without.
    #[error("{section}: entry '{entry}' has no {field}; complete it or choose another")]
    Incomplete {
        /// Section of the plan that refers to it.
        section: &'static str,
        /// Entry id.
        entry: String,
        /// Field as written in the catalogue.
        field: &'static str,
    },
}

/// What kind of rack it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RackKind {
    /// Accelerators.
    Compute,
    /// Switches.
    Network,
    /// Appliances.
    Storage,
    /// Nothing yet.
    Reserved,
}

/// One rack with its facts.
#[derive(Clone, Debug)]
pub struct RackFacts {
    /// Identity.
    pub id: ObjectId,
    /// Label.
    pub name: String,
    /// Footprint, mm.
    pub area: RectMm,
    /// Height, mm.
    pub height_mm: u32,
    /// The way its front looks.
    pub facing: Facing,
    /// Feeds.
    pub feeds: Feeds,
    /// Phase of deployment.
    pub phase: u16,
    /// What kind of rack it is.
    pub kind: RackKind,
    /// Frame.
    pub frame: Option<Arc<Entry<RackSpec>>>,
    /// System inside, for compute racks.
    pub system: Option<Arc<Entry<SystemSpec>>>,
    /// Accelerator inside, for compute racks.
    pub accelerator: Option<Arc<Entry<AcceleratorSpec>>>,
    /// Systems in the rack.
    pub system_count: u32,
    /// Accelerators in the rack.
    pub accelerator_count: u32,
    /// Maximum sustained draw that feeds and cooling are designed for; 0 for racks whose load the
    /// fabric and storage stages decide.
    pub design_power: Watts,
    /// Sustained draw under real load.
    pub typical_power: Watts,
    /// Share of the heat that goes to liquid.
    pub liquid_fraction: f64,
    /// Airflow per watt of air heat at design, m³/s/W.
    pub airflow_m3_s_per_w: f64,
    /// Highest allowed air inlet, derated for altitude, °C: above it the systems throttle.
    pub inlet_max_c: f64,
    /// Lowest allowed air inlet, °C.
    pub inlet_min_c: f64,
    /// Who set the inlet limit.
    pub inlet_source: String,
    /// ASHRAE class of the equipment, where it has one.
    pub air_class: Option<AirClass>,
    /// Mass with contents, kg, where it is known.
    pub mass_kg: Option<f64>,
    /// Rear door.
    pub rear_door: Option<Arc<Entry<CoolingSpec>>>,
}

/// One cooling unit with its facts.
#[derive(Clone, Debug)]
pub struct UnitFacts {
    /// The unit as drawn.
    pub unit: crate::plan::CoolingUnit,
    /// Its catalogue entry.
    pub entry: Arc<Entry<CoolingSpec>>,
}

impl UnitFacts {
    /// Whether it moves room air (and is no CDU).
    #[must_use]
    pub fn is_air_unit(&self) -> bool {
        matches!(
            self.entry.spec.kind,
            CoolingKind::Crah | CoolingKind::FanWall | CoolingKind::InRow
        )
    }

    /// Whether it is a CDU on the floor.
    #[must_use]
    pub fn is_cdu(&self) -> bool {
        matches!(self.entry.spec.kind, CoolingKind::CduL2l | CoolingKind::CduL2a)
    }
}

/// The plan, resolved.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The plan as drawn.
    pub plan: Plan,
    /// The catalogue it was resolved with.
    pub catalog: Arc<Catalog>,
    /// The site.
    pub site: Arc<Entry<SiteSpec>>,
    /// The model that runs.
    pub model: Arc<Entry<ModelSpec>>,
    /// MV/LV transformer.
    pub transformer: Arc<Entry<PowerSpec>>,
    /// UPS module.
    pub ups: Arc<Entry<PowerSpec>>,
    /// Busway.
    pub busway: Arc<Entry<PowerSpec>>,
    /// Standby generator.
    pub generator: Option<Arc<Entry<PowerSpec>>>,
    /// CDU for generated loops.
    pub cdu: Arc<Entry<CoolingSpec>>,
    /// Switch of the fabric.
    pub switch: Arc<Entry<NetworkSpec>>,
    /// Storage building block.
    pub appliance: Arc<Entry<StorageSpec>>,
    /// Racks by identity.
    pub racks: Vec<RackFacts>,
    /// Cooling units by identity.
    pub units: Vec<UnitFacts>,
    /// Rows of racks.
    pub rows: Vec<Row>,
    /// What could not be resolved.
    pub findings: Vec<Finding>,
}

impl Snapshot {
    /// Looks everything up.
    pub fn resolve(plan: &Plan, catalog: &Arc<Catalog>) -> Result<Self, ResolveError> {
        let plan = &in_order(plan);
        let in_section = |section| move |unknown| ResolveError::Unknown { section, unknown };
        let power = |key| catalog.power.require(key).cloned().map_err(in_section("power"));
        let mut findings = Vec::new();
        let mut racks = Vec::with_capacity(plan.floor.racks.len());
        for rack in &plan.floor.racks {
            racks.push(resolve_rack(rack, catalog, &mut findings)?);
        }
        racks.sort_by_key(|r| r.id);
        for rack in &mut racks {
            rack.inlet_max_c -= altitude_derate_k(plan, catalog, rack.air_class);
        }
        Ok(Self {
            site: (catalog.sites.require(&plan.site.site).cloned()).map_err(in_section("site"))?,
            model: catalog
                .models
                .require(&plan.workload.model)
                .cloned()
                .map_err(in_section("workload"))?,
            transformer: power(&plan.power.transformer)?,
            ups: power(&plan.power.ups)?,
            busway: power(&plan.power.busway)?,
            generator: plan.power.generator.as_ref().map(power).transpose()?,
            cdu: (catalog.cooling.require(&plan.cooling.cdu).cloned())
                .map_err(in_section("cooling"))?,
            switch: (catalog.network.require(&plan.fabric.switch).cloned())
                .map_err(in_section("fabric"))?,
            appliance: (catalog.storage.require(&plan.storage.appliance).cloned())
                .map_err(in_section("storage"))?,
            racks,
            units: resolve_units(plan, catalog, &mut findings),
            rows: rows(&plan.floor.racks),
            findings,
            plan: plan.clone(),
            catalog: Arc::clone(catalog),
        })
    }

    /// The same hall with some racks switched off: they stand there, but draw and do nothing.
    #[must_use]
    pub fn without(&self, off: &BTreeSet<ObjectId>) -> Self {
        let mut dark = self.clone();
        for rack in dark.racks.iter_mut().filter(|r| off.contains(&r.id)) {
            rack.kind = RackKind::Reserved;
            rack.accelerator_count = 0;
            rack.design_power = Watts::ZERO;
            rack.typical_power = Watts::ZERO;
        }
        dark
    }

    /// A planning assumption; the plan's own value replaces the base and stretches the band.
    pub fn assumption(&self, id: &str) -> Result<Band, ResolveError> {
        assumption(&self.plan, &self.catalog, id)
    }

    /// The rack with this identity.
    #[must_use]
    pub fn rack(&self, id: ObjectId) -> Option<&RackFacts> {
        self.racks.binary_search_by_key(&id, |r| r.id).ok().map(|at| &self.racks[at])
    }

    /// Elevation above sea level, m.
    #[must_use]
    pub fn elevation_m(&self) -> f64 {
        self.plan.site.elevation_m.unwrap_or(self.site.spec.elevation_m)
    }
}

/// Kelvin by which the highest allowed inlet falls at the site's elevation: 1 K per 300 m above
/// 900 m (ASHRAE TC 9.9, classes A1 and A2, and equipment without a class; catalogue standard
/// `s012`), per 175 m in class A3 and per 125 m in class A4.
fn altitude_derate_k(plan: &Plan, catalog: &Catalog, class: Option<AirClass>) -> f64 {
    let step_m = class.unwrap_or(AirClass::A2).derating_m_per_k();
    let of_site = || catalog.sites.get(&plan.site.site).map(|s| s.spec.elevation_m);
    let elevation_m = plan.site.elevation_m.or_else(of_site).unwrap_or(0.0);
    let per_step_k = catalog.standards.find("s012").and_then(|e| e.spec.low).unwrap_or(1.0);
    per_step_k * (elevation_m - DERATED_FROM_M).max(0.0) / step_m
}

/// The plan with its objects in order of identity, so that no sum depends on the order in the file.
fn in_order(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    let floor = Arc::make_mut(&mut plan.floor);
    floor.racks.sort_by_key(|o| o.id);
    floor.units.sort_by_key(|o| o.id);
    floor.tiles.sort_by_key(|o| o.id);
    floor.containments.sort_by_key(|o| o.id);
    floor.obstacles.sort_by_key(|o| o.id);
    plan
}

/// A planning assumption of a catalogue, with the plan's own value where it has one.
pub fn assumption(plan: &Plan, catalog: &Catalog, id: &str) -> Result<Band, ResolveError> {
    let entry = catalog
        .assumptions
        .find(id)
        .ok_or_else(|| ResolveError::MissingAssumption(id.to_owned()))?;
    let mut band = Band { low: entry.spec.low, base: entry.spec.value, high: entry.spec.high };
    if let Some(&own) = plan.finance.assumptions.get(id) {
        band = Band { low: band.low.min(own), base: own, high: band.high.max(own) };
    }
    Ok(band)
}

fn resolve_units(plan: &Plan, catalog: &Catalog, findings: &mut Vec<Finding>) -> Vec<UnitFacts> {
    let mut units = Vec::with_capacity(plan.floor.units.len());
    for unit in &plan.floor.units {
        match catalog.cooling.require(&unit.model) {
            Ok(entry) => units.push(UnitFacts { unit: unit.clone(), entry: Arc::clone(entry) }),
            Err(unknown) => findings.push(unresolved(unit.id, &unit.name, &unknown.to_string())),
        }
    }
    units.sort_by_key(|u| u.unit.id);
    units
}

fn resolve_rack(
    rack: &Rack,
    catalog: &Catalog,
    findings: &mut Vec<Finding>,
) -> Result<RackFacts, ResolveError> {
    let mut facts = empty_rack(rack, catalog)?;
    if let Some(key) = &rack.rear_door {
        match catalog.cooling.require(key) {
            Ok(entry) => facts.rear_door = Some(Arc::clone(entry)),
            Err(unknown) => findings.push(unresolved(rack.id, &rack.name, &unknown.to_string())),
        }
    }
    match &rack.contents {
        Contents::Network => facts.kind = RackKind::Network,
        Contents::Storage => facts.kind = RackKind::Storage,
        Contents::Reserved => {}
        Contents::Compute { system, count } => {
            let found = catalog.systems.require(system).map_err(|u| u.to_string());
            match found.and_then(|entry| fill_compute(&mut facts, entry, *count, catalog)) {
                Ok(()) => facts.kind = RackKind::Compute,
                Err(reason) => findings.push(unresolved(rack.id, &rack.name, &reason)),
            }
        }
    }
    Ok(facts)
}

/// A rack with its frame but nothing in it; limits and airflow are the planning defaults.
fn empty_rack(rack: &Rack, catalog: &Catalog) -> Result<RackFacts, ResolveError> {
    let default = |id: &str| {
        catalog
            .assumptions
            .find(id)
            .map(|e| e.spec.value)
            .ok_or_else(|| ResolveError::MissingAssumption(id.to_owned()))
    };
    let frame = catalog.racks.get(&rack.frame).cloned();
    Ok(RackFacts {
        id: rack.id,
        name: rack.name.clone(),
        area: rack.footprint(),
        height_mm: rack.size_mm.height,
        facing: rack.facing,
        feeds: rack.feeds,
        phase: rack.phase,
        kind: RackKind::Reserved,
        mass_kg: frame.as_ref().and_then(|f| f.spec.tare_kg),
        frame,
        system: None,
        accelerator: None,
        system_count: 0,
        accelerator_count: 0,
        design_power: Watts::ZERO,
        typical_power: Watts::ZERO,
        liquid_fraction: 0.0,
        airflow_m3_s_per_w: airflow_for_rise(default("air_rise_default_k")?),
        inlet_max_c: default("inlet_max_default_c")?,
        inlet_min_c: default("inlet_min_default_c")?,
        inlet_source: "ASHRAE TC 9.9 class A2 (planning default)".into(),
        air_class: Some(AirClass::A2).filter(|class| {
            default("inlet_max_default_c").is_ok_and(|c| c == class.allowable_c().1)
        }),
        rear_door: None,
    })
}

/// Density of dry air at 20 °C and 101.325 kPa, kg/m³ (ideal gas, R = 287.05 J/(kg K)).
pub const AIR_DENSITY_KG_M3: f64 = 1.204;
/// Heat capacity of dry air near 20 °C, J/(kg K) (ASHRAE Fundamentals 2021, ch. 1).
pub const AIR_CP_J_KGK: f64 = 1006.0;

/// Airflow that one watt needs for a given rise, m³/s/W.
fn airflow_for_rise(rise_k: f64) -> f64 {
    1.0 / (AIR_DENSITY_KG_M3 * AIR_CP_J_KGK * rise_k)
}

fn fill_compute(
    facts: &mut RackFacts,
    entry: &Arc<Entry<SystemSpec>>,
    count: u32,
    catalog: &Catalog,
) -> Result<(), String> {
    let spec = &entry.spec;
    let missing = spec.missing_for_placing();
    if !missing.is_empty() {
        return Err(format!("catalogue entry '{}' has no {}", entry.id, missing.join(", ")));
    }
    let key = spec.accelerator.as_ref().ok_or("no accelerator")?;
    let accelerator = catalog.accelerators.require(key).map_err(|u| u.to_string())?;
    let design_w = spec.design_power_w.unwrap_or_default();
    let n = f64::from(count);
    facts.system_count = count;
    facts.accelerator_count = count.saturating_mul(spec.accelerator_count);
    facts.design_power = Watts::w(design_w * n);
    facts.typical_power = Watts::w(spec.typical_power_w.unwrap_or(design_w) * n);
    facts.liquid_fraction = spec.liquid_heat_fraction.unwrap_or(0.0);
    let air_w = design_w * (1.0 - facts.liquid_fraction);
    if let (Some(flow), true) = (spec.airflow_m3_h, air_w > 0.0) {
        facts.airflow_m3_s_per_w = flow / 3600.0 / air_w;
    }
    if let Some(class) = spec.air_class {
        (facts.inlet_min_c, facts.inlet_max_c) = class.allowable_c();
        facts.inlet_source = entry.provenance_of("air_class").source.clone();
        facts.air_class = spec.air_class;
    }
    if let Some(limit) = min_some(spec.inlet_max_c, accelerator.spec.max_air_inlet_c) {
        facts.inlet_max_c = limit;
        facts.inlet_source = entry.provenance_of("inlet_max_c").source.clone();
        facts.air_class = spec.air_class;
    }
    if let Some(limit) = spec.inlet_min_c {
        facts.inlet_min_c = limit;
    }
    facts.mass_kg = total_mass(spec, n, facts.mass_kg);
    facts.accelerator = Some(Arc::clone(accelerator));
    facts.system = Some(Arc::clone(entry));
    Ok(())
}

/// Mass of a rack: a rack-scale system includes its frame, servers add to it.
fn total_mass(spec: &SystemSpec, count: f64, tare_kg: Option<f64>) -> Option<f64> {
    let systems = spec.mass_kg? * count;
    if spec.form == SystemForm::Rack { Some(systems) } else { Some(systems + tare_kg?) }
}

fn min_some(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn unresolved(id: ObjectId, name: &str, reason: &str) -> Finding {
    Finding {
        severity: Severity::Error,
        rule: "plan.unresolved",
        subject: Subject::Object(id),
        message: format!("{name} counts as reserved space: {reason}"),
        value: None,
        limit: None,
        unit: "",
        source: "catalogue".into(),
        advice: "choose a complete catalogue entry or add one to the configuration folder".into(),
    }
}
