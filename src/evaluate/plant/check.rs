//! Refuses cases that have no answer, naming field, value and limit.

use super::case::{
    Adiabatic, Chillers, Climate, DryCoolers, FanControl, Plant, PlantCase, PlantLoop, Pump,
    Towers, Units,
};

/// Why a plant case can not be solved.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PlantError {
    /// A number outside of what the field can mean.
    #[error("{place}: {field} is {value}, but must be {limit}")]
    OutOfRange {
        /// Climate or loop.
        place: String,
        /// Name of the field in the case.
        field: &'static str,
        /// Value found, in the unit of the field.
        value: f64,
        /// What is allowed.
        limit: &'static str,
    },
    /// A rated point that no equipment can have.
    #[error("{place}: no coil reaches the rated point of the {what}")]
    ImpossibleRating {
        /// Loop.
        place: String,
        /// Equipment.
        what: &'static str,
    },
}

/// Outdoor temperatures that a climate may state, K.
const WEATHER_K: (f64, f64) = (213.15, 333.15);
/// Temperatures of loop water, K.
const WATER_K: (f64, f64) = (273.15, 373.15);
/// Temperature differences of equipment, K.
const DIFFERENCE_K: (f64, f64) = (0.01, 100.0);
/// More of anything than a site can hold, in SI units; keeps sums finite.
const HUGE: f64 = 1e12;

struct Checker<'a> {
    place: &'a str,
}

type Checked = Result<(), PlantError>;

impl Checker<'_> {
    fn within(
        &self,
        field: &'static str,
        value: f64,
        (low, high): (f64, f64),
        limit: &'static str,
    ) -> Checked {
        if value >= low && value <= high {
            return Ok(());
        }
        Err(PlantError::OutOfRange { place: self.place.to_owned(), field, value, limit })
    }
    fn positive(&self, field: &'static str, value: f64) -> Checked {
        self.within(field, value, (f64::MIN_POSITIVE, HUGE), "positive")
    }
    fn not_negative(&self, field: &'static str, value: f64) -> Checked {
        self.within(field, value, (0.0, HUGE), "zero or positive")
    }
    fn fraction(&self, field: &'static str, value: f64) -> Checked {
        self.within(field, value, (0.01, 1.0), "between 0.01 and 1")
    }
    fn weather(&self, field: &'static str, value: f64) -> Checked {
        self.within(field, value, WEATHER_K, "between 213.15 and 333.15 K")
    }
    fn water(&self, field: &'static str, value: f64) -> Checked {
        self.within(field, value, WATER_K, "between 273.15 and 373.15 K")
    }
    fn difference(&self, field: &'static str, value: f64) -> Checked {
        self.within(field, value, DIFFERENCE_K, "between 0.01 and 100 K")
    }
    fn cycles(&self, value: f64) -> Checked {
        self.within("cycles_of_concentration", value, (1.1, 100.0), "between 1.1 and 100")
    }
    fn units(&self, u: Units) -> Checked {
        self.within("units.count", f64::from(u.count), (1.0, HUGE), "at least 1")?;
        let below = (0.0, f64::from(u.count) - 1.0);
        self.within("units.spare", f64::from(u.spare), below, "below the count")
    }
    fn pump(&self, p: &Pump) -> Checked {
        self.positive("pump.flow_m3_s", p.flow_m3_s)?;
        self.not_negative("pump.head_pa", p.head_pa)?;
        self.fraction("pump.wire_to_water", p.wire_to_water)
    }
    fn coolers(&self, c: &DryCoolers) -> Checked {
        self.units(c.units)?;
        self.positive("rated_heat_w", c.rated_heat_w)?;
        self.positive("rated_flow_m3_s", c.rated_flow_m3_s)?;
        self.difference("rated_approach_k", c.rated_approach_k)?;
        self.positive("air_flow_m3_s", c.air_flow_m3_s)?;
        self.not_negative("fan_w", c.fan_w)?;
        self.within("ua_air_exponent", c.ua_air_exponent, (0.0, 1.0), "between 0 and 1")?;
        match c.control {
            FanControl::Variable { min_speed } => self.fraction("min_speed", min_speed),
            FanControl::TwoSpeed { low_flow, low_power } => {
                self.within("low_flow", low_flow, (0.01, 0.99), "between 0.01 and 0.99")?;
                self.within("low_power", low_power, (0.0, 1.0), "between 0 and 1")
            }
        }
    }
    fn adiabatic(&self, a: &Adiabatic) -> Checked {
        self.fraction("saturation_effectiveness", a.saturation_effectiveness)?;
        self.cycles(a.cycles_of_concentration)
    }
    fn towers(&self, t: &Towers) -> Checked {
        self.units(t.units)?;
        self.positive("rated_flow_m3_s", t.rated_flow_m3_s)?;
        self.positive("air_flow_m3_s", t.air_flow_m3_s)?;
        self.not_negative("fan_w", t.fan_w)?;
        self.weather("rated_wet_bulb_k", t.rated_wet_bulb_k)?;
        self.difference("rated_approach_k", t.rated_approach_k)?;
        self.difference("rated_range_k", t.rated_range_k)?;
        self.fraction("min_speed", t.min_speed)?;
        self.cycles(t.cycles_of_concentration)?;
        self.within("drift_fraction", t.drift_fraction, (0.0, 0.1), "between 0 and 0.1")?;
        t.pump.as_ref().map_or(Ok(()), |p| self.pump(p))
    }
    fn chillers(&self, c: &Chillers) -> Checked {
        self.units(c.units)?;
        self.positive("rated_heat_w", c.rated_heat_w)?;
        self.within("rated_cop", c.rated_cop, (0.1, 30.0), "between 0.1 and 30")?;
        self.within("rated_lift_k", c.rated_lift_k, (-50.0, 100.0), "between -50 and 100 K")?;
        self.within("min_lift_k", c.min_lift_k, (-50.0, 100.0), "between -50 and 100 K")?;
        self.within("cop_slope_per_k", c.cop_slope_per_k, (0.0, 0.2), "between 0 and 0.2")?;
        let slope = c.capacity_slope_per_k;
        self.within("capacity_slope_per_k", slope, (0.001, 0.2), "between 0.001 and 0.2")
    }
}

