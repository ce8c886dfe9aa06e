//! What happens to air inside a rack: servers' fans, leaks past blanking panels, the rear door.
//!
//! # Equations
//! Servers move V (m³/s) and heat it by ΔT = P / (ρ cp V). A share β of their exhaust leaks forward
//! inside the rack, so the room sees V (1 − β):
//! ```text
//! (1)  T_server = T_face + β/(1 − β) ΔT            T_hot = T_face + ΔT/(1 − β)
//! ```
//! A rear door with water at T_w takes heat by effectiveness ε of C_min = min(ρ cp V_room, C_w):
//! ```text
//! (2)  T_exhaust = T_hot − e (T_hot − T_w),        e = ε(UA / C_min, C_min / C_max) C_min / C_air
//! ```
//! with ε of cross-flow, both streams unmixed; at most its rated heat, and none when T_hot < T_w.
//! A chimney takes the exhaust through the ceiling, but for what leaks at the rear.
//!
//! # References
//! Kays, London, Compact Heat Exchangers (ε–NTU); (1) is the balance of the two mixing points.

use super::case::AirRack;
use super::fan::Fans;
use crate::numerics::exchanger::crossflow_effectiveness;
use serde::{Deserialize, Serialize};

/// What is fitted to a rack beyond servers that move a fixed flow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RackOptions {
    /// Share of the servers' exhaust that leaks back to their intakes inside the rack, 0 to 0.9.
    pub blanking_leak: f64,
    /// Rear-door heat exchanger.
    pub door: Option<RearDoor>,
    /// Duct from the rack's rear through the ceiling.
    pub chimney: Option<Chimney>,
    /// Fans that give way to pressure, instead of the rack's fixed flow.
    pub fans: Option<Fans>,
}

/// A closed rear with a duct that ends above the suspended ceiling.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chimney {
    /// Share of the exhaust that leaks into the room at the rear, 0 to 1.
    pub leak: f64,
}

/// A water-cooled rear door.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RearDoor {
    /// Conductance of the coil in W/K.
    pub ua_w_k: f64,
    /// Heat capacity flow of the water in W/K.
    pub water_w_k: f64,
    /// Entering water in K.
    pub water_t_k: f64,
    /// Most heat that it takes, in W.
    pub capacity_w: f64,
}

impl RearDoor {
    /// Share of (air − water) that it takes from air of this heat capacity flow in W/K: e of (2).
    #[must_use]
    pub fn air_effectiveness(&self, air_w_k: f64) -> f64 {
        let (low, high) = (air_w_k.min(self.water_w_k), air_w_k.max(self.water_w_k));
        if low <= 0.0 {
            return 0.0;
        }
        crossflow_effectiveness(self.ua_w_k / low, low / high) * low / air_w_k
    }
}

impl AirRack {
    /// Air through the servers in m³/s.
    #[must_use]
    pub fn server_flow_m3_s(&self) -> f64 {
        self.options.fans.as_ref().map_or(self.flow_m3_s, |f| f.flow_m3_s(0.0))
    }

    /// Air that the rack takes from the room in m³/s: what leaks forward inside does not count.
    #[must_use]
    pub fn room_flow_m3_s(&self) -> f64 {
        self.server_flow_m3_s() * (1.0 - self.options.blanking_leak)
    }

    /// Servers' intake above the rack's face in K, (1); 0 without flow.
    #[must_use]
    pub fn internal_rise_k(&self, rho_cp: f64) -> f64 {
        let (leak, flow) = (self.options.blanking_leak, self.room_flow_m3_s());
        if flow > 0.0 { leak * self.heat_w / (rho_cp * flow) } else { 0.0 }
    }
}

/// What the rear door does at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DoorState {
    /// Takes heat by (2), or there is none.
    Working,
    /// Takes its rated heat.
    Full,
    /// Its water is warmer than the air.
    Idle,
}

