//! The verbs of the command line. Results go to standard output or `--out`, progress and errors to
//! standard error. Exit 0: done; 1: the work failed; 2: the words were off.

mod bench;
mod evaluate;
mod fit;
mod open;
mod print;
mod print_cases;
mod print_fit;
mod report;
mod scenario;
#[cfg(feature = "gui")]
mod screenshot;
mod solve;
mod validate;

use crate::evaluate::clock::Clock;
use crate::session::folders::Folders;
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// What the program's entry found out about the machine.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Time.
    pub clock: Clock,
    /// Processor time of all threads of this program; the time itself where the system does not
    /// tell.
    pub cpu_clock: Clock,
    /// Folders of this user.
    pub folders: Folders,
    /// Whether a window could open.
    pub has_display: bool,
    /// Processor cores.
    pub cores: usize,
    /// When the program was started, seconds since 1970.
    pub started_unix_s: u64,
}

/// Plan AI factories: racks, cooling, power, network, tokens per second and dollars per token in
/// one live model.
#[derive(Debug, Parser)]
#[command(name = "tokenmill", version, args_conflicts_with_subcommands = true)]
struct Words {
    /// Plan file or preset to open in the window (default: the last plan, or the default preset)
    plan: Option<String>,
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    common: Common,
}

/// Options of every verb.
#[derive(Clone, Debug, clap::Args)]
struct Common {
    /// Solver threads (default: all cores but one, at least 1)
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Folder with catalogue entries of your own (*.ron), laid over the shipped ones
    #[arg(long, global = true, value_name = "DIR")]
    catalog: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Evaluate a plan: headline numbers, findings, time of each stage
    Evaluate(evaluate::Words),
    /// Write the design-review pack: PDF, spreadsheet, picture, JSON and CSV
    Report(report::Words),
    /// Draw the real window to a PNG, without display or GPU
    #[cfg(feature = "gui")]
    Screenshot(screenshot::Words),
    /// Run cases with known answers: reference, ours, error, tolerance, pass or not
    Validate(validate::Words),
    /// Run one solver alone on a case file and print its answer as JSON
    Solve(solve::Words),
    /// How fast the solvers are on this machine
    Bench(bench::Words),
    /// Fit laws of the workload model to a folder of measurements
    Fit(fit::Words),
    /// List the presets that ship with the program
    Presets,
}

impl Common {
    fn threads(&self, environment: &Environment) -> usize {
        self.threads.map_or_else(|| environment.cores.saturating_sub(1).max(1), usize::from)
    }

    /// The folder named on the command line, which must exist, or the user's own, which may not.
    fn catalog_folder<'a>(
        &'a self,
        environment: &'a Environment,
    ) -> anyhow::Result<Option<&'a std::path::Path>> {
        if let Some(named) = self.catalog.as_deref() {
            anyhow::ensure!(named.is_dir(), "--catalog: no such folder ({})", named.display());
        }
        Ok(self.catalog.as_deref().or(environment.folders.catalog.as_deref()))
    }
}

/// Reads the words and does what they say.
pub fn run(arguments: impl Iterator<Item = OsString>, environment: &Environment) -> ExitCode {
    let words = match Words::try_parse_from(arguments) {
        Ok(words) => words,
        Err(error) => {
            // Help and version are answers, not errors; clap knows which stream each belongs to.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let done = match &words.verb {
        Some(Verb::Evaluate(verb)) => evaluate::run(verb, &words.common, environment),
        Some(Verb::Report(verb)) => report::run(verb, &words.common, environment),
        #[cfg(feature = "gui")]
        Some(Verb::Screenshot(verb)) => screenshot::run(verb, &words.common, environment),
        Some(Verb::Validate(verb)) => validate::run(verb, &words.common, environment),
        Some(Verb::Solve(verb)) => solve::run(verb, &words.common, environment),
        Some(Verb::Bench(verb)) => bench::run(verb, &words.common, environment),
        Some(Verb::Fit(verb)) => fit::run(verb, &words.common, environment),
        Some(Verb::Presets) => print::presets(),
        None => open::run(words.plan.as_deref(), &words.common, environment),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::error(&error);
            ExitCode::FAILURE
        }
    }
}
