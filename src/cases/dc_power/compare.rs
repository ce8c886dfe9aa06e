//! A network file against its reference solution, number by number.

use super::super::statistics::worst;
use super::super::{Answer, Case, CaseError, Picture, Point, Quantity, Topic};
use super::{DcPower, read};
use serde_json::Value;

/// Voltages, per unit.
const VOLTAGE_PU: f64 = 1e-9;
/// Total losses, relative, %.
const LOSS_PERCENT: f64 = 1e-6;
/// Currents, loadings and powers of the sources, relative, %. The reference is solved to 1e-10 MVA.
const FLOW_PERCENT: f64 = 1e-6;

/// A case from a network and its solution.
///
/// # Errors
/// A file that is not what it should be.
pub fn case(id: &str, title: &str, text: &str, solved: &str) -> Result<Case, CaseError> {
    let network = read(id, text)?;
    let solved: Value =
        serde_json::from_str(solved).map_err(|e| CaseError::file(format!("{id}: reference"), e))?;
    let source = solved.get("solver").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Case::new(id, Topic::Power, title, source, move |_| answer(&network, &solved)))
}

fn answer(network: &DcPower, solved: &Value) -> Result<Answer, CaseError> {
    let ours = network.answer().map_err(CaseError::solver)?;
    let (mine, theirs) = (&ours["normal"], &solved["normal"]);
    let table = |key: &str, field: &str| pairs(&mine[key], &theirs[key], field);
    let relative = |list: Vec<(f64, f64)>| -> Vec<f64> {
        list.into_iter().map(|(a, b)| 100.0 * (a - b) / b.abs().max(SMALL)).collect()
    };
    let volts: Vec<f64> = table("vm_pu", "").into_iter().map(|(a, b)| a - b).collect();
    let named = |name: &str, errors: &[f64], unit, tolerance| {
        let name = format!("{name}, {} elements, worst |Δ|", errors.len());
        Quantity::error_of(name, unit, worst(errors)).within(tolerance)
    };
    let mut loadings = relative(table("transformers", "loading_percent"));
    loadings.extend(relative(table("cables", "loading_percent")));
    loadings.extend(relative(table("ups", "loading_percent")));
    let mut quantities = vec![
        named("Voltages", &volts, "p.u.", VOLTAGE_PU),
        named("Currents of cables", &relative(table("cables", "i_a")), "%", FLOW_PERCENT),
        named("Loadings", &loadings, "%", FLOW_PERCENT),
        named("Losses of machines", &machine_losses(mine, theirs), "%", LOSS_PERCENT),
    ];
    let mut points = Vec::new();
    let scenarios = solved["scenarios"].as_object();
    for (id, theirs) in scenarios.into_iter().flatten() {
        let mine = &ours["scenarios"][id];
        let loss = (number(mine, "total_loss_mw") * 1e3, number(theirs, "total_loss_mw") * 1e3);
        let source = (number(mine, "source_p_mw") * 1e3, number(theirs, "source_p_mw") * 1e3);
        let dark = |v: &Value| v["unserved"].as_array().map_or(f64::NAN, |l| l.len() as f64);
        quantities.extend([
            Quantity::relative(format!("{id}: sources"), "kW", source.1, source.0)
                .within(FLOW_PERCENT),
            Quantity::relative(format!("{id}: loss"), "kW", loss.1, loss.0).within(LOSS_PERCENT),
            Quantity::difference(format!("{id}: loads dark"), "", dark(theirs), dark(mine))
                .within(0.0),
        ]);
        points.push(Point::new(id.clone(), loss.1, loss.0));
    }
    let picture = Picture::Pairs { quantity: "Loss per state".into(), unit: "kW", points };
    Ok(Answer::of(quantities, picture))
}

/// Below this a relative error says nothing.
const SMALL: f64 = 1e-12;

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or(f64::NAN)
}

fn machine_losses(mine: &Value, theirs: &Value) -> Vec<f64> {
    ["transformers", "ups"]
        .iter()
        .flat_map(|key| pairs(&mine[key], &theirs[key], "loss_mw"))
        .map(|(a, b)| 100.0 * (a - b) / b.abs().max(SMALL))
        .collect()
}

/// Ours and theirs for every entry of the reference; what is missing in ours is not a number.
fn pairs(mine: &Value, theirs: &Value, field: &str) -> Vec<(f64, f64)> {
    let of = |v: &Value| if field.is_empty() { v.as_f64() } else { v[field].as_f64() };
    let entries = theirs.as_object().into_iter().flatten();
    entries.map(|(id, b)| (of(&mine[id]).unwrap_or(f64::NAN), of(b).unwrap_or(f64::NAN))).collect()
}
