//! Plant equipment from catalogue entries: which entry serves a kind of plant, and its rated point.
//!
//! A plan names kinds of plant, not models. Of the complete entries of a kind, the one rated
//! nearest to the supply set point is taken; among those, the one that installs the fewest
//! kilowatts for the design heat with its spares.

use super::case::{Adiabatic, Chillers, DryCoolers, FanControl, Pump, Towers, Units};
use crate::catalog::{CoolingKind, CoolingSpec, Entry};
use crate::evaluate::snapshot::{ResolveError, Snapshot};
use crate::units::ZERO_CELSIUS_K;
use std::sync::Arc;

/// Cubic metres a second in a litre a minute.
const M3_S_PER_L_MIN: f64 = 1.0 / 60_000.0;
/// Seconds in an hour.
const S_PER_H: f64 = 3600.0;
/// Watts in a kilowatt.
const W_PER_KW: f64 = 1e3;
/// Least fan speed over full speed; assumption (motor cooling sets it).
const MIN_SPEED: f64 = 0.2;
/// Exponent of coil conductance on air flow: the air side holds most of the resistance of finned
/// coils and its film goes with V^0.6; assumption for class equipment.
const UA_AIR_EXPONENT: f64 = 0.5;
/// Air through a tower cell per water at the rated point, m³/kg; assumption, the ratio that
/// EnergyPlus gives a cell of 5.6 K range.
const TOWER_AIR_M3_PER_KG: f64 = 1.15;
/// Water lost as droplets over water flow; assumption, modern eliminators (EnergyPlus example).
const DRIFT: f64 = 5e-5;
/// Wet bulb at the nominal rating of towers, °C (CTI 95/85/78 °F).
const TOWER_RATED_WET_BULB_C: f64 = 25.56;
/// Water range at the nominal rating of towers, K (CTI 95/85/78 °F).
const TOWER_RATED_RANGE_K: f64 = 5.56;
/// Ambient at the rating of air-cooled chillers, °C (AHRI 550/590: 35 °C).
const CHILLER_RATED_AMBIENT_C: f64 = 35.0;
/// Chilled water at the rating of water-cooled chillers, °C (AHRI 550/590: 6.7 °C).
const CHILLER_RATED_SUPPLY_C: f64 = 6.7;
/// Water entering the condenser at that rating, °C (AHRI 550/590: 29.4 °C).
const CHILLER_RATED_CONDENSER_C: f64 = 29.4;
/// Relative rise of capacity per kelvin less lift, 1/K; assumption (class value of screw and
/// centrifugal machines).
const CAPACITY_SLOPE_PER_K: f64 = 0.01;
/// Lift below which the COP rises no further, K; assumption (oil return and valve authority).
const MIN_LIFT_K: f64 = 5.0;
/// Coldest condenser water that chillers accept, K; assumption, 15 °C.
pub const CONDENSER_MIN_K: f64 = 15.0 + ZERO_CELSIUS_K;
/// Density of the water that ratings refer to, kg/m³.
const WATER_DENSITY: f64 = 997.0;
/// Specific heat of that water, J/(kg·K).
const WATER_CP: f64 = 4181.0;

/// Planning assumptions of plants.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    dry_approach_k: f64,
    dry_fan_w_per_kw: f64,
    tower_approach_k: f64,
    tower_fan_w_per_kw: f64,
    cop_slope_per_k: f64,
    adiabatic: Adiabatic,
    /// Approach of plate exchangers, K.
    pub exchanger_approach_k: f64,
    /// Drop of the facility loop, Pa.
    pub drop_pa: f64,
    /// Hydraulic over electrical power of pumps.
    pub wire_to_water: f64,
}

impl Rules {
    /// From the catalogue and the plan.
    pub fn new(s: &Snapshot) -> Result<Self, ResolveError> {
        let base = |id| s.assumption(id).map(|b| b.base);
        Ok(Self {
            dry_approach_k: base("dry_cooler_approach_k")?,
            dry_fan_w_per_kw: base("dry_cooler_fan_w_per_kw")?,
            tower_approach_k: base("tower_approach_k")?,
            tower_fan_w_per_kw: base("tower_fan_w_per_kw")?,
            cop_slope_per_k: base("chiller_cop_gain_per_k")?,
            adiabatic: Adiabatic {
                saturation_effectiveness: base("adiabatic_effectiveness")?,
                cycles_of_concentration: base("cycles_of_concentration")?,
            },
            exchanger_approach_k: base("free_cooling_approach_k")?,
            drop_pa: base("fws_loop_drop_kpa")? * W_PER_KW,
            wire_to_water: base("pump_efficiency")? * base("motor_drive_efficiency")?,
        })
    }

    /// Wetted pads.
    pub fn adiabatic(&self) -> Adiabatic {
        self.adiabatic
    }

    /// A pump for a flow.
    pub fn pump(&self, flow_m3_s: f64) -> Pump {
        Pump { flow_m3_s, head_pa: self.drop_pa, wire_to_water: self.wire_to_water }
    }
}

/// An entry and the rated heat of one unit, W.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The entry.
    pub entry: Arc<Entry<CoolingSpec>>,
    /// Rated heat of one unit, W.
    pub rated_w: f64,
}

