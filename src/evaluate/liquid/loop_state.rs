//! The operating point of one loop with a given number of CDUs running.
//!
//! Unknowns: TCS supply temperature `T`, TCS flow `V`, FWS flow `W` per CDU.
//! ```text
//! V_need(T) = Σ need_i(T),   V = min(V_need, n V_rated, flow at which Δp(V) equals the head)   (1)
//! P = n P_rated · V / (n V_rated) · Δp(V) / H_rated      all of it into the coolant              (2)
//! Q = Σ q_i + P,   T_return = T + Σ q_i / C                                                   (3)
//! T = T_fws + approach(Q/n, V/n, W)                      exchanger.rs                          (4)
//! ```
//! The FWS valve throttles `W` until `T` is the set point. If the set point is missed with the valve
//! open, `T` floats up and the racks ask for more flow: (1) to (4) are then solved together.
//!
//! (2) is the affinity law of speed-controlled pumps at constant efficiency: the cube of flow where
//! the drop goes with its square. A loop whose drop is unknown is charged the rated head.
//!
//! Method: a bracketed root in `W` or in `T`. Each is one scalar equation.
//! Validity: first-order. Racks share the flow in proportion to their need (balanced valves); the
//! drop goes with the square of flow in pipes and follows the maker's table in racks; the pump's
//! head at partial flow is taken as its rated head.

use super::case::{FlowNeed, RackBranch, TcsLoop};
use super::check::LiquidError;
use super::coolant::Properties;
use super::exchanger::{Duty, Exchanger, Stream};
use super::result::LoopState;
use crate::numerics::bracket::root_in;
use crate::numerics::interpolate::clamped_linear;

/// Pressure drop goes with this power of flow, turbulent, where no table says otherwise.
const DROP_EXPONENT: f64 = 2.0;
/// Steps by which the bracket of a floating supply temperature grows, K; each doubles the last.
const FLOAT_STEP_K: f64 = 5.0;
/// The bracket never reaches further above the set point, K.
const FLOAT_MAX_K: f64 = 200.0;
/// Tolerance of temperatures, K.
const TOLERANCE_K: f64 = 1e-9;
/// Tolerance of flows relative to the largest.
const FLOW_TOLERANCE: f64 = 1e-12;
/// A set point counts as held when missed by no more than this, K.
pub const SET_POINT_TOLERANCE_K: f64 = 0.05;

/// A loop made ready: fluid properties and exchanger do not change between states.
pub struct PreparedLoop<'a> {
    case: &'a TcsLoop,
    tcs: Properties,
    fws: Properties,
    exchanger: Exchanger,
    /// Heat of all racks, W.
    rack_heat_w: f64,
    /// Flow that the racks ask for at the set point, m³/s.
    need_at_set_m3_s: f64,
}

/// Flows and heat at one supply temperature.
struct Flows {
    need: f64,
    flow: f64,
    pump_w: f64,
    heat_w: f64,
}

/// Flow that `rack` asks for at supply temperature `t_k`, m³/s.
pub fn flow_need(rack: &RackBranch, t_k: f64) -> f64 {
    match &rack.flow_need {
        FlowNeed::Curve { points, rated_heat_w } => {
            clamped_linear(points, t_k).unwrap_or(0.0) * rack.heat_w / rated_heat_w
        }
        FlowNeed::PerHeat { m3_s_per_w } => m3_s_per_w * rack.heat_w,
    }
}

/// Drop across a rack at `flow`, Pa: its table, and the square law beyond the ends.
fn rack_drop(curve: &[(f64, f64)], flow: f64) -> Option<f64> {
    let (first, last) = (curve.first()?, curve.last()?);
    let end = if flow < first.0 { first } else { last };
    if flow < first.0 || flow > last.0 {
        return Some(end.1 * (flow / end.0).powf(DROP_EXPONENT));
    }
    clamped_linear(curve, flow)
}

