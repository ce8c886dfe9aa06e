//! A loop's plant made ready for a fixed number of running units, and its answer to one weather.
//!
//! ```text
//! q = heat + pump power                   all pump power is taken to warm the loop             (1)
//! T_return = T_supply + q / C             at the plant, C = ρ cp V                             (2)
//! rejected = q + tower pump + compressor + fan                                                (3)
//! ```
//! If the set point can not be held, the supply floats up until the plant rejects `q`.
//! Dispatch is by outlet set point: free cooling takes what it can at the set point, the compressor
//! trims the rest.

use super::case::{Adiabatic, Fluid, Plant, PlantLoop, Pump, Towers};
use super::chiller::ChillerBank;
use super::dry_cooler::{DryBank, FanDuty};
use super::psychrometrics::{Air, SaturationTable, humidity_from_wet_bulb};
use super::result::{PlantPoint, PowerSplit};
use super::tower::{TowerBank, TowerDuty, WaterUse, water_use};
use super::water_chiller::WaterChiller;
use crate::units::ZERO_CELSIUS_K;

/// Least share of the stream's temperature difference that a dry cooler leaves, for its capacity: a
/// numerical floor far beyond real coils, which leave a tenth or more.
const LEAST_SHARE_LEFT: f64 = 1e-3;

/// Water of a tower circuit, at 25 °C (IAPWS-95).
pub const TOWER_WATER: Fluid = Fluid { density_kg_m3: 997.0, cp_j_kg_k: 4181.0 };

/// Which units run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// Duty units; spares stand still.
    Duty,
    /// Every installed unit.
    All,
    /// One unit of each kind is out; spares stand in.
    OneOut,
}

impl Running {
    /// Units of a group that run; `None` if none is left.
    pub fn of(self, units: super::case::Units) -> Option<u32> {
        let duty = units.count - units.spare;
        let n = match self {
            Self::Duty => duty,
            Self::All => units.count,
            Self::OneOut => duty.min(units.count - 1),
        };
        (n > 0).then_some(n)
    }
}

/// The least number of spares among the kinds of equipment of a plant.
pub fn spare_units(plant: &Plant) -> u32 {
    match plant {
        Plant::DryCooler { coolers, .. } => coolers.units.spare,
        Plant::CoolingTower { towers, .. } => towers.units.spare,
        Plant::AirCooledChiller { chillers, .. } => chillers.units.spare,
        Plant::WaterCooledChiller { chillers, towers, .. } => {
            chillers.units.spare.min(towers.units.spare)
        }
    }
}

/// Electrical power of a pump, W.
pub fn pump_w(p: &Pump) -> f64 {
    p.flow_m3_s * p.head_pa / p.wire_to_water
}

/// A loop and its running plant.
pub struct PreparedPlant<'a> {
    pub case: &'a PlantLoop,
    /// Heat per kelvin of the loop, W/K.
    pub rate_w_k: f64,
    pub pump_w: f64,
    machines: Machines<'a>,
}

