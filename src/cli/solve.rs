//! `tokenmill solve`: one solver alone on a case file, the answer as JSON.

use super::{Common, Environment, print_cases, validate::with_threads};
use crate::cases::solve_file;
use crate::evaluate::air::{self, AirAnswer, AirCase, AirResult, CavityCase, Progress, RackAir};
use crate::evaluate::cancel::CancelToken;
use crate::session::files::{read_any_text, write_atomic};
use crate::units::ZERO_CELSIUS_K;
use anyhow::Context as _;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What can be solved alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Airflow and temperature of a hall (`case.json`)
    Air,
    /// Lid-driven or heated square cavity (`{"kind": "lid", "re": 100, "n": 64}`)
    AirCavity,
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
    /// Longest time for the air solver, s; then the best answer so far, marked as not settled
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
        Kind::AirCavity => timed(words, environment, || cavity(name, &text)),
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
    let watched = watch(&case, words.budget, environment).with_context(|| name.to_owned())?;
    let mut answer = serde_json::to_value(watched)?;
    let again = || Ok(air::solve(&case, None, &CancelToken::never()).map(|_| ())?);
    add_median(&mut answer, words, environment, again)?;
    Ok(answer)
}

/// Solves while keeping the running answer; ends with the best answer so far when the time is over.
fn watch(
    case: &AirCase,
    budget_s: Option<f64>,
    environment: &Environment,
) -> anyhow::Result<AirAnswer> {
    let (clock, cpu) = (&environment.clock, &environment.cpu_clock);
    let (start_s, cpu_start_s) = (clock.now_s(), cpu.now_s());
    let mut history: Vec<(f64, BTreeMap<String, f64>)> = Vec::new();
    let mut look = |progress: &Progress| {
        let intakes = case.racks.iter().zip(&progress.intake_k);
        let intakes = intakes.map(|(rack, t_k)| (rack.id.clone(), t_k - ZERO_CELSIUS_K)).collect();
        history.push((cpu.now_s() - cpu_start_s, intakes));
        budget_s.is_none_or(|budget| clock.now_s() - start_s < budget)
    };
    let (result, _) = air::solve_watched(case, None, &CancelToken::never(), &mut look)?;
    let (cpu_s, wall_s) = (cpu.now_s() - cpu_start_s, clock.now_s() - start_s);
    let mut answer = air::answer(&result, cpu_s, wall_s);
    history.append(&mut answer.history);
    for (rack, solved) in answer.racks.values_mut().zip(by_name(&result)) {
        rack.intake_std_c = solved.intake_std_k;
    }
    Ok(AirAnswer { steps: result.effort.steps, settled: result.effort.settled, history, ..answer })
}

/// Racks in the order of their names, as the answer's map has them.
fn by_name(result: &AirResult) -> Vec<&RackAir> {
    let mut racks: Vec<&RackAir> = result.racks.iter().collect();
    racks.sort_by(|a, b| a.id.cmp(&b.id));
    racks
}

fn cavity(name: &str, text: &str) -> anyhow::Result<Value> {
    let case: CavityCase =
        serde_json::from_str(text).map_err(|e| anyhow::anyhow!("{name}: not a cavity: {e}"))?;
    let answer = air::solve_cavity(&case, &CancelToken::never());
    Ok(serde_json::to_value(answer.with_context(|| name.to_owned())?)?)
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
