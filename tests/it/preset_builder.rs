//! Draws reference halls: pods of two rows with a contained hot aisle between them, fan walls or
//! CRAHs along the walls, CDUs at the row ends.

use std::sync::Arc;
use tokenmill::catalog::{
    Catalog, CoolingKey, ModelKey, NetworkKey, PowerKey, RackKey, SiteKey, SizeMm, StorageKey,
    SystemForm, SystemKey,
};
use tokenmill::plan::{
    Aisle, CapitalMethod, Containment, Contents, Coolant, Cooling, CoolingUnit, Distribution,
    Fabric, Facing, Feeds, Finance, Floor, FloorBuild, Hall, Job, LoadBalancing, ObjectId,
    Obstacle, ObstacleKind, OpticsPolicy, Plan, PlantKind, PointMm, Power, Precision, Rack, RectMm,
    Scheme, Serving, Site, Storage, Tile, Topology, Workload,
};

/// What a place in a row holds.
#[derive(Clone)]
pub enum Place {
    Systems(&'static str, u32),
    Network,
    Storage,
    Reserved,
}

pub struct Builder<'a> {
    pub plan: Plan,
    catalog: &'a Catalog,
    racks: usize,
}

/// A pod: two rows, rear to rear, with a hot aisle between them.
pub struct Pod<'a> {
    pub name: &'a str,
    pub at: PointMm,
    pub frame: &'static str,
    pub south: Vec<Place>,
    pub north: Vec<Place>,
    pub hot_aisle_mm: i32,
    pub panel_top_mm: u32,
    pub phase: u16,
    pub rear_door: Option<&'static str>,
}

impl<'a> Builder<'a> {
    pub fn new(name: &str, notes: &str, hall: Hall, catalog: &'a Catalog) -> Self {
        let plan = Plan {
            name: name.into(),
            notes: notes.into(),
            next_id: 1,
            site: Arc::new(Site {
                site: SiteKey::new("us_va_ashburn"),
                electricity_usd_kwh: None,
                grid_carbon_g_kwh: None,
                elevation_m: None,
            }),
            hall: Arc::new(hall),
            power: Arc::new(power(10.0, Scheme::TwoN)),
            cooling: Arc::new(cooling()),
            fabric: Arc::new(fabric("qm9700")),
            storage: Arc::new(Storage { appliance: StorageKey::new("ddn_ai400x3"), count: 1 }),
            workload: Arc::new(serving("deepseek_r1", Precision::Fp8)),
            finance: Arc::new(Finance {
                method: CapitalMethod::Annuity,
                assumptions: std::collections::BTreeMap::new(),
            }),
            floor: Arc::new(Floor::default()),
        };
        Self { plan, catalog, racks: 0 }
    }

    fn id(&mut self) -> ObjectId {
        self.plan.fresh_id()
    }

    fn floor(&mut self) -> &mut Floor {
        Arc::make_mut(&mut self.plan.floor)
    }

    fn rack_size(&self, frame: &str) -> SizeMm {
        let spec = &self.catalog.racks.find(frame).expect(frame).spec;
        spec.size_mm.unwrap_or(SizeMm { width: 700, depth: 1200, height: 2400 })
    }

    /// One rack; a rack-scale system brings its own frame.
    fn rack(&mut self, at: PointMm, facing: Facing, place: &Place, pod: &Pod<'_>) -> i32 {
        let mut frame = pod.frame;
        let contents = match place {
            Place::Systems(id, count) => {
                let spec = &self.catalog.systems.find(id).expect(id).spec;
                if spec.form == SystemForm::Rack
                    && let Some(own) = &spec.frame
                {
                    frame = self.catalog.racks.get(own).map_or(frame, |_| "mgx_nvl72");
                }
                Contents::Compute { system: SystemKey::new(*id), count: *count }
            }
            Place::Network => Contents::Network,
            Place::Storage => Contents::Storage,
            Place::Reserved => Contents::Reserved,
        };
        let rear_door =
            pod.rear_door.filter(|_| matches!(place, Place::Systems(..))).map(CoolingKey::new);
        let size_mm = self.rack_size(frame);
        self.racks += 1;
        let rack = Rack {
            id: self.id(),
            name: format!("R-{:02}", self.racks),
            frame: RackKey::new(frame),
            size_mm,
            at,
            facing,
            contents,
            feeds: Feeds::Both,
            rear_door,
            phase: pod.phase,
            locked: false,
        };
        self.floor().racks.push(rack);
        size_mm.width as i32
    }