enum Machines<'a> {
    Dry { bank: DryBank, adiabatic: Option<Adiabatic> },
    Tower { bank: TowerBank, pump_w: f64, approach_k: f64 },
    AirChiller { chillers: ChillerBank<'a>, free: Option<DryBank> },
    WaterChiller(WaterChiller<'a>),
}

/// What the machines do; completed to a [`PlantPoint`] by the loop.
#[derive(Clone, Copy, Debug, Default)]
pub struct Action {
    pub supply_k: f64,
    pub fan_w: f64,
    pub fan_speed: f64,
    pub compressor_w: f64,
    pub compressor_share: f64,
    /// Tower pumps, W.
    pub pump_w: f64,
    pub water: WaterUse,
}

/// A tower bank from its case: own circuit if it has a pump, else the loop's water. Gives the bank
/// and its pump power.
pub fn tower_bank(t: &Towers, running: Running, case: &PlantLoop) -> Option<(TowerBank, f64)> {
    let n = running.of(t.units)?;
    let (fluid, flow, power) = match &t.pump {
        Some(p) => (TOWER_WATER, p.flow_m3_s, pump_w(p)),
        None => (case.fluid, case.pump.flow_m3_s, 0.0),
    };
    let rated_kg_s = t.rated_flow_m3_s * fluid.density_kg_m3;
    let bank = TowerBank::new(t, n, flow * fluid.density_kg_m3, rated_kg_s, fluid.cp_j_kg_k);
    Some((bank, power))
}

impl<'a> PreparedPlant<'a> {
    /// `None` if no unit of some kind is left running.
    pub fn new(case: &'a PlantLoop, running: Running, pressure_pa: f64) -> Option<Self> {
        let dry = |c: &super::case::DryCoolers| {
            DryBank::new(c, running.of(c.units)?, case.pump.flow_m3_s, &case.fluid, pressure_pa)
        };
        let machines = match &case.plant {
            Plant::DryCooler { coolers, adiabatic } => {
                Machines::Dry { bank: dry(coolers)?, adiabatic: *adiabatic }
            }
            Plant::CoolingTower { towers, exchanger_approach_k } => {
                let (bank, pump_w) = tower_bank(towers, running, case)?;
                Machines::Tower { bank, pump_w, approach_k: *exchanger_approach_k }
            }
            Plant::AirCooledChiller { chillers, free_cooling } => Machines::AirChiller {
                chillers: ChillerBank::new(chillers, running.of(chillers.units)?),
                free: match free_cooling {
                    Some(c) => Some(dry(c)?),
                    None => None,
                },
            },
            Plant::WaterCooledChiller { .. } => {
                Machines::WaterChiller(WaterChiller::new(case, running)?)
            }
        };
        let rate_w_k = case.pump.flow_m3_s * case.fluid.density_kg_m3 * case.fluid.cp_j_kg_k;
        Some(Self { case, rate_w_k, pump_w: pump_w(&case.pump), machines })
    }

    /// Heat to remove from the loop, W, (1).
    pub fn q_w(&self) -> f64 {
        self.case.heat_w + self.pump_w
    }

    /// What the plant does in this weather.
    pub fn point(&self, air: &Air, table: &SaturationTable) -> PlantPoint {
        if self.q_w() <= 0.0 {
            let supply_k = self.case.supply_set_k;
            return self.complete(air, &Action { supply_k, ..Action::default() });
        }
        let action = match &self.machines {
            Machines::Dry { bank, adiabatic } => self.dry(bank, adiabatic.as_ref(), air, table),
            Machines::Tower { bank, pump_w, approach_k } => {
                let q = self.q_w() + pump_w;
                let target_k = self.case.supply_set_k - approach_k;
                let duty = bank.cool_to(q, air.wet_bulb_k, target_k);
                tower_action(
                    duty,
                    duty.leaving_k + approach_k,
                    *pump_w,
                    bank.water(q, air, duty.speed, table),
                )
            }
            Machines::AirChiller { chillers, free } => {
                self.air_chiller(chillers, free.as_ref(), air.dry_bulb_k)
            }
            Machines::WaterChiller(w) => w.action(self.q_w(), self.rate_w_k, air, table),
        };
        self.complete(air, &action)
    }

    /// (2), (3)
    fn complete(&self, air: &Air, a: &Action) -> PlantPoint {
        let power = PowerSplit {
            fan_w: a.fan_w,
            pump_w: self.pump_w + a.pump_w,
            compressor_w: a.compressor_w,
        };
        let plant_inlet_k = a.supply_k + self.q_w() / self.rate_w_k;
        let from_loop_w = self.rate_w_k * (plant_inlet_k - a.supply_k);
        PlantPoint {
            dry_bulb_k: air.dry_bulb_k,
            wet_bulb_k: air.wet_bulb_k,
            supply_k: a.supply_k,
            return_k: a.supply_k + self.case.heat_w / self.rate_w_k,
            power,
            rejected_w: from_loop_w + a.pump_w + a.compressor_w + a.fan_w,
            compressor_share: a.compressor_share,
            fan_speed: a.fan_speed,
            evaporated_kg_s: a.water.evaporated,
            makeup_kg_s: a.water.makeup,
        }
    }

    fn dry(
        &self,
        bank: &DryBank,
        adiabatic: Option<&Adiabatic>,
        air: &Air,
        table: &SaturationTable,
    ) -> Action {
        let dry_action = self.coil(bank, air.dry_bulb_k);
        let missed = dry_action.supply_k > self.case.supply_set_k;
        let (true, Some(pads)) = (missed, adiabatic) else { return dry_action };
        let depression = air.dry_bulb_k - air.wet_bulb_k;
        let air_on_k = air.dry_bulb_k - pads.saturation_effectiveness * depression;
        let mut action = self.coil(bank, air_on_k);
        let (on_c, wet_c) = (air_on_k - ZERO_CELSIUS_K, air.wet_bulb_k - ZERO_CELSIUS_K);
        let w_on = humidity_from_wet_bulb(on_c, wet_c, table.pressure_pa());
        let air_kg_s = action.fan_speed * bank.air_full_kg_s();
        let evaporated = air_kg_s * (w_on - air.humidity_ratio).max(0.0);
        action.water = water_use(evaporated, 0.0, pads.cycles_of_concentration);
        action
    }

    /// The coil with air entering at `air_k`.
    fn coil(&self, bank: &DryBank, air_k: f64) -> Action {
        let q = self.q_w();
        let difference_k = self.case.supply_set_k + q / self.rate_w_k - air_k;
        let held = (difference_k > 0.0).then(|| bank.fans(q / difference_k)).flatten();
        let (fans, supply_k) = match held {
            Some(fans) => (fans, self.case.supply_set_k),
            None => (bank.full(), air_k + q / bank.full_g() - q / self.rate_w_k),
        };
        fan_action(fans, supply_k)
    }

    fn air_chiller(&self, chillers: &ChillerBank, free: Option<&DryBank>, air_k: f64) -> Action {
        let (q, set_k) = (self.q_w(), self.case.supply_set_k);
        let lift_k = air_k - set_k;
        let cop = chillers.cop(lift_k);
        let difference_k = set_k + q / self.rate_w_k - air_k;
        let mut fans = FanDuty { speed: 0.0, fan_w: 0.0 };
        let mut carried_w = 0.0;
        if let Some(bank) = free.filter(|_| difference_k > 0.0) {
            if let Some(fans) = bank.fans(q / difference_k) {
                return fan_action(fans, set_k);
            }
            let possible_w = bank.full_g() * difference_k;
            if possible_w / cop > bank.full().fan_w {
                (fans, carried_w) = (bank.full(), possible_w);
            }
        }
        let rest_w = q - carried_w;
        let overrun_k = chillers.overrun_k(rest_w, lift_k);
        Action {
            compressor_w: rest_w / chillers.cop(lift_k - overrun_k),
            compressor_share: rest_w / q,
            ..fan_action(fans, set_k + overrun_k)
        }
    }

    /// Heat that the loop could bring with the set point held in this weather, W.
    pub fn capacity_w(&self, air: &Air) -> f64 {
        let set_k = self.case.supply_set_k;
        let gross = match &self.machines {
            Machines::Dry { bank, adiabatic } => {
                let depression = air.dry_bulb_k - air.wet_bulb_k;
                let wetted = adiabatic.map_or(0.0, |a| a.saturation_effectiveness * depression);
                let g = bank.full_g();
                // A coil that moves nearly all of the stream's heat would divide by nothing.
                let left = (1.0 - g / self.rate_w_k).max(LEAST_SHARE_LEFT);
                g * (set_k - air.dry_bulb_k + wetted) / left
            }
            Machines::Tower { bank, pump_w, approach_k } => {
                // The exchanger's approach grows with its heat.
                let warmest = |q: f64| {
                    let approach = approach_k * q / self.q_w();
                    bank.at_speed(q + pump_w, air.wet_bulb_k, 1.0).leaving_k + approach - set_k
                };
                largest_held(self.q_w(), warmest)
            }
            Machines::AirChiller { chillers, .. } => chillers.capacity_w(air.dry_bulb_k - set_k),
            Machines::WaterChiller(w) => w.capacity_w(self.q_w(), air),
        };
        (gross - self.pump_w).max(0.0)
    }
}

/// Largest heat up to four times `q` at which `excess` is not positive, W.
fn largest_held(q: f64, excess: impl Fn(f64) -> f64) -> f64 {
    if excess(0.0) > 0.0 {
        return 0.0;
    }
    crate::numerics::bracket::root_in(0.0, 4.0 * q, 1e-6 * q, excess)
}

fn fan_action(fans: FanDuty, supply_k: f64) -> Action {
    Action { supply_k, fan_w: fans.fan_w, fan_speed: fans.speed, ..Action::default() }
}

/// An action of towers alone.
pub fn tower_action(duty: TowerDuty, supply_k: f64, pump_w: f64, water: WaterUse) -> Action {
    Action {
        supply_k,
        fan_w: duty.fan_w,
        fan_speed: duty.speed,
        pump_w,
        water,
        ..Action::default()
    }
}
