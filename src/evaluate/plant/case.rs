//! The self-contained input of the plant stage: the climate of the site, the heat of each facility
//! loop and the equipment that rejects it. SI throughout; temperatures in kelvin.

use serde::{Deserialize, Serialize};

/// Months in a year.
pub const MONTHS: usize = 12;

/// Everything that the plant stage needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlantCase {
    /// Weather of the site.
    pub climate: Climate,
    /// The facility loops, each with its own plant; independent of each other.
    pub loops: Vec<PlantLoop>,
}

/// Climate of a site from monthly means and design values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Climate {
    /// Height above sea level, m.
    pub elevation_m: f64,
    /// Monthly mean dry bulb, January first, K.
    pub dry_bulb_mean_k: [f64; MONTHS],
    /// Monthly mean dew point, January first, K.
    pub dew_point_mean_k: [f64; MONTHS],
    /// Dry bulb exceeded 0.4 % of the year, K.
    pub design_dry_bulb_k: f64,
    /// Mean wet bulb coincident with it, K; estimated from the hottest month's dew point if unknown.
    pub design_coincident_wet_bulb_k: Option<f64>,
    /// Wet bulb exceeded 0.4 % of the year, K.
    pub design_wet_bulb_k: f64,
}

/// One facility loop and its plant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlantLoop {
    /// Name by which findings speak of the loop (`FWS`, `CHW`).
    pub name: String,
    /// Heat that the loop brings, W, constant through the year.
    pub heat_w: f64,
    /// Supply temperature to hold, K.
    pub supply_set_k: f64,
    /// Fluid of the loop.
    pub fluid: Fluid,
    /// Pumps of the loop, which also set its flow.
    pub pump: Pump,
    /// What rejects the heat.
    pub plant: Plant,
}

/// Constant properties of a loop fluid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fluid {
    /// Density, kg/m³.
    pub density_kg_m3: f64,
    /// Specific heat, J/(kg·K).
    pub cp_j_kg_k: f64,
}

/// A pump group at its operating point.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pump {
    /// Flow, m³/s.
    pub flow_m3_s: f64,
    /// Head at that flow, Pa.
    pub head_pa: f64,
    /// Hydraulic power over electrical power, 0..1.
    pub wire_to_water: f64,
}

/// What rejects the heat of a loop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Plant {
    /// Fan-cooled coils, optionally with adiabatic pre-cooling of the air.
    DryCooler {
        /// The coils.
        coolers: DryCoolers,
        /// Wetted pads or sprays ahead of the coil.
        adiabatic: Option<Adiabatic>,
    },
    /// Open cooling towers behind plate exchangers.
    CoolingTower {
        /// The cells.
        towers: Towers,
        /// Loop supply minus tower water at the heat of the case, K; 0 for a direct loop.
        exchanger_approach_k: f64,
    },
    /// Air-cooled chillers, optionally with free-cooling coils upstream of the evaporator.
    AirCooledChiller {
        /// The machines; their rated power includes condenser fans.
        chillers: Chillers,
        /// Coils in series before the evaporators.
        free_cooling: Option<DryCoolers>,
    },
    /// Water-cooled chillers on towers, optionally with a plate exchanger in series upstream.
    WaterCooledChiller {
        /// The machines; rated power excludes towers and pumps.
        chillers: Chillers,
        /// Cells that cool the condenser water.
        towers: Towers,
        /// Water-side economiser: loop water minus tower water at full load, K.
        economiser_approach_k: Option<f64>,
        /// Coldest condenser water that the machines accept, K.
        condenser_min_k: f64,
    },
}

/// How many units stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Units {
    /// Installed units.
    pub count: u32,
    /// Of these, units counted as spare; they stand still in normal operation.
    pub spare: u32,
}

/// Equal dry coolers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DryCoolers {
    /// How many.
    pub units: Units,
    /// Heat rejected by one unit at its rated point, W.
    pub rated_heat_w: f64,
    /// Fluid flow of one unit at the rated point, m³/s.
    pub rated_flow_m3_s: f64,
    /// Fluid leaving minus air entering at the rated point, K.
    pub rated_approach_k: f64,
    /// Air flow of one unit at full speed, m³/s.
    pub air_flow_m3_s: f64,
    /// Fan power of one unit at full speed, W.
    pub fan_w: f64,
    /// How the fans are controlled.
    pub control: FanControl,
    /// Exponent of coil conductance on air flow (0: constant).
    pub ua_air_exponent: f64,
}

/// How fans follow the load.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum FanControl {
    /// Speed follows the need, power goes with its cube; cycles below the least speed.
    Variable {
        /// Least speed over full speed.
        min_speed: f64,
    },
    /// Off, low and high; cycles between neighbours.
    TwoSpeed {
        /// Air flow at low speed over full.
        low_flow: f64,
        /// Power at low speed over full.
        low_power: f64,
    },
}

/// Evaporative pre-cooling of the air that enters a dry cooler.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adiabatic {
    /// Share of the wet-bulb depression that is reached, 0..1.
    pub saturation_effectiveness: f64,
    /// Concentration of dissolved salts in the sump over that in the make-up, > 1.
    pub cycles_of_concentration: f64,
}

/// Equal cooling tower cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Towers {
    /// How many.
    pub units: Units,
    /// Water flow of one cell at the rated point, m³/s.
    pub rated_flow_m3_s: f64,
    /// Air flow of one cell at full speed, m³/s.
    pub air_flow_m3_s: f64,
    /// Fan power of one cell at full speed, W.
    pub fan_w: f64,
    /// Wet bulb at the rated point, K.
    pub rated_wet_bulb_k: f64,
    /// Leaving water minus wet bulb at the rated point, K.
    pub rated_approach_k: f64,
    /// Entering minus leaving water at the rated point, K.
    pub rated_range_k: f64,
    /// Least fan speed over full speed.
    pub min_speed: f64,
    /// Tower water pumps; flow is that of all duty cells together.
    pub pump: Option<Pump>,
    /// Concentration of dissolved salts in the basin over that in the make-up, > 1.
    pub cycles_of_concentration: f64,
    /// Water carried away as droplets over water flow.
    pub drift_fraction: f64,
}

/// Equal chillers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chillers {
    /// How many.
    pub units: Units,
    /// Cooling capacity of one machine at the rated point, W.
    pub rated_heat_w: f64,
    /// Coefficient of performance at the rated point.
    pub rated_cop: f64,
    /// Temperature entering the condenser (air or water) minus leaving chilled water at the rated
    /// point, K.
    pub rated_lift_k: f64,
    /// Relative rise of COP per kelvin less lift, 1/K.
    pub cop_slope_per_k: f64,
    /// Relative rise of capacity per kelvin less lift, 1/K.
    pub capacity_slope_per_k: f64,
    /// Lift below which the COP rises no further, K.
    pub min_lift_k: f64,
}
