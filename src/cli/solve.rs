//! `tokenmill solve`: one solver alone on a case file, the answer as JSON.

use super::{Common, Environment, print_cases, validate::with_threads};
use crate::cases::network::{self, Failure};
use crate::cases::row_answers::Answers;
use crate::cases::{max_load, serving_answer, serving_rows, short_circuit, solve_file, training};
use crate::evaluate::air::{self, AirCase, AirResult, CavityCase, Moment, Progress};
use crate::evaluate::cancel::CancelToken;
use crate::session::files::{catalog_with, read_any_text, write_atomic};
use crate::units::ZERO_CELSIUS_K;
use anyhow::Context as _;
use serde_json::Value;
use std::cell::RefCell;
use std::path::PathBuf;

/// What can be solved alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Airflow and temperature of a hall (`case.json`)
    Air,
    /// Lid-driven or heated cavity: `{"kind":"lid","re":…,"n":…}` or `{"kind":"heated","ra":…,"n":…}`
    AirCavity,
    /// NPV, IRR, levelised cost of cash flows
    Finance,
    /// Useful share of the time of checkpointed jobs that fail
    Goodput,
    /// Step time, tokens/s, MFU and memory of training runs: rows of CSV with their columns
    Training,
    /// Switches and cables of a fabric
    Fabric,
    /// Rows of serving points (CSV): time per token, time to first token, tokens/s per GPU; a
    /// file named *.csv after `--out` gets the same rows with these columns
    Serving,
    /// Rows of published throughput (CSV, scenarios offline, offline-max-load, server,
    /// interactive): the largest tokens/s within the stated latencies
    MaxLoad,
    /// Short circuits at every bus of a `dc-power-1` network (IEC 60909)
    ShortCircuit,
    /// Voltages, flows and losses of a network: `ac-bus-branch-1`, `ac-3phase-seq-1`, `dc-power-1`,
    /// `dc-row-1`
    PowerFlow,
    /// Largest common factor on all loads before voltage collapses: `ac-bus-branch-1`, `dc-row-1`
    Margin,
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
    let solve = || {
        Ok(match words.kind {
            Kind::Air => Answer::One(air(words, name, &text, environment)?),
            Kind::AirCavity => Answer::One(timed(words, environment, || cavity(name, &text))?),
            Kind::Finance => {
                let solve = || Ok(solve_file::finance(name, &text)?);
                Answer::One(timed(words, environment, solve)?)
            }
            Kind::Goodput => {
                let solve = || Ok(solve_file::goodput(name, &text)?);
                Answer::One(timed(words, environment, solve)?)
            }
            Kind::Training => {
                let catalog = catalog_with(common.catalog_folder(environment)?)?;
                let solve = || Ok(training::training(&catalog, name, &text)?);
                Answer::One(timed(words, environment, solve)?)
            }
            Kind::Fabric => {
                let solve = || Ok(solve_file::fabric(name, &text)?);
                Answer::One(timed(words, environment, solve)?)
            }
            Kind::PowerFlow => Answer::One(power_flow(words, name, &text, environment)?),
            Kind::Margin => Answer::One(margin(words, name, &text, environment)?),
            Kind::ShortCircuit => {
                let net = short_circuit::read(name, &text)?;
                let solve = || Ok(short_circuit::answer(name, &net)?);
                Answer::One(timed(words, environment, solve)?)
            }
            Kind::Serving => {
                let catalog = catalog_with(common.catalog_folder(environment)?)?;
                let rows = serving_rows::read(name, &text, &catalog)?;
                Answer::Rows(serving_answer::solve(&rows))
            }
            Kind::MaxLoad => {
                let catalog = catalog_with(common.catalog_folder(environment)?)?;
                Answer::Rows(max_load::solve(name, &text, &catalog)?)
            }
        })
    };
    let answer = with_threads(common.threads(environment), solve);
    // A network without a solution still has an answer: why.
    if let Some(failure) = answer.as_ref().err().and_then(|e| e.downcast_ref::<Failure>()) {
        put(words, &failure.to_json())?;
    }
    match answer? {
        Answer::One(value) => put(words, &value),
        Answer::Rows(answers) => put_rows(words, &answers),
    }
}

/// What a solver answered.
enum Answer {
    /// One object, or a list of them.
    One(Value),
    /// The rows of a table, each with its answer.
    Rows(Answers),
}

