//! What stores heat beside the air: servers, coils with their water, the floor slab.
//!
//! Each node is exact over a time step in which the air that it meets keeps its temperature, so no
//! mass is too small for the step. Flows are in m³/s of air and heat is over ρ cp of the air, in
//! K m³/s; a heat capacity is then the volume of air that stores as much, in m³.

/// Specific heat of IT equipment in J/(kg K).
///
/// 400 J/(kg K) in the RAFSINE server model; 0.4 to 0.5 kJ/(kg K) published for servers (Pardey et
/// al. 2015, ASHRAE Trans. 121). A mix of steel, aluminium, copper and board.
pub const IT_CP_J_KGK: f64 = 420.0;
/// Conductance between IT equipment and the air through it over its mass, in W/(K kg): 6 W/K for an
/// 8 kg server (RAFSINE). Servers of other makes differ; their time constants are minutes as well.
pub const IT_CONDUCTANCE_W_K_KG: f64 = 6.0 / 8.0;
/// IT mass of a rack that says nothing, in kg. Assumption: 30 servers of 8 kg.
pub const ASSUMED_IT_KG: f64 = 30.0 * 8.0;

/// Metal of a chilled-water coil over the unit's capacity, in J/(K W). Assumption: 1 kg of copper
/// and aluminium per kW at 0.6 kJ/(kg K).
pub const COIL_METAL_J_K_W: f64 = 0.6;
/// Water inside a coil over the unit's capacity, in litres per W. Assumption: 0.4 l per kW.
pub const COIL_WATER_L_W: f64 = 0.4e-3;
/// Water in the loop over the capacity of the units on it, in litres per W. Assumption: 3.2 l per kW
/// (3 US gallons per ton), the usual least loop volume of chillers; process loops hold twice that.
pub const LOOP_WATER_L_W: f64 = 3.2e-3;
/// Heat capacity of water in J/(l K) at 15 °C (Incropera et al., table A.6).
pub const WATER_J_L_K: f64 = 4.18e3;
/// Air-side drop that stands for the capacity of a unit that states none, in K. Assumption.
pub const NOMINAL_DROP_K: f64 = 12.0;

/// Concrete of medium density (EN ISO 10456): conductivity in W/(m K), capacity in J/(m³ K).
const SLAB_CONDUCTIVITY_W_M_K: f64 = 1.65;
const SLAB_CAPACITY_J_M3_K: f64 = 2200.0 * 1000.0;
/// Thickness of the slab in m, insulated below. Assumption.
const SLAB_M: f64 = 0.2;
/// Layers of the slab.
const SLAB_LAYERS: usize = 16;
/// Film coefficient between air and floor in W/(m² K): 1/0.17 m² K/W, heat flow downwards
/// (EN ISO 6946), for still air.
const FLOOR_FILM_W_M2_K: f64 = 1.0 / 0.17;

/// The servers of a rack: one mass with an effectiveness (Pardey et al. 2015).
#[derive(Clone, Debug)]
pub(super) struct Servers {
    pub flow_m3_s: f64,
    /// Heat that they make, in K m³/s.
    pub heat: f64,
    /// Heat capacity in m³ of air; 0 answers at once.
    pub capacity_m3: f64,
    /// Share of the way to the mass's temperature that passing air goes, 0 to 1.
    pub effectiveness: f64,
    /// Temperature of the mass above the reference, in K.
    pub t: f64,
}

impl Servers {
    /// Settled at an intake and a heat, which may change at once.
    pub fn settled(flow_m3_s: f64, heat: f64, it_kg: f64, rho_cp: f64, intake: f64) -> Self {
        let capacity_m3 = it_kg * IT_CP_J_KGK / rho_cp;
        let units = IT_CONDUCTANCE_W_K_KG * it_kg / (rho_cp * flow_m3_s);
        let effectiveness = if capacity_m3 > 0.0 { -(-units).exp_m1() } else { 1.0 };
        let t = intake + heat / (effectiveness * flow_m3_s);
        Self { flow_m3_s, heat, capacity_m3, effectiveness, t }
    }

    /// Heat to the passing air, mean over a step, in K m³/s.
    pub fn step(&mut self, intake: f64, dt_s: f64) -> f64 {
        if self.capacity_m3 <= 0.0 {
            return self.heat;
        }
        let exchange = self.effectiveness * self.flow_m3_s;
        let end = intake + self.heat / exchange;
        let change = (self.t - end) * (-dt_s * exchange / self.capacity_m3).exp_m1();
        self.t += change;
        self.heat - self.capacity_m3 * change / dt_s
    }
}

/// A body of water, with the metal around it, on which coils hang.
#[derive(Clone, Debug)]
pub(super) struct Water {
    /// Above the reference, in K.
    pub t: f64,
    /// In m³ of air; infinite while chillers hold it.
    pub capacity_m3: f64,
}

/// A coil with its control valve.
#[derive(Clone, Debug)]
pub(super) struct Coil {
    pub flow_m3_s: f64,
    /// Supply set point above the reference, in K.
    pub set: f64,
    /// Share of the way to the water's temperature with the valve open, 0 to 1.
    pub effectiveness: f64,
    /// Which water it hangs on.
    pub water: usize,
}

