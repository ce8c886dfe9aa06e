//! The output of the liquid stage.

use crate::evaluate::finding::Finding;
use crate::plan::ObjectId;
use serde::Serialize;

/// What the liquid loops do.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LiquidResult {
    /// One per loop of the case, in its order.
    pub loops: Vec<LoopResult>,
    /// Heat taken from racks, W.
    pub rack_heat_w: f64,
    /// Electrical power of CDU pumps, W; all of it becomes heat of the coolant.
    pub pump_w: f64,
    /// Heat given to the facility water, W: racks plus pumps.
    pub facility_heat_w: f64,
    /// Facility water flow drawn by all loops, m³/s.
    pub facility_flow_m3_s: f64,
    /// Mixed facility water return temperature, K; `None` when no heat is carried.
    pub facility_return_k: Option<f64>,
    /// Problems found.
    pub findings: Vec<Finding>,
}

/// One loop.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoopResult {
    /// Name of the loop.
    pub name: String,
    /// All CDUs running.
    pub normal: LoopState,
    /// One CDU out; `None` when the loop has a single CDU (the loop is then lost).
    pub one_cdu_out: Option<LoopState>,
    /// Installed CDUs.
    pub cdu_count: u32,
    /// Rated heat of one CDU, W.
    pub cdu_rated_w: f64,
    /// Racks in the order of the case, all CDUs running.
    pub racks: Vec<RackResult>,
}

/// Operating point of a loop with a given number of CDUs running.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LoopState {
    /// Running CDUs.
    pub running: u32,
    /// Heat from the racks, W.
    pub rack_heat_w: f64,
    /// CDU pump power, W.
    pub pump_w: f64,
    /// Heat passed to the facility water, W.
    pub facility_heat_w: f64,
    /// Flow asked for by the racks at the supply temperature reached, m³/s.
    pub flow_required_m3_s: f64,
    /// Flow delivered, m³/s.
    pub flow_m3_s: f64,
    /// Pressure drop of distribution and the hardest rack at the delivered flow, Pa; `None` when no
    /// rack states its drop.
    pub drop_pa: Option<f64>,
    /// TCS supply temperature reached, K.
    pub supply_k: f64,
    /// Mixed temperature returning from the racks, K.
    pub return_k: f64,
    /// Whether the supply set point is held.
    pub set_point_held: bool,
    /// Facility water supply, K.
    pub facility_supply_k: f64,
    /// Facility water return, K.
    pub facility_return_k: f64,
    /// Facility water drawn by the running CDUs together, m³/s.
    pub facility_flow_m3_s: f64,
    /// Warmest facility water supply that would still hold the set point, K.
    pub facility_supply_needed_k: f64,
    /// TCS supply minus FWS supply, K.
    pub approach_k: f64,
    /// Effectiveness of one CDU's heat exchanger, 0..1.
    pub effectiveness: f64,
    /// Conductance of one CDU's heat exchanger, W/K.
    pub ua_w_k: f64,
    /// Heat of a CDU over its rating, 1 = full.
    pub cdu_loading: f64,
}

/// The liquid side of one rack.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RackResult {
    /// The rack.
    pub id: ObjectId,
    /// Heat to liquid, W.
    pub heat_w: f64,
    /// Flow that the rack asks for at this supply temperature, m³/s.
    pub flow_required_m3_s: f64,
    /// Flow that it gets, m³/s.
    pub flow_m3_s: f64,
    /// Supply temperature, K.
    pub supply_k: f64,
    /// Outlet temperature, K.
    pub outlet_k: f64,
    /// Allowed supply minus supply reached, K; negative when too warm.
    pub supply_margin_k: Option<f64>,
    /// Allowed outlet minus outlet reached, K; negative when too hot.
    pub outlet_margin_k: Option<f64>,
}
