//! Text for standard output and standard error: the only place of the library that prints.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this module is the printer")]

use crate::evaluate::finding::Severity;
use crate::evaluate::result::Results;
use crate::plan::Plan;
use crate::session::presets::PRESETS;
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

/// Everything as JSON.
pub fn json(results: &Results) -> anyhow::Result<()> {
    #[derive(serde::Serialize)]
    struct Envelope<'a> {
        schema: &'static str,
        #[serde(flatten)]
        results: &'a Results,
    }
    let mut out = std::io::stdout().lock();
    let envelope = Envelope { schema: "tokenmill.results/1", results };
    serde_json::to_writer_pretty(&mut out, &envelope)?;
    writeln!(out)?;
    Ok(())
}

/// Headline, what binds, findings, stage times.
pub fn results(plan: &Plan, results: &Results) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let kpi = &results.kpi;
    writeln!(out, "{}", plan.name)?;
    if let Some(t) = kpi.tokens_per_s {
        writeln!(
            out,
            "  output            {:>12.4e} tok/s  ({:.3e} to {:.3e})",
            t.base, t.low, t.high
        )?;
    }
    if let Some(c) = kpi.usd_per_mtok {
        writeln!(
            out,
            "  cost              {:>12.4} $/M tokens  ({:.3} to {:.3})",
            c.base, c.low, c.high
        )?;
    }
    if let Some(c) = kpi.usd_per_gpu_h {
        writeln!(
            out,
            "  cost              {:>12.3} $/GPU-h  ({:.2} to {:.2})",
            c.base, c.low, c.high
        )?;
    }
    if let Some(t) = kpi.tokens_per_j {
        writeln!(out, "  energy            {t:>12.3} tok/J")?;
    }
    writeln!(out, "  goodput           {:>12.1} %", kpi.goodput_pct)?;
    writeln!(out, "  PUE               {:>12.3}   WUE {:.3} L/kWh", kpi.pue, kpi.wue_l_kwh)?;
    writeln!(
        out,
        "  facility          {:>12.3} MW of {:.1}; IT {:.3} MW",
        kpi.facility_mw, kpi.utility_mw, kpi.it_mw
    )?;
    writeln!(out, "  stranded          {:>12.3} MW: {}", kpi.stranded_mw, kpi.stranded_cause)?;
    if let Some(w) = &kpi.worst_inlet {
        writeln!(
            out,
            "  worst inlet       {:>12.1} °C ± {:.1} of {:.0} ({})",
            w.inlet_c, w.error_k, w.limit_c, w.name
        )?;
    }
    if let Some(w) = &kpi.worst_loading {
        let outage = w.outage.as_deref().unwrap_or("normal state");
        writeln!(
            out,
            "  worst loading     {:>12.1} % of limit, {} ({outage}); normal {:.1} %",
            w.worst_pct, w.element, w.normal_pct
        )?;
    }
    writeln!(
        out,
        "  capital           {:>12.1} M$ ({} unpriced)",
        kpi.capex_usd.base / 1e6,
        kpi.unpriced_items
    )?;
    writeln!(out, "  GPUs              {:>12}", kpi.gpus)?;
    writeln!(
        out,
        "  binds             {}: {}",
        results.bottleneck.binding.label(),
        results.bottleneck.reason
    )?;
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        for finding in results.findings.iter().filter(|f| f.severity == severity) {
            writeln!(
                out,
                "  {:8} {} [{}; {}]",
                format!("{severity:?}").to_lowercase(),
                finding.message,
                finding.rule,
                finding.source
            )?;
        }
    }
    for line in &results.timings {
        writeln!(out, "  {:12} {:>10.2} ms", line.stage, line.time.to_ms())?;
    }
    writeln!(
        out,
        "  energy closure {:.2e}; coupling {} iterations",
        results.energy.closure(),
        results.coupling.iterations
    )?;
    Ok(())
}