fn put(words: &Words, answer: &Value) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(answer)?;
    text.push('\n');
    put_text(words, &text)
}

fn put_text(words: &Words, text: &str) -> anyhow::Result<()> {
    match &words.out {
        Some(path) => Ok(write_atomic(path, text.as_bytes())?),
        None => print_cases::text(text),
    }
}

/// Writes all rows, those that could not be solved with the reason, and fails if there is one.
fn put_rows(words: &Words, answers: &Answers) -> anyhow::Result<()> {
    let as_csv = |path: &PathBuf| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    if words.out.as_ref().is_some_and(as_csv) {
        put_text(words, &answers.to_csv())?;
    } else {
        put(words, &answers.to_json())?;
    }
    match &answers.faults {
        None => Ok(()),
        Some((first, 1)) => anyhow::bail!("1 row has no answer: {first}"),
        Some((first, n)) => anyhow::bail!("{n} rows have no answer, the first: {first}"),
    }
}

/// The network is read and analysed once; `--repeat` times solving it again from the start.
fn power_flow(
    words: &Words,
    name: &str,
    text: &str,
    environment: &Environment,
) -> anyhow::Result<Value> {
    let mut network = network::read(name, text)?;
    let mut answer = network.answer()?;
    let network = RefCell::new(network);
    add_median(&mut answer, words, environment, || Ok(network.borrow_mut().again()?))?;
    if words.repeat.is_some() && network.borrow_mut().scenarios_again()?.is_some() {
        let mut all = Value::Object(serde_json::Map::new());
        let again = || network.borrow_mut().scenarios_again().map(|_| ());
        add_median(&mut all, words, environment, || Ok(again()?))?;
        answer["median_all_scenarios_us"] = all["median_solve_us"].clone();
    }
    Ok(answer)
}

fn margin(
    words: &Words,
    name: &str,
    text: &str,
    environment: &Environment,
) -> anyhow::Result<Value> {
    let network = RefCell::new(network::read(name, text)?);
    timed(words, environment, || Ok(network.borrow_mut().margin()?))
}

fn air(words: &Words, name: &str, text: &str, environment: &Environment) -> anyhow::Result<Value> {
    let mut case = air::read_case(text).map_err(|e| anyhow::anyhow!("{name}: {e}"))?;
    if let Some(dx_m) = words.dx {
        case.dx_m = dx_m;
    }
    let (wall, cpu) = (environment.clock.now_s(), environment.cpu_clock.now_s());
    let (result, history) =
        within_budget(&case, words.budget, environment).with_context(|| name.to_owned())?;
    let cpu_s = environment.cpu_clock.now_s() - cpu;
    let answer = air::answer(&result, history, cpu_s, environment.clock.now_s() - wall);
    let mut answer = serde_json::to_value(answer)?;
    let again = || within_budget(&case, words.budget, environment).map(|_| ());
    add_median(&mut answer, words, environment, again)?;
    Ok(answer)
}

/// Solves; when the time is over, takes the best answer so far.
fn within_budget(
    case: &AirCase,
    budget_s: Option<f64>,
    environment: &Environment,
) -> anyhow::Result<(AirResult, Vec<Moment>)> {
    let (wall, cpu) = (environment.clock.now_s(), environment.cpu_clock.now_s());
    let mut history: Vec<Moment> = Vec::new();
    let mut watch = |progress: &Progress| {
        let celsius = progress.intake_k.iter().map(|t| t - ZERO_CELSIUS_K);
        let intakes = case.racks.iter().map(|r| r.id.clone()).zip(celsius).collect();
        history.push((environment.cpu_clock.now_s() - cpu, intakes));
        budget_s.is_none_or(|budget| environment.clock.now_s() - wall < budget)
    };
    let (result, _) = air::solve_watched(case, None, &CancelToken::never(), &mut watch)?;
    Ok((result, history))
}

fn cavity(name: &str, text: &str) -> anyhow::Result<Value> {
    let case: CavityCase = serde_json::from_str(text)
        .map_err(|e| anyhow::anyhow!("{name}: not a cavity case: {e}"))?;
    let answer =
        air::solve_cavity(&case, &CancelToken::never()).with_context(|| name.to_owned())?;
    Ok(serde_json::to_value(answer)?)
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
