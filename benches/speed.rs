//! The table of `tokenmill bench` under `cargo bench`: `cargo bench -- air`, `-- power` or
//! `-- evaluate` for one topic.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints its table")]

use std::process::ExitCode;
use std::time::Instant;
use tokenmill::cases::speed::{Planned, Speed, air, evaluate, power, power_hall, workload};
use tokenmill::evaluate::cancel::CancelToken;
use tokenmill::evaluate::clock::Clock;
use tokenmill::session::files::catalog_with;
use tokenmill::session::presets::PRESETS;

fn main() -> ExitCode {
    let start = Instant::now();
    let clock = Clock::new(move || start.elapsed().as_secs_f64());
    let topics: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let wanted = |topic: &str| topics.is_empty() || topics.iter().any(|t| t == topic);
    let never = CancelToken::never();
    let mut failed = false;
    if wanted("air")
        && let Err(error) = air(&clock, &never, print)
    {
        eprintln!("air: {error}");
        failed = true;
    }
    if wanted("power")
        && let Err(error) = power(&clock, &mut print).and_then(|_| power_hall(&clock, &mut print))
    {
        eprintln!("power: {error}");
        failed = true;
    }
    if wanted("workload")
        && let Err(error) = workload(&clock, &mut print)
    {
        eprintln!("workload: {error}");
        failed = true;
    }
    if wanted("evaluate") {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        if let Err(error) = evaluate(&presets(), threads, &clock, &never, print) {
            eprintln!("evaluate: {error}");
            failed = true;
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn presets() -> Vec<Planned> {
    let Ok(base) = catalog_with(None) else { return Vec::new() };
    let read = |text: &str| tokenmill::format::from_text(text).ok();
    let planned = PRESETS.iter().filter_map(|preset| {
        let opened = read(preset.text)?;
        let catalog = std::sync::Arc::new(base.overlaid(&opened.embedded));
        Some(Planned { name: preset.id.into(), plan: opened.plan, catalog })
    });
    planned.collect()
}

fn print(s: &Speed) {
    let cost = s.ns_per_cell_step().map_or_else(String::new, |c| format!("{c:.1} ns/cell/step"));
    let size = s.cells.map_or_else(String::new, |c| format!("{c} cells"));
    println!(
        "{:44} {} thread(s) {size:>14} {:>10.3} ms  {cost} {}",
        s.what,
        s.threads,
        1e3 * s.seconds,
        s.note
    );
}