impl Coil {
    /// Heat from the air, in K m³/s: what holds the set point, at most what an open valve gives.
    /// `damping` is the mean over a step of how the water comes nearer to the air.
    pub fn heat(&self, back: f64, water: f64, damping: f64) -> f64 {
        let wanted = self.flow_m3_s * (back - self.set).max(0.0);
        let open = damping * self.effectiveness * self.flow_m3_s * (back - water);
        wanted.min(open)
    }
}

/// Mean over a step of exp(−t/τ): how far a body's approach to its surroundings damps an exchange
/// that starts at `exchange` m³/s.
pub(super) fn damping(exchange: f64, capacity_m3: f64, dt_s: f64) -> f64 {
    let x = dt_s * exchange / capacity_m3;
    if x > 1e-9 { -(-x).exp_m1() / x } else { 1.0 }
}

/// The floor slab: conduction downwards, one column for the whole floor.
#[derive(Clone, Debug)]
pub(super) struct Slab {
    /// Above the reference, top to bottom, in K.
    pub t: Vec<f64>,
    /// Film coefficient times area, in m³/s of air.
    pub film_m3_s: f64,
    /// Between two layers, in m³/s of air.
    between_m3_s: f64,
    layer_m3: f64,
}

impl Slab {
    pub fn new(area_m2: f64, rho_cp: f64, t: f64) -> Self {
        let thickness = SLAB_M / SLAB_LAYERS as f64;
        let half = 0.5 * thickness / SLAB_CONDUCTIVITY_W_M_K;
        Self {
            t: vec![t; SLAB_LAYERS],
            film_m3_s: area_m2 / (1.0 / FLOOR_FILM_W_M2_K + half) / rho_cp,
            between_m3_s: area_m2 * SLAB_CONDUCTIVITY_W_M_K / thickness / rho_cp,
            layer_m3: area_m2 * thickness * SLAB_CAPACITY_J_M3_K / rho_cp,
        }
    }

    /// Takes in heat at its top, in K m³/s, and spreads it: implicit, by the Thomas algorithm.
    pub fn step(&mut self, heat: f64, dt_s: f64) {
        let n = self.t.len();
        let own = self.layer_m3 / dt_s;
        let k = self.between_m3_s;
        let (mut upper, mut value) = (vec![0.0; n], vec![0.0; n]);
        for i in 0..n {
            let (above, below) = (if i > 0 { k } else { 0.0 }, if i + 1 < n { k } else { 0.0 });
            let (carried, known) = if i > 0 { (upper[i - 1], value[i - 1]) } else { (0.0, 0.0) };
            let given = own * self.t[i] + if i == 0 { heat } else { 0.0 };
            let pivot = own + above + below - above * carried;
            upper[i] = below / pivot;
            value[i] = (given + above * known) / pivot;
        }
        for i in (0..n).rev() {
            let under = if i + 1 < n { upper[i] * self.t[i + 1] } else { 0.0 };
            self.t[i] = value[i] + under;
        }
    }

    /// Warmth above the reference, in K m³.
    #[cfg(test)]
    pub fn warmth(&self) -> f64 {
        self.t.iter().sum::<f64>() * self.layer_m3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_follow_a_step_of_intake_by_their_own_time_constant() {
        let mut s = Servers::settled(0.8, 10.0, 240.0, 1206.0, 20.0);
        assert!((s.step(20.0, 1.0) - 10.0).abs() < 1e-12);
        let tau_s = s.capacity_m3 / (s.effectiveness * s.flow_m3_s);
        assert!((300.0..900.0).contains(&tau_s), "{tau_s}");
        let start = s.t;
        for _ in 0..1000 {
            s.step(30.0, tau_s / 1000.0);
        }
        assert!((s.t - start - 10.0 * (1.0 - (-1.0f64).exp())).abs() < 1e-9);
    }

    #[test]
    fn a_slab_keeps_what_it_is_given_and_warms_like_a_half_space_at_first() {
        let mut slab = Slab::new(100.0, 1206.0, 0.0);
        let (flux_w_m2, seconds) = (50.0, 600.0);
        let heat = flux_w_m2 * 100.0 / 1206.0;
        (0..6000).for_each(|_| slab.step(heat, seconds / 6000.0));
        assert!((slab.warmth() - heat * seconds).abs() < 1e-9 * heat * seconds);
        // Half-space under constant flux: mean of the top layer, by the surface's 2 q √(t/π)/e
        // less q x/k to the layer's middle.
        let effusivity = (SLAB_CONDUCTIVITY_W_M_K * SLAB_CAPACITY_J_M3_K).sqrt();
        let surface = 2.0 * flux_w_m2 * (seconds / std::f64::consts::PI).sqrt() / effusivity;
        let middle = 0.5 * SLAB_M / SLAB_LAYERS as f64;
        let exact = surface - flux_w_m2 * middle / SLAB_CONDUCTIVITY_W_M_K;
        assert!((slab.t[0] / exact - 1.0).abs() < 0.04, "{} {exact}", slab.t[0]);
    }
}
