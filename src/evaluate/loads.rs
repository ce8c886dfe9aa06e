//! What each rack draws and gives off at the operating point of one outer iteration.

use crate::evaluate::snapshot::{RackFacts, RackKind};
use crate::plan::ObjectId;
use crate::units::Watts;

/// One rack's load. Electric power in is heat out, to air and to liquid.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct RackLoad {
    /// The rack.
    pub id: ObjectId,
    /// Electric power at the rack's inlet terminals.
    pub electric: Watts,
    /// Heat to room air, before any rear door.
    pub air_heat: Watts,
    /// Heat to the technology cooling loop.
    pub liquid_heat: Watts,
    /// Airflow, m³/s.
    pub airflow_m3_s: f64,
    /// GPU clock over nominal, 0 to 1: below 1 where an inlet or coolant is too warm.
    pub clock: f64,
}

/// Load of a rack whose systems run at `clock` of nominal; `idle_share` of the design power is
/// drawn whatever the clock. `assigned` is the power that the fabric and storage stages put into
/// network and storage racks.
#[must_use]
pub fn rack_load(rack: &RackFacts, clock: f64, idle_share: f64, assigned: Watts) -> RackLoad {
    let electric = match rack.kind {
        RackKind::Compute => rack.design_power * (idle_share + (1.0 - idle_share) * clock),
        RackKind::Network | RackKind::Storage => assigned,
        RackKind::Reserved => Watts::ZERO,
    };
    let liquid_heat = electric * rack.liquid_fraction;
    let air_heat = electric - liquid_heat;
    // Fans hold the design flow while throttled: hot inlets are exactly when they do not slow down.
    let design_air = match rack.kind {
        RackKind::Compute => rack.design_power * (1.0 - rack.liquid_fraction),
        _ => air_heat,
    };
    RackLoad {
        id: rack.id,
        electric,
        air_heat,
        liquid_heat,
        airflow_m3_s: design_air.to_w() * rack.airflow_m3_s_per_w,
        clock,
    }
}
