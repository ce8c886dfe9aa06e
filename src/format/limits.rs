//! Limits of plan values: what a hall on earth may be. A plan outside them is refused by name, so
//! that no stage meets absurd numbers.

use crate::plan::serving::{MOST_CACHED_PCT, MOST_DRAFTED, MOST_PEAK_TO_MEAN};
use crate::plan::training::{MOST_RANK, MOST_TOKENS};
use crate::plan::{Contents, FloorBuild, Job, ObjectId, Plan, RectMm, Serving};
use std::collections::BTreeSet;

/// Largest hall edge and coordinate, mm: 1 km.
const MAX_COORDINATE_MM: i32 = 1_000_000;
/// Largest edge of one object, mm.
const MAX_OBJECT_MM: u32 = 50_000;
/// Most objects of a plan.
const MAX_OBJECTS: usize = 200_000;

/// Every value outside its limits, in words: where, value, limit. Empty for a sound plan.
#[must_use]
pub fn problems(plan: &Plan) -> Vec<String> {
    let mut to = Problems(Vec::new());
    check_hall(plan, &mut to);
    check_objects(plan, &mut to);
    check_identities(plan, &mut to);
    check_power(plan, &mut to);
    check_cooling(plan, &mut to);
    check_workload(plan, &mut to);
    check_money(plan, &mut to);
    to.0
}

struct Problems(Vec<String>);

impl Problems {
    fn range(&mut self, field: &str, value: f64, low: f64, high: f64, unit: &str) {
        if !(low..=high).contains(&value) {
            self.0.push(
                format!("{field} is {value}, outside {low} to {high} {unit}").trim_end().into(),
            );
        }
    }

    fn size(&mut self, field: &str, value: u32, low: u32, high: u32) {
        self.range(field, f64::from(value), f64::from(low), f64::from(high), "mm");
    }

    fn area(&mut self, field: &str, area: RectMm) {
        let far = |v: i32| !(-MAX_COORDINATE_MM..=MAX_COORDINATE_MM).contains(&v);
        if [area.min.x, area.min.y, area.max.x, area.max.y].into_iter().any(far) {
            self.0.push(format!(
                "{field} reaches ({}, {}) to ({}, {}), outside ±{MAX_COORDINATE_MM} mm",
                area.min.x, area.min.y, area.max.x, area.max.y
            ));
        } else if area.size_x() < 1 || area.size_y() < 1 {
            self.0.push(format!("{field} is empty: max must be north-east of min"));
        }
    }
}

fn check_hall(plan: &Plan, to: &mut Problems) {
    let hall = &plan.hall;
    to.size("hall.size_x_mm", hall.size_x_mm, 2_000, MAX_COORDINATE_MM as u32);
    to.size("hall.size_y_mm", hall.size_y_mm, 2_000, MAX_COORDINATE_MM as u32);
    to.size("hall.height_mm", hall.height_mm, 2_000, 30_000);
    to.size("hall.ceiling_plenum_mm", hall.ceiling_plenum_mm, 0, 10_000);
    if let FloorBuild::Raised { plenum_mm } = hall.floor {
        to.size("hall.floor.plenum_mm", plenum_mm, 100, 5_000);
    }
    to.range("hall.floor_load_kpa", hall.floor_load_kpa, 0.5, 200.0, "kPa");
    if let Some(elevation) = plan.site.elevation_m {
        to.range("site.elevation_m", elevation, -430.0, 5_500.0, "m");
    }
}

