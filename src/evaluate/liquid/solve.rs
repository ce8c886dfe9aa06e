//! Solves every loop in its normal state and with one CDU out, and adds up.

use super::case::{LiquidCase, RackBranch, TcsLoop};
use super::check::{LiquidError, check};
use super::findings::findings;
use super::loop_state::{PreparedLoop, flow_need};
use super::result::{LiquidResult, LoopResult, LoopState, RackResult};

/// Flows, temperatures and pump power of all loops, with findings. Energy: the facility water
/// takes what racks and pumps give, to rounding.
pub fn solve(case: &LiquidCase) -> Result<LiquidResult, LiquidError> {
    check(case)?;
    let loops = case.loops.iter().map(solve_loop).collect::<Result<Vec<_>, _>>()?;
    let sum = |pick: fn(&LoopState) -> f64| loops.iter().fold(0.0, |a, l| a + pick(&l.normal));
    let facility_heat_w = sum(|s| s.facility_heat_w);
    let facility_flow_m3_s = sum(|s| s.facility_flow_m3_s);
    let weighted_return = sum(|s| s.facility_flow_m3_s * s.facility_return_k);
    let findings = case.loops.iter().zip(&loops).flat_map(|(c, r)| findings(c, r)).collect();
    Ok(LiquidResult {
        rack_heat_w: sum(|s| s.rack_heat_w),
        pump_w: sum(|s| s.pump_w),
        facility_heat_w,
        facility_flow_m3_s,
        facility_return_k: (facility_flow_m3_s > 0.0).then(|| weighted_return / facility_flow_m3_s),
        findings,
        loops,
    })
}

fn solve_loop(case: &TcsLoop) -> Result<LoopResult, LiquidError> {
    let prepared = PreparedLoop::new(case)?;
    let normal = prepared.state(case.cdus.count);
    let one_cdu_out = (case.cdus.count > 1).then(|| prepared.state(case.cdus.count - 1));
    let rack = |r: &RackBranch| rack_result(r, &normal, prepared.volumetric_heat());
    Ok(LoopResult {
        name: case.name.clone(),
        racks: case.racks.iter().map(rack).collect(),
        normal,
        one_cdu_out,
        cdu_count: case.cdus.count,
        cdu_rated_w: case.cdus.rated.heat_w,
    })
}

fn rack_result(rack: &RackBranch, state: &LoopState, volumetric_heat: f64) -> RackResult {
    let need = flow_need(rack, state.supply_k);
    let share = if state.flow_required_m3_s > 0.0 {
        state.flow_m3_s / state.flow_required_m3_s
    } else {
        0.0
    };
    let flow = need * share;
    let rise_k = if flow > 0.0 { rack.heat_w / (flow * volumetric_heat) } else { 0.0 };
    let outlet_k = state.supply_k + rise_k;
    RackResult {
        id: rack.id,
        heat_w: rack.heat_w,
        flow_required_m3_s: need,
        flow_m3_s: flow,
        supply_k: state.supply_k,
        outlet_k,
        supply_margin_k: rack.max_supply_k.map(|limit| limit - state.supply_k),
        outlet_margin_k: rack.max_outlet_k.map(|limit| limit - outlet_k),
    }
}
