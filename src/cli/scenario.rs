//! A plan with parts of its power chain out of service, as `evaluate --scenario` tells it.

use crate::evaluate::cancel::CancelToken;
use crate::evaluate::power::case::{LoadKind, PowerCase};
use crate::evaluate::power::result::PowerResult;
use crate::evaluate::power::solve_with_out;
use crate::evaluate::result::Results;
use anyhow::bail;
use serde_json::{Value, json};

/// A solved scenario.
pub struct Scenario {
    /// Elements that are out.
    pub out: Vec<String>,
    /// The power chain without them.
    pub state: PowerResult,
    /// Output lost until jobs are restarted on what is left, tokens/s; known for the outages that
    /// the evaluation examines.
    pub tokens_lost_per_s: Option<f64>,
}

/// Names in the answer to a scenario that is not known.
const MOST_NAMED: usize = 12;

/// Solves a scenario: a named one (`feed A lost`), an element, or several joined by `+`.
///
/// # Errors
/// A name that is neither, with those that are.
pub fn solve(results: &Results, name: &str) -> anyhow::Result<Scenario> {
    let case = &results.power_case;
    let out = elements(case, name)?;
    let state = solve_with_out(case, &out, &CancelToken::never())?;
    let out: Vec<String> = out.iter().map(|i| case.elements[*i].name.clone()).collect();
    let same = |row: &[String]| row.len() == out.len() && row.iter().all(|n| out.contains(n));
    let row = results.resilience.outages.iter().find(|row| same(&row.elements));
    Ok(Scenario { tokens_lost_per_s: row.map(|r| r.tokens_lost_per_s), out, state })
}

fn elements(case: &PowerCase, name: &str) -> anyhow::Result<Vec<usize>> {
    let like = |a: &str, b: &str| a.trim().eq_ignore_ascii_case(b.trim());
    if let Some(scenario) = case.scenarios.iter().find(|s| like(&s.name, name)) {
        return Ok(scenario.out.clone());
    }
    let mut out = Vec::new();
    for part in name.split('+') {
        let part = part.trim().trim_end_matches(" out");
        let Some(i) = case.elements.iter().position(|e| like(&e.name, part)) else {
            let scenarios = case.scenarios.iter().map(|s| s.name.as_str());
            let elements = case.elements.iter().map(|e| e.name.as_str()).take(MOST_NAMED);
            let known: Vec<&str> = scenarios.chain(elements).collect();
            bail!(
                "--scenario: '{part}' is no scenario and no element of the power chain; known are \
                 {} and further elements; join several with +",
                known.join(", ")
            );
        };
        if !out.contains(&i) {
            out.push(i);
        }
    }
    Ok(out)
}

impl Scenario {
    fn dark(&self, kind: LoadKind) -> Vec<&str> {
        let dark = self.state.loads.iter().filter(|l| l.kind == kind && !l.served);
        dark.map(|l| l.name.as_str()).collect()
    }

    /// The scenario as lines of text: label and value.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let racks = self.dark(LoadKind::Rack);
        let all = self.state.loads.iter().filter(|l| l.kind == LoadKind::Rack).count();
        let mut dark = format!("{} of {all} racks", racks.len());
        if !racks.is_empty() {
            let named: Vec<&str> = racks.iter().copied().take(MOST_NAMED).collect();
            let more = if racks.len() > MOST_NAMED { ", …" } else { "" };
            dark.push_str(&format!(": {}{more}", named.join(", ")));
        }
        let totals = &self.state.totals;
        let mut lines = vec![
            ("scenario", format!("{} out", self.out.join(" + "))),
            ("without power", dark),
            (
                "power then",
                format!(
                    "{:.3} MW served of {:.3} MW; loss {:.1} kW",
                    totals.served_w / 1e6,
                    totals.demand_w / 1e6,
                    totals.loss_w / 1e3
                ),
            ),
        ];
        if let Some(worst) = self.state.scenarios.first() {
            if let Some(element) = &worst.worst_element {
                let loading = 100.0 * worst.worst_loading;
                lines.push(("loading then", format!("{loading:.1} % of nameplate, {element}")));
            }
            if !worst.tripped.is_empty() {
                lines.push(("tripped", worst.tripped.join(", ")));
            }
        }
        if let Some(lost) = self.tokens_lost_per_s {
            lines.push(("output lost", crate::units::display::tokens_s(lost).to_string()));
        }
        lines
    }

    /// The scenario as JSON.
    pub fn to_json(&self) -> Value {
        let totals = &self.state.totals;
        let summary = self.state.scenarios.first();
        json!({
            "out": self.out,
            "racks_dark": self.dark(LoadKind::Rack),
            "mechanical_dark": self.dark(LoadKind::Mechanical),
            "served_w": totals.served_w,
            "demand_w": totals.demand_w,
            "source_w": totals.source_w,
            "loss_w": totals.loss_w,
            "worst_element": summary.and_then(|s| s.worst_element.clone()),
            "worst_loading": summary.map(|s| s.worst_loading),
            "tripped": summary.map(|s| s.tripped.clone()),
            "tokens_lost_per_s": self.tokens_lost_per_s,
        })
    }
}