impl<'a> PreparedLoop<'a> {
    pub fn new(case: &'a TcsLoop) -> Result<Self, LiquidError> {
        let rated = &case.cdus.rated;
        let rack_heat_w = case.racks.iter().fold(0.0, |a, r| a + r.heat_w);
        let need: f64 = case.racks.iter().map(|r| flow_need(r, case.supply_set_k)).sum();
        let tcs_cold = Properties::of(case.coolant, case.supply_set_k);
        let rise_k =
            if need > 0.0 { rack_heat_w / (need * tcs_cold.volumetric_heat()) } else { 0.0 };
        let rated_tcs = Properties::of(rated.coolant, case.supply_set_k);
        let fws = Properties::of(case.facility.coolant, case.facility.supply_k);
        let exchanger = Exchanger::fit(rated, &rated_tcs, &fws).ok_or_else(|| {
            LiquidError::ImpossibleRating {
                place: case.name.clone(),
                model: case.cdus.model.clone(),
                approach_k: rated.approach_k,
            }
        })?;
        let tcs = Properties::of(case.coolant, case.supply_set_k + 0.5 * rise_k);
        Ok(Self { case, tcs, fws, exchanger, rack_heat_w, need_at_set_m3_s: need })
    }

    /// Heat per volume of the TCS coolant, J/(m³·K).
    pub fn volumetric_heat(&self) -> f64 {
        self.tcs.volumetric_heat()
    }

    /// The operating point with `running` CDUs.
    pub fn state(&self, running: u32) -> LoopState {
        let set_k = self.case.supply_set_k;
        let at_set = self.flows(set_k, running);
        if at_set.flow <= 0.0 {
            return self.idle(running);
        }
        let open = self.case.facility.max_flow_per_cdu_m3_s;
        let approach_open = self.duty(&at_set, running, open).approach_k;
        let needed_k = set_k - approach_open;
        if self.case.facility.supply_k <= needed_k {
            let fws_flow = self.throttled(&at_set, running, open);
            return self.report(running, &at_set, set_k, fws_flow, needed_k);
        }
        let supply_k = self.floating_supply(running, open);
        let flows = self.flows(supply_k, running);
        self.report(running, &flows, supply_k, open, needed_k)
    }

    fn flows(&self, t_k: f64, running: u32) -> Flows {
        let need: f64 = self.case.racks.iter().map(|r| flow_need(r, t_k)).sum();
        let rated = &self.case.cdus.rated;
        let rated_flow = f64::from(running) * rated.tcs_flow_m3_s;
        let wanted = need.min(rated_flow);
        let over = |flow: f64| self.drop_pa(t_k, need, flow).map_or(-1.0, |d| d - rated.head_pa);
        let flow = if wanted > 0.0 && over(wanted) > 0.0 {
            root_in(0.0, wanted, wanted * FLOW_TOLERANCE, over) // (1)
        } else {
            wanted
        };
        let head = self.drop_pa(t_k, need, flow).map_or(1.0, |d| (d / rated.head_pa).min(1.0));
        let pump_w = f64::from(running) * rated.pump_w * flow / rated_flow * head; // (2)
        Flows { need, flow, pump_w, heat_w: self.rack_heat_w + pump_w }
    }

    /// Drop of distribution and the hardest rack when `flow` of the `need` is delivered, Pa.
    fn drop_pa(&self, t_k: f64, need: f64, flow: f64) -> Option<f64> {
        if need <= 0.0 {
            return None;
        }
        let share = flow / need;
        let hardest = (self.case.racks.iter())
            .filter_map(|r| rack_drop(&r.drop_curve, flow_need(r, t_k) * share))
            .reduce(f64::max)?;
        let pipes = (flow / self.need_at_set_m3_s).powf(DROP_EXPONENT);
        Some(hardest + self.case.distribution_drop_pa * pipes)
    }