/// Exhaust into the room = gain × intake at the face + offset, above a reference of `t_ref_k`.
pub(super) fn law(rack: &AirRack, rho_cp: f64, t_ref_k: f64, state: DoorState) -> (f64, f64) {
    let air_w_k = rho_cp * rack.room_flow_m3_s();
    let rise = (rack.heat_w - rack.removed_w) / air_w_k;
    let Some(door) = &rack.options.door else { return (1.0, rise) };
    match state {
        DoorState::Working => {
            let e = door.air_effectiveness(air_w_k);
            (1.0 - e, (1.0 - e) * rise + e * (door.water_t_k - t_ref_k))
        }
        DoorState::Full => (1.0, rise - door.capacity_w / air_w_k),
        DoorState::Idle => (1.0, rise),
    }
}

/// State of the door for a mean face temperature above the reference.
pub(super) fn door_state(
    rack: &AirRack,
    rho_cp: f64,
    t_ref_k: f64,
    face_k: f64,
    now: DoorState,
) -> DoorState {
    let air_w_k = rho_cp * rack.room_flow_m3_s();
    let Some(door) = rack.options.door.as_ref().filter(|_| air_w_k > 0.0) else { return now };
    let hot_k = t_ref_k + face_k + (rack.heat_w - rack.removed_w) / air_w_k;
    let heat_w = door.air_effectiveness(air_w_k) * air_w_k * (hot_k - door.water_t_k);
    // Slack against rounding, so that a state does not flicker on its border.
    let slack_w = 1e-6 * door.capacity_w * if now == DoorState::Full { -1.0 } else { 1.0 };
    if heat_w < 0.0 {
        DoorState::Idle
    } else if heat_w > door.capacity_w + slack_w {
        DoorState::Full
    } else {
        DoorState::Working
    }
}

#[cfg(test)]
mod tests {
    use super::super::case::{Box3, Side};
    use super::*;

    const RHO_CP: f64 = 1206.0;

    fn rack(heat_w: f64, flow_m3_s: f64) -> AirRack {
        let box_m = Box3 { min_m: [0.0; 3], max_m: [0.6, 1.2, 2.1] };
        AirRack { heat_w, flow_m3_s, ..AirRack::plain("R", box_m, Side::PlusX) }
    }

    #[test]
    fn a_leak_past_blanking_warms_the_servers_and_keeps_the_heat() {
        let mut r = rack(12_060.0, 1.0);
        assert_eq!(r.internal_rise_k(RHO_CP), 0.0);
        r.options.blanking_leak = 0.2;
        // ΔT = 10 K over the servers; 0.2/0.8 of it comes back.
        assert!((r.internal_rise_k(RHO_CP) - 2.5).abs() < 1e-12);
        let (gain, offset) = law(&r, RHO_CP, 290.0, DoorState::Working);
        assert_eq!(gain, 1.0);
        assert!((offset - 12.5).abs() < 1e-12);
        // Mixing at the servers' intake: 0.8 × face + 0.2 × exhaust.
        assert!((0.2 * 12.5 - 2.5_f64).abs() < 1e-12);
    }

    #[test]
    fn a_door_follows_epsilon_ntu_and_stops_at_its_rating_and_at_its_water() {
        let mut r = rack(24_120.0, 1.0);
        let door = RearDoor { ua_w_k: 2412.0, water_w_k: 1e9, water_t_k: 291.15, capacity_w: 1e6 };
        r.options.door = Some(door);
        // Water side without limit: ε = 1 − exp(−2).
        let e = 1.0 - (-2.0_f64).exp();
        assert!((door.air_effectiveness(1206.0) - e).abs() < 1e-6);
        let (gain, offset) = law(&r, RHO_CP, 291.15, DoorState::Working);
        // Face at 24 °C, 20 K rise, water at 18 °C.
        let out = gain * 6.0 + offset;
        assert!((out - (26.0 - e * 26.0)).abs() < 1e-4, "{out}");
        let state = |r: &AirRack, face| door_state(r, RHO_CP, 291.15, face, DoorState::Working);
        assert_eq!(state(&r, 6.0), DoorState::Working);
        assert_eq!(state(&r, -30.0), DoorState::Idle);
        r.options.door = Some(RearDoor { capacity_w: 10_000.0, ..door });
        assert_eq!(state(&r, 6.0), DoorState::Full);
        let (gain, offset) = law(&r, RHO_CP, 291.15, DoorState::Full);
        assert!((gain * 6.0 + offset - (26.0 - 10_000.0 / 1206.0)).abs() < 1e-9);
    }
}