impl Chosen {
    /// The entry for a kind of equipment; `rating_kw` is the planner's own unit size.
    pub fn new(
        s: &Snapshot,
        kind: CoolingKind,
        supply_c: f64,
        design_heat_w: f64,
        rating_kw: Option<f64>,
    ) -> Result<Self, ResolveError> {
        let spare = f64::from(s.plan.cooling.spare_plant_units);
        let complete = s.catalog.cooling.iter().filter(|e| is_complete(&e.spec, kind));
        let score = |e: &Entry<CoolingSpec>| {
            let off_k = e.spec.supply_c.map_or(0.0, |t| (t - supply_c).abs());
            let unit_w = e.spec.capacity_kw.unwrap_or(0.0) * W_PER_KW;
            (off_k, ((design_heat_w / unit_w).ceil().max(1.0) + spare) * unit_w)
        };
        let best = complete.min_by(|a, b| {
            let (x, y) = (score(a), score(b));
            x.0.total_cmp(&y.0).then(x.1.total_cmp(&y.1)).then(a.id.cmp(&b.id))
        });
        let entry = best.cloned().ok_or_else(|| ResolveError::Incomplete {
            section: "cooling",
            entry: format!("{kind:?}"),
            field: "capacity_kw",
        })?;
        let listed_w = entry.spec.capacity_kw.unwrap_or(0.0) * W_PER_KW;
        Ok(Self { rated_w: rating_kw.map_or(listed_w, |kw| kw * W_PER_KW), entry })
    }

    /// Size over the size of the entry.
    fn scale(&self) -> f64 {
        self.rated_w / (self.entry.spec.capacity_kw.unwrap_or(1.0) * W_PER_KW)
    }

    fn flow_m3_s(&self, rise_k: f64) -> f64 {
        let by_rise = self.rated_w / (WATER_DENSITY * WATER_CP * rise_k);
        let listed = self.entry.spec.water_flow_l_min;
        listed.map_or(by_rise, |f| f * M3_S_PER_L_MIN * self.scale())
    }

    fn fan_w(&self, w_per_kw: f64) -> f64 {
        let listed = self.entry.spec.fan_or_pump_kw;
        listed.map_or(w_per_kw * self.rated_w / W_PER_KW, |kw| kw * W_PER_KW * self.scale())
    }

    /// Dry coolers of this entry.
    pub fn coolers(&self, units: Units, rules: &Rules) -> DryCoolers {
        let air_m3_h = self.entry.spec.airflow_m3_h.unwrap_or(0.0);
        DryCoolers {
            units,
            rated_heat_w: self.rated_w,
            rated_flow_m3_s: self.flow_m3_s(TOWER_RATED_RANGE_K),
            rated_approach_k: self.entry.spec.approach_k.unwrap_or(rules.dry_approach_k),
            air_flow_m3_s: air_m3_h / S_PER_H * self.scale(),
            fan_w: self.fan_w(rules.dry_fan_w_per_kw),
            control: FanControl::Variable { min_speed: MIN_SPEED },
            ua_air_exponent: UA_AIR_EXPONENT,
        }
    }

    /// Tower cells of this entry with a circuit of their own, its flow for the nominal range at
    /// `heat_w` but no more than the cells are rated for.
    pub fn towers(&self, units: Units, heat_w: f64, rules: &Rules) -> Towers {
        let rated_flow_m3_s = self.flow_m3_s(TOWER_RATED_RANGE_K);
        let duty = f64::from(units.count - units.spare);
        let asked = heat_w / (WATER_DENSITY * WATER_CP * TOWER_RATED_RANGE_K);
        Towers {
            units,
            rated_flow_m3_s,
            air_flow_m3_s: rated_flow_m3_s * WATER_DENSITY * TOWER_AIR_M3_PER_KG,
            fan_w: self.fan_w(rules.tower_fan_w_per_kw),
            rated_wet_bulb_k: TOWER_RATED_WET_BULB_C + ZERO_CELSIUS_K,
            rated_approach_k: self.entry.spec.approach_k.unwrap_or(rules.tower_approach_k),
            rated_range_k: TOWER_RATED_RANGE_K,
            min_speed: MIN_SPEED,
            pump: Some(rules.pump(asked.min(duty * rated_flow_m3_s))),
            cycles_of_concentration: rules.adiabatic.cycles_of_concentration,
            drift_fraction: DRIFT,
        }
    }

    /// Chillers of this entry.
    pub fn chillers(&self, units: Units, rules: &Rules) -> Chillers {
        let spec = &self.entry.spec;
        let rated_lift_k = if spec.kind == CoolingKind::ChillerWc {
            CHILLER_RATED_CONDENSER_C - spec.supply_c.unwrap_or(CHILLER_RATED_SUPPLY_C)
        } else {
            CHILLER_RATED_AMBIENT_C - spec.supply_c.unwrap_or(CHILLER_RATED_SUPPLY_C)
        };
        Chillers {
            units,
            rated_heat_w: self.rated_w,
            rated_cop: spec.cop.unwrap_or(1.0),
            rated_lift_k,
            cop_slope_per_k: rules.cop_slope_per_k,
            capacity_slope_per_k: CAPACITY_SLOPE_PER_K,
            min_lift_k: MIN_LIFT_K.min(rated_lift_k),
        }
    }
}

/// Whether an entry of the kind has what its rated point needs.
fn is_complete(spec: &CoolingSpec, kind: CoolingKind) -> bool {
    let enough = match kind {
        CoolingKind::DryCooler => spec.airflow_m3_h.is_some(),
        CoolingKind::ChillerAc | CoolingKind::ChillerWc => spec.cop.is_some(),
        _ => true,
    };
    spec.kind == kind && spec.capacity_kw.is_some_and(|kw| kw > 0.0) && enough
}
