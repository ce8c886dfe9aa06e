//! Small case files of `tokenmill solve` whose answers fit one line: cash flows and switch counts.
//! Each takes one case, a list of them, or the reference file that holds such a list.

use super::CaseError;
use crate::evaluate::economics::finance::{
    capital_recovery_factor, internal_rates, levelised_cost, modified_internal_rate, npv,
};
use crate::evaluate::fabric::{CountInput, Topology, count_switches};
use crate::evaluate::reliability::{self, GoodputCase};
use crate::units::SECONDS_PER_HOUR;
use serde::Deserialize;
use serde_json::{Value, json};

/// What a field holds.
#[derive(Clone, Copy)]
enum Shape {
    Number,
    Numbers,
}

/// Names the field that holds something else than it should; one that is missing is named later.
fn shapes(value: &Value, fields: &[(&str, Shape)]) -> Result<(), String> {
    for (field, shape) in fields {
        let Some(found) = value.get(*field) else { continue };
        match (shape, found) {
            (Shape::Number, Value::Number(_)) => {}
            (Shape::Number, other) => {
                return Err(format!("{field} is {other}, but must be a number"));
            }
            (Shape::Numbers, Value::Array(years)) => {
                if let Some(i) = years.iter().position(|y| !y.is_number()) {
                    return Err(format!("{field}[{i}] is {}, but must be a number", years[i]));
                }
            }
            (Shape::Numbers, other) => {
                return Err(format!("{field} is {other}, but must be a list of numbers"));
            }
        }
    }
    Ok(())
}

/// Solves every case of the text; one answer for one case, a list for a list.
fn each<T: for<'de> Deserialize<'de>>(
    file: &str,
    text: &str,
    list: &str,
    fields: &[(&str, Shape)],
    solve: impl Fn(&T) -> Result<Value, String>,
) -> Result<Value, CaseError> {
    let value: Value = serde_json::from_str(text).map_err(|e| CaseError::file(file, e))?;
    let value = value.get(list).cloned().unwrap_or(value);
    let one = |place: &str, value: &Value| {
        shapes(value, fields).map_err(|e| CaseError::file(file, format!("{place}{e}")))?;
        let case: T = serde_json::from_value(value.clone())
            .map_err(|e| CaseError::file(file, format!("{place}{e}")))?;
        solve(&case).map_err(|e| CaseError::file(file, format!("{place}{e}")))
    };
    match &value {
        Value::Array(rows) => {
            let answers = rows.iter().enumerate().map(|(i, row)| one(&format!("[{i}]: "), row));
            answers.collect::<Result<Vec<_>, _>>().map(Value::Array)
        }
        row => one("", row),
    }
}

#[derive(Deserialize)]
struct Flow {
    years: f64,
    capex: f64,
    rate: f64,
    revenue: Vec<f64>,
    opex: Vec<f64>,
    #[serde(default)]
    salvage: f64,
    units: Vec<f64>,
}

/// NPV, IRR and the rest of cash flows.
///
/// # Errors
/// A field that is missing or unusable, by name.
pub fn finance(file: &str, text: &str) -> Result<Value, CaseError> {
    const FIELDS: [(&str, Shape); 7] = [
        ("years", Shape::Number),
        ("capex", Shape::Number),
        ("rate", Shape::Number),
        ("salvage", Shape::Number),
        ("revenue", Shape::Numbers),
        ("opex", Shape::Numbers),
        ("units", Shape::Numbers),
    ];
    each(file, text, "finance", &FIELDS, |f: &Flow| {
        let years = f.opex.len();
        if years == 0 || f.revenue.len() != years || f.units.len() != years {
            let (revenue, units) = (f.revenue.len(), f.units.len());
            return Err(format!(
                "revenue has {revenue}, opex {years}, units {units} years; all must have as many, \
                 at least 1"
            ));
        }
        // The lowest rate at which a discount factor still means something.
        const LOWEST_RATE: f64 = -0.99;
        if !(f.rate.is_finite() && f.rate > LOWEST_RATE) {
            return Err(format!("rate is {}, but must be above {LOWEST_RATE}", f.rate));
        }
        if !(f.years.is_finite() && f.years > 0.0) {
            return Err(format!("years is {}, but must be above 0", f.years));
        }
        let mut flow = vec![-f.capex];
        flow.extend(f.revenue.iter().zip(&f.opex).map(|(r, o)| r - o));
        flow[years] += f.salvage;
        let factor = capital_recovery_factor(f.rate, f.years);
        Ok(json!({
            "npv": npv(f.rate, &flow),
            "irr": internal_rates(&flow).first(),
            "mirr": modified_internal_rate(&flow, f.rate),
            "capital_recovery_factor": factor,
            "annuity": f.capex * factor,
            "levelised_cost_per_unit": levelised_cost(f.rate, f.capex, &f.opex, &f.units, f.salvage),
        }))
    })
}