/// Checks every number of the case.
pub fn check(case: &PlantCase) -> Checked {
    check_climate(&case.climate)?;
    case.loops.iter().try_for_each(check_loop)
}

fn check_climate(climate: &Climate) -> Checked {
    let c = Checker { place: "climate" };
    let elevation = (-500.0, 6000.0);
    c.within("elevation_m", climate.elevation_m, elevation, "between -500 and 6000 m")?;
    climate.dry_bulb_mean_k.iter().try_for_each(|t| c.weather("dry_bulb_mean_k", *t))?;
    climate.dew_point_mean_k.iter().try_for_each(|t| c.weather("dew_point_mean_k", *t))?;
    c.weather("design_dry_bulb_k", climate.design_dry_bulb_k)?;
    let below_dry = (WEATHER_K.0, climate.design_dry_bulb_k);
    c.within("design_wet_bulb_k", climate.design_wet_bulb_k, below_dry, "below design_dry_bulb_k")?;
    climate.design_coincident_wet_bulb_k.map_or(Ok(()), |t| {
        c.within("design_coincident_wet_bulb_k", t, below_dry, "below design_dry_bulb_k")
    })
}

fn check_loop(l: &PlantLoop) -> Checked {
    let c = Checker { place: &l.name };
    c.not_negative("heat_w", l.heat_w)?;
    c.water("supply_set_k", l.supply_set_k)?;
    c.within("density_kg_m3", l.fluid.density_kg_m3, (500.0, 2000.0), "between 500 and 2000")?;
    c.within("cp_j_kg_k", l.fluid.cp_j_kg_k, (1000.0, 5000.0), "between 1000 and 5000")?;
    c.pump(&l.pump)?;
    match &l.plant {
        Plant::DryCooler { coolers, adiabatic } => {
            c.coolers(coolers)?;
            adiabatic.as_ref().map_or(Ok(()), |a| c.adiabatic(a))
        }
        Plant::CoolingTower { towers, exchanger_approach_k } => {
            c.within("exchanger_approach_k", *exchanger_approach_k, (0.0, 50.0), "0 to 50 K")?;
            c.towers(towers)
        }
        Plant::AirCooledChiller { chillers, free_cooling } => {
            c.chillers(chillers)?;
            free_cooling.as_ref().map_or(Ok(()), |f| c.coolers(f))
        }
        Plant::WaterCooledChiller { chillers, towers, economiser_approach_k, condenser_min_k } => {
            c.chillers(chillers)?;
            c.towers(towers)?;
            c.water("condenser_min_k", *condenser_min_k)?;
            economiser_approach_k.map_or(Ok(()), |a| c.difference("economiser_approach_k", a))
        }
    }
}
