//! The heat exchanger of a CDU, from its rated point.
//!
//! Unknowns: the TCS supply temperature, given flows, heat and FWS supply.
//! ```text
//! C_h = ρ cp V of one CDU, TCS side;  C_c the same, FWS side;  c = C_min / C_max
//! T_h,in = T_h,out + q / C_h                                                         (1)
//! q = ε(NTU, c) C_min (T_h,in − T_c,in),  counter-flow                               (2)
//! 1 / UA = 1/(2 UA_0) · [ (V_h / V_h0)^−n + (V_c / V_c0)^−n ]                        (3)
//! ```
//! (3) splits the rated resistance evenly over the sides and scales each with its own flow: plates
//! are turbulent, n = 0.8. The plate's own conduction is neglected.
//! Validity: first-order. Approach within about 10 % between 40 % and 110 % of rated flow.
//! References: Kays & London, Compact Heat Exchangers; method of the design notes.

use super::case::CduRated;
use super::coolant::Properties;
use crate::numerics::exchanger::{counterflow_effectiveness, counterflow_ntu};

/// Exponent of plate film coefficients on flow, turbulent (Dittus–Boelter; published for plates:
/// 0.6..0.8).
const FLOW_EXPONENT: f64 = 0.8;

/// Heat exchanger of one CDU, fitted to its rated point.
#[derive(Clone, Copy, Debug)]
pub struct Exchanger {
    /// Conductance at the rated point, W/K.
    ua_rated_w_k: f64,
    tcs_flow_rated: f64,
    fws_flow_rated: f64,
}

/// Where an exchanger works.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Duty {
    /// Effectiveness, 0..1.
    pub effectiveness: f64,
    /// Conductance, W/K.
    pub ua_w_k: f64,
    /// TCS supply minus FWS supply, K.
    pub approach_k: f64,
}

/// One stream: flow m³/s and capacity rate W/K.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    /// Flow through one CDU, m³/s.
    pub flow_m3_s: f64,
    /// Heat per kelvin, W/K.
    pub rate_w_k: f64,
}

impl Stream {
    /// A flow of a fluid.
    pub fn new(flow_m3_s: f64, fluid: &Properties) -> Self {
        Self { flow_m3_s, rate_w_k: flow_m3_s * fluid.volumetric_heat() }
    }
}

impl Exchanger {
    /// Fits the conductance to the rated point; `None` if no exchanger can reach that approach
    /// with these flows.
    pub fn fit(rated: &CduRated, tcs: &Properties, fws: &Properties) -> Option<Self> {
        let hot = Stream::new(rated.tcs_flow_m3_s, tcs);
        let cold = Stream::new(rated.fws_flow_m3_s, fws);
        let (least, most) = ordered(hot.rate_w_k, cold.rate_w_k);
        let inlet_difference_k = rated.approach_k + rated.heat_w / hot.rate_w_k; // (1)
        let effectiveness = rated.heat_w / (least * inlet_difference_k); // (2)
        let ua_rated_w_k = counterflow_ntu(effectiveness, least / most) * least;
        (effectiveness < 1.0 && ua_rated_w_k > 0.0).then_some(Self {
            ua_rated_w_k,
            tcs_flow_rated: rated.tcs_flow_m3_s,
            fws_flow_rated: rated.fws_flow_m3_s,
        })
    }

    /// The duty that moves `heat_w` between the two streams.
    pub fn duty(&self, heat_w: f64, hot: Stream, cold: Stream) -> Duty {
        let film = |flow: f64, rated: f64| (flow / rated).powf(-FLOW_EXPONENT);
        let resistance =
            film(hot.flow_m3_s, self.tcs_flow_rated) + film(cold.flow_m3_s, self.fws_flow_rated);
        let ua_w_k = 2.0 * self.ua_rated_w_k / resistance; // (3)
        let (least, most) = ordered(hot.rate_w_k, cold.rate_w_k);
        let effectiveness = counterflow_effectiveness(ua_w_k / least, least / most);
        let approach_k = heat_w / (effectiveness * least) - heat_w / hot.rate_w_k; // (1), (2)
        Duty { effectiveness, ua_w_k, approach_k }
    }
}

fn ordered(a: f64, b: f64) -> (f64, f64) {
    (a.min(b), a.max(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::liquid::Coolant;
    use crate::evaluate::liquid::fixture::rated;

    fn fluids() -> (Properties, Properties) {
        (Properties::of(Coolant::Pg25, 318.0), Properties::of(Coolant::Water, 313.0))
    }

    #[test]
    fn the_rated_point_comes_back() {
        let (tcs, fws) = fluids();
        let rated = rated();
        let duty = Exchanger::fit(&rated, &tcs, &fws).unwrap().duty(
            rated.heat_w,
            Stream::new(rated.tcs_flow_m3_s, &tcs),
            Stream::new(rated.fws_flow_m3_s, &fws),
        );
        assert!((duty.approach_k - rated.approach_k).abs() < 1e-9);
    }

    #[test]
    fn half_heat_at_half_flow_has_a_smaller_approach_but_not_half() {
        let (tcs, fws) = fluids();
        let rated = rated();
        let exchanger = Exchanger::fit(&rated, &tcs, &fws).unwrap();
        let half = exchanger.duty(
            rated.heat_w / 2.0,
            Stream::new(rated.tcs_flow_m3_s / 2.0, &tcs),
            Stream::new(rated.fws_flow_m3_s / 2.0, &fws),
        );
        assert!(half.approach_k < rated.approach_k && half.approach_k > 0.5 * rated.approach_k);
    }

    #[test]
    fn an_approach_below_the_pinch_is_refused() {
        let (tcs, fws) = fluids();
        let impossible = CduRated { approach_k: 0.0, fws_flow_m3_s: 0.001, ..rated() };
        assert!(Exchanger::fit(&impossible, &tcs, &fws).is_none());
    }
}