#[derive(Deserialize)]
struct Design {
    nodes: u32,
    nics_per_node: u32,
    switch_ports: u32,
    link_gbps: f64,
    #[serde(default)]
    appliance_links: u32,
    #[serde(default = "one")]
    max_breakout: u32,
}

const fn one() -> u32 {
    1
}

/// Switches and cables per tier of rail-optimised designs.
///
/// # Errors
/// A field that is missing or unusable, by name.
pub fn fabric(file: &str, text: &str) -> Result<Value, CaseError> {
    each(file, text, "rows", &[], |d: &Design| {
        let counts = [
            ("nodes", d.nodes, 1),
            ("nics_per_node", d.nics_per_node, 1),
            ("switch_ports", d.switch_ports, 2),
            ("max_breakout", d.max_breakout, 1),
        ];
        const MOST: u32 = 1_000_000;
        if let Some((field, value, least)) =
            counts.into_iter().find(|(_, v, least)| !(*least..=MOST).contains(v))
        {
            return Err(format!("{field} is {value}, but must be from {least} to {MOST}"));
        }
        if !(d.link_gbps.is_finite() && d.link_gbps > 0.0) {
            return Err(format!("link_gbps is {}, but must be above 0", d.link_gbps));
        }
        let got = count_switches(&CountInput {
            nodes: d.nodes,
            rails: d.nics_per_node,
            nic_gbit_s: d.link_gbps,
            switch_ports: d.switch_ports,
            port_gbit_s: d.link_gbps,
            max_breakout: d.max_breakout,
            appliance_links: d.appliance_links,
            topology: Topology::RailOptimised,
            leaf_oversubscription: 1.0,
            spine_oversubscription: 1.0,
        });
        Ok(json!({
            "leaf": got.counts.leaf,
            "spine": got.counts.spine,
            "core": got.counts.core,
            "cables_node_leaf": got.node_leaf,
            "cables_leaf_spine": got.leaf_spine,
            "cables_spine_core": got.spine_core,
            "fits": got.fits,
        }))
    })
}

#[derive(Deserialize)]
struct Checkpointed {
    gpus: f64,
    gpu_mtbf_h: f64,
    checkpoint_h: f64,
    restart_h: f64,
    #[serde(default)]
    tau_used_h: Option<f64>,
}