    pub fn pod(&mut self, pod: &Pod<'_>) {
        let depth = self.rack_size(pod.frame).depth as i32;
        let mut ends = [pod.at.x; 2];
        for (row, places) in [&pod.south, &pod.north].into_iter().enumerate() {
            let facing = if row == 0 { Facing::South } else { Facing::North };
            let y = pod.at.y + row as i32 * (depth + pod.hot_aisle_mm);
            for place in places {
                // A shallower frame keeps its rear on the hot aisle.
                let at = PointMm::new(ends[row], y);
                let width = self.rack(at, facing, place, pod);
                let last = self.floor().racks.last_mut().expect("just pushed");
                if row == 0 {
                    last.at.y += depth - last.size_mm.depth as i32;
                }
                ends[row] += width;
            }
        }
        let area = RectMm {
            min: PointMm::new(pod.at.x, pod.at.y + depth),
            max: PointMm::new(ends[0].max(ends[1]), pod.at.y + depth + pod.hot_aisle_mm),
        };
        let containment = Containment {
            id: self.id(),
            name: format!("HAC {}", pod.name),
            aisle: Aisle::Hot,
            area,
            height_mm: pod.panel_top_mm,
            roof: true,
            doors: true,
            leakage_pct: 5.0,
            locked: false,
        };
        self.floor().containments.push(containment);
    }

    pub fn unit(&mut self, name: &str, model: &str, at: PointMm, facing: Facing, airflow_pct: f64) {
        let spec = &self.catalog.cooling.find(model).expect(model).spec;
        let size_mm = spec.size_mm.expect("the unit has a size");
        let unit = CoolingUnit {
            id: self.id(),
            name: name.into(),
            model: CoolingKey::new(model),
            size_mm,
            at,
            facing,
            supply_c: None,
            airflow_pct,
            failed: false,
            locked: false,
        };
        self.floor().units.push(unit);
    }

    pub fn obstacle(&mut self, kind: ObstacleKind, area: RectMm) {
        let id = self.id();
        self.floor().obstacles.push(Obstacle { id, kind, area, locked: true });
    }

    pub fn tiles(&mut self, from: PointMm, columns: i32, rows: i32, open_pct: f64) {
        for row in 0..rows {
            for column in 0..columns {
                let id = self.id();
                let at = from.offset(600 * column, 600 * row);
                let tile = Tile { id, at, size_mm: 600, open_pct, locked: false };
                self.floor().tiles.push(tile);
            }
        }
    }
}

pub fn slab_hall(size_x_mm: u32, size_y_mm: u32, height_mm: u32, kpa: f64) -> Hall {
    Hall {
        size_x_mm,
        size_y_mm,
        height_mm,
        floor: FloorBuild::Slab,
        ceiling_plenum_mm: 1000,
        floor_load_kpa: kpa,
    }
}

pub fn power(utility_mw: f64, scheme: Scheme) -> Power {
    Power {
        utility_mw,
        utility_kv: 13.8,
        scheme,
        distribution: Distribution::Vac415,
        transformer: PowerKey::new("tx_oil_2500_doe2016"),
        ups: PowerKey::new("ups_class_1500"),
        ups_eco: false,
        busway: PowerKey::new("busway_class_1000"),
        generator: Some(PowerKey::new("gen_cat_c175_16")),
        overrides: std::collections::BTreeMap::new(),
        resilience: Box::default(),
    }
}

pub fn cooling() -> Cooling {
    Cooling {
        air_supply_c: 24.0,
        chilled_water_c: 18.0,
        coolant: Coolant::Pg25,
        tcs_supply_c: 40.0,
        fws_supply_c: 36.0,
        cdu: CoolingKey::new("cdu_class_1300"),
        spare_cdus: 1,
        liquid_plant: PlantKind::DryCoolerAdiabatic,
        air_plant: PlantKind::ChillerAir,
        spare_plant_units: 1,
        overrides: std::collections::BTreeMap::new(),
    }
}

pub fn fabric(switch: &str) -> Fabric {
    Fabric {
        topology: Topology::RailLeafSpine,
        switch: NetworkKey::new(switch),
        oversubscription: 1.0,
        optics: OpticsPolicy::CopperFirst,
        load_balancing: LoadBalancing::Adaptive,
        tray_height_mm: 2700,
        overrides: std::collections::BTreeMap::new(),
    }
}

pub fn serving(model: &str, precision: Precision) -> Workload {
    Workload {
        model: ModelKey::new(model),
        precision,
        job: Job::Serving(Serving {
            input_tokens: 4000,
            output_tokens: 1000,
            ttft_ms: 3000.0,
            tpot_ms: 40.0,
            peak_to_mean: 1.25,
            sold_pct: 65.0,
            ..Serving::default()
        }),
    }
}