    fn duty(&self, flows: &Flows, running: u32, fws_flow: f64) -> Duty {
        let hot = Stream::new(flows.flow / f64::from(running), &self.tcs);
        let cold = Stream::new(fws_flow, &self.fws);
        self.exchanger.duty(flows.heat_w / f64::from(running), hot, cold)
    }

    /// FWS flow per CDU at which the set point is just held, m³/s.
    fn throttled(&self, flows: &Flows, running: u32, open: f64) -> f64 {
        let wanted_k = self.case.supply_set_k - self.case.facility.supply_k;
        let heat_w = flows.heat_w / f64::from(running);
        let rise_k = flows.heat_w / (flows.flow * self.tcs.volumetric_heat());
        // At this flow the FWS would have to leave as warm as the TCS comes in: always too little.
        let least = heat_w / (self.fws.volumetric_heat() * (wanted_k + rise_k));
        root_in(least.min(open), open, open * FLOW_TOLERANCE, |w| {
            self.duty(flows, running, w).approach_k - wanted_k
        })
    }

    /// Supply temperature with the FWS valve open, (4), K.
    fn floating_supply(&self, running: u32, open: f64) -> f64 {
        let set_k = self.case.supply_set_k;
        let excess = |t_k: f64| {
            let approach = self.duty(&self.flows(t_k, running), running, open).approach_k;
            self.case.facility.supply_k + approach - t_k
        };
        let mut step = FLOAT_STEP_K;
        while step < FLOAT_MAX_K && excess(set_k + step) > 0.0 {
            step *= 2.0;
        }
        root_in(set_k, set_k + step, TOLERANCE_K, excess)
    }

    fn report(
        &self,
        running: u32,
        flows: &Flows,
        supply_k: f64,
        fws_flow: f64,
        facility_supply_needed_k: f64,
    ) -> LoopState {
        let duty = self.duty(flows, running, fws_flow);
        let n = f64::from(running);
        let facility = &self.case.facility;
        let rise_k = self.rack_heat_w / (flows.flow * self.tcs.volumetric_heat());
        let fws_rise_k = flows.heat_w / (n * fws_flow * self.fws.volumetric_heat());
        LoopState {
            running,
            rack_heat_w: self.rack_heat_w,
            pump_w: flows.pump_w,
            facility_heat_w: flows.heat_w,
            flow_required_m3_s: flows.need,
            flow_m3_s: flows.flow,
            drop_pa: self.drop_pa(supply_k, flows.need, flows.flow),
            supply_k,
            return_k: supply_k + rise_k, // (3)
            set_point_held: supply_k <= self.case.supply_set_k + SET_POINT_TOLERANCE_K,
            facility_supply_k: facility.supply_k,
            facility_return_k: facility.supply_k + fws_rise_k,
            facility_flow_m3_s: n * fws_flow,
            facility_supply_needed_k,
            approach_k: supply_k - facility.supply_k,
            effectiveness: duty.effectiveness,
            ua_w_k: duty.ua_w_k,
            cdu_loading: flows.heat_w / (n * self.case.cdus.rated.heat_w),
        }
    }

    /// A loop without heat: nothing flows.
    fn idle(&self, running: u32) -> LoopState {
        let (set_k, fws_k) = (self.case.supply_set_k, self.case.facility.supply_k);
        LoopState {
            running,
            rack_heat_w: 0.0,
            pump_w: 0.0,
            facility_heat_w: 0.0,
            flow_required_m3_s: 0.0,
            flow_m3_s: 0.0,
            drop_pa: None,
            supply_k: set_k,
            return_k: set_k,
            set_point_held: true,
            facility_supply_k: fws_k,
            facility_return_k: fws_k,
            facility_flow_m3_s: 0.0,
            facility_supply_needed_k: set_k,
            approach_k: set_k - fws_k,
            effectiveness: 0.0,
            ua_w_k: 0.0,
            cdu_loading: 0.0,
        }
    }
}
