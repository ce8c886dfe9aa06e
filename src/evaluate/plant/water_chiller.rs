//! Water-cooled chillers on towers with a water-side economiser in series upstream.
//!
//! ```text
//! G_e = q / (q / C + approach_e)            economiser, from its approach at the heat of the case (1)
//! free when the tower makes water of T_set − approach_e                                        (2)
//! else q_e = G_e (T_return − T_w),  q_c = q − q_e,  lift = max(T_w + q_e / C_t, T_min) − T_set   (3)
//! T_w = tower(q + tower pump + W),  W = q_c / COP(lift)                                         (4)
//! ```
//! Method: (3), (4) by three fixed-point passes (W is a tenth of q, so that the error falls by more
//! than ten per pass); the fan speed with the least fan and compressor power among four.
//! Validity: first-order; see `chiller.rs` and `tower.rs`.

use super::case::{Plant, PlantLoop};
use super::chiller::ChillerBank;
use super::prepared::{Action, Running, tower_action, tower_bank};
use super::psychrometrics::{Air, SaturationTable};
use super::tower::{TowerBank, TowerDuty};

/// Fan speeds tried while a compressor runs.
const SPEEDS: [f64; 4] = [0.4, 0.6, 0.8, 1.0];
/// Passes of (3), (4).
const PASSES: usize = 3;

/// Machines, towers and economiser.
pub struct WaterChiller<'a> {
    chillers: ChillerBank<'a>,
    tower: TowerBank,
    tower_pump_w: f64,
    economiser_approach_k: Option<f64>,
    condenser_min_k: f64,
    set_k: f64,
}

/// The chillers at one fan speed.
struct Mode {
    duty: TowerDuty,
    compressor_w: f64,
    compressor_share: f64,
    overrun_k: f64,
}

impl<'a> WaterChiller<'a> {
    /// `None` unless the loop has such a plant with a unit of each kind running.
    pub fn new(case: &'a PlantLoop, running: Running) -> Option<Self> {
        let Plant::WaterCooledChiller { chillers, towers, economiser_approach_k, condenser_min_k } =
            &case.plant
        else {
            return None;
        };
        let (tower, tower_pump_w) = tower_bank(towers, running, case)?;
        Some(Self {
            chillers: ChillerBank::new(chillers, running.of(chillers.units)?),
            tower,
            tower_pump_w,
            economiser_approach_k: *economiser_approach_k,
            condenser_min_k: *condenser_min_k,
            set_k: case.supply_set_k,
        })
    }

    /// What the machines do for `q_w` from a loop with `rate_w_k`.
    pub fn action(&self, q_w: f64, rate_w_k: f64, air: &Air, table: &SaturationTable) -> Action {
        if let Some(free) = self.free(q_w, air, table) {
            return free;
        }
        let best = SPEEDS
            .iter()
            .map(|&speed| self.mode(q_w, rate_w_k, air.wet_bulb_k, speed))
            .min_by(|a, b| a.power().total_cmp(&b.power()));
        let Some(m) = best else { return Action::default() };
        let heat_w = q_w + self.tower_pump_w + m.compressor_w;
        let water = self.tower.water(heat_w, air, m.duty.speed, table);
        Action {
            compressor_w: m.compressor_w,
            compressor_share: m.compressor_share,
            ..tower_action(m.duty, self.set_k + m.overrun_k, self.tower_pump_w, water)
        }
    }

    /// (2)
    fn free(&self, q_w: f64, air: &Air, table: &SaturationTable) -> Option<Action> {
        let target_k = self.set_k - self.economiser_approach_k?;
        let heat_w = q_w + self.tower_pump_w;
        let duty = self.tower.cool_to(heat_w, air.wet_bulb_k, target_k);
        let water = self.tower.water(heat_w, air, duty.speed, table);
        (duty.leaving_k <= target_k)
            .then(|| tower_action(duty, self.set_k, self.tower_pump_w, water))
    }

    /// (1), (3), (4)
    fn mode(&self, q_w: f64, rate_w_k: f64, wet_k: f64, speed: f64) -> Mode {
        let range_k = q_w / rate_w_k;
        let g = self.economiser_approach_k.map_or(0.0, |a| q_w / (range_k + a));
        let mut compressor_w = q_w / self.chillers.cop(0.0);
        let (mut duty, mut carried_w, mut overrun_k);
        let mut pass = 0;
        loop {
            let heat_w = q_w + self.tower_pump_w + compressor_w;
            duty = self.tower.at_speed(heat_w, wet_k, speed);
            let before_k = self.set_k + range_k - duty.leaving_k;
            carried_w = (g * before_k).clamp(0.0, q_w);
            let condenser_k = (duty.leaving_k + carried_w / self.tower.water_rate_w_k())
                .max(self.condenser_min_k);
            let lift_k = condenser_k - self.set_k;
            overrun_k = self.chillers.overrun_k(q_w - carried_w, lift_k);
            compressor_w = (q_w - carried_w) / self.chillers.cop(lift_k - overrun_k);
            pass += 1;
            if pass == PASSES {
                break;
            }
        }
        Mode { duty, compressor_w, compressor_share: (q_w - carried_w) / q_w, overrun_k }
    }

    /// Heat that the machines could take with the towers at full speed, W.
    pub fn capacity_w(&self, q_w: f64, air: &Air) -> f64 {
        let heat_w = q_w + self.tower_pump_w + q_w / self.chillers.cop(0.0);
        let tower_k = self.tower.at_speed(heat_w, air.wet_bulb_k, 1.0).leaving_k;
        self.chillers.capacity_w(tower_k.max(self.condenser_min_k) - self.set_k)
    }
}

impl Mode {
    fn power(&self) -> f64 {
        self.duty.fan_w + self.compressor_w
    }
}
