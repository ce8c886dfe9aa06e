//! A small liquid case for tests: eight GB300-class racks on three CDUs.

use super::case::{
    CduGroup, CduRated, Coolant, FacilityWater, FlowNeed, LiquidCase, RackBranch, TcsLoop,
};
use crate::plan::ObjectId;

pub fn l_min(value: f64) -> f64 {
    value / 60_000.0
}

pub fn celsius(value: f64) -> f64 {
    value + 273.15
}

/// Vertiv XDU1350 class: 1,368 kW at 4 K, 1,200 L/min at 2.44 bar.
pub fn rated() -> CduRated {
    CduRated {
        heat_w: 1.368e6,
        approach_k: 4.0,
        tcs_flow_m3_s: l_min(1200.0),
        fws_flow_m3_s: l_min(1200.0),
        pump_w: 11_000.0,
        head_pa: 2.44e5,
        coolant: Coolant::Pg25,
        source: "test".into(),
    }
}

/// One GB300 NVL72: 135 kW, 90 % to liquid, the published flow table.
pub fn rack(id: u32) -> RackBranch {
    let table = [(25.0, 59.0), (30.0, 71.0), (35.0, 89.0), (40.0, 119.0), (45.0, 177.0)];
    let psi = 6894.757;
    RackBranch {
        id: ObjectId(id),
        heat_w: 121_500.0,
        flow_need: FlowNeed::Curve {
            points: table.iter().map(|&(t, v)| (celsius(t), l_min(v))).collect(),
            rated_heat_w: 121_500.0,
        },
        max_supply_k: Some(celsius(45.0)),
        max_outlet_k: Some(celsius(65.0)),
        drop_curve: [(59.0, 2.3), (71.0, 3.2), (89.0, 4.9), (119.0, 8.5), (177.0, 18.4)]
            .iter()
            .map(|&(v, dp)| (l_min(v), dp * psi))
            .collect(),
        source: "Lenovo LP2357 table 27".into(),
    }
}

pub fn case() -> LiquidCase {
    LiquidCase {
        loops: vec![TcsLoop {
            name: "TCS-1".into(),
            coolant: Coolant::Pg25,
            supply_set_k: celsius(40.0),
            racks: (1..=8).map(rack).collect(),
            cdus: CduGroup { model: "test CDU".into(), count: 2, spare: 1, rated: rated() },
            facility: FacilityWater {
                coolant: Coolant::Water,
                supply_k: celsius(35.0),
                max_flow_per_cdu_m3_s: l_min(1200.0),
            },
            distribution_drop_pa: 60_000.0,
        }],
    }
}
