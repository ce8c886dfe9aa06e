//! Networks against outside programs.

use super::read;
use crate::cases::registry::readable;
use crate::cases::statistics::worst;
use crate::cases::{Answer, Case, CaseError, Picture, Point, Quantity, Topic};
use serde_json::Value;

const CASE9: &str = include_str!("../../../tests/cases/power/case9.json");
const CASE9_SOLVED: &str = include_str!("../../../tests/cases/power/case9.ref.json");
const CASE14: &str = include_str!("../../../tests/cases/power/case14.json");
const CASE14_SOLVED: &str = include_str!("../../../tests/cases/power/case14.ref.json");
const NOSE: &str = include_str!("../../../tests/cases/power/nose.json");
const FEEDER: &str = include_str!("../../../tests/cases/power/ieee_european_lv_off_peak_1440.json");
const FEEDER_SOLVED: &str =
    include_str!("../../../tests/cases/power/ieee_european_lv_off_peak_1440.ref.json");
const ROW: &str = include_str!("../../../tests/cases/power/dc800_row10.json");
const ROW_SOLVED: &str = include_str!("../../../tests/cases/power/dc800_row10.ref.json");

/// Voltages, p.u.: what the outside programs reach among themselves.
const VM_PU: f64 = 1e-9;
/// Angles, degrees: 1e-9 p.u. across, rounded up.
const VA_DEG: f64 = 1e-7;
/// Losses, relative, %.
const LOSS_PERCENT: f64 = 1e-6;
/// Loss of the feeder, relative, %: the reference is the difference of a source of 10 GVA and
/// loads of 10 kW, and itself differs from another program by 6e-5 %.
const FEEDER_LOSS_PERCENT: f64 = 1e-4;
/// Currents, relative, %.
const CURRENT_PERCENT: f64 = 1e-6;
/// Margins, relative, %: the references bisect to about 1e-5 of the factor.
const MARGIN_PERCENT: f64 = 1e-3;

/// The shipped cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    let nose = |id: &str| {
        serde_json::from_str::<Value>(NOSE).ok()?["results"][id]["max_load_factor"].as_f64()
    };
    vec![
        readable("case9", Topic::Power, bus_branch("case9", CASE9, CASE9_SOLVED, nose("case9"))),
        readable(
            "case14",
            Topic::Power,
            bus_branch("case14", CASE14, CASE14_SOLVED, nose("case14")),
        ),
        readable(
            "ieee_european_lv",
            Topic::Power,
            unbalanced("ieee_european_lv", FEEDER, FEEDER_SOLVED),
        ),
        readable("dc800_row10", Topic::Power, row("dc800_row10", ROW, ROW_SOLVED)),
    ]
}

/// Question and reference as JSON, before anything is solved.
fn both(id: &str, text: &str, solved: &str) -> Result<(Value, Value, String), CaseError> {
    let case: Value = serde_json::from_str(text).map_err(|e| CaseError::file(id, e))?;
    let place = format!("{id}: reference");
    let reference: Value = serde_json::from_str(solved).map_err(|e| CaseError::file(&place, e))?;
    let solver = reference["solver"].as_str().unwrap_or("not named").trim().to_owned();
    Ok((case, reference, solver))
}

fn count(case: &Value, key: &str) -> usize {
    case[key].as_array().map_or(0, Vec::len)
}

/// A case from an `ac-bus-branch-1` network, its solution and its collapse margin.
///
/// # Errors
/// A file that is not JSON.
pub fn bus_branch(
    id: &str,
    text: &str,
    solved: &str,
    nose: Option<f64>,
) -> Result<Case, CaseError> {
    let (case, reference, source) = both(id, text, solved)?;
    let (buses, branches) = (count(&case, "buses"), count(&case, "branches"));
    let title = format!("Load flow of a meshed network, {buses} buses, {branches} branches");
    let (id_inside, text) = (id.to_owned(), text.to_owned());
    Ok(Case::new(id, Topic::Power, title, source, move |_| {
        let mut network = read(&id_inside, &text).map_err(CaseError::solver)?;
        let ours = network.answer().map_err(CaseError::solver)?;
        let mut quantities = voltages(&reference, &ours);
        quantities.push(relative(&reference, &ours, "total_loss_mw", "Loss", "MW", LOSS_PERCENT));
        for (key, name) in [
            ("branch_p_from_mw", "Power into branches"),
            ("branch_q_from_mvar", "Reactive power into branches"),
        ] {
            let differences = difference(&reference[key], &ours[key]);
            let name = format!("{name}, {} branches, worst |Δ|", differences.len());
            quantities.push(Quantity::error_of(name, "MVA", worst(&differences)).within(1e-6));
        }
        if let Some(nose) = nose {
            let ours = network.margin().map_err(CaseError::solver)?["max_load_factor"].as_f64();
            let ours = ours.unwrap_or(f64::NAN);
            let margin = Quantity::relative("Largest load factor", "", nose, ours);
            quantities.push(margin.within(MARGIN_PERCENT));
        }
        Ok(Answer::of(quantities, scatter(&reference["vm_pu"], &ours["vm_pu"], "Voltage", "p.u.")))
    }))
}

