//! `tokenmill validate`: cases with known answers, run here, and how near the solvers come.

use super::{Common, Environment, print_cases};
use crate::cases::folder::of_topic;
use crate::cases::{Case, Outcome, Topic, Verdict, folder, run_all, shipped};
use crate::evaluate::cancel::CancelToken;
use crate::session::case_files::read_folder;
use anyhow::Context;
use std::path::PathBuf;

/// Words of the verb.
#[derive(Debug, clap::Args)]
pub struct Words {
    /// One topic only: air, liquid, plant, power, fabric, storage, workload, economics, reliability
    #[arg(long, value_name = "T", value_parser = topic)]
    topic: Option<Topic>,
    /// A folder of your own cases instead of the shipped ones
    #[arg(long, value_name = "DIR")]
    cases: Option<PathBuf>,
    /// Everything as JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// A topic from its word.
pub(super) fn topic(word: &str) -> Result<Topic, String> {
    Topic::named(word).ok_or_else(|| {
        let known: Vec<&str> = Topic::ALL.iter().map(|t| t.id()).collect();
        format!("'{word}' is no topic; one of {}", known.join(", "))
    })
}

/// Runs the verb; fails when a gated quantity falls short.
pub fn run(words: &Words, common: &Common, environment: &Environment) -> anyhow::Result<()> {
    let cases = of_topic(listed(words)?, words.topic);
    anyhow::ensure!(!cases.is_empty(), "no case of this topic");
    let threads = common.threads(environment);
    let outcomes = with_threads(threads, || ran(&cases, environment))?;
    if words.json {
        print_cases::validation_json(&outcomes, threads)?;
    } else {
        print_cases::validation(&outcomes)?;
    }
    let failed: Vec<&str> =
        outcomes.iter().filter(|o| o.verdict == Verdict::Failed).map(|o| o.id.as_str()).collect();
    anyhow::ensure!(
        failed.is_empty(),
        "{} of {} cases fall short: {}",
        failed.len(),
        outcomes.len(),
        failed.join(", ")
    );
    Ok(())
}

fn listed(words: &Words) -> anyhow::Result<Vec<Case>> {
    let Some(dir) = &words.cases else { return Ok(shipped()) };
    anyhow::ensure!(dir.is_dir(), "--cases: no such folder ({})", dir.display());
    let texts = read_folder(dir)?;
    folder::read(&texts).with_context(|| format!("reading the cases in {}", dir.display()))
}

fn ran(cases: &[Case], environment: &Environment) -> anyhow::Result<Vec<Outcome>> {
    let clock = &environment.clock;
    let start_s = clock.now_s();
    let told = |done: usize, outcome: &Outcome| {
        let elapsed_s = clock.now_s() - start_s;
        print_cases::progress(done + 1, cases.len(), elapsed_s, &outcome.id);
    };
    let outcomes = run_all(cases, clock, &CancelToken::never(), told)?;
    print_cases::progress_end();
    Ok(outcomes)
}

/// Runs on a pool of its own, so that `--threads` holds.
pub(super) fn with_threads<T: Send>(
    threads: usize,
    work: impl FnOnce() -> anyhow::Result<T> + Send,
) -> anyhow::Result<T> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .context("starting the solver threads failed")?;
    pool.install(work)
}
