//! The table of `tokenmill fit` on standard output.

use crate::cases::serving_points::{Left, Report};
use crate::cases::training::TrainingFit;
use crate::evaluate::workload::kernels::fit::{Errors, Fit};
use std::io::Write;

/// Per class: median error on the timings of the fit, on shapes (and the ninth decile there), on
/// curves and on devices left out.
pub fn scores(fit: &Fit) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let columns = ["timings", "in sample", "shapes out", "9 of 10", "curves out"];
    write!(out, "{:<29}", "error")?;
    for column in columns {
        write!(out, "{column:>12}")?;
    }
    writeln!(out, "   devices out")?;
    for score in &fit.scores {
        write!(out, "{:<29}{:>12}", score.class.label(), score.in_sample.count)?;
        let shares = [
            score.in_sample.median,
            score.shape_out.median,
            score.shape_out.p90,
            score.curve_out.median,
        ];
        for share in shares {
            write!(out, "{:>12}", percent(share))?;
        }
        write!(out, "  ")?;
        for (system, errors) in &score.device_out {
            write!(out, " {system} {}{}", percent(errors.median), lean(errors))?;
        }
        writeln!(out)?;
    }
    for class in &fit.kept {
        writeln!(out, "{}: no timings, law kept", class.label())?;
    }
    Ok(())
}

fn percent(fraction: f64) -> String {
    format!("{:.1} %", 100.0 * fraction)
}

/// Which way a law leans on a device that it never saw, where it leans at all.
fn lean(errors: &Errors) -> String {
    const LEAN: f64 = 0.05;
    if errors.bias.abs() < LEAN {
        String::new()
    } else {
        format!(" ({:+.0} %)", 100.0 * errors.bias)
    }
}

/// The table of errors of a fit of serving laws.
pub fn serving(report: &Report, left: &Left) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{} points; left out: {} unusable, {} disaggregated, {} queued for memory",
        report.points, left.unusable, left.disaggregated, left.queued
    )?;
    writeln!(
        out,
        "{:<18} {:>8} {:>8} {:>8} {:>8} {:>12} {:>10}",
        "", "TPOT med", "mean", "p90", "bias", "worst cell", "TTFT med"
    )?;
    for (name, e) in [
        ("in sample", report.in_sample),
        ("models left out", report.models_out),
        ("devices left out", report.devices_out),
    ] {
        writeln!(
            out,
            "{name:<18} {:>8} {:>8} {:>8} {:>8} {:>12} {:>10}",
            percent(e.median),
            percent(e.mean),
            percent(e.p90),
            percent(e.bias),
            percent(e.worst_cell),
            percent(e.ttft_median),
        )?;
    }
    Ok(())
}

/// The table of errors of a fit of training laws.
pub fn training(fit: &TrainingFit) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} runs; {} rows left out; mean error", fit.runs, fit.left)?;
    writeln!(out, "{:<18} {:>10} {:>10} {:>10}", "", "dense", "experts", "adapters")?;
    for (name, errors) in [
        ("in sample", fit.in_sample),
        ("models left out", fit.models_out),
        ("devices left out", fit.devices_out),
    ] {
        let [dense, experts, adapters] = errors.map(|e| e.map_or("–".to_owned(), percent));
        writeln!(out, "{name:<18} {dense:>10} {experts:>10} {adapters:>10}")?;
    }
    Ok(())
}