/// A case from an `ac-3phase-seq-1` network and its solution.
///
/// # Errors
/// A file that is not JSON.
pub fn unbalanced(id: &str, text: &str, solved: &str) -> Result<Case, CaseError> {
    let (case, reference, source) = both(id, text, solved)?;
    let title = format!(
        "Unbalanced three-phase load flow, {} buses, {} single-phase loads",
        count(&case, "buses"),
        count(&case, "loads")
    );
    let (id_inside, text) = (id.to_owned(), text.to_owned());
    Ok(Case::new(id, Topic::Power, title, source, move |_| {
        let mut network = read(&id_inside, &text).map_err(CaseError::solver)?;
        let ours = network.answer().map_err(CaseError::solver)?;
        let mut quantities = voltages(&reference, &ours);
        for (phase, name) in ["a", "b", "c"].into_iter().enumerate() {
            let of = |v: &Value| v["source_kw"][phase].as_f64().unwrap_or(f64::NAN);
            let name = format!("Power of the source, phase {name}");
            let power = Quantity::relative(name, "kW", of(&reference), of(&ours));
            quantities.push(power.within(LOSS_PERCENT));
        }
        quantities.push(relative(&reference, &ours, "loss_w", "Loss", "W", FEEDER_LOSS_PERCENT));
        Ok(Answer::of(quantities, scatter(&reference["vm_pu"], &ours["vm_pu"], "Voltage", "p.u.")))
    }))
}

/// A case from a `dc-row-1` row and its solution.
///
/// # Errors
/// A file that is not JSON.
pub fn row(id: &str, text: &str, solved: &str) -> Result<Case, CaseError> {
    let (case, reference, source) = both(id, text, solved)?;
    let title = format!("Load flow and limit of a DC row with {} racks", count(&case, "loads"));
    let (id_inside, text) = (id.to_owned(), text.to_owned());
    Ok(Case::new(id, Topic::Power, title, source, move |_| {
        let mut network = read(&id_inside, &text).map_err(CaseError::solver)?;
        let ours = network.answer().map_err(CaseError::solver)?;
        let volts = difference(&reference["v_kv"], &ours["v_kv"]);
        let amps = ratios(&reference["i_a"], &ours["i_a"]);
        let name = |what: &str, n: usize| format!("{what}, {n}, worst |Δ|");
        let mut quantities = vec![
            Quantity::error_of(name("Voltages", volts.len()), "kV", worst(&volts)).within(1e-9),
            Quantity::error_of(name("Currents", amps.len()), "%", worst(&amps))
                .within(CURRENT_PERCENT),
            relative(&reference, &ours, "loss_kw", "Loss", "kW", LOSS_PERCENT),
            relative(&reference, &ours, "source_kw", "Power of the source", "kW", LOSS_PERCENT),
        ];
        if reference["max_uniform_load_factor"].is_number() {
            let key = "max_uniform_load_factor";
            let limit = relative(&reference, &ours, key, "Largest load factor", "", MARGIN_PERCENT);
            quantities.push(limit);
        }
        Ok(Answer::of(quantities, scatter(&reference["v_kv"], &ours["v_kv"], "Voltage", "kV")))
    }))
}

fn voltages(reference: &Value, ours: &Value) -> Vec<Quantity> {
    let vm = difference(&reference["vm_pu"], &ours["vm_pu"]);
    let va = difference(&reference["va_deg"], &ours["va_deg"]);
    let name = |what: &str, n: usize| format!("{what}, {n}, worst |Δ|");
    vec![
        Quantity::error_of(name("Voltages", vm.len()), "p.u.", worst(&vm)).within(VM_PU),
        Quantity::error_of(name("Angles", va.len()), "°", worst(&va)).within(VA_DEG),
    ]
}

fn relative(
    reference: &Value,
    ours: &Value,
    key: &str,
    name: &str,
    unit: &'static str,
    percent: f64,
) -> Quantity {
    let of = |v: &Value| v[key].as_f64().unwrap_or(f64::NAN);
    Quantity::relative(name, unit, of(reference), of(ours)).within(percent)
}

/// Every number of the reference beside ours, however they are nested; NaN where ours lacks it.
fn beside(reference: &Value, ours: &Value, label: &str, out: &mut Vec<Point>) {
    match reference {
        Value::Number(n) => {
            let (theirs, ours) = (n.as_f64(), ours.as_f64());
            let point = (theirs.unwrap_or(f64::NAN), ours.unwrap_or(f64::NAN));
            out.push(Point::new(label.to_owned(), point.0, point.1));
        }
        Value::Array(list) => {
            for (i, v) in list.iter().enumerate() {
                beside(v, &ours[i], &format!("{label}.{i}"), out);
            }
        }
        Value::Object(map) => {
            for (key, v) in map {
                let label = if label.is_empty() { key.clone() } else { format!("{label}.{key}") };
                beside(v, &ours[key], &label, out);
            }
        }
        _ => {}
    }
}

fn points(reference: &Value, ours: &Value) -> Vec<Point> {
    let mut out = Vec::new();
    beside(reference, ours, "", &mut out);
    out
}

/// Differences; one that is not a number if there is nothing to compare, so that a gate fails.
fn difference(reference: &Value, ours: &Value) -> Vec<f64> {
    let all: Vec<f64> = points(reference, ours).iter().map(|p| p.ours - p.reference).collect();
    if all.is_empty() { vec![f64::NAN] } else { all }
}

/// Relative differences, %.
fn ratios(reference: &Value, ours: &Value) -> Vec<f64> {
    let percent = |p: &Point| 100.0 * (p.ours - p.reference) / p.reference.abs().max(1e-12);
    let all: Vec<f64> = points(reference, ours).iter().map(percent).collect();
    if all.is_empty() { vec![f64::NAN] } else { all }
}

fn scatter(reference: &Value, ours: &Value, quantity: &str, unit: &'static str) -> Picture {
    let points = points(reference, ours);
    Picture::Scatter { quantity: quantity.into(), unit, points, band: None, log: false }
}