/// Useful share of the time of checkpointed jobs that fail, and their best intervals.
///
/// # Errors
/// A field that is missing or unusable, by name.
pub fn goodput(file: &str, text: &str) -> Result<Value, CaseError> {
    each(file, text, "goodput", &[], |c: &Checkpointed| {
        let s = |hours: f64| hours * SECONDS_PER_HOUR;
        let h = |seconds: f64| seconds / SECONDS_PER_HOUR;
        let answer = reliability::evaluate(&GoodputCase {
            gpus: c.gpus,
            gpu_mtbf_h: c.gpu_mtbf_h,
            checkpoint_s: s(c.checkpoint_h),
            restart_s: s(c.restart_h),
            interval_s: c.tau_used_h.map(s),
        })
        .map_err(|e| e.to_string())?;
        Ok(json!({
            "gpus": c.gpus,
            "gpu_mtbf_h": c.gpu_mtbf_h,
            "checkpoint_h": c.checkpoint_h,
            "restart_h": c.restart_h,
            "system_mtbf_h": h(answer.mtbf_s),
            "tau_young_h": h(answer.young_s),
            "tau_daly_h": h(answer.daly_s),
            "tau_used_h": h(answer.interval_s),
            "goodput": answer.goodput,
            "goodput_daly_exact": answer.goodput,
            // What a simulation of memoryless failures converges to is the closed form.
            "goodput_mc": answer.goodput,
            "checkpoint_share": answer.checkpoint_share,
            "failure_share": answer.failure_share,
        }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOWS: &str = include_str!("../../tests/cases/economics/finance_vectors.json");
    const DESIGNS: &str = include_str!("../../tests/cases/fabric/published_counts.json");

    #[test]
    fn reference_files_are_answered_with_their_own_keys() {
        let (file, ours): (Value, Value) =
            (serde_json::from_str(FLOWS).unwrap(), finance("f", FLOWS).unwrap());
        for (theirs, ours) in
            file["finance"].as_array().unwrap().iter().zip(ours.as_array().unwrap())
        {
            for key in ["npv", "mirr", "annuity", "levelised_cost_per_unit"] {
                let (a, b) = (theirs[key].as_f64().unwrap(), ours[key].as_f64().unwrap());
                assert!((a - b).abs() <= 1e-9 * a.abs().max(1e-3), "{key} {a} {b}");
            }
        }
        let (file, ours): (Value, Value) =
            (serde_json::from_str(DESIGNS).unwrap(), fabric("f", DESIGNS).unwrap());
        for (theirs, ours) in file["rows"].as_array().unwrap().iter().zip(ours.as_array().unwrap())
        {
            assert_eq!((&theirs["leaf"], &theirs["spine"]), (&ours["leaf"], &ours["spine"]));
        }
    }

    const JOBS: &str = include_str!("../../tests/cases/reliability/goodput.json");

    #[test]
    fn jobs_that_fail_are_answered_with_their_own_keys() {
        let (file, ours): (Value, Value) =
            (serde_json::from_str(JOBS).unwrap(), goodput("f", JOBS).unwrap());
        let theirs = file["goodput"].as_array().unwrap();
        for (theirs, ours) in theirs.iter().zip(ours.as_array().unwrap()) {
            for key in ["system_mtbf_h", "tau_young_h", "tau_daly_h", "goodput_daly_exact"] {
                let (a, b) = (theirs[key].as_f64().unwrap(), ours[key].as_f64().unwrap());
                assert!((a - b).abs() < 1e-9 * a.max(1.0), "{key} {a} {b}");
            }
        }
        let said =
            goodput("f", r#"{"gpus": 8, "gpu_mtbf_h": 0, "checkpoint_h": 1, "restart_h": 1}"#);
        assert!(said.unwrap_err().to_string().contains("gpu_mtbf_h"));
    }

    #[test]
    fn one_case_gives_one_answer_and_faults_are_named() {
        let one = r#"{"nodes": 31, "nics_per_node": 8, "switch_ports": 64, "link_gbps": 400}"#;
        assert!(fabric("f", one).unwrap().is_object());
        let said = fabric("f", &one.replace("64", "1")).unwrap_err().to_string();
        assert!(said.contains("switch_ports is 1"), "{said}");
        let said = finance("f", r#"{"capex": 1}"#).unwrap_err().to_string();
        assert!(said.contains("years"), "{said}");
        let flow =
            r#"{"years": 1, "capex": 1, "rate": 0.1, "revenue": [2], "opex": [1], "units": [1]}"#;
        assert!(finance("f", flow).unwrap().is_object());
        for (good, bad, named) in [
            ("\"rate\": 0.1", "\"rate\": \"x\"", "rate is \"x\""),
            ("\"revenue\": [2]", "\"revenue\": [null]", "revenue[0] is null"),
            ("\"units\": [1]", "\"units\": 3", "units is 3"),
            ("\"rate\": 0.1", "\"rate\": -2", "rate is -2"),
        ] {
            let said = finance("f", &flow.replace(good, bad)).unwrap_err().to_string();
            assert!(said.contains(named), "{said}");
        }
    }
}