fn check_objects(plan: &Plan, to: &mut Problems) {
    let floor = &plan.floor;
    if floor.len() > MAX_OBJECTS {
        to.0.push(format!("floor has {} objects, more than {MAX_OBJECTS}", floor.len()));
        return;
    }
    for (i, rack) in floor.racks.iter().enumerate() {
        let field = format!("floor.racks[{i}] '{}'", rack.name);
        to.size(&format!("{field} size_mm.width"), rack.size_mm.width, 100, MAX_OBJECT_MM);
        to.size(&format!("{field} size_mm.depth"), rack.size_mm.depth, 100, MAX_OBJECT_MM);
        to.size(&format!("{field} size_mm.height"), rack.size_mm.height, 100, MAX_OBJECT_MM);
        to.area(&field, rack.footprint());
        if let Contents::Compute { count, .. } = rack.contents {
            to.range(&format!("{field} contents.count"), f64::from(count), 1.0, 200.0, "");
        }
    }
    for (i, unit) in floor.units.iter().enumerate() {
        let field = format!("floor.units[{i}] '{}'", unit.name);
        to.size(&format!("{field} size_mm.width"), unit.size_mm.width, 100, MAX_OBJECT_MM);
        to.size(&format!("{field} size_mm.depth"), unit.size_mm.depth, 100, MAX_OBJECT_MM);
        to.size(&format!("{field} size_mm.height"), unit.size_mm.height, 100, MAX_OBJECT_MM);
        to.area(&field, unit.footprint());
        to.range(&format!("{field} airflow_pct"), unit.airflow_pct, 0.0, 150.0, "%");
        if let Some(supply) = unit.supply_c {
            to.range(&format!("{field} supply_c"), supply, 5.0, 45.0, "°C");
        }
    }
    for (i, tile) in floor.tiles.iter().enumerate() {
        let field = format!("floor.tiles[{i}]");
        to.size(&format!("{field} size_mm"), tile.size_mm, 100, 2_000);
        to.area(&field, tile.footprint());
        to.range(&format!("{field} open_pct"), tile.open_pct, 0.0, 100.0, "%");
    }
    for (i, containment) in floor.containments.iter().enumerate() {
        let field = format!("floor.containments[{i}] '{}'", containment.name);
        to.area(&field, containment.area);
        to.size(&format!("{field} height_mm"), containment.height_mm, 500, 30_000);
        to.range(&format!("{field} leakage_pct"), containment.leakage_pct, 0.0, 100.0, "%");
    }
    for (i, obstacle) in floor.obstacles.iter().enumerate() {
        to.area(&format!("floor.obstacles[{i}]"), obstacle.area);
    }
}

fn check_identities(plan: &Plan, to: &mut Problems) {
    let mut seen = BTreeSet::new();
    for (ObjectId(id), _) in plan.floor.footprints() {
        if !seen.insert(id) {
            to.0.push(format!("floor: id {id} occurs twice"));
        }
    }
    if let Some(last) = seen.last()
        && plan.next_id <= *last
    {
        to.0.push(format!("next_id is {}, but id {last} is in use", plan.next_id));
    }
}

fn check_power(plan: &Plan, to: &mut Problems) {
    to.range("power.utility_mw", plan.power.utility_mw, 0.001, 10_000.0, "MW");
    to.range("power.utility_kv", plan.power.utility_kv, 0.2, 500.0, "kV");
    check_resilience(plan, to);
    let groups = [
        ("power", &plan.power.overrides),
        ("cooling", &plan.cooling.overrides),
        ("fabric", &plan.fabric.overrides),
    ];
    for (section, overrides) in groups {
        for (name, part) in overrides {
            let field = format!("{section}.overrides[\"{name}\"]");
            if let Some(rating) = part.rating {
                to.range(&format!("{field}.rating"), rating, 0.001, 1e7, "");
            }
            if let Some(count) = part.count {
                to.range(&format!("{field}.count"), f64::from(count), 0.0, 10_000.0, "");
            }
            if let Some(length) = part.length_m {
                to.range(&format!("{field}.length_m"), length, 0.1, 100_000.0, "m");
            }
        }
    }
}

/// What the planner stated about standby, swings and provisioning.
fn check_resilience(plan: &Plan, to: &mut Problems) {
    let r = &plan.power.resilience;
    let (s, w, p) = (&r.standby, &r.swing, &r.provision);
    let stated = [
        ("standby.battery_min", s.battery_min, 0.0, 10_000.0, "min"),
        ("standby.start_s", s.start_s, 0.0, 3_600.0, "s"),
        ("standby.max_step_pct", s.max_step_pct, 1.0, 100.0, "%"),
        ("standby.bess_mw", s.bess_mw, 0.0, 10_000.0, "MW"),
        ("standby.bess_mwh", s.bess_mwh, 0.0, 100_000.0, "MWh"),
        ("swing.peak_pct", w.peak_pct, 0.0, 250.0, "%"),
        ("swing.trough_pct", w.trough_pct, 0.0, 250.0, "%"),
        ("swing.period_s", w.period_s, 0.001, 86_400.0, "s"),
        ("swing.duty_pct", w.duty_pct, 0.0, 100.0, "%"),
        ("swing.simultaneity_pct", w.simultaneity_pct, 0.0, 100.0, "%"),
        ("swing.edge_s", w.edge_s, 0.001, 3_600.0, "s"),
        ("swing.storage_j_per_gpu", w.storage_j_per_gpu, 0.0, 1e7, "J"),
        ("swing.floor_pct", w.floor_pct, 0.0, 100.0, "%"),
        ("swing.smoothed_ramp_mw_s", w.smoothed_ramp_mw_s, 0.0, 1e6, "MW/s"),
        ("swing.ramp_limit_mw_s", w.ramp_limit_mw_s, 0.0, 1e6, "MW/s"),
        ("swing.range_limit_mw", w.range_limit_mw, 0.0, 1e5, "MW"),
        ("swing.short_circuit_mva", w.short_circuit_mva, 0.1, 1e6, "MVA"),
        ("provision.cap_pct", p.cap_pct, 1.0, 100.0, "%"),
        ("provision.spread_pct", p.spread_pct, 0.0, 100.0, "%"),
        ("provision.correlation", p.correlation, 0.0, 1.0, ""),
        ("provision.risk_pct", p.risk_pct, 1e-7, 50.0, "%"),
    ];
    for (field, value, low, high, unit) in stated {
        if let Some(value) = value {
            to.range(&format!("power.resilience.{field}"), value, low, high, unit);
        }
    }
}

