//! Text for standard output and standard error: the only place of the library that prints.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this module is the printer")]

use super::scenario::Scenario;
use crate::evaluate::finding::Severity;
use crate::evaluate::result::{Kpis, Results};
use crate::plan::Plan;
use crate::report::json::{Timings, results_json};
use crate::session::presets::PRESETS;
use crate::units::display;
use std::io::Write;

/// A remark on standard error.
pub fn note(words: &str) {
    eprintln!("tokenmill: {words}");
}

/// A failure on standard error, with its causes.
pub fn error(error: &anyhow::Error) {
    eprintln!("tokenmill: {error:#}");
}

/// Names and titles of the presets.
pub fn presets() -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for preset in PRESETS {
        let opened = crate::format::from_text(preset.text)?;
        writeln!(out, "{:24} {}", preset.id, opened.plan.name)?;
    }
    Ok(())
}

/// Everything as JSON, the same text that the review pack holds, with the times measured.
pub fn json(plan: &Plan, results: &Results, scenario: Option<&Scenario>) -> anyhow::Result<()> {
    let mut text = results_json(plan, results, Timings::Measured)?;
    if let Some(scenario) = scenario {
        let mut value: serde_json::Value = serde_json::from_str(&text)?;
        value["scenario"] = scenario.to_json();
        text = serde_json::to_string_pretty(&value)? + "\n";
    }
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}

/// Headline, what binds, findings, stage times.
pub fn results(plan: &Plan, results: &Results, scenario: Option<&Scenario>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", plan.name)?;
    for (label, value) in headline(&results.kpi) {
        writeln!(out, "  {label:<16} {value}")?;
    }
    let bound = &results.bottleneck;
    writeln!(out, "  {:<16} {}: {}", "binds", bound.binding.label(), bound.reason)?;
    for finding in &results.findings {
        let word = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        };
        writeln!(out, "  {word:<16} {} [{}; {}]", finding.message, finding.rule, finding.source)?;
    }
    let times: Vec<String> = results
        .timings
        .iter()
        .map(|t| format!("{} {}", t.stage, display::seconds(t.time.to_s())))
        .collect();
    writeln!(out, "  {:<16} {}", "stage times", times.join(" · "))?;
    let (closure, turns) = (results.energy.closure(), results.coupling.iterations);
    writeln!(
        out,
        "  {:<16} energy in = out to {closure:.0e}; heat and clocks settled in {turns} turn(s)",
        "closure"
    )?;
    for (label, value) in scenario.iter().flat_map(|s| s.lines()) {
        writeln!(out, "  {label:<16} {value}")?;
    }
    Ok(())
}

/// The headline numbers as lines of text.
fn headline(kpi: &Kpis) -> Vec<(&'static str, String)> {
    let tokens = |v: f64| display::tokens_s(v).to_string();
    let mut lines = Vec::new();
    if let Some(t) = kpi.tokens_per_s {
        lines.push((
            "output",
            format!("{} ({})", tokens(t.base), display::band(t.low, t.high, tokens)),
        ));
    }
    for (unit, band) in [("/M tokens", kpi.usd_per_mtok), ("/GPU-h", kpi.usd_per_gpu_h)] {
        if let Some(c) = band {
            let range = display::band(c.low, c.high, display::usd);
            lines.push(("cost", format!("{}{unit} (P10–P90 {range})", display::usd(c.base))));
        }
    }
    if let Some(t) = kpi.tokens_per_j {
        lines.push(("energy", format!("{t:.3} tok/J")));
    }
    lines.push(("goodput", format!("{:.1} %", kpi.goodput_pct)));
    lines.push(("PUE, WUE", format!("{:.3}, {:.3} L/kWh", kpi.pue, kpi.wue_l_kwh)));
    let (facility, utility, it) = (kpi.facility_mw, kpi.utility_mw, kpi.it_mw);
    lines.push(("facility", format!("{facility:.3} MW of {utility:.1} MW; IT {it:.3} MW")));
    lines.push(("stranded", format!("{:.3} MW: {}", kpi.stranded_mw, kpi.stranded_cause)));
    if let Some(w) = &kpi.worst_inlet {
        let text = format!(
            "{:.1} °C ± {:.1} K, limit {:.0} °C ({})",
            w.inlet_c, w.error_k, w.limit_c, w.name
        );
        lines.push(("worst inlet", text));
    }
    if let Some(w) = &kpi.worst_loading {
        let outage = w.outage.as_deref().unwrap_or("normal state");
        let (worst, normal) = (w.worst_pct, w.normal_pct);
        let text = format!("{worst:.1} % of limit, {} ({outage}); normal {normal:.1} %", w.element);
        lines.push(("worst loading", text));
    }
    let unpriced = kpi.unpriced_items;
    let capital = display::usd(kpi.capex_usd.base);
    lines.push(("capital", format!("{capital}, {unpriced} item(s) unpriced")));
    lines.push(("GPUs", kpi.gpus.to_string()));
    lines
}
