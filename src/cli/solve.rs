//! `tokenmill solve`: one solver alone on a case file, the answer as JSON.

use super::{Common, Environment, print_cases, validate::with_threads};
use crate::cases::solve_file;
use crate::evaluate::air::{self, AirCase, AirError, AirResult};
use crate::evaluate::cancel::CancelToken;
use crate::session::files::{read_any_text, write_atomic};
use anyhow::Context as _;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// What can be solved alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Airflow and temperature of a hall (`case.json`)
    Air,
    /// NPV, IRR, levelised cost of cash flows
    Finance,
    /// Switches and cables of a fabric
    Fabric,
}

/// Words of the verb.
#[derive(Debug, clap::Args)]
pub struct Words {
    /// Which solver
    #[arg(value_enum)]
    kind: Kind,
    /// Case file; `-` reads standard input
    input: String,
    /// File for the answer instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Solve N more times and add the median time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    repeat: Option<u32>,
    /// Cells of the air solver, m
    #[arg(long, value_name = "M", value_parser = cell)]
    dx: Option<f64>,
    /// Longest time for the air solver, s
    #[arg(long, value_name = "SECONDS", value_parser = budget)]
    budget: Option<f64>,
}

fn cell(text: &str) -> Result<f64, String> {
    number(text, 0.01, 10.0)
}

fn budget(text: &str) -> Result<f64, String> {
    number(text, 0.01, 1e6)
}

fn number(text: &str, low: f64, high: f64) -> Result<f64, String> {
    let value = text.parse::<f64>().ok().filter(|v| (low..=high).contains(v));
    value.ok_or_else(|| format!("'{text}' is not a number from {low} to {high}"))
}

/// Runs the verb.
pub fn run(words: &Words, common: &Common, environment: &Environment) -> anyhow::Result<()> {
    let text = read_any_text(&words.input)?;
    let name = if words.input == "-" { "standard input" } else { words.input.as_str() };
    let solve = || match words.kind {
        Kind::Air => air(words, name, &text, environment),
        Kind::Finance => timed(words, environment, || Ok(solve_file::finance(name, &text)?)),
        Kind::Fabric => timed(words, environment, || Ok(solve_file::fabric(name, &text)?)),
    };
    let answer = with_threads(common.threads(environment), solve)?;
    let mut text = serde_json::to_string_pretty(&answer)?;
    text.push('\n');
    match &words.out {
        Some(path) => Ok(write_atomic(path, text.as_bytes())?),
        None => print_cases::text(&text),
    }
}

fn air(words: &Words, name: &str, text: &str, environment: &Environment) -> anyhow::Result<Value> {
    let mut case = air::read_case(text).map_err(|e| anyhow::anyhow!("{name}: {e}"))?;
    if let Some(dx_m) = words.dx {
        case.dx_m = dx_m;
    }
    let (wall, cpu) = (environment.clock.now_s(), environment.cpu_clock.now_s());
    let result = within_budget(&case, words.budget).with_context(|| name.to_owned())?;
    let cpu_s = environment.cpu_clock.now_s() - cpu;
    let answer = air::answer(&result, cpu_s, environment.clock.now_s() - wall);
    let mut answer = serde_json::to_value(answer)?;
    let again = || within_budget(&case, words.budget).map(|_| ());
    add_median(&mut answer, words, environment, again)?;
    Ok(answer)
}

/// Solves, and gives up when the time is over.
fn within_budget(case: &AirCase, budget_s: Option<f64>) -> anyhow::Result<AirResult> {
    let Some(budget_s) = budget_s else {
        return Ok(air::solve(case, None, &CancelToken::never())?.0);
    };
    let newest = Arc::new(AtomicU64::new(0));
    let cancel = CancelToken::new(Arc::clone(&newest), 0);
    let (done, over) = channel::<()>();
    let watch = std::thread::spawn(move || {
        // A hang-up means that the answer came first.
        if over.recv_timeout(Duration::from_secs_f64(budget_s)) == Err(RecvTimeoutError::Timeout) {
            newest.store(1, Ordering::Relaxed);
        }
    });
    let answer = air::solve(case, None, &cancel);
    drop(done);
    let _ = watch.join();
    match answer {
        Err(AirError::Cancelled(_)) => {
            anyhow::bail!("no answer within the budget of {budget_s} s; try larger cells (--dx)")
        }
        other => Ok(other?.0),
    }
}

fn timed(
    words: &Words,
    environment: &Environment,
    solve: impl Fn() -> anyhow::Result<Value>,
) -> anyhow::Result<Value> {
    let mut answer = solve()?;
    add_median(&mut answer, words, environment, || solve().map(|_| ()))?;
    Ok(answer)
}

/// Adds `median_solve_us` of `--repeat` further solves from rest to an object.
fn add_median(
    answer: &mut Value,
    words: &Words,
    environment: &Environment,
    solve: impl Fn() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    const MICROS_PER_S: f64 = 1e6;
    let (Some(n), Value::Object(keys)) = (words.repeat, answer) else { return Ok(()) };
    let mut times = Vec::new();
    for _ in 0..n {
        let start_s = environment.clock.now_s();
        solve()?;
        times.push(MICROS_PER_S * (environment.clock.now_s() - start_s));
    }
    let median = crate::cases::statistics::quantile(&times, 0.5);
    keys.insert("median_solve_us".into(), median.into());
    keys.insert("repeats".into(), n.into());
    Ok(())
}