fn check_cooling(plan: &Plan, to: &mut Problems) {
    let cooling = &plan.cooling;
    to.range("cooling.air_supply_c", cooling.air_supply_c, 5.0, 45.0, "°C");
    to.range("cooling.chilled_water_c", cooling.chilled_water_c, 2.0, 45.0, "°C");
    to.range("cooling.tcs_supply_c", cooling.tcs_supply_c, 5.0, 65.0, "°C");
    to.range("cooling.fws_supply_c", cooling.fws_supply_c, 2.0, 60.0, "°C");
    to.range("cooling.spare_cdus", f64::from(cooling.spare_cdus), 0.0, 100.0, "");
    to.range("cooling.spare_plant_units", f64::from(cooling.spare_plant_units), 0.0, 100.0, "");
}

fn check_workload(plan: &Plan, to: &mut Problems) {
    to.range("fabric.oversubscription", plan.fabric.oversubscription, 1.0, 64.0, "");
    to.size("fabric.tray_height_mm", plan.fabric.tray_height_mm, 500, 30_000);
    to.range("storage.count", f64::from(plan.storage.count), 0.0, 10_000.0, "");
    match &plan.workload.job {
        Job::Serving(job) => {
            to.range("workload.input_tokens", f64::from(job.input_tokens), 1.0, 1e7, "tokens");
            to.range("workload.output_tokens", f64::from(job.output_tokens), 1.0, 1e7, "tokens");
            to.range("workload.ttft_ms", job.ttft_ms, 1.0, 1e7, "ms");
            to.range("workload.tpot_ms", job.tpot_ms, 0.1, 1e6, "ms");
            to.range("workload.peak_to_mean", job.peak_to_mean, 1.0, MOST_PEAK_TO_MEAN, "");
            to.range("workload.sold_pct", job.sold_pct, 0.1, 100.0, "%");
            check_serving_model(job, to);
        }
        Job::Training(job) => {
            let tokens = job.batch_tokens as f64;
            to.range(
                "workload.sequence_tokens",
                f64::from(job.sequence_tokens),
                1.0,
                1e8,
                "tokens",
            );
            to.range("workload.batch_tokens", tokens, 1.0, 1e12, "tokens");
            to.range("workload.scheduled_pct", job.scheduled_pct, 0.1, 100.0, "%");
            if let Some(rank) = job.adapter_rank {
                let most = f64::from(MOST_RANK);
                to.range("workload.adapter_rank", f64::from(rank), 1.0, most, "");
            }
            if let Some(tokens) = job.tokens {
                to.range("workload.tokens", tokens, 1.0, MOST_TOKENS, "tokens");
            }
        }
    }
}

/// What runs the model, and what it need not compute.
fn check_serving_model(job: &Serving, to: &mut Problems) {
    let cached = job.cached_prompt_pct;
    to.range("workload.cached_prompt_pct", cached, 0.0, MOST_CACHED_PCT, "%");
    if let Some(drafts) = job.drafts {
        let drafted = f64::from(drafts.drafted);
        to.range("workload.drafts.drafted", drafted, 1.0, f64::from(MOST_DRAFTED), "tokens");
        to.range("workload.drafts.accepted", drafts.accepted, 0.0, drafted, "tokens");
    }
}

fn check_money(plan: &Plan, to: &mut Problems) {
    if let Some(price) = plan.site.electricity_usd_kwh {
        to.range("site.electricity_usd_kwh", price, 0.0, 10.0, "USD/kWh");
    }
    if let Some(carbon) = plan.site.grid_carbon_g_kwh {
        to.range("site.grid_carbon_g_kwh", carbon, 0.0, 5_000.0, "g/kWh");
    }
    for (id, value) in &plan.finance.assumptions {
        to.range(&format!("finance.assumptions[\"{id}\"]"), *value, -1e12, 1e12, "");
    }
}
