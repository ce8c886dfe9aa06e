//! Answers as JSON, with the keys of the reference solutions.

use crate::evaluate::power::dc_row::Row;
use crate::evaluate::power::newton::{BusKind, NetworkError, Newton};
use crate::evaluate::power::unbalanced::Unbalanced;
use crate::numerics::complex::Complex;
use serde_json::{Map, Value, json};

/// W per kW, V per kV.
const KILO: f64 = 1e3;

/// A name as the file had it: whole numbers are numbers.
pub(super) fn id(name: &str) -> Value {
    name.parse::<i64>().map_or_else(|_| json!(name), |n| json!(n))
}

fn by_name<'a, V: Into<Value>>(
    names: impl Iterator<Item = &'a String>,
    values: impl Iterator<Item = V>,
) -> Map<String, Value> {
    names.cloned().zip(values.map(Into::into)).collect()
}

fn list(values: &[Complex], part: impl Fn(&Complex) -> f64, scale: f64) -> Vec<f64> {
    values.iter().map(|s| part(s) * scale).collect()
}

/// Voltages, flows and generation of a bus/branch network.
pub(super) fn bus_branch(newton: &mut Newton) -> Result<Value, NetworkError> {
    let solved = newton.solve()?;
    let flow = newton.flow();
    let case = newton.case();
    let base = case.base_mva;
    let names = || case.buses.iter().map(|b| &b.id);
    let (mut q_gen, mut slack) = (Map::new(), Map::new());
    for ((bus, s), i) in case.buses.iter().zip(&flow.generated).zip(0..) {
        if bus.kind == BusKind::Pq || flow.dead.contains(&i) {
            continue;
        }
        q_gen.insert(bus.id.clone(), json!(s.im * base));
        if bus.kind == BusKind::Slack {
            slack.insert(bus.id.clone(), json!([s.re * base, s.im * base]));
        }
    }
    let (re, im) = (|s: &Complex| s.re, |s: &Complex| s.im);
    let served = case.buses.iter().zip(0..).filter(|(_, i)| !flow.dead.contains(i));
    Ok(json!({
        "network": case.name,
        "converged": true,
        "iterations": solved.iterations,
        "vm_pu": by_name(names(), flow.vm_pu()),
        "va_deg": by_name(names(), flow.va_deg()),
        "q_gen_mvar": q_gen,
        "slack_gen_mw_mvar": slack,
        "total_loss_mw": flow.loss.re * base,
        "total_branch_q_mvar": flow.loss.im * base,
        "total_load_mw": served.map(|(b, _)| b.p_load_mw).sum::<f64>(),
        "branch_p_from_mw": list(&flow.from, re, base),
        "branch_q_from_mvar": list(&flow.from, im, base),
        "branch_p_to_mw": list(&flow.to, re, base),
        "branch_q_to_mvar": list(&flow.to, im, base),
        "residual_of_json_case_mva": solved.mismatch_pu * base,
        "dead_buses": flow.dead.iter().map(|i| id(&case.buses[*i].id)).collect::<Vec<_>>(),
    }))
}

/// Phase voltages and loss of a three-phase network.
pub(super) fn unbalanced(net: &mut Unbalanced) -> Result<Value, NetworkError> {
    let solved = net.solve()?;
    let flow = net.flow();
    let case = net.case();
    let names = || case.buses.iter().map(|b| &b.id);
    let degrees = |v: &Complex| v.im.atan2(v.re).to_degrees();
    let vm = flow.v.iter().map(|v| json!(v.map(Complex::abs)));
    let va = flow.v.iter().map(|v| json!([degrees(&v[0]), degrees(&v[1]), degrees(&v[2])]));
    Ok(json!({
        "network": case.name,
        "converged": true,
        "iterations": solved.iterations,
        "vm_pu": by_name(names(), vm),
        "va_deg": by_name(names(), va),
        "source_kw": flow.source_va.map(|s| s.re / KILO),
        "source_kvar": flow.source_va.map(|s| s.im / KILO),
        "loss_w": flow.loss_w,
        "dead_buses": flow.dead.iter().map(|i| id(&case.buses[*i].id)).collect::<Vec<_>>(),
    }))
}

/// Voltages and currents of a DC row.
pub(super) fn row(row: &mut Row) -> Result<Value, NetworkError> {
    let iterations = row.solve()?;
    let flow = row.flow();
    let max_factor = row.max_load_factor();
    let case = row.case();
    Ok(json!({
        "network": case.name,
        "converged": true,
        "iterations": iterations,
        "v_kv": by_name(case.buses.iter(), flow.v_v.iter().map(|v| v / KILO)),
        "i_a": by_name(case.segments.iter().map(|s| &s.id), flow.i_a.iter().copied()),
        "loss_kw": flow.loss_w / KILO,
        "source_kw": flow.source_w / KILO,
        "max_uniform_load_factor": max_factor,
        "dead_buses": flow.dead.iter().map(|i| id(&case.buses[*i])).collect::<Vec<_>>(),
    }))
}

/// Collapse margin of a bus/branch network.
pub(super) fn margin(newton: &mut Newton) -> Result<Value, NetworkError> {
    let margin = newton.margin()?;
    Ok(json!({
        "network": newton.case().name,
        "max_load_factor": margin.max_load_factor,
        "lowest_vm_pu_at_nose": margin.lowest_vm_pu,
        "lowest_bus": id(&margin.lowest_bus),
    }))
}

/// Collapse margin of a DC row.
pub(super) fn row_margin(row: &mut Row) -> Result<Value, NetworkError> {
    let (factor, lowest) = row.margin();
    let case = row.case();
    let (bus, v_v) = lowest.unzip();
    Ok(json!({
        "network": case.name,
        "max_load_factor": factor,
        "max_uniform_load_factor": factor,
        "lowest_v_kv_at_nose": v_v.map(|v| v / KILO),
        "lowest_bus": bus.map(|i| id(&case.buses[i])),
    }))
}
